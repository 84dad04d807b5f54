"""The phrasing grammar and the questions sampled from it."""

import re
from collections import Counter

import numpy as np
import pytest

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.model.word_list import words
from terrascope_sdk.model.words import read_question, split_question
from terrascope_sdk.train.asking import Asking
from terrascope_sdk.train.filling import made_up_words
from terrascope_sdk.train.naming import every_name
from terrascope_sdk.train.phrasing import UNCLEAR, Intent, PhraseBook, task_shapes
from terrascope_sdk.train.templates import Grammar, fill, read_lines, read_templates
from terrascope_sdk.types.concepts import vocabulary

BOOK = PhraseBook.load()
KEYS = tuple(vocabulary)
TASKS = (*task_shapes, UNCLEAR)


def drawn(task, rng, split="train", n_dates=3):
    shape = task_shapes[task]
    concepts = [KEYS[i] for i in rng.permutation(len(KEYS))[: shape.concepts]]
    return (*BOOK.sample(task, rng, concepts=concepts, n_dates=n_dates, split=split), concepts)


def test_every_template_compiles_and_expands():
    grammar, draw = Grammar(held_out=True), np.random.default_rng(0).random
    for task in TASKS:
        for template in read_templates(task):
            out = []
            fill(grammar.compile(template.text), out, draw, lambda slot: f"<{slot}>")
            assert "".join(out).strip(), template.text
            assert not re.search(r"[|@\[\]{}()]", "".join(out)), template.text


def test_there_are_enough_templates_a_task_and_a_fifth_is_held_out():
    for task in TASKS:
        train, held = BOOK.count(task), BOOK.count(task, "held_out")
        assert train >= 55
        assert 0.1 < held / (train + held) < 0.25
        assert BOOK.count(task, "all") == train + held == len(read_templates(task))


@pytest.mark.parametrize("task", task_shapes)
def test_questions_split_without_unknown_words_and_name_what_they_mean(task):
    rng = np.random.default_rng(TASKS.index(task))
    made_up = set(made_up_words())
    for i in range(300):
        text, intent, concepts = drawn(task, rng, split="held_out" if i % 3 == 0 else "train", n_dates=2 + i % 3)
        tokens = read_question(text)
        unknown = [token.written.lower() for token in tokens if token.token == "<unk>"]
        assert all(word in made_up for word in unknown), text
        mentioned = [token.concept for token in tokens if token.concept]
        assert tuple(dict.fromkeys(mentioned)) == intent.concepts, text
        assert sorted(intent.concepts) == sorted(concepts)
        said = re.findall(r"<t(\d)>", text)
        assert {int(k) for k in said} <= set(intent.dates), text
        assert all(1 <= k <= 2 + i % 3 for k in intent.dates)
        assert list(intent.dates) == sorted(set(intent.dates)), text


def test_every_word_of_the_templates_is_listed():
    for name in (*TASKS, "shared"):
        for line in read_lines(name):
            text = line.partition(": ")[2] if name == "shared" else re.sub(r"^!?[a-z](<[a-z,]+>)? ", "", line)
            plain = re.sub(r"[a-z]*\{[^}]*\}|@[a-z_0-9]+|<[a-z]+>|[\[\]|/]", " , ", text)
            unknown = [token.written for token in read_question(plain) if token.token == "<unk>"]
            assert not unknown, line


def test_each_mention_is_found_once():
    asking, rng = Asking("all"), np.random.default_rng(5)
    for task, shape in task_shapes.items():
        for _ in range(150):
            keys = [KEYS[i] for i in rng.permutation(len(KEYS))[: shape.concepts]]
            fitting = asking.fitting(task, keys)
            template = fitting[rng.integers(len(fitting))]
            asked = asking.ask(template, template.named(keys, rng.random), rng.random, dates=shape.dates, n_dates=3)
            found = Counter(token.concept for token in read_question(asked.text) if token.concept)
            wanted = Counter(keys["abc".index(letter)] for letter in asked.mentions)
            assert set(found) == set(keys), asked.text
            assert all(found[key] <= max(wanted[key], 1) for key in found), asked.text


