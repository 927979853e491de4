"""Chao's lower bound from the number of people on one list only and on two.

Likelihood: the number of lists a person is on is Poisson with a rate that may differ from person to person.
Identifying assumption: the Poisson distribution, which identifies a lower bound of N and not N itself.  For any
distribution of the rates, the Cauchy-Schwarz inequality gives E f_1^2 <= 2 E f_0 E f_2, so that f_1^2 / (2 f_2) bounds
n_0 from below.

Symbols
-------
n : people observed.   f_k : people on exactly k lists.

    classical        N >= n + f_1^2 / (2 f_2)           var = f_2 ((f_1/f_2)^4 / 4 + (f_1/f_2)^3 + (f_1/f_2)^2 / 2)
    bias-corrected   N >= n + f_1 (f_1 - 1) / (2 (f_2 + 1))
                     var = f_1(f_1-1)/(2(f_2+1)) + f_1(2f_1-1)^2/(4(f_2+1)^2) + f_1^2 f_2 (f_1-1)^2/(4(f_2+1)^4)

The Poisson is the limit of many lists with small capture probabilities.  With J independent lists of equal capture
probabilities and without heterogeneity the classical form is J / (J - 1) times n_0, and more when the lists differ in
size: with few lists it is a bound only where heterogeneity (or positive dependence between lists) outweighs that.  The
log-linear models Mh-Chao and Mth-Chao are other numbers.

References: Chao (1987), Biometrics 43:783-791; Chao (1989) for the bias-corrected form.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.table import CaptureTable
from estimation.models.protocol import CLOSED_POPULATION, estimate, not_estimable, unusable_lists
from estimation.results.estimates import Result
from estimation.results.log_interval import point_with_log_interval
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["ChaoLowerBound"]


def _classical(f_1: int, f_2: int) -> tuple[float, float]:
    """Unseen people and the variance of the bound.  Unit: persons."""
    ratio = f_1 / f_2
    return f_1 * ratio / 2, f_2 * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)


def _bias_corrected(f_1: int, f_2: int) -> tuple[float, float]:
    """Unseen people and the variance of the bound; defined when nobody is on more than one list.  Unit: persons."""
    unseen = f_1 * (f_1 - 1) / (2 * (f_2 + 1))
    variance = (
        unseen + f_1 * (2 * f_1 - 1) ** 2 / (4 * (f_2 + 1) ** 2) + f_1**2 * f_2 * (f_1 - 1) ** 2 / (4 * (f_2 + 1) ** 4)
    )
    return unseen, variance


def _once_and_twice(table: CaptureTable) -> tuple[int, int]:
    """f_1 and f_2, which are all that the bound needs.  Unit: persons."""
    f_1, f_2 = [*table.frequencies[:2].tolist(), 0, 0][:2]
    return f_1, f_2


@dataclass(frozen=True, slots=True)
class ChaoLowerBound:
    """A lower bound of the number of people under heterogeneous capture (Chao 1987).

    The number of lists a person is on is Poisson with that person's own rate (the assumption that gives the bound).
    It needs f_1 and f_2 alone, so that it can be fitted to `estimation.capture.frequencies.CaptureFrequencies` too.

    Parameters
    ----------
    bias_corrected : bool
        Use f_1 (f_1 - 1) / (2 (f_2 + 1)) instead of f_1^2 / (2 f_2).

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> print(ChaoLowerBound().fit(table, rng=1))
    at least about 155 people (95 % confidence interval 108 to 257); 66 observed
    """

    name: ClassVar[str] = "chao"
    title: ClassVar[str] = "Chao's lower bound"

    bias_corrected: bool = False

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumption that gives the bound, then the others."""
        return (
            "The number of lists a person is on is Poisson with that person's own rate; whatever the rates, this "
            "gives a lower bound of the total, not an estimate of it.",
            "There are many lists of similar size; with few lists, or lists of very different size, the bound can "
            "exceed the total even if the lists are independent.",
            CLOSED_POPULATION,
        )

    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the bound, or None."""
        shared = None if isinstance(table, CaptureFrequencies) else unusable_lists(table, minimum=2)
        if shared is not None:
            return shared
        f_1, f_2 = _once_and_twice(table)
        if f_2 == 0 and not self.bias_corrected:
            return (
                "nobody is on exactly two lists, so f_1^2 / (2 f_2) has no value; the bias-corrected form has one "
                "(bias_corrected=true), but the overlap is too thin to learn much from"
            )
        if f_1 < 2:
            return (
                f"{f_1} people are on one list only; the bound is then the number observed and says nothing about n_0, "
                "so use more lists"
            )
        return None

    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """The bound and its confidence interval; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        f_1, f_2 = _once_and_twice(table)
        unseen, variance = (_bias_corrected if self.bias_corrected else _classical)(f_1, f_2)
        return estimate(
            self,
            table,
            rng,
            point_with_log_interval(table.n_observed + unseen, sqrt(variance), table.n_observed),
            is_lower_bound=True,
        )
