"""The study file as the page edits it: comments, order and keys that the page does not know stay as they are.

tomlkit is imported here alone.  Nothing here knows whether a study makes sense: `estimation.study.study_file` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Item, Table

from estimation.app.messages import Plain
from estimation.files import write_bytes

__all__ = [
    "Edit",
    "StudyText",
    "changed",
    "put_sections",
    "put_value",
    "read_study_text",
    "set_models",
    "value_text",
    "write_study_text",
]

NO_FILE = ""
"""The checksum of a study file that is not there."""

_UNREADABLE = "unreadable"
"""The checksum of what stands in the place of a study file and cannot be read, such as a folder."""

_LARGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class StudyText:
    """A study file as it is now.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        What is in it; empty where it is not there.
    checksum : str
        SHA-256 of its bytes, or `NO_FILE`.
    values : mapping of str to object
        Its keys and values; none where it cannot be read.
    problem : str
        Why it cannot be read, or nothing.
    """

    path: Path
    text: str = ""
    checksum: str = NO_FILE
    values: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return self.checksum != NO_FILE

    def get(self, *place: str) -> Plain:
        """The value at a place, from the outermost table inwards; None where there is none."""
        found: Any = self.values
        for key in place:
            if not isinstance(found, Mapping) or key not in found:
                return None
            found = found[key]
        return found

    @property
    def models(self) -> Sequence[Mapping[str, Any]]:
        """The declared models, in order."""
        found = self.get("model")
        return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


Edit = Callable[[tomlkit.TOMLDocument], None]
"""Changes a study file in memory."""


def read_study_text(path: Path) -> StudyText:
    """A study file as it is now, whatever is in it, and whatever it is."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return StudyText(path)
    except OSError as error:
        return StudyText(path, checksum=_UNREADABLE, problem=error.strerror or str(error))
    checksum = hashlib.sha256(raw).hexdigest()
    if len(raw) > _LARGEST:
        return StudyText(path, checksum=checksum, problem="it is too large for a study file")
    try:
        text = raw.decode("utf-8-sig")
        return StudyText(path, text, checksum, tomlkit.parse(text).unwrap())
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return StudyText(path, checksum=checksum, problem=f"line {line} is not UTF-8; save the file as UTF-8")
    except (TOMLKitError, ValueError, RecursionError) as error:
        return StudyText(path, checksum=checksum, problem=f"this is not TOML: {error}")


def changed(study: StudyText, *edits: Edit) -> str:
    r"""The text of a study file after some edits.

    Examples
    --------
    >>> study = StudyText(Path("study.toml"), 'seed = 1  # ours\n[counted]\nwho = "x"\nown = 3\n')
    >>> print(changed(study, put_value(("title",), "Deaths"), put_value(("counted", "who"), "Civilians")))
    seed = 1  # ours
    title = "Deaths"
    [counted]
    who = "Civilians"
    own = 3
    <BLANKLINE>
    """
    document = tomlkit.parse(study.text)
    for edit in edits:
        edit(document)
    return tomlkit.dumps(document)


def write_study_text(path: Path, text: str) -> None:
    """Write a study file whole, with the permissions that it has.

    Raises
    ------
    OSError
        When it cannot be written; the older one is then as it was.
    """
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    write_bytes(path, text.encode("utf-8"))
    path.chmod(mode)


def put_value(place: Sequence[str], value: object) -> Edit:
    """Set a value, or take it away where it is None; what equals the value already stays as it is written.

    Parameters
    ----------
    place : sequence of str
        The keys from the outermost table inwards.
    value : object
        What TOML can hold, or None.
    """

    def edit(document: tomlkit.TOMLDocument) -> None:
        *tables, key = place
        table: Any = document
        for name in tables:
            if name not in table:
                if value is None:
                    return
                table[name] = tomlkit.table()
            table = table[name]
        if value is None:
            if key in table:
                table.remove(key)
        elif key not in table or _plain(table[key]) != value:
            _set(table, key, value)

    return edit


def _set(table: Plain, key: str, value: object) -> None:
    """Set a key, and keep the comment that stands behind it."""
    item = tomlkit.item(value)
    if key in table and isinstance(table[key], Item) and not isinstance(table[key], Table | AoT):
        old = table[key].trivia
        item.trivia.comment_ws, item.trivia.comment, item.trivia.trail = old.comment_ws, old.comment, old.trail
    table[key] = item


def _plain(item: Plain) -> object:
    return item.unwrap() if hasattr(item, "unwrap") else item


def put_sections(key: str, text: str) -> Edit:
    r"""Put tables that are written as TOML, with their comments, in the place of those under a key.

    Parameters
    ----------
    key : str
        The key of the outer table.
    text : str
        ``[key.NAME]`` for each.

    Examples
    --------
    >>> study = StudyText(Path("study.toml"), 'seed = 1\n')
    >>> print(changed(study, put_sections("lists", '[lists.a]  # 3 rows\nfile = "a.csv"\n')))
    seed = 1
    <BLANKLINE>
    [lists.a]  # 3 rows
    file = "a.csv"
    <BLANKLINE>
    """
    parsed = tomlkit.parse(text)

    def edit(document: tomlkit.TOMLDocument) -> None:
        if key in document:
            document.remove(key)
        if document.as_string().strip():
            document.add(tomlkit.nl())
        document.append(key, parsed[key])

    return edit


def set_models(models: Sequence[Mapping[str, Any]]) -> Edit:
    """The models of a study: those that are declared stay where they are, with their comments; others go or come.

    Parameters
    ----------
    models : sequence of mapping
        ``label``, ``name`` and ``settings`` of each.
    """

    def edit(document: tomlkit.TOMLDocument) -> None:
        wanted = {str(model["label"]): model for model in models}
        there = document.get("model")
        if not isinstance(there, AoT):
            if there is not None:
                document.remove("model")
            there = tomlkit.aot()
            document.append("model", there)
        for at in reversed(range(len(there))):
            if str(there[at].get("label")) not in wanted:
                del there[at]
        labels = [str(table.get("label")) for table in there]
        for label, model in wanted.items():
            table = there[labels.index(label)] if label in labels else _new_model(there, label)
            if table.get("name") != model["name"]:
                _set(table, "name", model["name"])
            _set_settings(table, model.get("settings", {}))

    return edit


def _new_model(there: AoT, label: str) -> Plain:
    table = tomlkit.table()
    table.add("label", label)
    there.append(table)
    return there[-1]


def _set_settings(table: Plain, settings: Mapping[str, Any]) -> None:
    if not settings:
        if "settings" in table:
            table.remove("settings")
        return
    if "settings" not in table:
        table["settings"] = tomlkit.table()
    own = table["settings"]
    for key in [key for key in own if key not in settings]:
        own.remove(key)
    for key, value in settings.items():
        if key not in own or _plain(own[key]) != value:
            _set(own, key, value)


def value_text(value: object) -> str:
    """A value as somebody would type it in a field.

    Examples
    --------
    >>> value_text("1/N"), value_text(["A", "B"]), value_text(0.5), value_text(True)
    ('1/N', 'A, B', '0.5', 'true')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return tomlkit.item(value).as_string()
