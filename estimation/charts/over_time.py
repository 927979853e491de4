"""The number over time: a line with the band of its intervals, broken where there is no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from estimation.capture.labels import in_order
from estimation.capture.stratified import Stratum, called
from estimation.charts.drawing.frame import BESIDE, count_axis, framed, mark
from estimation.charts.drawing.intervals import called as called_intervals
from estimation.charts.drawing.log_axis import log_axis
from estimation.charts.drawing.stratum_rows import chosen, spans_widely
from estimation.charts.drawing.theme import ACCENT, GREY, NARROW, PALE, drawing, inches_wide
from estimation.charts.drawing.time_axis import TimeScale, draw_time_axis, time_scale
from estimation.charts.drawing.words import SMALL, persons, persons_label, shortened, wrapped
from estimation.results.estimates import Estimate, Result
from estimation.strata.by_stratum import StratumResults
from estimation.toml_file import nearest

__all__ = ["plot_over_time"]

_ALONE, _PANEL = 2.1, 1.1
"""Height of the picture of a panel alone, and of one of several.  Unit: inches."""
_TITLE, _BETWEEN = 0.26, 0.15
"""Above a panel, and between two side by side.  Unit: inches."""
_FEW = 4
"""So many panels have two columns; more have three."""
_SPARSE = 24
"""More places than that have smaller marks."""
_FURTHER = 2.5
"""The axis reaches no further than so many times the largest number."""
_OBSERVED: dict[str, Any] = {
    "color": GREY,
    "linestyle": ":",
    "marker": "x",
    "markersize": 4.5,
    "linewidth": 1.0,
    "zorder": 2.2,
}
_BAND = "#bcd6e8"


def plot_over_time(
    found: StratumResults,
    label: str,
    ax: Axes | None = None,
    *,
    strata: Sequence[Stratum] | None = None,
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """The number by month, year or day, with the people on a list, and a gap where nothing is estimable.

    Years (1988), months (1988-07) and days (1988-07-28) lie where the calendar has them: where nobody of a month is on
    a list, there is a gap, too.  Values of another form lie side by side, numbers within them in their order.  Each
    value of the other labels has a panel of its own; all panels have one scale.

    Parameters
    ----------
    found : StratumResults
        What a model answers for each stratum.  Unit: persons.
    label : str
        The label that is time.
    ax : Axes, optional
        Where to draw, on axes set into it; without it, a figure of its own, as high as the panels need.
    strata : sequence of Stratum, optional
        Those to draw, where one page has no room for all; the scales are those of all of them.
    level : float
        Level of the intervals.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on; its ``child_axes`` are the panels.

    Raises
    ------
    ValueError
        When there is no such label, no stratum, or a classical estimate has no interval at the level.

    Examples
    --------
    >>> import estimation as mse
    >>> rows, years = [[1, 0], [0, 1], [1, 1]] * 2, ["1988"] * 3 + ["1990"] * 3
    >>> table = mse.StratifiedTable(["a", "b"], rows, {"year": years}, [50, 40, 20, 30, 30, 30])
    >>> found = mse.strata.estimate_by(table, ["year"], mse.models.Chapman(), rng=1)
    >>> panel = mse.charts.plot_over_time(found, "year").child_axes[0]
    >>> [tick.get_text() for tick in panel.get_xticklabels()]
    ['1988', '1989', '1990']
    """
    if label not in found.labels:
        raise ValueError(f"there is no label {label!r}; {nearest(label, found.labels)}")
    drawn = chosen(found, strata)
    at = found.labels.index(label)
    with drawing():
        width = inches_wide(ax)
        groups = _groups(found, drawn, at)
        scale = time_scale(sorted({stratum[at] for stratum in found.results}, key=in_order))
        results = list(found.results.values())
        span, is_log = _span(results, level)
        form = _form(len(groups), width)
        handles = _handles([found.results[stratum] for stratum in drawn], span, level)
        ax = framed(ax, form.height, "", handles, width=width, note=_note(form, scale, counted, is_log=is_log))
        ax.set_axis_off()
        for index, (title, members) in enumerate(groups.items()):
            panel = ax.inset_axes(form.place(index))
            panel.set_ylim(*span)
            _name_axes(panel, form, index, scale, label, counted, is_log=is_log)
            _draw_panel(panel, {scale.places[value]: result for value, result in members.items()}, level)
            panel.set_title(shortened(title, form.across), loc="left", fontsize=SMALL, fontweight="bold")
    return ax


def _groups(found: StratumResults, drawn: Sequence[Stratum], at: int) -> dict[str, dict[str, Result]]:
    """The panels: by the values of the other labels, the result of each value of the label that is time."""
    others = [name for place, name in enumerate(found.labels) if place != at]
    groups: dict[str, dict[str, Result]] = {}
    for stratum in drawn:
        title = called(others, stratum[:at] + stratum[at + 1 :])
        groups.setdefault(title, {})[stratum[at]] = found.results[stratum]
    return groups


@dataclass(frozen=True, slots=True)
class _Form:
    """How panels are set: so many, in so many columns; sizes in inches."""

    panels: int
    columns: int
    across: float
    high: float
    width: float

    @property
    def rows(self) -> int:
        return -(-self.panels // self.columns)

    @property
    def row(self) -> float:
        """From the foot of a panel to the foot of the next."""
        return self.high + (_TITLE if self.panels > 1 else 0.0)

    @property
    def height(self) -> float:
        return self.rows * self.row

    def place(self, index: int) -> tuple[float, float, float, float]:
        """Left, foot, width and height of a panel, as shares of the whole picture."""
        row, column = divmod(index, self.columns)
        left = column * (self.across + _BETWEEN) / self.width
        foot = 1 - (row * self.row + self.row) / self.height
        return left, foot, self.across / self.width, self.high / self.height

    def is_lowest(self, index: int) -> bool:
        """Whether no panel is below."""
        return index + self.columns >= self.panels


def _form(panels: int, width: float) -> _Form:
    inside = width - BESIDE
    columns = 1 if panels == 1 or width < NARROW else 2 if panels <= _FEW else 3
    across = (inside - (columns - 1) * _BETWEEN) / columns
    return _Form(panels, columns, across, _ALONE if panels == 1 else _PANEL, inside)


def _span(results: Sequence[Result], level: float) -> tuple[tuple[float, float], bool]:
    """Ends of the axis of persons, and whether it is a log axis: every number is inside, and all but far ends."""
    observed = [result.n_observed for result in results]
    estimates = [result for result in results if isinstance(result, Estimate)]
    highest = max([*observed, *(each.median for each in estimates)])
    uppers = [upper for each in estimates if np.isfinite(upper := each.interval(level).upper)]
    top = max(highest, min(max(uppers, default=0.0), _FURTHER * highest))
    if spans_widely([*observed, *(each.median for each in estimates)]):
        return (min(observed) / 1.3, top * 1.3), True
    return (0.0, 1.06 * max(top, 1.0)), False


def _name_axes(
    panel: Axes, form: _Form, index: int, scale: TimeScale, label: str, counted: str, *, is_log: bool
) -> None:
    """Ticks on both axes of a panel, with names where no other panel has them."""
    low, high = panel.get_ylim()
    if is_log:
        panel.set_yscale("log")
        panel.set_ylim(low, high)
        log_axis(panel.yaxis, low, high, form.high, persons)
    else:
        count_axis(panel.yaxis, 5 if form.panels == 1 else 3)
    panel.grid(axis="y")
    draw_time_axis(panel.xaxis, scale, form.across)
    if form.panels == 1:
        name = persons_label(counted)
        name = name.replace("(persons)", "(persons; log scale)") if is_log else name
        panel.set_ylabel(wrapped(name, 0.96 * form.high, 9))
    if index % form.columns:
        panel.tick_params(labelleft=False)
    if form.is_lowest(index):
        panel.set_xlabel(shortened(label, form.across, 9))
    else:
        panel.tick_params(labelbottom=False)


def _draw_panel(panel: Axes, results: Mapping[int, Result], level: float) -> None:
    """Draw the people on a list, the number with its interval, and what has none."""
    places = sorted(results)
    size = 3.5 if len(places) <= _SPARSE else 2.0
    for run in _runs(places):
        panel.plot(run, [results[at].n_observed for at in run], **_OBSERVED)
    top = panel.get_ylim()[1]
    known = {at: result for at in places if isinstance(result := results[at], Estimate)}
    for run in _runs(list(known)):
        ends = [known[at].interval(level) for at in run]
        lower, upper = [end.lower for end in ends], [min(end.upper, top) for end in ends]
        panel.fill_between(run, lower, upper, color=_BAND, alpha=0.7, linewidth=0, zorder=1.5)
        for edge in (lower, upper):
            panel.plot(run, edge, "-", color=ACCENT, linewidth=0.8, zorder=1.6)
        panel.vlines(run, lower, upper, color=ACCENT, linewidth=1.0, zorder=2.0)
        panel.plot(
            run, [known[at].median for at in run], "-o", color=ACCENT, markersize=size, linewidth=0.4 * size, zorder=2.5
        )
        beyond = [at for at, end in zip(run, ends, strict=True) if end.upper > top]
        if beyond:
            panel.plot(beyond, [top] * len(beyond), "^", color=ACCENT, markersize=6, clip_on=False, zorder=2.6)
    for at in places:
        if at not in known:
            panel.axvspan(at - 0.5, at + 0.5, facecolor="white", edgecolor=PALE, hatch="////", linewidth=0, zorder=0.5)


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Places next to each other, so that no line is drawn across one that has nothing."""
    runs: list[list[int]] = []
    for at in places:
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _handles(results: Sequence[Result], span: tuple[float, float], level: float) -> list[Artist]:
    """What the marks that are there mean."""
    estimates = [result for result in results if isinstance(result, Estimate)]
    point, interval = called_intervals(estimates, level)
    handles: list[Artist] = []
    if estimates:
        handles.append(mark(point[:1].upper() + point[1:], ACCENT, line="-", marker="o"))
        handles.append(Patch(facecolor=_BAND, edgecolor=ACCENT, label=interval))
    handles.append(mark("People on at least one list", GREY, line=":", marker="x", width=1.0))
    if len(estimates) < len(results):
        handles.append(Patch(facecolor="white", edgecolor=GREY, hatch="////", linewidth=0, label="Not estimable"))
    if any(each.interval(level).upper > span[1] for each in estimates):
        handles.append(mark("The interval goes on beyond the axis", ACCENT, marker="^"))
    return handles


def _note(form: _Form, scale: TimeScale, counted: str, *, is_log: bool) -> str:
    """What several panels have no room to say, and what a free place on the axis means."""
    notes = []
    if form.panels > 1:
        upwards, kind = persons_label(counted), "log scale" if is_log else "scale"
        notes.append(f"Upwards: {upwards[:1].lower()}{upwards[1:]}, on one {kind} in all panels.")
    if scale.unit and max(scale.places.values()) - min(scale.places.values()) >= len(scale.places):
        notes.append(f"A {scale.unit} without a mark has nobody on a list.")
    return " ".join(notes)
