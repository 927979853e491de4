"""Claims: what was counted and what was asserted, each at its figure, on one axis of persons."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from estimation.charts.drawing.theme import (
    ACCENT,
    GREY,
    INK,
    SMALL,
    drawing,
    inches_wide,
    new_axes,
    persons_label,
    text_inches,
    wrapped,
)
from estimation.claims import Claim

__all__ = ["plot_claims"]

_NARROW = 4.7
_LINE = 0.155


def plot_claims(claimed: Sequence[Claim], ax: Axes | None = None, *, counted: str = "people", note: str = "") -> Axes:
    """Who said how many: lists as filled squares, totals as open diamonds, a range as a bar; nothing is estimated.

    Parameters
    ----------
    claimed : sequence of Claim
        The claims, in the order to show them; one without a number keeps its row, with its words.
    ax : Axes, optional
        Where to draw; without it, a figure of its own, as high as the rows need.
    counted : str
        What is counted, for the label of the axis.
    note : str
        A sentence that must stand on the chart, for example that no estimate can be made from these claims.

    Returns
    -------
    Axes
        The axes drawn on; figures are on a log scale.

    Raises
    ------
    ValueError
        When no claim is given, or none has a number.

    Examples
    --------
    >>> from estimation.charts import plot_claims
    >>> from estimation.claims import Claim
    >>> chart = plot_claims([Claim("A ministry", "1990", "list", 1200, None, "1,200 names", "A report")])
    >>> chart.get_xlabel()
    'Number of people (persons; log scale)'
    """
    figures = [figure for claim in claimed for figure in (claim.figure, claim.to) if figure is not None]
    if not figures:
        raise ValueError("there is no claim with a number to draw; give at least one")
    with drawing():
        width = inches_wide(ax)
        stacked = width < _NARROW
        room = width - 0.4 if stacked else 0.42 * width
        labels = [wrapped(claim.label, room) for claim in claimed]
        heights = [(_LINE * (label.count("\n") + 1)) + (0.28 if stacked else 0.12) for label in labels]
        tail = wrapped(note, width - (0.4 if stacked else room + 0.3), 9) if note else ""
        if ax is None:
            ax = new_axes(sum(heights) + 1.15 + _LINE * (tail.count("\n") + 1) * bool(tail))
        ax.set_xscale("log")
        ax.set_xlim(min(figures) / 1.35, max(figures) * 1.9)
        ax.set_ylim(sum(heights), 0)
        top = 0.0
        places = []
        for claim, label, height in zip(claimed, labels, heights, strict=True):
            text = _LINE * (label.count("\n") + 1)
            at = top + (text + 0.12 if stacked else height / 2)
            if stacked:
                ax.text(0, top + 0.02, label, transform=ax.get_yaxis_transform(), fontsize=SMALL, va="top", color=INK)
            _draw(ax, claim, at)
            places.append(at)
            top += height
        ax.set_yticks([] if stacked else places, [] if stacked else labels)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        _persons_axis(ax, figures, width - (0 if stacked else room))
        label_text = persons_label(counted).replace("(persons)", "(persons; log scale)")
        ax.set_xlabel(wrapped(label_text, width - 0.4, 9) + (f"\n{tail}" if tail else ""))
        ax.legend(handles=_handles(claimed), loc="lower right", bbox_to_anchor=(1, 1), ncols=1 if stacked else 2)
    return ax


def _draw(ax: Axes, claim: Claim, y: float) -> None:
    if claim.figure is None:
        said = "no number given"
        ax.text(
            0.01, y, said, transform=ax.get_yaxis_transform(), fontsize=SMALL, va="center", color=GREY, style="italic"
        )
        return
    listed = claim.kind == "list"
    if claim.to is not None:
        ax.plot([claim.figure, claim.to], [y, y], color=ACCENT, linewidth=1.8)
        ax.plot([claim.figure, claim.to], [y, y], "|", color=ACCENT, markersize=7)
    else:
        ax.plot(
            [claim.figure],
            [y],
            "s" if listed else "D",
            color=INK if listed else ACCENT,
            markerfacecolor=INK if listed else "white",
            markersize=6,
        )
    ax.annotate(
        claim.figure_text,
        (claim.to or claim.figure, y),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
    )


def _handles(claimed: Sequence[Claim]) -> list[Line2D]:
    kinds = {claim.kind for claim in claimed if claim.figure is not None}
    handles = []
    if "list" in kinds:
        handles.append(Line2D([], [], linestyle="None", marker="s", color=INK, label="List: names or cases counted"))
    if "total" in kinds:
        handles.append(
            Line2D(
                [],
                [],
                linestyle="None",
                marker="D",
                color=ACCENT,
                markerfacecolor="white",
                label="Total: asserted or extrapolated",
            )
        )
    return handles


def _persons_axis(ax: Axes, figures: Sequence[int], width: float) -> None:
    """Draw ticks at 1, 2 and 5 times the powers of ten, or at fewer where these do not fit."""
    low, high = ax.get_xlim()
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [m * 10.0**p for p in range(10) for m in steps if low <= m * 10.0**p <= high]
        if len(ticks) * (text_inches(f"{max(figures):,}") + 0.15) <= width:
            break
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.grid(axis="x")
