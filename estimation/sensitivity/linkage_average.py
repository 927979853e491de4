"""N with linkage errors corrected: the average over corrected tables, as many as its Monte Carlo error asks for.

Which matches are in error is not known, and a model can answer very differently with one choice of them and with
another: the selection among models jumps, and a history of few people moves N far.  One corrected table is one draw; N
at a rate of errors is the average over all of them (linkage averaging),

    p(N | rates) = sum over corrected tables T of p(T | rates) p(N | T)

Symbols
-------
D : tables drawn.   N_d : what the model answers on table d.   w_d : its weight, from
`estimation.sensitivity.table_weights`.   n : people observed, as many in every corrected table.
z : normal quantile.   t : the target.

*Classical estimates.*  N is the mean, sum w_d N_d.  The interval is on log n_0, by Rubin's rule: to the mean square of
the tables' own distances from the estimate to the end is added z^2 (1 + 1/D) times the variance of log n_0 between the
tables.  *Posteriors* are mixed: N is the median of sum w_d p(N | T_d), and so are the ends.

*Monte Carlo error.*  That of the weighted mean of N_d; of a mixed median q, that of the weighted mean of the tables'
P(N <= q), carried to N by the mixture's quantiles.  Tables are drawn until it is at most t times the answer, or until
as many are drawn as may be; the answer says whether it was reached.

References: Sadinle (2018), Annals of Applied Statistics 12:1013-1038, for linkage averaging; Rubin (1987), Multiple
Imputation for Nonresponse in Surveys, for the interval; Woodruff (1952) for the error of a quantile.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil, nan

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray
from estimation.errors import SettingError
from estimation.models.protocol import Model, has_target, lighter_of, not_estimable, provenance_of
from estimation.provenance import Provenance
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.totals import Draws, Point
from estimation.sensitivity.answers_averaged import averaged_total
from estimation.sensitivity.corrected_linkage import MOST_LISTS_EXPECTED, correct_linkage_errors, expected_cells
from estimation.sensitivity.table_weights import SPARE, TableWeights, n_directions, table_weights

__all__ = ["Averaged", "Precision", "average_corrected"]

_FIRST = 16
"""Tables drawn before an error is judged: fewer say too little of how they differ."""

_HOPELESS = 4
"""Where so many tables, the first ones, have no estimate, no more are tried."""

_SHARE_WITHOUT = 0.05
"""Of the tables drawn, so many may have no estimate; with more, the average of the others is of another thing."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How many corrected tables are drawn.

    Parameters
    ----------
    target : float
        Monte Carlo error of an answer, as a share of it, at which no more are drawn.
    most_tables : int, optional
        Tables at most; by default 400, and 20 for a model that computes until N has an effective sample size, each
        fit of which takes seconds.

    Raises
    ------
    SettingError
        When one is out of range.
    """

    target: float = 0.01
    most_tables: int | None = None

    def __post_init__(self) -> None:
        problems = []
        if not 0 < self.target < 1:
            problems.append(f"monte_carlo_error {self.target}; it is a share of the answer, above 0 and below 1")
        if self.most_tables is not None and self.most_tables < 2:
            problems.append(f"most_tables {self.most_tables}; without two tables no Monte Carlo error is known")
        if problems:
            raise SettingError("sensitivity linkage error", problems)

    def most(self, model: Model) -> int:
        """Tables at most for a model."""
        if self.most_tables is not None:
            return self.most_tables
        return 20 if has_target(model) else 400


@dataclass(frozen=True, slots=True)
class Averaged:
    """N over the corrected tables.

    Parameters
    ----------
    result : Estimate or NotEstimable
        The average, or why there is none.
    error : float
        Monte Carlo error of its number.  Unit: persons.
    n_tables : int
        Tables drawn.
    reached : bool
        Whether the error is within the target.
    """

    result: Result
    error: float
    n_tables: int
    reached: bool

    @property
    def number(self) -> float:
        """The number of people; NaN where there is none."""
        return self.result.median if isinstance(self.result, Estimate) else nan


def average_corrected(
    table: CaptureTable,
    false: int,
    missed: int,
    *,
    model: Model,
    rng: np.random.Generator,
    precision: Precision,
    workers: int = 1,
) -> Averaged:
    """N by a model with so many false and missed matches corrected, averaged over which they are.

    Table d has the same errors at every number of them: from one state of the generator they are nested.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    false, missed : int
        Matches of each kind that are corrected.
    model : Model
        Fitted to every corrected table, in its lighter form where it has one.
    rng : numpy.random.Generator
        The only source of randomness; left as it was.
    precision : Precision
        How many tables are drawn.
    workers : int
        Threads to use at most.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import LincolnPetersen
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> average = average_corrected(
    ...     table, 12, 0, model=LincolnPetersen(), rng=np.random.default_rng(1), precision=Precision()
    ... )
    >>> round(average.result.median), average.error, average.n_tables  # of two lists every corrected table is the same
    (2567, 0.0, 1)
    """
    most = precision.most(model)
    expected = expected_cells(table, false, missed)
    if expected is not None:
        expected = expected[_overlapping(len(table.lists))]
    drawn = _Drawn(table, false, missed, expected, lighter_of(model), rng, copy.deepcopy(rng), workers)
    drawn.draw(min(_FIRST, most) if len(table.lists) > 2 else 1)
    while True:
        last = drawn.average(precision.target)
        at_end = drawn.is_hopeless or drawn.n_tables in (1, most)
        if last.reached or at_end or not isinstance(last.result, Estimate):
            return last
        drawn.draw(min(most, drawn.next_number(last, precision.target)))


@dataclass(slots=True)
class _Drawn:
    """Corrected tables as far as they are drawn, and what the model answers on each."""

    table: CaptureTable
    false: int
    missed: int
    expected: FloatArray | None
    model: Model
    rng: np.random.Generator
    streams: np.random.Generator
    workers: int
    cells: list[FloatArray] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    exact: dict[str, Result] = field(default_factory=dict)

    @property
    def n_tables(self) -> int:
        return len(self.results)

    @property
    def is_hopeless(self) -> bool:
        """Whether none of the first few tables has an estimate."""
        return 0 < len(self.results) <= _HOPELESS and not any(isinstance(r, Estimate) for r in self.results)

    def next_number(self, last: Averaged, target: float) -> int:
        """How many tables to have next: as many as make weights of their cells, or else as the error asks for."""
        n_tables, with_weights = self.n_tables, n_directions(np.array(self.cells)) + SPARE
        if n_tables < with_weights and self.expected is not None:
            return with_weights
        needed = 1.15 * n_tables * (last.error / (target * last.number)) ** 2
        return max(min(ceil(needed), 2 * n_tables), n_tables + 4)

    def draw(self, n_tables: int) -> None:
        """Draw and fit until there are so many tables, or hope is lost."""
        while len(self.results) < n_tables and not (self.is_hopeless and len(self.results) == _HOPELESS):
            (stream,) = self.streams.spawn(1)
            corrected = correct_linkage_errors(self.table, self.false, self.missed, rng=stream)
            if corrected is None:
                self.results.append(self._impossible())
                continue
            known = len(corrected.lists) <= MOST_LISTS_EXPECTED
            cells = corrected.cells()[_overlapping(len(corrected.lists))] if known else np.zeros(1)
            self.cells.append(cells.astype(np.float64))
            self.results.append(self._fit(corrected, stream))

    def _fit(self, corrected: CaptureTable, stream: np.random.Generator) -> Result:
        """What the model answers; an answer that rests on no draws is known for the next table that is the same."""
        if corrected.sha256 in self.exact:
            return self.exact[corrected.sha256]
        result = self.model.fit(corrected, rng=stream, workers=self.workers)
        if isinstance(result, NotEstimable) or not isinstance(result.total, Draws):
            self.exact[corrected.sha256] = result
        return result

    def _impossible(self) -> NotEstimable:
        reason = (
            f"{self.missed:,} matches would have been missed, and fewer records stand alone that they could be of; the "
            "missed-match rate cannot be so high"
        )
        return not_estimable(self.model, self.table, self.rng, reason)

    def average(self, target: float) -> Averaged:
        """The average over the tables that are drawn."""
        answers = [result for result in self.results if isinstance(result, Estimate)]
        without = len(self.results) - len(answers)
        if without > max(1, _SHARE_WITHOUT * len(self.results)) or not answers:
            return Averaged(self._not_estimable(without), 0.0, len(self.results), False)
        cells = np.array(self.cells, dtype=np.float64)
        weights = table_weights(np.zeros((len(answers), 1)), None) if without else table_weights(cells, self.expected)
        total, error = averaged_total([answer.total for answer in answers], answers[0].n_observed, weights)
        number = total.value if isinstance(total, Point) else total.quantile(0.5)
        reached = error <= target * number
        check = Check(
            "Monte Carlo error over corrected tables, % of the number",
            100 * error / number,
            100 * target,
            reached,
            "Which matches are in error is drawn; another draw of as many tables would move the number by about this.",
        )
        result = replace(
            answers[0],
            total=total,
            diagnostics=Diagnostics((*_failed(answers), check) if len(answers) > 1 else answers[0].diagnostics.checks),
            provenance=self._provenance(),
            notes=(self._note(len(answers), without, error, weights),),
            tables=(),
        )
        return Averaged(result, error, len(self.results), reached)

    def _provenance(self) -> Provenance:
        made = provenance_of(self.model, self.table, self.rng)
        counted = (("false_matches", self.false), ("missed_matches", self.missed), ("tables", len(self.results)))
        return replace(made, settings=(*made.settings, *counted))

    def _not_estimable(self, without: int) -> NotEstimable:
        first = next(result for result in self.results if isinstance(result, NotEstimable))
        reason = first.reason
        if len(self.results) > 1:
            reason = (
                f"on {without} of {len(self.results)} corrected tables there is no estimate; on the first: {reason}"
            )
        return replace(first, reason=reason, provenance=self._provenance(), tables=(), evidence=None)

    def _note(self, n_answers: int, without: int, error: float, weights: TableWeights) -> str:
        if len(self.results) == 1:
            return "With two lists every corrected table is the same."
        how = ", weighted so that their mean is the expected one" if weights.uses_cells else ""
        left = f"; {without} without an estimate {'is' if without == 1 else 'are'} left out" if without else ""
        return (
            f"The average over {n_answers:,} corrected tables{how}{left}; its Monte Carlo error is {error:,.1f} people."
        )


def _failed(answers: Sequence[Estimate]) -> tuple[Check, ...]:
    """That fits of some tables failed a check of their own, where they did."""
    share = sum(not answer.diagnostics.ok for answer in answers) / len(answers)
    if share == 0:
        return ()
    meaning = "Share of the corrected tables whose fit did not pass every check on its computation."
    return (Check("share of corrected tables whose fit failed a check", share, 0.0, False, meaning),)


def _overlapping(n_lists: int) -> BoolArray:
    """Which cells are those of two lists or more; the others follow from them and the sizes of the lists."""
    return np.array([history.bit_count() > 1 for history in range(1 << n_lists)])
