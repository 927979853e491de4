"""Whether the chains of a linkage agree on the people and on every overlap of lists."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.histories import histories_of
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check, Diagnostics

__all__ = ["linkage_checks"]

_RHAT, _ESS = 1.1, 100.0
_FEWEST_DRAWS = 4
_MOST_CELLS = 200
"""Overlaps that are checked at most: those with the most people."""


def linkage_checks(persons: NDArray[np.int32], list_of: NDArray[np.int64], n_lists: int) -> Diagnostics:
    """Checks on the draws of a linkage.

    Parameters
    ----------
    persons : (chains, draws, R) int32
        The person of each record.
    list_of : (R,) int64
        The list of each record.
    n_lists : int
        J, the number of lists.

    Returns
    -------
    Diagnostics
        R-hat and effective sample sizes of the people, and so of the links, which are records less people; the
        largest R-hat of the people with each capture history.  A quantity that never moves, in any chain, passes.
    """
    chains, draws, _ = persons.shape
    if draws < _FEWEST_DRAWS:
        too_few = f"R-hat and effective sample sizes need {_FEWEST_DRAWS} draws of a chain."
        return Diagnostics((Check("draws of a chain", draws, _FEWEST_DRAWS, False, too_few),))
    people = persons.max(axis=2).astype(np.float64) + 1
    checks = list(chain_checks({"people": people}, rhat_limit=_RHAT, ess_limit=_ESS))
    cells = _cells(persons.reshape(chains * draws, -1), list_of, n_lists).reshape(-1, chains, draws)
    rhats = [check for check in _each(cells) if check.name.startswith("R-hat")]
    if rhats:
        worst = max(rhats, key=lambda check: check.value)
        name = f"R-hat of the overlaps of lists, the largest of {len(rhats):,}"
        checks.append(replace(worst, name=name))
    return Diagnostics(tuple(checks))


def _each(cells: NDArray[np.float64]) -> tuple[Check, ...]:
    return chain_checks({f"cell {at}": cell for at, cell in enumerate(cells)}, rhat_limit=_RHAT, ess_limit=0.0)


def _cells(drawn: NDArray[np.int32], list_of: NDArray[np.int64], n_lists: int) -> NDArray[np.float64]:
    """The people with each capture history, shape (cells, draws), those with the most first."""
    counts: dict[bytes, NDArray[np.float64]] = {}
    for at, persons in enumerate(drawn):
        for seen, people in zip(*histories_of(persons, list_of, n_lists), strict=True):
            counts.setdefault(seen.tobytes(), np.zeros(len(drawn)))[at] = people
    ordered = sorted(counts, key=lambda seen: (-counts[seen].sum(), seen))[:_MOST_CELLS]
    return np.array([counts[seen] for seen in ordered])
