"""The prior of N beside its posterior: what is said, that it can be read, and that the bytes repeat."""

import numpy as np
import pytest
from test_charts import LONG, assert_readable, draws, estimate, grid, not_estimable, point, svg_of, words

from estimation import charts
from estimation.charts import plot_prior_predictive
from estimation.results.totals import Draws


def before(n=4400, times=1.7, spread=0.5):
    normal = np.random.default_rng(3).standard_normal(2000)
    return (n * (1 + (times - 1) * np.exp(spread * normal))).astype(np.int64)


CASES = {
    "draws": lambda ax=None: plot_prior_predictive(estimate(draws()), before(), ax),
    "grid": lambda ax=None: plot_prior_predictive(estimate(grid()), before(), ax),
    "not estimable": lambda ax=None: plot_prior_predictive(not_estimable(), before(), ax),
    "a prior that goes on and on": lambda ax=None: plot_prior_predictive(estimate(draws()), before(spread=6.0), ax),
    "a prior next to all seen": lambda ax=None: plot_prior_predictive(estimate(draws()), before(times=1.001), ax),
    "few people": lambda ax=None: plot_prior_predictive(estimate(grid(60, 63.0, 4.0, 200), n=60), before(60, 1.1), ax),
    "millions": lambda ax=None: plot_prior_predictive(
        estimate(draws(3_000_000, 9_000_000), n=3_000_000), before(3_000_000)
    ),
    "all seen": lambda ax=None: plot_prior_predictive(estimate(Draws(np.full((2, 50), 4400))), np.full(9, 4400), ax),
}
every_case = pytest.mark.parametrize("chart", CASES.values(), ids=CASES)


@every_case
@pytest.mark.parametrize("width", [16.0, 9.5])
def test_it_can_be_read(chart, width):
    with charts.style(width_cm=width):
        assert_readable(chart().figure)


def test_it_says_both_numbers_with_unit_kind_and_level():
    result, prior = estimate(draws()), before()
    said = " ".join(" ".join(words(plot_prior_predictive(result, prior, counted=LONG))).split())
    assert f"Number of {LONG} (persons; log scale)" in said
    assert {"50 % credible interval", "95 % credible interval"} <= set(words(plot_prior_predictive(result, prior)))
    assert "The prior 1/N of the total is improper and cannot be drawn" in said
    for values in (result.total.values, prior):
        lower, median, upper = np.quantile(values, [0.025, 0.5, 0.975])
        assert f"{median:,.0f} ({lower:,.0f} to {upper:,.0f}) N/n {median / 4400:.2f} (" in said


def test_a_prior_beyond_the_axis_ends_in_an_arrow_and_its_end_is_printed():
    ax = CASES["a prior that goes on and on"]()
    assert [line.get_marker() for line in ax.lines].count(">") == 1
    assert f"{np.quantile(before(spread=6.0), 0.975):,.0f}" in " ".join(words(ax))


def test_it_draws_on_the_axes_it_is_given():
    ax = CASES["draws"]()
    assert CASES["grid"](ax) is ax


def test_the_bytes_repeat():
    with charts.style():
        assert svg_of(CASES["draws"]()) == svg_of(CASES["draws"]())


def test_a_classical_estimate_is_refused():
    with pytest.raises(ValueError, match="is a classical estimate: it has no prior to draw beside it"):
        plot_prior_predictive(estimate(point(9000, 800)), before())


def test_nobody_observed_is_refused():
    with pytest.raises(ValueError, match="nobody was observed"):
        plot_prior_predictive(not_estimable(n=0), before())
