"""The influence of each person on N: what makes the estimate robust against errors of the fitted probabilities.

Symbols
-------
w : capture history on K lists, odd or even by the number |w| of lists on it; s_w = 1 where odd, -1 where even.
x : covariates.   q_w(x) : probability of history w given x among the people observed.   n : people observed.
r(x) : prod_{odd} q_w(x) / prod_{even, w != 0} q_w(x).   xi : as in `estimation.models.no_highest_order`.

*Who is unseen.*  P(w | x) = q_w(x) P(observed | x) for every w but 0.  The assumption, that the product of P(w | x)
over the odd histories is xi times that over the even ones, 0 among them, therefore reads

    P(0 | x) / P(observed | x) = r(x) / xi,                 since there is one odd history more than even ones but 0,

and r is homogeneous of degree 1 in the q_w.  People with x number 1 + r(x)/xi for each one observed, and N is n times
the mean of that over those observed: with r of fitted q_w, the *plug-in*.

*Influence.*  The derivative of r by q_w is s_w r / q_w.  The mean of 1 + r(X)/xi therefore has the influence function
(its derivative along any change of the distribution of the people observed)

    1 + r/xi + (r/xi) sum_w s_w (1{W = w} - q_w) / q_w - mean,

and sum_w s_w = 1, so that r/xi cancels and without the mean it is

    phi = 1 + (r/xi) (sum_{odd} 1{W = w} / q_w - sum_{even} 1{W = w} / q_w).

*Bias.*  With q_w fitted on other people as q_w / (1 + e_w), e_w the relative error, the mean of phi given x less its
true value is (r/xi) (1 + sum_w s_w e_w - prod_w (1 + e_w)^{s_w}), r of the fitted ones: nothing of first order in the
errors is left, only products of two.  The plug-in's is (r/xi) (1 - prod_w (1 + e_w)^{s_w}), which is of first order.
Where one odd history alone is wrong, the product is 1 + e_w and the error vanishes altogether.  Where one even history
alone is wrong it is -(r/xi) e_w^2 / (1 + e_w).  To divide all q_w by their sum changes no phi, since r/q_w is of degree
0 (it changes the plug-in); what does harm is a fit in which one wrong odd history makes others wrong in another
proportion, as a multinomial regression does, or a history that is taken as what the others leave.

*N and its variance.*  N = n mean(phi).  n is itself binomial of N people: var N = n var(phi) + N (mean(phi) - 1), the
first from whom was seen given that somebody was, the second, N (1 - psi) / psi with psi = 1 / mean(phi), from how many
were.  Written out, n cancels: the estimate of it is sum phi_i^2 - N, also with people of whom phi is 0 or 1.  Without
covariates phi = 1 + s_w n_0 / n_w and it is n_0 + n_0^2 sum_w 1/n_w, that of the closed form (Rivest, Levesque 2001).

With two lists, q_1 = q_10 + q_11 and q_2 = q_01 + q_11, phi is (q_1 q_2/q_11) (Y_1/q_1 + Y_2/q_2 - Y_1 Y_2/q_11) of
Das, Kennedy, Jewell.

References: Das, Kennedy, Jewell (2023), *Doubly robust capture-recapture methods for estimating population size*,
Journal of the American Statistical Association; Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics, for r and xi.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.missing_cell import is_odd

__all__ = ["Influences", "influence", "truncated", "unseen_odds"]

_LEAST_ODD = 1e-12
"""Below this an odd history's probability is not told from 0; r is a product and would be 0 with it all the same."""


