"""Strata that borrow from each other: the log-linear model whose effects vary over strata about common means.

Random tests: a comparison of posterior quantiles with an exact route allows four Monte Carlo errors of both, so that a
right program fails at one in some 10,000 seeds; the seeds are fixed.
"""

from itertools import combinations

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm

from estimation.capture.stratified import Strata, StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.results.estimates import Estimate, NotEstimable
from estimation.strata.by_stratum import estimate_by
from estimation.strata.partial_pooling.density import value_and_gradient
from estimation.strata.partial_pooling.effects import alphas_of, prior_places
from estimation.strata.partial_pooling.log_linear import HierarchicalLogLinear
from estimation.strata.partial_pooling.unusable import nobody_notes
from estimation.strata.protocol import PoolsStrata

LIGHT = {"chains": 2, "draws": 1000, "warmup": 500}


def drawn(rng, n_strata, n_lists, people, spread=0.4, centre=-1.2):
    """A table by month of people whose lists are independent within a month and differ from month to month."""
    base = rng.normal(centre, 0.4, n_lists)
    rows, months = [], []
    for month in range(n_strata):
        captures = 1 / (1 + np.exp(-(base + rng.normal(0, spread, n_lists))))
        seen = rng.random((people, n_lists)) < captures
        seen = seen[seen.any(axis=1)]
        rows.append(seen)
        months += [str(month + 1)] * len(seen)
    lists = [chr(ord("A") + j) for j in range(n_lists)]
    return StratifiedTable(lists, np.concatenate(rows), {"month": months}, np.ones(len(months), dtype=int))


def strata_of(table, **given):
    return table.by([label.name for label in table.labels], least=0, **given)


SMALL = strata_of(drawn(np.random.default_rng(1), 5, 3, 60))
COVERED = StratifiedTable(
    ["A", "B", "C"],
    [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0], [1, 1, 0], [1, 0, 0]],
    {"place": ["n"] * 5 + ["s"] * 3 + ["w"]},
    [9, 7, 8, 4, 2, 12, 9, 5, 6],
    covers={"C": {"place": ["n"]}, "B": {"place": ["n", "s"]}},
)

VARIANTS = {
    "default": (HierarchicalLogLinear(), SMALL),
    "a walk": (HierarchicalLogLinear(order="month"), SMALL),
    "covariates": (HierarchicalLogLinear(covariates={"month": {str(m): m**2 for m in range(1, 6)}}), SMALL),
    "fixed spreads": (HierarchicalLogLinear(fixed_list_spread=0.7, fixed_pair_spread=0.0), SMALL),
    "independent lists": (HierarchicalLogLinear(interactions="none"), SMALL),
    "lists that could not have seen a stratum": (HierarchicalLogLinear(), strata_of(COVERED)),
}


def plain_log_density(place, model, strata):
    """The same written out: dense designs, one history at a time, priors by SciPy, up to a constant."""
    pooled, packed = model.packed(strata)
    alpha, prior = alphas_of(place, packed.data), 0.0
    J, E = len(pooled.lists), len(pooled.effects)
    logs = [1 + E] if E > J else []
    at = 1 + E + len(logs) + pooled.covariates.shape[1] * E
    if pooled.n_times > 1:
        logs += range(at, at + E)
        at += E * pooled.n_times
    if packed.dimension > at:
        logs += range(at, at + E)
    for i, x in enumerate(place):
        prior += norm.logpdf(np.exp(x)) + x if i in logs else norm.logpdf(x)
    likelihood = 0.0
    for s, table in enumerate(strata.tables.values()):
        names = list(table.lists)
        histories = [h for k in range(1, len(names) + 1) for h in combinations(names, k)]
        log_mu = [
            sum(
                alpha[s, e]
                for e, effect in enumerate(pooled.effects)
                if {pooled.lists[j] for j in effect} <= set(history)
            )
            for history in histories
        ]
        counts = np.array([table.count(*history) for history in histories])
        likelihood += counts @ (np.array(log_mu) - logsumexp(log_mu))
    return prior + likelihood


