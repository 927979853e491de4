"""The same model under the priors that always stand beside the stated one.

Three rows: the stated prior; a wide one, the expansion factor N/n from 1.05 to 20; and the published one, Beta(1, 1)
capture probabilities (Manrique-Vallier 2016).  Where the stated prior is one of the two, the default is the third.  The
two beside it are fitted with a smaller effective sample size, and a note says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.latent_class.model import DEFAULT_EXPANSION, LatentClassModel
from estimation.models.prior_and_posterior import UnderPrior, prior_and_posterior
from estimation.models.protocol import Model
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, Result, ResultTable
from estimation.results.rounding import rounded
from estimation.results.totals import Draws
from estimation.work.progress import Progress, part

__all__ = ["UNDER_EACH_PRIOR", "Fitted", "fit_other_priors", "other_priors", "other_priors_note", "tables_of_priors"]

UNDER_EACH_PRIOR = "N under each prior on the capture probabilities"
"""Title of the table."""

_WIDE = (1.05, 20.0)

M = TypeVar("M", bound=LatentClassModel)


def other_priors(model: M) -> tuple[M, ...]:
    """The model with each of the two priors that stand beside its own.

    Examples
    --------
    >>> from estimation.models.latent_class.gibbs import LatentClass
    >>> [other.prior_label for other in other_priors(LatentClass())]
    ['N/n from 1.05 to 20', 'published prior, Beta(1, 1)']
    >>> [other.prior_label for other in other_priors(LatentClass(capture_a=1, capture_b=1))]
    ['N/n from 1.05 to 20', 'N/n from 1.1 to 10']
    """
    priors = [
        {"expansion": _WIDE, "capture_a": None, "capture_b": None},
        {"expansion": None, "capture_a": 1.0, "capture_b": 1.0},
        {"expansion": DEFAULT_EXPANSION, "capture_a": None, "capture_b": None},
    ]
    made = [replace(model, **prior) for prior in priors]  # type: ignore[arg-type]
    return tuple(other for other in made if other.prior_label != model.prior_label)[:2]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """One prior with its posterior.

    Parameters
    ----------
    row : UnderPrior
        Prior and posterior of N.
    size : float
        The smaller of bulk and tail effective sample size of N.
    result : Estimate or NotEstimable, optional
        What the model says under a prior that stands beside the stated one.
    """

    row: UnderPrior
    size: float
    result: Result | None = None


def fit_other_priors(
    model: LatentClassModel,
    table: CaptureTable,
    *,
    rngs: Sequence[np.random.Generator],
    workers: int,
    progress: Progress,
) -> tuple[Fitted, ...]:
    """The two priors beside the model's own, each fitted.

    Parameters
    ----------
    model : LatentClassModel
        With the settings that both are to be fitted with but for their prior.
    rngs : sequence of numpy.random.Generator
        One for each.
    """
    found = []
    for k, (other, rng) in enumerate(zip(other_priors(model), rngs, strict=True)):
        fit_rng, prior_rng = rng.spawn(2)
        if other.why_not(table) is not None:  # no Beta prior gives this interval on so many lists
            continue
        result = cast(Model, other).fit(
            table, rng=fit_rng, workers=workers, progress=part(progress, k / 2, (k + 1) / 2)
        )
        before = other.prior_total(table, rng=prior_rng)
        total = result.total if isinstance(result, Estimate) and isinstance(result.total, Draws) else None
        found.append(Fitted(UnderPrior(other.prior_label, before, total), size_of(result.diagnostics), result))
    return tuple(found)


def size_of(diagnostics: Diagnostics) -> float:
    """The smaller of bulk and tail effective sample size of N; 0 where there are no draws."""
    return min((check.value for check in diagnostics.checks if check.name.endswith("ESS of N")), default=0.0)


def tables_of_priors(fitted: Sequence[Fitted], n_observed: int) -> tuple[ResultTable, ResultTable]:
    """Prior and posterior of N/n, and N, under each prior; the stated one first."""
    rows = tuple(
        (
            one.row.label,
            *(
                ("not estimable",) * 3
                if one.row.total is None
                else tuple(round(one.row.total.quantile(q)) for q in (0.5, 0.025, 0.975))
            ),
            round(one.size),
        )
        for one in fitted
    )
    columns = (
        "prior",
        "N median (persons)",
        "N 2.5 % (persons)",
        "N 97.5 % (persons)",
        "effective sample size of N",
    )
    return prior_and_posterior([one.row for one in fitted], n_observed), ResultTable(UNDER_EACH_PRIOR, columns, rows)


def other_priors_note(others: Sequence[Fitted], target: int) -> str:
    """What the model says under the other priors, in one sentence."""
    parts = []
    for one in others:
        words = "not estimable"
        if isinstance(one.result, Estimate):
            headline = rounded(one.result)
            words = f"{headline} ({headline.interval_text})"
        parts.append(f"with the {'' if one.row.label.startswith('published') else 'prior '}{one.row.label}: {words}")
    return f"Under other priors, fitted to an effective sample size of {target}: {'; '.join(parts)}."
