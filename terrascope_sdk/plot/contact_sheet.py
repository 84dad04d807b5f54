"""A sheet of masks: each over the image it was drawn on, lettered, at one scale, with one legend."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from scipy.ndimage import binary_dilation

from terrascope_sdk.errors import InputError, TooLarge
from terrascope_sdk.plot.drawing import Drawing, Sources
from terrascope_sdk.plot.ground import frame_map, height_mm, require_one_grid, scale_of, show_raster, unseen_patch
from terrascope_sdk.plot.legends import credit_line, legend_below, wrapped
from terrascope_sdk.plot.reduced import reduce_codes
from terrascope_sdk.plot.style import SMALL_PT, Width, styled, width_in
from terrascope_sdk.plot.subjects import label_title, sensor_name
from terrascope_sdk.render.figure import GroundScale
from terrascope_sdk.render.overlay import (
    CASING,
    CLEAR,
    EDGE,
    FILL,
    LINE,
    UNSEEN,
    canvas_for,
    draw_codes,
    overlay_colours,
)
from terrascope_sdk.render.palette import colour_of, hex_of
from terrascope_sdk.render.shrink import reduction, shrink_rgb
from terrascope_sdk.types import Answer, ImageStack, Mask, Picture, PixelGrid, ReasoningChain, Step

__all__ = ["contact_sheet"]

_MOST = 52
_PLAIN = (245, 245, 245)
_DRAWN_DPI = 300
_GAP_IN = 0.12
_PANEL_IN = 2.0
_LINE_PT = 0.5


@dataclass(frozen=True)
class _Panel:
    """One mask of the sheet."""

    mask: Mask
    picture: Picture | None
    step: int | None = None
    """Number of its step in the chain."""

    @property
    def facts(self) -> str:
        """Step, date and sensor, in words."""
        step = "" if self.step is None else f"step {self.step}"
        return ", ".join(p for p in (step, self.mask.when, sensor_name(self.mask.sensor)) if p)

    @property
    def elsewhere(self) -> str:
        """On which image it is drawn, where that is another than its own."""
        if self.picture is None or (self.picture.date == self.mask.date and self.picture.sensor == self.mask.sensor):
            return ""
        return f"drawn on {self.picture.title}"


def _letter(position: int) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return alphabet[position] if position < 26 else alphabet[position // 26 - 1] + alphabet[position % 26]


def _steps(chains: Iterable[ReasoningChain]) -> list[tuple[Mask, int | None]]:
    seen: dict[str, tuple[Mask, int | None]] = {}
    for chain in chains:
        for number, step in enumerate(chain.steps, 1):
            if isinstance(step, Step) and step.mask is not None:
                seen.setdefault(step.mask.id, (step.mask, number))
    return list(seen.values())


def _masks(given: Answer | ReasoningChain | Mask | Iterable[Mask]) -> list[tuple[Mask, int | None]]:
    if isinstance(given, Answer):
        return _steps(given.chains)
    if isinstance(given, ReasoningChain):
        return _steps([given])
    found = [given] if isinstance(given, Mask) else list(given)
    odd = next((m for m in found if not isinstance(m, Mask)), None)
    if odd is not None:
        raise InputError(f"A sheet shows masks, not a {type(odd).__name__}.", hint="Pass masks, a chain, or an answer.")
    return [(mask, None) for mask in found]


def _image_of(mask: Mask, stack: ImageStack) -> tuple[str, int]:
    """Return sensor and position of a mask's own image; of the first date where the stack has no such image."""
    sensor = next((s for s in mask.sensor.split("+") if s in stack.sensors), stack.sensors[0])
    acquired = stack.series(sensor).acquired
    return sensor, acquired.index(mask.date) if mask.date in acquired else 0


def _pictures(
    given: Answer | ReasoningChain | Mask | Iterable[Mask], masks: Iterable[Mask], stack: ImageStack | None
) -> list[Picture | None]:
    if stack is None:
        return [given.picture_for(mask) if isinstance(given, Answer) else None for mask in masks]
    places = [_image_of(mask, stack) for mask in masks]
    made = {place: stack.picture(*place) for place in dict.fromkeys(places)}
    return [made[place] for place in places]


