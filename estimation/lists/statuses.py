"""Who of a list counts: which values of a status column say that somebody is dead, alive, or something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from estimation.capture.sheets.grid import GridCell
from estimation.lists.cell_problems import CellProblem
from estimation.lists.cell_words import fate_of
from estimation.lists.declared import ListDoor
from estimation.lists.layout import cell_text
from estimation.lists.name_list import RecordKind
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise

__all__ = ["Statuses", "read_statuses"]


@dataclass(frozen=True, slots=True)
class Statuses:
    """What the status of each row says.

    Parameters
    ----------
    kinds : tuple of RecordKind or None
        For each row ``"alive"`` or ``"not a death"``; None where it counts.
    problems : tuple of CellProblem
        What is asked.
    notes : tuple of str
        Which values count and which do not.
    """

    kinds: tuple[RecordKind | None, ...]
    problems: tuple[CellProblem, ...] = ()
    notes: tuple[str, ...] = ()


def read_statuses(
    cells: Sequence[GridCell],
    numbers: Sequence[int],
    heading: str,
    counted: Sequence[str] | None,
    door: ListDoor = "python",
    *,
    event: str = "",
) -> Statuses:
    """Who counts, by a status column.

    Parameters
    ----------
    cells : sequence of cells
        The status of each row.
    numbers : sequence of int
        The rows.
    heading : str
        Of the column.
    counted : sequence of str, optional
        The values that count, where that is declared.  Otherwise all count but those that say that somebody is alive,
        and these are asked.
    door : {"python", "command line", "study"}
        For whom the question names the option.
    event : str
        What the list counts: in one of arrests or disappearances whoever is detained counts.

    Examples
    --------
    >>> found = read_statuses(["Confirmed", "Arrested"], [2, 3], "Status", None)
    >>> found.kinds, len(found.problems)
    ((None, 'not a death'), 1)
    >>> read_statuses(["Confirmed", "Arrested"], [2, 3], "Status", ["Confirmed"]).problems
    ()
    """
    texts = [" ".join(cell_text(cell).split()) for cell in cells]
    if counted is not None:
        wanted = {normalise(text) for text in counted}
        kinds = tuple(None if normalise(text) in wanted or is_missing(text) else _kind(text) for text in texts)
        out = Counter(text for text, kind in zip(texts, kinds, strict=True) if kind)
        note = f"{heading}: rows with {_in_words(out)} are not counted, as declared"
        return Statuses(kinds, notes=(note,) if out else ())
    away = {"alive", "other"} | ({"detained"} if event not in {"arrest", "disappear"} else set())
    kinds = tuple(_kind(text) if fate_of(text) in away else None for text in texts)
    if not any(kinds):
        return Statuses(kinds)
    values = Counter(text for text in texts if not is_missing(text))
    living = [text for text in values if fate_of(text) in away]
    count = [text for text in values if text not in living and _may_be_quoted(text, values[text])]
    listed = ", ".join(f'"{text}"' for text in count[:6])
    option = f"statuses=[{listed}]" if door == "python" else f"statuses = [{listed}]"
    problems = []
    for value in living:
        rows = [number for number, text in zip(numbers, texts, strict=True) if text == value]
        words = (
            f"{_in_words({value: len(rows)})} can be that somebody is alive, or that this is not what the list counts"
        )
        advice = f"Say which values count, such as {option}; rows with others are left out."
        problems += [CellProblem(row, heading, "ask", words, advice) for row in rows]
    return Statuses(kinds, tuple(problems))


def _may_be_quoted(text: str, times: int) -> bool:
    """Whether a value is one of a few that many rows have; a longer one of a single row may hold a name."""
    return times > 1 or (len(text.split()) == 1 and bool(fate_of(text)))


def _in_words(counts: Mapping[str, int]) -> str:
    """Values of a status column, those that may hold a name by their number alone."""
    quoted = [repr(text) for text, times in counts.items() if _may_be_quoted(text, times)]
    others = len(counts) - len(quoted)
    rest = [f"{others:,} other value{'s' if others > 1 else ''} of one row each" if others else ""]
    if not quoted:
        rest = ["a value that no other row has" if others == 1 else rest[0]]
    return ", ".join([*quoted, *filter(None, rest)])


def _kind(text: str) -> RecordKind:
    return "alive" if fate_of(text) == "alive" else "not a death"
