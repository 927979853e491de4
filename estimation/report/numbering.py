"""Figures and tables are numbered in the order in which they stand, so that a sentence can refer to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from estimation.report.document import Block, Figure, Part, Section, Table, blocks_of

__all__ = ["figure_numbers", "numbered"]


def numbered(sections: Sequence[Section], *, first_figure: int) -> tuple[Section, ...]:
    """The same sections, each figure and each table with its number.

    Parameters
    ----------
    sections : sequence of Section
        What the report says, in its order.
    first_figure : int
        The number of the first figure in them; tables begin with one.
    """
    figures, tables = count(first_figure), count(1)
    return tuple(
        replace(section, blocks=tuple(_numbered(block, figures, tables) for block in section.blocks))
        for section in sections
    )


def _numbered(block: Block | Part, figures: Iterator[int], tables: Iterator[int]) -> Block | Part:
    if isinstance(block, Part):
        inside = (_numbered(part, figures, tables) for part in block.blocks)
        return replace(block, blocks=tuple(part for part in inside if not isinstance(part, Part)))
    if isinstance(block, Figure):
        return replace(block, number=next(figures))
    return replace(block, number=next(tables)) if isinstance(block, Table) else block


def figure_numbers(sections: Sequence[Section]) -> dict[str, int]:
    """The number of each figure by its name."""
    return {block.name: block.number for block in blocks_of(sections) if isinstance(block, Figure)}
