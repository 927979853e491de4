import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
from estimation.models.bayesian_log_linear.all_pairs_density import value_and_gradient
from estimation.models.bayesian_log_linear.predictive_checks import Posterior, design, predicted
from estimation.models.nuts import NoStartError, load_pymc
from estimation.models.nuts_attempts import failure
from estimation.models.predictive.checks import notes_of, predictive_check
from estimation.models.protocol import Model
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable

PALEMBANG = CaptureTable.from_histories(
    ["b", "c", "d"], {"001": 41, "010": 5, "100": 5, "110": 54, "101": 6, "011": 0, "111": 12}
)
SHORT = BayesianLogLinear(draws=3000)


@pytest.fixture(scope="module")
def fitted():
    return SHORT.fit(PALEMBANG, rng=np.random.default_rng(3), workers=1)


def test_is_a_model():
    assert isinstance(SHORT, Model)
    assert SHORT.assumptions[0].startswith("There is no interaction of three or more lists")


def test_every_bad_setting_is_named_at_once():
    with pytest.raises(SettingError) as caught:
        BayesianLogLinear(
            unseen_median=0.0,
            intercept_sd=-1.0,
            main_effect_mean=np.nan,
            main_effect_sd=np.inf,
            interaction_scale=0.0,
            chains=1,
            draws=5,
            warmup=0,
            target_accept=1.0,
        )
    for name in (
        "unseen_median",
        "intercept_sd",
        "main_effect_mean",
        "main_effect_sd",
        "interaction_scale",
        "chains = 1",
        "draws = 5",
        "warmup = 0",
        "target_accept",
    ):
        assert name in str(caught.value)
    assert len(caught.value.problems) == 9


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 4, "11": 2}), "at least 3 lists"),
        (CaptureTable.from_histories(["A", "B", "C"], {"100": 5, "010": 4, "110": 2}), "nobody is on C"),
        (CaptureTable.from_histories(["A", "B", "C"], {"110": 5, "001": 4, "111": 2}), "same people"),
        (
            CaptureTable.from_histories(["A", "B", "C"], {"100": 5, "010": 4, "001": 2}),
            "nobody is on more than one list",
        ),
        (CaptureTable(["A", "B", "C"], [], []), "nobody is on A or B or C"),
        (CaptureTable([f"L{j}" for j in range(11)], np.eye(11, dtype=int), np.ones(11)), "at most 8 lists"),
    ],
)
def test_a_table_that_cannot_carry_the_model_is_not_estimable(table, words):
    result = SHORT.fit(table, rng=np.random.default_rng(1))
    assert isinstance(result, NotEstimable)
    assert words in result.reason


def test_design_puts_each_coefficient_on_the_histories_that_hold_it():
    # Three lists: history 011 (lists 1 and 2, code 6) gets alpha, both main effects and their interaction.
    by_code = design(3)
    assert by_code.shape == (7, 7)
    assert by_code[6 - 1].tolist() == [1, 0, 1, 1, 0, 0, 1]
    assert by_code[7 - 1].tolist() == [1] * 7


def test_the_result_does_not_depend_on_the_number_of_workers(fitted):
    again = SHORT.fit(PALEMBANG, rng=np.random.default_rng(3), workers=2)
    assert isinstance(fitted, Estimate)
    assert isinstance(again, Estimate)
    assert np.array_equal(fitted.total.values, again.total.values)
    assert fitted.tables == again.tables


def test_the_result_does_not_depend_on_what_was_fitted_before(fitted):
    other = CaptureTable.from_histories(["b", "c", "d"], {"100": 500, "010": 300, "001": 200, "110": 90, "011": 40})
    BayesianLogLinear(draws=100, warmup=100, chains=2).fit(other, rng=np.random.default_rng(0), workers=2)
    again = SHORT.fit(PALEMBANG, rng=np.random.default_rng(3), workers=2)
    assert np.array_equal(fitted.total.values, again.total.values)


def test_another_seed_gives_other_draws(fitted):
    other = SHORT.fit(PALEMBANG, rng=np.random.default_rng(4), workers=2)
    assert not np.array_equal(fitted.total.values, other.total.values)


