"""A sensitivity as a curve: the number, with its interval, over what is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, NullLocator

from estimation.charts.drawing.frame import BESIDE, count_axis, framed, line_of_observed, mark
from estimation.charts.drawing.intervals import BAND_OF_BASELINE, band_of_baseline, called, is_unchanged
from estimation.charts.drawing.theme import ACCENT, DASHED, DOTTED, GREY, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, names_of_ratios, persons, persons_label, text_inches, wrapped
from estimation.results.estimates import Estimate, Result

if TYPE_CHECKING:
    from estimation.priors.known_values import KnownValue
    from estimation.sensitivity.alternatives import Sensitivity

__all__ = ["plot_curve"]

_HEIGHT = 2.1
"""Of the picture without its ticks and the words below it.  Unit: inches."""
_APART = 0.2
_FURTHER = 2.5
_BAND = "#bcd6e8"


def plot_curve(
    sensitivity: Sensitivity,
    ax: Axes | None = None,
    *,
    scale: Literal["linear", "log"] = "linear",
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """The number over a changed value, with the band of its intervals, beside the baseline.

    Parameters
    ----------
    sensitivity : Sensitivity
        Its alternatives have a number as their value.  The baseline's own value is marked.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    scale : str
        Of the axis of what is changed; ``"log"`` suits a ratio.
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
        When the value of an alternative is no number, or is not above 0 on a log axis, or a classical estimate has no
        interval at the level.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> found = mse.sensitivity.odds_ratio(table, [0.5, 1, 2], pair=("A", "B"), rng=1)
    >>> mse.charts.plot_curve(found, scale="log", counted="people killed").get_ylabel()
    'Number of people killed (persons)'
    """
    places = _places(sensitivity, scale)
    with drawing():
        width = inches_wide(ax)
        baseline, n_observed = sensitivity.baseline, sensitivity.baseline.n_observed
        top = _top([baseline, *(result for _, result in places)], level)
        name = wrapped(_changed(sensitivity, scale), width - BESIDE, 9)
        handles = [*_handles(places, baseline, top, level), *_handle_of_known(sensitivity, places, width)]
        ax = framed(ax, _HEIGHT, name, handles, width=width)
        ax.set_ylim(n_observed - 0.06 * (top - n_observed), top)
        _draw_baseline(ax, baseline, level)
        ax.axhline(n_observed, color=INK, linestyle=DASHED, linewidth=1.0)
        _draw_curve(ax, places, level)
        _value_axis(ax, places, baseline, scale, 0.8 * width)
        for one in _known_within(sensitivity, places):
            ax.axvline(one.value, color=INK, linestyle=DOTTED, linewidth=1.1, zorder=1.1)
        _draw_missing(ax, [(value, result) for value, result in places if not isinstance(result, Estimate)], width)
        for value, result in places:
            _draw_point(ax, value, result, level, is_baseline=is_unchanged(result, baseline))
        count_axis(ax.yaxis, 5)
        ax.grid(axis="y")
        ax.set_ylabel(persons_label(counted))
    return ax


def _places(sensitivity: Sensitivity, scale: str) -> list[tuple[float, Result]]:
    """Values with their results, in the order of the values; the baseline's own too, if no alternative has it."""
    places, wrong = [], []
    for alternative in sensitivity.alternatives:
        value = alternative.value
        if isinstance(value, tuple) or not np.isfinite(value) or (scale == "log" and value <= 0):
            wrong.append(f"{alternative.label} ({value})")
        else:
            places.append((float(value), alternative.result))
    if wrong:
        where = "above 0, for a log axis" if scale == "log" else "one number each"
        raise ValueError(f"the values of {', '.join(wrong)} have no place on a curve; they must be {where}")
    own = sensitivity.baseline_value
    missing = not any(is_unchanged(result, sensitivity.baseline) for _, result in places)
    if missing and not isinstance(own, tuple) and np.isfinite(own) and (scale == "linear" or own > 0):
        places.append((float(own), sensitivity.baseline))
    return sorted(places, key=lambda place: place[0])


