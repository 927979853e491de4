"""A report as a Word document (.docx), with headings, captions, lists and tables as Word's own styles.

The same `Document` as the page and the PDF.  Words of a script that runs from right to left stand in runs of their own,
which Word is told the direction of; charts are PNG with their alternative text; the numbers of figures and tables are
fields, so that a list of them can be made.  The same document gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

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
from estimation.report.repeatable import repeatable_zip
from estimation.report.word_styles import NUMBERS_FONT, STYLES, style_elements
from estimation.text.direction import Piece, direction_of, isolates_parted, pieces

__all__ = ["docx_of"]

_PAGE_CM, _HIGH_CM, _MARGIN_CM, _PICTURE_CM = 21.0, 29.7, 2.3, 16.0
_AFTER_BIDI = (
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
    "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
"""What stands behind the direction in the properties of a paragraph, in the order of the standard."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONG_WORD = re.compile(r"[!-~]{25,}")
_BREAK = "\N{ZERO WIDTH SPACE}"
_LOCALES = {"en": "en-US", "fa": "fa-IR", "ar": "ar-SA", "es": "es-ES", "fr": "fr-FR"}
_LETTER_CM, _EDGES_CM, _SHORT_CM = 0.17, 0.35, 3.4
"""How wide a letter of a table is, what stands at its sides, and up to which width a column is not made narrower."""

_FEWEST_LETTERS, _MOST_LETTERS = 4, 60
"""Letters that a column of words asks for at least and at most."""


def docx_of(document: Document) -> bytes:
    """The report as a Word document.

    Parameters
    ----------
    document : Document
        What it says, its charts drawn as PNG (`estimation.report.drawing`).
    """
    writer = _Writer(document)
    writer.first_page()
    writer.contents()
    for number, section in enumerate(document.sections, 1):
        writer.section(section, number)
    content = io.BytesIO()
    writer.word.save(content)
    return repeatable_zip(content.getvalue())


