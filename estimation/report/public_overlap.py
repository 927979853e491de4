"""The part of a public edition's report about the lists: what may be said of them, and what the edition leaves out."""

from __future__ import annotations

from estimation.capture.disclosure.edition import Edition
from estimation.capture.inspection import inspect_table
from estimation.report.document import Block, Bullets, Paragraph, Section, Table
from estimation.report.figures import overlap_figure
from estimation.report.in_language import ENGLISH
from estimation.report.wording import persons, share
from estimation.study.findings import Findings
from estimation.study.study_file import LEVEL
from estimation.text.languages import Language

__all__ = ["LISTS", "SAFE_TABLE", "edition_in_full", "edition_in_short", "public_overlap"]

LISTS = "The lists, in persons"
"""How the caption of the table of the lists begins."""
SAFE_TABLE = "Of the safe table"
"""How the caption of a table begins whose numbers are those of the safe table."""


def public_overlap(findings: Findings, edition: Edition) -> Section:
    """Who is on which lists, as far as a public edition may say."""
    blocks: list[Block] = [
        Paragraph("All that the data say of the people on no list comes from how the lists overlap."),
        Paragraph(
            f"This public edition shows the safe table, which is in the folder inputs: {_merged(edition)} "
            "The estimates were made from the whole table."
        ),
        overlap_figure(findings, edition.safe.table),
    ]
    if edition.sizes is not None:
        sizes = zip(edition.lists, edition.sizes, strict=True)
        rows = tuple((name, persons(size)) for name, size in sizes)
        blocks.append(Table(f"{LISTS}, before any were merged.", ("List", "On it"), "lr", rows))
    if edition.frequencies is not None:
        blocks.append(_by_number_of_lists(edition, edition.frequencies))
    blocks.append(_pairs(edition))
    return Section("How the lists overlap", tuple(blocks))


def _merged(edition: Edition) -> str:
    """Which lists were made into one, in a sentence."""
    made = [" or ".join(group) for group in edition.safe.groups if len(group) > 1]
    if not made:
        return f"no capture history has fewer than {edition.minimum} people, and it is the table as it was."
    return f"{'; '.join(made)}: each stands there as one list, which a person is on who was on any of them."


def _by_number_of_lists(edition: Edition, frequencies: tuple[int, ...]) -> Table:
    last = len(frequencies)
    more = " or more" * (edition.pooled_from is not None)
    rows = tuple((f"{k}{more if k == last else ''}", persons(people)) for k, people in enumerate(frequencies, 1))
    return Table("People by the number of lists that they are on.", ("Lists", "Persons"), "lr", rows)


def _pairs(edition: Edition) -> Table:
    """Each two lists of the safe table."""
    return Table(
        f"{SAFE_TABLE}: its pairs of lists, in persons. The odds ratio, with its {share(LEVEL)} interval, is among "
        "people who are on a further list too.",
        ("Pair", "On both", "Odds ratio", "Hint"),
        "lrll",
        tuple(
            (f"{p.first}, {p.second}", persons(p.both), p.odds_ratio_text, p.hint)
            for p in inspect_table(edition.safe.table).pairs
        ),
    )


def edition_in_short(edition: Edition, language: Language = ENGLISH) -> Section:
    """That this is a public edition, for page one."""
    text = language.say(
        "This is a public edition: groups of fewer than {minimum} people are not shown in it, nor can they be worked "
        "out from the numbers of people that are. The number and its range were made from the whole table and are "
        "rounded.",
        {"minimum": edition.minimum},
    )
    return Section(language.say("What this edition leaves out"), (Paragraph(text),))


def edition_in_full(edition: Edition) -> Section:
    """The rule of the edition, what it does not cover, and what is left out."""
    return Section(
        "What this edition leaves out, and why",
        (
            Paragraph(
                f"{edition.rule} This was settled before it was written, as a reader would who tries: by an "
                "integer programme over all these numbers."
            ),
            Paragraph(edition.not_covered, "warning"),
            Paragraph("Printed of the table before any lists were merged:"),
            Bullets(tuple(f"{words[:1].upper()}{words[1:]}." for words in edition.safe.published.words)),
            Paragraph("Left out:"),
            Bullets(edition.left_out),
        ),
    )
