import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure import adjusted_area

HA = 1e4
PAPER_COUNTS = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]
PAPER_HA = {"deforestation": 18_000, "forest gain": 13_500, "stable forest": 288_000, "stable non-forest": 580_500}


def paper():
    return adjusted_area(PAPER_COUNTS, mapped_area_m2={name: ha * HA for name, ha in PAPER_HA.items()})


def half_width(measurement):
    return (measurement.high - measurement.low) / 2


def test_areas_of_olofsson_2014_section_5():
    expected = [(21_158, 6_158), (11_686, 3_756), (285_770, 15_510), (581_386, 16_282)]
    for found, (ha, margin_ha) in zip(paper().areas, expected, strict=True):
        assert found.value / HA == pytest.approx(ha, abs=1)
        assert half_width(found) / HA == pytest.approx(margin_ha, abs=1)
        assert (found.unit, found.interval) == ("m2", "design_based")


def test_accuracies_of_olofsson_2014_section_5():
    users = [(0.88, 0.07), (0.73, 0.10), (0.93, 0.04), (0.96, 0.02)]
    # the paper prints 0.85 +- 0.23 and 0.96 +- 0.01; its equation 7 gives 0.254 and 0.018, as other programs find too
    producers = [(0.75, 0.213), (0.85, 0.254), (0.93, 0.034), (0.96, 0.018)]
    found = paper()
    for got, expected in ((found.users, users), (found.producers, producers), ([found.overall], [(0.95, 0.02)])):
        for measurement, (value, margin) in zip(got, expected, strict=True):
            assert round(measurement.value, 2) == value
            assert measurement.value - measurement.low == pytest.approx(margin, abs=0.005)


def test_names_methods_and_document():
    found = paper()
    assert [m.subject for m in found.areas] == list(PAPER_HA)
    assert "640 reference points" in found.areas[0].method
    assert "eq. 9-11" in found.areas[0].method
    assert len(found.measurements) == 13
    document = found.to_json()
    assert document["counts"][0] == [66, 0, 5, 4]
    assert document["producers"][0]["name"] == "producers_accuracy"
    assert found.area_standard_error_m2[0] * 1.96 / HA == pytest.approx(6_158, abs=1)


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_adjusted_areas_sum_to_the_map_and_bounds_hold(seed, k):
    generator = np.random.default_rng(seed)
    counts = generator.integers(1, 40, (k, k))
    areas = {str(i): float(a) for i, a in enumerate(generator.uniform(1, 1e6, k))}
    found = adjusted_area(counts, mapped_area_m2=areas)
    assert sum(m.value for m in found.areas) == pytest.approx(sum(areas.values()))
    for measurement in found.measurements:
        assert 0 <= measurement.low <= measurement.value <= measurement.high
    scaled = adjusted_area(counts, mapped_area_m2={name: 900 * a for name, a in areas.items()})
    assert scaled.overall.value == pytest.approx(found.overall.value)
    assert scaled.areas[0].high == pytest.approx(900 * found.areas[0].high)


def test_producers_margins_are_the_spread_of_repeated_samples():
    n, weight = np.array(PAPER_COUNTS), np.array(list(PAPER_HA.values())) / 900_000
    generator = np.random.default_rng(0)
    rows = [generator.multinomial(row.sum(), row / row.sum(), size=4000) / row.sum() for row in n]
    p = weight[:, None, None] * np.stack(rows)
    spread = (np.diagonal(p, axis1=0, axis2=2) / p.sum(axis=0)).std(axis=0)
    margins = [m.value - m.low for m in paper().producers]
    np.testing.assert_allclose(margins, 1.96 * spread, rtol=0.1)  # linear in the errors, hence not exact


@pytest.mark.parametrize("seed", [1, 2])
def test_nineteen_of_twenty_intervals_hold_the_truth(seed):
    generator = np.random.default_rng(seed)
    mapped = {"a": 2e6, "b": 8e6}
    chance = np.array([[0.85, 0.15], [0.07, 0.93]])  # of being a or b, for ground mapped as a or b
    truth = mapped["a"] * chance[0, 0] + mapped["b"] * chance[1, 0]
    hits = 0
    for _ in range(400):
        counts = [generator.multinomial(150, p) for p in chance]
        found = adjusted_area(np.array(counts), mapped_area_m2=mapped).areas[0]
        hits += found.low <= truth <= found.high
    assert hits / 400 == pytest.approx(0.95, abs=0.04)


def test_a_class_that_the_sample_never_found():
    found = adjusted_area([[0, 10], [0, 10]], mapped_area_m2={"a": 1e6, "b": 1e6})
    assert found.producers[0] is None
    assert found.producers[1].value == 0.5
    assert found.areas[0].value == 0
    assert len(found.measurements) == 6
    assert found.to_json()["producers"][0] is None


def test_perfect_agreement_is_said_to_be_too_good():
    found = adjusted_area([[10, 0], [0, 10]], mapped_area_m2={"a": 1e6, "b": 1e6})
    assert found.overall.low == found.overall.high == 1
    assert any("too narrow" in n for n in found.overall.notes)


@pytest.mark.parametrize(
    ("counts", "areas", "message"),
    [
        ([[1, 2]], {"a": 1.0, "b": 1.0}, "1 x 2, but there are 2 classes"),
        ([[5, -1], [1, 5]], {"a": 1.0, "b": 1.0}, "0 or larger"),
        ([[5, 1], [1, 5]], {"a": 0.0, "b": 1.0}, "larger than 0"),
        ([[5, 1], [0, 1]], {"a": 1.0, "b": 1.0}, r"Too few reference points in b \(1\)"),
    ],
)
def test_matrices_that_are_refused(counts, areas, message):
    with pytest.raises(InputError, match=message):
        adjusted_area(counts, mapped_area_m2=areas)
