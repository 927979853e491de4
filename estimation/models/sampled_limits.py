"""How well resamples know the limits of a confidence interval, and how many resamples it takes to know them.

Other resamples would put a limit elsewhere, by its Monte Carlo error (`estimation.results.totals.Interval`).  The
limits at 95 %, the level of every output, are to be known to 2 % of themselves, and at least five resamples are to lie
beyond each: a limit beyond the outermost resamples, where bias-corrected and accelerated limits can be, is a guess.
Resamples are added until both hold, up to a stated most; where they do not hold then, the checks fail, and the
estimate, which no resample enters, stands beside an interval that is not to be trusted.  A limit at the people observed
is exact, since N is not below them.

Limits at other levels have their error, and no resample is added for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite

from estimation.capture.table import FloatArray
from estimation.results.diagnostics import Check
from estimation.results.totals import Interval

__all__ = ["BLOCK", "SampledLimits"]

BLOCK = 1000
"""Resamples are drawn so many at a time, so that the first are the same however many follow."""

_PRECISION = 0.02
_BEYOND = 5
_LEVEL = 0.95
_CAUTION = 1.2
"""The error is itself known from resamples only: so many times as many are drawn as it asks for."""


@dataclass(frozen=True, slots=True)
class SampledLimits:
    """What resamples say of the limits of some intervals.

    Parameters
    ----------
    drawn : int
        Resamples.
    error : float
        The largest Monte Carlo error of a limit, as a share of it.
    beyond : int or None
        The fewest resamples beyond a limit; None where limits are not quantiles of resamples.
    """

    drawn: int
    error: float
    beyond: int | None

    @classmethod
    def of(
        cls, intervals: Sequence[Interval], n_observed: int, drawn: int, totals: FloatArray | None = None
    ) -> SampledLimits:
        """What is known of the limits at 95 %.

        Parameters
        ----------
        intervals : sequence of Interval
            With their Monte Carlo errors.
        n_observed : int
            People observed, at whom a limit is exact.  Unit: persons.
        drawn : int
            Resamples.
        totals : float array, optional
            N on each resample, where the limits are their quantiles.  Unit: persons.

        Examples
        --------
        >>> found = SampledLimits.of([Interval(900, 1500, 0.95, "confidence", (9, 60))], 400, 1000)
        >>> found.error, found.wanted(20_000)
        (0.04, 4000)
        """
        limits = [
            (end, error, side)
            for each in intervals
            if each.level == _LEVEL
            for end, error, side in zip((each.lower, each.upper), each.errors, (-1, 1), strict=True)
            if end > n_observed and isfinite(end)
        ]
        beyond = None
        if totals is not None:
            counts = [int((totals <= end).sum() if side < 0 else (totals >= end).sum()) for end, _, side in limits]
            beyond = min(counts, default=drawn)
        return cls(drawn, max((error / end for end, error, _ in limits), default=0.0), beyond)

    @property
    def is_known(self) -> bool:
        """Whether every limit is known well enough."""
        return self.error <= _PRECISION and (self.beyond is None or self.beyond >= _BEYOND)

    def wanted(self, most: int) -> int:
        """How many resamples to draw in all: whole blocks more, four times as many at most; no more than `most`."""
        if self.is_known or self.drawn >= most:
            return self.drawn
        by_error = (self.error / _PRECISION) ** 2
        by_beyond = 1.0 if self.beyond is None else _BEYOND / max(self.beyond, 1)
        factor = min(max(by_error, by_beyond, 1.0) * _CAUTION, 4.0)
        return min(self.drawn + BLOCK * ceil(self.drawn * (factor - 1) / BLOCK), most)

    def checks(self) -> tuple[Check, ...]:
        """Whether the limits are known well enough."""
        error = Check(
            "Monte Carlo error of a limit, as a share of it",
            self.error,
            _PRECISION,
            self.error <= _PRECISION,
            f"How far another {self.drawn:,} resamples would move the limits at 95 %.",
        )
        if self.beyond is None:
            return (error,)
        return (
            error,
            Check(
                "resamples beyond a limit",
                float(self.beyond),
                float(_BEYOND),
                self.beyond >= _BEYOND,
                f"The fewest of {self.drawn:,} resamples that lie beyond a limit; without any the limit is a guess.",
            ),
        )

    def notes(self, more: str) -> tuple[str, ...]:
        """That the limits are not known well enough, and what to do; nothing where they are.

        Parameters
        ----------
        more : str
            What else can be done than to draw more.
        """
        if self.is_known:
            return ()
        beyond = "" if self.beyond is None or self.beyond >= _BEYOND else f" only {self.beyond} of them beyond one, and"
        return (
            f"{self.drawn:,} resamples do not settle the limits:{beyond} a Monte Carlo error of up to {self.error:.1%} "
            f"of a limit (at most {_PRECISION:.0%} is wanted). Allow more (most_resamples){more}.",
        )
