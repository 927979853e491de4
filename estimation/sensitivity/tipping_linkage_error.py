"""How many matches between the lists would have to be false, or missed, for N to be a stated figure?

Fewer matches make a smaller overlap and a larger N.  N with so many matches corrected is the average over which they
are (`estimation.sensitivity.linkage_average`), and has a Monte Carlo error; so has the number that is found.

Symbols
-------
F : matches.   N(F) : the answer with so many corrected.   s : the slope of N(F), from the numbers tried.   t : the
target.

    error of F = error of N(F) / |s|

The number is searched for with the error of N(F) at 2 % of N(F).  Then N(F) is computed again, with as many tables as
bring the error of F to t times F, and F moved by (figure - N(F)) / s.

Reference: Ding, Fienberg (1994), Survey Methodology 20:149-158.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model
from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import persons
from estimation.sensitivity.alternatives import Alternative, Sensitivity, fit_baseline, parts_of
from estimation.sensitivity.corrected_linkage import n_matches
from estimation.sensitivity.crossing import estimate_or_finding, find_crossing
from estimation.sensitivity.fixed_model import FIXED_SENTENCE, fixed_model
from estimation.sensitivity.linkage_average import Averaged, Precision, average_corrected
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["tipping_linkage_error"]

_STEPS = 16
"""Numbers of linkage errors that are tried before the search narrows: a sixteenth of all matches apart."""

_SEARCHED = 0.02
"""Monte Carlo error of N, as a share of it, while the number is searched for; that it is found by is smaller."""

_MOVES = 3
"""Times that the number found is moved by a more precise answer, at most."""

_LEFT = 0.8
"""The share of the work that is taken to be left after each answer, of what was left before: no more is known."""

_CHANGED = "linkage errors: false matches above 0, missed matches below"


def tipping_linkage_error(
    table: CaptureTable,
    figure: float,
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
        The only source of randomness; every number starts from the same state of it, and it is left as it was.
    fix_model : bool
        Whether a model that chooses does so on the table as observed alone; see
        `estimation.sensitivity.linkage_error.linkage_error`.
    monte_carlo_error : float
        The error of the number found that is aimed at, as a share of it; half a match is enough.
    most_tables : int, optional
        Corrected tables at most for a number; by default 400, and 20 for one whose fits take seconds.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

    Returns
    -------
    Sensitivity
        One alternative, its value the number of false matches, or less than 0 for missed ones; where no number reaches
        the figure, ``finding`` says so and the alternative is the furthest that could be estimated.

    References
    ----------
    Ding, Fienberg (1994), Survey Methodology 20:149-158.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import LincolnPetersen
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> tipping_linkage_error(table, 3000, model=LincolnPetersen(), rng=1).finding
    'For a total of 3,000, 28 of the 120 matches between the lists (23.3 %) would have to be false.'
    >>> tipping_linkage_error(table, 2400, model=LincolnPetersen(), rng=1).finding.split(". ")[1]
    'With no such error the 95 % confidence interval, 2,029 to 2,665, contains 2,400 already.'
    """
    question = f"How many matches would have to be false, or missed, for a total of {figure:,.0f}?"
    generator = generator_of(rng)
    first, others = parts_of(progress, 3, baseline)
    result = fit_baseline(table, model, rng=generator, workers=workers, baseline=baseline, progress=first)
    start = estimate_or_finding(question, result, figure, 0.0, _CHANGED)
    if isinstance(start, Sensitivity):
        return start
    searched = _Search(
        table=table,
        figure=figure,
        start=start,
        model=fixed_model(model, table) if fix_model else model,
        rng=generator,
        target=monte_carlo_error,
        most_tables=most_tables,
        workers=workers,
        progress=others,
    )
    found = searched.found()
    label = f"{found.number:,} {searched.kind} matches{'' if found.crossed else ' (furthest)'}"
    value = float(searched.sign * found.number)
    return Sensitivity(
        question=question,
        baseline=start,
        alternatives=(Alternative(label, value, found.result, found.error),),
        changed=_CHANGED,
        sentence=" ".join([*_sentences(searched, found), *([FIXED_SENTENCE] if fix_model else [])]),
        baseline_value=0.0,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The number of linkage errors, the answer there, and how sure both are.

    Parameters
    ----------
    number : int
        Matches.
    result : Estimate
        The answer with so many corrected.
    error : float
        Its Monte Carlo error.  Unit: persons.
    crossed : bool
        Whether the figure is reached.
    number_error : float
        Monte Carlo error of the number; NaN where N does not move with it as it should.  Unit: matches.
    n_tables : int
        Tables that the answer rests on.
    """

    number: int
    result: Estimate
    error: float
    crossed: bool
    number_error: float
    n_tables: int


@dataclass(slots=True, kw_only=True)
class _Search:
    """The search for the number of linkage errors at which N is the figure."""

    table: CaptureTable
    figure: float
    start: Estimate
    model: Model
    rng: np.random.Generator
    target: float
    most_tables: int | None
    workers: int
    progress: Progress
    tried: dict[int, Averaged] = field(default_factory=dict)
    answers: int = 0

    @property
    def sign(self) -> int:
        """1 for false matches, -1 for missed ones."""
        return 1 if self.start.median < self.figure else -1

    @property
    def kind(self) -> str:
        return "false" if self.sign > 0 else "missed"

    def answer(self, number: int, target: float) -> Averaged:
        """The answer with so many matches corrected, its error within the target."""
        false, missed = (number, 0) if self.sign > 0 else (0, number)
        precision = Precision(target, self.most_tables)
        found = average_corrected(
            self.table, false, missed, model=self.model, rng=self.rng, precision=precision, workers=self.workers
        )
        self.answers += 1
        self.progress(1 - _LEFT**self.answers)
        return found

    def fit_at(self, number: float) -> Result:
        self.tried[int(number)] = self.answer(int(number), max(self.target, _SEARCHED))
        return self.tried[int(number)].result

    def found(self) -> _Found:
        matches = n_matches(self.table)
        at = find_crossing(
            self.fit_at,
            lambda estimate: estimate.median,
            self.figure,
            start=self.start,
            steps=np.unique(np.linspace(0, matches, _STEPS + 1).round())[1:].tolist(),
            precision=1,
        )
        number = round(at.place)
        if number not in self.tried:
            return _Found(number, at.result, 0.0, at.crossed, 0.0, 1)
        average = self.tried[number]
        if not at.crossed or average.error == 0:
            return _Found(number, at.result, average.error, at.crossed, 0.0, average.n_tables)
        return self._precise(number, at.result, average, matches / _STEPS)

    def _precise(self, number: int, result: Estimate, average: Averaged, step: float) -> _Found:
        """The number moved by answers whose errors are smaller, until another answer would not move it."""
        slope = self._slope(number, step)
        if not slope * self.sign > 0:
            return _Found(number, result, average.error, True, np.nan, average.n_tables)
        best = _Found(number, result, average.error, True, average.error / abs(slope), average.n_tables)
        for _ in range(_MOVES):
            wanted = min(max(self.target * number, 0.5) * abs(slope) / self.figure, self.target)
            if average.error > wanted * self.figure:
                average = self.answer(number, wanted)
            if not isinstance(average.result, Estimate):
                return best
            error = average.error
            best = _Found(number, average.result, error, True, error / abs(slope), average.n_tables)
            moved = round(number + (self.figure - average.result.median) / slope)
            if abs(moved - number) <= max(best.number_error, 0.5) or not 1 <= moved <= 2 * number:
                return best
            number, average = moved, self.answer(moved, max(self.target, _SEARCHED))
        return best

    def _slope(self, number: int, step: float) -> float:
        """How N moves with one match more, from the numbers tried within a step."""
        near = {0: self.start.median} | {
            tried: average.result.median
            for tried, average in self.tried.items()
            if isinstance(average.result, Estimate)
        }
        places = [tried for tried in near if abs(tried - number) <= max(step, 1)]
        return float(np.polyfit(places, [near[tried] for tried in places], 1)[0]) if len(places) > 1 else 0.0


def _sentences(searched: _Search, found: _Found) -> list[str]:
    """How many matches of which kind, how sure that is, and whether the figure is in the interval with none."""
    figure, number, kind, matches = searched.figure, found.number, searched.kind, n_matches(searched.table)
    if not found.crossed:
        word = "median" if searched.start.interval_kind == "credible" else "estimate"
        return [
            f"No number of {kind} matches brings the {word} to {figure:,.0f}: with {number:,} {kind} matches, and "
            f"{matches:,} in the table, it is {found.result.median:,.0f}."
        ]
    if kind == "false":
        share = f"{number:,} of the {matches:,} matches between the lists ({100 * number / matches:.1f} %)"
        sentences = [f"For a total of {figure:,.0f}, {share} would have to be false."]
    else:
        sentences = [
            f"For a total of {figure:,.0f}, {number:,} matches between the lists would have to have been missed: "
            f"{100 * number / (matches + number):.1f} % of the {matches + number:,} that there should be."
        ]
    return [*sentences, *_how_sure(searched, found), *_already(searched)]


def _how_sure(searched: _Search, found: _Found) -> list[str]:
    """The Monte Carlo error of the number, and where it is above the target."""
    if found.number_error == 0:
        return []
    over = f"the average over {found.n_tables:,} tables in which other matches are corrected"
    if not np.isfinite(found.number_error):
        return [f"The answer there is {over}, and moves so little with the number that the number is not sure."]
    sentences = [f"The Monte Carlo error of that number is {found.number_error:,.1f}; the answer there is {over}."]
    if found.number_error > max(searched.target * found.number, 0.5):
        sentences.append(f"It stayed above {100 * searched.target:g} % of the number; more tables make it smaller.")
    return sentences


def _already(searched: _Search) -> list[str]:
    """That the figure is no surprise without any linkage error, where it lies in the baseline's interval."""
    interval, figure = searched.start.interval(), searched.figure
    if not interval.lower <= figure <= interval.upper:
        return []
    ends = f"{persons(interval.lower)} to {persons(interval.upper)}"
    return [
        f"With no such error the {interval.level * 100:g} % {interval.kind} interval, {ends}, contains {figure:,.0f} "
        "already."
    ]
