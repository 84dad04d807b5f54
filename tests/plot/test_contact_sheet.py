"""Contact sheets: one panel a mask, over the image of its own date, lettered, hatched, at one scale."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.image import AxesImage

from terrascope_sdk import plot
from terrascope_sdk.errors import InputError, TooLarge, UndefinedMeasurement
from terrascope_sdk.render.palette import concept_colours
from terrascope_sdk.testing import disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import Answer, Mask, ReasoningChain, Step
from tests.plot.made import GRID, assert_readable, by_gid, flat, hatched, lake, legend_labels, words

CLOUD = (slice(0, 30), slice(0, 96))


def rasters(figure):
    return [np.asarray(axes.findobj(AxesImage)[0].get_array()) for axes in figure.axes]


def chain_of(*masks):
    steps = [Step("text", "A thought."), *(Step("ground", "A mask.", m) for m in masks), Step("answer", "Done.")]
    return ReasoningChain("Where is water?", tuple(steps))


def stack_and_masks(radii=(300.0, 200.0)):
    stack = lake_stack(radii, grid=GRID)
    masks = []
    for sensor in ("optical", "sar"):
        for radius, date in zip(radii, stack.series(sensor).acquired, strict=True):
            masks.append(replace(disc_mask(GRID, radius_m=radius), date=date, sensor=sensor))
    return stack, masks


def test_each_mask_of_a_chain_has_a_panel_with_letter_step_date_and_sensor():
    stack, masks = stack_and_masks()
    figure = plot.contact_sheet(chain_of(*masks), stack)
    assert len(figure.axes) == 4
    shown = words(figure)
    for letter, step, mask in zip("abcd", (2, 3, 4, 5), masks, strict=True):
        assert f"({letter}) open water" in shown
        assert f"step {step}, {mask.when}, {mask.sensor.replace('sar', 'SAR')}" in shown
    assert_readable(figure)


def test_the_image_under_a_mask_is_of_its_own_sensor_and_date():
    stack, masks = stack_and_masks()
    small = [replace(m, pixels=np.zeros(GRID.shape, bool)) for m in masks]  # nothing covers the image
    for mask, drawn in zip(small, rasters(plot.contact_sheet(small, stack)), strict=True):
        when = stack.series(mask.sensor).acquired.index(mask.date)
        picture = stack.picture(mask.sensor, when).rgb
        cell = drawn.shape[0] // GRID.height
        assert np.array_equal(drawn[cell // 2 :: cell, cell // 2 :: cell, :3], picture)


def test_a_mask_without_its_own_image_says_on_which_it_is_drawn():
    stack, _ = stack_and_masks()
    figure = plot.contact_sheet([lake(200.0, 1999)], stack)
    assert "(a) drawn on Optical, true colour, 2020-06-01" in words(figure).replace("\n", " ")


def test_the_outline_has_the_colour_of_the_class_and_the_unseen_is_clear_over_hatching():
    mask = lake(350.0, cloud=CLOUD)
    figure = plot.contact_sheet([mask])
    (drawn,) = rasters(figure)
    cell = drawn.shape[0] // GRID.height
    middle = drawn[cell // 2 :: cell, cell // 2 :: cell]
    assert ((middle[..., 3] == 0) == ~mask.valid).all()
    assert len(hatched(figure.axes[0])) == 1
    edge = (drawn[..., :3] == concept_colours["water"]).all(axis=-1)
    assert edge.any()
    inside = np.kron(mask.pixels, np.ones((cell, cell), bool))
    assert not (edge & ~inside).any()
    assert "not observed" in legend_labels(figure)


def test_the_legend_names_each_class_once():
    figure = plot.contact_sheet([lake(300.0), lake(200.0), lake(100.0, label="tree")])
    assert legend_labels(figure) == ["open water", "tree cover"]


def test_one_scale_bar_and_one_arrow_serve_all_panels():
    figure = plot.contact_sheet([lake(300.0), lake(200.0), lake(100.0)])
    assert len(by_gid(figure, "scale bar")) == len(by_gid(figure, "north arrow")) == 1
    widths = {round(float(axes.get_window_extent().width), 3) for axes in figure.axes}
    assert len(widths) == 1


def test_an_answer_brings_its_pictures_and_its_credit():
    stack, masks = stack_and_masks()
    picture = replace(stack.picture("optical"), attribution="Somebody's satellite")
    answer = Answer("q", "answered", "t", chains=(chain_of(masks[0]),), pictures=(picture,))
    figure = plot.contact_sheet(answer)
    assert "Data: Somebody's satellite." in words(figure)
    assert "Images: (a) Optical, true colour." in words(figure)


def test_a_mask_made_twice_is_shown_once():
    mask = lake(300.0)
    assert len(plot.contact_sheet(chain_of(mask, mask)).axes) == 1


def test_without_a_crs_there_is_no_bar_and_the_figure_says_so():
    figure = plot.contact_sheet([flat(lake(300.0))])
    assert not by_gid(figure, "scale bar")
    assert "no scale: these pixels have no place on the ground" in words(figure).replace("\n", " ")
    with pytest.raises(UndefinedMeasurement):
        plot.contact_sheet([flat(lake(300.0))], scale_bar=True)
    assert not by_gid(plot.contact_sheet([lake(300.0)], scale_bar=False), "scale bar")


def test_a_large_mask_is_drawn_true_to_area():
    grid = utm_grid(size_px=2500)
    pixels = np.zeros(grid.shape, bool)
    pixels[:, ::25] = True
    figure = plot.contact_sheet([Mask(pixels, np.ones(grid.shape, bool), grid, "water")] * 2, width="one")
    drawn = rasters(figure)[0]
    assert max(drawn.shape) <= 1200
    plain = (drawn[..., :3] == 245).all(axis=-1).mean()
    assert 1 - plain == pytest.approx(0.04, abs=0.002)
    assert "250,000 of 6,250,000 observed pixels (4.0 %)" in plot.describe(figure)


@pytest.mark.parametrize(("columns", "width"), [(None, "one"), (None, "two"), (1, "one"), (5, "two"), (2, 80)])
def test_nothing_overlaps(columns, width):
    stack, masks = stack_and_masks((300.0, 200.0, 100.0))
    long = [replace(m, label="a long free label of something") for m in masks]
    assert_readable(plot.contact_sheet(chain_of(*long), stack, columns=columns, width=width))


@pytest.mark.parametrize("given", [[], chain_of(), Answer("q", "failed", "t")])
def test_nothing_to_show_is_refused(given):
    with pytest.raises(InputError, match="no mask"):
        plot.contact_sheet(given)


def test_what_does_not_fit_together_is_refused():
    other = lake(100.0, grid=utm_grid(size_px=40))
    with pytest.raises(InputError, match="different grids"):
        plot.contact_sheet([lake(100.0), other])
    with pytest.raises(InputError, match="the images on"):
        plot.contact_sheet([other], stack_and_masks()[0])
    with pytest.raises(InputError, match="not a str"):
        plot.contact_sheet(["mask"])
    with pytest.raises(InputError, match="columns, not 0"):
        plot.contact_sheet([lake(100.0)], columns=0)
    with pytest.raises(TooLarge, match="53"):
        plot.contact_sheet([lake(100.0)] * 53)
