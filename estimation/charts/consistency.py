"""Known sizes: each list's size as a model estimates it from the other lists, over the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullLocator
from matplotlib.transforms import ScaledTranslation

from estimation.charts.drawing.theme import (
    ACCENT,
    GREY,
    INK,
    MARKED,
    PALE,
    SMALL,
    drawing,
    inches_wide,
    new_axes,
    text_inches,
    wrapped,
)
from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.consistency import ReferenceScores, Scores, known_size, score

if TYPE_CHECKING:
    from estimation.sensitivity.alternatives import Alternative, Sensitivity

__all__ = ["plot_consistency"]

_LINE = 0.155
_FURTHER = 6.0
"""The axis reaches no further than so many times the outermost estimates; an interval that goes on has an arrow."""
_HANDLE = 0.65
_NARROW = 4.7
_LABELS = 0.3
"""Share of the width that the labels beside the rows take at most."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: a heading, a list, or the scores over all lists.  Ratios are estimate over truth."""

    label: str
    said: str = ""
    ratio: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def misses(self) -> bool:
        """Whether the interval does not hold the truth."""
        return self.lower is not None and self.upper is not None and not self.lower <= 1 <= self.upper

    @property
    def is_heading(self) -> bool:
        """Whether the row only says what is below it."""
        return not self.said


def plot_consistency(
    found: Mapping[str, Sensitivity],
    ax: Axes | None = None,
    *,
    published: Sequence[ReferenceScores] = (),
    minimum_seen: int = 0,
    level: float = 0.95,
) -> Axes:
    """Each list's estimate over its known size, with its interval, table by table; published scores below.

    An interval that misses the truth has a mark of its own, and a list that is not estimable keeps its row.

    Parameters
    ----------
    found : mapping of str to Sensitivity
        By the name of the table, from `estimation.sensitivity.consistency.consistency`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    published : sequence of ReferenceScores
        Scores by others, in rows of their own below those of the model.
    minimum_seen : int
        Lists of which the other lists saw fewer people are left out; how many is said.  Unit: persons.
    level : float
        Level of the intervals.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When there is nothing to draw, a classical estimate has no interval at the level, or an alternative has no
        known size.

    References
    ----------
    Binette, Steorts (2022), Journal of the Royal Statistical Society A.
    """
    if not found:
        raise ValueError("there is nothing to draw; give the internal consistency of at least one table")
    with drawing():
        width = inches_wide(ax)
        tried = {name: [a for a in s.alternatives if a.result.n_observed >= minimum_seen] for name, s in found.items()}
        scores = score((a for s in found.values() for a in s.alternatives), minimum_seen=minimum_seen, level=level)
        rows = [*_list_rows(tried, level), *_score_rows(scores, published)]
        places, column = _placed(rows, width)
        results = [one.result for alternatives in tried.values() for one in alternatives]
        handles = _handles(rows, scores, minimum_seen, width, _kinds(results, level))
        if ax is None:
            legend = sum(0.17 + 0.13 * str(handle.get_label()).count("\n") for handle in handles)
            ax = new_axes(places[-1].bottom + 0.65 + legend)
        beside = column + max(text_inches(row.said) for row in rows) if column else 0.0
        _draw_frame(ax, rows, places[-1].bottom, width - beside)
        for row, place in zip(rows, places, strict=True):
            _draw_row(ax, row, place, beside=beside > 0)
        beneath = ax.transAxes + ScaledTranslation(-column, -0.5, ax.figure.dpi_scale_trans)
        ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=beneath, handlelength=2.2)
    return ax


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row goes: its label broken into lines, and heights in inches from the top."""

    label: str
    text: float
    mark: float
    bottom: float


def _placed(rows: Sequence[_Row], width: float) -> tuple[list[_Place], float]:
    """Where the rows go, and how wide the labels on the left are: 0 on narrow charts, which have them above."""
    beside = width >= _NARROW
    places, y = [], 0.03
    for row in rows:
        room = _LABELS * width if beside else width - text_inches(row.said) - 0.75
        label = wrapped(row.label, width if row.is_heading else room)
        text = _LINE * (1 + label.count("\n"))
        below = 0.0 if beside or row.ratio is None else _LINE
        middle = y + text / 2 + 0.035
        places.append(_Place(label, middle, y + text + 0.08 if below else middle, y + text + below + 0.07))
        y = places[-1].bottom
    lines = [line for row, place in zip(rows, places, strict=True) for line in place.label.split("\n")]
    return places, max(text_inches(line) for line in lines) + 0.1 if beside else 0.0


def _list_rows(tried: Mapping[str, Sequence[Alternative]], level: float) -> list[_Row]:
    """A heading for each table with a list to show, and its lists below it."""
    rows = []
    for name, alternatives in tried.items():
        if alternatives:
            rows.append(_Row(name))
        for one in alternatives:
            known = known_size(one)
            label = f"{one.label}, {one.result.n_observed:,} of {known:,.0f} seen"
            if not isinstance(one.result, Estimate):
                rows.append(_Row(label, "not estimable"))
                continue
            interval = one.result.interval(level)
            ratio, lower, upper = (float(end) / known for end in (one.result.median, interval.lower, interval.upper))
            end = f"to {_ratio(upper)}" if np.isfinite(upper) else "and more"
            rows.append(_Row(label, f"{_ratio(ratio)} ({_ratio(lower)} {end})", ratio, lower, upper))
    return rows


def _score_rows(scores: Scores, published: Sequence[ReferenceScores]) -> list[_Row]:
    """The average over the lists, for the model and as published for others."""
    rows = [_Row("On average over the lists")]
    if scores.mean is None or scores.root_mean_square is None or scores.coverage is None:
        rows.append(_Row("this model", "not estimable"))
    else:
        rows.append(_average("this model", scores.mean, scores.root_mean_square, scores.coverage))
    rows.extend(_average(f"{p.label}, published", p.mean, p.root_mean_square, p.coverage) for p in published)
    return rows


def _average(label: str, mean: float, root_mean_square: float, coverage: float) -> _Row:
    ratio = float(np.exp(mean))
    return _Row(label, f"{_ratio(ratio)}; RMS {root_mean_square:.2f}; covers {coverage * 100:.0f} %", ratio)


def _ratio(value: float) -> str:
    """A ratio with two figures that matter.

    Examples
    --------
    >>> _ratio(0.4567), _ratio(1.04), _ratio(23.4), _ratio(4321.0)
    ('0.46', '1.0', '23', '4,321')
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _draw_frame(ax: Axes, rows: Sequence[_Row], height: float, plot_width: float) -> None:
    """Draw the log axis of ratios with the line of the truth."""
    ratios = [row.ratio for row in rows if row.ratio is not None] or [1.0]
    ends = [end for row in rows for end in (row.lower, row.upper) if end is not None and np.isfinite(end) and end > 0]
    left = max(min([*ratios, *ends, 1.0]), min(*ratios, 1.0) / _FURTHER) / 1.15
    right = min(max([*ratios, *ends, 1.0]), max(*ratios, 1.0) * _FURTHER) * 1.15
    ax.set_xscale("log")
    ax.set_xlim(left, right)
    ax.set_ylim(height, 0)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    steps = (1, 2, 5) if right / left < 10 ** (0.7 * plot_width) else (1,)
    decades = range(int(np.floor(np.log10(left))), int(np.ceil(np.log10(right))) + 1)
    ax.set_xticks([t for t in (s * 10.0**d for d in decades for s in steps) if left <= t <= right])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(axis="x")
    ax.axvline(1, color=INK, linestyle=(0, (4, 3)), linewidth=1.0, zorder=1.5)
    ax.set_xlabel("Estimate over known size (ratio; log scale)")


