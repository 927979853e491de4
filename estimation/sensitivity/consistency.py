r"""Consistency: does a model recover the number of people on each list, which is known, from the other lists?

Each list j in turn is treated as a population of known size n_j: only the people on j are used, j itself is left out,
and their number is estimated from the other lists.  Those of them who are on no other list are the unseen ones.  If a
model misses these known numbers, nothing supports its estimate of the unknown one; if it recovers them, it has only
shown that it can count the people of a list, and those are not the people on no list.

.. math:: b_j = \log(\hat N_j / n_j)

Symbols
-------
J : number of lists.   n_j : people on list j, the truth.   :math:`\hat N_j` : the model's median of N (for a classical
estimate, its point).   b_j : log relative bias; -0.17 is 16 % too few.

Reference: Binette, Steorts (2022), Journal of the Royal Statistical Society A.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model
from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.alternatives import Alternative, Change, Sensitivity, fit_baseline, fit_changes, parts_of
from estimation.sensitivity.finding import monte_carlo_sentence
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["ReferenceScores", "Scores", "consistency", "estimate_list_sizes", "known_size", "people_on", "score"]


@dataclass(frozen=True, slots=True)
class Scores:
    """How near a model came to known numbers, over the lists of one or several tables.

    The means are over the lists that the model could estimate; how many it could not stands beside them, because a
    model that gives no number where it is hard would look good otherwise.

    Parameters
    ----------
    mean : float or None
        Mean of the log relative biases b_j; None, as the three below, where no list could be estimated.
    sd : float or None
        Standard deviation of them; None also for one list.
    root_mean_square : float or None
        Root of the mean of their squares.
    median : float or None
        Median of them.
    n_covered : int
        Lists whose known size lies in the interval, its ends included.
    n_below, n_above : int
        Lists whose known size lies below, or above, the interval.
    n_not_estimable : int
        Lists for which the model gave no number.
    n_too_few : int
        Lists left out, because too few of their people are on other lists.
    level : float
        Level of the intervals.
    """

    mean: float | None
    sd: float | None
    root_mean_square: float | None
    median: float | None
    n_covered: int
    n_below: int
    n_above: int
    n_not_estimable: int
    n_too_few: int
    level: float

    @property
    def n_scored(self) -> int:
        """Lists that the means are over."""
        return self.n_covered + self.n_below + self.n_above

    @property
    def coverage(self) -> float | None:
        """Share of the scored lists whose known size lies in the interval; None where no list was scored."""
        return self.n_covered / self.n_scored if self.n_scored else None

    def __str__(self) -> str:
        missing = f"{self.n_not_estimable} not estimable, {self.n_too_few} left out because too few were seen"
        if self.mean is None or self.root_mean_square is None:
            return f"no list scored; {missing}"
        return (
            f"log relative bias {self.mean:+.2f} on average, root mean square {self.root_mean_square:.2f}; the "
            f"{self.level * 100:g} % interval covers {self.n_covered} of {self.n_scored} known sizes; {missing}"
        )


@dataclass(frozen=True, slots=True)
class ReferenceScores:
    """Scores that somebody published, shown beside our own and never mixed with them.

    Parameters
    ----------
    label : str
        Short name for a chart, for example ``"Sparse log-linear"``.
    source : str
        Full citation.
    mean, root_mean_square, coverage : float
        As in `Scores`.
    """

    label: str
    source: str
    mean: float
    root_mean_square: float
    coverage: float


def people_on(table: CaptureTable, name: str) -> CaptureTable:
    """The people on one list, as the other lists saw them.

    Those on no other list are not in the table: they are the unseen ones.  A list with none of these people is no
    evidence about them and is left out.

    Raises
    ------
    TableError
        When no list has that name, or there is no other list.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 9, "110": 5, "101": 3, "111": 2, "010": 7})
    >>> print(people_on(table, "A"))
    10 people on 2 lists (B 7, C 5), 3 distinct histories
    """
    on = table.patterns[:, table.index(name)]
    seen = CaptureTable(table.lists, table.patterns[on], table.counts[on], allow_twins=table.allow_twins)
    others = seen.drop([name])
    used = [other for other, size in zip(others.lists, others.list_sizes.tolist(), strict=True) if size > 0]
    return others.keep(used) if used else others


def consistency(
    table: CaptureTable,
    *,
    model: Model,
    rng: RandomState,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """Each list's known size beside the model's estimate of it from the other lists.

    The baseline is the model's result for the whole table, of which the truth is not known.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; at least two lists.
    model : Model
        The model to be tested.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

    Returns
    -------
    Sensitivity
        One alternative for each list, in their order: its label is the list, its value the known size in persons.

    Raises
    ------
    TableError
        When the table has one list only.

    References
    ----------
    Binette, Steorts (2022), Journal of the Royal Statistical Society A.

    Examples
    --------
    >>> from estimation.capture.datasets import load_table
    >>> from estimation.models.log_linear.one_model import LogLinear
    >>> found = consistency(load_table("australia"), model=LogLinear(), rng=1)
    >>> [(a.label, a.value, round(a.result.median)) for a in found.alternatives]
    [('A', 50.0, 19), ('B', 77.0, 74), ('C', 260.0, 69), ('D', 120.0, 20)]
    >>> print(score(found.alternatives, minimum_seen=30))  # doctest: +NORMALIZE_WHITESPACE
    log relative bias -0.68 on average, root mean square 0.93; the 95 % interval covers 1 of 2 known sizes;
    0 not estimable, 2 left out because too few were seen
    """
    generator = generator_of(rng)
    changes = _changes(table, model)
    first, others = parts_of(progress, len(changes), baseline)
    result = fit_baseline(table, model, rng=generator, workers=workers, baseline=baseline, progress=first)
    alternatives = fit_changes(changes, rng=generator, workers=workers, progress=others)
    return Sensitivity(
        question="Does the model recover the size of each list, which is known, from the other lists?",
        baseline=result,
        alternatives=alternatives,
        changed="people on one list (persons)",
        sentence=_finding(table, changes, alternatives),
    )


def estimate_list_sizes(
    table: CaptureTable, *, model: Model, rng: RandomState, workers: int = 1
) -> tuple[Alternative, ...]:
    """The alternatives of `consistency` alone, where the estimate for the whole table is not wanted.

    Examples
    --------
    >>> from estimation.capture.datasets import load_table
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> sizes = estimate_list_sizes(load_table("australia"), model=ChaoLowerBound(), rng=1)
    >>> [(one.label, one.value, round(one.result.median)) for one in sizes]
    [('A', 50.0, 19), ('B', 77.0, 89), ('C', 260.0, 87), ('D', 120.0, 20)]
    """
    return fit_changes(_changes(table, model), rng=generator_of(rng), workers=workers)


def _changes(table: CaptureTable, model: Model) -> list[Change]:
    sizes = zip(table.lists, table.list_sizes.tolist(), strict=True)
    return [Change(name, float(size), people_on(table, name), model) for name, size in sizes]


def score(sizes: Iterable[Alternative], *, minimum_seen: int = 0, level: float = 0.95) -> Scores:
    """How near a model came to the known sizes of lists.

    Parameters
    ----------
    sizes : iterable of Alternative
        From `consistency`, for one table or for several: known sizes with the model's estimates.
    minimum_seen : int
        Lists with fewer people on other lists are left out, and counted.  Unit: persons.
    level : float
        Level of the intervals.

    Raises
    ------
    ValueError
        When a classical estimate has no interval at the level, or a known size is no single number.
    """
    given = list(sizes)
    enough = [one for one in given if one.result.n_observed >= minimum_seen]
    biases, places = [], []
    for one in enough:
        if isinstance(one.result, Estimate):
            interval, known = one.result.interval(level), known_size(one)
            biases.append(np.log(one.result.median / known))
            places.append(-1 if known < interval.lower else 1 if known > interval.upper else 0)
    b = np.array(biases)
    return Scores(
        mean=float(b.mean()) if b.size else None,
        sd=float(b.std(ddof=1)) if b.size > 1 else None,
        root_mean_square=float(np.sqrt((b**2).mean())) if b.size else None,
        median=float(np.median(b)) if b.size else None,
        n_covered=places.count(0),
        n_below=places.count(-1),
        n_above=places.count(1),
        n_not_estimable=len(enough) - len(places),
        n_too_few=len(given) - len(enough),
        level=level,
    )


def known_size(alternative: Alternative) -> float:
    """n_j, the true size of a list.  Unit: persons.

    Raises
    ------
    ValueError
        When the alternative's value is no single positive number, so that it is not from `consistency`.
    """
    value = alternative.value
    if isinstance(value, tuple) or not value > 0:
        raise ValueError(f"{alternative.label}: the known size is {value}; it must be a number of persons above 0")
    return value


def _finding(table: CaptureTable, changes: Sequence[Change], sizes: Sequence[Alternative]) -> str:
    """How many list sizes the intervals cover, the extremes, and which lists could not be used for whom."""
    ratios = [(one.result.median / known_size(one), one) for one in sizes if isinstance(one.result, Estimate)]
    missing = ", ".join(one.label for one in sizes if not isinstance(one.result, Estimate))
    unused = [
        f"{', '.join(name for name in table.lists if name not in (*c.table.lists, c.label))} (for {c.label})"
        for c in changes
        if 0 < len(c.table.lists) < len(table.lists) - 1
    ]
    sentences = []
    if ratios:
        found = score(sizes)
        least, most = min(ratios, key=lambda pair: pair[0]), max(ratios, key=lambda pair: pair[0])
        lowest = f"{least[0]:.2f} times the true size ({least[1].label})"
        reach = f"The estimate is {lowest}."
        if len(ratios) > 1:
            reach = f"The estimates range from {lowest} to {most[0]:.2f} times ({most[1].label})."
        estimated = f" that have an estimate, of {len(sizes)}" if missing else ""
        covered = f"covers {found.n_covered} of {found.n_scored} known list sizes{estimated}"
        sentences.append(f"The {found.level * 100:g} % interval {covered}. {reach}")
        sentences += monte_carlo_sentence(sizes)
    if missing:
        sentences.append(f"Not estimable: {missing}.")
    if unused:
        sentences.append(f"Left out, because none of the people counted are on them: {'; '.join(unused)}.")
    return " ".join(sentences)
