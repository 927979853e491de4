"""Strata over draws of who is the same person: numbers pooled by stratum, totals added draw by draw."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from estimation.errors import SettingError, TableError
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.protocol import estimate
from estimation.results.estimates import NotEstimable
from estimation.results.totals import Draws
from estimation.results.variance_split import VarianceSplit
from estimation.strata.by_stratum import estimate_by
from estimation.strata.over_draws import estimate_draws_by


def linked(matched_by_draw, sizes=((60, 50), (30, 20)), missing=()):
    """Two towns, two lists; in each draw so many of the second list of each town are the first of the first."""
    places = [
        (town, k, row) for town, of_town in enumerate(sizes) for k, size in enumerate(of_town) for row in range(size)
    ]
    records = tuple(
        RecordPlace(k, at, labels={} if at in missing else {"town": "AB"[town]})
        for at, (town, k, _) in enumerate(places)
    )
    draws = []
    for matched in matched_by_draw:
        person = [(town, 0 if row < matched[town] else k, row) for town, k, row in places]
        seen = {}
        draws.append([seen.setdefault(each, len(seen)) for each in person])
    return LinkageDraws(("police", "press"), records, np.array([draws], dtype=np.int32))


@dataclass(frozen=True)
class Counting:
    """Lincoln-Petersen with a made-up posterior of standard deviation 10; counts what it is given."""

    name: str = "counting"
    title: str = "Counting"
    assumptions: tuple[str, ...] = ("Two lists are independent.",)
    seen: ClassVar[list] = []

    def why_not(self, table):
        return None

    def fit(self, table, *, rng, workers=1, progress=None):
        self.seen.append(table.sha256)
        number = table.list_sizes.prod() / max(table.overlaps[0, 1], 1)
        return estimate(self, table, rng, Draws(np.round(rng.normal(number, 10, (4, 1000))).astype(int)))


def test_without_doubt_each_stratum_and_the_total_are_those_of_the_one_table():
    draws, model = linked([(20, 10)] * 6), NoHighestOrderInteraction()
    found = estimate_draws_by(draws, ["town"], model, rng=1)
    alone = estimate_by(draws.strata(["town"])[0], ["town"], model, rng=1)
    for stratum in (("A",), ("B",)):  # other random numbers: a Monte Carlo error of sd / sqrt(400) or less each
        apart = abs(found.results[stratum].mean - alone.results[stratum].mean)
        assert apart < 5 * alone.results[stratum].sd / np.sqrt(400)
    assert VarianceSplit.of(found.total.tables).share == 0
    assert found.total.n_observed == 90 + 40


def test_totals_are_added_within_a_draw():
    # In every draw one town has more matches where the other has fewer, so that the total varies less than its parts.
    draws = linked([(18, 12), (22, 8)] * 4)
    found = estimate_draws_by(draws, ["town"], Counting(), rng=1)
    means = {matched: 3000 / matched[0] + 600 / matched[1] for matched in ((18, 12), (22, 8))}
    within_draw = np.std([*means.values()])
    pooled_apart = np.hypot(np.std([3000 / 18, 3000 / 22]), np.std([600 / 12, 600 / 8]))
    spread = np.sqrt(VarianceSplit.of(found.total.tables).linkage)
    assert spread == pytest.approx(within_draw, abs=1)  # the error of each mean is 14 / sqrt(4,000)
    assert abs(spread - pooled_apart) > 5


def test_a_stratum_whose_table_recurs_is_fitted_once_and_equal_tables_of_two_strata_are_not_one(monkeypatch):
    monkeypatch.setattr(Counting, "seen", [])
    draws = linked([(20, 20), (20, 18)] * 5, sizes=((60, 50), (60, 50)))
    found = estimate_draws_by(draws, ["town"], Counting(), rng=1)
    assert len(Counting.seen) == 3  # town A once, town B with 20 and with 18 matches
    assert found.results[("A",)].total.values[0, 0] != found.results[("B",)].total.values[0, 0]


def test_missing_labels_are_refused_left_out_or_drawn_in_each_draw():
    draws = linked([(20, 10), (21, 10), (22, 9)], missing=(45, 59))  # on the first list of town A and on no other
    with pytest.raises(TableError, match="missing"):
        estimate_draws_by(draws, ["town"], Counting(), rng=1)
    out = estimate_draws_by(draws, ["town"], Counting(), rng=1, missing="complete")
    drawn = estimate_draws_by(draws, ["town"], Counting(), rng=1, missing="impute")
    assert out.total.n_observed == drawn.total.n_observed - 2
    with pytest.raises(SettingError, match="imputed once in each draw"):
        estimate_draws_by(draws, ["town"], Counting(), rng=1, missing="joint")


def test_a_stratum_that_some_draws_do_not_have_has_no_number_and_the_total_says_why():
    draws = linked([(20, 10), (20, 0)])
    found = estimate_draws_by(draws, ["town"], NoHighestOrderInteraction(), rng=1)
    assert isinstance(found.results[("B",)], NotEstimable)
    assert isinstance(found.total, NotEstimable)
    assert not isinstance(found.results[("A",)], NotEstimable)