@pytest.mark.parametrize("name", VARIANTS)
def test_the_density_is_the_one_written_out_and_its_gradient_the_slope(name):
    model, strata = VARIANTS[name]
    _, packed = model.packed(strata)
    rng = np.random.default_rng(2)
    first, second = rng.normal(0, 0.5, (2, packed.dimension))
    gradient, other = np.empty(packed.dimension), np.empty(packed.dimension)
    ours = value_and_gradient(first, gradient, packed.data) - value_and_gradient(second, other, packed.data)
    written = plain_log_density(first, model, strata) - plain_log_density(second, model, strata)
    assert ours == pytest.approx(written, abs=1e-8)
    step = 1e-5
    for i in range(packed.dimension):
        ahead, back = first.copy(), first.copy()
        ahead[i] += step
        back[i] -= step
        slope = value_and_gradient(ahead, other, packed.data) - value_and_gradient(back, other, packed.data)
        assert gradient[i] == pytest.approx(slope / (2 * step), abs=1e-5), i


def test_a_walk_has_mean_zero_and_the_variance_of_its_spread_on_average():
    """The mean square of 4,000 draws of 6 effects is known to less than 2 %; 10 % is allowed."""
    strata = strata_of(drawn(np.random.default_rng(3), 8, 3, 40))
    model = HierarchicalLogLinear(order="month", fixed_list_spread=0.5, fixed_pair_spread=0.5)
    _, packed = model.packed(strata)
    alphas = np.array([alphas_of(x, packed.data) for x in prior_places(packed, 4000, np.random.default_rng(1))])
    departures = alphas - alphas.mean(axis=1, keepdims=True)
    assert (departures**2).mean() == pytest.approx(0.25, rel=0.1)


class TestLimits:
    """Spreads of 0 are one fit of the merged table, wide ones separate fits; each has another route to compare with.

    With three lists and a wide prior on every effect the model is no highest-order interaction with Dirichlet(0),
    which is exact.  With one intercept and one set of effects it is `BayesianLogLinear` with a flat intercept, whose
    likelihood is Poisson and whose density is another one.
    """

    EXACT = NoHighestOrderInteraction(prior_count=1e-6)
    TABLE = drawn(np.random.default_rng(5), 3, 3, 500, centre=-0.5)

    @staticmethod
    def assert_alike(one, other, slack):
        for probability in (0.1, 0.5, 0.9):
            error = np.hypot(one.total.monte_carlo_error(probability), other.total.monte_carlo_error(probability))
            apart = abs(one.total.quantile(probability) - other.total.quantile(probability))
            assert apart < 4 * error + slack  # half a person, since N is whole, and what is not flat of the prior

    def test_without_pooling_each_stratum_has_the_number_that_it_has_alone(self):
        means = {"list_sd": 0.1, "interaction_scale": 0.1, "expansion": (1.99, 2.01)}
        short = {"chains": 2, "draws": 500, "warmup": 400}
        model = HierarchicalLogLinear(**means, **short, fixed_list_spread=10.0, fixed_pair_spread=10.0)
        found = model.fit(strata_of(self.TABLE), rng=1)
        for stratum, table in strata_of(self.TABLE).tables.items():
            exact = self.EXACT.fit(table, rng=2)
            self.assert_alike(found.results[stratum], exact, 0.5 + 0.02 * exact.sd)

    def test_pooled_completely_the_total_is_that_of_the_merged_table(self):
        model = HierarchicalLogLinear(**LIGHT, fixed_list_spread=0.0, fixed_pair_spread=0.0)
        found = model.fit(strata_of(self.TABLE), rng=1)
        prior = model.prior_scales(3)
        one = BayesianLogLinear(
            intercept_sd=50.0,
            main_effect_mean=prior.mean,
            main_effect_mean_sd=prior.mean_sd,
            main_effect_sd=prior.list_sd,
            interaction_scale=prior.kappa,
            chains=2,
            draws=1000,
        )
        self.assert_alike(found.total, one.fit(self.TABLE.margin(), rng=2), 0.5)
        factors = [each.median / each.n_observed for each in found.results.values()]
        assert max(factors) - min(factors) < 0.05

    @pytest.mark.slow
    def test_in_between_sparse_strata_are_drawn_to_the_others(self):
        table = drawn(np.random.default_rng(6), 8, 3, 120, spread=0.1)
        found = HierarchicalLogLinear(**LIGHT).fit(strata_of(table), rng=1)
        alone = [self.EXACT.fit(each, rng=2) for each in strata_of(table).tables.values()]
        apart = np.std([np.log(each.median / each.n_observed) for each in alone if isinstance(each, Estimate)])
        pooled = np.std([np.log(each.median / each.n_observed) for each in found.results.values()])
        assert pooled < apart / 2


