"""N/n of published studies of a kind, what follows for the next, and one's own answers beside them."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes

from estimation.charts.drawing.library_rows import LibraryRow, axes_of_library, bar_in_words, ratio_in_words
from estimation.charts.drawing.theme import drawing
from estimation.priors.expansion import Expansion
from estimation.results.estimates import Estimate, Result
from estimation.results.labelled import check_labelled

__all__ = ["plot_expansion"]

_DIGITS = ".2f"
"""Of an expansion factor below ten."""


def plot_expansion(
    expansion: Expansion, ax: Axes | None = None, *, results: Mapping[str, Result] | None = None
) -> Axes:
    """A row for each published study, one for the next study by the library, and one for each answer of one's own.

    Parameters
    ----------
    expansion : Expansion
        From `estimation.priors.expansion`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    results : mapping of str to Estimate or NotEstimable, optional
        One's own answers by label; those that are not estimable have no row.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    TypeError
        When it is given what is no mapping of labels to results.

    Examples
    --------
    >>> import estimation as mse
    >>> mse.charts.plot_expansion(mse.priors.expansion("killings")).get_xscale()
    'log'
    """
    check_labelled(results or {})
    published = sorted(expansion.studies, key=lambda one: one.factor)
    rows = [LibraryRow(f"Published studies: {expansion.title}")]
    rows += [LibraryRow(one.title, ratio_in_words(one.factor, _DIGITS), (one.factor,)) for one in published]
    rows += [
        LibraryRow("What follows"),
        LibraryRow("The next study", bar_in_words(expansion.predictive, _DIGITS), (), expansion.predictive),
    ]
    own = {label: _own(result) for label, result in (results or {}).items() if isinstance(result, Estimate)}
    if own:
        rows.append(LibraryRow("This study"))
        rows += [LibraryRow(label, bar_in_words(bar, _DIGITS), (), bar, is_own=True) for label, bar in own.items()]
    words = (
        "Published total over number documented",
        "Predictive median and 95 % interval",
        "Median and 95 % interval",
    )
    with drawing():
        name = "Expansion factor N/n (log scale)"
        return axes_of_library(ax, rows, name=name, words=words, note=" ".join(expansion.caveats), line=1.0)


def _own(result: Estimate) -> tuple[float, float, float]:
    interval = result.interval()
    lower, middle, upper = (value / result.n_observed for value in (interval.lower, result.median, interval.upper))
    return lower, middle, min(upper, 1e4)
