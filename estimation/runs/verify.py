"""Run a finished study again, from the inputs stored in it, and say whether it is identical, nearly so or different.

Identical is every number to its last digit.  A study that is not is graded (`estimation.runs.grade`): it is the same
within Monte Carlo error, or different.

Strictly: every file of the folder is as SHA256SUMS says, none is missing and none is there besides, and the report, the
charts and the saved models are made again, with the time of the record, and are the same byte for byte.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias, cast

from estimation.capture.disclosure.edition import edition_of
from estimation.errors import StudyError
from estimation.files import file_sha256
from estimation.linkage.linked_tables import LinkedTables
from estimation.results.as_json import Json
from estimation.runs.grade import FALSE_ALARMS, Grade, grade
from estimation.runs.json_changes import Change, changes_between
from estimation.runs.manifest import SUMS, files_of, read_manifest, strayed
from estimation.runs.run import json_text, write_files
from estimation.runs.signature import fingerprint_of, signature_problem
from estimation.study.findings import Findings, find
from estimation.study.linked_input import linked_input
from estimation.study.machine import environment
from estimation.study.numbers import numbers_of
from estimation.study.public import public_findings
from estimation.study.record import RECORD, Record, read_object, record_from, record_json, stored_columns, stored_inputs
from estimation.study.study_file import NO_TABLE, Study, read_study
from estimation.work.progress import Progress, silent

__all__ = ["Verdict", "Verification", "verify_study"]

Verdict: TypeAlias = Literal["identical", "the same within Monte Carlo error", "different"]

_MOST_DIFFERENCES = 10


@dataclass(frozen=True, slots=True)
class Verification:
    """What running a study again has shown.

    Parameters
    ----------
    directory : Path
        The finished study.
    compared : int
        Values compared.
    differences : tuple of Change
        Values that are not the same.
    changed : tuple of str
        Files that are not as SHA256SUMS says, are gone, or are there and should not be; and a signature
        that is not good.
    elsewhere : tuple of str
        What is different about this machine and its packages; differences may come from it.
    remade : int or None
        Files made again and compared byte for byte; None where that was not asked for.
    unlike : tuple of str
        What is different in those of them that are not the same.
    signed_by : str or None
        SHA-256 of the public key whose owner signed the study; None where that was not asked for or is not so.
    grade : Grade or None
        How far the values that are not the same are apart; None where all are.
    linked_again : bool or None
        Whether the lists of names, linked again, gave the same tables; None for a study without lists, or where they
        were not given.
    n_lists : int
        Lists of names that the study linked.
    """

    directory: Path
    compared: int
    differences: tuple[Change, ...]
    changed: tuple[str, ...]
    elsewhere: tuple[str, ...]
    remade: int | None = None
    unlike: tuple[str, ...] = ()
    signed_by: str | None = None
    grade: Grade | None = None
    linked_again: bool | None = None
    n_lists: int = 0

    @property
    def verdict(self) -> Verdict:
        """Whether the study is identical, the same within Monte Carlo error, or different; files made again aside."""
        if self.changed or self.linked_again is False or (self.grade is not None and not self.grade.within):
            return "different"
        return "identical" if self.grade is None else "the same within Monte Carlo error"

    @property
    def same(self) -> bool:
        """Whether every number is the same, and every file is as was recorded and as it was made again."""
        return not (self.differences or self.changed or self.unlike or self.linked_again is False)

    @property
    def largest(self) -> float | None:
        """The largest relative difference between two numbers; None without one."""
        return max((d.relative for d in self.differences if d.relative is not None), default=None)

    def __str__(self) -> str:
        only_files = self.unlike and self.verdict != "different"
        but = ", but for files that are not the same when made again" if only_files else ""
        lines = [f"{self.directory}: {self.verdict}{but}.", *self._numbers()]
        lines += [f"Not as recorded: {name}." for name in self.changed]
        if self.remade is not None and not self.unlike:
            lines.append(f"All {self.remade} files made again are the same byte for byte.")
        lines += [f"Not as made again: {sentence}." for sentence in self.unlike]
        lines += self._linked()
        if self.signed_by is not None:
            lines.append(f"{SUMS} is signed by the key with SHA-256 {self.signed_by}.")
        if self.elsewhere:
            lines.append(f"This machine is not the one of the record: {'; '.join(self.elsewhere)}.")
        lines += self._why()
        return "\n".join(lines)

    def _numbers(self) -> list[str]:
        """What became of the values."""
        if self.grade is None:
            return [f"All {self.compared:,} values are the same to the last digit."]
        lines = [f"{len(self.differences):,} of {self.compared:,} values are not the same to the last digit:"]
        lines += _first([str(difference) for difference in self.differences])
        if self.largest is not None:
            lines.append(f"The largest relative difference between two numbers is {self.largest:.2g}.")
        grade = self.grade
        if grade.largest is not None:
            place, apart = grade.largest
            lines.append(
                f"Of {grade.compared:,} numbers that rest on random draws, {place} differs most: by {apart:.1f} of the "
                f"standard errors of such a difference. Of two right runs one number of all differs by more than "
                f"{grade.bound:.1f} in {FALSE_ALARMS:.1%} of verifications."
            )
        if grade.ungraded:
            follow = "diagnostics, tables of the models, findings and the numerals of sentences"
            lines.append(f"{grade.ungraded:,} further values follow from draws and are not graded ({follow}).")
        if grade.within:
            return [*lines, "All that is computed without draws is the same to eight digits."]
        return [*lines, "More than Monte Carlo error:", *_first(grade.beyond)]

    def _linked(self) -> list[str]:
        """What became of the lists of names."""
        if not self.n_lists:
            return []
        if self.linked_again is None:
            return [
                "The lists of names are not in the folder, and who is the same person was not drawn again; with the "
                "lists: mse verify DIR --lists FOLDER."
            ]
        same = "the same tables of all draws" if self.linked_again else "other tables than those of the study"
        return [f"The {self.n_lists} files of names, linked again, give {same}."]

    def _why(self) -> list[str]:
        """What a difference may come from."""
        if not (self.differences or self.unlike):
            return []
        if self.elsewhere:
            why = (
                "Another version or processor may draw a chart, set a page or add in another order, and a sampler "
                "turns another last digit into other draws: for identical files verify with the versions of the "
                "record (requirements.lock) on such a processor."
            )
            return [why]
        return [
            "Versions and machine are those of the record: a file was changed after it was made, or something that "
            "the record does not name is different here (fonts, the operating system's libraries)."
        ]


def _first(sentences: Sequence[str]) -> list[str]:
    """The first of some sentences, as lines."""
    more = len(sentences) - _MOST_DIFFERENCES
    return [*(f"  {each}" for each in sentences[:_MOST_DIFFERENCES]), *([f"  and {more:,} more"] if more > 0 else [])]


def verify_study(
    directory: str | os.PathLike[str],
    *,
    strict: bool = False,
    public_key: str | os.PathLike[str] | None = None,
    table: str | os.PathLike[str] | None = None,
    lists: str | os.PathLike[str] | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Verification:
    """Run a finished study again in a temporary folder and compare every value of its ``results.json``.

    What it says stands in the ``verdict`` of the answer: identical, the same within Monte Carlo error, or different.

    Parameters
    ----------
    directory : path
        Folder that `estimation.runs.run.run_study` wrote.
    strict : bool
        Also refuse a file that SHA256SUMS does not name, and make the report, the charts and the saved models again
        and compare them byte for byte.
    public_key : path, optional
        Ed25519 public key, PEM: also check that SHA256SUMS is signed by its owner, and every file against it.
    table : path, optional
        The whole table, for a public edition, which does not hold it.
    lists : path, optional
        The folder of the lists of names, for a study that linked them: they are linked again, and must give the tables
        that the study holds.
    workers : int
        Threads that each fit and each question may use at most; changes no number.
    executor : concurrent.futures.Executor, optional
        Who fits the models and answers the questions, as in `estimation.runs.run.run_study`.
    progress : Progress
        Told what is being done.

    Raises
    ------
    StudyError
        When the folder is not that of a finished study, or files are missing in it or cannot be read.
    EstimationError
        When a signature is to be checked and the package ``cryptography`` is not installed.
    """
    folder = Path(directory)
    then = read_object(folder, "results.json")
    record = record_from(folder)
    study_file, table_file = stored_inputs(folder, record)
    table_file = _whole_table(folder, record, table_file, table)
    signed_by, unsigned = (None, None) if public_key is None else _signature(folder, public_key)
    changed = _changed(folder, besides=strict or public_key is not None)
    study = read_study(study_file, table=table_file)
    study = replace(study, columns=stored_columns(folder, record))
    with tempfile.TemporaryDirectory() as parts:
        tables = linked_input(study, Path(parts)) if study.is_linked else None
        again = None if lists is None else _linked_again(study, record, tables, Path(lists), Path(parts), workers)
        found = find(study, parts=Path(parts), read=tables, workers=workers, executor=executor, progress=progress)
    if record.public is not None:
        found = public_findings(found, edition_of(found.table, minimum=record.public))
    if record.original is not None:  # what was handled on reading it can be read nowhere else
        found = replace(found, table_notes=_notes(then))
    now = cast(dict[str, Json], json.loads(json_text(numbers_of(found))))
    differences = tuple(changes_between(then, now))
    made, unlike = _made_again(folder, found, record) if strict else (None, [])
    changed += _contradictions(folder, found, record) if strict else []
    progress(1, "done")
    return Verification(
        directory=folder,
        compared=_values(then),
        differences=differences,
        changed=(*changed, *([] if unsigned is None else [unsigned])),
        elsewhere=tuple(_elsewhere(record)),
        remade=made,
        unlike=tuple(unlike),
        signed_by=signed_by,
        grade=grade(then, now, found) if differences else None,
        linked_again=again,
        n_lists=len(record.lists),
    )


def _linked_again(
    study: Study, record: Record, tables: LinkedTables | None, place: Path, parts: Path, workers: int
) -> bool:
    """Whether the lists of names of a study, linked again, give the tables that it holds.

    Raises
    ------
    StudyError
        When the study has linked no lists, or a file is missing in the folder or is not the one that was linked.
    """
    if not study.lists or tables is None:
        raise StudyError(str(study.path), ["the study has linked no lists of names; leave --lists out"])
    files = {
        name: replace(each, file=str(place.resolve() / Path(each.file).name)) for name, each in study.lists.items()
    }
    decisions = tuple(str(place.resolve() / name) for name in study.linkage.decision_names)
    moved = replace(study.linkage, decisions=decisions)
    given = replace(study, table=NO_TABLE, lists=files, linkage=moved)
    sums = {each.name: each.sha256 for each in record.lists}
    problems = []
    for path in given.linked_files:
        if not path.is_file():
            problems.append(f"there is no {path.name} in {place}")
        elif sums.get(path.name) != file_sha256(path):
            problems.append(f"{path.name} in {place} is not the file that was linked: it has another checksum")
    if problems:
        raise StudyError(str(study.path), problems)
    return linked_input(given, parts, workers=workers).csv_text == tables.csv_text


def _whole_table(folder: Path, record: Record, stored: Path, given: str | os.PathLike[str] | None) -> Path:
    """The table that the study was made from: the stored one, or for a public edition the one that is given."""
    if record.public is None:
        if given is not None:
            raise StudyError(str(folder), ["the study holds its table; leave the other table out"])
        return stored
    if given is None:
        needs = (
            f"this is a public edition, and the table in it is a safe one of lists merged until no cell is below "
            f"{record.public} people; verify it with the whole table (--table TABLE, in Python table=...)"
        )
        raise StudyError(str(folder), [needs])
    return Path(given)


def _signature(folder: Path, public_key: str | os.PathLike[str]) -> tuple[str | None, str | None]:
    """The key that signed the study, or what is wrong with its signature."""
    wrong = signature_problem(folder, public_key)
    return (fingerprint_of(public_key), None) if wrong is None else (None, wrong)


def _notes(results: dict[str, Json]) -> tuple[str, ...]:
    """What was handled when the table of a study was read, from its results."""
    table = results.get("table")
    notes = table.get("notes") if isinstance(table, dict) else None
    return tuple(str(note) for note in notes) if isinstance(notes, list) else ()


def _changed(folder: Path, *, besides: bool) -> list[str]:
    """Files that are not as SHA256SUMS says; with ``besides`` also those that it does not name."""
    sums = read_manifest(folder)
    return [f"{name} {wrong}" for name, wrong in strayed(folder, sums).items() if besides or name in sums]


def _contradictions(folder: Path, found: Findings, record: Record) -> list[str]:
    """What the record says of the study that is not so: its title, seed, models, settings and inputs."""
    study = found.study
    fitting = replace(
        record,
        study_sha256=file_sha256(study.path),
        table_sha256=file_sha256(study.table) if found.edition is None else found.edition.safe.sha256,
        beside={what: (path.name, file_sha256(path)) for what, path in study.beside.items()},
    )
    of_the_run = ("workers", "seconds", "seconds_by_model")
    says, fits = (
        {key: value for key, value in content.items() if key not in of_the_run}
        for content in (read_object(folder, RECORD), record_json(fitting, found, workers=0, seconds=0))
    )
    return [
        f"{RECORD} says that {change.path} is {change.then_text}, and the study that it is {change.now_text}"
        for change in changes_between(says, cast(Json, json.loads(json_text(fits))))
    ]


def _made_again(folder: Path, found: Findings, record: Record) -> tuple[int, list[str]]:
    """How many files were made again with the time and versions of the record, and which are not the same."""
    unlike = []
    with tempfile.TemporaryDirectory() as place:
        made = Path(place)
        write_files(found, record, made)
        names = files_of(made)
        for name in names:
            again, stored = (made / name).read_bytes(), folder / name
            if not stored.is_file():
                unlike.append(f"{name} is made again, and is not in the folder")
            elif stored.read_bytes() != again:
                unlike.append(f"{name} {_where(stored.read_bytes(), again)}")
    named = sorted({*read_manifest(folder)} - {*names, RECORD})
    unlike += [f"{name} is named in {SUMS}, and is not made again" for name in named]
    return len(names), unlike


def _where(stored: bytes, again: bytes) -> str:
    """Where two files begin to differ."""
    shorter = min(len(stored), len(again))
    at = next((i for i in range(shorter) if stored[i] != again[i]), shorter)
    lines = stored[:at].count(b"\n") + 1
    line = "" if b"\0" in again else f" (line {lines:,})"
    return f"differs from byte {at + 1:,}{line} on; it has {len(stored):,} bytes, and {len(again):,} when made again"


def _elsewhere(record: Record) -> Iterator[str]:
    """What is different here from where the study was run."""
    then = record.environment
    for name, now in environment().items():
        if then.get(name) != now and (name in then or name != "processor"):
            yield f"{name} was {then.get(name)} and is {now}"


def _values(tree: Json) -> int:
    """How many values stand in a JSON tree."""
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 1 if parts is None else sum(_values(part) for part in parts)
