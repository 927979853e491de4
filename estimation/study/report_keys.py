"""The keys of ``[report]`` in a study file: as which files the report is written, in which language, with which parts.

::

    [report]
    formats = ["html", "pdf", "docx"]     by default the page and the PDF
    language = "fa"                       of page one; the rest is English
    tables = ["csv", "xlsx", "latex"]     each table of the report as files of their own; by default none
    leave_out = ["overlap", "fit"]        parts that the report does without (`MAY_BE_LEFT_OUT`); by default none

No number depends on any of them.  A report names the parts that were left out of it.  What a reader needs to judge the
number is in every report and cannot be left out: page one with the number, its kind of interval, what it rests on and
each change of the headline; the answers of all declared models; the prior; who is the same person; what made the
report; the mark on synthetic data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from estimation.text.languages import language_codes
from estimation.toml_file import nearest

__all__ = ["MAY_BE_LEFT_OUT", "DeclaredReport", "ReportFormat", "TableFormat"]

ReportFormat: TypeAlias = Literal["html", "pdf", "docx"]
"""A file that the report can be written as."""

TableFormat: TypeAlias = Literal["csv", "xlsx", "latex"]
"""A file that a table of the report can be written as."""

MAY_BE_LEFT_OUT: Mapping[str, str] = {
    "overlap": "how the lists overlap",
    "strata": "the numbers by place, time and group",
    "computation": "whether the computation worked, with its chains",
    "fit": "whether each model fits the lists",
    "sensitivity": "each question of sensitivity in full",
    "explanations": "what would have to hold for a stated number",
    "published": "published figures beside the study's own",
    "claims": "each claim about the number in full",
    "model_tables": "the tables of each model in the appendix; its assumptions and settings stay",
}
"""Parts of the report that a study may leave out, and what each says.  What page one says of them stays there."""

_STAYS: Mapping[str, str] = {
    **dict.fromkeys(
        ("first_page", "headline", "interval", "assumptions"),
        "page one has the number, the kind of its interval, what it rests on, and each change of the headline",
    ),
    "estimates": "every declared model is reported, and not only those that agree",
    "prior": "no Bayesian number stands without its prior",
    "linkage": "the number rests on who is the same person",
    "reproduction": "it says what made the report, and how it is made again",
    "synthetic": "invented people are marked on every page",
}
"""Parts that somebody may want to leave out and cannot, and why."""


def _may_be_left_out(part: str) -> str:
    """Refuse a part that is in every report, or is none."""
    if part in _STAYS:
        raise ValueError(f"it cannot be left out: {_STAYS[part]}; there are {', '.join(MAY_BE_LEFT_OUT)}")
    if part not in MAY_BE_LEFT_OUT:
        raise ValueError(f"there is no such part; {nearest(part, list(MAY_BE_LEFT_OUT))}")
    return part


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
    leave_out : tuple of str
        Parts that it does without: ``"overlap"``, ``"strata"``, ``"computation"``, ``"fit"``, ``"sensitivity"``,
        ``"explanations"``, ``"published"``, ``"claims"``, ``"model_tables"``.
    """

    formats: Annotated[tuple[ReportFormat, ...], Field(min_length=1)] = ("html", "pdf")
    language: Annotated[str, AfterValidator(_is_spoken)] = "en"
    tables: tuple[TableFormat, ...] = ()
    leave_out: tuple[Annotated[str, AfterValidator(_may_be_left_out)], ...] = ()
