"""No highest-order interaction: the identifying assumption as an argument.

Likelihood: the n people observed fall into the 2^J - 1 observable capture histories with probabilities pi_omega, about
which nothing is assumed: they have a Dirichlet prior with the same weight for each history.  Nothing in the data says
how many people have history 0; an assumption does.

Symbols
-------
J : lists.   omega : capture history, even or odd by the number |omega| of lists on it.   n_omega, n : people observed.
pi_omega : chance of history omega among those observed.   delta : prior weight of a history (persons).
xi : odds by which the assumption departs from no interaction.   pi_0 : chance to be on no list.   n_0 : people on none.

Identifying assumption: the product of the chances of all odd histories is xi times that of all even ones, 0 included:

    r = prod_{odd} pi_omega / prod_{even, not 0} pi_omega,        pi_0 / (1 - pi_0) = r / xi

With xi = 1 the interaction of all J lists is nought: the dependence among any J - 1 of them, whatever it be, is the
same for those on the remaining list as for those not on it.  For two lists xi is one over their odds ratio.

On some of the lists alone (marginal): the same about the histories on those lists, whatever the others did.  People who
are on other lists only are then part of the margin's cell 0, so that

    pi_0 / (1 - pi_0) = r / xi - pi_00*,                          pi_00* : share of those observed on other lists only

and a draw of pi for which this is not above 0 contradicts the assumption and is rejected.

Under p(N) proportional to 1/N, n_0 given pi_0 is negative binomial (n, 1 - pi_0), and its total is exact: draws are
independent, there is no chain to converge.  In closed form, where no history is empty, n_0 = n r / xi at the observed
shares, with variance n_0 + n_0^2 sum 1/n_omega.

References: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics (the central role of the identifying assumption in
population size estimation); Fienberg (1972) for the closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from estimation.capture.problems import MAX_PERSONS
from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.protocol import (
    CLOSED_POPULATION,
    check_settings,
    not_estimable,
    provenance_of,
    unusable_lists,
)
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, Result, ResultTable
from estimation.results.totals import Draws
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["NoHighestOrderInteraction", "n_unseen_odds"]

_MOST_LISTS = 20
_MOST_LISTS_AT_ONCE = 10
"""Of 2^10 histories the posterior's draws take seconds; far below that the assumption says nothing that can be used."""

_MOST_REJECTED = 0.05
"""Above this share of rejected draws the check fails."""

_HOPELESS = 0.5
"""Above this share of rejected draws the table speaks against the assumption, and there is no number."""

_BATCH = 2_000_000
"""Gamma variates drawn at a time."""

_Rows: TypeAlias = tuple[tuple[str | int | float, ...], ...]


def _is_odd(n_lists: int) -> BoolArray:
    """Whether each of the 2^J - 1 observable histories is on an odd number of lists."""
    return np.asarray(np.bitwise_count(np.arange(1, 1 << n_lists)) % 2 == 1)


def _log_ratio(log_values: FloatArray) -> FloatArray:
    """The log of r, shape (...): odd histories less even ones; `log_values` has shape (..., C)."""
    n_lists = log_values.shape[-1].bit_length()
    return np.asarray(log_values @ np.where(_is_odd(n_lists), 1.0, -1.0))


def n_unseen_odds(cell_probabilities: npt.ArrayLike, xi: float = 1.0) -> FloatArray:
    """People on no list for each one observed, from any fitted chances of the observable histories.

    Parameters
    ----------
    cell_probabilities : array, shape (..., 2^J - 1)
        Chances of, or expected people with, each observable history, in the order of `CaptureTable.cells` without its
        first entry; every one above 0.  They need not add to 1.
    xi : float
        Product of the odd histories' chances over that of the even ones', 0 included.

    Returns
    -------
    float array, shape (...)
        pi_0 / (1 - pi_0) = r / xi.  Times the people observed it is the expected number on no list.

    Raises
    ------
    ValueError
        When the last axis does not have 2^J - 1 entries, one is not above 0, or xi is not.

    References
    ----------
    Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.

    Examples
    --------
    >>> round(float(n_unseen_odds([54, 30, 12]) * 96), 9)  # 54 * 30 / 12
    135.0
    """
    values = np.asarray(cell_probabilities, dtype=np.float64)
    cells = values.shape[-1] if values.ndim else 0
    if cells < 3 or cells & (cells + 1):
        raise ValueError(f"{cells} histories are given; J lists have 2^J - 1 of them, for example 3, 7 or 15")
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError("a history has chance 0 or none; r is a product and a ratio of all of them, each above 0")
    if not (np.isfinite(xi) and xi > 0):
        raise ValueError(f"xi = {xi}; it is an odds ratio and must be above 0")
    # Logs until here: the product of many small chances underflows.
    return np.asarray(np.exp(_log_ratio(np.log(values)) - np.log(xi) - np.log(values.sum(axis=-1))))