class _Writer:
    """A Word document while it is being written."""

    def __init__(self, document: Document) -> None:
        self.document, self.word = document, docx.Document()
        self.language = "en"
        _set_styles(self.word)
        section = self.word.sections[0]
        section.page_width, section.page_height = Cm(_PAGE_CM), Cm(_HIGH_CM)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
        core = self.word.core_properties
        core.title, core.author, core.last_modified_by = _clean(document.title), "", ""
        core.comments, core.revision = _clean(document.foot), 1
        core.created = core.modified = document.time.astimezone(UTC).replace(tzinfo=None)
        if document.stamp:
            self._text(section.header.paragraphs[0], document.stamp, style=STYLES["stamp"])
            section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot = section.footer.paragraphs[0]
        self._text(foot, f"{document.foot}\t\t", style="Caption")
        _field(foot, "PAGE", "1")

    def first_page(self) -> None:
        """Everything that a reader in a hurry must know, in the language of page one."""
        document, own = self.document, STYLES
        self._paragraph(document.title, own["title"])
        self._paragraph(document.subtitle, own["subtitle"])
        self.language = document.language.code
        for notice in document.notices[:1]:
            self._paragraph(notice, own["notice"])
        self.language = "en"
        for notice in document.notices[1:]:
            self._paragraph(notice, own["notice"])
        self.language = document.language.code
        self._paragraph(document.headline.figure, own["figure"])
        for text in (document.headline.range, *document.headline.sentences):
            self._paragraph(text, own["range"])
        self._block(document.chart)
        for section in document.first:
            self._paragraph(section.heading, "Heading 2")
            for block in section.blocks:
                self._block(block)
        self.language = "en"

    def contents(self) -> None:
        """The headings of the full record, each with a link to it."""
        heading = self._paragraph("Contents", "Heading 1")
        heading.paragraph_format.page_break_before = True
        for number, section in enumerate(self.document.sections, 1):
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), f"section-{number}")
            paragraph = self._paragraph(section.heading, "Normal")
            for run in list(paragraph._p.r_lst):
                link.append(run)
            paragraph._p.append(link)

    def section(self, section: Section, number: int) -> None:
        """A section of the full record."""
        heading = self._paragraph(section.heading, "Heading 1")
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(number))
        start.set(qn("w:name"), f"section-{number}")
        heading._p.insert(1, start)
        heading._p.append(end)
        for block in section.blocks:
            self._block(block)

    def _block(self, block: Block | Part) -> None:
        """A block; paper cannot be explored."""
        if isinstance(block, Part):
            self._paragraph(block.heading, "Heading 2")
            for inside in block.blocks:
                self._block(inside)
        elif isinstance(block, Paragraph):
            self._paragraph(block.text, STYLES["warning"] if block.tone == "warning" else "Normal")
        elif isinstance(block, Bullets):
            for item in block.items:
                self._paragraph(item, "List Bullet")
        elif isinstance(block, Commands):
            for line in block.lines:
                self._paragraph(line, STYLES["commands"])
            self._paragraph("", "Normal")
        elif isinstance(block, Figure):
            self._figure(block)
        elif not isinstance(block, Explorer):
            self._table(block)

    def _figure(self, figure: Figure) -> None:
        """A chart with its alternative text, and its caption under it."""
        paragraph = self._paragraph("", STYLES["picture"])
        picture = paragraph.add_run().add_picture(io.BytesIO(figure.picture), width=Cm(_PICTURE_CM))
        about = picture._inline.docPr
        about.set("descr", _clean(figure.alternative))
        about.set("name", f"{figure.number} {figure.name}")
        self._caption("Figure", figure.number, figure.caption, label=figure.label)

    def _caption(self, kind: str, number: int, text: str, *, label: str = "", with_next: bool = False) -> None:
        """The caption of a figure or a table; the number is a field where the label is English."""
        paragraph = self._paragraph("", "Caption")
        paragraph.paragraph_format.keep_with_next = with_next
        if label:
            self._text(paragraph, f"{label} {text}")
            return
        paragraph.add_run(f"{kind} ").bold = True
        _field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(". ").bold = True
        self._text(paragraph, text)

    def _table(self, table: Table) -> None:
        """A table with its caption above it; its head is repeated on every page."""
        self._caption("Table", table.number, table.caption, with_next=True)
        headed = any(table.columns)
        rows = [table.columns, *table.rows] if headed else list(table.rows)
        made = self.word.add_table(len(rows), len(table.columns), style=STYLES["table"])
        widths = [Cm(width) for width in _widths(table)]
        for at, (row, cells) in enumerate(zip(made.rows, rows, strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if headed and at == 0:
                properties.append(OxmlElement("w:tblHeader"))
            is_marked = table.marked is not None and at == table.marked + int(headed)
            is_bold = is_marked or (headed and at == 0)
            for cell, text, kind, width in zip(row.cells, cells, table.align, widths, strict=True):
                cell.width = width
                self._cell(cell, text, kind, is_bold=is_bold)
                if is_marked:
                    _shade(cell)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        self._paragraph("", STYLES["cell"])

    def _cell(self, cell: _Cell, text: str, kind: str, *, is_bold: bool) -> None:
        """A cell: words at the left, numbers at the right, code in letters of one width."""
        paragraph = cell.paragraphs[0]
        self._text(paragraph, _LONG_WORD.sub(lambda word: _BREAK.join(word[0]), text), style=STYLES["cell"])
        if kind == "r":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for run in paragraph.runs:
            if kind == "c":
                run.font.name = NUMBERS_FONT
            if is_bold:
                run.font.bold = run.font.cs_bold = True

    def _paragraph(self, text: str, style: str) -> WordParagraph:
        """A paragraph in the direction of its sentence."""
        paragraph = self.word.add_paragraph()
        self._text(paragraph, text, style=style)
        return paragraph

    def _text(self, paragraph: WordParagraph, text: str, *, style: str = "") -> None:
        """A text as runs, each of one direction; a style goes by its name without spaces."""
        if style:
            paragraph._p.style = style.replace(" ", "")
        parts = isolates_parted(_clean(text))
        if not parts:
            is_english = self.language == "en"
            parts = pieces(_clean(text), self.document.given) if is_english else (Piece(_clean(text), False),)
        words = "".join(part.text for part in parts if not part.is_isolated)
        way = direction_of(words) if self.language == "en" else self.document.language.direction
        if way == "rtl" and not paragraph._p.xpath("./w:pPr/w:bidi"):
            _set_right_to_left(paragraph)
        for part in parts:
            run = paragraph.add_run(part.text)
            if (direction_of(part.text) if part.is_isolated else way) == "rtl":
                run.font.rtl = True
            if self.language != "en":
                spoken = OxmlElement("w:lang")
                spoken.set(qn("w:bidi" if way == "rtl" else "w:val"), _LOCALES[self.language])
                run._r.get_or_add_rPr().append(spoken)


def _set_styles(word: WordDocument) -> None:
    """The report's styles in the place of those that have the same identifier."""
    styles = word.styles.element
    for identifier, xml in style_elements():
        for old in styles.xpath(f"./w:style[@w:styleId='{identifier}']"):
            styles.remove(old)
        styles.append(parse_xml(xml))


def _set_right_to_left(paragraph: WordParagraph) -> None:
    """A paragraph that begins at the right."""
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(OxmlElement("w:bidi"), *(f"w:{name}" for name in _AFTER_BIDI.split()))


def _shade(cell: _Cell) -> None:
    """Mark a cell of the row that the headline comes from."""
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F4F4F2")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _field(paragraph: WordParagraph, instruction: str, now: str) -> None:
    """A number that Word keeps up to date, with what it is now."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {instruction} ")
    run = paragraph.add_run(now)
    run.bold = instruction.startswith("SEQ") or None
    field.append(run._r)
    paragraph._p.append(field)


def _widths(table: Table) -> list[float]:
    """How wide each column is: numbers have the room that they need, long words share the rest.  Unit: centimetres."""
    columns = list(zip(table.columns, *table.rows, strict=True))
    wanted = [_wanted_by(column, kind) for column, kind in zip(columns, table.align, strict=True)]
    left = _PICTURE_CM - sum(width for width in wanted if width <= _SHORT_CM)
    shared = sum(width for width in wanted if width > _SHORT_CM)
    if left <= 0 or not shared:
        return [_PICTURE_CM * width / sum(wanted) for width in wanted]
    return [width if width <= _SHORT_CM else left * width / shared for width in wanted]


def _wanted_by(cells: Sequence[str], kind: str) -> float:
    """Room that a column asks for: numbers all of theirs, words up to some.  Unit: centimetres."""
    head, *others = cells
    longest_word = max((len(word) for word in head.split()), default=0)
    widest = max((len(cell) for cell in others), default=0)
    letters = max(widest, longest_word, _FEWEST_LETTERS)
    return _LETTER_CM * (letters if kind == "r" else min(letters, _MOST_LETTERS)) + _EDGES_CM


def _clean(text: str) -> str:
    """A text without the characters that no XML may hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
