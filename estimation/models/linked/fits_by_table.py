"""What a model answers on the tables of draws of a linkage, as many as the Monte Carlo error of the mean asks for.

Chains begin anew on each table.  To let them go on from where they ended on the table before, their burn-in judged
again by the same checks, is as right, and was tried: on 12 tables of five lists with 755 people latent classes then
took 0.95 CPU seconds a table, and 0.81 with fresh chains: what takes long is to agree on the number of classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil

from estimation.capture.table import CaptureTable
from estimation.models.linked.drawn_tables import DrawnTables
from estimation.models.protocol import Model, has_target, lighter_of
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.pool import pool
from estimation.results.totals import Point
from estimation.results.variance_split import VarianceSplit, variance_split
from estimation.work.progress import Progress, part
from estimation.work.seeds import generator_for

__all__ = ["TARGET_ERROR", "FitsByTable", "of_one_model"]

TARGET_ERROR = 0.05
"""Monte Carlo error of the mean of N at which no more draws are fitted, as a share of its standard deviation."""

_FIRST, _MOST, _MOST_WITH_TARGET = 25, 400, 100
"""Draws that are fitted before an error is judged; at most; and by a model that computes until N has an effective size.
"""

_RANGES = (
    "on each draw of the linkage there is a range across families of models, which is no distribution, so that ranges "
    "cannot be pooled; use one model"
)


@dataclass(slots=True)
class FitsByTable:
    """Answers on the tables of the first so many draws.

    Parameters
    ----------
    model : Model
        What is fitted, in its lighter form where it has one.
    drawn : DrawnTables
        The tables.
    seed : int
        Each table has the random numbers that the seed and its checksum name, whatever the others are.
    workers : int
        Threads at most.
    progress : Progress
        Receives the share done.

    Attributes
    ----------
    n_draws : int
        Draws that count.
    """

    model: Model
    drawn: DrawnTables
    seed: int
    workers: int
    progress: Progress
    n_draws: int = 0
    results: list[Result] = field(default_factory=list)

    @property
    def n_different(self) -> int:
        """Tables that are fitted."""
        return len(self.results)

    def fit_enough(self, n_tables: int | None) -> None:
        """Fit until the Monte Carlo error is small, or so many draws as are asked for."""
        of_all = self.drawn.n_draws
        most = min(n_tables or (_MOST_WITH_TARGET if has_target(self.model) else _MOST), of_all)
        self.n_draws = most if n_tables else min(_FIRST, most)
        while True:
            self._fit(self.drawn.n_different(self.n_draws), most)
            if self.n_draws >= most or any(isinstance(result, NotEstimable) for result in self.results):
                break
            split = self.split()
            if split.mean_error <= TARGET_ERROR * split.sd:
                break
            wanted = ceil(1.15 * self.n_draws * (split.mean_error / (TARGET_ERROR * split.sd)) ** 2)
            self.n_draws = min(max(self.n_draws + 8, min(wanted, 3 * self.n_draws)), most)
        if n_tables is None and len(self.results) == len(self.drawn.tables):
            self.n_draws = of_all  # every table is known, so that all draws count

    def _fit(self, n_different: int, most: int) -> None:
        """Fit the tables up to so many."""
        light = lighter_of(self.model)
        while len(self.results) < n_different:
            done = len(self.results)
            doing = f"{self.model.title}: table {done + 1} of the draws of the linkage"
            within = part(self.progress, done / most, (done + 1) / most, doing)
            within(0.0)
            result = self._answer(light, self.drawn.tables[done], within)
            if isinstance(result, NotEstimable) and result.diagnostics.failed and light is not self.model:
                result = self._answer(self.model, self.drawn.tables[done], within)  # more computation may be enough
            self.results.append(result)

    def _answer(self, model: Model, table: CaptureTable, progress: Progress) -> Result:
        rng = generator_for(self.seed, table.sha256)
        return model.fit(table, rng=rng, workers=self.workers, progress=progress)

    @property
    def _estimates(self) -> list[Estimate]:
        return [result for result in self.results if isinstance(result, Estimate)]

    @property
    def _counts(self) -> list[int]:
        return [int(count) for count in self.drawn.counts(self.n_draws)]

    def split(self) -> VarianceSplit:
        """What the variance of N is made of."""
        worth = min(float(self.n_draws), self.drawn.effective)
        return variance_split(self._estimates, self._counts, effective=worth)

    def pooled(self) -> Result:
        """All answers as one."""
        first = self.results[0]
        if isinstance(first, Estimate) and first.interval_kind == "range across families":
            return NotEstimable(
                first.n_observed, first.model, first.title, _RANGES, first.assumptions, first.provenance
            )
        if len(self.results) == 1:  # so few draws that all have one table
            return first
        # The settings of a table that needed more computation are others, and the model is one.
        alike = [of_one_model(each, first) for each in self.results]
        classical = all(isinstance(each.total, Point) for each in self._estimates)
        pooled = pool(alike, rule="rubin" if classical else "stacked", counts=self._counts)
        if not isinstance(pooled, Estimate):
            return pooled
        bound = any(each.is_lower_bound for each in self._estimates)
        note = ("Lower bounds were averaged, so that the number is a lower bound.",) if bound else ()
        return replace(pooled, is_lower_bound=bound, assumptions=first.assumptions, notes=(*pooled.notes, *note))

    def table_near(self, mean: float) -> CaptureTable:
        """The table whose answer lies nearest a number."""
        return self.drawn.tables[self._near(mean)]

    def _near(self, mean: float) -> int:
        return min(range(len(self.results)), key=lambda at: abs(self._estimates[at].mean - mean))

    def middle(self, mean: float, progress: Progress) -> Estimate:
        """The answer that lies nearest a number, by the model in full."""
        at = self._near(mean)
        if lighter_of(self.model) is not self.model:
            full = self._answer(self.model, self.drawn.tables[at], progress)
            if isinstance(full, Estimate):
                return full
        return self._estimates[at]


def of_one_model(each: Result, first: Result) -> Result:
    """An answer with the settings of the first, and not marked as a bound, which `pool` does not take."""
    alike = replace(each, provenance=replace(each.provenance, settings=first.provenance.settings))
    return replace(alike, is_lower_bound=False) if isinstance(alike, Estimate) else alike
