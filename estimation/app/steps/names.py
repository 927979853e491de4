"""Lists of names in the place of a table: chosen here, linked by the run, and what is doubtful asked of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from estimation.app.desk import TABLE_ENDINGS, Desk
from estimation.app.pages import Answer, Go, Page, Sent, View, Visit
from estimation.app.study_toml import put_sections, put_value
from estimation.app.warm import Refused
from estimation.text.languages import sentence

__all__ = ["PAGES"]

_LINKAGE = "linkage"
_QUESTIONS = f"{_LINKAGE}-questions"
_SANDBOX = "sandbox allow-scripts allow-downloads allow-modals; frame-ancestors 'none'"


async def _values(desk: Desk) -> dict[str, Any]:
    files = desk.files(*TABLE_ENDINGS)
    holding = await desk.know("name_files", {"folder": str(desk.folder), "files": files})
    lists = desk.study.get("lists") or {}
    decided = desk.study.get("linkage", "decisions") or ()
    return {
        "holding": holding,
        "chosen": [str(each.get("file")) for each in lists.values() if isinstance(each, Mapping)],
        "lists": lists,
        "csv_files": [name for name in desk.files(".csv") if name not in holding],
        "decided": [decided] if isinstance(decided, str) else [*decided],
        "has_table": desk.table is not None,
        "has_review": (desk.folder / _QUESTIONS / "review.html").is_file(),
        "run": desk.run if desk.run is not None and desk.run.out == _LINKAGE else None,
    }


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    values = await _values(desk)
    found: list[Any] = []
    if values["lists"]:
        found = await desk.know("accounts", {"folder": str(desk.folder), "lists": desk.study.get("lists")})
    return View("names", {**values, "accounts": found})


async def _write(desk: Desk, visit: Visit) -> Answer:
    """Name the files as the lists of the study, with what their columns were taken for."""
    files = visit.form.every("file")
    if len(files) < 2 and not desk.study.get("lists"):
        problem = visit.words.plain("Choose two files or more, unless one file holds several lists.")
        if not files:
            return View("names", {**await _values(desk), "accounts": []}, [("files", problem)], 422)
    now = desk.study.get("lists") or {}
    chosen = [str(each.get("file")) for each in now.values()]
    edits = []
    if sorted({*chosen}) != sorted({*files}):
        found = await desk.reader.ask("sections", {"folder": str(desk.folder), "files": [*files]})
        edits.append(put_sections("lists", str(found["text"])))
    decided = [*visit.form.every("decisions")]
    edits.append(put_value(("linkage", "decisions"), decided) if decided else put_value(("linkage", "decisions"), None))
    if desk.study.get("table") is not None:
        edits += [put_value(("table",), None), put_value(("columns",), None)]
    if desk.study.get("seed") is None:
        edits.insert(0, put_value(("seed",), 1))
    if any("synthetic" in name.lower() for name in files):
        edits.append(put_value(("synthetic",), True))
    desk.write(*edits)
    return Go("/names", visit.words.say("Written into {name}.", {"name": desk.study_name}))


async def _review(desk: Desk, visit: Visit) -> Answer:
    """Link the lists, and write the questions for people."""
    del visit
    await desk.begin("review", _LINKAGE)
    return Go("/names")


async def _keep(desk: Desk, visit: Visit) -> Answer:
    """Put a dropped file with names or decisions into the folder."""
    draft = desk.draft
    if draft is None or draft.taken is None:
        return Go("/names")
    desk.write_new(visit.form.one("save_as") or draft.name, draft.taken.content)
    desk.draft = None
    return Go("/names", visit.words.say("{name} is in the folder.", {"name": draft.name}))


async def _file(desk: Desk, visit: Visit) -> Answer:
    """The page of questions in the reader's language, which shows names because review asks for them; or the sheet."""
    if visit.rest not in {"review.html", "review.csv"}:
        raise Refused(visit.rest, ["there is no such file"])
    path = desk.folder / _QUESTIONS / visit.rest
    translated = path.with_name(f"review-{visit.words.code}.html")
    if path.suffix == ".html" and translated.is_file():
        path = translated
    if not path.is_file():
        raise Refused(visit.rest, ["the lists have not been linked here yet"])
    if path.suffix == ".html":
        return Sent(path.read_bytes(), "text/html; charset=utf-8", policy=_SANDBOX)
    return Sent(path.read_bytes(), "text/csv; charset=utf-8", path.name)


PAGES = (
    Page(
        "/names",
        sentence("Lists of names"),
        _show,
        {"write": _write, "review": _review, "keep": _keep},
        frozenset({"write"}),
        group="steps",
    ),
    Page("/names/file/*", "", _file),
)
