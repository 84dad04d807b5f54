from collections import Counter

import pytest

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.rules import Planned
from tests.plan.reading_of import read, reading_of, table

MADE_WITH = table("phrasings.tsv")
HELD_OUT = [row for name in ("first", "second", "third") for row in table(f"held_out_{name}.tsv")]
QUESTION_SET = table("question_set.tsv")
COMPOSED = [row for name in ("compositions", "german") for row in table(f"{name}.tsv")]


@pytest.mark.parametrize(("kind", "question", "expected"), MADE_WITH + HELD_OUT + QUESTION_SET + COMPOSED)
def test_a_question_is_read_as_what_it_asks(kind, question, expected):
    assert reading_of(question) == expected


def test_every_kind_is_tried_in_many_phrasings():
    made_with, held_out = Counter(k for k, _, _ in MADE_WITH), Counter(k for k, _, _ in HELD_OUT)
    kinds = {"share", "area", "rank", "touches", "distance", "change", "count"}
    assert all(made_with[kind] >= 25 and held_out[kind] >= 10 for kind in kinds)
    assert not {q.lower() for _, q, _ in MADE_WITH} & {q.lower() for _, q, _ in HELD_OUT}


@pytest.mark.parametrize("question", [q for _, q, (what, _) in MADE_WITH[::5] if what not in {"ASK", "NO"}])
def test_case_spacing_and_closing_marks_change_nothing(question):
    what = reading_of(question)
    assert reading_of(question.upper()) == what
    assert reading_of("  " + question.replace(" ", "  ").rstrip("?.") + " ?? ") == what


@pytest.mark.parametrize("question", [q for _, q, (what, _) in MADE_WITH[::7] if what not in {"ASK", "NO"}])
def test_a_plan_by_the_rules_survives_text_and_json(question):
    plan = read(question).plan
    assert Plan.from_text(str(plan)) == plan == Plan.parse(plan.to_json())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many hectares of forest are there?", ["'forest'", "FAO"]),
        ("How big is the lake?", ["'lake'", "all open water"]),
        ("How much land was flooded in 2020?", ["'flooded'", "permanent water"]),
        ("How many acres of cropland are there?", ["Acres", "hectares"]),
        ("What share of the scene is dry land?", ["'dry land'", "not open water"]),
        ("What share of the land is forest?", ["'Of the land'", "water included"]),
        ("How much water is there?", ["'How much'", "area"]),
        ("Is there any water?", ["Whether", "share"]),
        ("How many lakes are there?", ["Connected regions"]),
        ("What is the area of forest and water?", ["each by itself", "together"]),
        ("What share is water in Sentinel-2?", ["'Sentinel-2'", "any optical"]),
        ("What share is water, using both radar and optical?", ["Each sensor"]),
        ("What is the dominant class?", ["Compared", "grass"]),
        ("What percentage of the image is water (SCL 6)?", ["(SCL 6)", "Left out"]),
    ],
)
def test_what_is_taken_for_granted_is_said(question, words):
    said = " ".join(read(question).plan.assumptions)
    assert all(word in said for word in words), said


def test_plain_words_are_taken_without_comment_and_surely():
    plan = read("What share of the scene is water?").plan
    assert plan.assumptions == ()
    assert plan.confidence > read("How much forest is there?").plan.confidence >= 0.5
    assert plan.planner.startswith("rules/")


def test_the_words_taken_as_concepts_are_shown_where_they_stand():
    outcome = read("Does the forest touch the water bodies?")
    assert isinstance(outcome, Planned)
    slots = [(s.key, outcome.plan.question[s.start : s.end]) for s in outcome.concept_slots]
    assert slots == [("tree", "forest"), ("water", "water bodies")]


@pytest.mark.parametrize(
    ("question", "what", "direction"),
    [
        ("How much did the lake shrink between 2019 and 2023?", "net", "loss"),
        ("How much did the lake grow between 2019 and 2023?", "net", "gain"),
        ("How much did the lake change between 2019 and 2023?", "net", None),
        ("Did the lake grow or shrink between 2019 and 2023?", "net", None),
        ("How much forest was lost between 2019 and 2023?", "loss", "loss"),
    ],
)
def test_what_a_change_takes_for_granted_is_kept(question, what, direction):
    plan = read(question).plan
    change = plan.step(plan.answer[0].step)
    assert (change.what, change.direction) == (what, direction)


def test_a_dominant_class_is_looked_for_among_what_can_be_seen():
    plan = read("What is the dominant class?").plan
    grounds = [s for s in plan.steps if s.op == "ground"]
    assert len(grounds) == 9
    assert all(s.optional for s in grounds)
    assert not any(s.optional for s in read("Which is larger, forest or water?").plan.steps if s.op == "ground")


def test_a_mask_is_made_once_for_two_measurements():
    plan = read("What share of the scene is water, and how many hectares is that?").plan
    assert [s.op for s in plan.steps] == ["find", "load", "ground", "share", "area"]


def test_forest_before_a_fire_is_looked_at_before_it():
    plan = read("How many hectares of forest were burned between 2019 and 2020?").plan
    tree, burned = (next(s for s in plan.steps if s.op == "ground" and s.concept == c) for c in ("tree", "burned"))
    assert (tree.window, burned.earlier, burned.window) == ("before", "before", "after")
