"""The command about published studies: atlas.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimation.cli.options import WorkersOption, workers_of
from estimation.cli.output import Bar
from estimation.cli.streams import json_line
from estimation.cli.terminal import say
from estimation.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimation.atlas.reproduction import Reproduced

__all__ = ["app"]

app = typer.Typer()


@app.command()
def atlas(
    studies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STUDY|FOLDER]...",
            help="A packaged study, or a folder with published.toml, study.toml and its table. Default: all studies.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the page of each study, an index and the tables with a known number to this folder."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list with an object for each figure.")] = False,
    workers: WorkersOption = None,
) -> None:
    """Compute the figures of published studies again, and say which come out.

    Each published figure is marked reproduced, not (with the reason), or unknown, where its table is not public.
    A folder of your own has the same files as a packaged study; data/README.md describes them.
    With --out DIR also every declared model is fitted, which takes minutes a study; the same command goes on where it
    was stopped.
    """
    from estimation.atlas.reproduction import run

    names: list[str | Path] | None = list(studies) if studies else None
    if out is not None:
        _write(names, out, workers_of(workers))
        return
    with Bar() as progress:
        found = run(names, workers=workers_of(workers), progress=progress)
    if as_json:
        typer.echo(json_line([each.plain() for each in found]))
        return
    say(_table(found))


def _write(names: Sequence[str | Path] | None, out: Path, workers: int) -> None:
    """Write the pages, and say where they are."""
    from estimation.atlas.pages import write_pages
    from estimation.study.tasks import study_processes

    with study_processes(workers) as processes, Bar() as progress:
        written = write_pages(names, out, workers=workers, executor=processes, progress=progress)
    say("\n".join(str(path) for path in written))


def _table(found: Sequence[Reproduced]) -> str:
    """A line a figure under the name of its study, and the counts of the marks."""
    lines: list[str] = []
    for at, each in enumerate(found):
        if not at or each.study != found[at - 1].study:
            lines += [*([""] if lines else []), each.study]
        published, number = each.in_words
        ours = f"ours {number}" if number else ""
        lines.append(f"  {each.mark:<10}  {published:>20}  {ours:<20}  {each.method}")
        lines.append(f"{'':14}{each.reason}")
    counts = Counter(each.mark for each in found)
    marks = ", ".join(f"{counts[mark]} {mark}" for mark in ("reproduced", "not", "unknown"))
    return "\n".join([*lines, "", f"{counted(len(found), 'figure')}: {marks}"])
