"""The middle of a run, on a lake of known size: masks by script, numbers by geometry."""

import math

import numpy as np
import pytest

from terrascope_sdk.errors import GroundingError, NotVisible, UndefinedMeasurement
from terrascope_sdk.plan.checking import check_plan
from terrascope_sdk.plan.grounding import ground_plan
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.measuring import measure_plan
from terrascope_sdk.plan.wording import answer_sentences
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac.footprint import grid_outline
from terrascope_sdk.testing import ScriptedReasoner, disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import Aoi, GroundRequest, Mask, Step

GRID = utm_grid(size_px=100)
AOI = Aoi(grid_outline(GRID))
WHOLE_M2 = 1000.0**2


def plan(*steps, answer, windows=("only",)):
    times = [{"name": w, "time": str(2020 + i)} for i, w in enumerate(windows)]
    finds = [{"op": "find", "id": f"f_{w}", "sensor": "any", "window": w} for w in windows]
    base = [*finds, {"op": "load", "id": "s", "scenes": [f["id"] for f in finds]}]
    return Plan.parse(
        {"question": "?", "windows": times, "steps": [*base, *steps], "answer": [{"step": a} for a in answer]}
    )


def ground(step_id, concept="water", window="only", **fields):
    return {"op": "ground", "id": step_id, "stack": "s", "concept": concept, "window": window} | fields


class Lakes:
    """Sees the lake on each date with the radius it was given; counts how often it is asked."""

    name = "lakes"

    def __init__(self, radii, sees=("optical", "sar")):
        self.radii, self.sees, self.asked = radii, sees, 0

    def unseen(self, stack, request):
        return None if request.sensor in self.sees else f"{request.sensor} cannot show {request.concept}."

    def ground(self, stack, request: GroundRequest):
        self.asked += 1
        made = disc_mask(GRID, radius_m=self.radii[request.when])
        series = stack.series(request.sensor)
        date = series.acquired[request.when]
        mask = Mask(made.pixels, series.valid[request.when], GRID, request.concept, date, request.sensor)
        yield Step("ground", f"{request.concept} with {request.sensor}", mask)


def look(a_plan, reasoner, tmp_path, *, radii=(200.0,), sensors=("optical", "sar"), windows=("only",), **stack_fields):
    stack = lake_stack(tuple(radii), grid=GRID, sensors=sensors, **stack_fields)
    by_window = {w: {s: f"{s}-{i}" for s in sensors} for i, w in enumerate(windows)}
    return ground_plan(a_plan, stack, by_window, reasoner=reasoner, workspace=Workspace(tmp_path))


def test_area_and_share_of_a_known_lake(tmp_path):
    asked = plan(
        ground("m"), {"op": "share", "id": "p", "mask": "m"}, {"op": "area", "id": "a", "mask": "m"}, answer=["p", "a"]
    )
    found = look(asked, Lakes([200.0]), tmp_path)
    numbers, _ = measure_plan(asked, found.masks, AOI)
    truth = math.pi * 200**2
    assert numbers["a"][0].value == pytest.approx(truth, rel=1e-2)
    assert numbers["p"][0].value == pytest.approx(truth / WHOLE_M2, rel=1e-2)
    assert numbers["a"][0].observed_frac == pytest.approx(1)
    text = " ".join(answer_sentences(asked, numbers, found.masks))
    assert "Open water covers 12.6 % of the observed area" in text
    assert "12.65 ha" in text
    assert "not bias-adjusted" in text


def test_the_other_sensor_takes_a_second_look_that_counts_as_independent(tmp_path):
    asked = plan(ground("m"), {"op": "area", "id": "a", "mask": "m"}, answer=["a"])
    found = look(asked, Lakes([200.0]), tmp_path)
    assert found.masks["m"].sensor == "optical"
    assert [m.sensor for m in found.second["m"]] == ["sar"]
    checks = check_plan(asked, found.masks, found.second, AOI)
    agreement = next(c for c in checks if c.independent)
    assert agreement.passed


def test_the_sensor_that_can_see_serves(tmp_path):
    asked = plan(ground("m"), {"op": "area", "id": "a", "mask": "m"}, answer=["a"])
    found = look(asked, Lakes([200.0], sees=("sar",)), tmp_path)
    assert found.masks["m"].sensor == "sar"
    assert found.second == {}


def test_the_sensor_that_was_asked_for_serves(tmp_path):
    asked = plan(ground("m", sensor="sar"), {"op": "area", "id": "a", "mask": "m"}, answer=["a"])
    assert look(asked, Lakes([200.0]), tmp_path).masks["m"].sensor == "sar"


def test_radar_serves_where_clouds_hide_nearly_everything(tmp_path):
    asked = plan(ground("m"), {"op": "area", "id": "a", "mask": "m"}, answer=["a"])
    assert look(asked, Lakes([200.0]), tmp_path, clouded_frac=0.97).masks["m"].sensor == "sar"


