"""A model over draws of who is the same person: N pooled, and what its variance is made of."""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pytest

import estimation as mse
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.two_lists import Chapman
from estimation.models.linked.drawn_tables import DrawnTables
from estimation.models.linked.fit_draws import LINKAGE_DRAWN
from estimation.models.linked.people_on_lists import PEOPLE_ON_LISTS
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.protocol import CLOSED_POPULATION, estimate, not_estimable
from estimation.models.robust_range import RobustRange
from estimation.provenance import Provenance
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.log_interval import point_with_log_interval
from estimation.results.pool import pool
from estimation.results.totals import Draws, Grid
from estimation.results.variance_split import VarianceSplit, variance_split

RNG = np.random.default_rng(1)


def numbered(persons):
    """People as 0, 1, ... in the order of the first record of each."""
    seen = {}
    return np.array([seen.setdefault(person, len(seen)) for person in persons], dtype=np.int32)


def drawn(partitions, sizes, chains=1):
    """Draws of the records of some lists, from the person of each record in each draw."""
    records = tuple(RecordPlace(k, row + 2) for k, size in enumerate(sizes) for row in range(size))
    persons = np.array([numbered(each) for each in partitions]).reshape(chains, -1, len(records))
    return LinkageDraws(tuple(f"list {k + 1}" for k in range(len(sizes))), records, persons)


def two_lists(matched, sizes=(60, 50)):
    """The first so many of the second list are the first of the first."""
    return [*range(sizes[0]), *range(matched), *range(sizes[0], sizes[0] + sizes[1] - matched)]


@dataclass(frozen=True)
class Counting:
    """A user's own model: Lincoln-Petersen with a made-up posterior; counts what it is given."""

    name: str = "counting"
    title: str = "Counting"
    assumptions: tuple[str, ...] = ("Two lists are independent.",)
    seen: list = field(default_factory=list, compare=False)

    def why_not(self, table):
        return None

    def fit(self, table, *, rng, workers=1, progress=None):
        self.seen.append(table.sha256)
        number = table.list_sizes.prod() / table.overlaps[0, 1]
        values = np.round(rng.normal(number, 5, (2, 500))).astype(int)
        return estimate(self, table, rng, Draws(values))


@dataclass(frozen=True)
class Exact:
    """A user's own model with an exact posterior: n_0 is geometric."""

    name: str = "exact"
    title: str = "Exact"
    assumptions: tuple[str, ...] = ("Two lists are independent.",)

    def why_not(self, table):
        return None

    def fit(self, table, *, rng, workers=1, progress=None):
        unseen = np.arange(3000)
        ratio = table.singletons.prod() / table.overlaps[0, 1] + 1.0
        return estimate(self, table, rng, Grid(table.n_observed + unseen, (ratio / (1 + ratio)) ** unseen))


def test_without_doubt_it_is_the_fit_on_the_table():
    draws = drawn([two_lists(20)] * 12, (60, 50), chains=2)
    for model in (Exact(), NoHighestOrderInteraction(), Chapman(lists=("list 1", "list 2")), Counting()):
        found, alone = mse.fit_draws(model, draws, rng=7), model.fit(draws.tables[0], rng=np.random.default_rng(7))
        assert (found.mean, found.sd, found.n_observed) == (alone.mean, alone.sd, 90)
        assert (found.interval().lower, found.interval().upper) == (alone.interval().lower, alone.interval().upper)
        assert VarianceSplit.of(found.tables).share == 0


def test_over_all_partitions_mean_and_variance_are_those_of_the_mixture():
    # Lists of three and four records without duplicates: 73 matchings; those with a match, in unequal numbers.
    matchings = [each for each in product([None, 0, 1, 2], repeat=4) if len({*each} - {None}) == 4 - each.count(None)]
    assert len(matchings) == 73
    partitions = [
        [0, 1, 2, *(3 + at if to is None else to for at, to in enumerate(matched))]
        for matched in matchings
        for _ in range(matched.count(None))
        if 0 < matched.count(None) < 4
    ]
    model = Exact()
    found = mse.fit_draws(model, drawn(partitions, (3, 4)), rng=1)
    tables = Counter(3 + sum(person > 2 for person in each[3:]) for each in partitions)
    assert tables == {4: 24, 5: 36 * 2, 6: 12 * 3}
    answers = {
        n: model.fit(CaptureTable.from_histories(["a", "b"], {"10": n - 4, "01": n - 3, "11": 7 - n}), rng=RNG)
        for n in tables
    }
    weight = {n: count / len(partitions) for n, count in tables.items()}
    mean = sum(weight[n] * answers[n].mean for n in tables)
    between = sum(weight[n] * (answers[n].mean - mean) ** 2 for n in tables)
    within = sum(weight[n] * answers[n].sd ** 2 for n in tables)
    split = VarianceSplit.of(found.tables)
    assert found.mean == pytest.approx(mean)
    assert (split.linkage, split.model_and_chance) == pytest.approx((between, within))
    assert found.sd**2 == pytest.approx(between + within)  # law of total variance


