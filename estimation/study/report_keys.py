"""The keys of ``[report]`` in a study file: as which files the report is written, and in which language it begins.

::

    [report]
    formats = ["html", "pdf", "docx"]     by default the page and the PDF
    language = "fa"                       of page one; the rest is English
    tables = ["csv", "xlsx", "latex"]     each table of the report as files of their own; by default none

No number depends on any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from estimation.text.languages import language_codes

__all__ = ["DeclaredReport", "ReportFormat", "TableFormat"]

ReportFormat: TypeAlias = Literal["html", "pdf", "docx"]
"""A file that the report can be written as."""

TableFormat: TypeAlias = Literal["csv", "xlsx", "latex"]
"""A file that a table of the report can be written as."""


def _is_spoken(code: str) -> str:
    """Refuse a language that page one is not written in."""
    known = language_codes("report")
    if code not in known:
        raise ValueError(f"page one is not written in it; there are {', '.join(known)}")
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredReport:
    """How a study is reported.

    Parameters
    ----------
    formats : tuple of str
        As what: ``"html"``, ``"pdf"``, ``"docx"``.
    language : str
        Of page one: ``"en"``, ``"ar"``, ``"es"``, ``"fa"``, ``"fr"``.
    tables : tuple of str
        As what each table of the report is written besides: ``"csv"``, ``"xlsx"``, ``"latex"``.
    """

    formats: Annotated[tuple[ReportFormat, ...], Field(min_length=1)] = ("html", "pdf")
    language: Annotated[str, AfterValidator(_is_spoken)] = "en"
    tables: tuple[TableFormat, ...] = ()
