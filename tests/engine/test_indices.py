from dataclasses import replace

import numpy as np
import pytest

import terrascope_sdk as ts
from terrascope_sdk.engine.finding import percent
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import GroundingError, NotVisible
from terrascope_sdk.testing import lake_stack
from terrascope_sdk.types import GroundRequest, Reasoner, ReasoningChain
from tests.engine.painting import grounded, optical, sar, share_of

REASONER = IndexReasoner()
LAKE = lake_stack((300.0, 200.0))


def test_it_is_a_reasoner():
    assert isinstance(REASONER, Reasoner)
    assert REASONER.name == f"index-reasoner {ts.__version__}"
    assert ts.IndexReasoner is IndexReasoner


@pytest.mark.parametrize("sensor", ["optical", "sar"])
@pytest.mark.parametrize(("when", "radius_m"), [(0, 300.0), (1, 200.0)])
def test_a_round_lake_has_its_true_area(sensor, when, radius_m):
    mask = grounded(REASONER, LAKE, "water", sensor, when)[-1].mask
    area_m2 = float((mask.pixels * mask.grid.pixel_area_m2).sum())
    off_edge_m = 0.0 if sensor == "optical" else 0.8 * 10  # averaging moves the radar's edge by most of a pixel
    assert area_m2 == pytest.approx(np.pi * (radius_m - off_edge_m) ** 2, rel=0.02)
    assert mask.date == LAKE.series(sensor).acquired[when]


def test_a_mask_takes_two_to_four_steps_and_only_the_last_carries_it():
    for concept, sensor in (("water", "optical"), ("water", "sar"), ("vegetation", "optical"), ("snow", "optical")):
        steps = grounded(REASONER, LAKE, concept, sensor)
        assert 2 <= len(steps) <= 4
        assert [s.kind for s in steps] == ["text"] * (len(steps) - 1) + ["ground"]
        assert [s.mask is not None for s in steps] == [False] * (len(steps) - 1) + [True]
        last = steps[-1]
        assert last.method
        assert "doi" in last.reference
        assert last.mask.probability is None
        assert f"{LAKE.series(sensor).acquired[0]:%Y-%m-%d}" in steps[0].text


def test_the_steps_come_one_by_one():
    steps = REASONER.ground(LAKE, GroundRequest("water", "optical"))
    assert next(steps).kind == "text"


def test_the_share_in_the_text_is_that_of_the_mask():
    last = grounded(REASONER, optical({"water": 0.25, "forest": 0.75}), "water")[-1]
    assert share_of(last.mask) == 0.25
    assert "25 % of the observed pixels" in last.text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (2e-5, "under 0.01 %"),
        (0.00123, "0.12 %"),
        (0.0312, "3.1 %"),
        (0.0996, "10 %"),
        (0.267, "27 %"),
        (1.0, "100 %"),
    ],
)
def test_percentages_keep_two_figures(share, text):
    assert percent(share) == text


def test_the_same_pixels_give_the_same_masks():
    question = "How much water and vegetation is there?"
    assert REASONER.reason(LAKE, question).id == IndexReasoner().reason(lake_stack((300.0, 200.0)), question).id


def test_it_looks_at_every_sensor_and_date_that_can_show_a_concept():
    chain = REASONER.reason(LAKE, "How much of the lake is left, and how much greenery?")
    seen = [(m.label, m.sensor, m.date) for m in chain.masks]
    optical_dates, sar_dates = LAKE.optical.acquired, LAKE.sar.acquired
    assert seen == [
        *(("water", "optical", d) for d in optical_dates),
        *(("water", "sar", d) for d in sar_dates),
        *(("vegetation", "optical", d) for d in optical_dates),
    ]
    assert chain.claim == ""
    assert chain.reasoner == REASONER.name
    assert chain.stack_id == LAKE.id


def test_a_concept_named_twice_is_looked_for_once():
    chain = REASONER.reason(LAKE, "Is the lake larger than the river?")
    assert sum(step.kind == "ground" for step in chain) == 4


def test_a_burn_scar_is_sought_between_neighbouring_dates():
    green, black = {"forest": 0.6, "soil": 0.4}, {"char": 0.6, "soil": 0.4}
    chain = REASONER.reason(optical(green, green, black), "Where is the burn scar?")
    assert [bool(m.pixels.any()) for m in chain.masks] == [False, True]


def test_what_cannot_be_shown_is_said_beside_what_can():
    chain = REASONER.reason(LAKE, "How much forest is there beside the lake?")
    assert "cannot tell tree cover" in chain.steps[0].text
    assert {m.label for m in chain.masks} == {"water"}


def test_an_undecided_date_is_said_and_the_others_go_on():
    stack = optical({"water": 0.3, "forest": 0.7}, {"forest": 1.0}, quantity="display")
    chain = REASONER.reason(stack, "How much water?")
    assert len(chain.masks) == 1
    assert "2021-07-31" in chain.steps[-1].text
    assert "Undecided" in chain.steps[-1].text


def test_nothing_visible_is_an_error_with_the_reasons():
    with pytest.raises(NotVisible, match="cannot tell tree cover") as raised:
        REASONER.reason(LAKE, "Is there more forest than farmland?")
    assert "cropland" in str(raised.value)
    with pytest.raises(NotVisible, match="names nothing"):
        REASONER.reason(LAKE, "What is this?")


def test_nothing_decided_is_an_error_too():
    with pytest.raises(GroundingError, match="Undecided") as raised:
        REASONER.reason(optical({"forest": 1.0}, quantity="display"), "How much water?")
    assert not isinstance(raised.value, NotVisible)


def test_a_chain_comes_back_from_json():
    stack = sar({"water": 0.3, "land": 0.7}, levels_db={"water": (-20.0, -27.0), "land": (-9.0, -16.0)}, size_px=60)
    chain = REASONER.reason(stack, "How much water?")
    assert ReasoningChain.from_json(chain.to_json()) == chain


def test_partly_clouded_scenes_state_what_was_seen():
    stack = lake_stack((300.0,), clouded_frac=0.25)
    last = grounded(REASONER, stack, "vegetation")[-1]
    assert last.mask.valid.mean() == pytest.approx(0.75)
    assert (last.mask.valid == stack.optical.valid[0]).all()


def test_the_input_is_left_as_it_was():
    before = LAKE.optical.pixels.copy()
    grounded(REASONER, LAKE, "water")
    assert np.array_equal(before, LAKE.optical.pixels, equal_nan=True)
    assert replace(LAKE).id == LAKE.id
