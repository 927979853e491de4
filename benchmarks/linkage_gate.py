"""The gate of linkage: does the interval of the number of people hold, on fresh worlds with a known truth?

``python benchmarks/linkage_gate.py FILE`` draws worlds, links them and appends a line of CSV for each to FILE; what is
in FILE already is not done again, so that it may be stopped and go on.  ``--shard 0/2`` and ``--shard 1/2`` into two
files share the work; named after its own, the other's file is read too, and what is in either is not done again.
``python benchmarks/linkage_gate.py FILE [FILE ...] --tables`` prints the Markdown tables of docs/linkage.md.

Two kinds of world: A, people without families and independent errors (`name_world_independent`), close to the model; B,
families, clerks of uneven quality, names misheard by rule, people of uneven capture (`name_world_families`), unlike it.
Settings were chosen on the development seeds; the worlds of the gate had never been linked before.  Of each world:

- people by the model: posterior median and 95 % interval, as it is published and by the draws alone;
- people by the review sample: half of the records and at most 200, two simulated reviewers and a third where they
  differ, each wrong in 2 % of the records, by a record too few or too many among the candidates;
- N by latent classes (default settings) over the draws, beside the same model on the true linkage;
- one clustering at .5 and people by links drawn independently with the probabilities of Splink's pairwise model
  (Fellegi-Sunter, fitted by EM), which is the pairwise posterior that looks at one pair at a time.
"""

import argparse
import csv
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from estimation.linkage.candidates import CandidateCut, candidate_pairs
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.linkage.encode import encode
from estimation.linkage.pairs import pairs_within
from estimation.linkage.review_sample import Prediction, draw_review_sample, predicted_shares, reviewed_sample
from estimation.linkage.sampler import sample_partitions
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.linked.fit_draws import fit_draws
from estimation.results.estimates import Estimate
from estimation.simulation.name_world_families import world_of_families
from estimation.simulation.name_world_independent import world_of_independent_errors

WORLDS = {"A": world_of_independent_errors, "B": world_of_families}
GATE = {120: 82, 600: 16, 3000: 2}
"""Fresh worlds of each kind by N: 200 in all."""

GATE_SEED = {120: 110_000, 600: 210_000, 3000: 310_000}
"""The seed of the first fresh world of each size; the next ones follow."""

DEVELOPMENT_SEED = {120: 1, 600: 201, 3000: 301}
"""The seed of the first development world of each size: settings may be chosen on these, and on no other."""

SHARE_REVIEWED, MOST_REVIEWED, WRONG = 0.5, 200, 0.02
ANSWERS = ("model", "draws", "review", "n", "n_true_linkage", "pairwise")
COLUMNS = (
    *("kind", "n_total", "seed", "people", "records", "pairs", "candidate_recall"),
    *(f"{name}_{part}" for name in ANSWERS for part in ("point", "lower", "upper", "seconds")),
    *("f1", "precision", "recall", "r_hat"),
    *("splink_people", "splink_f1", "review_size", "review_precision", "review_recall", "review_error"),
)


def r_hat(draws):
    """Split R-hat of the number of people (Gelman and others 2013, section 11.4)."""
    chains = draws.n_people.reshape(draws.shape).astype(float)
    half = chains.shape[1] // 2
    parts = np.concatenate([chains[:, :half], chains[:, half : 2 * half]])
    within, between = parts.var(axis=1, ddof=1).mean(), half * parts.mean(axis=1).var(ddof=1)
    return float("inf") if within == 0 < between else np.sqrt(((half - 1) + between / max(within, 1e-12)) / half)


def scores(persons, truth):
    """Precision, recall and F1 of the links of a clustering."""
    linked, true = ({*zip(*map(np.ndarray.tolist, pairs_within(one)), strict=True)} for one in (persons, truth))
    both = len(linked & true)
    return both / max(len(linked), 1), both / max(len(true), 1), 2 * both / max(len(linked) + len(true), 1)


def dense(persons):
    """Persons as 0, 1, ..."""
    return np.unique(persons, return_inverse=True)[1].astype(np.int32)


