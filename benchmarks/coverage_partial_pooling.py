"""Coverage of partial pooling on 40 sparse strata beside separate fits: makes docs/coverage-partial-pooling.md.

``python benchmarks/coverage_partial_pooling.py FOLDER [TABLES]`` fits so many tables of each scenario, each once:
what is in FOLDER already is not done again, so that it may be stopped and go on.  It then writes the page.  Some 5 CPU
seconds a table.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from estimation.capture.stratified import StratifiedTable
from estimation.models.log_linear.one_model import LogLinear
from estimation.results.estimates import Estimate
from estimation.strata.by_stratum import estimate_by
from estimation.strata.partial_pooling.log_linear import HierarchicalLogLinear
from estimation.strata.partial_pooling.shared_classes import SharedLatentClasses
from estimation.strata.partial_pooling.shrinkage import separate_fits

PAGE = Path(__file__).parent.parent / "docs" / "coverage-partial-pooling.md"
TABLES, FAILING = 100, 6
"""Tables of each scenario, and of those where a model must fail, which few tables show."""

LISTS = ["A", "B", "C", "D"]
STRATA, PEOPLE = 40, 50
CENTRE = np.array([-1.0, -1.3, -1.6, -1.9])
HISTORIES = ((np.arange(16)[:, None] >> np.arange(4)) & 1).astype(bool)
POOLED = HierarchicalLogLinear()
SHARED = SharedLatentClasses(classes=3, max_sweeps=128_000)
ALL_PAIRS = "[A B][A C][A D][B C][B D][C D]"


def log_linear(rng, *, spread, pair, places=STRATA, people=PEOPLE):
    """Histories of the people of each place: lists' log odds vary over places, A and B may depend on each other."""
    rows = []
    for _ in range(places):
        beta = CENTRE + rng.normal(0, spread, 4)
        log_mu = HISTORIES @ beta + (pair + rng.normal(0, spread / 2)) * HISTORIES[:, 0] * HISTORIES[:, 1] * (pair > 0)
        p = np.exp(log_mu - np.logaddexp.reduce(log_mu))
        rows.append(np.repeat(HISTORIES, rng.multinomial(people, p), axis=0))
    return rows


def varying(rng):
    """Lists independent within a place; their log odds vary over places by .5 (standard deviation)."""
    return log_linear(rng, spread=0.5, pair=0.0), None


def dependent(rng):
    """The same, and A and B depend on each other (log odds ratio 1, varying by .25)."""
    return log_linear(rng, spread=0.5, pair=1.0), None


def uncovered(rng):
    """As the first; D could not have seen half of the places, and neither B, C nor D five of them."""
    rows = log_linear(rng, spread=0.5, pair=0.0)
    covers = {"D": range(20), "B": range(35), "C": range(35)}
    for name, seen in covers.items():
        for place in range(STRATA):
            if place not in seen:
                rows[place] = rows[place] & ~np.array([each == name for each in LISTS])
    return rows, {name: {"place": [f"{place:02}" for place in seen]} for name, seen in covers.items()}


def unreachable(rng):
    """As the first, and a quarter of the people have zero capture probability on all lists: every model must fail."""
    rows, _ = varying(rng)
    return [each & (rng.random((len(each), 1)) > 0.25) for each in rows], None


def classes(rng):
    """5 places of 200 people, of two hidden classes captured alike everywhere, in shares that vary."""
    captures = np.array([[0.5, 0.45, 0.4, 0.4], [0.12, 0.1, 0.15, 0.1]])
    rows = []
    for _ in range(5):
        chosen = captures[(rng.random(200) < rng.beta(3, 3)).astype(int)]
        rows.append(rng.random(chosen.shape) < chosen)
    return rows, None


