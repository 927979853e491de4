"""From a sheet to the table in it, by what its columns are called, what is declared of them, and all of their cells."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from estimation.capture.declared import ColumnRole, Declared, Door, Labels
from estimation.capture.forms.captures import frequencies_in
from estimation.capture.forms.counting import each_history_once
from estimation.capture.forms.finishing import Finished, table_of_rows
from estimation.capture.forms.header import refuse_lost_header
from estimation.capture.forms.histories import rows_of_histories, rows_of_history_headings
from estimation.capture.forms.labels import set_flags_aside, take_labels, words_of_labels
from estimation.capture.forms.list_columns import rows_of_lists
from estimation.capture.forms.person_source import rows_of_sources
from estimation.capture.forms.reading import Reading, listed, people
from estimation.capture.forms.rows import one_replicate, without_total_rows
from estimation.capture.sheets.sheet import Sheet
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import TableError, TableWarning

__all__ = ["Understood", "understand", "warn_of"]


@dataclass(frozen=True, slots=True)
class Understood:
    """A sheet as it was understood.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    columns : tuple of ColumnRole
        What each column was taken for, and why.
    notes : tuple of str
        What its owner should know, one sentence each.
    counts_only : bool
        Whether it holds counts per history, each history once, and nothing else.
    strata : StratifiedTable, optional
        The table with the labels that were declared.
    """

    table: CaptureTable
    columns: tuple[ColumnRole, ...]
    notes: tuple[str, ...]
    counts_only: bool
    strata: StratifiedTable | None = None

    @property
    def people_on_lists(self) -> str:
        """How many people, on which lists."""
        lists = self.table.lists
        if not lists:
            return people(self.table.n_observed)
        return f"{people(self.table.n_observed)} on {len(lists)} list{'s' * (len(lists) != 1)} ({listed(lists)})"


def understand(
    sheet: Sheet, declared: Declared, *, door: Door, strata: Labels | None = None, may_ask: bool = True
) -> Understood:
    """The table in a sheet, and what each column was taken for.

    Parameters
    ----------
    sheet : Sheet
        Columns of cells.
    declared : Declared
        What is declared about them.
    door : {"python", "command line", "study"}
        Where a message is read.
    strata : Labels, optional
        The columns that say where, when or who people were, where the table is wanted by strata.
    may_ask : bool
        Whether the answers to a question are tried, so that the message says what each counts.

    Raises
    ------
    TableError
        With everything that is wrong; where the sheet can be read in several ways, with each of them.
    """
    if not sheet.n_rows:
        raise TableError(sheet.source, ["there is a header and no row below it; nobody was observed"])
    reading = Reading(
        sheet,
        declared,
        door,
        lambda other: understand(sheet, other, door=door, strata=strata, may_ask=False),
        may_ask,
        [*sheet.notes],
        strata=() if strata is None else strata.names,
    )
    reading.take([reading.place(name, "one to ignore") for name in declared.ignore], "set aside", "declared")
    take_labels(reading)
    set_flags_aside(reading)
    refuse_lost_header(reading)
    reading = without_total_rows(one_replicate(reading))
    frequencies = None if declared.lists else frequencies_in(reading)
    if frequencies is not None:
        if reading.strata:
            reading.refuse("the file says how often people were captured, and has no labels; leave them out")
        if door == "study":
            reading.refuse("the file says how often people were captured, not by which lists; a study needs the lists")
        return _understood(reading, frequencies, counts_only=True)
    rows = (
        rows_of_history_headings(reading)
        or rows_of_histories(reading)
        or rows_of_sources(reading)
        or rows_of_lists(reading)
    )
    found = table_of_rows(reading, rows)
    essential = {"list", "dropped list", "count", "history"}
    others = [place for place, role in reading.roles.items() if role.role not in essential]
    once = rows.count is not None and each_history_once(rows.codes)
    counts_only = once and all(reading.columns[place].is_blank for place in others)
    return _understood(reading, found.table, counts_only=counts_only, strata=_stratified(reading, found, strata))


def _stratified(reading: Reading, found: Finished, strata: Labels | None) -> StratifiedTable | None:
    """The table with its labels, where some were declared."""
    if found.labels is None or strata is None or not strata.names:
        return None
    labels = words_of_labels(reading, found.labels)
    try:
        return StratifiedTable(
            found.table.lists, found.patterns, labels, found.counts, sets=strata.sets, covers=strata.covers
        )
    except TableError as error:
        reading.refuse(*error.problems)


def _understood(
    reading: Reading, table: CaptureTable, *, counts_only: bool, strata: StratifiedTable | None = None
) -> Understood:
    for place in reading.free:
        reading.take(place, "set aside", "nothing is known of it")
    roles = tuple(reading.roles[place] for place in range(len(reading.sheet.names)))
    return Understood(table, roles, tuple(reading.notes), counts_only, strata)


def warn_of(sheet: Sheet, notes: Sequence[str]) -> None:
    """Warn whoever called the reader that calls this of what was set aside or changed in reading."""
    for note in notes:
        warnings.warn(f"{sheet.source}: {note}", TableWarning, stacklevel=3)
