"""From joint draws of the unseen people of all strata to a result for each stratum and the total.

Strata that share something are dependent given the tables, so that the total's draws are sums over strata draw by draw:
the draws of one stratum are never put beside those of another in another order.  The total's interval is then as long
as that dependence makes it, which is longer than adding independent posteriors would say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from estimation.capture.stratified import Strata, Stratum
from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.prior_and_posterior import UnderPrior, prior_and_posterior, prior_note
from estimation.models.protocol import settings_of
from estimation.provenance import Provenance, package_version, seed_of
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result, ResultTable
from estimation.results.totals import Draws
from estimation.strata.by_stratum import StratumResults
from estimation.strata.protocol import PoolsStrata

__all__ = ["Joint", "answers", "refused", "worst_checks"]


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """What was drawn of all strata together.

    Parameters
    ----------
    unseen : int array, shape (chains, draws, S)
        n_0 of each stratum.  Unit: persons.
    before : int array, shape (D, S)
        N of each stratum under the prior, given only how many people are observed.  Unit: persons.
    diagnostics : Diagnostics
        Did the computation work.
    reason : str, optional
        Why there is no number; None where there is.
    """

    unseen: IntArray
    before: IntArray
    diagnostics: Diagnostics
    reason: str | None = None


def worst_checks(quantities: FloatArray, label: str) -> tuple[Check, ...]:
    """R-hat and effective sample sizes of many quantities, of each the worst one.

    Parameters
    ----------
    quantities : float array, shape (chains, draws, Q)
        What was drawn.
    label : str
        What they are, for the name of the check.

    Examples
    --------
    >>> drawn = np.random.default_rng(1).standard_normal((4, 500, 3))
    >>> [check.name for check in worst_checks(drawn, "log n_0")]
    ['R-hat of log n_0, worst of 3', 'bulk ESS of log n_0, worst of 3', 'tail ESS of log n_0, worst of 3']
    """
    many = quantities.shape[-1]
    worst: dict[str, Check] = {}
    for at in range(many):
        for check in chain_checks({label: quantities[..., at]}):
            found = worst.get(check.name)
            further = found is None or (check.value > found.value) == check.name.startswith("R-hat")
            if further and (found is None or check.value != found.value):
                worst[check.name] = check
    return tuple(
        Check(f"{check.name}, worst of {many}", check.value, check.limit, check.passed, check.meaning)
        for check in worst.values()
    )


def refused(model: PoolsStrata, strata: Strata, rng: np.random.Generator, reason: str) -> StratumResults:
    """No number for any stratum, with one reason for all."""
    results: dict[Stratum, Result] = {
        stratum: NotEstimable(
            table.n_observed, model.name, model.title, reason, model.assumptions, _provenance(model, table.sha256, rng)
        )
        for stratum, table in strata.tables.items()
    }
    observed = sum(table.n_observed for table in strata.tables.values())
    total = NotEstimable(
        observed, model.name, model.title, reason, model.assumptions, _provenance(model, _checksum(strata), rng)
    )
    return StratumResults(strata.labels, results, _lists(strata), strata.left_out, total)


def answers(
    model: PoolsStrata,
    strata: Strata,
    joint: Joint,
    *,
    rng: np.random.Generator,
    notes: Mapping[Stratum, tuple[str, ...]],
    total_notes: Sequence[str],
    tables: Sequence[ResultTable],
) -> StratumResults:
    """A result for each stratum and the total.

    Parameters
    ----------
    model : PoolsStrata
        What was fitted.
    strata : Strata
        What it was fitted to.
    joint : Joint
        What was drawn.
    rng : numpy.random.Generator
        The generator of the fit; its seed is recorded.
    notes : mapping of Stratum to tuple of str
        What a reader of one stratum's number must see.
    total_notes : sequence of str
        What a reader of the total must see.
    tables : sequence of ResultTable
        Tables that belong to the total.
    """
    results: dict[Stratum, Result] = {}
    for at, (stratum, table) in enumerate(strata.tables.items()):
        draws = Draws(table.n_observed + joint.unseen[..., at])
        checks = Diagnostics((*chain_checks({"N": draws.values.astype(float)}), *joint.diagnostics.checks))
        own = _Part(table.n_observed, draws, joint.before[:, at], checks, _provenance(model, table.sha256, rng))
        results[stratum] = own.result(model, joint.reason, notes.get(stratum, ()), ())
    observed = sum(table.n_observed for table in strata.tables.values())
    whole = _Part(
        observed,
        Draws(observed + joint.unseen.sum(axis=-1)),
        joint.before.sum(axis=1),
        joint.diagnostics,
        _provenance(model, _checksum(strata), rng),
    )
    added = (
        f"The total of {len(results)} strata by {' and '.join(strata.labels)}, which share {model.shared}: their draws "
        "were added draw by draw, as the strata depend on each other."
    )
    total = whole.result(model, joint.reason, (added, *total_notes), tables)
    return StratumResults(strata.labels, results, _lists(strata), strata.left_out, total)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A stratum, or all: people observed, draws of N, those under the prior, checks and origin."""

    n_observed: int
    draws: Draws
    before: IntArray
    diagnostics: Diagnostics
    provenance: Provenance

    def result(
        self, model: PoolsStrata, reason: str | None, notes: Sequence[str], tables: Sequence[ResultTable]
    ) -> Result:
        """The estimate with its prior beside it, or why there is none, with the draws as evidence."""
        if reason is not None:
            return NotEstimable(
                self.n_observed,
                model.name,
                model.title,
                reason,
                model.assumptions,
                self.provenance,
                self.diagnostics,
                self.draws,
            )
        row = UnderPrior("as stated (this estimate)", self.before, self.draws)
        return Estimate(
            total=self.draws,
            n_observed=self.n_observed,
            model=model.name,
            title=model.title,
            assumptions=model.assumptions,
            diagnostics=self.diagnostics,
            provenance=self.provenance,
            notes=(*notes, prior_note(row, self.n_observed)),
            tables=(*tables, prior_and_posterior([row], self.n_observed)),
        )


def _lists(strata: Strata) -> dict[Stratum, tuple[str, ...]]:
    return {stratum: table.lists for stratum, table in strata.tables.items()}


def _checksum(strata: Strata) -> str:
    """One checksum of the tables of all strata."""
    tables: list[CaptureTable] = list(strata.tables.values())
    return sha256("\n".join(table.sha256 for table in tables).encode()).hexdigest()


def _provenance(model: PoolsStrata, checksum: str, rng: np.random.Generator) -> Provenance:
    return Provenance(checksum, package_version(), seed_of(rng), settings_of(model))
