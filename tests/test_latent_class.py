"""The latent-class model: settings, tables that cannot carry it, chains that do not agree, and what a result holds."""

import re
from dataclasses import replace
from threading import Event

import arviz
import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.latent_class.chains import Chain
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.latent_class.rounds import Plan, sample
from estimation.models.latent_class.state import Prior
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR
from estimation.models.protocol import lighter_of
from estimation.results.estimates import Estimate, NotEstimable

QUICK = LatentClass(classes=5, chains=4, warmup=600, sweeps=2000, draws=1000, other_priors=False, fit_check=False)
HEPATITIS = load_table("hepatitis_a")


def fit(model, table, seed=1, workers=1):
    return model.fit(table, rng=np.random.default_rng(seed), workers=workers)


@pytest.fixture(scope="module")
def estimate():
    result = fit(QUICK, HEPATITIS)
    assert isinstance(result, Estimate), result
    return result


class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            ({"classes": 1}, "classes = 1; it must be a whole number, 2 or more"),
            ({"classes": 2.5}, "classes = 2.5; it must be a whole number"),
            ({"classes": 101}, "classes = 101; more than 100 are never needed"),
            ({"chains": 1}, "chains = 1; it must be a whole number, 2 or more"),
            ({"alpha_prior": "gamma(1, 0)"}, "alpha_prior: 'gamma.1, 0.': shape and rate of the Gamma"),
            ({"alpha_prior": "flat"}, "alpha_prior: 'flat' is no prior of alpha; write"),
            ({"expansion": (5, 1.1)}, "expansion: 5 to 1.1 is no interval of the expansion factor N/n"),
            ({"expansion": 3}, "expansion = 3; it must be two values of the expansion factor N/n"),
            (
                {"expansion": (1.1, 5), "capture_a": 2, "capture_b": 2},
                "both are priors on the capture probabilities, so leave one",
            ),
            ({"expansion": None}, "expansion = None and no capture_a and capture_b; state one of the two priors"),
            ({"capture_a": 2}, "capture_a = 2 without capture_b; a Beta prior has two numbers, so give both"),
            ({"capture_b": 2}, "capture_b = 2 without capture_a; a Beta prior has two numbers, so give both"),
            ({"capture_a": 1, "capture_b": float("inf")}, "capture_b = inf; it must be a positive number"),
            ({"max_sweeps": 400}, "max_sweeps = 400, less than the 500 sweeps of the first round"),
            ({"effective": 300}, "effective = 300; it must be a whole number, 400 or more"),
        ],
    )
    def test_a_bad_one_is_refused_with_its_value(self, settings, said):
        with pytest.raises(SettingError, match=said):
            LatentClass(**settings)

    def test_all_bad_ones_are_named_together(self):
        with pytest.raises(SettingError, match=r"2 problems\n  1\. classes = 0.*\n  2\. capture_a = -1"):
            LatentClass(classes=0, capture_a=-1, capture_b=1)


