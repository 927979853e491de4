"""Chao's bound from the number of people on one list only and on two.

Likelihood: the number of lists a person is on is binomial of the J lists, with a probability that may differ from
person to person: for each person the lists are independent and equally likely to have that person.  Where it is known
only how often people were captured, J has no limit and the number is Poisson, with a rate that may differ.
Identifying assumption: the binomial (or Poisson), which identifies a lower bound of N and not N itself.  For any
distribution of the probabilities, the Cauchy-Schwarz inequality gives E f_1^2 (J - 1) / J <= 2 E f_0 E f_2, so that
f_1^2 (J - 1) / (2 J f_2) bounds n_0 from below, and is n_0 where people do not differ.

Symbols
-------
J : lists.   n : people observed.   f_k : on exactly k lists.   A = (J - 1) / J, or 1 without a limit.

    classical        N >= n + A f_1^2 / (2 f_2)     var = f_2 (A^2 r^4 / 4 + A^2 r^3 + A r^2 / 2),  r = f_1 / f_2
    bias-corrected   N >= n + A f_1 (f_1 - 1) / (2 (f_2 + 1))
                     var = A f_1(f_1-1)/(2(f_2+1)) + A^2 {f_1(2f_1-1)^2/(4(f_2+1)^2) + f_1^2 f_2 (f_1-1)^2/(4(f_2+1)^4)}

Where lists differ in size neither form is a bound, however many people differ or do not, and the number is not called
one (`estimation.models.equal_lists`).  The bound that allows for lists of different size is Mth-Chao
(`estimation.models.log_linear.heterogeneity`).

References: Chao (1987), Biometrics 43:783-791; Chao (1989) for the bias-corrected form; Colwell, Chao and others
(2012), Journal of Plant Ecology 5:3-21, for both with J.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.table import CaptureTable
from estimation.models.equal_lists import size_note, sizes_differ
from estimation.models.protocol import CLOSED_POPULATION, Model, estimate, not_estimable, unusable_lists
from estimation.results.estimates import Result
from estimation.results.log_interval import bound_with_log_limit, point_with_log_interval
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["ChaoLowerBound"]

_UNLIMITED = (
    "A bound for captures without a limit to their number: with J lists or days at most it adds J / (J - 1) times as "
    "many people as it should."
)


def _classical(f_1: int, f_2: int, a: float) -> tuple[float, float]:
    """Unseen people and the variance of the bound.  Unit: persons."""
    r = f_1 / f_2
    return a * f_1 * r / 2, f_2 * (a**2 * r**4 / 4 + a**2 * r**3 + a * r**2 / 2)


def _bias_corrected(f_1: int, f_2: int, a: float) -> tuple[float, float]:
    """Unseen people and the variance of the bound.  Unit: persons."""
    unseen = a * f_1 * (f_1 - 1) / (2 * (f_2 + 1))
    rest = f_1 * (2 * f_1 - 1) ** 2 / (4 * (f_2 + 1) ** 2) + f_1**2 * f_2 * (f_1 - 1) ** 2 / (4 * (f_2 + 1) ** 4)
    return unseen, unseen + a**2 * rest


def _once_and_twice(table: CaptureTable) -> tuple[int, int]:
    """f_1 and f_2, which are all that the bound needs.  Unit: persons."""
    f_1, f_2 = [*table.frequencies[:2].tolist(), 0, 0][:2]
    return f_1, f_2


@dataclass(frozen=True, slots=True)
class ChaoLowerBound:
    """A lower bound of the number of people under heterogeneous capture (Chao 1987).

    For each person the lists are independent and equally likely to have that person (the assumption that gives the
    bound).  Where lists differ in size it is no bound, and not called one.  It needs f_1, f_2 and the number of lists
    alone, and can be fitted to `estimation.capture.frequencies.CaptureFrequencies` too.

    Parameters
    ----------
    bias_corrected : bool
        Use f_1 (f_1 - 1) / (2 (f_2 + 1)) instead of f_1^2 / (2 f_2).

    Examples
    --------
    >>> equal = {"100": 30, "010": 28, "001": 32, "110": 8, "011": 6, "101": 7, "111": 2}
    >>> print(ChaoLowerBound().fit(CaptureTable.from_histories(["A", "B", "C"], equal), rng=1))
    at least about 242 people (95 % one-sided confidence interval 190 to no upper limit); 113 observed
    """

    name: ClassVar[str] = "chao"
    title: ClassVar[str] = "Chao's estimator"

    bias_corrected: bool = False

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumption that gives the bound, then the others."""
        return (
            "For each person the lists are independent and have that person with the same probability, which may "
            "differ from person to person in any way; this gives a lower bound of the total, not an estimate of it.",
            "Where it is known only how often people were captured, captures of a person are Poisson, without a limit "
            "to their number.",
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the bound, or None."""
        shared = None if isinstance(table, CaptureFrequencies) else unusable_lists(table, minimum=2)
        if shared is not None:
            return shared
        f_1, f_2 = _once_and_twice(table)
        if f_2 == 0:
            return (
                "nobody is on exactly two lists, so f_1^2 / (2 f_2) has no value, and the bias-corrected form can "
                "exceed the total; check how the lists were linked, or add one that overlaps"
            )
        if f_1 < 2:
            return (
                f"{f_1} people are on one list only; the bound is then the number observed and says nothing about n_0, "
                "so use more lists"
            )
        return None

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """The bound and its confidence limit; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        f_1, f_2 = _once_and_twice(table)
        n_lists, n = len(table.lists), table.n_observed
        a = (n_lists - 1) / n_lists if n_lists else 1.0
        unseen, variance = (_bias_corrected if self.bias_corrected else _classical)(f_1, f_2, a)
        is_bound = not sizes_differ(table)
        point = (bound_with_log_limit if is_bound else point_with_log_interval)(n + unseen, sqrt(variance), n)
        note = size_note(table) if n_lists else _UNLIMITED
        return estimate(self, table, rng, point, is_lower_bound=is_bound, notes=(note,))