def test_both_dates_of_a_comparison_are_seen_with_one_sensor(tmp_path):
    asked = plan(
        ground("m1", window="before"), ground("m2", window="after"),
        {"op": "change", "id": "c", "before": "m1", "after": "m2", "what": "net"},
        answer=["c"], windows=("before", "after"),
    )  # fmt: skip
    found = look(asked, Lakes([250.0, 200.0]), tmp_path, radii=(250.0, 200.0), windows=("before", "after"))
    assert {m.sensor for m in found.masks.values()} == {"optical"}
    numbers, checks = measure_plan(asked, found.masks, AOI)
    assert numbers["c"][0].value == pytest.approx(math.pi * (200**2 - 250**2), rel=1e-2)
    assert checks[0].name == "change beyond registration"
    (sentence, *_) = answer_sentences(asked, numbers, found.masks)
    assert sentence.startswith("Mapped open water shrank by")
    assert "36.0 % of its earlier area" in sentence
    assert "between 2020-06-01 and 2021-06-01" in sentence


def test_a_wrong_premise_is_said(tmp_path):
    asked = plan(
        ground("m1", window="before"), ground("m2", window="after"),
        {"op": "change", "id": "c", "before": "m1", "after": "m2", "what": "net", "direction": "loss"},
        answer=["c"], windows=("before", "after"),
    )  # fmt: skip
    found = look(asked, Lakes([200.0, 250.0]), tmp_path, radii=(200.0, 250.0), windows=("before", "after"))
    numbers, _ = measure_plan(asked, found.masks, AOI)
    (sentence, *_) = answer_sentences(asked, numbers, found.masks)
    assert sentence.startswith("It did not shrink: mapped open water grew by")


def test_gain_and_loss_over_the_earlier_area(tmp_path):
    asked = plan(
        ground("m1", window="before"), ground("m2", window="after"),
        {"op": "change", "id": "c", "before": "m1", "after": "m2", "what": "loss_share"},
        answer=["c"], windows=("before", "after"),
    )  # fmt: skip
    found = look(asked, Lakes([250.0, 200.0]), tmp_path, radii=(250.0, 200.0), windows=("before", "after"))
    numbers, _ = measure_plan(asked, found.masks, AOI)
    assert numbers["c"][0].name == "loss_share"
    assert numbers["c"][0].value == pytest.approx(0.36, abs=0.01)


def test_distance_contact_order_and_number(tmp_path):
    lake, wood = disc_mask(GRID, radius_m=200), disc_mask(GRID, radius_m=300, label="vegetation")
    ring = wood.subtract(lake, label="vegetation")
    reasoner = ScriptedReasoner({"water": lake, "vegetation": ring})
    asked = plan(
        ground("w"), ground("v", "vegetation"),
        {"op": "distance", "id": "d", "a": "w", "b": "v"},
        {"op": "touches", "id": "t", "a": "w", "b": "v"},
        {"op": "rank", "id": "r", "masks": ["w", "v"]},
        {"op": "count", "id": "n", "mask": "w"},
        answer=["d", "t", "r", "n"],
    )  # fmt: skip
    found = look(asked, reasoner, tmp_path, sensors=("optical",))
    numbers, _ = measure_plan(asked, found.masks, AOI)
    assert numbers["d"][0].value == 0
    assert numbers["t"][0].value is True
    assert numbers["n"][0].value == 1
    assert numbers["r"][0].mask_ids == (ring.id,)
    sentences = answer_sentences(asked, numbers, found.masks)
    assert sentences[1].startswith("Yes: open water touches vegetation")
    assert sentences[2].startswith("Vegetation covers the larger area")
    assert sentences[3] == "1 separate region of open water was found."


def test_set_steps_make_masks_with_known_areas(tmp_path):
    small, large = disc_mask(GRID, radius_m=200), disc_mask(GRID, radius_m=300, label="vegetation")
    asked = plan(
        ground("w"), ground("v", "vegetation"),
        {"op": "union", "id": "u", "masks": ["w", "v"]},
        {"op": "intersect", "id": "i", "masks": ["w", "v"]},
        {"op": "subtract", "id": "d", "a": "v", "b": "w"},
        {"op": "complement", "id": "c", "mask": "w"},
        {"op": "area", "id": "a1", "mask": "u"}, {"op": "area", "id": "a2", "mask": "i"},
        {"op": "area", "id": "a3", "mask": "d"}, {"op": "area", "id": "a4", "mask": "c"},
        {"op": "share", "id": "p", "mask": "w", "of": "v"},
        answer=["a1", "a2", "a3", "a4", "p"],
    )  # fmt: skip
    found = look(asked, ScriptedReasoner({"water": small, "vegetation": large}), tmp_path, sensors=("optical",))
    numbers, _ = measure_plan(asked, found.masks, AOI)
    areas = {name: numbers[name][0].value for name in ("a1", "a2", "a3", "a4")}
    inner, outer = math.pi * 200**2, math.pi * 300**2
    assert areas == pytest.approx({"a1": outer, "a2": inner, "a3": outer - inner, "a4": WHOLE_M2 - inner}, rel=1e-2)
    assert numbers["p"][0].value == pytest.approx(inner / outer, rel=1e-2)
    assert "vegetation" in numbers["p"][0].subject


