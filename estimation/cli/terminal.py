"""Text on a terminal: shown as it is written, whatever it is.

Nothing that people give can be taken for markup, for a picture or for an order to the terminal: a control character is
printed as its code.  A right-to-left name stands isolated in its sentence.  Letters that the stream cannot encode are
printed as their codes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence
from typing import TextIO

import typer

from estimation.text.characters import visible
from estimation.text.direction import isolated

__all__ = ["encodable", "print_table", "say", "text_for"]

_BAR = re.compile("([│┃|])")
_CELL = re.compile(r"(\s*)(.*?)(\s*)", flags=re.DOTALL)


def say(text: object, *, err: bool = False, given: Collection[str] = ()) -> None:
    """Print a text on a line of its own.

    Parameters
    ----------
    text : object
        What to print; what is no text is printed as ``str`` has it.
    err : bool
        Whether it goes to standard error.
    given : collection of str
        The names in it, where they are known (`estimation.text.direction`).
    """
    stream = sys.stderr if err else sys.stdout
    typer.echo(text_for(stream, str(text), given), err=err)


def print_table(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    words: Collection[int] = (0,),
    given: Collection[str] = (),
) -> None:
    """Print a table; no text in it is markup.

    Parameters
    ----------
    title : str
        What it shows.
    headings : sequence of str
        One a column.
    rows : sequence of sequence of str
        Cells.
    words : collection of int
        The columns that hold words; the others hold numbers, which are set to the right.
    given : collection of str
        The names in it.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def cell(text: str) -> Text:
        return Text(encodable(sys.stdout, visible(text)))

    table = Table(title=cell(title), title_justify="left")
    for at, heading in enumerate(headings):
        table.add_column(cell(heading), justify="left" if at in words else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(cell, row))
    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(table)
    # Isolated once it is broken into lines: a line ends what is isolated in it, and not the cell.
    lines = (_with_cells_apart(line, given) for line in captured.get().splitlines())
    typer.echo("\n".join(lines))


def _with_cells_apart(line: str, given: Collection[str]) -> str:
    """A line of a table in which no cell changes the order of another."""
    cells = (_CELL.fullmatch(cell) for cell in _BAR.split(line))
    apart = (f"{c[1]}{isolated(c[2], given, is_beside_others=True)}{c[3]}" if c else "" for c in cells)
    whole = "".join(apart)
    return whole if encodable(sys.stdout, whole) == whole else line


def text_for(stream: TextIO, text: str, given: Collection[str] = ()) -> str:
    """A text as a stream can show it."""
    seen = visible(text)
    isolates = isolated(seen, given)
    return encodable(stream, isolates if encodable(stream, isolates) == isolates else seen)


def encodable(stream: TextIO, text: str) -> str:
    """A text in letters that a stream can encode; the others by their codes."""
    encoding = _encoding(stream)
    return text.encode(encoding, errors="backslashreplace").decode(encoding)


def _encoding(stream: TextIO) -> str:
    return (getattr(stream, "encoding", None) or "utf-8").lower()
