"""Files over links, block by block: the same bytes and the same pixels as from disk, in few requests."""

import io
import random
import threading

import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from terrascope_sdk.errors import CatalogError, InputError, RasterError, UnsafeLink
from terrascope_sdk.stac.store import Store
from terrascope_sdk.stac.transport.blocks import BlockMemory, coalesced
from terrascope_sdk.stac.transport.fetch import Fetcher
from terrascope_sdk.stac.transport.openers import raster_driver
from terrascope_sdk.stac.transport.ranges import RangeFile, memory_of, open_raster, opener_for
from terrascope_sdk.stac.transport.remote_files import FileFacts, Piece, span_of
from tests.stac.range_server import RangeServer
from tests.stac.remote_rasters import at_once, make_cog

BODY = random.Random(2).randbytes(10_000)


class Memory:
    """Pieces of bytes in memory, and which ones were asked for."""

    def __init__(self, body=BODY, etag='"1"'):
        self.body, self.etag, self.asked, self.known, self.forgotten = body, etag, [], None, 0

    def fetch_piece(self, url, start, stop):
        self.asked.append((start, stop))
        self.known = FileFacts(len(self.body), self.etag)
        return Piece(self.body[start:stop], self.known)

    def facts(self, url):
        return self.known

    def forget(self, url):
        self.known, self.forgotten = None, self.forgotten + 1


def opened(pieces, **settings):
    return RangeFile(pieces, "https://example.org/a.tif?sig=1&se=2", **settings)


# ---------------------------------------------------------------------------------------------------- a file object


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(-1, 4000)),
        st.tuples(st.just("seek"), st.integers(0, 11_000)),
        st.tuples(st.just("back"), st.integers(0, 3000)),
        st.tuples(st.just("into"), st.integers(0, 3000)),
    ),
    max_size=20,
)


@given(STEPS, st.sampled_from([1000, 1024, 4096, 20_000]), st.integers(0, 3))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_it_reads_what_a_file_reads(steps, block_bytes, held_blocks):
    pieces, plain = Memory(), io.BytesIO(BODY)
    memory_of(pieces).limit_bytes = held_blocks * block_bytes
    with opened(pieces, block_bytes=block_bytes) as file:
        for step, value in steps:
            if step == "read":
                assert file.read(value) == plain.read(value)
            elif step == "into":
                ours, theirs = bytearray(value), bytearray(value)
                assert file.readinto(ours) == plain.readinto(theirs)
                assert ours == theirs
            else:
                offset, whence = (value, 0) if step == "seek" else (-value, 2)
                assert file.seek(offset, whence) == plain.seek(offset, whence)
            assert file.tell() == plain.tell()
        assert file.size == len(BODY)
        assert memory_of(pieces).held_bytes <= held_blocks * block_bytes


def test_it_is_a_readable_seekable_file_that_can_be_closed():
    file = opened(Memory())
    assert file.readable()
    assert file.seekable()
    assert not file.writable()
    assert "sig" not in repr(file)
    with pytest.raises(InputError):
        file.seek(-1)
    file.close()
    with pytest.raises(ValueError, match="closed"):
        file.read(1)
    with pytest.raises(InputError):
        opened(Memory(), block_bytes=0)


def test_a_block_is_fetched_once_and_neighbours_in_one_request():
    pieces = Memory()
    file = opened(pieces, block_bytes=1000)
    file.seek(3500)
    file.read(3000)
    file.seek(3000)
    file.read(4000)
    opened(pieces, block_bytes=1000).read(1000)
    assert pieces.asked == [(0, 1000), (3000, 7000)]


def test_reading_from_front_to_back_fetches_ahead():
    pieces = Memory(bytes(1_000_000))
    file = opened(pieces, block_bytes=1000)
    while file.read(500):
        pass
    assert len(pieces.asked) < 12
    assert sorted(pieces.asked)[-1][1] == 1_000_000


def test_several_spans_are_fetched_at_once_and_each_block_once():
    pieces = Memory()
    file = opened(pieces, block_bytes=1000)
    spans = [(500, 1500), (1400, 2100), (7900, 8100), (5000, 5001)]
    assert file.read_spans(spans) == [BODY[start:stop] for start, stop in spans]
    assert sorted(pieces.asked) == [(0, 1000), (1000, 3000), (5000, 6000), (7000, 9000)]


