"""A file as it was read, with everything that was guessed, and what a table says before any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.app.jobs.job import of_request, study_table
from estimation.capture.declared import Declared
from estimation.capture.forms.understanding import understand
from estimation.capture.inspection import inspect_table
from estimation.capture.sheets.reading import sheet_of
from estimation.capture.sheets.sheet import Sheet
from estimation.errors import TableError, UndecidedTableError
from estimation.linkage.decisions import holds_decisions
from estimation.lists.recognised import holds_names
from estimation.toml_file import checked_keys

if TYPE_CHECKING:
    from estimation.app.worker import Tell
    from estimation.results.as_json import Json

__all__ = ["look", "read"]

_ROWS, _COLUMNS, _LONGEST = 8, 60, 60
"""What of a file is seen on the page."""

_MOST_PAIRS = 60


def read(given: Mapping[str, Any], body: bytes, tell: Tell) -> dict[str, Json]:
    """How a file is read with what is declared of it: its first rows, what each column was taken for, or what is wrong.

    Parameters
    ----------
    given : mapping
        ``path``, or ``name`` where the file is in ``body``; ``declared``, the keys of `Declared`.
    body : bytes
        The file, where it is in no folder yet.
    tell : callable
        Not used.

    Raises
    ------
    TableError
        When it cannot even be opened.
    """
    del tell
    declared = checked_keys(given["declared"], Declared, source="columns", error=TableError)
    source = given.get("path") or body
    name = Path(given["path"]).name if given.get("path") else str(given["name"])
    layout = declared.layout
    sheet = sheet_of(source, name=name, sheet=declared.sheet, encoding=declared.encoding, layout=layout, door="study")
    seen: dict[str, Json] = {
        "headings": [*sheet.names[:_COLUMNS]],
        "rows": [[_cell(column[at]) for column in sheet.columns[:_COLUMNS]] for at in range(min(_ROWS, sheet.n_rows))],
        "n_rows": sheet.n_rows,
        "n_columns": len(sheet.names),
        "form": sheet.form,
        "separator": sheet.separator,
        "header": sheet.first_row_name,
        "notes": [*sheet.notes],
        "problems": [],
        "asks": False,
        "holds_decisions": not declared.given and holds_decisions(body or Path(given["path"]).read_bytes()),
        "holds_names": not declared.given and holds_names(source),
    }
    return seen if seen["holds_decisions"] or seen["holds_names"] else seen | _understood(sheet, declared)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."


def _understood(sheet: Sheet, declared: Declared) -> dict[str, Json]:
    """The table in a sheet in words, or what is wrong with it."""
    try:
        understood = understand(sheet, declared, door="study")
    except TableError as error:
        return {"problems": [*error.problems], "asks": isinstance(error, UndecidedTableError)}
    table = understood.table
    return {
        "columns": [{"name": each.name, "role": each.role, "why": each.why} for each in understood.columns],
        "notes": [*understood.notes],
        "people": table.n_observed,
        "lists": [*table.lists],
        "sizes": [int(size) for size in table.list_sizes] if table.lists else [],
        "histories": int((table.counts > 0).sum()),
        "is_aggregate": understood.counts_only,
    }


@of_request
def look(given: Mapping[str, Any]) -> dict[str, Json]:
    """What the table of a study says before any model.

    Parameters
    ----------
    given : mapping
        ``path`` of the table and ``study``.
    """
    file = study_table(given)
    found = inspect_table(file.table)
    pairs = found.strongest_pairs if found.is_wide else found.pairs
    return {
        "people": found.n_observed,
        "lists": [
            {"name": row.name, "size": row.size, "alone": row.singletons, "elsewhere": row.share_elsewhere}
            for row in found.lists
        ],
        "frequencies": [*found.frequencies],
        "pairs": [
            {"first": p.first, "second": p.second, "both": p.both, "odds_ratio": p.odds_ratio_text, "hint": p.hint}
            for p in pairs[:_MOST_PAIRS]
        ],
        "n_pairs": len(found.pairs),
        "sentences": [*found.sentences],
        "notes": [*file.notes],
        "set_aside": _labels(file.columns),
    }


def _labels(columns: Sequence[Any]) -> list[Json]:
    """Columns that could divide the people."""
    return [column.name for column in columns if column.role in {"set aside", "label"} and column.name]
