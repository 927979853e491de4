"""A TOML file becomes checked values, or everything wrong in it is said at once.

What a file may hold is declared as frozen dataclasses, and the same dataclasses are the values in memory.  A key that
none of them declares is an error that names the nearest key there is, or what the key is called now; no value is turned
silently into another type.
"""

from __future__ import annotations

import codecs
import difflib
import json
import os
import re
import stat
import tomllib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from estimation.errors import EstimationError
from estimation.text.characters import name_faults, prose_faults

__all__ = ["Name", "Place", "Text", "any_toml", "brief", "checked_keys", "nearest", "read_toml"]


def _without(faults: Callable[[str], list[str]]) -> AfterValidator:
    """Refuse a text that has a fault."""

    def check(text: str) -> str:
        if found := faults(text):
            raise ValueError(f"it {'; it '.join(found)}")
        return text

    return AfterValidator(check)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), _without(prose_faults)]
"""Text with something in it, and with no character that `estimation.text.characters` refuses in prose."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), _without(name_faults)]
"""One line of text that is a name, with no character that may not stand in one."""

Place: TypeAlias = tuple[str, ...]
"""Where a key stands, from the outermost table inwards, for example ``("counted", "who")``."""

_KINDS: Mapping[str, str] = {
    "string": "text in quotes",
    "path": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "a table of keys",
    "dataclass": "a table of keys",
}
_PLAIN = (
    (r"^a valid integer.*", "a whole number"),
    (r"^a valid number.*", "a number"),
    (r"^a valid boolean.*", "true or false"),
    (r"^a valid string.*", "text"),
    (r"^greater than or equal to (\S+)$", r"\1 or more"),
    (r"^less than or equal to (\S+)$", r"\1 at most"),
    (r"^greater than (\S+)$", r"above \1"),
    (r"^less than (\S+)$", r"below \1"),
)
_LENGTHS: Mapping[str, str] = {"too_short": "{min_length} values or more", "too_long": "{max_length} values or fewer"}
_DATE = "date or time"
"""What stands for a date of TOML, which JSON has not."""
_MOST_BYTES = 4_000_000
_LONGEST_QUOTED = 120
_LONG_NUMBER = re.compile(r"[0-9a-fA-F_]{3000}")
_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Schema:
    """The keys that a file may hold, by table, and the keys that are called otherwise now."""

    keys: Mapping[Place, Sequence[str]]
    renamed: Mapping[Place, str]

    def keys_at(self, place: Place) -> Sequence[str]:
        """The keys of a table; one that its author named is at the place ``*``."""
        return next((keys for at, keys in self.keys.items() if _is_at(at, place)), [])


def read_toml(
    path: str | os.PathLike[str],
    whole: type[_T],
    *,
    error: type[EstimationError],
    given: Mapping[str, str] | None = None,
    renamed: Mapping[Place, str] | None = None,
) -> _T:
    """The values of a file, checked.

    Parameters
    ----------
    path : path
        The file.
    whole : class
        A dataclass with what the file may hold; the tables in it are dataclasses too.  A field goes by its alias where
        it has one.
    error : class
        What to raise.
    given : mapping of str to str, optional
        Fields of ``whole`` that the file may not hold, and their values.
    renamed : mapping of (str, ...) to str, optional
        What keys of former versions are called now, by their place; a key within a key that is itself called otherwise
        stands under its new name.

    Raises
    ------
    EstimationError
        Of the class ``error``: no such file, not UTF-8, bad TOML (with its line), or keys and values that do not fit,
        all of them together.
    """
    own = dict(given or {})
    parsed, content = _parsed(Path(path), own, error)
    return _checked(parsed, content, whole, str(path), error, own, renamed or {})


def any_toml(path: Path, *, error: type[EstimationError]) -> dict[str, Any]:
    """What a file holds, of whatever keys, in this version or in another; nothing of it is checked.

    Parameters
    ----------
    path : Path
        The file.
    error : class
        What to raise.

    Raises
    ------
    EstimationError
        Of the class ``error``, when it is not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except ValueError as found:
        raise error(str(path), [f"this is not TOML: {found}"]) from found


def checked_keys(parsed: Mapping[str, object], whole: type[_T], *, source: str, error: type[EstimationError]) -> _T:
    """Keys and values from elsewhere than a file, checked as `read_toml` does.

    Parameters
    ----------
    parsed : mapping of str to object
        The keys and their values, as TOML has them.
    whole : class
        As for `read_toml`.
    source : str
        What to call them in a message.
    error : class
        What to raise.

    Raises
    ------
    EstimationError
        Of the class ``error``, with all that does not fit.
    """
    return _checked(parsed, json.dumps([parsed], default=str), whole, source, error, {}, {})


