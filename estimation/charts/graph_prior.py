"""Delta path: how the answer of the decomposable graphs moves with delta, the prior count in each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from estimation.charts.theme import (
    ACCENT,
    GREY,
    INK,
    MARKED,
    SMALL,
    count_axis,
    drawing,
    inches_wide,
    new_axes,
    persons_label,
    text_inches,
    wrapped,
)
from estimation.results import Estimate, Result

if TYPE_CHECKING:
    from estimation.sensitivity.sensitivity import Sensitivity

__all__ = ["delta_path"]

_HEIGHT = 3.4
_FURTHER = 2.5


def delta_path(
    sensitivity: Sensitivity, ax: Axes | None = None, *, level: float = 0.95, counted: str = "people"
) -> Axes:
    """The number by decomposable graphs for each delta, with the delta that was chosen marked.

    Parameters
    ----------
    sensitivity : Sensitivity
        Its alternatives have a delta as their value; the delta chosen is the one its baseline was made with.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    level : float
        Level of the intervals.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When the value of an alternative is not over 0, so not a delta.

    References
    ----------
    Madigan, York (1997), Biometrika 84(1), 19-31.
    """
    path = _path(sensitivity)
    chosen = _chosen_delta(sensitivity.baseline)
    with drawing():
        width = inches_wide(ax)
        if ax is None:
            ax = new_axes(_HEIGHT)
        n_observed = sensitivity.baseline.n_observed
        top = _top(list(path.values()), n_observed, level)
        ax.set_ylim(n_observed - 0.06 * (top - n_observed), top)
        ax.axhline(n_observed, color=INK, linestyle=(0, (4, 3)), linewidth=1.0)
        for delta, result in path.items():
            _draw_delta(ax, delta, result, level, chosen=delta == chosen)
        _delta_axis(ax, sorted(path), chosen, 0.8 * width)
        # Standing outside of the picture, the number cannot cover an interval.
        ax.set_title(f"Dashed: {n_observed:,} observed", fontsize=SMALL, loc="right", color=INK)
        count_axis(ax.yaxis, 6)
        ax.grid(axis="y")
        ax.set_ylabel(persons_label(counted))
        said = "Delta, the prior count in each cell (persons; log scale)"
        marks = f"Point: posterior median. Bar: {level * 100:g} % credible interval."
        ax.set_xlabel(wrapped(said, width - 1.0, 9) + "\n" + wrapped(marks, width - 1.0, 9))
    return ax


def _path(sensitivity: Sensitivity) -> dict[float, Result]:
    """Results by delta, the baseline's own among them."""
    path: dict[float, Result] = {}
    wrong = []
    for alternative in sensitivity.alternatives:
        value = alternative.value
        if isinstance(value, tuple) or not value > 0:
            wrong.append(f"{alternative.label} ({value if isinstance(value, tuple) else format(value, 'g')})")
        else:
            path[value] = alternative.result
    if wrong:
        raise ValueError(f"the values of {', '.join(wrong)} are no deltas; a delta is over 0")
    chosen = _chosen_delta(sensitivity.baseline)
    if chosen is not None:
        path[chosen] = sensitivity.baseline
    return path


def _chosen_delta(baseline: Result) -> float | None:
    delta = dict(baseline.provenance.settings).get("delta")
    return float(delta) if isinstance(delta, (int, float)) and delta > 0 else None


def _top(results: list[Result], n_observed: int, level: float) -> float:
    """Upper end of the axis: every median is below it, and all but far outlying intervals."""
    estimates = [result for result in results if isinstance(result, Estimate)]
    if not estimates:
        return 1.5 * max(n_observed, 1)
    uppers = [estimate.interval(level).upper for estimate in estimates]
    highest = max(estimate.median for estimate in estimates)
    top = min(max(uppers), max(_FURTHER * float(np.median(uppers)), 1.15 * highest))
    return top + 0.06 * max(top - n_observed, 1.0)


def _draw_delta(ax: Axes, delta: float, result: Result, level: float, *, chosen: bool) -> None:
    """Draw the answer at one delta; the chosen one is a filled square, the others are open circles."""
    colour, marker = (MARKED, "s") if chosen else (ACCENT, "o")
    filling = colour if chosen else "white"
    if not isinstance(result, Estimate):
        ax.plot([delta], [result.n_observed], "x", color=GREY, markersize=7)
        ax.annotate(
            "not estimable",
            (delta, result.n_observed),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            va="bottom",
            rotation=90,
            fontsize=SMALL,
            color=GREY,
        )
        return
    interval = result.interval(level)
    top = ax.get_ylim()[1]
    ax.plot([delta] * 2, [interval.lower, min(interval.upper, top)], "-", color=colour, linewidth=1.8)
    ends = [end for end in (interval.lower, interval.upper) if end <= top]
    ax.plot([delta] * len(ends), ends, "_", color=colour, markersize=7, markeredgewidth=1.2)
    if interval.upper > top:
        ax.plot([delta], [top], "^", color=colour, markersize=7, clip_on=False)
    ax.plot([delta], [result.median], marker, color=colour, markerfacecolor=filling, markersize=7 if chosen else 5.5)


def _delta_axis(ax: Axes, deltas: list[float], chosen: float | None, width: float) -> None:
    """Draw the log axis of delta, with ticks at the deltas themselves, as many as fit; the chosen one always."""
    ax.set_xscale("log")
    reach = (deltas[-1] / deltas[0]) ** 0.07 if len(deltas) > 1 else 2.0
    ax.set_xlim(deltas[0] / reach, deltas[-1] * reach)
    low, high = np.log(ax.get_xlim())
    names = {delta: f"{_fraction(delta)}\nchosen" if delta == chosen else _fraction(delta) for delta in deltas}
    ticks: list[float] = [] if chosen is None else [chosen]
    for delta in deltas:
        apart = [width * abs(np.log(delta / tick)) / (high - low) for tick in ticks]
        needed = [(_half(names[delta]) + _half(names[tick])) + 0.06 for tick in ticks]
        if delta not in ticks and all(gap >= need for gap, need in zip(apart, needed, strict=True)):
            ticks.append(delta)
    ax.set_xticks(sorted(ticks), [names[tick] for tick in sorted(ticks)])
    ax.xaxis.set_minor_locator(NullLocator())


def _half(name: str) -> float:
    return max(text_inches(line) for line in name.split("\n")) / 2


def _fraction(delta: float) -> str:
    """Delta as it is written: 1/16 and not 0.0625.

    Examples
    --------
    >>> _fraction(0.0625), _fraction(0.3), _fraction(2.0)
    ('1/16', '0.3', '2')
    """
    whole = round(1 / delta)
    return f"1/{whole}" if whole > 1 and np.isclose(1 / delta, whole, rtol=1e-9) else f"{delta:.3g}"
