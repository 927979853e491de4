"""What changed between two finished studies, as sentences: the matter of a corrigendum."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import cast

from estimation.results.as_json import Json
from estimation.runs.json_changes import Absent, Change, is_number

__all__ = ["CellChange", "Difference", "headline_sentence"]

_IN_WORDS: Mapping[str, str] = {
    "point": "the number quoted",
    "mean": "mean",
    "median": "median",
    "sd": "standard deviation",
    "lower": "lower end of the interval",
    "upper": "upper end of the interval",
    "n_observed": "people observed",
}
_FREQUENCIES = ("table", ".frequencies")
_TITLES: Mapping[tuple[str, ...], str] = {
    ("table", ".lists"): "People on each list",
    _FREQUENCIES: "People by the number of lists they are on",
}


@dataclass(frozen=True, slots=True)
class CellChange:
    """A capture history that another number of people has.

    Parameters
    ----------
    history : str
        One 0/1 a list, in the order of the older table.
    on : tuple of str
        The lists it names.
    then, now : int
        People with exactly that history.  Unit: persons.
    """

    history: str
    on: tuple[str, ...]
    then: int
    now: int

    def __str__(self) -> str:
        moved = f"{self.then:,} -> {self.now:,} ({self.now - self.then:+,})"
        return f"history {self.history} ({' and '.join(self.on)} only): {moved}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one finished study to another.

    Parameters
    ----------
    old, new : str
        The two folders, with the time and version of each.
    cells : tuple of CellChange
        Counts that changed.
    inputs : tuple of str
        What else is different in the files that went in, a sentence each.
    study, settings, versions : tuple of Change
        Keys of the study file; settings in force that no key of it explains; versions and machine.
    numbers, words : tuple of Change
        Numbers of ``results.json``, and everything else in it, by their places there.
    headline : str
        What became of the headline, in one sentence.
    doubts : tuple of str
        Files that are not those that their own SHA256SUMS describes.
    """

    old: str
    new: str
    cells: tuple[CellChange, ...]
    inputs: tuple[str, ...]
    study: tuple[Change, ...]
    settings: tuple[Change, ...]
    versions: tuple[Change, ...]
    numbers: tuple[Change, ...]
    words: tuple[Change, ...]
    headline: str
    doubts: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the same went in and the same came out."""
        parts = (self.cells, self.inputs, self.study, self.settings, self.versions, self.numbers, self.words)
        return not any(parts)

    def __str__(self) -> str:
        lines = [f"Old: {self.old}", f"New: {self.new}", ""]
        lines += [f"Doubt: {doubt}." for doubt in self.doubts]
        lines += [self.headline, self._counted(), ""]
        if self.same:
            return "\n".join(lines[:-1])
        lines += _part("Table and other inputs", [*map(str, self.cells), *self.inputs])
        lines += _part("Study file", list(map(_exactly, self.study)))
        lines += _part("Settings in force that the study file does not name", list(map(_exactly, self.settings)))
        lines += _part("Versions and machine", list(map(_exactly, self.versions)))
        lines += ["Numbers that moved" if self.numbers else "Numbers: all the same"]
        lines += [f"  {line}" for line in _grouped(self.numbers)]
        if self.words:
            lines += ["", "Sentences and other values that changed"]
            lines += [f"  {line}" for line in _grouped(self.words)]
        return "\n".join(lines)

    def _counted(self) -> str:
        """How much changed, in one sentence."""
        counted = (
            (len(self.cells), "count of the table", "counts of the table"),
            (len(self.inputs), "other thing in the inputs", "other things in the inputs"),
            (len(self.study), "key of the study file", "keys of the study file"),
            (len(self.settings), "further setting", "further settings"),
            (len(self.versions), "version", "versions"),
            (len(self.numbers), "number", "numbers"),
            (len(self.words), "sentence or other value", "sentences or other values"),
        )
        counts = [f"{n:,} {one if n == 1 else many}" for n, one, many in counted if n]
        return (
            f"Changed: {', '.join(counts)}." if counts else "Nothing changed: the same went in and the same came out."
        )

    def plain(self) -> dict[str, Json]:
        """The difference as an object for JSON."""
        return {
            "same": self.same,
            "old": self.old,
            "new": self.new,
            "headline": self.headline,
            "doubts": list(self.doubts),
            "cells": [
                {"history": c.history, "lists": list(c.on), "old": c.then, "new": c.now, "moved_by": c.now - c.then}
                for c in self.cells
            ],
            "inputs": list(self.inputs),
            "study": [_plain(change) for change in self.study],
            "settings": [_plain(change) for change in self.settings],
            "versions": [_plain(change) for change in self.versions],
            "numbers": [_plain(change) for change in self.numbers],
            "words": [_plain(change) for change in self.words],
        }


def headline_sentence(then: Json, now: Json) -> str:
    """What became of the headline."""
    before, after = (value if isinstance(value, dict) else {} for value in (then, now))
    sentence = f"Headline: {_answer(before)}"
    if before == after:
        return f"{sentence}, in both."
    relative = _relative(before.get("point"), after.get("point"))
    return f"{sentence} -> {_answer(after)}{f', {relative}' if relative else ''}."


def _answer(headline: Mapping[str, Json]) -> str:
    """The headline's number and interval, in persons, or that there is none."""
    label, point = headline.get("label"), headline.get("point")
    if not is_number(point):
        return f"no number ({label})"
    ends = [headline.get("lower"), headline.get("upper")]
    lower, upper = (f"{float(cast(float, end)):,.0f}" if is_number(end) else "no limit" for end in ends)
    return f"{float(cast(float, point)):,.0f} people, {lower} to {upper} ({label})"