def test_another_version_is_never_mixed_in_and_a_new_file_reads_it_whole():
    pieces = Memory()
    file = opened(pieces, block_bytes=1000)
    file.read(1000)
    pieces.body, pieces.etag = BODY[::-1], '"2"'
    file.seek(5000)
    with pytest.raises(RasterError, match="changed"):
        file.read(10)
    assert pieces.forgotten == 1
    assert opened(pieces, block_bytes=1000).read() == BODY[::-1]


def test_threads_that_want_one_block_share_its_request_and_its_error():
    entered, go = threading.Event(), threading.Event()

    class Slow(Memory):
        def fetch_piece(self, url, start, stop):
            if start == 0:
                return super().fetch_piece(url, start, stop)
            self.asked.append((start, stop))
            entered.set()
            go.wait(5)
            raise CatalogError("It is down.")

    pieces, errors = Slow(), []
    files = [opened(pieces, block_bytes=1000) for _ in range(4)]

    def read(file):
        try:
            file.seek(4000)
            file.read(10)
        except CatalogError as err:
            errors.append(str(err))

    threads = [threading.Thread(target=read, args=(file,)) for file in files]
    threads[0].start()
    entered.wait(5)
    for thread in threads[1:]:
        thread.start()
    threading.Timer(0.1, go.set).start()
    for thread in threads:
        thread.join(5)
    assert errors == ["It is down."] * 4
    assert pieces.asked == [(0, 1000), (4000, 5000)]


# ---------------------------------------------------------------------------------------------------------- a store


def test_blocks_are_kept_for_later_runs_by_version(tmp_path):
    store, first, second = Store(tmp_path), Memory(), Memory()
    assert opened(first, block_bytes=1000, store=store).read() == BODY
    assert opened(second, block_bytes=1000, store=store).read() == BODY
    assert second.asked == [(0, 1000)]  # names the version; all the rest comes from the store
    other = Memory(BODY[::-1], etag='"2"')
    assert opened(other, block_bytes=1000, store=store).read() == BODY[::-1]


def test_without_a_version_nothing_is_kept(tmp_path):
    store = Store(tmp_path)
    opened(Memory(etag=""), block_bytes=1000, store=store).read()
    assert store.size_bytes() == 0


def test_a_stored_block_of_the_wrong_length_is_fetched_again(tmp_path):
    class Short(dict):
        def put(self, key, data):
            self[key] = data[:-1]

    store = Short()
    opened(Memory(), block_bytes=1000, store=store).read()
    assert opened(Memory(), block_bytes=1000, store=store).read() == BODY


# ------------------------------------------------------------------------------------------------------------ blocks


@given(st.sets(st.integers(0, 60)), st.integers(0, 3), st.integers(1, 9))
def test_runs_hold_every_number_and_are_ascending(numbers, gap, most):
    runs = coalesced(numbers, gap=gap, most=most)
    held = [n for run in runs for n in run]
    assert held == sorted(set(held))
    assert numbers <= set(held)
    assert all(run.start in numbers and run.stop - 1 in numbers for run in runs)
    if gap == 0:
        assert numbers == set(held)
        assert all(len(run) <= most for run in runs)


def test_the_block_unused_for_the_longest_time_goes_first():
    memory = BlockMemory(limit_bytes=20)
    keys = [("a", "1", 10, n) for n in range(3)]
    memory.put(keys[0], bytes(10))
    memory.put(keys[1], bytes(10))
    memory.get(keys[0])
    memory.put(keys[2], bytes(10))
    assert [memory.get(key) is not None for key in keys] == [True, False, True]
    memory.clear()
    assert memory.held_bytes == 0


@pytest.mark.parametrize(
    "text", ["", "bytes 5-4/10", "bytes 0-9/*", "bytes */10", "bytes 0-10/10", "0-9/10", "bytes a-b/c"]
)
def test_illegible_content_ranges_are_none(text):
    assert span_of({"content-range": text}) is None


# ----------------------------------------------------------------------------------------------------------- rasterio


@pytest.fixture(scope="module")
def cog(tmp_path_factory):
    path = tmp_path_factory.mktemp("cogs") / "a.tif"
    return path, make_cog(path, size=1024, block=128)


@pytest.fixture
def server(cog):
    with RangeServer(cog[0].parent) as running:
        yield running


def warped(raster):
    with WarpedVRT(raster, crs="EPSG:4326") as view:
        return view.read()


READS = {
    "whole": lambda raster: raster.read(),
    "window": lambda raster: raster.read(1, window=Window(300, 500, 400, 200)),
    "overview": lambda raster: raster.read(1, out_shape=(256, 256)),
    "warp": warped,
    "profile": lambda raster: np.array([*raster.transform, *raster.shape, *raster.overviews(1)]),
}