def _write(ax: Axes, x: float, y: float, text: str, *, shift: float, ha: str, colour: str, weight: str) -> None:
    ax.annotate(
        text,
        (x, y),
        xycoords=ax.get_yaxis_transform(),
        xytext=(shift, 0),
        textcoords="offset points",
        ha=ha,
        va="center",
        fontsize=SMALL,
        fontweight=weight,
        color=colour,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        annotation_clip=False,
        zorder=3,
    )


def _draw_row(ax: Axes, row: _Row, place: _Place, *, beside: bool) -> None:
    """Draw what the row is, its numbers, and the interval with its point."""
    colour, weight = GREY if row.ratio is None and row.said else INK, "bold" if row.is_heading else "normal"
    shift = 9 if beside else 0
    _write(ax, 0, place.text, place.label, shift=-shift, ha="right" if beside else "left", colour=colour, weight=weight)
    _write(ax, 1, place.text, row.said, shift=shift, ha="left" if beside else "right", colour=colour, weight=weight)
    y = place.mark
    if row.ratio is None:
        return
    left, right = ax.get_xlim()
    if row.lower is None or row.upper is None:
        ax.plot([row.ratio], [y], "D", color=INK, markerfacecolor=PALE, markersize=5.5, zorder=2.7)
        return
    shown = MARKED if row.misses else ACCENT
    ax.plot([max(row.lower, left), min(row.upper, right)], [y, y], "-", color=shown, linewidth=1.8, zorder=2.5)
    for end, edge, arrow in ((row.lower, left, "<"), (row.upper, right, ">")):
        beyond = end < left if arrow == "<" else end > right
        mark = arrow if beyond else "|"
        ax.plot([edge if beyond else end], [y], mark, color=shown, markersize=6, clip_on=False, zorder=2.6)
    filling, marker = ("white", "s") if row.misses else (shown, "o")
    ax.plot([row.ratio], [y], marker, color=shown, markerfacecolor=filling, markersize=5.5, zorder=2.7)


def _kinds(results: Sequence[Result], level: float) -> str:
    """What the points and their intervals are."""
    points = {"credible": "posterior median", "confidence": "point estimate"}
    kinds = {
        f"{'lower bound' if e.is_lower_bound else points[e.interval_kind]} with its {level * 100:g} % {e.interval_kind}"
        for e in results
        if isinstance(e, Estimate)
    }
    said = " or ".join(sorted(kinds))
    return f"{said[:1].upper()}{said[1:]} interval"


def _handles(rows: Sequence[_Row], scores: Scores, minimum_seen: int, width: float, kinds: str) -> list[Line2D]:
    """What each mark means, for the marks that are there, and what was left out."""
    marks: list[tuple[bool, str, str, str, Literal["-", "None"], str]] = [
        (any(row.lower is not None and not row.misses for row in rows), "o", ACCENT, ACCENT, "-",
         f"{kinds}, which holds the known size (dashed: 1)"),
        (any(row.misses for row in rows), "s", MARKED, "white", "-", "The same; its interval misses the known size"),
        (any(row.ratio is not None and row.lower is None for row in rows), "D", INK, PALE, "None",
         "Geometric mean of the ratios; RMS: root mean square of their logs"),
        (scores.n_too_few > 0, "None", INK, INK, "None",
         f"Left out: {scores.n_too_few} with fewer than {minimum_seen} people seen by the other lists"),
    ]  # fmt: skip
    return [
        Line2D([], [], color=colour, linestyle=line, linewidth=1.8, marker=marker, markerfacecolor=filling,
               markersize=5.5, label=wrapped(said, width - _HANDLE))
        for present, marker, colour, filling, line, said in marks
        if present
    ]  # fmt: skip
