"""A register of those at risk: posteriors cut at it, exactly.

False alarms: draws against exact posteriors are compared at 4 Monte Carlo standard errors (6 in 100,000 each); the
seeds are fixed.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.two_lists import Chapman
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.population_register import PopulationRegister, within_register
from estimation.models.protocol import Model
from estimation.models.registry import MODELS, make_model
from estimation.provenance import Provenance
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, ResultTable
from estimation.results.totals import Draws, Grid, Interval, Point

KOSOVO = load_table("kosovo")
PROVENANCE = Provenance("0" * 64, "0.1.0", "1", (("draws", 10),))


def rng(seed=1):
    return np.random.default_rng(seed)


def estimate(total, n=100, checks=(), tables=(), notes=()):
    return Estimate(
        total, n, "model", "Model", ("Assumed.",), Diagnostics(checks), PROVENANCE, tables=tables, notes=notes
    )


def unseen(size, *, seed=2, n=100, rho=0.5):
    """N = n + NB(n, 1 - rho): the posterior of N for a known chance of being seen under p(N) ~ 1/N."""
    return n + rng(seed).negative_binomial(n, 1 - rho, size)


def exact(most=400, n=100, rho=0.5):
    values = np.arange(n, most)
    return Grid(values, stats.nbinom.pmf(values - n, n, 1 - rho))


class TestARegister:
    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            ({"at_most": 0}, "at_most = 0; it must be a whole number of persons, 1 or more"),
            ({"at_most": 10.5}, "at_most = 10.5; it must be a whole number"),
            ({"known_survivors": -1}, "known_survivors = -1; it must be a whole number of persons, 0 or more"),
            ({"known_survivors": 500}, "500 of 500 on the register are alive, which leaves nobody"),
            ({"uncertainty": -0.1}, "uncertainty = -0.1; it is the standard deviation of the logarithm"),
            ({"source": " "}, "the source is empty; say what the register is"),
        ],
    )
    def test_out_of_range_is_refused_with_its_value(self, settings, said):
        with pytest.raises(SettingError, match=said):
            PopulationRegister(**{"at_most": 500, "source": "register", **settings})

    def test_all_problems_are_named_together(self):
        with pytest.raises(SettingError, match="3 problems"):
            PopulationRegister(at_most=-1, source="", known_survivors=-1)

    def test_says_what_it_assumes(self):
        register = PopulationRegister(45_000, "camp register", uncertainty=0.05, known_survivors=1_200)
        assert register.sentence == (
            "Nobody who is to be counted is missing from a register of 45,000 (95 % 40,799 to 49,633) people, of whom "
            "1,200 are known to be alive (camp register)."
        )

    def test_with_room_for_fewer_than_were_observed_is_an_error(self):
        with pytest.raises(SettingError, match="100 people were observed, and the register has room for 90"):
            within_register(estimate(exact()), PopulationRegister(100, "register", known_survivors=10), rng=rng())

    def test_that_is_uncertain_may_be_smaller_than_what_was_observed_by_chance(self):
        within = within_register(estimate(exact()), PopulationRegister(99, "register", uncertainty=0.5), rng=rng())
        assert isinstance(within, Estimate)


class TestAnExactPosterior:
    def test_is_cut_and_made_to_add_to_one_again(self):
        within = within_register(estimate(exact()), PopulationRegister(190, "register"), rng=rng())
        expected = exact().probabilities[exact().values <= 190]
        assert within.total.probabilities == pytest.approx(expected / expected.sum(), abs=1e-15)
        assert within.total.quantile(1.0) <= 190

    def test_is_the_one_with_the_bound_in_its_prior(self):
        free = DecomposableGraphs().fit(KOSOVO, rng=rng())
        bounded = DecomposableGraphs(prior_on_n="1/N up to 12,000").fit(KOSOVO, rng=rng())
        within = within_register(free, PopulationRegister(12_500, "register", known_survivors=500), rng=rng())
        for q in (0.01, 0.025, 0.25, 0.5, 0.75, 0.975):
            assert within.total.quantile(q) == bounded.total.quantile(q)
        assert within.mean == pytest.approx(bounded.mean, rel=1e-6)

    def test_under_an_uncertain_register_is_the_sum_over_its_sizes(self):
        within = within_register(
            estimate(exact()), PopulationRegister(220, "register", uncertainty=0.1, known_survivors=20), rng=rng()
        )
        # M on a fine grid of its quantiles, each cutting the posterior where N + 20 <= M and weighing what it leaves.
        sizes = np.exp(stats.norm.ppf((np.arange(4_000) + 0.5) / 4_000, np.log(220), 0.1))
        slow = sum(np.where(exact().values + 20 <= size, exact().probabilities, 0.0) for size in sizes)
        assert within.total.probabilities == pytest.approx(slow / slow.sum(), abs=1e-5)

    def test_against_which_the_register_stands_gives_no_number(self):
        within = within_register(
            estimate(exact(most=2000, n=100, rho=0.8)), PopulationRegister(150, "register"), rng=rng()
        )
        assert isinstance(within, NotEstimable)
        assert (
            "the lists and the register contradict each other: the model puts 100.0% of its probability"
            in within.reason
        )


class TestDraws:
    def test_within_a_register_are_draws_of_the_cut_posterior(self):
        register = PopulationRegister(205, "register", known_survivors=10)
        draws = estimate(Draws(unseen((4, 5000))))
        within, cut = (within_register(given, register, rng=rng()) for given in (draws, estimate(exact())))
        size = within.total.values.size
        for q in (0.1, 0.5, 0.9):
            at = cut.total.quantile(q)
            p = 1 - cut.total.probability_at_least(at + 1)
            assert (within.total.values <= at).mean() == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / size))
        assert within.total.values.max() <= 195

    def test_within_an_uncertain_register_are_draws_of_the_weighted_posterior(self):
        register = PopulationRegister(190, "register", uncertainty=0.1)
        draws = estimate(Draws(unseen((4, 5000))))
        within, cut = (within_register(given, register, rng=rng(3)) for given in (draws, estimate(exact())))
        size = within.total.values.size
        assert within.mean == pytest.approx(cut.mean, abs=4 * cut.sd / np.sqrt(size))
        assert within.total.values.max() > 190
        assert dict(within.provenance.settings)["register.seed"] == "3"

    def test_keep_as_many_of_each_chain_and_what_was_monitored_beside_each(self):
        values = unseen((4, 1000))
        within = within_register(
            estimate(Draws(values, {"half": values / 2})), PopulationRegister(200, "register"), rng=rng()
        )
        fewest = int((values <= 200).sum(axis=1).min())
        assert within.total.values.shape == (4, fewest)
        assert (within.total.monitored["half"] == within.total.values / 2).all()

    def test_are_checked_anew_and_other_checks_stay(self):
        values = unseen((4, 1000))
        other = Check("divergences", 0.0, 1.0, True, "None.")
        given = estimate(Draws(values), checks=(*chain_checks({"N": values.astype(float)}), other))
        within = within_register(given, PopulationRegister(205, "register"), rng=rng())
        assert within.diagnostics.checks == (*chain_checks({"N": within.total.values.astype(float)}), other)
        assert within.diagnostics.ok

    def test_that_are_too_few_within_the_register_give_no_number(self):
        within = within_register(estimate(Draws(unseen((4, 1000)))), PopulationRegister(175, "register"), rng=rng())
        assert isinstance(within, NotEstimable)
        assert "of the draws are within the register, too few in at least one chain" in within.reason

    def test_of_chains_that_disagree_within_the_register_give_no_number(self):
        values = np.where(np.arange(4)[:, None] < 2, rng(5).integers(100, 120, (4, 2000)), 0)
        values[2:] = rng(6).integers(140, 160, (2, 2000))
        values[:, 1000:] = rng(7).integers(300, 400, (4, 1000))
        # Passed checks stand for a posterior that mixes only through what the register cuts away.
        passed = tuple(replace(check, passed=True) for check in chain_checks({"N": values.astype(float)}))
        within = within_register(estimate(Draws(values), checks=passed), PopulationRegister(200, "register"), rng=rng())
        assert isinstance(within, NotEstimable)
        assert "they fail the checks: Not to be trusted: R-hat of N" in within.reason
        assert within.evidence.values.max() <= 200


class TestAClassicalEstimate:
    def given(self, value=150, upper=260):
        return estimate(Point(value, 30, (Interval(110, upper, 0.95, "confidence"),)))

    def test_within_the_register_is_unchanged(self):
        within = within_register(self.given(), PopulationRegister(300, "register"), rng=rng())
        assert (within.total, within.notes) == (self.given().total, ())

    def test_whose_interval_passes_the_register_says_so(self):
        within = within_register(self.given(), PopulationRegister(200, "register"), rng=rng())
        assert within.total == self.given().total
        assert (
            "The register has room for 200 people, and the 95 % confidence interval 110 to 260 exceeds"
            in within.notes[0]
        )

    def test_beyond_the_register_is_not_given(self):
        within = within_register(self.given(), PopulationRegister(140, "register"), rng=rng())
        assert isinstance(within, NotEstimable)
        assert "its estimate of 150 is more than the 140 people that the register has room for" in within.reason


class TestWhatIsSaid:
    def test_the_register_joins_the_assumptions_and_the_settings(self):
        register = PopulationRegister(210, "register", known_survivors=10)
        within = within_register(estimate(exact()), register, rng=rng())
        assert within.assumptions == ("Assumed.", register.sentence)
        assert within.provenance.settings == (
            ("draws", 10),
            ("register.at_most", 210),
            ("register.known_survivors", 10),
            ("register.source", "register"),
            ("register.uncertainty", 0.0),
        )

    def test_what_was_said_without_the_register_is_said_to_be_without_it(self):
        given = estimate(exact(), tables=(ResultTable("Weights", ("a",), ((1,),)),), notes=("Much moved.",))
        within = within_register(given, PopulationRegister(200, "register"), rng=rng())
        assert within.notes[0].startswith("The register leaves 52.8% of the posterior; without it the estimate is")
        assert within.notes[1] == "Without the register: Much moved."
        assert [table.title for table in within.tables] == [
            "Estimates without and within the register",
            "Without the register: Weights",
        ]
        assert within.tables[0].rows[1][-1] == pytest.approx(0.528, abs=1e-3)

    def test_what_was_not_estimable_stays_as_it_is(self):
        given = NotEstimable(100, "model", "Model", "no overlap", ("Assumed.",), PROVENANCE)
        assert within_register(given, PopulationRegister(200, "register"), rng=rng()) is given


SMALL = CaptureTable.from_histories(
    ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
)
QUICK = {
    "latent-class": {
        "classes": 5,
        "chains": 4,
        "warmup": 600,
        "sweeps": 2000,
        "draws": 1000,
        "other_priors": False,
        "fit_check": False,
    },
    "bayesian-log-linear": {"draws": 3000},
}


BY_PYMC = {"bayesian-log-linear", "pairwise-prior", "latent-class-pymc"}
"""Their first fit in a process compiles for a minute."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow) if name in BY_PYMC else name
        for name in sorted(set(MODELS) - {"lincoln-petersen", "chapman"})
    ],
)
def test_every_model_of_the_registry_goes_through(name):
    model = make_model(name, QUICK.get(name, {}))
    assert isinstance(model, Model)
    free = model.fit(SMALL, rng=rng())
    if isinstance(free, NotEstimable):
        pytest.skip(f"{name} gives no number on this table: {free.reason}")
    limit = round(free.median) if not isinstance(free.total, Point) else round(free.median) + 1
    within = within_register(free, PopulationRegister(limit, "register"), rng=rng())
    assert isinstance(within, Estimate), within
    assert within.assumptions[0] == free.assumptions[0]
    if not isinstance(free.total, Point):
        assert within.interval(0.9999).upper <= limit < free.interval().upper


def test_a_two_list_estimate_goes_through():
    free = Chapman().fit(KOSOVO.keep(["ABA", "HRW"]), rng=rng())
    within = within_register(free, PopulationRegister(100_000, "register"), rng=rng())
    assert within.total == free.total
