"""The profile-likelihood interval for N."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln, xlogy
from scipy.stats import chi2

from estimation.capture.datasets import load_table
from estimation.errors import EstimationError
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.profile_likelihood import profile_intervals, profile_likelihood
from estimation.models.log_linear.terms import cell_design, main_effects
from estimation.results.log_interval import LEVELS


def two_lists(n_10, n_01, n_11):
    """The profile of two independent lists in closed form, as a function of n_0."""
    n, n_1, n_2 = n_10 + n_01 + n_11, n_10 + n_11, n_01 + n_11

    def log_likelihood(n_0):
        total = n + n_0
        each = [xlogy(k, k / total) + xlogy(total - k, 1 - k / total) for k in (n_1, n_2)]
        return gammaln(total + 1) - gammaln(n_0 + 1) + sum(each)

    return log_likelihood


def intervals_of(counts):
    unseen = counts[0] * counts[1] / counts[2] if counts[2] else 1e4
    return profile_intervals(cell_design(2), np.array(counts, float), main_effects(2), np.ones(3, bool), unseen)


@pytest.mark.parametrize("counts", [(54, 30, 12), (300, 200, 900), (5, 4, 1)])
def test_the_ends_are_where_the_closed_form_of_two_lists_falls_by_the_chi_square_quantile(counts):
    profile = two_lists(*counts)
    n = sum(counts)
    best = minimize_scalar(lambda at: -profile(np.exp(at)), bounds=(-5, 12), method="bounded", options={"xatol": 1e-10})
    for interval, level in zip(intervals_of(counts), LEVELS, strict=True):
        floor = -best.fun - chi2.ppf(level, 1) / 2
        if profile(1e-3) < floor:
            low = brentq(lambda at, floor=floor: profile(np.exp(at)) - floor, -7, best.x, xtol=1e-12)
            assert interval.lower == pytest.approx(n + np.exp(low), rel=1e-6)
        else:
            assert interval.lower == n
        high = brentq(lambda at, floor=floor: profile(np.exp(at)) - floor, best.x, 25, xtol=1e-12)
        assert interval.upper == pytest.approx(n + np.exp(high), rel=1e-6)
        assert (interval.level, interval.kind) == (level, "confidence")


def test_intervals_hold_each_other_by_level():
    intervals = intervals_of((54, 30, 12))
    assert [i.lower for i in intervals] == sorted((i.lower for i in intervals), reverse=True)
    assert [i.upper for i in intervals] == sorted(i.upper for i in intervals)


def test_almost_everybody_on_both_lists_lets_the_interval_begin_at_those_observed():
    assert intervals_of((2, 3, 400))[3].lower == 405


def test_the_curve_is_highest_at_its_estimate_and_falls_by_the_quantile_at_the_interval():
    table = load_table("kosovo")
    model = LogLinear("[EXH ABA OSCE][EXH HRW][OSCE HRW]")
    found = profile_likelihood(table, model)
    fitted = model.fit(table, rng=1)
    assert (found.estimate, found.interval) == (fitted.median, fitted.interval())
    at_ends = np.interp([found.interval.lower, found.interval.upper], found.people, found.log_likelihood)
    assert at_ends == pytest.approx(-chi2.ppf(0.95, 1) / 2, abs=0.01)
    assert found.people[found.log_likelihood.argmax()] == pytest.approx(found.estimate, rel=0.01)


def test_a_model_that_cannot_be_fitted_has_no_curve():
    table = load_table("kosovo")
    with pytest.raises(EstimationError, match="leave that interaction out"):
        profile_likelihood(table, LogLinear("[EXH ABA OSCE HRW]"))


def test_the_command_says_the_model_and_draws_it(mse, tmp_path):
    chart = tmp_path / "profile.svg"
    status, out, err = mse("profile-likelihood", "kosovo", "--model", "[EXH ABA][OSCE HRW]", "--chart", chart)
    assert status == 0, err
    assert "[EXH ABA][OSCE HRW]: 7,732 people" in out
    assert chart.read_bytes().startswith(b"<?xml")
