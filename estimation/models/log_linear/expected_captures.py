r"""What equal people on independent lists would show: by how many lists they are on, and by their first list.

Likelihood and identifying assumption: those of M0 and Mt (`estimation.models.log_linear.heterogeneity`).

    M0    E f_k = C(J, k) n_0 e^(b k),  so that log(E f_k / C(J, k)) is a straight line in k
    Mt    E f_k = N P(a sum of independent Bernoulli(p_j) is k),      E u_i = N p_i prod_{l < i} (1 - p_l)

Under Mt log(E f_k / C(J, k)) is a straight line where all p_j are equal and bends down where they differ (Newton's
inequality); differences between people and positive dependence bend it up.

Symbols: J lists; f_k people on exactly k of them; u_i people whose first list, in the order of the table, is i; p_j the
probability of being on list j; N people.

Reference: Rivest, Baillargeon (2007), Biometrics 63:999-1006, for the two plots.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.log_linear.heterogeneity_designs import HeterogeneityModel
from estimation.results.estimates import Estimate

__all__ = ["ExpectedCaptures", "expected_captures", "first_captures"]


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedCaptures:
    """Expected numbers under models without heterogeneity.

    Parameters
    ----------
    alike : float array, shape (J,), optional
        E f_k under M0, for k = 1, ..., J; None where M0 gives no number.  Unit: persons.
    independent : float array, shape (J,), optional
        E f_k under Mt; None where Mt gives no number.  Unit: persons.
    first : float array, shape (J,), optional
        E u_i under Mt.  Unit: persons.
    """

    alike: FloatArray | None
    independent: FloatArray | None
    first: FloatArray | None


def first_captures(table: CaptureTable) -> IntArray:
    """u_i, shape (J,): the people whose first list is i, in the order of the table.  Unit: persons.

    Examples
    --------
    >>> first_captures(CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2})).tolist()
    [7, 3]
    """
    found = np.bincount(table.patterns.argmax(axis=1), weights=table.counts, minlength=len(table.lists))
    return found.astype(np.int64)


def _total(model: HeterogeneityModel, table: CaptureTable) -> float | None:
    result = Heterogeneity(model, fit_check=False).fit(table, rng=0)  # closed likelihoods: the seed changes nothing
    return result.median if isinstance(result, Estimate) else None


def expected_captures(table: CaptureTable) -> ExpectedCaptures:
    """What equal people on independent lists would show, by M0 and Mt fitted to the table.

    Examples
    --------
    >>> even = CaptureTable.from_histories(["A", "B"], {"10": 40, "01": 40, "11": 10})
    >>> expected_captures(even).alike.round(6).tolist()
    [80.0, 10.0]
    """
    n_lists, alike, independent, first = len(table.lists), None, None, None
    if (total := _total("M0", table)) is not None:
        p = float(table.list_sizes.sum()) / (n_lists * total)
        alike = np.array([total * comb(n_lists, k) * p**k * (1 - p) ** (n_lists - k) for k in range(1, n_lists + 1)])
    if (total := _total("Mt", table)) is not None:
        shares = table.list_sizes / total
        on = np.ones(1)
        for share in shares:
            on = np.convolve(on, [1 - share, share])
        independent = total * on[1:]
        first = total * shares * np.cumprod(np.append(1.0, 1 - shares[:-1]))
    return ExpectedCaptures(alike, independent, first)
