"""People dealt into folds: not kinds of people, so that a result has the law of one made person by person."""

from __future__ import annotations

import numpy as np

from estimation.capture.table import IntArray

__all__ = ["dealt"]


def dealt(history: IntArray, counts: IntArray, folds: int, rng: np.random.Generator) -> IntArray:
    """How many people of each row are in each fold; each history is spread over the folds as evenly as can be.

    Parameters
    ----------
    history : int array, shape (C,)
        Of each row.
    counts : int array, shape (C,)
        People of each row.  Unit: persons.
    folds : int
        Their number, F.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    int array, shape (C, F)
        Every way to deal the people of a history into folds of the same sizes is as probable as another: the counts
        of a row are multivariate hypergeometric.

    Examples
    --------
    >>> parts = dealt(np.array([1, 1, 2]), np.array([7, 3, 5]), 5, np.random.default_rng(1))
    >>> parts.sum(axis=1).tolist(), (parts[0] + parts[1]).tolist(), parts[2].tolist()
    ([7, 3, 5], [2, 2, 2, 2, 2], [1, 1, 1, 1, 1])
    """
    people = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    people = people[np.argsort(history[people], kind="stable")]
    parts = np.zeros((len(counts), folds), dtype=np.int64)
    np.add.at(parts, (people, np.arange(len(people)) % folds), 1)
    return parts
