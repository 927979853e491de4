"""A population register: the number can be no larger than the people there were, less those known to be alive.

Model
-----
Any posterior p(N, theta | data), restricted to N <= L with L = M - s, M the people on the register and s those of them
known to have survived.  The likelihood does not change where N <= L, so p(N, theta | data, N <= L) is the posterior
without the register, cut and made to add to 1 again: a grid is cut exactly, and of draws those with N <= L stay,
which is rejection sampling and exact too.  Nothing has to be fitted again.

Where M is itself uncertain, log M ~ Normal(log of the register's size, u), independent of the rest but for N + s <= M.
With M summed out, each value of N has its posterior probability times P(M >= N + s): a grid is weighted by it, and a
draw stays with that probability.

A classical estimate has no distribution to cut.  It is given unchanged when its point is within the register, with a
note when its interval passes it: an interval cut at a true bound would cover as often as before, but there is no
such cut when the bound is uncertain.  A point beyond the register says that its assumptions and the register cannot
both hold, and no number is given.

Identifying assumption added: nobody who is to be counted was missing from the register.

Symbols
-------
N the people to be counted, M on the register, s known survivors, L = M - s, u the standard deviation of log M.

Reference: Gelman and others (2013), Bayesian Data Analysis, section 10.3, for rejection sampling.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, exp

import numpy as np
from scipy.special import ndtr

from estimation.capture.problems import MAX_PERSONS
from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.around_model import AroundModel
from estimation.models.named_lists import NamesLists
from estimation.models.protocol import Model, lighter_of, not_estimable
from estimation.provenance import Provenance, seed_of
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result, ResultTable
from estimation.results.totals import Draws, Grid, Point
from estimation.text.characters import prose_faults
from estimation.text.described import described_by
from estimation.toml_file import brief
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["PopulationRegister", "WithinRegister", "within_register"]

_LEAST_SHARE = 0.01
"""Where a register leaves less of a posterior than this, the two contradict each other and nothing is given."""
_LEAST_DRAWS, _LEAST_IN_CHAIN, _NORMAL_975 = 400, 50, 1.959964
_LARGEST_UNCERTAINTY = 3  # within a factor of 350: it says nothing
_OF_CHAINS = ("R-hat of ", "bulk ESS of ", "tail ESS of ")


@dataclass(frozen=True, slots=True)
class PopulationRegister:
    """A population register: no more people can have been killed than it names.

    Parameters
    ----------
    at_most : int
        People on the register, M.  Unit: persons.
    source : str
        What the register is and where it can be found; it becomes part of the assumptions.
    uncertainty : float
        Standard deviation of log M; 0.05 means that its size is known to about 5 %; 0 is a certain register.
    known_survivors : int
        People of the register who are known to be alive.  Unit: persons.

    Raises
    ------
    SettingError
        For values out of range; all are named together.

    Examples
    --------
    >>> PopulationRegister(45_000, "camp register of 1 March", known_survivors=1_200).limit
    43800
    """

    at_most: int
    source: str
    uncertainty: float = 0.0
    known_survivors: int = 0

    def __post_init__(self) -> None:
        problems = []
        for name, least in (("at_most", 1), ("known_survivors", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                problems.append(f"{name} = {value!r}; it must be a whole number of persons, {least} or more")
            elif value > MAX_PERSONS:
                problems.append(f"{name} = {brief(value)}; no such number of persons ever lived")
        if not (isinstance(self.uncertainty, int | float) and 0 <= self.uncertainty <= _LARGEST_UNCERTAINTY):
            problems.append(
                f"uncertainty = {self.uncertainty!r}; it is the standard deviation of the logarithm of the register's "
                f"size, from 0 to {_LARGEST_UNCERTAINTY}: 0.05 means about 5 %"
            )
        if not problems and self.limit < 1:
            problems.append(
                f"{self.known_survivors:,} of {self.at_most:,} on the register are alive, which leaves nobody"
            )
        if not self.source.strip():
            problems.append("the source is empty; say what the register is and where it can be found")
        problems += [f"the source {fault}" for fault in prose_faults(self.source)]
        if problems:
            raise SettingError("register", problems)

    @property
    def limit(self) -> int:
        """L, the people who can have been killed, at the register's stated size.  Unit: persons."""
        return self.at_most - self.known_survivors

    @property
    def highest(self) -> int:
        """L at the upper end of the 95 % range of the register's size.  Unit: persons."""
        return round(self.at_most * exp(_NORMAL_975 * self.uncertainty)) - self.known_survivors

    @property
    def sentence(self) -> str:
        """The assumption that it adds."""
        size = f"{self.at_most:,}"
        if self.uncertainty > 0:
            lowest = round(self.at_most * exp(-_NORMAL_975 * self.uncertainty))
            size += f" (95 % {lowest:,} to {self.highest + self.known_survivors:,})"
        alive = f", of whom {self.known_survivors:,} are known to be alive" if self.known_survivors else ""
        return (
            f"Nobody who is to be counted is missing from a register of {size} people{alive} ({self.source.strip()})."
        )

    def room(self, people: IntArray) -> FloatArray:
        """Probability that the register has room for so many, of the shape of ``people``.

        Parameters
        ----------
        people : int array
            Values of N.  Unit: persons.

        Examples
        --------
        >>> PopulationRegister(100, "register", uncertainty=0.1).room(np.array([90, 100, 130])).round(3)
        array([0.854, 0.5  , 0.004])
        """
        if self.uncertainty == 0:
            return (people <= self.limit).astype(np.float64)
        log_ratio = np.log(self.at_most) - np.log(people + self.known_survivors)
        room: FloatArray = ndtr(log_ratio / self.uncertainty)
        return room


