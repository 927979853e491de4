"""Peru by the doubly robust estimate: every learner and truncation beside the published numbers.

Run as ``python benchmarks/doubly_robust_peru.py peru_strata.csv OUT.md``; ``docs/doubly-robust-peru.md`` is what it
wrote.  The file has 24,692 people by history on three lists (CVR, DP, ODH) and covariates: the data of the truth
commission as published with Das, Kennedy, Jewell (2023).  It is not part of this project.  Without it there is nothing
to do.

Published: random forests, cross-fitted, on two lists, CVR and the union of DP and ODH; probabilities are raised to .005
by default there.  Where N is not above those observed, or half or twice the truncation moves it out
of its own interval, the package gives no estimate; here the number stands all the same, for comparison, and is marked.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from estimation.capture.readers import read_table
from estimation.capture.stratified import StratifiedTable
from estimation.capture.stratified_parts import merge_lists
from estimation.models.covariates.doubly_robust import DoublyRobust
from estimation.models.covariates.findings import TRUNCATION, interval_of
from estimation.results.estimates import NotEstimable, Result

COVARIATES = ("sex", "age_group", "situation", "year", "stratum")
LISTS = ("CVR", "DP", "ODH")

PUBLISHED = {
    "all": (68_874, 58_543, 79_204),
    "state": (20_756, 13_775, 27_737),
    "shining_path": (13_313, 10_333, 16_293),
    "other": (3_536, 486, 8_771),
    "not determined": (25_749, 13_384, 38_114),
}
"""Doubly robust numbers and 95 % intervals published with the data."""

LEARNERS = ("logistic", "boosting", "stacked", "random-forest")
FITTINGS = ("one against rest", "jointly")
SEED = 1


def main() -> None:
    if len(sys.argv) != 3:
        print("give the path of peru_strata.csv and of the page to write")
        return
    table = read_table(sys.argv[1], lists=LISTS, count="count", strata=["agent", *COVARIATES])
    pages = [OPENING, *two_lists(merge_lists(table, ["DP", "ODH"], into="DP or ODH")), *readings(table), *three(table)]
    Path(sys.argv[2]).write_text("\n\n".join(pages) + "\n", encoding="utf-8")


OPENING = """# Peru, doubly robust: learners and truncations beside the published numbers

