"""Maps without frills: a raster in metres on the ground, hatching where nobody saw, a true scale bar, the way north."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.transforms import Affine2D, BboxTransformTo, ScaledTranslation, blended_transform_factory

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.plot.style import HATCHING, INK, SMALL_PT, UNSEEN, UNSEEN_LINE
from terrascope_sdk.render.figure import GroundScale, nice_length_m
from terrascope_sdk.types import Mask, PixelGrid
from terrascope_sdk.types.placing import ground_scale

__all__ = ["frame_map", "height_mm", "place_text", "require_one_grid", "scale_of", "show_raster", "unseen_patch"]

_BELOW_PT = 7.0
_AROUND_IN = 0.5


def require_one_grid(masks: tuple[Mask, ...]) -> PixelGrid:
    """Return the grid of all masks.

    Raises:
        InputError: The grids differ.
    """
    grid = masks[0].grid
    for other in masks[1:]:
        if not grid.same_as(other.grid):
            raise InputError(
                f"The masks lie on different grids: {grid} and {other.grid}.",
                hint="Load both on one grid, or draw one figure for each grid.",
            )
    return grid


def scale_of(grid: PixelGrid, scale_bar: bool | None) -> GroundScale | None:
    """Return how a grid lies on the ground; None where no scale bar is wanted or possible.

    Args:
        grid: What is drawn.
        scale_bar: True insists on one, None draws one where there is a CRS, False none.

    Raises:
        UndefinedMeasurement: A scale bar is insisted on, but the pixels have no size on the ground.
    """
    scale = ground_scale(grid)
    if scale_bar and scale is None:
        raise UndefinedMeasurement(
            f"A scale bar was asked for, but {grid!r} has no place on the ground.",
            hint="Give the raster a CRS, or leave scale_bar out: the figure then says that it has no scale.",
        )
    return scale


def height_mm(grid: PixelGrid, scale: GroundScale | None, width_in: float) -> float:
    """Return about how high a map of a width is, with its title and what stands below it."""
    aspect = grid.height / grid.width / (scale.aspect if scale else 1.0)
    return 25.4 * (width_in * aspect + _AROUND_IN)


def show_raster(axes: Axes, rgba: np.ndarray, grid: PixelGrid, scale: GroundScale | None) -> None:
    """Draw a raster so that one unit of the axes is a metre on the ground, over hatching that shows where it is clear.

    Args:
        axes: Where to.
        rgba: uint8[row column 4], any size; opacity 0 where unobserved.
        grid: What the raster covers.
        scale: How it lies on the ground; pixels count where it is None.
    """
    high = grid.height * (scale.pixel_height_m if scale else 1.0)
    wide = grid.width * (scale.pixel_width_m if scale else 1.0)
    if (rgba[..., 3] == 0).any():
        hatched = Rectangle((0, 0), wide, high, facecolor=UNSEEN, hatch=HATCHING, edgecolor=UNSEEN_LINE, linewidth=0)
        hatched.set_gid("unobserved")
        axes.add_patch(hatched)
    axes.imshow(rgba, extent=(0, wide, high, 0), interpolation="nearest", zorder=2)
    axes.set(xlim=(0, wide), ylim=(high, 0), xticks=[], yticks=[], aspect="equal")
    for side in axes.spines.values():
        side.set(visible=True, zorder=3)


def unseen_patch(label: str) -> Patch:
    """Return the legend's sign for what nobody saw."""
    return Patch(facecolor=UNSEEN, hatch=HATCHING, edgecolor=UNSEEN_LINE, linewidth=0, label=label)


def _length(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _bar(axes: Axes, scale: GroundScale, grid: PixelGrid) -> str:
    length = nice_length_m(grid.width * scale.pixel_width_m)
    down = ScaledTranslation(0, -_BELOW_PT / 72, axes.figure.dpi_scale_trans)
    below = blended_transform_factory(axes.transData, axes.transAxes) + down
    line = Line2D([0, length], [0, 0], transform=below, color=INK, linewidth=2, solid_capstyle="butt", clip_on=False)
    line.set_gid("scale bar")
    axes.add_line(line)
    right = below + ScaledTranslation(4 / 72, 0, axes.figure.dpi_scale_trans)
    axes.text(length, 0, _length(length), transform=right, fontsize=SMALL_PT, va="center", ha="left")
    return _length(length)


def _arrow(axes: Axes, north_deg: float) -> None:
    points = Affine2D().scale(1 / 72) + axes.figure.dpi_scale_trans
    corner = ScaledTranslation(1, 0, BboxTransformTo(axes.bbox))
    place = points + corner
    middle = (-6.0, -_BELOW_PT - 2.5)
    shape = np.array([(0, 6.5), (3, -5), (0, -2.6), (-3, -5)])
    turned = Affine2D().rotate_deg(-north_deg).translate(*middle)
    arrow = Polygon(turned.transform(shape), closed=True, facecolor=INK, edgecolor=INK, linewidth=0.4, clip_on=False)
    arrow.set_transform(place)
    arrow.set_gid("north arrow")
    axes.add_patch(arrow)
    axes.text(middle[0] - 6, middle[1], "N", transform=place, fontsize=SMALL_PT, va="center", ha="right")


def place_text(grid: PixelGrid) -> str:
    """Return where the middle of a grid lies, for example ``8.33° S, 74.57° W``."""
    lon, lat = (float(v) for v in grid.lonlat(grid.height / 2, grid.width / 2))
    return f"{abs(lat):.2f}° {'S' if lat < 0 else 'N'}, {abs(lon):.2f}° {'W' if lon < 0 else 'E'}"


def frame_map(axes: Axes, grid: PixelGrid, *, scale: GroundScale | None, wanted: bool) -> str:
    """Put a scale bar and a north arrow below a map, or say that it has no scale; return the same in words.

    Args:
        axes: Of the map, in metres.
        grid: What it covers.
        scale: How it lies on the ground, None where that is unknown.
        wanted: Whether they are wanted at all.
    """
    if not wanted:
        return "No scale bar was asked for."
    if scale is None:
        said = "no scale: these pixels have no place on the ground"
        axes.annotate(said, (0, 0), (0, -_BELOW_PT), xycoords="axes fraction", textcoords="offset points",
                      fontsize=SMALL_PT, va="center", ha="left")  # fmt: skip
        return f"{said.capitalize()}."
    length = _bar(axes, scale, grid)
    _arrow(axes, scale.north_deg)
    wide, high = grid.width * scale.pixel_width_m, grid.height * scale.pixel_height_m
    turn = round(scale.north_deg)
    north = "up" if turn % 360 == 0 else f"{turn % 360} degrees clockwise from up"
    return (
        f"The map is {_rounded(wide)} wide and {_rounded(high)} high around {place_text(grid)}; scale bar {length}; "
        f"north is {north}."
    )


def _rounded(metres: float) -> str:
    digits = max(0, 2 - math.floor(math.log10(metres)))
    return f"{metres / 1000:.3g} km" if metres >= 1000 else f"{round(metres, digits):g} m"
