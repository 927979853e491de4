"""N before and after the lists are seen, for any Bayesian model: what its prior says of N/n, and what the lists add.

Where p(N) is proportional to 1/N, N has no prior draws of its own.  Given only n, and nothing about the lists, it has:
with rho the probability of being on no list, p(n | rho) = sum over N of p(N) binom(N, n) (1 - rho)^n rho^(N - n) = 1/n
whatever rho is, so rho keeps its prior, and n_0 given rho is negative binomial (n, 1 - rho).  E = 1 / (1 - rho) is the
expansion factor.  A model with another prior on N says in its own words how it draws.

Practical identifiability: where the posterior of N is close to this prior, the estimate comes from the prior and not
from the lists.  The measure is the prior-posterior overlap, sum min(prior, posterior) over bins that the prior fills
equally: 0 when the two have nothing in common, 1 when the lists added nothing; it is the same for N, log N and N / n.
With B bins it cannot fall below 1/B.

References: Gabry and others (2019), J. R. Stat. Soc. A 182:389-402, for prior predictive draws; Inman, Bradley (1989)
for the overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.results.estimates import ResultTable
from estimation.results.totals import Draws, Grid, Point
from estimation.work.seeds import RandomState

__all__ = [
    "PRIOR_AND_POSTERIOR",
    "HasPrior",
    "UnderPrior",
    "beside_its_prior",
    "log_beta_draws",
    "overlap",
    "prior_and_posterior",
    "prior_and_posterior_in_short",
    "prior_note",
    "prior_total_draws",
]

PRIOR_AND_POSTERIOR = "Prior and posterior of N/n"
"""Title of the table; commands, charts and reports find it by this."""

_QUANTILES = (0.025, 0.5, 0.975)
_BINS = 40
_MUCH, _MOST = 0.5, 0.8
"""Above these prior-posterior overlaps a note says how little the lists have added."""
_LARGEST = 10_000
"""An expansion factor above this is no longer a number to be read."""
_IMPROPER = (
    "The prior is improper even once it is known how many people are observed, so before the lists it says nothing of "
    "the expansion factor N/n that could be compared with the answer."
)
_MOST_TOTAL = 1e15
"""Totals are cut here, so that they stay whole numbers; only a prior of tiny capture probabilities reaches it."""


@runtime_checkable
class HasPrior(Protocol):
    """A Bayesian model that says what its prior makes of N once only n is known."""

    def prior_total(self, table: CaptureTable, *, rng: RandomState, draws: int = 4000) -> IntArray | None:
        """Draws of N given only how many people are observed, and on how many lists, shape (draws,).  Unit: persons.

        None where the prior is improper even then, and says nothing of N.

        Parameters
        ----------
        table : CaptureTable
            Who was seen by which lists.
        rng : int, SeedSequence or Generator
            The only source of randomness.
        draws : int
            How many draws.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class UnderPrior:
    """One prior, with what the lists make of it.

    Parameters
    ----------
    label : str
        The prior in a few words.
    before : int array, shape (draws,)
        N given only how many people are observed.  Unit: persons.
    total : Draws, Grid or None
        The posterior of N, or None where there is no estimate.
    """

    label: str
    before: IntArray
    total: Draws | Grid | None


def log_beta_draws(
    rng: np.random.Generator, a: FloatArray | float, b: FloatArray | float, shape: tuple[int, ...] | None = None
) -> FloatArray:
    """Logarithms of Beta(a, b) draws; by way of log Gammas, so that none is the logarithm of 0.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of randomness.
    a, b : float or float array
        The numbers of the Beta.
    shape : tuple of int, optional
        Shape of the draws; by default that of ``a``.
    """
    shape = np.shape(a) if shape is None else shape
    log_x = np.log(rng.standard_gamma(np.add(a, 1), shape)) - rng.standard_exponential(shape) / a
    log_y = np.log(rng.standard_gamma(np.add(b, 1), shape)) - rng.standard_exponential(shape) / b
    found: FloatArray = log_x - np.logaddexp(log_x, log_y)
    return found


def beside_its_prior(
    model: object, table: CaptureTable, total: Draws | Grid | Point, rng: np.random.Generator
) -> tuple[tuple[str, ...], tuple[ResultTable, ...]]:
    """The note and the table on its prior that stand beside a Bayesian estimate; nothing for a classical one.

    Parameters
    ----------
    model : Model
        What was fitted.
    table : CaptureTable
        What it was fitted to.
    total : Draws, Grid or Point
        What is known about N.
    rng : numpy.random.Generator
        A generator is spawned from it, so that it is left as it was.
    """
    if isinstance(total, Point) or not isinstance(model, HasPrior):
        return (), ()
    before = model.prior_total(table, rng=rng.spawn(1)[0])
    if before is None:
        return (_IMPROPER,), ()
    row = UnderPrior("as stated (this estimate)", before, total)
    return (prior_note(row, table.n_observed),), (prior_and_posterior([row], table.n_observed),)


