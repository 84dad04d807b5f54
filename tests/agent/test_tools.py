"""The tools themselves: right numbers, two kinds of errors, budgets, no way out of the workspace, safe in threads."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pydantic import ValidationError

from terrascope_sdk import measure
from terrascope_sdk.agent.tools import terrascope_tools
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import ExportError, InputError
from terrascope_sdk.plan.tool_budget import BudgetSpent, ToolBudget
from terrascope_sdk.plan.tool_calls import TOOLS, Toolbox
from terrascope_sdk.plan.tool_digest import MAX_TOKENS, tokens_of
from terrascope_sdk.plan.tool_errors import CallStopped
from terrascope_sdk.testing import disc_mask, utm_grid

FIX, FAILED = "Fix your arguments and call again:", "This failed, go on without it:"


@pytest.fixture(scope="module")
def toolbox(tmp_path_factory):
    return Toolbox(workspace=tmp_path_factory.mktemp("tools"), reasoner=IndexReasoner())


@pytest.fixture(scope="module")
def stack(toolbox):
    found = toolbox.call("find_imagery", {"aoi": "spain", "sensor": "optical"}).artifact
    return toolbox.call("load_imagery", {"imagery": found["imagery"], "scenes": [1]}).artifact["stack"]


@pytest.fixture(scope="module")
def water(toolbox, stack):
    return toolbox.call("ground_concept", {"stack": stack, "concept": "water"}).artifact["mask"]


@pytest.fixture(scope="module")
def tools(toolbox):
    return {t.name: t for t in terrascope_tools(workspace=toolbox.workspace, reasoner=IndexReasoner())}


def sent(tools, name, **args):
    return tools[name].invoke({"name": name, "args": args, "id": "1", "type": "tool_call"})


def test_step_by_step_gives_the_number_of_the_whole_question(toolbox, water):
    step = toolbox.call("measure_mask", {"quantity": "area", "mask": water, "unit": "ha"}).artifact
    whole = toolbox.call(
        "answer_question", {"question": "How many hectares of water are there?", "aoi": "spain", "sensor": "optical"}
    ).artifact
    assert step["measurements"][0]["value"] == whole["measurements"][0]["value"]
    assert whole["status"] == "answered"
    assert whole["masks"][0]["id"] == water
    assert whole["measurements"][0]["masks"] == [water]


def test_a_disc_has_the_area_of_its_circle(toolbox):
    mask = disc_mask(utm_grid(), radius_m=300)
    toolbox.workspace.save(mask)
    found = toolbox.call("measure_mask", {"quantity": "area", "mask": mask.id}).artifact["measurements"][0]
    assert found["unit"] == "m2"
    assert found["value"] == pytest.approx(np.pi * 300**2, rel=0.01)


def test_combined_masks_obey_their_algebra(toolbox):
    small, large = disc_mask(utm_grid(), radius_m=200), disc_mask(utm_grid(), radius_m=400)
    for mask in (small, large):
        toolbox.workspace.save(mask)

    def made(**args):
        return toolbox.workspace.load_mask(toolbox.call("combine_masks", args).artifact["mask"])

    ring = made(operation="subtract", masks=[large.id, small.id])
    assert measure.area(ring).value == pytest.approx(measure.area(large).value - measure.area(small).value)
    back = made(operation="union", masks=[ring.id, small.id])
    assert (back.pixels == large.pixels).all()
    assert not made(operation="intersect", masks=[ring.id, small.id]).pixels.any()
    grown = made(operation="buffer", masks=[small.id], distance_m=100)
    assert measure.area(grown).value == pytest.approx(np.pi * 300**2, rel=0.05)
    kept = made(operation="components", masks=[small.id], min_area_m2=1e6)
    assert not kept.pixels.any()
    share = toolbox.call("measure_mask", {"quantity": "share", "mask": small.id, "other": large.id})
    assert share.artifact["measurements"][0]["value"] == pytest.approx(0.25, rel=0.02)


def test_artifacts_are_plain_json_and_small_and_digests_short(toolbox, stack, water):
    results = [
        toolbox.call("ground_concept", {"stack": stack, "concept": "water"}),
        toolbox.call("ask_reasoner", {"stack": stack, "question": "What share is water?"}),
        toolbox.call("measure_mask", {"quantity": "count", "mask": water}),
        toolbox.call("answer_question", {"question": "What share is water?", "aoi": "spain"}),
    ]
    for result in results:
        text = json.dumps(result.artifact, allow_nan=False)
        assert json.loads(text) == result.artifact
        assert len(text) < 64 * 1024
        assert tokens_of(result.digest) <= MAX_TOKENS


def test_every_argument_is_described_with_its_unit():
    for spec in TOOLS:
        for name, field in spec.schema()["properties"].items():
            told = json.dumps(field)
            assert "description" in told or "$ref" in told, (spec.name, name)
            if name.endswith("_m"):
                assert "metres" in told
            if name.endswith("_m2"):
                assert "square metres" in told


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("find_imagery", {"aoi": "/etc/passwd.json"}),
        ("find_imagery", {"aoi": "../secret.geojson"}),
        ("find_imagery", {"aoi": "http://127.0.0.1/x.json"}),
        ("find_imagery", {"aoi": "spain", "catalog": "http://169.254.169.254"}),
        ("find_imagery", {"aoi": "spain", "time": "soon"}),
        ("load_imagery", {"imagery": "../../etc/passwd", "scenes": [1]}),
        ("load_imagery", {"imagery": "imagery-0123456789abcdef", "scenes": [1]}),
        ("ground_concept", {"stack": "stack-0123456789abcdef", "concept": "__import__('os')"}),
        ("measure_mask", {"quantity": "area", "mask": "mask-../../../../etc"}),
        ("measure_mask", {"quantity": "depth", "mask": "mask-0123456789abcdef"}),
        ("combine_masks", {"operation": "union", "masks": []}),
        ("export_result", {"what": ["mask-0123456789abcdef"], "format": "geotiff", "path": "/tmp/x"}),
        ("export_result", {"what": ["/etc/passwd"], "format": "json"}),
        ("answer_question", {"question": "x" * 5000}),
        ("run_plan", {"plan": {"question": "q", "steps": [{"id": "a", "op": "shell", "run": "ls"}], "answer": []}}),
        ("run_plan", {"plan": "not a plan"}),
    ],
)
def test_hostile_or_wrong_arguments_are_refused_and_can_be_repaired(tools, toolbox, name, args):
    before = sorted(toolbox.workspace.folder.rglob("*"))
    message = sent(tools, name, **args)
    assert message.status == "error"
    assert message.content.startswith(FIX)
    assert tokens_of(message.content) <= MAX_TOKENS
    assert sorted(toolbox.workspace.folder.rglob("*")) == before


def test_no_argument_and_no_plan_can_read_a_file_as_its_area(tools, toolbox, tmp_path, monkeypatch):
    secret = tmp_path / "area.geojson"
    secret.write_text(json.dumps({"type": "Point", "coordinates": [0, 0]}))
    plan = toolbox.call("answer_question", {"question": "What share is water?", "aoi": "spain"}).artifact["plan"]
    read = []
    monkeypatch.setattr("terrascope_sdk.types.Aoi.from_file", read.append)
    message = sent(tools, "run_plan", plan=plan | {"aoi": str(secret)})
    assert message.status == "error"
    assert message.content.startswith(FIX)
    for name, args in (("find_imagery", {}), ("answer_question", {"question": "What share is water?"})):
        assert sent(tools, name, aoi=str(secret), **args).content.startswith(FIX)
    assert read == []


def test_what_cannot_be_repaired_says_so(tools, stack):
    message = sent(tools, "ground_concept", stack=stack, concept="burned")
    assert message.status == "error"
    assert message.content.startswith(FAILED)


def test_exports_stay_in_the_export_folder(toolbox, water, tmp_path):
    result = toolbox.call("export_result", {"what": [water], "format": "geotiff"})
    folder = toolbox.workspace.folder / "exports"
    assert [f"exports/{p.name}" for p in folder.glob("*.tif")] == result.artifact["files"]
    assert str(toolbox.workspace.folder) not in result.digest
    other = Toolbox(workspace=tmp_path / "w")
    other.workspace.save(toolbox.workspace.load_mask(water))
    (tmp_path / "outside").mkdir()
    (tmp_path / "w" / "exports").symlink_to(tmp_path / "outside")
    with pytest.raises(ExportError, match="leads out"):
        other.call("export_result", {"what": [water], "format": "geotiff"})
    assert not list((tmp_path / "outside").iterdir())


def test_forms_that_do_not_fit_are_named(toolbox, stack, water):
    with pytest.raises(InputError, match="html is for answers"):
        toolbox.call("export_result", {"what": [water], "format": "html"})
    with pytest.raises(InputError, match="second mask"):
        toolbox.call("measure_mask", {"quantity": "distance", "mask": water})
    with pytest.raises(InputError, match="distance_m"):
        toolbox.call("combine_masks", {"operation": "buffer", "masks": [water]})
    with pytest.raises(InputError, match="no position 7"):
        toolbox.call("ground_concept", {"stack": stack, "concept": "water", "date": 7})


def test_a_budget_refuses_with_both_numbers_and_before_anything_is_loaded(tmp_path):
    few = Toolbox(workspace=tmp_path, reasoner=IndexReasoner(), budget=ToolBudget(calls=2, load_bytes=1_000_000))
    found = few.call("find_imagery", {"aoi": "spain"}).artifact["imagery"]
    with pytest.raises(BudgetSpent, match=r"to \d+\.\d MB, and 1\.0 MB"):
        few.call("load_imagery", {"imagery": found, "scenes": [1, 2]})
    assert not (tmp_path / "stack").exists()
    with pytest.raises(BudgetSpent, match="call 3, and 2"):
        few.call("find_imagery", {"aoi": "spain"})


def test_a_whole_question_is_charged_as_well(tmp_path):
    few = Toolbox(workspace=tmp_path, reasoner=IndexReasoner(), budget=ToolBudget(load_bytes=1_000_000))
    with pytest.raises(BudgetSpent, match=r"1\.0 MB are allowed"):
        few.call("answer_question", {"question": "What share is water?", "aoi": "spain"})
    assert not (tmp_path / "stack").exists()


def test_time_is_a_budget_too(tmp_path):
    slow = Toolbox(workspace=tmp_path, reasoner=IndexReasoner(), budget=ToolBudget(seconds=0.0))
    with pytest.raises(CallStopped, match="0 s are used up"):
        slow.call("answer_question", {"question": "What share is water?", "aoi": "spain"})
    with pytest.raises(InputError, match="-1"):
        ToolBudget(calls=-1)


def test_a_stopped_call_leaves_a_workspace_that_goes_on(tmp_path):
    asked = {"question": "What share is water?", "aoi": "spain"}
    events = []
    box = Toolbox(workspace=tmp_path, reasoner=IndexReasoner())
    with pytest.raises(CallStopped):
        box.call("answer_question", asked, on_event=events.append, stopped=lambda: len(events) > 4)
    assert not list(tmp_path.rglob("*.tmp"))
    again = box.call("answer_question", asked).artifact
    fresh = Toolbox(workspace=tmp_path / "fresh", reasoner=IndexReasoner()).call("answer_question", asked).artifact
    assert again["measurements"] == fresh["measurements"]


def test_parallel_calls_agree_with_calls_in_turn_and_look_once(tmp_path):
    class Counting(IndexReasoner):
        looks, inside, most, lock = 0, 0, 0, threading.Lock()

        def ground(self, stack, request):
            with self.lock:
                Counting.looks += 1
                Counting.inside += 1
                Counting.most = max(Counting.most, Counting.inside)
            yield from super().ground(stack, request)
            with self.lock:
                Counting.inside -= 1

    box = Toolbox(workspace=tmp_path, reasoner=Counting())
    found = box.call("find_imagery", {"aoi": "spain"}).artifact["imagery"]
    stack = box.call("load_imagery", {"imagery": found, "scenes": [2]}).artifact["stack"]
    wanted = [{"stack": stack, "concept": c} for c in ("water", "vegetation", "water", "vegetation")]
    with ThreadPoolExecutor(4) as pool:
        masks = [r.artifact["mask"] for r in pool.map(lambda a: box.call("ground_concept", a), wanted)]
    assert masks[0] == masks[2]
    assert masks[1] == masks[3]
    assert Counting.most == 1
    assert Counting.looks == 2


def test_an_unknown_tool_is_answered_with_those_there_are(toolbox):
    with pytest.raises(InputError, match="find_imagery"):
        toolbox.call("rm", {})
    with pytest.raises(ValidationError):
        toolbox.call("find_imagery", {})


def test_the_root_has_the_tools():
    import terrascope_sdk as ts

    assert ts.terrascope_tools is terrascope_tools
