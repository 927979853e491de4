"""The doubly robust estimate: its formulas by enumeration, the closed form, planted truth, what it refuses."""

import itertools
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from estimation.capture.readers import read_table
from estimation.capture.stratified import StratifiedTable
from estimation.capture.stratified_parts import merge_lists
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.models.covariates.cross_fit import cross_fitted, single_fit
from estimation.models.covariates.features import features_of
from estimation.models.covariates.findings import TRUNCATION, carriers, under_dependence
from estimation.models.covariates.folds import dealt
from estimation.models.covariates.influence import Influences, influence, truncated, unseen_odds
from estimation.models.covariates.learners import Sample, history_probabilities
from estimation.models.covariates.missing_covariates import probability_known
from estimation.models.covariates.people import people_of
from estimation.models.missing_cell import is_odd
from estimation.models.registry import make_model
from estimation.results.estimates import Estimate, NotEstimable
from estimation.work.progress import silent

GAZA = Path("/work/shared/data/gaza_strata.csv")
PERU = Path("/work/shared/data/peru_strata.csv")
FAST = {"learner": "logistic", "splits": 1}


# --- the formulas, by enumeration: no randomness, no table --------------------------------------------------------


def population(n_lists):
    """Histories' probabilities among those observed for three values of x, their shares, and 1/psi."""
    x_shares = np.array([0.5, 0.3, 0.2])
    capture = np.array([[0.5, 0.4, 0.3], [0.2, 0.5, 0.35], [0.35, 0.15, 0.5]])[:, :n_lists]
    histories = np.array([[code >> at & 1 for at in range(n_lists)] for code in range(1, 1 << n_lists)])
    p = np.prod(np.where(histories[None], capture[:, None], 1 - capture[:, None]), axis=2)
    seen = x_shares * p.sum(axis=1)
    return p / p.sum(axis=1, keepdims=True), seen / seen.sum(), 1 / seen.sum()


def expected(q, shares, fitted):
    """The mean of phi, and of the plug-in, over x and w, where the fits are these: exact."""
    histories = np.arange(1, q.shape[1] + 1)
    phi = np.stack([influence(fitted, np.full(len(q), w)) for w in histories], axis=1)
    return float(shares @ (q * phi).sum(axis=1)), float(shares @ (1 + unseen_odds(fitted)))


@pytest.mark.parametrize("n_lists", [2, 3])
def test_with_true_probabilities_the_mean_of_phi_is_n_over_n_observed(n_lists):
    q, shares, expansion = population(n_lists)
    assert expected(q, shares, q) == pytest.approx((expansion, expansion), rel=1e-12)


@pytest.mark.parametrize("n_lists", [2, 3])
def test_the_bias_is_quadratic_in_the_error_of_the_fits_and_that_of_the_plug_in_linear(n_lists):
    q, shares, expansion = population(n_lists)
    wrong = np.random.default_rng(5).normal(size=q.shape)
    biases = np.array([np.array(expected(q, shares, q * np.exp(size * wrong))) - expansion for size in (0.02, 0.01)])
    robust, plug_in = np.abs(biases[0] / biases[1])
    assert robust == pytest.approx(4, rel=0.1)  # the next order is a twentieth at this size
    assert plug_in == pytest.approx(2, rel=0.1)
    assert abs(biases[0, 0]) < abs(biases[0, 1]) / 5


@pytest.mark.parametrize("n_lists", [2, 3])
def test_one_wrong_odd_history_does_no_harm_and_one_wrong_even_one_does(n_lists):
    q, shares, expansion = population(n_lists)
    odd = is_odd(n_lists)
    for at in range(q.shape[1]):
        fitted = q.copy()
        fitted[:, at] *= [1.5, 0.6, 1.2]
        bias = expected(q, shares, fitted)[0] - expansion
        assert (abs(bias) < 1e-12) == odd[at]
        if not odd[at]:
            error = q[:, at] / fitted[:, at] - 1
            assert bias == pytest.approx(-shares @ (unseen_odds(fitted) * error**2 / (1 + error)))


