"""The appendix of a report: each model's settings, assumptions and tables."""

from __future__ import annotations

from dataclasses import replace

from estimation.models.protocol import settings_of
from estimation.report.document import Block, Bullets, Paragraph, Part, Section, Table
from estimation.report.wording import persons, setting, several
from estimation.results.estimates import NotEstimable, Result, ResultTable
from estimation.study.findings import Findings

__all__ = ["details", "without_tables"]

_MOST_ROWS = 16
"""Rows of a model's own table that a page has room for; ``results.json`` has all of them."""


def details(findings: Findings) -> Section:
    """Each model's settings, assumptions and tables."""
    settings = Table(
        "Settings of each model. All that can be set in a model is here.",
        ("Model", "Name", "Settings"),
        "lll",
        tuple(
            (
                label,
                model.name,
                "; ".join(f"{name} = {setting(value)}" for name, value in settings_of(model)) or "none",
            )
            for label, model in (findings.study.models_of_strata | findings.study.models).items()
        ),
    )
    parts = [_part(label, result) for label, result in findings.results.items()]
    parts += [
        _part(f"{label}, over strata", found.total)
        for label, found in findings.strata.items()
        if label not in findings.results
    ]
    return Section("Appendix: details of each model", (settings, *parts), is_appendix=True)


def without_tables(section: Section) -> Section:
    """The appendix without the models' own tables: their settings and assumptions alone."""
    parts = (
        replace(part, blocks=tuple(block for block in part.blocks if not isinstance(block, Table)))
        if isinstance(part, Part)
        else part
        for part in section.blocks
    )
    return replace(section, blocks=tuple(parts))


def _part(label: str, result: Result) -> Part:
    blocks: list[Block] = [Paragraph("The model assumes:"), Bullets(result.assumptions)]
    if isinstance(result, NotEstimable):
        blocks.append(Paragraph(f"It gave no number: {result.reason}"))
    blocks += [_table(table) for table in result.tables if table.rows]
    return Part(label, tuple(blocks), is_folded=True)


def _table(table: ResultTable) -> Table:
    """The first rows of a model's own table."""
    rows = table.rows[:_MOST_ROWS]
    more = (
        f" The first {several(len(rows), 'row')} of {persons(len(table.rows))}; results.json has all."
        if len(table.rows) > len(rows)
        else ""
    )
    # The first column names the row, be it a number.
    _, *others = zip(*rows, strict=True)
    return Table(
        f"{table.title.rstrip('.')}.{more}",
        table.columns,
        "l" + "".join("l" if any(isinstance(value, str) for value in column) else "r" for column in others),
        tuple(tuple(_cell(value) for value in row) for row in rows),
    )


def _cell(value: str | int | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
