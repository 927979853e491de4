"""N averaged over corrected tables: the sign on Kosovo, planted errors undone, Monte Carlo errors that hold."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.two_lists import Chapman, LincolnPetersen
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.log_linear.averaged import LogLinearAverage
from estimation.models.log_linear.fixed_weights import FixedWeights
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.selected import LogLinearSelect
from estimation.models.log_linear.stepwise import SparseStepwise
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.population_register import PopulationRegister, WithinRegister
from estimation.models.protocol import estimate, not_estimable
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.log_interval import point_with_log_interval
from estimation.results.totals import Draws
from estimation.sensitivity.corrected_linkage import correct_linkage_errors, expected_cells, n_matches
from estimation.sensitivity.fixed_model import fixed_model
from estimation.sensitivity.linkage_average import Precision, average_corrected
from estimation.sensitivity.linkage_error import linkage_error
from estimation.sensitivity.table_weights import table_weights
from estimation.sensitivity.tipping_linkage_error import tipping_linkage_error

KOSOVO = load_table("kosovo")
TABLE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 600, "010": 450, "001": 250, "110": 180, "011": 120, "101": 140, "111": 90}
)
AVERAGE, INDEPENDENT = LogLinearAverage(), LogLinear()


def rng(seed=1):
    return np.random.default_rng(seed)


def average(false, missed=0, *, table=TABLE, model=INDEPENDENT, seed=1, **precision):
    return average_corrected(table, false, missed, model=model, rng=rng(seed), precision=Precision(**precision))


@dataclass(frozen=True)
class FromCells:
    """A model whose N is what a function makes of the table: nothing but the table moves it, or its draws do too."""

    name: ClassVar[str] = "from-cells"
    title: ClassVar[str] = "From cells"
    assumptions: ClassVar[tuple[str, ...]] = ("None.",)
    of: object = None
    fails: object = None

    def why_not(self, table):
        return None

    def fit(self, table, *, rng, workers=1, progress=None):
        if self.fails is not None and self.fails(table):
            return not_estimable(self, table, rng, "the cells say no")
        value = self.of(table)
        return estimate(self, table, rng, point_with_log_interval(value, 50.0, table.n_observed))


class TestKosovo:
    """Undoing false matches leaves fewer overlaps and more people; undoing missed ones the reverse."""

    def test_the_surface_of_the_bic_average_has_the_right_sign_and_the_right_numbers(self):
        found = linkage_error(KOSOVO, [0, 0.02, 0.05, 0.1], [0], model=AVERAGE, rng=rng())
        medians = [a.result.median for a in found.alternatives]
        errors = [a.monte_carlo_error for a in found.alternatives]
        assert errors[0] == 0
        assert all(0 < error < 0.01 * median for error, median in zip(errors[1:], medians[1:], strict=True))
        # The steps are 370, 450 and 760 people and the errors some 50: a wrong sign has a probability below 1e-6.
        assert all(np.diff(medians) > 2 * np.hypot(errors[1:], errors[:-1]))
        # Means over 2,500 (5 %: 600) other draws of the errors, with their own standard errors.  5 errors with some 11
        # degrees of freedom: false-alarm rate 0.1 % for the three.
        for median, error, (mean, own) in zip(
            medians[1:], errors[1:], ((13_556, 22), (14_010, 58), (14_763, 32)), strict=True
        ):
            assert median == pytest.approx(mean, abs=5 * np.hypot(error, own))

    def test_missed_matches_undone_lower_it(self):
        medians = [
            a.result.median for a in linkage_error(KOSOVO, [0], [0, 0.02, 0.1], model=AVERAGE, rng=rng()).alternatives
        ]
        assert medians == sorted(medians, reverse=True)

    def test_the_selected_model_fixed_gives_its_own_numbers(self):
        model = LogLinearSelect(interval="conditional")
        found = linkage_error(KOSOVO, [0, 0.02, 0.1], [0], model=model, rng=rng(), fix_model=True)
        assert "The model is fixed as it was chosen on the table as observed" in found.finding
        # Means over 600 other draws; as above.
        for alternative, (mean, own) in zip(found.alternatives, ((10_357, 0.5), (10_661, 4), (12_047, 7)), strict=True):
            assert alternative.result.median == pytest.approx(
                mean, abs=5 * np.hypot(alternative.monte_carlo_error, own)
            )

    def test_one_draw_has_the_wrong_sign_often_enough_to_see_it(self):
        # The control: with one table a pair, one of three steps goes down for a third of the seeds or more.
        ups = []
        for seed in range(20):
            tables = (correct_linkage_errors(KOSOVO, k, 0, rng=rng(seed)) for k in (0, 30, 75, 151))
            ups.append(all(np.diff([AVERAGE.fit(t, rng=rng()).median for t in tables]) > 0))
        assert sum(ups) < 17


def planted(seed, n_people=4000, share_false=0.1):
    """A population's table with its right matches, and with records of others put on people, and how many."""
    draws = rng(seed)
    people = draws.random((n_people, 3)) < (0.3, 0.25, 0.2)
    right = people[people.any(axis=1)]
    false = round(share_false / (1 - share_false) * int(right.sum() - len(right)))
    alone = draws.permutation(np.flatnonzero(right.sum(axis=1) == 1))
    wrong, n_made = right.copy(), 0
    for person in alone.tolist():
        onto = int(draws.integers(len(wrong)))
        if n_made < false and not (wrong[onto] & wrong[person]).any() and wrong[onto].any() and onto != person:
            wrong[onto] |= wrong[person]
            wrong[person] = False
            n_made += 1
    wrong = wrong[wrong.any(axis=1)]
    lists = ["A", "B", "C"]
    return CaptureTable(lists, right, np.ones(len(right))), CaptureTable(lists, wrong, np.ones(len(wrong))), n_made