@pytest.fixture(scope="module")
def sparse():
    """8 months of 60 people on 4 lists, of whom 480 are all."""
    return strata_of(drawn(np.random.default_rng(7), 8, 4, 60))


@pytest.fixture(scope="module")
def fitted(sparse):
    return HierarchicalLogLinear(**LIGHT).fit(sparse, rng=1)


class TestResults:
    def test_it_is_a_model_over_strata(self):
        assert isinstance(HierarchicalLogLinear(), PoolsStrata)
        assert not isinstance(NoHighestOrderInteraction(), PoolsStrata)

    def test_sparse_strata_have_numbers_whose_total_holds_the_truth(self, fitted):
        assert fitted.total.interval().lower < 480 < fitted.total.interval().upper
        assert all(isinstance(each, Estimate) for each in fitted.results.values())
        reached = [each.interval().lower <= 60 <= each.interval().upper for each in fitted.results.values()]
        # 8 intervals of 95 %: fewer than 6 hold with probability 0.0004 where they are independent.
        assert sum(reached) >= 6

    def test_the_total_is_added_draw_by_draw_and_not_by_the_ends(self, fitted):
        added = sum(each.total.values for each in fitted.results.values())
        assert np.array_equal(added, fitted.total.total.values)
        independent = np.sqrt(sum(each.sd**2 for each in fitted.results.values()))
        assert fitted.total.sd > 1.3 * independent

    def test_shrinkage_stands_beside_each_number_and_the_reason_where_there_is_none_alone(self, fitted):
        table = fitted.total.tables[0]
        frame = table.to_frame()
        assert table.title == "Each stratum alone, by maximum likelihood, and pooled"
        refused = frame[frame["alone: N (persons)"] == "not estimable"]
        assert len(refused) >= 1
        assert refused["why there is no number alone"].str.len().min() > 20
        assert frame["pooled: N (persons)"].tolist() == [round(each.median) for each in fitted.results.values()]
        shared = fitted.total.tables[1].to_frame()
        assert shared["effect"].tolist()[:5] == ["A", "B", "C", "D", "A and B"]

    def test_the_prior_stands_beside_every_number(self, fitted):
        for each in (fitted.total, *fitted.results.values()):
            assert any("the prior puts the expansion factor N/n at" in note for note in each.notes)

    def test_diagnostics_cover_the_total_the_worst_stratum_and_the_worst_spread(self, fitted):
        names = [check.name for check in fitted.total.diagnostics.checks]
        assert "R-hat of N" in names
        assert "R-hat of log n_0 of a stratum, worst of 8" in names
        assert "bulk ESS of a spread, worst of 10" in names
        assert "divergences" in names

    def test_chains_that_did_not_converge_give_no_number(self, sparse):
        found = HierarchicalLogLinear(chains=2, draws=100, warmup=100).fit(sparse, rng=1)
        assert isinstance(found.total, NotEstimable)
        assert "raise draws" in found.total.reason
        assert all(isinstance(each, NotEstimable) for each in found.results.values())
        assert found.total.evidence is not None

    def test_the_stated_prior_of_n_is_about_what_it_is_made_from(self):
        strata = strata_of(drawn(np.random.default_rng(1), 2, 4, 2000))
        model = HierarchicalLogLinear(interactions="none", list_sd=0.01, list_spread=0.01, expansion=(1.5, 6.0))
        totals = model.prior_totals(strata, rng=1, draws=4000)[:, 0] / next(iter(strata.tables.values())).n_observed
        # The standard error of a 2.5 % quantile of 4,000 draws is about 3 % of each end here.
        assert np.quantile(totals, [0.025, 0.975]) == pytest.approx([1.5, 6.0], rel=0.1)


