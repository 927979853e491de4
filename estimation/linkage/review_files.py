"""The files of a review sample: a sheet for each of two people, and what was drawn; and what their answers say.

::

    reviewer_1.csv   the sheet of one person, with names, since a person has to compare them
    reviewer_2.csv   the same for the other, who does not see the first's answers
    sample.json      which records were drawn, without names, and of which linkage

They lie in a folder of their own, never in that of the linkage, which has no name in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from estimation.errors import LinkageError
from estimation.files import check_outputs, file_sha256, write_text
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.review_sample import (
    Prediction,
    ReviewedSample,
    ReviewSample,
    predicted_shares,
    reviewed_sample,
)
from estimation.linkage.review_sample_sheet import read_review_sheet, review_sheet
from estimation.linkage.saved import DRAWS, read_linkage
from estimation.lists.name_list import NameList, NameRecord, PersonName

__all__ = ["REVIEW_FILES", "read_reviewed", "write_review_files"]

_MOST_SAMPLES = 10

REVIEW_FILES = ("reviewer_1.csv", "reviewer_2.csv", "sample.json")


def write_review_files(
    sample: ReviewSample,
    name_lists: Sequence[NameList],
    folder: str | os.PathLike[str],
    *,
    linkage: str | os.PathLike[str],
    force: bool = False,
) -> Path:
    """Write the sheets of a sample, with names, and what was drawn.

    Parameters
    ----------
    sample : ReviewSample
        What was drawn.
    name_lists : sequence of NameList
        The lists that were linked, in their order.
    folder : path
        Where; made if it is not there.
    linkage : path
        The folder of the linkage, which has to be there.
    force : bool
        Whether files of an older sample are replaced.

    Raises
    ------
    OutputError
        When they would replace files.
    """
    place = Path(folder)
    check_outputs([place / name for name in REVIEW_FILES], force=force, makes_folder=True)
    place.mkdir(parents=True, exist_ok=True)
    sheet = review_sheet(sample, name_lists)
    for name in REVIEW_FILES[:2]:
        write_text(place / name, sheet)
    drawn = {
        "linkage": file_sha256(Path(linkage) / DRAWS),
        "n_records": sample.n_records,
        "records": list(sample.records),
        "candidates": [list(each) for each in sample.candidates],
    }
    write_text(place / REVIEW_FILES[2], json.dumps(drawn) + "\n")
    return place


def read_reviewed(
    linkage: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    decided: str | os.PathLike[str] | None = None,
) -> tuple[LinkageDraws, ReviewedSample]:
    """What two people found in a review sample, beside the linkage that it was drawn from.

    Parameters
    ----------
    linkage : path
        The folder of the linkage.
    folder : path
        The folder of the sample, with both sheets filled in.
    decided : path, optional
        A sheet of a third person, who decides where the two differ.

    Raises
    ------
    LinkageError
        When the sample is of another linkage, or with every problem of the sheets.
    """
    draws, place = read_linkage(linkage), Path(folder)
    sample = _sample(place / REVIEW_FILES[2], Path(linkage))
    lists = _lists_of(draws)
    problems: list[str] = []
    sheets = [place / name for name in REVIEW_FILES[:2]]
    answers = [_answers(file, sample, lists, problems) for file in sheets]
    for file, found in zip(sheets, answers, strict=True):
        blank = [number for number, each in enumerate(found, 1) if each is None]
        if blank:
            more = f" and {len(blank) - _MOST_SAMPLES:,} more" if len(blank) > _MOST_SAMPLES else ""
            some = ", ".join(map(str, blank[:_MOST_SAMPLES]))
            problems.append(
                f"{file.name}: {len(blank):,} drawn records have no answer (samples {some}{more}); write yes or no"
            )
    third = None if decided is None else _answers(Path(decided), sample, lists, problems)
    if problems:
        raise LinkageError(str(place), problems)
    first, second = ([each or frozenset() for each in found] for found in answers)
    persons, _ = draws.point_clustering()
    prediction = Prediction(persons.astype(np.int64), predicted_shares(draws))
    return draws, reviewed_sample(sample, prediction, first, second, decided=third)


def _answers(
    file: Path, sample: ReviewSample, lists: Sequence[NameList], problems: list[str]
) -> list[frozenset[int] | None]:
    """What a sheet says of each drawn record; what is wrong with it is added to the problems."""
    try:
        return read_review_sheet(file.read_text("utf-8-sig"), sample, lists, source=file.name)
    except UnicodeDecodeError:
        problems.append(f"{file.name}: it is not UTF-8; save it as CSV UTF-8")
    except OSError as error:
        problems.append(f"{file.name}: it cannot be read ({error.strerror}); put the sheet there, filled in")
    except LinkageError as error:
        problems += [f"{file.name}: {problem}" for problem in error.problems]
    return []


def _sample(file: Path, linkage: Path) -> ReviewSample:
    """What was drawn, of this linkage."""
    try:
        drawn = json.loads(file.read_bytes())
        sample = ReviewSample(tuple(drawn["records"]), tuple(map(tuple, drawn["candidates"])), int(drawn["n_records"]))
    except FileNotFoundError as error:
        raise LinkageError(str(file), ["there is no such file; name the folder of the review sample"]) from error
    except (ValueError, KeyError, TypeError) as error:
        raise LinkageError(str(file), ["this is not the sample as mse link --review-sample writes it"]) from error
    if drawn.get("linkage") != file_sha256(linkage / DRAWS):
        raise LinkageError(str(file), [f"the sample was drawn from another linkage than that in {linkage}"])
    return sample


def _lists_of(draws: LinkageDraws) -> list[NameList]:
    """Where the records of a linkage stand, as lists without names."""
    nobody = (PersonName("-"),)
    return [
        NameList(name, tuple(NameRecord(record.row, nobody, sheet=record.sheet) for record in records))
        for name, records in groupby(draws.records, key=draws.name_of)
    ]
