import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.evaluate.options import folded, parse_number, pick_option


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1,201,720 m2", "m2", 1201720.0),
        ("1 201 720 m²", "m2", 1201720.0),
        ("12.5 ha", "m2", 125000.0),
        ("0.55 km2", "m2", 550000.0),
        ("about 3 km²", "m2", 3e6),
        ("5.5 million m2", "m2", 5.5e6),
        ("26.7%", "%", 26.7),
        ("26,7 %", "%", 26.7),
        ("0.214%", "%", 0.214),
        ("42.9 m", "m", 42.9),
        ("2.588 km", "m", 2588.0),
        ("85 cm", "m", 0.85),
        ("2,588 m", "m", 2588.0),
        ("108", "count", 108.0),
        ("108 buildings", "count", 108.0),
        ("-3.5e3 m2", "m2", -3500.0),
        ("\u22121,250 m2", "m2", -1250.0),
        (".5 %", "%", 0.5),
        ("3 hamlets", "count", 3.0),
        ("none", "%", None),
        ("", "m2", None),
    ],
)
def test_numbers_in_option_texts(text, unit, value):
    assert parse_number(text, unit=unit) == (value if value is None else pytest.approx(value))


@given(st.floats(-1e9, 1e9).map(lambda v: round(v, 3)), st.sampled_from(["{:,.3f} m2", "{:.3f}m2", "{:,.3f}"]))
def test_formatting_and_parsing_are_inverse(value, form):
    assert parse_number(form.format(value), unit="m2") == pytest.approx(value, abs=1e-6)


@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=4, unique_by=lambda v: f"{v:,.1f}"), st.floats(0.1, 1e6))
def test_a_number_picks_the_nearest_option(values, given_value):
    options = {letter: f"{v:,.1f} m2" for letter, v in zip("ABCD", values, strict=False)}
    picked = pick_option(given_value, options, unit="m2")
    rounded = {letter: float(f"{v:.1f}") for letter, v in zip("ABCD", values, strict=False)}
    assert abs(rounded[picked] - given_value) == min(abs(v - given_value) for v in rounded.values())


def test_words_pick_their_own_option():
    options = {"A": "grassland", "B": "Snow and  ice"}
    assert pick_option("snow and ice", options, unit="") == "B"
    assert pick_option("the grassland", options, unit="") == "A"
    assert pick_option("grass", options, unit="") is None


def test_units_may_differ_from_option_to_option():
    options = {"A": "0.9 ha", "B": "20,000 m2", "C": "0.5 km2"}
    assert pick_option(9500.0, options, unit="m2") == "A"
    assert pick_option(3.0e5, options, unit="m2") == "C"
    assert pick_option(1.0, {"A": "many"}, unit="m2") is None


def test_words_are_compared_without_case_blanks_or_article():
    assert folded(" The  Old Town. ") == folded("old town")
    assert folded("theatre") == "theatre"
