"""People on the lists: how many people the records are of, for each list and for all of them."""

from __future__ import annotations

from matplotlib.axes import Axes

from estimation.charts.drawing.frame import mark
from estimation.charts.drawing.row_axes import axes_of_rows, draw_marks, persons_axis
from estimation.charts.drawing.row_marks import handles_of
from estimation.charts.drawing.row_places import plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import GREY, drawing, inches_wide
from estimation.charts.drawing.words import persons, persons_label
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.linked_tables import LinkedTables
from estimation.models.linked.people_on_lists import people_on_lists

__all__ = ["plot_people"]

_LEVEL = 0.95


def plot_people(draws: LinkageDraws | LinkedTables, ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """The posterior of the number of people on each list and on all of them, beside the records of each list.

    A list's cross is further right than its people where somebody is on it twice.

    Parameters
    ----------
    draws : LinkageDraws or LinkedTables
        Draws of who is the same person, or their tables.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.charts import plot_people
    >>> from estimation.linkage.draws import LinkageDraws, RecordPlace
    >>> records = (RecordPlace(0, 2), RecordPlace(0, 3), RecordPlace(1, 2))
    >>> draws = LinkageDraws(("police", "press"), records, np.array([[[0, 0, 1], [0, 1, 1]]], dtype=np.int32))
    >>> [label.get_text() for label in plot_people(draws).get_yticklabels()]
    ['All lists', 'police', 'press']
    """
    with drawing():
        found = people_on_lists(draws).rows
        rows = [
            Row(
                str(name) if at else "All lists",
                "credible",
                f"{persons(float(records))} records, {persons(float(median))} people "
                f"({persons(float(lower))} to {persons(float(upper))})",
                float(median),
                float(lower),
                float(upper),
                bold=at == 0,
            )
            for at, (name, records, median, lower, upper) in enumerate(found)
        ]
        width = inches_wide(ax)
        plan = plan_rows(rows, width, header=0.03)
        span = (0.0, 1.06 * max(float(row[4]) for row in found))
        handles = handles_of(rows, _LEVEL, span)
        handles.append(mark("Records of the list", GREY, marker="x"))
        ax = axes_of_rows(ax, rows, plan, persons_label(counted), handles)
        persons_axis(ax, plan, span)
        draw_marks(ax, rows, plan)
        for (_, records, *_), place in list(zip(found, plan.places, strict=True))[1:]:
            ax.plot([float(records)], [place.mark], "x", color=GREY, markersize=5.5, markeredgewidth=1.3, zorder=2.8)
    return ax