def test_equal_tables_are_fitted_once_and_count_as_often_as_they_occur():
    model = Counting()
    draws = drawn([two_lists(20)] * 30 + [two_lists(30)] * 10, (60, 50))
    found = mse.fit_draws(model, draws, rng=1)
    assert Counter(model.seen) == {table.sha256: 1 for table in draws.tables}
    assert found.mean == pytest.approx(0.75 * 150 + 0.25 * 100, abs=1.0)  # its error is 5 / sqrt(1,000) = .16
    assert found.n_observed == round(0.75 * 90 + 0.25 * 80)


def test_more_doubt_gives_linkage_more_of_the_variance():
    shares = []
    for apart in (0, 2, 6, 12):
        matched = [20 + apart * (-1 if at % 2 else 1) // 2 for at in range(20)]
        draws = drawn([two_lists(number) for number in matched], (60, 50))
        found = mse.fit_draws(NoHighestOrderInteraction(), draws, rng=1)
        shares.append(VarianceSplit.of(found.tables).share)
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] > 0.2


def test_means_that_differ_only_by_the_error_of_their_draws_are_not_doubt():
    rng = np.random.default_rng(1)
    alike = [of_draws(rng.normal(1000, 50, (4, 100))) for _ in range(40)]
    split = variance_split(alike, [1] * 40)
    naive = np.var([each.mean for each in alike])

    assert split.linkage < naive / 2


def of_draws(values):
    provenance = Provenance("0" * 64, "0", "1", ())
    return Estimate(Draws(np.round(values).astype(int)), 90, "m", "M", ("assumed",), Diagnostics(), provenance)


def test_the_first_draws_lie_evenly_over_all_of_them():
    draws = drawn([two_lists(5 + at % 40) for at in range(200)], (60, 50), chains=2)
    numbers = DrawnTables.of(draws)
    people = [numbers.tables[at].n_observed for at in numbers.of_draw]
    assert sorted(people) == sorted(draws.n_people.tolist())
    for first in (10, 25, 50):
        assert abs(np.mean(people[:first]) - draws.n_people.mean()) < 3  # of 40 values, 20 to either side


def test_thinning_moves_the_mean_by_no_more_than_its_stated_error():
    rng = np.random.default_rng(3)
    draws = drawn([two_lists(int(rng.integers(15, 26))) for _ in range(400)], (60, 50), chains=4)
    few = mse.fit_draws(NoHighestOrderInteraction(), draws, rng=1, n_tables=25)
    every = mse.fit_draws(NoHighestOrderInteraction(), draws, rng=1, n_tables=400)
    check = few.diagnostics.checks[-1]
    assert abs(few.mean - every.mean) < 4 * check.value / 100 * few.sd  # false alarm: less than 1 in 10,000
    assert dict(few.provenance.settings)["draws of the linkage"] == 25


def test_of_few_different_tables_all_draws_count():
    draws = drawn([two_lists(20 + at % 3) for at in range(99)], (60, 50), chains=3)
    found = mse.fit_draws(NoHighestOrderInteraction(), draws, rng=1)
    assert dict(found.provenance.settings)["draws of the linkage"] == 99


def test_classical_points_go_by_rubins_rule_and_counts_are_repeats():
    model, matched = Chapman(lists=("list 1", "list 2")), [20, 20, 20, 26]
    found = mse.fit_draws(model, drawn([two_lists(number) for number in matched], (60, 50)), rng=1)
    tables = drawn([two_lists(number) for number in matched], (60, 50)).tables
    repeated = pool([model.fit(table, rng=1) for table in tables], rule="rubin")
    assert found.median == pytest.approx(repeated.median)
    assert found.interval().upper == pytest.approx(repeated.interval().upper)


def test_counts_of_stacked_draws_and_of_exact_posteriors_are_repeats():
    model = Exact()
    one, other = (model.fit(drawn([two_lists(number)], (60, 50)).tables[0], rng=RNG) for number in (20, 26))
    assert pool([one, other], counts=[3, 1]).mean == pytest.approx(pool([one, one, one, other]).mean)
    low, high = of_draws(np.full((2, 100), 100.0)), of_draws(np.full((2, 100), 200.0))
    assert pool([low, high], counts=[9, 1]).mean == pytest.approx(110, abs=100 / 111)  # within a draw of each chain
    with pytest.raises(ValueError, match="give one, 1 or more"):
        pool([low, high], counts=[1])


