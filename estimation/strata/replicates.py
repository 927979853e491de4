"""Replicates: one table imputed several times, a file each, or several told apart by a column of one file.

Where a place, a date or a perpetrator was not known, it was drawn, and drawn anew for each replicate.  The people are
the same in all of them and their labels are not; so are the lists, and files with other lists are no replicates of one
table.  Columns that say where another was imputed (``sex_imputed``) and the column that numbers the replicates are
known by their names and are neither lists nor labels.

Everything is read before anything is estimated: a file that is damaged, cut short or not the one in the manifest
(`estimation.strata.replicate_manifest`) is refused with its name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from estimation.capture.declared import Declared, Door, Labels
from estimation.capture.forms.headings import is_replicate
from estimation.capture.forms.understanding import Understood, understand
from estimation.capture.labels import in_order
from estimation.capture.sheets.reading import sheet_of
from estimation.capture.sheets.sheet import Sheet
from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import TableError
from estimation.strata.replicate_manifest import MANIFEST, read_replicate_manifest
from estimation.work.processes import in_processes
from estimation.work.progress import Progress, silent

__all__ = ["Replicate", "Replicates", "read_replicates", "replicate_files"]

_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".csv.gz", ".tsv.gz", ".txt.gz", ".csv.bz2", ".csv.xz")
_NUMBERED = re.compile(r"(?<![A-Za-z0-9])(R\d+)(?![A-Za-z0-9])")
_NAMED = 8
_MANY_FILES = 4
"""Files from which on they are read side by side."""


@dataclass(frozen=True, slots=True)
class Replicate:
    """One replicate.

    Parameters
    ----------
    name : str
        What it is called: as its column says, or as its file is called.
    file : str
        The name of its file.
    sha256 : str
        SHA-256 of the file's bytes.
    table : StratifiedTable or CaptureTable
        Who was seen by which lists, with the labels that were asked for, if any were.
    """

    name: str
    file: str
    sha256: str
    table: StratifiedTable | CaptureTable


@dataclass(frozen=True, slots=True)
class Replicates:
    """Imputed replicates of one table.

    Parameters
    ----------
    lists : tuple of str
        The lists of all of them, those with nobody on them too.
    replicates : tuple of Replicate
        In the order of their names, numbers in them as numbers.
    notes : tuple of str
        What was handled while they were read.
    """

    lists: tuple[str, ...]
    replicates: tuple[Replicate, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """What a file held: its lists, its replicates, what was handled."""

    path: Path
    lists: tuple[str, ...]
    replicates: tuple[Replicate, ...]
    notes: tuple[str, ...]


def replicate_files(folder: str | os.PathLike[str]) -> list[Path]:
    """The files of a folder that are tables, in the order of their names; what is in folders in it is not read.

    Raises
    ------
    TableError
        When there is no such folder, or no table in it.
    """
    place = Path(folder)
    if not place.is_dir():
        raise TableError(str(place), ["there is no such folder of replicates; check the path and the spelling"])
    found = [path for path in place.iterdir() if path.is_file() and path.name.lower().endswith(_ENDINGS)]
    found = [path for path in found if not path.name.startswith(".")]
    if not found:
        raise TableError(str(place), [f"no replicate is in it: no file ends in {', '.join(_ENDINGS[:4])}"])
    return sorted(found, key=lambda path: in_order(path.name))


def read_replicates(
    files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    strata: Sequence[str] | Labels,
    columns: Declared | None = None,
    manifest: str | os.PathLike[str] | None = None,
    door: Door = "python",
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Replicates:
    r"""Imputed replicates of one table, from a folder or from files.

    Parameters
    ----------
    files : path, or sequence of path
        A folder, or the files; CSV or Parquet, one replicate each, or several told apart by a column such as
        ``replica``.
    strata : sequence of str, or Labels
        The columns that say where, when or who people were; with what is declared of them, if anything is.
    columns : Declared, optional
        What is declared about the columns, the same in all files.
    manifest : path, optional
        Checksums that the files must have; by default ``SHA256SUMS`` beside them, where it is there.
    door : {"python", "command line", "study"}
        For whom messages name the options.
    executor : concurrent.futures.Executor, optional
        Processes of this machine that read them side by side; by default this one reads them.
    progress : Progress
        Told of each file.

    Raises
    ------
    TableError
        For a file that cannot be read or is not the one in the manifest, replicates with different lists (both files
        are named, and the lists), or two of one name.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name, sex in (("R1", "f"), ("R2", "m")):
    ...     rows = f"in_a,in_b,sex,sex_imputed\n1,0,f,0\n1,1,{sex},1\n0,1,m,0\n"
    ...     written = (folder / f"deaths-{name}.csv").write_text(rows)
    >>> found = read_replicates(folder, strata=["sex"])
    >>> found.lists, [each.name for each in found.replicates]
    (('a', 'b'), ['R1', 'R2'])
    """
    given = [files] if isinstance(files, str | os.PathLike) else list(files)
    paths = [Path(path) for path in given]
    if len(paths) == 1 and paths[0].is_dir():
        paths = replicate_files(paths[0])
    missing = [f"there is no file {path}; check the path and the spelling" for path in paths if not path.is_file()]
    if missing or not paths:
        raise TableError("replicates", missing or ["no file is named; name a folder or files"])
    expected = Path(manifest) if manifest is not None else paths[0].parent / MANIFEST
    notes: list[str] = []
    if manifest is not None or expected.is_file():
        known = read_replicate_manifest(expected)
        known.check(paths)
        notes += known.notes
    else:
        notes.append(f"no manifest of checksums was given and there is no {MANIFEST}: the files are not authenticated")
    labels = strata if isinstance(strata, Labels) else Labels(tuple(strata))
    read = partial(_read, strata=labels, columns=columns or Declared(), door=door)
    readers = executor if len(paths) >= _MANY_FILES else None
    found = in_processes(read, paths, executor=readers, progress=progress, doing=lambda path: path.name)
    return _one_table(found, notes)


def _read(path: Path, *, strata: Labels, columns: Declared, door: Door) -> _File:
    """The replicates in one file."""
    sheet = sheet_of(path, sheet=columns.sheet, encoding=columns.encoding, layout=columns.layout, door=door)
    several = _numbered(sheet) if columns.replicate is None else []
    understood: list[tuple[str, Understood]] = []
    for value in several if len(several) > 1 else [None]:
        declared = columns if value is None else replace(columns, replicate=value)
        name = value if value is not None else several[0] if several else _name_of(path)
        understood.append((name, understand(sheet, declared, door=door, strata=strata)))
    roles = understood[0][1].columns
    lists = dict.fromkeys(_list_name(role.name, columns) for role in roles if role.role == "list")
    notes = dict.fromkeys(f"{path.name}: {note}" for _, each in understood for note in each.notes)
    replicates = [Replicate(name, path.name, sheet.sha256, each.strata or each.table) for name, each in understood]
    return _File(path, tuple(lists), tuple(replicates), tuple(notes))


def _numbered(sheet: Sheet) -> list[str]:
    """The values of the column that numbers replicates, where there is one."""
    for name, cells in zip(sheet.names, sheet.columns, strict=True):
        if is_replicate(name):
            values = dict.fromkeys(str(cell).strip() for cell in cells if cell is not None)
            return [value for value in values if value]
    return []


def _name_of(path: Path) -> str:
    """The number of a replicate in the name of its file, or else the name."""
    found = _NUMBERED.findall(path.name.replace("_", "-"))
    return found[-1] if found else path.name.partition(".")[0]


def _list_name(heading: str, columns: Declared) -> str:
    """What a list is called: its heading without the mark, as the reader calls it."""
    if columns.lists is not None and heading in columns.lists:
        return heading
    return heading.removeprefix("in_")


def _one_table(files: Sequence[_File], notes: Sequence[str]) -> Replicates:
    """The replicates of all files, if they are of one table."""
    first, problems = files[0], []
    for other in files[1:]:
        lacking = [name for name in first.lists if name not in other.lists]
        further = [name for name in other.lists if name not in first.lists]
        if lacking or further:
            what = [f"{other.path.name} lacks {_some(lacking)}"] if lacking else []
            what += [f"{first.path.name} lacks {_some(further)}"] if further else []
            problems.append(
                f"{first.path.name} and {other.path.name} have different lists: {' and '.join(what)}; replicates of "
                "one table have the same lists, so leave out the file that is of another"
            )
    replicates = sorted((each for file in files for each in file.replicates), key=lambda each: in_order(each.name))
    by_name: dict[str, Replicate] = {}
    for each in replicates:
        other_file = by_name.setdefault(each.name, each)
        if other_file is not each:
            problems.append(
                f"{other_file.file} and {each.file} are both replicate {each.name}; each replicate may be there once"
            )
    if problems:
        raise TableError("replicates", problems)
    people = [each.table.n_observed for each in replicates]
    handled = [*notes, *dict.fromkeys(note for file in files for note in file.notes)]
    if len(set(people)) > 1:
        handled.append(
            f"the replicates have from {min(people):,} to {max(people):,} people; where labels alone were imputed they "
            "have the same people, so check that no file was cut short"
        )
    return Replicates(first.lists, tuple(_in_order(each, first.lists) for each in replicates), tuple(handled))


def _in_order(each: Replicate, lists: Sequence[str]) -> Replicate:
    """A replicate with its lists in the order of the first one, so that equal tables are known for equal."""
    table = each.table
    wanted = [name for name in lists if name in table.lists]
    if list(table.lists) == wanted:
        return each
    patterns = table.patterns[:, [table.lists.index(name) for name in wanted]]
    if isinstance(table, CaptureTable):
        return replace(each, table=CaptureTable(wanted, patterns, table.counts, allow_twins=table.allow_twins))
    texts = {label.name: [label.texts[code] for code in table.codes[:, at]] for at, label in enumerate(table.labels)}
    sets = {label.name: dict(zip(label.set_names, label.sets, strict=True)) for label in table.labels}
    ordered = StratifiedTable(wanted, patterns, texts, table.counts, sets=sets, covers=table.covers)
    return replace(each, table=ordered)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
