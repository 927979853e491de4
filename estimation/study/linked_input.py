"""The lists of a study as the tables of draws of who is the same person: read, linked once, and cached."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

from estimation.capture.declared import Labels
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import EstimationError, StudyError, TableError
from estimation.files import write_text
from estimation.linkage.as_table import linked_tables_at
from estimation.linkage.linked_tables import LinkedTables, linked_tables, read_linked_tables
from estimation.linkage.saved import summary_of_linkage
from estimation.lists.name_list import NameList
from estimation.study.lists_in import ListsOfStudy
from estimation.study.strata_keys import DeclaredStrata
from estimation.study.study_file import NO_TABLE, Study
from estimation.toml_file import nearest
from estimation.work.cache import Cache, key_of
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import generator_for

__all__ = ["as_declared", "linked_input", "read_lists"]

_READ = 0.05
"""Share of the work after which the lists are read."""


def linked_input(study: Study, parts: Path, *, workers: int = 1, progress: Progress = silent) -> LinkedTables:
    """The tables of all draws that a study is about: of its lists, or of the linkage that it names as its table.

    Parameters
    ----------
    study : Study
        A study that is linked (`Study.is_linked`).
    parts : Path
        Folder for finished work; a linkage that is there is not made again.
    workers : int
        Threads at most; changes no number.
    progress : Progress
        Told how far it is.

    Raises
    ------
    LinkageError, TableError
        When lists cannot be read or linked, or no record has a label of the strata.
    """
    by = () if study.labels is None else study.labels.names
    if study.table != NO_TABLE:
        found = linked_tables_at(study.table, by)
        assert found is not None  # the study was checked
        return found
    # Imported here because linking loads Numba and DuckDB, which a study of a table does not need.
    from estimation.linkage.decisions import read_decisions
    from estimation.linkage.linking import LinkageSettings, link

    lists = read_lists(study, progress=part(progress, 0, _READ, "reading lists"))
    files = [study.path.parent / name for name in study.linkage.decision_names]
    decisions = tuple(each for file in files for each in read_decisions(file))
    settings = LinkageSettings(chains=study.linkage.chains, sweeps=study.linkage.sweeps)
    declared = [[each.name, each.sha256, repr(study.lists[each.name])] for each in lists]
    key = key_of("linkage", declared, repr(decisions), repr(study.linkage), study.seed, list(by), repr(settings))
    cache: Cache[LinkedTables] = Cache(parts / "linkage", _save, _load)

    def made() -> LinkedTables:
        draws = link(
            lists,
            rng=generator_for(study.seed, "linkage"),
            settings=settings,
            decisions=decisions,
            workers=workers,
            progress=part(progress, _READ, 1, "linking records"),
        )
        return linked_tables(draws, by, about=summary_of_linkage(draws))

    return cache.get_or_make(key, made)


def read_lists(study: Study | ListsOfStudy, *, progress: Progress = silent) -> list[NameList]:
    """The lists of names of a study, by what it declares of each.

    Raises
    ------
    StudyError
        With everything that is wrong in all of them.
    """
    # Imported here because calendars and spellings take a while to load, which a study of a table does not need.
    from estimation.lists.readers import name_list_of

    lists: list[NameList] = []
    problems: list[str] = []
    for at, (name, declared) in enumerate(study.lists.items()):
        progress(at / len(study.lists))
        path = study.path.parent / declared.file
        try:
            lists.append(name_list_of(path, declared, name=name, door="study"))
        except EstimationError as error:
            problems += [f"{path.name}: {problem}" for problem in error.problems]
    if problems:
        raise StudyError(str(study.path), problems)
    return lists


def _save(tables: LinkedTables, path: Path) -> None:
    write_text(path.with_name(f"{path.name}.json"), json.dumps(tables.csv_text, ensure_ascii=False))


def _load(path: Path) -> LinkedTables:
    text = json.loads(path.with_name(f"{path.name}.json").read_bytes())
    return read_linked_tables(cast(str, text), str(path))


def as_declared(tables: LinkedTables, strata: DeclaredStrata | None, labels: Labels | None) -> LinkedTables:
    """The tables with what a study declares of labels: sets of values, values that become one, what lists cover.

    A value that becomes one with others may be missing in some draws, but not in all of them.

    Raises
    ------
    TableError
        When it does not fit the tables.
    """
    if strata is None or labels is None or not tables.labels:
        return tables
    known = {label: {value for each in tables.strata for value in each.label(label).values} for label in tables.labels}
    problems = [
        f"[strata.merge.{label}] {into}: no person has the value {value!r}; {nearest(value, sorted(known[label]))}"
        for label, groups in strata.merge.items()
        for into, values in groups.items()
        for value in values
        if value not in known.get(label, ())
    ]
    if problems:
        raise TableError("linked lists", problems)
    return replace(tables, distinct=tuple(_declared(each, strata, labels) for each in tables.distinct))


def _declared(
    table: CaptureTable | StratifiedTable, strata: DeclaredStrata, labels: Labels
) -> CaptureTable | StratifiedTable:
    """One table with what is declared of its labels."""
    if not isinstance(table, StratifiedTable):
        return table
    given = {
        label.name: [label.texts[code] for code in table.codes[:, at].tolist()] for at, label in enumerate(table.labels)
    }
    sets = {label: of for label, of in labels.sets.items() if label in given}
    covers = {name: of for name, of in labels.covers.items() if name in table.lists}
    whole = StratifiedTable(table.lists, table.patterns, given, table.counts, sets=sets, covers=covers)
    for label, groups in strata.merge.items():
        values = whole.label(label).values
        there = {into: [value for value in of if value in values] for into, of in groups.items()}
        whole = whole.merge(label, {into: of for into, of in there.items() if of})
    return whole