def within_register(result: Result, register: PopulationRegister, *, rng: RandomState) -> Result:
    """A result restricted to a population register: no more people can have been killed than the register names.

    Parameters
    ----------
    result : Estimate or NotEstimable
        By any model; one that is not estimable is returned as it is.
    register : PopulationRegister
        The people who could have been killed.
    rng : int, SeedSequence or Generator
        The only source of randomness; used where the register is uncertain and the posterior is a sample.

    Returns
    -------
    Estimate or NotEstimable
        With the register among its assumptions and its settings.  Not estimable when register and posterior contradict
        each other, or too few draws are within the register.

    Raises
    ------
    SettingError
        When more people were observed than the register has room for.

    Examples
    --------
    >>> from estimation.capture.datasets import load_table
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> rng = np.random.default_rng(1)
    >>> free = DecomposableGraphs(delta=0.5).fit(load_table("kosovo"), rng=rng)
    >>> print(within_register(free, PopulationRegister(12_000, "an example"), rng=rng))
    about 10,900 people (95 % credible interval 7,400 to 11,900); 4,400 observed
    """
    rng = generator_of(rng)
    if register.highest < result.n_observed:
        raise SettingError(
            "register",
            [
                f"{result.n_observed:,} people were observed, and the register has room for {register.highest:,}; "
                "either people are observed who are not on it, or some of them are counted as alive: check both"
            ],
        )
    if isinstance(result, NotEstimable):
        return result
    settled = replace(
        result,
        assumptions=(*result.assumptions, register.sentence),
        provenance=_provenance(result.provenance, register, rng),
    )
    if isinstance(result.total, Point):
        return _point(settled, result.total, register)
    return _posterior(settled, result.total, register, rng)


def _posterior(
    without: Estimate, total: Draws | Grid, register: PopulationRegister, rng: np.random.Generator
) -> Result:
    """The posterior cut at the register; ``without`` has the register among its assumptions and settings already."""
    room = register.room(total.values)
    share = float(room.mean() if isinstance(total, Draws) else room @ total.probabilities)
    if share < _LEAST_SHARE:
        reason = (
            f"the lists and the register contradict each other: the model puts {1 - share:.1%} of its probability "
            f"above the {register.limit:,} people it has room for (without it: {without}); check whether "
            "people outside the register are on the lists, whether the linkage missed matches, and the model"
        )
        return _declined(without, reason)
    if isinstance(total, Grid):
        cut = Grid(total.values[room > 0], (total.probabilities * room)[room > 0])
        return _compared(without, replace(without, total=cut), share)
    inside = _inside(total, room, register, rng)
    if inside is None:
        reason = (
            f"only {share:.1%} of the draws are within the register, too few in at least one chain for an estimate; "
            "fit the model with more draws"
        )
        return _declined(without, reason, evidence=total)
    diagnostics = _checked_again(without.diagnostics, inside)
    if without.diagnostics.ok and not diagnostics.ok:
        reason = (
            f"{share:.1%} of the draws are within the register, and they fail the checks: {diagnostics.sentence} Fit "
            "the model with more draws"
        )
        return _declined(without, reason, diagnostics=diagnostics, evidence=inside)
    return _compared(without, replace(without, total=inside, diagnostics=diagnostics), share)


def _declined(
    without: Estimate, reason: str, *, diagnostics: Diagnostics | None = None, evidence: Draws | None = None
) -> NotEstimable:
    return NotEstimable(
        n_observed=without.n_observed,
        model=without.model,
        title=without.title,
        reason=reason,
        assumptions=without.assumptions,
        provenance=without.provenance,
        diagnostics=without.diagnostics if diagnostics is None else diagnostics,
        evidence=evidence,
        tables=_before(without.tables),
    )


def _compared(without: Estimate, within: Estimate, share: float) -> Estimate:
    """The estimate within the register beside the one without it, whose notes and tables are marked as such."""
    rows = []
    for label, estimate, left in (("without the register", without, 1.0), ("within the register", within, share)):
        interval = estimate.interval()
        rows.append((label, round(estimate.median), round(interval.lower), round(interval.upper), round(left, 4)))
    columns = ("", "median of N (persons)", "2.5 % (persons)", "97.5 % (persons)", "share of the posterior left")
    effect = f"The register leaves {share:.1%} of the posterior; without it the estimate is {without}."
    return replace(
        within,
        notes=(effect, *(f"Without the register: {note}" for note in without.notes)),
        tables=(
            ResultTable("Estimates without and within the register", columns, tuple(rows)),
            *_before(without.tables),
        ),
        fit=None if within.fit is None else replace(within.fit, remark="without the register"),
    )


