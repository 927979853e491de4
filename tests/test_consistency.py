"""Each list as a population of known size."""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import TableError
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.totals import Interval, Point
from estimation.sensitivity.alternatives import Alternative
from estimation.sensitivity.consistency import consistency, known_size, people_on, score

PROVENANCE = Provenance("0" * 64, "0.1.0", "1", ())
NHOI = NoHighestOrderInteraction(draws=1000, chains=1)


def tried(known, value, lower, upper, seen=50):
    total = Point(value, 1.0, (Interval(lower, upper, 0.95, "confidence"),))
    return Alternative("A", known, Estimate(total, seen, "m", "M", ("Assumed.",), Diagnostics(), PROVENANCE))


def failed(known, seen=50):
    return Alternative("B", known, NotEstimable(seen, "m", "M", "too thin", ("Assumed.",), PROVENANCE))


def planted(rng, people=4000, shift=0.0):
    """Four lists; people differ by a shift of their log odds, half up and half down."""
    odds = np.log([0.4, 0.5, 0.6, 0.7]) + shift * rng.choice([-1.0, 1.0], size=(people, 1))
    on = rng.random((people, 4)) < 1 / (1 + np.exp(-odds))
    on = on[on.any(axis=1)]
    return CaptureTable(["A", "B", "C", "D"], on, np.ones(len(on), dtype=int))


def test_the_people_on_a_list_are_seen_by_the_other_lists_only():
    people = [("AB", 5), ("AC", 3), ("ABC", 2), ("A", 9), ("B", 7), ("BC", 4)]
    table = CaptureTable(["A", "B", "C"], [[x in on for x in "ABC"] for on, _ in people], [n for _, n in people])
    assert people_on(table, "A") == CaptureTable.from_histories(["B", "C"], {"10": 5, "01": 3, "11": 2})
    assert people_on(table, "C") == CaptureTable.from_histories(["A", "B"], {"10": 3, "11": 2, "01": 4})


def test_a_list_that_holds_none_of_the_people_is_left_out_and_the_finding_says_so():
    table = load_table("uk_five_lists")
    assert people_on(table, "LA").lists == ("NG", "PFNCA", "GO")
    found = consistency(table, model=LogLinear(), rng=np.random.default_rng(1))
    assert "Left out, because none of the people counted are on them: GP (for LA); LA (for GP)." in found.finding


def test_each_answer_is_the_models_own_for_the_people_of_that_list():
    table = load_table("kosovo")
    rng = np.random.default_rng(3)
    found = consistency(table, model=NHOI, rng=rng)
    assert [a.label for a in found.alternatives] == list(table.lists)
    assert [a.value for a in found.alternatives] == table.list_sizes.tolist()
    for a in found.alternatives:
        alone = NHOI.fit(people_on(table, a.label), rng=np.random.default_rng(3))
        assert (a.result.total.values == alone.total.values).all()
    again = consistency(table, model=NHOI, rng=rng)
    assert (again.baseline.total.values == NHOI.fit(table, rng=np.random.default_rng(3)).total.values).all()


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing():
    table = load_table("australia")
    model = LatentClass(classes=2, chains=4, warmup=200, sweeps=1000, draws=250)
    one, two = (consistency(table, model=model, rng=np.random.default_rng(3), workers=w) for w in (1, 2))
    for a, b in zip(one.alternatives, two.alternatives, strict=True):
        assert str(a.result) == str(b.result)


def test_a_list_whose_people_nobody_else_saw_is_not_estimable_and_named():
    table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "110": 20, "001": 9})
    found = consistency(table, model=LogLinear(), rng=np.random.default_rng(1))
    assert all(isinstance(a.result, NotEstimable) for a in found.alternatives)
    assert found.alternatives[2].result.n_observed == 0
    assert found.finding.startswith("Not estimable: A, B, C.")


def test_the_finding_counts_what_is_covered_and_names_the_extremes():
    found = consistency(load_table("australia"), model=LogLinear(), rng=np.random.default_rng(1))
    assert found.finding == (
        "The 95 % interval covers 1 of 4 known list sizes. The estimates range from 0.17 times the true size (D) to "
        "0.97 times (B)."
    )


def test_scores_are_those_of_a_hand_calculation():
    found = score([tried(100, 50, 30, 90), tried(100, 200, 150, 300), tried(100, 100, 80, 100), failed(100)])
    half = np.log(2)
    assert found.mean == pytest.approx(0, abs=1e-15)
    assert found.sd == pytest.approx(half)
    assert found.root_mean_square == pytest.approx(half * np.sqrt(2 / 3))
    assert found.median == 0
    assert (found.n_covered, found.n_below, found.n_above) == (1, 1, 1)
    assert (found.n_scored, found.coverage, found.n_not_estimable, found.n_too_few) == (3, 1 / 3, 1, 0)


def test_lists_of_which_too_few_were_seen_are_counted_apart_whether_or_not_they_were_estimable():
    found = score(
        [tried(100, 90, 80, 99, seen=29), failed(100, seen=0), tried(100, 90, 80, 120, seen=30)], minimum_seen=30
    )
    assert (found.n_scored, found.n_not_estimable, found.n_too_few) == (1, 0, 2)
    assert found.sd is None


def test_where_no_list_could_be_estimated_the_scores_say_so_and_give_no_number():
    found = score([failed(100), failed(7)])
    assert (found.mean, found.sd, found.root_mean_square, found.median, found.coverage) == (None,) * 5
    assert str(found) == "no list scored; 2 not estimable, 0 left out because too few were seen"


def test_an_alternative_without_a_known_size_is_refused():
    with pytest.raises(ValueError, match=r"A: the known size is \(1, 2\)"):
        known_size(tried((1, 2), 5, 4, 6))
    with pytest.raises(ValueError, match="must be a number of persons above 0"):
        score([tried(float("nan"), 5, 4, 6)])


def test_a_table_of_one_list_is_refused():
    with pytest.raises(TableError, match="needs at least one"):
        consistency(CaptureTable(["A"], [[1]], [5]), model=LogLinear(), rng=np.random.default_rng(1))


def test_independent_lists_know_each_others_sizes():
    """False alarms: 120 intervals of 95 %, four from each table and so dependent; under 85 % is over 4 sd away if the
    dependence doubles the variance of their mean no more than once, below 1 in 10,000."""
    rng = np.random.default_rng(8)
    asked = [a for _ in range(30) for a in consistency(planted(rng), model=LogLinear(), rng=rng).alternatives]
    found = score(asked)
    assert found.n_scored == 120
    assert found.coverage > 0.85
    assert abs(found.mean) < 4 * found.sd / np.sqrt(30)


def test_people_who_are_on_many_lists_or_on_few_make_independence_fail_the_check():
    """False alarms: over 20 such tables the least of 80 estimates was 11 of its standard errors too low."""
    rng = np.random.default_rng(8)
    found = score(consistency(planted(rng, shift=1.5), model=LogLinear(), rng=rng).alternatives)
    assert found.mean < 0
    assert found.n_above == found.n_scored == 4