SCENARIOS: dict[str, tuple[str, Callable]] = {
    "varying": ("Lists' probabilities vary", varying),
    "dependent": ("Two lists depend", dependent),
    "uncovered": ("Lists missing in places", uncovered),
    "unreachable": ("Zero capture probability for a quarter", unreachable),
    "classes": ("Two hidden classes", classes),
}
METHODS = {
    "alone": "Each place alone, all pairs, maximum likelihood",
    "alone independent": "Each place alone, independent lists, maximum likelihood",
    "merged": "All people in one table, all pairs, maximum likelihood",
    "pooled": "Hierarchical log-linear over places",
    "shared": "Latent classes shared by places",
}


def table_of(rows, covers):
    """The table of those who are on a list, and how many people each place has."""
    seen = [each[each.any(axis=1)] for each in rows]
    places = [f"{place:02}" for place, each in enumerate(seen) for _ in range(len(each))]
    table = StratifiedTable(
        LISTS, np.concatenate(seen), {"place": places}, np.ones(len(places), dtype=int), covers=covers
    )
    return table, {(f"{place:02}",): len(each) for place, each in enumerate(rows)}


def row(result, truth):
    """Lower and upper end and the point of one answer, and N; None where there is no number."""
    if not isinstance(result, Estimate):
        return None
    interval = result.interval()
    return [interval.lower, interval.upper, result.median, truth]


def independent_total(results, truth):
    """The total of separate classical answers, by adding variances; None where one is missing."""
    from estimation.strata.totals import total

    return row(total(results, ["place"], rng=1), truth)


def answers_of(name, seed):
    """By method, a row for each stratum and for the total, and CPU seconds."""
    rng = np.random.default_rng([7, list(SCENARIOS).index(name), seed])
    table, truth = table_of(*SCENARIOS[name][1](rng))
    strata, whole, found = table.by(["place"], least=0), sum(truth.values()), {}
    for method, pairs in (("alone", True), ("alone independent", False)):
        results = dict(zip(strata.tables, separate_fits(strata, pairs=pairs, rng=rng), strict=True))
        rows = [row(result, truth[stratum]) for stratum, result in results.items()]
        found[method] = {"strata": rows, "total": independent_total(results, whole)}
    found["merged"] = {
        "strata": [],
        "total": row(LogLinear(ALL_PAIRS, fit_check=False).fit(table.margin(), rng=1), whole),
    }
    models = {"pooled": POOLED} | ({"shared": SHARED} if name == "classes" else {})
    for method, model in models.items():
        began = time.process_time()
        given = estimate_by(table, ["place"], model, rng=seed)
        rows = [row(result, truth[stratum]) for stratum, result in given.results.items()]
        seconds = time.process_time() - began
        found[method] = {"strata": rows, "total": row(given.total, whole), "seconds": seconds}
    return found


def scored(answers):
    """Coverage of those with a number and its error, median length and bias over N, and the share without a number."""
    given = np.array([each for each in answers if each is not None], dtype=float).reshape(-1, 4)
    without = 1 - len(given) / max(len(answers), 1)
    if not len(given):
        return None, None, None, None, without
    lower, upper, point, truth = given.T
    inside = ((lower <= truth) & (truth <= upper)).mean()
    return inside, len(given), np.median((upper - lower) / truth), np.median(point / truth - 1), without


def cells(answers, *, by_table):
    """Coverage, length, bias and the share without a number, as they are read."""
    inside, many, length, bias, without = scored(answers)
    if inside is None:
        return ["no number", "", "", f"{without:.0%}"]
    shrunk = (inside * many + 2) / (many + 4)  # Agresti, Coull (1998)
    error = f" ± {100 * np.sqrt(shrunk * (1 - shrunk) / (many + 4)):.0f}" if by_table else ""
    longest = "no upper limit" if not np.isfinite(length) else f"{100 * length:.0f}"
    return [f"{100 * inside:.1f}{error}", longest, f"{100 * bias:+.0f}", f"{without:.0%}"]


