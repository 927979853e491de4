"""Does a log-linear model fit the lists: deviance by chi-square or parametric bootstrap, and residuals by history."""

import numpy as np
import pytest
from scipy.stats import binom, chi2, kstest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.log_linear.existence import existence_code
from estimation.models.log_linear.goodness_of_fit import check_fit, leverages, refit_design, refit_terms
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.log_linear.heterogeneity_designs import design_of
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.selected import LogLinearSelect
from estimation.models.log_linear.stepwise import SparseStepwise
from estimation.models.log_linear.terms import cell_design, main_effects, terms_of
from estimation.models.protocol import lighter_of
from estimation.results.as_json import summary_of
from estimation.results.goodness_of_fit import FitMeasure, GoodnessOfFit
from estimation.results.saved import load_result, save_result

FULL = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 140, "010": 130, "001": 120, "110": 60, "101": 55, "011": 40, "111": 30}
)
SPARSE = [0.12, 0.1, 0.1, 0.08, 0.06, 0.05]
"""Capture probabilities of six independent lists; of 300 people two or three are on each pair of them."""


def independent_table(people, captures, rng):
    on = rng.random((people, len(captures))) < captures
    on = on[on.any(axis=1)]
    return CaptureTable("ABCDEF"[: len(captures)], on, np.ones(len(on), dtype=int))


def fit(model, table, seed=1):
    return model.fit(table, rng=seed)


def test_chi_square_stays_where_every_expected_count_is_at_least_five():
    result = fit(LogLinear(), FULL)
    assert result.fit.method == "chi-square"
    measures = dict(result.tables[0].rows)
    for name in ("deviance", "Pearson X^2"):
        expected = chi2.sf(measures[name], measures["degrees of freedom"])
        assert measures[f"goodness-of-fit p-value by {name} (chi-square)"] == pytest.approx(expected, rel=1e-9)


def test_bootstrap_and_chi_square_agree_there():
    # 3 p-values of 6 Monte Carlo errors: false-alarm rate 6e-9; what is beyond is the error of chi-square itself.
    terms = main_effects(3)
    for seed in (1, 2, 3):
        rng = np.random.default_rng(seed)
        table = independent_table(2000, [0.5, 0.4, 0.3], rng)
        exact = fit(LogLinear(), table).fit
        design = cell_design(3)[:, terms]
        means = refit_terms(table.cells()[None, 1:], terms[None, :])[0]
        assert exact.method == "chi-square"
        found = check_fit(
            table,
            means,
            leverages(design, means),
            (("degrees of freedom", 3),),
            title="independence",
            refit=lambda tables: refit_terms(tables, terms[None, :]),
            is_fixed=False,
            rng=rng,
        ).fit
        assert found.method == "parametric bootstrap"
        for bootstrap, chi_square in zip(found.measures, exact.measures, strict=True):
            assert abs(bootstrap.p_value - chi_square.p_value) < 6 * bootstrap.error


def test_p_values_are_uniform_on_sparse_tables_of_a_model_that_holds_and_those_of_chi_square_are_not():
    rng = np.random.default_rng(20261126)
    found, by_chi_square = [], []
    while len(found) < 60:
        table = independent_table(300, SPARSE, rng)
        result = fit(LogLinear(), table, seed=int(rng.integers(2**31)))
        measures = dict(result.tables[0].rows)
        assert result.fit.method == "parametric bootstrap"
        found.append(result.fit.measures[0].p_value)
        by_chi_square.append(chi2.sf(measures["deviance"], measures["degrees of freedom"]))
    # Kolmogorov-Smirnov at 1e-4, and rejections at 5 % beyond the binomial's 0.9999: false-alarm rate 2e-4.
    assert kstest(found, "uniform").pvalue > 1e-4
    assert sum(p <= 0.05 for p in found) <= binom.ppf(0.9999, len(found), 0.05)
    assert kstest(by_chi_square, "uniform").pvalue < 1e-6
    assert np.mean(np.array(by_chi_square) > 0.95) > 0.3


def test_a_model_of_independence_fails_on_dependent_lists_and_says_where():
    histories = {"1000": 9, "0100": 9, "0010": 7, "0001": 6, "1100": 8, "0011": 6, "1111": 1}
    result = fit(LogLinear(), CaptureTable.from_histories(["A", "B", "C", "D"], histories))
    assert result.fit.method == "parametric bootstrap"
    assert result.fit.fits is False
    assert 200 <= result.fit.replicates <= 1000
    assert "does not fit the lists" in result.fit.sentence
    assert result.fit.worst.startswith("C + D: 6 observed")


def test_the_selection_is_made_again_on_each_resample():
    """Independence holds; without that, steps that take the pair which stands out by luck would fit too well."""
    rng = np.random.default_rng(5)
    repeated, fixed = [], []
    for _ in range(40):
        table = independent_table(300, [0.3, 0.3, 0.3, 0.3], rng)
        result = fit(SparseStepwise(threshold=0.3, interval="conditional"), table)
        model = result.tables[1].title.removeprefix("Goodness of fit of ")
        repeated.append(result.fit.measures[0].p_value)
        fixed.append(fit(LogLinear(model), table).fit.measures[0].p_value)
    # Of 40 uniform numbers the mean is below .32 with probability 4e-5 (normal, sd .046).
    assert np.mean(repeated) > 0.32
    assert np.mean(fixed) > np.mean(repeated)


