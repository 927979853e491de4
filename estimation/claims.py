"""Claims about a number: who says what, when, on what ground; and what a claim implies.

A claim is a claim with a source.  Nothing here estimates anything: a list gives the names or cases that somebody
counted, a total is what somebody asserts or extrapolates.

A file of claims is CSV with a heading and one row a claim:

=============  =====================================================================================================
``who``        who makes the claim
``when``       the date or year of the claim, as published
``kind``       ``list`` (names or cases counted one by one) or ``total`` (asserted or extrapolated)
``figure``     persons; empty where the source gives no number
``to``         upper end, where the source gives a range; empty otherwise
``words``      what the source says, in its words or close to them
``citation``   where it can be read
=============  =====================================================================================================

What two list sizes and a total imply.  With n_1 and n_2 people on two lists and N in all, independent lists share
m = n_1 n_2 / N people.  Where they share another number m of people, N holds either if the lists depend on each other
with the odds ratio theta = m (N - n_1 - n_2 + m) / ((n_1 - m)(n_2 - m)), or, the lists being independent among those
whom either could record at all, if a share u = 1 - n_1 n_2 / (m N) of the people could not be recorded by any list.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, cast

from pydantic import Field

from estimation.errors import ClaimsError
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Point
from estimation.toml_file import Text

__all__ = [
    "Claim",
    "ClaimsFile",
    "Implication",
    "Need",
    "ReferenceFigure",
    "implication",
    "need",
    "probability_at_least",
    "read_claims",
]

_Persons = Annotated[float, Field(ge=0)]
ClaimKind: TypeAlias = Literal["list", "total"]
_COLUMNS = ("who", "when", "kind", "figure", "to", "words", "citation")
_FILLED = ("who", "when", "kind", "words", "citation")


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
        that is neither, a figure that is no whole number above 0, a range that is upside down, a claim given twice.
        All problems are named together, each with its line.
    """
    source = Path(path)
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ClaimsError(str(source), ["there is no such file; check the path and the spelling"]) from error
    except IsADirectoryError as error:
        raise ClaimsError(str(source), ["this is a folder; name the file in it"]) from error
    except UnicodeDecodeError as error:
        raise ClaimsError(str(source), [f"byte {error.start} is not UTF-8; save the file as UTF-8"]) from error
    rows = csv.DictReader(text.splitlines(keepends=True), restkey="", restval=None)
    found = tuple(rows.fieldnames or ())
    problems = [f"column {name!r} is missing; add it" for name in _COLUMNS if name not in found]
    problems += [f"column {name!r} is unknown; remove it" for name in found if name not in _COLUMNS]
    if problems:
        raise ClaimsError(str(source), problems)
    claims: list[Claim] = []
    for row in rows:
        claim = _claim_of(row, f"line {rows.line_num}", problems)
        if claim is not None and claim in claims:
            problems.append(f"line {rows.line_num}: this claim is given twice; give it once")
        if claim is not None:
            claims.append(claim)
    if not claims and not problems:
        problems.append("there is no claim in this file; give at least one row")
    if problems:
        raise ClaimsError(str(source), problems)
    return tuple(claims)


def _claim_of(row: Mapping[str, str | None], line: str, problems: list[str]) -> Claim | None:
    """The claim of one row; what is wrong with it goes to ``problems``."""
    wrong = [f"{line}: {name} is empty; fill it" for name in _FILLED if not (row[name] or "").strip()]
    if "" in row or None in row.values():
        wrong.append(f"{line}: there are more or fewer cells than columns; put text that holds a comma into quotes")
    cells = {name: (row[name] or "").strip() for name in _COLUMNS}
    if cells["kind"] and cells["kind"] not in ("list", "total"):
        wrong.append(f"{line}: kind is {cells['kind']!r}; it must be list or total")
    numbers: dict[str, int | None] = {}
    for name in ("figure", "to"):
        digits = cells[name].replace(",", "").replace("_", "")
        numbers[name] = int(digits) if digits.isascii() and digits.isdigit() and int(digits) > 0 else None
        if cells[name] and numbers[name] is None:
            wrong.append(f"{line}: {name} is {cells[name]!r}; it must be a whole number of persons above 0, or empty")
    figure, to = numbers["figure"], numbers["to"]
    if to is not None and (figure is None or to <= figure):
        wrong.append(f"{line}: to is {to:,}; it is the upper end of a range and must be above figure")
    problems += wrong
    if wrong:
        return None
    return Claim(
        cells["who"], cells["when"], cast(ClaimKind, cells["kind"]), figure, to, cells["words"], cells["citation"]
    )


