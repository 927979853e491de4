r"""How far two people who reviewed the same pairs, blind to each other, agree: share of agreement and Cohen's kappa.

Let :math:`p_o` be the probability that both give the same answer and :math:`p_e` what it would be if they answered
independently with the same shares of "same".  Cohen's (1960) kappa is :math:`(p_o - p_e) / (1 - p_e)`.  It is computed
on the pairs that both decided; the share of agreement counts an answer of "unsure" as one of three.

The interval of kappa is that of the profile likelihood: the values for which twice the log likelihood ratio of the
2 x 2 table, maximised over the shares of "same" of both, is less than the quantile of :math:`\chi^2_1`.  It has
a length where all answers agree, unlike that of the standard error.  The interval of the share is Wilson's (1927).

References: Cohen (1960), Educational and Psychological Measurement 20:37-46; Wilson (1927), JASA 22:209-212.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import chi2, norm

from estimation.linkage.decisions import Decision, RecordKey, latest
from estimation.results.totals import Interval, checked_level

__all__ = ["Agreement", "agreements", "cohens_kappa", "kappa_interval"]

Table = tuple[int, int, int, int]
"""Pairs that both call the same, the first one alone, the second one alone, neither."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree.

    Parameters
    ----------
    reviewers : (str, str)
        Who they are.
    n_pairs : int
        Pairs of records that both answered.
    n_agreed : int
        Pairs on which they gave the same answer.
    share : Interval
        The 95 % interval of the share of agreement.
    n_decided : int
        Pairs that both decided, one way or the other.
    kappa : float, optional
        Cohen's kappa on these; None where all their answers are the same, so that it is not defined.
    kappa_interval : Interval, optional
        Its 95 % interval.
    """

    reviewers: tuple[str, str]
    n_pairs: int
    n_agreed: int
    share: Interval
    n_decided: int
    kappa: float | None
    kappa_interval: Interval | None

    def __str__(self) -> str:
        """As sentences."""
        one, other = self.reviewers
        percent = [100 * share for share in (self.n_agreed / self.n_pairs, self.share.lower, self.share.upper)]
        first = (
            f"{one} and {other} agree on {self.n_agreed:,} of {self.n_pairs:,} pairs "
            f"({percent[0]:.0f} %, {percent[1]:.0f} to {percent[2]:.0f} %)"
        )
        if self.kappa is None or self.kappa_interval is None:
            return f"{first}; kappa is not defined, since all answers are the same or none is decided"
        ends = f"{self.kappa_interval.lower:.2f} to {self.kappa_interval.upper:.2f}"
        return f"{first}; Cohen's kappa {self.kappa:.2f} ({ends}) on {self.n_decided:,} pairs"


def agreements(decisions: Iterable[Decision], *, level: float = 0.95) -> tuple[Agreement, ...]:
    """The agreement of every two reviewers who answered about one pair or more.

    Examples
    --------
    >>> from datetime import datetime
    >>> answers = [(row, who, "same" if row < 6 else "different") for row in range(2, 12) for who in ("A.", "B.")]
    >>> answers[0] = (2, "A.", "unsure")
    >>> decided = [
    ...     Decision(RecordKey("police", row), RecordKey("press", 2), answer, who, datetime(2026, 3, 1))
    ...     for row, who, answer in answers
    ... ]
    >>> print(agreements(decided)[0])
    A. and B. agree on 9 of 10 pairs (90 %, 60 to 98 %); Cohen's kappa 1.00 (0.57 to 1.00) on 9 pairs
    """
    answers: dict[str, dict[tuple[RecordKey, RecordKey], str]] = defaultdict(dict)
    for each in latest(decisions):
        answers[each.who][each.pair] = each.answer
    found = []
    for one, other in combinations(answers, 2):
        both = [(answers[one][pair], answers[other][pair]) for pair in answers[one] if pair in answers[other]]
        if both:
            found.append(_agreement((one, other), both, level))
    return tuple(found)


def _agreement(reviewers: tuple[str, str], both: list[tuple[str, str]], level: float) -> Agreement:
    agreed = sum(first == second for first, second in both)
    decided = [(first == "same", second == "same") for first, second in both if "unsure" not in (first, second)]
    cells = [(True, True), (True, False), (False, True), (False, False)]
    a, b, c, d = (decided.count(cell) for cell in cells)
    kappa = cohens_kappa((a, b, c, d))
    ends = kappa_interval((a, b, c, d), level=level) if kappa is not None else None
    return Agreement(reviewers, len(both), agreed, _wilson(agreed, len(both), level), len(decided), kappa, ends)


def _wilson(successes: int, n: int, level: float) -> Interval:
    z = float(norm.ppf(0.5 + checked_level(level) / 2))
    share = successes / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0), level, "confidence")


def cohens_kappa(table: Table) -> float | None:
    """Cohen's kappa of a 2 x 2 table; None where both always give the one and same answer.

    Parameters
    ----------
    table : (int, int, int, int)
        Pairs that both call the same, the first one alone, the second one alone, neither.

    Examples
    --------
    >>> round(cohens_kappa((20, 5, 10, 15)), 3), cohens_kappa((9, 0, 0, 0))
    (0.4, None)
    """
    n = sum(table)
    if not n:
        return None
    a, b, c, d = (count / n for count in table)
    expected = (a + b) * (a + c) + (c + d) * (b + d)
    return None if math.isclose(expected, 1.0) else (a + d - expected) / (1 - expected)


def kappa_interval(table: Table, *, level: float = 0.95) -> Interval:
    """The profile-likelihood interval of Cohen's kappa.

    Parameters
    ----------
    table : (int, int, int, int)
        As in `cohens_kappa`.
    level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        When kappa is not defined.
    """
    estimate = cohens_kappa(table)
    if estimate is None:
        raise ValueError(f"kappa of {table} is not defined: all answers are the same")
    allowed = float(chi2.ppf(checked_level(level), 1)) / 2
    best = _log_likelihood(np.array(table) / sum(table), table)

    def excess(kappa: float) -> float:
        return best - _profile(kappa, table) - allowed

    lower, upper = -1.0, 1.0
    if estimate > -1 and excess(-1 + 1e-6) > 0:
        lower = float(brentq(excess, -1 + 1e-6, estimate, xtol=1e-4)) if excess(estimate) < 0 else estimate
    if estimate < 1 and excess(1 - 1e-6) > 0:
        upper = float(brentq(excess, estimate, 1 - 1e-6, xtol=1e-4)) if excess(estimate) < 0 else estimate
    return Interval(lower, upper, level, "confidence")


def _profile(kappa: float, table: Table) -> float:
    """The largest log likelihood of a table with this kappa, over the shares of "same" of both reviewers."""
    n = sum(table)
    smoothed = [(table[0] + table[at] + 1) / (n + 2) for at in (1, 2)]
    middle = sum(smoothed) / 2
    starts = [smoothed, [middle, middle], [0.5, 0.5]]
    start = np.array([[math.log(share / (1 - share)) for share in shares] for shares in starts])

    def loss(logits: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        p, q = 1 / (1 + np.exp(-logits))
        by_coincidence = p * q + (1 - p) * (1 - q)
        agreed = kappa + (1 - kappa) * by_coincidence
        both = (agreed + p + q - 1) / 2
        return -_log_likelihood(np.array([both, p - both, q - both, 1 - p - q + both]), table)

    found = [minimize(loss, one, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8}) for one in start]
    return -min(float(one.fun) for one in found)


def _log_likelihood(shares: np.ndarray[tuple[int], np.dtype[np.float64]], table: Table) -> float:
    """In logs; a cell that cannot be and was seen makes it minus infinity, nearly."""
    if (shares < -1e-9).any():
        return -1e9
    return float(sum(count * math.log(max(share, 1e-12)) for count, share in zip(table, shares, strict=True) if count))
