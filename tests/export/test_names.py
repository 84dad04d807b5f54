import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.export.names import mask_stems, slug


@given(st.text())
def test_a_slug_is_safe_on_every_system(text):
    assert re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?)?", slug(text))


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("../../x", "x"),
        ("<b>", "b"),
        ("C:\\con\0", "c-con"),
        ("Água Preta", "agua-preta"),
        ("水", ""),
        ("a" * 99, "a" * 60),
    ],
)
def test_labels(label, expected):
    assert slug(label) == expected


def head(name, **fields):
    return {"id": name, "label": "water", "date": "2020-06-01T10:30:00Z", "sensor": "optical"} | fields


def test_names_say_label_date_and_sensor_and_never_meet():
    heads = [
        head("m1"),
        head("m2"),
        head("m1"),
        head("m3", label="水", date=None, sensor=""),
        head("m4", label="2", date=None),
    ]
    assert mask_stems(heads) == {
        "m1": "mask_water_2020-06-01_optical",
        "m2": "mask_water_2020-06-01_optical_2",
        "m3": "mask",
        "m4": "mask_2_optical",
    }


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["", "a", "a_2", "2", "A", "../a"]))))
def test_one_name_for_each_mask(pairs):
    stems = mask_stems(head(f"m{i}", label=label, date=None, sensor="") for i, label in pairs)
    assert len(set(stems.values())) == len(stems) == len({i for i, _ in pairs})
