"""A range across families of models, declared before the lists are seen.

No one model's interval holds N whatever made the lists overlap as they do: an average over models in which people are
alike misses N where they differ, and a model in which they differ by one form misses it where lists exchange cases.
This range reaches from the lowest to the highest end of the intervals of several families, of which each makes another
assumption.  It is no confidence interval and no posterior: how often it holds N was measured, on invented lists
(docs/coverage.md), with the settings that are the defaults here and were fixed before those lists were drawn.

Families: all hierarchical log-linear models but the saturated one; and for each form of heterogeneity all models with
interactions of two lists only and that form, whose coefficient is not negative (see
`estimation.models.log_linear.selected` and `estimation.models.log_linear.family`).

Likelihood: the number of people with each history is Poisson, as in `estimation.models.log_linear.one_model`.
Identifying assumption: one of the models of the families holds.

Symbols
-------
s : a family.   g : a model of it.   N_g, v_g : its estimate and variance.   n : people observed.   C : cells, 2^J - 1.
k_g : its coefficients.   l_g : its log likelihood.   B_g = k_g log C - 2 l_g, the BIC that takes each cell of the table
for an observation.

    w_g proportional to exp(-B_g / 2) within s           E_s = sum of exp(-B_g / 2) over the models of s
    mixture of s: over g with weight w_g, N - n log-normal with median N_g - n and log-variance log(1 + v_g/(N_g - n)^2)

An interval of a family has for its ends the quantiles of the mixture.  A family whose E_s is less than the largest
divided by the Bayes factor of the setting is left out; the result names it.  The number quoted is the median of the
mixture over the families that are left in, weighted by E_s.

References
----------
Rivest, Baillargeon (2007), Biometrics 63:999-1006; Buckland, Burnham, Augustin (1997), Biometrics 53:603-618, for the
average; Kass, Raftery (1995), Journal of the American Statistical Association 90:773-795, for BIC as evidence, what
counts as an observation in it, and Bayes factors; Chao (1987), Biometrics 43:783-791, for the log-normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import ClassVar, cast, get_args

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from estimation.capture.problems import MAX_PERSONS
from estimation.capture.table import BoolArray, CaptureTable, FloatArray
from estimation.models.log_linear.convergence import family_check
from estimation.models.log_linear.family import Family
from estimation.models.log_linear.heterogeneity_designs import Shape, shapes_by_column
from estimation.models.log_linear.selected import MAX_LISTS_SEARCHED, explore, search_notes, why_not_search
from estimation.models.log_linear.terms import format_model
from estimation.models.protocol import (
    CLOSED_POPULATION,
    Model,
    check_settings,
    estimate,
    no_overlap,
    not_estimable,
    unusable_lists,
)
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Result, ResultTable
from estimation.results.log_interval import LEVELS
from estimation.results.totals import Interval, Point
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["RobustRange", "robust_range"]

_WITHOUT = "without heterogeneity"
_NEGLIGIBLE = 1e-6
_LARGEST_LOG = 300 * log(10)
"""Logarithm of the largest Bayes factor that is written as a number."""
"""Weight in a mixture below which a model moves no end."""


@dataclass(frozen=True, slots=True, eq=False)
class _Mixture:
    """Log-normal distributions of n_0 with weights.

    Parameters
    ----------
    log_evidence : float
        log E, up to a constant that all families share.
    weights, centres, spreads : float arrays, shape (M,)
        Weight, mean of log n_0 and its standard deviation.
    """

    log_evidence: float
    weights: FloatArray
    centres: FloatArray
    spreads: FloatArray

    def quantile(self, probability: float) -> float:
        """A quantile of n_0.  Unit: persons."""
        reach = 10 * self.spreads
        ends = float((self.centres - reach).min()), float((self.centres + reach).max())
        found = brentq(
            lambda at: float(self.weights @ ndtr((at - self.centres) / self.spreads)) - probability, *ends, xtol=1e-10
        )
        return float(np.exp(found))

    @property
    def sd(self) -> float:
        """Standard deviation of n_0: of the models' estimates and between them.  Unit: persons."""
        centres = np.exp(self.centres)
        mean = float(self.weights @ centres)
        own = centres**2 * np.expm1(self.spreads**2)
        return float(np.sqrt(self.weights @ (own + (centres - mean) ** 2)))