class TestStatedPriors:
    def test_by_default_the_interval_of_the_expansion_factor_and_with_a_beta_that_beta(self):
        assert LatentClass().capture_numbers(4) == LatentClass(expansion=(1.1, 10)).capture_numbers(4)
        published = LatentClass(capture_a=1, capture_b=1)
        assert published.expansion is None
        assert published.capture_numbers(4) == (1, 1)
        assert "Beta(1, 1) prior, the published one" in published.assumptions[2]
        # Another setting changed, or all of them written down and read again, and it is the same prior.
        assert replace(published, classes=12).capture_numbers(4) == (1, 1)
        assert replace(published, expansion=(1.1, 10)) == published

    def test_before_the_lists_the_default_is_open_to_what_studies_have_found_and_the_published_prior_is_not(self):
        # Kosovo's answers, 2.4 times the people observed, lie inside the one and beyond the other.
        default, published = (
            model.prior_expansion(4, rng=1) for model in (LatentClass(), LatentClass(capture_a=1, capture_b=1))
        )
        assert (default > 2.37).mean() > 0.2
        assert (published > 2.37).mean() < 0.005

    @pytest.mark.slow
    def test_a_log_normal_alpha_is_fitted_and_written_down(self):
        result = fit(replace(QUICK, alpha_prior="log-normal(-1, 0.5)"), HEPATITIS)
        assert "log alpha ~ Normal(-1, standard deviation 0.5)" in result.assumptions[1]
        assert ("alpha_prior", "log-normal(-1, 0.5)") in result.provenance.settings
        assert isinstance(result, Estimate), result
        # A prior sd of 0.5, and little that the table says of alpha: 5 sd is beyond any draw of a few thousand.
        assert np.abs(result.total.monitored["log alpha"] + 1).max() < 3.5

    def test_an_expansion_stands_for_the_beta_it_says(self):
        model = replace(QUICK, expansion=[1.1, 5], warmup=300, sweeps=1000, effective=400)
        prior = model.capture_prior(3)
        same = replace(model, expansion=None, capture_a=prior.capture_a, capture_b=prior.capture_b)
        first, second = fit(model, HEPATITIS), fit(same, HEPATITIS)
        assert (first.total.values == second.total.values).all()
        note = next(note for note in first.notes if "the expansion factor N/n between 1.1 and 5" in note)
        assert note.startswith(prior.sentence[:-1])
        # Classes average their probabilities, which can only bring the ends closer.
        lower, upper = (float(word) for word in re.search(r"and (\S+) to (\S+) with the classes", note).groups())
        assert 1.1 < lower < upper < 5
        assert "the expansion factor N/n between 1.1 and 5 with probability 95 %" in first.assumptions[2]
        assert dict(first.provenance.settings)["expansion"] == (1.1, 5.0)

    def test_an_expansion_that_no_beta_gives_is_refused_in_words(self):
        result = fit(LatentClass(expansion=(1.001, 1000)), HEPATITIS)
        assert isinstance(result, NotEstimable)
        assert "no Beta prior on the capture probabilities puts the expansion factor N/n between 1.001" in result.reason


class TestTablesThatCannotCarryIt:
    @pytest.mark.parametrize(
        ("lists", "histories", "said"),
        [
            (["A", "B"], {"10": 5, "01": 4, "11": 3}, "two lists .A and B. cannot tell heterogeneous people"),
            (["A"], {"1": 5}, "needs at least 3 lists and the table has 1"),
            (["A", "B", "C"], {"100": 5, "010": 4, "110": 2}, "nobody is on C"),
            (["A", "B", "C"], {"110": 5, "001": 4, "111": 2}, "A and B name exactly the same people"),
            (["A", "B", "C"], {"100": 5, "010": 4, "001": 2}, "nobody is on more than one list"),
            (["A", "B", "C"], {}, "nobody is on A or B or C"),
        ],
    )
    def test_are_refused_in_words(self, lists, histories, said):
        result = fit(LatentClass(), CaptureTable.from_histories(lists, histories))
        assert isinstance(result, NotEstimable)
        assert pytest.approx(result.n_observed) == sum(histories.values())
        assert said.replace(".", "") in result.reason.replace("(", "").replace(")", "")

    def test_unseen_people_without_any_limit_are_refused(self):
        # Five people in all, and a prior under which almost nobody is ever recorded.
        table = CaptureTable.from_histories(["A", "B", "C"], {"100": 1, "010": 1, "001": 2, "110": 1})
        result = fit(LatentClass(capture_a=0.001, capture_b=1, chains=2, warmup=200, sweeps=400, draws=200), table)
        assert isinstance(result, NotEstimable)
        assert "improper: the likelihood does not bound n_0" in result.reason


