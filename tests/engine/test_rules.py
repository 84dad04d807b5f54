"""What is declined, and why: every reason is a sentence, and `ground` raises it."""

from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import InputError, NotVisible
from terrascope_sdk.testing import lake_stack, utm_grid
from terrascope_sdk.types import GroundRequest, ImageStack
from terrascope_sdk.types.concepts import vocabulary
from tests.engine.painting import grounded, optical, sar

REASONER = IndexReasoner()
BOTH = lake_stack((300.0, 250.0))
BLIND = optical({"forest": 1.0})
BLIND = replace(BLIND, optical=replace(BLIND.optical, valid=np.zeros_like(BLIND.optical.valid)))
STACKS = {
    "both": BOTH,
    "optical": optical({"water": 0.3, "forest": 0.7}),
    "radar": sar({"water": 0.3, "land": 0.7}, levels_db={"water": (-20.0, -27.0), "land": (-9.0, -16.0)}),
    "display": optical({"water": 0.3, "forest": 0.7}, quantity="display"),
    "colour photo": optical({"forest": 1.0}, bands=("red", "green", "blue"), quantity="display"),
    "clouded": BLIND,
}


@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS.keys())
@pytest.mark.parametrize("sensor", ["optical", "sar"])
@pytest.mark.parametrize("concept", list(vocabulary))
def test_what_is_unseen_is_raised_and_what_is_not_is_shown(stack, sensor, concept):
    before = 0 if vocabulary[concept].dates > 1 else None
    series = stack.optical if sensor == "optical" else stack.sar
    when = 1 if before == 0 and series is not None and len(series) > 1 else 0
    request = GroundRequest(concept, sensor, when, before)
    reason = REASONER.unseen(stack, request)
    if reason is None:
        assert list(REASONER.ground(stack, request))[-1].mask.label == concept
        return
    assert reason[0].isupper()
    assert reason.endswith(".")
    with pytest.raises(NotVisible) as raised:
        list(REASONER.ground(stack, request))
    assert str(raised.value).startswith(reason)
    assert "These pixels can show" in raised.value.hint


@pytest.mark.parametrize(
    ("stack", "concept", "sensor", "says"),
    [
        ("both", "tree", "optical", "cannot tell tree cover from other plants"),
        ("both", "crop", "optical", "vegetation as a whole"),
        ("both", "wetland", "optical", "cannot tell herbaceous wetland"),
        ("both", "developed", "optical", "same index values"),
        ("both", "bare", "optical", "cannot tell bare ground from built-up land"),
        ("both", "building", "optical", "need pixels of 2 m or finer; these measure 10 m"),
        ("both", "road", "sar", "need pixels of 5 m or finer; these measure 10 m"),
        ("both", "cloud", "optical", "quality band"),
        ("both", "snow", "sar", "dry snow"),
        ("both", "vegetation", "sar", "Radar alone cannot show vegetation"),
        ("both", "burned", "sar", "Radar alone cannot show burn scars"),
        ("optical", "water", "sar", "no sar pixels, only optical"),
        ("radar", "water", "optical", "no optical pixels, only sar"),
        ("display", "snow", "optical", "display values"),
        ("display", "burned", "optical", "display values"),
        ("colour photo", "water", "optical", "band nir is missing; open water needs green and nir"),
        ("colour photo", "vegetation", "optical", "band nir is missing"),
        ("clouded", "water", "optical", "On 2021-07-01 not one pixel"),
        ("both", "burned", "optical", "needs an earlier date"),
    ],
)
def test_the_reason_is_the_right_one(stack, concept, sensor, says):
    assert says in REASONER.unseen(STACKS[stack], GroundRequest(concept, sensor, 0))


def test_fine_pixels_do_not_make_buildings_visible_to_indices():
    fine = optical({"roof": 1.0}, grid=utm_grid(size_px=20, pixel_m=0.5))
    assert "outlines" in REASONER.unseen(fine, GroundRequest("building", "optical"))
    assert "course of roads" in REASONER.unseen(fine, GroundRequest("road", "optical"))


def test_pixels_without_a_georeference_are_no_obstacle():
    stack = optical({"water": 0.3, "forest": 0.7})
    grid = replace(stack.grid, crs=None)
    stack = ImageStack(grid, replace(stack.optical, grid=grid))
    assert grounded(REASONER, stack, "water")[-1].mask.pixels.any()
    assert "outlines" in REASONER.unseen(stack, GroundRequest("building", "optical"))


def test_every_missing_band_is_named():
    stack = optical({"forest": 1.0}, bands=("blue", "red"))
    assert "bands green and swir16 are missing" in REASONER.unseen(stack, GroundRequest("water", "optical"))
    assert "bands green and nir and swir16 are missing" in REASONER.unseen(stack, GroundRequest("snow", "optical"))
    assert "bands nir and swir22 are" in REASONER.unseen(stack, GroundRequest("burned", "optical"))


def test_a_polarisation_nobody_knows_a_limit_for_is_a_missing_band():
    stack = sar({"a": 1.0}, levels_db={"a": (-9.0,)}, bands=("hh",))
    assert "band vv is missing" in REASONER.unseen(stack, GroundRequest("water", "sar"))


def test_the_earlier_date_must_be_earlier():
    for when, before in ((0, 1), (1, 1)):
        reason = REASONER.unseen(BOTH, GroundRequest("burned", "optical", when, before))
        assert "must come before" in reason


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (GroundRequest("kelp", "optical"), "not in the vocabulary"),
        (GroundRequest("water", "optical", 2), "no date 2"),
        (GroundRequest("water", "sar", -1), "no date -1"),
        (GroundRequest("burned", "optical", 1, 7), "no date 7"),
    ],
)
def test_what_does_not_exist_is_an_error_of_the_caller(request_, says):
    with pytest.raises(InputError, match=says):
        REASONER.unseen(BOTH, request_)


def test_the_hint_names_what_can_be_shown_and_no_more():
    with pytest.raises(NotVisible) as raised:
        grounded(REASONER, STACKS["optical"], "tree")
    assert raised.value.hint == "These pixels can show: open water, vegetation, snow and ice."  # one date: no burn scar
    with pytest.raises(NotVisible) as raised:
        grounded(REASONER, BOTH, "tree")
    assert raised.value.hint.endswith("burn scar.")
    with pytest.raises(NotVisible) as raised:
        grounded(REASONER, STACKS["colour photo"], "water")
    assert "none of the concepts" in raised.value.hint
