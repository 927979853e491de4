"""Commands about a study: new, run, verify, diff, sign.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from estimation.capture.declared import Declared
from estimation.cli.columns import columns_declared
from estimation.cli.ending import DIFFERS, NOT_ESTIMABLE, STOPPED
from estimation.cli.options import StudyArgument, WorkersOption, workers_of
from estimation.cli.output import Bar
from estimation.cli.streams import json_line
from estimation.cli.terminal import say

__all__ = ["app"]

app = typer.Typer()


@app.command()
@columns_declared
def new(
    tables: Annotated[
        list[Path],
        typer.Argument(
            metavar="TABLE|LIST...",
            help="A table: a text file, a workbook (.xlsx) or a Parquet file. Or files with lists of names.",
        ),
    ],
    declared: Declared,
    claims: Annotated[Path | None, typer.Option(help="What others say the number is (CSV), beside the study.")] = None,
    out: Annotated[Path, typer.Option(help="The study file to write; an older one is not replaced.")] = Path(
        "study.toml"
    ),
) -> None:
    """Write a study file for a table, or for lists of names, with comments.

    With the models that can be fitted to it, and with what has to be filled in before it is run.  For lists of names it
    holds what each column was taken for, and what somebody has to decide of each list.
    """
    from estimation.cli.name_lists import is_name_list
    from estimation.study.new_study import write_new_study, write_new_study_of_lists

    if len(tables) > 1 or is_name_list(str(tables[0]), declared):
        written = write_new_study_of_lists(tables, out, claims=claims)
    else:
        written = write_new_study(tables[0], out, claims=claims, columns=declared, door="command line")
    say(f"Wrote {written}. Say in [counted] what is counted, choose the headline, and then:\n")
    say(f"  mse run {written} --out results")


@app.command()
def run(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="A study file (TOML).")],
    out: Annotated[Path, typer.Option(help="Folder for the report, the results and the record.")],
    keep_persons: Annotated[
        bool,
        typer.Option("--keep-persons", help="Keep the table as read, even where its rows are persons; not by default."),
    ] = False,
    public: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="K",
            help="Write the public edition: no group of fewer than K people in it, and none that can be worked out.",
        ),
    ] = None,
    workers: WorkersOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier run's files that were edited since, or signed.")
    ] = False,
) -> None:
    """Run a study and write its report.

    All its models, then report.html, report.pdf, results.json, record.json and the charts.
    Stopped half-way, the same command goes on where it stopped and gives the same numbers.
    Exit status 3 when no declared model has an estimate; the report then says why.
    With --public K the folder may be published: the table in it has lists merged until no cell is below K, margins
    that give a small cell away are left out, numbers are rounded, and the saved models stay out.  What is written is
    attacked by an integer programme first.  Estimates are made from the whole table and tell something of it.  A run
    that was stopped leaves answers from the whole table in .parts: publish the folder only when the run has ended.
    """
    from estimation.runs.output_folder import check_folder
    from estimation.runs.run import run_study
    from estimation.study.tasks import study_processes

    check_folder(out, force=force, force_option="--force")
    try:
        with study_processes(workers_of(workers)) as processes, Bar() as progress:
            finished = run_study(
                study,
                out,
                keep_persons=keep_persons,
                public=public,
                workers=workers_of(workers),
                executor=processes,
                force=force,
                progress=progress,
            )
    except KeyboardInterrupt:
        say("mse: stopped; what is finished is cached, and the same command goes on from there", err=True)
        raise typer.Exit(STOPPED) from None
    results = json.loads((finished / "results.json").read_text(encoding="utf-8"))
    say(f"\n{results['headline']['sentence']}\n", given=[results["title"]])
    for name in ("report.html", "report.pdf", "report.docx", "results.json", "record.json", "charts", "tables"):
        if (finished / name).exists():
            say(f"  {finished / name}")
    if "edition" in results:
        say("\n".join(["\nPublic edition. Left out:", *(f"  {each}" for each in results["edition"]["left_out"])]))
    if not any(model["estimable"] for model in results["models"]):
        raise typer.Exit(NOT_ESTIMABLE)


@app.command()
def verify(
    directory: StudyArgument,
    strict: Annotated[
        bool, typer.Option("--strict", help="Also hold every file against SHA256SUMS and make the report again.")
    ] = False,
    public_key: Annotated[
        Path | None, typer.Option(help="Also check SHA256SUMS.sig by this public key (Ed25519, PEM).")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="The whole table, to verify a public edition, which does not hold it.")
    ] = None,
    lists: Annotated[
        Path | None,
        typer.Option(help="The folder of the lists of names that the study linked: also link them again and compare."),
    ] = None,
    workers: WorkersOption = None,
) -> None:
    """Run a finished study again and compare.

    From the inputs stored in it; says whether it is identical, the same within Monte Carlo error, or different.
    With --strict it must be identical: every file the same byte for byte, with none missing and none besides.  Another
    processor gives other last digits, and a sampler then other draws: --strict asks for a machine like the first.
    Exit status 1 when it is different, with --strict not identical, or not signed by that key.
    """
    from estimation.runs.verify import verify_study
    from estimation.study.tasks import study_processes

    with study_processes(workers_of(workers)) as processes, Bar() as progress:
        verification = verify_study(
            directory,
            strict=strict,
            public_key=public_key,
            table=table,
            lists=lists,
            workers=workers_of(workers),
            executor=processes,
            progress=progress,
        )
    say(verification)
    if verification.verdict == "different" or (strict and not verification.same):
        raise typer.Exit(DIFFERS)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder of a finished study.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of another, for example its correction.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what changed between two finished studies.

    Which inputs, settings and versions, and which numbers by how much: the matter of a corrigendum.
    Exit status 1 when something changed.
    """
    from estimation.runs.compare_studies import compare_studies

    difference = compare_studies(old, new)
    if as_json:
        typer.echo(json_line(difference.plain()))
    else:
        say(difference)
    if not difference.same:
        raise typer.Exit(DIFFERS)


@app.command()
def sign(
    directory: StudyArgument,
    key: Annotated[Path, typer.Option(help="Private key (Ed25519, PEM), as openssl makes it.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the signature by another key.")] = False,
) -> None:
    """Sign a finished study.

    Writes SHA256SUMS.sig over SHA256SUMS, which holds the checksum of every file.
    OpenSSL alone can check it; the commands are printed.
    """
    from estimation.runs.signature import needs_passphrase, sign_study

    passphrase = typer.prompt("Passphrase of the key", hide_input=True, err=True) if needs_passphrase(key) else None
    say(f"{sign_study(directory, key, passphrase=passphrase, force=force)}\n\nChecked in that folder by\n")
    say("  openssl pkeyutl -verify -pubin -inkey PUBLIC.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig")
    say("  sha256sum -c SHA256SUMS")