def test_planted_false_matches_are_undone_and_the_wrong_correction_makes_it_worse():
    biases = []
    for seed in range(12):
        right, wrong, false = planted(seed)
        assert n_matches(wrong) - n_matches(right) == false
        undone, worse = (average(*pair, table=wrong, seed=seed).result for pair in ((false, 0), (0, false)))
        made = LogLinear().fit(wrong, rng=rng()).median
        biases.append([made - 4000, undone.median - 4000, worse.median - 4000])
    made, undone, worse = np.array(biases).T
    # N without errors has a standard deviation of some 90; false matches take some 350 off.  Means of 12: errors of 26.
    # Each of these is 6 errors or more away from failing, a false-alarm rate below 1e-8.
    assert made.mean() < -200
    assert abs(undone.mean()) < 0.5 * abs(made.mean())
    assert worse.mean() < made.mean() - 150


def test_the_mean_corrected_table_is_the_one_that_is_computed():
    cells = np.array([correct_linkage_errors(TABLE, 93, 60, rng=rng(seed)).cells() for seed in range(300)])
    expected = expected_cells(TABLE, 93, 60)
    used = expected > 0
    away = (cells.mean(axis=0) - expected)[used] / (cells.std(axis=0)[used] / np.sqrt(300))
    assert used.sum() == 4
    assert np.abs(away).max() < 5  # false-alarm rate 2e-6; the even draw is off by some hundredths of a person


def test_the_mean_corrected_table_is_not_claimed_where_people_run_out_or_lists_are_many():
    thin = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 40, "001": 40, "111": 30})
    assert expected_cells(thin, 0, 5) is None
    assert expected_cells(thin, 5, 0) is not None
    many = CaptureTable([f"L{j}" for j in range(6)], np.eye(6, dtype=bool), np.ones(6))
    assert expected_cells(many, 0, 0) is None


class TestWeights:
    def test_what_is_linear_in_the_cells_has_no_error_left(self):
        cells = rng().normal(20, 2, (40, 3))
        weights = table_weights(cells, np.array([20.0, 20.0, 20.0]))
        mean, error = weights.mean(5 + cells @ np.array([3.0, -1.0, 2.0]))
        assert mean == pytest.approx(5 + 20 * 4)
        assert error == pytest.approx(0, abs=1e-9)
        assert weights.values.sum() == pytest.approx(1)

    def test_the_error_is_the_spread_over_repetitions(self):
        # 300 repetitions: a standard deviation is known to 4 %, a root mean square of the errors as well.
        found = []
        for seed in range(300):
            cells = rng(seed).normal(0, 1, (30, 4))
            answers = cells.sum(axis=1) + 0.5 * rng(10_000 + seed).normal(size=30)
            found.append(table_weights(cells, np.zeros(4)).mean(answers))
        means, errors = np.array(found).T
        assert means.std() == pytest.approx(np.sqrt((errors**2).mean()), rel=0.25)  # 4 standard deviations
        assert abs(means.mean()) < 4 * means.std() / np.sqrt(300)

    def test_they_are_equal_where_the_mean_is_not_known_or_tables_are_few(self):
        cells = rng().normal(0, 1, (10, 3))
        for weights in (table_weights(cells, None), table_weights(cells, np.zeros(3))):
            assert weights.values.tolist() == [0.1] * 10
            assert not weights.uses_cells


