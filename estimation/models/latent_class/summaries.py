"""What belongs beside a latent-class number: how far the table moved it, the observable part of it, chains and modes.

Practical identifiability
-------------------------
Given only how many people were seen, and nothing of their lists, N has a proper prior (`expansion_prior` says why).
Where the posterior of N is much the same, the number is the prior's and not the lists'.  The measure is the overlap
sum min(prior, posterior) over bins that the prior fills equally: 0 when the two have nothing in common, 1 when the
lists added nothing; it is the same for N, log N and N / n.  With B bins it is never told below 1/B.

Observable population size
--------------------------
People of a class that hardly any list reaches leave hardly a trace: how many they are is the prior's to say, and the
risk of an estimate of all N is without bound.  N_t counts only those, seen and unseen, whose probability of being on
any list is above t, and is estimated far better.

References: Johndrow, Lum, Manrique-Vallier (2019), Biometrika 106:197-210, for the observable population size;
Inman, Bradley (1989) for the overlap.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.latent_class.modes import Modes
from estimation.results.estimates import ResultTable
from estimation.results.totals import Draws

__all__ = ["classes_in_use", "each_chain", "moved", "moved_note", "observable", "observable_note", "overlap"]

_QUANTILES = (0.025, 0.5, 0.975)
_BINS = 40
_MOSTLY_PRIOR = 0.5
"""Above this overlap with the prior the reader is told that the number is more the prior's than the lists'."""
_NOTED = 0.01
"""Threshold of the observable population size that a note is made of: lists reach 1 in 100 of those below it."""
_MATTERS = 0.05
"""The note is made when the upper end of the interval of N falls by this part without the hardly observable."""


def overlap(before: IntArray, after: IntArray) -> float:
    """What the prior and the posterior have in common, 0 to 1, from draws of each.

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


def moved(before: IntArray, draws: Draws, n_observed: int) -> ResultTable:
    """N before the lists and after, with what the two have in common."""
    rows = []
    common = (1.0, overlap(before, draws.values))
    for label, values, shared in zip(
        ("knowing only how many were seen", "knowing their lists"), (before, draws.values), common, strict=True
    ):
        people = np.quantile(values, _QUANTILES).tolist()
        rows.append((label, *(round(q) for q in people), *(float(f"{q / n_observed:.4g}") for q in people), shared))
    columns = (
        "",
        "2.5 % (persons)",
        "median of N (persons)",
        "97.5 % (persons)",
        "2.5 % (people for each one seen)",
        "median (people for each one seen)",
        "97.5 % (people for each one seen)",
        "overlap with the first row (0 to 1)",
    )
    return ResultTable("How far the lists moved N from its prior", columns, tuple(rows))


def moved_note(before: IntArray, draws: Draws, n_observed: int) -> str:
    """The same as a sentence, with a warning where the number is more the prior's than the lists'."""
    prior = np.quantile(before, _QUANTILES) / n_observed
    posterior = np.quantile(draws.values, _QUANTILES) / n_observed
    shared = overlap(before, draws.values)
    in_common = f"{shared:.0%}" if shared > 1 / _BINS else f"no more than {1 / _BINS:.1%}"
    said = (
        f"Knowing only that {n_observed:,} people were seen, the prior puts N at {prior[1]:.3g} times those seen (95 % "
        f"{prior[0]:.3g} to {prior[2]:.3g} times); their lists move that to {posterior[1]:.3g} times "
        f"({posterior[0]:.3g} to {posterior[2]:.3g}), and the two distributions have {in_common} in common."
    )
    if shared > _MOSTLY_PRIOR:
        said += (
            " The lists have added little: this number is more the prior's than theirs, so give it only together with "
            "the answers of other priors."
        )
    elif posterior[1] > prior[2] or posterior[1] < prior[0]:
        said += (
            " The prior held such a total for improbable, so see what a prior makes of it that is stated by people who "
            "know how the lists were made (expansion)."
        )
    return said


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
        "Observable population size: people, seen or not, who are within reach of the lists", columns, tuple(rows)
    )


def observable_note(total: IntArray, counts: FloatArray, thresholds: tuple[float, ...]) -> str | None:
    """What becomes of the number without those who are all but out of reach of every list, where it matters."""
    reached = counts[:, :, thresholds.index(_NOTED)]
    lower, median, upper = np.quantile(reached, _QUANTILES)
    if upper > (1 - _MATTERS) * np.quantile(total, _QUANTILES[2]):
        return None
    return (
        f"Counting only people whose probability of being on any list is above {_NOTED:.0%}, there are {median:,.0f} "
        f"(95 % {lower:,.0f} to {upper:,.0f}); the rest of the interval above is people whom the lists hardly reach, "
        "and how many they are is not for the lists to say."
    )


def each_chain(draws: Draws, modes: Modes) -> ResultTable:
    """Each chain's own answer; the last columns show which modes it was in."""
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
    return ResultTable("Each chain's own answer", columns, tuple(rows))


def classes_in_use(occupied: FloatArray) -> ResultTable:
    """How many classes hold anybody, the unseen included."""
    numbers, times = np.unique(occupied.astype(np.int64), return_counts=True)
    shares = times / occupied.size
    rows = tuple((int(k), round(float(share), 4)) for k, share in zip(numbers, shares, strict=True))
    return ResultTable("Number of occupied classes", ("classes", "posterior probability"), rows)