class TestWhereListsAreMissing:
    def test_a_structural_zero_is_no_count_of_nobody(self):
        """C could not have seen the south: taken as data, its zeros would speak for low captures."""
        as_data = StratifiedTable(
            COVERED.lists,
            COVERED.patterns,
            {"place": [COVERED.labels[0].values[c] for c in COVERED.codes[:, 0]]},
            COVERED.counts,
        )
        structural, data = (HierarchicalLogLinear().packed(strata_of(t))[0] for t in (COVERED, as_data))
        assert structural.present.tolist() == [[True, True, True], [True, True, False], [True, False, False]]
        assert data.present.all()

    def test_a_stratum_with_one_list_has_the_number_of_the_prior_and_the_others_and_says_so(self):
        found = estimate_by(COVERED, ["place"], HierarchicalLogLinear(**LIGHT), rng=1)
        note = found.results[("w",)].notes[0]
        assert "One list (A) has people of this stratum" in note
        assert "from the other strata and the prior alone" in note
        assert any("1 of 3 strata" in each or "2 of 3 strata" in each for each in found.total.notes)

    def test_nobody_on_a_list_is_data_and_a_note_says_what_to_declare(self):
        rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0], [1, 1, 0]]
        given = StratifiedTable(
            ["A", "B", "C"], rows, {"place": ["n"] * 5 + ["s"] * 3}, [29, 27, 28, 14, 9, 32, 29, 15]
        )
        strata = strata_of(given)
        assert HierarchicalLogLinear().packed(strata)[0].present.all()
        [note] = nobody_notes(strata)
        assert note.startswith("Lists with nobody in some strata (C in 1 of 2)")

    def test_strata_of_whom_nobody_was_observed_are_named(self):
        table = drawn(np.random.default_rng(8), 4, 3, 80)
        months = [table.labels[0].values[code] for code in table.codes[:, 0]]
        sexes = ["f" if month in "12" else "m" if month == "3" else "fm"[i % 2] for i, month in enumerate(months)]
        given = StratifiedTable(table.lists, table.patterns, {"month": months, "sex": sexes}, table.counts)
        [note] = [each for each in nobody_notes(strata_of(given)) if each.startswith("Nobody was observed")]
        assert "3 of 8 strata (month 1, sex m; month 2, sex m; month 3, sex f)" in note

    @pytest.mark.parametrize(
        ("tables", "words"),
        [
            ([["A", "B", "C"]], "one stratum"),
            ([["A", "B"], ["A", "B"]], "interactions = 'none'"),
            ([[f"L{j}" for j in range(9)]] * 2, "at most 8 lists"),
        ],
    )
    def test_what_the_strata_cannot_carry_is_said(self, tables, words):
        made = {
            (str(at),): CaptureTable(
                lists, np.vstack([np.eye(len(lists)), np.ones(len(lists))]), [5] * len(lists) + [3]
            )
            for at, lists in enumerate(tables)
        }
        strata = Strata(("place",), made, {stratum: {} for stratum in made})
        found = HierarchicalLogLinear().fit(strata, rng=1)
        assert words in found.total.reason

    def test_a_stratum_of_which_no_list_is_left_is_said(self):
        rows = np.vstack([np.eye(3), np.ones((1, 3))] * 2)
        given = StratifiedTable("ABC", rows, {"place": ["n"] * 4 + ["s"] * 4}, [50, 40, 30, 20, 2, 2, 2, 1])
        found = HierarchicalLogLinear().fit(given.by(["place"], least=10), rng=1)
        assert "no list is left of 1 strata (place s); lower the least size" in found.total.reason

    def test_no_overlap_anywhere_is_said(self):
        table = CaptureTable(["A", "B", "C"], np.eye(3), [5, 4, 3])
        strata = Strata(("place",), {("n",): table, ("s",): table}, {("n",): {}, ("s",): {}})
        assert (
            "nobody is on more than one list in any stratum" in HierarchicalLogLinear().fit(strata, rng=1).total.reason
        )


