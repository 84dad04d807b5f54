import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import ParseError
from terrascope_sdk.evaluate.wording import asked_unit, points_asked, ranked_names, smaller_asked


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Which covers the larger area, grassland or shrubland?", ("grassland", "shrubland")),
        ("Which is larger: X or Y?", ("X", "Y")),
        ("Which covers the larger area, urban area or forest?", ("urban area", "forest")),
        ("Which covers the larger area, buildings or everything else?", ("buildings", "everything else")),
        ("Is forest or grassland larger?", ("forest", "grassland")),
        ("Does open water or bare land cover the larger area?", ("open water", "bare land")),
        ("Which of forest and grassland covers the larger area?", ("forest", "grassland")),
        ("Of forest and grassland, which covers the larger area?", ("forest", "grassland")),
        ("Between snow and ice and water, which covers more?", ("snow and ice", "water")),
        ("In the image of 2015-09-09, which covers the larger area, A or B?", ("A", "B")),
        ("Which covers the larger area, A or B, in the image?", ("A", "B")),
        ("Which covers the larger area, A or B in the valid image?", ("A", "B")),
        ("Which covers the larger area, water or dry land, on 2019-09-18?", ("water", "dry land")),
        ("Which is larger, the area of forest or the area of water?", ("forest", "water")),
        ("Which covers the larger area (cloud or cloud shadow)?", ("cloud", "cloud shadow")),
        ("A or B: which covers the larger area?", ("A", "B")),
        ('Which covers more, "bare or sparse vegetation" or "water"?', ("bare or sparse vegetation", "water")),
        ("Which land cover type has the larger extent, shrub, scrub or water?", ("shrub, scrub", "water")),
        ("Which class, in the valid image, covers the larger area, A or B?", ("A", "B")),
        ("Which covers the larger area, area of interest or buildings?", ("area of interest", "buildings")),
        ("Which is bigger A or B?", ("A", "B")),
        ("Which year has more water, 2016 or 2019?", ("2016", "2019")),
        ("Which covers the larger area, a, b, or c?", ("a", "b", "c")),
    ],
)
def test_names_are_found_as_spelled(text, names):
    assert ranked_names(text, len(names)) == names


NAMES = st.sampled_from(
    [
        "forest",
        "cloud shadow",
        "not vegetated",
        "snow and ice",
        "building instance 3",
        "dry land",
        "the rest",
        "Class 7",
    ]
)
ASKS = st.sampled_from(
    ["Which covers the larger area, {} or {}?", "Which is larger: {} or {}?", "Is {} or {} larger?",
     "Which has the larger area, {} or {}?", "What covers more of the ground: {} or {}?", "Which is larger, {}, or {}?"]
)  # fmt: skip


@given(ASKS, NAMES, NAMES)
def test_any_names_in_any_usual_question(question, first, second):
    assert ranked_names(question.format(first, second), 2) == (first, second)


@pytest.mark.parametrize("text", ["What is the largest class?", "", "Which covers the larger area?", "A, B, C or D?"])
def test_a_question_without_two_names_is_refused(text):
    with pytest.raises(ParseError):
        ranked_names(text, 2)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("By how many square metres did water grow?", "m2"),
        ("What percentage of the buildings was lost?", "%"),
        ("By how many m² do they differ?", "m2"),
        ("What share of the 400 m2 changed?", "%"),
        ("How many square meters, in percent of nothing?", "m2"),
        ("By how much did it grow?", "default"),
        ("How much of the 300 m x 200 m changed?", "default"),
    ],
)
def test_the_unit_asked_for(text, unit):
    assert asked_unit(text, default="default") == unit


def test_points_and_smaller():
    assert points_asked("By how many percentage points did it grow?")
    assert not points_asked("By what percentage did it grow?")
    assert smaller_asked("Which covers the smaller area, A or B?")
    assert not smaller_asked("Which covers the larger area, A or B?")
