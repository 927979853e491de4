"""Latent classes that strata share: one class by importance sampling, planted classes, what is refused.

Random tests state how far apart a right program may be; the seeds are fixed.
"""

import numpy as np
import pytest

from estimation.capture.stratified import StratifiedTable
from estimation.errors import SettingError
from estimation.results.estimates import Estimate, NotEstimable
from estimation.strata.partial_pooling.class_sweeps import histories_of, start, sweep_on
from estimation.strata.partial_pooling.shared_classes import SharedLatentClasses
from estimation.strata.protocol import PoolsStrata

CLASSES = np.array([[0.55, 0.5, 0.5, 0.45], [0.15, 0.1, 0.15, 0.12]])


def planted(rng, n_strata, people, captures=CLASSES, covers=None):
    """A table by place of people of two classes, in shares that differ by place."""
    rows, places = [], []
    for place in range(n_strata):
        chosen = captures[(rng.random(people) < rng.beta(2, 2)).astype(int)]
        seen = rng.random(chosen.shape) < chosen
        seen = seen[seen.any(axis=1)]
        rows.append(seen)
        places += [str(place)] * len(seen)
    lists = [chr(ord("A") + j) for j in range(captures.shape[1])]
    rows = np.concatenate(rows)
    if covers:
        for name, by_label in covers.items():
            rows[[place not in by_label["place"] for place in places], lists.index(name)] = False
        places = [place for place, row in zip(places, rows, strict=True) if row.any()]
        rows = rows[rows.any(axis=1)]
    return StratifiedTable(lists, rows, {"place": places}, np.ones(len(places), dtype=int), covers=covers)


def swept(strata, model, seed, draws, thin=4, classes=None):
    histories, prior = histories_of(strata), model.prior(len(histories_of(strata).present[0]))
    rng = np.random.default_rng(seed)
    state = start(*histories.present.shape, classes or model.classes, prior, rng)
    sweep_on(histories, prior, state, rng, draws=100, thin=thin)
    return sweep_on(histories, prior, state, rng, draws=draws, thin=thin)


def test_one_class_has_the_posterior_that_importance_sampling_gives():
    """With one class the capture probabilities have a posterior on [0, 1]^J, weighed here from a Beta proposal.

    Both have some 20,000 draws; the quantiles of n_0 of 60 to 90 people may differ by 3 %, some five standard errors.
    """
    covers = {"C": {"place": ["0", "1"]}}
    strata = planted(np.random.default_rng(1), 3, 80, np.array([[0.4, 0.3, 0.3]] * 2), covers).by(["place"], least=0)
    model, histories = SharedLatentClasses(classes=1), histories_of(strata)
    unseen, _ = swept(strata, model, 2, 20_000, thin=2)
    prior, rng = model.prior(3), np.random.default_rng(3)
    on = histories.counts @ histories.patterns
    could = histories.present.T @ histories.observed
    proposal = rng.beta(prior.capture_a + on / 2, prior.capture_b + could / 2, (100_000, 3))
    log_weight = (on - on / 2) * np.log(proposal) + (could - on - could / 2) * np.log1p(-proposal)
    missed = np.exp(np.log1p(-proposal) @ histories.present.T)
    weight = log_weight.sum(axis=1) - np.log1p(-missed) @ histories.observed
    chosen = rng.choice(len(weight), 20_000, p=np.exp(weight - np.logaddexp.reduce(weight)))
    mean = rng.gamma(histories.observed, size=(20_000, 3)) * (missed / (1 - missed))[chosen]
    exact = rng.poisson(mean)
    for probability in (0.1, 0.5, 0.9):
        found, wanted = (np.quantile(each.sum(axis=1), probability) for each in (unseen, exact))
        assert found == pytest.approx(wanted, rel=0.03)


@pytest.fixture(scope="module")
def strata():
    return planted(np.random.default_rng(100), 3, 300).by(["place"], least=0)


@pytest.fixture(scope="module")
def fitted(strata):
    return SharedLatentClasses(classes=2, chains=4, sweeps=4_000, max_sweeps=64_000).fit(strata, rng=1)


class TestResults:
    def test_it_is_a_model_over_strata(self):
        assert isinstance(SharedLatentClasses(), PoolsStrata)

    def test_planted_classes_are_within_the_interval_of_the_total(self, fitted):
        """The interval of 99 %: a right program fails at one in 100 seeds; that of 95 % held on 16 of 16 others."""
        assert isinstance(fitted.total, Estimate), fitted.total
        assert fitted.total.interval(0.99).lower < 900 < fitted.total.interval(0.99).upper

    def test_the_total_is_added_draw_by_draw(self, fitted):
        added = sum(each.total.values for each in fitted.results.values())
        assert np.array_equal(added, fitted.total.total.values)
        assert fitted.total.sd > 1.2 * np.sqrt(sum(each.sd**2 for each in fitted.results.values()))

    def test_the_tables_show_shrinkage_classes_and_concentration_and_the_notes_the_prior(self, fitted):
        titles = [table.title for table in fitted.total.tables]
        assert titles[0] == "Each stratum alone, by maximum likelihood, and pooled"
        assert titles[1:3] == ["Number of occupied classes", "What the strata share"]
        for each in (fitted.total, *fitted.results.values()):
            assert any("the prior puts the expansion factor N/n at" in note for note in each.notes)

    def test_chains_that_did_not_converge_give_no_number(self, strata):
        short = SharedLatentClasses(chains=2, warmup=100, sweeps=1_000, max_sweeps=1_000, draws=100)
        found = short.fit(strata, rng=1)
        assert isinstance(found.total, NotEstimable)
        assert "raise max_sweeps" in found.total.reason
        assert found.total.evidence is not None


def test_the_draws_do_not_depend_on_the_number_of_workers(strata):
    model = SharedLatentClasses(chains=2, warmup=100, sweeps=1_000, max_sweeps=1_000, draws=100)
    one, two = (model.fit(strata, rng=3, workers=n).total.evidence.values for n in (1, 2))
    assert np.array_equal(one, two)


def test_the_prior_of_one_class_is_the_stated_one():
    """The ends of 4,000 draws are known to 5 % each; 1.1 is 1.5 Monte Carlo errors of n of 200."""
    strata = planted(np.random.default_rng(5), 2, 400).by(["place"], least=0)
    totals = SharedLatentClasses(classes=1, expansion=(1.5, 6)).prior_totals(strata, rng=1, draws=4000)[:, 0]
    ends = np.quantile(totals / next(iter(strata.tables.values())).n_observed, [0.025, 0.975])
    assert ends == pytest.approx([1.5, 6.0], rel=0.15)


def test_every_bad_setting_is_named_at_once():
    with pytest.raises(SettingError) as caught:
        SharedLatentClasses(
            classes=0, chains=1, sweeps=10, concentration=0, share_concentration=np.inf, expansion=(3, 2)
        )
    assert len(caught.value.problems) == 6
