"""A result as plain numbers and sentences, for JSON: the same on the command line, in a study and in a check.

A number that is not finite never becomes JSON: it is null, and a note says what that means.
"""

from __future__ import annotations

from math import isfinite
from typing import TypeAlias

from estimation.provenance import Setting
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, Result, ResultTable
from estimation.results.goodness_of_fit import UNSEEN_UNCHECKED, GoodnessOfFit

__all__ = ["NO_UPPER", "ONE_LIMIT", "Json", "number", "plain", "summary_of"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What a JSON file can hold."""

NO_UPPER = "The interval has no upper limit: the data do not bound the number from above."
ONE_LIMIT = "The interval has no upper limit: a lower bound has one limit, whose level is that of this one side."
"""Notes on an interval without an upper end, which count nobody."""


def number(value: float) -> float | int | None:
    """A number for JSON, or None where there is none.

    Examples
    --------
    >>> number(2.5), number(float("inf"))
    (2.5, None)
    """
    return value if isfinite(value) else None


def plain(setting: Setting) -> Json:
    """A setting for JSON; a tuple becomes a list."""
    if isinstance(setting, tuple):
        return [plain(part) for part in setting]
    return number(setting) if isinstance(setting, float) else setting


def _checks(diagnostics: Diagnostics) -> Json:
    return {
        "ok": diagnostics.ok,
        "sentence": diagnostics.sentence,
        "checks": [
            {
                "name": check.name,
                "value": number(check.value),
                "limit": number(check.limit),
                "passed": check.passed,
                "meaning": check.meaning,
            }
            for check in diagnostics.checks
        ],
    }


def _fit(fit: GoodnessOfFit | None) -> Json:
    if fit is None:
        return None
    measures: list[Json] = [{"name": m.name, "p_value": m.p_value, "error": m.error} for m in fit.measures]
    return {
        "method": fit.method,
        "fits": fit.fits,
        "sentence": fit.sentence,
        "worst": fit.worst,
        "replicates": fit.replicates,
        "measures": measures,
        "not_checked": UNSEEN_UNCHECKED,
    }


def _table(table: ResultTable) -> Json:
    return {
        "title": table.title,
        "columns": list(table.columns),
        "rows": [[plain(value) for value in row] for row in table.rows],
    }


def summary_of(result: Result, *, level: float = 0.95) -> dict[str, Json]:
    """A result as an object for JSON.

    Parameters
    ----------
    result : Estimate or NotEstimable
        What a model answered.
    level : float
        Level of the interval.

    Returns
    -------
    dict
        ``estimable`` first; then the numbers (``point`` says which of them the headline quotes) or the ``reason``,
        the fit to the lists, the assumptions, the diagnostics, the settings, the seed and the tables of the result.
        Unit: persons.

    Examples
    --------
    >>> import numpy as np
    >>> from estimation.capture.table import CaptureTable
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> summary = summary_of(ChaoLowerBound().fit(table, rng=np.random.default_rng(1)))
    >>> summary["estimable"], summary["is_lower_bound"], round(summary["point"])
    (True, False, 126)
    """
    about: dict[str, Json] = {
        "assumptions": list(result.assumptions),
        "diagnostics": _checks(result.diagnostics),
        "settings": {name: plain(value) for name, value in result.provenance.settings},
        "seed": result.provenance.seed,
        "tables": [_table(table) for table in result.tables],
    }
    head: dict[str, Json] = {"model": result.model, "title": result.title, "n_observed": result.n_observed}
    if not isinstance(result, Estimate):
        return {"estimable": False, **head, "reason": result.reason, **about}
    interval = result.interval(level)
    notes: list[Json] = list(result.notes)
    if not isfinite(interval.upper):
        notes.append(ONE_LIMIT if result.is_lower_bound else NO_UPPER)
    return {
        "estimable": True,
        **head,
        "point": number(result.median),
        "mean": number(result.mean),
        "median": number(result.median),
        "sd": number(result.sd),
        "lower": number(interval.lower),
        "upper": number(interval.upper),
        "lower_error": number(interval.errors[0]),
        "upper_error": number(interval.errors[1]),
        "level": level,
        "interval_kind": result.interval_kind,
        "is_lower_bound": result.is_lower_bound,
        "notes": notes,
        "fit": _fit(result.fit),
        **about,
    }
