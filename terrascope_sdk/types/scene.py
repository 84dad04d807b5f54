"""A scene: one acquisition of one sensor, described, with no pixels."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import format_instant, parse_instant, utc, when_text

__all__ = ["OpticalQuantity", "Quantity", "SarQuantity", "Scene", "Sensor", "optical_quantities", "sar_quantities"]

Sensor = Literal["optical", "sar"]
OpticalQuantity = Literal["surface_reflectance", "toa_reflectance", "display"]
SarQuantity = Literal["gamma0_rtc", "gamma0_ellipsoid", "sigma0_ellipsoid"]
Quantity = OpticalQuantity | SarQuantity

optical_quantities: tuple[str, ...] = ("surface_reflectance", "toa_reflectance", "display")
sar_quantities: tuple[str, ...] = ("gamma0_rtc", "gamma0_ellipsoid", "sigma0_ellipsoid")


@dataclass(frozen=True)
class Scene:
    """What is known of an acquisition before any pixel is read."""

    id: str
    """Identifier within its collection."""

    collection: str
    """STAC collection."""

    sensor: Sensor
    """``optical`` or ``sar``."""

    acquired: datetime
    """Time of acquisition, UTC; the middle of the period for a composite."""

    quantity: str
    """What the pixels are, once loaded: see :data:`optical_quantities` and :data:`sar_quantities`."""

    bbox: tuple[float, float, float, float]
    """(west, south, east, north) in degrees, EPSG:4326."""

    gsd_m: float
    """Ground sample distance in metres."""

    platform: str = ""
    """Satellite, for example ``sentinel-2a``; empty when the source does not say."""

    orbit: str = ""
    """Orbit direction and relative orbit, for example ``descending 110``; empty for optical and where unknown."""

    period_s: float = 0.0
    """Length of the period a composite covers, in seconds; 0 for a single acquisition."""

    cloud_frac: float | None = None
    """Share of clouded pixels, 0-1, as the catalogue states it; None when it does not."""

    attribution: str = ""
    """Credit line to show with every picture and number."""

    license: str = ""
    """SPDX id or the name of the terms."""

    notes: tuple[str, ...] = ()
    """Traps of this scene, in words."""

    item: dict[str, JsonValue] = field(default_factory=dict, repr=False, compare=False)
    """The STAC item it was read from, with unsigned links."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "acquired", utc(self.acquired))
        legal = optical_quantities if self.sensor == "optical" else sar_quantities
        if self.sensor not in ("optical", "sar") or self.quantity not in legal:
            raise InputError(f"{self.id}: {self.sensor!r} pixels cannot be {self.quantity!r}; known are {legal}.")

    @property
    def when(self) -> str:
        """The date as precisely as it is known: a day, or the month or year of a composite."""
        return when_text(self.acquired, self.period_s)

    def to_json(self) -> dict[str, JsonValue]:
        """Return every field as plain JSON values, the STAC item included."""
        document = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return document | {
            "acquired": format_instant(self.acquired),
            "bbox": list(self.bbox),
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Scene":
        """Read what :meth:`to_json` wrote."""
        west, south, east, north = document["bbox"]
        return cls(
            **(
                document
                | {
                    "acquired": parse_instant(document["acquired"]),
                    "bbox": (west, south, east, north),
                    "notes": tuple(document["notes"]),
                }
            )
        )

    def __repr__(self) -> str:
        cloud = "" if self.cloud_frac is None else f", {self.cloud_frac:.0%} cloud"
        return f"Scene({self.id!r}, {self.sensor}, {self.when}, {self.quantity}{cloud})"

    def _repr_html_(self) -> str:
        from terrascope_sdk.render.value_html import facts_table

        return facts_table(
            self.id,
            {
                "sensor": f"{self.sensor} {self.platform}".strip(),
                "acquired": self.when,
                "quantity": self.quantity,
                "ground sample distance": f"{self.gsd_m:g} m",
                "cloud": "not stated" if self.cloud_frac is None else f"{self.cloud_frac:.0%}",
                "credit": self.attribution,
                "notes": "; ".join(self.notes),
            },
        )
