"""Buffers, patches, comparisons, trends, exports: they read back from text, and what is unsound names its step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.expressions import mask_expression, measure_expression
from terrascope_sdk.plan.language import Plan

AREA = {
    "name": 'a "quoted", place',
    "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [2, 2], [2, 3], [1, 2]]]},
}

START = [
    {"id": "f1", "op": "find", "sensor": "any", "window": "w0"},
    {"id": "f2", "op": "find", "sensor": "any", "window": "w1"},
    {"id": "f3", "op": "find", "sensor": "any", "window": "w2"},
    {"id": "i1", "op": "load", "scenes": ["f1", "f2", "f3"]},
    *({"id": f"m{i}", "op": "ground", "stack": "i1", "concept": "water", "window": f"w{i}"} for i in range(3)),
    *({"id": f"a{i}", "op": "area", "mask": f"m{i}"} for i in range(3)),
]


def plan(*steps, answer="x", pick="clearest"):
    windows = [{"name": f"w{i}", "time": str(2020 + i), "pick": pick} for i in range(3)]
    return Plan.parse({"question": "q", "aoi": "spain", "windows": windows, "steps": [*START, *steps],
                       "answer": [{"step": answer}]})  # fmt: skip


EVERY = [
    {"id": "b", "op": "buffer", "mask": "m0", "distance_m": 500.5},
    {"id": "in1", "op": "within", "mask": "m0", "aoi": AREA},
    {"id": "in2", "op": "within", "mask": "b", "aoi": "spain"},
    {"id": "p", "op": "components", "mask": "m0", "min_area_m2": 10_000},
    {"id": "s", "op": "select", "mask": "p", "other": "b", "distance_m": 30},
    {"id": "s0", "op": "select", "mask": "p", "other": "m1"},
    {"id": "l", "op": "length", "mask": "m0"},
    {"id": "c", "op": "compare", "before": "a0", "after": "a1"},
    {"id": "t", "op": "trend", "values": ["a0", "a1", "a2"]},
    {"id": "q", "op": "ask", "stack": "i1", "question": 'Is there "water", and where?'},
    {"id": "e", "op": "export", "what": ["m0", "s"], "format": "geotiff"},
    {"id": "x", "op": "export", "what": ["c", "t"], "format": "csv"},
]


def test_every_kind_of_step_reads_back_from_its_text_and_its_json():
    made = plan(*EVERY)
    assert Plan.from_text(str(made)) == made
    assert Plan.parse(made.to_json()) == made
    assert 'in1 = within(m0, {"name": "a \\"quoted\\", place"' in str(made)


@given(st.floats(1e-3, 1e5), st.floats(1e-3, 1e12), st.text(min_size=1, max_size=60).filter(str.strip))
def test_numbers_and_questions_read_back_exactly(distance, area, question):
    made = plan(
        {"id": "b", "op": "buffer", "mask": "m0", "distance_m": distance},
        {"id": "p", "op": "components", "mask": "b", "min_area_m2": area},
        {"id": "x", "op": "ask", "stack": "i1", "question": question},
    )
    assert Plan.from_text(str(made)) == made


def test_expressions_say_what_a_step_stands_for():
    made = plan(*EVERY)
    steps = {s.id: s for s in made.steps}
    names = [w.name for w in made.windows]
    assert mask_expression(steps, "s", names) == "near(patches(water@0,10000),buffer(water@0,500),30)"
    assert mask_expression(steps, "in2", names) == "within(buffer(water@0,500),spain)"
    assert measure_expression(steps, "c", names) == "compare(area(water@0), area(water@1))"


SHARE = {"id": "h", "op": "share", "mask": "m0"}


@pytest.mark.parametrize(
    ("steps", "match"),
    [
        ([{"id": "x", "op": "buffer", "mask": "m0", "distance_m": 0}], "'x'"),
        ([{"id": "x", "op": "buffer", "mask": "m0", "distance_m": 200_000}], "'x'"),
        ([{"id": "x", "op": "select", "mask": "m0", "other": "m1", "distance_m": -1}], "'x'"),
        ([{"id": "x", "op": "components", "mask": "m0", "min_area_m2": 0}], "'x'"),
        ([{"id": "x", "op": "within", "mask": "m0", "aoi": {"name": "a", "geometry": {"type": "Blob"}}}], "'x'"),
        ([SHARE, {"id": "x", "op": "compare", "before": "a0", "after": "h"}], "mixes units: a0 in m2, h in 1"),
        ([{"id": "x", "op": "compare", "before": "a0", "after": "a0"}], "with itself"),
        ([{"id": "r", "op": "rank", "masks": ["m0", "m1"]},
          {"id": "x", "op": "compare", "before": "a0", "after": "r"}], "no number with a unit"),
        ([{"id": "x", "op": "trend", "values": ["a0", "a1"]}], "2 dates; a trend needs three"),
        ([{"id": "x", "op": "trend", "values": ["a0"]}], "1 date; a trend needs three"),
        ([SHARE, {"id": "x", "op": "trend", "values": ["a0", "h"]}], "mixes units"),
        ([{"id": "m", "op": "ground", "stack": "i1", "concept": "tree", "window": "w2"},
          {"id": "a", "op": "area", "mask": "m"},
          {"id": "x", "op": "trend", "values": ["a0", "a1", "a"]}], "a trend is that of one thing"),
        ([{"id": "x", "op": "export", "what": ["i1"], "format": "json"}], "takes a mask or a measurement"),
        ([{"id": "x", "op": "export", "what": ["a0"], "format": "geotiff"}], "holds no measurement"),
        ([{"id": "x", "op": "export", "what": ["m0"], "format": "csv"}], "holds no mask"),
        ([{"id": "x", "op": "export", "what": ["m0"], "format": "exe"}], "'x'"),
    ],
)  # fmt: skip
def test_what_could_not_be_carried_out_is_refused_and_named(steps, match):
    with pytest.raises(InputError, match=match) as refused:
        plan(*steps)
    assert "'x'" in str(refused.value)


def test_a_window_of_many_dates_makes_a_trend_of_one_measurement_and_no_change():
    plan({"id": "x", "op": "trend", "values": ["a0"]}, pick="each")
    with pytest.raises(InputError, match="has many"):
        plan({"id": "x", "op": "change", "before": "m0", "after": "m1", "what": "net"}, pick="each")


def test_a_comparison_is_shown_in_the_unit_of_what_it_compares():
    made = plan({"id": "x", "op": "compare", "before": "a0", "after": "a1"})
    shown = made.to_json() | {"answer": [{"step": "x", "unit": "ha"}]}
    assert Plan.parse(shown).answer[0].unit == "ha"
    with pytest.raises(InputError, match="cannot be shown in km"):
        Plan.parse(shown | {"answer": [{"step": "x", "unit": "km"}]})
