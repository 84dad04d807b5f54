"""The picture of a plan: every step once, below what it takes, nothing on top of anything, nothing unescaped."""

import itertools
import re
import xml.etree.ElementTree as ET

from hypothesis import given, settings

from terrascope_sdk.plan.drawing import plan_html, plan_svg
from terrascope_sdk.plan.drawing_layout import lay_out
from terrascope_sdk.plan.drawing_words import step_unit, step_words
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.steps import step_classes
from tests.plan.made_plans import EVERY_OP, plans


def parsed(plan):
    return ET.fromstring(str(plan_svg(plan)))


@settings(max_examples=40, deadline=None)
@given(plans())
def test_every_step_stands_below_what_it_takes_and_beside_the_others(plan):
    layout = lay_out(plan.order(), box_px=200, gap_px=10)
    assert set(layout.boxes) == {s.id for s in plan.steps}
    for step in plan.steps:
        x, level = layout.boxes[step.id]
        assert 100 - 1e-6 <= x <= layout.width - 100 + 1e-6
        for name, _ in step.references:
            assert layout.boxes[name][1] < level
            path = layout.lines[name, step.id]
            assert path[0] == layout.boxes[name]
            assert path[-1] == (x, level)
            assert [n for _, n in path] == list(range(path[0][1], level + 1))
    rows = {}
    for x, level in layout.boxes.values():
        rows.setdefault(level, []).append(x)
    for row in rows.values():
        assert all(b - a >= 210 - 1e-6 for a, b in itertools.pairwise(sorted(row)))


@settings(max_examples=40, deadline=None)
@given(plans())
def test_lines_pass_beside_boxes(plan):
    layout = lay_out(plan.order(), box_px=200, gap_px=10)
    for path in layout.lines.values():
        for x, level in path[1:-1]:
            assert all(abs(x - box) >= 100 for box, at in layout.boxes.values() if at == level)


def test_every_kind_of_step_is_drawn_with_unit_and_window():
    plan = Plan.from_text(EVERY_OP)
    assert {s.op for s in plan.steps} == set(step_classes)
    shown = " ".join(parsed(plan).itertext())
    for step in plan.steps:
        title, detail = step_words(plan, step)
        assert title
        assert step_unit(plan, step) is not None
        assert f"{step.id} ·" in shown or f"{step.id} " in shown
        assert detail[:12] in shown
    for told in ("m² a year", "within 500 m of it", "each year of 2010/2015", "2019", "touching", "share", "ha"):
        assert told in shown, told


def test_what_is_asked_for_has_a_thick_frame():
    root = parsed(Plan.from_text(EVERY_OP))
    assert sum("ts-asked" in (e.get("class") or "") for e in root.iter()) == 3


def test_nothing_in_a_plan_becomes_markup():
    hostile = "<script>alert(1)</script>\x1b[31m \"' & </title>"
    text = EVERY_OP.replace('"spain"', '"<img src=x onerror=alert(2)>"').replace("Was there a flood?", "<b onclick=x>")
    plan = Plan.parse(Plan.from_text(text).to_json() | {"question": hostile, "assumptions": [hostile]})
    shown = plan_html(plan)
    assert plan._repr_html_() == shown
    for element in ("<script", "<img", "<b ", "</title> ", "\x1b"):
        assert element not in shown.split("</style>", 1)[1]
    assert "&lt;script&gt;" in shown


def test_the_text_stands_in_where_styles_are_gone():
    plan = Plan.from_text(EVERY_OP)
    fallback = re.search(r'<pre class="ts-text">(.*?)</pre>', plan._repr_html_(), re.DOTALL)
    assert "b1 = buffer(m1, 500)" in fallback[1]
