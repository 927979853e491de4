"""How many candidates are lost, as far as copies with the fitted errors can tell."""

from dataclasses import replace
from datetime import date

import numpy as np

from estimation.linkage.candidate_recall import CandidateRecall, candidate_recall
from estimation.linkage.candidates import CandidateCut
from estimation.linkage.corrupted_copies import CopyWriter
from estimation.linkage.fitted_errors import FittedErrors
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord, PersonName

FIELDS = ("given", "family", "birth year", "birth day", "sex")


def errors(rate: float, *, lists: tuple[str, ...] = ("a", "b"), bad: float = 0.0) -> FittedErrors:
    rates = tuple(tuple((rate, 1.0) for _ in FIELDS) for _ in lists)
    levels = (*(((0.0, 0.5, 0.3, 0.2),) * 4), (0.0, 0.0, 0.0, 1.0))
    return FittedErrors(lists, FIELDS, rates, levels, (bad,) * len(lists), (0.0,) * len(lists))


def synthetic_lists(n_records: int = 120) -> list[NameList]:
    rng = np.random.default_rng(1)
    letters = list("abdefghiklmnoprstuvz")
    given, family = (["".join(rng.choice(letters, 6)) for _ in range(n)] for n in (12, 40))

    def record(row: int) -> NameRecord:
        first = date(int(rng.integers(1930, 1970)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        name = PersonName(str(rng.choice(given)), family=str(rng.choice(family)))
        return NameRecord(row, (name,), birth=Days.between(first, date.fromordinal(first.toordinal() + 1)), sex="f")

    return [NameList(name, tuple(record(row) for row in range(2, n_records // 2 + 2))) for name in "ab"]


def test_copies_without_errors_are_all_candidates():
    assert candidate_recall(synthetic_lists(), errors(0.0), rng=1, n_copies=100).recall == 1.0


def test_more_errors_and_a_tighter_cut_lose_more_and_the_low_share_is_said_to_be_low():
    lists = synthetic_lists()
    tight = CandidateCut(below_log_r=-2.0, best=0)
    few, many = (candidate_recall(lists, errors(rate), rng=1, n_copies=300, cut=tight) for rate in (0.05, 0.5))
    loose = candidate_recall(lists, errors(0.5), rng=1, n_copies=300)
    assert many.recall < few.recall - 0.1
    assert many.recall < loose.recall - 0.1
    assert many.is_low
    assert "That is low" in many.note
    assert "At least" in loose.note
    assert many == candidate_recall(lists, errors(0.5), rng=1, n_copies=300, cut=tight)


def test_records_that_nothing_tells_apart_call_for_no_looser_candidates():
    one = synthetic_lists()[0].linkable[0]
    same = [NameList(name, tuple(replace(one, row=row) for row in range(2, 31))) for name in "ab"]
    found = candidate_recall(same, errors(0.3), rng=1, n_copies=100)
    assert found.recall < 0.97
    assert found.n_alike == found.n_copies - found.n_found
    assert not found.is_low
    assert "looser candidates gain nothing there" in found.note
    assert "--loose" not in found.note
    assert "pairs are lost, and likely more" not in CandidateRecall(100, 0, 100).note
    mixed = CandidateRecall(100, 50, 40)  # 10 of 60 are lost that something tells apart
    assert mixed.is_low
    assert "At least 16.7 % of the other pairs are lost" in mixed.note
    assert "--loose" in mixed.note


def test_the_interval_of_the_share_is_that_of_its_beta_posterior():
    low, high = CandidateRecall(200, 190).interval()
    draws = np.random.default_rng(1).beta(191, 11, 200_000)
    np.testing.assert_allclose((low, high), np.quantile(draws, (0.025, 0.975)), atol=5e-4)  # 5 Monte Carlo errors


def test_copies_are_wrong_as_often_as_the_fitted_errors_say_and_by_list_and_quality():
    """False alarm rate: below 1e-4 for each of eight bounds of four standard errors, fixed seed."""
    lists = synthetic_lists()
    own = [list(one.linkable) for one in lists]
    rng = np.random.default_rng(2)
    record, n = own[0][0], 2000
    for rate, bad in ((0.2, 0.0), (0.2, 0.5)):
        writer = CopyWriter(errors(rate, bad=bad), own, exchanged=0.0)
        copies = [writer.copy(record, 2, rng) for _ in range(n)]
        expected = (1 - bad) * rate + bad
        spread = 4 * np.sqrt(expected * (1 - expected) / n)
        shares = {
            "sex": np.mean([copy.sex == "m" for copy in copies]),
            "family": np.mean([copy.names[0].family != record.names[0].family for copy in copies]),
        }
        assert abs(shares["sex"] - expected) < spread
        assert expected * 0.97 - spread < shares["family"] < expected + spread  # another record can have the same name
        assert any(copy.birth != record.birth for copy in copies)


def test_exchanged_copies_and_gaps_are_those_of_the_lists():
    lists = synthetic_lists()
    own = [list(one.linkable) for one in lists]
    writer = CopyWriter(errors(0.0), own, exchanged=1.0)
    record = own[0][0]
    copy = writer.copy(record, 7, np.random.default_rng(1))
    assert (copy.row, copy.names[0].given, copy.names[0].family) == (7, record.names[0].family, record.names[0].given)
    bare = [[NameRecord(2, (PersonName("zulan"),))]] * 2
    copy = CopyWriter(errors(0.0), bare, exchanged=0.0).copy(record, 2, np.random.default_rng(1))
    assert (copy.names[0].family, copy.birth, copy.sex) == ("", None, "")


def test_a_wrong_age_of_a_copy_is_still_an_age():
    old = NameRecord(2, (PersonName("synthetic"),), age=(50, 55))
    writer = CopyWriter(errors(1.0), [[old], [old]], exchanged=0.0)
    rng = np.random.default_rng(1)
    ages = [writer.copy(old, 3, rng).age for _ in range(200)]
    assert all(0 <= least <= most for least, most in ages)
    assert {most - least for least, most in ages} == {5}
    assert len(set(ages)) > 5
