"""A model on each stratum, the total, and people whose labels are missing."""

from pathlib import Path

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.stratified import StratifiedTable
from estimation.errors import SettingError, TableError
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.two_lists import Chapman, LincolnPetersen
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.robust_range import RobustRange
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.sums import sum_of_totals
from estimation.results.totals import Draws, Grid, Interval, Point
from estimation.strata.by_stratum import estimate_by
from estimation.strata.missing_labels import imputed
from estimation.strata.published import sum_of_published

GAZA = Path(__file__).parent.parent.parent / "shared" / "data" / "gaza_strata.csv"
PAIR = LincolnPetersen(lists=("A", "B"))


def people(rng, sizes, captures):
    """Histories of those of some groups who are on a list, and the group of each."""
    rows, groups = [], []
    for (group, size), chances in zip(sizes.items(), captures, strict=True):
        seen = rng.random((size, len(chances))) < chances
        seen = seen[seen.any(axis=1)]
        rows.append(seen)
        groups += [group] * len(seen)
    return np.concatenate(rows), groups


def table_of(rows, groups):
    lists = ["A", "B", "C"][: rows.shape[1]]
    return StratifiedTable(lists, rows, {"place": groups}, np.ones(len(rows), dtype=int))


class TestTotal:
    def test_two_places_that_lists_reach_differently_are_right_apart_and_wrong_together(self):
        """North .6 on A and .6 on B, south .15 on both: together the lists look dependent and N is a third too low."""
        rows, groups = people(np.random.default_rng(1), {"north": 5000, "south": 5000}, [(0.6, 0.6), (0.15, 0.15)])
        given = table_of(rows, groups)
        found = estimate_by(given, ["place"], PAIR, rng=1)
        assert found.total.interval().lower < 10_000 < found.total.interval().upper
        assert PAIR.fit(given.margin(), rng=1).interval().upper < 8_500

    def test_draws_are_added_and_not_the_ends_of_intervals(self):
        rng = np.random.default_rng(2)
        parts = [Draws(rng.poisson(mean, (4, 5000))) for mean in (100, 400, 900)]
        added = sum_of_totals(parts, 0, rng)
        assert added.mean == pytest.approx(sum(part.mean for part in parts))
        # Standard error of a standard deviation of 20,000 draws is half a per cent.
        assert added.sd == pytest.approx(np.sqrt(1400), rel=0.025)
        ends = sum(part.quantile(0.975) for part in parts)
        assert added.quantile(0.975) < ends - 20

    def test_exact_posteriors_are_drawn_from_and_fewer_draws_decide(self):
        grid, draws = Grid(np.arange(10, 13), np.array([0.2, 0.5, 0.3])), Draws(np.full((2, 300), 5))
        added = sum_of_totals([grid, draws], 0, np.random.default_rng(1))
        assert added.values.shape == (2, 300)
        assert set(np.unique(added.values)) == {15, 16, 17}

    def test_variances_of_classical_estimates_add(self):
        rows, groups = people(np.random.default_rng(3), {"n": 900, "s": 900}, [(0.4, 0.3), (0.4, 0.3)])
        found = estimate_by(table_of(rows, groups), ["place"], Chapman(lists=("A", "B")), rng=1)
        parts = found.results.values()
        assert found.total.sd == pytest.approx(np.sqrt(sum(part.sd**2 for part in parts)))
        assert found.total.median == pytest.approx(sum(part.median for part in parts))

    def test_a_part_without_an_upper_limit_leaves_the_sum_without_one_at_that_level(self):
        half, most = (Interval(70, upper, level, "confidence") for upper, level in ((120, 0.5), (np.inf, 0.95)))
        parts = [Point(100, 30, (half, most)), Point(200, 10, ())]
        added = {each.level: each.upper for each in sum_of_totals(parts, 150, np.random.default_rng(1)).intervals}
        assert added[0.95] == np.inf
        assert 300 < added[0.5] < 400

    def test_a_stratum_without_a_number_leaves_the_total_without_one_and_names_what_to_do(self):
        rows = [[1, 0], [0, 1], [1, 1], [1, 0], [0, 1]]
        given = StratifiedTable(["A", "B"], rows, {"place": ["n", "n", "n", "s", "s"]}, [30, 20, 10, 4, 3])
        found = estimate_by(given, ["place"], PAIR, rng=1)
        assert isinstance(found.results[("n",)], Estimate)
        assert isinstance(found.total, NotEstimable)
        assert "1 of 2 strata have no number" in found.total.reason
        assert "place s (7 people: " in found.total.reason
        assert "merge place s with place n" in found.total.reason
        assert found.total.n_observed == 67

    def test_the_sum_of_bounds_is_a_bound_with_one_limit(self):
        rows, groups = people(np.random.default_rng(4), {"n": 400, "s": 300}, [(0.3, 0.3, 0.3)] * 2)
        found = estimate_by(table_of(rows, groups), ["place"], ChaoLowerBound(), rng=1)
        assert found.total.is_lower_bound
        assert found.total.mean == pytest.approx(sum(each.mean for each in found.results.values()))
        limit = found.total.interval()
        assert sum(each.interval().lower for each in found.results.values()) < limit.lower < found.total.mean
        assert limit.upper == np.inf
        assert "the total is a lower bound" in " ".join(found.total.notes)

    def test_ranges_across_families_have_no_total(self):
        """They are no distributions: their ends would be added, and called a confidence interval."""
        rows, groups = people(np.random.default_rng(5), {"n": 900, "s": 900}, [(0.4, 0.4, 0.4)] * 2)
        found = estimate_by(table_of(rows, groups), ["place"], RobustRange(), rng=1)
        assert all(isinstance(each, Estimate) for each in found.results.values())
        assert isinstance(found.total, NotEstimable)
        assert "ranges cannot be added" in found.total.reason

    def test_a_stratum_has_its_number_whatever_the_others_are(self):
        rows, groups = people(np.random.default_rng(5), {"n": 400, "s": 300}, [(0.4, 0.3, 0.3)] * 2)
        both = estimate_by(table_of(rows, groups), ["place"], NoHighestOrderInteraction(), rng=7)
        north = np.array(groups) == "n"
        alone = estimate_by(table_of(rows[north], ["n"] * north.sum()), ["place"], NoHighestOrderInteraction(), rng=7)
        assert both.results[("n",)].interval() == alone.results[("n",)].interval()


