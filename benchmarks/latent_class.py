"""Effective sample size of N per CPU second: the sampler against the paper's plain Gibbs sampler, both compiled.

Under two priors on the capture probabilities: the default one, stated as an expansion factor, and the published
Beta(1, 1).  The sampler runs as in a fit: 8 chains, warm-up, and rounds until N has its effective sample size.  The
plain one is the slow version that the tests keep, compiled by Numba as it stands.  Chains of both run in this one
process; CPU seconds are those of the process, compilation left out, warm-up counted.  No ratio is given where the plain
sampler's chains disagree (R-hat of N above 1.1): its effective sample size means nothing there.

How cost grows, in a table of its own: a table of 20,000 people on 17 lists, three classes planted, beside one with
twice the people, with half of its histories, with twice the lists, and with twice the classes that the model may have.
``python benchmarks/latent_class.py growth`` prints that alone, as the names of tables do theirs.

Beside them stands the R package LCMCR, under its only prior, Beta(1, 1), where Rscript and LCMCR are installed.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

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
from estimation.capture.table import CaptureTable
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.latent_class.rounds import Plan, sample
from estimation.models.latent_class.state import Cells, Prior

PLAIN_CHAINS, PLAIN_SWEEPS, PLAIN_THIN = 4, 100_000, 20
WIDE_PLAIN_SWEEPS = 5_000
"""A sweep of the plain sampler on 34 lists costs as much as 50 on 4."""

TABLES = ("kosovo", "uk", "hepatitis_a", "diabetes", "netherlands_five_lists", "34 lists", "growth")
PRIORS = {"N/n 1.1-10": LatentClass(), "published": LatentClass(capture_a=1, capture_b=1)}
compiled_plain = njit(nogil=True)(plain_sweeps)

IN_R = """
suppressMessages(library(LCMCR))
given <- commandArgs(trailingOnly = TRUE)
table <- read.csv(given[1])
for (list in head(names(table), -1)) table[[list]] <- factor(table[[list]], levels = c(0, 1))
for (seed in 1:4) {
  sampler <- lcmCR(table, tabular = TRUE, K = as.integer(given[2]), a_alpha = 0.25, b_alpha = 0.25, seed = seed,
                   verbose = FALSE)
  drawn <- lcmCR_PostSampl(sampler, burnin = 20000, samples = 4000, thinning = 20, output = FALSE)
  cat("N", drawn, "\n")
}
cat("CPU", sum(proc.time()[1:2]), "\n")
"""


def the_sampler(table, model, seed):
    """N by chain, log alpha, occupied classes, and sweeps of all chains."""
    prior = Prior(0.25, 0.25, *model.capture_numbers(len(table.lists)))
    plan = Plan(model.warmup, model.sweeps, model.max_sweeps, model.max_sweeps, model.effective)
    rngs = np.random.default_rng(seed).spawn(model.chains)
    run = sample(table, prior, plan, classes=model.classes, rngs=rngs, workers=1)
    return (table.n_observed + run.unseen, run.log_alpha, run.occupied), model.chains * (model.warmup + run.swept)


def plain(table, model, seed, sweeps):
    a, b = model.capture_numbers(len(table.lists))
    given = (table.patterns, table.counts, model.classes, 0.25, 0.25, float(a), float(b), sweeps)
    rngs = np.random.default_rng(seed).spawn(PLAIN_CHAINS)
    drawn = np.array([compiled_plain(rng, *given)[sweeps // 5 :: PLAIN_THIN] for rng in rngs])
    return (table.n_observed + drawn[:, :, 0], drawn[:, :, 1], drawn[:, :, 2]), PLAIN_CHAINS * sweeps


def line(table, prior, sampler, quantities, sweeps, cpu):
    """Prints a row; the effective sample size of N per CPU second and R-hat of N."""
    size = float(np.squeeze(arviz.ess(quantities[0])))
    rhats = [float(np.squeeze(arviz.rhat(values))) for values in quantities]
    low, median, high = np.quantile(quantities[0], [0.025, 0.5, 0.975])
    rest = "".join(f"{rhat:>10.3f}" for rhat in rhats) + " " * 10 * (3 - len(rhats))
    print(
        f"{table:<24}{prior:<12}{sampler:<10}{cpu:>7.1f}{sweeps / cpu:>10,.0f}{size:>8,.0f}{size / cpu:>9,.1f}{rest}"
        f"{median:>9,.0f}  {low:,.0f}-{high:,.0f}",
        flush=True,
    )
    return size / cpu, rhats[0]


def by_r(name, table, classes):
    """LCMCR on the table: a row, or why there is none."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return "R is not installed: LCMCR is not compared."
    if subprocess.run([rscript, "-e", "library(LCMCR)"], capture_output=True, check=False).returncode:
        return "R has no package LCMCR: it is not compared."
    with tempfile.TemporaryDirectory() as folder:
        rows = np.column_stack([table.patterns.astype(int), table.counts])
        heads = ",".join([*(f"L{j}" for j in range(len(table.lists))), "Freq"])
        np.savetxt(Path(folder, "table.csv"), rows, fmt="%d", delimiter=",", header=heads, comments="")
        Path(folder, "script.R").write_text(IN_R)
        command = [rscript, str(Path(folder, "script.R")), str(Path(folder, "table.csv")), str(classes)]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    totals = np.array([[float(n) for n in row.split()[1:]] for row in printed if row.startswith("N ")])
    [cpu] = [float(row.split()[1]) for row in printed if row.startswith("CPU ")]
    line(name, "published", "LCMCR", (totals,), 4 * 100_000, cpu)
    return ""