class TestAverage:
    def test_its_error_is_what_other_seeds_show(self):
        # 40 seeds; the standard deviation of z with 11 degrees of freedom is 1.1 and known to 13 %: 4 of these.
        found = [
            average(62, 40, model=FromCells(lambda t: float(t.count("A", "B", "C")) ** 2), seed=s) for s in range(40)
        ]
        values, errors = np.array([[a.result.median, a.error] for a in found]).T
        centre = np.average(
            values, weights=errors**-2.0
        )  # some stop early and some know their answer a hundredfold better
        assert np.sqrt((((values - centre) / errors) ** 2).mean()) == pytest.approx(1.1, abs=0.6)

    def test_more_tables_are_drawn_until_the_error_is_reached(self):
        rough = FromCells(lambda t: 3000.0 + 2000.0 * (t.count("A", "B", "C") % 2))
        few, many = (average(62, model=rough, target=target) for target in (0.1, 0.02))
        assert few.reached
        assert many.reached
        assert few.n_tables < many.n_tables <= 400
        assert many.error <= 0.02 * many.result.median
        assert f"The average over {many.n_tables} corrected tables" in many.result.notes[0]

    def test_where_it_is_not_reached_the_answer_says_so(self):
        rough = FromCells(lambda t: 3000.0 + 2000.0 * (t.count("A", "B", "C") % 2))
        found = average(62, model=rough, most_tables=20)
        assert (found.n_tables, found.reached, found.result.diagnostics.ok) == (20, False, False)
        surface = linkage_error(TABLE, [0.1], [0], model=rough, rng=rng(), most_tables=20)
        assert (
            "At 1 of the 1 pairs of rates the Monte Carlo error stayed above 1 % of the answer, up to"
            in surface.finding
        )

    def test_a_posterior_is_mixed_and_its_median_has_an_error(self):
        model = NoHighestOrderInteraction(draws=1000, chains=1)
        found = average(62, model=model)
        one = model.fit(correct_linkage_errors(TABLE, 62, 0, rng=rng()), rng=rng())
        assert isinstance(found.result.total, Draws)
        assert 0 < found.error < 0.01 * found.result.median
        assert found.result.median == pytest.approx(one.median, rel=0.1)
        assert found.result.sd == pytest.approx(one.sd, rel=0.5)
        exact = average(62, model=DecomposableGraphs())
        assert exact.result.interval().kind == "credible"
        assert 0 < exact.error <= 0.01 * exact.result.median

    def test_the_interval_of_an_estimate_has_the_variance_between_tables(self):
        steady, jumping = (
            average(62, model=FromCells(of), most_tables=60).result.interval()
            for of in (lambda t: 4000.0, lambda t: 3900.0 + 200.0 * (t.count("A", "B", "C") % 2))
        )
        # 50 and, with the jumps of 100 either way, sqrt(50^2 + 100^2) about a mean of 4,000.
        assert (steady.upper - steady.lower) / 3.92 == pytest.approx(50, rel=0.02)
        assert (jumping.upper - jumping.lower) / 3.92 == pytest.approx(np.hypot(50, 100), rel=0.15)

    def test_some_tables_without_an_estimate_are_counted_and_many_are_a_reason(self):
        few = FromCells(lambda t: 4000.0, lambda t: t.count("A", "B", "C") == 80)
        left = average(62, model=few, most_tables=40)
        assert isinstance(left.result, NotEstimable) == (" corrected tables there is no estimate" in str(left.result))
        none = average(62, model=FromCells(lambda t: 4000.0, lambda t: True))
        assert "on 4 of 4 corrected tables there is no estimate; on the first: the cells say no" in none.result.reason
        assert none.n_tables == 4

    def test_the_draws_are_the_same_for_the_same_seed_and_leave_the_generator(self):
        left = rng()
        first = average_corrected(TABLE, 30, 20, model=LogLinear(), rng=left, precision=Precision())
        assert left.random() == rng().random()
        assert first.result.total == average(30, 20).result.total

    def test_precision_out_of_range_is_refused_in_words(self):
        with pytest.raises(SettingError, match=r"(?s)monte_carlo_error 0;.*most_tables 1;"):
            Precision(0, 1)


