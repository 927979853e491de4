"""Words and numbers on a chart: how wide they are, where they break, and how numbers are read.

Matplotlib joins the letters of Persian and Arabic and orders them; within an English line such words are isolated here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

import matplotlib
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from estimation.text.direction import has_right_to_left, isolated

__all__ = ["SMALL", "names_of_ratios", "persons", "persons_label", "shortened", "slant_of", "text_inches", "wrapped"]

SMALL = 8.0
"""The smallest type on a chart.  Unit: points at the width the chart was made for."""


def text_inches(text: str, size: float = SMALL) -> float:
    """Width of one line of text in inches."""
    return _inches(text, size, tuple(matplotlib.rcParams["font.family"]))


@lru_cache(maxsize=4096)
def _inches(text: str, size: float, family: tuple[str, ...]) -> float:
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        return 0.0
    outline = TextPath((0, 0), text, size=size, prop=FontProperties(family=list(family))).vertices
    # The control points of the outline bound it, at a hundredth of the time of its exact extent.
    return float(np.ptp(outline[:, 0])) / 72


def wrapped(text: str, inches: float, size: float = SMALL) -> str:
    """Text broken into lines that are no wider than this; a word that is wider is broken too, "95 %" is one word."""
    return "\n".join(isolated(line) for given in text.split("\n") for line in _lines(given, inches, size))


def _lines(text: str, inches: float, size: float) -> Iterator[str]:
    line = ""
    for word in re.split(r"\s+(?!%)", text.strip()):
        longer = f"{line} {word}".strip()
        if text_inches(longer, size) <= inches:
            line = longer
            continue
        if line:
            yield line
        while text_inches(word, size) > inches and len(word) > 1:
            fits = max(_letters_that_fit(word, inches, size), 1)
            yield word[:fits]
            word = word[fits:]
        line = word
    if line:
        yield line


def _letters_that_fit(text: str, inches: float, size: float) -> int:
    """How many of the first letters of a text that is too wide fit."""
    if has_right_to_left(text):  # a letter that is joined to the next can be narrower than alone
        return max(n for n in range(len(text)) if text_inches(text[:n], size) <= inches)
    return bisect_right(range(len(text)), inches, key=lambda n: text_inches(text[:n], size)) - 1


def shortened(text: str, inches: float, size: float = SMALL) -> str:
    """The first words of a text that fit on one line, with an ellipsis where some are left out.

    A word is cut where the words before it would leave half of the line empty.
    """
    whole = " ".join(text.split())
    if text_inches(whole, size) <= inches:
        return isolated(whole)
    room = max(inches - text_inches("…", size), 0.0)
    first = next(_lines(whole, room, size))
    if text_inches(first, size) < room / 2:
        first = whole[: _letters_that_fit(whole, room, size)]
    return isolated(first.rstrip(" ,;:.") + "…")


def slant_of(text: str) -> Literal["italic", "normal"]:
    """Italic, but for a script whose letters the slanted font does not have."""
    return "normal" if has_right_to_left(text) else "italic"


def persons(value: float) -> str:
    """A number of persons for a reader: whole, with thousands separators."""
    return f"{value:,.0f}"


def persons_label(counted: str) -> str:
    """The label of an axis of persons: what is counted, with the unit."""
    return f"Number of {counted} (persons)"


def names_of_ratios(values: Sequence[float]) -> list[str]:
    """Ratios for a reader: as fractions where those below 1 are 1/2, 1/3 ... and two decimals cannot hold them.

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
