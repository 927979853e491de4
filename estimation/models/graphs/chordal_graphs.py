"""Every decomposable (chordal) graph on the lists, with its cliques and separators.

A graph is decomposable when its vertices (the lists) can be taken away one by one, each at a moment when those of its
neighbours that are left are all joined to each other (a *perfect elimination*).  With v taken away and ne(v) its
neighbours left at that moment,

    sum over cliques C of f(C) - sum over separators S of f(S)  =  sum over v of f(v + ne(v)) - f(ne(v))

for every set function f with f(empty set) = 0, so that cliques and separators (with their multiplicity) are what is
left on the right-hand side when equal terms cancel.

Symbols
-------
J : number of lists.   G : number of graphs.   A set of lists is a whole number whose bit j stands for list j.

Labelled chordal graphs: 1, 2, 8, 61, 822, 18,154, 617,675 for J = 1 to 7 (Wormald 1985).  All 2^(J (J - 1) / 2) graphs
are tested, two million at J = 7, in about a second.

References: Fulkerson, Gross (1965) for perfect elimination; Lauritzen (1996), Graphical Models, section 2.1;
Wormald (1985), Graphs and Combinatorics 1:193-200.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from estimation.capture.table import IntArray
from estimation.work.kernels import njit

__all__ = ["MAX_VERTICES", "ChordalGraphs", "SetArray", "chordal_graphs", "perfect_elimination"]

SetArray = npt.NDArray[np.uint8]

MAX_VERTICES = 7
"""2^21 graphs are tested at 7 vertices; 8 would be 2^28 of them, 30,888,596 chordal."""


@dataclass(frozen=True, slots=True, eq=False)
class ChordalGraphs:
    """Graphs, each as its cliques and its separators.

    Parameters
    ----------
    n_vertices : int
        J.
    edges : int array, shape (G,)
        The edges of each graph; bit e is the e-th of the pairs (0, 1), (0, 2), ..., (J - 2, J - 1).
    cliques : uint8 array, shape (G, J)
        The maximal cliques, each a set of vertices; 0 fills the rest.
    separators : uint8 array, shape (G, J)
        The separators that are not empty, as often as each occurs; 0 fills the rest.
    """

    n_vertices: int
    edges: IntArray
    cliques: SetArray
    separators: SetArray

    def __post_init__(self) -> None:
        for array in (self.edges, self.cliques, self.separators):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.edges)

    def take(self, which: IntArray) -> ChordalGraphs:
        """Some of the graphs, by position."""
        return ChordalGraphs(self.n_vertices, self.edges[which], self.cliques[which], self.separators[which])

    def without_complete(self) -> ChordalGraphs:
        """The graphs but the complete one, in which every list is joined to every other."""
        complete = (1 << self.n_vertices * (self.n_vertices - 1) // 2) - 1
        return self.take(np.flatnonzero(self.edges != complete))

    def elimination(self, graph: int) -> list[tuple[int, int]]:
        """A perfect elimination: each vertex in turn, with its neighbours that are left, a set of vertices.

        Examples
        --------
        >>> chordal_graphs(3).elimination(3)  # A - B and A - C: B first
        [(1, 1), (0, 4), (2, 0)]
        """
        taken, left = np.zeros(self.n_vertices, np.int64), np.zeros(self.n_vertices, np.int64)
        perfect_elimination(self.edges[graph], taken, left)
        return [((t & ~n).bit_length() - 1, n) for t, n in zip(taken.tolist(), left.tolist(), strict=True)]

    def label(self, graph: int, names: tuple[str, ...]) -> str:
        """A graph as its cliques.

        Examples
        --------
        >>> graphs = chordal_graphs(3)
        >>> graphs.label(3, ("A", "B", "C")), graphs.label(0, ("A", "B", "C"))
        ('[A.B, A.C]', '[A, B, C]')
        """
        members = [
            [j for j in range(self.n_vertices) if clique >> j & 1] for clique in self.cliques[graph].tolist() if clique
        ]
        return "[" + ", ".join(".".join(names[j] for j in clique) for clique in sorted(members)) + "]"


@njit(cache=True, nogil=True)
def _eliminate(adjacent: IntArray, taken: IntArray, left: IntArray) -> bool:  # pragma: no cover - compiled
    """Take the vertices away one by one; whether that was possible.  Fills v + ne(v) and ne(v) for each v."""
    n_vertices = adjacent.size
    remaining = (1 << n_vertices) - 1
    for step in range(n_vertices):
        found = -1
        for v in range(n_vertices):
            if not remaining >> v & 1:
                continue
            around = adjacent[v] & remaining
            joined = True
            for u in range(n_vertices):
                if around >> u & 1 and around & ~adjacent[u] & ~(1 << u):
                    joined = False
                    break
            if joined:
                found = v
                break
        if found < 0:
            return False
        left[step] = adjacent[found] & remaining
        taken[step] = left[step] | (1 << found)
        remaining &= ~(1 << found)
    return True


@njit(cache=True, nogil=True)
def perfect_elimination(edges: int, taken: IntArray, left: IntArray) -> None:  # pragma: no cover - compiled
    """Fill v + ne(v) and ne(v) for each vertex v of a chordal graph, in the order in which they are taken away.

    Parameters
    ----------
    edges : int
        As in `ChordalGraphs`.
    taken, left : int array, shape (J,)
        What is filled, each a set of vertices.
    """
    n_vertices = taken.size
    adjacent = np.zeros(n_vertices, np.int64)
    edge = 0
    for i in range(n_vertices):
        for j in range(i + 1, n_vertices):
            if edges >> edge & 1:
                adjacent[i] |= 1 << j
                adjacent[j] |= 1 << i
            edge += 1
    _eliminate(adjacent, taken, left)


@njit(cache=True, nogil=True)
def _cancel(taken: IntArray, left: IntArray) -> None:  # pragma: no cover - compiled
    """Set to 0 each pair of equal terms of opposite sign."""
    for i in range(left.size):
        for k in range(taken.size):
            if left[i] != 0 and left[i] == taken[k]:
                left[i] = 0
                taken[k] = 0


@njit(cache=True, nogil=True)
def _enumerate(  # pragma: no cover - compiled
    n_vertices: int, edges: IntArray, cliques: SetArray, separators: SetArray
) -> int:
    """Fill the arrays with the chordal graphs, in the order of their edge sets; how many there are."""
    adjacent = np.zeros(n_vertices, np.int64)
    taken = np.zeros(n_vertices, np.int64)
    left = np.zeros(n_vertices, np.int64)
    found = 0
    for mask in range(1 << n_vertices * (n_vertices - 1) // 2):
        adjacent[:] = 0
        edge = 0
        for i in range(n_vertices):
            for j in range(i + 1, n_vertices):
                if mask >> edge & 1:
                    adjacent[i] |= 1 << j
                    adjacent[j] |= 1 << i
                edge += 1
        if not _eliminate(adjacent, taken, left):
            continue
        _cancel(taken, left)
        edges[found] = mask
        n_cliques = 0
        n_separators = 0
        for k in range(n_vertices):
            if taken[k]:
                cliques[found, n_cliques] = taken[k]
                n_cliques += 1
            if left[k]:
                separators[found, n_separators] = left[k]
                n_separators += 1
        found += 1
    return found


@lru_cache(maxsize=MAX_VERTICES)
def chordal_graphs(n_vertices: int) -> ChordalGraphs:
    """All chordal graphs on labelled vertices, cached in memory.

    Parameters
    ----------
    n_vertices : int
        J, from 1 to 7.

    Returns
    -------
    ChordalGraphs
        In the order of `ChordalGraphs.edges`: the graph without edges first, the complete graph last.

    Raises
    ------
    ValueError
        When J is not from 1 to 7.

    References
    ----------
    Wormald (1985), Graphs and Combinatorics 1:193-200, for the counts.

    Examples
    --------
    >>> [len(chordal_graphs(n)) for n in range(1, 6)]
    [1, 2, 8, 61, 822]
    """
    if not 1 <= n_vertices <= MAX_VERTICES:
        raise ValueError(f"chordal graphs on {n_vertices} vertices; from 1 to {MAX_VERTICES} can be listed")
    possible = 1 << n_vertices * (n_vertices - 1) // 2
    edges = np.zeros(possible, np.int64)
    cliques = np.zeros((possible, n_vertices), np.uint8)
    separators = np.zeros((possible, n_vertices), np.uint8)
    found = _enumerate(n_vertices, edges, cliques, separators)
    return ChordalGraphs(n_vertices, edges[:found].copy(), cliques[:found].copy(), separators[:found].copy())