@pytest.mark.enable_socket
@pytest.mark.parametrize("name", READS)
def test_pixels_equal_those_of_the_local_file_and_nothing_beside_it_is_asked_for(cog, server, name):
    with rasterio.open(cog[0]) as local, open_raster(Fetcher(server.url), f"{server.url}/a.tif") as remote:
        np.testing.assert_array_equal(READS[name](remote), READS[name](local))
    assert {seen.path for seen in server.requests} == {"/a.tif"}
    assert len(server.requests) <= 8


@pytest.mark.enable_socket
def test_threads_read_one_link_at_once(cog, server):
    fetcher, wrong = Fetcher(server.url), []
    url = f"{server.url}/a.tif"

    def read(seed):
        rng = random.Random(seed)
        try:
            with open_raster(fetcher, url) as raster:
                for _ in range(6):
                    window = Window(rng.randrange(900), rng.randrange(900), 100, 100)
                    np.testing.assert_array_equal(raster.read(1, window=window), cog[1][0][window.toslices()])
        except BaseException as err:  # noqa: BLE001 - shown in the main thread
            wrong.append(err)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.enable_socket
def test_a_bare_callable_serves_rasterio_too(cog, server):
    opener = opener_for(Fetcher(server.url))
    url = f"{server.url}/a.tif"
    with opener.checked(), rasterio.open(url, opener=lambda path, mode="rb": opener(path, mode)) as raster:
        np.testing.assert_array_equal(raster.read(), cog[1])
    for beside in (f"{url}.aux.xml", f"{url}.ovr", f"{url}.msk", f"{server.url}/a.tfw", "test"):
        with pytest.raises(FileNotFoundError):
            opener(beside, "rb")
    with pytest.raises(FileNotFoundError):
        opener(url, "r+b")


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"<VRTDataset rasterXSize='1' rasterYSize='1'></VRTDataset>", UnsafeLink, "not a raster"),
        (b"\xef\xbb\xbf\n <html>log in</html>", UnsafeLink, "login page"),
        (b"CDF\x01" + bytes(100), RasterError, "no GeoTIFF"),
        (b"II*\0" + bytes(100), RasterError, "cannot be read as a raster"),
        (b"", RasterError, "ends before byte 0"),
    ],
)
def test_what_is_no_raster_is_said_to_be_none(cog, tmp_path, body, error, words):
    (tmp_path / "a.tif").write_bytes(body)
    with RangeServer(tmp_path) as server:
        fetcher = Fetcher(server.url, timing=at_once())
        with pytest.raises(error, match=words), open_raster(fetcher, f"{server.url}/a.tif"):
            pass


def test_formats_are_known_by_their_first_bytes():
    assert raster_driver(b"II+\0" + bytes(9), shown="a") == "GTiff"
    assert raster_driver(b"\0\0\0\x0cjP  \r\n\x87\n", shown="a") == "JP2OpenJPEG"


@pytest.mark.enable_socket
def test_the_first_error_stops_the_reading(cog, server):
    """GDAL asks for tile after tile: after an error none of them waits for the server again."""
    fetcher = Fetcher(server.url, attempts=1, timing=at_once())
    server.fail("/a.tif", "500", 99, after=1)
    opener = opener_for(fetcher, f"{server.url}/a.tif", block_bytes=4096)
    url = f"{server.url}/a.tif"
    with pytest.raises(CatalogError, match="500"), opener.checked(), rasterio.open(url, opener=opener) as raster:
        raster.read()
    assert len(server.requests) <= 2 + 4  # runs that were asked for side by side


def test_after_an_error_nothing_more_is_asked_for():
    pieces = Memory(b"II*\0" + BODY)
    opener = opener_for(pieces, "https://example.org/a.tif", block_bytes=1000)
    with opener("https://example.org/a.tif", "rb") as file:
        opener.note(CatalogError("It is down."))
        assert file.get_byte_ranges([5000, 7000], [3, 4]) == [bytes(3), bytes(4)]
        assert file.read(10) == b""
    assert pieces.asked == [(0, 1000)]


@pytest.mark.enable_socket
def test_an_interrupt_inside_gdal_reaches_the_caller(cog, server):
    stops = iter([False] * 3)

    def interrupt():
        if next(stops, True):
            raise KeyboardInterrupt
        return False

    fetcher = Fetcher(server.url, cancelled=interrupt)
    with pytest.raises(KeyboardInterrupt), open_raster(fetcher, f"{server.url}/a.tif") as raster:
        raster.read()