class TestAResult:
    def test_never_has_fewer_people_than_were_seen(self, estimate):
        assert estimate.total.values.min() >= estimate.n_observed == 271

    def test_holds_the_draws_by_chain_and_what_was_monitored(self, estimate):
        assert estimate.total.values.shape == (4, 1000)
        assert set(estimate.total.monitored) == {"log alpha", "occupied classes"}
        occupied = estimate.total.monitored["occupied classes"]
        assert 1 <= occupied.min() <= occupied.max() <= 5

    def test_names_its_assumption_first(self, estimate):
        assert estimate.assumptions[0].startswith(
            "People fall into a few latent classes; within a class the lists are independent"
        )

    def test_says_how_far_the_table_moved_it_from_the_prior(self, estimate):
        note = "Given only that 271 people are observed, the prior puts the expansion factor N/n at 1.93"
        assert estimate.notes[0].startswith(note)
        [row] = next(t for t in estimate.tables if t.title == PRIOR_AND_POSTERIOR).rows
        assert row[5] == pytest.approx(estimate.median / 271, rel=1e-3)
        # 271 people and three lists: the prior and the posterior have more than half in common, and a note says so.
        assert 0.5 < row[-1] < 0.8
        assert "More than half of the prior is where the posterior is" in estimate.notes[0]

    def test_counts_those_within_reach_of_the_lists(self, estimate):
        rows = next(t for t in estimate.tables if t.title.startswith("Observable population size")).rows
        assert [row[0] for row in rows] == [0.0, 0.001, 0.01, 0.05, 0.1]
        interval = estimate.interval()
        assert rows[0][1:] == (round(estimate.median), round(interval.lower), round(interval.upper))
        medians = [row[1] for row in rows]
        assert medians == sorted(medians, reverse=True)

    def test_says_when_the_limit_on_the_classes_may_matter(self):
        result = fit(replace(QUICK, classes=2), HEPATITIS)
        assert any("all 2 classes are occupied" in note for note in result.notes)

    def test_gives_the_posterior_of_the_number_of_classes(self, estimate):
        shares = [row[1] for row in next(t for t in estimate.tables if t.title == "Number of occupied classes").rows]
        assert sum(shares) == pytest.approx(1, abs=5e-4)

    def test_is_the_same_to_the_bit_whatever_the_workers(self, estimate):
        again = fit(QUICK, HEPATITIS, workers=3)
        assert (again.total.values == estimate.total.values).all()
        for name, values in estimate.total.monitored.items():
            assert (again.total.monitored[name] == values).all()

    def test_does_not_depend_on_the_order_of_the_lists(self, estimate):
        other = fit(QUICK, HEPATITIS.keep(["E", "P", "Q"]), seed=2)
        # Medians of some 3,000 effective draws each: 4 standard errors of the difference, 6 in 100,000.
        sd = np.diff(np.quantile(estimate.total.values, [0.16, 0.84])).item() / 2
        assert other.median == pytest.approx(estimate.median, abs=4 * sd * 1.25 * (2 / 3000) ** 0.5)


@pytest.fixture(scope="module")
def refused():
    published = {"classes": 10, "capture_a": 1, "capture_b": 1}
    model = LatentClass(chains=6, warmup=500, sweeps=800, max_sweeps=800, draws=500, **published)
    return fit(model, load_table("netherlands_five_lists"), workers=2)


class TestChainsThatDoNotAgree:
    def test_give_no_number_on_the_netherlands_table(self, refused):
        assert isinstance(refused, NotEstimable)
        assert "the 6 chains disagree (R-hat of N" in refused.reason
        assert not refused.diagnostics.ok

    def test_are_shown_one_by_one(self, refused):
        assert [row[0] for row in refused.tables[0].rows] == [1, 2, 3, 4, 5, 6]
        medians = [row[1] for row in refused.tables[0].rows]
        assert max(medians) > 2 * min(medians)
        in_modes = np.array([row[6:] for row in refused.tables[0].rows])
        assert in_modes.shape[1] >= 2
        assert in_modes.sum(axis=1) == pytest.approx(np.ones(6), abs=2e-3)
        assert refused.tables[1].title == "Modes of the posterior of N, and their weights by chain"
        assert "disagree on their weights" in refused.reason
        assert refused.evidence.values.shape == (6, 500)

    def test_run_on_in_longer_rounds_while_they_may(self):
        settings = {
            "classes": 5,
            "warmup": 600,
            "sweeps": 100,
            "draws": 100,
            "effective": 400,
            "other_priors": False,
            "fit_check": False,
        }
        short = fit(LatentClass(max_sweeps=100, **settings), HEPATITIS)
        assert isinstance(short, NotEstimable)
        assert "after 100 sweeps each" in short.reason
        long = fit(LatentClass(max_sweeps=6400, **settings), HEPATITIS)
        assert isinstance(long, Estimate)
        assert long.total.values.shape == (8, 100)


