"""What the tests of reports share: a report at a fixed time, a short document, readers of HTML and PDF, page one."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from pypdf import PdfReader

from estimation.capture.readers import read_table_file
from estimation.report import first_page
from estimation.report.contents import document_of
from estimation.report.document import (
    Bullets,
    Document,
    Explorer,
    Figure,
    Headline,
    Paragraph,
    Part,
    Place,
    Section,
    Table,
    with_blocks,
)
from estimation.report.drawing import drawn
from estimation.report.figures import sensitivity_name
from estimation.study.record import record_of

SHA256 = "ab" * 32
PLAIN = b'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"><rect width="16" height="9"/></svg>'
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def said(findings, formats=("html", "pdf"), charts=None):
    """The report of findings, made at a fixed time; with the charts of these names alone where they are named."""
    record = record_of(findings.study, read_table_file(findings.study.table))
    record = replace(record, time=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC))
    document = document_of(findings, record, results_sha256=SHA256)
    return drawn(document if charts is None else plain(document, but=charts), formats=formats)


def plain(document, but=()):
    """The same document for tests of its words: every chart a plain picture, but those of some names."""

    def changed(block):
        is_chart = isinstance(block, Figure) and block.name not in but
        return replace(block, draw=None, wide=PLAIN, narrow=PLAIN, picture=PIXEL) if is_chart else block

    return replace(document, chart=changed(document.chart), sections=with_blocks(document.sections, changed))


def with_headline(findings, result):
    return replace(findings, results={**findings.results, "Graphs": result})


def small(text="Plain.", title="A title", stamp=""):
    """A short document with a text in every place that a text can be in."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    blocks = (
        Paragraph(text),
        Bullets((text, "Another.")),
        Table(text, ("Name", "Number"), "lr", ((text, "1"), ("other", "2")), marked=1),
        Figure("chart", text, text, svg, svg, number=2),
        Explorer("curve", text, text, text, (Place(text, text, 1.0, 12.0, 11.0, None), Place("other", text, 2.0))),
        Part(text, (Paragraph(text), Table(text, ("Name", "Number"), "lr", ((text, "1"),), is_folded=True, number=2))),
        Explorer("rows", text, text, text, (Place(text, text, None, 12.0, 11.0, 13.0, "headline"), Place("b", text))),
    )
    headline = Headline("12 people", "11 to 13", (text,))
    chart = Figure("chart", text, text, svg, svg, number=1)
    first = (Section("First", (Paragraph(text),)),)
    made = datetime(2024, 5, 6, tzinfo=UTC)
    return Document(title, text, stamp, headline, chart, first, (Section("What", blocks),), "foot", made)


class Reader(HTMLParser):
    """Text and attributes of a page."""

    def __init__(self, html):
        super().__init__()
        self.words, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def letters(text):
    """Letters and digits only: what is left the same by line breaks and hyphens."""
    return "".join(c for c in text if c.isalnum())


def pdf_text(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def items(section):
    """All sentences of a section of the first page."""
    return [text for b in section.blocks for text in (b.items if isinstance(b, Bullets) else (b.text,))]


def first_page_of(findings):
    """Page one under the number and the chart."""
    numbers = {sensitivity_name(findings, q): at for at, q in enumerate(findings.sensitivities, 2)}
    return first_page.first_page(findings, figure_numbers=numbers | {"comparison": 1})