def test_a_lower_bound_stays_one_with_34_lists():
    rng = np.random.default_rng(1)
    list_of = np.repeat(np.arange(34), 9)
    persons = [numbered(rng.integers(0, 200, list_of.size)) for _ in range(6)]
    records = tuple(RecordPlace(int(k), row) for row, k in enumerate(list_of))
    draws = LinkageDraws(tuple(f"l{k}" for k in range(34)), records, np.array([persons]))
    found = mse.fit_draws(ChaoLowerBound(), draws, rng=1)
    assert found.is_lower_bound
    assert found.interval().upper == np.inf
    assert "at least" in str(found)
    assert found.n_observed < found.interval().lower < found.median


def test_the_linkage_is_among_the_assumptions_and_the_people_have_an_interval():
    draws = drawn([two_lists(number) for number in (18, 19, 20, 21, 22)], (60, 50))
    found = mse.fit_draws(NoHighestOrderInteraction(), draws, rng=1)
    assert found.assumptions[0] == NoHighestOrderInteraction().assumptions[0]
    assert LINKAGE_DRAWN in found.assumptions
    assert CLOSED_POPULATION not in found.assumptions
    people = next(table for table in found.tables if table.title == PEOPLE_ON_LISTS)
    assert people.rows[0] == ("all lists", 110, 90, 87, 93)
    assert any("110 records are of 90 people (95 % credible interval 87 to 93)" in note for note in found.notes)


def test_rows_that_were_not_linked_are_counted_in_a_note():
    draws = drawn([two_lists(20), two_lists(22)], (60, 50))
    with_bodies = LinkageDraws(draws.lists, draws.records, draws.persons, n_unlinkable={"list 1": 7, "list 2": 0})
    found = mse.fit_draws(NoHighestOrderInteraction(), with_bodies, rng=1)
    assert any(note.startswith("7 people in rows that were not linked") for note in found.notes)


def test_chains_of_the_linkage_that_do_not_agree_are_a_warning_in_the_result():
    draws = drawn([two_lists(20), two_lists(22)], (60, 50))
    failed = Diagnostics((Check("R-hat of people", 1.4, 1.1, False, "The chains do not agree."),))
    good, bad = (mse.fit_draws(Exact(), replace(draws, diagnostics=each), rng=1) for each in (Diagnostics(), failed))
    assert not any(note.startswith("Warning: the chains of the linkage") for note in good.notes)
    assert any(note.startswith("Warning: the chains of the linkage") for note in bad.notes)


def test_one_list_or_no_overlap_has_no_number():
    one = drawn([[0, 1, 2, 2], [0, 0, 1, 2]], (4,))
    found = mse.fit_draws(NoHighestOrderInteraction(), one, rng=1)
    assert isinstance(found, NotEstimable)
    assert "at least 2 lists" in found.reason
    apart = drawn([two_lists(0)] + [two_lists(20)] * 3, (60, 50))
    found = mse.fit_draws(NoHighestOrderInteraction(), apart, rng=1)
    assert isinstance(found, NotEstimable)
    assert found.reason.startswith("25.0% of the draws of the linkage")


def test_ranges_across_families_are_not_pooled():
    rng = np.random.default_rng(1)
    seen = rng.random((400, 4)) < 0.4
    list_of, people = np.nonzero(seen.T)
    records = tuple(RecordPlace(int(k), row) for row, k in enumerate(list_of))
    apart = np.flatnonzero(people == np.flatnonzero(seen.all(axis=1))[0])[0]  # a record of somebody on all four
    split = np.where(np.arange(people.size) == apart, 400, people)
    draws = LinkageDraws(("a", "b", "c", "d"), records, np.array([[numbered(people), numbered(split)]]))
    found = mse.fit_draws(RobustRange(), draws, rng=1)
    assert isinstance(found, NotEstimable)
    assert "range across families" in found.reason


@dataclass(frozen=True)
class Slow:
    """A model whose lighter form does not converge."""

    light: bool = False
    name: str = "slow"
    title: str = "Slow"
    assumptions: tuple[str, ...] = ("Assumed.",)

    def why_not(self, table):
        return None

    def lighter(self):
        return Slow(light=True)

    def fit(self, table, *, rng, workers=1, progress=None):
        if self.light:
            failed = Diagnostics((Check("R-hat of N", 1.3, 1.01, False, "The chains do not agree."),))
            return not_estimable(self, table, rng, "the chains disagree", diagnostics=failed)
        return estimate(self, table, rng, point_with_log_interval(2.0 * table.n_observed, 10.0, table.n_observed))


def test_a_computation_that_fails_is_tried_again_with_more_of_it():
    draws = drawn([two_lists(20), two_lists(22)], (60, 50))
    assert mse.fit_draws(Slow(), draws, rng=1).n_observed == 89
    assert isinstance(mse.fit_draws(Slow(light=True), draws, rng=1), NotEstimable)


def test_a_wrong_number_of_tables_is_refused():
    with pytest.raises(SettingError, match="2 or more"):
        mse.fit_draws(Counting(), drawn([two_lists(20)], (60, 50)), rng=1, n_tables=1)
