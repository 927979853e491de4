"""The table before any model: sizes, overlaps, and which lists depend on each other."""

from __future__ import annotations

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Page, View, Visit
from estimation.text.languages import sentence

__all__ = ["PAGES"]


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    if desk.table is None:
        return View("names_first") if desk.study.get("lists") else View("no_file")
    return View("table", {"found": await desk.about_table("look")})


PAGES = (Page("/table", sentence("Table"), _show, group="steps"),)