def _mixture(family: Family, members: BoolArray) -> _Mixture | None:
    """The mixture over some of the models of a family; None where none of them gives an estimate."""
    score = np.where(members, family.score("bic-of-cells"), np.inf)
    if not np.isfinite(score).any():
        return None
    best = score.min()
    relative = np.exp(-(score - best) / 2)
    weights = relative / relative.sum()
    use = weights > _NEGLIGIBLE
    unseen, error = family.fits.unseen[use], family.fits.standard_error[use]
    return _Mixture(
        float(np.log(relative.sum()) - best / 2),
        weights[use] / weights[use].sum(),
        np.log(unseen),
        np.sqrt(np.log1p((error / unseen) ** 2)),
    )


def _together(mixtures: Sequence[_Mixture]) -> _Mixture:
    """Several families as one, weighted by their evidence."""
    top = max(mixture.log_evidence for mixture in mixtures)
    shares = np.exp([mixture.log_evidence - top for mixture in mixtures])
    weights = np.concatenate([share * mixture.weights for share, mixture in zip(shares, mixtures, strict=True)])
    return _Mixture(
        float(top + np.log(shares.sum())),
        weights / weights.sum(),
        np.concatenate([mixture.centres for mixture in mixtures]),
        np.concatenate([mixture.spreads for mixture in mixtures]),
    )


