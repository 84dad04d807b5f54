"""A plan by hand over many dates: a trend, files, a run again that computes nothing, an edit that reruns downstream."""

import csv
import json
from pathlib import Path

import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import ExportError
from terrascope_sdk.export import read_mask
from terrascope_sdk.plan.execute import execute
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.outputs import export_plan
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.plan.workspace import Workspace

TEXT = """
question "How did the share of water develop, and how much land lies near it?"
aoi "pucallpa"
window all = 1985/2020, each
f1 = find(optical, all)
i1 = load([f1])
m1 = ground(i1, water, all)
b1 = buffer(m1, 300)
d1 = subtract(b1, m1)
p1 = components(m1, 50000)
s1 = share(m1)
a1 = area(d1)
l1 = length(p1)
t1 = trend([s1])
e1 = export([t1, a1], csv)
e2 = export([p1], geotiff)
answer t1
answer a1 in km2
planner "hand" 1.0
"""


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    return Stages(workspace=Workspace(tmp_path_factory.mktemp("workspace")), reasoner=IndexReasoner())


@pytest.fixture(scope="module")
def answer(stages):
    return execute(Plan.from_text(TEXT), stages=stages)


def test_a_trend_over_five_dates_has_a_slope_with_its_interval(answer):
    slope, *values = answer.measurements[:6]
    assert (slope.name, slope.unit, slope.interval) == ("trend", "1 year-1", "trend")
    assert slope.low < slope.value < slope.high
    assert len(values) == 5
    assert "percentage points a year" in answer.text
    assert "1985-07-02: " in answer.text
    assert [m.unit for m in answer.measurements[6:11]] == ["m2"] * 5


def test_files_lie_in_the_workspace_and_read_back(answer, stages):
    folder = stages.workspace.folder / "exports" / answer.provenance.ids["plan"]
    rows = list(csv.DictReader((folder / "e1.csv").read_text().splitlines()))
    assert {r["step"] for r in rows} == {"t1", *(f"a1_{y}" for y in (1985, 1995, 2005, 2015, 2020))}
    assert float(rows[0]["value"]) == answer.measurements[0].value
    mask = read_mask(folder / "p1_2020.tif")
    assert mask.pixels.any()
    assert sorted(p.name for p in folder.iterdir() if p.suffix == ".tif") == [
        f"p1_{y}.tif" for y in (1985, 1995, 2005, 2015, 2020)
    ]


def computed(stages, plan):
    """Run a plan by its stages and return which steps were computed."""
    from terrascope_sdk.plan.run_state import RunState
    from terrascope_sdk.plan.stages import STAGES
    from terrascope_sdk.stac import resolve_aoi

    state = RunState(question=plan.question, aoi=resolve_aoi(plan.aoi).to_json(), warnings=[], plan=plan.to_json())
    for name in STAGES[STAGES.index("find") :]:
        state = state | stages.run(name, state)
    return state["computed"], state


def test_run_again_it_gives_the_same_and_computes_nothing(answer, stages):
    again = answer.plan.run()
    assert again.measurements == answer.measurements
    assert computed(stages, answer.plan.plan)[0] == []


def test_an_edited_step_and_what_hangs_on_it_run_again_and_nothing_else(answer, stages):
    edited = Plan.from_text(TEXT.replace("buffer(m1, 300)", "buffer(m1, 400)"))
    made, _ = computed(stages, edited)
    assert {name.partition("_")[0] for name in made} == {"b1", "d1", "a1"}
    assert len(made) == 15
    assert computed(stages, edited)[0] == []


def test_the_state_is_plain_json(stages):
    _, state = computed(stages, Plan.from_text(TEXT))
    assert json.loads(json.dumps(state, allow_nan=False)) == state


def test_what_was_left_out_is_not_written(stages):
    plan = Plan.from_text(TEXT)
    with pytest.raises(ExportError, match="'e1' cannot write t1, a1"):
        export_plan(plan, {}, {}, stages.workspace)


def test_a_comparison_states_both_and_the_difference(stages):
    text = """
question "q"
aoi "pucallpa"
window one = 1985
window two = 2020
f1 = find(optical, one)
f2 = find(optical, two)
i1 = load([f1, f2])
m1 = ground(i1, water, one)
m2 = ground(i1, water, two)
a1 = area(m1)
a2 = area(m2)
c1 = compare(a1, a2)
q1 = ask(i1, "How many hectares of water are there?")
j1 = export([c1], json)
answer c1 in km2
answer q1
planner "hand" 1.0
"""
    found = execute(Plan.from_text(text), stages=stages)
    difference, before, after = found.measurements[:3]
    assert difference.value == after.value - before.value
    assert difference.low == after.low - before.high
    assert before.text in found.text
    assert after.text in found.text
    assert len(found.chains) == 2
    assert "says, not measured" in found.text
    written = next(Path(stages.workspace.folder, "exports", found.provenance.ids["plan"]).glob("j1.json"))
    assert json.loads(written.read_text())["c1"][0]["value"] == difference.value


def test_in_an_empty_workspace_it_gives_the_same_numbers(answer, tmp_path):
    elsewhere = Stages(workspace=Workspace(tmp_path), reasoner=IndexReasoner())
    again = execute(answer.plan.plan, stages=elsewhere)
    assert again.measurements == answer.measurements
    assert again.text == answer.text


def test_the_plan_of_an_answer_draws_itself(answer):
    assert "<svg" in answer.plan._repr_html_()
    assert "m1_1985" in answer.plan._repr_html_()
