"""Planning a study by simulation, and counts at events made into a table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from estimation import charts
from estimation.app.jobs.job import of_request
from estimation.app.jobs.side_by_side import helped, svg_of
from estimation.capture.convert_events import Event, convert_events, earlier_combinations
from estimation.capture.event_file import event_form, read_events
from estimation.models.protocol import settings_of
from estimation.models.registry import MODELS, make_model
from estimation.simulation.design import design
from estimation.simulation.designs import designs_csv

if TYPE_CHECKING:
    from estimation.app.worker import Tell
    from estimation.results.as_json import Json

__all__ = ["convert", "form", "plan", "plan_help"]

_FEW = 200
"""Up to so many tables of a quick model are done before processes of their own would have loaded what they need."""
_COVARIATES = "doubly-robust"
"""A model of people with covariates, which a plan of list sizes does not have."""


@of_request
def plan_help(given: Mapping[str, Any]) -> dict[str, Json]:
    """The help of each control of a plan, and the models that can be planned with."""
    del given
    names = ("list_sizes", "total", "model", "lists_added", "heterogeneity", "near", "replications")
    models: list[Json] = [
        {"name": name, "title": str(make_model(name, {}).title)} for name in MODELS if name != _COVARIATES
    ]
    return {"help": helped(design, *names), "models": models}


def plan(given: Mapping[str, Any], body: bytes, tell: Tell) -> dict[str, Json]:
    """How near estimates would be, by simulation, with the lists as planned and with one more.

    Parameters
    ----------
    given : mapping
        ``lists`` and ``added`` (names and sizes), ``total``, ``model``, ``settings``, ``heterogeneity``, ``near``,
        ``replications``, ``seed``.
    body : bytes
        Not used.
    tell : callable
        Told the share that is done.
    """
    del body
    model = make_model(given["model"], given.get("settings") or {})
    is_slow = int(given["replications"]) > _FEW or "chains" in dict(settings_of(model))
    found = design(
        {str(name): int(size) for name, size in given["lists"]},
        int(given["total"]),
        model=model,
        rng=int(given["seed"]),
        lists_added={str(name): int(size) for name, size in given["added"]},
        heterogeneity=float(given["heterogeneity"]),
        near=float(given["near"]),
        replications=int(given["replications"]),
        workers=(os.cpu_count() or 1) if is_slow else 1,
        progress=lambda done, doing="": tell({"done": done, "doing": doing}),
    )
    return {
        "caption": found.caption,
        "headings": [*found.headings],
        "rows": [[*row] for row in found.cells()],
        "finding": found.finding,
        "csv": designs_csv(found),
        "estimates": svg_of(lambda: charts.plot_design_estimates(found), synthetic=True),
        "widths": svg_of(lambda: charts.plot_design(found), synthetic=True),
        "people": svg_of(lambda: charts.plot_capture_probabilities(found.designs[0].scenario), synthetic=True),
    }


@of_request
def form(given: Mapping[str, Any]) -> dict[str, Json]:
    """What counts of people a number of events asks for, and the same as an empty file.

    Parameters
    ----------
    given : mapping
        ``names`` of the events in their order.
    """
    names = [str(name) for name in given["names"]]
    csv = event_form(names)
    events: list[Json] = [
        {"name": name, "before": [[*each] for each in earlier_combinations(names[:at])]}
        for at, name in enumerate(names)
    ]
    return {"csv": csv, "events": events}


def convert(given: Mapping[str, Any], body: bytes, tell: Tell) -> dict[str, Json]:
    """Counts at events as a table of histories.

    Parameters
    ----------
    given : mapping
        ``events``, each with ``name``, ``new`` and ``before`` (combinations and people), and ``counted``; or ``name``
        of a file in ``body``.
    body : bytes
        A file of events, where no events are given.
    tell : callable
        Not used.
    """
    del tell
    if given.get("events"):
        events = [_event(each) for each in given["events"]]
    else:
        events = [*read_events(body, name=str(given.get("name") or "events"))]
    table = convert_events(events, counted="at least" if given.get("counted") == "at least" else "exactly")
    rows = zip(table.patterns.tolist(), table.counts.tolist(), strict=True)
    return {
        "csv": table.csv_text,
        "sentence": str(table),
        "lists": [*table.lists],
        "rows": [[*(int(on) for on in pattern), int(count)] for pattern, count in rows],
    }


def _event(given: Mapping[str, Any]) -> Event:
    before = {tuple(names): int(people) for names, people in given["before"]}
    return Event(str(given["name"]), int(given["recorded"]), before)