@cache
def _checker(whole: Hashable) -> TypeAdapter[tuple[Any]]:
    """What checks the content of a file: in a tuple, since a dataclass by itself cannot be given a configuration."""
    one: Any = tuple[whole]  # type: ignore[valid-type]
    return TypeAdapter(one, config=_STRICT)


def _checked(
    parsed: Mapping[str, object],
    content: str,
    whole: type[_T],
    source: str,
    error: type[EstimationError],
    own: Mapping[str, str],
    renamed: Mapping[Place, str],
) -> _T:
    """Keys and values that fit a dataclass, or all that does not."""
    schema = _Schema({place: [k for k in keys if place or k not in own] for place, keys in _keys(whole)}, renamed)
    problems = [_unknown((key,), schema) for key in own if key in parsed]
    try:
        # By way of JSON, since only there a table may become a dataclass while no other value is converted.
        checked: _T = _checker(cast(Hashable, whole)).validate_json(content)[0]
    except ValidationError as found:
        problems += [sentence for problem in found.errors() for sentence in _sentences(problem, schema)]
        raise error(source, problems) from found
    if problems:
        raise error(source, problems)
    return checked


def nearest(word: str, known: Sequence[str]) -> str:
    """Ends an error message with the nearest known word, or with all of them.

    Examples
    --------
    >>> nearest("pepole", ["name", "people"]), nearest("x", ["name", "people"])
    ("did you mean 'people'?", 'there are name, people')
    """
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"


def brief(value: object) -> str:
    """A value as a message quotes it: cut where it is long.

    Examples
    --------
    >>> brief("ABA"), brief("A" * 1000), brief(1 << 100_000)
    ("'ABA'", "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ...", 'a number of 100001 bits')
    """
    try:
        quoted = repr(value)
    except ValueError:  # Python writes no whole number of thousands of digits
        return f"a number of {value.bit_length()} bits" if isinstance(value, int) else "a value with a very long number"
    return quoted if len(quoted) <= _LONGEST_QUOTED else f"{quoted[: _LONGEST_QUOTED // 2]} ..."


def in_plain_words(message: str) -> str:
    """What Pydantic says of a value that does not fit, in the words that all other messages have.

    Examples
    --------
    >>> in_plain_words("Input should be a valid integer, unable to parse string as an integer")
    'it must be a whole number'
    >>> in_plain_words("Input should be greater than or equal to 2"), in_plain_words("Input should be 'a' or 'b'")
    ('it must be 2 or more', "it must be 'a' or 'b'")
    """
    wanted = message.removeprefix("Input should be ")
    if wanted == message:
        return message
    for pattern, words in _PLAIN:
        wanted = re.sub(pattern, words, wanted)
    return f"it must be {wanted}"


def _parsed(path: Path, own: dict[str, str], error: type[EstimationError]) -> tuple[Mapping[str, object], str]:
    """What a file holds, and the same with the values given by the caller as a JSON list of one object."""
    text = _text(path, error)
    try:
        parsed = tomllib.loads(text)
        return parsed, json.dumps([parsed | own], default=lambda value: {_DATE: str(value)})
    except tomllib.TOMLDecodeError as found:
        raise error(str(path), [f"this is not TOML: {found}"]) from found
    except RecursionError as found:
        raise error(str(path), ["brackets stand within brackets, too many to read; write it flat"]) from found
    except ValueError as found:  # what Python raises for a whole number of thousands of digits, or an impossible date
        line = next((at for at, line in enumerate(text.splitlines(), 1) if _LONG_NUMBER.search(line)), None)
        if line is not None:
            raise error(str(path), [f"line {line}: a whole number has thousands of digits; write fewer"]) from found
        raise error(str(path), [f"a value in it cannot be read ({found}); check its numbers and dates"]) from found


