r"""A labelled random sample: the number of people, and precision and recall of links, without trust in the model.

Design
------
Of R records m are drawn at random, without replacement and with equal probability.  Two people, blind to each other and
to what the model thinks, find for each drawn record all records of the same person.

Number of people
----------------
A person with t records is counted 1/t in each of them, so that the number of people is :math:`\sum_i 1/t_i` over all
records (the multiplicity estimator; Sirken 1970).  With :math:`u_i` the same as predicted, of any linkage that was
fixed before the draw (the mean of 1/size over draws of the partition, or 1/size of one clustering), the difference
estimator (Särndal, Swensson, Wretman 1992, section 6.3) over the drawn records s is

.. math:: \hat n = \sum_{i=1}^R u_i + \frac{R}{m} \sum_{i \in s} d_i, \qquad d_i = \frac{1}{t_i} - u_i,

which is unbiased whatever the linkage is worth: a good one makes it precise.  Its variance and the unbiased estimate of
that (Cochran 1977, section 2.5) are

.. math:: V = R^2 \left(1 - \frac mR\right) \frac{S_d^2}{m}, \qquad
          \hat V = R^2 \left(1 - \frac mR\right) \frac{s_d^2}{m} .

Where the linkage is good nearly all :math:`d_i` are 0, and a sample without any other would give an interval of no
length.  For the interval, two records more, wrong by +1/2 and by -1/2 (a pair taken for two people, two people for a
pair), are therefore added to the sum of squares, as Agresti and Coull (1998) add two errors and two successes; its ends
are at Student's t with m - 1 degrees of freedom.

Errors of the reviewers
-----------------------
Let each reviewer, independently of the other, find a wrong cluster with probability :math:`\varepsilon`.  They differ
in a share :math:`p = 2 \varepsilon (1 - \varepsilon) + \varepsilon^2 (1 - a)` of the records, a being the probability
that two wrong answers are alike, so that :math:`\varepsilon \le (1 - \sqrt{1 - 2p}) / 2`.  Where they differ, a third
person decides, who is as often wrong.  What stays wrong is a share of at most :math:`\varepsilon^2 + p \varepsilon`, by
:math:`\bar\delta` in 1/t on average, which is measured where they differ (1/2 where they never do).  Such errors have a
direction that nobody knows; so the interval is longer on both sides by

.. math:: B = R \, \bar\delta \, (\varepsilon^2 + p \varepsilon), \qquad
          \text{with } p \text{ at its upper confidence limit (Clopper, Pearson 1934).}

A difference that nobody has decided enters as the mean of the two answers, and the interval is longer by half their
distance, R/m times: one of the two is taken to be right.  Records that mislead both reviewers alike are not seen by
double coding and are not in the interval.

Links
-----
Record i has :math:`P_i` other records in its predicted cluster, :math:`T_i` in its true one and :math:`A_i` in both.
Precision is :math:`\sum_s A_i / \sum_s P_i` and recall :math:`\sum_s A_i / \sum_s T_i`, ratios with linearised
variances (Särndal, Swensson, Wretman 1992, section 5.6); their intervals are those of Clopper and Pearson at the
effective sample size (Korn, Graubard 1998).

Symbols: R records, m drawn, t_i true and 1/u_i predicted size of a record's cluster, n people.

References: Sirken (1970), JASA 65:257-266; Cochran (1977), Sampling Techniques; Särndal, Swensson, Wretman (1992),
Model Assisted Survey Sampling; Agresti, Coull (1998), The American Statistician 52:119-126; Clopper, Pearson (1934),
Biometrika 26:404-413; Korn, Graubard (1998), Survey Methodology 24:193-201; Binette and others (2023), The American
Statistician 77:370-380 (sampled clusters for the evaluation of entity resolution).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, stdtrit

from estimation.capture.table import FloatArray, IntArray
from estimation.errors import SettingError
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.encoded import CandidatePairs
from estimation.results.totals import Interval
from estimation.work.seeds import RandomState, generator_of

__all__ = [
    "Prediction",
    "ReviewSample",
    "ReviewedSample",
    "SharePart",
    "draw_review_sample",
    "predicted_shares",
    "reviewed_sample",
]

Found = Sequence[frozenset[int]]
"""For each drawn record the other records that a reviewer found to be of the same person."""


@dataclass(frozen=True, slots=True)
class ReviewSample:
    """Records drawn for review.

    Parameters
    ----------
    records : tuple of int, length m
        The records drawn, by their place among all linkable ones, in the order that they were drawn in.
    candidates : tuple of tuple of int, length m
        For each the records among which its true cluster is looked for, in order and without itself.
    n_records : int
        R, all linkable records.
    """

    records: tuple[int, ...]
    candidates: tuple[tuple[int, ...], ...]
    n_records: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a linkage, fixed before the sample was drawn, says.

    Parameters
    ----------
    persons : (R,) int array
        The person of each record in one clustering; of this the links are scored.
    shares : (R,) float array
        u, the predicted 1/size of the cluster of each record; its sum is the predicted number of people.
    """

    persons: IntArray
    shares: FloatArray


