"""Errors of the lists: how often each list has each field wrong."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks
from estimation.charts.drawing.row_marks import handles_of
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row, check_fields
from estimation.charts.drawing.theme import drawing, inches_wide
from estimation.charts.drawing.words import text_inches
from estimation.linkage.fitted_errors import FittedErrors

__all__ = ["plot_field_errors"]

_LEVEL = 0.95
_MOST_ROWS = 60
"""Above so many rows a field has one, from the list with the fewest errors to the one with most."""


def plot_field_errors(errors: FittedErrors, ax: Axes | None = None, *, fields: Sequence[str] | None = None) -> Axes:
    """How often each list has each field wrong, with 95 % credible intervals where they are known.

    Above 60 rows a field has one row, with the median of the lists and the range from the least to the most.

    Parameters
    ----------
    errors : FittedErrors
        What a linkage learned.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    fields : sequence of str, optional
        Those to draw, where one page has no room for all; the axis is that of all of them.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        When there is no field, or one that is named is none.

    Examples
    --------
    >>> from estimation.charts import plot_field_errors
    >>> from estimation.linkage.fitted_errors import FittedErrors
    >>> rates, levels = (((0.1, 0.5),),), ((0.0, 0.5, 0.3, 0.2),)
    >>> errors = FittedErrors(("police",), ("given",), rates, levels, (0.25,), (0.0,), (((0.14, 0.27),),))
    >>> plot_field_errors(errors).get_xlabel()
    'Records with an error in the field (%)'
    """
    check_fields(fields, errors.fields)
    with drawing():
        by_list = len(errors.fields) * len(errors.lists) <= _MOST_ROWS
        every = _rows_by_list(errors, errors.fields) if by_list else _rows_by_field(errors)
        rows = every if fields is None or not by_list else _rows_by_list(errors, fields)
        width = inches_wide(ax)
        plan = plan_rows(rows, width, header=0.03)
        ends = [value for row in every for value in (row.point, row.upper) if value is not None]
        span = (0.0, min(1.06 * max([*ends, 1.0]), 104.0))
        meaning = "Posterior mean" + (" and {level} % credible interval" if errors.error_ends else "")
        ranges = "Median of the lists, and the range from the list with the fewest errors to the one with most"
        handles = handles_of(rows, _LEVEL, span, meanings={"credible": meaning, "range across families": ranges})
        ax = axes_of_rows(ax, rows, plan, "Records with an error in the field (%)", handles)
        ax.set_xlim(*span)
        ax.grid(axis="x")
        ax.xaxis.set_major_locator(MaxNLocator(nbins=max(int(plan.plot_width / (text_inches("100") + 0.3)), 1)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        draw_marks(ax, rows, plan)
    return ax


def _rows_by_list(errors: FittedErrors, fields: Sequence[str]) -> list[Row]:
    """A heading for each field, and a row for each list."""
    rows = []
    for f, name in enumerate(errors.fields):
        if name not in fields:
            continue
        rows.append(Row(name, "heading"))
        for j, list_name in enumerate(errors.lists):
            point = 100 * errors.error_rate[j][f]
            if errors.error_ends:
                lower, upper = (100 * end for end in errors.error_ends[j][f])
                numbers = f"{_percent(point)} % ({_percent(lower)} to {_percent(upper)})"
                rows.append(Row(list_name, "credible", numbers, point, lower, upper))
            else:
                rows.append(Row(list_name, "credible", f"{_percent(point)} %", point))
    return rows


def _rows_by_field(errors: FittedErrors) -> list[Row]:
    """A row for each field, over all lists."""
    rows = []
    for f, name in enumerate(errors.fields):
        rates = sorted(100 * of_list[f] for of_list in errors.error_rate)
        lower, point, upper = rates[0], rates[len(rates) // 2], rates[-1]
        numbers = f"{_percent(point)} % (lists: {_percent(lower)} to {_percent(upper)})"
        rows.append(Row(name, "range across families", numbers, point, lower, upper))
    return rows


def _percent(value: float) -> str:
    """A share in per cent; whole from ten."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"
