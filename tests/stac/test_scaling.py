"""Scale and offset: the truth table of the rules, decided by fields and never by date."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.radiometry import to_reflectance
from terrascope_sdk.stac.scaling import (
    Stated,
    decide_scaling,
    offset_removed,
    own_scaling,
    processing_baseline,
    scaling_rules,
)

FIELDS_OFFSET = Stated(1e-4, -0.1, "uint16")
FIELDS_NONE = Stated(dtype="uint16")


def item(**properties):
    return {"id": "S2X", "properties": {k.replace("__", ":"): v for k, v in properties.items()}}


@pytest.mark.parametrize(
    ("properties", "stated", "offset", "word"),
    [
        ({"s2__processing_baseline": "02.12"}, FIELDS_NONE, 0.0, "02.12"),
        ({"s2__processing_baseline": "03.01"}, Stated(1e-4, 0.0, "uint16"), 0.0, "03.01"),
        ({"s2__processing_baseline": "04.00"}, FIELDS_NONE, -0.1, "04.00"),
        ({"s2__processing_baseline": "04.00"}, FIELDS_OFFSET, -0.1, "04.00"),
        ({"s2__processing_baseline": "05.11"}, FIELDS_OFFSET, -0.1, "05.11"),
        ({"processing__version": "05.11"}, FIELDS_NONE, -0.1, "05.11"),
        ({"sentinel__processing_baseline": "03.00"}, FIELDS_NONE, 0.0, "03.00"),
        ({"s2__processing_baseline": "05.09", "earthsearch__boa_offset_applied": True}, FIELDS_OFFSET, 0.0, "say -0.1"),
        ({"s2__processing_baseline": "05.09", "sentinel__boa_offset_applied": True}, FIELDS_NONE, 0.0, "took it out"),
        ({"s2__processing_baseline": "02.12", "earthsearch__boa_offset_applied": False}, FIELDS_NONE, 0.0, "02.12"),
        ({"s2__processing_baseline": "05.09", "earthsearch__boa_offset_applied": False}, FIELDS_NONE, -0.1, "05.09"),
        ({"earthsearch__boa_offset_applied": True}, FIELDS_NONE, 0.0, "took it out"),
        ({}, FIELDS_OFFSET, -0.1, "no processing baseline"),
        ({}, Stated(1e-4, 0.0, "uint16"), 0.0, "no processing baseline"),
    ],
)
def test_the_offset_of_sentinel2(properties, stated, offset, word):
    decided = decide_scaling("sentinel2", item(**properties), stated)
    assert (decided.scale, decided.offset) == (1e-4, offset)
    assert word in decided.why


@pytest.mark.parametrize(("baseline", "said", "offset"), [("02.12", -0.1, 0.0), ("05.09", 0.0, -0.1)])
def test_a_contradiction_follows_the_baseline_and_says_so(baseline, said, offset):
    decided = decide_scaling("sentinel2", item(s2__processing_baseline=baseline), Stated(1e-4, said, "uint16"))
    assert decided.offset == offset
    assert "contradicts" in decided.why
    assert "baseline was followed" in decided.why
    agreeing = decide_scaling("sentinel2", item(s2__processing_baseline=baseline), Stated(1e-4, offset, "uint16"))
    assert "contradicts" not in agreeing.why


def test_nothing_to_decide_by_is_an_error_that_names_the_fields():
    with pytest.raises(InputError, match=r"Asset 'B02' .*s2:processing_baseline"):
        decide_scaling("sentinel2", item(), FIELDS_NONE, where="Asset 'B02'")


def test_floats_are_values_already():
    decided = decide_scaling("sentinel2", item(s2__processing_baseline="05.00"), Stated(dtype="float32"))
    assert (decided.scale, decided.offset) == (1.0, 0.0)


@given(st.datetimes(), st.sampled_from(["02.12", "03.01", "04.00", "05.11"]))
def test_the_date_decides_nothing(when, baseline):
    dated = item(s2__processing_baseline=baseline, datetime=when.isoformat(), created=when.isoformat())
    plain = item(s2__processing_baseline=baseline)
    assert decide_scaling("sentinel2", dated, FIELDS_NONE) == decide_scaling("sentinel2", plain, FIELDS_NONE)


@given(st.integers(0, 99), st.integers(0, 99))
def test_the_baseline_is_found_in_fields_and_in_product_names(major, minor):
    want, text = (major, minor), f"{major:02d}.{minor:02d}"
    name = f"S2A_MSIL2A_20220401T090319_N{major:02d}{minor:02d}_R013_T34LBP_20220401T110010.SAFE"
    assert processing_baseline(item(s2__processing_baseline=text)) == want
    assert processing_baseline(item(s2__product_uri=name)) == want
    assert processing_baseline(item(s2__tile_id=f"S2A_OPER_MSI_L2A_TL_VGS1_A035382_T34LBP_N{text}")) == want
    assert processing_baseline(item() | {"id": name}) == want


@pytest.mark.parametrize("name", ["S2A_13TDE_20231008_0_L2A", "S2B_MSIL2A_2019_R043_T06VVN", "S1A_NRT_N04001", ""])
def test_other_names_hold_no_baseline(name):
    assert processing_baseline(item() | {"id": name}) is None
    assert processing_baseline(item(processing__version="2.1.3") | {"id": name}) is None


def test_only_true_means_removed():
    assert offset_removed(item(earthsearch__boa_offset_applied=True))
    assert not offset_removed(item(earthsearch__boa_offset_applied="false"))
    assert not offset_removed(item())


@pytest.mark.parametrize("stated", [Stated(), Stated(2.75e-5, -0.2, "uint16"), Stated(1.0, 0.0)])
def test_landsat_is_scaled_by_its_collection_also_where_nothing_is_stated(stated):
    decided = decide_scaling("landsat_c2_l2", item(), stated)
    assert (decided.scale, decided.offset) == (2.75e-5, -0.2)
    assert ("contradicts" in decided.why) == (stated.scale == 1.0)


@pytest.mark.parametrize(
    ("rule", "stated", "scale", "offset"),
    [
        ("hls", Stated(dtype="int16"), 1e-4, 0.0),
        ("hls", Stated(1e-4, 0.0, "int16"), 1e-4, 0.0),
        ("stated", Stated(0.01, 2.0, "uint16"), 0.01, 2.0),
        ("stated", Stated(0.01, None, None), 0.01, 0.0),
        ("stated", Stated(dtype="float32"), 1.0, 0.0),
        ("display", Stated(dtype="uint8"), 1 / 255, 0.0),
        ("display", Stated(1.0, 0.0, "uint16"), 1 / 65535, 0.0),
        ("display", Stated(0.5, 0.25, "uint8"), 0.5, 0.25),
        ("display", Stated(dtype="float32"), 1.0, 0.0),
        ("as_stored", Stated(), 1.0, 0.0),
    ],
)
def test_the_other_rules(rule, stated, scale, offset):
    decided = decide_scaling(rule, item(), stated)
    assert (decided.scale, decided.offset) == (scale, offset)


@pytest.mark.parametrize(
    ("rule", "stated", "word"),
    [
        ("stated", Stated(), "no data_type and no scale"),
        ("stated", Stated(dtype="uint16"), "data_type uint16 but no scale"),
        ("display", Stated(), "no data_type"),
        ("by date", Stated(), "no rule"),
    ],
)
def test_a_missing_field_is_named(rule, stated, word):
    with pytest.raises(InputError, match=word):
        decide_scaling(rule, item(), stated)


def test_every_rule_is_in_the_table():
    assert set(scaling_rules) == {"sentinel2", "landsat_c2_l2", "hls", "stated", "display", "as_stored"}


def test_the_bundled_catalogue_is_taken_at_its_word():
    assert own_scaling("display", Stated(dtype="uint8")).scale == 1 / 255
    assert own_scaling("display", Stated(dtype="int16")).scale == 1.0
    assert own_scaling("display", Stated(0.5, None, "uint8")).scale == 0.5
    assert own_scaling("surface_reflectance", Stated(dtype="uint16")).scale == 1.0
    assert own_scaling("surface_reflectance", Stated(1e-4, 0.0, "uint16")).scale == 1e-4


@given(st.integers(0, 10_000))
def test_one_surface_has_one_reflectance_through_every_door(code):
    """Codes of one surface: as older baselines store it, and 1000 higher where the offset is present."""
    doors = [
        (item(s2__processing_baseline="02.12"), FIELDS_NONE, code),
        (item(s2__processing_baseline="04.00"), FIELDS_OFFSET, code + 1000),
        (item(s2__processing_baseline="05.09", earthsearch__boa_offset_applied=True), FIELDS_OFFSET, code),
        (item(s2__processing_baseline="05.09"), FIELDS_NONE, code + 1000),
    ]
    seen = []
    for document, stated, stored in doors:
        decided = decide_scaling("sentinel2", document, stated)
        codes = np.array([stored], "uint16")
        seen.append(to_reflectance(codes, nodata=None, scale=decided.scale, offset=decided.offset)[0])
    assert np.ptp(seen) < 1e-4 / 2
    assert seen[0] == pytest.approx(code * 1e-4, abs=1e-6)
