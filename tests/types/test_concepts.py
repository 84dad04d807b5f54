import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.concepts import (
    closest_concept_words,
    concept_words,
    find_concepts,
    get_concept,
    vocabulary,
)

ALL = list(vocabulary.values())


def found(text):
    return [(m.key, m.word) for m in find_concepts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What share is water?", [("water", "water")]),
        ("forests and Woodland", [("tree", "forests"), ("tree", "Woodland")]),
        (
            "water bodies, cities and marshes",
            [("water", "water bodies"), ("developed", "cities"), ("wetland", "marshes")],
        ),
        ("built-up land, built up area", [("developed", "built-up land"), ("developed", "built up")]),
        ("herbaceous or barren", [("grass", "herbaceous"), ("bare", "barren")]),
        ("herbaceous wetland", [("wetland", "herbaceous wetland")]),
        ("cultivated land and artificial surface", [("crop", "cultivated"), ("developed", "artificial surface")]),
        ("cloud shadow", [("cloud", "cloud shadow")]),
        ("snow and ice", [("snow", "snow and ice")]),
        ("snow-covered", [("snow", "snow-covered")]),
        ("not vegetated", [("vegetation", "vegetated")]),
        ("flooded", [("water", "flooded")]),
        ("BURNT land", [("burned", "BURNT")]),
        ("lithium, seaweed, woodpecker, cropped, waterfall", []),
        ("rainwater and water-borne", []),
        ("", []),
    ],
)
def test_everyday_words_are_found_whole_and_longest_first(text, expected):
    assert found(text) == expected


def test_positions_point_at_the_word():
    text = "Does Cropland touch a lake?"
    assert [text[m.start : m.end] for m in find_concepts(text)] == ["Cropland", "lake"]


@given(st.text(max_size=80))
def test_any_text_can_be_searched(text):
    for match in find_concepts(text):
        assert match.key in vocabulary
        assert text[match.start : match.end] == match.word


@pytest.mark.parametrize("text", ["\u0131ce", "\u017fnow", "\u212atree"])
def test_letters_that_only_look_alike_are_no_names(text):
    assert found(text) in ([], [("tree", "tree")])


def test_no_word_names_two_concepts():
    owners = {}
    for concept in ALL:
        for word in concept.words:
            assert owners.setdefault(word, concept.key) == concept.key, word


@pytest.mark.parametrize("concept", ALL, ids=lambda c: c.key)
def test_an_entry_is_complete_and_consistent(concept):
    assert concept.definition.endswith(".")
    assert all(word == word.lower() for word in concept.words)
    assert set(concept.countable) <= set(concept.words)
    assert all(member in vocabulary for member in concept.members)
    assert concept_words()[concept.key] == concept.key
    assert found(concept.title)[0][0] == concept.key
    if concept.members:
        assert set(concept.worldcover) == {v for m in concept.members for v in vocabulary[m].worldcover}


def test_crosswalks_give_each_class_to_one_simple_concept():
    for name in ("worldcover", "nlcd", "corine"):
        codes = [code for c in ALL if not c.members for code in getattr(c, name)]
        assert len(codes) == len(set(codes)), name


@pytest.mark.parametrize(
    ("key", "word", "said"),
    [
        ("tree", "Forests", "'Forests' is taken as tree cover (not forest in FAO's sense)."),
        ("water", "lake", "'lake' is taken as open water: all open water in the area counts."),
        ("water", "flood-water", "'flood-water' is taken as open water at that time, permanent water included."),
        ("water", "water", None),
        ("tree", "tree cover", None),
    ],
)
def test_a_loose_word_is_admitted(key, word, said):
    assert get_concept(key).taken_as(word) == said


def test_single_things_are_counted_only_where_they_show_as_regions():
    assert get_concept("water").counts("Lakes")
    assert not get_concept("water").counts("water")
    assert not get_concept("tree").counts("trees")
    assert get_concept("building").counts("houses")


def test_an_unknown_key_is_an_error_that_names_the_nearest():
    with pytest.raises(InputError, match="'tree'"):
        get_concept("trees")
    with pytest.raises(InputError, match="Known are water, tree"):
        get_concept("lithium")


def test_near_spellings_are_offered_and_far_ones_not():
    assert "forest" in closest_concept_words("forrest")
    assert closest_concept_words("lithium") == ()
    assert closest_concept_words("x" * 10_000) == ()


def test_the_vocabulary_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        vocabulary["lithium"] = get_concept("water")
