"""A report as a PDF, typeset by Typst with the fonts that it and Matplotlib carry: no system font, no network."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import matplotlib
import typst

from estimation.report.document import Bullets, Commands, Document, Explorer, Figure, Paragraph, Section, Table
from estimation.results.as_json import Json

__all__ = ["pdf_of"]

_TEMPLATE = Path(__file__).with_name("paper.typ")
_RIGHT_TO_LEFT = {"R", "AL"}


def _direction(text: str) -> str:
    """The direction of the first letter that has one, as HTML's ``dir="auto"`` has it."""
    for letter in text:
        way = unicodedata.bidirectional(letter)
        if way in _RIGHT_TO_LEFT:
            return "rtl"
        if way == "L":
            return "ltr"
    return "ltr"


def _text(text: str) -> Json:
    return {"text": text, "dir": _direction(text)}


def _section(section: Section) -> Json:
    """A section as data for the template; paper cannot be explored."""
    blocks = [_block(block) for block in section.blocks if not isinstance(block, Explorer)]
    return {"heading": section.heading, "blocks": blocks}


def _block(block: Paragraph | Bullets | Commands | Table | Figure) -> Json:
    """A block as data for the template."""
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "tone": block.tone, "body": _text(block.text)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_text(item) for item in block.items]}
    if isinstance(block, Commands):
        return {"kind": "commands", "lines": list(block.lines)}
    if isinstance(block, Figure):
        svg = block.wide.decode("utf-8")
        return {"kind": "figure", "caption": _text(block.caption), "alternative": block.alternative, "svg": svg}
    return {
        "kind": "table",
        "caption": _text(block.caption),
        "columns": list(block.columns),
        "align": block.align,
        "widths": [max((len(cell) for cell in column), default=0) for column in zip(*block.rows, strict=True)],
        "rows": [[_text(cell) for cell in row] for row in block.rows],
        "marked": block.marked,
    }


def pdf_of(document: Document) -> bytes:
    """The report as a PDF; the same document gives the same bytes.

    Parameters
    ----------
    document : Document
        What it says.  All text is handed over as data, so that no character in it can be taken for markup.
    """
    when = document.time
    data: Json = {
        "title": _text(document.title),
        "subtitle": _text(document.subtitle),
        "stamp": document.stamp,
        "foot": document.foot,
        "date": [when.year, when.month, when.day, when.hour, when.minute, when.second],
        "headline": {
            "figure": document.headline.figure,
            "rests": document.headline.rests,
            "range": _text(document.headline.range),
            "assumption": _text(document.headline.assumption),
            "sentences": [_text(sentence) for sentence in document.headline.sentences],
        },
        "first": [_section(section) for section in document.first],
        "sections": [_section(section) for section in document.sections],
    }
    compiled: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")],
        ignore_system_fonts=True,
        timestamp=when,
    )
    return compiled
