"""Draws of who is the same person, without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import TableError
from estimation.frames import frame_of, html_table
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.histories import histories_of, labels_of_people
from estimation.linkage.pairs import PairProbabilities, pair_probabilities
from estimation.linkage.people import People, people_of
from estimation.linkage.point_clustering import group_probabilities, least_loss_partition
from estimation.results.diagnostics import Diagnostics
from estimation.toml_file import nearest

if TYPE_CHECKING:
    import pandas as pd

    from estimation.results.convergence import ArvizData

__all__ = ["LinkageDraws", "LinkedList", "RecordPlace"]

_CLUSTER_COLUMNS: Mapping[str, type] = {"list": str, "row": int, "person": int, "probability": float}
_PAIR_COLUMNS: Mapping[str, type] = {
    "first list": str,
    "first row": int,
    "second list": str,
    "second row": int,
    "probability": float,
}


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record stands.

    Parameters
    ----------
    list : int
        Which list, by its place in `LinkageDraws.lists`.
    row : int
        Its row as a spreadsheet shows it.
    sheet : str
        The sheet of a workbook, or empty.
    labels : mapping of str to str
        Labels for strata (place, month), where they are wanted.
    release : str
        The file's list name, where a list has several releases; empty where the list is one file.
    """

    list: int
    row: int
    sheet: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    release: str = ""


