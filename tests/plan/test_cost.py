"""What a plan would cost is known before anything is loaded, and grows with what it does."""

import pytest

from terrascope_sdk.plan.choosing import choose_scenes
from terrascope_sdk.plan.cost import Cost, estimate_cost
from terrascope_sdk.plan.rules import plan_question
from terrascope_sdk.stac import load, resolve_aoi

NETWORK, RULES = "compact", "index-rules"


@pytest.fixture(scope="module")
def place():
    return resolve_aoi("spain")


def cost_of(question, place, reasoner=NETWORK):
    plan = plan_question(question, aoi=place).plan
    return estimate_cost(plan, choose_scenes(plan, place), place, reasoner_name=reasoner)


def test_bundled_scenes_cost_no_download_and_the_memory_that_loading_takes(place):
    cost = cost_of("What share of the scene is water?", place)
    plan = plan_question("What share of the scene is water?", aoi=place).plan
    stack = load(choose_scenes(plan, place).scenes, aoi=place)
    held = sum(series.pixels.nbytes + series.valid.nbytes for s in stack.sensors for series in [stack.series(s)])
    assert cost.download_bytes == 0
    assert 0.5 < cost.memory_bytes / held < 2
    assert 0.9 < cost.pixels / (stack.grid.height * stack.grid.width) < 1.1


def test_more_masks_and_more_images_cost_more(place):
    one = cost_of("How many hectares of water are there?", place)
    two = cost_of("Which is larger, water or forest?", place)
    assert two.reasoning_s > one.reasoning_s > 0
    assert two.scenes == one.scenes


def test_a_network_costs_more_than_rules_and_needs_room_for_its_weights(place):
    slow, fast = (cost_of("How many hectares of water are there?", place, r) for r in (NETWORK, RULES))
    assert slow.reasoning_s > 5 * fast.reasoning_s
    assert slow.device_memory_bytes > fast.device_memory_bytes


def test_a_cost_reads_back_and_says_what_it_assumes(place):
    cost = cost_of("What share of the scene is water?", place)
    assert Cost.from_json(cost.to_json()) == cost
    assert "mask" in str(cost)
    assert "two CPU threads" in str(cost)
    assert cost.seconds == cost.download_s + cost.reasoning_s
