"""The run: what keeps the study from it, how far it is, and a button that stops it."""

from __future__ import annotations

import json
import shlex

from estimation.app.desk import Desk
from estimation.app.pages import Answer, Go, Page, View, Visit
from estimation.text.languages import sentence

__all__ = ["PAGES", "command_of", "python_of"]

RESULTS = "results"
"""The name of the folder of results."""


def command_of(study: str, out: str, *, public: int | None = None, force: bool = False) -> str:
    """The command that does the same.

    Examples
    --------
    >>> command_of("study.toml", "public", public=10)
    'mse run study.toml --out public --public 10'
    """
    words = ["mse", "run", study, "--out", out]
    words += [] if public is None else ["--public", str(public)]
    return shlex.join([*words, "--force"] if force else words)


def python_of(study: str, out: str, *, public: int | None = None) -> str:
    """The Python that does the same.

    Examples
    --------
    >>> print(python_of("study.toml", "results"))
    import estimation as mse
    <BLANKLINE>
    mse.run_study("study.toml", "results")
    """
    ends = "" if public is None else f", public={public}"
    return f"import estimation as mse\n\nmse.run_study({json.dumps(study)}, {json.dumps(out)}{ends})"


async def _show(desk: Desk, visit: Visit) -> Answer:
    del visit
    study = desk.study
    run = desk.run
    problems: list[str] = []
    if not study.is_there:
        return View("no_file")
    if run is None or not run.is_under_way:
        given = {"study": str(study.path), "out": str(desk.folder / RESULTS)}
        problems = await desk.reader.ask("check", given)
    values = {"run": run, "open": problems, "headline": study.get("headline") or "", "command": _command(desk)}
    return View("run", values)


def _command(desk: Desk) -> str:
    return command_of(desk.study_name, RESULTS)


async def _run(desk: Desk, visit: Visit) -> Answer:
    await desk.begin("run", RESULTS, {"public": None, "force": visit.form.has("force")})
    return Go("/run")


async def _stop(desk: Desk, visit: Visit) -> Answer:
    del visit
    await desk.stop()
    return Go("/run")


async def _state(desk: Desk, visit: Visit) -> Answer:
    """How far the run is, for the script: the part of the page that changes, and whether to ask again."""
    del visit
    return View("run_state", {"run": desk.run})


PAGES = (
    Page("/run", sentence("Run"), _show, {"run": _run, "stop": _stop}, frozenset({"run"}), group="steps"),
    Page("/run/state", "", _state),
)
