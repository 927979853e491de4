"""Internal consistency: each model's estimates of list sizes that are known, on the five published slavery tables.

Run as ``python benchmarks/consistency.py``.  Each list in turn is a population of known size, estimated from
the other lists, by every model of the registry with its own settings: nothing is tuned here.  Models that take minutes
are left out unless ``--slow`` is given, and are named.

The lists scored are those of Binette and Steorts (2022): UK, Netherlands and New Orleans with five lists, Western US,
Australia; lists of whose people the other lists saw fewer than 30 are left out, and so is K of the Netherlands (its 49
people who are on another list are on one other each).  Ten lists are left, of three tables; none is of New Orleans or
of the Western US.  The last columns are for all 24 lists.  ``--tables others`` has no list of the paper: a model that
was liked for its scores on ten lists can be tried there.

For ``sparse`` and ``log-linear-select`` two of the ten (LA of the UK, R of the Netherlands) are at the limit of what is
estimable: on about 5 % of the resamples no model gives an estimate, and above 5 % there is none.  Whether they are
scored depends on the seed, and without R the means look better.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from estimation.capture.datasets import load_table
from estimation.charts import plot_consistency, style
from estimation.models.registry import MODELS, make_model
from estimation.results.estimates import Estimate
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.sensitivity.consistency import ReferenceScores, estimate_list_sizes, known_size, score

TABLES = {
    "published": ("uk_five_lists", "netherlands_five_lists", "new_orleans_five_lists", "western_us", "australia"),
    "full": ("uk", "netherlands", "new_orleans_185", "western_us", "australia"),
    "others": ("kosovo", "hiv", "lesbian", "diabetes", "congenital_anomaly"),
}
"""The tables of the paper; the same with six, six and eight lists; all others that come with four lists or more."""
MINIMUM_SEEN = 30
NOT_SCORED = ("K",)
SLOW = ("latent-class", "latent-class-pymc", "log-linear-select", "bayesian-log-linear")
SEED = 1

_SOURCE = (
    "Binette, Steorts (2022), On the reliability of multiple systems estimation for the quantification of modern "
    "slavery, Journal of the Royal Statistical Society A; internal_consistency_summary.tex of its analyses"
)
PUBLISHED = (
    ReferenceScores("Independence", _SOURCE, -0.29, 0.55, 0.88),
    ReferenceScores("Sparse log-linear", _SOURCE, -0.17, 0.63, 0.90),
    ReferenceScores("Graphs", _SOURCE, -0.34, 0.60, 0.80),
    ReferenceScores("Latent classes", _SOURCE, -0.52, 0.72, 0.60),
)
"""The first is over eight lists, as two were not estimable and were dropped; the others are over ten."""


def columns_of(scores) -> str:
    """Mean with its standard error, root mean square, and coverage; and how many lists are not estimable."""
    counts = f"{scores.n_covered:2d} of {scores.n_scored:2d} {scores.n_not_estimable:4d}"
    if scores.mean is None or scores.sd is None:
        return f"{'':20s} {counts}"
    error = scores.sd / math.sqrt(scores.n_scored)
    return f"{scores.mean:+6.3f} ({error:.2f}) {scores.root_mean_square:6.3f} {counts}"


def line_of(label: str, tried: Mapping[str, Sequence[Alternative]]) -> str:
    """One model's scores by the published rule, and over all lists."""
    every = [one for alternatives in tried.values() for one in alternatives]
    published = score((one for one in every if one.label not in NOT_SCORED), minimum_seen=MINIMUM_SEEN)
    return f"{label:30s} {columns_of(published)}   {columns_of(score(every))}"


def rows_of(label: str, tried: Mapping[str, Sequence[Alternative]]) -> list[list[object]]:
    """Every list with its known size and its estimate, for the CSV file."""
    rows: list[list[object]] = []
    for table, alternatives in tried.items():
        for one in alternatives:
            row = [label, table, one.label, int(known_size(one)), one.result.n_observed]
            if isinstance(one.result, Estimate):
                interval = one.result.interval()
                rows.append([*row, one.result.median, interval.lower, interval.upper, ""])
            else:
                rows.append([*row, "", "", "", one.result.reason])
    return rows


def drawn(tried: Mapping[str, Sequence[Alternative]], path: Path) -> None:
    """The chart of one model, the published scores beside."""
    scored = {
        table: tuple(a for a in alternatives if a.label not in NOT_SCORED) for table, alternatives in tried.items()
    }
    found = {table: Sensitivity("", lists[0].result, lists) for table, lists in scored.items()}
    with style():
        plot_consistency(found, published=PUBLISHED, minimum_seen=MINIMUM_SEEN).figure.savefig(path)


def main() -> None:
    """Print the table of scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slow", action="store_true", help=f"also {', '.join(SLOW)}")
    parser.add_argument("--only", nargs="+", choices=list(MODELS), help="these models, slow or not")
    parser.add_argument("--tables", choices=list(TABLES), default="published", help="others: nothing of slavery")
    parser.add_argument("--csv", type=Path, help="write every list's answer to this file")
    parser.add_argument("--charts", type=Path, help="draw a chart for each model into this folder")
    given = parser.parse_args()
    names = given.only or [name for name in MODELS if given.slow or name not in SLOW]
    tables = {name: load_table(name) for name in TABLES[given.tables]}
    print(f"{'':30s} {'published rule':34s}   every list")
    print(f"{'model':30s} " + "   ".join(["  mean (s.e.)   rms  covered  none"] * 2) + "  seconds")
    for p in PUBLISHED if given.tables == "published" else ():
        print(f"{'published: ' + p.label:30s} {p.mean:+6.2f}        {p.root_mean_square:6.2f} {p.coverage:7.0%}")
    written = []
    for name in names:
        model, started = make_model(name, {}), time.perf_counter()
        tried = {table: estimate_list_sizes(people, model=model, rng=SEED) for table, people in tables.items()}
        print(f"{line_of(name, tried)} {time.perf_counter() - started:8.1f}", flush=True)
        written += rows_of(name, tried)
        if given.charts:
            given.charts.mkdir(parents=True, exist_ok=True)
            drawn(tried, given.charts / f"{name}.svg")
    left = [name for name in MODELS if name not in names]
    print(f"\nnot run: {', '.join(left) or 'none'}")
    if given.csv:
        with given.csv.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(
                [["model", "table", "list", "known_size", "seen", "estimate", "lower", "upper", "why_not"], *written]
            )


if __name__ == "__main__":
    main()
