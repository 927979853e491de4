"""A sensitivity to two things at once as a grid of cells, with the numbers printed in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Patch, Rectangle

from estimation.charts.drawing.frame import framed
from estimation.charts.drawing.intervals import called, is_unchanged
from estimation.charts.drawing.theme import GREY, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, persons_label, text_inches, wrapped
from estimation.results.estimates import Estimate, Result

if TYPE_CHECKING:
    from estimation.sensitivity.alternatives import Alternative, Sensitivity

__all__ = ["plot_surface"]

_LINE = 0.155
_BESIDE = 1.25
"""Width of the vertical axis, whose name may have lines, with its values.  Unit: inches."""
_LEAST = 1.7
"""Height of a picture of few rows.  Unit: inches."""
_LIGHT_TO_DARK = LinearSegmentedColormap.from_list("light to dark", ["#ffffff", "#9c9c9c"])
"""Grey, and never so dark that print on it could not be read."""


def plot_surface(
    sensitivity: Sensitivity, ax: Axes | None = None, *, level: float = 0.95, counted: str = "people"
) -> Axes:
    """The number for every pair of two changed values: darker where it is larger, and printed in each cell.

    Where cells are wide enough the interval stands below the median, and the Monte Carlo error where there is one.  A
    median outside the baseline's interval is bold, the cell with nothing changed has a frame, and one without an
    estimate is hatched.

    Parameters
    ----------
    sensitivity : Sensitivity
        Its alternatives have two numbers as their value, one alternative for each pair.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    level : float
        Level of the intervals.
    counted : str
        What is counted, for the words beneath.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When the value of an alternative is not two numbers, or a classical estimate has no interval at the level.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> model = mse.models.Chapman()
    >>> found = mse.sensitivity.linkage_error(table, [0, 0.1], [0, 0.1], model=model, rng=1)
    >>> [tick.get_text() for tick in mse.charts.plot_surface(found).get_xticklabels()]
    ['0 %', '10 %']
    """
    cells = _cells(sensitivity)
    across, up = (sorted({place[axis] for place in cells}) for axis in (0, 1))
    with drawing():
        width = inches_wide(ax)
        cell_width = (width - 0.75 - max(text_inches(_value(v, sensitivity, 1)) for v in up)) / len(across)
        form = _form(list(cells.values()), level, cell_width, len(up))
        name = wrapped(_name(sensitivity, 0), width - _BESIDE, 9)
        handles, note = _handles(sensitivity), _note(sensitivity, form, level, counted)
        ax = framed(ax, form.height * len(up), name, handles, width=width, note=note)
        ax.set_xlim(0, len(across))
        ax.set_ylim(0, len(up))
        shade = _shading([each.result for each in cells.values() if isinstance(each.result, Estimate)])
        for place, alternative in cells.items():
            corner = (across.index(place[0]), up.index(place[1]))
            _draw_cell(ax, corner, alternative, sensitivity.baseline, form, shade, level)
        ax.set_xticks(np.arange(len(across)) + 0.5, _tick_labels(across, sensitivity, 0, cell_width))
        ax.set_yticks(np.arange(len(up)) + 0.5, [_value(v, sensitivity, 1) for v in up])
        ax.tick_params(length=0)
        ax.set_ylabel(wrapped(_name(sensitivity, 1), form.height * len(up) - 0.1, 9))
    return ax


@dataclass(frozen=True, slots=True)
class _Form:
    """How a cell is printed: with its interval on so many lines (0: without it), its error, upright or turned."""

    interval_lines: int
    turned: bool
    height: float
    error: bool = False


def _form(answers: list[Alternative], level: float, cell_width: float, rows: int) -> _Form:
    """How cells of this width are printed; a few rows are high enough for the name of their axis."""
    estimates = [each.result for each in answers if isinstance(each.result, Estimate)]
    errors = [_error_text(each) for each in answers]
    intervals = [estimate.interval(level) for estimate in estimates]
    room = cell_width - 0.08
    number = max((text_inches(persons(e.median)) * 1.12 for e in estimates), default=0.0)  # bold is wider
    ends = max((text_inches(_end(end)) for i in intervals for end in (i.lower, i.upper)), default=0.0)
    least = _LEAST / rows
    if number > room:
        return _Form(0, True, max(number + 0.15, least))
    error_fits = any(errors) and max(text_inches(text) for text in errors) <= room
    if 2 * ends + text_inches(" to ") + 0.05 <= room:
        return _Form(1, False, max((2 + error_fits) * _LINE + 0.14, least), error_fits)
    if ends + text_inches("to ") + 0.05 <= room:
        return _Form(2, False, max((3 + error_fits) * _LINE + 0.14, least), error_fits)
    return _Form(0, False, max(_LINE + 0.18, least))


def _end(value: float) -> str:
    return persons(value) if np.isfinite(value) else "no limit"


def _error_text(alternative: Alternative) -> str:
    """The Monte Carlo error of an answer in whole persons; empty where it is exact to a person."""
    error = alternative.monte_carlo_error if isinstance(alternative.result, Estimate) else 0.0
    return f"error {persons(error)}" if round(error) >= 1 else ""


def _cells(sensitivity: Sensitivity) -> dict[tuple[float, float], Alternative]:
    cells, wrong = {}, []
    for alternative in sensitivity.alternatives:
        value = alternative.value
        if isinstance(value, tuple) and len(value) == 2 and np.isfinite(value).all():
            cells[(float(value[0]), float(value[1]))] = alternative
        else:
            wrong.append(f"{alternative.label} ({value})")
    if wrong:
        raise ValueError(f"the values of {', '.join(wrong)} have no place on a surface; they must be two numbers each")
    return cells


def _name(sensitivity: Sensitivity, axis: int) -> str:
    changed = sensitivity.changed
    name = (
        changed[axis] if isinstance(changed, tuple) else f"{changed or 'what is changed'}, {('first', 'second')[axis]}"
    )
    return name[:1].upper() + name[1:]


def _value(value: float, sensitivity: Sensitivity, axis: int) -> str:
    """A value for a reader; a rate or a share in per cent."""
    is_share = {"rate", "share"} & set(_name(sensitivity, axis).lower().split())
    return f"{100 * value:.3g} %" if is_share else f"{value:.3g}"


def _tick_labels(values: list[float], sensitivity: Sensitivity, axis: int, cell_width: float) -> list[str]:
    """Values along the lower axis, as many of them as fit beside each other, the first always."""
    names = [_value(value, sensitivity, axis) for value in values]
    every = int(np.ceil((max(text_inches(name) for name in names) + 0.06) / cell_width))
    return [name if i % every == 0 else "" for i, name in enumerate(names)]


def _shading(estimates: list[Estimate]) -> tuple[float, float]:
    """Logs of the smallest and the largest median: a factor is as dark anywhere."""
    logs = [float(np.log(max(estimate.median, 1.0))) for estimate in estimates] or [0.0]
    return min(logs), max(logs)


def _draw_cell(
    ax: Axes,
    corner: tuple[int, int],
    alternative: Alternative,
    baseline: Result,
    form: _Form,
    shade: tuple[float, float],
    level: float,
) -> None:
    """Draw one cell with its number."""
    (x, y), result = corner, alternative.result
    if not isinstance(result, Estimate):
        ax.add_patch(Rectangle(corner, 1, 1, facecolor="white", edgecolor=GREY, hatch="////", linewidth=0.5))
        text, colour, bold = "none", GREY, False
    else:
        low, high = shade
        part = (np.log(max(result.median, 1.0)) - low) / (high - low) if high > low else 0.0
        ax.add_patch(Rectangle(corner, 1, 1, facecolor=_LIGHT_TO_DARK(part), edgecolor="white", linewidth=1.0))
        text, colour, bold = persons(result.median), INK, _is_outside(result, baseline, level)
    below = _words_below(alternative, form, level)
    lines = below.count("\n") + 1 if below else 0
    middle = y + 0.5 + 0.5 * lines * _LINE / form.height
    ax.text(
        x + 0.5,
        middle,
        text,
        ha="center",
        va="center",
        fontsize=SMALL,
        color=colour,
        fontweight="bold" if bold else "normal",
        rotation=90 if form.turned else 0,
        bbox=None if isinstance(result, Estimate) else {"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )
    if below:
        under = y + 0.5 - 0.5 * _LINE / form.height
        ax.text(x + 0.5, under, below, ha="center", va="center", fontsize=SMALL, color=INK, linespacing=1.15)
    if is_unchanged(result, baseline):
        frame = Rectangle((x + 0.02, y + 0.03), 0.96, 0.94, facecolor="none", edgecolor=MARKED, linewidth=2.0, zorder=3)
        ax.add_patch(frame)


def _words_below(alternative: Alternative, form: _Form, level: float) -> str:
    """The interval of a cell, and its Monte Carlo error, as far as there is room for them."""
    if not isinstance(alternative.result, Estimate) or not form.interval_lines:
        return ""
    interval = alternative.result.interval(level)
    between = " to " if form.interval_lines == 1 else "\nto "
    error = _error_text(alternative) if form.error else ""
    return f"{_end(interval.lower)}{between}{_end(interval.upper)}" + (f"\n{error}" if error else "")


def _is_outside(result: Estimate, baseline: Result, level: float) -> bool:
    if not isinstance(baseline, Estimate):
        return False
    interval = baseline.interval(level)
    return not interval.lower <= result.median <= interval.upper


def _handles(sensitivity: Sensitivity) -> list[Artist]:
    """How cells are marked, for the marks that are there."""
    results = [alternative.result for alternative in sensitivity.alternatives]
    handles: list[Artist] = []
    if any(is_unchanged(result, sensitivity.baseline) for result in results):
        handles.append(Patch(facecolor="white", edgecolor=MARKED, linewidth=2.0, label="Baseline"))
    if not all(isinstance(result, Estimate) for result in results):
        handles.append(Patch(facecolor="white", edgecolor=GREY, hatch="////", label="Not estimable"))
    return handles


def _note(sensitivity: Sensitivity, form: _Form, level: float, counted: str) -> str:
    """What is printed in the cells."""
    results = [alternative.result for alternative in sensitivity.alternatives]
    estimates = [result for result in results if isinstance(result, Estimate)]
    point, interval = called(estimates, level)
    if not point:
        return ""
    below = f", and below it the {interval}" if form.interval_lines else ""
    below += " and the Monte Carlo error" if form.error else ""
    note = f"{persons_label(counted)}: {point}{below}. Darker: larger."
    largest = max(
        (a.monte_carlo_error for a in sensitivity.alternatives if isinstance(a.result, Estimate)), default=0.0
    )
    if round(largest) >= 1 and not form.error:
        note += f" Monte Carlo errors are up to {persons(largest)}."
    baseline = sensitivity.baseline
    if any(_is_outside(estimate, baseline, level) for estimate in estimates):
        note += f" Bold: outside the baseline's {called([baseline], level)[1]}."
    return note
