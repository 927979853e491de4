"""How strong would the dependence between lists have to be for N to be a stated figure?

The data do not say how the lists depend on each other among the people on no list.  The dependence at which a model's
median is the figure, and those between which its interval contains it, can be argued about.

Symbols
-------
xi : odds by which the assumption departs from no interaction (`estimation.models.no_highest_order`).
theta : for two lists, their odds ratio, 1 / xi (`estimation.sensitivity.odds_ratio`).
n_1, n_2 : people on each of two lists.   m : on both.

With N people, n_1 n_2 / N are expected on both lists under independence; with m on both, the lists overlap

    m N / (n_1 n_2)    times as often as under independence.

For more lists the expected number on no list is 1 / xi times the number without the interaction.  Every value tried
starts from the same state of the generator, so that the median follows xi and not the random draws; the values are
accurate to the Monte Carlo error of the model's draws, and more draws make it smaller.  The people on none of the lists
are about 1 / xi times the number without the interaction, so that of n on those lists and a quantile q of N

    relative error of xi, and of theta = error of q / (q - n).

References: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics; Gerritse, van der Heijden, Bakker (2015), Journal
of Official Statistics 31:357-379; VanderWeele, Ding (2017), Annals of Internal Medicine 167:268-274, for the idea.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Point
from estimation.sensitivity.alternatives import Alternative, Sensitivity, fit_baseline
from estimation.sensitivity.crossing import Crossing, estimate_or_finding, find_crossing
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["tipping_dependence"]

_DOUBLINGS = (*np.arange(0.25, 2, 0.25).tolist(), *np.arange(2.0, 11.0).tolist())
"""How far xi is moved: up to a thousandfold either way, which no two lists depend on each other."""

_PRECISION = 1e-4
"""In doublings: finer than the Monte Carlo error of the draws."""


def tipping_dependence(
    table: CaptureTable,
    figure: float,
    *,
    model: NoHighestOrderInteraction,
    rng: RandomState,
    level: float = 0.95,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """The dependence between lists at which N's median is a figure, and those where its interval ends at the figure.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    figure : float
        The number of people that somebody states.  Unit: persons.
    model : NoHighestOrderInteraction
        The baseline; the lists that it is about are those whose dependence is changed.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    level : float
        Level of the interval.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told when the median, the upper and the lower end of the interval are found.

    Returns
    -------
    Sensitivity
        Alternatives at the median, and where the interval's upper and lower end meet the figure; the value of each is
        theta for two lists and xi for more.  Where a thousandfold change does not reach the figure, ``finding`` says so
        and the alternative is the furthest that could be estimated.

    References
    ----------
    Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 540, "01": 300, "11": 120})
    >>> tipped = tipping_dependence(table, 1500, model=NoHighestOrderInteraction(), rng=1)
    >>> tipped.finding.split(" (")[0]
    'For a total of 1,500, police and press would have to overlap 0.65 times as often as under independence'
    """
    used = model.lists or table.lists
    symbol = "theta" if len(used) == 2 else "xi"
    named = f"{', '.join(used[:-1])} and {used[-1]}"
    question = f"How strongly would {named} have to depend on each other for a total of {figure:,.0f}?"
    changed = f"odds ratio theta between {named}" if len(used) == 2 else f"interaction xi of {named}"
    generator, unchanged = generator_of(rng), _value(model.xi, symbol)
    result = fit_baseline(table, model, rng=generator, workers=workers, baseline=baseline)
    start = estimate_or_finding(question, result, figure, unchanged, changed)
    if isinstance(start, Sensitivity):
        return start

    @cache  # the searches for the median and both ends begin at the same places
    def fit_at(doublings: float) -> Result:
        moved = replace(model, xi=model.xi * 2.0**doublings)
        return moved.fit(table, rng=copy.deepcopy(generator), workers=workers)

    def found(quantity: Callable[[Estimate], float]) -> Crossing:
        """Where the quantity meets the figure, its place made the value of theta or xi."""
        sign = -1 if quantity(start) < figure else 1

        def towards(doublings: float) -> Result:
            return fit_at(sign * doublings)

        at = find_crossing(towards, quantity, figure, start=start, steps=_DOUBLINGS, precision=_PRECISION)
        return replace(at, place=_value(model.xi * 2.0 ** (sign * at.place), symbol))

    median = found(lambda estimate: estimate.median)
    progress(1 / 3)
    upper = found(lambda estimate: estimate.interval(level).upper)
    progress(2 / 3)
    lower = found(lambda estimate: estimate.interval(level).lower)
    ends = {"median": median, f"upper end of the {100 * level:g} % interval": upper}
    ends[f"lower end of the {100 * level:g} % interval"] = lower
    return Sensitivity(
        question=question,
        baseline=start,
        alternatives=tuple(
            Alternative(f"{symbol} = {at.place:.3g}, {what}{'' if at.crossed else ' (furthest)'}", at.place, at.result)
            for what, at in ends.items()
        ),
        changed=changed,
        sentence=_finding(table.keep(used), figure, symbol, median, (lower, upper), level),
        baseline_value=unchanged,
    )


def _value(xi: float, symbol: str) -> float:
    return 1 / xi if symbol == "theta" else xi


def _finding(
    used: CaptureTable, figure: float, symbol: str, median: Crossing, ends: tuple[Crossing, Crossing], level: float
) -> str:
    """How strong the dependence would have to be.

    `used` is the table on the lists whose dependence is changed; `ends` are where the interval's lower and upper end
    meet the figure.
    """
    named = f"{', '.join(used.lists[:-1])} and {used.lists[-1]}"
    if not median.crossed:
        return (
            f"No dependence between {named} that was tried brings the median to {figure:,.0f}: at {symbol} = "
            f"{median.place:.3g} it is {median.result.median:,.0f}."
        )
    if symbol == "theta":
        n_1, n_2 = used.list_sizes.tolist()
        both = int(used.overlaps[0, 1])
        sentence = (
            f"For a total of {figure:,.0f}, {named} would have to overlap {both * figure / (n_1 * n_2):.2f} times as "
            f"often as under independence ({both:,} people are on both, {n_1 * n_2 / figure:,.0f} are expected; odds "
            f"ratio theta = {median.place:.2f})."
        )
    else:
        sentence = (
            f"For a total of {figure:,.0f}, the interaction xi of {named} would have to be {median.place:.2f}: "
            f"{1 / median.place:.2f} times as many people on none of these lists as without interaction."
        )
    low, high = (f"{at.place:.2f}" if at.crossed else f"as far as can be estimated ({at.place:.3g})" for at in ends)
    contains = f"The {100 * level:g} % interval contains {figure:,.0f} for {symbol} from {low} to {high}."
    lower, upper = ends
    found = ((median, 0.5), (lower, (1 - level) / 2), (upper, (1 + level) / 2))
    return " ".join([sentence, contains, *_how_sure(symbol, found, used.n_observed)])


def _how_sure(symbol: str, places: Sequence[tuple[Crossing, float]], n_observed: int) -> list[str]:
    """The largest Monte Carlo error of the values found, each where a quantile of N meets the figure."""
    totals = [(at.result.total, probability) for at, probability in places]
    shares = [
        100 * total.monte_carlo_error(probability) / (total.quantile(probability) - n_observed)
        for total, probability in totals
        if not isinstance(total, Point) and total.quantile(probability) > n_observed
    ]
    largest = max(shares, default=0.0)
    return [f"The Monte Carlo errors of these {symbol} are up to {largest:.1f} % of them."] if largest >= 0.05 else []
