"""Hierarchical log-linear model over strata: the effects of each list and pair vary about a common mean.

Symbols
-------
J lists.   S strata.   w : a capture history, not that of no list.   n_{w,s} : people of stratum s with it; n_s : people
of stratum s observed.   mu_{w,s} : expected people with w over those on no list.   theta : a list or a pair of lists.
alpha_{theta,s} : its effect in stratum s: the log odds of being on a list for those on no other, the log odds ratio of
a pair given the other lists.   n_{0,s}, N_s : people of stratum s on no list, and all of them.

Likelihood, of the histories given how many were observed (the intercept is gone, as under a flat prior on it)::

    log mu_{w,s} = sum over theta inside w of alpha_{theta,s}
    n_{.,s} ~ Multinomial(n_s, p_s),   p_{w,s} = mu_{w,s} / L_s,   L_s = sum over w of mu_{w,s}
    n_{0,s} ~ Negative binomial(n_s, L_s / (1 + L_s)),   N_s = n_s + n_{0,s}      that is p(N_s) ~ 1/N_s

A history with a list that could not have seen stratum s does not exist in it.

Identifying assumption: within each stratum no interaction of three or more lists, for those on no list as for all.

Prior::

    alpha_{theta,s} = m_theta + walk_{theta,t(s)} + sum_c x_{c,s} delta_{c,theta} + tau_theta r_{theta,s}
    r ~ Normal(0, 1)                    tau_theta ~ HalfNormal(list_spread for lists, pair_spread for pairs)
    m_j ~ Normal(b, list_sd)            b ~ Normal, so that N/n is within ``expansion`` with 95 % where lists are alike
    m_ij ~ Normal(0, kappa)             kappa ~ HalfNormal(interaction_scale)
    delta ~ Normal(0, covariate_sd)     x_c : a number of each stratum, standardised

    walk_{theta,t} = sigma_theta times a random walk over the T values of ``order``, less its mean, whose variance is 1
    on average;   sigma_theta ~ the prior of tau_theta;   where ``order`` is the only label, it stands for tau r

In words, with the defaults: N/n is between 1.1 and 20 (95 %) for lists that are independent and alike; a list's odds
differ by a factor of up to 7 from those of the typical list, and by a similar factor between strata, which the strata
themselves then correct; pairs are pulled towards independence.  What that says of N/n in all stands beside each number.
J independent lists of odds e^b see all but (1 + e^b)^-J of the people, so that b = log((1 - 1/E)^(-1/J) - 1) at each
end E of ``expansion``.

Computation: the No-U-Turn sampler on a density with its gradient in closed form
(`estimation.strata.partial_pooling.density`); `HierarchicalLogLinearPyMC` draws from the same posterior by PyMC.

References
----------
Fienberg (1972); King, Brooks (2001); Gelman, Hill (2007), *Data Analysis Using Regression and Multilevel/Hierarchical
Models*; Gelman (2006), Bayesian Analysis 1:515-534, for half-normal spreads; Soerbye, Rue (2014), Spatial Statistics
8:39-51, for the scale of a walk; Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics, for drawing n_0 after.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import ClassVar, Literal

import numpy as np

from estimation.capture.stratified import Strata
from estimation.capture.table import FloatArray, IntArray
from estimation.models.latent_class.expansion_prior import range_problems
from estimation.models.missing_cell import draw_unseen
from estimation.models.nuts_attempts import (
    Attempt,
    Outcome,
    in_two_attempts,
    sample_attempt,
    sampler_problems,
)
from estimation.models.prior_and_posterior import prior_total_draws
from estimation.models.protocol import CLOSED_POPULATION, check_settings
from estimation.results.totals import Draws
from estimation.strata.by_stratum import StratumResults
from estimation.strata.partial_pooling.answers import Joint, answers, refused
from estimation.strata.partial_pooling.density import density_of
from estimation.strata.partial_pooling.drawn import IMPROPER, NO_START, Drawn, drawn_checks
from estimation.strata.partial_pooling.effects import Packed, PriorScales, common_of, log_odds_of, pack, prior_places
from estimation.strata.partial_pooling.shrinkage import effects_table, separate_fits, shrinkage_table
from estimation.strata.partial_pooling.tables import PooledTables, effect_names, pooled_tables
from estimation.strata.partial_pooling.unusable import few_lists_notes, label_problems, nobody_notes, why_not_pooled
from estimation.strata.protocol import PoolsStrata
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["HierarchicalLogLinear"]

_MAXIMUM_LISTS = 8
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class HierarchicalLogLinear:
    """The number of people in each stratum when the effects of lists and pairs vary about common means.

    Within each stratum there is no interaction of three or more lists (the identifying assumption).

    Parameters
    ----------
    interactions : {"pairs", "none"}
        Whether lists depend in pairs, or are independent within each stratum; two lists need the second.
    order : str, optional
        A label whose values are times, in their order: effects move over them as a random walk, by one step from each
        value that occurs to the next, whatever lies between.
    covariates : mapping of str to mapping of str to float, optional
        By label, a number for each of its values, which shifts the effects.
    expansion : (float, float)
        95 % prior interval of the expansion factor N/n for lists that are independent and alike.
    list_sd : float
        Prior standard deviation of the lists' mean log odds about the typical one.
    interaction_scale : float
        Scale of the half-normal prior of kappa, the spread of the pairs' means about 0.
    list_spread, pair_spread : float
        Scales of the half-normal priors of tau, the spread of an effect over strata.
    fixed_list_spread, fixed_pair_spread : float, optional
        Instead: tau itself.  0 pools strata completely, a large one not at all.
    covariate_sd : float
        Prior standard deviation of what one standard deviation of a covariate adds to an effect.
    chains, draws, warmup : int
        Chains (at least 2), and draws of each after its warm-up and during it (at least 100 each).
    target_accept : float
        Acceptance rate that the sampler's step size is tuned to.

    Raises
    ------
    SettingError
        When a scale is not positive and finite, or a numerical setting is out of range; all problems together.

    Examples
    --------
    >>> print(HierarchicalLogLinear(order="month").assumptions[0])
    Within each stratum there is no interaction of three or more lists, for the people on no list as for everybody else.

    A fit takes seconds::

        strata = table.by(["month"], least=0)
        found = HierarchicalLogLinear().fit(strata, rng=1, workers=4)
    """

    name: ClassVar[str] = "hierarchical-log-linear"
    title: ClassVar[str] = "Hierarchical log-linear over strata"
    shared: ClassVar[str] = "the means and spreads of the effects of lists and pairs"

    interactions: Literal["pairs", "none"] = "pairs"
    order: str | None = None
    covariates: Mapping[str, Mapping[str, float]] | None = None
    expansion: tuple[float, float] = (1.1, 20.0)
    list_sd: float = 1.0
    interaction_scale: float = 1.0
    list_spread: float = 1.0
    pair_spread: float = 0.5
    fixed_list_spread: float | None = None
    fixed_pair_spread: float | None = None
    covariate_sd: float = 0.5
    chains: int = 4
    draws: int = 1500
    warmup: int = 1000
    target_accept: float = 0.9

    def __post_init__(self) -> None:
        scales = ("list_sd", "interaction_scale", "list_spread", "pair_spread", "covariate_sd")
        problems = [
            f"{name} = {getattr(self, name)}; it must be a positive, finite number"
            for name in scales
            if not (isfinite(getattr(self, name)) and getattr(self, name) > 0)
        ]
        problems += [
            f"{name} = {value}; it must be a number, 0 or more"
            for name in ("fixed_list_spread", "fixed_pair_spread")
            if (value := getattr(self, name)) is not None and not (isfinite(value) and value >= 0)
        ]
        if self.interactions not in ("pairs", "none"):
            problems.append(f"interactions = {self.interactions!r}; it must be 'pairs' or 'none'")
        problems += [f"expansion: {problem}" for problem in range_problems(*self.expansion)]
        check_settings(self.name, [*problems, *sampler_problems(self)])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        pairs = self.interactions == "pairs"
        first = (
            "Within each stratum there is no interaction of three or more lists, for the people on no list as for "
            "everybody else."
            if pairs
            else "Within each stratum the lists are independent."
        )
        what = "each list and of each pair of lists" if pairs else "each list"
        how = (
            f"The effects of {what} vary over strata normally about a common mean; strata are alike until their lists "
            "say otherwise."
        )
        if self.order is not None:
            how = (
                f"The effects of {what} move over {self.order} as a random walk about a common mean, by one step from "
                "each value that occurs to the next."
            )
        return (
            first,
            how,
            *self._prior_sentences(pairs),
            "In each stratum every order of magnitude of N is equally plausible before the table is seen (prior "
            "proportional to 1/N).",
            "Apart from that, every person of a stratum has the same probability of being on each list.",
            CLOSED_POPULATION,
        )

    def _prior_sentences(self, pairs: bool) -> tuple[str, ...]:
        """The prior on the effects, and of covariates where there are some."""

        def spread(scale: float, fixed: float | None) -> str:
            return f"half-normal, of scale {scale:g}" if fixed is None else f"fixed at {fixed:g}"

        lower, upper = self.expansion
        sentences = [
            f"For lists that are independent and alike the prior puts N/n between {lower:g} and {upper:g} (95 %); the "
            f"log odds of single lists differ from that by {self.list_sd:g} (standard deviation), and over strata by a "
            f"spread that is {spread(self.list_spread, self.fixed_list_spread)}."
        ]
        if pairs:
            sentences.append(
                "The mean log odds ratios of pairs are normal about 0 (independence), with a half-normal standard "
                f"deviation of scale {self.interaction_scale:g}; over strata they vary by a spread that is "
                f"{spread(self.pair_spread, self.fixed_pair_spread)}."
            )
        if self.covariates:
            sentences.append(
                f"One standard deviation of {' or '.join(self.covariates)} shifts an effect by "
                f"{self.covariate_sd:g} (prior standard deviation)."
            )
        return tuple(sentences)

    def check_labels(self, labels: Mapping[str, tuple[str, ...]]) -> None:
        """Refuse an order or covariates of labels that do not make the strata.

        Parameters
        ----------
        labels : mapping of str to tuple of str
            The labels whose values make a stratum, with their values.

        Raises
        ------
        SettingError
            Naming what is missing; all problems together.
        """
        check_settings(self.name, label_problems(labels, self.order, self.covariates or {}))

    @described_by(PoolsStrata.why_not)
    def why_not(self, strata: Strata) -> str | None:
        """Why these strata cannot carry the model, or None."""
        fewest = 3 if self.interactions == "pairs" else 2
        return why_not_pooled(strata, fewest=fewest, most=_MAXIMUM_LISTS)

    def prior_scales(self, n_lists: int) -> PriorScales:
        """The numbers of the prior on J lists.

        Parameters
        ----------
        n_lists : int
            J, the number of lists.

        Examples
        --------
        >>> HierarchicalLogLinear(expansion=(1.5, 4)).prior_scales(3).mean.__round__(2)
        -1.56
        """
        low, high = (float(np.log(np.expm1(-np.log1p(-1 / end) / n_lists))) for end in self.expansion)
        return PriorScales(
            mean=(low + high) / 2,
            mean_sd=abs(low - high) / 2 / _Z,
            list_sd=self.list_sd,
            kappa=self.interaction_scale,
            list_tau=self.list_spread,
            pair_tau=self.pair_spread,
            fixed_list_tau=-1.0 if self.fixed_list_spread is None else self.fixed_list_spread,
            fixed_pair_tau=-1.0 if self.fixed_pair_spread is None else self.fixed_pair_spread,
            covariate_sd=self.covariate_sd,
        )

    def packed(self, strata: Strata) -> tuple[PooledTables, Packed]:
        """The strata as arrays, and what the density is given.

        Parameters
        ----------
        strata : Strata
            A table for each stratum.

        Raises
        ------
        SettingError
            For an order or covariates of labels that do not make the strata.
        """
        values = {label: tuple(stratum[at] for stratum in strata.tables) for at, label in enumerate(strata.labels)}
        self.check_labels(values)
        pooled = pooled_tables(strata, pairs=self.interactions == "pairs", order=self.order, covariates=self.covariates)
        own = strata.labels != (self.order,)
        return pooled, pack(pooled, self.prior_scales(len(pooled.lists)), own=own)

    def prior_totals(self, strata: Strata, *, rng: RandomState, draws: int = 2000) -> IntArray:
        """Draws of N of each stratum given only how many people are observed, shape (draws, S).  Unit: persons.

        Parameters
        ----------
        strata, rng
            As in `fit`.
        draws : int
            How many.
        """
        rng = generator_of(rng)
        pooled, packed = self.packed(strata)
        log_odds = log_odds_of(prior_places(packed, draws, rng), packed)
        columns = [
            prior_total_draws(1 + np.exp(np.minimum(odds, 600)), int(n), rng=rng)
            for odds, n in zip(log_odds.T, pooled.observed, strict=True)
        ]
        return np.column_stack(columns)

    @described_by(PoolsStrata.fit)
    def fit(self, strata: Strata, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> StratumResults:
        """Draw from the joint posterior of N in all strata; see `estimation.strata.protocol.PoolsStrata.fit`.

        A first attempt that diverges or whose chains disagree is followed by a longer second one.  Chains that still
        disagree, on N of the total, of any stratum, or on any spread, or divergences in more than 1 % of the draws,
        give `NotEstimable` for all.

        Raises
        ------
        SettingError
            For an order or covariates of labels that do not make the strata.
        """
        rng = generator_of(rng)
        pooled, packed = self.packed(strata)
        reason = self.why_not(strata)
        if reason is not None:
            return refused(self, strata, rng, reason)
        prior_rng, alone_rng, *rngs = rng.spawn(4)
        draw = functools.partial(self._attempt, pooled, packed, workers=workers, progress=progress)
        found: Outcome[Drawn] = in_two_attempts(draw, rngs, no_start=NO_START, checks=drawn_checks)
        if found.last is None:
            return refused(self, strata, rng, found.reason or NO_START)
        unseen = found.last.posterior.unseen
        before = self.prior_totals(strata, rng=prior_rng)
        alone = separate_fits(strata, pairs=self.interactions == "pairs", rng=alone_rng)
        notes, in_short = few_lists_notes(strata, fewest=3 if self.interactions == "pairs" else 2)
        common = common_of(found.last.posterior.places, packed)
        return answers(
            self,
            strata,
            Joint(unseen, before, found.diagnostics, found.reason),
            rng=rng,
            notes=notes,
            total_notes=(*in_short, *nobody_notes(strata)),
            tables=(shrinkage_table(strata, alone, unseen), effects_table(effect_names(pooled), common)),
        )

    def draw_places(
        self,
        pooled: PooledTables,
        packed: Packed,
        number: int,
        *,
        rng: np.random.Generator,
        workers: int,
        progress: Progress,
    ) -> tuple[FloatArray, int]:
        """Draws of places, shape (chains, draws, dimension), and the number of divergences; by the compiled density.

        Parameters
        ----------
        pooled, packed : PooledTables, Packed
            What `packed` gives.
        number : int
            Which attempt this is.
        rng, workers, progress
            As in `fit`.
        """
        drawn, divergences = sample_attempt(
            density_of(packed), self, number, names=("place",), rng=rng, workers=workers, progress=progress
        )
        return drawn["place"], divergences

    def _attempt(
        self,
        pooled: PooledTables,
        packed: Packed,
        number: int,
        rng: np.random.Generator,
        *,
        workers: int,
        progress: Progress,
    ) -> Attempt[Drawn] | str:
        """One attempt; or why N has no upper limit."""
        sampling_rng, unseen_rng = rng.spawn(2)
        places, divergences = self.draw_places(
            pooled, packed, number, rng=sampling_rng, workers=workers, progress=progress
        )
        log_odds = log_odds_of(places, packed)
        unseen = draw_unseen(log_odds, pooled.observed, unseen_rng)
        if unseen is None:
            return IMPROPER
        total = Draws(int(pooled.observed.sum()) + unseen.sum(axis=-1))
        return Attempt(total, divergences, Drawn(places, log_odds, unseen, packed))
