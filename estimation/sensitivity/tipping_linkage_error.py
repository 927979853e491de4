"""How many matches between the lists would have to be false, or missed, for N to be a stated figure?

Fewer matches make a smaller overlap and a larger N.  Which ones are wrong, and what the table would be without the
mistakes, is `estimation.sensitivity.undone_errors`: from one state of the generator the wrong matches are nested, so
that the number of them can be searched for.  A model that leans on histories of few people gives another number with
other matches; other states of the generator show how far it moves.

Reference: Ding, Fienberg (1994), Survey Methodology 20:149-158.
"""

from __future__ import annotations

import copy

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model, not_estimable
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.sensitivity.crossing import Crossing, crossing, tippable
from estimation.sensitivity.undone_errors import n_matches, with_linkage_errors_undone

__all__ = ["tipping_linkage_error"]

_STEPS = 16
"""Numbers of wrong matches that are tried before the search narrows: a sixteenth of all matches apart."""

_CHANGED = "matches that are wrong: false ones above 0, missed ones below"


def tipping_linkage_error(
    table: CaptureTable, figure: float, *, model: Model, rng: np.random.Generator, workers: int = 1
) -> Sensitivity:
    """The number of false or of missed matches at which N's median comes to a figure.

    False ones are looked for where the figure is above the estimate and missed ones where it is below: up to all the
    matches that there are, and up to as many missed as found.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    figure : float
        The number of people that somebody states.  Unit: persons.
    model : Model
        Fitted to every table.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads to use at most.

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
    >>> tipping_linkage_error(table, 3000, model=LincolnPetersen(), rng=np.random.default_rng(1)).finding
    'For 3,000 people 28 of the 120 matches between the lists, 23.3 %, would have to be false.'
    """
    question = f"How many matches between the lists would have to be wrong for {figure:,.0f} people?"
    fitted = model.fit(table, rng=copy.deepcopy(rng), workers=workers)
    baseline = tippable(question, fitted, figure, 0.0, _CHANGED)
    if isinstance(baseline, Sensitivity):
        return baseline
    sign = 1 if baseline.median < figure else -1
    matches = n_matches(table)

    def answer(number: float) -> Result:
        false, missed = (int(number), 0) if sign > 0 else (0, int(number))
        undone = with_linkage_errors_undone(table, false, missed, rng=rng)
        if undone is None:
            return not_estimable(model, table, rng, f"no {missed:,} records stand alone that could be matched")
        return model.fit(undone, rng=copy.deepcopy(rng), workers=workers)

    at = crossing(
        answer,
        lambda estimate: estimate.median,
        figure,
        start=baseline,
        steps=np.unique(np.linspace(0, matches, _STEPS + 1).round())[1:].tolist(),
        precision=1,
    )
    kind = "false" if sign > 0 else "missed"
    number = round(at.place)
    return Sensitivity(
        question=question,
        baseline=baseline,
        alternatives=(Alternative(f"{number:,} matches {kind}", float(sign * number), at.result),),
        changed=_CHANGED,
        said=_said(figure, matches, number, kind, at),
    )


def _said(figure: float, matches: int, number: int, kind: str, at: Crossing) -> str:
    if not at.crossed:
        return (
            f"No number of {kind} matches makes the median {figure:,.0f} people: with {number:,} of them, beside the "
            f"{matches:,} that there are, it is {at.result.median:,.0f}."
        )
    if kind == "false":
        return (
            f"For {figure:,.0f} people {number:,} of the {matches:,} matches between the lists, "
            f"{100 * number / matches:.1f} %, would have to be false."
        )
    return (
        f"For {figure:,.0f} people {number:,} matches between the lists would have to have been missed, "
        f"{100 * number / (matches + number):.1f} % of the {matches + number:,} that there should be."
    )
