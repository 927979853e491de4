"""Which fields of a record are wrong together: two qualities of record against a table over all sets of fields.

``python benchmarks/linkage_error_sets.py FILE`` links simulated worlds by both and appends a line of CSV for each to
FILE; what is there already is not done again.  ``--five-lists DIR`` links the two public files in DIR as well (folders
as in `linkage_published.py`).  ``--tables`` prints the Markdown.

Likelihood
----------
As in `estimation.linkage.sampler`, without households and readings: S_r is the set of fields in which record r of list
k is wrong, p_k(S) its probability, and a cluster C has, relative to its records being alone,

    L(C) = sum over true values y_1 ... y_F of prod_f v_f(y_f) prod_{r in C} p_k(S_r),

y_f over the values that records of C show and one term for all others; v_f(y) the product of the ratios 1 / b and q / U
of that docstring, without errors; S_r follows from y.  A field that fewer than two records of C have says nothing and
is summed out of p_k.  S and y are summed out of every move of a record, and drawn once a sweep for the draw of p_k.

Prior
-----
*qualities*: p_k(S) = sum_z P(z) prod_f e_kfz or 1 - e_kfz, with the priors that ship.  *table*: p_k ~ Dirichlet(20 p),
p ~ Dirichlet(20 p_0), p_0 independent errors of probability .087, the mean that the priors of the qualities give.  The
weights are those of the qualities: a mean over lists weighs 20 records.  Everything else is the same code.

What identifies p_k
-------------------
Records that agree in enough fields to be linked, by the fields in which they then differ.  Records that are alone say
nothing, so that where lists hardly overlap p_k is its prior.

Intervals
---------
The .025 and .975 quantiles of the draws alone, so that nothing but the law of errors is compared: what
`estimation.linkage.people` adds to an interval is left out.

Worlds
------
A: independent errors (`name_world_independent`).  "one wrong", "three wrong": the people and lists of A without missing
values, exactly one or three of the five fields of every record wrong, so that errors exclude each other.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from error_sets.likelihood import new_memory
from error_sets.moves import run_sweeps
from linkage_ablation import table_of
from linkage_gate import append, dense, r_hat, rows_in, scores
from linkage_published import FIVE_LISTS, five_lists, lists_of

from estimation.linkage.candidates import candidate_pairs
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.linkage.encode import encode
from estimation.linkage.pairs import pairs_within
from estimation.linkage.partition_chain import coded_records, new_output, new_partition, numbered
from estimation.linkage.partition_constraints import linked_start
from estimation.linkage.partition_rates import PartitionPrior, draw_rates, first_rates
from estimation.linkage.supported_readings import kinds_of_readings, with_readings
from estimation.linkage.value_frequencies import value_frequencies
from estimation.simulation.invented_names import PLACES
from estimation.simulation.name_world import NameWorld, WrittenRecord, days_of_year, name_list_of
from estimation.simulation.name_world_independent import misspelt, world_of_independent_errors

FIRST_SEED, N_TOTAL, CHAINS = 500_000, 120, 2
SWEEPS, DROPPED = 200, 70
LONG, LONG_DROPPED = 500, 250
"""Of worlds with three wrong fields, where p_k takes long to leave its start."""
COLUMNS = (
    *("kind", "seed", "variant", "people", "records", "point", "lower", "upper", "mean", "f1", "candidate_recall"),
    *("r_hat", "seconds"),
)
WEIGHT, MEAN_ERROR = 20.0, (6 * 0.06 + 0.25) / 7
SIZES = (0.60, 0.25, 0.15)
"""How often an error of a world is a small one, a larger one, and the value of another person."""


class Qualities:
    """p_k(S) by two qualities of record, as it ships: errors and shares of bad records are drawn with all rates."""

    def __init__(self, sets, n_lists):
        self.sets = sets

    def law(self, rates):
        """(J, 2^F) p_k(S) under the rates of a sweep."""
        errors = rates.errors[:, None]  # (J, 1, F, 2)
        by_quality = np.where(self.sets[None, :, :, None], errors, 1 - errors).prod(axis=2)
        return (1 - rates.bad[:, None]) * by_quality[..., 0] + rates.bad[:, None] * by_quality[..., 1]

    def draw(self, list_of, wrong, rng):
        """Nothing: `draw_rates` has drawn what the law is made of."""


class Table:
    """p_k(S) by a table with a Dirichlet prior around the table of all lists, whose prior is independent errors."""

    def __init__(self, sets, n_lists):
        self.sets = sets
        self.base = np.where(sets, MEAN_ERROR, 1 - MEAN_ERROR).prod(axis=1)
        self.pooled, self.of_lists = self.base, np.tile(self.base, (n_lists, 1))

    def law(self, rates):
        """(J, 2^F) p_k(S)."""
        return self.of_lists

    def draw(self, list_of, wrong, rng):
        """Draw the sets of records of which some field is known, then p with p_k summed out, then p_k."""
        counts = np.zeros(self.of_lists.shape, dtype=np.int64)
        known = (wrong >= 0).any(axis=1)
        rows, times = np.unique(np.column_stack([list_of, wrong])[known], axis=0, return_counts=True)
        for (k, *seen), n in zip(rows, times, strict=True):
            fits = np.where((self.sets == seen) | (np.array(seen) < 0), 1.0, 0.0).all(axis=1) * self.of_lists[k]
            counts[k] += rng.multinomial(n, fits / fits.sum())
        weights = WEIGHT * self.pooled
        tables = np.zeros(len(weights))
        for k, s in np.argwhere(counts > 0):
            tables[s] += (rng.random(counts[k, s]) < weights[s] / (weights[s] + np.arange(counts[k, s]))).sum()
        self.pooled = self._positive(rng.dirichlet(WEIGHT * self.base + tables))
        self.of_lists = np.array([self._positive(rng.dirichlet(WEIGHT * self.pooled + own)) for own in counts])

    @staticmethod
    def _positive(shares):
        shares = np.maximum(shares, 1e-12)
        return shares / shares.sum()


VARIANTS = {"qualities": Qualities, "table": Table}


class Chain:
    """A chain over partitions of the records as they are written, and over parameters, by one law of errors."""

    def __init__(self, encoded, pairs, persons, variant, rng):
        self.prior, self.rng = PartitionPrior(with_households=False), rng
        self.could_be = kinds_of_readings(encoded)
        as_written = np.zeros(len(encoded.codes), dtype=np.bool_)
        as_written[encoded.reading_starts[:-1]] = True
        self.records, self.values = with_readings(encoded, as_written), value_frequencies(encoded)
        units = [[record] for record in range(encoded.n_records)]
        self.coded = coded_records(self.records, self.values, pairs, units, [], with_households=False)
        self.rates = first_rates(self.records, self.values, self.prior)
        self.state = new_partition(self.coded, persons, rng, self.rates)
        self.output, self.memory = new_output(self.coded), new_memory(self.coded)
        self.order = np.arange(encoded.n_records)
        n_fields = len(encoded.fields)
        sets = (np.arange(2**n_fields)[:, None] >> np.arange(n_fields)) & 1
        digits = np.arange(3**n_fields)[:, None] // 3 ** np.arange(n_fields) % 3
        self.fits = ((digits[None] == 2) | (digits[None] == sets[:, None])).all(axis=2).astype(float)
        self.law = VARIANTS[variant](sets == 1, len(encoded.lists))

    def sweep(self, n_sweeps=1, visited=None):
        """Sweeps under the same parameters; fills the rows of `visited` with the persons after each."""
        visited = np.empty((0, len(self.order)), dtype=np.int64) if visited is None else visited
        self.memory.table[:] = self.law.law(self.rates) @ self.fits
        self.output.wrong[:] = -1
        for counts in (self.output.near_counts, self.output.level_counts, self.output.linked):
            counts[:] = 0.0
        run_sweeps(
            n_sweeps, visited, self.order, self.coded, self.rates, self.state, self.memory, self.output, self.rng
        )

    def draw_parameters(self):
        """The parameters given the partition and who errs where."""
        self.rates = draw_rates(
            self.rates,
            self.records,
            self.values,
            self.prior,
            self.coded,
            self.state,
            self.output,
            self.could_be,
            self.rng,
        )
        self.law.draw(self.coded.list_of, self.output.wrong, self.rng)


def linked(lists, variant, seed, sweeps, dropped):
    """Draws by a law of errors, from opposite starts, and the candidate pairs."""
    encoded = encode(lists)
    pairs = candidate_pairs(lists, encoded)
    alone = np.arange(encoded.n_records)
    together = linked_start(encoded, pairs, [[record] for record in alone], [], least_weight=6.0, largest=8)
    persons = np.empty((CHAINS, sweeps - dropped, encoded.n_records), dtype=np.int32)
    for number, rng in enumerate(np.random.default_rng(seed).spawn(CHAINS)):
        chain = Chain(encoded, pairs, together if number % 2 else alone, variant, rng)
        for sweep in range(sweeps):
            chain.sweep()
            chain.draw_parameters()
            if sweep >= dropped:
                persons[number, sweep - dropped] = numbered(chain.state.person_of)
    places = tuple(RecordPlace(int(at), row) for row, at in enumerate(encoded.list_of.tolist()))
    return LinkageDraws(encoded.lists, places, persons), pairs


def world_of_excluding_errors(n_wrong, n_total, *, rng):
    """The people and lists of world A, with exactly so many of the five fields of each record wrong, none missing."""
    generator = np.random.default_rng(rng)
    people = world_of_independent_errors(n_total, rng=generator).people
    lists, persons = [], []
    for name in ("one", "two", "three"):
        capture, twice = generator.uniform(0.25, 0.65), generator.uniform(0, 0.06)
        written = []
        for person in people:
            times = int(generator.random() < capture)
            times += times * int(generator.random() < twice)
            written += [spoilt(person, n_wrong, people, generator) for _ in range(times)]
        order = generator.permutation(len(written))
        lists.append(name_list_of(name, [written[at] for at in order]))
        persons += [written[at].person for at in order]
    return NameWorld(tuple(lists), np.array(persons, dtype=np.int64), tuple(people))


def spoilt(person, n_wrong, people, rng):
    """A record of a person with so many wrong fields."""
    born, family, given = person.birth.first, person.family, person.given
    year, day, place = born.year, born.timetuple().tm_yday - 1, person.place
    for field in rng.choice(5, n_wrong, replace=False):
        size = int(rng.choice(3, p=SIZES)) + 1
        if field == 0:
            given = another(given, [each.given for each in people], rng) if size == 3 else misspelt(given, size, rng)
        elif field == 1:
            family = (
                another(family, [each.family for each in people], rng) if size == 3 else misspelt(family, size, rng)
            )
        elif field == 2:
            apart = [-1, 1] if size == 1 else [-10, -3, -2, 2, 3, 10]
            year = another(year, range(1938, 1971), rng) if size == 3 else year + int(rng.choice(apart))
        elif field == 3:
            apart = [-2, -1, 1, 2] if size == 1 else [-40, -30, -20, 20, 30, 40]
            day = another(day, range(365), rng) if size == 3 else (day + int(rng.choice(apart))) % 365
        else:
            place = another(place, [each.latin[0] for each in PLACES], rng)
    return WrittenRecord(person.person, given=given, family=family, birth=days_of_year(year, day), place=place)


def another(value, values, rng):
    """One of some values that is not this one."""
    others = [each for each in values if each != value]
    return others[int(rng.integers(len(others)))]


WORLDS = {
    "A": world_of_independent_errors,
    "one wrong": lambda n_total, rng: world_of_excluding_errors(1, n_total, rng=rng),
    "three wrong": lambda n_total, rng: world_of_excluding_errors(3, n_total, rng=rng),
}
WORLDS_OF = {"A": 20, "one wrong": 20, "three wrong": 8}


def made(kind, seed, folder):
    """The lists of a world or of a public file, and the person of each record."""
    if kind in WORLDS:
        world = WORLDS[kind](N_TOTAL, rng=seed)
        return world.lists, world.persons
    rows = list(five_lists(folder / kind))
    return lists_of(rows), dense(np.array([row["person"] for row in rows if row["given"] or row["family"]]))


def row_of(kind, seed, variant, folder=None, longer=1):
    """The line of one world and variant."""
    lists, persons = made(kind, seed, folder)
    began = time.process_time()
    sweeps, dropped = (LONG, LONG_DROPPED) if kind == "three wrong" else (SWEEPS, DROPPED)
    draws, pairs = linked(lists, variant, seed, longer * sweeps, longer * dropped)
    seconds = time.process_time() - began
    lower, point, upper = np.quantile(draws.n_people, [0.025, 0.5, 0.975], method="inverted_cdf")
    among = {*zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)}
    true = [*zip(*map(np.ndarray.tolist, pairs_within(dense(persons))), strict=True)]
    return {
        **{"kind": kind, "seed": seed, "variant": variant, "people": len(np.unique(persons)), "records": len(persons)},
        **{"point": point, "lower": lower, "upper": upper, "mean": draws.n_people.mean()},
        **{"f1": scores(draws.point_clustering()[0], persons)[2]},
        **{"candidate_recall": np.mean([pair in among for pair in true])},
        **{"r_hat": r_hat(draws), "seconds": seconds},
    }


def run(path, share, folder, longer, until):
    """Link what has no line yet."""
    done = {(row["kind"], int(row["seed"]), row["variant"]) for row in rows_in(path)}
    planned = [(at / n, kind, FIRST_SEED + at) for kind, n in WORLDS_OF.items() for at in range(round(share * n))]
    worlds = [world[1:] for world in sorted(planned)] + [(name, 1) for name in FIVE_LISTS if folder]
    lists, _ = made("A", 1, folder)
    linked(lists, "table", 1, 1, 0)  # what compiling takes is no second of a world
    for kind, seed in worlds:
        for variant in VARIANTS:
            if (kind, seed, variant) not in done and time.monotonic() < until:
                append(path, row_of(kind, seed, variant, folder, longer), COLUMNS)


def tables(rows):
    """The Markdown tables; every number in them is counted here."""
    lines = []
    for kind in WORLDS:
        lines += [*table_of(kind, [row for row in rows if row["kind"] == kind], VARIANTS), ""]
    lines += ["| file | errors | people: median (95 %), truth | F1 | R-hat | s |", "|---|---|---|---|---|---|"]
    for row in rows:
        if row["kind"] not in WORLDS:
            number = {key: float(row[key]) for key in ("f1", "r_hat", "seconds")}
            point, lower, upper = (int(float(row[key])) for key in ("point", "lower", "upper"))
            people = f"{point} ({lower} to {upper}), {row['people']}"
            cells = [f"{number['f1']:.3f}", f"{number['r_hat']:.2f}", f"{number['seconds']:.0f}"]
            name = row["kind"].removeprefix("synthetic_five_lists_")
            lines.append(f"| {name} | {row['variant']} | {people} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main():
    """Link what is missing, or print the tables; without a file, say what to name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--share", type=float, default=1.0, help="of the simulated worlds")
    parser.add_argument("--five-lists", type=Path)
    parser.add_argument("--longer", type=int, default=1, help="so many times the sweeps")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    args = parser.parse_args(sys.argv[1:])
    if not args.files:
        print("name a file for the lines of CSV: this takes a quarter of an hour of CPU, and goes on where it stopped")
    elif args.tables:
        print(tables(rows_in(*args.files)), end="")
    else:
        run(args.files[0], args.share, args.five_lists, args.longer, time.monotonic() + args.seconds)


if __name__ == "__main__":
    main()
