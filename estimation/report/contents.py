"""What a report says, in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from estimation.report import (
    claims,
    computation,
    estimates,
    figures,
    first_page,
    fit,
    linkage,
    model_details,
    overlap,
    prior,
    public_overlap,
    reproduction,
    sensitivity,
    strata,
)
from estimation.report.document import Document, Paragraph, Section
from estimation.report.numbering import figure_numbers, numbered
from estimation.report.translated import in_english, notices
from estimation.study.findings import Findings
from estimation.study.record import Record
from estimation.text.direction import has_right_to_left
from estimation.text.languages import language

__all__ = ["document_of"]

_STAMP = "SYNTHETIC DATA"


def document_of(findings: Findings, record: Record, *, results_sha256: str) -> Document:
    """The report of a study.

    Parameters
    ----------
    findings : Findings
        What was found.
    record : Record
        What it was made with.
    results_sha256 : str
        Checksum of the numbers that the report tells, as written to ``results.json``.
    """
    study = findings.study
    subtitle = f"{study.counted.where}, {study.counted.when}"
    spoken = language(study.report.language, "report")
    written = _written(findings, record, results_sha256)
    chart = replace(figures.comparison_figure(findings, spoken), number=1)
    if not spoken.is_english:
        chart = replace(chart, label=spoken.say("Figure {number}.", {"number": chart.number}))
    sections = numbered(written, first_figure=chart.number + 1)
    places = figure_numbers(sections) | {chart.name: chart.number}
    return Document(
        title=study.title,
        subtitle=subtitle,
        stamp=_STAMP if study.synthetic else "",
        headline=first_page.headline(findings, spoken),
        chart=chart,
        first=first_page.first_page(findings, figure_numbers=places, language=spoken),
        sections=(*in_english(findings, places, spoken), *sections),
        foot=f"estimation {record.version}, seed {study.seed}, results {results_sha256[:12]}",
        time=record.time,
        given=_given(findings, subtitle),
        language=spoken,
        notices=notices(spoken),
    )


def _written(findings: Findings, record: Record, results_sha256: str) -> list[Section]:
    """The full record, without the parts that the study leaves out, which are named in it."""
    study, edition = findings.study, findings.edition
    parts: Mapping[str, Section | None] = {
        "estimates": estimates.every_model(findings),
        "linkage": linkage.who_is_the_same_person(
            findings.linked, findings.results, study.headline, synthetic=study.synthetic
        ),
        "strata": strata.by_place_time_and_group(findings),
        "prior": prior.prior_and_lists(findings),
        "overlap": overlap.overlap(findings) if edition is None else public_overlap.public_overlap(findings, edition),
        "computation": computation.computation(findings),
        "fit": fit.fit_to_the_lists(findings),
        "sensitivity": sensitivity.one_thing_changed(findings),
        "explanations": claims.explanations(findings),
        "published": claims.published(findings),
        "claims": claims.claimed(findings),
    }
    left_out = {*study.report.leave_out}
    headings = [part.heading for name, part in parts.items() if part is not None and name in left_out]
    details = model_details.details(findings)
    if "model_tables" in left_out:
        details = model_details.without_tables(details)
        headings.append("tables of each model")
    ends = (
        None if edition is None else public_overlap.edition_in_full(edition),
        _left_out(headings) if headings else None,
        reproduction.reproduction(findings, record, results_sha256),
        details,
    )
    stays = [part for name, part in parts.items() if name not in left_out]
    return [section for section in (*stays, *ends) if section is not None]


def _left_out(headings: Sequence[str]) -> Section:
    """That the author of the study left parts out, and which."""
    named = ", ".join(f"“{heading}”" for heading in headings)
    text = (
        f"The study file leaves these parts out of the report: {named}. No number depends on that: results.json is the "
        "same with them and without."
    )
    return Section("What this report leaves out", (Paragraph(text),))


def _given(findings: Findings, subtitle: str) -> frozenset[str]:
    """The texts that people gave for this study and its table; the line under the title where all of it is theirs."""
    study, counted = findings.study, findings.study.counted
    whole = [subtitle] if all(map(has_right_to_left, (counted.where, counted.when))) else []
    texts = [study.title, *whole, counted.who, counted.where, counted.when, counted.excludes, *findings.table.lists]
    texts += [declared.label for declared in study.declared]
    texts += [text for reference in study.references for text in (reference.label, reference.source)]
    texts += [text for c in study.claims for text in (c.who, c.when, c.words, c.citation)]
    texts += [name for found in findings.strata.values() for names in (found.labels, *found.results) for name in names]
    return frozenset([*texts, *([study.register.source] if study.register else [])])
