"""Intervals that include model-selection uncertainty."""

import re
from functools import partial

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.classical.sample_coverage import SampleCoverage
from estimation.models.log_linear.best_model import choose_best
from estimation.models.log_linear.bootstrap import resampled
from estimation.models.log_linear.family import fit_family
from estimation.models.log_linear.selected import LogLinearSelect
from estimation.models.log_linear.selection_bootstrap import SelectionBootstrap, chosen_point, selection_bootstrap
from estimation.models.log_linear.stepwise import SparseStepwise
from estimation.models.log_linear.terms import hierarchical_models, main_effects, terms_of
from estimation.provenance import Provenance
from estimation.results.as_json import summary_of
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.log_interval import LEVELS
from estimation.results.totals import Draws, Point

KOSOVO = load_table("kosovo")
CONDITIONAL = LogLinearSelect(interval="conditional")
SETTINGS = [
    LogLinearSelect(resamples=200, most_resamples=400),
    LogLinearSelect("aic", "pairs", "percentile", 200, most_resamples=200),
    SparseStepwise(most_resamples=1000),
]
CONVERGED = Check("gain", 0.0, 1e-8, True, "At rest.")
FEW = {"by": "bca", "resamples": 200, "most_resamples": 200, "workers": 1}


def table_of(cells, lists):
    histories = np.arange(1, len(cells))
    return CaptureTable(lists, (histories[:, None] >> np.arange(len(lists))) & 1, cells[1:])


def on_main_effects(share):
    """A selection that always takes main effects, and gives no estimate on the last share of the tables."""

    def choose(cells):
        unseen = np.where(np.arange(len(cells)) > (1 - share) * len(cells), np.nan, 100.0)
        return np.tile(main_effects(4), (len(cells), 1)), unseen

    return choose


@pytest.mark.parametrize("criterion", ["bic", "aic"])
@pytest.mark.parametrize("name", ["palembang", "kosovo"])
def test_the_selection_on_several_tables_is_the_selection_on_each(name, criterion):
    table = load_table(name)
    models = hierarchical_models(len(table.lists))
    drawn = resampled(table.cells(), 2.0 * table.n_observed, 40, np.random.default_rng(1))
    chosen, unseen = choose_best(drawn, models, criterion)
    for k, cells in enumerate(drawn):
        family = fit_family(table_of(cells, table.lists), models)
        best = int(np.argmin(family.score(criterion)))
        assert (chosen[k] == models[best]).all()
        assert cells.sum() + unseen[k] == family.total[best]


def test_a_table_on_which_no_model_gives_a_number_is_nan_and_stops_no_other():
    apart, good = [0, 5, 6, 0, 2, 0, 0, 0], [0, 40, 30, 16, 20, 9, 4, 3]
    _, unseen = choose_best(np.array([apart, good]), hierarchical_models(3), "bic")
    assert np.isnan(unseen[0])
    assert unseen[1] > 0


def test_the_models_that_resamples_choose_are_counted_and_have_their_own_medians():
    apart, together, all_pairs = terms_of([1, 2, 4, 8], 4), terms_of([1, 2, 12], 4), terms_of([3, 5, 6, 9, 10, 12], 4)
    chosen = [together, apart, together, all_pairs, apart, together, all_pairs]
    totals = [20_000.0, 9_000.0, 30_000.0, 5_000.0, 8_000.0, 10_000.0, np.nan]
    people = np.full(15, 10)
    found = SelectionBootstrap(9_000.0, np.array(totals), np.array(chosen), np.full(15, 9_000.0), people)
    assert "gives 3 different models" in found.note("percentile")
    table = found.tables(KOSOVO, Point(9_000.0, 1.0, ()))[1]
    assert table.rows == (
        ("[OSCE HRW][EXH][ABA]", 3 / 7, 20_000.0),
        ("[EXH][ABA][OSCE][HRW]", 2 / 7, 8_500.0),
        ("[EXH ABA][EXH OSCE][EXH HRW][ABA OSCE][ABA HRW][OSCE HRW]", 1 / 7, 5_000.0),
    )


@pytest.mark.parametrize("model", SETTINGS)
def test_workers_never_change_the_interval(model):
    one, two = (model.fit(KOSOVO, rng=np.random.default_rng(5), workers=workers) for workers in (1, 2))
    assert one.total == two.total
    assert one.tables == two.tables
    assert model.fit(KOSOVO, rng=np.random.default_rng(6)).total.intervals != one.total.intervals


@pytest.mark.parametrize("model", SETTINGS)
def test_every_level_has_an_interval_that_starts_at_the_people_observed_or_above(model):
    result = model.fit(load_table("palembang"), rng=np.random.default_rng(1))
    assert [interval.level for interval in result.total.intervals] == list(LEVELS)
    assert min(interval.lower for interval in result.total.intervals) >= result.n_observed
    assert {interval.kind for interval in result.total.intervals} == {"confidence"}


def test_the_estimate_on_the_table_is_that_of_the_model():
    choose = partial(choose_best, models=hierarchical_models(4), criterion="bic")
    found = selection_bootstrap(KOSOVO, choose, **FEW, rng=np.random.default_rng(1))
    assert found.value == pytest.approx(CONDITIONAL.fit(KOSOVO, rng=np.random.default_rng(1)).mean)
    assert found.people.tolist() == KOSOVO.cells()[1:].tolist()


def tied(people):
    """Two lists of 10 people each on their own, and that many on both."""
    return CaptureTable.from_histories(["A", "B"], {"10": 10, "01": 10, "11": people})


