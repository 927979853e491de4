"""The files of a report: the page, the PDF and the Word document, as a study asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from estimation.files import write_bytes
from estimation.report.document import Document
from estimation.study.report_keys import ReportFormat

__all__ = ["write_report"]


def write_report(document: Document, folder: Path, formats: Collection[ReportFormat]) -> None:
    """Write ``report.html``, ``report.pdf`` and ``report.docx``, or those of them that are wanted.

    Parameters
    ----------
    document : Document
        What the report says, its charts drawn for these formats.
    folder : Path
        Where.
    formats : collection of str
        As what.
    """
    for name, written in _WRITERS.items():
        if name in formats:
            write_bytes(folder / f"report.{name}", written(document))


def _html(document: Document) -> bytes:
    # Imported here because a study that wants no page needs no templates.
    from estimation.report.page import html_of

    return html_of(document).encode("utf-8")


def _pdf(document: Document) -> bytes:
    # Imported here because a study that wants no PDF needs no typesetter.
    from estimation.report.paper import pdf_of

    return pdf_of(document)


def _docx(document: Document) -> bytes:
    # Imported here because few studies want a Word document.
    from estimation.report.word import docx_of

    return docx_of(document)


_WRITERS: Mapping[ReportFormat, Callable[[Document], bytes]] = {"html": _html, "pdf": _pdf, "docx": _docx}
