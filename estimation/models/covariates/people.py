"""The people that the model is about: their history on the lists used, their covariates, and how many are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypeAlias

import numpy as np

from estimation.capture.labels import Label
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray

__all__ = ["NOT_RECORDED", "Among", "People", "numbers_in", "people_of"]

Among: TypeAlias = Literal["everybody", "those on no other list"]
"""Among whom the lists that are named are as assumed."""

NOT_RECORDED = "(missing)"
"""How people without a covariate are called where that is a value of its own."""


@dataclass(frozen=True, slots=True)
class People:
    """People observed, those alike together.

    Parameters
    ----------
    history : int array, shape (C,)
        On the K lists used, by its code from 1 to 2^K - 1 (bit j for list j).
    codes : int array, shape (C, L)
        The value of each covariate, by its place; -1 where it is missing.
    counts : int array, shape (C,)
        Unit: persons.
    names : tuple of str, length L
        The covariates.
    values : tuple of tuple of str, length L
        The values of each.
    lists : tuple of str, length K
        The lists used.
    beside : int
        People who count once each: those on other lists, where the lists are as assumed among the others.
    """

    history: IntArray
    codes: IntArray
    counts: IntArray
    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    lists: tuple[str, ...]
    beside: int

    @property
    def known(self) -> BoolArray:
        """Of whom all covariates are known, shape (C,)."""
        return np.asarray((self.codes >= 0).all(axis=1))

    @property
    def by_history(self) -> IntArray:
        """People of each history, shape (2^K - 1,).  Unit: persons."""
        found = np.bincount(self.history - 1, weights=self.counts, minlength=(1 << len(self.lists)) - 1)
        return found.astype(np.int64)

    def history_name(self, code: int) -> str:
        """A history as digits, one a list."""
        return "".join(str(code >> at & 1) for at in range(len(self.lists)))

    @property
    def shares(self) -> FloatArray:
        """What part of the people has each history, in every row alike, shape (C, 2^K - 1)."""
        return np.tile(self.by_history / self.by_history.sum(), (len(self.counts), 1))


def numbers_in(values: Sequence[str]) -> FloatArray | None:
    """The numbers that some texts are, or None where one is none.

    Examples
    --------
    >>> numbers_in(["1983", "1984.5"]).tolist(), numbers_in(["0-14"])
    ([1983.0, 1984.5], None)
    """
    try:
        found = [float(value) for value in values]
    except ValueError:
        return None
    return np.array(found) if all(map(isfinite, found)) else None


def people_of(
    table: CaptureTable | StratifiedTable,
    covariates: tuple[str, ...],
    lists: tuple[str, ...] | None,
    among: Among,
    *,
    own_value: bool,
) -> People:
    """The people that a model with some covariates and lists is about.

    Parameters
    ----------
    table : CaptureTable or StratifiedTable
        Who was seen by which lists; with labels where there are covariates.
    covariates : tuple of str
        Labels of the table.
    lists : tuple of str, optional
        The lists that the assumption is about; by default all.
    among : {"everybody", "those on no other list"}
        Whether people on other lists too are taken by their history on these, and those on none of these leave; or
        whether all on other lists stand beside and count once.
    own_value : bool
        Whether a covariate that is missing is a value of its own.
    """
    names = table.lists if lists is None else lists
    columns = [table.lists.index(name) for name in names]
    used = table.patterns[:, columns]
    others = np.delete(table.patterns, columns, axis=1).any(axis=1)
    taken: BoolArray = np.asarray(used.any(axis=1))
    beside = 0
    if among == "those on no other list":
        beside, taken = int(table.counts[others].sum()), np.asarray(~others)
    history = used[taken].astype(np.int64) @ (1 << np.arange(len(names), dtype=np.int64))
    codes, values = _covariates(table, covariates, taken, own_value=own_value)
    keys, member = np.unique(np.column_stack([history, codes]), axis=0, return_inverse=True)
    counts = np.bincount(member.reshape(-1), weights=table.counts[taken], minlength=len(keys)).astype(np.int64)
    return People(keys[:, 0], keys[:, 1:], counts, covariates, values, names, beside)


def _covariates(
    table: CaptureTable | StratifiedTable, names: tuple[str, ...], taken: BoolArray, *, own_value: bool
) -> tuple[IntArray, tuple[tuple[str, ...], ...]]:
    """The codes of the covariates of some rows, and their values."""
    if not names or isinstance(table, CaptureTable):
        return np.zeros((int(taken.sum()), 0), dtype=np.int64), ()
    labels: list[Label] = [table.label(name) for name in names]
    codes = table.codes[:, [table.labels.index(label) for label in labels]][taken]
    values = [label.values for label in labels]
    for at, label in enumerate(labels):
        missing = codes[:, at] >= len(label.values)
        codes[missing, at] = len(label.values) if own_value else -1
        if own_value and missing.any():
            values[at] = (*label.values, NOT_RECORDED)
    return codes, tuple(values)
