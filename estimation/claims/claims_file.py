"""Claims about a number: who says what, when, on what ground; and figures that others published.

A claim is a claim with a source.  Nothing here estimates anything: a list gives the names or cases that somebody
counted, a total is what somebody asserts or extrapolates.

A file of claims is CSV with a heading and one row a claim:

=============  =====================================================================================================
``who``        who makes the claim
``when``       the date or year of the claim, as published
``kind``       ``list`` (names or cases counted one by one) or ``total`` (asserted or extrapolated)
``figure``     persons; empty where the source gives no number.  Digits may be Persian or Arabic
``to``         upper end, where the source gives a range; empty otherwise
``words``      what the source says, in its words or close to them
``citation``   where it can be read
=============  =====================================================================================================

Which characters may stand in a text says `estimation.text.characters`: who and when are names, words and citation are
prose.  An apostrophe that keeps a spreadsheet from computing a cell (`estimation.text.spreadsheet`) is taken off.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, cast

from pydantic import Field

from estimation.capture.problems import MAX_PERSONS
from estimation.errors import ClaimsError
from estimation.text.characters import name_faults, prose_faults
from estimation.text.spreadsheet import original_cell
from estimation.toml_file import Name, Text

__all__ = ["Claim", "ClaimsFile", "ReferenceFigure", "read_claims"]

_Persons = Annotated[float, Field(ge=0)]
ClaimKind: TypeAlias = Literal["list", "total"]
_COLUMNS = ("who", "when", "kind", "figure", "to", "words", "citation")
_FILLED = ("who", "when", "kind", "words", "citation")
_TEXTS = {"who": name_faults, "when": name_faults, "words": prose_faults, "citation": prose_faults}
_MOST_DIGITS = len(str(MAX_PERSONS))
_SEPARATORS = str.maketrans("", "", ",_ ٬\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody said about the number.

    Parameters
    ----------
    who, when : str
        Source and date of the claim.
    kind : {"list", "total"}
        Counted one by one, or asserted or extrapolated.
    figure : int or None
        The number, or the lower end of its range; None where the source gives none.  Unit: persons.
    to : int or None
        The upper end of a range.  Unit: persons.
    words : str
        What the source says.
    citation : str
        Where it can be read.
    """

    who: str
    when: str
    kind: ClaimKind
    figure: int | None
    to: int | None
    words: str
    citation: str

    @property
    def label(self) -> str:
        """For a chart or a table: who and when."""
        return f"{self.who}, {self.when}"

    @property
    def figure_text(self) -> str:
        """The number as it is read."""
        if self.figure is None:
            return "no number"
        return f"{self.figure:,}" if self.to is None else f"{self.figure:,} to {self.to:,}"


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """Claims, and the file that they were read from.

    Parameters
    ----------
    path : Path
        The file.
    claims : tuple of Claim
        In the order of the file.
    """

    path: Path
    claims: tuple[Claim, ...]


def read_claims(path: str | os.PathLike[str]) -> tuple[Claim, ...]:
    """The claims of a file, in its order.

    Parameters
    ----------
    path : path
        A CSV file as in the description of this module, in UTF-8.

    Raises
    ------
    ClaimsError
        For a file that is not there or not CSV, a missing or unknown column, an empty cell that must be filled, a kind
        that is neither, a figure that is no whole number above 0 or more than ever lived, a character that cannot be
        seen, a range that is upside down, a claim given twice.
        All problems are named together, each with its line.
    """
    source = Path(path)
    problems: list[str] = []
    claims: dict[Claim, None] = {}
    for line, row in _rows(source):
        claim = _claim_of(row, line, problems)
        if claim in claims:
            problems.append(f"{line}: this claim is given twice; give it once")
        elif claim is not None:
            claims[claim] = None
    if not claims and not problems:
        problems.append("there is no claim in this file; give at least one row")
    if problems:
        raise ClaimsError(str(source), problems)
    return tuple(claims)


def _rows(source: Path) -> Iterator[tuple[str, Mapping[str, str | None]]]:
    """The rows of a file, each with the name of its line; or why it is no file of claims."""
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ClaimsError(str(source), ["there is no such file; check the path and the spelling"]) from error
    except IsADirectoryError as error:
        raise ClaimsError(str(source), ["this is a folder; name the file in it"]) from error
    except UnicodeDecodeError as error:
        raise ClaimsError(str(source), [f"byte {error.start} is not UTF-8; save the file as UTF-8"]) from error
    # Only CR and LF end a line: a claim may have other separators within its words.
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval=None, strict=True)
    try:
        found = tuple(rows.fieldnames or ())
        problems = [f"column {name!r} is missing; add it" for name in _COLUMNS if name not in found]
        problems += [f"column {name!r} is unknown; remove it" for name in found if name not in _COLUMNS]
        twice = (name for name, times in Counter(found).items() if times > 1 and name in _COLUMNS)
        problems += [f"column {name!r} is there more than once; remove one" for name in twice]
        if problems:
            raise ClaimsError(str(source), problems)
        for row in rows:
            yield f"line {rows.line_num}", row
    except csv.Error as error:
        message = f"line {rows.line_num}: this is not CSV ({error}); look for a quotation mark that is not closed"
        raise ClaimsError(str(source), [message]) from None


def _claim_of(row: Mapping[str, str | None], line: str, problems: list[str]) -> Claim | None:
    """The claim of one row; what is wrong with it goes to ``problems``."""
    wrong = [f"{line}: {name} is empty; fill it" for name in _FILLED if not (row[name] or "").strip()]
    if "" in row or None in row.values():
        wrong.append(f"{line}: there are more or fewer cells than columns; put text that holds a comma into quotes")
    cells = {name: original_cell((row[name] or "").strip()) for name in _COLUMNS}
    wrong += [f"{line}: {name} {fault}" for name, faults in _TEXTS.items() for fault in faults(cells[name])]
    if cells["kind"] and cells["kind"] not in ("list", "total"):
        wrong.append(f"{line}: kind is {cells['kind'][:40]!r}; it must be list or total")
    figure, to = (_persons(cells[name], f"{line}: {name}", wrong) for name in ("figure", "to"))
    if to is not None and (figure is None or to <= figure):
        wrong.append(f"{line}: to is {to:,}; it is the upper end of a range and must be above figure")
    problems += wrong
    if wrong:
        return None
    return Claim(
        cells["who"], cells["when"], cast(ClaimKind, cells["kind"]), figure, to, cells["words"], cells["citation"]
    )


def _persons(cell: str, where: str, wrong: list[str]) -> int | None:
    """A number of persons; None for an empty cell, and for one that is none, which goes to ``wrong``."""
    digits = cell.translate(_SEPARATORS)
    if not cell:
        return None
    if digits.isdecimal() and len(digits.lstrip("0")) > _MOST_DIGITS:
        wrong.append(f"{where} has {len(digits)} digits; no such number of persons ever lived: correct it")
    elif not digits.isdecimal() or not 0 < int(digits) <= MAX_PERSONS:
        wrong.append(f"{where} is {cell[:40]!r}; it must be a whole number of persons above 0, or empty")
    else:
        return int(digits)
    return None


@dataclass(frozen=True, slots=True)
class ReferenceFigure:
    """A figure somebody published or claimed, shown beside our own and never mixed with them.

    Parameters
    ----------
    label : str
        Short name for a chart, for example ``"Ball et al. 2002"``.
    source : str
        Full citation.
    value : float
        The figure.  Unit: persons.
    lower, upper : float, optional
        Its interval, as published.
    """

    label: Name
    source: Text
    value: _Persons
    lower: _Persons | None = None
    upper: _Persons | None = None
