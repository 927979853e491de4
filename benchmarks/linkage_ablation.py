"""What each part of the linkage buys: the same worlds linked with one thing taken away.

``python benchmarks/linkage_ablation.py FILE`` links the worlds of the ablation (fresh ones, with seeds of their own) by
every variant and appends a line of CSV for each to FILE; what is there already is not done again, and ``--shard 0/2``
shares the work.  ``--tables`` prints the Markdown.

Intervals are those of the draws alone, without the error of odds that `estimation.linkage.people` adds, so that the
variants differ in nothing else.  "All values as common" gives every value of a field the mean number of records;
"one pair at a time" is Splink's pairwise model, its links drawn independently.  For the shipped linkage N is estimated
by latent classes and by decomposable graphs, over the draws of the linkage, jointly with them, and on the true linkage.
"""

import argparse
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from linkage_gate import (
    WORLDS,
    answer_of,
    append,
    by_splink,
    cells,
    clopper_pearson,
    dense,
    r_hat,
    rows_in,
    scores,
)

from estimation.linkage.candidates import CandidateCut, candidate_pairs
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.linkage.encode import encode
from estimation.linkage.linking import LinkageSettings
from estimation.linkage.pairs import pairs_within
from estimation.linkage.sampler import PartitionPrior, sample_partitions
from estimation.linkage.value_frequencies import value_frequencies
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.linked.fit_draws import fit_draws
from estimation.models.linked.joint import fit_jointly

FIRST_SEED = 400_000
"""The seed of the first world of the ablation."""

WORLDS_OF_EACH, PEOPLE = 30, 120

_NEVER = 1e6
SHIPPED, ALIKE, PAIRWISE = "as shipped", "all values as common", "one pair at a time (Splink)"
VARIANTS = {
    SHIPPED: (PartitionPrior(), CandidateCut()),
    "without households": (PartitionPrior(with_households=False), CandidateCut()),
    ALIKE: (PartitionPrior(), CandidateCut()),
    "one quality of record": (PartitionPrior(error_means=(0.1, 0.1), bad_shares=(1.0, _NEVER)), CandidateCut()),
    "names never exchanged": (PartitionPrior(reading_shares=(1.0, _NEVER)), CandidateCut()),
    "flat prior on errors": (
        PartitionPrior(error_means=(0.5, 0.5), error_weight=2.0, list_weight=2.0, bad_shares=(1.0, _NEVER)),
        CandidateCut(),
    ),
    "informative levels of an error": (PartitionPrior(level_weight=20.0), CandidateCut()),
    "looser candidates": (PartitionPrior(), CandidateCut().looser()),
    "middling candidates": (PartitionPrior(), CandidateCut(below_log_r=1.4, best=2, floor=0.0)),
    "tight candidates": (PartitionPrior(), CandidateCut(below_log_r=-3.0, best=0)),
}
NUMBERS = {
    "n": "Latent classes over the draws",
    "joint": "Latent classes and links, one posterior",
    "true": "Latent classes on the true linkage",
    "graphs": "Decomposable graphs over the draws",
    "joint_graphs": "Decomposable graphs and links, one posterior",
}
COLUMNS = (
    *("kind", "seed", "variant", "people", "records", "point", "lower", "upper", "mean", "f1", "candidate_recall"),
    *("r_hat", "seconds"),
    *(f"{name}_{part}" for name in NUMBERS for part in ("point", "lower", "upper")),
)
MEASURED = ("people", "lower", "upper", "mean", "f1", "r_hat", "seconds")
SWEEPS = 200


def alike(records):
    """Frequencies of values, each of a field as common as the mean of those that are seen."""
    found = value_frequencies(records)
    ends = [*found.value_starts[1:], len(found.alike)]
    common = np.empty_like(found.alike)
    for begin, end in zip(found.value_starts, ends, strict=True):
        seen = found.alike[begin:end]
        common[begin:end] = seen[seen > 0].mean() if (seen > 0).any() else 0.0
    return replace(found, alike=common)


def linked(world, encoded, variant, seed):
    """Draws of a variant, and the share of true pairs that are candidates."""
    prior, cut = VARIANTS[variant]
    pairs = candidate_pairs(world.lists, encoded, cut=cut)
    with patch("estimation.linkage.partition_run.value_frequencies", alike if variant == ALIKE else value_frequencies):
        drawn = sample_partitions(encoded, pairs, rng=seed, prior=prior, sweeps=SWEEPS)
    places = tuple(RecordPlace(int(at), row) for row, at in enumerate(encoded.list_of.tolist()))
    among = {*zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)}
    true = [*zip(*map(np.ndarray.tolist, pairs_within(dense(world.persons))), strict=True)]
    return LinkageDraws(encoded.lists, places, drawn.persons), np.mean([pair in among for pair in true])


