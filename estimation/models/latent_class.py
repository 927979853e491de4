"""N by a Dirichlet-process mixture of latent classes: people differ, and within a class the lists are independent.

Model
-----
Each person belongs to one of K hidden classes, and list j holds a person of class k with probability lambda_jk,
independently of the other lists:

    z_i ~ pi,   x_ij | z_i = k ~ Bernoulli(lambda_jk),   lambda_jk ~ Beta(a, b)
    pi_k = V_k prod_{l<k} (1 - V_l),   V_k ~ Beta(1, alpha),   V_K = 1,   alpha ~ Gamma(s, rate r),   p(N) ~ 1/N

Identifying assumption: list dependence comes from the classes only, and those on no list belong to the same classes as
those on some.  K is a truncation, not a number of classes found: alpha decides how many hold anybody.

Likelihood of what was seen, with classes and n_0 summed out (rho is the probability of being on no list):
prod p_omega^n_omega / (1 - rho)^n, and n_0 given the rest is negative binomial (n, 1 - rho).  No bound is put on n_0.

Symbols
-------
J lists, K classes, n people seen, n_0 unseen, N = n + n_0; alpha the concentration of the Dirichlet process.

The sampler is in `estimation.models.latent_class_kernel`.  The first reference draws alpha given the sticks of empty
classes, and so all but stands still in alpha; here alpha and the labels move with the sticks integrated out, and
everything moves by gradient with classes and n_0 summed out.  The posterior is the same.

References: Manrique-Vallier (2016), Biometrics 72:1246-1254; Dunson, Xing (2009) for the mixture;
Ishwaran, James (2001) for the truncation; Neal (2011) for Hamiltonian moves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from typing import ClassVar, cast

import numpy as np

from estimation.capture import CaptureTable, FloatArray
from estimation.diagnostics import Diagnostics
from estimation.errors import SettingError
from estimation.models.latent_class_chains import Escaped, Plan, Run, monitored_of, sample
from estimation.models.latent_class_kernel import MOST_UNSEEN
from estimation.models.latent_class_state import Prior
from estimation.models.protocol import Model, not_estimable, provenance_of, unusable_lists
from estimation.results import Draws, Estimate, NotEstimable, Result, ResultTable

__all__ = ["LatentClass"]

_LEAST: dict[str, int] = {"classes": 2, "chains": 2, "warmup": 200, "sweeps": 100, "max_sweeps": 100, "draws": 100}
_MOST_CLASSES = 100
_FULL = 0.5
"""Above this share of draws with all classes occupied, the reader is told that the truncation may matter."""

_ESCAPED = (
    f"the number of unseen people went past {MOST_UNSEEN:,} in a chain: the table puts no limit on those on no list, "
    "because a class of people that no list reaches fits it as well as any other; more overlap between the lists, or a "
    "prior that says how easily people are recorded (capture_a, capture_b), is needed"
)


@dataclass(frozen=True, slots=True)
class LatentClass:
    """N when people differ in how they are recorded, as a mixture of hidden classes (Manrique-Vallier 2016).

    Parameters
    ----------
    classes : int
        K, the most classes there may be (2 to 100).
    alpha_shape, alpha_rate : float
        Gamma prior of alpha; small alpha means few classes.
    capture_a, capture_b : float
        Beta prior of each class's probability of being on each list.
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
    alpha_shape: float = 0.25
    alpha_rate: float = 0.25
    capture_a: float = 1.0
    capture_b: float = 1.0
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
            elif isinstance(value, bool) or not isinstance(value, int | float) or not (isfinite(value) and value > 0):
                problems.append(f"{field.name} is {value!r}; it must be a positive number")
        if not problems and self.classes > _MOST_CLASSES:
            problems.append(f"classes is {self.classes}; more than {_MOST_CLASSES} are never needed: 10 to 20 do")
        if not problems and self.max_sweeps < self.sweeps:
            problems.append(
                f"max_sweeps is {self.max_sweeps}, less than the {self.sweeps} sweeps of the first round; raise it"
            )
        if not problems and self.draws > self.sweeps:
            problems.append(f"draws is {self.draws}, more than the {self.sweeps} sweeps of a round; lower it")
        if problems:
            raise SettingError(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            "Within each of a few hidden classes of people, being on one list says nothing about being on another, and "
            "the people on no list belong to the same classes as those on some.",
            "Before the table is seen: every total is as likely as its inverse (p(N) ~ 1/N); a class's probability of "
            f"being on a list is Beta({self.capture_a:g}, {self.capture_b:g}); there are at most {self.classes} "
            f"classes, and their number is governed by alpha ~ Gamma({self.alpha_shape:g}, rate {self.alpha_rate:g}).",
            "The population is closed, nobody is counted twice, and the same person is recognised on every list.",
        )

    def obstacle(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        if len(table.lists) == 2:
            return (
                f"two lists ({' and '.join(table.lists)}) cannot tell people who are hard to record from lists that "
                "avoid each other, so the answer would be the prior's; it needs at least 3 lists, or use "
                "chapman, which assumes that the two are independent"
            )
        shared = unusable_lists(table, minimum=3)
        if shared is None and int(table.frequencies[1:].sum()) == 0:
            shared = (
                "nobody is on more than one list; without overlap nothing is known of those on no list, so check the "
                "matching of the lists first"
            )
        return shared

    def fit(self, table: CaptureTable, *, rng: np.random.Generator, workers: int = 1) -> Result:
        """The posterior of N, or what the chains found in its place; see `estimation.models.protocol.Model.fit`."""
        obstacle = self.obstacle(table)
        if obstacle is not None:
            return not_estimable(self, table, rng, obstacle)
        provenance = provenance_of(self, table, rng)
        prior = Prior(float(self.alpha_shape), float(self.alpha_rate), float(self.capture_a), float(self.capture_b))
        plan = Plan(self.chains, self.warmup, self.sweeps, self.max_sweeps, self.draws)
        *rngs, rng_prior = rng.spawn(self.chains + 1)
        try:
            run = sample(table, prior, plan, classes=self.classes, rngs=rngs, workers=workers)
        except Escaped:
            return not_estimable(self, table, rng, _ESCAPED)
        draws = Draws(table.n_observed + run.unseen.astype(np.int64), monitored_of(run.log_alpha, run.occupied))
        diagnostics = Diagnostics(run.checks)
        if not diagnostics.ok:
            return NotEstimable(
                n_observed=table.n_observed,
                model=self.name,
                title=self.title,
                reason=_disagreement(draws, diagnostics, run.swept),
                assumptions=self.assumptions,
                provenance=provenance,
                diagnostics=diagnostics,
                evidence=draws,
                tables=(_chains_apart(draws),),
            )
        return Estimate(
            total=draws,
            n_observed=table.n_observed,
            model=self.name,
            title=self.title,
            assumptions=self.assumptions,
            diagnostics=diagnostics,
            provenance=provenance,
            notes=self._notes(table, draws, rng_prior),
            tables=(_classes_in_use(run), _chains_apart(draws)),
        )

    def _notes(self, table: CaptureTable, draws: Draws, rng: np.random.Generator) -> tuple[str, ...]:
        """What the reader must see: how far the table moved the answer from the prior, and whether K binds."""
        before = np.quantile(self._expansion_before_table(len(table.lists), rng), [0.025, 0.5, 0.975])
        after = np.quantile(draws.values, [0.025, 0.5, 0.975]) / table.n_observed
        notes = [
            f"Before the table, the prior puts N at {before[1]:.3g} times those observed (95 % {before[0]:.3g} to "
            f"{before[2]:.3g} times); the table moves that to {after[1]:.3g} times ({after[0]:.3g} to {after[2]:.3g})."
        ]
        full = float((draws.monitored["occupied classes"] == self.classes).mean())
        if full > _FULL:
            notes.append(
                f"In {full:.0%} of draws all {self.classes} classes hold somebody, so the limit on their number may "
                f"matter: compare with classes = {2 * self.classes}."
            )
        return tuple(notes)

    def _expansion_before_table(self, lists: int, rng: np.random.Generator) -> FloatArray:
        """Draws of 1 / (1 - rho) from the prior, shape (4000,): people there are for each one seen."""
        draws = 4000
        alpha = np.maximum(rng.gamma(self.alpha_shape, 1 / self.alpha_rate, (draws, 1)), 1e-300)
        log_rest = np.zeros((draws, self.classes))
        np.cumsum(-rng.standard_exponential((draws, self.classes - 1)) / alpha, axis=1, out=log_rest[:, 1:])
        share = np.exp(log_rest)
        share[:, :-1] -= share[:, 1:]
        seen = -np.expm1(np.log(rng.beta(self.capture_b, self.capture_a, (draws, self.classes, lists))).sum(axis=2))
        return cast(FloatArray, 1 / np.maximum((share * seen).sum(axis=1), 1e-300))


def _disagreement(draws: Draws, diagnostics: Diagnostics, swept: int) -> str:
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
    else:
        found = (
            f"after {swept:,} sweeps each, the {len(medians)} chains agree but are worth too few independent draws "
            f"({said}; needed {limit:g})"
        )
    return f"{found}; try a larger max_sweeps, or fewer lists by merging those that hold few people"


def _chains_apart(draws: Draws) -> ResultTable:
    """Each chain's own answer; the last columns show which mode it was in."""
    middle = np.median(draws.values)
    log_alpha, occupied = draws.monitored["log alpha"], draws.monitored["occupied classes"]
    rows = []
    for c, values in enumerate(draws.values):
        lower, median, upper = np.quantile(values, [0.025, 0.5, 0.975]).tolist()
        rows.append(
            (
                c + 1,
                round(median),
                round(lower),
                round(upper),
                round(float((values > middle).mean()), 3),
                round(float(np.median(log_alpha[c])), 2),
                round(float(occupied[c].mean()), 2),
            )
        )
    return ResultTable(
        "Each chain's own answer",
        (
            "chain",
            "median of N (persons)",
            "2.5 % (persons)",
            "97.5 % (persons)",
            "share of draws above the median of all chains",
            "median of log alpha",
            "mean number of occupied classes",
        ),
        tuple(rows),
    )


def _classes_in_use(run: Run) -> ResultTable:
    """How many classes hold anybody, the unseen included."""
    numbers, times = np.unique(run.occupied.astype(np.int64), return_counts=True)
    shares = times / run.occupied.size
    rows = tuple((int(k), round(float(share), 4)) for k, share in zip(numbers, shares, strict=True))
    return ResultTable("Number of occupied classes", ("classes", "posterior probability"), rows)


_MODEL: type[Model] = LatentClass  # mypy: it keeps the protocol
