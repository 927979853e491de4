"""Bayesian log-linear model with the interactions of all pairs of lists, shrunk towards independence.

Symbols
-------
J : lists.   omega in {0, 1}^J : a capture history.   n_omega : people observed with it.   n : people observed.
mu_omega : expected number of people with history omega.   mu_0, n_0 : expected and actual number on no list.

Likelihood, over all 2^J - 1 histories that can be observed, those that nobody has included (corner coding)::

    n_omega ~ Poisson(mu_omega)
    log mu_omega = alpha + sum_j beta_j omega_j + sum_{i<j} gamma_ij omega_i omega_j
    n_0 ~ Poisson(exp(alpha)),   N = n + n_0

so that alpha is log mu_0; beta_j the log odds of being on list j for those on no other list; and gamma_ij the log
odds ratio between the lists i and j given all the others.

Identifying assumption: no interaction of three or more lists, for those on no list as for everybody else.

Prior::

    alpha    ~ Normal(log c, intercept_sd)        c : unseen_median, or n when that is not given
    beta_j   ~ Normal(b, main_effect_sd)          b ~ Normal(main_effect_mean, main_effect_mean_sd)
    gamma_ij ~ Normal(0, tau)                     tau ~ HalfNormal(interaction_scale)

In words, with the defaults: before the overlaps are looked at, the number on no list is with 95 % probability between
n / 50 and 50 n; and odds ratios between two lists are pulled towards 1, the more so the more alike they are.  The
mean b is shared on purpose: the lists' own sizes tie alpha + beta_j down, so J separate priors on the beta_j would
amount to J opinions on mu_0.

Computation: the No-U-Turn sampler (Hoffman, Gelman 2014) of nutpie, everything non-centred: the sampler moves standard
normals that the columns of the design, scaled by the prior, turn into log mu.  The density and its gradient are in
`estimation.models.bayesian_log_linear.all_pairs_density`; a test holds them to the same model written in PyMC.

References
----------
Fienberg (1972), Cormack (1989): log-linear models for multiple lists.  King, Brooks (2001): Bayesian ones.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.bayesian_log_linear.all_pairs_density import density_of
from estimation.models.bayesian_log_linear.pairs_cells import PairsCells
from estimation.models.bayesian_log_linear.pairs_prior import PROPOSED, pairs_total
from estimation.models.bayesian_log_linear.predictive_checks import (
    Posterior,
    dependence,
    design,
    predicted,
    prior_predictive,
)
from estimation.models.bayesian_log_linear.predictive_checks import histories as histories_of
from estimation.models.cell_sampler import HasCellSampler, places_of
from estimation.models.identification import identification_note
from estimation.models.nuts_attempts import Attempt, in_two_attempts, sample_attempt, sampler_problems
from estimation.models.predictive.checks import notes_of, predictive_check, tables_of
from estimation.models.prior_and_posterior import HasPrior
from estimation.models.protocol import (
    CLOSED_POPULATION,
    SAME_PROBABILITIES,
    Model,
    check_settings,
    no_overlap,
    not_estimable,
    unusable_lists,
)
from estimation.results.estimates import Result
from estimation.results.totals import Draws
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["BayesianLogLinear"]

MINIMUM_LISTS = 3
MAXIMUM_LISTS = 8
LARGEST_LOG_UNSEEN = float(np.log(1e15))
"""A draw of log mu_0 above this means that the posterior is improper."""
NO_START = (
    "the prior is so wide that the sampler finds no place to start from; use a smaller intercept_sd, "
    "main_effect_mean_sd, main_effect_sd or interaction_scale"
)


@dataclass(frozen=True, slots=True)
class BayesianLogLinear:
    """The number of people when all pairs of lists may depend, with shrinkage towards independence.

    There is no interaction of three or more lists (the identifying assumption).  Normal priors on the intercept and the
    main effects; a hierarchical normal prior on the log odds ratios between two lists.

    Parameters
    ----------
    unseen_median : float, optional
        Prior median of mu_0, the expected number on no list; by default n, the people observed.  Unit: persons.
    intercept_sd : float
        Prior standard deviation of its logarithm; at 2 its 95 % prior interval spans a factor of 50 either way.
    main_effect_mean, main_effect_mean_sd : float
        Prior mean and standard deviation of b, the lists' typical log odds of recording a person.
    main_effect_sd : float
        Prior standard deviation of the lists' log odds about b.
    interaction_scale : float
        Scale of the half-normal prior of tau, the standard deviation of the log odds ratios between two lists.
    chains, draws, warmup : int
        Chains (at least 2), and draws of each after its warm-up and during it (at least 100 each).
    target_accept : float
        Acceptance rate that the sampler's step size is tuned to.

    Raises
    ------
    SettingError
        When a scale is not positive and finite, or a numerical setting is out of range; all problems together.

    References
    ----------
    King, Brooks (2001); Overstall, King (2014).

    Examples
    --------
    >>> model = BayesianLogLinear(interaction_scale=0.5)
    >>> print(model.assumptions[0])
    There is no interaction of three or more lists, for the people on no list as for everybody else.

    A fit takes seconds::

        result = model.fit(table, rng=1, workers=4)
    """

    name: ClassVar[str] = "bayesian-log-linear"
    title: ClassVar[str] = "Bayesian log-linear"

    unseen_median: float | None = None
    intercept_sd: float = 2.0
    main_effect_mean: float = -2.0
    main_effect_mean_sd: float = 2.0
    main_effect_sd: float = 1.5
    interaction_scale: float = 1.0
    chains: int = 4
    draws: int = 4000
    warmup: int = 1000
    target_accept: float = 0.9

    def __post_init__(self) -> None:
        positive = {
            "intercept_sd": self.intercept_sd,
            "main_effect_mean_sd": self.main_effect_mean_sd,
            "main_effect_sd": self.main_effect_sd,
            "interaction_scale": self.interaction_scale,
        }
        if self.unseen_median is not None:
            positive["unseen_median"] = self.unseen_median
        problems = [
            f"{name} = {value}; it must be a positive, finite number"
            for name, value in positive.items()
            if not (np.isfinite(value) and value > 0)
        ]
        if not np.isfinite(self.main_effect_mean):
            problems.append(f"main_effect_mean = {self.main_effect_mean}; it must be a finite number (a log odds)")
        check_settings(self.name, [*problems, *sampler_problems(self)])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        centre = "the number observed" if self.unseen_median is None else f"{self.unseen_median:,.0f}"
        return (
            "There is no interaction of three or more lists, for the people on no list as for everybody else.",
            f"Before the overlaps are seen, the number on no list is {centre} within a factor of "
            f"{np.exp(1.96 * self.intercept_sd):,.3g} (95 %).",
            "The log odds ratios between two lists are normal about 0 (independence); their standard deviation has a "
            f"half-normal prior of scale {self.interaction_scale:g}.",
            SAME_PROBABILITIES,
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        return unusable_lists(table, minimum=MINIMUM_LISTS, maximum=MAXIMUM_LISTS) or no_overlap(table)

    @described_by(HasPrior.prior_total)
    def prior_total(self, table: CaptureTable, *, rng: RandomState, draws: int = 4000) -> IntArray:
        """Draws of N given only how many people are observed; see `estimation.models.prior_and_posterior.HasPrior`."""
        rng, n = generator_of(rng), table.n_observed
        coefficients, _ = self.draw_prior(len(table.lists), float(n), PROPOSED * draws, rng)
        centre = float(np.log(n if self.unseen_median is None else self.unseen_median))
        return pairs_total(coefficients, centre, self.intercept_sd, n, draws=draws, rng=rng)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Draw from the posterior of N; see `estimation.models.protocol.Model.fit`.

        A first attempt that diverges or whose chains disagree is followed by a second (see
        `estimation.models.nuts_attempts`).  Chains that still disagree, or divergences in more than 1 % of the draws,
        give `NotEstimable` with the draws as evidence; fewer divergences leave the estimate with a failed check.
        """
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        prior_rng, check_rng, *rngs = rng.spawn(4)
        found = in_two_attempts(
            functools.partial(self._attempt, table, workers=workers, progress=progress),
            rngs,
            no_start=NO_START,
            divergent_share=0.0,
        )
        drawn = self.draw_prior(len(table.lists), float(table.n_observed), 4000, prior_rng)
        prior = prior_predictive(*drawn, len(table.lists))
        if found.last is None or found.reason is not None:
            # No predictions from draws that are not the posterior: a chain astray may be at any number.
            return found.result(self, table, rng, tables=(prior,))
        posterior = found.last.posterior
        check = predictive_check(table, predicted(table, posterior), title=self.title, rng=check_rng)
        remark = "as many coefficients as there are histories" if len(table.lists) == MINIMUM_LISTS else ""
        return found.result(
            self,
            table,
            rng,
            notes=(_identification(len(table.lists)), *notes_of(check)),
            tables=(prior, dependence(table, posterior), *tables_of(check)),
            fit=replace(check.fit, remark=remark),
        )

    @described_by(HasCellSampler.cell_sampler)
    def cell_sampler(
        self, lists: Sequence[str], histories: BoolArray, counts: IntArray, *, rng: np.random.Generator, spread: float
    ) -> PairsCells:
        """One stratum as a Markov chain; see `estimation.models.cell_sampler.HasCellSampler.cell_sampler`."""
        if self.unseen_median is None:
            problem = "state unseen_median: while labels are missing the number observed, in its place, is not known"
            check_settings(self.name, [problem])
        location, _ = self._prior_of_main_effects(len(lists), 1.0)
        offset, main, pairs = self._scaled_design(len(lists), 1.0)
        known = (float(location[0]), self.intercept_sd)
        places = places_of(histories) - 1
        return PairsCells(places, counts, log_unseen=known, offset=offset, main=main, pairs=pairs, rng=rng)

    def _scaled_design(self, n_lists: int, observed: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """What no coefficient moves, and the columns of main effects and of pairs, scaled by the prior."""
        location, scale = self._prior_of_main_effects(n_lists, observed)
        on = histories_of(n_lists)
        main = np.hstack([np.ones((len(on), 1)), on.sum(axis=1, keepdims=True), on])
        return main @ location, main * scale, design(n_lists)[:, 1 + n_lists :] * self.interaction_scale

    def _attempt(
        self, table: CaptureTable, number: int, rng: np.random.Generator, *, workers: int, progress: Progress
    ) -> Attempt[Posterior] | str:
        """One attempt; or why N has no upper limit."""
        sampling_rng, unseen_rng = rng.spawn(2)
        posterior = self.sample(table.cells()[1:], rng=sampling_rng, workers=workers, effort=number, progress=progress)
        log_unseen = posterior.coefficients[..., 0]
        if not log_unseen.max() < LARGEST_LOG_UNSEEN:
            return _improper(float(np.median(log_unseen)))
        total = Draws(
            table.n_observed + unseen_rng.poisson(np.exp(log_unseen)),
            {"log mu_0": log_unseen, "log tau": np.log(posterior.tau)},
        )
        return Attempt(total, posterior.divergences, posterior)

    def sample(
        self,
        counts: IntArray,
        *,
        rng: np.random.Generator,
        workers: int = 1,
        effort: int = 1,
        progress: Progress = silent,
    ) -> Posterior:
        """Draws of the coefficients given the observed cells; `fit` is what an analyst wants.

        Parameters
        ----------
        counts : int array, shape (2^J - 1,)
            People with each history, zeros included, as in ``CaptureTable.cells()[1:]``.  Unit: persons.
        rng : numpy.random.Generator
            The only source of randomness.
        workers : int
            Chains to run at once, at most.
        effort : int
            1, or 2 for the longer second attempt.
        progress : callable
            Receives the share of both attempts that is done.

        Returns
        -------
        Posterior
        """
        n_lists = int(np.log2(counts.size + 1))
        location, scale = self._prior_of_main_effects(n_lists, float(counts.sum()))
        density = density_of(counts.astype(np.float64), *self._scaled_design(n_lists, float(counts.sum())))
        drawn, divergences = sample_attempt(
            density,
            self,
            effort,
            names=("place",),
            rng=rng,
            workers=workers,
            progress=progress,
        )
        normals, pairs, log_spread = np.split(drawn["place"], [2 + n_lists, -1], axis=-1)
        tau = self.interaction_scale * np.exp(log_spread)
        effects = location + scale * normals
        gamma = tau * pairs
        coefficients = np.concatenate([effects[..., :1], effects[..., 1:2] + effects[..., 2:], gamma], axis=-1)
        return Posterior(coefficients, tau[..., 0], divergences)

    def draw_prior(
        self, n_lists: int, centre: float, size: int, rng: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """Coefficients, shape (size, 1 + J + J (J - 1) / 2), and tau, shape (size,), drawn from the prior.

        Parameters
        ----------
        n_lists : int
            J, the number of lists.
        centre : float
            n, used as the prior median of mu_0 when ``unseen_median`` is not given.  Unit: persons.
        size : int
            Number of draws.
        rng : numpy.random.Generator
            The only source of randomness.
        """
        location, scale = self._prior_of_main_effects(n_lists, centre)
        effects = location + scale * rng.standard_normal((size, 2 + n_lists))
        tau = np.abs(self.interaction_scale * rng.standard_normal(size))
        gamma = tau[:, None] * rng.standard_normal((size, n_lists * (n_lists - 1) // 2))
        return np.hstack([effects[:, :1], effects[:, 1:2] + effects[:, 2:], gamma]), tau

    def _prior_of_main_effects(self, n_lists: int, observed: float) -> tuple[FloatArray, FloatArray]:
        """Prior mean and standard deviation of alpha, b and the lists' own deviations from b, shape (2 + J,)."""
        median = observed if self.unseen_median is None else self.unseen_median
        location = np.array([np.log(median), self.main_effect_mean, *np.zeros(n_lists)])
        scale = np.array([self.intercept_sd, self.main_effect_mean_sd, *np.full(n_lists, self.main_effect_sd)])
        return location, scale


def _identification(n_lists: int) -> str:
    """The identification statement."""
    terms = design(n_lists).shape[1]
    return identification_note("The model of all pairs", terms, n_lists, because="no three or more lists interact")


def _improper(middle: float) -> str:
    return (
        "the posterior of N is improper: the likelihood does not bound n_0 (a draw exceeds 10^15 people; the "
        f"median of log n_0 is {middle:.1f}); use a tighter prior (intercept_sd) or more lists"
    )