def test_nobody_observed_is_lost_and_the_unseen_have_a_chance_of_their_own(fitted):
    assert (fitted.total.values >= PALEMBANG.n_observed).all()
    unseen = fitted.total.values - PALEMBANG.n_observed
    mu_0 = np.exp(fitted.total.monitored["log mu_0"])
    # n_0 given mu_0 is Poisson: standardised, variance 1; 4-sigma band of an average of S squares (kurtosis <= 10).
    standardised = (unseen - mu_0) / np.sqrt(mu_0)
    assert abs((standardised**2).mean() - 1) < 4 * np.sqrt(10 / unseen.size)


def test_checks_and_tables_of_an_estimate(fitted):
    names = [check.name for check in fitted.diagnostics.checks]
    for quantity in ("N", "log mu_0", "log tau"):
        assert f"R-hat of {quantity}" in names
    assert names[-1] == "divergences"
    prior, dependence = (next(t for t in fitted.tables if t.columns[0] == name) for name in ("quantity", "pair"))
    assert prior.columns == ("quantity", "2.5 %", "25 %", "50 %", "75 %", "97.5 %")
    assert {row[0] for row in prior.rows} >= {"people on no list, n_0", "people in all, N"}
    assert sum(row[1] for row in fitted.residuals.rows) == PALEMBANG.n_observed
    assert "as many coefficients as there are histories" in fitted.fit.sentence
    assert [row[0] for row in dependence.rows] == ["b and c", "b and d", "c and d"]


def test_a_prior_that_does_not_limit_the_unseen_gives_no_number():
    boundless = BayesianLogLinear(intercept_sd=200.0, interaction_scale=60.0, draws=200, warmup=200, chains=2)
    result = boundless.fit(
        CaptureTable.from_histories(["A", "B", "C"], {"100": 9, "010": 8, "001": 9, "110": 1}),
        rng=np.random.default_rng(1),
    )
    assert isinstance(result, NotEstimable)
    assert "improper" in result.reason


def test_chains_too_short_to_trust_give_no_number_but_their_draws():
    result = BayesianLogLinear(draws=100, warmup=100, chains=2).fit(PALEMBANG, rng=np.random.default_rng(1))
    assert isinstance(result, NotEstimable)
    assert "raise draws" in result.reason
    assert result.evidence is not None
    assert result.evidence.values.shape == (2, 200)
    assert not result.diagnostics.ok


@pytest.mark.parametrize(("divergences", "refused"), [(0, False), (10, False), (11, True)])
def test_more_than_one_divergent_draw_in_a_hundred_is_refused(divergences, refused):
    check = Check("divergences", divergences, 0, divergences == 0, "")
    reason = failure(Diagnostics((check,)), 1000)
    assert (reason is not None) == refused


@pytest.mark.parametrize(("factor", "misfits"), [(1, False), (30, True)])
def test_posterior_predictive_check_sees_a_three_list_interaction(factor, misfits):
    # Expected counts without interaction; the all-lists cell is then made 30 times as large.
    coefficients = np.array([4.6, -0.5, -0.5, -0.5, 0.0, 0.0, 0.0])
    expected = np.exp(design(3) @ coefficients)
    expected[-1] *= factor
    patterns = [[(code >> j) & 1 for j in range(3)] for code in range(1, 8)]
    table = CaptureTable(["A", "B", "C"], patterns, np.round(expected))
    posterior = Posterior(np.broadcast_to(coefficients, (2, 500, 7)), np.ones((2, 500)), 0)
    found = predictive_check(table, predicted(table, posterior), title="pairs", rng=np.random.default_rng(0))
    assert (len(notes_of(found)) == 1) == misfits == (found.fit.fits is False)
    worst = found.residuals.rows[0]
    assert (worst[0] == "A + B + C" and worst[-1] == 0) == misfits


def in_pymc(counts, offset, main_design, pair_design):
    """The same model written in PyMC: another route to the density and, by automatic differentiation, its gradient."""
    load_pymc()
    import pymc
    import pytensor.tensor as pt

    with pymc.Model() as model:
        main = pymc.Normal("main", shape=main_design.shape[1])
        pairs = pymc.Normal("pairs", shape=pair_design.shape[1])
        spread = pymc.HalfNormal("spread")
        log_mu = offset + pt.dot(main_design, main) + spread * pt.dot(pair_design, pairs)
        pymc.Potential("log_likelihood", (counts * log_mu - pt.exp(log_mu)).sum())
    return model


