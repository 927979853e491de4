"""What a report says, in its order."""

from __future__ import annotations

from estimation.report import answers, evidence, first_page, remaking, what_if
from estimation.report.document import Document, Section
from estimation.study.findings import Findings
from estimation.study.record import Record

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
        Checksum of the numbers that the report tells, as written to `results.json`.
    """
    study = findings.study
    sections: tuple[Section | None, ...] = (
        answers.counted(findings),
        answers.every_model(findings),
        evidence.overlap(findings),
        evidence.trust(findings),
        answers.changes(findings),
        what_if.questions(findings),
        what_if.stated(findings),
        answers.published(findings),
        what_if.claimed(findings),
        remaking.remaking(record),
        remaking.record_section(findings, record, results_sha256),
        remaking.details(findings),
    )
    return Document(
        title=study.title,
        subtitle=f"{study.counted.where}, {study.counted.when}",
        stamp=_STAMP if study.synthetic else "",
        headline=answers.headline(findings),
        first=first_page.first_page(findings),
        sections=tuple(section for section in sections if section is not None),
        foot=f"estimation {record.version}, seed {study.seed}, results {results_sha256[:12]}",
        time=record.time,
    )