def _panels(
    given: Answer | ReasoningChain | Mask | Iterable[Mask], stack: ImageStack | None
) -> tuple[list[_Panel], PixelGrid]:
    found = _masks(given)
    if not found:
        raise InputError("There is no mask to draw.", hint="Take an answer or a chain in which something was mapped.")
    if len(found) > _MOST:
        raise TooLarge(f"{len(found)} masks are more than the {_MOST} that one sheet holds.", hint="Draw fewer.")
    grid = require_one_grid(tuple(mask for mask, _ in found))
    if stack is not None and not stack.grid.same_as(grid):
        raise InputError(
            f"The masks lie on {grid}, the images on {stack.grid}.", hint="Pass the stack that the masks were made on."
        )
    pictures = _pictures(given, [mask for mask, _ in found], stack)
    panels = [_Panel(mask, picture, step) for (mask, step), picture in zip(found, pictures, strict=True)]
    return panels, grid


def _beneath(picture: Picture | None, shape: tuple[int, int], limit_px: int) -> np.ndarray:
    """Return the image that a mask lies on, float64[row column 3]; plain ground where there is none."""
    below = np.full((*shape, 3), _PLAIN, np.float64)
    if picture is None:
        return below
    small, seen = shrink_rgb(picture.rgb, picture.valid, reduction(*picture.grid.shape, limit_px=limit_px))
    rows, columns = (((np.arange(n) + 0.5) * m / n).astype(np.int64) for n, m in zip(shape, seen.shape, strict=True))
    lit = seen[rows[:, None], columns[None, :]]
    below[lit] = small[rows[:, None], columns[None, :]][lit]
    return below


def _composed(panel: _Panel, wide_in: float, scale: GroundScale | None) -> UInt8[np.ndarray, "row column channel"]:
    """Return image, fill and outline as one raster, clear where the mask is unobserved.

    The outline lies inside the class edge, half a point wide; over an image a dark line of one drawn pixel runs outside
    it.
    """
    limit_px = max(200, min(1200, round(wide_in * _DRAWN_DPI)))
    codes = reduce_codes(panel.mask.to_uint8(), limit_px)
    canvas = canvas_for(*codes.shape, aspect=scale.aspect if scale else 1.0, limit_px=limit_px)
    shows = draw_codes(codes, canvas)
    inside, unseen = np.isin(shows, (FILL, EDGE)), np.isin(shows, (UNSEEN, LINE))
    outside = ~inside & ~unseen
    thick = max(1, round(_LINE_PT / 72 / wide_in * canvas.width))
    near = binary_dilation(outside, np.ones((3, 3), bool), iterations=thick) if outside.any() else outside
    edge = inside & near
    shows[inside] = FILL
    shows[outside] = CLEAR
    if panel.picture is not None:
        shows[outside & binary_dilation(edge, np.ones((3, 3), bool))] = CASING
    shows[edge] = EDGE
    over = np.asarray(overlay_colours(colour_of(panel.mask.label)), np.float64)[shows]
    alpha = over[..., 3:] / 255
    mixed = np.round(over[..., :3] * alpha + _beneath(panel.picture, shows.shape, limit_px) * (1 - alpha))
    return np.concatenate([mixed.astype(np.uint8), np.where(unseen, np.uint8(0), np.uint8(255))[..., None]], axis=-1)


def _told(panel: _Panel) -> str:
    mask = panel.mask
    inside, seen = int(mask.pixels.sum()), int(mask.valid.sum())
    share = f" ({inside / seen:.1%})".replace("%", " %") if seen else ""
    missing = mask.valid.size - seen
    counted = f"{inside:,} of {seen:,} observed pixels{share}" + (f", {missing:,} not observed" if missing else "")
    heads = ", ".join(p for p in (label_title(mask), panel.facts) if p)
    return f"{heads}: {counted}" + (f" ({panel.elsewhere})" if panel.elsewhere else "")


def _title(axes: Axes, position: int, panel: _Panel, wide_in: float) -> None:
    letter = _letter(position)
    head = wrapped(f"({letter}) {label_title(panel.mask)}", 0.92 * wide_in, size_pt=7.5)  # bold is wider
    facts = wrapped(panel.facts, wide_in) if panel.facts else ""
    axes.set_title(facts or " ", fontsize=SMALL_PT, pad=2.5)
    lines = facts.count("\n") + 1
    axes.annotate(
        head, (0, 1), (0, 1.5 + lines * SMALL_PT * 1.3), xycoords="axes fraction", textcoords="offset points",
        fontsize=7.5, fontweight="bold", va="bottom", ha="left", annotation_clip=False,
    )  # fmt: skip


