"""Latent classes that strata share: the same capture probabilities everywhere, in shares that vary over strata.

Symbols
-------
J lists.   S strata.   K classes.   w : a capture history.   n_s, n_{0,s}, N_s : people of stratum s observed, on no
list, and all of them.   lambda_jk : probability that somebody of class k is on list j.   pi_s, pi : shares of the
classes in stratum s, and common ones.   c : how closely strata keep to these.   rho_s : the probability of no list.

Likelihood, each person of stratum s independently::

    class k with probability pi_sk;   on list j with probability lambda_jk, independently over lists
    p_s(w) = sum_k pi_sk prod_j lambda_jk^w_j (1 - lambda_jk)^(1 - w_j),   over the lists that could have seen s
    rho_s = p_s(0)

Identifying assumption: within a class the lists are independent, a class is captured alike in every stratum, and the
people on no list belong to the same classes as those on some.

Prior::

    lambda_jk ~ Beta(a, b), so that N/n is within ``expansion`` with 95 % in a population of one class
    pi ~ Dirichlet(alpha / K, ..., alpha / K)      pi_s ~ Dirichlet(c pi)      p(N_s) ~ 1/N_s
    c ~ Exponential, of mean ``share_concentration``

In words, with the defaults: N/n is between 1.1 and 10 (95 %) for people who are alike; there are few classes of any
size (alpha = 1); and the share of a class that half of all people are of has a standard deviation of .15 over strata at
c = 10, with less and more not excluded.  Given n_s alone and the rest, n_{0,s} is negative binomial (n_s, 1 - rho_s).

Computation: a Gibbs sampler with Metropolis moves of whole classes (`estimation.strata.partial_pooling.class_sweeps`).

References
----------
Manrique-Vallier (2016), Biometrics 72:1246-1254, for latent classes; Teh, Jordan, Beal, Blei (2006), Journal of the
American Statistical Association 101:1566-1581, for shares about common ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import ClassVar

import numpy as np

from estimation.capture.stratified import Strata
from estimation.capture.table import FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.latent_class.expansion_prior import expansion_prior, range_problems
from estimation.models.latent_class.summaries import classes_in_use
from estimation.models.prior_and_posterior import log_beta_draws, prior_total_draws
from estimation.models.protocol import CLOSED_POPULATION, check_settings, too_small
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import ResultTable
from estimation.strata.by_stratum import StratumResults
from estimation.strata.partial_pooling.answers import Joint, answers, refused, worst_checks
from estimation.strata.partial_pooling.class_sweeps import ClassPrior, Histories, State, histories_of, start, sweep_on
from estimation.strata.partial_pooling.shrinkage import effects_table, separate_fits, shrinkage_table
from estimation.strata.partial_pooling.tables import lists_of
from estimation.strata.partial_pooling.unusable import few_lists_notes, nobody_notes, why_not_pooled
from estimation.strata.protocol import PoolsStrata
from estimation.text.described import described_by
from estimation.work.progress import Progress, part, silent
from estimation.work.seeds import RandomState, generator_of
from estimation.work.threads import in_threads

__all__ = ["SharedLatentClasses"]

_FEWEST, _MOST_LISTS = 3, 60
_PIECES = 20
"""Times that the progress of a round is reported."""
_IMPROPER = (
    "the posterior of N is improper: the likelihood does not bound n_0 (a draw exceeds 10^12 people); state a narrower "
    "prior interval of the expansion factor (expansion), or merge strata"
)


@dataclass(frozen=True, slots=True)
class SharedLatentClasses:
    """The number of people in each stratum when strata hold the same latent classes in different shares.

    Within a class the lists are independent, and a class is captured alike in every stratum (the identifying
    assumption).

    Parameters
    ----------
    classes : int
        K, the largest possible number of classes (1 to 100).
    expansion : (float, float)
        95 % prior interval of the expansion factor N/n for a population of one class, which the prior on the capture
        probabilities is made from; see `estimation.models.latent_class.expansion_prior`.
    concentration : float
        alpha: small, few classes are common.
    share_concentration : float
        Prior mean of c: large, strata hold the classes in much the same shares.
    chains : int
        Chains from dispersed starts (at least 2).
    warmup, sweeps, max_sweeps : int
        Sweeps of each chain that are discarded (at least 100); of its first round (at least 1,000); and at most, when
        rounds twice as long follow because a check fails.
    draws : int
        Draws stored of each chain, evenly spaced over the round that counts (at least 100).

    Raises
    ------
    SettingError
        For settings outside these ranges; all are named together.

    Examples
    --------
    >>> print(SharedLatentClasses().assumptions[0][:72])
    People fall into a few latent classes that are the same in every stratum

    A fit takes seconds to minutes::

        found = SharedLatentClasses().fit(table.by(["month"], least=0), rng=1, workers=4)
    """

    name: ClassVar[str] = "shared-latent-classes"
    title: ClassVar[str] = "Latent classes shared by strata"
    shared: ClassVar[str] = "the capture probabilities of the classes, and their common shares"

    classes: int = 10
    expansion: tuple[float, float] = (1.1, 10.0)
    concentration: float = 1.0
    share_concentration: float = 10.0
    chains: int = 4
    warmup: int = 2_000
    sweeps: int = 16_000
    max_sweeps: int = 256_000
    draws: int = 2_000

    def __post_init__(self) -> None:
        least = {"classes": 1, "chains": 2, "warmup": 100, "sweeps": 1_000, "max_sweeps": 1_000, "draws": 100}
        problems = too_small(self, least)
        if not problems and self.classes > 100:
            problems.append(f"classes = {self.classes}; more than 100 are never needed: 10 to 30 suffice")
        if not problems and self.sweeps < self.draws:
            problems.append(f"sweeps = {self.sweeps}, less than the {self.draws} draws of them; raise it")
        if not problems and self.max_sweeps < self.sweeps:
            problems.append(f"max_sweeps = {self.max_sweeps}, less than the {self.sweeps} of the first round; raise it")
        problems += [
            f"{name} = {getattr(self, name)}; it must be a positive, finite number"
            for name in ("concentration", "share_concentration")
            if not (isfinite(getattr(self, name)) and getattr(self, name) > 0)
        ]
        problems += [f"expansion: {problem}" for problem in range_problems(*self.expansion)]
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        lower, upper = self.expansion
        return (
            "People fall into a few latent classes that are the same in every stratum: within a class the lists are "
            "independent, each list captures a class with one probability in all strata that it could have seen, and "
            "the people on no list belong to the same classes as those on some.",
            f"There are at most {self.classes} classes; their common shares are Dirichlet({self.concentration:g} / "
            f"{self.classes}), and those of each stratum vary about them with a concentration that is exponential, of "
            f"mean {self.share_concentration:g}.",
            f"The prior on the capture probabilities puts the expansion factor N/n between {lower:g} and {upper:g} "
            "with probability 95 %, for a population of one class.",
            "In each stratum every order of magnitude of N is equally plausible before the table is seen (prior "
            "proportional to 1/N).",
            CLOSED_POPULATION,
        )

    @described_by(PoolsStrata.why_not)
    def why_not(self, strata: Strata) -> str | None:
        """Why these strata cannot carry the model, or None."""
        found = why_not_pooled(strata, fewest=_FEWEST, most=_MOST_LISTS)
        if found is None:
            try:
                self.prior(len(lists_of(strata)))
            except SettingError as error:
                return "; ".join(error.problems)
        return found

    def prior(self, n_lists: int) -> ClassPrior:
        """The numbers of the prior on J lists.

        Parameters
        ----------
        n_lists : int
            J, the number of lists.

        Raises
        ------
        SettingError
            When no Beta prior gives ``expansion`` on J lists.
        """
        found = expansion_prior(*self.expansion, n_lists=n_lists)
        return ClassPrior(found.capture_a, found.capture_b, self.concentration, self.share_concentration)

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
        histories, prior = histories_of(strata), self.prior(len(lists_of(strata)))
        n_strata, n_lists = histories.present.shape
        shape = (draws, self.classes, n_lists)
        log_missed = log_beta_draws(rng, prior.capture_b, prior.capture_a, shape) @ histories.present.T
        common = _dirichlet(np.full((draws, self.classes), self.concentration / self.classes), rng)
        c = rng.standard_exponential((draws, 1)) * self.share_concentration
        columns = []
        for s in range(n_strata):
            missed = (_dirichlet(c * common, rng) * np.exp(log_missed[..., s])).sum(axis=1)
            expansion = 1 / np.maximum(1 - missed, 1e-300)
            columns.append(prior_total_draws(expansion, int(histories.observed[s]), rng=rng))
        return np.column_stack(columns)

    @described_by(PoolsStrata.fit)
    def fit(self, strata: Strata, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> StratumResults:
        """Draw from the joint posterior of N in all strata; see `estimation.strata.protocol.PoolsStrata.fit`.

        Rounds of sweeps, each twice as long as the last and the only one that counts, follow each other until R-hat of
        N, of the worst stratum, of the number of occupied classes and of log c is at most 1.01 and their effective
        sample sizes are at least 400; or up to ``max_sweeps``, where there is `NotEstimable` with the draws.
        """
        rng = generator_of(rng)
        reason = self.why_not(strata)
        if reason is not None:
            return refused(self, strata, rng, reason)
        prior_rng, alone_rng, *rngs = rng.spawn(2 + self.chains)
        histories, prior = histories_of(strata), self.prior(len(lists_of(strata)))
        found = self._rounds(histories, prior, rngs, workers, progress)
        if found is None:
            return refused(self, strata, rng, _IMPROPER)
        unseen, monitored, diagnostics, swept = found
        notes, in_short = few_lists_notes(strata, fewest=_FEWEST)
        joint = Joint(
            unseen,
            self.prior_totals(strata, rng=prior_rng),
            diagnostics,
            None if diagnostics.ok else _disagreement(diagnostics, swept),
        )
        alone = separate_fits(strata, pairs=True, rng=alone_rng)
        return answers(
            self,
            strata,
            joint,
            rng=rng,
            notes=notes,
            total_notes=(*in_short, *nobody_notes(strata)),
            tables=(
                shrinkage_table(strata, alone, unseen),
                classes_in_use(monitored[..., 0].astype(np.int64)),
                _concentration_table(monitored),
            ),
        )

    def _rounds(
        self,
        histories: Histories,
        prior: ClassPrior,
        rngs: list[np.random.Generator],
        workers: int,
        progress: Progress,
    ) -> tuple[IntArray, FloatArray, Diagnostics, int] | None:
        """Draws of n_0 and of what is monitored, the checks on them and the sweeps; None where N has no limit."""
        n_strata, n_lists = histories.present.shape
        chains = [(rng, start(n_strata, n_lists, self.classes, prior, rng)) for rng in rngs]
        sweeps, swept = self.sweeps, self.warmup
        if _swept(chains, histories, prior, 1, self.warmup, workers, silent) is None:
            return None
        while True:
            share = part(progress, 1 - self.sweeps / sweeps, 1 - self.sweeps / sweeps / 2)
            drawn = _swept(chains, histories, prior, self.draws, sweeps, workers, share)
            if drawn is None:
                return None
            unseen, monitored = drawn
            swept += sweeps
            diagnostics = _checks(unseen, monitored, histories.observed)
            if diagnostics.ok or swept + 2 * sweeps > self.max_sweeps:
                return unseen, monitored, diagnostics, swept
            sweeps *= 2


def _swept(
    chains: list[tuple[np.random.Generator, State]],
    histories: Histories,
    prior: ClassPrior,
    draws: int,
    sweeps: int,
    workers: int,
    progress: Progress,
) -> tuple[IntArray, FloatArray] | None:
    """A round of all chains, in pieces, so that it can be followed and stopped."""
    pieces = min(_PIECES, draws)
    unseen, monitored = [], []
    for piece in range(pieces):
        some = draws * (piece + 1) // pieces - draws * piece // pieces

        def move(chain: tuple[np.random.Generator, State], some: int = some) -> tuple[IntArray, FloatArray] | None:
            return sweep_on(histories, prior, chain[1], chain[0], draws=some, thin=max(1, sweeps // draws))

        found = in_threads(move, chains, workers)
        moved = [each for each in found if each is not None]
        if len(moved) < len(found):
            return None
        unseen.append(np.stack([each[0] for each in moved]))
        monitored.append(np.stack([each[1] for each in moved]))
        progress((piece + 1) / pieces)
    return np.concatenate(unseen, axis=1), np.concatenate(monitored, axis=1)


def _checks(unseen: IntArray, monitored: FloatArray, observed: FloatArray) -> Diagnostics:
    """Convergence of N, of the worst stratum, of the number of occupied classes and of log c."""
    quantities = {
        "N": unseen.sum(axis=-1).astype(np.float64),
        "occupied classes": monitored[..., 0],
        "log c": monitored[..., 1],
    }
    return Diagnostics(
        (*chain_checks(quantities), *worst_checks((observed + unseen).astype(np.float64), "N of a stratum"))
    )


def _disagreement(diagnostics: Diagnostics, swept: int) -> str:
    """Why the draws give no estimate, and what could be done."""
    values = ", ".join(f"{check.name} {check.value:.4g} (limit {check.limit:g})" for check in diagnostics.failed)
    return (
        f"after {swept:,} sweeps each, the chains do not agree or are too short: {values}; raise max_sweeps, lower "
        "classes, or merge strata that hold few people"
    )


def _concentration_table(monitored: FloatArray) -> ResultTable:
    return effects_table(["c, how closely strata keep to the common shares"], {"posterior": np.exp(monitored[..., 1:])})


def _dirichlet(shape: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Draws of shares, shape (draws, K), by way of log Gammas, as some shapes are tiny."""
    log_gamma = np.log(rng.standard_gamma(shape + 1)) - rng.standard_exponential(shape.shape) / np.maximum(
        shape, 1e-290
    )
    shares: FloatArray = np.exp(log_gamma - np.logaddexp.reduce(log_gamma, axis=1, keepdims=True))
    return shares