def reads(found, candidates, rng):
    """What a reviewer finds where the truth is `found`: now and then a record too few or too many."""
    others = [each for each in candidates if each not in found]
    if rng.random() >= WRONG or not (found or others):
        return found
    if found and (not others or rng.random() < 0.5):
        return found - {sorted(found)[int(rng.integers(len(found)))]}
    return found | {others[int(rng.integers(len(others)))]}


def review(world, draws, pairs, rng):
    """The review sample's answer, by simulated reviewers who look among the candidates."""
    partition, _ = draws.point_clustering()
    size = min(MOST_REVIEWED, int(SHARE_REVIEWED * world.n_records))
    sample = draw_review_sample(pairs, world.n_records, size=size, rng=rng, together=partition)
    true = [
        frozenset(each for each in candidates if world.persons[each] == world.persons[record])
        for record, candidates in zip(sample.records, sample.candidates, strict=True)
    ]
    one, two, three = (
        [reads(found, among, rng) for found, among in zip(true, sample.candidates, strict=True)] for _ in range(3)
    )
    decided = [None if a == b else c for a, b, c in zip(one, two, three, strict=True)]
    prediction = Prediction(partition.astype(np.int64), predicted_shares(draws))
    return reviewed_sample(sample, prediction, one, two, decided=decided)


def in_splink(world):
    """The records as Splink takes them: a row each, dates as years and days."""
    import pandas as pd

    def day(days):
        return days.first if days is not None and days.n_days == 1 else None

    rows = []
    for number, record in enumerate(record for each in world.lists for record in each.linkable):
        name, born, event = record.names[0], day(record.birth), day(record.event)
        rows.append(
            {
                "unique_id": number,
                "given": name.given or None,
                "father": name.father or None,
                "family": name.family or None,
                "birth_year": str(record.birth.first.year) if record.birth else None,
                "birth_day": f"{born:%m-%d}" if born else None,
                "event": event.isoformat() if event else None,
                "place": record.places[0] if record.places else None,
            }
        )
    table = pd.DataFrame(rows)
    return table[[column for column in table if table[column].notna().any()]]


def by_splink(world, rng, draws=500):
    """Splink's clustering at .5, and people by links drawn one by one with its match probabilities."""
    import duckdb
    import splink.comparison_library as compare
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    table = in_splink(world)
    forms = {"given": compare.NameComparison, "father": compare.NameComparison, "family": compare.NameComparison}
    comparisons = [
        forms[name](name)
        if name in forms
        else compare.ExactMatch(name)
        if name == "place"
        else compare.LevenshteinAtThresholds(name, [1])
        for name in table.columns[1:]
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(name) for name in ("given", "family", "birth_year")],
    )
    with duckdb.connect() as connection:
        linker = Linker(DuckDBAPI(connection).register(table), settings, log_level=None)
        training = linker.training
        training.estimate_probability_two_random_records_match([block_on("given", "family")], recall=0.6)
        training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for name in ("given", "birth_year"):
            training.estimate_parameters_using_expectation_maximisation(block_on(name))
        predicted = linker.inference.predict(threshold_match_probability=0.01)
        columns = "unique_id_l, unique_id_r, match_probability"
        pairs = connection.sql(f"select {columns} from {predicted.physical_name}").fetchnumpy()
    first, second, probability = (pairs[name] for name in columns.split(", "))

    def joined(chosen):
        edges = coo_array((np.ones(chosen.sum()), (first[chosen], second[chosen])), shape=(len(table),) * 2)
        return connected_components(edges, directed=False)[1]

    people = [joined(rng.random(len(first)) < probability).max() + 1 for _ in range(draws)]
    return joined(probability >= 0.5), np.quantile(people, [0.5, 0.025, 0.975], method="inverted_cdf")


def answer_of(result):
    """Median and ends of the interval of an estimate, or nothing."""
    if not isinstance(result, Estimate):
        return None
    interval = result.interval()
    return result.median, interval.lower, interval.upper


def linked(encoded, pairs, seed, sweeps):
    """Draws as `mse link` makes them."""
    drawn = sample_partitions(encoded, pairs, rng=seed, sweeps=sweeps)
    places = tuple(RecordPlace(at, row) for row, at in enumerate(encoded.list_of.tolist()))
    return LinkageDraws(encoded.lists, places, drawn.persons)