def _top(results: list[Result], level: float) -> float:
    """Upper end of the axis: every median is below it, and all but far outlying intervals."""
    n_observed = max(result.n_observed for result in results)
    estimates = [result for result in results if isinstance(result, Estimate)]
    if not estimates:
        return 1.5 * max(n_observed, 1)
    uppers = [estimate.interval(level).upper for estimate in estimates]
    typical = [upper for upper in uppers if np.isfinite(upper)]
    highest = max(estimate.median for estimate in estimates)
    reach = max(_FURTHER * float(np.median(typical)) if typical else 0.0, 1.4 * highest)
    top = min(max(uppers), reach)
    return top + 0.06 * max(top - n_observed, 1.0)


def _draw_baseline(ax: Axes, baseline: Result, level: float) -> None:
    if isinstance(baseline, Estimate):
        interval = baseline.interval(level)
        ax.axhspan(
            interval.lower, min(interval.upper, ax.get_ylim()[1]), color=BAND_OF_BASELINE, linewidth=0, zorder=0.5
        )
        ax.axhline(baseline.median, color=GREY, linestyle=DOTTED, linewidth=1.2, zorder=1.2)


def _draw_curve(ax: Axes, places: list[tuple[float, Result]], level: float) -> None:
    """Draw the median and the band, broken where there is no estimate."""
    values = [value for value, _ in places]
    found = [(r.median, r.interval(level)) if isinstance(r, Estimate) else None for _, r in places]
    middle = [np.nan if f is None else f[0] for f in found]
    lower = [np.nan if f is None else f[1].lower for f in found]
    upper = [np.nan if f is None else min(f[1].upper, ax.get_ylim()[1]) for f in found]
    ax.fill_between(values, lower, upper, color=_BAND, alpha=0.7, linewidth=0, zorder=1.5)
    for edge in (lower, upper):
        ax.plot(values, edge, "-", color=ACCENT, linewidth=0.8, zorder=1.6)
    ax.plot(values, middle, "-", color=ACCENT, linewidth=1.8, zorder=2.5)


def _draw_missing(ax: Axes, missing: list[tuple[float, Result]], width: float) -> None:
    """Draw a cross where there is no estimate, and the words beside as many of them as there is room for."""
    labelled_at: float | None = None
    for value, result in missing:
        ax.plot([value], [result.n_observed], "x", color=GREY, markersize=7)
        across = float(ax.transScale.transform((value, 1.0))[0])
        low, high = (float(ax.transScale.transform((end, 1.0))[0]) for end in ax.get_xlim())
        inches = 0.8 * width * (across - low) / (high - low)
        if labelled_at is None or inches - labelled_at >= _APART:
            labelled_at = inches
            ax.annotate(
                "not estimable",
                (value, result.n_observed),
                xytext=(0, 6),
                textcoords="offset points",
                ha="center",
                va="bottom",
                rotation=90,
                fontsize=SMALL,
                color=GREY,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )


def _draw_point(ax: Axes, value: float, result: Result, level: float, *, is_baseline: bool) -> None:
    """Draw one answer; the baseline's own place is a filled square, the others are open circles."""
    if not isinstance(result, Estimate):
        return
    top = ax.get_ylim()[1]
    colour, marker = (MARKED, "s") if is_baseline else (ACCENT, "o")
    interval = result.interval(level)
    ax.plot([value] * 2, [interval.lower, min(interval.upper, top)], "-", color=colour, linewidth=1.0, zorder=2.0)
    if interval.upper > top:
        ax.plot([value], [top], "^", color=colour, markersize=7, clip_on=False, zorder=2.6)
    ax.plot(
        [value],
        [result.median],
        marker,
        color=colour,
        markerfacecolor=colour if is_baseline else "white",
        markersize=7 if is_baseline else 5,
        zorder=2.7,
    )


