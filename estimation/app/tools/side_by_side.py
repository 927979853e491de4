"""All pairs of lists, and all models with heterogeneity, side by side; and the pictures of the study's table.

No number of people is on these pages before the headline is declared: whoever has seen them chooses by what they say.
"""

from __future__ import annotations

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Page, Sent, View, Visit
from estimation.app.warm import Refused
from estimation.text.languages import sentence

__all__ = ["PAGES", "is_declared"]

_OF_NUMBERS = ("pairs", "profile")
_OF_TABLES = ("heterogeneity", "first-captures", "prior", *_OF_NUMBERS)
_SVG = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def is_declared(desk: Desk) -> bool:
    """Whether the study says which model carries the headline."""
    return bool(str(desk.study.get("headline") or "").strip())


async def _pairs(desk: Desk, visit: Visit) -> Answer:
    del visit
    if desk.table is None:
        return View("no_file")
    found = await desk.about_table("pairs") if is_declared(desk) else None
    return View("pairs", {"found": found})


async def _heterogeneity(desk: Desk, visit: Visit) -> Answer:
    if desk.table is None:
        return View("no_file")
    found = await desk.about_table("heterogeneity") if is_declared(desk) else None
    return View("heterogeneity", {"found": found, "model": visit.query.one("model")})


async def _picture(desk: Desk, visit: Visit) -> Answer:
    """A picture as SVG, which can neither run a script nor load anything."""
    name = visit.rest
    if name not in _OF_TABLES or (name in _OF_NUMBERS and not is_declared(desk)):
        raise Refused("picture", ["there is no such picture"])
    more = {"picture": name, **{key: visit.query.one(key) for key in ("median", "percentile_90", "model")}}
    has_table = desk.table is not None and desk.table.exists()
    found = await (desk.about_table("picture", more) if has_table else desk.know("picture", more))
    return Sent(found["svg"].encode("utf-8"), "image/svg+xml", policy=_SVG)


PAGES = (
    Page("/pairs", sentence("All pairs of lists"), _pairs, group="tools"),
    Page("/heterogeneity", sentence("Heterogeneity"), _heterogeneity, group="tools"),
    Page("/picture/*", "", _picture),
)
