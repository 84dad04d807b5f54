import numpy as np
import pytest

from terrascope_sdk.engine.histogram import fit_two_normals, histogram_of


def test_shares_sum_to_one_and_what_lies_far_out_is_in_the_last_bin():
    values = np.concatenate([np.linspace(0, 1, 10_000), [50.0]])
    made = histogram_of(values)
    assert made.share.sum() == pytest.approx(1)
    assert made.count == 10_001
    assert made.centres[-1] < 1.1


@pytest.mark.parametrize("values", [np.array([]), np.array([0.3]), np.full(500, 0.3), np.array([0.3] * 2999 + [0.9])])
def test_values_that_do_not_vary_have_no_histogram(values):
    assert histogram_of(values) is None


def test_a_valley_is_measured_against_the_lower_peak():
    rng = np.random.default_rng(0)
    made = histogram_of(np.concatenate([rng.normal(0, 1, 60_000), rng.normal(4, 1, 30_000)]))
    middle = int(np.argmin(abs(made.centres - 2.2)))
    x = np.linspace(-4, 8, 2001)  # the same mixture by formula
    curve = 2 * np.exp(-0.5 * x**2) + np.exp(-0.5 * (x - 4) ** 2)
    lower_peak = curve[x > 3].max()
    expected = 1 - curve[np.argmin(abs(x - made.centres[middle]))] / lower_peak
    assert made.valley_frac(middle) == pytest.approx(expected, abs=0.05)
    assert made.valley_frac(0) == 0
    assert made.valley_frac(255) == 0


def test_a_dip_within_sampling_noise_is_none():
    few = histogram_of(np.random.default_rng(1).normal(0, 1, 60))
    assert max(few.valley_frac(i) for i in range(256)) == 0


def test_the_fit_finds_the_mixture_it_was_drawn_from():
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.normal(-20, 2, 30_000), rng.normal(-10, 3, 70_000)])
    made = histogram_of(values)
    fit = fit_two_normals(made, int(np.argmin(abs(made.centres + 15))))
    assert fit.weights == pytest.approx((0.3, 0.7), abs=0.02)
    assert fit.means == pytest.approx((-20, -10), abs=0.2)
    assert fit.deviations == pytest.approx((2, 3), abs=0.15)
    assert fit.ashman_d == pytest.approx(np.sqrt(2) * 10 / np.hypot(2, 3), abs=0.15)
    assert fit.agreement > 0.995
    assert fit.balance == pytest.approx(3 / 7, abs=0.03)


def test_the_fit_is_ordered_whichever_way_it_starts():
    values = np.concatenate([np.random.default_rng(3).normal(m, 0.1, 1000) for m in (0, 2)])
    made = histogram_of(values)
    for start in (1, 128, 254):
        fit = fit_two_normals(made, start)
        assert fit.means[0] <= fit.means[1]
        assert sum(fit.weights) == pytest.approx(1)