def _inside(total: Draws, room: FloatArray, register: PopulationRegister, rng: np.random.Generator) -> Draws | None:
    """The draws within the register, as many of each chain, evenly spaced; None when one chain has too few."""
    inside = room > rng.random(room.shape) if register.uncertainty > 0 else room > 0
    chains = len(inside)
    fewest = int(inside.sum(axis=1).min())
    if fewest < max(_LEAST_IN_CHAIN, ceil(_LEAST_DRAWS / chains)):
        return None
    places = []
    for chain in inside:
        at = np.flatnonzero(chain)
        places.append(at[((np.arange(fewest) + 0.5) * at.size / fewest).astype(np.int64)])
    chosen = np.stack(places)
    monitored = {name: np.take_along_axis(drawn, chosen, axis=1) for name, drawn in total.monitored.items()}
    return Draws(np.take_along_axis(total.values, chosen, axis=1), monitored)


def _checked_again(before: Diagnostics, inside: Draws) -> Diagnostics:
    """The checks on chains computed again on the draws inside; all other checks as they were."""
    if not any(check.name.startswith(_OF_CHAINS) for check in before.checks):
        return before
    others = tuple(check for check in before.checks if not check.name.startswith(_OF_CHAINS))
    return Diagnostics((*chain_checks({"N": inside.values.astype(float), **inside.monitored}), *others))


def _point(given: Estimate, total: Point, register: PopulationRegister) -> Result:
    """A classical estimate as it is, with a note when its interval exceeds the register."""
    if total.value > register.highest:
        reason = (
            f"its estimate of {total.value:,.0f} is more than the {register.highest:,} people that the register has "
            "room for, so its assumptions and the register cannot both hold; use a Bayesian model, which weighs them"
        )
        return _declined(given, reason)
    beyond = [interval for interval in total.intervals if interval.upper > register.limit]
    if not beyond:
        return given
    note = (
        f"The register has room for {register.limit:,} people, and the {beyond[0]} exceeds that: what is above it "
        "is impossible, but a classical interval is not computed again within the register."
    )
    return replace(given, notes=(note, *given.notes))


def _provenance(made: Provenance, register: PopulationRegister, rng: np.random.Generator) -> Provenance:
    settings = {
        **dict(made.settings),
        "register.at_most": register.at_most,
        "register.known_survivors": register.known_survivors,
        "register.source": register.source.strip(),
        "register.uncertainty": float(register.uncertainty),
    }
    if register.uncertainty > 0:
        settings["register.seed"] = seed_of(rng)
    return replace(made, settings=tuple(sorted(settings.items())))


def _before(tables: tuple[ResultTable, ...]) -> tuple[ResultTable, ...]:
    return tuple(replace(table, title=f"Without the register: {table.title}") for table in tables)


@dataclass(frozen=True, slots=True)
class WithinRegister(AroundModel):
    """A model with a population register as the upper bound of N; itself a model.

    Parameters
    ----------
    model : Model
        What is fitted.
    register : PopulationRegister
        The people who could have been killed.

    Examples
    --------
    >>> from estimation.capture.datasets import load_table
    >>> from estimation.models.graphs.decomposable import DecomposableGraphs
    >>> model = WithinRegister(DecomposableGraphs(delta=0.5), PopulationRegister(12_000, "an example"))
    >>> print(model.fit(load_table("kosovo"), rng=1))
    about 10,900 people (95 % credible interval 7,400 to 11,900); 4,400 observed
    """

    model: Model
    register: PopulationRegister

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the model assumes, and the register."""
        return (*self.model.assumptions, self.register.sentence)

    @described_by(NamesLists.wrong_lists)
    def wrong_lists(self, table: CaptureTable) -> str | None:
        """What is wrong with the lists that the model names, or None."""
        return self.model.wrong_lists(table) if isinstance(self.model, NamesLists) else None

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """What about this table keeps the model from being fitted, or None."""
        if self.register.highest < table.n_observed:
            return (
                f"{table.n_observed:,} people were observed and the register has room for {self.register.highest:,}; "
                "either people are observed who are not on it, or some of them are counted as alive, so check both"
            )
        return self.model.why_not(table)

    def lighter(self) -> WithinRegister:
        """The lighter form of the model within the same register."""
        return replace(self, model=lighter_of(self.model))

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N within the register; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        if self.register.highest < table.n_observed:
            return not_estimable(self.model, table, rng, self.why_not(table) or "")
        return within_register(
            self.model.fit(table, rng=rng, workers=workers, progress=progress), self.register, rng=rng
        )
