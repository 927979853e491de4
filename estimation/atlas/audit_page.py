"""The audit page of a study: what was published beside every declared model, in the parts that a report is made of.

No sentence passes judgement on a study: each says a number that was published or computed, and what it is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from estimation.atlas.audit import Audit
from estimation.atlas.audit_sections import (
    again,
    by_strata,
    by_threshold,
    dependence,
    versions,
)
from estimation.atlas.facts import facts
from estimation.atlas.published import PublishedFigure
from estimation.provenance import package_version
from estimation.report import estimates, figures, overlap, sensitivity
from estimation.report.document import Block, Bullets, Document, Headline, Paragraph, Part, Section, Table
from estimation.report.numbering import numbered
from estimation.report.wording import persons, sentence_case, several

__all__ = ["audit_document"]

_STAMP = "SYNTHETIC DATA"


def audit_document(audit: Audit) -> Document:
    """The page of a study as a document, whose charts are still to be drawn (`estimation.report.drawing`).

    Parameters
    ----------
    audit : Audit
        The study, examined.
    """
    findings, study = audit.findings, audit.findings.study
    written: tuple[Section | None, ...] = (
        again(audit),
        _every_model(audit),
        by_strata(audit),
        by_threshold(audit),
        dependence(audit),
        _one_thing_changed(audit),
        _overlap(audit),
        versions(audit),
    )
    chart = replace(figures.comparison_figure(findings), number=1)
    if study.references:
        chart = replace(chart, caption=f"{chart.caption} Below the line stands what was published.")
    sections = [section for section in written if section is not None]
    return Document(
        title=audit.atlas.title,
        subtitle=f"{study.counted.where}, {study.counted.when}",
        stamp=_STAMP if study.synthetic else "",
        headline=_headline(audit),
        chart=chart,
        first=(
            Section("What was found", (Bullets(facts(audit)),)),
            Section("What is counted", (_counted(audit),)),
        ),
        sections=numbered(sections, first_figure=chart.number + 1),
        foot=f"Atlas of published studies, estimation {package_version()}, seed {study.seed}",
        time=datetime(1970, 1, 1, tzinfo=UTC),
        given=frozenset([study.title, *findings.table.lists]),
    )


def _headline(audit: Audit) -> Headline:
    """What was published; the known number where nothing else was."""
    table, published = audit.findings.table, audit.atlas.published
    lists = sentence_case(several(len(table.lists), "list"))
    names = f"{lists} name {persons(table.n_observed)} people."
    own = next((figure for figure in published.figures if figure.own), None)
    if own is not None and own.estimate is not None:
        ends = f"{persons(own.lower)} to {persons(own.upper)}" if own.lower and own.upper else "no range was published"
        return Headline(f"Published: {persons(own.estimate)} people", f"{ends}{_level(own)}", (names,))
    if published.truth is not None:
        return Headline(f"Known: {persons(published.truth)} people", "A count and no estimate.", (names,))
    n_figures = sum(figure.estimate is not None or figure.lower is not None for figure in published.figures)
    if n_figures:
        number = sentence_case(several(n_figures, "published figure"))
        return Headline(number, "None of them is the study's own answer; table 1 has them.", (names,))
    return Headline("No published number", "None was found in what was read.", (names,))


def _level(figure: PublishedFigure) -> str:
    """What a published range is, in parentheses."""
    if not figure.lower:
        return ""
    if figure.level is None:
        return f" ({figure.kind})"
    between = " " if figure.kind.endswith("interval") else ", "
    return f" ({100 * figure.level:.0f} %{between}{figure.kind})"


def _counted(audit: Audit) -> Paragraph:
    counted = audit.findings.study.counted
    return Paragraph(f"{counted.who}. Not counted: {counted.excludes}")


def _every_model(audit: Audit) -> Section:
    """The declared models; none of them was chosen before the published number was known."""
    section = estimates.every_model(audit.findings)
    note = Paragraph(
        "The marked row is the model that stands on top in the study file of this package; it was declared after the "
        "study was published, so that no row carries more weight than another."
    )
    return replace(section, blocks=(note, *_with_folded_lists(section.blocks)))


def _with_folded_lists(blocks: Sequence[Block | Part]) -> Iterator[Block | Part]:
    """Long lists of notes go into parts that a reader opens, each under the sentence before it."""
    waiting: Paragraph | None = None
    for block in blocks:
        if isinstance(block, Bullets) and waiting is not None:
            yield Part(waiting.text.rstrip(":"), (block,), is_folded=True)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = block if isinstance(block, Paragraph) else None
        if waiting is None:
            yield block
    if waiting is not None:
        yield waiting


def _overlap(audit: Audit) -> Section:
    """How the lists overlap, without the odds ratios of pairs, which have a table of their own."""
    section = overlap.overlap(audit.findings)
    blocks = [block for block in section.blocks if not (isinstance(block, Table) and "Odds ratio" in block.columns)]
    return replace(section, blocks=tuple(blocks))


def _one_thing_changed(audit: Audit) -> Section | None:
    """What would change the number, without the sentence about a file that only a run writes."""
    section = sensitivity.one_thing_changed(audit.findings)
    if section is None:
        return None
    opening = Paragraph("Each of these changes one thing and leaves everything else as it is. Every answer is here.")
    return replace(section, heading="What would change the number", blocks=(opening, *section.blocks[1:]))
