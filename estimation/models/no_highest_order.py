"""No highest-order interaction: the identifying assumption as an argument.

Likelihood: the n people observed fall into the 2^J - 1 observable capture histories with probabilities pi_omega.
Prior: the pi_omega are Dirichlet with the same weight for each history; p(N) is proportional to 1/N.
Identifying assumption: the product of the probabilities of all odd histories is xi times that of all even ones,
history 0 included.  The data say nothing about history 0; this assumption does:

    r = prod_{odd} pi_omega / prod_{even, not 0} pi_omega,        pi_0 / (1 - pi_0) = r / xi

With xi = 1 the interaction of all J lists is zero: the dependence among any J - 1 of them, whatever it is, is the same
for those on the remaining list as for those not on it.  For two lists xi is one over their odds ratio.

Symbols
-------
J : lists.   omega : capture history, even or odd by the number |omega| of lists on it.   n_omega, n : people observed.
pi_omega : probability of history omega among those observed.   delta : prior weight of a history (persons).
xi : odds by which the assumption departs from no interaction.   pi_0 : probability of being on no list.   n_0 : people
on none.

On some of the lists alone (marginal) the assumption is about the histories on those lists.  People who are on other
lists only are then part of the margin's cell 0, so that

    pi_0 / (1 - pi_0) = r / xi - pi_00*,                          pi_00* : share of those observed on other lists only

and a draw of pi for which this is not above 0 contradicts the assumption and is rejected.

n_0 given pi_0 is negative binomial (n, 1 - pi_0).  Draws are independent: there is no chain to converge.  In closed
form n_0 = n r / xi at the observed shares, with variance n_0 + n_0^2 sum 1/n_omega.

Where a history is empty the likelihood of n_0 has no maximum between 0 and infinity: an even history that nobody has
puts r without end up, an odd one down, and the answer would be the prior's alone, by as much as its weight delta.  So
there is none.  Nor is there one where histories of a person or two do the same: where half the prior weight would
change the posterior mean of log n_0, sum_{odd} psi(n_omega + delta) - sum_{even} psi(n_omega + delta) -
psi(n + (2^J - 1) delta), by more than log 2.  Where it would change the upper 95 % limit by as much, a note says so.

References: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics (the central role of the identifying assumption in
population size estimation); Fienberg (1972) for the closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import ClassVar, TypeAlias

import numpy as np
from scipy.special import polygamma, psi

from estimation.capture.problems import MAX_PERSONS
from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.cell_sampler import HasCellSampler
from estimation.models.identification import identification_note
from estimation.models.missing_cell import Margin, draw_unseen, is_odd, log_odds_draws, margin_of, n_unseen_odds
from estimation.models.named_lists import NamesLists, unknown_lists
from estimation.models.predictive.residuals import history_names, residual_table
from estimation.models.prior_and_posterior import HasPrior, prior_total_draws
from estimation.models.protocol import (
    CLOSED_POPULATION,
    PRIOR_ON_N,
    Model,
    check_settings,
    estimate,
    not_estimable,
    unusable_lists,
)
from estimation.models.saturated_cells import SaturatedCells
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Result, ResultTable
from estimation.results.goodness_of_fit import GoodnessOfFit
from estimation.results.totals import Draws
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["NoHighestOrderInteraction"]

_MOST_LISTS = 20
_MOST_LISTS_AT_ONCE = 10
"""Draws of 2^10 histories take seconds, and no table fills them."""

_MOST_MOVED = 2.0
"""The most by which half the prior weight may multiply or divide n_0."""

_MOST_REJECTED = 0.05
"""Above this share of rejected draws the check fails."""

_CONTRADICTION = 0.5
"""Above this share of rejected draws the table contradicts the assumption, and there is no estimate."""

_Rows: TypeAlias = tuple[tuple[str | int | float, ...], ...]


@dataclass(frozen=True, slots=True)
class NoHighestOrderInteraction:
    """The number of people when the highest-order interaction is known (Aleshin-Guendel et al. 2023).

    By default there is no interaction of all lists at once (the identifying assumption).  Dirichlet prior on the
    observable histories, p(N) proportional to 1/N.

    Parameters
    ----------
    xi : float
        Product of the odd histories' probabilities over that of the even ones', history 0 included; 1 is no interaction
        of the highest order.  For two lists, one over their odds ratio: below 1 they are positively dependent and n_0
        is larger.
    lists : tuple of str, optional
        The lists that the assumption is about, at least two; by default all.
    prior_count : float
        Dirichlet weight of each observable history.  Unit: persons.
    draws, chains : int
        Independent draws of each chain, and the number of chains.

    Raises
    ------
    SettingError
        When a setting cannot be used; all problems are named together.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 540, "01": 300, "11": 120})
    >>> result = NoHighestOrderInteraction().fit(table, rng=1)
    >>> 2250 < result.median < 2370  # 540 * 300 / 120 = 1,350 unseen
    True
    """

    name: ClassVar[str] = "nhoi"
    title: ClassVar[str] = "No highest-order interaction"

    xi: float = field(
        default=1.0,
        metadata={
            "question": "What if the interaction of the lists, xi, were another?",
            "axis": "interaction of the lists, xi (1: none)",
        },
    )
    lists: tuple[str, ...] | None = None
    prior_count: float = 1.0
    draws: int = 4000
    chains: int = 4

    def __post_init__(self) -> None:
        problems = []
        if not (np.isfinite(self.xi) and self.xi > 0):
            problems.append(f"xi = {self.xi}; it is an odds ratio and must be above 0 (1 for no interaction)")
        if not (np.isfinite(self.prior_count) and self.prior_count >= 0):
            problems.append(f"prior_count = {self.prior_count}; it is a number of persons and cannot be negative")
        if self.lists is not None:
            if len(self.lists) < 2:
                problems.append(f"lists names {len(self.lists)} list; an interaction is between at least 2")
            twice = sorted({name for name in self.lists if self.lists.count(name) > 1})
            if twice:
                problems.append(f"lists names {', '.join(twice)} twice; name each list once")
        if self.draws < 1000:
            problems.append(f"draws = {self.draws}; an interval needs at least 1,000 a chain")
        if self.chains < 1:
            problems.append(f"chains = {self.chains}; at least 1 is needed")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            self._identifying,
            f"The probabilities of observable histories have a Dirichlet prior of weight {self.prior_count:g} each.",
            PRIOR_ON_N,
            CLOSED_POPULATION,
        )

    @property
    def _identifying(self) -> str:
        if self.lists is not None and len(self.lists) == 2:
            first, second = self.lists
            related = "are independent" if self.xi == 1 else f"have the odds ratio {1 / self.xi:.3g}"
            return f"{first} and {second} {related} among all people, whatever the other lists."
        about = "all lists" if self.lists is None else f"{', '.join(self.lists[:-1])} and {self.lists[-1]}"
        if self.xi == 1:
            return (
                f"There is no interaction of {about} at once: the dependence among all but one of them is the same for "
                "those on the remaining list as for those not on it."
            )
        return (
            f"The interaction of {about} at once is known: the product of the probabilities of the odd histories is "
            f"{self.xi:g} times that of the even ones, the history of those on none included."
        )

    @described_by(NamesLists.wrong_lists)
    def wrong_lists(self, table: CaptureTable) -> str | None:
        """What is wrong with the lists that the model names, or None."""
        return unknown_lists(self.lists, table)

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        shared = unusable_lists(table, minimum=2, maximum=_MOST_LISTS)
        if shared is not None:
            return shared
        wrong = self.wrong_lists(table)
        if wrong is not None:
            return wrong
        used = table if self.lists is None else table.keep(self.lists)
        n_lists = len(used.lists)
        if n_lists > _MOST_LISTS_AT_ONCE:
            return (
                f"an interaction of {n_lists} lists at once rests on {2**n_lists - 1:,} histories, which no table can "
                f"fill; name at most {_MOST_LISTS_AT_ONCE} of them, for example lists={','.join(used.lists[:2])}"
            )
        if n_lists < len(table.lists):
            shared = unusable_lists(used, minimum=2)
            if shared is not None:
                return shared
        return self._prior_alone(margin_of(table, self.lists), used.lists)

    def _prior_alone(self, margin: Margin, lists: tuple[str, ...]) -> str | None:
        """Why the answer would be that of the prior and not of the table, or None."""
        empty, histories = int((margin.cells == 0).sum()), margin.cells.size
        if empty:
            verb = "is" if empty == 1 else "are"
            return (
                f"{empty} of the {histories} histories on {', '.join(lists)} {verb} empty: the table sets no limit to "
                "the product of their probabilities, and the prior alone would speak; name fewer lists, for which no "
                "history is empty, or merge some"
            )
        factor = _moved_by_half_the_prior(margin, self.prior_count, errors=0.0)
        if factor <= _MOST_MOVED:
            return None
        return (
            f"half the prior weight of {self.prior_count:g} persons per history would change n_0 by a factor of "
            f"{factor:,.1f} (limit {_MOST_MOVED:g}), since the rarest of the {histories} histories on "
            f"{', '.join(lists)} has {int(margin.cells.min()):,} people: the prior alone would speak; name fewer "
            "lists, or merge some"
        )

    @described_by(HasPrior.prior_total)
    def prior_total(self, table: CaptureTable, *, rng: RandomState, draws: int = 4000) -> IntArray | None:
        """Draws of N given only how many people are observed; see `estimation.models.prior_and_posterior.HasPrior`.

        None where the histories have no prior weight, or hardly any draw of their probabilities obeys the assumption.
        """
        rng, margin = generator_of(rng), margin_of(table, self.lists)
        if self.prior_count == 0:
            return None
        unseen = Margin(np.zeros_like(margin.cells), margin.merged, 0, margin.merged_beside)
        log_odds = log_odds_draws(unseen, self.prior_count, self.xi, 2 * draws, rng)
        obeyed = log_odds[~np.isnan(log_odds)][:draws]
        if obeyed.size < draws / 2:
            return None
        return prior_total_draws(1 + np.exp(np.minimum(obeyed, 690.0)), table.n_observed, rng=rng)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Draw N, independently; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        margin = margin_of(table, self.lists)
        log_odds, rejected = self._accepted(margin, rng)
        if log_odds is None:
            return not_estimable(
                self,
                table,
                rng,
                f"{rejected:.0%} of the draws contradict the assumption: under it fewer people are on none of "
                f"{', '.join(self.lists or table.lists)} than the {margin.beside:,} observed on other lists only; use "
                "other lists or another xi",
            )
        unseen = draw_unseen(log_odds, margin.n, rng, most=MAX_PERSONS / 2)
        if unseen is None:
            return not_estimable(
                self,
                table,
                rng,
                f"the posterior of N reaches beyond any number of persons: the rarest of the {margin.cells.size} "
                f"histories has {int(margin.cells.min()):,} people and hardly bounds n_0; name fewer lists, or merge "
                "some",
            )
        total = Draws((margin.n + unseen).reshape(self.chains, self.draws))
        return estimate(
            self,
            table,
            rng,
            total,
            diagnostics=Diagnostics((*_checks(total), *self._rejections(table, rejected))),
            notes=self._notes(table, margin, rejected),
            tables=(*_closed_form(margin, self.xi), self._residuals(table, margin)),
            fit=GoodnessOfFit("saturated"),
        )

    @described_by(HasCellSampler.cell_sampler)
    def cell_sampler(
        self, lists: Sequence[str], histories: BoolArray, counts: IntArray, *, rng: np.random.Generator, spread: float
    ) -> SaturatedCells:
        """One stratum as a Markov chain; see `estimation.models.cell_sampler.HasCellSampler.cell_sampler`."""
        if self.prior_count == 0:
            check_settings(self.name, ["prior_count = 0; a history that nobody has now needs a prior weight above 0"])
        about = lists if self.lists is None else self.lists
        return SaturatedCells(lists, histories, delta=self.prior_count, rng=rng, about=about, xi=self.xi)

    def _residuals(self, table: CaptureTable, margin: Margin) -> ResultTable:
        """Residuals by history on the lists used: of a saturated model, those that its prior makes."""
        weights = margin.cells + self.prior_count * margin.merged
        whole = weights.sum() + margin.beside + self.prior_count * margin.merged_beside
        expected = margin.n * weights / whole
        return residual_table(self.title, history_names(self.lists or table.lists), margin.cells, expected)

    def _is_marginal(self, table: CaptureTable) -> bool:
        return self.lists is not None and len(self.lists) < len(table.lists)

    def _accepted(self, margin: Margin, rng: np.random.Generator) -> tuple[FloatArray | None, float]:
        """Draws of the log odds, shape (chains x draws,), and the share rejected; None when most are."""
        wanted = self.draws * self.chains
        batches: list[FloatArray] = []
        accepted = drawn = 0
        while accepted < wanted:
            found = log_odds_draws(margin, self.prior_count, self.xi, wanted, rng)
            usable = found[~np.isnan(found)]
            batches.append(usable)
            accepted += usable.size
            drawn += wanted
            if accepted < (1 - _CONTRADICTION) * drawn:
                return None, 1 - accepted / drawn
        return np.concatenate(batches)[:wanted], 1 - accepted / drawn

    def _rejections(self, table: CaptureTable, rejected: float) -> tuple[Check, ...]:
        if not self._is_marginal(table):
            return ()
        return (
            Check(
                "share of draws rejected",
                rejected,
                _MOST_REJECTED,
                rejected <= _MOST_REJECTED,
                "Draws that contradict the assumption: under them fewer people are on none of its lists than were "
                "observed there.",
            ),
        )

    def _notes(self, table: CaptureTable, margin: Margin, rejected: float) -> tuple[str, ...]:
        notes = []
        if self._is_marginal(table):
            notes.append(f"{rejected:.2%} of the draws contradict the assumption and are rejected.")
        weight = self.prior_count * (2 ** len(table.lists) - 1)
        if weight > 0.1 * table.n_observed:
            notes.append(
                f"The prior weighs as much as {weight:,.0f} people, against {table.n_observed:,} observed; compare "
                "other values of prior_count."
            )
        at_end = _moved_by_half_the_prior(margin, self.prior_count, errors=1.96)
        if at_end > _MOST_MOVED:
            notes.append(
                f"Half the prior weight of {self.prior_count:g} persons per history would change the upper end of n_0 "
                f"by a factor of {at_end:,.1f}: the prior speaks there as much as the lists."
            )
        even = ~is_odd(margin.cells.size.bit_length())
        if (margin.cells[even] + self.prior_count * margin.merged <= 2).any():
            notes.append(
                "A history on an even number of lists has so few people that the posterior mean or standard deviation "
                "of N is infinite; use the median and the interval."
            )
        if not self._is_marginal(table):
            known = f"the interaction of all lists is known, xi = {self.xi:g}"
            notes.append(identification_note("This model", 2 ** len(table.lists), len(table.lists), because=known))
        return tuple(notes)


def _moved_by_half_the_prior(margin: Margin, prior_count: float, *, errors: float) -> float:
    """The factor by which half the prior weight moves n_0, so many standard deviations of log n_0 above its centre."""
    half = prior_count * np.array([1.0, 0.5])
    weighted = margin.cells + margin.merged * half[:, None]
    total = weighted.sum(axis=1) + margin.beside + margin.merged_beside * half
    sign = np.where(is_odd(margin.cells.size.bit_length()), 1.0, -1.0)
    centre, spread = psi(weighted) @ sign - psi(total), np.sqrt(polygamma(1, weighted).sum(axis=1))
    return float(np.exp(abs((centre + errors * spread) @ [1.0, -1.0])))


def _checks(total: Draws) -> tuple[Check, ...]:
    """Whether there are enough of the draws, which are independent."""
    return chain_checks({"N": total.values.astype(float)})


def _closed_form(margin: Margin, xi: float) -> tuple[ResultTable, ...]:
    """N at the observed shares and its standard error, where they do not contradict the assumption."""
    counts = margin.cells.astype(np.float64)
    off_lists = float(n_unseen_odds(counts, xi) * counts.sum())
    if off_lists <= margin.beside:
        return ()
    # e^a + e^{2a} Var(a) with a = log of those off the lists (Rivest, Levesque 2001).
    spread = sqrt(off_lists + off_lists**2 * (1 / counts).sum())
    rows: _Rows = ((f"xi = {xi:g}", float(counts.sum()) + off_lists, spread),)
    return (ResultTable("Closed form of the same assumption", ("", "N (persons)", "standard error (persons)"), rows),)