@dataclass(frozen=True, slots=True)
class _Margin:
    """The table as the assumption sees it.

    cells : people with each of the 2^K - 1 histories on the K lists used.   merged : histories of the table in each.
    beside : people on other lists only.   merged_beside : histories of theirs.
    """

    cells: IntArray
    merged: int
    beside: int
    merged_beside: int

    @property
    def n(self) -> int:
        return int(self.cells.sum()) + self.beside


def _margin(table: CaptureTable, lists: tuple[str, ...] | None) -> _Margin:
    used = table if lists is None else table.keep(lists)
    merged = 1 << (len(table.lists) - len(used.lists))
    return _Margin(used.cells()[1:], merged, table.n_observed - used.n_observed, merged - 1)


def _log_gamma(shape: FloatArray, size: int, rng: np.random.Generator) -> FloatArray:
    """Logs of gamma variates, shape (size, C); right down to shapes whose variates are too small to be written."""
    # Gamma(a) is Gamma(a + 1) U^(1/a) (Marsaglia, Tsang 2000); its log cannot underflow.
    more = np.log(rng.standard_gamma(shape + 1, size=(size, shape.size)))
    return np.asarray(more - rng.standard_exponential((size, shape.size)) / shape)


def _log_odds(margin: _Margin, delta: float, xi: float, size: int, rng: np.random.Generator) -> FloatArray:
    """Draws of log(pi_0 / (1 - pi_0)), shape (size,); NaN where a draw contradicts the assumption."""
    shape = np.asarray(margin.cells + delta * margin.merged, dtype=np.float64)
    beside = margin.beside + delta * margin.merged_beside
    odds = np.empty(size)
    step = max(1, _BATCH // (shape.size + 1))
    for start in range(0, size, step):
        many = min(step, size - start)
        log_cells = _log_gamma(shape, many, rng)
        log_rest = (
            _log_gamma(np.array([beside], dtype=np.float64), many, rng)[:, 0] if beside > 0 else np.full(many, -np.inf)
        )
        # r / xi against pi_00*, both before they are divided by the sum of the gamma variates.
        log_total = np.logaddexp(np.logaddexp.reduce(log_cells, axis=1), log_rest)
        log_r = _log_ratio(log_cells) - np.log(xi)
        gap = np.full(many, np.nan)
        above = log_r > log_rest
        gap[above] = np.log1p(-np.exp(log_rest[above] - log_r[above]))
        odds[start : start + many] = log_r + gap - log_total
    return odds


def _unseen(log_odds: FloatArray, n: int, rng: np.random.Generator) -> IntArray | None:
    """Draws of n_0, negative binomial (n, 1 - pi_0); None when one is beyond any number of persons."""
    log_mean = np.log(rng.standard_gamma(n, size=log_odds.shape)) + log_odds
    if log_mean.max() > np.log(MAX_PERSONS / 2):
        return None
    return np.asarray(rng.poisson(np.exp(log_mean)), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class NoHighestOrderInteraction:
    """The posterior of N when the interaction of all lists, or of some, is assumed (Aleshin-Guendel et al. 2023).

    Parameters
    ----------
    xi : float
        Product of the odd histories' chances over that of the even ones', 0 included; 1 is no interaction of the
        highest order.  For two lists, one over their odds ratio: below 1 they attract each other and more are unseen.
    lists : tuple of str, optional
        The lists that the assumption is about, at least two; all when left out.
    prior_count : float
        Dirichlet weight of each observable history.  Unit: persons.
    draws, chains : int
        Independent draws, by chain.

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
            f"Before the lists are seen, each history that can be observed weighs {self.prior_count:g} persons "
            "(Dirichlet prior).",
            CLOSED_POPULATION,
        )

    @property
    def _identifying(self) -> str:
        if self.lists is not None and len(self.lists) == 2:
            first, second = self.lists
            related = (
                "are independent"
                if self.xi == 1
                else f"have the odds ratio {1 / self.xi:.3g} (being on one multiplies the odds of being on the other)"
            )
            return f"{first} and {second} {related} among all people, whatever the other lists."
        about = "all lists" if self.lists is None else f"{', '.join(self.lists[:-1])} and {self.lists[-1]}"
        if self.xi == 1:
            return (
                f"There is no interaction of {about} at once: how all but one of them depend on each other is the same "
                "for those on the remaining list as for those not on it."
            )
        return (
            f"The interaction of {about} at once is known: over the histories on them, the product of the chances of "
            f"the odd ones is {self.xi:g} times that of the even ones (the history of those on none included)."
        )

    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        shared = unusable_lists(table, minimum=2, maximum=_MOST_LISTS)
        if shared is not None:
            return shared
        unknown = [name for name in self.lists or () if name not in table.lists]
        if unknown:
            return f"there is no list {' or '.join(unknown)}; the lists are {', '.join(table.lists)}"
        used = table if self.lists is None else table.keep(self.lists)
        many = len(used.lists)
        if many > _MOST_LISTS_AT_ONCE:
            return (
                f"an interaction of {many} lists at once rests on {2**many - 1:,} histories, which no table can fill; "
                f"name at most {_MOST_LISTS_AT_ONCE} of them, for example lists={','.join(used.lists[:2])}"
            )
        if many < len(table.lists):
            shared = unusable_lists(used, minimum=2)
            if shared is not None:
                return shared
        empty = int((used.cells()[1:] == 0).sum())
        if empty and self.prior_count == 0:
            return (
                f"{empty} of the {2**many - 1} histories on {', '.join(used.lists)} were seen for nobody, and a "
                "product with 0 in it says nothing of those unseen; give each history a prior weight (prior_count "
                "above 0), or name fewer lists"
            )
        return None

    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Draw N, independently; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        provenance = provenance_of(self, table, rng)
        margin = _margin(table, self.lists)
        log_odds, rejected = self._accepted(margin, rng)
        if log_odds is None:
            return not_estimable(
                self,
                table,
                rng,
                f"{rejected:.0%} of the draws contradict the assumption: it asks for fewer people off "
                f"{' and '.join(self.lists or table.lists)} than the {margin.beside:,} seen on other lists only",
            )
        unseen = _unseen(log_odds, margin.n, rng)
        if unseen is None:
            return not_estimable(
                self,
                table,
                rng,
                f"the posterior reaches beyond any number of persons: {int((margin.cells == 0).sum())} of the "
                f"{margin.cells.size} histories were seen for nobody; name fewer lists, or merge some",
            )
        total = Draws((margin.n + unseen).reshape(self.chains, self.draws))
        return Estimate(
            total=total,
            n_observed=table.n_observed,
            model=self.name,
            title=self.title,
            assumptions=self.assumptions,
            diagnostics=Diagnostics((*_checks(total), *self._rejections(table, rejected))),
            provenance=provenance,
            notes=self._notes(table, margin, rejected),
            tables=_closed_form(margin, self.xi),
        )

    def _is_marginal(self, table: CaptureTable) -> bool:
        return self.lists is not None and len(self.lists) < len(table.lists)

    def _accepted(self, margin: _Margin, rng: np.random.Generator) -> tuple[FloatArray | None, float]:
        """As many draws of log odds as asked for, and the share rejected; None when most are."""
        wanted = self.draws * self.chains
        kept: list[FloatArray] = []
        accepted = drawn = 0
        while accepted < wanted:
            found = _log_odds(margin, self.prior_count, self.xi, wanted, rng)
            usable = found[~np.isnan(found)]
            kept.append(usable)
            accepted += usable.size
            drawn += wanted
            if accepted < (1 - _HOPELESS) * drawn:
                return None, 1 - accepted / drawn
        return np.concatenate(kept)[:wanted], 1 - accepted / drawn

    def _rejections(self, table: CaptureTable, rejected: float) -> tuple[Check, ...]:
        if not self._is_marginal(table):
            return ()
        return (
            Check(
                "share of draws rejected",
                rejected,
                _MOST_REJECTED,
                rejected <= _MOST_REJECTED,
                "Draws in which more people are on other lists only than the assumption leaves off its own lists.",
            ),
        )

    def _notes(self, table: CaptureTable, margin: _Margin, rejected: float) -> tuple[str, ...]:
        notes = []
        if self._is_marginal(table):
            notes.append(f"{rejected:.2%} of the draws contradicted the assumption and were rejected.")
        empty = int((margin.cells == 0).sum())
        if empty:
            notes.append(
                f"{empty} of the {margin.cells.size} histories were seen for nobody: there is no closed form, and the "
                f"number leans on the prior weight of {self.prior_count:g} people a history."
            )
        weight = self.prior_count * (2 ** len(table.lists) - 1)
        if weight > 0.1 * table.n_observed:
            notes.append(
                f"The prior counts as {weight:,.0f} people beside the {table.n_observed:,} observed; compare other "
                "values of prior_count."
            )
        even = ~_is_odd(margin.cells.size.bit_length())
        if (margin.cells[even] + self.prior_count * margin.merged <= 2).any():
            notes.append(
                "A history on an even number of lists holds so few people that the posterior's mean or standard "
                "deviation is infinite; use the median and the interval."
            )
        return tuple(notes)


def _checks(total: Draws) -> tuple[Check, ...]:
    """Whether the draws, which are independent, are enough of them."""
    # Imported here because ArviZ takes seconds to load, which checking a setting or a table does not need.
    from estimation.results.convergence import chain_checks

    return chain_checks({"N": total.values.astype(float)})


def _closed_form(margin: _Margin, xi: float) -> tuple[ResultTable, ...]:
    """N at the observed shares and its standard error, where no history is empty."""
    if (margin.cells == 0).any():
        return ()
    counts = margin.cells.astype(np.float64)
    off_lists = float(n_unseen_odds(counts, xi) * counts.sum())
    if off_lists <= margin.beside:
        return ()
    # e^a + e^{2a} Var(a) with a = log of those off the lists (Rivest, Levesque 2001).
    spread = sqrt(off_lists + off_lists**2 * (1 / counts).sum())
    rows: _Rows = ((f"xi = {xi:g}", float(counts.sum()) + off_lists, spread),)
    return (ResultTable("The same assumption in closed form", ("", "N (persons)", "standard error (persons)"), rows),)
