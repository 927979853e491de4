"""The file: how it was read, with every guess changeable, and its way into the folder and the study."""

from __future__ import annotations

from typing import Any

from estimation.app.desk import Desk, Draft
from estimation.app.pages import Answer, Form, Go, Page, View, Visit
from estimation.app.study_toml import Edit, put_value
from estimation.app.warm import Refused
from estimation.capture.declared import SEPARATORS
from estimation.text.languages import sentence

__all__ = ["PAGES", "ROLES"]

ROLES: tuple[tuple[str, str], ...] = (
    ("", sentence("as it was found")),
    ("list", sentence("a list: who is on it")),
    ("count", sentence("how many people a row stands for")),
    ("id", sentence("what tells people apart")),
    ("history", sentence("a capture history, such as 1101")),
    ("source", sentence("the name of the source, one row a person and source")),
    ("ignore", sentence("nothing about lists: set aside")),
    ("drop_lists", sentence("a list that is left out")),
)
"""What a column can be declared to be."""

_ONE = ("count", "id", "history", "source")
_ROLES = ("lists", *_ONE, "ignore", "drop_lists")
_TEXTS = ("sheet", "encoding", "replicate", "yes", "separator", "decimal")
_TICKED = ("merge_repeated", "allow_twins", "keep_totals")
_SEPARATORS = (
    ("comma", sentence("comma")),
    ("semicolon", sentence("semicolon")),
    ("tab", sentence("tab")),
    ("blank", sentence("blank")),
    ("vertical bar", sentence("vertical bar")),
    ("Arabic comma", sentence("Arabic comma")),
    ("Arabic semicolon", sentence("Arabic semicolon")),
    ("fullwidth comma", sentence("fullwidth comma")),
    ("fullwidth semicolon", sentence("fullwidth semicolon")),
)
_NO_HEADINGS = "none"


async def _read(desk: Desk, draft: Draft) -> None:
    """Have the file read with what is declared of it."""
    given: dict[str, Any] = {"declared": draft.declared}
    if draft.taken is None:
        draft.found = await desk.reader.ask("read", {**given, "path": str(desk.folder / draft.name)})
    else:
        draft.found = await desk.reader.ask("read", {**given, "name": draft.name}, draft.taken.content)


def _declared_in(desk: Desk) -> tuple[object, object]:
    """What the study file says now of its table and the columns of it."""
    return desk.study.get("table"), desk.study.get("columns")


def _draft_of_study(desk: Desk) -> Draft | None:
    name, columns = _declared_in(desk)
    if not isinstance(name, str) or "/" in name:
        return None
    return Draft(name, declared=dict(columns) if isinstance(columns, dict) else {}, declared_in=(name, columns))


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    return await _shown(desk)


async def _shown(desk: Desk, *wrong: str) -> Answer:
    """The file that is looked at, and what is wrong."""
    begun = None if desk.draft is None else desk.draft.declared_in
    if desk.draft is None or begun not in (None, _declared_in(desk)):  # the study was changed meanwhile, and holds
        desk.draft = _draft_of_study(desk)
    draft = desk.draft
    if draft is None:
        return View("no_file")
    problems = [("", each) for each in wrong]
    if draft.found is None:
        try:
            await _read(desk, draft)
        except Refused as refused:
            draft.found = None
            problems += [("", each) for each in refused.problems]
    found = draft.found or {}
    problems += [("", each) for each in found.get("problems", ())]
    roles = {name: role for role in ROLES for name in _declared_as(draft.declared, role[0])}
    values = {"draft": draft, "found": found, "roles": ROLES, "declared_roles": {k: v[0] for k, v in roles.items()}}
    values["more"] = bool({*_TEXTS, *_TICKED, "header", "na", "blank"} & {*draft.declared})
    separator = str(draft.declared.get("separator", ""))
    named = SEPARATORS.get(separator, separator)
    values |= {"separators": _SEPARATORS, "separator": named}
    return View("file", values, problems, 422 if problems else 200)


def _declared_as(declared: dict[str, Any], role: str) -> list[str]:
    """The columns that are declared to be something."""
    key = "lists" if role == "list" else role
    value = declared.get(key) if role else None
    return [value] if isinstance(value, str) else [str(each) for each in value] if isinstance(value, list) else []


