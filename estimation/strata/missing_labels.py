"""People whose labels are missing: left out, or given labels drawn from people with the same capture history.

Labels are taken to be missing at random *given the capture history and the other labels*: among people on the same
lists, of whom the same else is known, those whose label is missing have each value as often as those whose label is
known.  Given the labels alone it would be wrong wherever a source that says little of people sees others than the rest
do: in Gaza age is missing for two thirds of those who are in social media alone and for hardly anybody else, and to
leave them out loses more than a third of N.

Symbols
-------
w : capture history.   l : labels, those of one person.   A : the values that are possible for somebody.
c(w, l) : people with history w and labels l, all known.

*Hot deck* (`imputed`).  Somebody with history w and possible labels A gets l in A with a chance g(w, l) over its sum,
with g(w, l) drawn once for each imputation from Gamma(c(w, l), 1): the Bayesian bootstrap of the people who could have
been that person, so that imputations differ as much as the donors are few (proper imputation; Rubin 1981, 1987).  Where
nobody with the same history has labels in A, donors are people of any history with labels in A; where nobody has, each
value of A is as probable as another.  How many people got their labels in each way is part of the result.

*Model* (`imputed` with ``by="model"``; `estimation.strata.label_model`).  A multinomial model of the labels given the
lists, with a main effect of each list, which borrows from people with other histories where donors are few.

References: Rubin (1981), *The Bayesian Bootstrap*, Annals of Statistics 9:130-134; Rubin (1987), *Multiple Imputation
for Nonresponse in Surveys*; Andridge, Little (2010), International Statistical Review 78:40-64, for hot decks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.strata.label_model import drawn_by_model
from estimation.work.seeds import RandomState, generator_of

__all__ = ["IMPUTED_BY", "Imputed", "ImputedBy", "imputed"]

ImputedBy: TypeAlias = Literal["hot deck", "model"]
IMPUTED_BY: tuple[ImputedBy, ...] = ("hot deck", "model")
"""How missing labels are imputed; see `imputed`."""


@dataclass(frozen=True, slots=True)
class Imputed:
    """A table whose missing labels were drawn.

    Parameters
    ----------
    table : StratifiedTable
        Of which some labels are known of everybody.
    within_history : int
        People who got labels of people with the same history.  Unit: persons.
    other_history : int
        Those who got labels of people with other histories, since nobody with the same could have been them.
    without_donor : int
        Those for whom each possible value was as probable as another.
    by_model : int
        Those who got labels by the model of labels given the lists.
    """

    table: StratifiedTable
    within_history: int
    other_history: int
    without_donor: int
    by_model: int = 0


def imputed(table: StratifiedTable, names: Sequence[str], *, rng: RandomState, by: ImputedBy = "hot deck") -> Imputed:
    """A table whose missing labels are drawn, from people with the same capture history or by a model.

    Parameters
    ----------
    table : StratifiedTable
        With labels missing.
    names : sequence of str
        The labels that everybody is to have.
    rng : int, SeedSequence or Generator
        The only source of randomness.
    by : {"hot deck", "model"}
        From people with the same history, or by a model of the labels given the lists, which borrows from people with
        other histories where few with the same have labels.

    Raises
    ------
    SettingError
        For an unknown ``by``.
    TableError
        When a name is no label; by the model, also when somebody can be of no stratum in which anybody is known to be.

    Examples
    --------
    >>> table = StratifiedTable(["a", "b"], [[1, 0], [1, 0], [1, 1]], {"sex": ["f", None, "m"]}, [5, 3, 2])
    >>> drawn = imputed(table, ["sex"], rng=1)
    >>> drawn.within_history, drawn.table.by(["sex"]).tables[("f",)].n_observed
    (3, 8)
    """
    rng = generator_of(rng)
    if by not in IMPUTED_BY:
        raise SettingError("imputation", [f"by = {by!r}; it must be one of {', '.join(map(repr, IMPUTED_BY))}"])
    labels = [table.label(name) for name in names]
    places = [table.labels.index(label) for label in labels]
    codes = table.codes[:, places]
    known = (codes < [len(label.values) for label in labels]).all(axis=1)
    if known.all():
        return Imputed(table, 0, 0, 0)
    if by == "model":
        return Imputed(drawn_by_model(table, names, rng), 0, 0, 0, int(table.counts[~known].sum()))
    donors = _Donors.of(table.patterns[known], codes[known], table.counts[known], rng)
    allowed = [label.allowed() for label in labels]
    rows, people, drawn = [np.flatnonzero(known)], [table.counts[known]], [codes[known]]
    ways = np.zeros(3, dtype=np.int64)
    for row in np.flatnonzero(~known).tolist():
        possible = [allowed[at][code] for at, code in enumerate(codes[row].tolist())]
        count = int(table.counts[row])
        values, numbers, way = donors.draw(table.patterns[row], possible, count, rng)
        ways[way] += count
        rows.append(np.full(len(numbers), row))
        people.append(numbers)
        drawn.append(values)
    at = np.concatenate(rows)
    whole = table.codes[at].copy()
    whole[:, places] = np.concatenate(drawn)
    found = table.with_codes(whole, table.patterns[at], np.concatenate(people))
    return Imputed(found, *map(int, ways))


@dataclass(frozen=True, slots=True)
class _Donors:
    """People whose labels are known: their labels, and one draw of what part of all each kind of them is.

    ``own`` has the kinds by capture history, ``all_kinds`` those of any history.
    """

    own: dict[bytes, tuple[IntArray, FloatArray]]
    all_kinds: tuple[IntArray, FloatArray]

    @classmethod
    def of(cls, patterns: BoolArray, codes: IntArray, counts: IntArray, rng: np.random.Generator) -> _Donors:
        packed = np.packbits(patterns, axis=1)
        own: dict[bytes, tuple[IntArray, FloatArray]] = {}
        histories, member = np.unique(packed, axis=0, return_inverse=True)
        member = member.reshape(-1)
        for at in range(len(histories)):
            kinds, weights = _kinds(codes[member == at], counts[member == at])
            own[histories[at].tobytes()] = kinds, rng.standard_gamma(weights)
        kinds, weights = _kinds(codes, counts)
        return cls(own, (kinds, rng.standard_gamma(weights)))

    def draw(
        self, pattern: BoolArray, possible: Sequence[BoolArray], count: int, rng: np.random.Generator
    ) -> tuple[IntArray, IntArray, int]:
        """Labels for so many people of one history: their codes, the people with each, and the way they were found."""
        none = np.zeros((0, len(possible)), dtype=np.int64), np.zeros(0)
        for way, (kinds, weights) in enumerate((self.own.get(np.packbits(pattern).tobytes(), none), self.all_kinds)):
            fitting = np.ones(len(kinds), dtype=bool)
            for at, values in enumerate(possible):
                fitting &= values[kinds[:, at]]
            if fitting.any() and weights[fitting].sum() > 0:
                share = weights[fitting] / weights[fitting].sum()
                numbers = rng.multinomial(count, share)
                return kinds[fitting][numbers > 0], numbers[numbers > 0], way
        drawn = np.column_stack([rng.choice(np.flatnonzero(values), count) for values in possible])
        kinds, numbers = np.unique(drawn, axis=0, return_counts=True)
        return kinds, numbers, 2


def _kinds(codes: IntArray, counts: IntArray) -> tuple[IntArray, FloatArray]:
    """The different labels, shape (kinds, L), and the people with each."""
    kinds, member = np.unique(codes, axis=0, return_inverse=True)
    people = np.bincount(member.reshape(-1), weights=counts, minlength=len(kinds))
    return kinds, people.astype(np.float64)
