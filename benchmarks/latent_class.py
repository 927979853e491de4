"""Effective sample size of N per CPU second: the sampler against the paper's plain Gibbs sampler, both compiled.

The plain one is the slow version that the tests keep, compiled by Numba as it stands.  Chains of both run in this one
process; CPU seconds are those of the process, compilation left out, warm-up counted.  No ratio is given where the plain
sampler's chains disagree (R-hat of N above 1.1): its effective sample size means nothing there.
"""

import shutil
import sys
import time
import warnings
from pathlib import Path
from threading import Event

import numpy as np
from numba import njit

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)
    import arviz

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "recovery"))

from plain_latent_class import plain_sweeps
from test_latent_class_wide import planted

from estimation.capture.datasets import load_table
from estimation.models.latent_class.chains import Chain
from estimation.models.latent_class.state import Prior

CHAINS, CLASSES, WARMUP, SWEEPS, PLAIN_SWEEPS, PLAIN_THIN = 4, 10, 1500, 5000, 100_000, 20
WIDE_PLAIN_SWEEPS = 5_000
"""A sweep of the plain sampler on 34 lists costs as much as 50 on 4."""

TABLES = ("kosovo", "uk", "hepatitis_a", "diabetes", "netherlands", "34 lists")
PRIOR = Prior(0.25, 0.25, 1.0, 1.0)
compiled_plain = njit(nogil=True)(plain_sweeps)


def with_gradient(table, rngs, warmup=WARMUP, sweeps=SWEEPS):
    drawn = []
    for i, rng in enumerate(rngs):
        chain = Chain(table, PRIOR, classes=CLASSES, rng=rng, spread=i / (len(rngs) - 1))
        chain.warm_up(warmup, Event())
        drawn.append(chain.advance(sweeps, Event()))
    return np.array(drawn)


def plain(table, rngs, sweeps=PLAIN_SWEEPS):
    drawn = [
        compiled_plain(rng, table.patterns, table.counts, CLASSES, 0.25, 0.25, 1.0, 1.0, sweeps)[sweeps // 5 :]
        for rng in rngs
    ]
    return np.array(drawn)[:, ::PLAIN_THIN]


def timed(sampler, table, seed, **length):
    began = time.process_time()
    drawn = sampler(table, np.random.default_rng(seed).spawn(CHAINS), **length)
    return drawn, time.process_time() - began


def main():
    for sampler, short in ((with_gradient, {"warmup": 50, "sweeps": 50}), (plain, {"sweeps": 100})):
        sampler(load_table("kosovo"), np.random.default_rng(0).spawn(2), **short)
    heads = (
        "table",
        "sampler",
        "CPU s",
        "sweeps/s",
        "ESS N",
        "ESS N/s",
        "R-hat N",
        "log alpha",
        "occupied",
        "median",
        "95 %",
    )
    print("{:<12}{:<10}{:>7}{:>10}{:>8}{:>9}{:>9}{:>11}{:>10}{:>9}  {}".format(*heads))
    for name in sys.argv[1:] or TABLES:
        wide = name == "34 lists"
        table, rates = planted(4_000) if wide else load_table(name), {}
        plain_length = WIDE_PLAIN_SWEEPS if wide else PLAIN_SWEEPS
        for label, sampler, sweeps in (("gradient", with_gradient, WARMUP + SWEEPS), ("plain", plain, plain_length)):
            drawn, cpu = timed(sampler, table, 1, **({"sweeps": sweeps} if sampler is plain else {}))
            totals = table.n_observed + drawn[:, :, 0]
            ess = float(np.squeeze(arviz.ess(totals)))
            rhats = [float(np.squeeze(arviz.rhat(drawn[:, :, i]))) for i in range(3)]
            low, median, high = np.quantile(totals, [0.025, 0.5, 0.975])
            rates[label] = ess / cpu
            print(
                f"{name:<12}{label:<10}{cpu:>7.1f}{CHAINS * sweeps / cpu:>10,.0f}{ess:>8,.0f}{rates[label]:>9,.0f}"
                f"{rhats[0]:>9.3f}{rhats[1]:>11.3f}{rhats[2]:>10.3f}{median:>9,.0f}  {low:,.0f}-{high:,.0f}"
            )
        times = f"{rates['gradient'] / rates['plain']:.0f} times the plain sampler's ESS of N per CPU second"
        print(f"{name:<12}{times}" if rhats[0] < 1.1 else f"{name:<12}no ratio: the plain sampler did not converge")
    r = shutil.which("Rscript")
    print("R is not installed: its package is not compared." if r is None else f"{r} is here; this does not run it.")


if __name__ == "__main__":
    main()
