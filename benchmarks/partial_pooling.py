"""Partial pooling over strata: the compiled density against PyMC, and how cost grows with strata and lists.

``python benchmarks/partial_pooling.py routes``: effective sample size of N per CPU second of the same model by
`HierarchicalLogLinear` and `HierarchicalLogLinearPyMC`, on 12 strata of four lists; with the CPU seconds that compiling
the PyMC model takes, which is done for each set of strata.  Both use nutpie's sampler with one seed and one setting.

``growth``: 10, 40 and 200 strata of 50 people, 3, 5 and 8 lists: coordinates, CPU seconds of a fit as it is by default
(separate fits, tables and notes included), the effective sample size of N, the worst R-hat.

``classes``: the sweeps of `SharedLatentClasses` on the same tables of five lists, milliseconds each.
"""

import sys
import time
import warnings

import numpy as np

from estimation.capture.stratified import StratifiedTable
from estimation.results.effective_size import agreement_of
from estimation.results.estimates import Estimate
from estimation.strata.partial_pooling.class_sweeps import histories_of, start, sweep_on
from estimation.strata.partial_pooling.in_pymc import HierarchicalLogLinearPyMC
from estimation.strata.partial_pooling.log_linear import HierarchicalLogLinear
from estimation.strata.partial_pooling.shared_classes import SharedLatentClasses
from estimation.work.progress import silent


def strata_of(n_strata, n_lists, people=50, seed=1):
    """Places whose lists are independent, with log odds that vary by .5."""
    rng = np.random.default_rng(seed)
    centre, rows, places = rng.normal(-1.5, 0.4, n_lists), [], []
    for place in range(n_strata):
        captures = 1 / (1 + np.exp(-centre - rng.normal(0, 0.5, n_lists)))
        seen = rng.random((people, n_lists)) < captures
        seen = seen[seen.any(axis=1)]
        rows.append(seen)
        places += [f"{place:03}"] * len(seen)
    lists = [f"L{j}" for j in range(n_lists)]
    table = StratifiedTable(lists, np.concatenate(rows), {"place": places}, np.ones(len(places), dtype=int))
    return table.by(["place"], least=0)


def timed(call, *given, **named):
    """What a call gives, and the CPU seconds of this process."""
    began = time.process_time()
    found = call(*given, **named)
    return found, time.process_time() - began


def routes():
    """A row for each route: CPU seconds, effective sample size of N, and their ratio."""
    strata, rates = strata_of(12, 4), {}
    for model_type in (HierarchicalLogLinear, HierarchicalLogLinearPyMC):
        model = model_type()
        pooled, packed = model.packed(strata)
        model_type(chains=2, draws=100, warmup=100).fit(strata_of(3, 3), rng=1)  # imports and compiled kernels
        short = model_type(chains=2, draws=100, warmup=100)
        common = {"rng": np.random.default_rng(1), "workers": 1, "progress": silent}
        _, overhead = timed(short.draw_places, pooled, packed, 1, **common)
        found, cpu = timed(model.fit, strata, rng=1)
        size = agreement_of(found.total.total.values.astype(float)).bulk
        rates[model_type] = size / cpu
        print(
            f"{model.name:<32}{cpu:>8.1f} CPU s (200 draws of 2 chains alone: {overhead:.1f}), ESS of N {size:,.0f}, "
            f"{size / cpu:,.0f} a CPU second, median {found.total.median:,.0f}",
            flush=True,
        )
    own, other = rates.values()
    print(f"The compiled density gives {own / other:.1f} times the effective draws of a CPU second, compiling included")


def growth(cases):
    """A row for each number of strata and lists."""
    heads = ("strata", "lists", "coordinates", "CPU s", "ESS of N", "worst R-hat", "N", "true")
    print("{:>7}{:>7}{:>13}{:>8}{:>10}{:>13}{:>8}{:>8}".format(*heads))
    for n_strata, n_lists in cases:
        strata, model = strata_of(n_strata, n_lists), HierarchicalLogLinear()
        found, cpu = timed(model.fit, strata, rng=1)
        checks = {check.name: check.value for check in found.total.diagnostics.checks}
        rhat = max(value for name, value in checks.items() if name.startswith("R-hat"))
        number = f"{found.total.median:,.0f}" if isinstance(found.total, Estimate) else "none"
        size = checks["bulk ESS of N"]
        print(
            f"{n_strata:>7}{n_lists:>7}{model.packed(strata)[1].dimension:>13,}{cpu:>8.1f}{size:>10,.0f}"
            f"{rhat:>13.4f}{number:>8}{50 * n_strata:>8,}",
            flush=True,
        )


def classes():
    """Milliseconds of a sweep of one chain."""
    for n_strata in (10, 40, 200):
        model, histories = SharedLatentClasses(), histories_of(strata_of(n_strata, 5))
        prior, rng = model.prior(5), np.random.default_rng(1)
        state = start(n_strata, 5, model.classes, prior, rng)
        sweep_on(histories, prior, state, rng, draws=1, thin=100)
        _, cpu = timed(sweep_on, histories, prior, state, rng, draws=1, thin=1000)
        print(f"{n_strata:>7} strata, {histories.counts.size:>6,} histories: {cpu:.2f} ms a sweep", flush=True)


def main():
    """What is named, or all."""
    warnings.simplefilter("ignore", FutureWarning)
    wanted = sys.argv[1:] or ["routes", "growth", "classes"]
    if "routes" in wanted:
        routes()
    if "growth" in wanted:
        growth([(n_strata, n_lists) for n_lists in (3, 5, 8) for n_strata in (10, 40, 200)])
    if "classes" in wanted:
        classes()


if __name__ == "__main__":
    main()