def row_of(kind, seed, variant):
    """The line of one world and variant; None where there is no answer."""
    world = WORLDS[kind](PEOPLE, rng=seed)
    began = time.process_time()
    row = {"kind": kind, "seed": seed, "variant": variant, "people": world.n_people, "records": world.n_records}
    if variant == PAIRWISE:
        try:
            clustering, people = by_splink(world, np.random.default_rng(seed))
        except ValueError as error:  # its EM leaves a level of a comparison without a probability
            print("Splink has no answer:", error)
            return None
        row |= {**dict(zip(("point", "lower", "upper"), people, strict=True)), "mean": people[0], "r_hat": 1.0}
        row |= {"f1": scores(dense(clustering), world.persons)[2], "seconds": time.process_time() - began}
        return row | {"candidate_recall": "nan"}
    draws, recall = linked(world, encode(world.lists), variant, seed)
    found = draws.people.by_model
    row |= {
        **{"point": draws.people.median, "lower": found.lower, "upper": found.upper, "mean": draws.n_people.mean()},
        **{"f1": scores(draws.point_clustering()[0], world.persons)[2], "candidate_recall": recall},
        **{"r_hat": r_hat(draws), "seconds": time.process_time() - began},
    }
    return row | numbers(world, draws, seed) if variant == SHIPPED else row


def numbers(world, draws, seed):
    """N by both models, over the draws, jointly with them and on the true linkage."""
    settings = LinkageSettings(sweeps=SWEEPS, looser=False)
    fits = {
        "n": lambda: fit_draws(LatentClass(), draws, rng=seed),
        "joint": lambda: fit_jointly(LatentClass(), world.lists, rng=seed, settings=settings).result,
        "graphs": lambda: fit_draws(DecomposableGraphs(), draws, rng=seed),
        "joint_graphs": lambda: fit_jointly(DecomposableGraphs(), world.lists, rng=seed, settings=settings).result,
        "true": lambda: LatentClass().fit(world.table, rng=seed),
    }
    found = {}
    for name, fit in fits.items():
        answer = answer_of(fit())
        if answer is not None:
            found |= dict(zip((f"{name}_{part}" for part in ("point", "lower", "upper")), answer, strict=True))
    return found


def run(path, shard, worlds, until):
    """Link what has no line yet."""
    done = {(row["kind"], int(row["seed"]), row["variant"]) for row in rows_in(path)}
    of, shards = map(int, shard.split("/"))
    for seed in range(FIRST_SEED + of, FIRST_SEED + worlds, shards):
        for kind in WORLDS:
            for variant in (*VARIANTS, PAIRWISE):
                if (kind, seed, variant) not in done and time.monotonic() < until:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        row = row_of(kind, seed, variant)
                    if row is not None:
                        append(path, row, COLUMNS)


def tables(rows):
    """The Markdown tables; every number in them is counted here."""
    lines = []
    for kind in WORLDS:
        lines += [*table_of(kind, [row for row in rows if row["kind"] == kind], (*VARIANTS, PAIRWISE)), ""]
    lines += ["| world | answer | holds N | coverage (95 % range) | too low / too high | bias, % | length, % |"]
    lines += ["|---|---|---:|---|---:|---:|---:|"]
    for kind in WORLDS:
        of = [{**row, "n_total": PEOPLE} for row in rows if row["kind"] == kind and row["variant"] == SHIPPED]
        lines += [f"| {kind} | {label} | {' | '.join(cells(of, name, 'n_total'))} |" for name, label in NUMBERS.items()]
    return "\n".join(lines) + "\n"


def table_of(kind, rows, variants):
    """The Markdown table of one kind of world, of those that every variant has linked; Splink may have no answer."""
    complete = {row["seed"] for row in rows}
    for variant in VARIANTS:
        complete &= {row["seed"] for row in rows if row["variant"] == variant}
    lines = [
        f"| {kind}, {len(complete)} worlds | coverage (95 % range) | too low / too high | bias | rmse | width | F1 "
        "| R-hat > 1.1 | s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for variant in variants:
        of = [row for row in rows if row["variant"] == variant and row["seed"] in complete]
        if not of:
            continue
        value = {key: np.array([float(row[key]) for row in of]) for key in MEASURED}
        inside = int(((value["lower"] <= value["people"]) & (value["people"] <= value["upper"])).sum())
        ends, error = clopper_pearson(inside, len(of)), value["mean"] - value["people"]
        cells = [
            f"{inside / len(of):.2f} ({ends[0]:.2f} to {ends[1]:.2f})",
            f"{int((value['upper'] < value['people']).sum())} / {int((value['lower'] > value['people']).sum())}",
            *(f"{error.mean():+.1f}", f"{np.sqrt((error**2).mean()):.1f}"),
            *(f"{(value['upper'] - value['lower']).mean():.1f}", f"{value['f1'].mean():.3f}"),
            *(f"{int((value['r_hat'] > 1.1).sum())}", f"{np.median(value['seconds']):.1f}"),
        ]
        label = variant if len(of) == len(complete) else f"{variant}, {len(of)} worlds"
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return lines


def main():
    """Link what is missing, or print the tables; without a file, say what to name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--worlds", type=int, default=WORLDS_OF_EACH)
    parser.add_argument("--shard", default="0/1")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    args = parser.parse_args(sys.argv[1:])
    if not args.files:
        print("name a file for the lines of CSV: the ablation takes an hour of CPU, and goes on where it was stopped")
    elif args.tables:
        print(tables(rows_in(*args.files)), end="")
    else:
        run(args.files[0], args.shard, args.worlds, time.monotonic() + args.seconds)


if __name__ == "__main__":
    main()
