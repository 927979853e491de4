"""The look that all charts share: the style sheet, the colours, how wide text is, and axes that count persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from matplotlib.ticker import FuncFormatter, MaxNLocator

from estimation.results.estimates import Estimate, Result

__all__ = [
    "ACCENT",
    "BAND",
    "BAND_OF_BASELINE",
    "DOTTED",
    "GREY",
    "INK",
    "MARKED",
    "PALE",
    "SMALL",
    "count_axis",
    "drawing",
    "inches_wide",
    "is_unchanged",
    "names_of_ratios",
    "new_axes",
    "persons",
    "persons_label",
    "shortened",
    "style",
    "text_inches",
    "wrapped",
]

INK = "#1a1a1a"
GREY = "#595959"
PALE = "#c8c8c8"
BAND = "#f2f2f2"
BAND_OF_BASELINE = "#e2e2e2"
DOTTED = (0, (1, 1.5))
ACCENT = "#0072B2"
MARKED = "#D55E00"
SMALL = 8.0
"""The smallest type on a chart.  Unit: points at the width the chart was made for."""

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
    >>> from estimation.charts import style, plot_upset
    >>> from estimation.capture.table import CaptureTable
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> with style():
    ...     plot_upset(table).figure.savefig(io.BytesIO(), format="svg", metadata={"Date": None})
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


def new_axes(height: float) -> Axes:
    """Axes on a figure of their own, of the style's width and this height in inches, outside of pyplot."""
    width = matplotlib.rcParams["figure.figsize"][0]
    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def inches_wide(ax: Axes | None) -> float:
    """Room for a chart with its labels: the figure's width, or the share of it that the axes were given."""
    if ax is None:
        return float(matplotlib.rcParams["figure.figsize"][0])
    axes_share = matplotlib.rcParams["figure.subplot.right"] - matplotlib.rcParams["figure.subplot.left"]
    pixels = min(ax.get_window_extent().width / axes_share, ax.figure.bbox.width)
    return float(pixels / ax.figure.dpi)


def text_inches(text: str, size: float = SMALL) -> float:
    """Width of one line of text in inches."""
    if not text.strip():
        return 0.0
    font = FontProperties(family=matplotlib.rcParams["font.family"])
    outline = TextPath((0, 0), text, size=size, prop=font).vertices
    # The control points of the outline bound it, at a hundredth of the time of its exact extent.
    return float(np.ptp(outline[:, 0])) / 72


def wrapped(text: str, inches: float, size: float = SMALL) -> str:
    """Text broken into lines that are no wider than this; a word that is wider is broken too."""
    return "\n".join(line for given in text.split("\n") for line in _lines(given, inches, size))


def _lines(text: str, inches: float, size: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if text_inches(longer, size) <= inches:
            line = longer
            continue
        if line:
            lines.append(line)
        while text_inches(word, size) > inches and len(word) > 1:
            fits = next((k for k in range(len(word) - 1, 1, -1) if text_inches(word[:k], size) <= inches), 1)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def shortened(text: str, inches: float, size: float = SMALL) -> str:
    """The first words of a text that fit on one line, with an ellipsis where some are left out."""
    first = wrapped(text, inches, size).split("\n")[0]
    if len(first) >= len(" ".join(text.split())):
        return first
    room = inches - text_inches("…", size)
    return wrapped(text, max(room, 0.0), size).split("\n")[0].rstrip(" ,;:.") + "…"


def persons(value: float) -> str:
    """A number of persons as it is read: whole, with thousands separators."""
    return f"{value:,.0f}"


def persons_label(counted: str) -> str:
    """The label of an axis of persons: what is counted, with the unit."""
    return f"Number of {counted} (persons)"


def names_of_ratios(values: Sequence[float]) -> list[str]:
    """Ratios as they are read: as fractions where those below 1 are 1/2, 1/3 ... and two decimals cannot hold them.

    Examples
    --------
    >>> names_of_ratios([1 / 64, 0.25, 1]), names_of_ratios([0.25, 0.75, 1.5])
    (['1/64', '1/4', '1'], ['0.25', '0.75', '1.5'])
    """
    below = [value for value in values if 0 < value < 1]
    are_parts = all(abs(1 / value - round(1 / value)) < 1e-6 for value in below)
    if are_parts and any(abs(value - round(value, 2)) > 1e-6 for value in below):
        return [f"1/{round(1 / value)}" if value in below else f"{value:.3g}" for value in values]
    return [f"{value:.3g}" for value in values]


def count_axis(axis: Axis, ticks: int) -> None:
    """Make an axis one of whole numbers with thousands separators and at most so many steps."""
    axis.set_major_locator(MaxNLocator(nbins=max(ticks, 1), integer=True, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def is_unchanged(result: Result, baseline: Result) -> bool:
    """Whether an estimate was made from the same data with the same settings as the baseline."""
    if not (isinstance(result, Estimate) and isinstance(baseline, Estimate)):
        return False
    ours, theirs = result.provenance, baseline.provenance
    same = (ours.data_sha256, ours.settings) == (theirs.data_sha256, theirs.settings)
    return same and (result.model, result.median) == (baseline.model, baseline.median)
