"""Missing labels drawn all at once, compiled: a step that leaves their joint distribution as it is.

Given theta the labels of the people have the density prod_s Gamma(n_s) prod_i f_{z_i}(w_i), in which Gamma(n_s) ties
everybody to all others.  As Gamma(n) is the integral of g^(n - 1) e^-g over g, it is the margin over g of

    prod_s e^-g_s / g_s  prod_i g_{z_i} f_{z_i}(w_i)

where, given g, people are independent and z_i = s with probability proportional to g_s f_s(w_i), and, given the labels,
g_s ~ Gamma(n_s, 1).  So g is drawn, and then the people of each cell, who are alike, by one multinomial.  Over g this
is the same as drawing one person after another, in an order that does not depend on the labels, with probability
proportional to n_s^(-i) f_s(w_i).

In a stratum whose people are Poisson there is no Gamma(n_s), and g_s is their mean number, which theta has.

(An order that does depend on them, as when all that are now in one stratum come first, is wrong: n_s is then low when
the others are drawn.)

Symbols are those of `estimation.strata.label_cells` and `estimation.strata.joint_labels`.
Reference: Damien, Wakefield, Walker (1999), J. R. Stat. Soc. B 61:331-344, for variables added to make factors apart.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.work.kernels import njit

__all__ = ["redraw_labels"]


@njit(cache=True, nogil=True)
def redraw_labels(
    rng: np.random.Generator,
    first: IntArray,
    stratum: IntArray,
    row: IntArray,
    people: IntArray,
    weight: FloatArray,
    expected: FloatArray,
    placed: IntArray,
    counts: IntArray,
    size: IntArray,
) -> None:  # pragma: no cover - compiled
    """Draw the stratum of everybody whose label is missing.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of randomness.
    first, stratum, row, people
        As in `estimation.strata.label_cells.LabelCells`.
    weight : float array, shape (O,)
        f_s(w) of each option, up to a factor of its cell's.
    expected : float array, shape (S,)
        Mean number of people observed where they are Poisson, which is g_s; NaN under the prior 1/N.  Unit: persons.
    placed : int array, shape (O,)
        People of each option; changed.  Unit: persons.
    counts : int array, shape (R,)
        People of each row, known and drawn; changed.  Unit: persons.
    size : int array, shape (S,)
        n_s; changed.  Unit: persons.
    """
    g = np.empty(size.size)
    for s in range(size.size):
        g[s] = rng.standard_gamma(float(size[s])) if np.isnan(expected[s]) else expected[s]
    for cell in range(first.size - 1):
        left, rest = people[cell], 0.0
        for option in range(first[cell], first[cell + 1]):
            rest += g[stratum[option]] * weight[option]
        if rest == 0.0:  # so improbable everywhere that no number says where less: they stay
            continue
        for option in range(first[cell], first[cell + 1]):
            part = g[stratum[option]] * weight[option]
            drawn = left
            if option < first[cell + 1] - 1 and part < rest:
                drawn = rng.binomial(left, part / rest) if left > 0 else 0
            rest -= part
            left -= drawn
            change = drawn - placed[option]
            placed[option] = drawn
            counts[row[option]] += change
            size[stratum[option]] += change
