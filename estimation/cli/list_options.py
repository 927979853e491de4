"""Options that say how lists of names are read, and how these become lists.

Everything heavier than argument parsing is imported inside the function that needs it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.cli.options import listed
from estimation.errors import EstimationError, LinkageError, SettingError
from estimation.toml_file import nearest

if TYPE_CHECKING:
    from estimation.lists.declared import DeclaredList
    from estimation.lists.name_list import NameList

__all__ = [
    "ColumnsOption",
    "DeclareOption",
    "EncodingOption",
    "SheetOption",
    "declared_lists",
    "named_files",
    "read_lists",
]

ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LIST:KEY=HEADING,...",
        help="What columns of a list hold, where its headings leave it open: police:given=First,family=Last.",
    ),
]
SheetOption = Annotated[list[str] | None, typer.Option(metavar="LIST:NAME", help="The sheet of a workbook.")]
EncodingOption = Annotated[
    list[str] | None, typer.Option(metavar="LIST:NAME", help="The encoding of a text, such as cp1256.")
]
DeclareOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LIST:KEY=VALUE",
        help="Anything else that is declared of a list, as a study has it under [lists.NAME]: "
        "'police:dates.order=\"day first\"'.",
    ),
]
_PACKED = (".gz", ".bz2", ".xz")


def named_files(files: Sequence[str]) -> dict[str, Path]:
    """The files by the name of their list: that of the file without ending, or the one that is given."""
    named: dict[str, Path] = {}
    problems = []
    for given in files:
        name, equals, path = given.partition("=")
        if not equals or Path(given).exists():
            path = given
            stem = Path(given)
            stem = stem.with_suffix("") if stem.suffix.lower() in _PACKED else stem
            name = stem.stem
        if name in named:
            problems.append(f"two lists are called {name!r}; name them: NAME={path}")
        named[name] = Path(path)
    if problems:
        raise LinkageError("lists", problems)
    return named


def declared_lists(
    named: Mapping[str, Path],
    *,
    columns: Sequence[str] | None = None,
    sheet: Sequence[str] | None = None,
    encoding: Sequence[str] | None = None,
    duplicate_free: Sequence[str] | None = None,
    declare: Sequence[str] | None = None,
) -> dict[str, DeclaredList]:
    """What the options declare of each list."""
    from estimation.lists.declared import DeclaredList
    from estimation.toml_file import checked_keys

    keys: dict[str, dict[str, Any]] = {name: {"undecided": "missing"} for name in named}
    for option, values, key in (("--sheet", sheet, "sheet"), ("--encoding", encoding, "encoding")):
        for text in values or ():
            name, value = _of_list(option, text, named)
            keys[name][key] = value
    for text in columns or ():
        name, value = _of_list("--columns", text, named)
        _add_columns(keys[name].setdefault("columns", {}), value)
    unknown = [name for name in duplicate_free or () if name not in named]
    if unknown:
        raise SettingError(
            "--duplicate-free", [f"no list is called {name!r}; {nearest(name, list(named))}" for name in unknown]
        )
    for name in duplicate_free or ():
        keys[name]["duplicate_free"] = True
    for text in declare or ():
        name, value = _of_list("--declare", text, named)
        _merge(keys[name], _toml(value))
    return {name: checked_keys(of, DeclaredList, source=name, error=SettingError) for name, of in keys.items()}


def read_lists(named: Mapping[str, Path], declared: Mapping[str, DeclaredList]) -> list[NameList]:
    """The lists, or everything that is wrong in all of them."""
    from estimation.lists.readers import name_list_of

    lists, errors = [], []
    for name, path in named.items():
        try:
            read = name_list_of(path, declared[name], name=name, door="command line")
            notes, problems = (
                tuple(_named(name, each) for each in sentences) for sentences in (read.notes, read.problems)
            )
            lists.append(replace(read, notes=notes, problems=problems))
        except EstimationError as error:
            errors.append(type(error)(error.where, [_named(name, problem) for problem in error.problems]))
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise LinkageError("lists", [f"{error.where}: {problem}" for error in errors for problem in error.problems])
    return lists


def _named(name: str, sentence: str) -> str:
    """A sentence whose example of an option is about the list of that name, ready to be copied."""
    return sentence.replace("--declare 'LIST: ", f"--declare '{name}: ") if "'" not in name else sentence


def _of_list(option: str, text: str, named: Mapping[str, Path]) -> tuple[str, str]:
    """The list that an option is about, and what it says of it; of one list alone the name may be left out."""
    of = max((name for name in named if text.startswith(f"{name}:")), key=len, default=None)
    if of is None and len(named) == 1:
        return next(iter(named)), text.removesuffix(":")
    if of is None:
        name = text.partition(":")[0]
        raise SettingError(option, [f"{text!r} begins with no list and a colon; {nearest(name, list(named))}"])
    return of, text.removeprefix(f"{of}:").strip()


def _add_columns(columns: dict[str, str], text: str) -> None:
    """Add headings by what their columns hold: ``given=First,family=Last``."""
    pairs = [part.partition("=") for part in listed(text)]
    problems = [f"{key!r} is not of the form key=heading: given=First" for key, equals, _ in pairs if not equals]
    for key, heading in ((key.strip(), heading.strip()) for key, equals, heading in pairs if equals):
        if columns.setdefault(key, heading) != heading:
            problems.append(f"{key!r} is given two columns, {columns[key]!r} and {heading!r}; name one")
    if problems:
        raise SettingError("--columns", problems)


def _toml(text: str) -> dict[str, Any]:
    """A key and its value as TOML; a value without quotes is a text."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        key, equals, value = text.partition("=")
        try:
            return tomllib.loads(f'{key}="{value.strip()}"' if equals else text)
        except tomllib.TOMLDecodeError as error:
            problem = f'{text!r} is no key with a value, as in several=split or dates.order="day first"'
            raise SettingError("--declare", [problem]) from error


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add keys, within tables too."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value