def prior_total_draws(expansion: FloatArray, n_observed: int, *, rng: np.random.Generator) -> IntArray:
    """Draws of N given only how many people are observed, one for each draw of the expansion factor.  Unit: persons.

    Parameters
    ----------
    expansion : float array, shape (draws,)
        Draws of the expansion factor from its prior.
    n_observed : int
        People observed.  Unit: persons.
    rng : numpy.random.Generator
        The only source of randomness.

    Examples
    --------
    >>> prior_total_draws(np.array([1.0, 2.0]), 100, rng=np.random.default_rng(1)).tolist()
    [100, 197]
    """
    mean = rng.standard_gamma(n_observed, expansion.size) * (expansion - 1)
    unseen = rng.poisson(np.minimum(mean, _MOST_TOTAL))
    return n_observed + unseen.astype(np.int64)


def overlap(before: IntArray, total: Draws | Grid) -> float:
    """The prior-posterior overlap, 0 to 1.

    Examples
    --------
    >>> before = np.arange(1000)
    >>> overlap(before, Draws(before[None, :])), overlap(before, Draws(np.full((1, 50), 3)))
    (1.0, 0.025)
    """
    inner = np.unique(np.quantile(before, np.linspace(0, 1, _BINS + 1)[1:-1]))
    after = total.values.reshape(-1)
    weights = total.probabilities if isinstance(total, Grid) else np.full(after.size, 1 / after.size)
    shares = [
        np.bincount(np.searchsorted(inner, values, side="left"), weights=weight, minlength=inner.size + 1)
        for values, weight in ((before, np.full(before.size, 1 / before.size)), (after, weights))
    ]
    return round(float(np.minimum(*shares).sum()), 4)


def prior_and_posterior(rows: Sequence[UnderPrior], n_observed: int) -> ResultTable:
    """The expansion factor before and after the lists are seen, a row for each prior, the model's own first.

    Parameters
    ----------
    rows : sequence of UnderPrior
        The priors.
    n_observed : int
        People observed.  Unit: persons.
    """
    columns = (
        "prior",
        *(f"{when}, N/n {which}" for when in ("prior", "posterior") for which in ("2.5 %", "median", "97.5 %")),
        "prior-posterior overlap",
    )
    return ResultTable(
        PRIOR_AND_POSTERIOR,
        columns,
        tuple(
            (
                row.label,
                *(_factor(q / n_observed) for q in np.quantile(row.before, _QUANTILES).tolist()),
                *(
                    ("not estimable",) * 4
                    if row.total is None
                    else (
                        *(_factor(row.total.quantile(q) / n_observed) for q in _QUANTILES),
                        overlap(row.before, row.total),
                    )
                ),
            )
            for row in rows
        ),
    )


def prior_and_posterior_in_short(table: ResultTable) -> tuple[tuple[str, str, str, str], ...]:
    """The rows of the table as text: prior; median and interval before the lists; after them; overlap.

    Examples
    --------
    >>> row = UnderPrior("flat", np.array([100, 200, 300]), Draws(np.full((1, 9), 200)))
    >>> prior_and_posterior_in_short(prior_and_posterior([row], 100))
    (('flat', '2 (1.05 to 2.95)', '2 (2 to 2)', '33%'),)
    """

    def written(cells: tuple[str | int | float, ...]) -> str:
        if "not estimable" in cells:
            return "not estimable"
        lower, median, upper = (cell if isinstance(cell, str) else f"{cell:.3g}" for cell in cells)
        return f"{median} ({lower} to {upper})"

    return tuple(
        (
            str(row[0]),
            written(row[1:4]),
            written(row[4:7]),
            "–" if isinstance(row[7], str) else f"{row[7]:.0%}",
        )
        for row in table.rows
    )


def _factor(value: float) -> float | str:
    return float(f"{value:.4g}") if value <= _LARGEST else f"above {_LARGEST:,}"


def prior_note(row: UnderPrior, n_observed: int) -> str:
    """The same as a sentence, with a warning where the number comes from the prior more than from the lists."""
    prior = np.quantile(row.before, _QUANTILES) / n_observed
    note = (
        f"Given only that {n_observed:,} people are observed, the prior puts the expansion factor N/n at "
        f"{_words(prior[1])} (95 % {_words(prior[0])} to {_words(prior[2])})"
    )
    if row.total is None:
        return f"{note}."
    posterior = [row.total.quantile(q) / n_observed for q in _QUANTILES]
    shared = overlap(row.before, row.total)
    note += (
        f"; the lists move it to {_words(posterior[1])} ({_words(posterior[0])} to {_words(posterior[2])}). The "
        f"prior-posterior overlap is {f'{shared:.0%}' if shared > 1 / _BINS else f'at most {1 / _BINS:.1%}'}."
    )
    if shared > _MOST:
        note += (
            " The lists have added little: this number comes from the prior more than from the lists, so report it "
            "only together with the answers under other priors."
        )
    elif shared > _MUCH:
        note += (
            " More than half of the prior is where the posterior is, so report this number only together with the "
            "answers under other priors."
        )
    elif posterior[1] > prior[2] or posterior[1] < prior[0]:
        note += " The prior gave such a total a low probability; compare with a prior that does not."
    return note


def _words(factor: float) -> str:
    return f"{factor:.3g}" if factor <= _LARGEST else f"above {_LARGEST:,}"
