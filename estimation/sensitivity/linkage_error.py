"""What if some matches between the lists were false, and some true matches were missed: N over both rates.

Nearly all of N comes from the overlap of the lists, and the overlap is what record linkage found.  False matches make
the overlap too large and N too small; missed matches make it too small and N too large.

Symbols
-------
L : matches in the table (`estimation.sensitivity.corrected_linkage`).
f : false-match rate, the share of these that are false.   m : missed-match rate, the share of the true matches that
were missed.

    false matches corrected  F = f L,        missed matches corrected  M = m / (1 - m)  (L - F),        both whole

so that L - F + M matches are true and M of them are the share m.  The people observed then are n + F - M.  N at a pair
of rates is the average over the tables that may be the right one (`estimation.sensitivity.linkage_average`): with one
of them drawn, the surface of a model that selects among models can go down where it has to go up.

References: Ding, Fienberg (1994), Survey Methodology 20:149-158; Sadinle (2018), Annals of Applied Statistics
12:1013-1038.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.results.estimates import Estimate, Result
from estimation.sensitivity.alternatives import Alternative, Sensitivity, fit_baseline, parts_of
from estimation.sensitivity.corrected_linkage import n_matches
from estimation.sensitivity.finding import finding_of
from estimation.sensitivity.fixed_model import FIXED_SENTENCE, fixed_model
from estimation.sensitivity.linkage_average import Averaged, Precision, average_corrected
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["linkage_error"]


def linkage_error(
    table: CaptureTable,
    false_match: Sequence[float],
    missed_match: Sequence[float],
    *,
    model: Model,
    rng: RandomState,
    fix_model: bool = False,
    monte_carlo_error: float = 0.01,
    most_tables: int | None = None,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N for every pair of a false-match rate and a missed-match rate, by the same model.

    Which matches are in error is drawn, as often as brings the Monte Carlo error of every answer to a share of it.
    Those corrected at a rate are among those corrected at a higher one.

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
        The only source of randomness; every pair of rates starts from the same state of it, and it is left as it was.
    fix_model : bool
        Whether a model that chooses among models, or their weights, does so on the table as observed alone, and the
        corrected tables are given its choice.  N then changes with the counts only, and with the other pairs of rates
        nothing is chosen anew; the intervals are conditional on the choice.
    monte_carlo_error : float
        The error of each answer that is aimed at, as a share of it.
    most_tables : int, optional
        Corrected tables at most for a pair of rates; by default 400, and 20 for one whose fits take seconds.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

    Returns
    -------
    Sensitivity
        One alternative for each pair, its value (f, m), false-match rates outermost, each with its Monte Carlo error;
        the pair without errors is the baseline.

    Raises
    ------
    SettingError
        When a rate is out of range, or the model cannot be fixed; all problems are named together.
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
    precision = Precision(monte_carlo_error, most_tables)
    generator = generator_of(rng)
    fitted = fixed_model(model, table) if fix_model else model
    rates = [(float(f), float(m)) for f in false_match for m in missed_match]
    first, others = parts_of(progress, len(rates), baseline)
    result = fit_baseline(table, model, rng=generator, workers=workers, baseline=baseline, progress=first)
    found = []
    for f, m in rates:
        found.append((f, m, _averaged(table, f, m, fitted, generator, precision, workers)))
        others(len(found) / len(rates))
    alternatives = tuple(_alternative(f, m, average, result) for f, m, average in found)
    averages = [average for *_, average in found if average is not None]
    return Sensitivity(
        question="What if some matches between the lists were false, and some true matches were missed?",
        baseline=result,
        alternatives=alternatives,
        changed=("false-match rate", "missed-match rate"),
        sentence=" ".join([finding_of(result, alternatives), *_on_draws(averages, precision, fix_model=fix_model)]),
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


def _averaged(
    table: CaptureTable,
    f: float,
    m: float,
    model: Model,
    rng: np.random.Generator,
    precision: Precision,
    workers: int,
) -> Averaged | None:
    """N by the model with both kinds of error corrected; None where there is nothing to correct."""
    matches = n_matches(table)
    false = round(f * matches)
    missed = round(m / (1 - m) * (matches - false))
    if false == missed == 0:
        return None
    return average_corrected(table, false, missed, model=model, rng=rng, precision=precision, workers=workers)


def _alternative(f: float, m: float, average: Averaged | None, baseline: Result) -> Alternative:
    label = f"{100 * f:.3g} % false, {100 * m:.3g} % missed"
    if average is None:
        return Alternative(label, (f, m), baseline)
    return Alternative(label, (f, m), average.result, average.error)


def _on_draws(averages: Sequence[Averaged], precision: Precision, *, fix_model: bool) -> list[str]:
    """How many corrected tables the answers rest on, where the error aimed at was not reached, and what is fixed."""
    estimated = [average for average in averages if isinstance(average.result, Estimate)]
    sentences = [FIXED_SENTENCE] if fix_model else []
    several = [average.n_tables for average in estimated if average.n_tables > 1]
    if several:
        fewest, most = min(several), max(several)
        n_tables = f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}"
        sentences.append(f"Which matches are in error is drawn: each answer is the average over {n_tables} tables.")
    above = [average for average in estimated if not average.reached]
    if above:
        worst = max(100 * average.error / average.number for average in above)
        sentences.append(
            f"At {len(above)} of the {len(estimated)} pairs of rates the Monte Carlo error stayed above "
            f"{100 * precision.target:g} % of the answer, up to {worst:.1f} %; more tables make it smaller."
        )
    return sentences