def test_a_saturated_model_cannot_fail_and_says_so():
    result = fit(LogLinear("[A B][A C][B C]"), FULL)
    assert result.fit.method == "saturated"
    assert result.fit.fits is None
    assert "no check of fit can fail" in result.fit.sentence


def test_the_same_seed_gives_the_same_p_value_and_a_good_fit_takes_few_resamples():
    table = independent_table(300, SPARSE, np.random.default_rng(3))
    first, again = (fit(LogLinear(), table, seed=9).fit for _ in range(2))
    assert first == again
    assert first.fits
    assert first.replicates < 1000


def table_without_maximum(terms, rng):
    """A table whose overlaps are all there and on which the likelihood of a model still has no maximum."""
    while True:
        table = rng.multinomial(25, np.full(15, 1 / 15))
        everywhere = (table @ cell_design(4)[:, terms] > 0).all()
        if everywhere and existence_code(terms, np.append(0, table)) == 1:
            return table


def proportional_fit(table, generators):
    """The naive way, slow to converge: each margin of the model in turn is brought to that of the table."""
    cells, means = np.arange(1, 16), np.ones(15)
    for _ in range(4000):
        for generator in generators:
            for value in np.unique(cells & generator):
                inside = (cells & generator) == value
                total = means[inside].sum()
                means[inside] *= table[inside].sum() / total if total else 0.0
    return means


def test_where_the_likelihood_has_no_maximum_the_fit_is_the_limit_by_proportional_fitting():
    generators = [0b0011, 0b0101, 0b0110, 0b1001]
    terms = terms_of(generators, 4)
    table = table_without_maximum(terms, np.random.default_rng(2))
    found = refit_terms(table[None, :], terms[None, :])[0]
    limit = proportional_fit(table, [*generators, 0])
    # Proportional fitting nears a cell of the limit that is empty like 1 / steps.
    assert found == pytest.approx(limit, abs=0.02)
    assert found.min() < 1e-3


@pytest.mark.parametrize("model", ["Mth-Chao", "Mh-Chao", "Mth-Darroch"])
def test_many_tables_at_once_are_fitted_as_one_by_one(model):
    rng = np.random.default_rng(4)
    design = design_of(model, 4)
    bounded = np.zeros(design.shape[1], dtype=bool)
    if model.endswith("Chao"):
        bounded[-2:] = True
    tables = rng.multinomial(400, np.full(15, 1 / 15), size=20)
    means = refit_design(tables, design, bounded)
    for table, mean in zip(tables, means, strict=True):
        patterns = (np.arange(1, 16)[:, None] >> np.arange(4)) & 1
        result = fit(Heterogeneity(model), CaptureTable(["A", "B", "C", "D"], patterns, table))
        by_history = {row[0]: row[2] for row in result.tables[1].rows}
        names = [" + ".join(n for j, n in enumerate("ABCD") if code >> j & 1) for code in range(1, 16)]
        assert [by_history[name] for name in names] == pytest.approx(mean, rel=1e-9)


def test_adjusted_residuals_are_standard_normal_where_the_model_holds():
    rng = np.random.default_rng(6)
    values = []
    for _ in range(60):
        rows = fit(LogLinear(), independent_table(3000, [0.5, 0.4, 0.3], rng)).tables[1].rows
        values += [(row[3], row[5]) for row in rows]
    pearson, adjusted = np.array(values).T
    # Squares of 420 standard normals, in groups of 7 with 3 degrees of freedom: sd of the mean square sqrt(2/180).
    assert abs((adjusted**2).mean() - 1) < 4 * np.sqrt(2 / 180)
    assert (pearson**2).mean() < 0.6


def test_the_fit_goes_to_disk_and_into_json(tmp_path):
    result = fit(LogLinear(), FULL)
    save_result(result, tmp_path / "one")
    assert load_result(tmp_path / "one").fit == result.fit
    written = summary_of(result)["fit"]
    assert written["fits"] is result.fit.fits
    assert "unseen cell" in written["not_checked"]


def test_a_p_value_that_no_simulated_table_reached_is_given_as_a_bound():
    none = GoodnessOfFit("parametric bootstrap", (FitMeasure("deviance", 1 / 1001),), 1000)
    assert none.p_value_text == "< 0.001"
    assert "below 0.001" in none.sentence
    assert GoodnessOfFit("chi-square", (FitMeasure("deviance", 0.031),)).p_value_text == "0.031"


def test_the_model_that_bic_selects_for_kosovo_fits_and_independence_does_not():
    table = load_table("kosovo")
    assert fit(LogLinear(), table).fit.fits is False
    assert fit(LogLinearSelect(interval="conditional", candidates=20), table).fit.fits


@pytest.mark.parametrize(
    "model", [LogLinear(), LogLinearSelect(interval="conditional", candidates=10), SparseStepwise(resamples=200)]
)
def test_without_the_check_every_number_is_the_same_and_residuals_stay(model):
    table = independent_table(300, SPARSE[:4], np.random.default_rng(8))
    checked, lighter = fit(model, table), fit(lighter_of(model), table)
    assert lighter.fit is None
    assert checked.fit is not None
    assert (checked.total, checked.notes) == (lighter.total, lighter.notes)
    assert checked.residuals.rows == lighter.residuals.rows
