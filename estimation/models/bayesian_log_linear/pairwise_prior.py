"""Log-linear model in which published studies say beforehand how pairs of lists depend on each other.

Symbols
-------
J : lists.   omega in {0, 1}^J : a capture history.   n_omega : people observed with it.   n : people observed.
mu_omega : expected number of people with history omega.   mu_0, n_0 : expected and actual number on no list.
S = sum over observable omega of mu_omega / mu_0.

Likelihood, every person having a history with probability proportional to mu_omega, those that nobody has included::

    log mu_omega / mu_0 = sum_j delta_j omega_j
                        + sum_{i<j} gamma_ij (omega_i omega_j - (omega_i + omega_j) / (J - 1))

gamma_ij is the log odds ratio of the lists i and j given all the others.  delta_j is the log odds of being on list j
among people on exactly one other list, averaged over which that is: what the table shows.

Identifying assumption: no interaction of three or more lists, for those on no list as for everybody else.  It does not
make N estimable where there are two or three lists: with two the table says nothing about gamma, and with three it
leaves nothing to test the assumption with.

Prior::

    gamma_ij ~ Normal(log_odds_ratio_mean, log_odds_ratio_sd), any two of them correlated by log_odds_ratio_correlation
    delta_j  ~ Normal(d, main_effect_sd)      d ~ Normal(main_effect_mean, main_effect_mean_sd)
    p(N) proportional to 1/N

The default Normal(0.6, 1.0), odds ratio 1.8 (0.26 to 13), with correlation 0.5 is
`estimation.priors.population_dependence` of all studies, rounded: log odds ratios of pairs of lists among the people on
another list, hierarchical over studies, less what separates them from those of the population where N is known.  The
correlation is there because studies differ and not only their pairs: were the ten pairs of five lists independent,
their mean would be known to 0.3 before the lists are seen, and studies differ by 0.7.  For two lists that is the prior
of gamma.  With more, gamma is given all the other lists, of which the same tables say Normal(0.47, 1.06), correlation
0.41 (`estimation.priors.conditional_dependence`); 0.6 and 0.47 are closer than either is known (standard error 0.3).

What the prior does: mu_0 goes up with every gamma.  Lists that are taken to be positively dependent as a rule, one pair
in four negatively, put N above the answer of independence; and where the table says little about gamma, the width of
the answer is that of the prior.  With two lists, N = n + theta n_10 n_01 / n_11 with
theta = exp(gamma) distributed as before: because delta_1 and delta_2 are what the three cells show and are a priori
independent of gamma, the posterior of theta is its prior exactly.

Where N is known (Kosovo, hepatitis A, five synthetic lists) the 95 % interval lies above it in all three, as that of
``nhoi`` does in two.  The identifying assumption is wrong there, not the prior: ten times as wide, it moves the median
from 14,300 to 14,400, from 1,140 to 1,350, and not at all.  The mean log odds ratio of two lists, given the others, is
0.79, 1.60 and 0.99 among people on some other list, which is all that a table shows, and 0.35, 0.28 and 0.30 among
people on none.  In simulated tables of four lists (``docs/coverage.md``, 200 each) the interval holds N in 93 to 97 %
where lists are independent, a pair depends or one list covers one organisation, and in 29 % of two hidden classes,
where it is too low.  Read this model as what dependence of pairs alone can do, beside models with another identifying
assumption.

Posterior: given n, p(N) ~ 1/N makes the observed cells multinomial with probabilities mu_omega / sum mu, and n_0 given
the coefficients Poisson(G / S) with G ~ Gamma(n).  Before the lists are seen, the same holds with coefficients from the
prior (`estimation.models.prior_and_posterior`).

Computation: the No-U-Turn sampler about the one mode (`estimation.models.bayesian_log_linear.pairwise_density`).

References
----------
Fienberg (1972): log-linear models for multiple lists.  Gerritse, van der Heijden, Bakker (2015): two lists under a
given odds ratio.  King, Brooks (2001): Bayesian log-linear models.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.bayesian_log_linear.pairwise_density import density_of, whitened
from estimation.models.bayesian_log_linear.predictive_checks import Posterior, dependence, pairs_of, predicted
from estimation.models.bayesian_log_linear.predictive_checks import histories as histories_of
from estimation.models.identification import identification_note
from estimation.models.nuts_attempts import Attempt, in_two_attempts, sample_attempt, sampler_problems
from estimation.models.predictive.checks import notes_of, predictive_check, tables_of
from estimation.models.prior_and_posterior import HasPrior, prior_total_draws
from estimation.models.protocol import (
    CLOSED_POPULATION,
    PRIOR_ON_N,
    SAME_PROBABILITIES,
    Model,
    check_settings,
    no_overlap,
    not_estimable,
    unusable_lists,
)
from estimation.results.estimates import Result, ResultTable
from estimation.results.totals import Draws
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["PairwisePrior"]

MINIMUM_LISTS, MAXIMUM_LISTS = 2, 8
NO_START = "the sampler finds no place to start from; use a smaller log_odds_ratio_sd or main_effect_sd"
_TWO_LISTS = (
    "Two lists say nothing of the odds ratio between them: its posterior is its prior, from published studies, and the "
    "interval of N is as wide as that makes it."
)
_MEAN = {
    "question": "What if lists depended less or more on each other than in published studies?",
    "axis": "prior mean of the log odds ratio between two lists (0: independent)",
}
_SD = {
    "question": "What if published studies said less or more about how lists depend on each other?",
    "axis": "prior standard deviation of the log odds ratio between two lists",
}


@dataclass(frozen=True, slots=True)
class PairwisePrior:
    """The number of people when every pair of lists may depend, as much as pairs of lists of published studies do.

    There is no interaction of three or more lists (the identifying assumption).  The log odds ratio of every pair has
    the prior that the library of published studies gives; for two lists it is the whole answer.

    Parameters
    ----------
    log_odds_ratio_mean, log_odds_ratio_sd : float
        Prior mean and standard deviation of the log odds ratio of each pair of lists, given the others.
    log_odds_ratio_correlation : float
        Prior correlation of the log odds ratios of any two pairs, from 0 to below 1: pairs of one study are alike.
    main_effect_mean, main_effect_mean_sd : float
        Prior mean and standard deviation of d, the lists' typical log odds of recording a person on one other list.
    main_effect_sd : float
        Prior standard deviation of the lists' log odds about d.
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
    Fienberg (1972); Gerritse, van der Heijden, Bakker (2015); the prior: `estimation.priors`.

    Examples
    --------
    >>> model = PairwisePrior()
    >>> print(model.assumptions[1])
    Before the lists are seen, the odds ratio of two lists, given the others, is 0.26 to 13 (95 %; median 1.8), as among
    pairs of lists of published studies.

    A fit takes a second; for killings, say::

        prior = mse.priors.population_dependence("killings")
        model = PairwisePrior(log_odds_ratio_mean=prior.mean, log_odds_ratio_sd=prior.sd)
        result = model.fit(table, rng=1)
    """

    name: ClassVar[str] = "pairwise-prior"
    title: ClassVar[str] = "Pairs under the prior of published studies"

    log_odds_ratio_mean: float = field(default=0.6, metadata=_MEAN)
    log_odds_ratio_sd: float = field(default=1.0, metadata=_SD)
    log_odds_ratio_correlation: float = 0.5
    main_effect_mean: float = -1.5
    main_effect_mean_sd: float = 2.0
    main_effect_sd: float = 1.5
    chains: int = 4
    draws: int = 2000
    warmup: int = 500
    target_accept: float = 0.9

    def __post_init__(self) -> None:
        positive = {
            "log_odds_ratio_sd": self.log_odds_ratio_sd,
            "main_effect_mean_sd": self.main_effect_mean_sd,
            "main_effect_sd": self.main_effect_sd,
        }
        problems = [
            f"{name} = {value}; it must be a positive, finite number"
            for name, value in positive.items()
            if not (np.isfinite(value) and value > 0)
        ]
        means = {"log_odds_ratio_mean": "log odds ratio", "main_effect_mean": "log odds"}
        problems += [
            f"{name} = {getattr(self, name)}; it must be a finite number (a {what})"
            for name, what in means.items()
            if not np.isfinite(getattr(self, name))
        ]
        if not 0 <= self.log_odds_ratio_correlation < 1:
            value = self.log_odds_ratio_correlation
            problems.append(f"log_odds_ratio_correlation = {value}; it must be a number from 0 to below 1")
        check_settings(self.name, [*problems, *sampler_problems(self)])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        low, middle, high = (np.exp(self.log_odds_ratio_mean + z * self.log_odds_ratio_sd) for z in (-1.96, 0, 1.96))
        is_default = (self.log_odds_ratio_mean, self.log_odds_ratio_sd) == (0.6, 1.0)
        source = ", as among pairs of lists of published studies" if is_default else ""
        return (
            "There is no interaction of three or more lists, for the people on no list as for everybody else; of two "
            "lists the number rests on what was assumed about them beforehand.",
            f"Before the lists are seen, the odds ratio of two lists, given the others, is {low:.2g} to {high:.2g} "
            f"(95 %; median {middle:.2g}){source}.",
            PRIOR_ON_N,
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
        rng, n_lists = generator_of(rng), len(table.lists)
        offset, design = self._scaled_design(n_lists)
        normals = rng.standard_normal((draws, design.shape[1]))
        log_seen = np.logaddexp.reduce(offset + normals @ design.T, axis=1)
        return prior_total_draws(1 + np.exp(-log_seen), table.n_observed, rng=rng)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Draw from the posterior of N; see `estimation.models.protocol.Model.fit`.

        A first attempt that diverges or whose chains disagree is followed by a second (see
        `estimation.models.nuts_attempts`); chains that still disagree give `NotEstimable` with the draws as evidence.
        """
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        check_rng, *rngs = rng.spawn(3)
        found = in_two_attempts(
            functools.partial(self._attempt, table, workers=workers, progress=progress),
            rngs,
            no_start=NO_START,
            divergent_share=0.0,
        )
        if found.last is None or found.reason is not None:
            return found.result(self, table, rng)
        posterior, n_lists = found.last.posterior, len(table.lists)
        tables = (self._odds_ratios_before(table), dependence(table, posterior))
        if n_lists == MINIMUM_LISTS:
            return found.result(self, table, rng, notes=(_TWO_LISTS,), tables=tables)
        check = predictive_check(table, predicted(table, posterior), title=self.title, rng=check_rng)
        remark = "as many coefficients as there are histories" if n_lists == MINIMUM_LISTS + 1 else ""
        terms = 1 + n_lists + n_lists * (n_lists - 1) // 2
        identification = identification_note(
            "The model of all pairs", terms, n_lists, because="no three or more lists interact"
        )
        return found.result(
            self,
            table,
            rng,
            notes=(identification, *notes_of(check)),
            tables=(*tables, *tables_of(check)),
            fit=replace(check.fit, remark=remark),
        )

    def _attempt(
        self, table: CaptureTable, number: int, rng: np.random.Generator, *, workers: int, progress: Progress
    ) -> Attempt[Posterior]:
        """One attempt."""
        sampling_rng, unseen_rng = rng.spawn(2)
        counts = table.cells()[1:]
        posterior = self.sample(counts, rng=sampling_rng, workers=workers, effort=number, progress=progress)
        log_unseen = posterior.coefficients[..., 0]
        expansion = 1 + np.exp(log_unseen.ravel() - np.log(table.n_observed))
        values = prior_total_draws(expansion, table.n_observed, rng=unseen_rng).reshape(log_unseen.shape)
        gamma = posterior.coefficients[..., 1 + len(table.lists) :]
        total = Draws(values, {"log mu_0": log_unseen, "mean of gamma": gamma.mean(axis=-1)})
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
            alpha is log(n / S); its tau is the prior's standard deviation, which is given.
        """
        n_lists = int(np.log2(counts.size + 1))
        offset, design = self._scaled_design(n_lists)
        persons = counts.astype(np.float64)
        about = whitened(persons, offset, design)
        drawn, divergences = sample_attempt(
            density_of(persons, offset, design, about),
            self,
            effort,
            names=("place",),
            rng=rng,
            workers=workers,
            progress=progress,
        )
        normals = about.mode + drawn["place"] @ about.scale.T
        alpha = np.log(persons.sum()) - np.logaddexp.reduce(offset + normals @ design.T, axis=-1)
        coefficients = self.coefficients(normals, alpha, n_lists)
        return Posterior(coefficients, np.full(alpha.shape, self.log_odds_ratio_sd), divergences)

    def coefficients(self, normals: FloatArray, alpha: FloatArray, n_lists: int) -> FloatArray:
        """alpha, beta_j, gamma_ij in corner coding, the last axis, from the standard normals of the prior.

        Parameters
        ----------
        normals : float array, shape (..., 2 + J + J (J - 1) / 2)
            Those of d, of the delta_j about it, of what the gamma_ij share, and of each of them.
        alpha : float array, shape (...)
            log mu_0.
        n_lists : int
            J.
        """
        d = self.main_effect_mean + self.main_effect_mean_sd * normals[..., :1]
        delta = d + self.main_effect_sd * normals[..., 1 : 1 + n_lists]
        shared, own = self._sd_shared_and_own
        gamma = self.log_odds_ratio_mean + shared * normals[..., [1 + n_lists]] + own * normals[..., 2 + n_lists :]
        return np.concatenate([alpha[..., None], delta - gamma @ _shared(n_lists), gamma], axis=-1)

    def _scaled_design(self, n_lists: int) -> tuple[FloatArray, FloatArray]:
        """What no coefficient moves, o, and the columns of the design scaled by the prior, D."""
        on = histories_of(n_lists)
        first, second = pairs_of(n_lists)
        pairs = on[:, first] * on[:, second] - on @ _shared(n_lists).T
        offset = self.main_effect_mean * on.sum(axis=1) + self.log_odds_ratio_mean * pairs.sum(axis=1)
        shared, own = self._sd_shared_and_own
        main = [self.main_effect_mean_sd * on.sum(axis=1, keepdims=True), self.main_effect_sd * on]
        return offset, np.hstack([*main, shared * pairs.sum(axis=1, keepdims=True), own * pairs])

    @property
    def _sd_shared_and_own(self) -> tuple[float, float]:
        """Standard deviations of what all log odds ratios have in common, and of each about it."""
        share = self.log_odds_ratio_correlation
        return self.log_odds_ratio_sd * math.sqrt(share), self.log_odds_ratio_sd * math.sqrt(1 - share)

    def _odds_ratios_before(self, table: CaptureTable) -> ResultTable:
        """Prior of the odds ratio between two lists, the same for every pair."""
        odds = (float(np.exp(self.log_odds_ratio_mean + z * self.log_odds_ratio_sd)) for z in (0, -1.96, 1.96))
        title = "Odds ratio between two lists, given the others, before the lists are seen"
        return ResultTable(title, ("pair", "median", "2.5 %", "97.5 %"), (("any", *odds),))


def _shared(n_lists: int) -> FloatArray:
    """Which lists each pair has, over J - 1, shape (J (J - 1) / 2, J)."""
    first, second = pairs_of(n_lists)
    eye = np.eye(n_lists)
    found: FloatArray = (eye[first] + eye[second]) / (n_lists - 1)
    return found