@dataclass(frozen=True, slots=True)
class RobustRange:
    """The range of N across families of models, declared before the lists are seen; no confidence interval.

    One of the models of the families holds: people are alike, and lists depend on each other as in a hierarchical
    log-linear model; or they differ by one of the forms named, and lists depend on each other in pairs (the identifying
    assumption).  Families that the lists speak against are left out of the range, and named.

    Parameters
    ----------
    shapes : tuple of str
        The forms of heterogeneity, each with a family of its own beside the one without: ``Poisson2``, ``Darroch``,
        ``Gamma3.5``, ``Gamma2.5``.
    bayes_factor : float
        A family is left out when the evidence of another is more than so many times its own.

    Raises
    ------
    SettingError
        When a form is not one of those named, or the Bayes factor is less than 1.

    Examples
    --------
    >>> histories = {"100": 30, "010": 20, "001": 25, "110": 8, "011": 6, "101": 7, "111": 4}
    >>> table = CaptureTable.from_histories(["A", "B", "C"], histories)
    >>> print(RobustRange().fit(table, rng=1))
    about 215 people (95 % range across families 139 to 2,277); 100 observed
    """

    name: ClassVar[str] = "robust-range"
    title: ClassVar[str] = "Robust range across families"

    shapes: tuple[Shape, ...] = ("Darroch", "Gamma2.5")
    bayes_factor: float = 3.0

    def __post_init__(self) -> None:
        allowed = [shape for shape in get_args(Shape) if shape != "Chao"]
        problems = [
            f"shapes = {shape!r}; choose from {', '.join(allowed)}" for shape in self.shapes if shape not in allowed
        ]
        if not self.bayes_factor >= 1:
            problems.append(f"bayes_factor = {self.bayes_factor:g}; it must be 1 or more")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        forms = ", ".join(self.shapes)
        return (
            "Either people are alike and the lists depend on each other as in a hierarchical log-linear model without "
            "an interaction of all lists; or lists depend on each other in pairs, and people differ in how easily they "
            f"are recorded, by one of the forms {forms}.",
            f"A family whose evidence is less than that of another by more than a factor of {self.bayes_factor:g} "
            "does not hold.",
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        unusable = unusable_lists(table, minimum=3, maximum=MAX_LISTS_SEARCHED)
        return unusable or no_overlap(table) or why_not_search(table)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """The range; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        family = explore(table, "bic-of-cells", "with heterogeneity", self.shapes)
        own = self._families(family, len(table.lists))
        mixtures = {label: _mixture(family, members) for label, members in own.items()}
        found = {label: mixture for label, mixture in mixtures.items() if mixture is not None}
        top = max(mixture.log_evidence for mixture in found.values())
        least = top - np.log(self.bayes_factor)
        used = {label: mixture for label, mixture in found.items() if mixture.log_evidence >= least}
        n, together = table.n_observed, _together(tuple(used.values()))
        intervals = tuple(_range(tuple(used.values()), n, level) for level in LEVELS)
        if max(interval.upper for interval in intervals) > MAX_PERSONS:
            reason = (
                "a family of models sets no upper limit to the number of people (its interval reaches beyond "
                f"{MAX_PERSONS:,}); merge lists that hardly overlap"
            )
            return not_estimable(self, table, rng, reason)
        return estimate(
            self,
            table,
            rng,
            Point(n + together.quantile(0.5), together.sd, intervals),
            diagnostics=Diagnostics((family_check(family, table, family.weights("bic-of-cells")),)),
            notes=(*self._notes(mixtures, used), *search_notes(family, table)),
            tables=(self._members(family, table, own, mixtures, used),),
        )

    def _families(self, family: Family, n_lists: int) -> dict[str, BoolArray]:
        """Which of the models fitted are in each family."""
        wide = family.models[:, 1 << n_lists :]
        by_column = shapes_by_column(n_lists)
        without: BoolArray = np.logical_not(wide.any(axis=1))
        return {_WITHOUT: without} | {shape: wide[:, by_column.index(shape)] for shape in self.shapes}

    def _notes(self, mixtures: dict[str, _Mixture | None], used: dict[str, _Mixture]) -> tuple[str, ...]:
        """What the range is, and which families are not in it."""
        refused = [label for label, mixture in mixtures.items() if mixture is None]
        left_out = [label for label in mixtures if label not in used and label not in refused]
        notes = [
            "This is a range across families of models that were declared beforehand, and no confidence interval: how "
            "often it holds the true number is known only for the invented lists of the coverage page. "
            f"Families in the range: {', '.join(used)}."
        ]
        if left_out:
            notes.append(
                f"Left out, since the evidence of another family is more than {self.bayes_factor:g} times theirs: "
                f"{', '.join(left_out)}."
            )
        if refused:
            notes.append(f"No model of these families gives an estimate on this table: {', '.join(refused)}.")
        return tuple(notes)

    def _members(
        self,
        family: Family,
        table: CaptureTable,
        own: dict[str, BoolArray],
        mixtures: dict[str, _Mixture | None],
        used: dict[str, _Mixture],
    ) -> ResultTable:
        """Each family with its number, its interval and its evidence."""
        score, n = family.score("bic-of-cells"), table.n_observed
        top = max(mixture.log_evidence for mixture in mixtures.values() if mixture is not None)
        rows: list[tuple[str | float, ...]] = []
        for label, mixture in mixtures.items():
            if mixture is None:
                rows.append((label, "no model gives an estimate", "", "", "", "", "no"))
                continue
            best = int(np.argmin(np.where(own[label], score, np.inf)))
            middle, lower, upper = (n + mixture.quantile(p) for p in (0.5, 0.025, 0.975))
            log_against = top - mixture.log_evidence
            against = float(np.exp(log_against)) if log_against < _LARGEST_LOG else "above 1e+300"
            largest = format_model(family.models[best], table.lists)
            rows.append((label, largest, middle, lower, upper, against, "yes" if label in used else "no"))
        return ResultTable(
            "The families of the range",
            (
                "family",
                "model with the largest weight",
                "median N (persons)",
                "2.5 % (persons)",
                "97.5 % (persons)",
                "Bayes factor against it",
                "in the range",
            ),
            cast(tuple[tuple[str | int | float, ...], ...], tuple(rows)),
        )


def _range(mixtures: Sequence[_Mixture], n: int, level: float) -> Interval:
    """From the lowest to the highest end of the families' intervals at a level.  Unit: persons."""
    tail = (1 - level) / 2
    lower = min(mixture.quantile(tail) for mixture in mixtures)
    upper = max(mixture.quantile(1 - tail) for mixture in mixtures)
    return Interval(n + lower, n + upper, level, "range across families")


def robust_range(
    table: CaptureTable,
    *,
    rng: RandomState,
    shapes: Sequence[Shape] = RobustRange().shapes,
    bayes_factor: float = RobustRange().bayes_factor,
    workers: int = 1,
    progress: Progress = silent,
) -> Result:
    """The range of N across families of models that are declared before the lists are seen.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    rng : int, SeedSequence or Generator
        Recorded; nothing is drawn.
    shapes, bayes_factor
        As in `RobustRange`.
    workers, progress
        As in `estimation.models.protocol.Model.fit`.

    Returns
    -------
    Estimate or NotEstimable
        The interval's kind is ``"range across families"``; the families stand in a table of the result.

    Examples
    --------
    >>> from estimation.capture.datasets import load_table
    >>> print(robust_range(load_table("kosovo"), rng=1))
    about 12,900 people (95 % range across families 9,300 to 23,600); 4,400 observed
    """
    model = RobustRange(tuple(shapes), bayes_factor)
    return model.fit(table, rng=rng, workers=workers, progress=progress)
