"""N by a Dirichlet-process mixture of latent classes, by a Gibbs sampler with gradient moves.

Likelihood: people fall into K latent classes, within which the lists are independent.
Prior: stick-breaking class shares with concentration alpha; Beta capture probabilities; p(N) proportional to 1/N.
Identifying assumption: within a class the lists are independent, and the people on no list belong to the same classes
as those on some.  `estimation.models.latent_class.model` has the formulas and the symbols.

The sampler is in `estimation.models.latent_class.kernel`.  The first reference draws alpha given the sticks of empty
classes, which makes alpha move very slowly; here alpha and the labels move with the sticks integrated out, and
everything moves by gradient with classes and n_0 summed out.  The posterior is the same.

References: Manrique-Vallier (2016), Biometrics 72:1246-1254; Neal (2011) for Hamiltonian moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, IntArray
from estimation.models.cell_sampler import HasCellSampler
from estimation.models.latent_class.alpha_prior import parse_alpha_prior
from estimation.models.latent_class.chains import Escaped
from estimation.models.latent_class.class_cells import ClassCells
from estimation.models.latent_class.identification import without_a_prior
from estimation.models.latent_class.kernel import OBSERVABLE
from estimation.models.latent_class.model import IMPROPER, LatentClassModel
from estimation.models.latent_class.modes import Modes, modes_of
from estimation.models.latent_class.other_priors import (
    Fitted,
    fit_other_priors,
    other_priors_note,
    size_of,
    tables_of_priors,
)
from estimation.models.latent_class.predictive import class_remark, predicted_by_states
from estimation.models.latent_class.rounds import Plan, Run, monitored_of, sample
from estimation.models.latent_class.state import MANY, Prior
from estimation.models.latent_class.summaries import (
    classes_in_use,
    each_chain,
    observable,
    observable_note,
)
from estimation.models.predictive.checks import notes_of, predictive_check, tables_of
from estimation.models.prior_and_posterior import UnderPrior, prior_note
from estimation.models.protocol import Model, estimate, not_estimable, too_small
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Result
from estimation.results.totals import Draws
from estimation.text.described import described_by
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["LatentClass"]

_LEAST = 400
"""The effective sample size that every monitored quantity must have: the smallest target for N."""

_OWN, _BEFORE_CHECKS = 0.7, 0.99
"""Shares of the work after which the estimate's own chains are done, if other priors stand beside it, and all are."""

_FEWER_CHAINS = 4
"""Chains of the lighter form, and under another prior."""

_MOST_BESIDE = 8000
"""Sweeps that each chain under another prior may make; without a passed check by then its row has no number.

Of more than `estimation.models.latent_class.state.MANY` histories in proportion fewer, so that these rows never take
much longer than the estimate: with 34 lists and 100,000 people 8,000 would take half an hour.
"""

_FULL = 0.5
"""Above this share of draws with all classes occupied, a note says that the truncation may matter."""

_SINGLE = 0.9
"""Above this share of draws with one class, a note says what that assumes."""


