"""A posterior of N by the No-U-Turn sampler: its settings, its checks, and a longer second attempt where one fails.

The second attempt doubles warm-up and draws and raises the acceptance target to at least 0.99; its outcome stands.
Where it fails too there is `NotEstimable`, with the draws as evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray
from estimation.models.nuts import CompiledDensity, NoStartError, run_sampler
from estimation.models.protocol import Model, estimate, not_estimable, too_small
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Result, ResultTable
from estimation.results.goodness_of_fit import GoodnessOfFit
from estimation.results.totals import Draws
from estimation.work.progress import Progress, attempt

__all__ = [
    "DIVERGENT_SHARE",
    "Attempt",
    "Outcome",
    "SamplerSettings",
    "computation_checks",
    "failure",
    "in_two_attempts",
    "sample_attempt",
    "sampler_problems",
]

T = TypeVar("T")

DIVERGENT_SHARE = 0.01
"""Above this share of divergent draws there is no estimate; below it, the estimate has a failed check beside it."""

_SECOND_TARGET_ACCEPT = 0.99


class SamplerSettings(Protocol):
    """The fields that a model fitted by the No-U-Turn sampler has beside its prior."""

    @property
    def chains(self) -> int:
        """Number of chains."""
        ...

    @property
    def draws(self) -> int:
        """Draws of each chain after its warm-up."""
        ...

    @property
    def warmup(self) -> int:
        """Draws of each chain that are discarded."""
        ...

    @property
    def target_accept(self) -> float:
        """Acceptance rate that the step size is tuned to."""
        ...


def sampler_problems(settings: SamplerSettings) -> list[str]:
    """What is wrong with the settings of the sampler, one sentence each."""
    problems = too_small(settings, {"chains": 2, "draws": 100, "warmup": 100})
    if not 0.5 <= settings.target_accept < 1:
        problems.append(f"target_accept = {settings.target_accept}; it must be a number from 0.5 to below 1")
    return problems


def sample_attempt(
    density: CompiledDensity,
    settings: SamplerSettings,
    number: int,
    *,
    names: Sequence[str],
    rng: np.random.Generator,
    workers: int,
    progress: Progress,
) -> tuple[Mapping[str, FloatArray], int]:
    """Draws by name, each of shape (chains, draws, ...), and the number of divergences.

    Parameters
    ----------
    density : CompiledDensity
        From `estimation.models.nuts.compile_density`, with the table put in.
    settings : SamplerSettings
        Chains, draws, warm-up and acceptance target of the first attempt.
    number : int
        1, or 2 for the longer second attempt.
    names : sequence of str
        The variables wanted.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Chains to run at once, at most.  Never changes the draws.
    progress : callable
        Receives the share of both attempts that is done.
    """
    return run_sampler(
        density,
        names=names,
        draws=number * settings.draws,
        tune=number * settings.warmup,
        chains=settings.chains,
        cores=max(1, min(workers, settings.chains)),
        seed=int(rng.integers(2**63)),
        target_accept=settings.target_accept if number == 1 else max(settings.target_accept, _SECOND_TARGET_ACCEPT),
        progress=attempt(progress, number - 1, last=number == 2),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Attempt(Generic[T]):
    """What one attempt drew.

    Parameters
    ----------
    total : Draws
        N and what is monitored beside it.
    divergences : int
        Number of divergent draws.
    posterior : T
        Whatever else the model needs of the draws.
    """

    total: Draws
    divergences: int
    posterior: T


@dataclass(frozen=True, slots=True, eq=False)
class Outcome(Generic[T]):
    """What came of the attempts.

    Parameters
    ----------
    last : Attempt, optional
        The attempt whose outcome stands; None when nothing could be drawn.
    diagnostics : Diagnostics
        The checks on it.
    reason : str, optional
        Why there is no estimate; None when there is one.
    """

    last: Attempt[T] | None
    diagnostics: Diagnostics
    reason: str | None

    def result(
        self,
        model: Model,
        table: CaptureTable,
        rng: np.random.Generator,
        *,
        notes: tuple[str, ...] = (),
        tables: tuple[ResultTable, ...] = (),
        fit: GoodnessOfFit | None = None,
    ) -> Result:
        """The estimate; or `NotEstimable` with the draws, if there are any, as evidence."""
        if self.last is None or self.reason is not None:
            evidence = None if self.last is None else self.last.total
            reason = self.reason or ""
            return not_estimable(
                model, table, rng, reason, diagnostics=self.diagnostics, evidence=evidence, tables=tables
            )
        return estimate(
            model, table, rng, self.last.total, diagnostics=self.diagnostics, notes=notes, tables=tables, fit=fit
        )


def in_two_attempts(
    draw: Callable[[int, np.random.Generator], Attempt[T] | str],
    rngs: Sequence[np.random.Generator],
    *,
    no_start: str,
    divergent_share: float = DIVERGENT_SHARE,
    checks: Callable[[Attempt[T]], Diagnostics] | None = None,
) -> Outcome[T]:
    """Draw once, and again with more effort where the first attempt fails.

    Parameters
    ----------
    draw : callable
        From the number of the attempt, 1 or 2, and its generator to what it drew; or why it can give no number.
    rngs : sequence of two numpy.random.Generator
        One for each attempt.
    no_start : str
        The reason to give when the sampler finds no place to start from.
    divergent_share : float
        Share of divergent draws above which the first attempt is repeated.
    checks : callable, optional
        The checks on an attempt; by default those of `computation_checks` on its total.
    """
    for number, rng in enumerate(rngs, 1):
        try:
            drawn = draw(number, rng)
        except NoStartError:
            drawn = no_start
        if isinstance(drawn, str):
            return Outcome(None, Diagnostics(), drawn)
        n_draws = drawn.total.values.size
        diagnostics = checks(drawn) if checks else computation_checks(drawn.total, drawn.divergences)
        outcome = Outcome(drawn, diagnostics, failure(diagnostics, n_draws))
        if failure(diagnostics, n_draws, divergent_share) is None:
            break
    return outcome


def computation_checks(total: Draws, divergences: int) -> Diagnostics:
    """Convergence of N and of all that is monitored beside it, and the divergences."""
    check = Check(
        "divergences",
        float(divergences),
        0.0,
        divergences == 0,
        "Divergent draws: the sampler could not follow the posterior there, and may have missed a part of it.",
    )
    return Diagnostics((*chain_checks({"N": total.values.astype(float), **total.monitored}), check))


def failure(diagnostics: Diagnostics, draws: int, divergent_share: float = DIVERGENT_SHARE) -> str | None:
    """Why draws cannot be used, or None.

    Parameters
    ----------
    diagnostics : Diagnostics
        From `computation_checks`.
    draws : int
        Draws of all chains together.
    divergent_share : float
        The largest share of divergent draws that is accepted.
    """
    failed = [check for check in diagnostics.failed if check.name != "divergences"]
    if failed:
        values = "; ".join(f"{check.name} is {check.value:.4g} (limit {check.limit:g})" for check in failed)
        return f"the chains do not agree, or are too short, after a second and longer attempt: {values}; raise draws"
    diverged = max((check.value for check in diagnostics.failed), default=0.0)
    if diverged > divergent_share * draws:
        return (
            f"{diverged:,.0f} of {draws:,} draws diverged after a second and longer attempt, "
            "so part of the posterior may be missing; raise target_accept, or merge or drop sparse lists"
        )
    return None
