"""What changed between two dates, on a map: gain, loss, unchanged, and what was not seen on both dates."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, UInt8
from matplotlib.patches import Patch

from terrascope_sdk.errors import InputError
from terrascope_sdk.plot.drawing import Drawing, Sources
from terrascope_sdk.plot.ground import frame_map, height_mm, require_one_grid, scale_of, show_raster, unseen_patch
from terrascope_sdk.plot.legends import BOUNDS_MEANING, credit_line, legend_below, wrapped
from terrascope_sdk.plot.reduced import reduce_codes
from terrascope_sdk.plot.style import INK, Width, plain, styled, width_in
from terrascope_sdk.plot.subjects import Scale, area_scale, label_title, remarks, sensor_name
from terrascope_sdk.render.palette import Colour, concept_colours, hex_of
from terrascope_sdk.types import Answer, Mask, Measurement

__all__ = ["change_map"]

_NEITHER, _UNCHANGED, _GAIN, _LOSS, _UNSEEN = 0, 1, 2, 3, 255
_COLOURS: dict[int, Colour] = {  # apart in lightness too, so that the map can be read in grey print
    _NEITHER: (245, 245, 245),
    _UNCHANGED: (70, 70, 70),
    _GAIN: concept_colours["gain"],
    _LOSS: concept_colours["loss"],
}
_DRAWN_DPI = 300
_SAME_FRAC = 1e-6
_BLOCK_ROWS = 1024


@dataclass(frozen=True)
class _Part:
    """One class of the map."""

    code: int
    name: str
    area: float
    """m2; pixels without a CRS."""
    number: Measurement | None = None


def _codes(before: Mask, after: Mask) -> UInt8[np.ndarray, "y x"]:
    codes = np.full(before.grid.shape, _NEITHER, np.uint8)
    codes[before.pixels & after.pixels] = _UNCHANGED
    codes[after.pixels & ~before.pixels] = _GAIN
    codes[before.pixels & ~after.pixels] = _LOSS
    codes[~(before.valid & after.valid)] = _UNSEEN
    return codes


def _names(before: Mask, after: Mask) -> dict[int, str]:
    first, last = label_title(before), label_title(after)
    if before.label == after.label:
        told = (f"gain of {first}", f"loss of {first}", f"{first} on both dates", f"no {first} on either date")
    else:
        told = (f"{last}, not {first} before", f"{first}, not {last} after", f"{first}, then {last}", "neither")
    return dict(
        zip((_GAIN, _LOSS, _UNCHANGED, _NEITHER, _UNSEEN), (*told, "not observed on one or both dates"), strict=True)
    )


def _area(chosen: Bool[np.ndarray, "y x"], sizes: np.ndarray) -> float:
    if sizes.shape[1] == 1:
        return float(np.count_nonzero(chosen, axis=1) @ sizes[:, 0])
    blocks = range(0, len(chosen), _BLOCK_ROWS)  # no second copy of a large image
    return float(sum(sizes[r : r + _BLOCK_ROWS][chosen[r : r + _BLOCK_ROWS]].sum() for r in blocks))


def _parts(before: Mask, after: Mask, codes: UInt8[np.ndarray, "y x"], numbers: dict[int, Measurement]) -> list[_Part]:
    grid = before.grid
    sizes = np.ones((grid.height, 1)) if grid.crs is None else grid.pixel_area_m2
    found = []
    for code, name in _names(before, after).items():
        area = _area(codes == code, sizes)
        number = numbers.get(code)
        if number is not None and abs(float(number.value) - area) > _SAME_FRAC * max(area, 1.0):
            raise InputError(
                f"The {number.name} was measured as {number.value:,.6g} m2, the map shows {area:,.6g} m2.",
                hint="It was measured in a smaller area of interest: leave `measured` out, or crop the masks to it.",
            )
        found.append(_Part(code, name, area, number))
    return found


def _numbers(measured: Answer | Iterable[Measurement], before: Mask, after: Mask) -> dict[int, Measurement]:
    given = measured.measurements if isinstance(measured, Answer) else tuple(measured)
    ours = {m.name: m for m in reversed(given) if m.mask_ids == (before.id, after.id) and m.unit == "m2"}
    return {code: ours[name] for code, name in ((_GAIN, "gain"), (_LOSS, "loss")) if name in ours}


def _amount(part: _Part, scale: Scale | None) -> str:
    if scale is None:
        return f"{part.area:,.0f} pixels"
    number = part.number
    if number is None or number.low is None or number.high is None:
        return scale.text(part.area)
    return f"{scale.text(part.area)} ({scale.bounds(number.low, number.high)})"


def _drawn(codes: UInt8[np.ndarray, "y x"], width_px: int) -> UInt8[np.ndarray, "row column channel"]:
    palette = np.zeros((256, 4), np.uint8)
    for code, colour in _COLOURS.items():
        palette[code] = (*colour, 255)
    return np.asarray(palette[reduce_codes(codes, width_px)])


def _dates(before: Mask, after: Mask) -> str:
    days = " to ".join(d for d in (before.when, after.when) if d)
    sensors = sensor_name(" to ".join(dict.fromkeys(s for s in (before.sensor, after.sensor) if s)))
    return ", ".join(p for p in (days, sensors) if p)


def change_map(
    before: Mask,
    after: Mask,
    *,
    measured: Answer | Iterable[Measurement] = (),
    width: Width = "one",
    scale_bar: bool | None = None,
    credit: str = "",
) -> Drawing:
    """Draw where something appeared, vanished or stayed, with the area of each in the legend.

    What was not observed on one or both dates is hatched and belongs to no class. Areas are true ground areas of all
    pixels; a large map is drawn smaller, with every class keeping its share. The colours also differ in grey print.

    Args:
        before: What is shown, on the earlier date.
        after: The same on the later date, on the same grid.
        measured: An answer, or measurements such as ``measure.change(before, after).gain``: their bounds join the
            legend when they were measured on these two masks.
        width: ``one`` column (89 mm), ``two`` (183 mm), or millimetres.
        scale_bar: None draws one where the pixels have a CRS and says so where they have not; True insists.
        credit: Credit line of the imagery, for example ``stack.attribution``; that of an answer is known.

    Raises:
        InputError: The grids differ, or a measurement of these masks tells another area than the map.
        UndefinedMeasurement: A scale bar is insisted on, but the pixels have no CRS.

    Examples:
        >>> from terrascope_sdk import plot
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> shrunk = plot.change_map(disc_mask(utm_grid(), radius_m=500.0), disc_mask(utm_grid(), radius_m=400.0))
        >>> "loss of open water: 28.38 ha" in plot.describe(shrunk)
        True
    """
    grid = require_one_grid((before, after))
    scale = scale_of(grid, scale_bar)
    codes = _codes(before, after)
    parts = _parts(before, after, codes, _numbers(measured, before, after))
    shown = [p for p in parts if p.code != _UNSEEN or p.area]
    unit = None if grid.crs is None else area_scale(max(p.area for p in parts if p.code in (_GAIN, _LOSS, _UNCHANGED)))
    what = label_title(before) if before.label == after.label else f"{label_title(before)} to {label_title(after)}"
    sources = Sources.of(
        measured if isinstance(measured, Answer) else None,
        masks=(before, after),
        measurements=[p.number for p in parts if p.number is not None],
        credit=credit,
    )
    title = f"Change of {what}" + (f", {_dates(before, after)}" if _dates(before, after) else "")
    with styled():
        figure = Drawing(width, height_mm(grid, scale, width_in(width)), title=title, sources=sources)
        axes = figure.add_subplot()
        heads = [p for p in (what[:1].upper() + what[1:], _dates(before, after)) if p]
        axes.set_title(wrapped("\n".join(heads), width_in(width), size_pt=7.5))
        show_raster(axes, _drawn(codes, round(width_in(width) * _DRAWN_DPI)), grid, scale)
        place = frame_map(axes, grid, scale=scale, wanted=scale_bar is not False)
        kinds = {p.number.interval: None for p in parts if p.number is not None}
        mapped = remarks(sources.measurements) if sources.measurements else []
        meaning = [f"In brackets: {BOUNDS_MEANING[k]}." for k in kinds if k != "none"]
        signs = [_sign(p, _amount(p, unit)) for p in shown]
        legend_below(figure, signs, notes=[*meaning, *mapped, *credit_line(sources.credit)])
        figure.settle(fit=True)
    told = "; ".join(f"{p.name}: {_amount(p, unit)}" for p in parts)
    figure.description = " ".join([f"Map. {title}. {told}.", *meaning, *mapped, place])
    return figure


def _sign(part: _Part, amount: str) -> Patch:
    label = plain(f"{part.name}: {amount}")
    if part.code == _UNSEEN:
        return unseen_patch(label)
    return Patch(facecolor=hex_of(_COLOURS[part.code]), edgecolor=INK, linewidth=0.4, label=label)
