"""Maps of change: areas from all pixels, hatching where either date was not seen, a true scale bar."""

from dataclasses import replace
from itertools import pairwise

import matplotlib.colors
import numpy as np
import pytest
from affine import Affine
from matplotlib.image import AxesImage
from PIL import Image

from terrascope_sdk import measure, plot
from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.render.palette import concept_colours
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Mask, PixelGrid
from tests.plot.made import GRID, assert_readable, by_gid, flat, hatched, lake, legend_labels, words

CLOUD = (slice(0, 30), slice(0, 96))
BEFORE, AFTER = lake(400.0, 2019), lake(300.0, 2021, cloud=CLOUD)


def raster(figure):
    (image,) = figure.axes[0].findobj(AxesImage)
    return np.asarray(image.get_array())


def test_the_legend_tells_the_areas_that_are_measured():
    change = measure.change(BEFORE, AFTER)
    labels = legend_labels(plot.change_map(BEFORE, AFTER))
    assert f"loss of open water: {change.loss.text}" in labels
    assert "gain of open water: 0 ha" in labels
    both = measure.area(BEFORE.intersect(AFTER), prefer="ha")
    assert f"open water on both dates: {both.text}" in labels
    unseen = float((GRID.pixel_area_m2 * ~AFTER.valid).sum())
    assert any(label.startswith(f"not observed on one or both dates: {unseen / 1e4:,.2f} ha") for label in labels)


def test_the_parts_add_up_to_the_whole_image():
    told = plot.describe(plot.change_map(BEFORE, AFTER))
    parts = [float(p.split(" ha")[0].rpartition(" ")[2]) for p in told.split("; ") if " ha" in p]
    assert sum(parts) == pytest.approx(GRID.pixel_area_m2.sum() / 1e4, abs=0.05)


def test_bounds_join_when_they_were_measured_on_these_masks():
    change = measure.change(BEFORE, AFTER)
    figure = plot.change_map(BEFORE, AFTER, measured=[change.gain, change.loss])
    assert any(
        label == f"loss of open water: {change.loss.text} ({change.loss.bounds_text.split(' if')[0]})"
        for label in legend_labels(figure)
    )
    assert "In brackets: if the edge moved by one pixel; no confidence interval" in words(figure).replace("\n", " ")
    strangers = measure.change(lake(410.0, 2019), AFTER)
    assert not any("(" in label for label in legend_labels(plot.change_map(BEFORE, AFTER, measured=[strangers.loss])))


def test_a_measurement_of_these_masks_that_tells_another_area_is_refused():
    wrong = replace(measure.change(BEFORE, AFTER).loss, value=1.0, low=None, high=None, interval="none")
    with pytest.raises(InputError, match="was measured as 1 m2"):
        plot.change_map(BEFORE, AFTER, measured=[wrong])


def test_every_drawn_pixel_has_the_colour_of_its_class_and_unseen_ones_none():
    drawn = raster(plot.change_map(BEFORE, AFTER))
    assert drawn.shape == (*GRID.shape, 4)
    unseen = ~AFTER.valid
    assert (drawn[unseen, 3] == 0).all()
    assert (drawn[~unseen, 3] == 255).all()
    lost = BEFORE.pixels & ~AFTER.pixels & ~unseen
    assert (drawn[lost, :3] == concept_colours["loss"]).all()
    assert (drawn[BEFORE.pixels & AFTER.pixels, :3] == (70, 70, 70)).all()


def test_what_was_not_seen_is_hatched_on_map_and_legend_only_where_there_is_any():
    figure = plot.change_map(BEFORE, AFTER)
    assert len(hatched(figure.axes[0])) == 1
    assert any(handle.get_hatch() for handle in figure.legends[0].legend_handles)
    clear = plot.change_map(BEFORE, lake(300.0, 2021))
    assert not hatched(clear.axes[0])
    assert not any(handle.get_hatch() for handle in clear.legends[0].legend_handles)
    assert "not observed on one or both dates: 0 ha" in plot.describe(clear)


def test_hatching_shows_through_on_the_picture(tmp_path):
    path = plot.save(plot.change_map(BEFORE, AFTER), tmp_path / "map.png")
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert (pixels == (200, 200, 200)).all(axis=-1).sum() > 1000
    assert (pixels == (138, 138, 138)).all(axis=-1).sum() > 100


def test_the_classes_differ_in_grey_print():
    figure = plot.change_map(BEFORE, AFTER)
    faces = [h.get_facecolor() for h in figure.legends[0].legend_handles if not h.get_hatch()]
    light = sorted(
        0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2 for r, g, b, _ in map(matplotlib.colors.to_rgba, faces)
    )
    lightness = [116 * y ** (1 / 3) - 16 for y in light]
    assert min(b - a for a, b in pairwise(lightness)) > 10


