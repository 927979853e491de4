"""Commands about lists of names: link, reviewed.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.cli.list_options import (
    ColumnsOption,
    DeclareOption,
    EncodingOption,
    SheetOption,
    declared_lists,
    named_files,
    read_lists,
)
from estimation.cli.options import ForceOption, SeedOption, WorkersOption, check_written, workers_of
from estimation.cli.output import Bar
from estimation.cli.streams import json_line
from estimation.cli.terminal import print_table, say

if TYPE_CHECKING:
    from estimation.linkage.draws import LinkageDraws
    from estimation.linkage.linking import LinkageSettings, Linked
    from estimation.lists.name_list import NameList
    from estimation.work.progress import Progress

__all__ = ["app"]

app = typer.Typer()

_REVIEW_FILES = ("reviewer_1.csv", "reviewer_2.csv", "sample.json")


@app.command()
def link(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Lists of names: text, workbooks (.xlsx) or Parquet; NAME=FILE where a list is not to be called by "
            "its file.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the draws, clusters.csv and what a rerun needs.")],
    columns: ColumnsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    duplicate_free: Annotated[
        list[str] | None, typer.Option("--duplicate-free", metavar="LIST", help="Nobody is on this list twice.")
    ] = None,
    declare: DeclareOption = None,
    decisions: Annotated[
        list[Path] | None,
        typer.Option(help="What people decided about pairs of records (mse review), as CSV; one file a reviewer."),
    ] = None,
    review_sample: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="N",
            help="Also draw so many records at random for two people to review: sheets with names, in DIR-review.",
        ),
    ] = None,
    self_check: Annotated[
        bool,
        typer.Option(
            "--self-check", help="Also link files written from the fitted model: a check of the code, and no coverage."
        ),
    ] = False,
    loose: Annotated[
        bool,
        typer.Option(
            "--loose", help="Less plausible pairs are candidates too: slower, and fewer of a person are missed."
        ),
    ] = False,
    chains: Annotated[int, typer.Option(min=2, help="Chains of the sampler, from opposite starts.")] = 2,
    sweeps: Annotated[int, typer.Option(min=10, help="Sweeps of each chain.")] = 200,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    force: ForceOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Link lists of names: who is the same person, on one list and across them, with the doubt that remains.

    Prints how many people the records are of, with an interval, and what was read as what.  The folder is taken
    wherever a table is: mse estimate DIR --model latent-class.  No name is written into it.
    Stopped, it writes nothing.
    """
    from estimation.linkage.candidates import CandidateCut
    from estimation.linkage.decisions import read_decisions
    from estimation.linkage.linking import LinkageSettings, link_with_candidates
    from estimation.linkage.saved import check_linkage_folder, save_linkage, summary_of_linkage

    named = named_files(files)
    read = [*named.values(), *(decisions or ())]
    check_linkage_folder(out, inputs=read, force=force, force_option="--force")
    sheets = None if review_sample is None else out.with_name(f"{out.name}-review")
    if sheets is not None:
        check_written(*(sheets / name for name in _REVIEW_FILES), read=read, force=force, folder=True)
    declared = declared_lists(
        named, columns=columns, sheet=sheet, encoding=encoding, duplicate_free=duplicate_free, declare=declare
    )
    with Bar("reading lists", transient=True) as bar:
        lists = read_lists(named, declared)
        cut = CandidateCut().looser() if loose else CandidateCut()
        settings, threads = LinkageSettings(chains=chains, sweeps=sweeps, cut=cut), workers_of(workers)
        decided = [made for place in decisions or () for made in read_decisions(place)]
        linked = link_with_candidates(
            lists, rng=seed, settings=settings, decisions=decided, workers=threads, progress=bar
        )
        if self_check:
            linked = _checked(linked, lists, settings, seed, threads, bar)
    save_linkage(linked.draws, out, inputs=read, force=force)
    found = summary_of_linkage(linked.draws)
    if decisions and not decided:
        say(f"note: nothing is decided in {', '.join(map(str, decisions))}: no row has a decision", err=True)
    if sheets is not None and review_sample is not None:
        _write_sample(linked, lists, sheets, out, review_sample, seed=seed, force=force)
    if as_json:
        typer.echo(json_line(found))
    else:
        _print(linked.draws, found, out)