@pytest.mark.parametrize("n_lists", [2, 3])
def test_dividing_by_the_sum_changes_no_influence_and_a_history_taken_as_the_rest_is_harmed_by_a_wrong_odd_one(n_lists):
    """r/q_w is of degree 0; what harms is a q_w that has to be wrong because another one is."""
    q, shares, expansion = population(n_lists)
    fitted = q.copy()
    fitted[:, 0] *= [1.5, 0.6, 1.2]
    by_the_sum = fitted / fitted.sum(axis=1, keepdims=True)
    assert expected(q, shares, by_the_sum)[0] == pytest.approx(expansion, rel=1e-12)
    assert abs(expected(q, shares, by_the_sum)[1] - expansion) > 1e-3, "the plug-in does change"
    the_rest = q.copy()
    the_rest[:, 0] *= [1.1, 0.9, 1.05]
    the_rest[:, 2] += 1 - the_rest.sum(axis=1)  # history 110 makes up what is left
    assert abs(expected(q, shares, the_rest)[0] - expansion) > 1e-3


def test_a_joint_fit_that_is_wrong_of_one_odd_history_is_wrong_of_the_others_and_does_harm():
    """The limit of a multinomial logistic fit, on all people there are, where one odd history bends and no other."""
    x = np.arange(3)
    logits = np.stack([np.array([0.3, -1.6, 1.2]), 0.5 - 0.4 * x, -0.6 + 0.3 * x], axis=1)
    q = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    shares = np.array([0.3, 0.4, 0.3])
    truth = expected(q, shares, q)[0]
    people, values = np.repeat(x, 3)[:, None], ("0", "1", "2")
    features = features_of(people, [values], (True,))
    weights = 1e9 * (shares[:, None] * q).ravel()  # so many that the penalty is nothing
    sample = Sample(features, np.tile([1, 2, 3], 3), np.ones(9, dtype=np.int64), weights, 3)
    jointly = history_probabilities("logistic", "jointly", sample, np.arange(0, 9, 3), np.random.default_rng(0))
    assert jointly.sum(axis=1) == pytest.approx(1)
    ratios = (jointly[:, 1] / jointly[:, 2]) / (q[:, 1] / q[:, 2])
    assert np.ptp(ratios) > 0.01, "the two histories that do not bend are wrong too"
    assert abs(expected(q, shares, jointly)[0] - truth) > 0.01
    against_rest = np.column_stack([jointly[:, 0], q[:, 1:]])  # the same wrong history, the others by fits of their own
    assert expected(q, shares, against_rest)[0] == pytest.approx(truth, rel=1e-12)


def test_two_lists_give_the_influence_of_das_kennedy_and_jewell():
    q, _shares, _expansion = population(2)
    for row, (first, second) in itertools.product(q, ((1, 0), (0, 1), (1, 1))):
        q_1, q_2, q_12 = row[0] + row[2], row[1] + row[2], row[2]
        theirs = q_1 * q_2 / q_12 * (first / q_1 + second / q_2 - first * second / q_12)
        assert influence(row[None], np.array([first + 2 * second]))[0] == pytest.approx(theirs)


def test_only_probabilities_in_a_denominator_are_truncated():
    q = np.full((1, 7), 0.001)
    assert (truncated(q, 0.01)[0] == np.where(is_odd(3), 0.001, 0.01)).all()


# --- without covariates -----------------------------------------------------------------------------------------

TWO = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
THREE = CaptureTable.from_histories(
    ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
)


def test_without_covariates_two_lists_give_lincoln_petersen_and_its_interval():
    ours, theirs = make_model("doubly-robust", {}).fit(TWO, rng=1), LincolnPetersen().fit(TWO, rng=1)
    assert ours.median == pytest.approx(theirs.median)
    n_0 = 540 * 300 / 120
    assert ours.sd == pytest.approx(sqrt(n_0 + n_0**2 * (1 / 540 + 1 / 300 + 1 / 120)))
    assert ours.diagnostics.checks == ()


