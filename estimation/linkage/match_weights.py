"""What it says for or against two records being one person's that a field agrees or differs, in bits.

For a field with the error rates e_j of the lists and levels q_l of an error, two records of one person, on different
lists, agree with probability m_0 and differ at level l with m_l; those of two different people do so with u_l:

    m_0 = mean over pairs of lists of (1 - e_j)(1 - e_k),   m_l = (1 - m_0) q_l,   weight_l = log2(m_l / u_l)

u_l is counted over pairs of people, each by the first record that has the field.  A rare value says more than a common
one: u_0 for one value is how many other people have it, or one that can be the same.  The linkage itself
does not add these weights; it compares all records of a person with the person's true values.

Reference: Fellegi, Sunter (1969), Journal of the American Statistical Association 64:1183-1210.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import log2

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import MISSING, EncodedField, EncodedRecords
from estimation.linkage.fitted_errors import FittedErrors

__all__ = ["LEVEL_NAMES", "MatchWeights", "chance_agreement", "chance_levels", "match_weights"]

LEVEL_NAMES = ("agrees", "one small difference", "a larger difference", "anything else")
"""What the levels of a comparison are called."""

_RARE, _COMMON = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class MatchWeights:
    """Weights of each field.

    Parameters
    ----------
    fields : tuple of str, length F
        The fields.
    weights : tuple of mappings of int to float
        For each field the weight of each level that it has and at which some two people are.  Unit: bits.
    agreement : tuple of (float, float)
        For each field the weight of agreement on a common and on a rare value.  Unit: bits.
    """

    fields: tuple[str, ...]
    weights: tuple[dict[int, float], ...]
    agreement: tuple[tuple[float, float], ...]


def match_weights(errors: FittedErrors) -> MatchWeights | None:
    """The weights that fitted errors stand for; None where it is not known how often different people agree.

    Examples
    --------
    >>> rates = (((0.1, 0.1),), ((0.1, 0.1),))
    >>> errors = FittedErrors(
    ...     ("a", "b"), ("given",), rates, ((0.0, 0.5, 0.3, 0.2),), (0.0, 0.0), (0.0, 0.0), (),
    ...     ((0.01, 0.01, 0.08, 0.9),), ((0.001, 0.05),)
    ... )
    >>> [round(weight, 1) for weight in match_weights(errors).weights[0].values()]
    [6.3, 3.2, -0.5, -4.6]
    """
    if not errors.chance_levels:
        return None
    rates = np.array(errors.error_rate)
    pairs = list(combinations(range(len(errors.lists)), 2)) or [(0, 0)]
    weights, agreement = [], []
    for f in range(len(errors.fields)):
        right = float(np.mean([(1 - rates[j, f]) * (1 - rates[k, f]) for j, k in pairs]))
        chance, levels = errors.chance_levels[f], errors.error_levels[f]
        same = (right, *((1 - right) * share for share in levels[1:]))
        weights.append({level: log2(m / chance[level]) for level, m in enumerate(same) if m > 0 and chance[level] > 0})
        rare, common = errors.chance_agreement[f]
        agreement.append((log2(right / common), log2(right / rare)))
    return MatchWeights(errors.fields, tuple(weights), tuple(agreement))


def chance_levels(encoded: EncodedRecords, persons: NDArray[np.int32]) -> tuple[tuple[float, ...], ...]:
    """How often the values of two different people are at each level; shape (F, 4).

    A level at which no two people are has 0: what such a difference says of two records is not known.

    Parameters
    ----------
    encoded : EncodedRecords
        The records.
    persons : (R,) int32
        A draw of who is the same person.
    """
    return tuple(_levels(field, _one_value_each(encoded, persons, f)) for f, field in enumerate(encoded.fields))


def chance_agreement(encoded: EncodedRecords, persons: NDArray[np.int32]) -> tuple[tuple[float, float], ...]:
    """How often another person has what can be a person's value, where that is rare and where common; shape (F, 2)."""
    found = []
    for f, field in enumerate(encoded.fields):
        values = _one_value_each(encoded, persons, f)
        counts = np.bincount(values, minlength=field.near.n_values)
        can_be = counts + field.near.around(counts, 0)
        others = (can_be[values] - 0.5) / max(len(values) - 1 + 0.5 * (counts > 0).sum(), 1.0)
        ends = np.quantile(others, [_RARE, _COMMON]) if len(values) else np.ones(2)
        found.append((float(ends[0]), float(ends[1])))
    return tuple(found)


def _one_value_each(encoded: EncodedRecords, persons: NDArray[np.int32], f: int) -> NDArray[np.int64]:
    """One value of a field for each person of whom a record gives it, as it is written first."""
    codes = encoded.codes[encoded.reading_starts[:-1], f].astype(np.int64)
    given = np.flatnonzero(codes != MISSING)
    _, first = np.unique(persons[given], return_index=True)
    values: NDArray[np.int64] = codes[given[first]]
    return values


def _levels(field: EncodedField, values: NDArray[np.int64]) -> tuple[float, ...]:
    """The share of pairs of values at each level, half a pair added; 0 where no two people are at it but agreement."""
    near = field.near
    counts = np.bincount(values, minlength=near.n_values).astype(np.float64)
    of = np.repeat(np.arange(near.n_values), np.diff(near.starts))
    apart = counts[of] * counts[near.neighbours] / 2
    pairs = np.bincount(near.levels, weights=apart, minlength=4).astype(np.float64)
    pairs[0] += (counts * (counts - 1) / 2).sum()
    n = float(len(values))
    pairs[3] = max(n * (n - 1) / 2 - pairs[:3].sum(), 0.0)
    has = np.array(field.has_level, dtype=np.float64)
    shares = (pairs + 0.5) * has * ((pairs > 0) | (np.arange(4) == 0))
    return tuple((shares / shares.sum()).tolist())
