"""Figures and tables are numbered in the order in which they stand, so that a sentence can refer to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from estimation.report.document import Block, Figure, Section, Table, blocks_of, with_blocks

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

    def with_number(block: Block) -> Block:
        if isinstance(block, Figure):
            return replace(block, number=next(figures))
        return replace(block, number=next(tables)) if isinstance(block, Table) else block

    return with_blocks(sections, with_number)


def figure_numbers(sections: Sequence[Section]) -> dict[str, int]:
    """The number of each figure by its name."""
    return {block.name: block.number for block in blocks_of(sections) if isinstance(block, Figure)}
