"""A series: the pixels of one kind of sensor over dates, on one grid, with what they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float32

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue, content_id, decode_array, encode_array
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.instant import format_instant, parse_instant, utc, when_text
from terrascope_sdk.types.scene import Sensor, optical_quantities, sar_quantities

if TYPE_CHECKING:
    import xarray

__all__ = ["ImageSeries"]


@dataclass(frozen=True, eq=False)
class ImageSeries:
    """Optical or SAR pixels over one or more dates.

    Values are what `quantity` says and are never relabelled: reflectance in 0-1 (values outside are kept), display
    values in 0-1, SAR in dB. Unobserved pixels hold NaN and are False in `valid`; what counts as unobserved (no data,
    cloud, border) was decided when the pixels were loaded.
    """

    sensor: Sensor
    """``optical`` or ``sar``."""

    pixels: Float32[np.ndarray, "time band y x"]
    """Reflectance 0-1 or display 0-1 for optical; dB for SAR; NaN where unobserved."""

    valid: Bool[np.ndarray, "time y x"]
    """True where the ground was seen on that date, in every band."""

    bands: tuple[str, ...]
    """Common names, in the order of the band axis: ``blue``, ``nir``, ``swir16``; ``vv``, ``vh``."""

    acquired: tuple[datetime, ...]
    """Time of acquisition of each date, UTC, ascending."""

    quantity: str
    """What the values are: see :data:`~terrascope_sdk.types.scene.optical_quantities` and the SAR ones."""

    grid: PixelGrid
    """Where the pixels lie."""

    scene_ids: tuple[tuple[str, ...], ...] = ()
    """Scenes that each date was made of."""

    periods_s: tuple[float, ...] = ()
    """Length of the period that each date's composite covers, seconds; 0 for single acquisitions."""

    platforms: tuple[str, ...] = ()
    """Platform of each date; empty text where unknown."""

    orbits: tuple[str, ...] = ()
    """Orbit of each date, for SAR; empty text where unknown."""

    clouded: Bool[np.ndarray, "time y x"] | None = None
    """Where a quality band says cloud or shadow: a part of what is not valid; None when there is no quality band."""

    attribution: str = ""
    """Credit line to show with pictures and numbers."""

    notes: tuple[str, ...] = ()
    """What was done to the pixels on loading, and their traps."""

    def __post_init__(self) -> None:
        shape = (len(self.acquired), len(self.bands), *self.grid.shape)
        if self.pixels.dtype != np.float32 or self.pixels.shape != shape:
            raise InputError(
                f"Pixels are {self.pixels.dtype}{list(self.pixels.shape)}; {len(self.acquired)} dates and bands "
                f"{list(self.bands)} on this grid need float32{list(shape)}."
            )
        if self.valid.dtype != bool or self.valid.shape != (shape[0], *self.grid.shape):
            raise InputError(
                f"valid is {self.valid.dtype}{list(self.valid.shape)}, not bool{[shape[0], *self.grid.shape]}."
            )
        legal = optical_quantities if self.sensor == "optical" else sar_quantities
        if self.quantity not in legal:
            raise InputError(
                f"{self.sensor} pixels cannot be {self.quantity!r}.", hint=f"Use one of {', '.join(legal)}."
            )
        times = tuple(utc(t) for t in self.acquired)
        if list(times) != sorted(times):
            raise InputError("Dates must ascend.", hint="Sort the series by time first.")
        object.__setattr__(self, "acquired", times)
        pixels, valid = _consistent(self.pixels, self.valid)
        for name, array in (("pixels", pixels), ("valid", valid)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        blank = ("",) * len(times)
        object.__setattr__(self, "periods_s", self.periods_s or (0.0,) * len(times))
        object.__setattr__(self, "platforms", self.platforms or blank)
        object.__setattr__(self, "orbits", self.orbits or blank)
        object.__setattr__(self, "scene_ids", self.scene_ids or ((),) * len(times))

    def __len__(self) -> int:
        return len(self.acquired)

    @cached_property
    def id(self) -> str:
        """Content hash of everything."""
        return content_id("series", self._head(), [self.pixels, self.valid])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ImageSeries) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def band(self, name: str, when: int = 0) -> Float32[np.ndarray, "y x"]:
        """Return one band of one date.

        Raises:
            InputError: There is no such band; the message lists those there are.
        """
        if name not in self.bands:
            raise InputError(f"There is no band {name!r}.", hint=f"This series has {', '.join(self.bands)}.")
        found: np.ndarray = self.pixels[when, self.bands.index(name)]
        return found

    def when(self, position: int = 0) -> str:
        """Return a date as precisely as it is known: a day, or the month or year of a composite."""
        return when_text(self.acquired[position], self.periods_s[position])

    def observed_frac(self, when: int = 0) -> float:
        """Return the share of pixels seen on one date, 0-1."""
        return float(self.valid[when].mean())

    def select(self, dates: Sequence[int]) -> "ImageSeries":
        """Return the series of some of its dates, by position."""
        index = sorted(dates)
        return replace(
            self,
            pixels=self.pixels[index],
            valid=self.valid[index],
            acquired=tuple(self.acquired[i] for i in index),
            scene_ids=tuple(self.scene_ids[i] for i in index),
            periods_s=tuple(self.periods_s[i] for i in index),
            platforms=tuple(self.platforms[i] for i in index),
            orbits=tuple(self.orbits[i] for i in index),
            clouded=None if self.clouded is None else self.clouded[index],
        )

    # ----------------------------------------------------------------------------------------------- in and out

    def _head(self) -> dict[str, JsonValue]:
        return {
            "sensor": self.sensor,
            "bands": list(self.bands),
            "acquired": [format_instant(t) for t in self.acquired],
            "quantity": self.quantity,
            "grid": self.grid.to_json(),
            "scene_ids": [list(ids) for ids in self.scene_ids],
            "periods_s": list(self.periods_s),
            "platforms": list(self.platforms),
            "orbits": list(self.orbits),
            "attribution": self.attribution,
            "notes": list(self.notes),
        }

    def to_json(self) -> dict[str, JsonValue]:
        """Return everything, pixels included, as one JSON object: meant for small stacks and for workspaces."""
        document = self._head() | {"pixels": encode_array(self.pixels), "valid": encode_array(self.valid)}
        if self.clouded is not None:
            document["clouded"] = encode_array(self.clouded)
        return document

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "ImageSeries":
        """Read what :meth:`to_json` wrote."""
        return cls(
            sensor=document["sensor"],
            pixels=decode_array(document["pixels"]),
            valid=decode_array(document["valid"]),
            bands=tuple(document["bands"]),
            acquired=tuple(parse_instant(t) for t in document["acquired"]),
            quantity=document["quantity"],
            grid=PixelGrid.from_json(document["grid"]),
            scene_ids=tuple(tuple(ids) for ids in document["scene_ids"]),
            periods_s=tuple(document["periods_s"]),
            platforms=tuple(document["platforms"]),
            orbits=tuple(document["orbits"]),
            clouded=decode_array(document["clouded"]) if "clouded" in document else None,
            attribution=document["attribution"],
            notes=tuple(document["notes"]),
        )

    def to_xarray(self) -> "xarray.Dataset":
        """Return a Dataset: one variable a band over (time, y, x), ``valid``, and CF ``spatial_ref``."""
        from terrascope_sdk.types.georeference import series_to_xarray

        return series_to_xarray(self)

    def __repr__(self) -> str:
        days = self.when(0) + (f" to {self.when(len(self) - 1)}" if len(self) > 1 else "")
        unit = "dB" if self.sensor == "sar" else "0-1"
        return (
            f"ImageSeries({self.sensor}, {self.quantity} [{unit}], {len(self)} date{'s' if len(self) > 1 else ''} "
            f"{days}, bands {' '.join(self.bands)}, {self.grid!r})"
        )


def _consistent(pixels: np.ndarray, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pixels and `valid` that say the same: unobserved where any band is not finite, NaN where unobserved.

    Pixels that already are so and that nobody can write to are kept as they are; all others are copied.
    """
    seen = valid.copy()
    clean = not pixels.flags.writeable
    for date, told in zip(pixels, seen, strict=True):
        counts = set()
        for layer in date:
            finite = np.isfinite(layer)
            counts.add(np.count_nonzero(finite))
            told &= finite
        clean = clean and counts <= {np.count_nonzero(told)}  # as many finite pixels in each band as were seen
    if not clean:
        pixels = np.where(seen[:, None], pixels, np.float32(np.nan))
    return np.asarray(pixels), seen
