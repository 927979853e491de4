"""A Bayesian model as a Markov chain over completed tables: what drawing missing labels jointly needs of a model.

A stratum with parameters theta has history w with probability p(w | theta), and p(0 | theta) of no list.  Labels are
drawn given f(w) = p(w | theta) / (1 - p(0 | theta)), the probability of history w among the people observed
(`estimation.strata.joint_labels` has why), so that a model has to give, again and again,

- theta, by a transition that leaves p(theta | completed table) as it is, from where it was before;
- f(w) for the histories that anybody of the stratum may have;
- n_0, drawn from p(n_0 | theta, completed table): negative binomial (n, 1 - p(0)) under p(N) proportional to 1/N.

That prior on N is what makes people join a stratum in proportion to the people already in it.  A model in which people
are Poisson has none; it gives the mean number of people observed, by which people join it instead.

Symbols
-------
C : histories that anybody of the stratum may have.   n : people of the completed table.   n_0 : people on no list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray

__all__ = ["MOST_UNSEEN", "CellDraw", "CellSampler", "HasCellSampler", "UnboundedError", "places_of", "starting_unseen"]

MOST_UNSEEN = 1e12
"""A mean of n_0 above this says that the posterior of N is improper.  Unit: persons."""


class UnboundedError(Exception):
    """A draw of n_0 exceeds any number of persons: the completed table does not bound it."""


class CellDraw(NamedTuple):
    """One state of the model of a stratum.

    Parameters
    ----------
    unseen : int
        n_0.  Unit: persons.
    log_seen : float array, shape (C,)
        log f(w) of each history.
    expected : float, optional
        Mean number of people observed, of a model in which they are Poisson; None under p(N) proportional to 1/N.
        Unit: persons.
    """

    unseen: int
    log_seen: FloatArray
    expected: float | None = None


class CellSampler(Protocol):
    """The model of one stratum, in a state."""

    def draw(self, counts: IntArray) -> CellDraw:
        """The next state given a completed table.

        Parameters
        ----------
        counts : int array, shape (C,)
            People with each of the histories; 0 where nobody has it now.  Unit: persons.

        Raises
        ------
        UnboundedError
            When the mean of n_0 exceeds `MOST_UNSEEN`.
        """
        ...


@runtime_checkable
class HasCellSampler(Protocol):
    """A Bayesian model whose strata can have their missing labels drawn jointly."""

    def cell_sampler(
        self, lists: Sequence[str], histories: BoolArray, counts: IntArray, *, rng: np.random.Generator, spread: float
    ) -> CellSampler:
        """The model of one stratum, ready to be drawn from.

        Parameters
        ----------
        lists : sequence of str, length J
            The lists of the stratum.
        histories : bool array, shape (C, J)
            The different histories that anybody of the stratum may have.
        counts : int array, shape (C,)
            People with each of them in a first completed table.  Unit: persons.
        rng : numpy.random.Generator
            The only source of randomness, of all draws to come too.
        spread : float
            From 0 to 1: this chain's place among the starting points.

        Raises
        ------
        SettingError
            When a setting keeps the model from it, for example another prior on N.
        """
        ...


def places_of(histories: BoolArray) -> IntArray:
    """The place of each history among the 2^J cells, as `CaptureTable.cells` orders them.

    Examples
    --------
    >>> places_of(np.array([[True, False], [True, True]])).tolist()
    [1, 3]
    """
    places: IntArray = histories.astype(np.int64) @ (1 << np.arange(histories.shape[1], dtype=np.int64))
    return places


def starting_unseen(n_observed: int, spread: float) -> int:
    """n_0 to begin with, from a tenth of the people observed to 30 times as many.  Unit: persons.

    Examples
    --------
    >>> starting_unseen(200, 0.0), starting_unseen(200, 1.0)
    (20, 6000)
    """
    return round(float(0.1 * 300.0**spread * n_observed))
