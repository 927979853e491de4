"""Ratios of Gamma functions against products, and against the plain difference where that is exact enough."""

from math import fsum, log

import numpy as np
import pytest
from scipy.special import gammaln

from estimation.models.graphs.log_gamma import log_gamma_ratio


@pytest.mark.parametrize("x", [0.0, 3.0, 19.0, 20.0, 57.0, 1e4, 1e8, 1e14])
@pytest.mark.parametrize("a", [0.0625, 1.0, 12.5, 900.0])
@pytest.mark.parametrize("steps", [1, 7, 4000])
def test_whole_steps_are_products(x, a, steps):
    expected = -fsum(log(x + a + k) for k in range(steps))
    found = log_gamma_ratio(np.array([x]), a, a + steps)[0]
    assert found == pytest.approx(expected, rel=3e-14, abs=1e-13)


def test_fractional_steps_agree_with_the_difference():
    x = np.linspace(0, 60, 601)
    found = log_gamma_ratio(x, 0.3, 2.75)
    assert found == pytest.approx(gammaln(x + 0.3) - gammaln(x + 2.75), abs=2e-13)


def test_the_ratio_turns_its_sign_when_turned_over():
    x = np.array([0.5, 30.0, 1e6])
    assert log_gamma_ratio(x, 4.0, 9.5) == pytest.approx(-log_gamma_ratio(x, 9.5, 4.0), rel=1e-14)
