r"""Which questions about pairs of records would tell most about the number of people, or about N.

Let :math:`f_d` be the quantity in draw d of the partition (the people, or the number of people that a model makes of
the table of that draw) and :math:`z_d` whether two groups of records are one person in it.  Knowing z removes

.. math:: \operatorname{Var} E[f \mid z] = p (1 - p) \bigl( E[f \mid z = 1] - E[f \mid z = 0] \bigr)^2

of the variance of f, p being the probability that they are one person: the value of that piece of information under
squared loss (Raiffa, Schlaifer 1961).  It is the part of the variance that the regression of f on z explains, so that
questions are chosen one after another, each for what it explains beyond those before it: among three records of which
two pairs are known, the third pair tells nothing.

Records that are together in at least 99 % of the draws are one group, and a question is about two groups: a pair of
records, or a record and a cluster.  Shares are adjusted for what coincidence alone explains, one draw a question.

Reference: Raiffa, Schlaifer (1961), Applied Statistical Decision Theory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.pairs import pair_probabilities

__all__ = ["ReviewQuestion", "review_questions"]

_TOGETHER = 0.99
_AT_ONCE = 4096
_MOST_WEIGHED = 2000
"""Questions that are weighed against each other, the best ones by themselves."""


@dataclass(frozen=True, slots=True)
class ReviewQuestion:
    """Whether two groups of records are one person.

    Parameters
    ----------
    first, second : tuple of int
        The records of either group, by their place among the linkable ones.
    probability : float
        The probability that they are, by the draws; a reviewer must not see it.
    share : float
        Share of the variance of the quantity that the answer alone would remove.
    share_so_far : float
        Share that the answers to this and all questions before it would remove, adjusted for chance.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    probability: float
    share: float
    share_so_far: float


def review_questions(
    persons: NDArray[np.int32], quantity: NDArray[np.float64], *, most: int = 50
) -> tuple[ReviewQuestion, ...]:
    """The questions that remove most of the variance of a quantity, the best first.

    Parameters
    ----------
    persons : (D, R) int32
        The person of each record in each draw.
    quantity : (D,) float64
        What is to be known: the people, or N, of each draw.  Unit: persons.
    most : int
        Questions at most.

    Returns
    -------
    tuple of ReviewQuestion
        Where the quantity is the same in all draws, the least certain pairs first.

    Raises
    ------
    ValueError
        When there is not one number a draw.

    Examples
    --------
    >>> apart = np.array([[0, 0, 1, 2], [0, 1, 2, 3]] * 20, dtype=np.int32)
    >>> best = review_questions(apart, apart.max(axis=1) + 1.0)[0]
    >>> best.first, best.second, best.probability, round(best.share_so_far, 6)
    ((0,), (1,), 0.5, 1.0)
    """
    if quantity.shape != persons.shape[:1]:
        raise ValueError(f"{persons.shape[0]} draws, but numbers of shape {quantity.shape}; give one a draw")
    group_of, leaders = _groups(persons)
    first, second = _open_pairs(persons, group_of, leaders)
    if not len(first):
        return ()
    probability, gain = _by_themselves(persons, quantity, leaders[first], leaders[second])
    order = np.lexsort((-probability * (1 - probability), -gain.round(12)))[:_MOST_WEIGHED]
    chosen = _one_after_another(persons, quantity, leaders[first[order]], leaders[second[order]], most)
    members = _members(group_of, len(leaders))
    return tuple(
        ReviewQuestion(
            members[first[order[at]]],
            members[second[order[at]]],
            float(probability[order[at]]),
            float(gain[order[at]]),
            so_far,
        )
        for at, so_far in chosen
    )


def _groups(persons: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The group of each record, and the first record of each group."""
    found = pair_probabilities(persons)
    leader = np.arange(persons.shape[1])
    for one, other in zip(
        found.first[found.probability >= _TOGETHER].tolist(),
        found.second[found.probability >= _TOGETHER].tolist(),
        strict=True,
    ):
        a, b = _root(leader, one), _root(leader, other)
        leader[max(a, b)] = min(a, b)
    roots = np.array([_root(leader, at) for at in range(len(leader))])
    leaders, group_of = np.unique(roots, return_inverse=True)
    return group_of.astype(np.int64), leaders.astype(np.int64)


def _root(leader: NDArray[np.int64], at: int) -> int:
    while leader[at] != at:
        leader[at] = leader[leader[at]]
        at = int(leader[at])
    return at


def _open_pairs(
    persons: NDArray[np.int32], group_of: NDArray[np.int64], leaders: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of groups that are one person in some draws."""
    found = pair_probabilities(persons[:, leaders])
    undecided = (found.probability > 0) & (found.probability < 1)
    return found.first[undecided], found.second[undecided]


def _members(group_of: NDArray[np.int64], n_groups: int) -> list[tuple[int, ...]]:
    members: list[list[int]] = [[] for _ in range(n_groups)]
    for record, group in enumerate(group_of.tolist()):
        members[group].append(record)
    return [tuple(each) for each in members]


def _by_themselves(
    persons: NDArray[np.int32], quantity: NDArray[np.float64], one: NDArray[np.int64], other: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The probability of each pair and the share of the variance that it explains alone."""
    centred = quantity - quantity.mean()
    total = float(centred @ centred)
    n_draws = len(persons)
    probability, gain = np.zeros(len(one)), np.zeros(len(one))
    for start in range(0, len(one), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        linked = persons[:, one[part]] == persons[:, other[part]]
        share = linked.mean(axis=0)
        probability[part] = share
        if total > 0:
            gain[part] = (centred @ linked) ** 2 / (n_draws * share * (1 - share)) / total
    return probability, gain


def _one_after_another(
    persons: NDArray[np.int32],
    quantity: NDArray[np.float64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    most: int,
) -> list[tuple[int, float]]:
    """Questions by forward selection, each with the adjusted share that all up to it explain."""
    n_draws = len(quantity)
    left = quantity - quantity.mean()
    total = float(left @ left)
    if total == 0:
        return [(at, 0.0) for at in range(min(most, len(one)))]
    linked = (persons[:, one] == persons[:, other]).astype(np.float64)
    linked -= linked.mean(axis=0)
    chosen: list[tuple[int, float]] = []
    is_open = np.ones(len(one), dtype=np.bool_)
    while len(chosen) < min(most, n_draws - 2) and is_open.any():
        norms = np.einsum("dp,dp->p", linked, linked)
        is_open &= norms > 1e-9 * n_draws
        gains = np.where(is_open, (left @ linked) ** 2 / np.where(is_open, norms, 1.0), -1.0)
        best = int(gains.argmax())
        if not is_open[best] or gains[best] < 2 * total / n_draws:
            break
        direction = linked[:, best] / np.sqrt(norms[best])
        left = left - direction * (direction @ left)
        linked -= np.outer(direction, direction @ linked)
        is_open[best] = False
        explained = 1 - float(left @ left) / total
        n_free = n_draws - len(chosen) - 2
        chosen.append((best, max(1 - (1 - explained) * (n_draws - 1) / n_free, 0.0)))
    return chosen
