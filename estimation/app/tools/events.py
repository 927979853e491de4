"""Counts at one event after another become a table of histories: typed into a form, or from a file."""

from __future__ import annotations

from typing import Any

from estimation.app.desk import Desk, Taken
from estimation.app.pages import Answer, Form, Go, Page, Sent, View, Visit
from estimation.app.warm import Refused
from estimation.text.languages import sentence

__all__ = ["PAGES"]

_BEGIN = "A, B, C"
_TABLE = "histories.csv"


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.replace("،", ",").split(",") if part.strip()]


async def _values(desk: Desk, form: Form) -> dict[str, Any]:
    names = _names(form.one("names") or _BEGIN)
    found = await desk.know("form", {"names": names})
    return {
        "names": ", ".join(names),
        "events": found["events"],
        "typed": form,
        "found": None,
        "counted": form.one("counted"),
    }


async def _show(desk: Desk, visit: Visit) -> Answer:
    try:
        return View("events", await _values(desk, visit.query))
    except Refused as refused:
        values = await _values(desk, Form())
        return View("events", values, [("names", problem) for problem in refused.problems], 422)


async def _form(desk: Desk, visit: Visit) -> Answer:
    """An empty form as a file."""
    found = await desk.know("form", {"names": _names(visit.query.one("names") or _BEGIN)})
    return Sent(found["csv"].encode("utf-8"), "text/csv; charset=utf-8", "events.csv")


def _given(form: Form, values: dict[str, Any], visit: Visit) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The events as a worker takes them, and the fields that hold no whole number."""
    problems, events = [], []
    for at, event in enumerate(values["events"]):
        counts = {f"{at}.{at_row}": names for at_row, names in enumerate(event["before"])}
        people: dict[str, int] = {}
        for field in (f"{at}.all", *counts):
            text = form.one(field).replace(",", "")
            if text.isdecimal():
                people[field] = int(text)
            else:
                problems.append((field, visit.words.plain("Give a whole number; 0 for nobody.")))
        before = [(names, people.get(field, 0)) for field, names in counts.items()]
        events.append({"name": event["name"], "recorded": people.get(f"{at}.all", 0), "before": before})
    return {"events": events, "counted": form.one("counted")}, problems


async def _convert(desk: Desk, visit: Visit) -> Answer:
    values = await _values(desk, visit.form)
    given, problems = _given(visit.form, values, visit)
    if not problems:
        try:
            found = await desk.reader.ask("convert", given)
        except Refused as refused:
            problems = [("", problem) for problem in refused.problems]
        else:
            return View("events", {**values, "found": found})
    return View("events", values, problems, 422)


async def _from_file(desk: Desk, visit: Visit) -> Answer:
    """The file that was dropped last, read as events."""
    values = await _values(desk, visit.form)
    taken = desk.draft.taken if desk.draft is not None else None
    if taken is None:
        problem = visit.words.plain("Drop a file with the columns event, recorded before by and people first.")
        return View("events", values, [("", problem)], 422)
    try:
        found = await desk.reader.ask("convert", {"name": taken.name}, taken.content)
    except Refused as refused:
        return View("events", values, [("", problem) for problem in refused.problems], 422)
    return View("events", {**values, "found": found})


async def _look(desk: Desk, visit: Visit) -> Answer:
    """Take the histories as a file that was dropped: they are looked at, and written into the folder, as any other."""
    text = visit.form.one("csv")
    if not text:
        return Go("/events")
    desk.take(Taken(_TABLE, (text + "\n").encode("utf-8")))
    return Go("/file")


PAGES = (
    Page(
        "/events",
        sentence("Counts at events"),
        _show,
        {"convert": _convert, "file": _from_file, "look": _look},
        group="tools",
    ),
    Page("/events/form", "", _form),
)
