"""Coverage in a simulation study: one row a model, one column a scenario, the percentage in each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from estimation.charts.drawing.row_places import LINE
from estimation.charts.drawing.theme import GREY, INK, NARROW, drawing, inches_wide, new_axes
from estimation.charts.drawing.words import SMALL, text_inches, wrapped

if TYPE_CHECKING:
    from estimation.simulation.coverage_study import Scores
    from estimation.simulation.scores import Score

__all__ = ["plot_coverage"]

_LEVEL = 0.95
_FAR = 3.0
_UPRIGHT = 1.1
_COLUMN = 0.8
"""A column as wide as this has room for its heading.  Unit: inches."""
_CELL = 0.52
"""Narrowest column that holds a percentage.  Unit: inches."""


def plot_coverage(scores: Scores, ax: Axes | None = None) -> Axes:
    """How often each model's 95 % interval holds the true number in each scenario.

    The further below 95 %, the darker the cell; what is so far below that luck does not explain it is underlined.

    Parameters
    ----------
    scores : Scores
        From `estimation.simulation.coverage_study`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import estimation as mse
    >>> scenarios = {"independent": mse.simulation.load_scenario("independent")}
    >>> models = {"Chao": mse.models.ChaoLowerBound()}
    >>> scores = mse.simulation.coverage_study(scenarios, models, replications=5, rng=1)
    >>> [text.get_text() for text in mse.charts.plot_coverage(scores).get_xticklabels()]
    ['Independent lists']
    """
    with drawing():
        width = inches_wide(ax)
        columns = len(scores.scenarios)
        room = min(max(width - 0.2 - _COLUMN * columns, 0.24 * width), 2.3)
        cell = max((width - room - 0.2) / columns, _CELL if width < NARROW else 0.0)
        labels = [wrapped(label, room) for label in scores.models]
        titles = [scenario.title for scenario in scores.scenarios.values()]
        # Where a word is wider than its column, all headings stand upright.
        upright = any(text_inches(word) > cell - 0.08 for title in titles for word in title.split())
        heads = [wrapped(title, _UPRIGHT if upright else cell - 0.08) for title in titles]
        heights = [(label.count("\n") + 1) * LINE + 0.1 for label in labels]
        note = wrapped(_note(scores), width - 0.2)
        if ax is None:
            lines = [line for head in heads for line in head.split("\n")]
            above = max(map(text_inches, lines)) if upright else max(h.count("\n") + 1 for h in heads) * LINE
            ax = new_axes(sum(heights) + above + (note.count("\n") + 1) * LINE + 0.35)
        ax.set_xlim(0, columns)
        ax.set_ylim(sum(heights), 0)
        ax.xaxis.tick_top()
        middles = [sum(heights[:i]) + high / 2 for i, high in enumerate(heights)]
        ax.set_xticks([column + 0.5 for column in range(columns)], heads, fontsize=SMALL, rotation=90 if upright else 0)
        ax.set_yticks(middles, labels, fontsize=SMALL)
        ax.tick_params(length=0)
        for side in ("left", "right", "top", "bottom"):
            ax.spines[side].set_visible(False)
        for label, high, middle in zip(scores.models, heights, middles, strict=True):
            for column, name in enumerate(scores.scenarios):
                _draw_cell(ax, scores.of(name, label), column, middle, high)
        longest = max(text_inches(line) for label in labels for line in label.split("\n"))
        ax.annotate(
            note,
            (0, 0),
            xycoords="axes fraction",
            xytext=(-72 * longest - 4, -6),
            textcoords="offset points",
            va="top",
            fontsize=SMALL,
            annotation_clip=False,
        )
    return ax


def _note(scores: Scores) -> str:
    tables = scores.scores[0].replications
    return (
        f"Coverage: per cent of {tables} drawn tables, of those that gave a number, whose 95 % interval "
        "(credible or confidence, as the model gives it) holds the true number. Darker: further below 95 %. "
        f"Underlined: more than {_FAR:g} Monte Carlo standard errors below."
    )


def _draw_cell(ax: Axes, each: Score, column: int, middle: float, high: float) -> None:
    """Draw one percentage on a shade that says how far it is below 95."""
    if each.coverage is None:
        ax.text(column + 0.5, middle, "none", ha="center", va="center", fontsize=SMALL, color=GREY)
        return
    value = each.coverage.value
    missing = min(max((_LEVEL - value) / _LEVEL, 0.0), 1.0)
    shade = str(1 - 0.75 * missing)
    corner = (column + 0.03, middle - high / 2 + 0.015)
    ax.add_patch(Rectangle(corner, 0.94, high - 0.03, facecolor=shade, edgecolor="none"))
    ink = "white" if missing > 0.55 else INK
    ax.text(column + 0.5, middle, f"{100 * value:.0f}", ha="center", va="center", fontsize=SMALL, color=ink)
    if value < _LEVEL - _FAR * each.coverage.error:
        ax.plot([column + 0.36, column + 0.64], [middle + 0.085] * 2, "-", color=ink, linewidth=1.0, zorder=3)
