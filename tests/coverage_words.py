"""The words of docs/coverage.md from the numbers that it has: the simulation study takes 20 minutes, its words none.

Run as a program it writes the page again, with the words of today and every number as it was.
"""

import math
import re
from pathlib import Path

from estimation.simulation.coverage_page import coverage_page
from estimation.simulation.coverage_study import Scores
from estimation.simulation.scores import Measure, Score
from estimation.simulation.standard import REPLICATIONS, SEED, standard_models, standard_scenarios

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"


def numbers_of(page):
    """Coverage, bias and length by label and scenario, as the three tables of the page have them."""
    rows = [line.strip("|").split("|") for line in page.splitlines() if re.match(r"\| [^|]+\| ", line)]
    labels = list(standard_models())
    tables = {}
    for label in labels:
        own = [cells for cells in rows if re.fullmatch(rf"{re.escape(label)}( \(.*\))?", cells[0].strip())]
        assert len(own) == 3, label
        bound = "bound" in own[0][0].removeprefix(f" {label}")
        for at, scenario in enumerate(standard_scenarios(), start=1):
            tables[label, scenario] = ([measure_of(cells[at]) for cells in own], bound)
    return tables


def measure_of(cell):
    """A cell as the measure that is written so; None where there is no estimate."""
    value, _, error = cell.partition("(")[0].strip(" *").partition(" ± ")
    if not re.match(r"[-+\d]", value):
        return Measure(math.inf, math.inf) if value == "no upper limit" else None
    return Measure(float(value) / 100, float(error) / 100 if error else math.inf)


def reasons_of(page):
    """How many tables had no estimate, and the most frequent reason, by label and the title of the scenario."""
    found = re.findall(r"^- (.+?): (\d+) of \d+\. (?:Said most often|Most frequent reason): (.*)$", page, re.MULTILINE)
    return [(start, int(count), reason) for start, count, reason in found]


def scores_of(page):
    """The scores that the page shows; of the sides on which intervals miss, only which is the more frequent."""
    scores = []
    numbers, reasons = numbers_of(page), reasons_of(page)
    high = dict(zip(standard_scenarios(), re.findall(r"^N = .*$", page, re.MULTILINE), strict=True))
    for at, (scenario, drawn) in enumerate(standard_scenarios().items()):
        for label in standard_models():
            (coverage, bias, length), bound = numbers[label, scenario]
            missing = [(n, reason) for start, n, reason in reasons if start == f"{label}, {titles_of(page)[at]}"]
            count, reason = missing[0] if missing else (0, "")
            above = (
                high[scenario].partition("Intervals mostly too high: ")[2].partition(". ")[0].rstrip(".").split("; ")
            )
            sides = (0.0, 1.0) if label in above else (1.0, 0.0)
            scores.append(
                Score(
                    scenario, label, drawn.n_total, REPLICATIONS, count, coverage, bias, length, *sides, bound, reason
                )
            )
    return Scores(standard_scenarios(), standard_models(), str(SEED), (), tuple(scores))


def titles_of(page):
    """The titles of the scenarios on the page, in their order."""
    return [cell.strip() for cell in re.search(r"^\|  \|(.*)\|$", page, re.MULTILINE)[1].split("|")]


def page_again(page):
    """The page with the words of today and the numbers that it has."""
    return coverage_page(scores_of(page), command="mse coverage")


if __name__ == "__main__":
    PAGE.write_text(page_again(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
