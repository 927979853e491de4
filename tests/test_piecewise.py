"""Sums over whole numbers from few evaluations, against the sums written out."""

import numpy as np
import pytest
from scipy.special import gammaln

from estimation.models.graphs.piecewise import evaluate, geometric_edges, refine


def summed(panels):
    top = max(panel.log_values.max() for panel in panels)
    return top + np.log(sum(float(panel.weights @ np.exp(panel.log_values - top)) for panel in panels))


def written_out(panels):
    return np.concatenate([panel.at_every_number() for panel in panels])


def test_the_panels_hold_every_whole_number_once():
    panels = refine(lambda x: -x / 20, geometric_edges(0, 1000))
    assert [panel.first for panel in panels] == np.cumsum([0, *(panel.width for panel in panels[:-1])]).tolist()
    assert sum(panel.width for panel in panels) == 1000


@pytest.mark.parametrize("centre", [16_384.0, 16_384.5, 20_000.0, 32_765.0])
@pytest.mark.parametrize("sd", [3.0, 40.0, 2000.0])
def test_a_peak_is_found_wherever_it_stands(centre, sd):
    panels = refine(lambda x: -0.5 * ((x - centre) / sd) ** 2, geometric_edges(0, 1 << 17))
    exact = -0.5 * ((np.arange(1 << 17) - centre) / sd) ** 2
    assert summed(panels) == pytest.approx(np.logaddexp.reduce(exact), abs=1e-10)
    assert np.abs(np.exp(written_out(panels)) - np.exp(exact)).max() < 1e-9


def test_a_negative_binomial_adds_to_one_far_from_zero():
    # n_0 given n = 200,000 seen and chance 0.9 of being unseen: mean 1.8 million, sd 4,243.
    n, q = 200_000, 0.9
    panels = refine(
        lambda x: gammaln(x + n) - gammaln(n) - gammaln(x + 1) + n * np.log(1 - q) + x * np.log(q),
        geometric_edges(0, 1 << 40),
        noise=1e-7,
    )
    assert summed(panels) == pytest.approx(0.0, abs=1e-6)


def test_a_power_law_adds_to_its_zeta_value():
    panels = refine(lambda x: -2 * np.log(x + 1), geometric_edges(0, 1 << 50))
    assert np.exp(summed(panels)) == pytest.approx(np.pi**2 / 6, abs=1e-11)


def test_a_sum_of_two_distant_peaks_keeps_both():
    def log_f(x):
        return np.logaddexp(-0.5 * ((x - 300) / 5) ** 2, -7 - 0.5 * ((x - 90_000) / 900) ** 2)

    panels = refine(log_f, geometric_edges(0, 1 << 20))
    exact = log_f(np.arange(float(1 << 20)))
    assert summed(panels) == pytest.approx(np.logaddexp.reduce(exact), abs=1e-10)


@pytest.mark.parametrize("width", [1, 16, 17, 33, 1000, 4096, 4097, 100_000])
def test_weights_sum_polynomials_exactly(width):
    panel = evaluate(lambda x: 0 * x, [5, 5 + width])[0]
    numbers = np.arange(5.0, 5 + width)
    for degree in range(min(width, 16)):
        scaled = ((panel.places - 5) / width) ** degree
        assert panel.weights @ scaled == pytest.approx((((numbers - 5) / width) ** degree).sum(), rel=1e-11)


def test_few_evaluations_are_needed():
    counted = []

    def log_f(x):
        counted.append(x.size)
        return -0.5 * ((x - 12_000) / 1700) ** 2

    refine(log_f, geometric_edges(0, 1 << 50))
    assert sum(counted) < 3000
