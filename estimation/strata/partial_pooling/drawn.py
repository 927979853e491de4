"""What one attempt at the joint posterior of all strata drew, and whether its chains agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.nuts_attempts import Attempt, computation_checks
from estimation.results.diagnostics import Diagnostics
from estimation.strata.partial_pooling.answers import worst_checks
from estimation.strata.partial_pooling.effects import Packed, common_of

__all__ = ["IMPROPER", "NO_START", "Drawn", "drawn_checks"]

IMPROPER = (
    "the posterior of N is improper: the likelihood does not bound n_0 (a draw exceeds 10^12 people); state a narrower "
    "prior interval of the expansion factor (expansion), or merge strata"
)
NO_START = "the prior is so wide that the sampler finds no place to start from; use smaller scales"


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Places, the log odds of being on no list, and the unseen, each of shape (chains, draws, ...)."""

    places: FloatArray
    log_odds: FloatArray
    unseen: IntArray
    packed: Packed


def drawn_checks(drawn: Attempt[Drawn]) -> Diagnostics:
    """Convergence of N, of the worst stratum and of the worst spread, and divergences."""
    found = computation_checks(drawn.total, drawn.divergences).checks
    posterior = drawn.posterior
    spreads = [values for name, values in common_of(posterior.places, posterior.packed).items() if name != "mean"]
    of_spreads = worst_checks(np.concatenate(spreads, axis=-1), "a spread") if spreads else ()
    return Diagnostics((*found, *worst_checks(posterior.log_odds, "log n_0 of a stratum"), *of_spreads))
