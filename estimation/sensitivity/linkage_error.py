"""What if some matches between the lists were false, and some true matches were missed: N over both rates.

Nearly all of N comes from the overlap of the lists, and the overlap is what record linkage found.  False matches make
the overlap too large and N too small; missed matches make it too small and N too large.

Symbols
-------
L : matches in the table (`estimation.sensitivity.corrected_linkage`).
f : false-match rate, the share of these that are false.   m : missed-match rate, the share of the true matches that
were missed.

    false matches corrected  F = f L,        missed matches corrected  M = m / (1 - m)  (L - F),        both whole

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
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity, fit_baseline
from estimation.sensitivity.corrected_linkage import correct_linkage_errors, n_matches
from estimation.work.seeds import RandomState, generator_of

__all__ = ["linkage_error"]


def linkage_error(
    table: CaptureTable,
    false_match: Sequence[float],
    missed_match: Sequence[float],
    *,
    model: Model,
    rng: RandomState,
    workers: int = 1,
    baseline: Result | None = None,
) -> Sensitivity:
    """N for every pair of a false-match rate and a missed-match rate, by the same model.

    Which matches are in error is drawn once: those corrected at a rate are among those corrected at a higher one.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    false_match : sequence of float
        False-match rates: shares of the table's matches that are false, each from 0 to 1.
    missed_match : sequence of float
        Missed-match rates: shares of the true matches that were missed, each from 0 and below 1.
    model : Model
        Fitted to every table.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.

    Returns
    -------
    Sensitivity
        One alternative for each pair, its value (f, m), false-match rates outermost.

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
    >>> surface = linkage_error(table, [0, 0.1], [0, 0.1], model=LincolnPetersen(), rng=1)
    >>> [(a.value, round(a.result.median)) for a in surface.alternatives]
    [((0.0, 0.0), 2310), ((0.0, 0.1), 2084), ((0.1, 0.0), 2567), ((0.1, 0.1), 2310)]
    """
    _check(false_match, missed_match)
    generator = generator_of(rng)
    alternatives = tuple(
        Alternative(
            f"{100 * f:.3g} % false, {100 * m:.3g} % missed",
            (float(f), float(m)),
            _result(table, float(f), float(m), model, generator, workers),
        )
        for f in false_match
        for m in missed_match
    )
    result = fit_baseline(table, model, rng=generator, workers=workers, baseline=baseline)
    return Sensitivity(
        question="What if some matches between the lists were false, and some true matches were missed?",
        baseline=result,
        alternatives=alternatives,
        changed=("false-match rate", "missed-match rate"),
        baseline_value=(0.0, 0.0),
    )


def _check(false_match: Sequence[float], missed_match: Sequence[float]) -> None:
    """Raise, with every problem, where a rate is out of range."""
    problems = [
        f"false_match {rate}; it is a share of the matches, from 0 to 1" for rate in false_match if not 0 <= rate <= 1
    ]
    problems += [
        f"missed_match {rate}; it is a share of the true matches, from 0 and below 1"
        for rate in missed_match
        if not 0 <= rate < 1
    ]
    if problems:
        raise SettingError("sensitivity linkage_error", problems)


def _result(table: CaptureTable, f: float, m: float, model: Model, rng: np.random.Generator, workers: int) -> Result:
    """N by the model on the table with both kinds of error corrected."""
    matches = n_matches(table)
    false = round(f * matches)
    missed = round(m / (1 - m) * (matches - false))
    corrected = correct_linkage_errors(table, false, missed, rng=rng)
    if corrected is None:
        reason = (
            f"{missed:,} matches would have been missed, and fewer records stand alone that they could be of; the "
            "missed-match rate cannot be so high"
        )
        found = not_estimable(model, table, rng, reason)
        settings = (*found.provenance.settings, ("false_match", f), ("missed_match", m))
        return replace(found, provenance=replace(found.provenance, settings=settings))
    return model.fit(corrected, rng=copy.deepcopy(rng), workers=workers)