def plan(effective, **settings):
    return Plan(**{"warmup": 300, "sweeps": 200, "max_sweeps": 20_000, "draws": 500, "effective": effective} | settings)


def run_of(given, table=HEPATITIS):
    rngs = np.random.default_rng(1).spawn(8)
    return sample(table, Prior(0.25, 0.25, 1.0, 1.0), given, classes=5, rngs=rngs, workers=1)


@pytest.fixture(scope="module")
def long_run():
    return run_of(plan(3200))


def test_what_is_being_done_has_words_from_the_first_moment():
    words = []
    fit_with = LatentClass(classes=5, chains=4, warmup=200, sweeps=200, other_priors=False, fit_check=False).fit
    fit_with(HEPATITIS, rng=1, progress=lambda done, doing="": words.append(doing))
    found = list(dict.fromkeys(words))
    assert found[0] == "latent classes: 7 capture histories become a tree"
    assert found[1:5] == [f"latent classes: chain {c} of 4 gets its start" for c in range(1, 5)]
    assert found[5:] == [
        "latent classes: 200 sweeps of warm-up of each chain",
        "latent classes: sweeps until the checks pass",
    ]


class TestStopping:
    def sizes(self, run):
        return {check.name: check.value for check in run.checks}

    def test_a_run_stops_soon_after_n_has_its_effective_sample_size_and_all_checks_pass(self, long_run):
        few, many = run_of(plan(800)), long_run
        for run, target in ((few, 800), (many, 3200)):
            assert all(check.passed for check in run.checks)
            assert min(self.sizes(run)[f"{part} ESS of N"] for part in ("bulk", "tail")) >= target
        assert few.swept < many.swept < 20_000

    def test_no_more_draws_are_stored_than_wanted_and_a_hundred_states_at_least(self):
        run = run_of(plan(800, draws=100))
        assert run.unseen.shape[1] == 100
        assert run.observable.shape[:2] == run.log_alpha.shape == run.occupied.shape == run.unseen.shape
        chains, states, length = run.states.shape
        assert (chains, length) == (8, 5 * 3 + 5)
        assert 100 <= states < 200

    def test_states_are_draws_of_the_chain(self, long_run):
        # The last place of a state is log alpha; 4 Monte Carlo errors of the two means, 6 in 100,000.
        kept = (long_run.states[:, :, -1], long_run.log_alpha)
        errors = [np.asarray(arviz.mcse(values, method="mean")).item() for values in kept]
        assert abs(kept[0].mean() - kept[1].mean()) < 4 * np.hypot(*errors)

    def test_an_estimate_short_of_the_target_says_so(self):
        short = replace(QUICK, sweeps=800, max_sweeps=800, effective=100_000)
        result = fit(short, HEPATITIS)
        assert isinstance(result, Estimate), result
        assert any("less than the 100,000 aimed at; raise max_sweeps" in note for note in result.notes)

    def test_the_lighter_form_differs_in_its_target_and_leaves_out_the_other_priors(self):
        model = replace(QUICK, capture_a=1.0, capture_b=2.0, expansion=None)
        assert lighter_of(model) == replace(model, chains=4, effective=400, other_priors=False, fit_check=False)


def test_64_lists_and_3000_histories_are_no_obstacle():
    rng = np.random.default_rng(5)
    patterns = rng.random((4000, 64)) < 0.05
    patterns = patterns[patterns.any(axis=1)][:3000]
    table = CaptureTable([f"L{j}" for j in range(64)], patterns, np.ones(len(patterns), dtype=int))
    chain = Chain(table, Prior(0.25, 0.25, 1, 1), classes=10, rng=rng, spread=0.5)
    chain.warm_up(100, Event())
    drawn = chain.advance(20, Event())
    assert np.isfinite(drawn).all()
    # 64 lists of 5 % miss 3.8 % of the people.
    assert drawn[-1, 0] < 600


def test_a_chain_that_is_told_to_stop_does():
    chain = Chain(HEPATITIS, Prior(0.25, 0.25, 1, 1), classes=5, rng=np.random.default_rng(1), spread=0.0)
    stop = Event()
    stop.set()
    chain.warm_up(10**9, stop)
    assert len(chain.advance(10**9, stop)) == 0
