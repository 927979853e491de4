"""Mark a picture of made-up data so that nobody takes it for a picture of real people."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from estimation.charts.drawing.theme import drawing
from estimation.charts.drawing.words import text_inches

__all__ = ["stamp_synthetic"]

_WORDS = "SYNTHETIC DATA"


def stamp_synthetic(ax: Axes) -> Axes:
    """Large pale words across the whole picture that say that its data are made up.  Call it last.

    Parameters
    ----------
    ax : Axes
        A finished chart.

    Returns
    -------
    Axes
        The axes drawn on.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> chart = mse.charts.stamp_synthetic(mse.charts.plot_upset(table))
    >>> chart.texts[-1].get_text()
    'SYNTHETIC DATA'
    """
    with drawing():
        # The words must fit the picture as it will be laid out.
        figure = ax.figure.figure if isinstance(ax.figure, SubFigure) else ax.figure
        figure.draw_without_rendering()
        box = ax.get_tightbbox() or ax.get_window_extent()
        middle = ax.transAxes.inverted().transform(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
        wide, high = box.width / ax.figure.dpi, box.height / ax.figure.dpi
        angle = min(np.arctan2(high, wide), np.radians(35))
        # At size s the words are s * unit wide and about s / 72 high; turned, both must fit the box.
        unit = text_inches(_WORDS, 100) * 1.13 / 100
        size = 0.94 * min(
            wide / (unit * np.cos(angle) + np.sin(angle) / 72), high / (unit * np.sin(angle) + np.cos(angle) / 72)
        )
        words = ax.text(
            middle[0],
            middle[1],
            _WORDS,
            transform=ax.transAxes,
            rotation=np.degrees(angle),
            ha="center",
            va="center",
            fontsize=size,
            fontweight="bold",
            color="black",
            alpha=0.2,
            zorder=100,
        )
        words.set_in_layout(False)
    return ax
