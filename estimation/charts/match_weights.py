"""Match weights: what the agreement or difference of a field says for and against two records being one person's."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.row_axes import axes_of_rows
from estimation.charts.drawing.row_places import MARK_HEIGHT, Plan, plan_rows
from estimation.charts.drawing.rows import Row, check_fields
from estimation.charts.drawing.theme import ACCENT, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import text_inches
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.match_weights import LEVEL_NAMES, MatchWeights, match_weights

__all__ = ["plot_match_weights"]

_NAME = "Match weight (bits: log2 of the likelihood ratio)"


def plot_match_weights(
    found: MatchWeights | FittedErrors, ax: Axes | None = None, *, fields: Sequence[str] | None = None
) -> Axes:
    """The weight of each field and level: to the right it speaks for one person, to the left against.

    One bit more doubles the odds.  Agreement has a line from the weight of a common value (one that 5 % of people have
    a commoner one than) to that of a rare one; it is no interval of uncertainty.

    Parameters
    ----------
    found : MatchWeights or FittedErrors
        The weights (`estimation.linkage.match_weights.match_weights`), or the errors that they follow from.
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
        When there is no field, one that is named is none, or it is not known how often different people agree.

    Examples
    --------
    >>> from estimation.charts import plot_match_weights
    >>> from estimation.linkage.match_weights import MatchWeights
    >>> plot_match_weights(MatchWeights(("given",), ({0: 6.3, 3: -4.6},), ((4.0, 9.6),))).get_xlabel()
    'Match weight (bits: log2 of the likelihood ratio)'
    """
    if isinstance(found, FittedErrors):
        weights = match_weights(found)
        if weights is None:
            raise ValueError("there are no match weights; it is not known how often different people agree")
        found = weights
    check_fields(fields, found.fields)
    with drawing():
        rows = _rows(found, found.fields if fields is None else fields)
        width = inches_wide(ax)
        plan = plan_rows(rows, width, header=0.03)
        ax = axes_of_rows(
            ax, rows, plan, _NAME, _handles(), note="Agreement on a rare value says more than on a common one."
        )
        _axis(ax, _rows(found, found.fields), plan)
        for row, place in zip(rows, plan.places, strict=True):
            if row.point is not None:
                _draw(ax, row, place.mark)
    return ax


def _rows(found: MatchWeights, fields: Sequence[str]) -> list[Row]:
    """A heading for each field, and a row for each level that it has."""
    rows = []
    for name, weights, ends in zip(found.fields, found.weights, found.agreement, strict=True):
        if name not in fields:
            continue
        rows.append(Row(name, "heading"))
        for level, weight in weights.items():
            lower, upper = ends if level == 0 else (None, None)
            numbers = f"{weight:+.1f} ({ends[0]:+.1f} to {ends[1]:+.1f})" if level == 0 else f"{weight:+.1f}"
            rows.append(Row(LEVEL_NAMES[level], "none", numbers, weight, lower, upper))
    return rows


def _axis(ax: Axes, rows: list[Row], plan: Plan) -> None:
    values = [value for row in rows for value in (row.point, row.lower, row.upper, 0.0) if value is not None]
    room = 0.04 * (max(values) - min(values) or 1.0)
    ax.set_xlim(min(values) - room, max(values) + room)
    ax.grid(axis="x")
    ax.axvline(0, color=INK, linewidth=1.0, zorder=1.6)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(int(plan.plot_width / (text_inches("-10") + 0.3)), 1)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}" if value else "0"))


def _draw(ax: Axes, row: Row, y: float) -> None:
    """A bar from 0 to the weight, and the line of agreement from a common to a rare value."""
    assert row.point is not None
    against = row.point < 0
    bar = Rectangle(
        (min(row.point, 0.0), y - MARK_HEIGHT / 2),
        abs(row.point),
        MARK_HEIGHT,
        facecolor="white" if against else ACCENT,
        edgecolor=MARKED if against else ACCENT,
        linewidth=1.1,
        zorder=2.5,
    )
    ax.add_patch(bar)
    if row.lower is not None and row.upper is not None:
        ax.plot([row.lower, row.upper], [y, y], "-", color=INK, linewidth=1.2, zorder=2.6)
        ax.plot([row.lower, row.upper], [y, y], "|", color=INK, markersize=6, markeredgewidth=1.2, zorder=2.6)


def _handles() -> list[Artist]:
    return [
        Rectangle((0, 0), 1, 1, facecolor=ACCENT, edgecolor=ACCENT, label="For one person"),
        Rectangle((0, 0), 1, 1, facecolor="white", edgecolor=MARKED, label="Against"),
        mark("Agreement, from a common value to a rare one", INK, line="-", marker="|", width=1.2),
    ]
