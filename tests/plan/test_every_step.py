"""What holds for plans of every kind of step: text and JSON, keys, refusals before anything runs."""

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_algebra import step_recipe
from terrascope_sdk.plan.steps import step_classes
from terrascope_sdk.types.encoding import content_id
from tests.plan.made_plans import EVERY_OP, plans

SCHEMA = Plan.json_schema()


@settings(max_examples=60, deadline=None)
@given(plans())
def test_every_plan_survives_text_json_and_schema(plan):
    assert Plan.from_text(str(plan)) == plan
    assert Plan.parse(json.loads(json.dumps(plan.to_json()))) == plan
    jsonschema.validate(plan.to_json(), SCHEMA)


def test_the_text_of_every_kind_of_step_reads_back():
    plan = Plan.from_text(EVERY_OP)
    assert {s.op for s in plan.steps} == set(step_classes)
    assert str(plan) == EVERY_OP.strip()


def keys(plan):
    """Return the key of every step, each from the keys of what it takes."""
    found = {}
    for step in plan.order():
        found[step.id] = content_id("key", step_recipe(step, {n: found[n] for n, _ in step.references}))
    return found


def renamed(plan, name_of, order):
    """Return the plan with other ids, its steps in another order."""
    document = plan.to_json()
    for step in document["steps"]:
        for field in type(plan.step(step["id"])).inputs:
            value = step[field]
            step[field] = [name_of(n) for n in value] if isinstance(value, list) else value and name_of(value)
        step["id"] = name_of(step["id"])
    document["steps"] = [document["steps"][i] for i in order]
    document["answer"] = [a | {"step": name_of(a["step"])} for a in document["answer"]]
    return Plan.parse(document)


@settings(max_examples=40, deadline=None)
@given(plans(), st.data())
def test_the_key_of_a_step_depends_neither_on_its_name_nor_on_the_order(plan, data):
    order = data.draw(st.permutations(range(len(plan.steps))))
    other = keys(renamed(plan, lambda name: f"z_{name}", order))
    assert other == {f"z_{name}": key for name, key in keys(plan).items()}


@settings(max_examples=40, deadline=None)
@given(plans())
def test_an_edit_changes_the_keys_downstream_and_no_others(plan):
    document = plan.to_json()
    edited = next(s for s in document["steps"] if s["id"] == "m0")
    edited["sensor"] = "sar"
    before, after = keys(plan), keys(Plan.parse(document))
    below = {"m0"}
    for step in plan.order():
        if any(name in below for name, _ in step.references):
            below.add(step.id)
    assert {name for name in before if before[name] != after[name]} == below


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("within(b1, spain)", 'within(b1, "secret.geojson")', ["'w1'", "is a file"]),
        ("within(b1, spain)", "within(b1, atlantis)", ["'w1'", "'atlantis' is not a bundled place"]),
        ("within(b1, spain)", 'within(b1, "1,2")', ["'w1'"]),
        ("within(b1, spain)", 'within(b1, {"name": "x", "geometry": {"type": "Nothing"}})', ["'w1'"]),
        ('aoi "spain"', 'aoi "../secret.json"', ["is a file"]),
        ("buffer(m1, 500)", "buffer(m1, nan)", ["'b1'"]),
        ("buffer(m1, 500)", "buffer(m1, inf)", ["'b1'"]),
        ("buffer(m1, 500)", "buffer(i1, 500)", ["'b1'", "a stack"]),
        ("compare(a1, a2)", "compare(a1, h1)", ["'k1'", "mixes units"]),
        ("compare(a1, a2)", "compare(a1, m1)", ["'k1'", "a mask"]),
        ("trend([a3])", "trend([a1, a2])", ["'v1'", "a trend"]),
        ("export([m4], geotiff)", "export([f1], geotiff)", ["'e2'", "scenes"]),
        ("answer a1 in ha", "answer a1 in m", ["'a1'", "cannot be shown in m"]),
        ("answer v1", "answer f1", ["'f1'", "scenes"]),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_step_named(old, new, said):
    assert old in EVERY_OP
    with pytest.raises(InputError) as refused:
        Plan.from_text(EVERY_OP.replace(old, new))
    assert all(word in str(refused.value) for word in said), str(refused.value)


def test_a_plan_opens_no_file(tmp_path, monkeypatch):
    (tmp_path / "place.geojson").write_text('{"type": "Point", "coordinates": [0, 0]}')
    monkeypatch.chdir(tmp_path)
    for name in ("place.geojson", "PLACE.GEOJSON", " place.geojson "):
        with pytest.raises(InputError, match="is a file"):
            Plan.parse(Plan.from_text(EVERY_OP).to_json() | {"aoi": name})
