import numpy as np
import pytest
from skimage.filters import threshold_otsu

from terrascope_sdk.engine.histogram import histogram_of
from terrascope_sdk.engine.threshold import find_split, otsu

N = 40_000


def mixture(*parts, seed=0):
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(mean, sd, int(N * share)) for share, mean, sd in parts]).astype(np.float32)


def single_modes():
    rng = np.random.default_rng(5)
    yield "normal", rng.normal(0, 1, N)
    yield "few normal", rng.normal(0, 1, 300)
    yield "uniform", rng.uniform(0, 1, N)
    yield "few uniform", rng.uniform(0, 1, 1000)
    yield "plateau", rng.uniform(-1, 1, N) + rng.normal(0, 0.15, N)
    yield "flat top", rng.beta(1.2, 1.2, N)
    yield "triangle", rng.triangular(0, 0.2, 1, N)
    yield "ramp", np.sqrt(rng.uniform(0, 1, N))
    yield "exponential", rng.exponential(1, N)
    yield "log-normal", rng.lognormal(0, 1, N)
    yield "heavy tails", rng.standard_t(3, N)
    yield "one look of speckle in dB", 10 * np.log10(rng.gamma(1, 1, N))
    yield "four looks of speckle in dB", 10 * np.log10(rng.gamma(4, 0.25, N))
    yield "speckle on texture in dB", 10 * np.log10(rng.gamma(4, 0.25, N) * rng.gamma(2, 0.5, N))


@pytest.mark.parametrize(("name", "values"), list(single_modes()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_single_mode_is_never_split(name, values):
    split = find_split(values)
    assert not split.two_modes, split
    assert split.why == "no two modes"


@pytest.mark.parametrize(
    ("parts", "between"),
    [
        (((0.5, -0.5, 0.1), (0.5, 0.5, 0.1)), (-0.1, 0.1)),
        (((0.8, -0.5, 0.1), (0.2, 0.5, 0.1)), (-0.2, 0.2)),
        (((0.95, -0.5, 0.05), (0.05, 0.8, 0.1)), (-0.3, 0.5)),
        (((0.985, -0.5, 0.03), (0.015, 0.8, 0.1)), (-0.4, 0.6)),
    ],
)
def test_two_modes_with_a_valley_are_split_in_the_valley(parts, between):
    split = find_split(mixture(*parts))
    assert split.two_modes
    assert "valley" in split.why
    assert between[0] < split.threshold < between[1]
    assert split.low_mean == pytest.approx(parts[0][1], abs=0.03)
    assert split.high_mean == pytest.approx(parts[1][1], abs=0.06)
    assert split.high_frac == pytest.approx(parts[1][0], abs=0.01)
    assert 0 < split.separability <= 1


def test_two_overlapping_modes_without_a_valley_at_the_threshold_are_split():
    split = find_split(mixture((0.2, -20.0, 2.2), (0.8, -10.0, 3.6), seed=3))
    assert split.valley_frac < 0.25
    assert split.two_modes
    assert "overlapping" in split.why
    assert split.distance == pytest.approx(np.sqrt(2) * 10 / np.hypot(2.2, 3.6), abs=0.25)
    assert -17 < split.threshold < -13


@pytest.mark.parametrize("share", [0.0, 0.002, 0.005, 0.009])
def test_a_tiny_class_places_no_threshold(share):
    split = find_split(mixture((1 - share, -0.5, 0.02), (share, 0.9, 0.02)))
    assert not split.two_modes
    if share > 0.004:  # wide apart, so Otsu does find the gap: then the size is what speaks against it
        assert f"{share:.1%}" in split.why


def test_otsu_cutting_through_the_larger_class_is_not_taken_for_a_split():
    values = mixture((0.985, 0.0, 1.0), (0.015, 7.0, 0.5))
    split = find_split(values)
    assert split.threshold < 3
    assert not split.two_modes


def test_nothing_to_split():
    assert find_split(np.full((9, 9), np.nan, np.float32)) is None
    assert find_split(np.full((9, 9), 0.25, np.float32)) is None
    assert find_split(np.array([], np.float32)) is None


def test_what_is_not_a_number_is_left_out():
    values = mixture((0.7, -0.5, 0.1), (0.3, 0.5, 0.1))
    with_gaps = np.concatenate([values, np.full(5000, np.nan, np.float32)])
    assert find_split(with_gaps) == find_split(values)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.8, 0.2), (0.35, 0.65)])
def test_our_otsu_is_that_of_skimage(shares):
    values = mixture((shares[0], -0.4, 0.15), (shares[1], 0.3, 0.15)).astype(float)
    histogram = histogram_of(values)
    cut, separability = otsu(histogram)
    theirs = threshold_otsu(hist=(histogram.share, histogram.centres))
    assert histogram.centres[cut] == pytest.approx(theirs, abs=1.5 * histogram.step)
    high = values > histogram.centres[cut]
    between = high.mean() * (1 - high.mean()) * (values[high].mean() - values[~high].mean()) ** 2
    assert separability == pytest.approx(between / values.var(), abs=0.01)


def test_a_gap_is_cut_in_its_middle():
    split = find_split(np.concatenate([np.linspace(-0.6, -0.4, 500), np.linspace(0.4, 0.6, 500)]))
    assert split.two_modes
    assert split.threshold == pytest.approx(0, abs=0.02)
    assert split.separability <= 1
