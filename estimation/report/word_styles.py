"""The look of the report in a text processor: its styles, as a Word document holds them.

Whoever gets the file changes a style and with it every heading, caption or table of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["NUMBERS_FONT", "STYLES", "WORDS_FONT", "style_elements"]

WORDS_FONT, NUMBERS_FONT = "Calibri", "Consolas"
_ARABIC_FONT = "Arial"
_INK, _GREY, _WARN, _ACCENT, _BAND = "1A1A1A", "595959", "B04A00", "0072B2", "F4F4F2"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

STYLES = {
    "title": "Report Title",
    "subtitle": "Report Subtitle",
    "figure": "Headline Number",
    "range": "Headline Range",
    "warning": "Report Warning",
    "notice": "Report Notice",
    "picture": "Report Picture",
    "commands": "Report Commands",
    "cell": "Report Cell",
    "table": "Report Table",
    "stamp": "Report Stamp",
}
"""The styles of the report's own by what they are for; headings, captions, lists and text have Word's."""


def _run(size: float, *, bold: bool = False, color: str = _INK, font: str = WORDS_FONT) -> str:
    """What letters look like, in the order that a Word document asks for."""
    weight = "<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    half_points = round(2 * size)
    return (
        f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{_ARABIC_FONT}"/>{weight}'
        f'<w:i w:val="0"/><w:iCs w:val="0"/><w:color w:val="{color}"/><w:spacing w:val="0"/><w:kern w:val="0"/>'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    )


def _paragraph(before: float, after: float, *, with_next: bool = False, boxed: str = "", outline: int = -1) -> str:
    """How a paragraph stands: points before and after it, and a coloured edge."""
    next_to = "<w:keepNext/>" if with_next else ""
    edge = f'<w:pBdr><w:start w:val="single" w:sz="24" w:space="8" w:color="{boxed}"/></w:pBdr>' if boxed else ""
    edge = edge.replace("w:start", "w:left")
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_BAND}"/>' if boxed == _ACCENT else ""
    level = f'<w:outlineLvl w:val="{outline}"/>' if outline >= 0 else ""
    space = f'<w:spacing w:before="{round(20 * before)}" w:after="{round(20 * after)}"/>'
    return f"<w:pPr>{next_to}{edge}{shade}{space}{level}</w:pPr>"


def _style(name: str, inside: str, *, kind: str = "paragraph", identifier: str = "") -> str:
    """One style; with an identifier of Word's own it takes that style's place."""
    own = identifier or name.replace(" ", "")
    custom = "" if identifier else ' w:customStyle="1"'
    based = "" if identifier == "Normal" else '<w:basedOn w:val="Normal"/>' if kind == "paragraph" else ""
    default = ' w:default="1"' if identifier == "Normal" else ""
    return (
        f'<w:style {_W} w:type="{kind}"{default}{custom} w:styleId="{own}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
        f"{inside}</w:style>"
    )


def _table() -> str:
    """Three rules, as a table in print has them."""
    rule = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="{}"/>'
    edges = rule.format("top", 8, _INK) + rule.format("bottom", 6, _INK) + rule.format("insideH", 2, "D0D0D0")
    margins = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    head = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>'
        f"{rule.format('bottom', 6, _INK)}</w:tcBorders></w:tcPr></w:tblStylePr>"
    )
    return f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders>{margins}</w:tblPr>{head}"


def style_elements() -> Iterator[tuple[str, str]]:
    """The identifier of each style, and the style as XML."""
    own = STYLES
    paragraphs = (
        ("Normal", "Normal", _paragraph(0, 6) + _run(10)),
        ("heading 1", "Heading1", _paragraph(18, 6, with_next=True, outline=0) + _run(14, bold=True)),
        ("heading 2", "Heading2", _paragraph(12, 4, with_next=True, outline=1) + _run(11, bold=True)),
        ("caption", "Caption", _paragraph(8, 4, with_next=False) + _run(8.5, color=_GREY)),
        (own["title"], "", _paragraph(0, 4) + _run(18, bold=True)),
        (own["subtitle"], "", _paragraph(0, 8) + _run(10.5, color=_GREY)),
        (own["figure"], "", _paragraph(0, 0, with_next=True, boxed=_ACCENT) + _run(22, bold=True)),
        (own["range"], "", _paragraph(0, 0, with_next=True, boxed=_ACCENT) + _run(11)),
        (own["warning"], "", _paragraph(4, 6, boxed=_WARN) + _run(10, bold=True)),
        (own["notice"], "", _paragraph(0, 4, boxed=_WARN) + _run(9.5, color=_WARN)),
        (own["picture"], "", _paragraph(8, 2, with_next=True) + _run(10)),
        (own["commands"], "", _paragraph(0, 0) + _run(8.5, font=NUMBERS_FONT)),
        (own["cell"], "", _paragraph(1.5, 1.5) + _run(8.5)),
        (own["stamp"], "", _paragraph(0, 4) + _run(10, bold=True, color=_WARN)),
    )
    for name, identifier, inside in paragraphs:
        yield identifier or name.replace(" ", ""), _style(name, inside, identifier=identifier)
    yield own["table"].replace(" ", ""), _style(own["table"], _table(), kind="table")
