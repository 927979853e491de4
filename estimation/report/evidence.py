"""The parts of a report that show what the number stands on: the overlap of the lists, and the computation."""

from __future__ import annotations

from estimation.capture.inspection import inspect_table
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.figures import overlap_figure, sampling_figures
from estimation.report.wording import persons, several, share, significant
from estimation.results.estimates import Estimate, Result
from estimation.results.totals import Draws, Grid
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL

__all__ = ["overlap", "trust"]

_MOST_PAIRS = 45
"""Pairs that a page has room for: those of ten lists."""


def overlap(findings: Findings) -> Section:
    """Who is on which lists, and what that hints."""
    table = findings.table
    inspection = inspect_table(table)
    blocks: list[Block] = [
        Paragraph("All that can be said of the people on no list comes from how the lists overlap."),
        overlap_figure(findings),
        Table(
            "The lists, in persons.",
            ("List", "On it", "On no other", "Share found elsewhere"),
            "lrrr",
            tuple((r.name, persons(r.size), persons(r.singletons), share(r.share_elsewhere)) for r in inspection.lists),
        ),
    ]
    if inspection.pairs:
        shown, n_pairs = inspection.pairs[:_MOST_PAIRS], len(inspection.pairs)
        more = f" The first {len(shown)} of {persons(n_pairs)}; the command mse inspect lists all." * (
            n_pairs > len(shown)
        )
        blocks.append(
            Table(
                f"Pairs of lists, in persons.{more} The odds ratio, with its {share(LEVEL)} interval, is among people "
                "who are on a further list too. Above one, people on the first list are also on the second more often "
                "than with independent lists.",
                ("Pair", "On both", "Odds ratio", "Hint"),
                "lrll",
                tuple((f"{p.first}, {p.second}", persons(p.both), p.odds_ratio_text, p.hint) for p in shown),
            )
        )
    blocks.append(Bullets((*findings.table_notes, *inspection.sentences)))
    return Section("How the lists overlap", tuple(blocks))


def trust(findings: Findings) -> Section:
    """Whether the computations worked: of the headline in full, of the others in a sentence."""
    result, label = findings.headline, findings.study.headline
    blocks: list[Block] = [
        Paragraph(
            "A model can be computed well and still assume the wrong thing. This part is about the computation only."
        ),
        Paragraph(_sentence(label, result), "plain" if result.diagnostics.ok else "warning"),
    ]
    if result.diagnostics.checks:
        blocks.append(
            Table(
                f"Checks on the computation of the headline model, {label}.",
                ("Check", "Found", "Limit", "", "What it means"),
                "lrrll",
                tuple(
                    (c.name, significant(c.value), significant(c.limit), "passed" if c.passed else "failed", c.meaning)
                    for c in result.diagnostics.checks
                ),
            )
        )
    blocks += sampling_figures(findings)
    others = tuple(_sentence(name, other) for name, other in findings.results.items() if name != label)
    if others:
        blocks += [Paragraph("The other models:"), Bullets(others)]
    return Section("Whether the computation can be trusted", tuple(blocks))


def _sentence(label: str, result: Result) -> str:
    """Whether the computation of one model can be trusted, and what it was."""
    if not isinstance(result, Estimate):
        return (
            f"{label}: no number was made. {result.diagnostics.sentence if result.diagnostics.checks else ''}".strip()
        )
    if isinstance(result.total, Grid):
        made = "computed exactly, value by value; nothing was drawn at random"
    elif isinstance(result.total, Draws):
        chains, draws = result.total.values.shape
        made = f"{several(chains, 'chain')} of {persons(draws)} random draws each"
    else:
        made = "a formula"
    return f"{label} ({made}): {result.diagnostics.sentence}"
