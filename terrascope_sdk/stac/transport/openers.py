"""The opener that rasterio asks for files: it knows one link, and keeps the error that GDAL swallows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rasterio.abc import MultiByteRangeResourceContainer
from rasterio.errors import RasterioError

from terrascope_sdk.errors import RasterError, UnsafeLink
from terrascope_sdk.stac.transport.ranges import BlockStore, Pieces, RangeFile
from terrascope_sdk.stac.transport.signatures import without_signature

__all__ = ["RangeOpener", "raster_driver"]

_STARTS = {
    b"II*\0": "GTiff",
    b"MM\0*": "GTiff",
    b"II+\0": "GTiff",  # files over 4 GB
    b"MM\0+": "GTiff",
    b"\0\0\0\x0cjP  ": "JP2OpenJPEG",
    b"\xff\x4f\xff\x51": "JP2OpenJPEG",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
"""How files begin whose pixels lie in the file itself: none of these leads GDAL to another file, as a VRT does."""


def raster_driver(start: bytes, *, shown: str) -> str:
    """Return GDAL's name for the format of a file that begins so.

    Args:
        start: At least the first 12 bytes.
        shown: The link, for the message.

    Raises:
        UnsafeLink: It is a text, a description of other files among them.
        RasterError: It is in no format that is read over the network.
    """
    for known, driver in _STARTS.items():
        if start.startswith(known):
            return driver
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise UnsafeLink(
            f"{shown} is a text in XML or HTML, not a raster.",
            hint="A login page or a GDAL description of other files: check the link in a browser.",
        )
    raise RasterError(
        f"{shown} begins with {start[:8]!r}: no GeoTIFF, JPEG 2000, PNG or JPEG.",
        hint="Download the file, and load it from disk.",
    )


class _QuietFile(RangeFile):
    """A file that GDAL reads: an error is kept for the caller, and from then on there is nothing more to read."""

    def __init__(self, opener: RangeOpener, url: str) -> None:
        self._opener = opener
        super().__init__(opener.fetcher, url, block_bytes=opener.block_bytes, store=opener.store)

    def __enter__(self) -> Self:
        return self

    def __hash__(self) -> int:
        return id(self)

    def read(self, size: int | None = -1) -> bytes:
        """Return bytes, or none after an error."""
        if self._opener.error is not None:
            return b""
        try:
            return super().read(size)
        except BaseException as err:  # noqa: BLE001 - GDAL would swallow it: RangeOpener.checked raises it again
            self._opener.note(err)
            return b""

    def get_byte_ranges(self, offsets: list[int], sizes: list[int]) -> list[bytes]:
        """Return several ranges at once, or zeros after an error, which `RangeOpener.checked` then raises."""
        spans = [(offset, offset + size) for offset, size in zip(offsets, sizes, strict=True)]
        zeros = [bytes(size) for size in sizes]
        if self._opener.error is not None:
            return zeros
        try:
            if any(stop > self.size for _, stop in spans):
                raise RasterError(
                    f"{self!r} is cut short: its pixels should go on after its end.",
                    hint="The provider's file is broken; take another scene.",
                )
            return self.read_spans(spans)
        except BaseException as err:  # noqa: BLE001 - see read
            self._opener.note(err)
            return zeros


class RangeOpener(MultiByteRangeResourceContainer):
    """Opens one link for rasterio; every other name is a file that does not exist."""

    def __init__(self, fetcher: Pieces, url: str | None, *, block_bytes: int, store: BlockStore | None) -> None:
        self.fetcher, self.block_bytes, self.store = fetcher, block_bytes, store
        self.error: BaseException | None = None
        """The first error while reading; None as long as all is well."""
        self.driver = ""
        """GDAL's name for the format, once the file was opened."""
        self._url = url
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"RangeOpener({without_signature(self._url or '')!r})"

    def __call__(self, path: str, mode: str = "rb", **_: object) -> RangeFile:
        """Open the link."""
        return self.open(path, mode)

    def note(self, err: BaseException) -> None:
        """Keep an error that GDAL would swallow; the first one counts."""
        with self._lock:
            self.error = self.error or err

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Raise, at the end or in place of GDAL's own error, what went wrong first; pixels read before are then void.

        Raises:
            TerraScopeError: The server's or the file's error.
        """
        trouble: BaseException | None = None
        try:
            yield
        except RasterioError as err:
            text = str(err).replace(self._url or "\0", without_signature(self._url or ""))
            trouble = RasterError(
                f"{without_signature(self._url or 'The file')} cannot be read as a raster ({text})",
                hint="The provider's file is broken or of another format; take another scene.",
            )
        trouble = self.error or trouble
        if trouble is not None:
            raise trouble

    # ------------------------------------------------------------------------------------------ as rasterio asks

    def open(self, path: str, mode: str = "rb", **_: object) -> RangeFile:
        """Open the link; FileNotFoundError for any other name."""
        if not self._is_link(path) or self.error is not None or set(mode) - set("rb"):
            raise FileNotFoundError(path)
        try:
            file = _QuietFile(self, self._url or path)
            self.driver = raster_driver(file.read(64), shown=without_signature(path))
            file.seek(0)
        except BaseException as err:  # noqa: BLE001 - GDAL would swallow it
            self.note(err)
            raise FileNotFoundError(path) from None
        return file

    def _is_link(self, path: str) -> bool:
        with self._lock:
            if self._url is None and path.lower().startswith(("http://", "https://")):
                self._url = path
            return path == self._url

    def isfile(self, path: str) -> bool:
        """Return whether a name is the link."""
        return self._is_link(path)

    def isdir(self, path: str) -> bool:
        """Return False: a link has no folders."""
        return False

    def ls(self, path: str) -> list[str]:
        """Return nothing: what lies beside a link is not looked at."""
        return []

    def mtime(self, path: str) -> int:
        """Return 0: not known."""
        return 0

    def rm(self, path: str) -> None:
        """Refuse to delete."""
        raise FileNotFoundError(path)

    def size(self, path: str) -> int:
        """Return the size of the link's file in bytes."""
        with self.open(path) as file:
            return file.size
