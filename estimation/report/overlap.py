"""The part of a report that shows how the lists overlap."""

from __future__ import annotations

from estimation.capture.inspection import inspect_table
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.figures import overlap_figure
from estimation.report.wording import persons, share
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["overlap"]

_MOST_PAIRS = 45
"""Pairs that a page has room for: those of ten lists."""

_LONG = 15
"""More pairs than this, those of six lists, are shown to a reader who opens them."""


def overlap(findings: Findings) -> Section:
    """Who is on which lists, and what that hints."""
    table = findings.table
    inspection = inspect_table(table)
    opening = "All that the data say of the people on no list comes from how the lists overlap."
    if findings.linked is not None:
        opening += " This is the overlap in one draw of who is the same person, in the middle of all."
    blocks: list[Block] = [
        Paragraph(opening),
        overlap_figure(findings, table),
        Table(
            "The lists, in persons.",
            ("List", "On it", "On no other", "Share found elsewhere"),
            "lrrr",
            tuple((r.name, persons(r.size), persons(r.singletons), share(r.share_elsewhere)) for r in inspection.lists),
        ),
    ]
    if inspection.pairs:
        pairs, n_pairs = inspection.pairs[:_MOST_PAIRS], len(inspection.pairs)
        more = f" The first {len(pairs)} of {persons(n_pairs)}; the command mse inspect lists all." * (
            n_pairs > len(pairs)
        )
        blocks.append(
            Table(
                f"Pairs of lists, in persons.{more} The odds ratio, with its {share(LEVEL)} interval, is among people "
                "who are on a further list too. Above one, the two lists are positively dependent: people on the first "
                "are also on the second more often than with independent lists.",
                ("Pair", "On both", "Odds ratio", "Hint"),
                "lrll",
                tuple((f"{p.first}, {p.second}", persons(p.both), p.odds_ratio_text, p.hint) for p in pairs),
                is_folded=len(pairs) > _LONG,
            )
        )
    blocks.append(Bullets((*findings.table_notes, *inspection.sentences)))
    return Section("How the lists overlap", tuple(blocks))
