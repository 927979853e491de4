"""The folder of a grid: nothing is touched in it that no grid made, and two grids do not write to one at a time.

::

    grid.parquet      a row a job: labels, replicate, model, question, alternative, the number or the reason
    pooled.parquet    each stratum pooled over replicates, and the totals
    totals.json       the totals with what they rest on; what was read; why jobs have no number
    SHA256SUMS        the checksums of these three, which the same study always makes, byte for byte
    run.json          when, where and how long: what another run has otherwise
    answers/          every answer (`estimation.runs.grid_answers`), from which a later grid takes what it needs
    grid.slurm        the script of an array for SLURM, where one was asked for
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from estimation.errors import StudyError
from estimation.files import check_output_folder, file_sha256, write_bytes
from estimation.runs.grid_slurm import SCRIPT
from estimation.runs.manifest import SUMS, entries_of, read_manifest, write_manifest
from estimation.runs.output_folder import alone_in

__all__ = ["ANSWERS", "JOBS", "POOLED", "RUN", "TOTALS", "check_grid_folder", "grid_folder", "write_grid"]

JOBS, POOLED, TOTALS, RUN, ANSWERS = "grid.parquet", "pooled.parquet", "totals.json", "run.json", "answers"

_OWN = re.compile(
    rf"{re.escape(JOBS)}|{re.escape(POOLED)}|{re.escape(TOTALS)}|{re.escape(RUN)}|{SUMS}|{re.escape(SCRIPT)}"
    rf"|slurm-[^/]*\.out|{ANSWERS}(?:/[0-9a-f]{{32}}\.(?:zip|sums))?"
)
_HALF_WRITTEN = re.compile(r"(?P<folder>.*/)?\.(?P<name>[^/]+)\.[a-z0-9_]{8}")
_MOST_NAMED = 3


def check_grid_folder(folder: Path, *, inputs: Sequence[Path], force: bool, force_option: str = "force=True") -> None:
    """Refuse a folder where a grid would destroy something; nothing is touched.

    Parameters
    ----------
    folder : Path
        Where the grid is to be written.
    inputs : sequence of Path
        The files that are read; none may lie in it.
    force : bool
        Whether what was edited since the grid that made it may be replaced.
    force_option : str
        How ``force`` is said at this door.

    Raises
    ------
    StudyError
        With what is in the way.
    OutputError
        When the folder lies in a finished study, or cannot be made or written to.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError(str(folder), ["this is a file; name a folder to write to"])
    check_output_folder(folder)
    problems = []
    place = folder.resolve()
    within = [path.name for path in inputs if place in path.resolve().parents]
    if within:
        problems.append(f"{_some(within)}: what is read lies in this folder; name another folder to write to")
    if folder.is_dir():
        strangers = [name for name, kind in entries_of(folder).items() if not _is_own(name, kind)]
        if strangers:
            problems.append(
                f"it holds other files ({_some(strangers)}) that no grid made; name a new or an empty folder"
            )
        edited = [
            name
            for name, sha256 in (read_manifest(folder) if (folder / SUMS).is_file() else {}).items()
            if (folder / name).is_file() and file_sha256(folder / name) != sha256
        ]
        if edited and not force:
            option = f", or add {force_option} to replace it" if force_option else ""
            problems.append(f"{_some(edited)} was changed since the grid that made it; name another folder{option}")
    if problems:
        raise StudyError(str(folder), problems)


def _is_own(name: str, kind: str) -> bool:
    half = _HALF_WRITTEN.fullmatch(name)
    whole = f"{half['folder'] or ''}{half['name']}" if half else name
    return kind in ("file", "empty folder") and _OWN.fullmatch(whole) is not None


def _some(names: Sequence[str]) -> str:
    first = sorted(names)[:_MOST_NAMED]
    return ", ".join(first) + (f" and {len(names) - len(first):,} more" if len(names) > len(first) else "")


@contextmanager
def grid_folder(folder: Path, *, inputs: Sequence[Path], force: bool, is_part: bool) -> Iterator[Path]:
    """The folder, made if it is not there, while a grid writes to it; parts of one grid may write side by side."""
    check_grid_folder(folder, inputs=inputs, force=force)
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if is_part:
            yield folder
        else:
            with alone_in(folder):
                yield folder
    finally:
        if new and not any(folder.iterdir()):
            folder.rmdir()


def write_grid(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files of a finished grid in their places; without SHA256SUMS, which comes last, it is none."""
    (folder / SUMS).unlink(missing_ok=True)
    for name, content in files.items():
        write_bytes(folder / name, content)
    write_manifest(folder, [JOBS, POOLED, TOTALS])