def row_of(kind, n_total, seed, *, sweeps):
    """The line of one world."""
    world, rng = WORLDS[kind](n_total, rng=seed), np.random.default_rng([seed, 1])
    encoded = encode(world.lists)
    pairs = candidate_pairs(world.lists, encoded)
    loose = candidate_pairs(world.lists, encoded, cut=CandidateCut().looser())
    among = {*zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)}
    true = [*zip(*map(np.ndarray.tolist, pairs_within(dense(world.persons))), strict=True)]
    row = {"kind": kind, "n_total": n_total, "seed": seed, "people": world.n_people, "records": world.n_records}
    row |= {"pairs": len(among), "candidate_recall": np.mean([pair in among for pair in true])}

    def noted(name, began, answer):
        if answer is not None:
            row.update(zip((f"{name}_{part}" for part in ("point", "lower", "upper")), answer, strict=True))
        row[f"{name}_seconds"] = time.process_time() - began

    began = time.process_time()
    draws = linked(encoded, pairs, seed, sweeps)
    people = draws.people
    noted("model", began, (people.median, people.lower, people.upper))
    noted("draws", began, (people.median, people.by_model.lower, people.by_model.upper))
    row |= dict(zip(("precision", "recall", "f1"), scores(draws.point_clustering()[0], world.persons), strict=True))
    row["r_hat"] = r_hat(draws)
    began = time.process_time()
    found = review(world, draws, loose, rng)
    noted("review", began, (found.n_people, found.interval.lower, found.interval.upper))
    row |= {"review_size": found.n_drawn, "review_error": found.reviewer_error.value}
    row |= {"review_precision": found.precision.value, "review_recall": found.recall.value}
    began = time.process_time()
    try:
        clustering, people = by_splink(world, rng)
    except ValueError as error:  # its EM leaves a level of a comparison without a probability
        print("Splink has no answer:", error)
    else:
        noted("pairwise", began, people)
        row |= {"splink_people": clustering.max() + 1, "splink_f1": scores(dense(clustering), world.persons)[2]}
    for name, fit in (
        ("n_true_linkage", lambda: LatentClass().fit(world.table, rng=seed)),
        ("n", lambda: fit_draws(LatentClass(), draws, rng=seed)),
    ):
        began = time.process_time()
        noted(name, began, answer_of(fit()))
    return row


def rows_in(*paths):
    """The lines of files of CSV; none of one that is not there yet."""
    rows = []
    for path in paths:
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows += csv.DictReader(file)
    return rows


def append(path, row, columns):
    """A line more in a file of CSV, which begins with the names of its columns."""
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        if new:
            writer.writeheader()
        writer.writerow(row)


def planned(args):
    """The worlds of a run, sizes and kinds mixed, so that a run that is stopped has some of each."""
    first = GATE_SEED if args.seeds == "gate" else DEVELOPMENT_SEED
    worlds = []
    for n_total in args.people:
        count = args.worlds if args.worlds is not None else GATE[n_total]
        for at in range(count):
            worlds += [((at + 0.5) / count, kind, n_total, first[n_total] + at) for kind in args.kinds]
    of, shards = map(int, args.shard.split("/"))
    return [world[1:] for world in sorted(worlds)][of::shards]


def run(args):
    """Draw, link and score what has no line yet."""
    path, until = args.files[0], time.monotonic() + args.seconds
    done = {(row["kind"], int(row["n_total"]), int(row["seed"])) for row in rows_in(*args.files)}
    path.parent.mkdir(parents=True, exist_ok=True)
    for kind, n_total, seed in planned(args):
        if (kind, n_total, seed) in done or time.monotonic() > until:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            row = row_of(kind, n_total, seed, sweeps=args.sweeps)
        append(path, row, COLUMNS)
        inside = row["model_lower"] <= row["people"] <= row["model_upper"]
        print(
            kind, n_total, seed, "held" if inside else "MISSED", row["people"], row["model_lower"], row["model_upper"]
        )


def clopper_pearson(count, size):
    """The 95 % confidence range of a share."""
    from scipy.stats import beta

    lower = beta.ppf(0.025, count, size - count + 1) if count else 0.0
    return lower, beta.ppf(0.975, count + 1, size - count) if count < size else 1.0