def test_without_covariates_three_lists_give_the_closed_form_and_its_standard_error():
    found = make_model("doubly-robust", {}).fit(THREE, rng=1)
    n_0 = (69 * 55 * 63 * 28) / (21 * 17 * 18)
    assert found.median == pytest.approx(271 + n_0)
    inverse = sum(1 / n for n in (28, 21, 17, 69, 18, 55, 63))
    assert found.sd == pytest.approx(sqrt(n_0 + n_0**2 * inverse))


@pytest.mark.skipif(not GAZA.exists(), reason="the public data of Gaza is not on this machine")
def test_gaza_without_covariates_is_the_closed_form():
    table = read_table(GAZA, lists=["hospital", "survey", "social_media"], count="count", strata=["sex"])
    assert make_model("doubly-robust", {}).fit(table, rng=1).median == pytest.approx(64_696.07, abs=0.005)


def peru(learner):
    covariates = ["sex", "age_group", "situation", "year", "stratum"]
    table = read_table(PERU, lists=["CVR", "DP", "ODH"], count="count", strata=["agent", *covariates])
    settings = {"covariates": covariates, "numeric": ["year"], "learner": learner, "missing": "own value", "splits": 1}
    return table, make_model("doubly-robust", settings)


@pytest.mark.skipif(not PERU.exists(), reason="the public data of Peru is not on this machine")
def test_peru_on_two_lists_is_near_what_is_published_and_moves_with_the_truncation():
    """Shining Path: 13,313 (10,333 to 16,293) by forests, with probabilities raised to .005."""
    table, model = peru("logistic")
    label = table.label("agent")
    of_it = table.codes[:, table.labels.index(label)] == label.values.index("shining_path")
    part = table.with_codes(table.codes[of_it], table.patterns[of_it], table.counts[of_it])
    found = model.fit(merge_lists(part, ["DP", "ODH"], into="DP or ODH"), rng=1)
    assert 10_333 < found.median < 16_293
    by_truncation = next(each for each in found.tables if each.title == TRUNCATION)
    numbers = [row[2] for row in by_truncation.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > 1.3 * numbers[-1], "a quarter and four times of .005"


@pytest.mark.slow
@pytest.mark.skipif(not PERU.exists(), reason="the public data of Peru is not on this machine")
def test_peru_on_three_lists_by_boosting_is_no_number():
    table, model = peru("boosting")
    found = model.fit(table, rng=1)
    assert isinstance(found, NotEstimable)
    assert found.reason.startswith("the sum of influences is -")
    assert "24,692 were observed: the overlap is too thin" in found.reason


def test_bounds_under_dependence_are_in_closed_form_and_are_those_of_other_xi():
    found = single_fit(people_of(TWO, (), None, "everybody", own_value=False)).influences(1e-9, 1.0)
    d, low, high, lower, upper = under_dependence(found, (2.0,)).rows[0]
    n_0 = 540 * 300 / 120
    assert (d, low, high) == ("2", pytest.approx(960 + n_0 / 2), pytest.approx(960 + n_0 * 2))
    at_ends = [make_model("doubly-robust", {"xi": xi}).fit(TWO, rng=1) for xi in (2.0, 0.5)]
    assert [each.median for each in at_ends] == pytest.approx([low, high])
    assert (lower, upper) == pytest.approx((at_ends[0].interval().lower, at_ends[1].interval().upper))


def exact(n, **capture):
    """People by history, in expectation, of independent lists."""
    counts = {}
    for on in itertools.product((0, 1), repeat=len(capture)):
        p = np.prod([p if each else 1 - p for each, p in zip(on, capture.values(), strict=True)])
        counts["".join(map(str, on))] = round(n * p)
    return counts


def test_a_pair_is_taken_among_everybody_or_among_those_on_no_other_list():
    """Two truths, each of which only its own reading finds: on C are people who are on A and B more often."""
    on_c, off_c = exact(40_000, A=0.6, B=0.6), exact(60_000, A=0.2, B=0.3)
    histories = {key + "1": n for key, n in on_c.items()} | {key + "0": n for key, n in off_c.items() if key != "00"}
    table = CaptureTable.from_histories(["A", "B", "C"], histories)
    given = make_model("doubly-robust", {"lists": ("A", "B"), "among": "those on no other list"}).fit(table, rng=1)
    assert given.median == pytest.approx(100_000, rel=1e-3)
    assert "40,000 people on other lists count once each" in given.notes[0]
    among_all = make_model("doubly-robust", {"lists": ("A", "B")}).fit(table, rng=1)
    assert among_all.median < 90_000
    together = exact(100_000, A=0.3, B=0.4)
    split = {key + "0": round(n * 0.7) for key, n in together.items() if key != "00"}
    split |= {key + "1": round(n * 0.3) for key, n in together.items()}
    split["110"], split["111"] = together["11"] - 2_000, 2_000
    table = CaptureTable.from_histories(["A", "B", "C"], split)
    assert make_model("doubly-robust", {"lists": ("A", "B")}).fit(table, rng=1).median == pytest.approx(1e5, rel=1e-3)
    of_given = make_model("doubly-robust", {"lists": ("A", "B"), "among": "those on no other list"}).fit(table, rng=1)
    assert of_given.interval().upper < 1e5


# --- with covariates --------------------------------------------------------------------------------------------


def planted(missing=None):
    """40,000 people of two kinds, in expectation: lists are independent within each kind, and not together."""
    rows = []
    for kind, n, capture in (("often", 15_000, {"A": 0.6, "B": 0.5}), ("seldom", 25_000, {"A": 0.15, "B": 0.2})):
        for key, count in exact(n, **capture).items():
            if key != "00":
                gone = 0 if missing is None else round(count * missing[key])
                rows += [([int(each) for each in key], kind, count - gone), ([int(each) for each in key], None, gone)]
    return StratifiedTable(["A", "B"], [r[0] for r in rows], {"kind": [r[1] for r in rows]}, [r[2] for r in rows])


@pytest.mark.parametrize("fitting", ["one against rest", "jointly"])
def test_covariates_give_the_truth_where_lists_are_independent_given_them_and_not_without(fitting):
    model = make_model("doubly-robust", {"covariates": ("kind",), "fitting": fitting, **FAST})
    found = model.fit(planted(), rng=1)
    # Counts are expectations: what is left of chance is how people fall into folds.
    assert abs(found.median - 40_000) < found.sd / 4
    alone = make_model("doubly-robust", {}).fit(planted(), rng=1)
    assert alone.interval().upper < 40_000


def test_people_without_a_covariate_are_stood_for_by_those_with_the_same_history():
    """Missing of half of those on B alone: left out they would be lost, and as a value of their own they mislead."""
    table = planted(missing={"10": 0.0, "01": 0.5, "11": 0.05})
    settings = {"covariates": ("kind",), **FAST}
    found = make_model("doubly-robust", settings).fit(table, rng=1)
    assert abs(found.median - 40_000) < found.sd / 2
    assert f"A covariate is missing of {table.n_missing('kind'):,} people" in found.notes[0]
    complete = make_model("doubly-robust", settings).fit(table.complete(["kind"]), rng=1)
    assert complete.interval().upper < 40_000
    own = make_model("doubly-robust", {**settings, "missing": "own value"}).fit(table, rng=1)
    assert abs(own.median - 40_000) > abs(found.median - 40_000)


def test_probabilities_of_being_known_use_covariates_that_are_known_of_everybody():
    rows, sexes, ages = [[1, 0]] * 4, ["f", "f", "m", "m"], ["1", None, "1", None]
    table = StratifiedTable(
        ["A", "B"], [*rows, [1, 1]], {"sex": [*sexes, "f"], "age": [*ages, "1"]}, [90, 10, 50, 50, 5]
    )
    people = people_of(table, ("sex", "age"), None, "everybody", own_value=False)
    pi = probability_known(people, (False, False))
    known = dict(zip(map(tuple, people.codes[people.history == 1].tolist()), pi[people.history == 1], strict=True))
    assert known[0, 0] == pytest.approx(0.9, abs=0.01)
    assert known[1, 0] == pytest.approx(0.5, abs=0.01)


def test_a_regression_on_kinds_of_people_is_that_on_people():
    rng = np.random.default_rng(3)
    codes, counts = np.array([[0], [1], [2], [0], [1], [2]]), np.array([7, 3, 9, 4, 8, 2])
    history = np.array([1, 1, 2, 2, 3, 3])

    def fitted(rows, n):
        features = features_of(codes[rows], [("a", "b", "c")], (False,))
        sample = Sample(features, history[rows], n, np.ones(len(rows)), 3)
        return history_probabilities("logistic", "jointly", sample, np.arange(len(rows)), rng)

    people = np.repeat(np.arange(6), counts)
    of_people = fitted(people, np.ones(len(people), dtype=np.int64))
    assert fitted(np.arange(6), counts)[people] == pytest.approx(of_people, abs=1e-6)


def test_it_is_people_who_are_dealt_into_folds_and_not_kinds_of_people():
    """Two kinds with one history: the first kind's number in a fold is hypergeometric (false alarm: 1 in 10,000)."""
    counts, rng = np.array([30, 20]), np.random.default_rng(7)
    drawn = np.array([dealt(np.array([1, 1]), counts, 5, rng)[0, 0] for _ in range(2_000)])
    mean, variance = 10 * 0.6, 10 * 0.6 * 0.4 * 40 / 49
    assert abs(drawn.mean() - mean) < 3.9 * sqrt(variance / 2_000)
    assert drawn.var() == pytest.approx(variance, rel=3.9 * sqrt(2 / 2_000))


def test_nobody_is_predicted_by_a_fit_on_themselves():
    """A history of people who alone have a value of the covariate: fits without them cannot know of them."""
    table = StratifiedTable(
        ["A", "B"], [[1, 0], [0, 1], [1, 1], [1, 1]], {"x": ["a", "a", "a", "b"]}, [100, 100, 40, 10]
    )
    people = people_of(table, ("x",), None, "everybody", own_value=False)
    ones = np.ones(len(people.counts))
    rng = np.random.default_rng(1)
    found = cross_fitted(
        people, ones, (False,), "logistic", "jointly", folds=2, splits=1, rng=rng, workers=1, progress=silent
    )[0]
    assert found.counts.sum() == 250
    assert len(found.rows) > len(people.counts), "kinds of people are divided over folds"
    assert np.bincount(found.rows, weights=found.counts).tolist() == people.counts.tolist()


@pytest.mark.parametrize("learner", ["boosting", "stacked"])
def test_a_fit_depends_on_the_seed_and_not_on_workers_or_the_order_of_rows(learner):
    rng = np.random.default_rng(2)
    rows = rng.integers(0, 2, size=(300, 2))
    rows[rows.sum(axis=1) == 0] = 1
    x = rng.choice(["a", "b", "c"], 300).tolist()
    forth = StratifiedTable(["A", "B"], rows, {"x": x}, np.ones(300, dtype=int))
    back = StratifiedTable(["A", "B"], rows[::-1], {"x": x[::-1]}, np.ones(300, dtype=int))
    model = make_model("doubly-robust", {"covariates": ("x",), "learner": learner, "splits": 1, "folds": 2})
    one, two = model.fit(forth, rng=4, workers=1), model.fit(back, rng=4, workers=2)
    assert isinstance(one, Estimate)
    assert (one.median, one.sd, one.provenance) == (two.median, two.sd, two.provenance)
    assert one.provenance.data_sha256 != model.fit(forth.margin(), rng=4).provenance.data_sha256


def test_who_carries_the_estimate_is_said_of_values_and_never_of_a_few_people():
    values = ["many"] * 3 + ["few"] * 3 + ["alone"]
    table = StratifiedTable(
        ["A", "B"],
        [[1, 0], [0, 1], [1, 1]] * 2 + [[1, 1]],
        {"place": values},
        [200, 200, 100, 2, 1, 1, 1],
    )
    people = people_of(table, ("place",), None, "everybody", own_value=False)
    rng, ones = np.random.default_rng(1), np.ones(len(people.counts))
    crossed = cross_fitted(
        people, ones, (False,), "logistic", "jointly", folds=2, splits=1, rng=rng, workers=1, progress=silent
    )[0]
    found = carriers(crossed, crossed.influences(0.005, 1.0))
    assert {row[1] for row in found.rows} == {"many", "values of fewer than 5 people"}
    assert sum(row[3] for row in found.rows) == pytest.approx(1)


def test_a_number_bends_and_its_being_missing_is_a_value_where_wanted():
    """Twenty years, in which the lists have people of the middle; the year of a tenth is missing at random.

    False alarm: 1 in 10,000 by the normal law.
    """
    rng = np.random.default_rng(11)
    years = rng.integers(1980, 2000, 6_000)
    chance = 0.6 * np.exp(-(((years - 1990) / 4.0) ** 2)) + 0.1
    rows = np.stack([rng.random(6_000) < chance, rng.random(6_000) < chance], axis=1)
    known = np.where(rng.random(6_000) < 0.1, "", years.astype(str)).tolist()
    seen = rows.any(axis=1)
    table = StratifiedTable(
        ["A", "B"], rows[seen], {"year": [y for y, s in zip(known, seen, strict=True) if s]}, np.ones(seen.sum(), int)
    )
    settings = {"covariates": ("year",), "numeric": ("year",), **FAST}
    for missing in ("weight", "own value"):
        found = make_model("doubly-robust", {**settings, "missing": missing}).fit(table, rng=1)
        # Known at random, so that both are right of 90 %; of the rest an own value knows no year and is too low.
        assert abs(found.median - 6_000) < 3.9 * found.sd + 600 * (missing == "own value")
    alone = make_model("doubly-robust", {}).fit(table, rng=1)
    assert alone.interval().upper < 6_000


# --- what it refuses --------------------------------------------------------------------------------------------


def thin(n_both):
    """Two places; in the second hardly anybody is on both lists."""
    rows = [[1, 0], [0, 1], [1, 1]] * 2
    return StratifiedTable(["A", "B"], rows, {"place": ["s"] * 3 + ["n"] * 3}, [300, 300, 200, 3_000, 1_000, n_both])


def test_a_number_that_is_the_truncations_is_none_and_the_table_of_truncations_says_what_it_would_be():
    found = make_model("doubly-robust", {"covariates": ("place",), **FAST, "truncation": 0.02}).fit(thin(12), rng=1)
    assert isinstance(found, NotEstimable)
    assert "small probabilities are raised to 0.02" in found.reason
    assert "the answer would be the truncation's" in found.reason
    by_truncation = found.tables[0].to_frame().set_index("smallest probability of an even history")["N (persons)"]
    assert list(by_truncation.index) == pytest.approx([0.005, 0.01, 0.02, 0.04, 0.08])
    assert "of one person" in found.diagnostics.checks[2].name


def test_people_like_whom_nobody_is_on_both_lists_fail_the_check_of_overlap():
    """A fit gives them a chance of it all the same; a number then rests on the fit and on no data."""
    rows = [[1, 0], [0, 1], [1, 1], [1, 0], [0, 1]]
    table = StratifiedTable(["A", "B"], rows, {"place": ["s"] * 3 + ["n"] * 2}, [100, 100, 40, 50, 50])
    found = make_model("doubly-robust", {"covariates": ("place",), **FAST}).fit(table, rng=1)
    check = found.diagnostics.checks[0]
    assert (check.name[:24], check.passed) == ("share of people like who", False)
    assert check.value == pytest.approx(100 / 340)
    assert "Not to be trusted: share of people like whom" in found.diagnostics.sentence
    everywhere = make_model("doubly-robust", {"covariates": ("kind",), **FAST}).fit(planted(), rng=1)
    assert everywhere.diagnostics.checks[0].value == 0


def test_a_sum_of_influences_below_the_people_observed_is_no_number():
    below = Influences(np.array([1.2, -900.0]), np.array([2_000, 3]))
    assert below.total < below.n_observed
    # A truncation far below what is known of the few on both: they take more than all others give.
    rng = np.random.default_rng(0)
    values = [str(each) for each in rng.integers(0, 150, size=900)]
    rows = np.array([[1, 0]] * 500 + [[0, 1]] * 380 + [[1, 1]] * 20)
    table = StratifiedTable(["A", "B"], rows, {"x": values}, np.ones(900, dtype=int))
    model = make_model(
        "doubly-robust",
        {"covariates": ("x",), "numeric": ("x",), "learner": "boosting", "splits": 1, "truncation": 1e-6},
    )
    found = model.fit(table, rng=1)
    assert isinstance(found, NotEstimable)
    assert "the sum of influences is" in found.reason
    assert "900 were observed" in found.reason


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"covariates": ("sox",)}, "there is no label 'sox' to be a covariate; did you mean 'sex'"),
        ({"covariates": ("A",)}, "covariate A is a list"),
        ({"covariates": ("code",)}, "covariate code has 250 values and can have at most 200"),
        ({"covariates": ("sex",), "numeric": ("sex",)}, "has values that are no numbers ('f', 'm')"),
        ({"covariates": ("one",)}, "covariate one has one value"),
        ({"lists": ("A", "D")}, "there is no list D"),
        ({"lists": ("A", "C")}, "nobody has a history (on exactly A and C: 0)"),
        ({"covariates": ("sex",), "lists": ("B", "C")}, "on exactly B and C: 3); 10 are needed"),
    ],
)
def test_a_table_that_cannot_carry_it_says_why(settings, words):
    n = 250
    rows = np.zeros((n, 3), dtype=int)
    rows[:, 0], rows[100:, 1] = 1, 1
    rows[150:, 0] = 0
    rows[247:] = [0, 1, 1]
    rows[200:240] = [0, 0, 1]
    table = StratifiedTable(
        ["A", "B", "C"],
        rows,
        {"sex": ["f", "m"] * 125, "code": [str(each) for each in range(n)], "one": ["1"] * n},
        np.ones(n, dtype=int),
    )
    found = make_model("doubly-robust", settings).fit(table, rng=1)
    assert isinstance(found, NotEstimable)
    assert words in found.reason