@dataclass(frozen=True, slots=True)
class SharePart:
    """A share with its interval.

    Parameters
    ----------
    value, lower, upper : float
        The share and its ends, from 0 to 1; NaN with ends 0 and 1 where the sample holds no link to tell it from.
    level : float
        The level of the interval.
    """

    value: float
    lower: float
    upper: float
    level: float


@dataclass(frozen=True, slots=True)
class ReviewedSample:
    """What a labelled random sample says of a linkage.

    Parameters
    ----------
    n_people : float
        The design-based estimate of the number of people with a record.  Unit: persons.
    interval : Interval
        Its confidence interval, with the reviewers' errors in it.
    variance : float
        The unbiased estimate of its sampling variance.
    predicted : float
        The number that the linkage predicted.  Unit: persons.
    widening : float
        B and what is not decided: by how much each end lies further out for errors of the reviewers.  Unit: persons.
    disagreements, undecided : int
        Drawn records on which the two reviewers differ, and those of them that nobody has decided.
    reviewer_error : SharePart
        The probability that one reviewer finds a wrong cluster, if reviewers err independently.
    precision, recall : SharePart
        Of the links of the clustering.
    n_drawn, n_records : int
        m and R.
    """

    n_people: float
    interval: Interval
    variance: float
    predicted: float
    widening: float
    disagreements: int
    undecided: int
    reviewer_error: SharePart
    precision: SharePart
    recall: SharePart
    n_drawn: int
    n_records: int

    def __str__(self) -> str:
        return (
            f"{self.n_people:,.0f} people on the lists by a random sample of {self.n_drawn:,} of {self.n_records:,} "
            f"records ({self.interval}); the linkage said {self.predicted:,.0f}"
        )


def draw_review_sample(
    pairs: CandidatePairs, n_records: int, *, size: int, rng: RandomState, together: IntArray | None = None
) -> ReviewSample:
    """Records drawn at random for review, each with the records among which its true cluster is looked for.

    These are its candidates and, with a clustering in ``together``, whoever that puts with it or with one of them.

    Parameters
    ----------
    pairs : CandidatePairs
        Pairs that may be one person; looser ones than the linkage had find what it could not.
    n_records : int
        R, all linkable records.
    size : int
        m; all records are drawn where there are no more.
    rng : int, SeedSequence or Generator
        The only source of randomness.
    together : (R,) int array, optional
        The person of each record in one clustering.

    Raises
    ------
    SettingError
        When fewer than two records are to be drawn.

    Examples
    --------
    >>> pairs = CandidatePairs(np.array([0, 1]), np.array([1, 3]), np.array([5.0, 2.0]))
    >>> sample = draw_review_sample(pairs, 4, size=4, rng=1)
    >>> dict(sorted(zip(sample.records, sample.candidates)))
    {0: (1,), 1: (0, 3), 2: (), 3: (1,)}
    """
    if size < 2 or n_records < 2:
        raise SettingError("review sample", [f"{size} of {n_records} records cannot be reviewed; draw two or more"])
    near: list[set[int]] = [set() for _ in range(n_records)]
    for one, other in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        near[one].add(other)
        near[other].add(one)
    clusters: dict[int, set[int]] = {}
    labels = range(n_records) if together is None else together.tolist()
    for record, person in enumerate(labels):
        clusters.setdefault(person, set()).add(record)
    drawn = generator_of(rng).choice(n_records, size=min(size, n_records), replace=False).tolist()
    found = []
    for record in drawn:
        around = {record} | near[record]
        found.append(tuple(sorted(set().union(*(clusters[labels[each]] for each in around)) - {record})))
    return ReviewSample(tuple(drawn), tuple(found), n_records)


def predicted_shares(draws: LinkageDraws) -> FloatArray:
    """The mean of 1/size over the draws, for each record, shape (R,): its sum is the mean number of people.

    Parameters
    ----------
    draws : LinkageDraws
        Who is the same person.

    Examples
    --------
    >>> from estimation.linkage.draws import RecordPlace
    >>> places = (RecordPlace(0, 2), RecordPlace(1, 2))
    >>> predicted_shares(LinkageDraws(("A", "B"), places, np.array([[[0, 0], [0, 1]]], dtype=np.int32))).tolist()
    [0.75, 0.75]
    """
    partitions = draws.persons.reshape(-1, draws.persons.shape[-1])
    shares = np.zeros(partitions.shape[1])
    for persons in partitions:
        shares += 1 / np.bincount(persons)[persons]
    return np.asarray(shares / len(partitions), dtype=np.float64)


