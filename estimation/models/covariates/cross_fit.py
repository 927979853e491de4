"""Cross-fitting: the probabilities at a person's covariates come from a fit on people of other folds.

Without it a flexible fit follows the very people whose influence is then taken, and the bias has a first-order part
again (Chernozhukov and others 2018, Econometrics Journal 21:C1-C68).  How people fall into folds is chance, so that it
is done several times: N is the median over these splits, and its variance the median of var_s + (N_s - N)^2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from estimation.capture.table import FloatArray, IntArray
from estimation.models.covariates.features import features_of
from estimation.models.covariates.folds import dealt
from estimation.models.covariates.influence import Influences, influence, truncated
from estimation.models.covariates.learners import Fitting, LearnerName, Sample, history_probabilities
from estimation.models.covariates.missing_covariates import with_missing
from estimation.models.covariates.people import People
from estimation.work.progress import Progress
from estimation.work.threads import in_threads

__all__ = ["Crossed", "cross_fitted", "single_fit"]


@dataclass(frozen=True, slots=True)
class Crossed:
    """One split of the people into folds, and the probabilities fitted for each.

    Parameters
    ----------
    people : People
        Everybody.
    rows : int array, shape (U,)
        Which row of ``people`` each kind of people of one fold is, covariates all known.
    counts : int array, shape (U,)
        How many they are.  Unit: persons.
    q : float array, shape (U, W)
        Probability of each history at their covariates, before truncation.
    pi : float array, shape (C,)
        The probability that all covariates are known, of each row of ``people``.
    """

    people: People
    rows: IntArray
    counts: IntArray
    q: FloatArray
    pi: FloatArray

    def influences(self, truncation: float, xi: float) -> Influences:
        """What each kind of people adds to N where even histories have no probability below ``truncation``."""
        phi = influence(truncated(self.q, truncation), self.people.history[self.rows], xi)
        added, counts = with_missing(phi, self.people, self.rows, self.counts, self.pi)
        return Influences(added, counts, self.people.beside)

    @property
    def all_rows(self) -> IntArray:
        """The row of ``people`` of each kind in `influences`: those of whom all is known, then the others."""
        return np.concatenate([self.rows, np.flatnonzero(~self.people.known)])


def cross_fitted(
    people: People,
    pi: FloatArray,
    numeric: tuple[bool, ...],
    learner: LearnerName,
    fitting: Fitting,
    *,
    folds: int,
    splits: int,
    rng: np.random.Generator,
    workers: int,
    progress: Progress,
) -> list[Crossed]:
    """The probabilities of the histories, fitted for each person on people of other folds; once for each split.

    Parameters
    ----------
    people : People
        Everybody.
    pi : float array, shape (C,)
        As in `Crossed`.
    numeric : tuple of bool
        Which covariates are numbers.
    learner, fitting
        As in `estimation.models.covariates.learners.history_probabilities`.
    folds, splits : int
        Folds, and how often people are dealt into them.
    rng : numpy.random.Generator
        The only source of randomness; each fold has a generator of its own.
    workers : int
        Threads; changes no number.
    progress : callable
        Receives the share of the fits that are done.
    """
    known = np.flatnonzero(people.known)
    features = features_of(people.codes[known], people.values, numeric)
    history, counts, weights = people.history[known], people.counts[known], 1 / pi[known]
    n_histories = (1 << len(people.lists)) - 1
    generators = rng.spawn(splits)
    parts = [dealt(history, counts, folds, generator) for generator in generators]
    jobs = [
        (part[:, fold], counts - part[:, fold], generator)
        for part, own in zip(parts, generators, strict=True)
        for fold, generator in enumerate(own.spawn(folds))
    ]

    def fit(job: tuple[IntArray, IntArray, np.random.Generator]) -> tuple[IntArray, FloatArray]:
        out, rest, generator = job
        rows = np.flatnonzero(out)
        sample = Sample(features, history, rest, weights, n_histories)
        with threadpool_limits(1, user_api="openmp"):  # of this thread; sums in another order are other numbers
            return rows, history_probabilities(learner, fitting, sample, rows, generator)

    fitted = in_threads(fit, jobs, workers, progress=progress)
    found = []
    for split, part in enumerate(parts):
        own = fitted[split * folds : (split + 1) * folds]
        numbers = np.concatenate([part[rows, fold] for fold, (rows, _) in enumerate(own)])
        rows = known[np.concatenate([rows for rows, _ in own])]
        found.append(Crossed(people, rows, numbers, np.concatenate([q for _, q in own]), pi))
    return found


def single_fit(people: People) -> Crossed:
    """Without covariates: each history has the share of people that it has, for everybody."""
    rows = np.arange(len(people.counts))
    return Crossed(people, rows, people.counts, people.shares, np.ones(len(rows)))