@dataclass(frozen=True, slots=True)
class LatentClass(LatentClassModel):
    """The number of people as a Dirichlet-process mixture of latent classes (Manrique-Vallier 2016).

    People fall into a few latent classes; within a class the lists are independent (the identifying assumption).
    Priors: stick-breaking class shares, Beta capture probabilities, p(N) proportional to 1/N.

    Parameters
    ----------
    classes : int
        K, the truncation: the largest possible number of classes (2 to 100).
    alpha_prior : str
        Prior of alpha, ``"gamma(shape, rate)"`` or ``"log-normal(mean, sd)"`` of log alpha; small alpha means few
        classes.
    expansion : (float, float)
        95 % prior interval of the expansion factor N/n, which the prior on the capture probabilities is made from; see
        `estimation.models.latent_class.expansion_prior`.
    capture_a, capture_b : float, optional
        Instead of ``expansion``: Beta prior on the capture probabilities of each class; ``capture_a=1, capture_b=1``
        is the published prior.
    chains : int
        Chains from dispersed starts (at least 2).
    effective : int
        Bulk and tail effective sample size of N at which the chains stop, when all checks pass (at least 400).
    warmup, sweeps, max_sweeps : int
        Sweeps of each chain that are discarded (at least 200); of its first round (at least 100); and at most, when
        more rounds follow because a check fails or N has not its effective sample size.
    draws : int
        Draws stored of each chain, at most, evenly spaced over the sweeps that count (at least 100).
    other_priors : bool
        Whether two other priors (`estimation.models.latent_class.other_priors`) and what the likelihood says without
        one (`estimation.models.latent_class.identification`) stand beside the estimate.
    fit_check : bool
        Whether the fit to the lists is checked by simulated tables, which changes none of the numbers.

    Raises
    ------
    SettingError
        For settings outside these ranges; all are named together.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
    ... )
    >>> result = LatentClass(classes=5, chains=4, warmup=500, sweeps=2000, draws=1000).fit(table, rng=1)
    >>> 400 < result.interval().lower < 500 < result.median < 800 < result.interval().upper
    True
    """

    name: ClassVar[str] = "latent-class"
    title: ClassVar[str] = "Latent classes"

    chains: int = 8
    effective: int = 2000
    warmup: int = 500
    sweeps: int = 500
    max_sweeps: int = 40_000
    draws: int = 2500
    other_priors: bool = True
    fit_check: bool = True

    def _sampler_problems(self) -> list[str]:
        least = {"chains": 2, "effective": _LEAST, "warmup": 200, "sweeps": 100, "max_sweeps": 100, "draws": 100}
        problems = too_small(self, least)
        if not problems and self.max_sweeps < self.sweeps:
            problems.append(
                f"max_sweeps = {self.max_sweeps}, less than the {self.sweeps} sweeps of the first round; raise it"
            )
        return problems

    def lighter(self) -> LatentClass:
        """The same model with 4 chains and an effective size of N of 400; see `estimation.models.protocol.Lighter`.

        Without the other priors, the identification statement and the checks of fit.  Of 20 seeds on each of published
        tables, 4 chains and 8 refused none and gave the same medians and limits to their Monte Carlo error.
        """
        return replace(
            self, chains=min(self.chains, _FEWER_CHAINS), effective=_LEAST, other_priors=False, fit_check=False
        )

    @described_by(HasCellSampler.cell_sampler)
    def cell_sampler(
        self, lists: Sequence[str], histories: BoolArray, counts: IntArray, *, rng: np.random.Generator, spread: float
    ) -> ClassCells:
        """One stratum as a Markov chain; see `estimation.models.cell_sampler.HasCellSampler.cell_sampler`."""
        prior = self._prior(len(lists))
        return ClassCells(
            lists, histories, counts, prior=prior, classes=self.classes, warmup=self.warmup, rng=rng, spread=spread
        )

    def _prior(self, n_lists: int) -> Prior:
        shape, rate, precision = parse_alpha_prior(self.alpha_prior).in_log_alpha
        return Prior(shape, rate, *self.capture_numbers(n_lists), precision)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Draw from the posterior of N; see `estimation.models.protocol.Model.fit`.

        Rounds of sweeps follow each other until R-hat of N, log alpha and the number of occupied classes is at most
        1.01, their effective sample sizes are at least 400, and that of N is ``effective``; or up to ``max_sweeps``.
        If a check fails then, there is `NotEstimable`, with the draws as evidence; if only N's effective sample size
        is smaller than ``effective``, a note says so.
        """
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        prior = self._prior(len(table.lists))
        plan = Plan(self.warmup, self.sweeps, self.max_sweeps, self.draws, self.effective)
        *rngs, rng_prior, rng_wide, rng_other, rng_check = rng.spawn(self.chains + 4)
        own = part(progress, 0.0, _OWN if self.other_priors else _BEFORE_CHECKS)
        try:
            run = sample(table, prior, plan, classes=self.classes, rngs=rngs, workers=workers, progress=own)
        except Escaped:
            return not_estimable(self, table, rng, IMPROPER)
        draws = Draws(table.n_observed + run.unseen.astype(np.int64), monitored_of(run.log_alpha, run.occupied))
        diagnostics = Diagnostics(run.checks)
        modes = modes_of(draws, table.n_observed)
        if not diagnostics.ok:
            return not_estimable(
                self,
                table,
                rng,
                _disagreement(draws, diagnostics, run, modes),
                diagnostics=diagnostics,
                evidence=draws,
                tables=(each_chain(draws, modes), modes.table),
            )
        before = self.prior_total(table, rng=rng_prior)
        stated = Fitted(UnderPrior(f"{self.prior_label} (this estimate)", before, draws), size_of(diagnostics))
        others: tuple[Fitted, ...] = ()
        if self.other_priors:
            fewer = MANY / max(table.counts.size, MANY)
            most = max(self.sweeps, min(self.max_sweeps, int(_MOST_BESIDE * fewer)))
            light = replace(self.lighter(), max_sweeps=most)
            beside = part(progress, _OWN, _BEFORE_CHECKS)
            others = fit_other_priors(light, table, rngs=(rng_wide, rng_other), workers=workers, progress=beside)
        if self.fit_check:
            progress(_BEFORE_CHECKS, "latent classes: tables are simulated for the checks of fit")
        return self._estimate(table, rng, draws, run, modes, (stated, *others), rng_check)

    def _estimate(
        self,
        table: CaptureTable,
        rng: np.random.Generator,
        draws: Draws,
        run: Run,
        modes: Modes,
        priors: tuple[Fitted, ...],
        rng_check: np.random.Generator,
    ) -> Result:
        """The estimate with what stands beside it."""
        check = None
        if self.fit_check:
            check = predictive_check(table, predicted_by_states(table, run.states), title=self.title, rng=rng_check)
        of_likelihood = without_a_prior(table, self.classes) if self.other_priors else ((), ())
        notes = [prior_note(priors[0].row, table.n_observed)]
        if self.other_priors:
            notes.append(other_priors_note(priors[1:], _LEAST))
        return estimate(
            self,
            table,
            rng,
            draws,
            diagnostics=Diagnostics(run.checks),
            notes=(
                *notes,
                *of_likelihood[0],
                *self._notes(table, draws, run, priors[0], modes),
                *notes_of(check),
            ),
            tables=(
                *tables_of_priors(priors, table.n_observed),
                *of_likelihood[1],
                classes_in_use(run.occupied),
                observable(draws.values, run.observable, OBSERVABLE),
                each_chain(draws, modes),
                modes.table,
                *tables_of(check),
            ),
            fit=replace(check.fit, remark=class_remark(self.classes, len(table.lists))) if check else None,
        )

    def _notes(self, table: CaptureTable, draws: Draws, run: Run, stated: Fitted, modes: Modes) -> tuple[str, ...]:
        """The Beta that was elicited, modes, the observable part, and whether the truncation K matters."""
        notes = []
        elicited = self.capture_prior(len(table.lists))
        if elicited is not None:
            lower, upper = np.quantile(stated.row.before, [0.025, 0.975]) / table.n_observed
            notes.append(f"{elicited.sentence[:-1]}, and {lower:.3g} to {upper:.3g} with the classes of this model.")
        notes.append(modes.sentence)
        if 0 < stated.size < self.effective:  # 0 where N never moves: more draws would add nothing
            notes.append(
                f"The effective sample size of N is {stated.size:,.0f} after {run.swept:,} sweeps a chain, less than "
                f"the {self.effective:,} aimed at; raise max_sweeps."
            )
        reached = observable_note(draws.values, run.observable, OBSERVABLE)
        if reached is not None:
            notes.append(reached)
        full = float((run.occupied == self.classes).mean())
        if full > _FULL:
            notes.append(
                f"In {full:.0%} of draws all {self.classes} classes are occupied, so the truncation may matter; "
                f"compare with classes = {2 * self.classes}."
            )
        single = float((run.occupied == 1).mean())
        if single > _SINGLE:
            notes.append(
                f"In {single:.0%} of draws there is one class, as if the lists were independent; with many lists the "
                "prior needs much evidence for a second class, and if some people are less likely than others to be on "
                "any list, N is underestimated: compare with a prior interval of the expansion factor (expansion)."
            )
        return tuple(notes)


def _disagreement(draws: Draws, diagnostics: Diagnostics, run: Run, modes: Modes) -> str:
    """Why the draws give no estimate, and what could be done."""
    medians = np.median(draws.values, axis=1)
    apart = [check for check in diagnostics.failed if check.name.startswith("R-hat")]
    values = ", ".join(f"{check.name} {check.value:.4g}" for check in apart or diagnostics.failed)
    limit = (apart or diagnostics.failed)[0].limit
    if apart:
        found = (
            f"after {run.swept:,} sweeps each, the {len(medians)} chains disagree ({values}; limit {limit:g}); "
            f"their medians of N run from {medians.min():,.0f} to {medians.max():,.0f}, "
        )
        if any(check.name == "R-hat of N" for check in apart):
            found += (
                "so more than one arrangement of classes fits the table and an estimate would depend on where a chain "
                "started"
            )
        else:
            found += (
                "which agree, but chains that have not found how many classes there are may have missed some of N too"
            )
        if len(modes.peaks) > 1:
            found += f" ({modes.sentence[0].lower()}{modes.sentence[1:-1]})"
    else:
        found = (
            f"after {run.swept:,} sweeps each, the {len(medians)} chains agree, but their effective sample size is too "
            f"small ({values}; needed {limit:g})"
        )
    if run.no_closer_since:
        found += (
            f"; they are no closer than after {run.no_closer_since:,} sweeps, so more would not bring them together"
        )
        return f"{found}: merge lists that hold few people, or leave out those that overlap least"
    return f"{found}; raise max_sweeps, or merge lists that hold few people"
