"""The look that all charts share: the style sheet, the colours, and figures of the style's width."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

__all__ = [
    "ACCENT",
    "BAND",
    "DASHED",
    "DOTTED",
    "GREY",
    "INK",
    "MARKED",
    "NARROW",
    "PALE",
    "drawing",
    "inches_wide",
    "new_axes",
    "style",
]

INK = "#1a1a1a"
GREY = "#595959"
PALE = "#c8c8c8"
BAND = "#f2f2f2"
ACCENT = "#0072B2"
MARKED = "#D55E00"
DOTTED = (0, (1, 1.5))
DASHED = (0, (4, 3))
NARROW = 4.7
"""Charts narrower than this have labels above their rows instead of beside them.  Unit: inches."""

_SHEET = Path(__file__).with_name("estimation.mplstyle")
_SALT = "estimation"
_CM_PER_INCH = 2.54


@contextmanager
def style(*, width_cm: float = 16.0) -> Iterator[None]:
    """The style of all charts, for the time of a ``with`` block; save inside it and the bytes repeat.

    Colours are from Okabe and Ito (2008); no chart relies on colour alone.  SVG text is drawn as paths, and the
    ids in an SVG do not change from run to run.  The date of writing is the caller's to leave out.

    Parameters
    ----------
    width_cm : float
        Width of the figures that charts make inside the block.  Unit: centimetres.  The default fits a page;
        at 9.5, the width of a phone (360 px), charts put labels above their rows instead of beside them.

    Examples
    --------
    >>> import io
    >>> import estimation as mse
    >>> table = mse.CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> with mse.charts.style(width_cm=9.5):
    ...     chart = mse.charts.plot_upset(table)
    ...     chart.figure.savefig(io.BytesIO(), format="svg", metadata={"Date": None})
    >>> f"{2.54 * chart.figure.get_figwidth():.1f} cm"
    '9.5 cm'
    """
    with matplotlib.style.context(_SHEET, after_reset=True):
        height = matplotlib.rcParams["figure.figsize"][1]
        matplotlib.rcParams["figure.figsize"] = (width_cm / _CM_PER_INCH, height)
        yield


@contextmanager
def drawing() -> Iterator[None]:
    """The style while one chart is drawn; a style that the caller has set, with its width, stays."""
    if matplotlib.rcParams["svg.hashsalt"] == _SALT:
        yield
    else:
        with style():
            yield


def new_axes(height: float, beneath: float = 0.0) -> Axes:
    """Axes on a figure of their own, outside of pyplot, of the style's width; so many inches beneath stay free."""
    width = matplotlib.rcParams["figure.figsize"][0]
    layout = ConstrainedLayoutEngine(rect=(0, beneath / height, 1, 1 - beneath / height))
    return Figure(figsize=(width, height), layout=layout).add_subplot()


def inches_wide(ax: Axes | None) -> float:
    """Room for a chart with its labels: the figure's width, or the share of it that the axes were given."""
    if ax is None:
        return float(matplotlib.rcParams["figure.figsize"][0])
    axes_share = matplotlib.rcParams["figure.subplot.right"] - matplotlib.rcParams["figure.subplot.left"]
    pixels = min(ax.get_window_extent().width / axes_share, ax.figure.bbox.width)
    return float(pixels / ax.figure.dpi)
