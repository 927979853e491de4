"""What stands beside a latent-class estimate: prior and posterior of N, its observable part, chains and modes.

Practical identifiability
-------------------------
Given only how many people are observed, and nothing about the lists, N has a proper prior
(`estimation.models.latent_class.expansion_prior` says why).  Where the posterior of N is close to it, the estimate
comes from the prior and not from the lists.  The measure is the prior-posterior overlap, sum min(prior, posterior) over
bins that the prior fills equally: 0 when the two have nothing in common, 1 when the lists added nothing; it is the same
for N, log N and N / n.  With B bins it cannot fall below 1/B.

Observable population size
--------------------------
People of a class that hardly any list records leave hardly a trace: their number comes from the prior, and the risk of
an estimate of all N is unbounded.  N_t counts only those, observed or not, whose probability of being on any list is
above t, and is estimated far better.

References: Johndrow, Lum, Manrique-Vallier (2019), Biometrika 106:197-210, for the observable population size;
Inman, Bradley (1989) for the overlap.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.latent_class.modes import Modes
from estimation.results.estimates import ResultTable
from estimation.results.totals import Draws

__all__ = [
    "classes_in_use",
    "each_chain",
    "observable",
    "observable_note",
    "overlap",
    "prior_and_posterior",
    "prior_note",
]

_QUANTILES = (0.025, 0.5, 0.975)
_BINS = 40
_MOSTLY_PRIOR = 0.5
"""Above this prior-posterior overlap a note says that the number comes from the prior more than from the lists."""
_NOTED = 0.01
"""Threshold of the observable population size in the note: of those below it, fewer than 1 in 100 are on a list."""
_MATTERS = 0.05
"""The note is made when the upper end of the interval of N falls by this part without the hardly observable."""


def overlap(before: IntArray, after: IntArray) -> float:
    """The prior-posterior overlap, 0 to 1, from draws of each.

    Examples
    --------
    >>> before = np.arange(1000)
    >>> overlap(before, before), overlap(before, np.full(50, 3))
    (1.0, 0.025)
    """
    inner = np.unique(np.quantile(before, np.linspace(0, 1, _BINS + 1)[1:-1]))
    shares = [
        np.bincount(np.searchsorted(inner, draws.reshape(-1), side="left"), minlength=inner.size + 1) / draws.size
        for draws in (before, after)
    ]
    return round(float(np.minimum(*shares).sum()), 4)


def prior_and_posterior(before: IntArray, draws: Draws, n_observed: int) -> ResultTable:
    """N before and after the lists are seen, with the prior-posterior overlap.

    Parameters
    ----------
    before : int array, shape (draws,)
        Draws of N from its prior given n.  Unit: persons.
    draws : Draws
        The posterior of N.
    n_observed : int
        n.  Unit: persons.
    """
    rows = []
    overlaps = (1.0, overlap(before, draws.values))
    for label, values, shared in zip(("prior, given n", "posterior"), (before, draws.values), overlaps, strict=True):
        people = np.quantile(values, _QUANTILES).tolist()
        rows.append((label, *(round(q) for q in people), *(float(f"{q / n_observed:.4g}") for q in people), shared))
    columns = (
        "",
        "N 2.5 % (persons)",
        "N median (persons)",
        "N 97.5 % (persons)",
        "N/n 2.5 %",
        "N/n median",
        "N/n 97.5 %",
        "prior-posterior overlap",
    )
    return ResultTable("Prior and posterior of N", columns, tuple(rows))


def prior_note(before: IntArray, draws: Draws, n_observed: int) -> str:
    """The same as a sentence, with a warning where the number comes from the prior more than from the lists."""
    prior = np.quantile(before, _QUANTILES) / n_observed
    posterior = np.quantile(draws.values, _QUANTILES) / n_observed
    shared = overlap(before, draws.values)
    note = (
        f"Given only that {n_observed:,} people are observed, the prior puts the expansion factor N/n at "
        f"{prior[1]:.3g} (95 % {prior[0]:.3g} to {prior[2]:.3g}); the lists move it to {posterior[1]:.3g} "
        f"({posterior[0]:.3g} to {posterior[2]:.3g}). The prior-posterior overlap is "
        f"{f'{shared:.0%}' if shared > 1 / _BINS else f'at most {1 / _BINS:.1%}'}."
    )
    if shared > _MOSTLY_PRIOR:
        note += (
            " The lists have added little: this number comes from the prior more than from the lists, so report it "
            "only together with the answers under other priors."
        )
    elif posterior[1] > prior[2] or posterior[1] < prior[0]:
        note += (
            " The prior gave such a total a low probability; compare with a prior interval of the expansion factor "
            "stated by people who know how the lists were made (expansion)."
        )
    return note


def observable(total: IntArray, counts: FloatArray, thresholds: tuple[float, ...]) -> ResultTable:
    """The observable population size at each threshold, with N itself as the threshold 0.

    Parameters
    ----------
    total : int array, shape (chains, draws)
        N.  Unit: persons.
    counts : float array, shape (chains, draws, T)
        People whose probability of any list is above each threshold.  Unit: persons.
    thresholds : tuple of float, length T
        The thresholds.
    """
    rows = []
    for threshold, values in zip((0.0, *thresholds), (total, *np.moveaxis(counts, 2, 0)), strict=True):
        lower, median, upper = np.quantile(values, _QUANTILES).tolist()
        rows.append((threshold, round(median), round(lower), round(upper)))
    columns = ("probability of any list above", "median (persons)", "2.5 % (persons)", "97.5 % (persons)")
    return ResultTable(
        "Observable population size: people whose probability of being on any list exceeds a threshold",
        columns,
        tuple(rows),
    )


def observable_note(total: IntArray, counts: FloatArray, thresholds: tuple[float, ...]) -> str | None:
    """The estimate without those who have next to zero probability of being on any list, where it differs."""
    reached = counts[:, :, thresholds.index(_NOTED)]
    lower, median, upper = np.quantile(reached, _QUANTILES)
    if upper > (1 - _MATTERS) * np.quantile(total, _QUANTILES[2]):
        return None
    return (
        f"Counting only people whose probability of being on any list is above {_NOTED:.0%}, there are {median:,.0f} "
        f"(95 % {lower:,.0f} to {upper:,.0f}); the rest of the interval above is people with hardly any probability of "
        "being recorded, whose number the lists cannot show."
    )


def each_chain(draws: Draws, modes: Modes) -> ResultTable:
    """N by chain; the last columns show which modes the chain visited."""
    log_alpha, occupied = draws.monitored["log alpha"], draws.monitored["occupied classes"]
    rows = []
    for c, values in enumerate(draws.values):
        lower, median, upper = (round(q) for q in np.quantile(values, _QUANTILES).tolist())
        shares = (round(share, 3) for share in modes.shares[c].tolist())
        of_classes = round(float(np.median(log_alpha[c])), 2), round(float(occupied[c].mean()), 2)
        rows.append((c + 1, median, lower, upper, *of_classes, *shares))
    columns = (
        "chain",
        "median of N (persons)",
        "2.5 % (persons)",
        "97.5 % (persons)",
        "median of log alpha",
        "mean number of occupied classes",
        *(f"share of draws in mode {m + 1}, N about {peak:,}" for m, peak in enumerate(modes.peaks)),
    )
    return ResultTable("N by chain", columns, tuple(rows))


def classes_in_use(occupied: FloatArray) -> ResultTable:
    """The posterior of the number of occupied classes, the unobserved people included."""
    numbers, times = np.unique(occupied.astype(np.int64), return_counts=True)
    shares = times / occupied.size
    rows = tuple((int(k), round(float(share), 4)) for k, share in zip(numbers, shares, strict=True))
    return ResultTable("Number of occupied classes", ("classes", "posterior probability"), rows)