def _declared_by(form: Form, draft: Draft) -> dict[str, Any]:
    """What a form declares of the columns; of a file that could not be opened it has none, and their roles stay."""
    found = dict(draft.found or {})
    headings = found.get("headings", [])
    chosen = {name: form.one(f"role.{at}") for at, name in enumerate(headings) if form.one(f"role.{at}")}
    declared: dict[str, Any] = {} if found else {key: draft.declared[key] for key in _ROLES if key in draft.declared}
    if "list" in chosen.values():
        as_found = {each["name"] for each in found.get("columns", ()) if each["role"] == "list"}
        declared["lists"] = [n for n in headings if chosen.get(n) == "list" or (n in as_found and n not in chosen)]
    declared |= {role: name for name, role in chosen.items() if role in _ONE}
    for role in ("ignore", "drop_lists"):
        if names := [name for name, each in chosen.items() if each == role]:
            declared[role] = names
    declared |= {key: form.one(key) for key in _TEXTS if form.one(key)}
    declared |= {key: True for key in _TICKED if form.has(key)}
    if header := _NO_HEADINGS if form.has("no_headings") else form.one("header"):
        declared["header"] = int(header) if header.isdecimal() else header
    return declared | {key: 0 for key in ("na", "blank") if form.has(key)}


def _is_other(desk: Desk, visit: Visit) -> bool:
    """Whether another file is looked at now than when the form was made, for there is another tab."""
    number = visit.form.one("draft")
    return bool(number) and (desk.draft is None or number != str(desk.draft.number))


_OTHER = sentence(
    "Another file was chosen meanwhile, in another tab, and nothing was written. This is that file; to go on with "
    "yours, choose it again."
)


async def _look(desk: Desk, visit: Visit) -> Answer:
    """Read the file again, as it is declared now."""
    if _is_other(desk, visit):
        return await _shown(desk, visit.words.plain(_OTHER))
    if desk.draft is not None:
        desk.draft.declared = _declared_by(visit.form, desk.draft)
        desk.draft.found = None
    return Go("/file")


async def _write(desk: Desk, visit: Visit) -> Answer:
    """Put the file into the folder, if it is not there, and name it in the study."""
    draft = desk.draft
    if _is_other(desk, visit):
        return await _shown(desk, visit.words.plain(_OTHER))
    if draft is None:
        return Go("/file")
    declared = _declared_by(visit.form, draft)
    if declared != draft.declared or draft.found is None:
        draft.declared = declared
        await _read(desk, draft)
    if draft.found is None or draft.found["problems"]:
        return await _show(desk, visit)
    name = draft.name
    if draft.taken is not None:
        name = visit.form.one("save_as") or draft.name
        desk.write_new(name, draft.taken.content)
    study = desk.study
    edits = [put_value(("table",), name), *_column_edits(study.get("columns"), draft.declared)]
    if study.get("seed") is None:
        edits.insert(0, put_value(("seed",), 1))
    if "synthetic" in name.lower():
        edits.append(put_value(("synthetic",), True))
    desk.write(*edits)
    desk.draft = Draft(name, declared=draft.declared, found=draft.found, declared_in=_declared_in(desk))
    return Go("/table", visit.words.say("{name} is the table of the study.", {"name": name}))


def _column_edits(before: object, declared: dict[str, Any]) -> list[Edit]:
    """What changes under ``[columns]``, key by key, so that comments between them stay."""
    if not isinstance(before, dict):
        return [put_value(("columns",), declared or None)]
    keys = [key for key in {**before, **declared} if before.get(key) != declared.get(key)]
    return [put_value(("columns", key), declared.get(key)) for key in keys]


async def _drop(desk: Desk, visit: Visit) -> Answer:
    """Let go of a file that was not written."""
    if not _is_other(desk, visit):
        desk.draft = None
    return Go("/")


PAGES = (
    Page(
        "/file",
        sentence("File"),
        _show,
        {"look": _look, "write": _write, "drop": _drop},
        frozenset({"write"}),
        group="steps",
    ),
)
