"""What if some matches between the lists were false, and some true ones were missed: N over both rates.

Nearly all of N comes from the overlap of the lists, and the overlap is what record linkage found.  False matches make
the overlap too large and N too small; missed matches make it too small and N too large.

Symbols
-------
L : matches that the table rests on (`estimation.sensitivity.undone_errors`).
f : share of these that are false.   m : share of the true matches that were missed.

    false matches undone  F = f L,        missed matches undone  M = m / (1 - m)  (L - F),        both to whole matches

so that L - F + M matches are true and M of them are the share m.  The people observed then are n + F - M.

Reference: Ding, Fienberg (1994), Survey Methodology 20:149-158.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model, not_estimable
from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.sensitivity.undone_errors import n_matches, with_linkage_errors_undone

__all__ = ["linkage_error"]


def linkage_error(
    table: CaptureTable,
    false_match_rates: Sequence[float],
    missed_match_rates: Sequence[float],
    *,
    model: Model,
    rng: np.random.Generator,
    workers: int = 1,
) -> Sensitivity:
    """N for every pair of a rate of false and a rate of missed matches, by the same model.

    Which matches are wrong is drawn once: those undone at a rate are among those undone at a higher one, and every fit
    starts from the same state of the generator.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    false_match_rates : sequence of float
        Shares of the table's matches that are false, each from 0 to 1.
    missed_match_rates : sequence of float
        Shares of the true matches that were missed, each from 0 and below 1.
    model : Model
        Fitted to every table.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each pair, its value (f, m), false rates outermost.

    Raises
    ------
    SettingError
        When a rate is out of range; all problems are named together.
    ValueError
        When there is no rate of one kind.

    References
    ----------
    Ding, Fienberg (1994), Survey Methodology 20:149-158.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import LincolnPetersen
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> surface = linkage_error(table, [0, 0.1], [0, 0.1], model=LincolnPetersen(), rng=np.random.default_rng(1))
    >>> [(a.value, round(a.result.median)) for a in surface.alternatives]
    [((0.0, 0.0), 2310), ((0.0, 0.1), 2084), ((0.1, 0.0), 2567), ((0.1, 0.1), 2310)]
    """
    problems = [
        f"false rate {rate}; it is a share of the matches, from 0 to 1" for rate in false_match_rates if _off(rate)
    ]
    problems += [
        f"missed rate {rate}; it is a share of the true matches, from 0 and below 1"
        for rate in missed_match_rates
        if _off(rate) or rate == 1
    ]
    if problems:
        raise SettingError("matching surface", problems)
    alternatives = tuple(
        Alternative(
            f"{100 * f:.3g} % false, {100 * m:.3g} % missed",
            (float(f), float(m)),
            _result(table, float(f), float(m), model, rng, workers),
        )
        for f in false_match_rates
        for m in missed_match_rates
    )
    baseline = model.fit(table, rng=rng, workers=workers)
    return Sensitivity(
        question="What if some matches between the lists were false, and some true ones were missed?",
        baseline=baseline,
        alternatives=alternatives,
        changed=("share of the matches that are false", "share of the true matches that were missed"),
        said=_finding(baseline, alternatives),
    )


def _off(rate: float) -> bool:
    return not 0 <= rate <= 1


def _result(table: CaptureTable, f: float, m: float, model: Model, rng: np.random.Generator, workers: int) -> Result:
    """N by the model on the table with both kinds of mistake undone."""
    matches = n_matches(table)
    false = round(f * matches)
    missed = round(m / (1 - m) * (matches - false))
    undone = with_linkage_errors_undone(table, false, missed, rng=rng)
    if undone is None:
        reason = (
            f"{missed:,} matches would have been missed, and fewer records stand alone that they could be of; so large "
            "a share cannot have been"
        )
        found = not_estimable(model, table, rng, reason)
        settings = (*found.provenance.settings, ("false_rate", f), ("missed_rate", m))
        return replace(found, provenance=replace(found.provenance, settings=settings))
    return model.fit(undone, rng=copy.deepcopy(rng), workers=workers)


def _finding(baseline: Result, alternatives: Sequence[Alternative]) -> str:
    """The range of the medians and how many of the pairs of rates leave the baseline's interval."""
    estimated = [(a, a.result) for a in alternatives if isinstance(a.result, Estimate)]
    if not estimated:
        return "Not estimable at any of these rates."
    lowest, low = min(estimated, key=lambda pair: pair[1].median)
    highest, high = max(estimated, key=lambda pair: pair[1].median)
    said = (
        f"The median goes from {low.median:,.0f} ({lowest.label}) to {high.median:,.0f} ({highest.label}), "
        f"a factor of {high.median / low.median:.2f}"
    )
    if isinstance(baseline, Estimate):
        interval = baseline.interval()
        outside = sum(not interval.lower <= e.median <= interval.upper for _, e in estimated)
        said += (
            f", and leaves the {interval.level:.0%} interval of the baseline at {outside} of the "
            f"{len(estimated)} pairs of rates"
        )
    missing = len(alternatives) - len(estimated)
    return f"{said}; not estimable at {missing}." if missing else f"{said}."
