"""A TOML file becomes checked values, or everything wrong in it is said at once.

What a file may hold is declared as `Part` classes.  A key that no class declares is an error that names the nearest key
there is; no value is turned silently into another type.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from estimation.errors import EstimationError

__all__ = ["Part", "Text", "nearest", "read_toml"]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text with something in it."""

_KINDS: Mapping[str, str] = {
    "string": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "a table of keys",
    "model": "a table of keys",
}


class Part(BaseModel):
    """A part of a file: no key that is not declared, and no value turned silently into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


_P = TypeVar("_P", bound=Part)


def read_toml(
    path: str | os.PathLike[str],
    whole: type[_P],
    *,
    parts: Mapping[tuple[str, ...], type[Part]],
    error: type[EstimationError],
) -> _P:
    """The values of a file, checked.

    Parameters
    ----------
    path : path
        The file.
    whole : class
        What the file may hold.
    parts : mapping of (str, ...) to class
        What each table inside it may hold, by its place, for example ``("counted",)``.
    error : class
        What to raise.

    Raises
    ------
    EstimationError
        Of the class ``error``: no such file, not UTF-8, bad TOML (with its line), or keys and values that do not fit,
        all of them together.
    """
    source = Path(path)
    parsed = _parsed(source, error)
    try:
        return whole.model_validate(parsed)
    except ValidationError as found:
        known: dict[tuple[str, ...], type[Part]] = {(): whole, **parts}
        raise error(str(source), [_sentence(problem, known) for problem in found.errors()]) from found


def nearest(word: str, known: Sequence[str]) -> str:
    """Ends an error message with the nearest known word, or with all of them.

    Letter case does not count, and a hyphen is as good as an underscore.

    Examples
    --------
    >>> nearest("Pepole", ["name", "people"]), nearest("x", ["name", "people"])
    ("did you mean 'people'?", 'there are name, people')
    """
    by_spelling = {_spelling(name): name for name in known}
    close = difflib.get_close_matches(_spelling(word), by_spelling, n=1)
    return f"did you mean {by_spelling[close[0]]!r}?" if close else f"there are {', '.join(known) or 'none'}"


def _spelling(word: str) -> str:
    return word.casefold().replace("-", "_")


def _parsed(path: Path, error: type[EstimationError]) -> dict[str, object]:
    """The TOML of a file."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError as found:
        raise error(str(path), ["there is no such file; check the path and the spelling"]) from found
    except IsADirectoryError as found:
        raise error(str(path), ["this is a folder; name the file in it"]) from found
    except UnicodeDecodeError as found:
        raise error(str(path), [f"byte {found.start} is not UTF-8; save the file as UTF-8"]) from found
    except tomllib.TOMLDecodeError as found:
        raise error(str(path), [f"this is not TOML: {found}"]) from found


def _place(location: Sequence[int | str]) -> str:
    """Where in the file: ``[group 2], key 'people'``."""
    words: list[str] = []
    for step in location:
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(step)
    *above, last = words
    return ", ".join([*(f"[{word}]" for word in above), f"key {last!r}"])


def _sentence(problem: Mapping[str, object], known: Mapping[tuple[str, ...], type[Part]]) -> str:
    """One problem that pydantic found, in words that say what to do."""
    location, kind, given = problem["loc"], str(problem["type"]), problem["input"]
    assert isinstance(location, tuple)  # as pydantic declares it
    place = _place(location)
    if kind == "extra_forbidden":
        level = tuple(step for step in location[:-1] if isinstance(step, str))
        return f"{place} is unknown; {nearest(str(location[-1]), list(known[level].model_fields))}"
    if kind == "missing":
        return f"{place} is missing; add it"
    if kind.endswith("_type"):
        return f"{place} is {given!r}; it must be {_KINDS.get(kind.removesuffix('_type'), kind)}"
    return f"{place} is {given!r}: {str(problem['msg']).lower()}"
