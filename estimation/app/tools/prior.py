"""A prior on N stated by its median and upper 90 %, with a picture that moves; what decomposable graphs make of it."""

from __future__ import annotations

from typing import Any

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Form, Go, Page, View, Visit
from estimation.app.study_toml import set_models
from estimation.app.tools.side_by_side import is_declared
from estimation.text.languages import sentence

__all__ = ["PAGES"]

_FIELDS = ("median", "percentile_90", "delta", "n_0_max")
_NAME = "decomposable"


def _typed(form: Form) -> dict[str, str]:
    """The numbers of a form, without the separators that people put into them."""
    found = {name: form.one(name).replace(",", "").replace("٬", "").replace(" ", "") for name in _FIELDS}
    return {**found, "include_saturated": "yes" if form.has("include_saturated") else ""}


def _problems(typed: dict[str, str], visit: Visit) -> list[tuple[str, str]]:
    words, problems = visit.words, []
    for name in _FIELDS:
        if typed[name] and not _number(typed[name]):
            problems.append((name, words.plain("Give a number above 0.")))
    if bool(typed["median"]) != bool(typed["percentile_90"]):
        missing = "percentile_90" if typed["median"] else "median"
        problems.append((missing, words.plain("The prior needs both numbers, or neither.")))
    elif typed["median"] and not problems and _number(typed["median"]) >= _number(typed["percentile_90"]):
        problems.append(("percentile_90", words.plain("This must be above the median.")))
    return problems


def _number(text: str) -> float:
    """A number above 0; else 0."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 < value < float("inf") else 0.0


async def _values(desk: Desk, typed: dict[str, str]) -> dict[str, Any]:
    return {
        "typed": typed,
        "help": await desk.know("graphs_help", {}),
        "has_table": desk.table is not None,
        "declared": is_declared(desk),
        "found": None,
    }


async def _show(desk: Desk, visit: Visit) -> Answer:
    return View("prior", await _values(desk, _typed(visit.query)))


async def _compute(desk: Desk, visit: Visit) -> Answer:
    typed = _typed(visit.form)
    values, problems = await _values(desk, typed), _problems(typed, visit)
    if problems:
        return View("prior", values, problems, 422)
    found = await desk.about_table("graphs", typed) if is_declared(desk) else None
    return View("prior", {**values, "found": found})


async def _use(desk: Desk, visit: Visit) -> Answer:
    """Write the prior into the study's model of graphs; a model is added where there is none."""
    typed = _typed(visit.form)
    problems = _problems(typed, visit)
    if problems:
        return View("prior", await _values(desk, typed), problems, 422)
    settings: dict[str, Any] = {}
    if typed["median"]:
        settings["prior_on_n"] = f"log-normal({typed['median']}, {typed['percentile_90']})"
    if typed["delta"]:
        settings["delta"] = float(typed["delta"])
    if typed["n_0_max"]:
        settings["n_0_max"] = int(float(typed["n_0_max"]))
    if typed["include_saturated"]:
        settings["include_saturated"] = True
    models: list[dict[str, Any]] = [
        {"label": m.get("label"), "name": m.get("name"), "settings": dict(m.get("settings") or {})}
        for m in desk.study.models
    ]
    mine = [model for model in models if model["name"] == _NAME]
    if not mine:
        mine = [{"label": "Decomposable graphs", "name": _NAME, "settings": {}}]
        models += mine
    for model in mine:
        before: dict[str, Any] = model["settings"]
        model["settings"] = {key: value for key, value in before.items() if key == "fit_check"} | settings
    desk.write(set_models(models))
    return Go("/models", visit.words.say("Written into {name}.", {"name": desk.study_name}))


PAGES = (
    Page(
        "/prior",
        sentence("Prior on the number"),
        _show,
        {"compute": _compute, "use": _use},
        frozenset({"use"}),
        group="tools",
    ),
)
