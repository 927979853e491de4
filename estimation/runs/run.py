"""The main job: a study file in; a folder with the report, the numbers, the charts and the record out.

::

    report.html  report.pdf   the report, twice the same; report.docx where the study asks for it (`[report] formats`)
    sensitivity.csv           every answer to every question that the study asks, one row an answer
    strata.csv                every model's number in each stratum, where the study divides its people
    results.json              every number, and no time or path: the same for any number of workers
    record.json               inputs, versions, seed, machine and time
    SHA256SUMS                the checksum of every file, for `sha256sum -c SHA256SUMS`
    charts/                   the charts of the report as SVG
    tables/                   its tables as CSV, as LaTeX and in a workbook, where the study asks for it
    models/                   the whole answer of each model, draws included (`estimation.results.saved.load_result`)
    inputs/                   the study file and the table as they were read; of a table with more in it than counts
                              per history, persons for example, the counts alone; of lists of names that were linked,
                              the tables of all draws

A public edition (``public=K``) has no ``models/``, its table in ``inputs/`` is the safe one, its numbers are rounded,
and it is read back as an attacker would before it is put in place (`estimation.runs.edition_audit`).

While it runs, finished answers are cached in the folder ``.parts`` in it; a study that is stopped goes on from there.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from time import perf_counter

from estimation.capture.disclosure.edition import Edition, edition_of
from estimation.capture.readers import TableFile, read_table_file
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError, StudyError
from estimation.files import file_sha256, write_bytes, write_text
from estimation.report.contents import document_of
from estimation.report.drawing import drawn
from estimation.report.tables import write_tables
from estimation.report.written import write_report
from estimation.results.as_json import Json
from estimation.results.saved import save_result
from estimation.runs.edition_audit import check_edition
from estimation.runs.manifest import write_manifest
from estimation.runs.output_folder import check_folder, made_in, parts_in, put_in_place
from estimation.sensitivity.table import csv_bytes
from estimation.strata.as_json import STRATA_COLUMNS, rows_of_strata
from estimation.study.findings import Findings, find
from estimation.study.linked_input import linked_input
from estimation.study.numbers import numbers_of
from estimation.study.public import public_findings
from estimation.study.record import RECORD, Record, counts_text, record_json, record_of, record_of_edition
from estimation.study.study_file import LEVEL, NO_TABLE, Study, read_study
from estimation.study.tasks import Answered, nobody
from estimation.text.spreadsheet import csv_of
from estimation.work.progress import Progress, part, silent

__all__ = ["json_text", "run_study", "write_files"]

_NO_TABLE = (
    "it has [replicates] and no table, and a report is about one table; run it with mse grid STUDY --out DIR, or name "
    "one of them: table = ..."
)


_UNREAD = (
    '[report] formats has no "html", and a public edition is read back from its page before it is put in place; add it'
)

_LINKING = 0.5
"""Share of the work before the pages in which lists of names are linked."""


def run_study(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    keep_persons: bool = False,
    public: int | None = None,
    force: bool = False,
    progress: Progress = silent,
    answered: Answered = nobody,
) -> Path:
    """Run a study and write its report; stopped half-way, the same call goes on and gives the same numbers.

    The folder is changed only when everything is made: an older study in it stays whole until then.

    Parameters
    ----------
    path : path
        The study file.
    out : path
        Folder to write to: new, empty, or that of an earlier run.
    workers : int
        Threads that each fit and each question may use at most; changes how long it takes, never a number.
    executor : concurrent.futures.Executor, optional
        Who fits the models and answers the questions, each as a whole: `estimation.work.local_processes`, which
        ``mse run`` uses and which draw the charts too, or a cluster's.  By default this process does, one after
        another.  Changes no number; what is finished is cached by this process, so that a run that is stopped goes on
        from there.
    keep_persons : bool
        Keep a copy of the table as it was read even where it has rows or columns about single persons.  By default
        the counts per history are kept in its place, with the checksum of the file.
    public : int, optional
        Write the public edition, which may stand beside the safe table in it: no cell and no margin from which a
        cell of fewer than so many people can be worked out, and numbers rounded to what they support
        (`estimation.capture.disclosure`, `estimation.study.public`).  The table itself is not in the folder.
    force : bool
        Replace what was edited in the folder since the run that made it, and a study that was signed.  A file that
        no run made is never touched.
    progress : Progress
        Told what is being done, for a progress bar.
    answered : callable
        Told the label of each model and its answer as soon as it is there, and the name and answer of each question.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    StudyError
        For a study file with mistakes, a folder that holds other things, or one that another run is writing to.
    OutputError
        When the folder cannot be written to, or lies in another finished study.
    LinkageError
        When lists of names cannot be linked.
    SettingError
        For ``keep_persons`` in a public edition, or a number below 2.
    TableError
        When the table cannot be read, or no public edition of it hides its small cells.
    """
    start = perf_counter()
    study = read_study(path)
    folder = Path(out)
    if public is not None and "html" not in study.report.formats:
        raise StudyError(str(study.path), [_UNREAD])
    if study.is_linked:
        _check_linked(study, public=public, keep_persons=keep_persons)
    elif study.table == NO_TABLE:
        raise StudyError(str(study.path), [_NO_TABLE])
    inputs = [study.path, *([] if study.table == NO_TABLE else [study.table])]
    inputs += [*study.linked_files, *study.beside.values()]
    check_folder(folder, inputs=inputs, force=force)
    read, record, edition = _read(study, public=public, keep_persons=keep_persons)
    with parts_in(folder, inputs=inputs, names=_names(study, record), force=force) as parts:
        pages = 1 - 1 / (len(study.declared) + 2)  # the pages take about as long as a model
        linked = 0.0 if read is not None else _LINKING * pages
        given = read or linked_input(study, parts, workers=workers, progress=part(progress, 0, linked))
        record = record or record_of(study, given)
        fits = part(progress, linked, pages)
        findings = find(
            study, parts=parts, read=given, workers=workers, executor=executor, progress=fits, answered=answered
        )
        progress(pages, "report")
        findings = findings if edition is None else public_findings(findings, edition)
        made = made_in(parts)
        write_files(findings, record, made, executor=executor, progress=part(progress, pages, 1, "report"))
        _check_unchanged(made, record, study.path)
        seconds = perf_counter() - start
        _write_json(made / RECORD, record_json(record, findings, workers=workers, seconds=seconds))
        if edition is not None:
            assert read is not None  # lists that are linked have no edition
            check_edition(made, read, edition)
        write_manifest(made)
        put_in_place(folder, inputs=inputs, force=force)
    progress(1, "done")
    return folder


def _check_unchanged(made: Path, record: Record, study: Path) -> None:
    """Refuse inputs that are no longer those that were read when the run began."""
    read = [(record.study_name, record.study_sha256), (record.table_name, record.table_sha256)]
    changed = [
        f"{name} was changed while the study ran; run it again"
        for name, sha256 in [*read, *record.beside.values()]
        if file_sha256(made / "inputs" / name) != sha256
    ]
    if changed:
        raise StudyError(str(study), changed)


def _read(
    study: Study, *, public: int | None, keep_persons: bool
) -> tuple[TableFile | None, Record | None, Edition | None]:
    """The table of a study with its record, and what a public edition may say of it; nothing yet of one of lists."""
    if study.is_linked:
        return None, None, None
    read = read_table_file(study.table, study.columns, door="study", strata=study.labels)
    record = record_of(study, read, keep_persons=keep_persons)
    if public is None:
        return read, record, None
    edition = _edition(read.table, public, keep_persons=keep_persons)
    return read, record_of_edition(record, study, edition), edition


def _names(study: Study, record: Record | None) -> tuple[str, ...]:
    """What the inputs are called in the finished study."""
    beside = (path.name for path in study.beside.values())
    return (study.path.name, study.stored_table, *beside) if record is None else record.inputs


def _check_linked(study: Study, *, public: int | None, keep_persons: bool) -> None:
    """Refuse what goes with one table and not with the tables of draws of a linkage."""
    problems = []
    if public is not None:
        problems.append(
            "a public edition has one table without small cells, and lists that are linked have a table for each draw; "
            "run it without --public and publish rounded numbers, or link first and study one table"
        )
    if keep_persons:
        problems.append("lists of names are never copied into the folder of a study; leave keep_persons out")
    if problems:
        raise StudyError(str(study.path), problems)


def _edition(table: CaptureTable, minimum: int, *, keep_persons: bool) -> Edition:
    """What the public edition may say of a table."""
    if keep_persons:
        raise SettingError("public edition", ["it holds no row about a person; leave keep_persons out"])
    return edition_of(table, minimum=minimum)


def json_text(numbers: Mapping[str, Json]) -> str:
    """An object as the text of a JSON file; refuses a number that is not finite."""
    return json.dumps(numbers, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _write_json(path: Path, numbers: Mapping[str, Json]) -> None:
    write_text(path, json_text(numbers))


def write_files(
    findings: Findings, record: Record, made: Path, *, executor: Executor | None = None, progress: Progress = silent
) -> None:
    """Write every file of a finished study but its record and SHA256SUMS into an empty folder.

    Parameters
    ----------
    findings, record
        What was found, and with what.
    made : Path
        The folder.
    executor, progress
        As in `estimation.report.drawing.drawn`.
    """
    study, table = made / "inputs" / record.study_name, made / "inputs" / record.table_name
    for copy in (study, table):
        copy.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(study, findings.study.path.read_bytes())
    if findings.edition is not None:
        write_text(table, findings.edition.safe.text)
    elif findings.linked is not None:
        write_text(table, findings.linked.csv_text)
    elif record.original is None:
        write_bytes(table, findings.study.table.read_bytes())
    else:
        write_text(table, counts_text(findings.read))
    for path in findings.study.beside.values():
        write_bytes(study.parent / path.name, path.read_bytes())
    if findings.edition is None:  # draws have all the digits that a public edition leaves out
        (made / "models").mkdir()
        for at, (label, result) in enumerate(findings.results.items(), 1):
            save_result(result, made / "models" / f"{at:02d}-{_slug(label)}")
    _write_json(made / "results.json", numbers_of(findings))
    if findings.sensitivities:
        by_key = {question.key: found for question, found in findings.sensitivities.items()}
        write_bytes(made / "sensitivity.csv", csv_bytes(by_key, level=LEVEL))
    if findings.strata:
        write_text(made / "strata.csv", _strata_csv(findings))
    document = document_of(findings, record, results_sha256=file_sha256(made / "results.json"))
    formats = findings.study.report.formats
    document = drawn(document, formats=formats, executor=executor, progress=progress)
    write_report(document, made, formats)
    write_tables(document, made / "tables", findings.study.report.tables)
    (made / "charts").mkdir()
    for figure in document.figures:
        write_bytes(made / "charts" / f"{figure.name}.svg", figure.wide)


def _strata_csv(findings: Findings) -> str:
    """A row for each model and stratum, and one without labels for the total of each model."""
    labels = next(iter(findings.strata.values())).labels
    rows: list[list[object]] = [["model", *labels, *STRATA_COLUMNS]]
    for label, found in findings.strata.items():
        rows += [[label, *row] for row in rows_of_strata(found, level=LEVEL)]
    return csv_of(rows)


def _slug(label: str) -> str:
    """A label as part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:60] or "model"
