import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.questions.clauses import ASKING
from terrascope_sdk.plan.questions.lexicon import lexicon_of
from terrascope_sdk.plan.rules import CannotPlan, NeedsInput, Planned, plan_question
from terrascope_sdk.types.concepts import find_concepts, vocabulary
from tests.plan.reading_of import TODAY, measured, read, table

KNOWN = sorted({" ".join(words) for language in ("en", "de") for words in lexicon_of(language)})
TIMES = [
    "in 2019",
    "between 2019 and 2023",
    "since 2015",
    "on 14 May 2020",
    "now",
    "from 2000 to 2010",
    "in 2021 and 2022",
]
words = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(
        ["water", "forest", "lake", "flooded", "burned", "land", "everything else", "not vegetated", "town"]
    ),
    st.sampled_from([",", ".", "and", "or", "of", "is", "not", "without", "?", "the scene"]),
    st.sampled_from(TIMES),
)


def _ask(question):
    try:
        return plan_question(question, aoi="bolzano", today=TODAY)
    except InputError:
        return None


@given(st.text(max_size=300))
def test_any_text_is_planned_or_declined(text):
    assert isinstance(_ask(text), Planned | NeedsInput | CannotPlan | None)


@settings(max_examples=400)
@given(st.lists(words, min_size=1, max_size=14).map(" ".join))
def test_known_words_in_any_order_give_sound_plans_or_none(text):
    outcome = _ask(text)
    if isinstance(outcome, Planned):
        plan = outcome.plan
        assert Plan.parse(plan.to_json()) == plan == Plan.from_text(str(plan))
        assert {s.concept for s in plan.steps if s.op == "ground"} <= set(vocabulary)
        if not any(s.optional for s in plan.steps if s.op == "ground"):
            named = {m.key for m in find_concepts(text)}
            implied = {"tree", "developed", "water"}  # deforestation, urbanisation, land
            assert {s.concept for s in plan.steps if s.op == "ground"} <= named | implied


@settings(max_examples=200)
@given(
    st.sampled_from(table("phrasings.tsv")),
    st.integers(0, 30),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=10).map(lambda tail: f"zq{tail}"),  # no English word
)
def test_an_unknown_word_anywhere_is_never_passed_over(row, position, word):
    _, question, _ = row
    parts = question.split()
    position = min(position, len(parts))
    spoiled = " ".join([*parts[:position], word, *parts[position:]])
    if any(word in phrase.split() for phrase in KNOWN):
        return
    assert not isinstance(_ask(spoiled), Planned), spoiled


@given(
    st.sampled_from([r for r in table("phrasings.tsv") if r[2][0] not in {"ASK", "NO"}]),
    st.randoms(use_true_random=False),
)
def test_a_reading_hangs_on_nothing_but_the_question(row, rng: random.Random):
    _, question, (what, _) = row
    names = [rng.choice(["atlantis", "springfield", "water street"]) for _ in range(3)]
    outcome = plan_question(question, aoi="bolzano", known_places=names, today=TODAY)
    assert measured(outcome.plan) == what
    assert outcome == plan_question(question, aoi="bolzano", known_places=names, today=TODAY)


# ------------------------------------------------------------------------------------------------ the tables themselves


def test_what_asks_for_something_is_a_kind_of_sign():
    kinds = {sign.kind for language in ("en", "de") for signs in lexicon_of(language).values() for sign in signs}
    assert kinds >= ASKING


def test_a_question_is_read_quickly_however_long_and_odd():
    started = time.perf_counter()
    for part in ("2019 and ", "water and ", "how many ", "a ", "between 2019 ", "not ", "1.1.2019 ", "may ", "of "):
        read((part * 2000)[:2000])
    assert time.perf_counter() - started < 5