def test_a_region_that_is_not_there_is_said(tmp_path):
    asked = plan(
        ground("w"),
        {"op": "region", "id": "r1", "mask": "w", "rank": 1}, {"op": "region", "id": "r2", "mask": "w", "rank": 2},
        {"op": "distance", "id": "d", "a": "r1", "b": "r2"},
        answer=["d"],
    )  # fmt: skip
    with pytest.raises(UndefinedMeasurement, match="1 connected region"):
        look(asked, Lakes([200.0]), tmp_path)


def test_what_cannot_be_seen_ends_the_run_with_the_reason(tmp_path):
    asked = plan(ground("m"), {"op": "area", "id": "a", "mask": "m"}, answer=["a"])
    with pytest.raises(NotVisible, match="optical cannot show water"):
        look(asked, Lakes([200.0], sees=()), tmp_path)


def test_what_is_optional_is_left_out_with_the_reason(tmp_path):
    lake = disc_mask(GRID, radius_m=200)
    asked = plan(
        ground("w", optional=True), ground("b", "bare", optional=True),
        {"op": "rank", "id": "r", "masks": ["w", "b"]},
        answer=["r"],
    )  # fmt: skip
    found = look(asked, ScriptedReasoner({"water": lake}), tmp_path)
    assert list(found.left_out) == ["b"]
    with pytest.raises(UndefinedMeasurement, match="only 1 could be mapped"):
        measure_plan(asked, found.masks, AOI)


def test_a_reasoner_without_a_mask_is_an_error(tmp_path):
    class Mute(Lakes):
        def ground(self, stack, request):
            yield Step("text", "I see nothing.")

    asked = plan(ground("m"), {"op": "area", "id": "a", "mask": "m"}, answer=["a"])
    with pytest.raises(GroundingError, match="made no mask"):
        look(asked, Mute([200.0]), tmp_path)


def test_nothing_is_mapped_twice(tmp_path):
    asked = plan(ground("m"), {"op": "area", "id": "a", "mask": "m"}, answer=["a"])
    reasoner = Lakes([200.0])
    first = look(asked, reasoner, tmp_path)
    second = look(asked, reasoner, tmp_path)
    assert reasoner.asked == 2  # once for each sensor
    assert first.masks == second.masks
    assert [s.text for s in first.steps] == [s.text for s in second.steps]


def test_an_empty_lake_has_no_distance(tmp_path):
    blank = np.zeros(GRID.shape, bool)
    empty = Mask(blank, ~blank, GRID, "water")
    reasoner = ScriptedReasoner({"water": empty, "vegetation": disc_mask(GRID, radius_m=300, label="vegetation")})
    asked = plan(
        ground("w"), ground("v", "vegetation"), {"op": "distance", "id": "d", "a": "w", "b": "v"}, answer=["d"]
    )
    found = look(asked, reasoner, tmp_path, sensors=("optical",))
    with pytest.raises(UndefinedMeasurement):
        measure_plan(asked, found.masks, AOI)
    size = plan(ground("w"), {"op": "area", "id": "a", "mask": "w"}, answer=["a"])
    numbers, _ = measure_plan(size, {"w": empty}, AOI)
    assert answer_sentences(size, numbers, {"w": empty})[0] == "No open water was found in the observed area."


@pytest.mark.parametrize(
    ("radius", "first", "told"), [(450.0, "largest", True), (200.0, "largest", False), (450.0, "smallest", False)]
)
def test_an_order_with_classes_left_out_is_told_only_where_they_cannot_upset_it(tmp_path, radius, first, told):
    masks = {"water": disc_mask(GRID, radius_m=radius), "snow": disc_mask(GRID, radius_m=50, label="snow")}
    asked = plan(
        *(ground(c, c, optional=True) for c in ("water", "snow", "bare")),
        {"op": "rank", "id": "r", "masks": ["water", "snow", "bare"], "first": first},
        answer=["r"],
    )
    found = look(asked, ScriptedReasoner(masks), tmp_path, sensors=("optical",))
    if told:
        numbers, _ = measure_plan(asked, found.masks, AOI)
        assert numbers["r"][0].mask_ids == (masks["water"].id,)
    else:
        with pytest.raises(UndefinedMeasurement, match="cannot be told"):
            measure_plan(asked, found.masks, AOI)
