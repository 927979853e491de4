"""A date as people write one: the set of days that it can mean, and its text.

"Summer 1367" is three months, "1988" a year, "5/8/1367" two days where nobody knows which number is the month.  A set
of days is kept as intervals [first, last) of day numbers (`datetime.date.toordinal`), in order and apart; what they
came from stays beside them as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

__all__ = ["Days"]


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a date can mean.

    Parameters
    ----------
    intervals : tuple of (int, int)
        Intervals [first, last) of day numbers, in order, not empty, with a gap between any two.
    text : str
        What was written.

    Raises
    ------
    ValueError
        When there is no interval, one is empty, or they touch or are out of order.

    Examples
    --------
    >>> july = Days.between(date(1988, 7, 1), date(1988, 8, 1), text="July 1988")
    >>> july.first, july.last, july.n_days
    (datetime.date(1988, 7, 1), datetime.date(1988, 8, 1), 31)
    """

    intervals: tuple[tuple[int, int], ...]
    text: str = ""

    def __post_init__(self) -> None:
        ends = [end for interval in self.intervals for end in interval]
        if not ends or any(a >= b for a, b in pairwise(ends)):
            raise ValueError(f"{self.intervals} are not intervals of days in order, not empty and apart")

    @classmethod
    def between(cls, first: date, last: date, *, text: str = "") -> Days:
        """The days from `first` to the one before `last`."""
        return cls(((first.toordinal(), last.toordinal()),), text)

    @classmethod
    def any_of(cls, intervals: Iterable[tuple[int, int]], *, text: str = "") -> Days:
        """The union of intervals, however they lie.

        Examples
        --------
        >>> Days.any_of([(8, 9), (1, 3), (2, 5)]).intervals
        ((1, 5), (8, 9))
        """
        joined: list[tuple[int, int]] = []
        for first, last in sorted(intervals):
            if joined and first <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], last)
            else:
                joined.append((first, last))
        return cls(tuple(joined), text)

    @property
    def first(self) -> date:
        """The first day that it can be."""
        return date.fromordinal(self.intervals[0][0])

    @property
    def last(self) -> date:
        """The day after the last that it can be."""
        return date.fromordinal(self.intervals[-1][1])

    @property
    def n_days(self) -> int:
        """How many days it can be."""
        return sum(last - first for first, last in self.intervals)
