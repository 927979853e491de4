"""Missing labels on two public tables, beside what others published: Gaza by sex and age, Peru by perpetrator.

Run as ``python benchmarks/missing_labels_published.py FOLDER``, where FOLDER holds ``gaza_strata.csv`` and
``peru_strata.csv``: a row a history and labels, with a column ``count``; empty cells are missing labels.  It writes a
page, by default ``out/missing-labels.md``.  Some five CPU minutes; without a folder it does nothing.

Sources: Jamaluddine and others (2025), Lancet 405:469-477, with its person-level file; Ball, Asher, Sulmont, Manrique
(2003); Das, Kennedy, Jewell (2023) with the table of Peru; Manrique-Vallier, Ball, Sulmont (2019), arXiv:1906.04763.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from estimation.capture.readers import read_table
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.models.registry import make_model
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.strata.by_stratum import estimate_by
from estimation.strata.joint_chain import JointChain, starting_labels
from estimation.strata.label_cells import LabelCells
from estimation.strata.missing_labels import imputed

PAGE = Path("out") / "missing-labels.md"
GAZA = ("sex", "age_group")


def closed_form(table: CaptureTable) -> float:
    """N with no interaction of all three lists."""
    one, two, three = table.lists
    only = [table.count(name) for name in table.lists]
    pairs = [table.count(one, two), table.count(two, three), table.count(one, three)]
    return float(table.n_observed + table.count(one, two, three) * np.prod(only) / np.prod(pairs))


def summed(table: StratifiedTable, by: Sequence[str]) -> float:
    """The closed form of each stratum, added."""
    return sum(map(closed_form, table.by(by).tables.values()))


def jointly(table: StratifiedTable, by: Sequence[str], times: int) -> list[float]:
    """The same on tables completed by labels that were drawn jointly, without highest-order interaction."""
    cells = LabelCells.of(table, by)
    n_strata = len(cells.begin) - 1
    start = starting_labels(cells, np.random.default_rng(1), spread=0.5)
    model = make_model("nhoi", {})
    chain = JointChain(cells, [None] * n_strata, model, start=start, rng=np.random.default_rng(2), spread=0.5)
    chain.advance(500)
    found = []
    for _ in range(times):
        chain.advance(10)
        tables = [(cells.histories(s), chain.counts[cells.begin[s] : cells.begin[s + 1]]) for s in range(n_strata)]
        found.append(sum(closed_form(CaptureTable(*named, counts)) for named, counts in tables))
    return found


def row(label: str, values: Sequence[float]) -> str:
    """A row: the mean, and the standard deviation over tables that were drawn."""
    spread = f" ± {np.std(values):,.0f} between draws" if len(values) > 1 else ""
    return f"| {label} | {np.mean(values):,.0f}{spread} |"


def words(result: Result) -> str:
    """A result in a cell."""
    if isinstance(result, NotEstimable):
        return result.reason.partition(":")[0]
    interval = result.interval()
    return f"{result.median:,.0f} ({interval.lower:,.0f} to {interval.upper:,.0f})"


def gaza_closed(table: StratifiedTable) -> list[str]:
    """Closed forms of Gaza."""
    known_sex = table.complete(["sex"])
    by_age = [f"imputed within the history, {name}" for name in ("hot deck", "model")]
    lines = ["| closed form, no interaction of all three lists | N |", "|---|---:|"]
    lines.append(row("all people together", [closed_form(table.margin())]))
    lines.append(row("by sex and age, complete cases", [summed(table.complete(GAZA), GAZA)]))
    for label, way in zip(by_age, ("hot deck", "model"), strict=True):
        drawn = [summed(imputed(table, GAZA, rng=k, by=way).table, GAZA) for k in range(40)]
        lines.append(row(f"by sex and age, {label}", drawn))
    drawn = [summed(imputed(known_sex, GAZA, rng=k).table, GAZA) for k in range(40)]
    lines.append(row(f"the same, hot deck, the {known_sex.n_observed:,} people of known sex", drawn))
    lines.append(row("by sex and age, drawn jointly", jointly(table, GAZA, 100)))
    lines.append("| published, by sex and age, a sum of ten strata | 64,260 (55,298 to 78,525) |")
    return lines


def rows_by_model(table: StratifiedTable, by: Sequence[str], names: Sequence[str], ways: Sequence[str]) -> list[str]:
    """Totals by model and by what becomes of people without label."""
    lines = ["| model | people without label | total | strata without a number | CPU seconds |"]
    lines.append("|---|---|---:|---:|---:|")
    for name in names:
        settings: dict[str, object] = {"fit_check": False} if name != "nhoi" else {}
        settings |= {"other_priors": False} if name == "latent-class" else {}
        for way in ways:
            start = time.process_time()
            found = estimate_by(table, by, make_model(name, settings), rng=1, missing=way)
            seconds = time.process_time() - start
            without = sum(not isinstance(each, Estimate) for each in found.results.values())
            numbers = f"{without} of {len(found.results)}"
            lines.append(f"| {name} | {way} | {words(found.total)} | {numbers} | {seconds:.0f} |")
            print(lines[-1], flush=True)
    return lines


def page_of(gaza: StratifiedTable, peru: StratifiedTable) -> str:
    """The page."""
    three = ("complete", "impute", "joint")
    known = gaza.n_missing("age_group")
    shining = peru.complete(["agent"]).by(["agent"]).tables[("shining_path",)]
    several = int(shining.frequencies[1:].sum())
    lines = [
        "# Missing labels on two public tables",
        "",
        "Made by `python benchmarks/missing_labels_published.py FOLDER`; the program writes every number on this page. "
        "Totals: posterior median and 95 % credible interval. What is published beside them has its source.",
        "",
        "## Gaza, by sex and age group",
        "",
        f"{gaza.n_observed:,} people on three lists (Jamaluddine and others 2025); age is missing for {known:,}, two "
        "thirds of those who are on social media alone and hardly anybody else.",
        "",
        *gaza_closed(gaza),
        "",
        "Drawn jointly or imputed the sum is the same to its spread, since a model that is saturated on the histories "
        "draws a label as a hot deck does. It is above the published number, which is from other models, and above the "
        "sum for people of known sex, since those of unknown sex are people too.",
        "",
        *rows_by_model(gaza, GAZA, ("nhoi", "decomposable"), three),
        "",
        "The median of `nhoi` is above its closed form: in small strata the posterior of the unseen is skewed.",
        "",
        "## Peru, by perpetrator",
        "",
        f"{peru.n_observed:,} people on three lists (Das, Kennedy, Jewell 2023, with the truth commission's data); the "
        f"perpetrator is not determined for {peru.n_missing('agent'):,}. Published: 69,280 (61,007 to 77,552), the "
        "truth commission 2003, by place and perpetrator; 58,234 (56,741 to 61,289) and 65,958 (61,462 to 75,387), "
        "latent classes by place with perpetrators drawn jointly (Manrique-Vallier, Ball, Sulmont 2019); 68,874 "
        "(58,543 to 79,204), doubly robust on two lists (Das, Kennedy, Jewell 2023).",
        "",
        *rows_by_model(peru.only(["agent"]), ["agent"], ("nhoi", "decomposable"), three),
        *rows_by_model(peru.only(["agent"]), ["agent"], ("latent-class",), ("complete", "joint"))[2:],
        "",
        "By perpetrator and the 59 strata of the published work:",
        "",
        *rows_by_model(peru.only(["agent", "stratum"]), ["agent", "stratum"], ("decomposable",), ("joint",)),
        "",
        "These are not the published numbers, and need not be: here a perpetrator's people are one population, or many "
        "that are too small for three lists; there latent classes were fitted within places, with a prior that decides "
        "much where lists hardly overlap. `nhoi` shows how little three lists say without an assumption on their "
        f"dependence: of the {shining.n_observed:,} dead and disappeared who are known to be the Shining Path's "
        f"{several:,} are on two lists or more.",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Estimate, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="where gaza_strata.csv and peru_strata.csv are")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page")
    chosen = parser.parse_args(arguments)
    if chosen.folder is None:
        print("no folder with the public tables was named: nothing to do")
        return
    gaza = read_table(chosen.folder / "gaza_strata.csv", lists=["hospital", "survey", "social_media"], strata=GAZA)
    labels = ["agent", "stratum"]
    peru = read_table(chosen.folder / "peru_strata.csv", lists=["CVR", "DP", "ODH"], strata=labels)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(page_of(gaza, peru), encoding="utf-8")
    print(f"wrote {chosen.out}")


if __name__ == "__main__":
    main()
