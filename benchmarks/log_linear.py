"""How long it takes to fit, check and score all hierarchical models, and to select pairs stepwise on resamples.

Run as ``python benchmarks/log_linear.py``.  The naive versions use NumPy and SciPy alone, on the same machine in the
same run: each model is fitted by Newton's method on its own design matrix, each existence is decided by its linear
programme, and each stepwise selection is made one pair at a time.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog
from scipy.stats import poisson

from estimation.capture.datasets import load_table
from estimation.models.log_linear.family import fit_family
from estimation.models.log_linear.stepwise import stepwise
from estimation.models.log_linear.terms import cell_design, hierarchical_models, main_effects, terms_of

RESAMPLES = 1000
NAIVE_MODELS = 300
NAIVE_RESAMPLES = 5


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """The best of a few runs."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        found.append(time.perf_counter() - started)
    return min(found)


def naive(terms: np.ndarray, cells: np.ndarray) -> tuple[float, np.ndarray] | None:
    """n_0 and the fitted cells of one model, or None where it has no estimate, as a textbook would."""
    design = cell_design(len(terms).bit_length() - 1)
    empty = terms & (cells[1:] @ design == 0)
    retained = ~(design[:, empty] > 0).any(axis=1)
    x, n = design[np.ix_(retained, terms & ~empty)], cells[1:][retained].astype(float)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return None
    answer = linprog(
        np.append(np.zeros(len(n)), -1.0),
        A_eq=np.column_stack([x.T, x.sum(axis=0)]),
        b_eq=x.T @ n / n.sum(),
        bounds=[(0, None)] * len(n) + [(0, 1)],
    )
    if answer.x is None or answer.x[-1] < 1e-9:
        return None
    mean = n + 0.1
    for _ in range(50):
        information = x.T @ (mean[:, None] * x)
        alpha = np.linalg.solve(information, x.T @ (mean * np.log(mean) + n - mean))
        change = np.abs(np.exp(x @ alpha) - mean).max()
        mean = np.exp(x @ alpha)
        if change < 1e-8:
            break
    fitted = np.zeros(len(design))
    fitted[retained] = mean
    return float(np.exp(alpha[0])), fitted


def naive_steps(cells: np.ndarray, threshold: float) -> float:
    """n_0 by sparse stepwise selection, one pair at a time."""
    n_lists = len(cells).bit_length() - 1
    design, pairs, chosen = cell_design(n_lists), [t for t in range(1 << n_lists) if t.bit_count() == 2], []
    found = naive(main_effects(n_lists), cells)
    while found is not None:
        unseen, mean = found
        seen, expected = cells[1:] @ design[:, pairs], mean @ design[:, pairs]
        p = np.minimum(poisson.sf(seen - 1, expected), poisson.cdf(seen, expected))
        for k in np.argsort(p):
            if p[k] <= threshold and pairs[k] not in chosen:
                tried = naive(terms_of([*chosen, pairs[k]], n_lists), cells)
                if tried is not None:
                    chosen, found = [*chosen, pairs[k]], tried
                    break
        else:
            return unseen
    return float("nan")


def main() -> None:
    """Print the table of timings."""
    started = time.perf_counter()
    stepwise(load_table("uk_five_lists").cells()[None, :], 0.02)
    print(f"first call, compiling or loading what was compiled: {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    hierarchical_models(5)
    print(f"writing down the 6,893 models on five lists, once: {time.perf_counter() - started:.2f} s\n")
    print(f"{'all hierarchical models of':36s} {'models':>7s} {'seconds':>8s} {'naive':>8s}  ratio")
    for name in ("gaza", "kosovo", "hiv", "congenital_anomaly", "uk_five_lists", "netherlands_five_lists"):
        table = load_table(name)
        models, cells = hierarchical_models(len(table.lists)), table.cells()
        fast = seconds(lambda table=table, models=models: fit_family(table, models))
        timed = models[:: max(1, len(models) // NAIVE_MODELS)]
        started = time.perf_counter()
        slow = [naive(model, cells) for model in timed]
        loop = (time.perf_counter() - started) * len(models) / len(timed)
        family = fit_family(table, timed)
        for k, answer in enumerate(slow):
            same = answer is not None and np.isclose(answer[0], family.fits.unseen[k], rtol=1e-6)
            assert same if family.usable[k] else answer is None, (name, timed[k])
        print(f"{name:36s} {len(models):7,d} {fast:8.4f} {loop:8.2f}  {loop / fast:,.0f}")
    print(f"\n{'sparse stepwise on':36s} {'tables':>7s} {'seconds':>8s} {'naive':>8s}  ratio")
    for name in ("uk_five_lists", "uk"):
        cells = load_table(name).cells()
        drawn = np.random.default_rng(1).multinomial(cells.sum(), cells / cells.sum(), size=RESAMPLES)
        fast = seconds(lambda drawn=drawn: stepwise(drawn, 0.02), times=1)
        started = time.perf_counter()
        slow_steps = [naive_steps(one, 0.02) for one in drawn[:NAIVE_RESAMPLES]]
        loop = (time.perf_counter() - started) * RESAMPLES / NAIVE_RESAMPLES
        assert np.allclose(slow_steps, stepwise(drawn[:NAIVE_RESAMPLES], 0.02).unseen, rtol=1e-6)
        print(f"{name:36s} {RESAMPLES:7,d} {fast:8.4f} {loop:8.2f}  {loop / fast:,.0f}")
    print(f"\npeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:,.0f} MB")


if __name__ == "__main__":
    main()
