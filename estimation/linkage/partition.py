"""What the partition sampler gives: draws of the partition and of what it learned about the lists.

How much a coincidence counts
-----------------------------
Two records of one person show a value y once, two strangers show it twice.  How common y is is not known but estimated
from the other records, n_y of n with it, and under a Dirichlet prior with weight t on each value (a = n_y + t,
A = n + t V) two strangers have it with probability a (a + 1) / (A (A + 1)) and not (a / A)^2.  The ratio of one person
to two is therefore (A + 1) / (a + 1), and of one to m strangers

    prod over i = 1 .. m - 1 of (A + i) / (a + i).

A plug-in of a / A gives A / a instead: three times too much for a value that nobody else has (t = 1/2), in every such
field, and strangers with a rare name in common are believed to be one person.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["PartitionDraws"]


@dataclass(frozen=True, slots=True)
class PartitionDraws:
    """Draws from the posterior of the partition of R records into people, by several chains from opposite starts.

    Parameters
    ----------
    persons : (chains, draws, R) int32
        Which person each record is of: 0, 1, ... in the order of the first record of each.
    households : (chains, draws, R) int32
        Which household the person of each record is of, numbered likewise.
    error_rates : (J, F, 2) float64
        Posterior means of the probability that list j has field f wrong, by quality of the record (good, bad).
    error_levels : (F, 4) float64
        Posterior means of the level of an error; level 0 has 0.
    share_bad : (J,) float64
        Posterior means of the share of records of bad quality.
    duplicates : (J,) float64
        Posterior means of lambda, the rate of further records of a person on list j.
    reading_probability : (Q,) float64
        Posterior probability of each reading of each record.
    link_probability : (E,) float64
        Posterior probability that each candidate pair is one person.
    shared : (chains, draws, F) float64
        delta of each field by draw: how often a person has the value of the household.
    log_likelihood : (chains, draws) float64
        Log likelihood of the partition given parameters and hidden states, relative to all records alone.
    error_ends : (J, F, 2) float64
        Ends of the 95 % credible interval of the probability that list j has field f wrong, in records of any quality.
    """

    persons: NDArray[np.int32]
    households: NDArray[np.int32]
    error_rates: NDArray[np.float64]
    error_levels: NDArray[np.float64]
    share_bad: NDArray[np.float64]
    duplicates: NDArray[np.float64]
    reading_probability: NDArray[np.float64]
    link_probability: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    shared: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0, 0)))
    log_likelihood: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))
    error_ends: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0, 2)))

    @property
    def n_people(self) -> NDArray[np.int64]:
        """(chains, draws) People in each draw.  Unit: persons."""
        largest: NDArray[np.int32] = self.persons.max(axis=2)
        return largest.astype(np.int64) + 1