class TestMissing:
    def test_labels_missing_by_history_are_imputed_right_where_leaving_them_out_is_wrong(self):
        """Of those on C alone nine tenths have no label.  Leaving them out loses a third of N; imputing does not.

        One stratum holds 6,000 and the other 3,000, the lists are independent, and N is found to 4 %.
        """
        rng = np.random.default_rng(6)
        rows, groups = people(rng, {"n": 6000, "s": 3000}, [(0.3, 0.3, 0.25), (0.2, 0.4, 0.25)])
        only_c = (rows == [False, False, True]).all(axis=1)
        hidden = only_c & (rng.random(len(rows)) < 0.9)
        groups = [None if gone else group for group, gone in zip(groups, hidden, strict=True)]
        given, model = table_of(rows, groups), NoHighestOrderInteraction()
        left_out = estimate_by(given, ["place"], model, rng=1, missing="complete")
        drawn = estimate_by(given, ["place"], model, rng=1, missing="impute", imputations=5)
        assert left_out.total.interval().upper < 9_000
        assert drawn.total.interval().lower < 9_000 < drawn.total.interval().upper
        assert drawn.results[("n",)].interval().lower < 6_000 < drawn.results[("n",)].interval().upper
        assert f"drawn from people with the same capture history: {hidden.sum():,} people" in drawn.notes[0]
        assert f"{hidden.sum():,} people whose place is missing were left out" in left_out.notes[0]

    def test_the_pooled_interval_is_longer_than_that_of_one_imputation(self):
        rng = np.random.default_rng(8)
        rows, groups = people(rng, {"n": 300, "s": 300}, [(0.3, 0.3), (0.2, 0.4)])
        groups = [None if rng.random() < 0.6 else group for group in groups]
        given = table_of(rows, groups)
        drawn = estimate_by(given, ["place"], Chapman(lists=("A", "B")), rng=1, missing="impute", imputations=10)
        pooled = drawn.results[("n",)].interval()
        one = imputed(given, ["place"], rng=1).table.by(["place"]).tables[("n",)]
        alone = Chapman(lists=("A", "B")).fit(one, rng=1).interval()
        assert pooled.upper - pooled.lower > alone.upper - alone.lower

    def test_bounds_on_imputed_tables_are_not_pooled_and_the_reason_says_so(self):
        rows, groups = people(np.random.default_rng(4), {"n": 400, "s": 300}, [(0.3, 0.3, 0.3)] * 2)
        given = table_of(rows, [None, *groups[1:]])
        found = estimate_by(given, ["place"], Heterogeneity("Mth-Chao"), rng=1, missing="impute", imputations=2)
        assert all("bounds are not pooled" in each.reason for each in (found.total, *found.results.values()))

    def test_nobody_gets_a_label_that_is_not_possible(self):
        sets = {"agent": {"state or rebels": ["state", "rebels"]}}
        rows, agents = [[1, 0]] * 4 + [[0, 1]] * 2, ["state", "rebels", "others", "state or rebels", "others", None]
        given = StratifiedTable(["A", "B"], rows, {"agent": agents}, [1, 1, 50, 40, 9, 5], sets=sets)
        drawn = imputed(given, ["agent"], rng=1)
        by_agent = {agent: each.n_observed for (agent,), each in drawn.table.by(["agent"]).tables.items()}
        assert by_agent["others"] == 50 + 9 + 5
        assert by_agent["state"] + by_agent["rebels"] == 42
        assert (drawn.within_history, drawn.other_history, drawn.without_donor) == (45, 0, 0)

    def test_who_has_no_donor_with_the_same_history_gets_one_of_another_and_that_is_counted(self):
        given = StratifiedTable(["A", "B"], [[1, 0], [0, 1]], {"place": ["n", None]}, [8, 3])
        drawn = imputed(given, ["place"], rng=1)
        assert (drawn.within_history, drawn.other_history) == (0, 3)
        assert drawn.table.n_observed == 11

    def test_nobody_of_whom_all_labels_are_known_is_said(self):
        labels = {"sex": ["f", None], "age": [None, "9"]}
        given = StratifiedTable(["A", "B"], [[1, 0], [0, 1]], labels, [8, 3])
        with pytest.raises(TableError, match="nobody of whom sex and age is known; name fewer labels"):
            estimate_by(given, ["sex", "age"], PAIR, rng=1, missing="complete")

    def test_a_label_that_is_missing_is_refused_by_default(self):
        given = StratifiedTable(["A", "B"], [[1, 0], [0, 1]], {"place": ["n", None]}, [8, 3])
        with pytest.raises(TableError, match="place of 3 of 11 people is missing"):
            estimate_by(given, ["place"], PAIR, rng=1)
        with pytest.raises(SettingError, match=r"(?s)missing = 'guess'.*imputations = 1; it must be at least 2"):
            estimate_by(given, ["place"], PAIR, rng=1, missing="guess", imputations=1)