def reviewed_sample(
    sample: ReviewSample,
    prediction: Prediction,
    first: Found,
    second: Found,
    *,
    decided: Sequence[frozenset[int] | None] | None = None,
    level: float = 0.95,
) -> ReviewedSample:
    """The number of people, and precision and recall of links, by a sample that two people have labelled.

    The formulas are in this module's docstring.

    Parameters
    ----------
    sample : ReviewSample
        What was drawn.
    prediction : Prediction
        What the linkage says of all records.
    first, second : sequence of frozenset of int, length m
        For each drawn record the other records of the same person, as each of two reviewers found them.
    decided : sequence of frozenset of int or None, length m, optional
        Where the two differ, what a third person decided; None elsewhere and where it is open.
    level : float
        Level of the intervals.

    Examples
    --------
    >>> sample = ReviewSample((0, 2), ((1,), ()), 3)
    >>> linked = Prediction(np.array([0, 0, 1]), np.array([0.5, 0.5, 1.0]))
    >>> answers = (frozenset({1}), frozenset())
    >>> reviewed_sample(sample, linked, answers, answers).n_people
    2.0
    """
    third = [None] * len(first) if decided is None else decided
    settled = [[one] if one == other else [one, other] for one, other in zip(first, second, strict=True)]
    differ = np.array([len(answers) > 1 for answers in settled])
    settled = [answers if last is None else [last] for answers, last in zip(settled, third, strict=True)]
    shares = np.array([np.mean([1 / (1 + len(each)) for each in answers]) for answers in settled])
    apart = np.array([abs(1 / (1 + len(one)) - 1 / (1 + len(other))) for one, other in zip(first, second, strict=True)])
    open_ = np.array([len(answers) > 1 for answers in settled])
    size, total = len(sample.records), sample.n_records
    difference = shares - prediction.shares[list(sample.records)]
    predicted = float(prediction.shares.sum())
    found = predicted + total * float(difference.mean())
    squares = float(((difference - difference.mean()) ** 2).sum())
    scale = total**2 * (1 - size / total) / size / (size - 1)
    error = _reviewer_error(int(differ.sum()), size, level)
    size_of_error = float(apart[differ].mean()) if differ.any() else 0.5
    disagreement = _clopper_pearson(int(differ.sum()), size, level)[1]
    widening = total * size_of_error * (error.upper**2 + disagreement * error.upper)
    widening += total / size * float(apart[open_].sum()) / 2
    half = float(stdtrit(size - 1, (1 + level) / 2)) * np.sqrt(scale * (squares + 0.5)) + widening
    return ReviewedSample(
        n_people=found,
        interval=Interval(max(found - half, 1.0), min(found + half, float(total)), level, "confidence"),
        variance=scale * squares,
        predicted=predicted,
        widening=widening,
        disagreements=int(differ.sum()),
        undecided=int(open_.sum()),
        reviewer_error=error,
        precision=_links(sample, prediction, settled, level, of_predicted=True),
        recall=_links(sample, prediction, settled, level, of_predicted=False),
        n_drawn=size,
        n_records=total,
    )


def _clopper_pearson(count: float, size: float, level: float) -> tuple[float, float]:
    """The interval of a share; counts need not be whole (Korn, Graubard 1998)."""
    below = (1 - level) / 2
    lower = float(betaincinv(count, size - count + 1, below)) if count > 0 else 0.0
    upper = float(betaincinv(count + 1, size - count, 1 - below)) if count < size else 1.0
    return lower, upper


def _reviewer_error(disagreements: int, size: int, level: float) -> SharePart:
    """The error probability of one reviewer, from the share of records on which two differ."""
    ends = disagreements / size, *_clopper_pearson(disagreements, size, level)
    value, lower, upper = ((1 - np.sqrt(max(1 - 2 * p, 0.0))) / 2 for p in ends)
    return SharePart(float(value), float(lower), float(upper), level)


def _links(
    sample: ReviewSample,
    prediction: Prediction,
    settled: Sequence[Sequence[frozenset[int]]],
    level: float,
    *,
    of_predicted: bool,
) -> SharePart:
    """Precision (links of the predicted clusters that are true) or recall (true ones that are predicted)."""
    clusters: dict[int, set[int]] = {}
    for record, person in enumerate(prediction.persons.tolist()):
        clusters.setdefault(person, set()).add(record)
    both, all_ = [], []
    for record, answers in zip(sample.records, settled, strict=True):
        linked = clusters[int(prediction.persons[record])] - {record}
        both.append(sum(len(linked & answer) for answer in answers) / len(answers))
        all_.append(len(linked) if of_predicted else sum(map(len, answers)) / len(answers))
    top, bottom = np.array(both), np.array(all_, dtype=float)
    if bottom.sum() == 0:
        return SharePart(float("nan"), 0.0, 1.0, level)
    ratio = float(top.sum() / bottom.sum())
    size = len(top)
    not_drawn = 1 - size / sample.n_records
    variance = not_drawn / size * float(np.var(top - ratio * bottom, ddof=1)) / float(bottom.mean()) ** 2
    with_links = int((bottom > 0).sum())
    effective = min(ratio * (1 - ratio) / variance, float(bottom.sum())) if variance > 0 else float(with_links)
    return SharePart(ratio, *_clopper_pearson(ratio * effective, effective, level), level)
