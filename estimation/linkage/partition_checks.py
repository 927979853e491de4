"""Did the chains of a partition sampler agree: people, linked pairs and each history of the overlap table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.partition import PartitionDraws
from estimation.results.convergence import chain_checks
from estimation.results.diagnostics import Check

__all__ = ["partition_checks"]


_NOTHING_VARIES = Check(
    "largest difference between two draws",
    0.0,
    0.0,
    True,
    "From opposite starts all chains drew the same numbers in every draw, so that there is no R-hat: the lists leave "
    "the model no doubt.",
)


def partition_checks(
    draws: PartitionDraws,
    list_of: NDArray[np.int32],
    lists: tuple[str, ...],
    *,
    rhat_limit: float = 1.1,
    ess_limit: float = 50.0,
) -> tuple[Check, ...]:
    """R-hat and effective sample sizes of the people, of linked pairs of records and of every history that occurs.

    Parameters
    ----------
    draws : PartitionDraws
        Of several chains.
    list_of : (R,) int32
        The list of each record.
    lists : tuple of str
        Their names.
    rhat_limit, ess_limit : float
        As `estimation.results.convergence.chain_checks` has them; wider by default than for N, whose interval averages
        over draws: between draws only the linkage's own part of its variance is at stake.

    Returns
    -------
    tuple of Check
        Where no number differs between any two draws, one check that says so.
    """
    shape = draws.persons.shape[:2]
    people, pairs = np.empty(shape), np.empty(shape)
    histories: dict[tuple[int, ...], NDArray[np.float64]] = {}
    for place in np.ndindex(shape):
        persons = draws.persons[place]
        sizes = np.bincount(persons)
        people[place] = len(sizes)
        pairs[place] = (sizes * (sizes - 1) / 2).sum()
        seen = np.zeros((len(sizes), len(lists)), dtype=np.bool_)
        seen[persons, list_of] = True
        packed, counts = np.unique(np.packbits(seen, axis=1), axis=0, return_counts=True)
        for key, count in zip(map(tuple, packed.tolist()), counts.tolist(), strict=True):
            histories.setdefault(key, np.zeros(shape))[place] = count
    quantities = {"people": people, "linked pairs": pairs}
    for key in sorted(histories):
        on = np.unpackbits(np.array(key, dtype=np.uint8))[: len(lists)]
        names = [name for name, is_on in zip(lists, on.tolist(), strict=True) if is_on]
        quantities[f"people on {' and '.join(names)} only"] = histories[key]
    return chain_checks(quantities, rhat_limit=rhat_limit, ess_limit=ess_limit) or (_NOTHING_VARIES,)
