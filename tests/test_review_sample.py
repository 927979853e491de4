"""A labelled random sample: unbiased over all samples, and as often right as it says, with reviewers who err."""

from itertools import combinations

import numpy as np
import pytest

from estimation.errors import SettingError
from estimation.linkage.encoded import CandidatePairs
from estimation.linkage.review_sample import Prediction, ReviewSample, draw_review_sample, reviewed_sample


def shares_of(persons):
    _, at, sizes = np.unique(persons, return_inverse=True, return_counts=True)
    return 1 / sizes[at]


def prediction_of(persons):
    return Prediction(persons, shares_of(persons))


def others(truth):
    """For each record the other records of the same person."""
    return [frozenset(np.flatnonzero(truth == person)) - {record} for record, person in enumerate(truth)]


def sample_of(records, n_records):
    return ReviewSample(tuple(records), ((),) * len(records), n_records)


TRUTH = np.array([0, 0, 0, 1, 2, 2, 3])
LINKED = np.array([0, 0, 1, 2, 3, 3, 3])


def test_number_and_variance_are_unbiased_over_all_samples():
    answers, values, variances = others(TRUTH), [], []
    for drawn in combinations(range(7), 3):
        found = [answers[record] for record in drawn]
        result = reviewed_sample(sample_of(drawn, 7), prediction_of(LINKED), found, found)
        values.append(result.n_people)
        variances.append(result.variance)
    assert np.mean(values) == pytest.approx(4, abs=1e-12)
    assert np.mean(variances) == pytest.approx(np.var(values), abs=1e-12)


def test_all_records_reviewed_give_the_true_number_precision_and_recall():
    answers = others(TRUTH)
    result = reviewed_sample(sample_of(range(7), 7), prediction_of(LINKED), answers, answers)
    assert result.n_people == pytest.approx(4)
    assert result.variance == 0
    # The clusters {0, 1}, {4, 5, 6} hold 4 links, of which 2 are true; 4 links are true in all.
    assert result.precision.value == pytest.approx(2 / 4)
    assert result.recall.value == pytest.approx(2 / 4)
    assert result.disagreements == result.undecided == 0


def test_a_sample_without_an_error_does_not_give_an_interval_of_no_length():
    answers = others(TRUTH)
    drawn = (3, 4, 5)
    found = [answers[record] for record in drawn]
    result = reviewed_sample(sample_of(drawn, 7), prediction_of(TRUTH), found, found)
    assert result.variance == 0
    assert result.interval.lower < 4 < result.interval.upper


def linked_world(rng, people):
    """People with one to four records, and a linkage that misses and invents some links."""
    truth = np.repeat(np.arange(people), rng.choice([1, 2, 3, 4], p=[0.45, 0.33, 0.15, 0.07], size=people))
    linked = truth.copy()
    for person in range(people):
        own = np.flatnonzero(truth == person)
        if len(own) > 1 and rng.random() < 0.04:
            linked[own[0]] = people + person
        elif rng.random() < 0.02:
            linked[own] = rng.integers(people)
    return truth, linked


def reads(answer, record, n_records, wrong, rng, *, alike=False):
    """What a reviewer finds: the truth, or with a probability one record too few or too many; too many, if `alike`."""
    if rng.random() >= wrong:
        return answer
    if answer and rng.random() < 0.5 * (not alike):
        return answer - {sorted(answer)[int(rng.integers(len(answer)))]}
    return answer | {int(rng.choice(np.setdiff1d(np.arange(n_records), [record, *answer])))}


def covered(wrong, *, alike, repeats, seed):
    """How often the interval holds the number of people, and the mean error probability that it finds."""
    rng, inside, errors = np.random.default_rng(seed), 0, []
    for repeat in range(repeats):
        if repeat % 20 == 0:
            truth, linked = linked_world(rng, 300)
            answers, predicted, total = others(truth), prediction_of(linked), len(truth)
        sample = draw_review_sample(NO_PAIRS, total, size=150, rng=rng)
        one = [reads(answers[each], each, total, wrong, rng, alike=alike) for each in sample.records]
        two = one if alike else [reads(answers[each], each, total, wrong, rng) for each in sample.records]
        third = [
            None if a == b else reads(answers[each], each, total, wrong, rng)
            for a, b, each in zip(one, two, sample.records, strict=True)
        ]
        result = reviewed_sample(sample, predicted, one, two, decided=third)
        inside += result.interval.lower <= len(np.unique(truth)) <= result.interval.upper
        errors.append(result.reviewer_error.value)
    return inside / repeats, np.mean(errors)


NO_PAIRS = CandidatePairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


@pytest.mark.parametrize("wrong", [0.0, 0.02])
def test_the_interval_holds_the_number_as_often_as_it_says(wrong):
    """At a true coverage of .95 fewer than .90 of 200 come about in one of 700 runs."""
    share, error = covered(wrong, alike=False, repeats=200, seed=1)
    assert share >= 0.90
    # 200 samples of 150 records: the mean error has a standard deviation of .0006.
    assert error == pytest.approx(wrong, abs=0.0024)


def test_reviewers_who_err_alike_are_not_seen_and_the_interval_fails():
    """The control: 15 % of records mislead both reviewers into one more link, which no double coding can show."""
    share, error = covered(0.15, alike=True, repeats=60, seed=2)
    assert error == 0
    assert share < 0.5


def test_an_open_difference_lengthens_the_interval_by_half_its_distance():
    answers = others(TRUTH)
    drawn = (0, 3, 4)
    one = [answers[record] for record in drawn]
    two = [frozenset({1}), *one[1:]]
    args = sample_of(drawn, 7), prediction_of(LINKED), one, two
    left_open, decided = reviewed_sample(*args), reviewed_sample(*args, decided=[one[0], None, None])
    assert (left_open.disagreements, left_open.undecided, decided.undecided) == (1, 1, 0)
    assert left_open.widening - decided.widening == pytest.approx(7 / 3 * (1 / 2 - 1 / 3) / 2)


def test_a_drawn_record_is_looked_for_among_its_candidates_and_who_is_with_them():
    pairs = CandidatePairs(np.array([0, 2]), np.array([1, 3]), np.array([4.0, 4.0]))
    sample = draw_review_sample(pairs, 5, size=5, rng=1, together=np.array([0, 1, 1, 2, 3]))
    found = dict(zip(sample.records, sample.candidates, strict=True))
    assert found == {0: (1, 2), 1: (0, 2), 2: (1, 3), 3: (1, 2), 4: ()}


def test_fewer_than_two_records_cannot_be_reviewed():
    with pytest.raises(SettingError, match="draw two or more"):
        draw_review_sample(NO_PAIRS, 10, size=1, rng=1)