@dataclass(frozen=True, slots=True)
class LinkedList:
    """A file that was linked.

    Parameters
    ----------
    name : str
        The list that it is, or a release of.
    file : str
        Its name without folder.
    sha256 : str
        SHA-256 of its bytes.
    n_records : int
        Its linkable records.
    columns : mapping of str to str
        The heading that was read for each role (given, family, born), as printed.
    not_linked : mapping of str to int
        By kind (unnamed, group of unnamed, alive) the people in rows that were not linked.  Unit: persons.
    """

    name: str
    file: str = ""
    sha256: str = ""
    n_records: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    not_linked: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LinkageDraws:
    """Draws of the partition of records into people.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    records : tuple of RecordPlace
        The linkable records, R of them.
    persons : (chains, draws, R) int32
        For each draw which person each record is of: 0, 1, ... in the order of the first record of each.
    n_unlinkable : mapping of str to int
        By list the people in rows that were not linked: unnamed bodies, groups.  Unit: persons.
    notes : tuple of str
        What a reader should know of them: candidates, checks that failed, the shift under looser candidates.
    files : tuple of LinkedList
        The files that were linked.
    diagnostics : Diagnostics
        Whether the chains agree on the people, the links and the overlaps of the lists.
    errors : FittedErrors or None
        What was learned of the errors of each list.
    settings : mapping of str to str or float
        What the linkage was made with: the seed, the version of this package, the settings.
    review : mapping of str to int
        Pairs of records that people decided about, by what they decided.

    Examples
    --------
    >>> records = tuple(RecordPlace(at, row) for at in (0, 1) for row in (2, 3))
    >>> drawn = np.array([[[0, 1, 0, 2], [0, 1, 0, 1], [0, 1, 2, 3]]], dtype=np.int32)
    >>> draws = LinkageDraws(("police", "press"), records, drawn)
    >>> print(draws)
    4 records on 2 lists: 3 people (95 % credible interval 1 to 4)
    >>> [table.n_observed for table in draws.tables]
    [3, 2, 4]
    """

    lists: tuple[str, ...]
    records: tuple[RecordPlace, ...]
    persons: NDArray[np.int32]
    n_unlinkable: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    files: tuple[LinkedList, ...] = ()
    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    errors: FittedErrors | None = None
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    review: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = np.shape(self.persons)
        if len(shape) != 3 or not all(shape) or shape[2] != len(self.records):
            wanted = f"(chains, draws, {len(self.records)} records)"
            raise ValueError(f"draws have shape {shape}; it must be {wanted}, with a draw and a record at least")

    @property
    def shape(self) -> tuple[int, int]:
        """Chains, and draws of each."""
        chains, draws, _ = self.persons.shape
        return chains, draws

    @property
    def n_records(self) -> dict[str, int]:
        """Records by list."""
        return dict(zip(self.lists, np.bincount(self.list_of, minlength=len(self.lists)).tolist(), strict=True))

    @property
    def drawn(self) -> NDArray[np.int32]:
        """The person of each record in each draw, all chains one after another: shape (draws, R)."""
        return self.persons.reshape(-1, len(self.records))

    @property
    def n_people(self) -> NDArray[np.int64]:
        """People in each draw, all chains one after another.  Unit: persons."""
        largest: NDArray[np.int32] = self.drawn.max(axis=1)
        return largest.astype(np.int64) + 1

    @property
    def people(self) -> People:
        """The number of people behind the records: posterior median and 95 % interval.  Unit: persons.

        The interval is wider than that of the draws by what they do not know (`estimation.linkage.people`).
        """
        return self.people_at(0.95)

    def people_at(self, level: float) -> People:
        """The same with an interval at another level.

        Parameters
        ----------
        level : float
            Probability, between 0 and 1.

        Raises
        ------
        ValueError
            When the level does not lie between 0 and 1.
        """
        return people_of(self.n_people, len(self.records), level)

    @property
    def list_of(self) -> NDArray[np.int64]:
        """The list of each record, shape (R,)."""
        return np.array([record.list for record in self.records], dtype=np.int64)

    @property
    def tables(self) -> tuple[CaptureTable, ...]:
        """For each draw who was seen by exactly which lists."""
        list_of = self.list_of
        return tuple(
            CaptureTable(self.lists, *histories_of(drawn, list_of, len(self.lists)), allow_twins=True)
            for drawn in self.drawn
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels that records have."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.labels))

    def strata(self, by: Sequence[str]) -> tuple[StratifiedTable, ...]:
        """For each draw who was seen by exactly which lists, with labels of place, time or group.

        The label of a person is the one that most of its records give; where two are given equally often, the one
        on the first list that gives one of them, and within that list the first by alphabet; it is missing where no
        record gives one.

        Parameters
        ----------
        by : sequence of str
            Names of labels of the records.

        Raises
        ------
        TableError
            When no record has such a label.
        """
        unknown = [name for name in by if name not in self.labels]
        if unknown:
            hints = [nearest(name, self.labels) if self.labels else "the records have no labels" for name in unknown]
            problems = [f"no record has a label {name!r}; {hint}" for name, hint in zip(unknown, hints, strict=True)]
            raise TableError("linked lists", problems)
        given = {name: [record.labels.get(name, "") for record in self.records] for name in by}
        return tuple(labels_of_people(self.drawn, self.list_of, self.lists, given))

    @property
    def n_repeated(self) -> dict[str, NDArray[np.int64]]:
        """By list, in each draw the records beyond the first of a person on it: duplicates within the list."""
        list_of = self.list_of
        sizes = np.bincount(list_of, minlength=len(self.lists))
        width = len(self.lists)
        on_list = np.array(
            [
                np.bincount(np.unique(drawn.astype(np.int64) * width + list_of) % width, minlength=width)
                for drawn in self.drawn
            ]
        )
        return {name: sizes[at] - on_list[:, at] for at, name in enumerate(self.lists)}

    @property
    def n_links(self) -> NDArray[np.int64]:
        """In each draw the records beyond the first of their person: records less people."""
        return len(self.records) - self.n_people

    def pair_probabilities(self) -> PairProbabilities:
        """The pairs of records that are one person in some draw, by the places of the records."""
        return pair_probabilities(self.drawn)

    def point_clustering(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """One partition for all draws, and for each record the probability that its group is exactly one person.

        As arrays of shape (R,); see `estimation.linkage.point_clustering`.
        """
        partition = least_loss_partition(self.drawn, self.pair_probabilities())
        return partition, group_probabilities(self.drawn, partition)

    def clusters(self, *, undecided_below: float = 0.0) -> pd.DataFrame:
        """One partition that stands for all draws: a row for every record, also for those that are alone.

        Parameters
        ----------
        undecided_below : float
            Records whose group is exactly one person with a smaller probability get no person: they are left
            undecided.  It is 1 - a, where an undecided record costs a and one in a wrong group costs 1.

        Returns
        -------
        pandas.DataFrame
            ``list``, ``row``, ``person`` (1, 2, ..., missing where undecided), ``probability`` that the records with
            this person are exactly one person's, and ``sheet`` where lists are sheets of a workbook.
        """
        partition, probability = self.point_clustering()
        with_sheets = any(record.sheet for record in self.records)
        rows = []
        for record, person, p in zip(self.records, partition.tolist(), probability.tolist(), strict=True):
            row = {"list": self.name_of(record), "row": record.row, "probability": p}
            row["person"] = None if p < undecided_below else person + 1
            rows.append(row | ({"sheet": record.sheet} if with_sheets else {}))
        return frame_of(rows, {**_CLUSTER_COLUMNS, **({"sheet": str} if with_sheets else {})})

    def name_of(self, record: RecordPlace) -> str:
        """The list of a record; the release where the list has several.

        Parameters
        ----------
        record : RecordPlace
            The place of the record.
        """
        return record.release or self.lists[record.list]

    def pairs(self, *, at_least: float = 0.0) -> pd.DataFrame:
        """The probability that two records are of one person, for all pairs that are in some draw.

        Parameters
        ----------
        at_least : float
            Pairs with a smaller probability are left out.
        """
        found = self.pair_probabilities()
        rows = []
        for i, j, p in zip(found.first.tolist(), found.second.tolist(), found.probability.tolist(), strict=True):
            if p >= at_least:
                one, other = self.records[i], self.records[j]
                rows.append(
                    {
                        "first list": self.name_of(one),
                        "first row": one.row,
                        "second list": self.name_of(other),
                        "second row": other.row,
                        "probability": p,
                    }
                )
        return frame_of(rows, _PAIR_COLUMNS)

    def to_frame(self) -> pd.DataFrame:
        """A row for each draw: its chain, its place in the chain, people, and repeated records by list."""
        # Imported here because pandas takes most of a second to load and tables of the draws do not need it.
        import pandas as pd

        chains, draws = self.shape
        return pd.DataFrame(
            {
                "chain": np.repeat(np.arange(chains), draws),
                "draw": np.tile(np.arange(draws), chains),
                "people": self.n_people,
                **{f"repeated on {name}": values for name, values in self.n_repeated.items()},
            }
        )

    def to_arviz(self) -> ArvizData:
        """People, links and repeated records of each draw as ArviZ data."""
        # Imported here because loading ArviZ takes seconds and most uses of the draws do not need it.
        from estimation.results.convergence import to_arviz

        quantities = {"people": self.n_people, "links": self.n_links} | {
            f"repeated on {name}": values for name, values in self.n_repeated.items()
        }
        return to_arviz({name: values.reshape(self.shape).astype(np.float64) for name, values in quantities.items()})

    def __str__(self) -> str:
        records = f"{len(self.records):,} record{'s' * (len(self.records) != 1)}"
        lists = f"{len(self.lists)} list{'s' * (len(self.lists) != 1)}"
        return f"{records} on {lists}: {self.people}"

    def __repr__(self) -> str:
        return f"<LinkageDraws: {self}>"

    def _repr_html_(self) -> str:
        sizes = self.n_records
        rows = [
            [name, f"{sizes[name]:,}", f"{np.median(repeated):,.0f}", f"{self.n_unlinkable.get(name, 0):,}"]
            for name, repeated in self.n_repeated.items()
        ]
        headings = ["list", "records", "repeated records (median)", "people in rows not linked"]
        return html_table(str(self), headings, rows, right=[1, 2, 3])