def cells(rows, name, truth):
    """Coverage with its range, misses to both sides, bias and length, as they are read."""
    given = [row for row in rows if row[f"{name}_lower"] not in ("", None)]
    if not given:
        return ["", "", "", "", ""]
    lower, upper, point = (
        np.array([float(row[f"{name}_{part}"]) for row in given]) for part in ("lower", "upper", "point")
    )
    true = np.array([float(row[truth]) for row in given])
    inside = int(((lower <= true) & (true <= upper)).sum())
    ends = clopper_pearson(inside, len(given))
    return [
        f"{inside} of {len(given)}",
        f"{inside / len(given):.2f} ({ends[0]:.2f} to {ends[1]:.2f})",
        f"{int((upper < true).sum())} / {int((lower > true).sum())}",
        f"{100 * np.mean(point / true - 1):+.1f}",
        f"{100 * np.mean((upper - lower) / true):.1f}",
    ]


PEOPLE = {
    "model": "The model",
    "draws": "Its draws alone",
    "review": "The review sample (2 % wrong)",
    "pairwise": "A pairwise model (Splink's probabilities)",
}
NUMBERS = {"n": "Latent classes over the draws", "n_true_linkage": "Latent classes on the true linkage"}


def tables(rows):
    """The Markdown tables of docs/linkage.md; every number in them is counted here."""
    heading = "| world | N | answer | holds | coverage (95 % range) | too low / too high | bias, % | length, % |"
    lines = ["**People on the lists**", "", heading, "|---|---:|---|---:|---|---:|---:|---:|"]
    groups = sorted({(row["kind"], int(row["n_total"])) for row in rows})
    of = {group: [row for row in rows if (row["kind"], int(row["n_total"])) == group] for group in groups}
    for group in groups:
        for name, label in PEOPLE.items():
            lines.append(f"| {group[0]} | {group[1]:,} | {label} | {' | '.join(cells(of[group], name, 'people'))} |")
        answered = [row for row in of[group] if row["splink_people"] != ""]
        exact = sum(int(row["splink_people"]) == int(row["people"]) for row in answered)
        off = np.mean([int(row["splink_people"]) / int(row["people"]) - 1 for row in answered])
        lines.append(
            f"| {group[0]} | {group[1]:,} | One clustering (Splink at .5) | {exact} of {len(answered)} | | | "
            f"{100 * off:+.1f} | 0 |"
        )
    lines += ["", "**N**", "", heading, "|---|---:|---|---:|---|---:|---:|---:|"]
    for group in groups:
        for name, label in NUMBERS.items():
            lines.append(f"| {group[0]} | {group[1]:,} | {label} | {' | '.join(cells(of[group], name, 'n_total'))} |")
    lines += [
        *("", "**Links and cost**", ""),
        "| world | N | records | candidate recall | F1 | F1, Splink | R-hat > 1.1 | CPU seconds: linkage, N |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for group in groups:
        mean = {
            key: np.mean([float(row[key]) for row in of[group] if row[key] != ""])
            for key in ("records", "candidate_recall", "f1", "splink_f1", "model_seconds", "n_seconds")
        }
        apart = sum(float(row["r_hat"]) > 1.1 for row in of[group])
        found = [f"{mean['records']:,.0f}", *(f"{mean[key]:.3f}" for key in ("candidate_recall", "f1", "splink_f1"))]
        seconds = f"{mean['model_seconds']:.1f}, {mean['n_seconds']:.1f}"
        lines.append(f"| {group[0]} | {group[1]:,} | {' | '.join([*found, f'{apart} of {len(of[group])}', seconds])} |")
    return "\n".join(lines) + "\n"


def main():
    """Run what is missing, or print the tables of what was run; without a file, say what to name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--seeds", choices=["gate", "development"], default="gate")
    parser.add_argument("--kinds", nargs="+", choices=list(WORLDS), default=list(WORLDS))
    parser.add_argument("--people", nargs="+", type=int, choices=list(GATE), default=list(GATE))
    parser.add_argument("--worlds", type=int)
    parser.add_argument("--shard", default="0/1")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--sweeps", type=int, default=200)
    args = parser.parse_args(sys.argv[1:])
    if not args.files:
        print("name a file for the lines of CSV: the gate takes hours of CPU, and goes on where it was stopped")
    elif args.tables:
        print(tables(rows_in(*args.files)), end="")
    else:
        run(args)


if __name__ == "__main__":
    main()
