"""What is counted, in words: the first thing that the report says."""

from __future__ import annotations

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Go, Page, View, Visit
from estimation.app.study_toml import StudyText, put_value
from estimation.text.languages import sentence

__all__ = ["PAGES"]

_FIELDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("title",), sentence("Title of the report"), sentence("For example: Killings in Kosovo, March to June 1999")),
    (
        ("counted", "who"),
        sentence("Who is counted"),
        sentence("For example: Civilians killed, recorded by a list or by none"),
    ),
    (("counted", "where"), sentence("Where"), sentence("The place")),
    (("counted", "when"), sentence("When"), sentence("From which day to which day")),
    (("counted", "excludes"), sentence("What is not counted"), sentence("For example: Deaths from illness")),
)


def _values(study: StudyText, entered: dict[str, str] | None = None) -> dict[str, object]:
    fields = []
    for place, title, example in _FIELDS:
        name = ".".join(place)
        value = study.get(*place)
        value = value if isinstance(value, str) and not value.startswith("FILL IN") else ""
        fields.append((name, title, example, (entered or {}).get(name, value)))
    seed = (entered or {}).get("seed", str(study.get("seed") if study.get("seed") is not None else 1))
    return {"fields": fields, "seed": seed, "synthetic": bool(study.get("synthetic"))}


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    return View("counted", _values(desk.study))


async def _write(desk: Desk, visit: Visit) -> Answer:
    words, form = visit.words, visit.form
    entered = {".".join(place): form.one(".".join(place)) for place, _, _ in _FIELDS}
    problems = [(name, words.plain("Fill this in.")) for name, value in entered.items() if not value]
    seed = form.one("seed")
    if not seed.isascii() or not seed.isdigit():
        problems.append(("seed", words.plain("Give a whole number, 0 or more.")))
    if problems:
        return View("counted", _values(desk.study, {**entered, "seed": seed}), problems, 422)
    edits = [put_value(place, entered[".".join(place)]) for place, _, _ in _FIELDS]
    synthetic = True if form.has("synthetic") else None
    desk.write(*edits, put_value(("seed",), int(seed)), put_value(("synthetic",), synthetic))
    return Go("/models", words.say("Written into {name}.", {"name": desk.study_name}))


PAGES = (Page("/counted", sentence("What is counted"), _show, {"write": _write}, frozenset({"write"}), group="steps"),)