@app.command()
def reviewed(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a linkage.")],
    sample: Annotated[
        Path | None, typer.Option(help="Folder of the review sample, with both sheets filled in. Default: DIR-review.")
    ] = None,
    decided: Annotated[
        Path | None, typer.Option(help="A sheet of a third person, who decides where the two differ.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what a labelled random sample of records says of a linkage.

    The number of people by the sample, without trust in the model, beside the model's; precision and recall of the
    links; how often the reviewers err.
    """
    from dataclasses import asdict

    from estimation.linkage.review_files import read_reviewed

    folder = directory.with_name(f"{directory.name}-review") if sample is None else sample
    draws, found = read_reviewed(directory, folder, decided=decided)
    if as_json:
        people = draws.people
        spread = {"median": people.median, "lower": people.lower, "upper": people.upper, "level": people.level}
        typer.echo(json_line({"people": spread, "sample": _finite(asdict(found))}))
        return
    rows = [
        ("the model", f"{draws.people.median:,}", str(draws.people.interval)),
        ("the sample", f"{found.n_people:,.0f}", str(found.interval)),
    ]
    print_table("People on the lists", ("by", "people", "interval"), rows, words=(0, 2))
    shares = [
        (name, _share(part.value), f"{_share(part.lower)} to {_share(part.upper)}")
        for name, part in (
            ("precision of the links", found.precision),
            ("recall of the links", found.recall),
            ("error of one reviewer", found.reviewer_error),
        )
    ]
    say("")
    print_table("By the sample", ("", "share", "95 % confidence interval"), shares)
    say(
        f"\nThe two reviewers differ on {found.disagreements:,} of {found.n_drawn:,} records, {found.undecided:,} of "
        f"them not decided; for their errors the interval is {found.widening:,.1f} people longer on each side. Records "
        "that mislead both alike are not seen by it."
    )


def _checked(
    linked: Linked, lists: Sequence[NameList], settings: LinkageSettings, seed: int, workers: int, progress: Progress
) -> Linked:
    """The linkage with what linking files written from the fitted model gave, among its notes."""
    from dataclasses import replace

    from estimation.linkage.self_check import self_check
    from estimation.work.seeds import generator_for

    rng = generator_for(seed, "self-check")
    found = self_check(lists, linked.draws, rng=rng, settings=settings, workers=workers, progress=progress)
    return replace(linked, draws=replace(linked.draws, notes=(*linked.draws.notes, found.note)))


def _share(value: float) -> str:
    return "not known" if value != value else f"{value:.1%}"


def _finite(found: dict[str, Any]) -> dict[str, Any]:
    """What JSON can hold: a share that is not known is null."""
    return {
        key: _finite(value) if isinstance(value, dict) else None if value != value else value
        for key, value in found.items()
    }


def _write_sample(
    linked: Linked, lists: Sequence[NameList], sheets: Path, out: Path, size: int, *, seed: int, force: bool
) -> None:
    """Draw records for review and write their sheets."""
    from estimation.linkage.review_files import write_review_files
    from estimation.linkage.review_sample import draw_review_sample
    from estimation.work.seeds import generator_for

    together, _ = linked.draws.point_clustering()
    sample = draw_review_sample(
        linked.looser,
        len(linked.draws.records),
        size=size,
        rng=generator_for(seed, "review sample"),
        together=together.astype("int64"),
    )
    write_review_files(sample, lists, sheets, linkage=out, force=force)
    say(
        f"note: {sheets} has the sheets of {len(sample.records):,} records for two people who do not see each other's "
        f"answers; names stand in them. Filled in: mse reviewed {out}",
        err=True,
    )


def _print(draws: LinkageDraws, found: Mapping[str, Any], out: Path) -> None:
    """Print what was read as what, how many people the records are of, and what a reader should know of that."""
    from estimation.linkage.linked_tables import REVIEWERS

    rows = []
    for each in draws.files:
        read = ", ".join(f"{key}: {heading}" for key, heading in each.columns.items())
        rows.append((each.name, f"{each.n_records:,}", f"{sum(each.not_linked.values()):,}", read))
    headings = ("list", "records", "people in rows not linked", "columns read")
    print_table("The lists", headings, rows, words=(0, 3), given=draws.lists)
    say(f"\n{draws}\n", given=draws.lists)
    repeated = []
    for name, spread in found["duplicates"].items():
        repeated.append((name, f"{spread['median']:,}", f"{spread['lower']:,} to {spread['upper']:,}"))
    print_table(
        "Records beyond the first of a person on one list", ("list", "median", "95 %"), repeated, given=draws.lists
    )
    if draws.review:
        pairs = ", ".join(f"{count:,} {answer}" for answer, count in draws.review.items())
        by = str(draws.settings[REVIEWERS])
        say(f"\nPairs of records reviewed by {by}: {pairs}. What they decided is taken as given.", given=[by])
    say(f"\n{draws.diagnostics.sentence}")
    for note in draws.notes:
        say(f"  ! {note}", given=draws.lists)
    model = " --model latent-class" if len(draws.lists) > 2 else ""  # which two lists cannot carry
    say(f"\nWritten to {out}. Next: mse estimate {out}{model}")
