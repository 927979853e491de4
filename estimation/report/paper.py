"""A report as a PDF, typeset by Typst with the fonts that it and Matplotlib carry: no system font, no network."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import matplotlib
import typst

from estimation.report.document import (
    Block,
    Bullets,
    Commands,
    Document,
    Explorer,
    Figure,
    Paragraph,
    Part,
    Section,
    Table,
)
from estimation.results.as_json import Json
from estimation.text.direction import direction_of, isolated, pieces

__all__ = ["pdf_of"]

_TEMPLATE = Path(__file__).with_name("paper.typ")
_PER_CENT = re.compile(r"(?<=\d) %")
_LONG_WORD = re.compile(r"[!-~\u00a1-\u024f]{30,}")
"""Letters in a row, of a script whose letters stand apart, that are too many for a column."""

_FIRST = 22
"""Letters in a row that the first column of a narrow table has room for."""
_BESIDE, _HALF = 72, 62
"""Letters that a table beside a chart, and one on half the page, has room for."""
_SHORT = 24
"""Rows of a table that stands beside another."""


def _text(text: str, way: str = "") -> Json:
    """A text that takes its direction in the end, if it has none; no line ends between a number and its per cent."""
    return {"text": _PER_CENT.sub("\N{NO-BREAK SPACE}%", text), "dir": way}


def _directed(data: Json, given: Collection[str]) -> Json:
    """Data whose texts have a direction each, and whose right-to-left names are isolated in their sentences."""
    if isinstance(data, dict) and data.keys() == {"text", "dir"}:
        text = str(data["text"])
        if data["dir"]:
            return data
        sentence = "".join(piece.text for piece in pieces(text, given) if not piece.is_isolated)
        return {"text": isolated(text, given), "dir": direction_of(sentence)}
    if isinstance(data, dict):
        return {key: value if key == "svg" else _directed(value, given) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_directed(value, given) for value in data]
    return isolated(data, given) if isinstance(data, str) else data


def _breakable(word: re.Match[str]) -> str:
    """A word that no column has room for, with places where a line may end."""
    return "\N{ZERO WIDTH SPACE}".join(word[0])


def _section(section: Section, way: str = "") -> Json:
    """A section as data for the template; one of a translated page one in the direction of its language."""
    if way:
        return {"heading": section.heading, "appendix": False, "rows": [_block(b, way=way) for b in section.blocks]}
    rows = [_narrow(block) for block in section.blocks] if section.is_appendix else _rows(section.blocks)
    return {"heading": section.heading, "appendix": section.is_appendix, "rows": rows}


def _narrow(block: Block | Part, heading: str = "") -> Json:
    """A block of an appendix, which has two columns; a wide table spans both, where there is room for it."""
    if isinstance(block, Part):
        rows = [_narrow(inside, block.heading) for inside in block.blocks]
        return {"kind": "part", "heading": _text(block.heading), "chart": None, "rows": rows}
    if isinstance(block, Table) and _letters(block) > _HALF and heading:
        moved = replace(block, caption=f"{heading}: {block.caption}")
        return {"kind": "float", "table": _block(moved)}
    return _block(block, narrow=True)


def _rows(blocks: Sequence[Block | Part]) -> list[Json]:
    """Blocks as data, two side by side where both fit; paper cannot be explored."""
    left = [block for block in blocks if not isinstance(block, Explorer)]
    rows: list[Json] = []
    while left:
        one, *others = left
        if isinstance(one, Part):
            rows.append(_part(one))
        elif others and _fit_beside(one, others[0]):
            rows.append({"kind": "pair", "pair": [_block(one, narrow=True), _block(others.pop(0), narrow=True)]})
        else:
            rows.append(_block(one))
        left = others
    return rows


def _part(part: Part) -> Json:
    """A part as data; where it has one chart, everything else stands beside it."""
    figures = [block for block in part.blocks if isinstance(block, Figure)]
    others = [block for block in part.blocks if not isinstance(block, Figure | Explorer)]
    if len(figures) == 1 and all(_letters(block) <= _BESIDE for block in others if isinstance(block, Table)):
        rows = [_block(block, narrow=True) for block in others]
        return {"kind": "part", "heading": _text(part.heading), "chart": _block(figures[0], narrow=True), "rows": rows}
    return {"kind": "part", "heading": _text(part.heading), "chart": None, "rows": _rows(part.blocks)}


def _fit_beside(one: Block, other: Block | Part) -> bool:
    """Whether two blocks that follow each other can stand side by side."""
    if isinstance(one, Figure):
        return isinstance(other, Figure) or (isinstance(other, Table) and _letters(other) <= _BESIDE)
    if not isinstance(one, Table) or not isinstance(other, Table):
        return False
    return max(_letters(one), _letters(other)) <= _HALF and max(len(one.rows), len(other.rows)) <= _SHORT


def _letters(table: Table) -> int:
    """About how many letters a table is wide, its words in the first column broken where they can be."""
    first, *others = zip(table.columns, *table.rows, strict=True)
    if any(kind != "r" for kind in table.align[1:]):
        return 2 * _HALF
    longest = max(len(word) for cell in first for word in cell.split(" "))
    widest = max(len(cell) for cell in first)
    numbers = (
        max(len(word) for cell in (name.replace(" ", "\n"), *cells) for word in cell.split("\n"))
        for name, *cells in others
    )
    return max(longest, min(widest, _FIRST)) + sum(number + 2 for number in numbers)


def _block(block: Block | Part, *, narrow: bool = False, way: str = "") -> Json:
    """A block as data for the template, for the width of the page or for a part of it."""
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "tone": block.tone, "body": _text(block.text, way)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_text(item, way) for item in block.items]}
    if isinstance(block, Commands):
        return {"kind": "commands", "lines": list(block.lines)}
    if isinstance(block, Figure):
        svg = (block.narrow if narrow else block.wide).decode("utf-8")
        return {
            "kind": "figure",
            "number": block.number,
            "label": block.label,
            "caption": _text(block.caption, way),
            "alternative": block.alternative,
            "svg": svg,
        }
    assert isinstance(block, Table)
    return {
        "kind": "table",
        "number": block.number,
        "narrow": narrow,
        "letters": _letters(block),
        "caption": _text(block.caption),
        "columns": list(block.columns),
        "align": block.align,
        "widths": [max((len(cell) for cell in column), default=0) for column in zip(*block.rows, strict=True)],
        "rows": [[_text(_LONG_WORD.sub(_breakable, cell)) for cell in row] for row in block.rows],
        "marked": block.marked,
    }


def pdf_of(document: Document) -> bytes:
    """The report as a PDF; the same document gives the same bytes.

    Parameters
    ----------
    document : Document
        What it says.  All text is handed over as data, so that no character in it can be taken for markup.
    """
    when, language = document.time, document.language
    way = "" if language.is_english else language.direction
    data: Json = {
        "title": _text(document.title),
        "subtitle": _text(document.subtitle),
        "stamp": document.stamp,
        "foot": document.foot,
        "date": [when.year, when.month, when.day, when.hour, when.minute, when.second],
        "headline": {
            "figure": document.headline.figure,
            "range": _text(document.headline.range, way),
            "sentences": [_text(sentence, way) for sentence in document.headline.sentences],
        },
        "language": language.code,
        "dir": language.direction,
        "notices": [_text(notice, "ltr" if at else way) for at, notice in enumerate(document.notices)],
        "chart": _block(document.chart, way=way),
        "first": [_section(section, way) for section in document.first],
        "sections": [_section(section) for section in document.sections],
    }
    compiled: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        sys_inputs={"document": json.dumps(_directed(data, document.given), ensure_ascii=False)},
        font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")],
        ignore_system_fonts=True,
        timestamp=when,
    )
    return compiled
