"""Rows as a pandas frame, and as an HTML table for a notebook."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from estimation.text.direction import isolated

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cell", "frame_of", "html_table"]

Cell: TypeAlias = "str | float | int | bool | None"
"""What a cell of a frame or a file may hold; None where there is nothing."""

_DTYPES: Mapping[type, str] = MappingProxyType({str: "object", bool: "boolean", int: "Int64", float: "float64"})


def frame_of(rows: Sequence[Mapping[str, Cell]], columns: Mapping[str, type]) -> pd.DataFrame:
    """Rows as a pandas frame whose columns have one type each, whatever is missing in them.

    Parameters
    ----------
    rows : sequence of mapping
        One value, or None, for each column.
    columns : mapping of str to type
        The columns in their order; each of type str, bool, int or float.

    Examples
    --------
    >>> frame_of([{"label": "a", "n": 3}, {"label": "b", "n": None}], {"label": str, "n": int})["n"].sum()
    np.int64(3)
    """
    # Imported here because pandas takes most of a second to load and most uses of a result do not need it.
    import pandas as pd

    frame = pd.DataFrame.from_records([dict(row) for row in rows], columns=list(columns))
    return frame.astype({name: _DTYPES[kind] for name, kind in columns.items()})


def html_table(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
) -> str:
    """An HTML table for a notebook; every text is escaped, and a right-to-left name is isolated in its sentence.

    Parameters
    ----------
    caption : str
        What the table shows.
    headings : sequence of str
        One for each column.
    rows : sequence of sequence of str
        One text for each column.
    right : collection of int
        Places of the columns that are set to the right, as numbers are.

    Examples
    --------
    >>> html_table("Lists", ["list", "people"], [["A & B", "12"]], right=[1]).count("<td")
    2
    """

    def cells(tag: str, texts: Sequence[str]) -> str:
        sides = ("right" if at in right else "left" for at in range(len(texts)))
        return "".join(
            f'<{tag} style="text-align:{side}">{_as_html(text)}</{tag}>'
            for side, text in zip(sides, texts, strict=True)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<table><caption style="text-align:left">{_as_html(caption)}</caption>'
        f"<thead><tr>{cells('th', headings)}</tr></thead><tbody>{body}</tbody></table>"
    )


def _as_html(text: str) -> str:
    return html.escape(isolated(text, is_beside_others=True))
