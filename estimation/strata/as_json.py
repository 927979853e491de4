"""The answers by stratum as plain numbers and sentences, for JSON and for a table on disk."""

from __future__ import annotations

from estimation.results.as_json import Json, summary_of
from estimation.results.estimates import Estimate, Result
from estimation.strata.by_stratum import StratumResults

__all__ = ["STRATA_COLUMNS", "rows_of_strata", "summary_of_strata"]

STRATA_COLUMNS = ("n_observed", "point", "median", "lower", "upper", "level", "interval_kind", "lists", "reason")
"""What a row of a table of strata says beside its labels; see `rows_of_strata`."""


def summary_of_strata(found: StratumResults, *, level: float = 0.95) -> dict[str, Json]:
    """The strata, each with its labels, its lists and its number or the reason, and their total.

    Parameters
    ----------
    found : StratumResults
        What was found.
    level : float
        Level of the intervals.
    """
    strata: list[Json] = [
        {
            "labels": dict(zip(found.labels, stratum, strict=True)),
            "lists": list(found.lists[stratum]),
            "left_out": dict(found.left_out[stratum]),
            **summary_of(result, level=level),
        }
        for stratum, result in found.results.items()
    ]
    return {
        "by": list(found.labels),
        "strata": strata,
        "total": summary_of(found.total, level=level),
        "complete_cases": None if found.complete_cases is None else summary_of(found.complete_cases, level=level),
        "notes": list(found.notes),
    }


def rows_of_strata(found: StratumResults, *, level: float) -> list[list[object]]:
    """A row for each stratum, and the last for all of them: its labels (None for the total), and `STRATA_COLUMNS`."""
    rows = [
        [*stratum, *_numbers(result, level, ", ".join(found.lists[stratum]))]
        for stratum, result in found.results.items()
    ]
    return [*rows, [*[None] * len(found.labels), *_numbers(found.total, level, None)]]


def _numbers(result: Result, level: float, lists: str | None) -> list[object]:
    if not isinstance(result, Estimate):
        return [result.n_observed, *[None] * 6, lists, result.reason]
    summary = summary_of(result, level=level)
    return [*(summary.get(name) for name in STRATA_COLUMNS[:7]), lists, None]
