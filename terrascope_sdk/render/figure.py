"""Figures: a picture, a mask over it, a scale bar, the way north, a legend and a caption that name what is seen."""

import hashlib
import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, UInt8

from terrascope_sdk.render.html import Html, joined, tag
from terrascope_sdk.render.overlay import overlay_png, picture_pixels
from terrascope_sdk.render.palette import Colour, hex_of
from terrascope_sdk.render.png import data_uri, encode_png
from terrascope_sdk.render.shrink import MAX_PX

__all__ = ["GroundScale", "Ring", "Sheet", "figure", "legend", "mask_layer", "nice_length_m"]

_SHARP_BELOW_PX = 400
_TALLEST_PX = 620

Ring = tuple[tuple[float, float], ...]
"""A closed line: shares of the picture's width and height from its upper left corner."""


@dataclass(frozen=True)
class GroundScale:
    """How a raster lies on the ground."""

    pixel_height_m: float
    """Ground height of a pixel, metres."""

    pixel_width_m: float
    """Ground width of a pixel, metres."""

    north_deg: float = 0.0
    """Direction of true north in the picture, degrees clockwise from up."""

    @property
    def aspect(self) -> float:
        """Ground width of a pixel over its ground height, kept within what can be drawn."""
        return min(max(self.pixel_width_m / self.pixel_height_m, 0.02), 50.0)


class Sheet:
    """The pictures of one page: each is embedded once, as a style rule, however often it is shown."""

    def __init__(self, limit_px: int = MAX_PX) -> None:
        self.limit_px = limit_px
        self._rules: dict[str, str] = {}

    def picture_layer(
        self, rgb: UInt8[np.ndarray, "y x 3"], valid: Bool[np.ndarray, "y x"], *, description: str
    ) -> Html:
        """Return the layer that shows a picture, and remember its pixels for :attr:`rules`."""
        png = encode_png(picture_pixels(rgb, valid, limit_px=self.limit_px))
        name = f"ts-p-{hashlib.sha256(png).hexdigest()[:12]}"
        self._rules[name] = f".{name}{{background-image:url({data_uri(png)})}}"
        sharp = ".ts-sharp" if max(valid.shape) < _SHARP_BELOW_PX else ""
        return tag(f"div.ts-picture.{name}{sharp}", attributes={"role": "img", "aria-label": description})

    @property
    def rules(self) -> Html:
        """Style rules that hold the pictures."""
        return Html("\n".join(self._rules.values()))


def mask_layer(
    codes: UInt8[np.ndarray, "y x"], colour: Colour, *, aspect: float, description: str, limit_px: int = MAX_PX
) -> Html:
    """Return the layer that draws a mask, see-through outside it.

    Args:
        codes: 0 no, 1 yes, 255 unobserved.
        colour: Of the class.
        aspect: Ground width of a pixel over its ground height.
        description: What is shown, for those who cannot see it.
        limit_px: Longest side of the drawing.
    """
    uri = data_uri(overlay_png(codes, colour, aspect=aspect, limit_px=limit_px))
    return tag("img", attributes={"src": uri, "alt": description})


def nice_length_m(width_m: float) -> float:
    """Return the longest 1, 2 or 5 times a power of ten that is at most 30 % of a width."""
    most = 0.3 * width_m
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (5, 2, 1) if step * power <= most * (1 + 1e-9))


def _length(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _scale_bar(width_m: float) -> Html:
    length = nice_length_m(width_m)
    attributes = {"style": f"width:{100 * length / width_m:.2f}%", "title": "scale bar"}
    return tag("div.ts-bar", tag("span", _length(length)), attributes=attributes)


def _north_arrow(north_deg: float) -> Html:
    turned = f"rotate({north_deg:.1f} 12 17)"
    return Html(
        '<svg class="ts-north" viewBox="0 0 24 34" role="img" aria-label="north arrow">'
        f'<g transform="{turned}" stroke="#000" stroke-width="1.2" stroke-linejoin="round">'
        '<path d="M12 1 L17.5 17 L12 13.5 L6.5 17 Z" fill="#fff"/>'
        '<text x="12" y="30" text-anchor="middle" fill="#fff" paint-order="stroke" stroke-width="2.2" '
        'style="font:700 12px Arial,Helvetica,sans-serif">N</text></g></svg>'
    )


def _outline(rings: tuple[Ring, ...]) -> Html:
    path = " ".join("M" + " L".join(f"{100 * x:.2f} {100 * y:.2f}" for x, y in ring) + " Z" for ring in rings)
    line = f'<path d="{path}" fill="none" vector-effect="non-scaling-stroke" '
    return Html(
        '<svg class="ts-outline" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" '
        f'aria-label="outline of the area of interest">{line}stroke="#000" stroke-width="2.5"/>'
        f'{line}stroke="#fff" stroke-width="1.5" stroke-dasharray="6 4"/></svg>'
    )


def legend(entries: list[tuple[str, Colour | None]]) -> Html:
    """Return swatches with their names; the colour None stands for unobserved pixels."""
    items = []
    for name, colour in entries:
        swatch = (
            tag("span.ts-swatch.ts-unseen")
            if colour is None
            else tag("span.ts-swatch", attributes={"style": f"--c:{hex_of(colour)}"})
        )
        items.append(tag("span", swatch, name))
    return tag("div.ts-legend", *items)


def figure(
    layers: list[Html],
    *,
    shape: tuple[int, int],
    scale: GroundScale | None,
    caption: str,
    below: str = "",
    rings: tuple[Ring, ...] = (),
    plain: bool = False,
) -> Html:
    """Return layers one over the other in a frame of the right proportions.

    Args:
        layers: From :meth:`Sheet.picture_layer` and :func:`mask_layer`, lowest first.
        shape: Rows and columns of the raster.
        scale: How it lies on the ground; None draws square pixels, no scale bar and no arrow.
        caption: What is shown.
        below: Markup under the caption, for example a legend.
        rings: Outline of the area of interest, drawn as a dashed line.
        plain: Whether a white sheet lies below the layers instead of the hatching of missing pixels.
    """
    height, width = shape
    ratio = width * (scale.aspect if scale else 1.0) / height
    furniture = [_outline(rings)] if rings else []
    furniture += [_scale_bar(width * scale.pixel_width_m), _north_arrow(scale.north_deg)] if scale else []
    frame = tag(
        "div.ts-frame.ts-plain" if plain else "div.ts-frame",
        *layers,
        *furniture,
        attributes={"style": f"aspect-ratio:{ratio:.5f};max-width:{_TALLEST_PX * ratio:.0f}px"},
    )
    key = tag("div.ts-legend", tag("span", tag("span.ts-dashes"), "area of interest")) if rings else Html("")
    return tag("figure.ts-figure", frame, tag("figcaption.ts-caption", caption), joined([below, key]))