def test_a_note_reports_the_resamples_without_an_estimate():
    # 4 of 24 people tie A to B: a resample misses them with probability near (1 - 4/24)^24 = 0.0126.
    result = SparseStepwise(resamples=2000).fit(tied(4), rng=np.random.default_rng(1))
    assert isinstance(result, Estimate)
    check = result.diagnostics.checks[0]
    assert check.name == "share of resamples without an estimate"
    assert 0 < check.value < check.limit
    assert f"On {check.value:.1%} of the resamples no model gives an estimate" in result.notes[0]


def test_where_many_resamples_set_no_limit_there_is_no_estimate():
    # One person ties A to B; more than a third of the resamples miss them.
    result = SparseStepwise(resamples=500).fit(tied(1), rng=np.random.default_rng(1))
    assert isinstance(result, NotEstimable)
    assert re.search(r"on 3\d% of the resamples no model gives an estimate \(limit 5%\)", result.reason)


def test_resamples_that_all_give_a_number_pass_without_a_word():
    found = selection_bootstrap(KOSOVO, on_main_effects(0), **FEW | {"resamples": 1000}, rng=np.random.default_rng(1))
    assert found.diagnostics("bca").ok
    assert found.share_without == 0
    assert "no model gives an estimate" not in found.note("bca")


def test_resamples_that_mostly_give_no_number_make_no_interval():
    point = Point(7394.6, 129.6, ())
    reason = chosen_point(KOSOVO, point, on_main_effects(0.8), **FEW, converged=CONVERGED, rng=np.random.default_rng(1))
    assert re.fullmatch(r"on [78]\d% of the resamples no model gives an estimate .* interval = \"conditional\"", reason)


def test_the_conditional_interval_cannot_be_asked_of_the_resamples():
    found = selection_bootstrap(KOSOVO, on_main_effects(0), **FEW, rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="use bca or percentile"):
        found.intervals("conditional")


def test_the_first_resamples_are_the_same_however_many_follow():
    choose = partial(choose_best, models=hierarchical_models(3), criterion="bic")
    table = load_table("palembang")
    few, more, most = (
        selection_bootstrap(table, choose, **FEW | settings, rng=np.random.default_rng(4))
        for settings in ({"resamples": 1000}, {"resamples": 2500}, {"resamples": 1000, "most_resamples": 20_000})
    )
    assert (len(few.totals), len(more.totals)) == (1000, 2500)
    assert len(most.totals) > 2500
    assert (more.totals[:1000] == few.totals).all()
    assert (most.totals[:1000] == few.totals).all()
    assert (most.totals[:2000] == more.totals[:2000]).all()


@pytest.mark.parametrize("name", ["kosovo", "palembang", "hiv"])
def test_resamples_are_added_until_the_limits_are_known_to_two_hundredths_of_themselves(name):
    result = SparseStepwise().fit(load_table(name), rng=np.random.default_rng(1))
    interval = result.interval()
    assert result.diagnostics.ok
    for end, error in zip((interval.lower, interval.upper), interval.errors, strict=True):
        assert error <= 0.02 * end
    names = [check.name for check in result.diagnostics.checks]
    assert names[1:3] == ["Monte Carlo error of a limit, as a share of it", "resamples beyond a limit"]


def test_the_limits_of_other_seeds_are_as_far_apart_as_their_errors_say():
    """Ten seeds: the spread of each limit within 0.3 and 3 times its stated error; false alarms below 1e-3 a limit."""
    table = load_table("kosovo")
    found = [SparseStepwise(most_resamples=2000).fit(table, rng=seed).interval() for seed in range(10)]
    for ends, errors in (
        ([i.lower for i in found], [i.errors[0] for i in found]),
        ([i.upper for i in found], [i.errors[1] for i in found]),
    ):
        assert 0.3 < np.std(ends, ddof=1) / np.mean(errors) < 3


def test_a_limit_that_hardly_any_resample_lies_beyond_fails_its_check_and_says_what_to_do():
    """Western US: the lower limit is beyond all but a few of any number of resamples."""
    result = SparseStepwise(most_resamples=2000).fit(load_table("western_us"), rng=np.random.default_rng(1))
    assert isinstance(result, Estimate)
    assert "resamples beyond a limit" in [check.name for check in result.diagnostics.failed]
    assert result.diagnostics.sentence.startswith("Not to be trusted")
    assert "2,000 resamples do not settle the limits" in result.notes[0]
    assert "percentile" in result.notes[0]
    percentile = SparseStepwise(interval="percentile").fit(load_table("western_us"), rng=np.random.default_rng(1))
    assert percentile.diagnostics.ok


@pytest.mark.parametrize("model", [SparseStepwise(), SampleCoverage()])
def test_every_output_has_the_monte_carlo_errors_of_the_limits(model):
    result = model.fit(KOSOVO, rng=1)
    errors = result.interval().errors
    assert min(errors) > 1
    summary, row = summary_of(result), result.to_frame().iloc[0]
    assert (summary["lower_error"], summary["upper_error"]) == errors
    assert (row["lower_error"], row["upper_error"]) == errors
    words = f"Monte Carlo errors of its ends: {errors[0]:,.0f} and {errors[1]:,.0f} people."
    assert result.interval().errors_text == words
    assert words in result._repr_html_()
    exact = CONDITIONAL.fit(KOSOVO, rng=1).interval()
    assert (exact.errors, exact.errors_text) == ((0, 0), "")


def test_a_limit_of_draws_has_the_monte_carlo_error_of_its_quantile():
    draws = Draws(np.random.default_rng(1).normal(10_000, 1000, (4, 1000)).astype(int))
    estimate = Estimate(draws, 4400, "m", "M", ("Assumed.",), Diagnostics(), Provenance("0" * 64, "0.1.0", "1", ()))
    # Normal draws: sqrt(p (1 - p) / n) over the density at the quantile, 42 people; within a factor of two.
    assert all(21 < error < 84 for error in estimate.interval().errors)