class TestFixed:
    def test_weights_on_the_table_itself_give_the_average(self):
        fixed = fixed_model(AVERAGE, KOSOVO)
        assert isinstance(fixed, FixedWeights)
        # 99.9 % of the weight stays; what is left out could be 10 times N and would move it by 1 %.
        assert fixed.fit(KOSOVO, rng=1).median == pytest.approx(AVERAGE.fit(KOSOVO, rng=1).median, rel=0.01)

    def test_a_selected_model_and_a_model_around_one_are_fixed(self):
        assert fixed_model(LogLinearSelect(), KOSOVO).model == "[EXH ABA OSCE][EXH HRW][OSCE HRW]"
        assert isinstance(fixed_model(SparseStepwise(), KOSOVO), LogLinear)
        register = WithinRegister(LogLinearSelect(), PopulationRegister(90_000, "A register"))
        assert fixed_model(register, KOSOVO).model == fixed_model(LogLinearSelect(), KOSOVO)
        empty = CaptureTable.from_histories(["A", "B", "C"], {"100": 4, "010": 3, "001": 2})
        assert fixed_model(AVERAGE, empty) == AVERAGE

    def test_a_model_that_chooses_nothing_is_refused(self):
        with pytest.raises(SettingError, match="fix_model: Chapman chooses no model on the table"):
            linkage_error(TABLE, [0.1], [0], model=Chapman(("A", "B")), rng=1, fix_model=True)

    def test_weights_that_are_none_and_tables_that_cannot_carry_them_are_refused(self):
        with pytest.raises(SettingError, match=r"(?s)1 weights for 2 models.*add to 0\.5"):
            FixedWeights(("[A]", "[B]"), (0.5,))
        apart = CaptureTable.from_histories(["A", "B", "C"], {"100": 4, "010": 3, "001": 2})
        result = FixedWeights(("[A B][C]",), (1.0,)).fit(apart, rng=1)
        assert "those that give an estimate have 0% of the weight" in result.reason


class TestThinTables:
    """No overlap, one list, many lists, a model that refuses: an answer or a reason, and no exception."""

    @pytest.mark.parametrize(
        "table",
        [
            CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 5}),
            CaptureTable.from_histories(["A"], {"1": 5}),
            CaptureTable.from_histories(["A", "B", "C"], {"111": 7}),
            CaptureTable.from_histories(["A", "B", "C"], {"100": 7, "110": 1, "001": 3}),
        ],
        ids=["no overlap", "one list", "everybody everywhere", "one match"],
    )
    def test_every_question_has_an_answer_or_a_reason(self, table):
        surface = linkage_error(table, [0, 0.5, 1], [0, 0.5], model=AVERAGE, rng=1)
        assert len(surface.alternatives) == 6
        assert surface.finding
        assert len(surface.to_frame()) == 7
        assert tipping_linkage_error(table, 50, model=AVERAGE, rng=1).finding

    def test_thirty_four_lists_are_averaged(self):
        draws = rng()
        people = draws.random((3000, 34)) < 0.03
        people = people[people.any(axis=1)]
        wide = CaptureTable([f"list {j}" for j in range(34)], people, np.ones(len(people)))
        medians = [
            a.result.median
            for a in linkage_error(wide, [0, 0.1], [0], model=ChaoLowerBound(), rng=1).alternatives
            if isinstance(a.result, Estimate)
        ]
        assert medians[1] > medians[0]


class TestTipping:
    def test_the_number_has_an_error_and_other_seeds_agree_within_it(self):
        model = LogLinear("[A B][A C][B C]")
        found = [tipping_linkage_error(TABLE, 3500, model=model, rng=seed) for seed in (1, 2)]
        numbers = np.array([f.alternatives[0].value for f in found])
        assert all("The Monte Carlo error of that number is " in f.finding for f in found)
        errors = [float(f.finding.split("that number is ")[1].split(";")[0]) for f in found]
        # 5 errors with some 15 degrees of freedom, and a match for rounding: false-alarm rate below 0.1 %.
        assert np.ptp(numbers) <= 5 * np.sqrt(2) * max(errors) + 1
        for each in found:
            assert each.alternatives[0].result.median == pytest.approx(3500, abs=5 * each.alternatives[0].error + 15)

    def test_a_figure_that_the_interval_contains_is_said_to_be_in_it(self):
        table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
        inside, beyond = (tipping_linkage_error(table, f, model=LincolnPetersen(), rng=1).finding for f in (2400, 5000))
        assert "contains 2,400 already." in inside
        assert "already" not in beyond
