"""What share of the people would have to have zero capture probability for N to be a stated figure?

Every estimate is of those who could have been listed.  If a share u of all people has zero capture probability on every
list, an estimate N of the others stands for

    N / (1 - u)    people,        and a figure is met at        u = 1 - N / figure.

No data can say what u is.  The posterior of N gives one of u; its quantiles are those of N in reverse order.

Reference: Seber (1982), The Estimation of Animal Abundance, chapter 3 (every animal has a positive probability).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estimation.errors import SettingError
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Draws, Grid, Interval, Point
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.sensitivity.crossing import estimate_or_finding
from estimation.sensitivity.finding import number_word

__all__ = ["tipping_share", "with_zero_capture_share"]

_LAST_DIGIT = 0.1
"""Of a share in per cent, as it is written."""

_CHANGED = "share of all people with zero capture probability"


def with_zero_capture_share(estimate: Estimate, share: float) -> Estimate:
    """An estimate made into one of everybody, if a share of everybody has zero capture probability.

    Parameters
    ----------
    estimate : Estimate
        Of those who could be listed.
    share : float
        u, from 0 and below 1.

    Returns
    -------
    Estimate
        N / (1 - u), in the form that N had.

    Raises
    ------
    SettingError
        When the share is out of range.

    References
    ----------
    Seber (1982), The Estimation of Animal Abundance, chapter 3.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.two_lists import LincolnPetersen
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> print(with_zero_capture_share(LincolnPetersen().fit(table, rng=1), 0.2))
    about 2,890 people (95 % confidence interval 2,540 to 3,330); 960 observed
    """
    if not 0 <= share < 1:
        raise SettingError("zero-capture share", [f"share = {share}; it must be from 0 and below 1"])
    provenance = replace(
        estimate.provenance, settings=(*estimate.provenance.settings, ("zero_capture_share", float(share)))
    )
    identifying, *others = estimate.assumptions
    return replace(
        estimate,
        total=_stretched(estimate.total, 1 / (1 - share)),
        assumptions=(f"{share:.1%} of all people have zero capture probability. Of the others: {identifying}", *others),
        provenance=provenance,
        tables=(),
    )


def _stretched(total: Draws | Grid | Point, factor: float) -> Draws | Grid | Point:
    """N times a factor of 1 or more, draws and values of a grid in whole persons."""
    if isinstance(total, Draws):
        return Draws(np.rint(total.values * factor).astype(np.int64), total.monitored)
    if isinstance(total, Grid):
        return Grid(np.rint(total.values * factor).astype(np.int64), total.probabilities)
    intervals = tuple(
        Interval(each.lower * factor, each.upper * factor, each.level, each.kind, _times(each.errors, factor))
        for each in total.intervals
    )
    value, spread = total.value * factor, total.standard_error * factor
    return Point(value, spread, intervals, total.sd_error * factor, total.value_error * factor)


def _times(errors: tuple[float, float], factor: float) -> tuple[float, float]:
    return errors[0] * factor, errors[1] * factor


def tipping_share(result: Result, figure: float, *, level: float = 0.95) -> Sensitivity:
    """The share of people with zero capture probability at which an estimate is a figure, with its interval.

    Parameters
    ----------
    result : Estimate or NotEstimable
        Of any model; it is not fitted again.
    figure : float
        The number of people that somebody states.  Unit: persons.
    level : float
        Level of the interval.

    Returns
    -------
    Sensitivity
        Alternatives at the share by the median and at the two ends of its interval; none is below 0, where the
        estimate reaches the figure without any.

    Raises
    ------
    ValueError
        When a classical estimate has no interval at the level.

    References
    ----------
    Seber (1982), The Estimation of Animal Abundance, chapter 3.

    Examples
    --------
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.two_lists import LincolnPetersen
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> tipping_share(LincolnPetersen().fit(table, rng=1), 3000).finding.split(";")[0]
    'For a total of 3,000, 23.0 % of the people (690) would have to have zero capture probability'
    """
    question = f"What share of the people would have to have zero capture probability for a total of {figure:,.0f}?"
    estimate = estimate_or_finding(question, result, figure, 0.0, _CHANGED)
    if isinstance(estimate, Sensitivity):
        return estimate
    interval = estimate.interval(level)
    by_median, fewest, most = (max(1 - n / figure, 0.0) for n in (estimate.median, interval.upper, interval.lower))
    shares = {
        "median": by_median,
        f"upper end of the {100 * level:g} % interval": fewest,
        f"lower end of the {100 * level:g} % interval": most,
    }
    between = f"{100 * fewest:.1f} to {100 * most:.1f} % by the {interval.name} of {estimate.title}"
    if by_median > 0:
        at_most = "at most " if estimate.is_lower_bound else ""
        sentence = (
            f"For a total of {figure:,.0f}, {at_most}{100 * by_median:.1f} % of the people ({by_median * figure:,.0f}) "
            f"would have to have zero capture probability; {between}.{_drawn(estimate, figure)}"
        )
    elif most > 0:
        sentence = (
            f"The {number_word([estimate])} of {estimate.median:,.0f} reaches a total of {figure:,.0f} even if nobody "
            f"has zero capture probability; {between}."
        )
    else:
        sentence = (
            f"The whole {interval.name}, from {interval.lower:,.0f}, lies above {figure:,.0f}; people with zero "
            "capture probability can only add to it."
        )
    return Sensitivity(
        question=question,
        baseline=estimate,
        alternatives=tuple(
            Alternative(
                f"{100 * share:.1f} % with zero capture probability, {what}",
                share,
                with_zero_capture_share(estimate, share),
            )
            for what, share in shares.items()
        ),
        changed=_CHANGED,
        sentence=sentence,
        baseline_value=0.0,
    )


def _drawn(estimate: Estimate, figure: float) -> str:
    """The Monte Carlo error of the share, where it is as large as its last digit."""
    error = 100 * estimate.total.monte_carlo_error(0.5) / figure
    if round(error, 1) < _LAST_DIGIT:
        return ""
    return f" The Monte Carlo error of that share is {error:.1f} percentage points."
