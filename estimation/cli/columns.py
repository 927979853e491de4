"""The options that say what the columns of a table are: the same on every command that reads one.

Everything heavier than argument parsing is imported inside the function that needs it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar, get_type_hints

import typer

from estimation.capture.declared import Declared, Labels
from estimation.cli.name_lists import is_name_list
from estimation.cli.options import listed
from estimation.cli.terminal import say
from estimation.errors import SettingError, TableError

if TYPE_CHECKING:
    from estimation.capture.readers import TableFile
    from estimation.capture.table import CaptureTable

__all__ = ["check_no_columns", "columns_declared", "listed_table_of", "table_file_of", "table_of"]

_PANEL = "What the columns are"
_P = ParamSpec("_P")
_R = TypeVar("_R")


def _option(flag: str, metavar: str | None, help_text: str) -> Any:  # noqa: ANN401 - typer's own type
    return typer.Option(flag, metavar=metavar, help=help_text, rich_help_panel=_PANEL)


_OPTIONS: Mapping[str, Any] = {
    "lists": Annotated[str | None, _option("--lists", "A,B,C", "Columns: the columns that are lists.")],
    "count": Annotated[str | None, _option("--count", "NAME", "Columns: the one with the number of people of a row.")],
    "id": Annotated[str | None, _option("--id", "NAME", "Columns: the one that tells people apart.")],
    "ignore": Annotated[str | None, _option("--ignore", "A,B", "Columns: these say nothing of who was on which list.")],
    "drop_lists": Annotated[
        str | None, _option("--drop-lists", "A,B", "Columns: leave these lists out, and who is on no other.")
    ],
    "history": Annotated[str | None, _option("--history", "NAME", "Columns: the one of histories such as 1101.")],
    "source": Annotated[
        str | None, _option("--source", "NAME", "Columns: of a row a person and source, the one of sources.")
    ],
    "na": Annotated[str | None, _option("--na", "0", "Cells: N/A in a list means not on it.")],
    "blank": Annotated[str | None, _option("--blank", "0", "Cells: an empty cell in a list means not on it.")],
    "merge_repeated": Annotated[
        bool, _option("--merge-repeated", None, "Rows: those with the same identifier are one person.")
    ],
    "allow_twins": Annotated[bool, _option("--allow-twins", None, "Lists: two may hold exactly the same people.")],
    "replicate": Annotated[str | None, _option("--replicate", "VALUE", "Rows: of several tables in a file, this one.")],
    "sheet": Annotated[str | None, _option("--sheet", "NAME", "File: the sheet of a workbook.")],
    "encoding": Annotated[str | None, _option("--encoding", "NAME", "File: the encoding of a text that is not UTF-8.")],
    "yes": Annotated[str | None, _option("--yes", "WORD", "Cells: of two words, the one for on the list.")],
    "separator": Annotated[
        str | None, _option("--separator", "NAME", "File: comma, semicolon, tab, blank, or the character.")
    ],
    "header": Annotated[str | None, _option("--header", "N|none", "File: the line or row that holds the headings.")],
    "decimal": Annotated[str | None, _option("--decimal", ".|,", "File: the decimal mark in numbers.")],
    "keep_totals": Annotated[
        bool, _option("--keep-totals", None, "Rows: one that reads like a row of sums is people, too.")
    ],
}
"""An option for each field of `Declared`."""

_SEVERAL = frozenset({"lists", "ignore", "drop_lists"})
_ZERO = frozenset({"na", "blank"})
_SWITCHES = frozenset({"merge_repeated", "allow_twins", "keep_totals"})


def columns_declared(command: Callable[_P, _R]) -> Callable[..., _R]:
    """Give a command the options that say what the columns are; it gets them as its argument ``declared``."""

    @wraps(command)
    def _with_options(*args: object, **given: Any) -> _R:  # noqa: ANN401 - a command takes any options
        options = {key: given.pop(f"columns_{key}") for key in _OPTIONS}
        return command(*args, declared=_declared(options), **given)  # type: ignore[arg-type]  # mypy knows no ParamSpec without `declared`

    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "declared"
    ]
    added = [
        inspect.Parameter(
            f"columns_{key}",
            inspect.Parameter.KEYWORD_ONLY,
            default=False if key in _SWITCHES else None,
            annotation=annotation,
        )
        for key, annotation in _OPTIONS.items()
    ]
    parameters = [*own, *added]
    _with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    _with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return _with_options


def _declared(given: Mapping[str, Any]) -> Declared:
    """What the options declare."""
    wrong = [
        f"--{key} is {given[key]!r}; it can only be 0, for not on the list"
        for key in _ZERO
        if given[key] not in {None, "0"}
    ]
    header = given["header"]
    if header not in {None, "none"} and not header.isdecimal():
        wrong.append(f"--header is {header!r}; give the number of the line or row with the headings, or none")
    if wrong:
        raise SettingError("options", sorted(wrong))
    values: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    values |= {key: tuple(listed(values[key])) for key in _SEVERAL & values.keys()}
    values |= dict.fromkeys(_ZERO & values.keys(), 0)
    if header not in {None, "none"}:
        values["header"] = int(header)
    return Declared(**values)


def table_file_of(given: str, declared: Declared, strata: Labels | None = None) -> TableFile:
    """A file, or the file of a packaged table by its name, as a table and what its columns were taken for.

    Of a linkage the table of one draw, the one in the middle; a note says so.
    """
    from estimation.capture.datasets import table_names, table_path
    from estimation.capture.readers import read_table_file

    path = Path(given)
    if path.is_dir():
        return _of_linkage(given, declared, strata)
    packaged = not path.exists() and (given in table_names() or not path.suffix)
    try:
        return read_table_file(table_path(given) if packaged else given, declared, door="command line", strata=strata)
    except TableError as error:
        if not is_name_list(given, declared):
            raise
        link = f"link it with the others (mse link {given} ... --out DIR) and name DIR in its place"
        problem = (
            f"this looks like a list of names and no table: {link}; as a table it cannot be read: {error.problems[0]}"
        )
        raise type(error)(error.where, [problem, *error.problems[1:]]) from error


def check_no_columns(declared: Declared) -> None:
    """Refuse what is declared about columns where there is a linkage, which has none.

    Raises
    ------
    SettingError
        With the options.
    """
    if declared.given:
        options = ", ".join(f"--{key.replace('_', '-')}" for key in declared.given)
        raise SettingError(options, ["this is a linkage and has no columns; they are declared when lists are linked"])


def _of_linkage(given: str, declared: Declared, strata: Labels | None) -> TableFile:
    """The table of one draw of a linkage, the one in the middle.

    Raises
    ------
    LinkageError
        When the folder is not that of a linkage.
    """
    from estimation.linkage.as_table import central_table_file
    from estimation.linkage.linked_tables import linked_tables
    from estimation.linkage.saved import read_linkage

    check_no_columns(declared)
    draws = read_linkage(given)
    read = central_table_file(linked_tables(draws, () if strata is None else strata.names))
    say(
        f"note: {given}: of {draws.n_people.size:,} draws of the linkage this is about one, in the middle, with "
        f"{read.table.n_observed:,} people; that the others differ is in what mse estimate says, and not in this",
        err=True,
    )
    return read


def table_of(given: str, declared: Declared) -> CaptureTable:
    """A table from a file, or a packaged one by its name; numbers of captures too, of which no list is known."""
    return table_file_of(given, declared).table


def listed_table_of(given: str, declared: Declared) -> CaptureTable:
    """A table from a file, or a packaged one by its name, with its lists.

    Raises
    ------
    TableError
        When the file says only how often people were captured.
    """
    table = table_of(given, declared)
    if not table.lists:
        message = (
            "the file says how often people were captured and not by which lists, and this needs the lists; without "
            "them there is: mse estimate TABLE --model chao"
        )
        raise TableError(given, [message])
    return table
