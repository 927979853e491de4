"""The parts of a report from which it can be made again: the details of each model, the commands, the record."""

from __future__ import annotations

from collections.abc import Sequence

from estimation.models.protocol import settings_of
from estimation.report.document import Block, Bullets, Commands, Paragraph, Section, Table
from estimation.report.wording import persons, setting, several
from estimation.results.estimates import NotEstimable, ResultTable
from estimation.study.findings import Findings
from estimation.study.record import Record

__all__ = ["details", "record_section", "remaking"]

_MOST_ROWS = 16
"""Rows of a model's own table that a page has room for; `results.json` has all of them."""


def details(findings: Findings) -> Section:
    """Each model's settings, assumptions and tables."""
    blocks: list[Block] = [
        Table(
            "Settings of each model. All that a model can be told is here.",
            ("Model", "Name", "Settings"),
            "lll",
            tuple(
                (
                    label,
                    model.name,
                    "; ".join(f"{name} = {setting(value)}" for name, value in settings_of(model)) or "none",
                )
                for label, model in findings.study.models.items()
            ),
        )
    ]
    for label, result in findings.results.items():
        blocks += [Paragraph(label, "title"), Paragraph("It assumes:")]
        blocks.append(Bullets(result.assumptions))
        if isinstance(result, NotEstimable):
            blocks.append(Paragraph(f"It gave no number: {result.reason}"))
        blocks += [_table(label, table) for table in result.tables if table.rows]
    return Section("Details of each model", tuple(blocks))


def _table(label: str, table: ResultTable) -> Table:
    """The first rows of a model's own table."""
    shown = table.rows[:_MOST_ROWS]
    more = (
        f" The first {several(len(shown), 'row')} of {persons(len(table.rows))}; results.json has all."
        if len(table.rows) > len(shown)
        else ""
    )
    # The first column names the row, be it a number.
    _, *others = zip(*shown, strict=True)
    return Table(
        f"{label}: {table.title.rstrip('.')}.{more}",
        table.columns,
        "l" + "".join("l" if any(isinstance(value, str) for value in column) else "r" for column in others),
        tuple(tuple(_cell(value) for value in row) for row in shown),
    )


def _cell(value: str | int | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def remaking(record: Record) -> Section:
    """The commands that make the study again."""
    blocks: list[Block] = [
        Paragraph(
            f"With version {record.version} of the package “estimation” installed, this command, given in the folder "
            "of this report, runs the study again from the inputs kept there and says whether every number is the same:"
        ),
        Commands(("mse verify .",)),
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
    return Section("How to make it again", tuple(blocks))


def record_section(findings: Findings, record: Record, results_sha256: str) -> Section:
    """Which inputs, versions, seed and machine made this report, and when."""
    rows: Sequence[tuple[str, str]] = (
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
        *([] if original is None else [(f"{original.name} (read; its counts alone are kept)", original.sha256)]),
        ("results.json", results_sha256),
    )
    return Section(
        "The record",
        (
            Table("What made this report.", ("", ""), "ll", tuple(rows)),
            Table(
                "Checksums of the inputs and of the numbers; SHA256SUMS has those of every file.",
                ("File", "SHA-256"),
                "lc",
                files,
            ),
        ),
    )