@pytest.mark.parametrize("lat_deg", [0.1, 60.0])
def test_the_scale_bar_is_as_long_as_it_says(lat_deg):
    degrees = PixelGrid("EPSG:4326", Affine(1e-4, 0, 9.0, 0, -1e-4, lat_deg + 0.005), 100, 100)
    for grid in (degrees, utm_grid(lat_deg=lat_deg, size_px=100)):
        figure = plot.change_map(disc_mask(grid, radius_m=100.0), disc_mask(grid, radius_m=80.0))
        (bar,) = by_gid(figure, "scale bar")
        metres = float(bar.get_xdata()[1] - bar.get_xdata()[0])
        assert f"{metres:g} m" in words(figure)
        figure.draw_without_rendering()
        frame = figure.axes[0].get_window_extent()
        ends = bar.get_transform().transform(np.column_stack([bar.get_xdata(), bar.get_ydata()]))
        drawn_frac = (ends[1, 0] - ends[0, 0]) / frame.width
        assert drawn_frac * grid.pixel_size_m[1] * grid.width == pytest.approx(metres, rel=1e-6)
        assert frame.height / frame.width == pytest.approx(
            grid.pixel_size_m[0] * grid.height / grid.pixel_size_m[1] / grid.width, rel=1e-3
        )


def test_north_is_where_it_is():
    turned = PixelGrid(GRID.crs, GRID.transform @ Affine.rotation(30), *GRID.shape)
    figure = plot.change_map(disc_mask(turned, radius_m=200.0), disc_mask(turned, radius_m=100.0))
    (arrow,) = by_gid(figure, "north arrow")
    tip, right, notch, left = arrow.get_xy()[:4]
    middle = (right + left + notch + tip) / 4
    angle = np.rad2deg(np.arctan2(tip[0] - middle[0], tip[1] - middle[1]))
    lon, lat = turned.lonlat([48.0, 47.0], [48.0, 48.0])
    up = np.rad2deg(np.arctan2((lon[1] - lon[0]) * np.cos(np.deg2rad(lat[0])), lat[1] - lat[0]))
    assert angle == pytest.approx(-up, abs=0.5)  # where up points east of north, north points left of up


def test_without_a_crs_pixels_are_counted_and_no_bar_is_drawn_and_the_figure_says_so():
    figure = plot.change_map(flat(BEFORE), flat(AFTER))
    assert not by_gid(figure, "scale bar")
    assert not by_gid(figure, "north arrow")
    assert "no scale: these pixels have no place on the ground" in words(figure)
    lost = int((BEFORE.pixels & ~AFTER.pixels & AFTER.valid).sum())
    assert f"loss of open water: {lost:,} pixels" in legend_labels(figure)
    with pytest.raises(UndefinedMeasurement, match="scale bar was asked for"):
        plot.change_map(flat(BEFORE), flat(AFTER), scale_bar=True)


def test_unlike_grids_are_refused():
    with pytest.raises(InputError, match="different grids"):
        plot.change_map(BEFORE, lake(300.0, 2021, grid=utm_grid(size_px=95)))


def test_one_thing_that_became_another_is_named_so():
    labels = legend_labels(plot.change_map(lake(400.0, 2019), lake(300.0, 2021, label="crop")))
    assert any(label.startswith("open water, then cropland:") for label in labels)


def test_a_large_map_is_drawn_small_but_counted_whole():
    grid = utm_grid(size_px=3000)
    pixels = np.zeros(grid.shape, bool)
    pixels[:, ::50] = True  # thin lines that a majority rule would lose
    before, after = (Mask(p, np.ones(grid.shape, bool), grid, "water") for p in (np.zeros_like(pixels), pixels))
    figure = plot.change_map(before, after)
    drawn = raster(figure)
    assert max(drawn.shape) <= 1100
    shown = (drawn[..., :3] == concept_colours["gain"]).all(axis=-1).mean()
    assert shown == pytest.approx(0.02, abs=1e-5)
    assert f"gain of open water: {measure.change(before, after).gain.text}" in legend_labels(figure)


@pytest.mark.parametrize("width", ["one", "two", 80])
def test_nothing_overlaps(width):
    change = measure.change(BEFORE, AFTER)
    named = [
        replace(m, label="a very long label that somebody wrote without thinking of figures") for m in (BEFORE, AFTER)
    ]
    assert_readable(plot.change_map(BEFORE, AFTER, measured=[change.loss, change.gain], width=width))
    assert_readable(plot.change_map(*named, width=width))
