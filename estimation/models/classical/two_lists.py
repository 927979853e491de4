"""Two lists: Lincoln-Petersen and Chapman.

Likelihood: of N people, each is on list 1 with one probability and, independently, on list 2 with another.
Identifying assumption: the two lists are independent, for everybody alike.

Symbols
-------
n_1, n_2 : people on each list.   m : people on both.   N : everybody.

    Lincoln-Petersen   N = n_1 n_2 / m                             var = n_1 n_2 (n_1 - m)(n_2 - m) / m^3
    Chapman            N = (n_1 + 1)(n_2 + 1) / (m + 1) - 1        var = (n_1 + 1)(n_2 + 1)(n_1 - m)(n_2 - m)
                                                                         / ((m + 1)^2 (m + 2))

The interval is the log transform on the number on neither list, N less the n_1 + n_2 - m people on the pair: the two
lists know nothing of who is on others.  Where a table has other lists, its ends do not go below the people observed on
any list, since N cannot.

References: Petersen (1896); Lincoln (1930); Chapman (1951); Seber (1970) for the variance; Chao (1987) for the
interval (`estimation.results.log_interval`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import ClassVar

from estimation.capture.table import CaptureTable
from estimation.models.named_lists import NamesLists, lists_in_short, unknown_lists
from estimation.models.protocol import CLOSED_POPULATION, Model, check_settings, estimate, not_estimable, unusable_lists
from estimation.results.estimates import Result
from estimation.results.log_interval import point_with_log_interval
from estimation.results.totals import Point
from estimation.text.counted import counted
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["Chapman", "LincolnPetersen"]

_ASSUMPTIONS = (
    "The two lists are independent: being on one makes nobody more or less likely to be on the other.",
    "On at least one of the two lists, every person has the same capture probability.",
    CLOSED_POPULATION,
)


def _pair_of(table: CaptureTable, lists: tuple[str, str] | None) -> CaptureTable:
    return table if lists is None else table.keep(lists)


def _why_not(table: CaptureTable, lists: tuple[str, str] | None) -> str | None:
    """Why two lists of this table cannot be used, or None."""
    if lists is None and len(table.lists) > 2:
        return (
            f"it takes exactly 2 lists and the table has {len(table.lists)} ({lists_in_short(table)}); "
            f"name two of them, for example lists={table.lists[0]},{table.lists[1]}"
        )
    unknown = unknown_lists(lists, table)
    if unknown is not None:
        return unknown
    pair = _pair_of(table, lists)
    shared = unusable_lists(pair, minimum=2, maximum=2)
    if shared is not None:
        return shared
    first, second = pair.lists
    if pair.count(first, second) == 0:
        return (
            f"nobody is on both {first} and {second}; without overlap the two lists set no upper limit to the number, "
            "so use other lists"
        )
    inside = [(a, b) for a, b in ((first, second), (second, first)) if pair.count(a) == 0]
    if inside:
        a, b = inside[0]
        return (
            f"everybody on {a} is also on {b}; the formula then gives n_0 = 0 with a standard error of zero, which two "
            "such lists cannot show, so use other lists"
        )
    return None


def _at_least(point: Point, n_observed: int) -> Point:
    """The point with no interval that reaches below the people observed.  Unit: persons."""
    return replace(
        point,
        intervals=tuple(
            replace(each, lower=max(each.lower, n_observed), upper=max(each.upper, n_observed))
            for each in point.intervals
        ),
    )


@dataclass(frozen=True, slots=True)
class _TwoLists:
    """Everything but the formula for N and its variance."""

    name: ClassVar[str]
    title: ClassVar[str]

    lists: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if self.lists is not None and self.lists[0] == self.lists[1]:
            check_settings(self.name, [f"lists names {self.lists[0]!r} twice; name two different lists"])

    @staticmethod
    def _formula(n_1: int, n_2: int, m: int) -> tuple[float, float]:
        """N and its variance from the two list sizes and the overlap.  Unit: persons."""
        raise NotImplementedError

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return _ASSUMPTIONS

    @described_by(NamesLists.wrong_lists)
    def wrong_lists(self, table: CaptureTable) -> str | None:
        """What is wrong with the lists that the model names, or None."""
        return unknown_lists(self.lists, table)

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        return _why_not(table, self.lists)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N from the overlap of the two lists; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        pair = _pair_of(table, self.lists)
        n_1, n_2 = pair.list_sizes.tolist()
        value, variance = self._formula(n_1, n_2, pair.count(*pair.lists))
        left_out = table.n_observed - pair.n_observed
        notes = []
        if left_out:
            notes.append(
                f"Computed from {pair.lists[0]} and {pair.lists[1]} alone, which name {pair.n_observed:,} people; the "
                f"{counted(left_out, 'person who is', 'people who are')} only on other lists "
                f"{'is' if left_out == 1 else 'are'} not used."
            )
        if value <= table.n_observed:
            return not_estimable(
                self,
                table,
                rng,
                f"{pair.lists[0]} and {pair.lists[1]} alone give {value:,.0f} people, and {table.n_observed:,} were "
                "observed on all lists together; these two lists are not independent, so use other lists",
            )
        return estimate(
            self,
            table,
            rng,
            _at_least(point_with_log_interval(value, sqrt(variance), pair.n_observed), table.n_observed),
            notes=tuple(notes),
        )


@dataclass(frozen=True, slots=True)
class LincolnPetersen(_TwoLists):
    """The number of people from two lists, n_1 n_2 / m (Petersen 1896, Lincoln 1930).

    The two lists are independent (the identifying assumption).

    Parameters
    ----------
    lists : pair of str, optional
        The two lists to use; needed when the table has more than two.

    Raises
    ------
    SettingError
        When the two lists are one.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> print(LincolnPetersen().fit(table, rng=1))
    about 231 people (95 % confidence interval 162 to 372); 96 observed
    """

    name: ClassVar[str] = "lincoln-petersen"
    title: ClassVar[str] = "Lincoln-Petersen"

    @staticmethod
    def _formula(n_1: int, n_2: int, m: int) -> tuple[float, float]:
        return n_1 * n_2 / m, n_1 * n_2 * (n_1 - m) * (n_2 - m) / m**3


@dataclass(frozen=True, slots=True)
class Chapman(_TwoLists):
    """The number of people from two lists, corrected for small-sample bias (Chapman 1951).

    The two lists are independent (the identifying assumption).

    Parameters
    ----------
    lists : pair of str, optional
        The two lists to use; needed when the table has more than two.

    Raises
    ------
    SettingError
        When the two lists are one.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> print(Chapman().fit(table, rng=1))
    about 221 people (95 % confidence interval 159 to 341); 96 observed
    """

    name: ClassVar[str] = "chapman"
    title: ClassVar[str] = "Chapman"

    @staticmethod
    def _formula(n_1: int, n_2: int, m: int) -> tuple[float, float]:
        value = (n_1 + 1) * (n_2 + 1) / (m + 1) - 1
        return value, (n_1 + 1) * (n_2 + 1) * (n_1 - m) * (n_2 - m) / ((m + 1) ** 2 * (m + 2))
