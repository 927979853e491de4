"""Draw a synthetic table from a scenario, with its true numbers.

Each group of people in each stratum is one multinomial draw over the capture histories (the model is in
`estimation.simulation.scenario`).  The number of people is fixed and known; who is observed is random.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.files import check_outputs, write_text
from estimation.frames import Cell, frame_of, html_table
from estimation.provenance import seed_of
from estimation.simulation.name_writing import name_file
from estimation.simulation.scenario import Scenario
from estimation.simulation.written_names import TRUTH_COLUMNS, NamedStratum, WrittenNames, write_names
from estimation.text.counted import counted
from estimation.text.spreadsheet import csv_of
from estimation.work.seeds import RandomState, generator_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SIMULATED_FILES", "Simulated", "SimulatedPart", "simulate", "write_simulated"]

TABLE_FILE = "synthetic_table.csv"
STRATA_FILE = "synthetic_strata.csv"
TRUTH_FILE = "truth.json"
PEOPLE_FILE = "synthetic_people.csv"
NAME_TRUTH_FILE = "synthetic_name_truth.csv"
SIMULATED_FILES = (TABLE_FILE, STRATA_FILE, PEOPLE_FILE, NAME_TRUTH_FILE, TRUTH_FILE)
"""What `write_simulated` writes beside the raw name lists; strata, people and names where there are any."""


@dataclass(frozen=True, slots=True)
class SimulatedPart:
    """A group or a stratum as it was drawn.

    Parameters
    ----------
    labels : tuple of str
        The name of the group, or the labels of the stratum.
    n_total : int
        All of its people, observed or not.  Unit: persons.
    table : CaptureTable
        Those who were observed, by the lists that they are on.
    """

    labels: tuple[str, ...]
    n_total: int
    table: CaptureTable


@dataclass(frozen=True, slots=True, repr=False)
class Simulated:
    """A synthetic table and its true numbers.

    Parameters
    ----------
    scenario : Scenario
        What it was drawn from.
    seed : str
        Seed of the generator (see `estimation.provenance.seed_of`).
    table : CaptureTable
        Who was observed by which lists: all that a model is given.
    groups : tuple of SimulatedPart
        The groups, in their order.
    strata : tuple of SimulatedPart
        The strata, in their order; empty for a scenario without them.
    labelled : StratifiedTable, optional
        The people of the strata with their labels as the lists recorded them, where they do not record all.
    written : WrittenNames, optional
        Name lists of the people of the strata, where the scenario says how lists write them down.
    """

    scenario: Scenario
    seed: str
    table: CaptureTable
    groups: tuple[SimulatedPart, ...]
    strata: tuple[SimulatedPart, ...]
    labelled: StratifiedTable | None = None
    written: WrittenNames | None = None

    @property
    def n_total(self) -> int:
        """N, the true number of people.  Unit: persons."""
        return self.scenario.n_total

    @property
    def people(self) -> StratifiedTable:
        """Who was observed, with the labels of their strata; linkage errors are not in it.

        Raises
        ------
        TableError
            For a scenario without strata: nobody has a label.
        """
        parts = [(stratum.labels, stratum.table) for stratum in self.strata]
        labels = {
            name: [labels[at] for labels, table in parts for _ in table.counts]
            for at, name in enumerate(self.scenario.by)
        }
        patterns = [table.patterns for _, table in parts] or [np.zeros((0, len(self.table.lists)), dtype=bool)]
        counts = np.concatenate([np.zeros(0, dtype=np.int64), *(table.counts for _, table in parts)])
        return StratifiedTable(self.table.lists, np.concatenate(patterns), labels, counts)

    def to_frame(self) -> pd.DataFrame:
        """The true and the observed numbers as a pandas frame: all people first, then groups and strata.

        Returns
        -------
        pandas.DataFrame
            Columns: ``part`` (``all``, ``group`` or ``stratum``), ``label``, ``n_total`` (the truth), ``n_observed``,
            and the size of each list as ``on NAME``.  Unit: persons.

        Examples
        --------
        >>> from estimation.simulation.scenario_file import load_scenario
        >>> simulate(load_scenario("independent"), rng=1).to_frame()[["part", "label", "n_total"]].values.tolist()
        [['all', '', 2500], ['group', 'everyone', 2500]]
        """
        sizes = {f"on {name}": int for name in self.table.lists}
        return frame_of(self._rows(), {"part": str, "label": str, "n_total": int, "n_observed": int, **sizes})

    def _rows(self) -> list[dict[str, Cell]]:
        """The numbers of each part, all people first."""
        parts = [("all", SimulatedPart((), self.n_total, self.table))]
        parts += [("group", group) for group in self.groups] + [("stratum", stratum) for stratum in self.strata]
        return [
            {
                "part": kind,
                "label": ", ".join(part.labels),
                "n_total": part.n_total,
                "n_observed": part.table.n_observed,
                **{f"on {name}": int(n) for name, n in zip(part.table.lists, part.table.list_sizes, strict=True)},
            }
            for kind, part in parts
        ]

    def __str__(self) -> str:
        return (
            f"SYNTHETIC DATA. {self.scenario.title}: {counted(self.n_total, 'person', 'people')}, of whom {self.table}"
        )

    def __repr__(self) -> str:
        return shorten(f"<Simulated: {self}>", 400, placeholder=" ...>")

    def _repr_html_(self) -> str:
        rows = self._rows()
        cells = [[f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()] for row in rows]
        return html_table(f"SYNTHETIC DATA. {self.scenario.title}", list(rows[0]), cells, right=range(2, len(rows[0])))


def simulate(scenario: Scenario, *, rng: RandomState) -> Simulated:
    """A synthetic table drawn from a scenario, with its true numbers.

    Parameters
    ----------
    scenario : Scenario
        The population and its lists.
    rng : int, SeedSequence or Generator
        The only source of randomness.

    Returns
    -------
    Simulated
        The table, and the true number of people by group and stratum.

    Examples
    --------
    >>> from estimation.simulation.scenario_file import load_scenario
    >>> drawn = simulate(load_scenario("independent"), rng=1)
    >>> drawn.n_total, drawn.table.n_observed < 2500
    (2500, True)
    """
    generator = generator_of(rng)
    seed = seed_of(generator)
    counts = np.zeros((len(scenario.parts), len(scenario.groups), 1 << len(scenario.lists)), dtype=np.int64)
    for s, part in enumerate(scenario.parts):
        for g, group in enumerate(scenario.groups):
            counts[s, g] = generator.multinomial(part.people[g], scenario.probabilities(group, part))
    groups = tuple(
        SimulatedPart((group.name,), group.people, _seen(scenario, counts[:, g].sum(axis=0)))
        for g, group in enumerate(scenario.groups)
    )
    strata = tuple(
        SimulatedPart(stratum.labels, sum(stratum.people), _seen(scenario, counts[s].sum(axis=0)))
        for s, stratum in enumerate(scenario.strata)
    )
    linked = _mislinked(counts.sum(axis=(0, 1)), scenario, generator)
    labelled = _labelled(scenario, strata, generator) if scenario.unrecorded else None
    written = _by_name(scenario, strata, generator) if scenario.names else None
    return Simulated(scenario, seed, _seen(scenario, linked), groups, strata, labelled, written)


def _by_name(scenario: Scenario, strata: tuple[SimulatedPart, ...], rng: np.random.Generator) -> WrittenNames:
    """The people of the strata by name, as their lists write them down."""
    assert scenario.names is not None
    named = [NamedStratum(part.labels, part.table) for part in strata]
    return write_names(scenario.names, scenario.lists, scenario.by, named, rng=rng)


def _labelled(scenario: Scenario, strata: tuple[SimulatedPart, ...], rng: np.random.Generator) -> StratifiedTable:
    """The people of the strata, without the labels that no record of theirs has."""
    patterns = np.repeat(
        np.concatenate([part.table.patterns for part in strata]),
        np.concatenate([s.table.counts for s in strata]),
        axis=0,
    )
    labels: dict[str, list[str | None]] = {}
    for at, name in enumerate(scenario.by):
        labels[name] = [part.labels[at] for part in strata for _ in range(part.table.n_observed)]
    for each in scenario.unrecorded:
        lacking: FloatArray = np.where(patterns, each.shares, 1.0).prod(axis=1)
        gone = rng.random(len(patterns)) < lacking
        values = labels[each.label]
        may = each.only or set(values)
        labels[each.label] = [None if lost and v in may else v for lost, v in zip(gone.tolist(), values, strict=True)]
    return StratifiedTable(scenario.lists, patterns, labels, np.ones(len(patterns), dtype=np.int64))


def _mislinked(cells: IntArray, scenario: Scenario, rng: np.random.Generator) -> IntArray:
    """The full table with the scenario's linkage errors; see `estimation.simulation.scenario`."""
    if not scenario.missed_match and not scenario.false_match:
        return cells
    people = np.repeat(np.arange(cells.size), cells).tolist()[int(cells[0]) :]
    apart = []
    for at, history in enumerate(people):
        lists = [1 << j for j in range(len(scenario.lists)) if history >> j & 1]
        if len(lists) > 1 and rng.random() < scenario.missed_match:
            record = lists[rng.integers(len(lists))]
            people[at] = history - record
            apart.append(record)
    people += apart
    for at, history in enumerate(people):
        if history.bit_count() == 1 and rng.random() < scenario.false_match:
            other = int(rng.integers(len(people)))
            while other == at or people[other] & history or not people[other]:
                other = int(rng.integers(len(people)))
            people[other] |= history
            people[at] = 0
    found = np.bincount([0] * int(cells[0]) + people, minlength=cells.size).astype(np.int64)
    return found