def _images(panels: list[_Panel]) -> list[str]:
    """Return what the images show in which colours, for which panels."""
    found: dict[str, list[str]] = {}
    for position, panel in enumerate(panels):
        if panel.picture is not None:
            found.setdefault(panel.picture.title.rpartition(", ")[0], []).append(_letter(position))
    told = "; ".join(f"({', '.join(letters)}) {name}" for name, letters in found.items())
    return [f"Images: {told}."] if found else []


def _signs(panels: list[_Panel]) -> list[Artist]:
    labels = {label_title(p.mask): colour_of(p.mask.label) for p in panels}
    signs: list[Artist] = [
        Patch(facecolor=(hex_of(colour), 0.36), edgecolor=hex_of(colour), linewidth=1.2, label=label)
        for label, colour in labels.items()
    ]
    return signs + ([unseen_patch("not observed")] if any(not p.mask.valid.all() for p in panels) else [])


def contact_sheet(
    masks: Answer | ReasoningChain | Mask | Iterable[Mask],
    stack: ImageStack | None = None,
    *,
    columns: int | None = None,
    width: Width = "two",
    scale_bar: bool | None = None,
) -> Drawing:
    """Draw masks side by side, each with its outline over the image of its own sensor and date.

    The outline runs where the class meets observed ground that is not of it. What was not observed is hatched. All
    panels have one scale; the bar and the way north stand below the first. Large masks are drawn smaller, true to
    area.

    Args:
        masks: Masks; or a chain or an answer, of which every step that made a mask is shown.
        stack: The images they were made on; those of an answer are known. Without images the ground is plain.
        columns: Panels in a row; as many as suit the width when left out.
        width: ``one`` column (89 mm), ``two`` (183 mm), or millimetres.
        scale_bar: None draws one where the pixels have a CRS and says so where they have not; True insists.

    Raises:
        InputError: There is no mask, or masks and images lie on different grids.
        UndefinedMeasurement: A scale bar is insisted on, but the pixels have no CRS.
        TooLarge: More than 52 masks.

    Examples:
        >>> from terrascope_sdk import plot
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> sheet = plot.contact_sheet([disc_mask(utm_grid(), radius_m=r) for r in (300.0, 500.0)])
        >>> plot.describe(sheet)[:76]
        'Sheet of 2 masks. a: open water: 2,828 of 16,384 observed pixels (17.3 %). b'
    """
    panels, grid = _panels(masks, stack)
    scale = scale_of(grid, scale_bar)
    if columns is not None and not 1 <= columns <= _MOST:
        raise InputError(f"A sheet has 1 to {_MOST} columns, not {columns}.")
    most = max(1, round(width_in(width) / _PANEL_IN))
    across = columns or -(-len(panels) // -(-len(panels) // most))  # rows of equal length where possible
    answer = masks if isinstance(masks, Answer) else None
    lines = dict.fromkeys(p.picture.attribution for p in panels if p.picture is not None and p.picture.attribution)
    sources = Sources.of(answer, masks=[p.mask for p in panels], credit="; ".join(lines))
    title = f"Sheet of {len(panels)} mask" + ("s" if len(panels) > 1 else "")
    each = width_in(width) / across - _GAP_IN
    with styled():
        rows = -(-len(panels) // across)
        figure = Drawing(width, rows * height_mm(grid, scale, each), title=title, sources=sources)
        grid_of_axes = figure.subplots(rows, across, squeeze=False).ravel()
        for axes in grid_of_axes[len(panels) :]:
            axes.remove()
        for position, (axes, panel) in enumerate(zip(grid_of_axes, panels, strict=False)):
            show_raster(axes, _composed(panel, each, scale), grid, scale)
            _title(axes, position, panel, each)
        place = frame_map(grid_of_axes[0], grid, scale=scale, wanted=scale_bar is not False)
        others = [f"({_letter(i)}) {p.elsewhere}." for i, p in enumerate(panels) if p.elsewhere]
        legend_below(figure, _signs(panels), notes=[*_images(panels), *others, *credit_line(sources.credit)])
        figure.settle(fit=True)
    told = " ".join(f"{_letter(i)}: {_told(p)}." for i, p in enumerate(panels))
    figure.description = f"{title}. {told} {place}"
    return figure
