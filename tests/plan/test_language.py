import json
from datetime import datetime

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.expressions import mask_expression, measure_expression
from terrascope_sdk.plan.language import Asked, Plan
from terrascope_sdk.plan.mask_steps import Find, Ground, Load
from terrascope_sdk.plan.measure_steps import Change
from terrascope_sdk.plan.steps import step_classes
from terrascope_sdk.plan.windows import Window
from terrascope_sdk.types import Aoi, TimeRange
from terrascope_sdk.types.concepts import vocabulary

TEXT = """\
question "How much did the water shrink between 2019 and 2023?"
aoi "bolzano"
window before = 2019
window after = 2023
f1 = find(any, before)
f2 = find(any, after)
i1 = load([f1, f2])
m1 = ground(i1, water, before)
m2 = ground(i1, water, after, sensor=optical)
c1 = change(m1, m2, net, direction=loss)
a1 = area(m1)
answer c1 in ha
answer a1
planner "hand" 0.75
assume "The 'lake' is all water."
"""


SCHEMA = Plan.json_schema()


def edited(old, new):
    assert old in TEXT
    return TEXT.replace(old, new)


# ------------------------------------------------------------------------------------------------------- round trips


def test_the_text_reads_back_as_the_same_plan():
    plan = Plan.from_text(TEXT)
    assert str(plan) == TEXT.strip()
    assert Plan.parse(plan.to_json()) == plan
    assert Plan.parse(json.dumps(plan.to_json())) == plan
    assert plan.step("c1") == Change(id="c1", before="m1", after="m2", what="net", direction="loss")
    assert plan.answer == (Asked(step="c1", unit="ha"), Asked(step="a1"))
    assert plan.window("after").time == TimeRange.parse("2023")


names = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
instants = st.datetimes(min_value=datetime(1972, 1, 1), max_value=datetime(2090, 1, 1))
times = st.one_of(
    st.none(),
    st.sampled_from(
        ["2019", "2019-05", "2019-02", "2020-02-29", "2019/2021", "2019-05/2020-01", "2019-05-03/2019-06-30"]
    ).map(TimeRange.parse),
    st.tuples(instants, instants).filter(lambda p: p[0] < p[1]).map(lambda p: TimeRange(*p)),
)
ONE_DATE = [key for key, concept in vocabulary.items() if concept.dates == 1]
sentences = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def plans(draw):
    """Draw any sound plan: some windows, one stack, masks from masks, measurements of masks."""
    draw_id = iter([f"{letter}{n}" for n in range(9) for letter in "abcdefghij"]).__next__
    windows = tuple(
        Window(name=n, time=draw(times), pick=draw(st.sampled_from(["clearest", "earliest", "latest"])))
        for n in draw(st.lists(names, min_size=1, max_size=3, unique=True))
    )
    steps = [Find(id=draw_id(), sensor="any", window=w.name) for w in windows]
    steps.append(Load(id=draw_id(), scenes=tuple(s.id for s in steps)))
    stack, masks, measured = steps[-1].id, [], []
    for _ in range(draw(st.integers(2, 4))):
        sensor = draw(st.sampled_from([None, "optical", "sar"]))
        window = draw(st.sampled_from(windows)).name
        concept, optional = draw(st.sampled_from(ONE_DATE)), draw(st.booleans())
        steps.append(
            Ground(id=draw_id(), stack=stack, concept=concept, window=window, sensor=sensor, optional=optional)
        )
        masks.append(steps[-1].id)
    for op in draw(st.lists(st.sampled_from(["union", "intersect", "subtract", "complement", "region"]), max_size=4)):
        a, b = draw(st.sampled_from(masks)), draw(st.sampled_from(masks))
        fields = {
            "union": {"masks": (a, b)},
            "intersect": {"masks": (a, b, a)},
            "subtract": {"a": a, "b": b},
            "complement": {"mask": a},
            "region": {"mask": a, "rank": draw(st.integers(1, 9))},
        }[op]
        steps.append(step_classes[op](id=draw_id(), **fields))
        masks.append(steps[-1].id)
    for op in draw(
        st.lists(st.sampled_from(["area", "share", "count", "touches", "distance", "rank"]), min_size=1, max_size=4)
    ):
        a, b = draw(st.lists(st.sampled_from(masks), min_size=2, max_size=2, unique=True))
        fields = {
            "area": {"mask": a},
            "count": {"mask": a},
            "share": {"mask": a, "of": draw(st.sampled_from([None, b]))},
            "rank": {"masks": (a, b), "first": draw(st.sampled_from(["largest", "smallest"]))},
        }.get(op, {"a": a, "b": b})
        steps.append(step_classes[op](id=draw_id(), **fields))
        measured.append(steps[-1])
    return Plan(
        question=draw(sentences),
        aoi=draw(
            st.sampled_from([None, "bolzano", 'a "b" \\ c', Aoi.from_bbox((0.1, 0.2, 1 / 3, 0.7), name="x").to_json()])
        ),
        windows=windows,
        steps=tuple(draw(st.permutations(steps))),
        answer=tuple(Asked(step=s.id, unit="ha" if s.op == "area" else None) for s in measured),
        planner=draw(sentences),
        confidence=draw(st.floats(0, 1)),
        assumptions=tuple(draw(st.lists(sentences, max_size=2))),
    )


