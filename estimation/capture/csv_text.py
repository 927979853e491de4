"""A table of overlapping lists as CSV text, which the reader reads as it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from estimation.capture.forms.headings import is_ordinary
from estimation.text.spreadsheet import begins_formula

__all__ = ["csv_text", "headings"]


def headings(lists: Sequence[str]) -> list[str]:
    """What the columns of the lists are called in a file or frame, so that a reader takes them for lists.

    And so that a spreadsheet takes none of them for a formula.

    Examples
    --------
    >>> headings(["police", "press"]), headings(["count", "press"]), headings(["=1+1"])
    (['police', 'press'], ['in_count', 'in_press'], ['in_=1+1'])
    """
    marked = any(name.startswith(("in_", "# ")) or begins_formula(name) or not is_ordinary(name) for name in lists)
    return [f"in_{name}" if marked else name for name in lists]


def csv_text(lists: Sequence[str], patterns: npt.NDArray[np.bool_], counts: npt.NDArray[np.int64]) -> str:
    """Counts per history as CSV text (RFC 4180 quoting): one 0/1 column a list and a ``count`` column.

    Examples
    --------
    >>> print(csv_text(["A", "B"], np.array([[True, False], [True, True]]), np.array([5, 2])))
    A,B,count
    1,0,5
    1,1,2
    <BLANKLINE>
    """
    quoted = ['"' + name.replace('"', '""') + '"' if set(name) & set(',;"') else name for name in headings(lists)]
    width = 2 * len(lists)
    cells = np.full((len(counts), width), ord(","), dtype=np.uint8)
    cells[:, ::2] = patterns + np.uint8(ord("0"))
    text = cells.tobytes().decode("ascii")
    rows = [f"{text[i * width : (i + 1) * width]}{count}\n" for i, count in enumerate(counts.tolist())]
    return ",".join([*quoted, "count"]) + "\n" + "".join(rows)
