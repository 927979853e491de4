"""The cells of columns of names as texts: by script, and what a cell of one part of a name gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from estimation.lists.name_cell import name_cell
from estimation.lists.name_units import Unit, alternatives, units_of
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise, script_of

__all__ = ["InScript", "by_script", "is_one_word", "texts_by_script", "texts_of", "without_slips"]


@dataclass(slots=True)
class InScript:
    """Names of a column in one script, and what stands beside each."""

    names: list[tuple[Unit, ...]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    fathers: list[str] = field(default_factory=list)
    with_comma: list[tuple[tuple[Unit, ...], tuple[Unit, ...]]] = field(default_factory=list)


def by_script(cells: Sequence[str], fathers: Sequence[str]) -> dict[str, InScript]:
    """The names of a column by their script."""
    found: dict[str, InScript] = {}
    for at, cell in enumerate(cells):
        for written in name_cell(cell).people:
            own = found.setdefault(script_of(" ".join((*(written.family or ()), *written.words))), InScript())
            units = alternatives(units_of(written.words))[0]
            if written.family is None:
                own.names.append(units)
                own.fathers.append(" ".join(texts_of(fathers[at], "father")[:1]) if fathers else "")
                own.cells.append(cell)
            else:
                own.with_comma.append((alternatives(units_of(written.family, is_family=True))[0], units))
    found.pop("", None)
    return found


def texts_by_script(texts: Sequence[str]) -> dict[str, list[str]]:
    """Texts by their script."""
    found: dict[str, list[str]] = {}
    for text in texts:
        found.setdefault(script_of(text), []).append(text)
    return found


@lru_cache(maxsize=200_000)
def texts_of(cell: str, part: str) -> tuple[str, ...]:
    """What a cell of one part of a name gives: its alternatives, normalised, the first one first."""
    found: list[str] = []
    people = name_cell(cell).people
    if part == "family" and not people and is_one_word(cell):  # Mann, Day: a family name, not a description
        return (normalise(cell),)
    for written in people[:1]:
        words = (*(written.family or ()), *written.words)
        if part == "father" and len(words) > 1 and words[0].lower() in {"di", "fu"}:  # Italian: of, of the late
            words = words[1:]
        for name in alternatives(units_of(words, is_family=part == "family")):
            found.append(normalise(" ".join(unit.text for unit in name)))
        found += [normalise(a.text) for a in written.asides if part == "family" or a.kind != "maiden"]
    return tuple(text for text in dict.fromkeys(found) if text)


_SLIP = re.compile(r"(?<=[^\W\d_]),(?=[^\W\d_])")


def without_slips(cell: str) -> str:
    """A cell of one part of a name without a comma that slipped into a word of it.

    Examples
    --------
    >>> without_slips("Holz,bach"), without_slips("Holz,Bach"), without_slips("Holz, bach")
    ('Holzbach', 'Holz,Bach', 'Holz, bach')
    """
    if "," not in cell:
        return cell
    return _SLIP.sub(lambda found: "" if cell[found.end()].islower() else ",", cell)


def is_one_word(cell: str) -> bool:
    """Whether a cell is one word in Latin or Cyrillic letters, and none for what is not known."""
    word = cell.strip()
    return word.isalpha() and word.lower() != word.upper() and not is_missing(word)
