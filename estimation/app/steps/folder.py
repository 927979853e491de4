"""The folder: its tables and studies, and a place to drop a file."""

from __future__ import annotations

from estimation.app.desk import TABLE_ENDINGS, Desk, Draft
from estimation.app.pages import Answer, Go, Page, View, Visit
from estimation.app.warm import Refused
from estimation.text.languages import sentence

__all__ = ["PAGES"]


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    studies = desk.files(".toml")
    tables = desk.files(*TABLE_ENDINGS)
    waiting = desk.draft.name if desk.draft is not None and desk.draft.taken is not None else ""
    return View("folder", {"studies": studies, "tables": tables, "waiting": waiting})


async def _look(desk: Desk, visit: Visit) -> Answer:
    """Look at a table of the folder."""
    name = visit.form.one("name")
    if name not in desk.files(*TABLE_ENDINGS):
        raise Refused(name, ["there is no such table in the folder any more; load the page again"])
    study = desk.study
    declared = study.get("columns") if study.get("table") == name else None
    desk.draft = Draft(name, declared=dict(declared or {}))
    return Go("/file")


async def _open(desk: Desk, visit: Visit) -> Answer:
    """Work on another study of the folder."""
    name = visit.form.one("name")
    if name not in desk.files(".toml"):
        raise Refused(name, ["there is no such study in the folder any more; load the page again"])
    desk.study_name, desk.draft = name, None
    return Go("/counted")


async def _begin(desk: Desk, visit: Visit) -> Answer:
    """Begin a further study in the folder, under a name of its own; its file is written with its first change."""
    name = visit.form.one("new_name")
    name = name if name.lower().endswith(".toml") else f"{name}.toml"
    if name == ".toml" or "/" in name or "\\" in name or name.startswith("."):
        problem = visit.words.plain("Give the study a name that a file can have.")
        return View("folder", await _values(desk), [("new_name", problem)], 422)
    if (desk.folder / name).exists():
        problem = visit.words.plain("There is a file of this name in the folder; open it, or give another name.")
        return View("folder", await _values(desk), [("new_name", problem)], 422)
    desk.study_name, desk.draft = name, None
    return Go("/")


async def _values(desk: Desk) -> dict[str, object]:
    return {"studies": desk.files(".toml"), "tables": desk.files(*TABLE_ENDINGS), "waiting": ""}


PAGES = (Page("/", sentence("Folder"), _show, {"look": _look, "open": _open, "begin": _begin}, group="steps"),)