def test_the_density_and_its_gradient_are_those_of_the_same_model_in_pymc():
    rng = np.random.default_rng(5)
    data = [rng.poisson(20, 15).astype(float), rng.normal(size=15), rng.normal(size=(15, 6)), rng.normal(size=(15, 6))]
    model = in_pymc(*data)
    value, slope = model.compile_logp(mode="FAST_COMPILE"), model.compile_dlogp(mode="FAST_COMPILE")
    constants = []
    for _ in range(5):
        x, gradient = rng.normal(0, 0.5, 13), np.empty(13)
        place = {"main": x[:6], "pairs": x[6:12], "spread_log__": x[12]}
        found = value_and_gradient(x, gradient, *data)
        assert gradient == pytest.approx(slope(place), rel=1e-9, abs=1e-9)
        constants.append(found - float(value(place)))
    assert constants == pytest.approx([constants[0]] * 5, abs=1e-8)


def test_prior_quantiles_of_the_unseen_are_those_stated():
    coefficients, tau = BayesianLogLinear(unseen_median=100, intercept_sd=1.0).draw_prior(
        3, 5.0, 20_000, np.random.default_rng(2)
    )
    # Mean of 20,000 draws with standard deviation 1: 4 Monte Carlo errors, false-alarm rate 6e-5.
    assert abs(coefficients[:, 0].mean() - np.log(100)) < 4 / np.sqrt(20_000)
    assert (tau > 0).all()


def test_a_fresh_process_with_empty_caches_stays_quiet_and_needs_no_cpp_compiler(tmp_path):
    program = textwrap.dedent(
        """
        import sys, warnings
        import numpy as np
        from estimation.capture.table import CaptureTable
        from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
        from estimation.models.nuts import load_pymc
        BayesianLogLinear().assumptions
        assert "pymc" not in sys.modules and "arviz" not in sys.modules, "reading a model loads PyMC"
        table = CaptureTable(["b", "c", "d"], [[0,0,1],[0,1,0],[1,0,0],[1,1,0],[1,0,1],[1,1,1]], [41,5,5,54,6,12])
        result = BayesianLogLinear(draws=3000).fit(table, rng=np.random.default_rng(3))
        assert "pymc" not in sys.modules, "fitting it loads PyMC, which takes seconds"
        with warnings.catch_warnings():  # as pytest does: the filters that PyTensor sets at import are lost after it
            load_pymc()
            import pytensor.link.numba.dispatch
        print(result.total.values.sum())
        """
    )
    caches = {"PYTENSOR_FLAGS": f"base_compiledir={tmp_path / 'pytensor'}", "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PATH": str(tmp_path), **caches},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.strip().isdigit()


def test_convergence_of_the_monitored_quantities_is_recomputable(fitted):
    values = {"N": fitted.total.values.astype(float), **fitted.total.monitored}
    assert chain_checks(values) == fitted.diagnostics.checks[:-1]


def test_tables_of_different_width_can_be_fitted_in_one_process():
    wide = CaptureTable.from_histories(
        ["a", "b", "c", "d"],
        {"1000": 60, "0100": 50, "0010": 70, "0001": 40, "1100": 12, "0110": 15, "0011": 9, "1001": 11, "1111": 2},
    )
    model = BayesianLogLinear(draws=100, warmup=100, chains=2)
    alone = model.sample(wide.cells()[1:], rng=np.random.default_rng(1))
    model.sample(PALEMBANG.cells()[1:], rng=np.random.default_rng(1))
    after = model.sample(wide.cells()[1:], rng=np.random.default_rng(1))
    assert np.array_equal(alone.coefficients, after.coefficients)
    assert alone.coefficients.shape == (2, 100, 11)


def test_a_prior_from_which_the_sampler_finds_no_start_is_not_estimable_and_says_so(monkeypatch):
    def no_start(*_, **__):
        raise NoStartError

    monkeypatch.setattr("estimation.models.nuts_attempts.run_sampler", no_start)
    result = BayesianLogLinear(intercept_sd=50).fit(load_table("kosovo"), rng=np.random.default_rng(1))
    assert isinstance(result, NotEstimable)
    assert "so wide that the sampler finds no place to start from" in result.reason
