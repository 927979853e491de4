"""The models, each with what it assumes and when it fails, and the one that carries the headline, chosen beforehand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Form, Go, Page, View, Visit
from estimation.app.study_toml import put_value, set_models, value_text
from estimation.text.languages import sentence

__all__ = ["PAGES", "value_in"]


def value_in(text: str) -> object:
    """A value as it is typed: as TOML writes it, or bare words.

    Examples
    --------
    >>> value_in("0.5"), value_in("1/N"), value_in("true"), value_in('["A", "B"]'), value_in("A, B")
    (0.5, '1/N', True, ['A', 'B'], ['A', 'B'])
    """
    if text in {"True", "False"}:
        return text == "True"
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return parts if len(parts) > 1 and not set(text) & set("([") else text


async def _values(desk: Desk) -> dict[str, Any] | None:
    found = await desk.about_table("models")
    if found is None:
        return None
    known = {each["name"]: each for each in found["models"]}
    study = desk.study
    declared = [
        {
            "label": str(model.get("label", "")),
            "about": known.get(str(model.get("name"))),
            "name": str(model.get("name", "")),
            "settings": {str(k): value_text(v) for k, v in dict(model.get("settings") or {}).items()},
        }
        for model in study.models
    ]
    return {
        "declared": declared,
        "known": found["models"],
        "begin": found["begin"],
        "lists": found["lists"],
        "headline": study.get("headline") or "",
        "is_new": not declared,
        "has_results": (desk.folder / "results" / "results.json").is_file(),
    }


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    values = await _values(desk)
    return View("no_file") if values is None else View("models", values)


def _models_in(form: Form, known: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The models that a form declares, and the label that is to carry the headline."""
    models: list[dict[str, Any]] = []
    headline = ""
    defaults = {each["name"]: {s["name"]: s["default"] for s in each["settings"]} for each in known}
    for key in form.every("keep"):
        name = form.one(f"{key}.name")
        label = form.one(f"{key}.label") or name
        settings = {
            setting: value_in(text)
            for setting, default in defaults.get(name, {}).items()
            if (text := form.one(f"{key}.set.{setting}")) and text != default
        }
        models.append({"label": label, "name": name, "settings": settings})
        if form.one("headline") == key:
            headline = label
    return models, headline


async def _write(desk: Desk, visit: Visit) -> Answer:
    values, words = await _values(desk), visit.words
    if values is None:
        return View("no_file")
    models, headline = _models_in(visit.form, values["known"])
    problems = []
    labels = [model["label"] for model in models]
    if not models:
        problems.append(("keep", words.plain("Choose at least one model.")))
    if not headline:
        sentence = "Say which model carries the headline, before any number is seen; it must be one that is chosen."
        problems.append(("headline", words.plain(sentence)))
    if len(set(labels)) < len(labels):
        problems.append(("keep", words.plain("Two models have the same label; give each its own.")))
    if problems:
        return View("models", values, problems, 422)
    edits = [set_models(models), put_value(("headline",), headline)]
    before = values["headline"]
    if before and before != headline and values["has_results"]:
        day = datetime.now(UTC).date().isoformat()
        changes = [dict(each) for each in desk.study.get("headline_changed") or ()]
        edits.append(put_value(("headline_changed",), [*changes, {"on": day, "before": before, "after": headline}]))
    desk.write(*edits)
    return Go("/questions", words.say("Written into {name}.", {"name": desk.study_name}))


PAGES = (
    Page("/models", sentence("Models and headline"), _show, {"write": _write}, frozenset({"write"}), group="steps"),
)
