import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.plan.language import Asked, Plan
from terrascope_sdk.plan.mask_steps import Find, Ground, Intersect, Load, Union
from terrascope_sdk.plan.measure_steps import Area
from terrascope_sdk.plan.soundness import MAX_LEAVES
from terrascope_sdk.plan.windows import Window
from tests.plan.test_language import TEXT


def edited(old, new):
    assert old in TEXT
    return TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a1 = area(m1)", "a1 = area(m7)", ["'a1'", "'m7'"]),
        ("a1 = area(m1)", "a1 = area(c1)", ["'a1'", "'c1'", "a measurement"]),
        ("a1 = area(m1)", "a1 = area(i1)", ["'a1'", "a stack"]),
        ("a1 = area(m1)", "m1 = area(m2)", ["two steps", "'m1'"]),
        ("a1 = area(m1)", "a1 = area(a1)", ["'a1'"]),
        (
            "a1 = area(m1)",
            "a1 = share(x1)\nx1 = union([m1, x2])\nx2 = union([m1, x1])",
            ["wait for each other", "'x1'"],
        ),
        ("a1 = area(m1)", "a1 = distance(m1, m1)", ["'a1'", "itself"]),
        ("a1 = area(m1)", "a1 = region(m1, 0)", ["'a1'", "greater than or equal to 1"]),
        ("a1 = area(m1)", "a1 = union([m1])", ["'a1'", "at least 2"]),
        ("load([f1, f2])", "load([f1])", ["'m2'", "'after'"]),
        ("load([f1, f2])", "load([m1, f2])", ["'i1'", "scenes"]),
        ("find(any, after)", "find(sar, after)", ["'m2'", "optical"]),
        ("find(any, after)", "find(lidar, after)", ["'f2'", "'optical', 'sar' or 'any'"]),
        ("find(any, after)", "find(any, later)", ["'f2'", "'later'"]),
        ("ground(i1, water, before)", "ground(i1, lithium, before)", ["'m1'", "'lithium'", "water"]),
        ("ground(i1, water, before)", "ground(i1, burned, before)", ["'m1'", "earlier"]),
        ("ground(i1, water, before)", "ground(i1, water, after, earlier=before)", ["'m1'", "one date"]),
        ("ground(i1, water, before)", "ground(i1, tree, before)", ["'c1'", "tree", "water"]),
        ("ground(i1, water, before)", "ground(i1, water, after)", ["'c1'", "two dates"]),
        ("change(m1, m2, net", "change(m2, m1, net", ["'c1'", "backwards"]),
        ("change(m1, m2, net", "change(m1, m2, growth", ["'c1'", "'gain'"]),
        ("window after = 2023", "window after = 2019", ["'c1'", "does not come after"]),
        ("window after = 2023", "window before = 2023", ["two windows", "'before'"]),
        ("window after = 2023", "window after = soon", ["'soon'"]),
        ("answer a1", "answer a2", ["'a2'"]),
        ("answer a1", "answer i1", ["'i1'"]),
        ("answer c1 in ha", "answer c1 in km", ["'c1'", "km"]),
        ("answer c1 in ha", "answer c1 in acres", ["unit"]),
        ("0.75", "1.5", ["confidence"]),
        ("net, direction", "share, direction", ["'c1'", "ha"]),
    ],
)
def test_what_could_not_be_carried_out_is_refused_with_the_step_named(old, new, said):
    with pytest.raises(InputError) as caught:
        Plan.from_text(edited(old, new))
    assert all(word in str(caught.value) for word in said), str(caught.value)


def test_masks_of_two_stacks_do_not_mix():
    text = edited("m2 = ground(i1", "i2 = load([f2])\nm2 = ground(i2")
    with pytest.raises(InputError, match="'c1' mixes masks of i1 and i2"):
        Plan.from_text(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a1 = area(m1)", "a1 = area(m1"),
        ("a1 = area(m1)", "a1 = __import__('os').system(m1)"),
        ("a1 = area(m1)", "a1 = eval(m1)"),
        ("a1 = area(m1)", "a1 = area(m1, m2)"),
        ("a1 = area(m1)", "a1 = area(mask=m1, mask=m2)"),
        ("a1 = area(m1)", "a1 = area(id=m1)"),
        ("a1 = area(m1)", "a1 = area(m1); a2 = area(m2)"),
        ("a1 = area(m1)", "area m1"),
        ('planner "hand" 0.75', "planner hand 0.75"),
        ("window before = 2019", "window before 2019"),
        ("answer a1", "answer a1 as ha"),
        ('aoi "bolzano"', "aoi bolzano"),
    ],
)
def test_text_that_is_no_plan_is_refused_with_its_line(old, new):
    with pytest.raises((ParseError, InputError)) as caught:
        Plan.from_text(edited(old, new))
    assert "Line" in str(caught.value) or "'a1'" in str(caught.value)


def test_a_plan_that_grows_with_every_step_is_refused_at_once():
    steps = [Find(id="f", sensor="any", window="w"), Load(id="i", scenes=("f",))]
    steps += [Ground(id=n, stack="i", concept="water", window="w") for n in ("u0", "n0")]
    for k in range(60):
        steps.append(Union(id=f"u{k + 1}", masks=(f"u{k}", f"n{k}")))
        steps.append(Intersect(id=f"n{k + 1}", masks=(f"u{k}", f"n{k}")))
    steps.append(Area(id="a", mask="u60"))
    with pytest.raises(ValidationError, match=f"more than {MAX_LEAVES} maps"):
        Plan(question="", windows=(Window(name="w"),), steps=tuple(steps), answer=(Asked(step="a"),))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_any_other_json_is_an_input_error(value):
    with pytest.raises(InputError):
        Plan.parse(value)


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_plan_is_sound_or_an_input_error(data):
    document = Plan.from_text(TEXT).to_json()
    key = data.draw(st.sampled_from(sorted(document)))
    if key == "steps":
        step = data.draw(st.sampled_from(document["steps"]))
        step[data.draw(st.sampled_from(sorted(step)))] = data.draw(
            json_values | st.sampled_from(["m1", "c1", "before"])
        )
    else:
        document[key] = data.draw(json_values | st.just({"name": "x", "geometry": data.draw(json_values)}))
    with contextlib.suppress(InputError):
        assert isinstance(Plan.parse(document), Plan)


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*TEXT.splitlines(), "", "x", "answer", "window w = any"])).map("\n".join)
)
def test_any_other_text_is_a_parse_or_input_error_or_a_plan(text):
    with contextlib.suppress(ParseError, InputError):
        assert isinstance(Plan.from_text(text), Plan)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", '{"steps": 3}', b"\xff"])
def test_text_that_is_no_json_plan_is_an_input_error(text):
    with pytest.raises(InputError):
        Plan.parse(text)