def truncated(q: FloatArray, least: float) -> FloatArray:
    """Fitted probabilities of which none that stands in a denominator is below some value.

    Of each r / q_w the denominator holds even histories alone, so that these are truncated and odd ones are not.

    Parameters
    ----------
    q : float array, shape (U, 2^K - 1)
        Probability of each history given the covariates.
    least : float
        The smallest value of an even history.

    Examples
    --------
    >>> truncated(np.array([[0.001, 0.998, 0.001]]), 0.005).round(3).tolist()
    [[0.001, 0.998, 0.005]]
    """
    floor = np.where(is_odd((q.shape[1] + 1).bit_length() - 1), _LEAST_ODD, least)
    return np.asarray(np.maximum(q, floor))


def unseen_odds(q: FloatArray, xi: float = 1.0) -> FloatArray:
    """r(x)/xi, the people unseen for each one observed, shape (U,).

    Examples
    --------
    >>> unseen_odds(np.array([[0.5, 0.25, 0.25], [0.4, 0.4, 0.2]])).round(3).tolist()
    [0.5, 0.8]
    """
    sign = _signs(q.shape[1])
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(np.log(q) @ sign) / xi)


def influence(q: FloatArray, history: IntArray, xi: float = 1.0) -> FloatArray:
    """Phi of each person, from the fitted probabilities at their covariates and their own history.

    Parameters
    ----------
    q : float array, shape (U, 2^K - 1)
        Probability of each history given the covariates, above 0; they need not add to 1.
    history : int array, shape (U,)
        Each one's own, by its code from 1 to 2^K - 1 (bit j for list j).
    xi : float
        As in `estimation.models.no_highest_order`.

    Returns
    -------
    float array, shape (U,)
        Its sum over the people observed estimates N.  Unit: persons.

    Examples
    --------
    >>> q = np.tile([54 / 96, 30 / 96, 12 / 96], (3, 1))
    >>> phi = influence(q, np.array([1, 2, 3]))
    >>> round(float(phi @ [54, 30, 12]), 6)  # 96 + 54 * 30 / 12
    231.0
    """
    sign = _signs(q.shape[1])
    logs = np.log(q)
    own = logs[np.arange(len(q)), history - 1]
    with np.errstate(over="ignore"):
        return np.asarray(1 + sign[history - 1] / xi * np.exp(logs @ sign - own))


def _signs(histories: int) -> FloatArray:
    """s_w by history, shape (2^K - 1,)."""
    return np.where(is_odd((histories + 1).bit_length() - 1), 1.0, -1.0)


@dataclass(frozen=True, slots=True)
class Influences:
    """What kinds of people add to N.

    Parameters
    ----------
    phi : float array, shape (U,)
        The influence of one person of each kind.
    counts : int array, shape (U,)
        People of each kind.  Unit: persons.
    beside : int
        People who count once each, because they are on lists that the assumption is not about.
    """

    phi: FloatArray
    counts: IntArray
    beside: int = 0

    @property
    def n_observed(self) -> int:
        """People observed.  Unit: persons."""
        return int(self.counts.sum()) + self.beside

    @property
    def total(self) -> float:
        """N.  Unit: persons."""
        with np.errstate(invalid="ignore"):  # infinities of both signs
            return float(self.counts @ self.phi) + self.beside

    @property
    def standard_error(self) -> float:
        """Of N; sum phi^2 - N cannot be negative unless N is, where it has no meaning and is 0.  Unit: persons."""
        with np.errstate(over="ignore", invalid="ignore"):
            return sqrt(max(float(self.counts @ self.phi**2) + self.beside - self.total, 0.0))

    @property
    def largest(self) -> float:
        """The part of the people unseen that stands or falls with one of those observed."""
        return float(np.abs(self.phi - 1).max() / abs(self.total - self.n_observed))

    def at(self, factor: float) -> Influences:
        """The same with r smaller by a factor: where xi is larger by it, phi - 1 is smaller by it.

        Examples
        --------
        >>> three = Influences(np.array([3.5, 5.5, -10.25]), np.array([54, 30, 12]))
        >>> three.total, three.at(2).total
        (231.0, 163.5)
        """
        return Influences(1 + (self.phi - 1) / factor, self.counts, self.beside)
