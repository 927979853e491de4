"""What a model over strata needs of the tables: sufficient statistics of each stratum, and where it lies.

Symbols
-------
J lists.   S strata.   theta : an effect, a list or a pair of lists; E of them, the J lists first.
t_{theta,s} : people of stratum s on all lists of theta.   n_s : people of stratum s observed.   T : times.

A list that is not in the table of a stratum could not have seen it: its histories do not exist there (structural
zeros), and its effects are those of the other strata.  A list that is in the table and has nobody has counts of zero,
which are data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from estimation.capture.labels import in_order
from estimation.capture.stratified import Strata, Stratum
from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray

__all__ = ["PooledTables", "effect_names", "lists_of", "pooled_tables"]


@dataclass(frozen=True, slots=True, eq=False)
class PooledTables:
    """All strata in one set of arrays.

    Parameters
    ----------
    lists : tuple of str
        The J lists, of all strata together.
    strata : tuple of Stratum
        The S strata.
    effects : tuple of tuple of int
        The lists of each theta, by their places.
    present : bool array, shape (S, J)
        Whether a list is in the table of a stratum.
    masks : int array, shape (S, E)
        Each effect among the lists of a stratum, as a number whose bits are those lists; -1 where one is not in it.
    together : float array, shape (S, E)
        t, people on all lists of each effect.  Unit: persons.
    observed : float array, shape (S,)
        n_s.  Unit: persons.
    times : int array, shape (S,)
        Place of the stratum in the order; 0 where there is none.
    n_times : int
        T, 1 where there is no order.
    covariates : float array, shape (S, C)
        Numbers of the strata, each with mean 0 and standard deviation 1.
    """

    lists: tuple[str, ...]
    strata: tuple[Stratum, ...]
    effects: tuple[tuple[int, ...], ...]
    present: BoolArray
    masks: IntArray
    together: FloatArray
    observed: FloatArray
    times: IntArray
    n_times: int
    covariates: FloatArray

    @property
    def is_pair(self) -> BoolArray:
        """Whether each effect is of two lists, shape (E,)."""
        return np.array([len(effect) == 2 for effect in self.effects], dtype=bool)


def lists_of(strata: Strata) -> tuple[str, ...]:
    """The lists of all strata together, in the order in which the first tables name them."""
    return tuple(dict.fromkeys(name for table in strata.tables.values() for name in table.lists))


def effect_names(pooled: PooledTables) -> tuple[str, ...]:
    """Each effect as it is read.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2})
    >>> effect_names(pooled_tables(Strata(("place",), {("n",): table}, {("n",): {}})))
    ('A', 'B', 'A and B')
    """
    return tuple(" and ".join(pooled.lists[place] for place in effect) for effect in pooled.effects)


def pooled_tables(
    strata: Strata,
    *,
    pairs: bool = True,
    order: str | None = None,
    covariates: Mapping[str, Mapping[str, float]] | None = None,
) -> PooledTables:
    """The sufficient statistics of all strata.

    Parameters
    ----------
    strata : Strata
        A table for each stratum.
    pairs : bool
        Whether pairs of lists have effects.
    order : str, optional
        The label whose values are times, in their order.
    covariates : mapping of str to mapping of str to float
        By label, a number for each of its values.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2})
    >>> pooled_tables(Strata(("place",), {("n",): table}, {("n",): {}})).together.tolist()
    [[7.0, 5.0, 2.0]]
    """
    lists = lists_of(strata)
    effects: list[tuple[int, ...]] = [(j,) for j in range(len(lists))]
    effects += combinations(range(len(lists)), 2) if pairs else []
    tables = list(strata.tables.values())
    present = np.array([[name in table.lists for name in lists] for table in tables], dtype=bool)
    together = np.zeros((len(tables), len(effects)))
    masks = np.full((len(tables), len(effects)), -1, dtype=np.int64)
    for s, table in enumerate(tables):
        overlaps = _overlaps(table, lists)
        own = np.cumsum(present[s]) - 1
        for e, effect in enumerate(effects):
            if present[s, list(effect)].all():
                masks[s, e] = sum(1 << int(own[j]) for j in effect)
                together[s, e] = overlaps[effect[0], effect[-1]]
    times, n_times = _times(strata, order)
    return PooledTables(
        lists=lists,
        strata=tuple(strata.tables),
        effects=tuple(effects),
        present=present,
        masks=masks,
        together=together,
        observed=np.array([float(table.n_observed) for table in tables]),
        times=times,
        n_times=n_times,
        covariates=_covariates(strata, covariates or {}),
    )


def _overlaps(table: CaptureTable, lists: Sequence[str]) -> FloatArray:
    """People on each pair of lists, list sizes on the diagonal, in the order of all lists; 0 for those not there."""
    found = np.zeros((len(lists), len(lists)))
    places = [lists.index(name) for name in table.lists]
    found[np.ix_(places, places)] = table.overlaps
    return found


def _times(strata: Strata, order: str | None) -> tuple[IntArray, int]:
    """The place of each stratum in the order of the values of a label, and how many there are."""
    if order is None:
        return np.zeros(len(strata.tables), dtype=np.int64), 1
    at = strata.labels.index(order)
    values = [stratum[at] for stratum in strata.tables]
    ordered = sorted(dict.fromkeys(values), key=in_order)
    return np.array([ordered.index(value) for value in values], dtype=np.int64), len(ordered)


def _covariates(strata: Strata, covariates: Mapping[str, Mapping[str, float]]) -> FloatArray:
    """The numbers of each stratum, shape (S, C), each with mean 0 and standard deviation 1 over the strata."""
    columns = [
        [float(numbers[stratum[strata.labels.index(label)]]) for stratum in strata.tables]
        for label, numbers in covariates.items()
    ]
    found = np.array(columns).T.reshape(len(strata.tables), len(columns))
    spread = found.std(axis=0)
    standard: FloatArray = (found - found.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return standard
