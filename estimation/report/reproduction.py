"""The part of a report from which it can be made again: the commands, and the record of what made it."""

from __future__ import annotations

from estimation.report.document import Block, Commands, Paragraph, Section, Table
from estimation.study.findings import Findings
from estimation.study.record import Record

__all__ = ["reproduction"]


def reproduction(findings: Findings, record: Record, results_sha256: str) -> Section:
    """The commands that make the study again, and the inputs, versions, seed and machine that made this report."""
    return Section("How to reproduce this report", (*_commands(record), *_record(findings, record, results_sha256)))


def _commands(record: Record) -> list[Block]:
    """The commands that make the study again."""
    if record.public is not None:
        return [
            Paragraph(
                "The whole table is not in the folder of this public edition. With it, and with version "
                f"{record.version} of the package “estimation”, this runs the study again and says whether every "
                "number is the same:"
            ),
            Commands(("mse verify . --table TABLE",)),
        ]
    blocks: list[Block] = [
        Paragraph(
            f"With version {record.version} of the package “estimation” installed, this command, given in the folder "
            "of this report, runs the study again from the inputs stored there and says whether every number is the "
            "same:"
        ),
        Commands(("mse verify .",)),
    ]
    if record.lists:
        blocks += [
            Paragraph(
                "It starts from the tables of all draws of who is the same person. With the lists of names, which are "
                "not stored, this draws them again and says whether they are the same:"
            ),
            Commands(("mse verify . --lists FOLDER",)),
        ]
    if record.study_stands_alone:
        blocks += [
            Paragraph("And these write the report again, byte for byte on a machine like this one:"),
            Commands(
                (
                    f"export SOURCE_DATE_EPOCH={int(record.time.timestamp())}",
                    f"mse run 'inputs/{record.study_name}' --out again",
                )
            ),
        ]
    return blocks


def _record(findings: Findings, record: Record, results_sha256: str) -> tuple[Table, Table]:
    """Which inputs, versions, seed and machine made this report, and when."""
    rows = (
        ("Made", f"{record.time:%Y-%m-%d %H:%M:%S} UTC"),
        ("Version", f"estimation {record.version}"),
        ("Machine", f"{record.platform}, Python {record.python}"),
        ("Packages", ", ".join(f"{name} {version}" for name, version in record.packages)),
        ("Seed", str(findings.study.seed)),
    )
    original = record.original
    files = (
        (f"inputs/{record.study_name}", record.study_sha256),
        (f"inputs/{record.table_name}", record.table_sha256),
        *((f"{each.name} (read and linked; the tables of all draws are stored)", each.sha256) for each in record.lists),
        *([] if original is None else [(f"{original.name} (read; only its counts are stored)", original.sha256)]),
        ("results.json", results_sha256),
    )
    return (
        Table("What made this report.", ("", ""), "ll", rows),
        Table(
            "Checksums of the inputs and of the numbers; the file SHA256SUMS has those of every file.",
            ("File", "SHA-256"),
            "lc",
            files,
        ),
    )