@settings(max_examples=80)
@given(plans())
def test_every_plan_survives_text_and_json(plan):
    assert Plan.from_text(str(plan)) == plan
    again = Plan.parse(json.loads(json.dumps(plan.to_json())))
    assert again == plan
    assert (again.id, hash(again)) == (plan.id, hash(plan))
    jsonschema.validate(plan.to_json(), SCHEMA)


@given(plans())
def test_the_order_puts_every_step_after_what_it_takes(plan):
    order = [s.id for s in plan.order()]
    assert sorted(order) == sorted(s.id for s in plan.steps)
    for step in plan.order():
        assert all(order.index(name) < order.index(step.id) for name, _ in step.references)


@given(times.filter(bool))
def test_a_window_is_written_so_that_it_reads_as_the_same(time):
    assert TimeRange.parse(str(time)) == time


@pytest.mark.parametrize(
    "text", ["2019", "2019-05", "2019-05-14", "2019/2021", "2019-05/2020-01", "2019-05-14/2020-01-02"]
)
def test_whole_years_months_and_days_are_written_short(text):
    assert str(TimeRange.parse(text)) == text


# ---------------------------------------------------------------------------------------------------------- identity


def test_the_id_is_that_of_the_content():
    plan = Plan.from_text(TEXT)
    assert plan.id == Plan.from_text(TEXT).id
    assert plan.id.startswith("plan-")
    assert (
        len(
            {
                plan.id,
                *(
                    Plan.from_text(edited(a, b)).id
                    for a, b in [("2019\nw", "2018\nw"), ("net", "gain"), ("0.75", "0.5")]
                ),
            }
        )
        == 4
    )


def test_a_plan_cannot_be_changed_in_place():
    with pytest.raises(ValidationError):
        Plan.from_text(TEXT).question = "Why?"


def test_its_repr_is_one_short_line():
    text = repr(Plan.from_text(TEXT))
    assert "\n" not in text
    assert "7 steps" in text
    assert "c1, a1" in text


# ------------------------------------------------------------------------------------------------------- expressions


def test_masks_and_measurements_can_be_named_in_short():
    text = """
question "x"
window a = 2019
window b = 2020
f1 = find(any, a)
f2 = find(any, b)
i1 = load([f1, f2])
m1 = ground(i1, water, a)
m2 = ground(i1, crop, b)
m3 = ground(i1, burned, b, earlier=a)
m4 = intersect([m1, m2])
m5 = union([m2, m1, m3])
m6 = subtract(m5, m4)
m7 = complement(m6)
m8 = region(m7, 2)
s1 = share(m4, of=m2)
r1 = rank([m1, m2], first=smallest)
answer s1
answer r1
planner "hand" 1.0
"""
    plan = Plan.from_text(text)
    steps = {s.id: s for s in plan.steps}
    assert mask_expression(steps, "m8", ("a", "b")) == (
        "region(not ((burned | crop@1 | water@0) - (crop@1 & water@0)),2)"
    )
    assert measure_expression(steps, "s1", ("a", "b")) == "share((crop@1 & water@0) of crop@1)"
    assert measure_expression(steps, "r1", ("a",)) == "rank(water, crop, smallest first)"
    with pytest.raises(InputError):
        mask_expression(steps, "s1")
    with pytest.raises(InputError):
        plan.step("m9")
    with pytest.raises(InputError):
        plan.window("c")


def test_the_schema_names_every_step_and_explains_its_fields():
    schema = Plan.json_schema()
    assert set(step_classes) <= set(schema["properties"]["steps"]["items"]["discriminator"]["mapping"])
    for name, part in schema["$defs"].items():
        assert part["description"], name
        for field, info in part["properties"].items():
            assert field in {"op", "id"} or "description" in info, (name, field)
