"""An image stack: aligned optical and SAR series on one grid."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue, content_id
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.picture import Picture, sar_picture, true_colour_picture
from terrascope_sdk.types.scene import Sensor
from terrascope_sdk.types.series import ImageSeries

if TYPE_CHECKING:
    import xarray

__all__ = ["ImageStack"]


@dataclass(frozen=True)
class ImageStack:
    """Everything a reasoner sees: optical pixels, SAR pixels, or both, on one grid over their own dates.

    The two sensors keep their own dates, because they never pass at the same moment; :meth:`pairs` says which SAR
    date stands next to which optical date, and how far away it is.
    """

    grid: PixelGrid
    """Where the pixels of both series lie."""

    optical: ImageSeries | None = None
    """Optical series, or None."""

    sar: ImageSeries | None = None
    """SAR series in dB, or None."""

    def __post_init__(self) -> None:
        if self.optical is None and self.sar is None:
            raise InputError("A stack needs optical or SAR pixels, or both.")
        for sensor, series in (("optical", self.optical), ("sar", self.sar)):
            if series is None:
                continue
            if series.sensor != sensor:
                raise InputError(f"The {sensor} series holds {series.sensor} pixels.")
            if not series.grid.same_as(self.grid):
                raise InputError(
                    f"The {sensor} series lies on {series.grid!r}, the stack on {self.grid!r}.",
                    hint="Load both sensors in one call so that they share a grid.",
                )

    @cached_property
    def id(self) -> str:
        """Content hash of grid and series."""
        ids = [None if s is None else s.id for s in (self.optical, self.sar)]
        return content_id("stack", [self.grid.to_json(), *ids])

    @property
    def sensors(self) -> tuple[Sensor, ...]:
        """The sensors that are there."""
        both: tuple[tuple[Sensor, ImageSeries | None], ...] = (("optical", self.optical), ("sar", self.sar))
        return tuple(name for name, series in both if series is not None)

    @property
    def attribution(self) -> str:
        """Credit lines of all sensors, without repeats."""
        lines = dict.fromkeys(s.attribution for s in (self.optical, self.sar) if s is not None and s.attribution)
        return "; ".join(lines)

    def series(self, sensor: str) -> ImageSeries:
        """Return the series of a sensor.

        Raises:
            InputError: The stack has no such sensor.
        """
        found = {"optical": self.optical, "sar": self.sar}.get(sensor)
        if found is None:
            raise InputError(f"This stack has no {sensor} pixels.", hint=f"It has {' and '.join(self.sensors)}.")
        return found

    def pairs(self, *, max_gap_days: float = 12.0) -> tuple[tuple[int, int, float], ...]:
        """Return, for each optical date, the nearest SAR date within reach.

        Args:
            max_gap_days: Largest distance in time, days.

        Returns:
            Triples (optical position, SAR position, gap in days; positive when the radar came later).
        """
        if self.optical is None or self.sar is None:
            return ()
        found = []
        for i, seen in enumerate(self.optical.acquired):
            gaps = [(t - seen).total_seconds() / 86400 for t in self.sar.acquired]
            j = min(range(len(gaps)), key=lambda k: abs(gaps[k]))
            if abs(gaps[j]) <= max_gap_days:
                found.append((i, j, gaps[j]))
        return tuple(found)

    def picture(self, sensor: str | None = None, when: int = 0) -> Picture:
        """Return a picture of one date: true colour (or the nearest to it), or SAR as VV, VH, VV/VH.

        Args:
            sensor: ``optical`` or ``sar``; optical where there is a choice.
            when: Position of the date in that series.
        """
        name = sensor or self.sensors[0]
        series = self.series(name)
        return true_colour_picture(series, when) if name == "optical" else sar_picture(series, when)

    # ----------------------------------------------------------------------------------------------- in and out

    def to_json(self) -> dict[str, JsonValue]:
        """Return everything, pixels included, as one JSON object."""
        return {
            "grid": self.grid.to_json(),
            "optical": None if self.optical is None else self.optical.to_json(),
            "sar": None if self.sar is None else self.sar.to_json(),
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "ImageStack":
        """Read what :meth:`to_json` wrote."""
        optical, sar = document["optical"], document["sar"]
        return cls(
            PixelGrid.from_json(document["grid"]),
            None if optical is None else ImageSeries.from_json(optical),
            None if sar is None else ImageSeries.from_json(sar),
        )

    def to_xarray(self, sensor: str | None = None) -> "xarray.Dataset":
        """Return one sensor as a Dataset (time, y, x) with CF ``spatial_ref``; see :meth:`ImageSeries.to_xarray`."""
        return self.series(sensor or self.sensors[0]).to_xarray()

    @classmethod
    def from_xarray(
        cls,
        *,
        optical: "xarray.Dataset | None" = None,
        sar: "xarray.Dataset | None" = None,
        optical_quantity: str | None = None,
        sar_quantity: str | None = None,
        bands: Mapping[str, str] | None = None,
        attribution: str = "",
    ) -> "ImageStack":
        """Make a stack from your own georeferenced data.

        Args:
            optical: Dataset with one variable a band over (time, y, x) or (y, x). Values are taken as they are: scale
                them to 0-1 first. NaN is unobserved; a boolean variable ``valid`` is honoured.
            sar: The same for SAR, in dB.
            optical_quantity: ``surface_reflectance``, ``toa_reflectance`` or ``display``; taken from the attribute
                ``quantity`` when left out.
            sar_quantity: ``gamma0_rtc``, ``gamma0_ellipsoid`` or ``sigma0_ellipsoid``; likewise.
            bands: Your variable names to common names, for example ``{"B04": "red"}``.
            attribution: Credit line to show with the results.

        Raises:
            InputError: No quantity is known, a date is missing, or the two do not share a grid.
        """
        from terrascope_sdk.types.georeference import series_from_xarray

        given: tuple[tuple[Sensor, xarray.Dataset | None, str | None], ...] = (
            ("optical", optical, optical_quantity),
            ("sar", sar, sar_quantity),
        )
        made = {
            name: series_from_xarray(ds, sensor=name, quantity=quantity, bands=bands or {}, attribution=attribution)
            for name, ds, quantity in given
            if ds is not None
        }
        if not made:
            raise InputError("Give an optical or a SAR dataset.", hint="For example optical=ds.")
        return cls(next(iter(made.values())).grid, made.get("optical"), made.get("sar"))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={self.series(name)!r}" for name in self.sensors)
        return f"ImageStack({inside})"

    def _repr_html_(self) -> str:
        return "".join(self.picture(name)._repr_html_() for name in self.sensors)