def write_simulated(simulated: Simulated, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write a synthetic table, its strata if it has any, and the truth, each whole or not at all.

    Files: ``synthetic_table.csv``, which every reader and study of this package takes; ``synthetic_strata.csv``, the
    same people by stratum, with the lists as columns ``in_<list>``; ``synthetic_people.csv``, a row for each of them
    with the labels as the lists recorded them, if they do not record all; ``synthetic_names_<list>.csv``, the raw list
    of each list that the scenario writes by name, and ``synthetic_name_truth.csv``, whose record each of their rows
    is; ``truth.json``.  The same draw has the same bytes.

    Parameters
    ----------
    simulated : Simulated
        What to write.
    folder : path
        Where; made if it is not there.

    force : bool
        Replace files of these names that are there already.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        When one of the files is there already, or the folder cannot be written to.
    OSError
        When a file cannot be written.
    """
    where = Path(folder)
    contents = {TRUTH_FILE: json.dumps(_truth(simulated), indent=2, ensure_ascii=False) + "\n"}
    if simulated.strata:
        contents[STRATA_FILE] = _strata_csv(simulated)
    if simulated.labelled is not None:
        contents[PEOPLE_FILE] = _people_csv(simulated.scenario, simulated.labelled)
    if simulated.written is not None:
        contents |= {name_file(name): csv_of(rows) for name, rows in simulated.written.files.items()}
        contents[NAME_TRUTH_FILE] = csv_of([TRUTH_COLUMNS, *simulated.written.truth])
    contents[TABLE_FILE] = simulated.table.csv_text
    check_outputs([where / name for name in contents], force=force, makes_folder=True)
    where.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        write_text(where / name, content)
    return where


def _seen(scenario: Scenario, counts: IntArray) -> CaptureTable:
    """The observable cells of a full table as a capture table."""
    on = (np.arange(1, counts.size)[:, None] >> np.arange(len(scenario.lists))) & 1
    return CaptureTable(scenario.lists, on, counts[1:])


def _sizes(part: SimulatedPart) -> dict[str, object]:
    sizes = dict(zip(part.table.lists, part.table.list_sizes.tolist(), strict=True))
    return {"people": part.n_total, "observed": part.table.n_observed, "lists": sizes}


def _truth(simulated: Simulated) -> dict[str, object]:
    """What is known about a synthetic table beyond the table itself."""
    scenario = simulated.scenario
    truth: dict[str, object] = {
        "synthetic": True,
        "note": "Everyone in this table is invented.",
        "title": scenario.title,
        "seed": simulated.seed,
        "table_sha256": simulated.table.sha256,
        **_sizes(SimulatedPart((), simulated.n_total, simulated.table)),
        "groups": [{"group": group.labels[0], **_sizes(group)} for group in simulated.groups],
    }
    if simulated.strata:
        truth["strata"] = [
            {**dict(zip(scenario.by, stratum.labels, strict=True)), **_sizes(stratum)} for stratum in simulated.strata
        ]
    return truth


def _strata_csv(simulated: Simulated) -> str:
    """The people observed, by stratum and history."""
    rows: list[list[object]] = [[*simulated.scenario.by, *(f"in_{name}" for name in simulated.scenario.lists), "count"]]
    for stratum in simulated.strata:
        for history, count in zip(stratum.table.patterns.astype(int).tolist(), stratum.table.counts, strict=True):
            rows.append([*stratum.labels, *history, int(count)])
    return csv_of(rows)


def _people_csv(scenario: Scenario, table: StratifiedTable) -> str:
    """The people observed, a row each, with an empty cell for a label that is missing."""
    rows: list[list[object]] = [[*scenario.by, *(f"in_{name}" for name in scenario.lists)]]
    words = [[*label.values, ""] for label in table.labels]
    for pattern, codes, count in zip(
        table.patterns.astype(int).tolist(), table.codes.tolist(), table.counts.tolist(), strict=True
    ):
        row = [*(values[code] for values, code in zip(words, codes, strict=True)), *pattern]
        rows += [row] * count
    return csv_of(rows)
