import numpy as np
import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure import (
    adjusted_area,
    agreement,
    area,
    claim_matches,
    observed_enough,
    share,
    sums_to_whole,
    thin_class,
    touches,
)
from terrascope_sdk.types import Aoi
from tests.measure.discs import disc, grid_at, mask_of


def test_observed_enough():
    clear = mask_of(np.ones((1, 10), bool), valid=[[True] * 8 + [False] * 2])
    assert observed_enough(clear).passed
    assert not observed_enough(clear, minimum=0.9).passed
    assert "80.0% of the area was observed for water" in observed_enough(clear).detail
    lon, lat = clear.grid.lonlat([0, 1], [5, 10])
    assert not observed_enough(clear, Aoi.from_bbox((lon[0], lat[1], lon[1], lat[0]))).passed
    hidden = mask_of(np.ones((2, 2), bool), valid=np.zeros((2, 2), bool))
    assert not observed_enough(hidden).passed


def test_agreement_compares_shares_and_places():
    a, b = mask_of(np.eye(10) > 0), mask_of(np.eye(10)[::-1] > 0, sensor="sar")
    found = agreement(a, b, independent=True)
    assert found.passed
    assert found.independent
    assert "10.0% and 10.0%" in found.detail
    assert "intersection over union 0.00" in found.detail
    assert not agreement(a, mask_of(np.ones((10, 10), bool))).passed
    assert not agreement(a, a).independent
    assert "intersection over union 1.00" in agreement(a, a).detail
    none = mask_of(np.zeros((10, 10), bool))
    assert "undefined" in agreement(none, none).detail


def test_agreement_looks_at_common_pixels_only():
    a = mask_of([[True, True, False, False]], valid=[[True, True, False, False]])
    b = mask_of([[True, True, False, False]])
    assert "100.0% and 100.0%" in agreement(a, b).detail
    assert "100.0% and 100.0%" in agreement(b, a).detail
    c = mask_of([[True, True, True, True]], valid=[[True, True, True, True]])
    for pair in ((a, c), (c, a)):
        assert "100.0% and 100.0%" in agreement(*pair).detail


def test_exclusive_classes_sum_to_the_whole():
    a = mask_of(np.eye(10) > 0)
    assert sums_to_whole([a, a.complement()]).passed
    assert not sums_to_whole([a, mask_of(np.zeros((10, 10), bool))]).passed
    twice = sums_to_whole([a, a.complement(), mask_of(np.eye(10) > 0, label="tree")])
    assert not twice.passed
    assert "10.0% in more than one" in twice.detail
    with pytest.raises(InputError, match="no class"):
        sums_to_whole([])


def test_claims_against_numbers():
    lake = share(mask_of(np.eye(10) > 0))
    assert claim_matches(0.109, lake).passed
    assert not claim_matches(0.12, lake).passed
    found = claim_matches(0.12, lake)
    assert "claimed 12.0 %, measured 10.0 %" in found.detail
    assert "20% apart" in found.detail
    assert "inside" in found.detail
    assert "outside" in claim_matches(0.9, lake).detail
    nothing = share(mask_of(np.zeros((3, 3), bool)))
    assert claim_matches(0.0, nothing).passed
    assert not claim_matches(0.01, nothing).passed


def test_claims_against_truth_values():
    yes = touches(mask_of([[True, False]]), mask_of([[False, True]]))
    assert claim_matches(True, yes).passed
    assert "claimed no, measured yes" in claim_matches(False, yes).detail
    with pytest.raises(InputError, match="cannot be compared"):
        claim_matches(1.0, yes)
    with pytest.raises(InputError, match="no number"):
        claim_matches(float("nan"), area(mask_of(np.eye(3) > 0)))


def test_a_claim_against_an_adjusted_area():
    found = adjusted_area([[9, 1], [1, 9]], mapped_area_m2={"water": 1e6, "other": 1e6}).areas[0]
    assert "95 % confidence interval" in claim_matches(1e6, found).detail


def test_a_thin_class_is_noticed():
    river = np.zeros((20, 20), bool)
    river[10] = True
    assert not thin_class(mask_of(river)).passed
    assert thin_class(disc(grid_at(9, 45, "EPSG:32632"), 1000)).passed
    assert "no water was found" in thin_class(mask_of(np.zeros((4, 4), bool))).detail
