"""The table before any model: sizes, overlaps, and which lists depend on each other."""

from __future__ import annotations

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Page, View, Visit

__all__ = ["PAGES"]


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    found = await desk.about_table("look")
    return View("no_file") if found is None else View("table", {"found": found})


PAGES = (Page("/table", "Table", _show, group="steps"),)
