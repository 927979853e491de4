"""Chordal graphs against the definition, written out slowly."""

from itertools import combinations

import numpy as np
import pytest

from estimation.models.graphs.chordal_graphs import chordal_graphs


def neighbours(n, mask):
    adjacent = {v: set() for v in range(n)}
    for edge, (i, j) in enumerate(combinations(range(n), 2)):
        if mask >> edge & 1:
            adjacent[i].add(j)
            adjacent[j].add(i)
    return adjacent


def has_chordless_cycle(n, adjacent):
    """Whether some four or more vertices induce a cycle: all of degree 2, and connected."""
    for size in range(4, n + 1):
        for some in combinations(range(n), size):
            inside = set(some)
            if any(len(adjacent[v] & inside) != 2 for v in some):
                continue
            reached, front = {some[0]}, [some[0]]
            while front:
                new = (adjacent[front.pop()] & inside) - reached
                reached |= new
                front.extend(new)
            if reached == inside:
                return True
    return False


def maximal_cliques(n, adjacent):
    complete = [
        set(some)
        for size in range(1, n + 1)
        for some in combinations(range(n), size)
        if all(j in adjacent[i] for i, j in combinations(some, 2))
    ]
    return [c for c in complete if not any(c < other for other in complete)]


def junction_separators(cliques):
    """The intersections along a spanning tree of the cliques of the largest total weight; empty ones left out."""
    group = list(range(len(cliques)))
    separators = []
    pairs = sorted(combinations(range(len(cliques)), 2), key=lambda p: -len(cliques[p[0]] & cliques[p[1]]))
    for a, b in pairs:
        if group[a] != group[b]:
            group = [group[a] if g == group[b] else g for g in group]
            separators.append(cliques[a] & cliques[b])
    return [s for s in separators if s]


def as_numbers(sets):
    return sorted(sum(1 << v for v in members) for members in sets)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_the_graphs_their_cliques_and_separators_are_those_of_the_definition(n):
    graphs = chordal_graphs(n)
    expected = [m for m in range(1 << n * (n - 1) // 2) if not has_chordless_cycle(n, neighbours(n, m))]
    assert graphs.edges.tolist() == expected
    for g, mask in enumerate(expected):
        cliques = maximal_cliques(n, neighbours(n, mask))
        assert sorted(c for c in graphs.cliques[g].tolist() if c) == as_numbers(cliques)
        assert sorted(s for s in graphs.separators[g].tolist() if s) == as_numbers(junction_separators(cliques))


@pytest.mark.parametrize(
    ("n", "count"), [(1, 1), (2, 2), (3, 8), (4, 61), (5, 822), (6, 18_154), (7, 617_675)]
)  # Wormald (1985)
def test_there_are_as_many_graphs_as_published(n, count):
    assert len(chordal_graphs(n)) == count


@pytest.mark.parametrize("n", [6, 7])
def test_cliques_less_separators_hold_each_vertex_once(n):
    # A junction forest: the cliques a vertex is in are one more than the separators it is in.
    graphs = chordal_graphs(n)
    for v in range(n):
        inside = (graphs.cliques >> v & 1).sum(axis=1).astype(int) - (graphs.separators >> v & 1).sum(axis=1)
        assert (inside == 1).all()


def test_the_first_graph_has_no_edge_and_the_last_all():
    graphs = chordal_graphs(4)
    assert graphs.label(0, ("a", "b", "c", "d")) == "[a, b, c, d]"
    assert graphs.label(60, ("a", "b", "c", "d")) == "[a.b.c.d]"


def test_leaving_out_the_complete_graph_leaves_out_one():
    graphs = chordal_graphs(5)
    rest = graphs.without_complete()
    assert len(rest) == len(graphs) - 1
    assert rest.edges.tolist() == graphs.edges.tolist()[:-1]


def test_graphs_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        chordal_graphs(3).cliques[0, 0] = 1


@pytest.mark.parametrize("n", [0, 8])
def test_too_few_or_too_many_vertices_are_refused(n):
    with pytest.raises(ValueError, match=f"on {n} vertices; from 1 to 7"):
        chordal_graphs(n)


def test_graphs_can_be_taken_by_position():
    graphs = chordal_graphs(3)
    taken = graphs.take(np.array([7, 0]))
    assert [taken.label(g, ("A", "B", "C")) for g in range(2)] == ["[A.B.C]", "[A, B, C]"]
