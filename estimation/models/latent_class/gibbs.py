"""N by a Dirichlet-process mixture of latent classes: people differ, and within a class the lists are independent.

Model
-----
Each person belongs to one of K hidden classes, and list j holds a person of class k with probability lambda_jk,
independently of the other lists:

    z_i ~ pi,   x_ij | z_i = k ~ Bernoulli(lambda_jk),   lambda_jk ~ Beta(a, b)
    pi_k = V_k prod_{l<k} (1 - V_l),   V_k ~ Beta(1, alpha),   V_K = 1,   alpha ~ Gamma or log-normal,   p(N) ~ 1/N

Identifying assumption: list dependence comes from the classes only, and those on no list belong to the same classes as
those on some.  K is a truncation, not a number of classes found: alpha decides how many hold anybody.

Likelihood of what was seen, with classes and n_0 summed out (rho is the probability of being on no list):
prod p_omega^n_omega / (1 - rho)^n, and n_0 given the rest is negative binomial (n, 1 - rho).  No bound is put on n_0.

Symbols
-------
J lists, K classes, n people seen, n_0 unseen, N = n + n_0; alpha the concentration of the Dirichlet process.

The sampler is in `estimation.models.latent_class.kernel`.  The first reference draws alpha given the sticks of empty
classes, and so all but stands still in alpha; here alpha and the labels move with the sticks integrated out, and
everything moves by gradient with classes and n_0 summed out.  The posterior is the same.

References: Manrique-Vallier (2016), Biometrics 72:1246-1254; Dunson, Xing (2009) for the mixture;
Ishwaran, James (2001) for the truncation; Neal (2011) for Hamiltonian moves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from typing import ClassVar

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.latent_class.alpha_prior import parse_alpha_prior
from estimation.models.latent_class.chains import Escaped, Plan, Run, monitored_of, sample
from estimation.models.latent_class.expansion_prior import (
    ExpansionPrior,
    expansion_prior,
    prior_expansion_draws,
    prior_total_draws,
    range_problems,
)
from estimation.models.latent_class.kernel import MOST_UNSEEN, OBSERVABLE
from estimation.models.latent_class.modes import Modes, modes_of
from estimation.models.latent_class.state import Prior
from estimation.models.latent_class.summaries import (
    classes_in_use,
    each_chain,
    moved,
    moved_note,
    observable,
    observable_note,
)
from estimation.models.protocol import (
    CLOSED_POPULATION,
    check_settings,
    no_overlap,
    not_estimable,
    provenance_of,
    unusable_lists,
)
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.totals import Draws
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["LatentClass"]

_LEAST: dict[str, int] = {"classes": 2, "chains": 2, "warmup": 200, "sweeps": 100, "max_sweeps": 100, "draws": 100}
_POSITIVE = ("capture_a", "capture_b")
_MOST_CLASSES = 100
_FULL = 0.5
"""Above this share of draws with all classes occupied, the reader is told that the truncation may matter."""

_SINGLE = 0.9
"""Above this share of draws with one class, the reader is told what that assumes."""

_ESCAPED = (
    f"the number of unseen people went past {MOST_UNSEEN:,} in a chain: the table puts no limit on those on no list, "
    "because a class of people that no list reaches fits it as well as any other; more overlap between the lists, or a "
    "prior that says how easily people are recorded (expansion), is needed"
)


@dataclass(frozen=True, slots=True)
class LatentClass:
    """N when people differ in how they are recorded, as a mixture of hidden classes (Manrique-Vallier 2016).

    Parameters
    ----------
    classes : int
        K, the most classes there may be (2 to 100).
    alpha_prior : str
        Prior of alpha, ``"gamma(shape, rate)"`` or ``"log-normal(mean, sd)"`` of log alpha; small alpha means few
        classes.
    capture_a, capture_b : float
        Beta prior of each class's probability of being on each list.
    expansion : (float, float), optional
        In place of ``capture_a`` and ``capture_b``: how many people there are for each one seen, with probability
        0.95, for example ``(1.1, 5)``; see `estimation.models.latent_class.expansion_prior`.
    chains : int
        Chains from dispersed starts (at least 2).
    warmup, sweeps, max_sweeps : int
        Sweeps a chain makes before any count (at least 200); in the first round that counts (at least 100); and at
        most, when rounds are doubled because a check fails.
    draws : int
        Draws a chain keeps, evenly spaced over its last round (at least 100, at most ``sweeps``).

    Raises
    ------
    SettingError
        For settings outside these ranges; all are named together.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
    ... )
    >>> result = LatentClass(classes=5, chains=4, warmup=500, sweeps=2000, draws=1000).fit(
    ...     table, rng=np.random.default_rng(1)
    ... )
    >>> 350 < result.interval().lower < 500 < result.median < 530 < result.interval().upper
    True
    """

    name: ClassVar[str] = "latent-class"
    title: ClassVar[str] = "Latent classes"

    classes: int = 10
    alpha_prior: str = "gamma(0.25, 0.25)"
    capture_a: float = 1.0
    capture_b: float = 1.0
    expansion: tuple[float, float] | None = None
    chains: int = 8
    warmup: int = 1500
    sweeps: int = 10_000
    max_sweeps: int = 40_000
    draws: int = 2500

    def __post_init__(self) -> None:
        problems = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in _LEAST:
                least = _LEAST[field.name]
                if isinstance(value, bool) or not isinstance(value, int) or value < least:
                    problems.append(f"{field.name} is {value!r}; it must be a whole number, {least} or more")
            elif field.name in _POSITIVE and not (_is_number(value) and value > 0):
                problems.append(f"{field.name} is {value!r}; it must be a positive number")
        try:
            parse_alpha_prior(str(self.alpha_prior))
        except ValueError as error:
            problems.append(f"alpha_prior: {error}")
        problems += self._expansion_problems()
        if not problems and self.classes > _MOST_CLASSES:
            problems.append(f"classes is {self.classes}; more than {_MOST_CLASSES} are never needed: 10 to 20 do")
        if not problems and self.max_sweeps < self.sweeps:
            problems.append(
                f"max_sweeps is {self.max_sweeps}, less than the {self.sweeps} sweeps of the first round; raise it"
            )
        if not problems and self.draws > self.sweeps:
            problems.append(f"draws is {self.draws}, more than the {self.sweeps} sweeps of a round; lower it")
        check_settings(self.name, problems)
        if self.expansion is not None:
            object.__setattr__(self, "expansion", (float(self.expansion[0]), float(self.expansion[1])))

    def _expansion_problems(self) -> list[str]:
        given = self.expansion
        if given is None:
            return []
        if not (isinstance(given, tuple | list) and len(given) == 2 and all(_is_number(end) for end in given)):
            return [f"expansion is {given!r}; it must be two numbers of people for each one seen, for example (1.1, 5)"]
        problems = [f"expansion: {problem}" for problem in range_problems(*given)]
        if (self.capture_a, self.capture_b) != (1, 1):
            problems.append(
                f"expansion is {tuple(given)} and capture_a, capture_b are {self.capture_a} and {self.capture_b}: both "
                "say how easily people are recorded, so leave one of the two out"
            )
        return problems

    def capture_prior(self, lists: int) -> ExpansionPrior | None:
        """The Beta prior of the captures that ``expansion`` stands for with so many lists, if it is set.

        Raises
        ------
        SettingError
            When no Beta gives it.
        """
        return None if self.expansion is None else expansion_prior(*self.expansion, lists=lists)

    def _capture(self, lists: int) -> tuple[float, float]:
        found = self.capture_prior(lists)
        return (float(self.capture_a), float(self.capture_b)) if found is None else (found.capture_a, found.capture_b)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        captures = f"Beta({self.capture_a:g}, {self.capture_b:g})"
        if self.expansion is not None:
            captures = (
                f"such that {self.expansion[0]:g} to {self.expansion[1]:g} people for each one seen are put at 95 %, "
                "were all people alike"
            )
        return (
            "Within each of a few hidden classes of people, being on one list says nothing about being on another, and "
            "the people on no list belong to the same classes as those on some.",
            "Before the table is seen: every order of magnitude of the total is equally plausible (p(N) ~ 1/N); a "
            f"class's probability of being on a list is {captures}; there are at most {self.classes} classes, and "
            f"their number is governed by {parse_alpha_prior(self.alpha_prior).words}.",
            CLOSED_POPULATION,
        )

    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        if len(table.lists) == 2:
            return (
                f"two lists ({' and '.join(table.lists)}) cannot tell people who are hard to record from lists that "
                "avoid each other, so the answer would be the prior's; it needs at least 3 lists, or use "
                "chapman, which assumes that the two are independent"
            )
        shared = unusable_lists(table, minimum=3) or no_overlap(table)
        if shared is None:
            try:
                self.capture_prior(len(table.lists))
            except SettingError as error:
                return "; ".join(error.problems)
        return shared

    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """The posterior of N, or what the chains found in its place; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        provenance = provenance_of(self, table, rng)
        shape, rate, precision = parse_alpha_prior(self.alpha_prior).in_log_alpha
        prior = Prior(shape, rate, *self._capture(len(table.lists)), precision)
        plan = Plan(self.chains, self.warmup, self.sweeps, self.max_sweeps, self.draws)
        *rngs, rng_prior = rng.spawn(self.chains + 1)
        try:
            run = sample(table, prior, plan, classes=self.classes, rngs=rngs, workers=workers, progress=progress)
        except Escaped:
            return not_estimable(self, table, rng, _ESCAPED)
        draws = Draws(table.n_observed + run.unseen.astype(np.int64), monitored_of(run.log_alpha, run.occupied))
        diagnostics = Diagnostics(run.checks)
        modes = modes_of(draws, table.n_observed)
        if not diagnostics.ok:
            return NotEstimable(
                n_observed=table.n_observed,
                model=self.name,
                title=self.title,
                reason=_disagreement(draws, diagnostics, run.swept, modes),
                assumptions=self.assumptions,
                provenance=provenance,
                diagnostics=diagnostics,
                evidence=draws,
                tables=(each_chain(draws, modes), modes.table),
            )
        before = self.prior_total(table, rng=rng_prior)
        return Estimate(
            total=draws,
            n_observed=table.n_observed,
            model=self.name,
            title=self.title,
            assumptions=self.assumptions,
            diagnostics=diagnostics,
            provenance=provenance,
            notes=self._notes(table, draws, run, before, modes),
            tables=(
                classes_in_use(run.occupied),
                moved(before, draws, table.n_observed),
                observable(draws.values, run.observable, OBSERVABLE),
                each_chain(draws, modes),
                modes.table,
            ),
        )

    def _notes(self, table: CaptureTable, draws: Draws, run: Run, before: IntArray, modes: Modes) -> tuple[str, ...]:
        """What the reader must see: how far the table moved the answer from the prior, modes, and whether K binds."""
        notes = [moved_note(before, draws, table.n_observed)]
        elicited = self.capture_prior(len(table.lists))
        if elicited is not None:
            lower, upper = np.quantile(before, [0.025, 0.975]) / table.n_observed
            notes.append(f"{elicited.sentence[:-1]}, and {lower:.3g} to {upper:.3g} with the classes of this model.")
        notes.append(modes.sentence)
        reached = observable_note(draws.values, run.observable, OBSERVABLE)
        if reached is not None:
            notes.append(reached)
        full = float((run.occupied == self.classes).mean())
        if full > _FULL:
            notes.append(
                f"In {full:.0%} of draws all {self.classes} classes hold somebody, so the limit on their number may "
                f"matter: compare with classes = {2 * self.classes}."
            )
        single = float((run.occupied == 1).mean())
        if single > _SINGLE:
            notes.append(
                f"In {single:.0%} of draws everybody is of one class, as if being on one list said nothing about being "
                "on another; with many lists the prior asks for much evidence before it grants a second class, and if "
                "some people are less likely than others to be on any list at all, the total is too low: compare with "
                "a prior that says how easily people are recorded (expansion)."
            )
        return tuple(notes)

    def prior_expansion(self, lists: int, *, rng: np.random.Generator, draws: int = 4000) -> FloatArray:
        """Draws from the prior of how many people there are for each one seen by so many lists, shape (draws,).

        Raises
        ------
        SettingError
            When ``expansion`` is set and no Beta gives it with so many lists.

        Examples
        --------
        >>> drawn = LatentClass(expansion=(1.1, 5)).prior_expansion(4, rng=np.random.default_rng(1))
        >>> bool(drawn.min() > 1), drawn.shape
        (True, (4000,))
        """
        alpha, capture = parse_alpha_prior(self.alpha_prior), self._capture(lists)
        return prior_expansion_draws(alpha, capture, classes=self.classes, lists=lists, draws=draws, rng=rng)

    def prior_total(self, table: CaptureTable, *, rng: np.random.Generator, draws: int = 4000) -> IntArray:
        """Draws of N given only how many people a table has, and on how many lists, shape (draws,).  Unit: persons.

        Raises
        ------
        SettingError
            When ``expansion`` is set and no Beta gives it with so many lists.
        """
        expansion = self.prior_expansion(len(table.lists), rng=rng, draws=draws)
        return prior_total_draws(expansion, table.n_observed, rng=rng)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _disagreement(draws: Draws, diagnostics: Diagnostics, swept: int, modes: Modes) -> str:
    """Why the draws are not a number, and what could be done."""
    medians = np.median(draws.values, axis=1)
    apart = [check for check in diagnostics.failed if check.name.startswith("R-hat")]
    said = ", ".join(f"{check.name} {check.value:.4g}" for check in apart or diagnostics.failed)
    limit = (apart or diagnostics.failed)[0].limit
    if apart:
        found = (
            f"after {swept:,} sweeps each, the {len(medians)} chains do not agree ({said}; limit {limit:g}); "
            f"their own medians of N run from {medians.min():,.0f} to {medians.max():,.0f}, so more than one "
            "arrangement of classes fits the table and a number would depend on where a chain started"
        )
        if len(modes.peaks) > 1:
            found += f" ({modes.sentence[0].lower()}{modes.sentence[1:-1]})"
    else:
        found = (
            f"after {swept:,} sweeps each, the {len(medians)} chains agree but are worth too few independent draws "
            f"({said}; needed {limit:g})"
        )
    return f"{found}; try a larger max_sweeps, or fewer lists by merging those that hold few people"
