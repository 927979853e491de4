"""Power and precision by simulation: how near estimates would be for lists of expected sizes, and with one more."""

from __future__ import annotations

from typing import Any

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Form, Go, Page, Sent, View, Visit
from estimation.app.plan import Plan
from estimation.app.steps.modelling import value_in
from estimation.app.warm import Refused
from estimation.text.languages import sentence

__all__ = ["PAGES"]

_ROWS = 6
_BEGIN = (
    ("total", "2000"),
    ("name.0", "A"),
    ("size.0", "30 %"),
    ("name.1", "B"),
    ("size.1", "20 %"),
    ("name.2", "C"),
    ("size.2", "15 %"),
    ("added.name", "D"),
    ("added.size", "20 %"),
    ("model", "log-linear-average"),
    ("heterogeneity", "1"),
    ("near", "10"),
    ("replications", "100"),
    ("seed", "1"),
)
_PICTURES = ("estimates", "widths", "people")
_SVG = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


async def _values(desk: Desk, form: Form) -> dict[str, Any]:
    about = await desk.know("plan_help", {})
    return {
        "typed": form if form.pairs else Form(_BEGIN),
        "about": about,
        "rows": range(_ROWS),
        "plan": desk.plan,
        "busy": desk.run is not None and desk.run.is_under_way,
    }


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    given = Form(tuple(desk.plan.given["form"])) if desk.plan is not None else Form()
    return View("plan", await _values(desk, Form(tuple((str(k), str(v)) for k, v in given.pairs))))


def _size(text: str, total: int) -> int | None:
    """People, or a share of all in per cent; None where it is neither."""
    plain = text.replace(",", "").replace("٪", "%").strip()
    share = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%").strip())
    except ValueError:
        return None
    people = value / 100 * total if share else value
    return round(people) if 0 < people < 1e12 else None


def _given(form: Form, visit: Visit) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The job, and what is wrong with the fields."""
    words, problems = visit.words, []
    total = _size(form.one("total"), 0) or 0
    if not total:
        problems.append(("total", words.plain("Give a number above 0.")))
    lists: list[tuple[str, int]] = []
    added: list[tuple[str, int]] = []
    places = [(f"name.{at}", f"size.{at}", lists) for at in range(_ROWS)] + [("added.name", "added.size", added)]
    for name, size, into in places:
        if form.one(name) or form.one(size):
            people = _size(form.one(size), total)
            if not form.one(name) or people is None:
                problems.append((size, words.plain("Give the list a name and a size: people, or per cent of all.")))
            else:
                into.append((form.one(name), people))
    numbers = {"heterogeneity": 1.0, "near": 100.0, "replications": 1.0, "seed": 1.0}
    read = {key: value_in(form.one(key)) for key in numbers}
    for key, value in read.items():
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            problems.append((key, words.plain("Give a number.")))
    if problems:
        return {}, problems
    return {
        "lists": lists,
        "added": added,
        "total": total,
        "model": form.one("model"),
        "heterogeneity": read["heterogeneity"],
        "near": float(read["near"]) / 100,  # type: ignore[arg-type]  # checked above
        "replications": read["replications"],
        "seed": read["seed"],
        "form": [list(pair) for pair in form.pairs if pair[0] != "do"],
    }, []


async def _begin(desk: Desk, visit: Visit) -> Answer:
    given, problems = _given(visit.form, visit)
    if desk.run is not None and desk.run.is_under_way:
        problems.append(("", visit.words.plain("A run of the study is under way; wait for it, or stop it.")))
    if problems:
        return View("plan", await _values(desk, visit.form), problems, 422)
    if desk.plan is None or not desk.plan.is_under_way:
        desk.plan = Plan(given)
        desk.plan.begin(desk.runner)
    return Go("/plan")


async def _stop(desk: Desk, visit: Visit) -> Answer:
    del visit
    if desk.plan is not None:
        await desk.plan.stop(desk.runner)
    return Go("/plan")


async def _state(desk: Desk, visit: Visit) -> Answer:
    del visit
    return View("plan_state", {"plan": desk.plan})


async def _file(desk: Desk, visit: Visit) -> Answer:
    """A picture of the finished plan, or its table as a file."""
    answer = desk.plan.answer if desk.plan is not None else None
    name, _, ending = visit.rest.partition(".")
    if answer is None or not (visit.rest == "designs.csv" or (name in _PICTURES and ending == "svg")):
        raise Refused("plan", ["there is no such file of a plan"])
    if ending == "csv":
        return Sent(answer["csv"].encode("utf-8"), "text/csv; charset=utf-8", "synthetic_designs.csv")
    return Sent(answer[name].encode("utf-8"), "image/svg+xml", policy=_SVG)


PAGES = (
    Page("/plan", sentence("Plan: power and precision"), _show, {"begin": _begin, "stop": _stop}, group="tools"),
    Page("/plan/state", "", _state),
    Page("/plan/file/*", "", _file),
)