def test_every_name_of_the_vocabulary_can_be_drawn():
    assert set(every_name()) == {(key, word) for key, concept in vocabulary.items() for word in concept.words}


def test_dates_of_single_date_tasks_are_one_or_none():
    rng = np.random.default_rng(1)
    for n_dates in (1, 2, 3):
        drawn_dates = [BOOK.sample("share", rng, concepts=["water"], n_dates=n_dates)[1].dates for _ in range(500)]
        assert set(drawn_dates) == {(), *((k,) for k in range(1, n_dates + 1))}


def test_words_for_dates_mean_the_date_they_say():
    rng = np.random.default_rng(3)
    checked = 0
    for _ in range(3000):
        text, intent = BOOK.sample("where", rng, concepts=["water"], n_dates=3)
        if re.search(r"\b(in|on) the (first|earliest) (image|date|scene)\b", text):
            assert intent.dates == (1,), text
            checked += 1
        if re.search(r"\b(in|on) the (most recent|latest) (image|date|scene)\b", text):
            assert intent.dates == (3,), text
            checked += 1
    assert checked > 20


def test_counting_asks_of_countable_names():
    rng = np.random.default_rng(8)
    countable = {"lakes", "reservoirs", "ponds", "lagoons", "bodies", "waterbodies"}
    texts = [BOOK.sample("count", rng, concepts=["water"], n_dates=1)[0].lower() for _ in range(300)]
    many = [
        text
        for text in texts
        if re.search(r"how many (lakes|rivers|seas|oceans|reservoirs|ponds|canals|floods)\b", text)
    ]
    assert many
    assert all(set(re.findall(r"[a-z]+", text)) & countable for text in many)


def test_splits_share_no_question():
    rng = np.random.default_rng(11)
    asked = {split: set() for split in ("train", "held_out")}
    for split, texts in asked.items():
        for i in range(1000):
            task = TASKS[i % len(TASKS)]
            text = BOOK.sample_unclear(rng, split)[0] if task == UNCLEAR else drawn(task, rng, split)[0]
            texts.add(" ".join(split_question(text)))
    common = asked["train"] & asked["held_out"]
    assert all(len(text.split()) < 3 for text in common), common  # a lone made-up word may turn up in both


def test_no_template_stands_in_both_splits():
    for task in TASKS:
        texts = [template.text for template in read_templates(task)]
        assert len(set(texts)) == len(texts), [text for text, n in Counter(texts).items() if n > 1]


def test_unclear_questions_are_of_many_kinds():
    rng = np.random.default_rng(2)
    asked = [BOOK.sample_unclear(rng) for _ in range(1500)]
    assert {intent for _, intent in asked} == {Intent(UNCLEAR)}
    split = [split_question(text) for text, _ in asked]
    assert 0.1 < np.mean(["<unk>" in tokens for tokens in split]) < 0.5
    assert 0.4 < np.mean([any(token[0] == "{" for token in tokens) for tokens in split]) < 0.95
    assert len({text for text, _ in asked}) > 1400


def test_the_same_state_gives_the_same_question():
    twice = [BOOK.sample("touch", np.random.default_rng(4), concepts=["water", "tree"], n_dates=2) for _ in range(2)]
    assert twice[0] == twice[1]


def test_every_listed_word_can_be_said():
    rng = np.random.default_rng(9)
    said = {token for _ in range(12) for token in split_question(" ".join(rng.permutation(sorted(words()))))}
    assert len(words() - said) < 0.02 * len(words())  # a few are parts of names, such as "under" before "water"


def test_wrong_numbers_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="concepts"):
        BOOK.sample("touch", rng, concepts=["water"], n_dates=2)
    with pytest.raises(InputError, match="dates"):
        BOOK.sample("loss", rng, concepts=["water"], n_dates=1)


def test_a_broken_template_is_refused():
    for text in ("a (b", "a) b", "[a", "@nowhere", "(a]"):
        with pytest.raises(ParseError):
            Grammar(held_out=False).compile(text)


def test_things_are_not_in_the_vocabulary():
    for line in read_lines("things"):
        one = line.split(", ")[0]
        if " " not in one:
            assert not [token for token in read_question(one) if token.concept], one
