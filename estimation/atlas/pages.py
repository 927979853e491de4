"""The pages of the atlas, written to a folder: one a study, an index, and the tables with a known number."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from estimation.atlas.audit import Audit, audit
from estimation.atlas.audit_page import audit_document
from estimation.atlas.index_page import index_document
from estimation.atlas.questions import Tables, prepared
from estimation.atlas.reproduction import Reproduced, reproduced_of
from estimation.atlas.study_folder import AtlasStudy, check_names, read_atlas_study, study_names
from estimation.atlas.truths import truth_of, truths_document
from estimation.errors import OutputError
from estimation.files import write_text
from estimation.report.drawing import drawn
from estimation.report.page import html_of
from estimation.work.progress import Progress, part, silent

__all__ = ["INDEX", "TRUTHS", "write_pages"]

INDEX, TRUTHS = "index.html", "truths.html"
_PARTS = ".parts"


def write_pages(
    names: Sequence[str | Path] | None,
    out: str | os.PathLike[str],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> list[Path]:
    """Write the audit page of each study, an index of them, and the page of tables with a known number.

    Finished answers are kept in the folder ``.parts`` in it, so that the same call goes on where it was stopped.

    Parameters
    ----------
    names : sequence of str or path, optional
        Packaged studies by name, or folders; by default all packaged ones.
    out : path
        The folder.
    workers : int
        Threads that each fit may use at most; changes no number.
    executor : Executor, optional
        Who fits the models and draws the charts; by default this process does.
    progress : Progress
        Told which study is examined.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    StudyError
        When there is no such study, or one of its files says something that cannot be done.
    TableError
        When a table cannot be read.
    OutputError
        When the folder holds other things than pages of the atlas, or a file cannot be written.
    """
    chosen = [read_atlas_study(name) for name in (study_names() if names is None else names)]
    check_names(chosen)
    folder = Path(out)
    _check_folder(folder)
    tables = Tables()
    for study in chosen:  # everything that is wrong with one of them, before anything is fitted
        prepared(study, tables)
    (folder / _PARTS).mkdir(parents=True, exist_ok=True)
    written, audits = [], dict[str, Audit]()
    found: dict[str, Sequence[Reproduced]] = {}
    for at, study in enumerate(chosen):
        step = part(progress, at / len(chosen), (at + 1) / len(chosen))
        if study.n_lists < 1:
            found[study.name] = reproduced_of(study)
            continue
        examined = audit(study, parts=folder / _PARTS / study.name, workers=workers, executor=executor, progress=step)
        audits[study.name], found[study.name] = examined, examined.reproduced
        written.append(
            _write(folder / f"{study.name}.html", html_of(drawn(audit_document(examined), executor=executor)))
        )
    truths = [truth for study in chosen if (truth := truth_of(study, audits.get(study.name))) is not None]
    if truths:
        written.append(_write(folder / TRUTHS, html_of(drawn(truths_document(truths), executor=executor))))
    written.append(_write(folder / INDEX, index_document(_titles(chosen), found, audits, has_truths=bool(truths))))
    return written


def _check_folder(folder: Path) -> None:
    """Refuse a folder with files that no earlier call made: they are never written over."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(str(folder), ["this is a file; name a folder"])
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _PARTS).is_dir():
        raise OutputError(str(folder), ["it holds other files and no pages of the atlas; name a new folder"])


def _titles(chosen: Sequence[AtlasStudy]) -> dict[str, str]:
    return {study.name: study.title for study in chosen}


def _write(path: Path, text: str) -> Path:
    write_text(path, text)
    return path
