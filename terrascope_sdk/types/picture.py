"""Pictures of pixels: 8-bit colour on a grid, made by a documented stretch, for people to look at."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float32, UInt8

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue, content_id, decode_array, encode_array
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.instant import format_instant, parse_instant
from terrascope_sdk.types.series import ImageSeries

__all__ = ["Picture", "mean_sar_picture", "sar_picture", "true_colour_picture"]

_COLOURS = (("red", "green", "blue"), ("swir16", "nir", "red"), ("nir", "red", "green"))


@dataclass(frozen=True, eq=False)
class Picture:
    """An RGB image of one date. Never measured: it is what a person sees beside the mask."""

    rgb: UInt8[np.ndarray, "y x 3"]
    """Red, green, blue, 0-255."""

    valid: Bool[np.ndarray, "y x"]
    """Where the ground was seen; the rest is drawn as missing."""

    grid: PixelGrid
    """Where the pixels lie."""

    title: str
    """What is shown, with its date."""

    sensor: str
    """``optical`` or ``sar``."""

    date: datetime
    """Time of acquisition, UTC."""

    attribution: str = ""
    """Credit line."""

    stretch: str = ""
    """How values became grey levels."""

    @cached_property
    def id(self) -> str:
        """Content hash of everything."""
        return content_id("picture", self._head(), [self.rgb, self.valid])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def _head(self) -> dict[str, JsonValue]:
        return {
            "grid": self.grid.to_json(),
            "title": self.title,
            "sensor": self.sensor,
            "date": format_instant(self.date),
            "attribution": self.attribution,
            "stretch": self.stretch,
        }

    def to_json(self) -> dict[str, JsonValue]:
        """Return everything, pixels included, as one JSON object."""
        return self._head() | {"rgb": encode_array(self.rgb), "valid": encode_array(self.valid)}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Picture":
        """Read what :meth:`to_json` wrote."""
        return cls(
            rgb=decode_array(document["rgb"]),
            valid=decode_array(document["valid"]),
            grid=PixelGrid.from_json(document["grid"]),
            title=document["title"],
            sensor=document["sensor"],
            date=parse_instant(document["date"]),
            attribution=document["attribution"],
            stretch=document["stretch"],
        )

    def __repr__(self) -> str:
        return f"Picture({self.title!r}, {self.grid.height} x {self.grid.width} px)"

    def _repr_html_(self) -> str:
        from terrascope_sdk.render.value_html import picture_card
        from terrascope_sdk.types.placing import ground_scale

        return picture_card(
            self.rgb, self.valid, title=self.title, credit=self.attribution, text=repr(self), caption=self.stretch,
            scale=ground_scale(self.grid),
        )  # fmt: skip


def _bytes(values: Float32[np.ndarray, "y x"], low: float, high: float, gamma: float) -> UInt8[np.ndarray, "y x"]:
    scaled = np.clip((np.nan_to_num(values, nan=low) - low) / max(high - low, 1e-6), 0, 1) ** (1 / gamma)
    return np.asarray(np.round(scaled * 255), np.uint8)


def true_colour_picture(series: ImageSeries, when: int = 0) -> Picture:
    """Return red, green, blue as seen; without a blue band, shortwave infrared, near infrared, red.

    Reflectance is stretched between its 2nd and 98th percentile over all three bands together, so that hues are
    kept, with gamma 1.4; display values are shown as they are.

    Args:
        series: An optical series.
        when: Position of the date.
    """
    names = next((c for c in _COLOURS if set(c) <= set(series.bands)), None) or (series.bands[0],) * 3
    bands = np.stack([series.band(n, when) for n in names])
    valid = series.valid[when]
    if series.quantity == "display":
        low, high, gamma, stretch = 0.0, 1.0, 1.0, "display values as delivered"
    else:
        seen = bands[:, valid]
        low, high = (float(v) for v in np.percentile(seen, [2, 98])) if seen.size else (0.0, 1.0)
        gamma, stretch = 1.4, f"reflectance {low:.3f} to {high:.3f} (2nd to 98th percentile), gamma 1.4"
    rgb = np.stack([_bytes(b, low, high, gamma) for b in bands], axis=-1)
    colours = "true colour" if names[:3] == _COLOURS[0] else " / ".join(names)
    date = series.acquired[when]
    title = f"Optical, {colours}, {series.when(when)}"
    return Picture(rgb, valid, series.grid, title, "optical", date, series.attribution, stretch)


def sar_picture(series: ImageSeries, when: int = 0) -> Picture:
    """Return SAR as red VV (-20 to 0 dB), green VH (-27 to -5 dB), blue VV minus VH (2 to 15 dB); fixed ranges.

    With one polarisation the picture is grey.

    Args:
        series: A SAR series in dB.
        when: Position of the date.
    """
    date, valid = series.acquired[when], series.valid[when]
    if {"vv", "vh"} <= set(series.bands):
        vv, vh = series.band("vv", when), series.band("vh", when)
        layers = [_bytes(vv, -20, 0, 1), _bytes(vh, -27, -5, 1), _bytes(vv - vh, 2, 15, 1)]
        name, stretch = "VV, VH, VV-VH", "VV -20 to 0 dB, VH -27 to -5 dB, VV-VH 2 to 15 dB"
    elif series.bands:
        low, high = (-27.0, -5.0) if series.bands[0] == "vh" else (-20.0, 0.0)
        layers = [_bytes(series.band(series.bands[0], when), low, high, 1)] * 3
        name, stretch = series.bands[0].upper(), f"{low:g} to {high:g} dB"
    else:
        raise InputError("A SAR series without bands has no picture.")
    rgb = np.stack(layers, axis=-1)
    return Picture(
        rgb, valid, series.grid, f"SAR, {name}, {series.when(when)}", "sar", date, series.attribution, stretch
    )


def mean_sar_picture(series: ImageSeries, when: int = 0) -> Picture:
    """Return SAR as red VH (-27 to -5 dB), green VV (-20 to 0 dB), blue their mean: what TerraScope was trained on.

    The order and the mean are those of its training code; the ranges are ours, as it states none.

    Args:
        series: A SAR series in dB with VV and VH.
        when: Position of the date.

    Raises:
        InputError: A polarisation is missing.
    """
    if not {"vv", "vh"} <= set(series.bands):
        raise InputError(f"This picture needs VV and VH, not {', '.join(series.bands).upper() or 'no band'}.")
    vh, vv = _bytes(series.band("vh", when), -27, -5, 1), _bytes(series.band("vv", when), -20, 0, 1)
    mean = np.asarray((vh.astype(np.uint16) + vv) // 2, np.uint8)
    return Picture(
        np.stack([vh, vv, mean], axis=-1), series.valid[when], series.grid, f"SAR, VH, VV, mean, {series.when(when)}",
        "sar", series.acquired[when], series.attribution, "VH -27 to -5 dB, VV -20 to 0 dB, mean of both",
    )  # fmt: skip