def three_classes(people, lists):
    """So many people observed on some of the lists, of three classes with captures from Beta(1, 9)."""
    rng = np.random.default_rng(7)
    captures = rng.beta(1, 9, (3, 34))[:, :lists]
    patterns = rng.random((3 * people, lists)) < captures[rng.choice(3, 3 * people, p=[0.5, 0.3, 0.2])]
    histories, counts = np.unique(patterns[patterns.any(axis=1)][:people], axis=0, return_counts=True)
    return CaptureTable([f"L{j:02d}" for j in range(lists)], histories, counts)


def half_the_histories(table):
    """As many people on half of the histories, drawn at random."""
    some = np.sort(np.random.default_rng(1).permutation(table.counts.size)[: table.counts.size // 2])
    counts = np.maximum(np.round(table.counts[some] * table.n_observed / table.counts[some].sum()), 1).astype(np.int64)
    return CaptureTable(table.lists, table.patterns[some], counts)


def growth():
    """How long a sweep takes, and an effective sample size of 400 of all that is monitored, warm-up included."""
    few, many = three_classes(20_000, 17), three_classes(40_000, 17)
    rows = {
        "as it is": (few, 10),
        "twice the people": (many, 10),
        "half the histories": (half_the_histories(few), 10),
        "twice the lists": (three_classes(20_000, 34), 10),
        "twice the classes": (few, 20),
    }
    heads = ("people", "histories", "nodes", "lists", "classes", "ms/sweep", "CPU s to 400", "ESS N")
    print("{:<24}{:>9}{:>11}{:>9}{:>7}{:>9}{:>10}{:>14}{:>8}".format("", *heads))
    for name, (table, classes) in rows.items():
        model = LatentClass(classes=classes).lighter()
        drawn, sweeps, cpu = timed(the_sampler, table, model, 1)
        size = float(np.squeeze(arviz.ess(drawn[0])))
        print(
            f"{name:<24}{table.n_observed:>9,}{table.counts.size:>11,}{Cells.of(table).counts.size:>9,}"
            f"{len(table.lists):>7}{classes:>9}{1000 * cpu / sweeps:>10.2f}{cpu:>14.0f}{size:>8.0f}",
            flush=True,
        )


def timed(sampler, *given):
    began = time.process_time()
    quantities, sweeps = sampler(*given)
    return quantities, sweeps, time.process_time() - began


def main():
    small = load_table("kosovo")
    the_sampler(small, LatentClass(max_sweeps=500), 0)
    plain(small, LatentClass(), 0, 100)
    heads = ("CPU s", "sweeps/s", "ESS N", "ESS N/s", "R-hat N", "log alpha", "occupied", "median")
    print(
        "{:<24}{:<12}{:<10}{:>7}{:>10}{:>8}{:>9}{:>10}{:>10}{:>10}{:>9}  {}".format(
            "table", "prior", "sampler", *heads, "95 %"
        )
    )
    reason = ""
    for name in sys.argv[1:] or TABLES:
        if name == "growth":
            growth()
            continue
        wide = name == "34 lists"
        table = planted(4_000) if wide else load_table(name)
        for label, model in PRIORS.items():
            rate, _ = line(name, label, "gradient", *timed(the_sampler, table, model, 1))
            length = WIDE_PLAIN_SWEEPS if wide else PLAIN_SWEEPS
            slow, rhat = line(name, label, "plain", *timed(plain, table, model, 1, length))
            times = f"{rate / slow:.0f} times the plain sampler's ESS of N per CPU second"
            print(f"{name:<24}{label:<12}{times if rhat < 1.1 else 'no ratio: the plain sampler did not converge'}")
        reason = by_r(name, table, PRIORS["published"].classes)
    print(reason)


if __name__ == "__main__":
    main()
