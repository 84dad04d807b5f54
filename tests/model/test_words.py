"""Splitting questions into tokens."""

import re

import pytest

from terrascope_sdk.model.spelling import one_slip_apart
from terrascope_sdk.model.word_list import read_word, word_tokens, words
from terrascope_sdk.model.words import misspelt, read_question, split_question
from terrascope_sdk.types.concepts import concept_words, find_concepts, vocabulary


def split(text):
    return " ".join(split_question(text))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("What share of the scene is water?", "what share of the scene is {water} ?"),
        ("How many bodies of water", "how many bodies of {water}"),
        ("snow and ice, tree-covered hills", "{snow} {tree} hill"),
        ("What's the burned area in km²?", "what is the {burned} area in km2 ?"),
        ("25 % built-up land, 3 m^2", "<number> percent {developed} three m2"),
        ("crop fields or barren rock", "{crop} or {bare}"),
        ("How much deforestation since <t2>?", "how much {tree} loss since <t2> ?"),
        ("Sentinel-2 image 1 vs the 2nd", "sentinel two image one versus the second"),
        ("I'd like the wooded lands, don't I", "i would like the {tree} do not i"),
        ("forest/water & grass > 3", "{tree} {water} and {grass} above three"),
    ],
)
def test_a_question_becomes_listed_tokens(text, tokens):
    assert split(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("How much water is in Tralbonia?", "how much {water} is in <name> ?"),
        ("forest in Rio Blatto and Kenya", "{tree} in <name> and <name>"),
        ("grass near Gulf of Zorbia", "{grass} near <name>"),
        ("Zorbia: forest share", "<name> {tree} share"),
        ("How big is Lake Zorb?", "how big is {water} <name> ?"),
        ("How much forest is around Lake Zorb?", "how much {tree} is around <name> ?"),
        ("How Much Forest Was Lost In The Area", "how much {tree} was lost in the area"),
        ("Blorgs of water", "<unk> of {water}"),
        ("new zealand", "<name>"),
    ],
)
def test_unknown_capitals_are_names_unless_they_open_the_sentence(text, tokens):
    assert split(text) == tokens


def test_names_used_as_ordinary_words_are_left_as_words():
    for text, tokens in (
        ("how has the forest developed", "how has the {tree} developed"),
        ("how many houses were built", "how many {building} were built"),
        ("how much was built since <t1>", "how much was {developed} since <t1>"),
        ("how much forest is in this town", "how much {tree} is in this town"),
        ("how big is the town", "how big is the {developed}"),
        ("how many power plants", "how many power plants"),
        ("how much farmland was built over", "how much {crop} was built over"),
        ("how much developed land", "how much {developed}"),
    ):
        assert split(text) == tokens


def test_a_made_up_word_is_unknown():
    for word in ("flurble", "zorx", "quibbit", "ghtrw", "blarnok"):
        assert split(f"how much {word} is there") == "how much <unk> is there"


def test_mended_slips_are_told():
    for text, taken in (
        ("how much forrest", {"forrest": "forest"}),
        ("share of watre, Distamce", {"watre": "water", "Distamce": "distance"}),
        ("how much forest", {}),
        ("how mcuh", {"mcuh": "much"}),
    ):
        assert misspelt(text) == taken


def test_spelling_and_inflection_fold_to_a_listed_word():
    for written, read in (
        ("kilometers", "kilometres"),
        ("colours", "colour"),
        ("helicopters", "helicopter"),
        ("neighbor", "neighbour"),
    ):
        assert read_word(written) == ((read,), False)


def test_every_name_of_the_vocabulary_is_one_token_as_the_vocabulary_finds_it():
    for name, key in concept_words().items():
        tokens = split_question(f"is there {name} or")
        assert tokens[2] == f"{{{key}}}", name
        assert set(tokens[3:-1]) <= {"area", "areas"}, name
        assert [match.key for match in find_concepts(f"is there {name} or")] == [key]


def test_tokens_know_where_they_came_from():
    text = "Where is the built-up  land?"
    token = next(token for token in read_question(text) if token.concept)
    assert (token.concept, token.written, text[token.start : token.end]) == (
        "developed",
        "built-up  land",
        token.written,
    )


def test_the_list_is_sorted_lower_case_and_without_repeats():
    listed = word_tokens()
    assert len(set(listed)) == len(listed)
    assert {f"{{{key}}}" for key in vocabulary} <= set(listed)
    assert all(re.fullmatch(r"[a-z]+|k?m2", word) for word in words())


def test_everything_that_is_split_is_a_token():
    known = set(word_tokens())
    text = "Ünïcode 中文 \u0131ce <t9> {water} 'quoted' \"x\" a-b c/d 1,000.5 !!! <unk> @ # % " + "x" * 500
    assert set(split_question(text)) <= known
    assert split_question("") == []


def test_numerals_up_to_nine_keep_their_value():
    assert split("image 2 of 12, band 9") == "image two of <number> band nine"


def test_one_slip_is_no_two():
    assert not one_slip_apart("forest", "forest")
    assert not one_slip_apart("forset", "frest")
    assert one_slip_apart("fores", "forest")
