"""What a report says of a page one that is a translation: who has reviewed it, and the English, which holds."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.report import first_page
from estimation.report.document import Block, Paragraph, Part, Section
from estimation.study.findings import Findings
from estimation.text.languages import Language

__all__ = ["PAGE_ONE", "in_english", "notices"]

PAGE_ONE = "Page one in English"
"""The heading of the English that a translated page one refers to."""


def notices(language: Language) -> tuple[str, ...]:
    """What stands above a translated page one: whether a speaker has reviewed it, and that the rest is English.

    Parameters
    ----------
    language : Language
        Of page one; English needs no notice.
    """
    if language.is_english:
        return ()
    rest = language.say(
        "Only this page is translated; the rest is in English. If the two differ, the English holds: see the part "
        "“{part}”.",
        {"part": PAGE_ONE},
    )
    if language.is_reviewed:
        return (f"{language.say('Translation reviewed by {name}.', {'name': language.reviewed_by})} {rest}",)
    mark = f"Translation into {language.english_name}, not reviewed by a speaker of the language."
    return (f"{language.mark} {rest}", mark)


def in_english(findings: Findings, figure_numbers: Mapping[str, int], language: Language) -> tuple[Section, ...]:
    """Page one in English, as the first section of a report whose page one is a translation.

    Parameters
    ----------
    findings : Findings
        What was found.
    figure_numbers : mapping of str to int
        The number of each figure by its name.
    language : Language
        Of page one.
    """
    if language.is_english:
        return ()
    headline = first_page.headline(findings)
    lines = " ".join([f"{headline.figure} ({headline.range}).", *headline.sentences])
    sections = first_page.first_page(findings, figure_numbers=figure_numbers)
    opening: tuple[Block | Part, ...] = (Paragraph(lines),)
    return (Section(PAGE_ONE, opening + tuple(_part(section) for section in sections)),)


def _part(section: Section) -> Part:
    """A section of page one under a heading of its own."""
    return Part(section.heading, tuple(block for block in section.blocks if not isinstance(block, Part)))
