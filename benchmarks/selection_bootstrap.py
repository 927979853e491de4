"""How long an interval with model-selection uncertainty takes, beside the same resamples one by one.

Run as ``python benchmarks/selection_bootstrap.py``.  The naive versions are those of ``log_linear.py``: NumPy and SciPy
alone, every model of every resample fitted on its own design matrix and checked by its linear programme.  They are
timed on a few of the same resamples, in the same run on the same machine, and must give the same N.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np
from log_linear import naive, naive_steps

from estimation.capture.datasets import load_table
from estimation.models.log_linear.best_model import choose_best
from estimation.models.log_linear.bootstrap import resampled
from estimation.models.log_linear.selected import LogLinearSelect
from estimation.models.log_linear.stepwise import SparseStepwise, stepwise
from estimation.models.log_linear.terms import hierarchical_models

NAIVE_SECONDS = 15.0


def naive_best(cells: np.ndarray, models: np.ndarray) -> float:
    """n_0 of the best of some models by BIC, fitted one by one."""
    best = (np.inf, np.nan)
    for terms in models:
        found = naive(terms, cells)
        if found is not None:
            unseen, mean = found
            positive = mean > 0
            # Without the part of the log likelihood that all models share.
            score = terms.sum() * np.log(cells.sum()) - 2 * (cells[1:][positive] @ np.log(mean[positive]) - mean.sum())
            best = min(best, (float(score), unseen))
    return best[1]


def cases():
    """What is timed: name, model, table, the selection on all tables and the selection on one."""
    for name in ("uk_five_lists", "uk"):
        yield (
            "steps, " + name,
            SparseStepwise(),
            name,
            lambda t: stepwise(t, 0.02).unseen,
            partial(naive_steps, threshold=0.02),
        )
    for name in ("palembang", "kosovo"):
        models = hierarchical_models(len(load_table(name).lists))
        yield (
            f"BIC over {len(models)}, {name}",
            LogLinearSelect(),
            name,
            partial(lambda t, models: choose_best(t, models, "bic")[1], models=models),
            partial(naive_best, models=models),
        )


def naive_seconds(one_by_one, drawn: np.ndarray, expected: np.ndarray) -> float:
    """Seconds a resample, over as many as there is time for; each must give the same n_0."""
    started, done = time.perf_counter(), 0
    while done < len(drawn) and time.perf_counter() - started < NAIVE_SECONDS:
        assert np.isclose(one_by_one(drawn[done]), expected[done], rtol=1e-5, equal_nan=True), drawn[done]
        done += 1
    return (time.perf_counter() - started) / done


def main() -> None:
    """Print the table of timings."""
    SparseStepwise(resamples=200).fit(load_table("palembang"), rng=1)
    LogLinearSelect(resamples=200).fit(load_table("palembang"), rng=1)
    print(f"{'1,000 resamples':28s} {'1 worker':>8s} {'2':>8s} {'naive':>8s}  ratio   95 % interval (BCa)")
    for title, model, name, choose, one_by_one in cases():
        table = load_table(name)
        seconds = []
        for workers in (1, 2):
            started = time.perf_counter()
            result = model.fit(table, rng=1, workers=workers)
            seconds.append(time.perf_counter() - started)
        drawn = resampled(table.cells(), result.mean, model.resamples, np.random.default_rng(1))
        naive_all = naive_seconds(one_by_one, drawn, choose(drawn)) * model.resamples
        interval = result.interval()
        print(
            f"{title:28s} {seconds[0]:8.2f} {seconds[1]:8.2f} {naive_all:8.1f}  {naive_all / seconds[0]:5,.0f}   "
            f"{interval.lower:,.0f} to {interval.upper:,.0f}"
        )
    for name in ("uk_five_lists", "uk"):
        started = time.perf_counter()
        result = LogLinearSelect().fit(load_table(name), rng=1, workers=2)
        print(f"BIC, best 200, {name}: {time.perf_counter() - started:.1f} s with 2 workers; {result.interval()}")


if __name__ == "__main__":
    main()
