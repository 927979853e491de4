"""The results: the number first, then everything beside it; the report to look at and to hand on."""

from __future__ import annotations

import json
from pathlib import Path

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Go, Page, Sent, View, Visit
from estimation.app.steps.running import RESULTS, command_of, python_of
from estimation.app.warm import Refused
from estimation.text.languages import sentence

__all__ = ["PAGES"]

_LARGEST = 200_000_000
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".toml": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".tex": "text/plain; charset=utf-8",
}
_CAPTIONS = {
    "comparison.svg": sentence("The number by every model"),
    "overlaps.svg": sentence("Who is on which lists"),
    "posterior.svg": sentence("What the headline's model says of the number"),
    "prior.svg": sentence("Before and after the lists"),
    "claims.svg": sentence("What others say the number is"),
    "leave-one-list-out": sentence("What if one of the lists did not exist?"),
    "merge-two-lists": sentence("What if two of the lists were one source?"),
    "subsets": sentence("What if only some of the lists existed?"),
    "one-inflation": sentence("What if too many people are on one list only?"),
    "consistency": sentence("Does the model recover the size of each list, which is known, from the other lists?"),
    "pairs": sentence("What if two of the lists were independent, and the others were not used?"),
    "delta": sentence("What if a capture history had another prior weight, delta?"),
    "xi": sentence("What if the interaction of the lists, xi, were another?"),
    "odds-ratio": sentence("If two lists depend on each other"),
    "linkage-error": sentence("If records were matched wrongly"),
}
"""What each chart shows, by its file; charts of questions by what stands after their number."""
_SANDBOX = "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"
"""What a report may do in the browser: run its own script, without a word to this page or to anybody."""


def _folders(desk: Desk) -> list[str]:
    """The folders with finished results, the study's own first."""
    found = [path.name for path in desk.folder.iterdir() if (path / "results.json").is_file()]
    return sorted(found, key=lambda name: (name != RESULTS, name))


async def _show(desk: Desk, visit: Visit) -> Answer:
    folders = _folders(desk)
    wanted = visit.query.one("in") or (folders[0] if folders else "")
    if wanted not in folders:
        return View("no_results")
    folder = desk.folder / wanted
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    charts = sorted(path.name for path in (folder / "charts").glob("*.svg")) if (folder / "charts").is_dir() else []
    files = sorted(path.name for path in folder.iterdir() if path.is_file())
    public = found.get("edition", {}).get("minimum")
    return View(
        "results",
        {
            "found": found,
            "folders": folders,
            "wanted": wanted,
            "charts": charts,
            "captions": _CAPTIONS,
            "files": [name for name in files if Path(name).suffix in _KINDS],
            "command": command_of(desk.study_name, wanted, public=public),
            "python": python_of(desk.study_name, wanted, public=public),
            "is_stale": _is_stale(desk, folder),
        },
    )


def _is_stale(desk: Desk, folder: Path) -> bool:
    """Whether the study was changed since these results were made."""
    stored = folder / "inputs" / desk.study_name
    return stored.is_file() and stored.read_bytes() != desk.study.path.read_bytes() if desk.study.is_there else False


async def _publish(desk: Desk, visit: Visit) -> Answer:
    """Run the study into an edition that is safe to publish."""
    text = visit.form.one("public")
    if not (text.isascii() and text.isdigit()) or int(text) < 2:
        view = await _show(desk, visit)
        assert isinstance(view, View)
        return View(view.template, view.values, [("public", visit.words.plain("Give a whole number, 2 or more."))], 422)
    await desk.begin("run", f"public-{int(text)}", {"public": int(text), "force": False})
    return Go("/run")


async def _file(desk: Desk, visit: Visit) -> Answer:
    """A file of the results, as it is."""
    parts = visit.rest.split("/")
    if len(parts) not in {2, 3} or any(part in {"", ".", ".."} for part in parts) or parts[0] not in _folders(desk):
        raise Refused("results", ["there is no such file among the results"])
    path = desk.folder.joinpath(*parts)
    suffix = path.suffix
    if suffix not in _KINDS or not path.is_file() or path.stat().st_size > _LARGEST:
        raise Refused("results", ["there is no such file among the results"])
    saved = path.name if visit.query.has("save") or suffix not in {".html", ".svg", ".pdf"} else ""
    return Sent(path.read_bytes(), _KINDS[suffix], saved, _policy(suffix))


def _policy(suffix: str) -> str:
    if suffix == ".html":
        return _SANDBOX
    return "default-src 'none'; style-src 'unsafe-inline'; sandbox" if suffix == ".svg" else ""


PAGES = (
    Page("/results", sentence("Results"), _show, {"publish": _publish}, group="steps"),
    Page("/results/file/*", "", _file),
)