def _part(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines), ""] if lines else [f"{title}: the same", ""]


def _grouped(changes: Sequence[Change]) -> Iterator[str]:
    """Changes under the part of the results that they belong to."""
    under: tuple[str, ...] | None = None
    for change in changes:
        depth = 2 if len(change.place) > 2 else 1 if len(change.place) > 1 else 0
        if change.place[:depth] != under:
            under = change.place[:depth]
            yield _TITLES.get(under, "".join(under) or "at the top")
        place = change.place[depth:]
        if under == _FREQUENCIES:  # the first place is for people on one list
            place = (f"on exactly {int(place[0].strip('[]')) + 1}",)
        yield f"  {_sentence(Change(place, change.then, change.now))}"


def _exactly(change: Change) -> str:
    """A change of something that was set, as it was set."""
    return f"{change.path}: {_value(change.then)} -> {_value(change.now)}"


def _sentence(change: Change) -> str:
    """One change in one line: where, from what, to what, and by how much."""
    *where, leaf = change.place
    name = _IN_WORDS.get(leaf.removeprefix("."))
    place = "".join(change.place) if name is None else ", ".join([*(["".join(where)] if where else []), name])
    place = place.removeprefix(".")
    if not (is_number(change.then) and is_number(change.now)):
        return f"{place}: {_value(change.then)} -> {_value(change.now)}"
    then, now = (cast(float, value) for value in (change.then, change.now))
    before, after = _digits(then, now)
    relative = _relative(then, now)
    return f"{place}: {before} -> {after} ({_moved(then, now)}{f', {relative}' if relative else ''})"


def _relative(then: Json | Absent, now: Json | Absent) -> str:
    """A movement against the older number, or nothing where that is zero or there is none."""
    if not (is_number(then) and is_number(now)) or not then or then == now:
        return ""
    share = 100 * (cast(float, now) - cast(float, then)) / abs(cast(float, then))
    return f"{share:+.2g} %" if abs(share) < 99.5 else f"{share:+,.0f} %"


def _digits(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as many digits as tell them apart, and one more.

    Examples
    --------
    >>> _digits(1340.8675, 1341.4), _digits(296.0, 297.0), _digits(0.039808, 0.039869), _digits(4.02e-11, 4e-11)
    (('1,340.87', '1,341.40'), ('296', '297'), ('0.039808', '0.039869'), ('4.02e-11', '4e-11'))
    """
    if float(first).is_integer() and float(second).is_integer():
        return f"{first:,.0f}", f"{second:,.0f}"
    apart = abs(first - second)
    if max(abs(first), abs(second)) < 1e-4 or apart < 1e-12:
        short = f"{first:.4g}", f"{second:.4g}"
        return short if short[0] != short[1] else (repr(first), repr(second))
    decimals = max(0, 1 - floor(log10(apart)))
    return f"{first:,.{decimals}f}", f"{second:,.{decimals}f}"


def _moved(then: float, now: float) -> str:
    """A movement with its sign."""
    by = now - then
    if float(then).is_integer() and float(now).is_integer():
        return f"{by:+,.0f}"
    return f"{by:+.2g}" if abs(by) < 10 else f"{by:+,.0f}"


def _value(value: Json | Absent) -> str:
    """A value on one line."""
    return "nothing" if isinstance(value, Absent) else json.dumps(value, ensure_ascii=False)


def _plain(change: Change) -> dict[str, Json]:
    """A change for JSON; a value that is not there at all has no key."""
    content: dict[str, Json] = {"path": change.path}
    if not isinstance(change.then, Absent):
        content["old"] = change.then
    if not isinstance(change.now, Absent):
        content["new"] = change.now
    if is_number(change.then) and is_number(change.now):
        content["moved_by"] = cast(float, change.now) - cast(float, change.then)
    return content
