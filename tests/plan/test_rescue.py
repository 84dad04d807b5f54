"""Where clouds hide much of an optical image, radar shows what lies under them, and it is said which pixel is whose."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from terrascope_sdk.errors import NotVisible
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.rescue import HIDDEN_FRAC, radar_days, rescues, rescuing
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.testing import lake_stack, utm_grid
from terrascope_sdk.types import GroundRequest, ImageStack, Mask, Step
from tests.plan.test_stages import PLAN, state_with

GRID = utm_grid(size_px=24)
OPTICAL = GroundRequest("water", "optical", 0)


class Halves:
    """Optical water is the upper half, radar water the left half, wherever the sensor saw the ground."""

    name = "halves"

    def __init__(self, blind=()):
        self.blind = blind

    def unseen(self, stack, request):
        return "it is blind" if request.sensor in self.blind else None

    def reason(self, stack, question):
        raise NotImplementedError

    def ground(self, stack, request):
        if request.sensor == "sar" and "late" in self.blind:
            raise NotVisible("The radar image is too rough.")
        series = stack.series(request.sensor)
        water = np.zeros(stack.grid.shape, bool)
        if request.sensor == "optical":
            water[:12] = True
        else:
            water[:, :12] = True
        mask = Mask(
            water, series.valid[request.when], stack.grid, "water", series.acquired[request.when], request.sensor
        )
        return iter([Step("text", "look"), Step("ground", "water", mask)])


def clouded(frac, *, gap_days=2.0, sensors=("optical", "sar")):
    """A stack whose lower rows are under clouds, and a radar pass some days later."""
    stack = lake_stack((60.0,), grid=GRID, sensors=sensors)
    valid = np.ones((1, *GRID.shape), bool)
    valid[:, 24 - round(24 * frac) :] = False
    optical = replace(stack.optical, valid=valid)
    if stack.sar is None:
        return ImageStack(GRID, optical)
    return ImageStack(GRID, optical, replace(stack.sar, acquired=(optical.acquired[0] + timedelta(days=gap_days),)))


def plan(question="How much water is there?", sensor=None):
    steps = [s | ({"sensor": sensor} if s["op"] == "ground" else {}) for s in PLAN.to_json()["steps"]]
    return Plan.parse(PLAN.to_json() | {"question": question, "steps": steps})


def looked(stack, given=None, **fields):
    return list(rescuing(Halves(**fields), given or plan()).ground(stack, OPTICAL))


def test_each_pixel_is_of_the_sensor_that_saw_it():
    steps = looked(clouded(0.5))
    mask = steps[-1].mask
    expected = np.zeros(GRID.shape, bool)
    expected[:12] = True  # optical saw the upper half, all of it water
    expected[12:, :12] = True  # radar tells the lower one
    assert np.array_equal(mask.pixels, expected)
    assert mask.valid.all()
    assert mask.sensor == "optical+sar"
    told = rescues(steps)
    assert len(told) == 1
    assert "50% of the pixels come from optical, 50% from radar, 0% from neither" in told[0]
    assert "2.9 ha by optical and 1.4 ha by radar" in told[0]  # 288 and 144 pixels of 100 m2


@pytest.mark.parametrize("frac", [0.0, HIDDEN_FRAC / 2])
def test_few_clouds_change_nothing(frac):
    steps = looked(clouded(frac))
    assert steps[-1].mask.sensor == "optical"
    assert rescues(steps) == []


@pytest.mark.parametrize(
    ("question", "gap", "joined"),
    [
        ("How much water is there?", 11.9, True),
        ("How much water is there?", 12.1, False),
        ("How much was flooded?", 2.9, True),
        ("How much was flooded?", 3.1, False),
        ("Wie viel war überschwemmt?", 3.1, False),
    ],
)
def test_radar_lies_within_three_days_of_a_flood_and_twelve_of_all_else(question, gap, joined):
    assert radar_days(plan(question)) == (12.0 if question.startswith("How much water") else 3.0)
    assert bool(rescues(looked(clouded(0.5, gap_days=gap), plan(question)))) is joined
    assert bool(rescues(looked(clouded(0.5, gap_days=-gap), plan(question)))) is joined


def test_a_sensor_that_is_asked_for_stays_alone():
    reasoner = Halves()
    assert rescuing(reasoner, plan(sensor="optical")) is reasoner


def test_radar_that_cannot_see_it_or_is_not_there_joins_nothing():
    assert rescues(looked(clouded(0.5), blind=("sar",))) == []
    assert rescues(looked(clouded(0.5, sensors=("optical",)))) == []
    assert looked(clouded(0.5), blind=("late",))[-1].text.startswith("Radar could not look")


def test_radar_that_saw_only_a_part_leaves_the_rest_unobserved():
    stack = clouded(0.5)
    seen = np.ones((1, *GRID.shape), bool)
    seen[:, :, :6] = False
    steps = looked(ImageStack(GRID, stack.optical, replace(stack.sar, valid=seen)))
    assert steps[-1].mask.valid.sum() == 12 * 24 + 12 * 18
    assert "12% from neither" in rescues(steps)[0]


def test_the_answer_says_which_pixels_came_from_which_sensor(tmp_path):
    stages = Stages(workspace=Workspace(tmp_path), reasoner=Halves())
    stack = clouded(0.5)
    state = state_with(stages, stack)
    chosen = stages.workspace.load_document(state["scenes"])
    chosen["by_window"] = {"only": {"optical": stack.optical.scene_ids[0][0], "sar": stack.sar.scene_ids[0][0]}}
    state["scenes"] = stages.workspace.save_document("scenes", chosen)
    for name in ("reason", "measure", "check", "answer"):
        state = state | stages.run(name, state)
    answer = stages.read_answer(state["answer"])
    assert answer.status == "answered"
    assert answer.measurements[0].value == pytest.approx((288 + 144) * 100, rel=0.01)
    assert any("come from optical" in w for w in answer.warnings)
    assert "from radar" in answer.text
    assert {m.sensor for m in answer.masks} == {"optical", "sar", "optical+sar"}