def page(made):
    """The page as Markdown; every number on it is counted here."""
    parts = [
        "# Simulation study: partial pooling over strata",
        "**SYNTHETIC data.** Tables of invented people whose number in every place is known. Except for hidden classes "
        f"there are {STRATA} places of {PEOPLE} people each and four lists; some 30 people of a place are on a list. "
        "Each table is drawn anew, and all methods are fitted to the same tables. A 95 % interval should contain the "
        "number in 95 of 100.",
        "Made by `python benchmarks/coverage_partial_pooling.py FOLDER`; the program writes every number on this page. "
        "*Coverage*: per cent of the intervals that contain the number, of those answers that have one (± Monte Carlo "
        "standard error over tables, by Agresti, Coull 1998). *Length*: median of (upper - lower) / N, in per "
        "cent. *Bias*: median of (estimate - N) / N, in per cent. *Without*: answers without a number. "
        "Intervals of places in one table depend on each other, so that the error of their coverage is not given.",
    ]
    for name, (title, draw) in SCENARIOS.items():
        done = made[name]
        parts.append(f"## {title}")
        parts.append(f"{draw.__doc__.strip()} {len(done)} tables.")
        lines = [
            "| | places: coverage | length | bias | without | total: coverage | length | bias | without |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for method, label in METHODS.items():
            own = [each[method] for each in done if method in each]
            if not own:
                continue
            of_places = [answer for each in own for answer in each["strata"]]
            places = cells(of_places, by_table=False) if of_places else ["", "", "", ""]
            lines.append(f"| {' | '.join([label, *places, *cells([each['total'] for each in own], by_table=True)])} |")
        parts.append("\n".join(lines))
        parts += remarks(name, done)
    settings = f"Settings: `{POOLED!r}`; `{SHARED!r}`."
    seconds = [each["pooled"]["seconds"] for name in list(SCENARIOS)[:4] for each in made[name]]
    parts.append("## Settings and cost")
    parts.append(f"{settings} A fit of {STRATA} places took {np.median(seconds):.1f} CPU seconds (median).")
    return "\n\n".join(parts) + "\n"


def remarks(name, done):
    """What a table shows, with its numbers."""
    of_pooled, of_alone = (
        scored([answer for each in done for answer in each[method]["strata"]]) for method in ("pooled", "alone")
    )
    total = scored([each["pooled"]["total"] for each in done])
    failed = (
        f"the total of the hierarchical log-linear model is {abs(100 * total[3]):.0f} % too low (median), and "
        f"{100 * total[0]:.0f} % of its intervals contain N."
    )
    if name == "unreachable":
        return [f"**This must fail.** Nothing in a table tells of people whom no list could reach: {failed}"]
    if name == "classes":
        return [
            f"**The log-linear model must fail.** It takes the people of a place as alike, and they are not: {failed}"
        ]
    totals = scored([each["alone"]["total"] for each in done])
    return [
        f"Fitted alone with all pairs, {of_alone[4]:.0%} of the places have no number, so that {totals[4]:.0%} of the "
        f"tables have no total; where there is a number, its interval is typically {of_alone[2]:.1f} times as long as "
        f"N. Pooled, {of_pooled[4]:.0%} have no number, and an interval is typically {of_pooled[2]:.1f} times as long "
        "as N."
    ]


def main():
    """Fit what is missing, then write the page; without a folder, say what to name."""
    if len(sys.argv) < 2:
        print("name a folder for what is fitted: it takes some half hour of CPU, and goes on where it was stopped")
        return
    folder, tables = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else TABLES
    folder.mkdir(parents=True, exist_ok=True)
    made = {name: [] for name in SCENARIOS}
    for seed in range(tables):
        for name in SCENARIOS:
            if name in ("unreachable", "classes") and seed >= FAILING:
                continue
            path = folder / f"{name}-{seed}.json"
            if not path.exists():
                half = path.with_suffix(".half")
                half.write_text(json.dumps(answers_of(name, seed)))
                half.rename(path)
                print(path, flush=True)
            made[name].append(json.loads(path.read_text()))
    PAGE.write_text(page(made), encoding="utf-8")


if __name__ == "__main__":
    main()
