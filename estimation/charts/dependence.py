"""Odds ratios of pairs of lists in published studies, what follows for another pair, and one's own pairs."""

from __future__ import annotations

from matplotlib.axes import Axes

from estimation.capture.pairs import pair_summaries
from estimation.capture.table import CaptureTable
from estimation.charts.drawing.library_rows import LibraryRow, axes_of_library, bar_in_words
from estimation.charts.drawing.theme import drawing
from estimation.priors.dependence import PairDependence
from estimation.priors.sources import studies

__all__ = ["plot_dependence"]

_DIGITS = ".2g"
"""Of an odds ratio below ten."""


def plot_dependence(dependence: PairDependence, ax: Axes | None = None, *, table: CaptureTable | None = None) -> Axes:
    """A row for each published study with the odds ratios of its pairs, one for another pair, and one's own pairs.

    All odds ratios are among people whom another list names.  Pairs in which one of the four counts is 0 have no odds
    ratio to draw; the row of their study says how many they are.

    Parameters
    ----------
    dependence : PairDependence
        From `estimation.priors.dependence`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    table : CaptureTable, optional
        One's own table.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import estimation as mse
    >>> mse.charts.plot_dependence(mse.priors.dependence("killings")).get_xscale()
    'log'
    """
    titles = {study.name: study.title for study in studies()}
    rows = [LibraryRow(f"Published studies: {dependence.title}")]
    for name in dependence.studies:
        ratios = [pair.odds_ratio for pair in dependence.pairs if pair.study == name]
        found = tuple(ratio for ratio in ratios if ratio is not None)
        missing = f", {len(ratios) - len(found)} with an empty count" if len(found) < len(ratios) else ""
        if found:
            rows.append(LibraryRow(titles[name], f"{len(ratios)} pairs{missing}", found))
    numbers = bar_in_words(dependence.predictive, _DIGITS)
    rows += [LibraryRow("What follows"), LibraryRow("A pair of another study", numbers, (), dependence.predictive)]
    own = [(str(pair), pair.odds_ratio) for pair in pair_summaries(table)] if table is not None else []
    if any(ratio is not None for _, ratio in own):
        rows.append(LibraryRow("This study"))
    for label, ratio in own:
        if ratio is not None:
            bar = (ratio.lower, ratio.value, ratio.upper)
            rows.append(LibraryRow(label, bar_in_words(bar, _DIGITS), (), bar, is_own=True))
    words = ("Odds ratio of a pair", "Predictive median and 95 % interval", "Odds ratio and 95 % confidence interval")
    with drawing():
        name = "Odds ratio of two lists, among people on another list (1: independent; log scale)"
        return axes_of_library(ax, rows, name=name, words=words, note=" ".join(dependence.caveats), line=1.0)
