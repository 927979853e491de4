"""``[lists.NAME]`` for a new study: what the columns of each list were taken for, and what is open in it."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from estimation.errors import TableError
from estimation.lists.declared import DeclaredList
from estimation.lists.readers import name_list_of
from estimation.lists.recognised import ListGuess, list_guesses
from estimation.text.counted import counted

__all__ = ["ListSections", "list_sections"]

_WIDTH = 116
_MOST_PROBLEMS = 12


@dataclass(frozen=True, slots=True)
class ListSections:
    """The sections of a study file.

    Parameters
    ----------
    names : tuple of str
        Of the lists.
    n_rows : int
        Rows of all lists that stand for somebody.
    lines : tuple of str
        The sections.
    """

    names: tuple[str, ...]
    n_rows: int
    lines: tuple[str, ...]


def list_sections(files: Sequence[str | os.PathLike[str]], beside: Path) -> ListSections:
    """A section for each list in some files.

    Parameters
    ----------
    files : sequence of path
        Files of name lists.
    beside : Path
        The folder of the study file, from which it names them.

    Raises
    ------
    TableError
        When a file cannot be read, or holds no list of names.
    """
    names: list[str] = []
    lines: list[str] = []
    n_rows = 0
    for file in files:
        guesses = list_guesses(file, door="study")
        if not guesses:
            raise TableError(
                str(file), ["no list of names was found in it: a column of names needs a heading such as Name"]
            )
        place = Path(os.path.relpath(Path(file).resolve(), beside.resolve())).as_posix()
        for guess in guesses:
            name = _unlike(guess.name, names)
            names.append(name)
            n_rows += guess.n_rows
            lines += _section(name, place, guess, Path(file))
    return ListSections(tuple(names), n_rows, tuple(lines))


def _unlike(name: str, names: Sequence[str]) -> str:
    """A name that no other list has."""
    n = 2
    own = name
    while own in names:
        own, n = f"{name} {n}", n + 1
    return own


def _section(name: str, place: str, guess: ListGuess, file: Path) -> Iterator[str]:
    key = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)
    yield f"[lists.{key}]  # {counted(guess.n_rows, 'row stands', 'rows stand')} for somebody"
    yield f"file = {_text(place)}"
    for option, value in (("sheet", guess.sheet), ("part", guess.part)):
        if value:
            yield f"{option} = {_text(value)}"
    # What is asked is left out: a guess written down would be an answer.
    sure = {key: heading for key, heading in guess.columns.items() if key != "died" or not guess.questions}
    columns = ", ".join(f"{key} = {_text(heading)}" for key, heading in sure.items())
    yield f"columns = {{ {columns} }}  # a guess: look at it"
    if guess.set_aside:
        yield from _comment(f"Not used: {', '.join(guess.set_aside)}.")
    for sentence in _open(guess, file):
        yield from _comment(f"Open: {sentence}")
    yield "# duplicate_free = true  # if nobody is on it twice"
    yield '# version_of = "..."  # if it is another release of that list: both are one capture'
    yield '# undecided = "missing"  # what is open in cells is missing, with a note; without this the list is refused'
    yield ""


def _open(guess: ListGuess, file: Path) -> list[str]:
    """What is open in a list, at its headings or in its cells; no name is in it."""
    if guess.questions:
        return list(guess.questions)
    declared = DeclaredList(sheet=guess.sheet or None, part=guess.part or None, undecided="missing")
    try:
        problems = name_list_of(file, declared, door="study").problems
    except TableError as error:
        return list(error.problems)
    more = len(problems) - _MOST_PROBLEMS
    return [*problems[:_MOST_PROBLEMS], *([f"and {more:,} more; mse inspect prints all"] if more > 0 else [])]


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]


def _text(text: str) -> str:
    """A text in quotes, as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
