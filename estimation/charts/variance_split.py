"""What linkage contributes to N: the part of the variance that is there because it is not certain who is who."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from estimation.charts.drawing.row_axes import axes_of_rows
from estimation.charts.drawing.row_places import Plan, plan_rows
from estimation.charts.drawing.rows import Row
from estimation.charts.drawing.theme import INK, MARKED, PALE, drawing, inches_wide
from estimation.charts.drawing.words import persons, text_inches
from estimation.results.estimates import Estimate, Result
from estimation.results.labelled import check_labelled
from estimation.results.variance_split import VarianceSplit

__all__ = ["plot_variance_split"]

_HIGH = 0.14
"""Height of a bar.  Unit: inches."""

_NAME = "Share of the variance of N (%)"
_FAR = 100.0


def plot_variance_split(results: Mapping[str, Result], ax: Axes | None = None) -> Axes:
    """How much of each model's variance of N is there because it is not certain who is the same person.

    Beside each bar stand the standard deviations of both parts; their squares add to the variance.

    Parameters
    ----------
    results : mapping of str to Estimate or NotEstimable
        Results of `mse.fit_draws` by the label of their row; one without a number keeps its row.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    TypeError
        When it is given what is no mapping of labels to results.
    ValueError
        When no result was made over draws of a linkage.

    Examples
    --------
    >>> import numpy as np
    >>> import estimation as mse
    >>> from estimation.linkage.draws import LinkageDraws, RecordPlace
    >>> records = tuple(RecordPlace(list=k // 60, row=k + 2) for k in range(100))
    >>> linked = np.r_[np.arange(60), np.arange(30), np.arange(60, 70)]
    >>> doubted = np.r_[np.arange(60), np.arange(20), np.arange(60, 80)]
    >>> draws = LinkageDraws(("a", "b"), records, np.array([[linked, doubted] * 10], dtype=np.int32))
    >>> result = mse.fit_draws(mse.models.Chapman(), draws, rng=1)
    >>> mse.charts.plot_variance_split({"Chapman": result}).get_xlabel()
    'Share of the variance of N (%)'
    """
    check_labelled(results)
    with drawing():
        rows = [_row(label, result) for label, result in results.items()]
        if not any(row.point is not None for row in rows):
            raise ValueError("there is nothing to draw; give results of fit_draws")
        width = inches_wide(ax)
        plan = plan_rows(rows, width, heights=[_HIGH] * len(rows), header=0.03)
        handles = [
            Rectangle((0, 0), 1, 1, facecolor=MARKED, edgecolor=INK, label="Linkage: who is the same person"),
            Rectangle((0, 0), 1, 1, facecolor=PALE, edgecolor=INK, label="Model and chance, with the linkage given"),
        ]
        ax = axes_of_rows(ax, rows, plan, _NAME, handles, note="In brackets: standard deviation of each part, persons.")
        _axis(ax, plan)
        for row, place in zip(rows, plan.places, strict=True):
            if row.point is not None:
                _draw(ax, row.point, place.middle)
    return ax


def _row(label: str, result: Result) -> Row:
    """The words of a row."""
    split = VarianceSplit.of(result.tables) if isinstance(result, Estimate) else None
    if split is None:
        return Row(
            label, numbers="not estimable" if not isinstance(result, Estimate) else "not over draws of a linkage"
        )
    linkage, rest = (persons(float(np.sqrt(part))) for part in (split.linkage, split.model_and_chance))
    share = 100 * split.share
    return Row(label, "none", f"{share:.0f} % linkage ({linkage}), {100 - round(share)} % the rest ({rest})", share)


def _axis(ax: Axes, plan: Plan) -> None:
    ax.set_xlim(0, _FAR)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=max(int(plan.plot_width / (text_inches("100") + 0.3)), 1)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _draw(ax: Axes, share: float, y: float) -> None:
    """Both parts, end to end."""
    for start, width, colour in ((0.0, share, MARKED), (share, _FAR - share, PALE)):
        bar = Rectangle(
            (start, y - _HIGH / 2), width, _HIGH, facecolor=colour, edgecolor=INK, linewidth=0.6, zorder=2.5
        )
        ax.add_patch(bar)
