"""Convergence of chains, by ArviZ: the one module that imports it, so that its next major release costs one file.

ArviZ 0.x and 1.x differ in `from_dict` and in what it returns (InferenceData, DataTree); ``rhat`` and ``ess`` on a
(chain, draw) array are the same in both.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from estimation.capture.table import FloatArray
from estimation.results.diagnostics import Check

with warnings.catch_warnings():
    # ArviZ 0.23 announces its next major release at every first import; this module already works with both.
    warnings.filterwarnings("ignore", message=r"\s*ArviZ is undergoing", category=FutureWarning)
    import arviz

__all__ = ["ArvizData", "chain_checks", "to_arviz"]

ArvizData: TypeAlias = Any
"""InferenceData under ArviZ 0.x, xarray's DataTree under 1.x."""

_TAILS = (0.05, 0.95)
"""The quantiles of the tail effective sample size; ArviZ 1.x has no default for them."""

_MAJOR = int(arviz.__version__.split(".")[0])


def to_arviz(posterior: Mapping[str, FloatArray]) -> ArvizData:
    """Draws by name, each of shape (chains, draws), as ArviZ data.

    Examples
    --------
    >>> data = to_arviz({"N": np.arange(8.0).reshape(2, 4)})
    >>> data.posterior["N"].shape
    (2, 4)
    """
    arrays = {name: np.asarray(values) for name, values in posterior.items()}
    return arviz.from_dict(posterior=arrays) if _MAJOR < 1 else arviz.from_dict({"posterior": arrays})


def chain_checks(
    quantities: Mapping[str, FloatArray], *, rhat_limit: float = 1.01, ess_limit: float = 400.0
) -> tuple[Check, ...]:
    """Rank-normalised split R-hat and bulk and tail effective sample size of each quantity.

    Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021).

    Parameters
    ----------
    quantities : mapping of str to float array, shape (chains, draws)
        What was drawn.
    rhat_limit, ess_limit : float
        R-hat must stay at or below the first, both effective sample sizes reach the second.

    Returns
    -------
    tuple of Check
        Three a quantity.  A quantity that never moved has no R-hat: it passes only if all chains hold one value.
    """
    checks: list[Check] = []
    for name, given in quantities.items():
        values = np.asarray(given, dtype=float)
        if np.ptp(values) == 0:
            continue
        # Chains that are each stuck at one value divide by zero inside ArviZ: an infinite R-hat, and no draw.
        with np.errstate(divide="ignore", invalid="ignore"):
            rhat = float(arviz.rhat(values))
            bulk = float(arviz.ess(values, method="bulk"))
            tail = float(arviz.ess(values, method="tail", prob=_TAILS))
        if np.isnan(rhat) or np.ptp(values, axis=1).max() == 0:
            rhat, bulk, tail = np.inf, 0.0, 0.0
        checks += [
            Check(
                f"R-hat of {name}",
                rhat,
                rhat_limit,
                bool(rhat <= rhat_limit),
                "Chains that started apart agree (1 is perfect).",
            ),
            Check(
                f"bulk ESS of {name}",
                bulk,
                ess_limit,
                bool(bulk >= ess_limit),
                "Bulk effective sample size: the precision of the centre is that of so many independent draws.",
            ),
            Check(
                f"tail ESS of {name}",
                tail,
                ess_limit,
                bool(tail >= ess_limit),
                "Tail effective sample size: the precision of the ends is that of so many independent draws.",
            ),
        ]
    return tuple(checks)