def probability_at_least(figure: float, results: Mapping[str, Result]) -> dict[str, float | None]:
    """The posterior probability that N is at least a figure, under each model, if its assumptions hold.

    None for a model that gives no number or a classical one: a confidence interval is no probability.

    Parameters
    ----------
    figure : float
        For example a claimed total.  Unit: persons.
    results : mapping of str to Estimate or NotEstimable
        Answers by label.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> models = {"graphs": DecomposableGraphs(), "bound": ChaoLowerBound()}
    >>> answers = {label: model.fit(table, rng=np.random.default_rng(1)) for label, model in models.items()}
    >>> found = probability_at_least(100, answers)
    >>> round(found["graphs"], 3), found["bound"]
    (0.685, None)
    """
    return {
        label: result.total.probability_at_least(figure)
        if isinstance(result, Estimate) and not isinstance(result.total, Point)
        else None
        for label, result in results.items()
    }


@dataclass(frozen=True, slots=True)
class Implication:
    """What a total implies for two lists of known size.

    Parameters
    ----------
    first, second : int
        n_1 and n_2, people on each list.  Unit: persons.
    total : int
        N.  Unit: persons.
    overlap : float
        n_1 n_2 / N, the people on both if the lists were independent.  Unit: persons.
    least, most : int
        People who can be on both at all.  Unit: persons.
    """

    first: int
    second: int
    total: int
    overlap: float
    least: int
    most: int


def implication(first: int, second: int, total: int) -> Implication:
    """What a total implies for the overlap of two lists.

    Raises
    ------
    ValueError
        When a list is empty or larger than the total.

    Examples
    --------
    >>> implication(3000, 2000, 30000).overlap
    200.0
    """
    if not 0 < first <= total or not 0 < second <= total:
        raise ValueError(f"lists of {first:,} and {second:,} people cannot be part of {total:,}")
    return Implication(first, second, total, first * second / total, max(0, first + second - total), min(first, second))


@dataclass(frozen=True, slots=True)
class Need:
    """What would have to hold for a total, given the overlap of two lists.

    Parameters
    ----------
    total : int
        N.  Unit: persons.
    overlap : int
        m, people on both lists.  Unit: persons.
    independent : float
        n_1 n_2 / m, the total if the lists were independent.  Unit: persons.
    odds_ratio : float
        theta: by how much the odds of being on one list are larger for those who are on the other.
    zero_capture_share : float
        u: the share of all people whom neither list could have recorded, the lists being independent among the others;
        below 0 where independence by itself says more than the total.
    """

    total: int
    overlap: int
    independent: float
    odds_ratio: float
    zero_capture_share: float


def need(first: int, second: int, overlap: int, total: int) -> Need:
    """How strong a dependence, or how large a share with zero capture probability, would make a total true.

    Raises
    ------
    ValueError
        When so many people cannot be on both lists.

    Examples
    --------
    >>> needed = need(3000, 2000, 600, 30000)
    >>> needed.independent, round(needed.odds_ratio, 2), round(needed.zero_capture_share, 2)
    (10000.0, 4.57, 0.67)
    """
    implied = implication(first, second, total)
    if not implied.least <= overlap <= implied.most or overlap == 0:
        raise ValueError(
            f"{overlap:,} people cannot be on both of two lists of {first:,} and {second:,} among {total:,}; "
            f"it must be {max(implied.least, 1):,} to {implied.most:,}"
        )
    apart = (first - overlap) * (second - overlap)
    odds_ratio = overlap * (total - first - second + overlap) / apart if apart else inf
    independent = first * second / overlap
    return Need(total, overlap, independent, odds_ratio, 1 - independent / total)


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

    label: Text
    source: Text
    value: _Persons
    lower: _Persons | None = None
    upper: _Persons | None = None


def __dir__() -> list[str]:
    return list(__all__)