Made by `benchmarks/doubly_robust_peru.py` (seed 1); the program writes every number on this page. Covariates: sex, age
group, situation (killed or disappeared), year (a number), stratum (59 places). Data: the Peruvian truth commission's,
as published with Das, Kennedy, Jewell (2023), *Doubly robust capture-recapture methods for estimating population
size*."""

WHY = (
    "Why some are inside and some not: the published numbers are of one learner and one truncation, and N depends on "
    "both, the more the fewer people are on both lists. Where a fit follows the data closely, as boosting and forests "
    "do, the probability of being on both is small for people like whom hardly anybody is on both, and one such person "
    "who is takes thousands from N. Raised probabilities take that away, and with it the people whom the others there "
    "stand for. Forests here have 100 trees, five people in a leaf and an indicator for each value of a covariate; the "
    "published ones are of another program with settings of its own, so that no row is the published computation."
)

HEADINGS = ("", ".0025", ".005", ".01", ".02")
STEPS = (0.0025, 0.005, 0.01, 0.02)


def two_lists(table: StratifiedTable) -> Iterator[str]:
    """Two lists, CVR and DP or ODH, as published: a table for each group of perpetrators."""
    yield (
        "## Two lists: CVR, and DP or ODH\n\nN (standard error) by the smallest value of the probability of being on "
        "both lists. *no*: the package gives no estimate, since half or twice the truncation moves N out of its own "
        "95 % interval, or N is not above those observed. **in**: inside the published interval. One split into five "
        f"folds; missing covariates are a value of their own, unless the row says weighted.\n\n{WHY}\n\n"
        f"{of_age(table)}"
    )
    for agent, published in PUBLISHED.items():
        part = of_agent(table, agent)
        point, low, high = published
        rows = []
        for learner in LEARNERS:
            for fitting in FITTINGS:
                found = fitted(part, learner=learner, fitting=fitting, missing="own value")
                rows.append((f"{learner}, {fitting}", *cells(found, part.n_observed, published)))
        found = fitted(part, learner="stacked", fitting=FITTINGS[0], missing="weight")
        rows.append((f"stacked, {FITTINGS[0]}, weighted", *cells(found, part.n_observed, published)))
        alone = DoublyRobust().fit(part.margin(), rng=SEED)
        both = part.margin().count("CVR", "DP or ODH")
        numbers = f"Published: {point:,} ({low:,} to {high:,}). Without covariates: {alone.median:,.0f}"
        heading = f"### {agent}: {part.n_observed:,} people, {both:,} of them on both lists"
        yield f"{heading}\n\n{numbers} ({alone.interval()}). {summary(rows)}"
        yield markdown(rows)


def of_age(table: StratifiedTable) -> str:
    """How far a missing age goes with being on one list only: why it is no value like another."""
    label = table.label("age_group")
    missing = table.codes[:, table.labels.index(label)] >= len(label.values)
    both = table.patterns.all(axis=1)
    with_age, without = (table.counts[rows & both].sum() / table.counts[rows].sum() for rows in (~missing, missing))
    return (
        "Of all people and of those of the state the weighted numbers are lower. Age is missing of "
        f"{table.n_missing('age_group'):,} people, of whom {without:.1%} are on both lists; of those whose age is "
        f"known, {with_age:.1%}. An age that is missing because a list did not write it down says which list somebody "
        "is on, and as a value of its own it then inflates N, by a third on synthetic tables made so "
        "(tests/recovery/test_doubly_robust_coverage.py); weighted, people with the same history stand for them."
    )


def summary(rows: list[tuple[str, ...]]) -> str:
    """How many rows are inside the published interval at the published truncation, and how far N moves with it."""
    at = 1 + STEPS.index(0.005)
    inside, given = ([row[0] for row in rows if (mark in row[at]) == wanted] for mark, wanted in (IN, NO))
    both = set(inside) & set(given)
    return (
        f"At .005, the default of the published program, {len(inside)} of {len(rows)} rows are inside the published "
        f"interval; the package gives {len(given)} of the {len(rows)}, and {len(both)} of those inside."
    )


IN, NO = ("**in**", True), ("*no*", False)


def readings(table: StratifiedTable) -> Iterator[str]:
    """A pair that is named: among everybody, and among those on no other list."""
    rows = []
    for pair in (("CVR", "DP"), ("CVR", "ODH"), ("DP", "ODH")):
        for among in ("everybody", "those on no other list"):
            found = DoublyRobust(
                COVARIATES, "logistic", numeric=("year",), lists=pair, among=among, missing="own value", splits=1
            ).fit(table, rng=SEED)
            margin = table.margin()
            used = margin.keep(pair).n_observed if among == "everybody" else margin.n_observed
            rows.append((f"{' and '.join(pair)}, among {among}", *cells(found, used, PUBLISHED["all"])))
    yield (
        "## One list of the two left as it is\n\nA pair of the three lists, logistic, one against rest: its margin "
        "(among everybody), or the histories that are zero outside the pair (among those on no other list, the others "
        "counting once each). Beside the published number for CVR and the union of the other two, as above."
    )
    yield markdown(rows)


def three(table: StratifiedTable) -> Iterator[str]:
    """All three lists at once."""
    rows = []
    for learner in ("logistic", "boosting"):
        found = fitted(table, learner=learner, fitting=FITTINGS[0], missing="own value")
        rows.append((learner, *cells(found, table.n_observed, PUBLISHED["all"])))
        reason = found.reason if isinstance(found, NotEstimable) else str(found)
    yield (
        "## Three lists at once\n\nNo interaction of CVR, DP and ODH given the covariates. There is no published "
        "number; the one for two lists stands for comparison."
    )
    yield markdown(rows)
    yield f"Boosting, at .005: {reason}."


def of_agent(table: StratifiedTable, agent: str) -> StratifiedTable:
    """The people of one group of perpetrators; those of whom none is recorded are *not determined*."""
    if agent == "all":
        return table
    label = table.label("agent")
    code = len(label.values) if agent == "not determined" else label.values.index(agent)
    rows = table.codes[:, table.labels.index(label)] == code
    return table.with_codes(table.codes[rows], table.patterns[rows], table.counts[rows])


def fitted(table: StratifiedTable, **settings: object) -> Result:
    """One fit, whose table of truncations has every number."""
    start = time.process_time()
    found = DoublyRobust(COVARIATES, numeric=("year",), splits=1, truncation=0.005, **settings).fit(table, rng=SEED)
    print(table.n_observed, settings, f"{time.process_time() - start:.1f} s", flush=True)
    return found


def cells(found: Result, n_used: int, published: tuple[int, int, int]) -> Iterator[str]:
    """N at each truncation; whether the package gives it; whether it is inside the published interval.

    ``n_used`` is the number of people whom the lists name that the assumption is about.  Unit: persons.
    """
    steps = {row[0]: row[1:] for table in found.tables if table.title == TRUNCATION for row in table.rows}
    if not steps:
        yield from (found.reason, "", "", "")
        return
    for step in STEPS:
        _, value, error, _ = steps[step]
        interval = interval_of(value, error, n_used)
        neighbours = [steps[other][1] for other in (step / 2, step * 2) if other in steps]
        given = (
            interval is not None
            and value > found.n_observed
            and all(interval.lower <= each <= interval.upper for each in neighbours)
        )
        _point, low, high = published
        marks = ["**in**"] * (low <= value <= high) + ["*no*"] * (not given)
        yield " ".join([f"{value:,.0f} ({error:,.0f})", *marks])


def markdown(rows: list[tuple[str, ...]]) -> str:
    """A table, the first column of words."""
    lines = [f"| {' | '.join(row)} |" for row in (HEADINGS, *rows)]
    return "\n".join([lines[0], "|---|" + "---:|" * (len(HEADINGS) - 1), *lines[1:]])


if __name__ == "__main__":
    main()
