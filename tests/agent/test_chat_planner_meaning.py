"""Two plans are one where they measure the same sets on the same dates, however they are written."""

import pytest

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.agent.chat_planner import ChatPlanner
from terrascope_sdk.agent.meaning import meaning_of, plan_in_words
from terrascope_sdk.plan.language import Plan
from tests.agent.scripted_chat import ScriptedChat
from tests.agent.test_chat_planner import QUESTION, proposal

DATES = """
question "q"
aoi "spain"
window w0 = 2020
window w1 = 2021
f0 = find(any, w0)
f1 = find(any, w1)
i = load([f0, f1])
a = ground(i, water, w0)
b = ground(i, water, w1)
c = ground(i, crop, w1)
"""


def meaning(*lines, answer="x"):
    return meaning_of(Plan.from_text(DATES + "\n".join(lines) + f'\nanswer {answer}\nplanner "hand" 1.0'))


SAME = {
    "a difference and what is not in the other": (
        ["m = subtract(b, a)", "x = area(m)"],
        ["n = complement(a)", "m = intersect([n, b])", "x = area(m)"],
    ),
    "De Morgan": (
        ["m = union([a, b])", "n = complement(m)", "x = area(n)"],
        ["p = complement(a)", "q = complement(b)", "n = intersect([q, p])", "x = area(n)"],
    ),
    "one union inside another": (
        ["m = union([a, b])", "n = union([m, c])", "x = area(n)"],
        ["n = union([c, b, a])", "x = area(n)"],
    ),
    "the part of a whole, cut or not": (
        ["x = share(b, of=c)"],
        ["m = intersect([b, c])", "x = share(m, of=c)"],
    ),
    "a distance there and back": (["x = distance(b, c)"], ["x = distance(c, b)"]),
    "a map that plays no part": (
        ["m = union([b, c])", "n = intersect([m, b])", "x = area(n)"],
        ["x = area(b)"],
    ),
    "a buffer of one set": (
        ["m = union([a, b])", "n = buffer(m, 500)", "x = area(n)"],
        ["m = union([b, a])", "n = buffer(m, 500.0)", "x = area(n)"],
    ),
}  # fmt: skip

OTHER = {
    "another date": (["x = area(a)"], ["x = area(b)"]),
    "another concept": (["x = area(c)"], ["x = area(b)"]),
    "another quantity": (["x = area(b)"], ["x = count(b)"]),
    "a share of another whole": (["x = share(b)"], ["x = share(b, of=c)"]),
    "both and either": (["m = union([b, c])", "x = area(m)"], ["m = intersect([b, c])", "x = area(m)"]),
    "the other way round": (["m = subtract(b, a)", "x = area(m)"], ["m = subtract(a, b)", "x = area(m)"]),
    "another distance": (["m = buffer(b, 500)", "x = area(m)"], ["m = buffer(b, 50)", "x = area(m)"]),
    "loss and gain": (["x = change(a, b, loss)"], ["x = change(a, b, gain)"]),
    "the largest and the smallest": (["x = rank([b, c])"], ["x = rank([b, c], first=smallest)"]),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_means_the_same_is_equal(one, other):
    assert meaning(*one) == meaning(*other)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_what_means_something_else_is_not(one, other):
    assert meaning(*one) != meaning(*other)


def test_the_order_of_answers_and_units_play_no_part():
    lines = ["x = area(b)", "y = share(b)"]
    one, other = (
        Plan.from_text(DATES + "\n".join(lines) + f'\nanswer {a}\nanswer {b}\nplanner "hand" 1.0')
        for a, b in (("x in ha", "y"), ("y", "x in km2"))
    )
    assert meaning_of(one) == meaning_of(other)
    assert plan_in_words(one) == "area(water@1), share(water@1) with @0 2020, @1 2021"


def test_the_agent_takes_a_chat_planner(tmp_path):
    planner = ChatPlanner(ScriptedChat(replies=[proposal()]))
    by_chat = Agent(workspace=tmp_path, planner=planner).ask(QUESTION, aoi="spain")
    by_rules = Agent(workspace=tmp_path).ask(QUESTION, aoi="spain")
    assert by_chat.status == "answered"
    assert by_chat.plan["planner"] == "chat:scripted, rules agree"
    assert [(m.value, m.unit) for m in by_chat.measurements] == [(m.value, m.unit) for m in by_rules.measurements]
    differs = ChatPlanner(ScriptedChat(replies=[proposal("tree")]))
    asked = Agent(workspace=tmp_path, planner=differs).ask(QUESTION, aoi="spain")
    assert asked.status == "needs_input"
    assert "Which is meant: area(water); or area(tree)?" in asked.text
