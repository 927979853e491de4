"""The sheet of a review sample: drawn records with their candidates, for one reviewer, written and read back.

Names stand in it, because a person has to compare them: it is written where review was wanted and nowhere else.  What
the model thinks does not stand in it.  A sheet has a row for each drawn record (`role` is ``drawn``) and below it one
for each candidate, in the order of the lists and rows; the reviewer writes ``yes`` or ``no`` into `same_person` of
each candidate.  Somebody found elsewhere gets a row of its own: the number of the sample, list, sheet and row, ``yes``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from estimation.errors import LinkageError
from estimation.linkage.decision_links import record_keys
from estimation.linkage.record_in_words import FIELDS, fields_in_words
from estimation.linkage.review_sample import ReviewSample
from estimation.lists.name_list import NameList
from estimation.text.spreadsheet import csv_of, original_cell

__all__ = ["read_review_sheet", "review_sheet"]

_KEYS = ("sample", "role", "list", "sheet", "row", "same_person")
_ANSWERS = {"yes": True, "no": False, "": None}


def review_sheet(sample: ReviewSample, name_lists: Sequence[NameList]) -> str:
    """The sheet of a sample as CSV.

    Parameters
    ----------
    sample : ReviewSample
        What was drawn.
    name_lists : sequence of NameList
        The lists that were linked, in their order.

    Examples
    --------
    >>> from estimation.lists.name_list import NameRecord, PersonName
    >>> lists = [
    ...     NameList(name, (NameRecord(2, (PersonName("ali", family="sarvrisan"),)),))
    ...     for name in ("police", "press")
    ... ]
    >>> for line in review_sheet(ReviewSample((0,), ((1,),), 2), lists).splitlines():
    ...     print(line[:48])
    sample,role,list,sheet,row,same_person,given,fat
    1,drawn,police,,2,,ali,,,sarvrisan,,,,,,,
    1,candidate,press,,2,,ali,,,sarvrisan,,,,,,,
    """
    keys = record_keys(name_lists)
    records = [(record, each.columns) for each in name_lists for record in each.linkable]
    rows: list[Sequence[object]] = [[*_KEYS, *FIELDS]]
    for number, (drawn, candidates) in enumerate(zip(sample.records, sample.candidates, strict=True), 1):
        for role, at in (("drawn", drawn), *(("candidate", each) for each in candidates)):
            key = keys[at]
            rows.append([number, role, key.list, key.sheet, key.place, "", *fields_in_words(*records[at]).values()])
    return csv_of(rows)


def read_review_sheet(
    text: str, sample: ReviewSample, name_lists: Sequence[NameList], *, source: str
) -> list[frozenset[int] | None]:
    """What a reviewer found for each drawn record, from the sheet that came back.

    Parameters
    ----------
    text : str
        The CSV file's text.
    sample : ReviewSample
        What was drawn.
    name_lists : sequence of NameList
        The lists that were linked, in their order.
    source : str
        The file, as messages call it.

    Returns
    -------
    list of (frozenset of int or None), length m
        For each drawn record the other records of the same person; None for one whose candidates have no answer at
        all, as in the sheet of a third person who decides only where two differ.

    Raises
    ------
    LinkageError
        With every problem of the sheet by its row: headings that are missing, a record that is on no list, an answer
        other than yes or no, a drawn record that is not in the sheet or whose candidates are answered in part.
    """
    text = text.removeprefix("\ufeff")
    headings = text.partition("\n")[0]  # a spreadsheet of some countries writes semicolons
    delimiter = max(",;\t", key=headings.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter, restval=""))
    except csv.Error as error:
        raise LinkageError(source, [f"it is no CSV file ({error}); save it as CSV UTF-8"]) from error
    missing = [key for key in _KEYS if not rows or key not in rows[0]]
    if missing:
        raise LinkageError(source, [f"there is no column {', '.join(missing)}; give back the sheet with its headings"])
    at = _places(name_lists)
    problems: list[str] = []
    answers: dict[int, dict[int, bool | None]] = {number: {} for number in range(1, len(sample.records) + 1)}
    drawn: set[int] = set()
    for line, row in enumerate(rows, 2):
        number, record, why = _position(row, at, len(sample.records))
        answer = (row["same_person"] or "").strip().lower()
        if why:
            problems.append(f"row {line}: {why}")
        elif row["role"] == "drawn":
            drawn.add(number)
            if sample.records[number - 1] != record:
                problems.append(f"row {line}: sample {number} is another record; this is the sheet of another sample")
        elif answer not in _ANSWERS:
            problems.append(f"row {line}: same_person must be yes or no; it is something else")
        else:
            answers[number][record] = _ANSWERS[answer]
    problems += [f"sample {number}: its drawn record is not in the sheet" for number in answers if number not in drawn]
    found = [_found(number, answers[number], sample, problems) for number in answers]
    if problems:
        raise LinkageError(source, problems)
    return found


def _places(name_lists: Iterable[NameList]) -> dict[tuple[str, str, str], int]:
    """The place of each linkable record by list, sheet and row; people of one row have letters after it."""
    return {(key.list, key.sheet, key.place): at for at, key in enumerate(record_keys(name_lists))}


def _position(row: dict[str, str], at: dict[tuple[str, str, str], int], size: int) -> tuple[int, int, str]:
    """The sample and the record of a row of the sheet, or why it has none."""
    number = row["sample"].strip()
    if not number.isdigit() or not 1 <= int(number) <= size:
        return 0, 0, f"sample must be a number from 1 to {size}"
    key = original_cell(row["list"]), original_cell(row["sheet"]), row["row"].strip().removesuffix(".0")
    if key not in at:
        return 0, 0, "no list has such a record; check list, sheet and row"
    return int(number), at[key], ""


def _found(
    number: int, answers: dict[int, bool | None], sample: ReviewSample, problems: list[str]
) -> frozenset[int] | None:
    """The records of the same person as a drawn one, or None where nothing is answered; problems are added."""
    expected = sample.candidates[number - 1]
    gone = [each for each in expected if each not in answers]
    blank = [each for each, answer in answers.items() if answer is None]
    if gone:
        problems.append(f"sample {number}: {len(gone)} of its candidates are not in the sheet")
    elif blank and len(blank) < len(answers):
        problems.append(f"sample {number}: {len(blank)} of {len(answers)} candidates have no answer; write yes or no")
    elif blank:
        return None
    return frozenset(each for each, answer in answers.items() if answer) - {sample.records[number - 1]}