def test_covariates_of_a_table_without_labels_are_asked_for():
    found = make_model("doubly-robust", {"covariates": ("sex", "age")}).fit(TWO, rng=1)
    assert 'read it with them: read_table(path, strata=["sex", "age"])' in found.reason


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"covariates": ("a", "a")}, "covariates names a twice"),
        ({"numeric": ("year",)}, "numeric names year, which is no covariate"),
        ({"lists": ("A",)}, "lists names 1 list"),
        ({"among": "those on no other list"}, "no lists are named"),
        ({"xi": 0.0}, "xi = 0.0"),
        ({"xi_factors": (0.5,)}, "each must be above 1"),
        ({"truncation": 0.0}, "truncation = 0.0"),
        ({"folds": 1}, "folds = 1"),
        ({"splits": 2}, "splits = 2; it must be an odd number"),
        ({"learner": "magic"}, "learner"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(settings, words):
    with pytest.raises(SettingError, match="model doubly-robust: ") as caught:
        make_model("doubly-robust", settings)
    assert words in str(caught.value)


def test_lists_are_merged_with_the_labels_of_their_people():
    table = StratifiedTable(["A", "B", "C"], [[1, 0, 0], [0, 1, 1], [0, 0, 1]], {"x": ["a", "b", "b"]}, [5, 3, 2])
    merged = merge_lists(table, ["B", "C"], into="B or C")
    assert merged.lists == ("A", "B or C")
    assert merged.by(["x"]).tables[("b",)].n_observed == 5
    assert merged.margin() == table.margin().merge(["B", "C"], into="B or C")
