"""How many matches between the lists would have to be false, or missed, for N to be a stated figure?

Fewer matches make a smaller overlap and a larger N.  Which matches are in error, and what the table is without the
errors, is in `estimation.sensitivity.corrected_linkage`: from one state of the generator the errors are nested, so that
their number can be searched for.  A model that depends on histories of few people gives another number with other
errors; other states of the generator show how far it moves.

Reference: Ding, Fienberg (1994), Survey Methodology 20:149-158.
"""

from __future__ import annotations

import copy

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model, not_estimable
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity, fit_baseline
from estimation.sensitivity.corrected_linkage import correct_linkage_errors, n_matches
from estimation.sensitivity.crossing import Crossing, estimate_or_finding, find_crossing
from estimation.work.seeds import RandomState, generator_of

__all__ = ["tipping_linkage_error"]

_STEPS = 16
"""Numbers of linkage errors that are tried before the search narrows: a sixteenth of all matches apart."""

_CHANGED = "linkage errors: false matches above 0, missed matches below"


def tipping_linkage_error(
    table: CaptureTable,
    figure: float,
    *,
    model: Model,
    rng: RandomState,
    workers: int = 1,
    baseline: Result | None = None,
) -> Sensitivity:
    """The number of false or of missed matches at which N's median is a figure.

    The search is for false matches where the figure is above the estimate, up to all the matches in the table, and for
    missed matches where it is below, up to as many as were found.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    figure : float
        The number of people that somebody states.  Unit: persons.
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
        One alternative, its value the number of false matches, or less than 0 for missed ones; where no number reaches
        the figure, `finding` says so and the alternative is the furthest that could be estimated.

    References
    ----------
    Ding, Fienberg (1994), Survey Methodology 20:149-158.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import LincolnPetersen
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> tipping_linkage_error(table, 3000, model=LincolnPetersen(), rng=1).finding
    'For a total of 3,000, 28 of the 120 matches between the lists (23.3 %) would have to be false.'
    """
    question = f"How many matches would have to be false, or missed, for a total of {figure:,.0f}?"
    generator = generator_of(rng)
    result = fit_baseline(table, model, rng=generator, workers=workers, baseline=baseline)
    start = estimate_or_finding(question, result, figure, 0.0, _CHANGED)
    if isinstance(start, Sensitivity):
        return start
    sign = 1 if start.median < figure else -1
    matches = n_matches(table)

    def fit_at(number: float) -> Result:
        false, missed = (int(number), 0) if sign > 0 else (0, int(number))
        corrected = correct_linkage_errors(table, false, missed, rng=generator)
        if corrected is None:
            return not_estimable(model, table, generator, f"no {missed:,} records stand alone that could be matched")
        return model.fit(corrected, rng=copy.deepcopy(generator), workers=workers)

    at = find_crossing(
        fit_at,
        lambda estimate: estimate.median,
        figure,
        start=start,
        steps=np.unique(np.linspace(0, matches, _STEPS + 1).round())[1:].tolist(),
        precision=1,
    )
    kind = "false" if sign > 0 else "missed"
    number = round(at.place)
    return Sensitivity(
        question=question,
        baseline=start,
        alternatives=(Alternative(f"{number:,} {kind} matches", float(sign * number), at.result),),
        changed=_CHANGED,
        sentence=_finding(figure, matches, number, kind, at),
        baseline_value=0.0,
    )


def _finding(figure: float, matches: int, number: int, kind: str, at: Crossing) -> str:
    if not at.crossed:
        return (
            f"No number of {kind} matches brings the median to {figure:,.0f}: with {number:,} {kind} matches, and "
            f"{matches:,} in the table, it is {at.result.median:,.0f}."
        )
    if kind == "false":
        return (
            f"For a total of {figure:,.0f}, {number:,} of the {matches:,} matches between the lists "
            f"({100 * number / matches:.1f} %) would have to be false."
        )
    return (
        f"For a total of {figure:,.0f}, {number:,} matches between the lists would have to have been missed: "
        f"{100 * number / (matches + number):.1f} % of the {matches + number:,} that there should be."
    )
