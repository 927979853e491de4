"""Who was missed: each stratum's share of the people on the lists beside its share of all people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from estimation.capture.stratified import Stratum
from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks
from estimation.charts.drawing.row_places import Plan, plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.stratum_rows import TALL, chosen, panels, spans_widely
from estimation.charts.drawing.theme import ACCENT, GREY, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import text_inches
from estimation.results.estimates import Estimate
from estimation.results.interval_kinds import interval_name
from estimation.results.shares import Share, shares
from estimation.strata.by_stratum import StratumResults

__all__ = ["plot_missed"]

_TOP_AXIS = 0.25
_LOOKS = {"less": (MARKED, ">"), "more": (INK, "<"), "alike": (ACCENT, "o")}
_MEANINGS = {
    "less": "Share of all, larger: recorded less often than the others",
    "more": "Share of all, smaller: recorded more often than the others",
    "alike": "Share of all; its interval holds the share on the lists",
}


def plot_missed(
    found: StratumResults,
    ax: Axes | None = None,
    *,
    strata: Sequence[Stratum] | None = None,
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """Who was missed: what share of the people on the lists a stratum is, and what share of all people, in words too.

    Where the share of all is larger, people of that stratum are missing from the lists more often than the others.
    The shares are of the strata that have a number; one that has none keeps its row.  Intervals come from the draws
    that are added for the total (`estimation.results.shares`).

    Parameters
    ----------
    found : StratumResults
        What a model answers for each stratum; two or more have a number.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    strata : sequence of Stratum, optional
        Those to draw, where one page has no room for all; the shares and the scale are those of all of them.
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
        When fewer than two strata have a number, the numbers are bounds, or a stratum that is named is none of the
        results.

    Examples
    --------
    >>> import estimation as mse
    >>> rows, sexes = [[1, 0], [0, 1], [1, 1]] * 2, ["f"] * 3 + ["m"] * 3
    >>> table = mse.StratifiedTable(["a", "b"], rows, {"sex": sexes}, [500, 400, 100, 300, 300, 300])
    >>> found = mse.strata.estimate_by(table, ["sex"], mse.models.Chapman(), rng=1)
    >>> chart = mse.charts.plot_missed(found)
    >>> chart.get_xlabel()
    'Share of all people (%)'
    """
    drawn = chosen(found, strata)
    known = {stratum: result for stratum, result in found.results.items() if isinstance(result, Estimate)}
    parts = shares(known, rng=0, level=level)
    with drawing():
        rows, at = _rows(found, drawn, parts)
        width = inches_wide(ax)
        plan = plan_rows(rows, width, header=0.03)
        values = [value for part in parts.values() for value in (part.observed, part.lower, part.upper)]
        is_log = spans_widely([100 * part.estimated for part in parts.values()])
        span = _span([100 * value for value in values], is_log=is_log)
        above = _TOP_AXIS if plan.height > TALL else 0.0
        name = f"Share of all {counted} ({'%; log scale' if is_log else '%'})"
        note = _note(parts, len(found.results), level)
        ax = axes_of_rows(ax, rows, plan, name, _handles(parts), above=above, note=note)
        _share_axis(ax, plan, span, is_log=is_log)
        if above:
            ax.tick_params(axis="x", top=True, labeltop=True)
        draw_marks(ax, rows, plan)
        for stratum, place in zip(at, plan.places, strict=True):
            if stratum in parts:
                _draw(ax, parts[stratum], place.mark)
    return ax


def _rows(
    found: StratumResults, drawn: Sequence[Stratum], parts: Mapping[Stratum, Share]
) -> tuple[list[Row], list[Stratum]]:
    """The words of all rows, and the stratum of each; a heading has none."""
    rows: list[Row] = []
    at: list[Stratum] = []
    for heading, members in panels(found.labels, drawn):
        rows.append(Row(heading, "heading"))
        at.append(())
        for name, stratum in members:
            part, result = parts.get(stratum), found.results[stratum]
            at.append(stratum)
            if part is None:
                rows.append(Row(name, numbers="not estimable", remark=getattr(result, "reason", "")))
            else:
                # The point only says that the row has a mark; marks are drawn here.
                rows.append(Row(name, numbers=_numbers(part), point=100 * part.estimated))
    return rows, at


def _numbers(part: Share) -> str:
    """Both shares in words, as printed beside a row."""
    ends = f"{_percent(part.lower)} to {_percent(part.upper)}"
    return f"{_percent(part.observed)} % on lists, {_percent(part.estimated)} % of all ({ends})"


def _percent(value: float) -> str:
    """A share in per cent to two digits; whole from ten."""
    hundredfold = 100 * value
    digits = 0 if hundredfold >= 9.95 else min(max(1 - int(log10(max(hundredfold, 1e-3)) - (hundredfold < 1)), 1), 3)
    return f"{hundredfold:.{digits}f}"


def _span(values: Sequence[float], *, is_log: bool) -> tuple[float, float]:
    """Ends of the axis.  Unit: per cent."""
    low, high = min(values), max(values)
    if is_log:
        return max(low, high / 1e4) / 1.2, min(high * 1.2, 110)
    room = 0.05 * max(high - low, 1.0)
    return max(low - room, 0.0), high + room


def _share_axis(ax: Axes, plan: Plan, span: tuple[float, float], *, is_log: bool) -> None:
    ax.grid(axis="x")
    if is_log:
        ax.set_xscale("log")
        ax.set_xlim(*span)
        log_axis(ax.xaxis, *span, plan.plot_width, lambda value: f"{value:.4g}")
        return
    ax.set_xlim(*span)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(int(plan.plot_width / (text_inches("10.5") + 0.3)), 1)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}"))


def _draw(ax: Axes, part: Share, y: float) -> None:
    """Draw the share on the lists as a cross, and that of all people as a shape that says which is larger."""
    colour, marker = _LOOKS[part.recorded]
    low, high = ax.get_xlim()
    ends = [max(100 * part.lower, low), min(100 * part.upper, high)]
    ax.plot(ends, [y, y], "-", color=colour, linewidth=1.8, zorder=2.5)
    ax.plot(ends, [y, y], "|", color=colour, markersize=6, markeredgewidth=1.2, zorder=2.5)
    ax.plot([100 * part.estimated], [y], marker, color=colour, markersize=6.5, zorder=2.7, clip_on=False)
    ax.plot([100 * part.observed], [y], "x", color=GREY, markersize=5.5, markeredgewidth=1.3, zorder=2.8, clip_on=False)


def _handles(parts: Mapping[Stratum, Share]) -> list[Artist]:
    """What the marks that are there mean."""
    handles: list[Artist] = [mark("Share of the people on the lists", GREY, marker="x")]
    present = {part.recorded for part in parts.values()}
    for recorded, (colour, marker) in _LOOKS.items():
        if recorded in present:
            handles.append(mark(_MEANINGS[recorded], colour, line="-", marker=marker))
    return handles


def _note(parts: Mapping[Stratum, Share], n_strata: int, level: float) -> str:
    """What lines are, and of whom the shares are, where that is not of all strata."""
    kind = next(iter(parts.values())).kind
    note = f"Lines: {interval_name(level, kind)}s of the share of all."
    return note if len(parts) == n_strata else f"{note} Shares are of the {len(parts):,} strata with a number."
