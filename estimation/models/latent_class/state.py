"""What a compiled chain of the latent-class sampler is handed: the table as cells, the prior, and memory to work in.

Symbols: J lists, C histories, K classes, D = K J + K the length of a chain's state
(`estimation.models.latent_class.kernel` has its layout).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray, IntArray

__all__ = ["Cells", "Prior", "Workspace"]


_GRID = 16
"""Cells of the grid of log alpha that `estimation.models.latent_class.kernel.trade_last` proposes from."""


class Cells(NamedTuple):
    """A capture table as a tree: each node adds a list to its parent's, so that histories share what they begin with.

    Node 0 is on no list.  Node i > 0 is on list ``list_of[i]`` and all those of ``parent[i]``, which is less than i;
    lists come in the order of their size, the largest first, which leaves few nodes.  ``counts[i]`` are
    the people seen with exactly those lists (0 where nobody is), ``n`` all people seen.  Cost of a pass: nodes, of
    which there are at most as many as lists marked in all histories together.
    """

    parent: IntArray
    list_of: IntArray
    counts: IntArray
    n: int

    @staticmethod
    def of(table: CaptureTable) -> Cells:
        """The tree of a table."""
        order = np.argsort(-(table.counts @ table.patterns), kind="stable")
        nodes: dict[tuple[int, int], int] = {}
        parent, list_of, counts = [0], [0], [0]
        for pattern, count in zip(table.patterns[:, order], table.counts.tolist(), strict=True):
            here = 0
            for j in order[pattern].tolist():
                if (here, j) not in nodes:
                    nodes[here, j] = len(parent)
                    parent.append(here)
                    list_of.append(j)
                    counts.append(0)
                here = nodes[here, j]
            counts[here] += count
        as_array = [np.array(column, dtype=np.int64) for column in (parent, list_of, counts)]
        return Cells(as_array[0], as_array[1], as_array[2], table.n_observed)


class Prior(NamedTuple):
    """Each capture probability ~ Beta(``a``, ``b``); alpha by its logarithm u, Gamma and log-normal in one form.

    log p(u) = ``alpha_shape`` u - ``alpha_rate`` e^u - ``alpha_precision`` u^2 / 2.  A Gamma(shape, rate) has precision
    0; a log-normal with mean m and standard deviation s of u has shape m / s^2, rate 0 and precision 1 / s^2.
    """

    alpha_shape: float
    alpha_rate: float
    a: float
    b: float
    alpha_precision: float = 0.0


class Workspace(NamedTuple):
    """Memory for a sweep, so that a sweep allocates none; M nodes x K classes are most of it.

    Parameters
    ----------
    size, on : int array, shape (K,), (K, J)
        People of each class, and those of them on each list, after a sweep's step 2.
    people : int array, shape (M, K)
        People of each history by class; of node 0, the unseen.
    grid : float array, shape (2, cells)
        Densities that the trade of the last label proposes from.
    share, pull, stick : float array, shape (K,)
        pi_k, E_k / alpha and V_k.
    none, some, missed : float array, shape (K,)
        Probability that someone of class k is on no list, on some; and of being of class k and on none.
    totals, tops : float array, shape (M,)
        Sum of a node's row, and the logarithm of what the row was divided by.
    rows, flow : float array, shape (M, K)
        Probability of each node's lists with each class; expected people, the node's own and those below it.
    expected : float array, shape (K,)
        Expected people of each class, unseen included.
    odds, capture : float array, shape (J, K)
        Odds of capture, and capture probabilities.
    place, momentum, gradient : float array, shape (D,)
        Of the Hamiltonian move.
    moments : float array, shape (4, D)
        Sums of x, x^2, the gradient and its square over the starts of the Hamiltonian moves.
    union, halves : int array, shape (M,)
        For splits and merges: people of each history in both classes together, and in the first of the two.
    side_on : int array, shape (4, J); pair_unseen : float array, shape (4,)
        People on each list, and unseen people: of the two classes, of both as one, and of a label without seen people.
    pair_odds, pair_flow : float array, shape (M,), (2, M)
        Log odds of the first class for each node; people of both, those below the node included.
    pair_captures, pair_on, contrast : float array, shape (2, J), (2, J), (J,)
        Capture probabilities of the two, their people on each list, and the difference of their logits.
    """

    size: IntArray
    on: IntArray
    people: IntArray
    grid: FloatArray
    share: FloatArray
    pull: FloatArray
    stick: FloatArray
    none: FloatArray
    some: FloatArray
    totals: FloatArray
    tops: FloatArray
    rows: FloatArray
    flow: FloatArray
    missed: FloatArray
    expected: FloatArray
    odds: FloatArray
    capture: FloatArray
    place: FloatArray
    momentum: FloatArray
    gradient: FloatArray
    moments: FloatArray
    union: IntArray
    halves: IntArray
    side_on: IntArray
    pair_unseen: FloatArray
    pair_odds: FloatArray
    pair_flow: FloatArray
    pair_captures: FloatArray
    pair_on: FloatArray
    contrast: FloatArray

    @staticmethod
    def for_table(classes: int, lists: int, nodes: int) -> Workspace:
        """Memory for K classes, J lists and the nodes of `Cells`."""
        length = classes * lists + classes
        return Workspace(
            size=np.zeros(classes, dtype=np.int64),
            on=np.zeros((classes, lists), dtype=np.int64),
            people=np.zeros((nodes, classes), dtype=np.int64),
            grid=np.zeros((2, _GRID)),
            share=np.zeros(classes),
            pull=np.zeros(classes),
            stick=np.zeros(classes),
            none=np.zeros(classes),
            some=np.zeros(classes),
            totals=np.zeros(nodes),
            tops=np.zeros(nodes),
            rows=np.zeros((nodes, classes)),
            flow=np.zeros((nodes, classes)),
            missed=np.zeros(classes),
            expected=np.zeros(classes),
            odds=np.zeros((lists, classes)),
            capture=np.zeros((lists, classes)),
            place=np.zeros(length),
            momentum=np.zeros(length),
            gradient=np.zeros(length),
            moments=np.zeros((4, length)),
            union=np.zeros(nodes, dtype=np.int64),
            halves=np.zeros(nodes, dtype=np.int64),
            side_on=np.zeros((4, lists), dtype=np.int64),
            pair_unseen=np.zeros(4),
            pair_odds=np.zeros(nodes),
            pair_flow=np.zeros((2, nodes)),
            pair_captures=np.zeros((2, lists)),
            pair_on=np.zeros((2, lists)),
            contrast=np.zeros(lists),
        )