def _value_axis(
    ax: Axes, places: list[tuple[float, Result]], baseline: Result, scale: Literal["linear", "log"], width: float
) -> None:
    """Draw the axis of what is changed; on a log axis with ticks at the values themselves, as many as fit."""
    values = [value for value, _ in places]
    ax.set_xscale(scale)
    if scale == "linear":
        room = 0.05 * (values[-1] - values[0]) or 0.5 * max(abs(values[0]), 1e-3)
        ax.set_xlim(values[0] - room, values[-1] + room)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=max(int(width / 0.7), 1)))
        return
    reach = (values[-1] / values[0]) ** 0.05 if values[-1] > values[0] else 2.0
    ax.set_xlim(values[0] / reach, values[-1] * reach)
    low, high = np.log(ax.get_xlim())
    own = [value for value, result in places if is_unchanged(result, baseline)]
    names = dict(zip(values, names_of_ratios(values), strict=True))
    ticks: list[float] = []
    for value in [*own, values[0], values[-1], *values]:
        apart = [width * abs(np.log(value / tick)) / (high - low) for tick in ticks]
        needed = [(text_inches(names[value]) + text_inches(names[tick])) / 2 + 0.08 for tick in ticks]
        if value not in ticks and all(gap >= need for gap, need in zip(apart, needed, strict=True)):
            ticks.append(value)
    ax.set_xticks(sorted(ticks), [names[tick] for tick in sorted(ticks)])
    ax.xaxis.set_minor_locator(NullLocator())


def _changed(sensitivity: Sensitivity, scale: str) -> str:
    changed = sensitivity.changed if isinstance(sensitivity.changed, str) else ", ".join(sensitivity.changed)
    named = f"{changed[:1].upper()}{changed[1:]}" if changed else "What is changed"
    if scale == "linear":
        return named
    return f"{named[:-1]}; log scale)" if named.endswith(")") else f"{named} (log scale)"


def _known_within(sensitivity: Sensitivity, places: list[tuple[float, Result]]) -> list[KnownValue]:
    """The known values that the curve reaches."""
    return [one for one in sensitivity.known if places[0][0] <= one.value <= places[-1][0]]


def _handle_of_known(sensitivity: Sensitivity, places: list[tuple[float, Result]], width: float) -> list[Artist]:
    """What the lines at known values mean."""
    known = _known_within(sensitivity, places)
    if not known:
        return []
    values = "; ".join(f"{one.value:.2g}, {one.title}" for one in known)
    return [mark(wrapped(f"Where N is known: {values}", width - BESIDE, SMALL), INK, line=DOTTED, width=1.1)]


def _handles(places: list[tuple[float, Result]], baseline: Result, top: float, level: float) -> list[Artist]:
    """What the marks that are there mean."""
    estimates = [result for _, result in places if isinstance(result, Estimate)]
    point, interval = called([*estimates, baseline], level)
    handles: list[Artist] = []
    if estimates:
        handles.append(mark(point[:1].upper() + point[1:], ACCENT, line="-", marker="o", filling="white"))
        handles.append(Patch(facecolor=_BAND, edgecolor=ACCENT, label=interval))
    if any(is_unchanged(result, baseline) for result in estimates):
        handles.append(mark("Baseline's own value", MARKED, marker="s"))
    if isinstance(baseline, Estimate):
        ends = baseline.interval(level)
        numbers = f"{persons(baseline.median)} ({persons(ends.lower)} to {persons(ends.upper)})"
        handles.append(band_of_baseline(f"Baseline {numbers}"))
    handles.append(line_of_observed(baseline.n_observed))
    if any(estimate.interval(level).upper > top for estimate in estimates):
        handles.append(mark("The interval goes on beyond the axis", ACCENT, marker="^"))
    if len(estimates) < len(places):
        handles.append(mark("Not estimable", GREY, marker="x"))
    return handles
