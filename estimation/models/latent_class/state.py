"""What a compiled chain of the latent-class sampler is handed: the table as cells, the prior, and memory to work in.

Symbols: J lists, C histories, K classes, D = K J + K the length of a chain's state
(`estimation.models.latent_class.kernel` has its layout).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray

__all__ = [
    "CONTRAST",
    "EXPECTED",
    "GATHERED",
    "HALF",
    "MANY",
    "MISSED",
    "MOMENTS",
    "NONE",
    "ODDS",
    "PULL",
    "SHARE",
    "SOME",
    "STICK",
    "TOP",
    "TOTAL",
    "UNION",
    "Cells",
    "Mixture",
    "Pair",
    "Prior",
    "Workspace",
]

SHARE, PULL, STICK, NONE, SOME, MISSED, EXPECTED = range(7)
TOTAL, TOP = range(2)
UNION, HALF = range(2)
ODDS = 2
GATHERED, CONTRAST = 2, 4
MOMENTS = 3

MANY = 1000
"""Capture histories above which the tree of a table is compressed and a density is computed in one pass."""

_GRID = 16
"""Cells of the grid of log alpha that `estimation.models.latent_class.kernel.trade_last` proposes from."""


class Cells(NamedTuple):
    """A capture table as a tree: a node adds lists to its parent's, so that histories share what they begin with.

    Node 0 is on no list.  Node i > 0 is on the lists ``marks[first[i]]`` to ``marks[first[i + 1] - 1]`` and on all
    those of ``parent[i]``, which is less than i; lists come in the order of their size, the largest first, which leaves
    few nodes.  ``counts[i]`` are the people seen with exactly those lists (0 where nobody is), ``n`` all people seen.

    Up to `MANY` histories each node adds one list.  With more, only nodes with people or with several children are
    there, and nodes without children come last: those of node i are ``runs[i]`` to ``runs[i + 1] - 1``, which
    `estimation.models.latent_class.density` reads; with few histories ``runs`` is empty.

    Cost of a pass: nodes and marks, of which there are at most as many as lists marked in all histories together.
    """

    parent: IntArray
    first: IntArray
    marks: IntArray
    counts: IntArray
    runs: IntArray
    n: int

    @staticmethod
    def of(table: CaptureTable) -> Cells:
        """The tree of a table."""
        order = np.argsort(-(table.counts @ table.patterns), kind="stable")
        if table.counts.size > MANY:
            return _compressed(table, order)
        nodes: dict[tuple[int, int], int] = {}
        parent, list_of, counts = [0], list[int](), [0]
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
        first = [0, *range(len(parent))]
        as_array = [np.array(column, dtype=np.int64) for column in (parent, first, list_of, counts, [])]
        return Cells(as_array[0], as_array[1], as_array[2], as_array[3], as_array[4], table.n_observed)


def _compressed(table: CaptureTable, order: IntArray) -> Cells:
    """The tree of many histories, its lists in this order: no node with one child and nobody, childless nodes last."""
    rank = np.lexsort(table.patterns[:, order[::-1]].T)
    patterns, people = table.patterns[rank][:, order], table.counts[rank]
    # Sorted histories: a history has what it begins with in common with the one before it, up to where they differ.
    differ = np.concatenate([[0], (patterns[1:] != patterns[:-1]).argmax(axis=1)])
    row, column = np.nonzero(patterns & (np.arange(len(order)) >= differ[:, None]))
    depth = patterns.cumsum(axis=1)[row, column].tolist()
    counts = np.where(np.append(row[1:] != row[:-1], True), people[row], 0)
    # Nodes in that order come each after its parent and before all that are not below it.
    ends = np.append(np.diff(depth) <= 0, True)
    parent, path = [], [-1] * (len(order) + 1)
    for node, level in enumerate(depth):
        parent.append(path[level - 1])
        path[level] = node
    return _joined(np.array(parent), order[column], counts, ends, table.n_observed)


def _joined(parent: IntArray, list_of: IntArray, counts: IntArray, ends: BoolArray, n: int) -> Cells:
    """`Cells` from nodes of one list each, node 0 left out (its children have parent -1), each before those below it.

    ``ends`` are the nodes without children.
    """
    children = np.bincount(parent + 1, minlength=len(parent) + 1)[1:]
    stays = (children != 1) | (counts > 0)
    # Where a node goes, its one child is the next: the lists of the two are next to each other as they are.
    begins = np.concatenate([[0], np.flatnonzero(stays)[:-1] + 1])
    above = parent[begins]
    number = np.full(len(parent) + 1, 0)
    outer = ends[stays]
    inner = int((~outer).sum()) + 1
    number[:-1][stays] = np.where(outer, 0, np.cumsum(~outer))
    above = number[above]  # of -1, the last entry: 0, nobody's node
    by_parent = np.argsort(above[outer], kind="stable")
    place = np.concatenate([np.flatnonzero(~outer), np.flatnonzero(outer)[by_parent]])
    lengths = (np.flatnonzero(stays) - begins + 1)[place]
    first = np.concatenate([[0, 0], np.cumsum(lengths)])
    marks = list_of[np.repeat(begins[place] - first[1:-1], lengths) + np.arange(first[-1])]
    runs = inner + np.concatenate([[0], np.cumsum(np.bincount(above[outer], minlength=inner))])
    return Cells(np.append(0, above[place]), first, marks, np.append(0, counts[stays][place]), runs, n)


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


class Mixture(NamedTuple):
    """What follows from a state x, for one density and gradient; each function is handed as few arrays as it needs.

    Parameters
    ----------
    by_class : float array, shape (7, K)
        Rows `SHARE`, `PULL` and `STICK`: pi_k, E_k / alpha and V_k; `NONE`, `SOME` and `MISSED`: the probability that
        someone of class k is on no list, on some, and of being of class k and on none; `EXPECTED` people, the unseen
        included.
    odds, capture : float array, shape (J, K)
        Odds of capture, and capture probabilities.
    by_node : float array, shape (2, M)
        Rows `TOTAL` and `TOP`: the sum of a node's row, and the logarithm of what the row was divided by.
    rows, flow : float array, shape (M, K)
        Probability of each node's lists with each class; expected people, the node's own and those below it.
    row : float array, shape (K,)
        A row that is not stored.
    """

    by_class: FloatArray
    odds: FloatArray
    capture: FloatArray
    by_node: FloatArray
    rows: FloatArray
    flow: FloatArray
    row: FloatArray


class Pair(NamedTuple):
    """What a split of one class, or a merge of two, works with.

    Parameters
    ----------
    seen : int array, shape (2, M)
        Rows `UNION` and `HALF`: people of each history in both classes together, and in the first of the two.
    on : int array, shape (4, J); unseen : float array, shape (4,)
        People on each list, and unseen people: of the two classes, of both as one, and of a label without seen people.
    by_node : float array, shape (3, M)
        Row `ODDS`: log odds of the first class for each node; before it the expected people of both, those below the
        node included.
    by_list : float array, shape (5, J)
        The capture probabilities of the two; from `GATHERED` on their people on each list; row `CONTRAST`: the
        difference of their logits.
    """

    seen: IntArray
    on: IntArray
    unseen: FloatArray
    by_node: FloatArray
    by_list: FloatArray


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
    path : float array, shape (7, D)
        Place, momentum and gradient of the Hamiltonian move, and from `MOMENTS` on the sums of x, x^2, the gradient and
        its square over the starts of those moves.
    mixture, pair : Mixture, Pair
        For the density, and for splits and merges.
    """

    size: IntArray
    on: IntArray
    people: IntArray
    grid: FloatArray
    path: FloatArray
    mixture: Mixture
    pair: Pair

    @staticmethod
    def for_table(classes: int, lists: int, nodes: int) -> Workspace:
        """Memory for K classes, J lists and the nodes of `Cells`."""
        mixture = Mixture(
            by_class=np.zeros((7, classes)),
            odds=np.zeros((lists, classes)),
            capture=np.zeros((lists, classes)),
            by_node=np.zeros((2, nodes)),
            rows=np.zeros((nodes, classes)),
            flow=np.zeros((nodes, classes)),
            row=np.zeros(classes),
        )
        pair = Pair(
            seen=np.zeros((2, nodes), dtype=np.int64),
            on=np.zeros((4, lists), dtype=np.int64),
            unseen=np.zeros(4),
            by_node=np.zeros((3, nodes)),
            by_list=np.zeros((5, lists)),
        )
        return Workspace(
            size=np.zeros(classes, dtype=np.int64),
            on=np.zeros((classes, lists), dtype=np.int64),
            people=np.zeros((nodes, classes), dtype=np.int64),
            grid=np.zeros((2, _GRID)),
            path=np.zeros((3 + 4, classes * lists + classes)),
            mixture=mixture,
            pair=pair,
        )