def _text(path: Path, error: type[EstimationError]) -> str:
    """The text of a file, which is no device, pipe or endless."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise error(str(path), ["this is a folder; name the file in it"])
        if not stat.S_ISREG(status.st_mode):
            raise error(str(path), ["this is a device or a pipe; save what it holds as a file and name that"])
        if status.st_size > _MOST_BYTES:
            size = f"{status.st_size:,} bytes; a file of settings has at most {_MOST_BYTES:,}"
            raise error(str(path), [f"it has {size}: check that this is the file that you mean"])
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as found:
        raise error(str(path), ["there is no such file; check the path and the spelling"]) from found
    except ValueError as found:
        if isinstance(found, EstimationError):
            raise
        raise error(repr(str(path)), ["no file can have this name; check the path"]) from found
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise error(str(path), ["this is UTF-16; save the file as UTF-8"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as found:
        raise error(str(path), [f"byte {found.start} is not UTF-8; save the file as UTF-8"]) from found


def _is_at(declared: Place, place: Place) -> bool:
    """Whether a place of the file is one that is declared, where any name stands for ``*``."""
    return len(declared) == len(place) and all(a in ("*", b) for a, b in zip(declared, place, strict=True))


def _keys(whole: type, place: Place = ()) -> Iterator[tuple[Place, list[str]]]:
    """The keys that a dataclass declares, by table, from the outermost inwards; tables with names of their own as *."""
    hints = get_type_hints(whole, include_extras=True)
    named = {_alias(hints[f.name]) or f.name: hints[f.name] for f in fields(whole) if f.init}
    yield place, list(named)
    for key, hint in named.items():
        own = ("*",) if get_origin(hint) is dict else ()
        for part in _dataclasses(hint):
            yield from _keys(part, (*place, key, *own))


def _alias(hint: object) -> str | None:
    """What a field is called in the file, where that is not its name."""
    found = (extra.alias for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, FieldInfo))
    return next((alias for alias in found if alias), None)


def _dataclasses(hint: object) -> Iterator[type]:
    """The dataclasses in a type: in a tuple, an optional or an annotated one."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for argument in get_args(hint):
        yield from _dataclasses(argument)


def _where(location: Sequence[int | str]) -> list[str]:
    """Where in the file, a word for each step: ``["group 2", "people"]``."""
    words: list[str] = []
    for step in location:
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(step)
    return words


def _named(location: Sequence[int | str]) -> str:
    """Where in the file: ``[group 2], key 'people'``."""
    *above, last = _where(location)
    return ", ".join([*(f"[{word}]" for word in above), f"key {last!r}"])


def _unknown(location: Sequence[int | str], schema: _Schema) -> str:
    """That there is no such key: what it is called now, or the nearest there is."""
    *level, key = (step for step in location if isinstance(step, str))
    now = schema.renamed.get((*level, key))
    if now is None:
        return f"{_named(location)} is unknown; {nearest(key, schema.keys_at(tuple(level)))}"
    within = [(old[-1], new) for old, new in schema.renamed.items() if old[:-1] == (*level, now)]
    inner = "".join(f", and its key {old!r} is called {new!r}" for old, new in within)
    return f"{_named(location)} is called {now!r} now{inner}; rename it"


def _sentences(problem: Mapping[str, Any], schema: _Schema) -> Iterator[str]:
    """One problem that pydantic found, in words that say what to do; several where a value has several."""
    location, kind, given = problem["loc"][1:], str(problem["type"]), problem["input"]
    context = problem.get("ctx", {})
    cause = context.get("error")
    if kind == "unexpected_keyword_argument":
        yield _unknown(location, schema)
    elif location[-1] == "[key]":
        known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        yield f"{_named(location[:-1])} is unknown; {nearest(str(given), known)}"
    elif kind == "missing":
        few = f"{_named(location[:-1])} has too few values; add one" if isinstance(location[-1], int) else ""
        yield few or f"{_named(location)} is missing; add it"
    elif isinstance(cause, EstimationError):  # a value's own check, which says it better
        yield from (f"[{'], ['.join(_where(location))}]: {problem}" for problem in cause.problems)
    elif kind in _LENGTHS:
        yield f"{_named(location)} is {brief(given)}; it must have {_LENGTHS[kind].format(**context)}"
    elif kind.endswith("_type") and isinstance(given, dict) and list(given) == [_DATE]:
        yield f"{_named(location)} is {given[_DATE]}; it must be {_KINDS.get(kind.removesuffix('_type'), kind)}"
    elif kind.endswith("_type"):
        yield f"{_named(location)} is {brief(given)}; it must be {_KINDS.get(kind.removesuffix('_type'), kind)}"
    else:
        yield f"{_named(location)} is {brief(given)}: {cause or problem['msg'].lower()}"
