"""Coverage where labels are missing: people without label left out, imputed, or drawn with the numbers of all strata.

Run as ``python benchmarks/missing_labels.py``: it draws tables of three invented populations with a label missing,
estimates the total and every stratum in four ways, and writes a page, by default ``out/coverage-missing-labels.md``;
``make coverage`` puts it into ``docs``.  Some five CPU minutes with 60 tables of each.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.results.estimates import Estimate, Result
from estimation.simulation import Group, Scenario, Stratum, Unrecorded, simulate
from estimation.simulation.scores import Measure, median_of, share_of
from estimation.strata.by_stratum import StratumResults, estimate_by
from estimation.work.seeds import generator_for

PAGE = Path("out") / "coverage-missing-labels.md"
SEED = 1
LISTS = ("A", "B", "C")
WAYS: Mapping[str, Mapping[str, object]] = {
    "left out (complete)": {"missing": "complete"},
    "imputed, hot deck": {"missing": "impute", "imputations": 5},
    "imputed, model": {"missing": "impute", "imputations": 5, "imputed_by": "model"},
    "drawn jointly": {"missing": "joint"},
}
MODEL = DecomposableGraphs(fit_check=False)


def scenario(title: str, note: str, odds: Mapping[str, tuple[int, tuple[float, ...]]], lacking: Unrecorded) -> Scenario:
    """Places with three lists that are independent within each, and a label that lists do not record of everybody."""
    people = sum(size for size, _ in odds.values())
    strata = tuple(Stratum((place,), (size,), factors) for place, (size, factors) in odds.items())
    return Scenario(
        title,
        note,
        LISTS,
        (Group("everyone", people, (0.35, 0.3, 0.25)),),
        by=("place",),
        strata=strata,
        unrecorded=(lacking,),
    )


BY_HISTORY = Unrecorded("place", (0.05, 0.1, 0.9))
SCENARIOS = (
    scenario(
        "Two places, label missing by history",
        "List C does not write down the place of 9 in 10 of its people, A and B of few; who is also on A or B has it.",
        {"north": (1500, (1.0, 1.0, 1.0)), "south": (1000, (0.6, 1.5, 1.2))},
        BY_HISTORY,
    ),
    scenario(
        "Four small places, label missing by history",
        "The same lists and four places of 250 to 490 people, so that few with a history are known to be of a place.",
        {
            place: (250 + 80 * k, (1.0 - 0.13 * k, 0.7 + 0.2 * k, 1.0))
            for k, place in enumerate(("one", "two", "three", "four"))
        },
        BY_HISTORY,
    ),
    scenario(
        "Two places, missing by the label itself",
        "Only people of the south may have no place, 7 in 10 records of theirs: not missing at random. **It must "
        "fail**: nothing in the table says that those without a place are all of the south.",
        {"north": (1500, (1.0, 1.0, 1.0)), "south": (1000, (0.6, 1.5, 1.2))},
        Unrecorded("place", (0.7, 0.7, 0.7), only=("south",)),
    ),
)


@dataclass
class Found:
    """What one way gave: intervals that hold the truth, errors and lengths, of totals and of strata."""

    inside: list[bool] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    strata: list[float] = field(default_factory=list)
    without: int = 0

    def add(self, found: StratumResults, truth: Mapping[tuple[str, ...], int]) -> None:
        """One table."""
        right = [holds(result, truth[stratum]) for stratum, result in found.results.items()]
        self.strata.append(float(np.mean(right)))
        people = sum(truth.values())
        if not isinstance(found.total, Estimate):
            self.without += 1
            return
        interval = found.total.interval()
        self.inside.append(holds(found.total, people))
        self.errors.append((found.total.median - people) / people)
        self.lengths.append((interval.upper - interval.lower) / people)


def holds(result: Result, people: int) -> bool:
    """Whether an interval has the true number in it."""
    return isinstance(result, Estimate) and result.interval().lower <= people <= result.interval().upper


def study(replications: int) -> dict[tuple[str, str], Found]:
    """All ways, by scenario and way."""
    scores: dict[tuple[str, str], Found] = {}
    for each in SCENARIOS:
        start = time.process_time()
        for k in range(replications):
            drawn = simulate(each, rng=generator_for(SEED, each.title, k))
            truth = {part.labels: part.n_total for part in drawn.strata}
            assert drawn.labelled is not None
            for way, settings in WAYS.items():
                found = estimate_by(drawn.labelled, ["place"], MODEL, rng=k, **settings)
                scores.setdefault((each.title, way), Found()).add(found, truth)
        print(f"{each.title}: {time.process_time() - start:.0f} CPU seconds", flush=True)
    return scores


def per_cent(measure: Measure, sign: str = "") -> str:
    """A measure with its Monte Carlo error, in per cent."""
    return f"{100 * measure.value:{sign}.1f} ± {100 * measure.error:.1f}"


def rows_of(scores: Mapping[tuple[str, str], Found], title: str) -> list[str]:
    """The table of one scenario."""
    lines = ["| people without label | coverage of the total | bias | length | strata covered |"]
    lines.append("|---|---:|---:|---:|---:|")
    for (of, way), found in scores.items():
        if of != title:
            continue
        n = len(found.inside)
        coverage = share_of(sum(found.inside), n)
        shown = per_cent(coverage)
        shown = f"**{shown}**" if coverage.value + 3 * coverage.error < 0.95 else shown
        if found.without:
            shown += f" ({found.without} without an estimate)"
        bias, length = per_cent(median_of(found.errors), "+"), per_cent(median_of(found.lengths))
        strata = 100 * float(np.mean(found.strata))
        lines.append(f"| {way} | {shown} | {bias} | {length} | {strata:.0f} |")
    return lines


def page_of(scores: Mapping[tuple[str, str], Found], replications: int) -> str:
    """The page."""
    lines = [
        "# Simulation study: coverage of the intervals, missing labels",
        "",
        "**SYNTHETIC data.** Tables are drawn from invented populations whose size is known, in places and in all, by "
        f"three lists that are independent within each place: {replications} tables of each scenario, all ways on the "
        "same tables, each place estimated by decomposable graphs. The lists do not write down the place of everybody. "
        'People without a place are left out (`missing="complete"`), imputed (`"impute"`: 5 imputations, by the hot '
        "deck within the capture history or by a model of the labels given the lists), or drawn with the numbers of "
        'all places (`"joint"`).',
        "",
        f"Made by `python benchmarks/missing_labels.py` (seed {SEED}); the program writes every number on this page. "
        "Coverage: per cent of tables whose 95 % interval of the total holds N, ± Monte Carlo standard error (Agresti, "
        "Coull 1998); **bold** where more than 3 standard errors below 95. Bias: median of (estimate - N) / N; length: "
        "median of (upper - lower) / N, both in per cent, ± the error of a median (McKean, Schrader 1984). Strata "
        "covered: mean per cent of the places whose interval holds their number, those without an estimate counted as "
        "missed.",
    ]
    for each in SCENARIOS:
        lines += ["", f"## {each.title}", "", f"N = {each.n_total:,}. {each.note}", "", *rows_of(scores, each.title)]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the study and write its page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--replications", type=int, default=60, help="tables of each scenario")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page")
    chosen = parser.parse_args(arguments)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(page_of(study(chosen.replications), chosen.replications), encoding="utf-8")
    print(f"wrote {chosen.out}")


if __name__ == "__main__":
    main()
