import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.types import Check, Measurement
from terrascope_sdk.types.quantity_text import format_quantity, format_range


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (5_501_530.0, "m2", "550.2 ha"),
        (8428.0, "m2", "8,428 m²"),
        (17_411_600.0, "m2", "17.41 km²"),
        (0.2673, "1", "26.7 %"),
        (0.003459, "1", "0.346 %"),
        (42.884, "m", "42.88 m"),
        (25_879.0, "m", "25.88 km"),
        (108, "count", "108"),
        (True, "1", "yes"),
        (False, "1", "no"),
        (None, "m2", "unknown"),
        (0.0, "m2", "0 m²"),
        (-31_000.0, "m2", "-3.100 ha"),
    ],
)
def test_numbers_read_as_people_write_them(value, unit, text):
    assert format_quantity(value, unit) == text


def test_both_ends_of_a_range_share_a_unit():
    assert format_range(9_000.0, 11_000.0, "m2") == "0.9000 to 1.100 ha"
    assert format_range(0.25, 0.29, "1") == "25.0 to 29.0 %"
    assert format_range(-3.0, 4.0, "m") == "-3.000 to 4.000 m"


def area(**fields):
    return Measurement(**({"name": "area", "subject": "water", "value": 3.0, "unit": "m2"} | fields))


def test_json_round_trip_calls_mask_ids_masks():
    one = area(low=2.0, high=4.0, interval="edge_sensitivity", mask_ids=("mask-1",), notes=("mapped",), prefer="ha")
    assert one.to_json()["masks"] == ["mask-1"]
    assert Measurement.from_json(one.to_json()) == one
    assert Measurement.from_json(one.to_json()).id == one.id


@pytest.mark.parametrize(
    "bad",
    [
        {"unit": "ha"},
        {"low": 1.0},
        {"low": 1.0, "high": 5.0},
        {"interval": "edge_sensitivity"},
        {"low": 4.0, "high": 5.0, "interval": "edge_sensitivity"},
    ],
)
def test_numbers_that_contradict_themselves_are_refused(bad):
    with pytest.raises(InputError):
        area(**bad)


def test_bounds_say_what_they_mean():
    edge = area(low=2.0, high=4.0, interval="edge_sensitivity")
    sample = area(low=2.0, high=4.0, interval="design_based")
    assert "if the edge moved by one pixel" in str(edge)
    assert "confidence" not in str(edge)
    assert "95 % confidence interval" in str(sample)


def test_checks_round_trip():
    one = Check("agreement", False, "26.7 % against 31 %", independent=True)
    assert Check.from_json(one.to_json()) == one
    assert "FAILED" in str(one)