class TestPublishedStrata:
    def test_ten_published_strata_of_gaza_give_their_published_total_only_as_perfectly_correlated(self):
        """Three of the ten, as published (Jamaluddine and others 2025): their ends add to the ends of their total."""
        points = [12_962.5, 8_159.5, 2_899]
        ends = [(11_521.5, 14_925.5), (7_267, 9_444), (2_244, 4_302)]
        found = sum_of_published(points, [Interval(*pair, 0.95, "confidence") for pair in ends])
        assert (found.correlated.lower, found.correlated.upper) == (21_032.5, 28_671.5)
        assert found.independent.upper - found.independent.lower < 0.7 * (28_671.5 - 21_032.5)

    @pytest.mark.parametrize(
        ("points", "ends", "words"),
        [
            ([], [], "0 points"),
            ([5], [(6, 9)], "outside its own interval"),
            ([5, 6], [(1, 9)], "2 points and 1 intervals"),
        ],
    )
    def test_what_is_wrong_is_said(self, points, ends, words):
        with pytest.raises(ValueError, match=words):
            sum_of_published(points, [Interval(*pair, 0.95, "credible") for pair in ends])


@pytest.fixture(scope="module")
def gaza():
    import pandas as pd

    frame = pd.read_csv(GAZA, dtype=str, keep_default_na=False)
    lists = ["hospital", "survey", "social_media"]
    labels = {name: frame[name].tolist() for name in ("sex", "age_group")}
    return StratifiedTable(lists, frame[lists].astype(int), labels, frame["count"].astype(int))


@pytest.mark.skipif(not GAZA.exists(), reason="the public table is not beside the project")
class TestGaza:
    """29,271 people of Gaza by three lists, sex and age group (Jamaluddine and others 2025)."""

    @staticmethod
    def closed_form(table):
        """N with no interaction of all three lists, by hand."""
        only = [table.count(name) for name in table.lists]
        pairs = [table.count(*pair) for pair in (table.lists[:2], table.lists[1:], table.lists[::2])]
        return table.n_observed + table.count(*table.lists) * np.prod(only) / np.prod(pairs)

    def test_all_people_together(self, gaza):
        assert self.closed_form(gaza.margin()) == pytest.approx(64_696.07, abs=0.01)

    def test_complete_cases_by_age_and_sex_are_a_third_too_few(self, gaza):
        strata = gaza.complete(["sex", "age_group"]).by(["sex", "age_group"])
        assert sum(map(self.closed_form, strata.tables.values())) == pytest.approx(40_487, abs=1)

    def test_with_ages_imputed_within_the_history_it_is_about_what_was_published(self, gaza):
        """Published 64,260; among those of known sex, 50 imputations here have mean 64,500 and deviation 620."""
        known = gaza.complete(["sex"])
        drawn = [imputed(known, ["sex", "age_group"], rng=k).table.by(["sex", "age_group"]) for k in range(20)]
        mean = np.mean([sum(map(self.closed_form, strata.tables.values())) for strata in drawn])
        assert 63_900 < mean < 65_000


def test_a_table_that_was_read_without_labels_says_how_to_read_it_with_them():
    with pytest.raises(TableError, match=r"it has no labels; read it with mse.read_table\(FILE, strata=\['sex'\]\)"):
        estimate_by(load_table("kosovo"), ["sex"], Chapman(lists=("EXH", "ABA")), rng=1)
