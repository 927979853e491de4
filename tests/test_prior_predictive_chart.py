"""The prior of N/n beside its posterior: what is said, that it can be read, and that the bytes repeat."""

from dataclasses import replace

import numpy as np
import pytest
from test_charts import LONG, assert_readable, draws, estimate, grid, not_estimable, point, svg_of, words

from estimation import charts
from estimation.charts import plot_prior_predictive
from estimation.models.prior_and_posterior import UnderPrior, prior_and_posterior
from estimation.results.totals import Draws


def before(n=4400, times=1.7, spread=0.5):
    normal = np.random.default_rng(3).standard_normal(2000)
    return (n * (1 + (times - 1) * np.exp(spread * normal))).astype(np.int64)


def with_priors(result, *priors):
    """The result with a row for each prior; only the first has an estimate."""
    own, *others = priors
    rows = [UnderPrior("own", own, getattr(result, "total", None)), *(UnderPrior("other", o, None) for o in others)]
    return replace(result, tables=(prior_and_posterior(rows, result.n_observed),))


def chart_of(result, *priors, **options):
    return lambda ax=None: plot_prior_predictive(with_priors(result, *priors), ax, **options)


CASES = {
    "draws": chart_of(estimate(draws()), before()),
    "grid": chart_of(estimate(grid()), before()),
    "three priors": chart_of(estimate(draws()), before(), before(times=3), before(times=1.01)),
    "not estimable": chart_of(not_estimable(), before()),
    "a prior that goes on and on": chart_of(estimate(draws()), before(spread=6.0)),
    "a prior next to all seen": chart_of(estimate(draws()), before(times=1.001)),
    "few people": chart_of(estimate(grid(60, 63.0, 4.0, 200), n=60), before(60, 1.1)),
    "millions": chart_of(estimate(draws(3_000_000, 9_000_000), n=3_000_000), before(3_000_000)),
    "all seen": chart_of(estimate(Draws(np.full((2, 50), 4400))), np.full(9, 4400)),
}
every_case = pytest.mark.parametrize("chart", CASES.values(), ids=CASES)


@every_case
@pytest.mark.parametrize("width", [16.0, 9.5])
def test_it_can_be_read(chart, width):
    with charts.style(width_cm=width):
        assert_readable(chart().figure)


def test_it_says_both_intervals_with_unit_and_level():
    result, prior = estimate(draws()), before()
    written = " ".join(" ".join(words(chart_of(result, prior, counted=LONG)())).split())
    assert f"Number of {LONG} (persons; log scale)" in written
    assert "Prior: median and 95 % interval" in written
    assert "nothing else about the lists" in written
    for values in (result.total.values, prior):
        lower, median, upper = np.quantile(values, [0.025, 0.5, 0.975]) / 4400
        assert f"N/n {median:.2f} ({lower:.2f} to {upper:.2f})" in written


def test_a_prior_beyond_the_axis_ends_in_an_arrow_and_its_end_is_printed():
    ax = CASES["a prior that goes on and on"]()
    assert [line.get_marker() for line in ax.lines].count(">") == 1
    assert "to above 10,000)" in " ".join(words(ax))


def test_it_draws_on_the_axes_it_is_given():
    ax = CASES["draws"]()
    assert CASES["grid"](ax) is ax


def test_the_bytes_repeat():
    with charts.style():
        assert svg_of(CASES["draws"]()) == svg_of(CASES["draws"]())


@pytest.mark.parametrize("result", [estimate(point(9000, 800)), not_estimable(n=0)])
def test_a_result_without_a_prior_is_refused(result):
    with pytest.raises(ValueError, match="has no table of its prior and posterior"):
        plot_prior_predictive(result)