class TestSettings:
    def test_every_bad_setting_is_named_at_once(self):
        with pytest.raises(SettingError) as caught:
            HierarchicalLogLinear(
                interactions="triples",
                expansion=(0.5, 3),
                list_sd=0,
                pair_spread=np.inf,
                fixed_list_spread=-1,
                chains=1,
            )
        assert len(caught.value.problems) == 6

    def test_an_order_or_covariate_of_no_label_is_a_wrong_call(self):
        model = HierarchicalLogLinear(order="year", covariates={"month": {"1": 3.0}})
        with pytest.raises(SettingError, match=r"(?s)order = 'year' is no label.*month 2, 3, 4, 5 has no number"):
            model.fit(SMALL, rng=1)

    @pytest.mark.slow
    def test_a_list_is_given_more_people_where_a_covariate_says_that_fewer_are_seen(self):
        """Captures fall with the covariate; a model that knows it finds more in the last stratum, with n_s small."""
        rng = np.random.default_rng(9)
        rows, months = [], []
        for month, captures in enumerate((0.6, 0.45, 0.3, 0.18)):
            seen = rng.random((600 if month < 3 else 60, 3)) < captures
            seen = seen[seen.any(axis=1)]
            rows.append(seen)
            months += [str(month)] * len(seen)
        given = StratifiedTable(
            ["A", "B", "C"], np.concatenate(rows), {"month": months}, np.ones(len(months), dtype=int)
        )
        distance = {"month": {str(m): float(m) for m in range(4)}}
        with_it, without = (
            estimate_by(given, ["month"], HierarchicalLogLinear(**LIGHT, covariates=each), rng=1)
            for each in (distance, None)
        )
        assert with_it.results[("3",)].median > without.results[("3",)].median


@pytest.mark.slow
def test_missing_labels_are_imputed_and_the_answers_pooled():
    table = drawn(np.random.default_rng(10), 3, 3, 150)
    months = [table.labels[0].values[code] for code in table.codes[:, 0]]
    months = [None if i % 9 == 0 else month for i, month in enumerate(months)]
    given = StratifiedTable(table.lists, table.patterns, {"month": months}, table.counts)
    model = HierarchicalLogLinear(**LIGHT)
    found = estimate_by(given, ["month"], model, rng=1, missing="impute", imputations=2)
    assert found.total.n_observed == table.n_observed
    assert found.total.interval().lower < 450 < found.total.interval().upper
    left_out = estimate_by(given, ["month"], model, rng=1, missing="complete")
    assert left_out.total.n_observed < table.n_observed


def test_the_draws_do_not_depend_on_the_number_of_workers():
    model = HierarchicalLogLinear(chains=2, draws=100, warmup=100)
    one, two = (model.fit(SMALL, rng=3, workers=n).total.evidence.values for n in (1, 2))
    assert np.array_equal(one, two)
