"""The page of the study file: each key, what it is, what it may be, and its default, from the classes that read it."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen
from docstring_text import first_line, module_text, parameters_of
from pydantic.fields import FieldInfo
from reference_pages import title

from estimation.study import study_file
from estimation.study.study_file import Study

__all__ = ["keys_of", "study_page"]

_NOT_IN_THE_FILE = {"path"}
"""Fields of a study that are known without a key."""

_BY_NAME = {"lists": "NAME", "covers": "LIST"}
"""Tables of tables, and what the inner ones are named after."""


def study_page() -> str:
    """The page."""
    text = module_text(study_file)
    sample = re.sub(r" \(`estimation[^`]*`\)", "", text.partition("::\n\n")[2].partition("\n\n")[0])
    parts = [
        title("Study file"),
        "A study file (TOML) declares everything that can move a number before the first model runs: ``mse run "
        "study.toml --out out/study``. ``mse new TABLE`` writes one to fill in. A key that is not on this page is an "
        "error that names the nearest one.\n",
        ".. code-block:: text\n",
        sample + "\n",
    ]
    for heading, owner in _sections(Study, ""):
        parts += [_anchor(heading), title(heading or "Keys at the top", "-"), first_line(owner) + "\n", _table(owner)]
    return "\n".join(parts)


def keys_of(owner: type) -> list[str]:
    """The keys of a table of the file, in the order of the fields that they set."""
    return [_key(each, hint) for each, hint in _declared(owner)]


def _declared(owner: type) -> Iterator[tuple[Field[Any], Any]]:
    hints = typing.get_type_hints(owner, include_extras=True)
    for each in fields(owner):
        if each.name not in _NOT_IN_THE_FILE:
            yield each, hints[each.name]


def _key(each: Field[Any], hint: Any) -> str:
    infos = [info for info in _metadata(hint) if isinstance(info, FieldInfo) and info.alias]
    return infos[0].alias if infos else each.name


def _sections(owner: type, place: str) -> Iterator[tuple[str, type]]:
    """Each table of the file with its heading, outermost first."""
    yield place, owner
    for each, hint in _declared(owner):
        for inner in _classes(hint):
            key = f"{place.strip('[]')}.{_key(each, hint)}".lstrip(".")
            is_many = "tuple" in str(hint) and "dict" not in str(hint)
            by_name = f".{_BY_NAME[each.name]}" if each.name in _BY_NAME and not place else ""
            yield from _sections(inner, f"[[{key}]]" if is_many else f"[{key}{by_name}]")


def _metadata(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__metadata__", ())


def _arguments(hint: Any) -> tuple[Any, ...]:
    return () if typing.get_origin(hint) is Literal else typing.get_args(hint)


def _classes(hint: Any) -> Iterator[type]:
    """The classes with keys of their own in a type."""
    if isinstance(hint, type) and is_dataclass(hint):
        if hint.__name__ != "ClaimsFile":  # a file of its own, which the study names
            yield hint
        return
    inner = (hint.__origin__,) if _metadata(hint) else _arguments(hint)
    for part in inner:
        yield from _classes(part)


def _anchor(heading: str) -> str:
    name = re.sub(r"[^a-z]+", "-", heading.lower()).strip("-")
    return f".. _study-{name}:\n" if name else ".. _study-keys:\n"


def _table(owner: type) -> str:
    described = parameters_of(owner)
    rows = [".. list-table::", "   :header-rows: 1", "   :widths: 18 22 14 46", "   :class: keys", ""]
    rows += ["   * - key", "     - value", "     - default", "     - what it is"]
    for each, hint in _declared(owner):
        if each.name not in described:
            raise LookupError(f"{owner.__module__}.{owner.__name__}: {each.name} is not described")
        cells = [f"``{_key(each, hint)}``", _value(hint), _default(each), described[each.name]]
        rows += [f"   {'*' if at == 0 else ' '} - {cell}" for at, cell in enumerate(cells)]
    return "\n".join([*rows, ""])


def _default(each: Field[Any]) -> str:
    if each.default is MISSING and each.default_factory is MISSING:
        return "must be given"
    if each.default is MISSING or each.default in (None, (), "") or hasattr(each.default, "parts"):
        return "none"
    if isinstance(each.default, str):
        return f'``"{each.default}"``'
    return f"``{str(each.default).lower()}``"


_LIMITS = {Ge: "{} or more", Gt: "above {}", Le: "{} at most", Lt: "below {}"}
_PLAIN: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    object: "any value",
}


def _value(hint: Any) -> str:
    """What a key may be, in words."""
    if metadata := _metadata(hint):
        limits = list(_limits(metadata))
        return f"{_value(hint.__origin__)}{', ' if limits else ''}{' and '.join(limits)}"
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        return "name of a file" if hint.__name__ == "ClaimsFile" else "a table of keys"
    origin, arguments = typing.get_origin(hint), _arguments(hint)
    if origin is Literal:
        return " or ".join(f"``{value!r}``".replace("'", '"') for value in typing.get_args(hint) if value != "")
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_value(part) for part in arguments if part is not type(None)))
    if origin is tuple:
        parts = list(dict.fromkeys(_value(part) for part in arguments if part is not Ellipsis))
        return f"list of {_plural(parts[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"{_value(arguments[1])} for each name"
    return "path" if getattr(hint, "__name__", "") == "Path" else "text"


def _plural(word: str) -> str:
    endings = {"text": "texts", "number": "numbers", "whole number": "whole numbers", "any value": "values"}
    head, comma, limits = word.partition(",")
    return "tables of keys" if head == "a table of keys" else f"{endings.get(head, head)}{comma}{limits}"


def _limits(metadata: tuple[Any, ...]) -> Iterator[str]:
    for found in metadata:
        if isinstance(found, FieldInfo):
            yield from _limits(tuple(found.metadata))
        for kind, words in _LIMITS.items():
            if isinstance(found, kind):
                yield words.format(getattr(found, kind.__name__.lower()))
        if isinstance(found, MinLen) and found.min_length > 1:
            yield f"{found.min_length} at least"
