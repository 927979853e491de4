"""What is asked of the number: what becomes of it when one thing is changed."""

from __future__ import annotations

from typing import Any

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Form, Go, Page, View, Visit
from estimation.app.steps.modelling import value_in
from estimation.app.study_toml import Edit, put_value
from estimation.text.languages import language, language_codes, sentence

__all__ = ["PAGES"]

_TICKED: tuple[tuple[str, str], ...] = (
    ("leave_one_list_out", sentence("What if one of the lists did not exist?")),
    ("merge_two_lists", sentence("What if two lists were one?")),
    ("pairs", sentence("What does each two lists say by themselves, taken as independent?")),
    ("subsets", sentence("What does each choice of three lists or more say?")),
    ("consistency", sentence("Does the model find the size of each list, estimated from the others?")),
    ("one_inflation", sentence("What if too many people are on one list only?")),
)
_VALUES: tuple[tuple[str, str, str], ...] = (
    (
        "figures",
        sentence("Numbers that somebody states: what would have to hold for each"),
        sentence("for example 8000, 20000"),
    ),
    ("delta", sentence("Prior weights of a history, for decomposable graphs"), sentence("for example 0.0625, 0.5, 1")),
    ("xi", sentence("Interactions of all lists at once, for the model without one"), sentence("for example 0.5, 1, 2")),
)

_PARTS: tuple[tuple[str, str], ...] = (
    ("overlap", sentence("How the lists overlap")),
    ("strata", sentence("Numbers by place, time and group")),
    ("computation", sentence("Whether the computation worked")),
    ("fit", sentence("Whether each model fits the lists")),
    ("sensitivity", sentence("Each question of sensitivity in full")),
    ("explanations", sentence("What would have to hold for a stated number")),
    ("published", sentence("Published figures beside the study's own")),
    ("claims", sentence("Each claim in full")),
    ("model_tables", sentence("Tables of each model")),
)
"""Parts that a report may do without: the keys of `estimation.study.report_keys.MAY_BE_LEFT_OUT`."""


def _values(desk: Desk, lists: list[str]) -> dict[str, Any]:
    now = desk.study.get("sensitivity") or {}
    report = desk.study.get("report") or {}
    strata, ratio, error = desk.study.get("strata") or {}, now.get("odds_ratio") or {}, now.get("linkage_error") or {}
    typed = {key: ", ".join(f"{value:g}" for value in now.get(key) or ()) for key, _, _ in _VALUES}
    return {
        "ticked": [(key, question, bool(now.get(key))) for key, question in _TICKED],
        "typed": [(key, question, example, typed[key]) for key, question, example in _VALUES],
        "lists": lists,
        "pair": [str(each) for each in ratio.get("pair") or ()],
        "odds": ", ".join(f"{value:g}" for value in ratio.get("values") or ()),
        "false_match": ", ".join(f"{value:g}" for value in error.get("false_match") or ()),
        "missed_match": ", ".join(f"{value:g}" for value in error.get("missed_match") or ()),
        "by": [str(each) for each in strata.get("by") or ()],
        "missing": str(strata.get("missing") or "refuse"),
        "formats": [str(each) for each in report.get("formats") or ("html", "pdf")],
        "report_tables": [str(each) for each in report.get("tables") or ()],
        "report_parts": [(key, name, key not in (report.get("leave_out") or ())) for key, name in _PARTS],
        "report_language": str(report.get("language") or "en"),
        "report_languages": {code: language(code, "report").name for code in language_codes("report")},
        "claims_file": str(desk.study.get("claims") or ""),
        "claims_files": desk.files(".csv"),
    }


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    about = await _lists_and_labels(desk)
    if about is None:
        return View("no_file")
    lists, labels = about
    return View("questions", {**_values(desk, lists), "labels": labels})


async def _lists_and_labels(desk: Desk) -> tuple[list[str], list[str]] | None:
    """The lists of the study, and the columns that could divide its people; None where it has no table."""
    if desk.table is None:
        lists = desk.study.get("lists") or {}
        labels = [str(label) for each in lists.values() for label in (each.get("labels") or ())]
        return ([*lists], [*dict.fromkeys(labels)]) if lists else None
    found = await desk.about_table("look")
    return [each["name"] for each in found["lists"]], found["set_aside"]


def _numbers(text: str) -> list[float] | None:
    """Numbers between commas; None where one is none."""
    found = [value_in(part.strip()) for part in text.replace("،", ",").split(",") if part.strip()]
    good = [value for value in found if isinstance(value, int | float) and not isinstance(value, bool)]
    return good if len(good) == len(found) else None


async def _write(desk: Desk, visit: Visit) -> Answer:
    form, words = visit.form, visit.words
    edits: list[Edit] = []
    problems = []
    for key, _ in _TICKED:
        edits.append(put_value(("sensitivity", key), True if form.has(key) else None))
    numbers: dict[str, list[float]] = {}
    for key in ("figures", "delta", "xi", "odds", "false_match", "missed_match"):
        found = _numbers(form.one(key))
        if found is None:
            problems.append((key, words.plain("Give numbers with a comma between them.")))
        numbers[key] = found or []
    pair = [form.one("first"), form.one("second")]
    if numbers["odds"] and (not all(pair) or pair[0] == pair[1]):
        problems.append(("odds", words.plain("Name two different lists.")))
    if problems:
        lists, labels = await _lists_and_labels(desk) or ([], [])
        return View("questions", {**_values(desk, lists), "labels": labels}, problems, 422)
    edits += [put_value(("sensitivity", key), numbers[key] or None) for key, _, _ in _VALUES]
    ratio = {"pair": pair, "values": numbers["odds"]} if numbers["odds"] else None
    edits.append(put_value(("sensitivity", "odds_ratio"), ratio))
    if numbers["false_match"] or numbers["missed_match"]:
        edits += [
            put_value(("sensitivity", "linkage_error", key), numbers[key] or [0])
            for key in ("false_match", "missed_match")
        ]
    else:
        edits.append(put_value(("sensitivity", "linkage_error"), None))
    by = list(form.every("by"))
    if by:
        edits += [put_value(("strata", "by"), by), put_value(("strata", "missing"), form.one("missing") or "refuse")]
    else:
        edits.append(put_value(("strata",), None))
    edits += _report(form)
    edits.append(put_value(("claims",), form.one("claims") or None))
    desk.write(*edits)
    return Go("/run", words.say("Written into {name}.", {"name": desk.study_name}))


def _report(form: Form) -> list[Edit]:
    """As what the report is written, and in which language it begins; what is the default is not written down."""
    formats = [each for each in ("html", "pdf", "docx") if form.has(f"format.{each}")]
    tables = [each for each in ("csv", "xlsx", "latex") if form.has(f"tables.{each}")]
    left_out = [key for key, _ in _PARTS if form.has("parts") and not form.has(f"part.{key}")]
    code = form.one("report_language")
    return [
        put_value(("report", "leave_out"), left_out or None),
        put_value(("report", "formats"), formats if formats not in ([], ["html", "pdf"]) else None),
        put_value(("report", "tables"), tables or None),
        put_value(("report", "language"), code if code in language_codes("report")[1:] else None),
    ]


PAGES = (Page("/questions", sentence("Questions"), _show, {"write": _write}, frozenset({"write"}), group="steps"),)
