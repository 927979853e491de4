"""How long N by decomposable graphs takes for 3 to 7 lists, and how much faster it is than the formula in a loop.

Run as ``python benchmarks/decomposable.py``.  The loop evaluates the published formula graph by graph on all values of
n_0 at once with NumPy, on the same machine in the same run; it is timed up to 5 lists and on 1,000 graphs above that.
"""

from __future__ import annotations

import resource
import time

import numpy as np
from scipy.special import gammaln

from estimation.capture.table import CaptureTable
from estimation.models.graphs.chordal_graphs import ChordalGraphs, chordal_graphs
from estimation.models.graphs.decomposable import DecomposableGraphs

GRAPHS_IN_LOOP = 1000


def table_of(lists: str, overlaps: str) -> CaptureTable:
    """A table from pairs of `lists joined by dots` and `people`."""
    names = lists.split()
    words = overlaps.split()
    patterns = [[name in on.split(".") for name in names] for on in words[::2]]
    return CaptureTable(names, patterns, [int(count) for count in words[1::2]])


# Silverman 2014; Bales, Murphy, Silverman 2019.
UK = table_of(
    "LA NG PF GO GP NCA",
    "LA 54 NG 463 PF 907 GO 695 GP 316 NCA 57 LA.NG 15 LA.PF 19 LA.GO 3 NG.PF 56 NG.GO 19 NG.GP 1 NG.NCA 3 PF.GO 69 "
    "PF.GP 10 PF.NCA 31 GO.GP 8 GO.NCA 6 GP.NCA 1 LA.NG.PF 1 LA.NG.GO 1 NG.PF.GO 4 NG.PF.NCA 3 PF.GO.NCA 1 "
    "LA.NG.PF.GO 1",
)
NEW_ORLEANS = table_of(
    "A B C D E F G H",
    "A 25 B 5 C 70 D 33 E 6 F 6 G 6 H 21 A.C 1 A.D 2 A.E 1 A.C.G 1 A.D.E 1 B.F 1 C.E 1 C.G 1 D.E 2 E.H 1 C.D 1",
)
TABLES = {
    "UK, LA+NG, PF+NCA, GO+GP": UK.merge(["LA", "NG"], "LANG").merge(["PF", "NCA"], "PN").merge(["GO", "GP"], "GG"),
    "UK, LA+NG, PF+NCA": UK.merge(["LA", "NG"], "LANG").merge(["PF", "NCA"], "PFNCA"),
    "UK, PF+NCA": UK.merge(["PF", "NCA"], "PFNCA"),
    "UK": UK,
    "New Orleans (185), F+G": NEW_ORLEANS.merge(["F", "G"], "FG"),
}


def in_a_loop(table: CaptureTable, graphs: ChordalGraphs, n_0: np.ndarray, delta: float) -> np.ndarray:
    """Log posterior of each graph and n_0, shape (G, L), one graph after the other."""
    cells = table.cells()
    histories = np.arange(cells.size)
    people = table.n_observed + n_0
    everything = cells.size * delta

    def marginal(lists: int) -> np.ndarray:
        inside = np.unique(histories & lists)
        each = everything / inside.size
        seen = np.bincount(histories & lists, weights=cells, minlength=cells.size)[inside]
        value = gammaln(seen[0] + n_0 + each) - gammaln(each)
        return value + (gammaln(seen[1:] + each) - gammaln(each)).sum()

    rows = []
    for cliques, separators in zip(graphs.cliques.tolist(), graphs.separators.tolist(), strict=True):
        row = gammaln(people + 1) - gammaln(n_0 + 1) - np.log(people)
        for clique in filter(None, cliques):
            row = row + marginal(clique) + gammaln(everything) - gammaln(people + everything)
        for separator in filter(None, separators):
            row = row - marginal(separator) - gammaln(everything) + gammaln(people + everything)
        rows.append(row)
    return np.array(rows)


def main() -> None:
    """Print the table of timings."""
    started = time.perf_counter()
    DecomposableGraphs().fit(TABLES["UK, LA+NG, PF+NCA, GO+GP"], rng=1)
    print(f"first call, compiling or loading what was compiled: {time.perf_counter() - started:.1f} s")
    print(
        f"{'table':28s} {'lists':>5s} {'graphs':>7s} {'values':>8s} {'seconds':>7s} {'2 threads':>9s}     loop  ratio"
    )
    for name, table in TABLES.items():
        seconds = []
        for workers in (1, 2):
            chordal_graphs.cache_clear()
            started = time.perf_counter()
            result = DecomposableGraphs().fit(table, rng=1, workers=workers)
            seconds.append(time.perf_counter() - started)
        graphs = chordal_graphs(len(table.lists)).without_complete()
        timed = graphs.take(np.arange(len(graphs))[:: max(1, len(graphs) // GRAPHS_IN_LOOP)])
        n_0 = (result.total.values - table.n_observed).astype(float)
        started = time.perf_counter()
        for at in range(0, len(timed), 50):
            in_a_loop(table, timed.take(np.arange(at, min(at + 50, len(timed)))), n_0, 0.5 ** len(table.lists))
        loop = (time.perf_counter() - started) * len(graphs) / len(timed)
        print(
            f"{name:28s} {len(table.lists):5d} {len(graphs):7,d} {n_0.size:8,d} {seconds[0]:7.3f} {seconds[1]:9.3f} "
            f"{loop:8.2f}  {loop / seconds[0]:,.0f}"
        )
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:,.0f} MB")


if __name__ == "__main__":
    main()
