"""A report as one HTML file that opens anywhere: styles, charts and one script inside, no request to any network.

Everything stands in the page without the script.  The script adds sliders and choices over numbers that are in the
page as data; the content security policy lets that one script run, known by its checksum, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import asdict
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from estimation.report.document import Document, Explorer, Table
from estimation.results.as_json import Json
from estimation.text.direction import isolated, pieces

__all__ = ["html_of"]

_FOLDER = Path(__file__).parent

_LONG_WORD = re.compile(r"([!-~\u00a1-\u024f]{30,})")
_AUTO = Markup(' dir="auto"')
_BDI = Markup("<bdi>{}</bdi>")
_SENTENCE = 40
"""Letters of a cell that is more than a few words."""
_WORDS = 60


def _data_uri(svg: bytes) -> str:
    """An SVG as a data URI, so that the ids in one chart cannot meet those in another."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def _breakable(code: str) -> Markup:
    """A checksum or a path that may be broken anywhere after a few characters."""
    parts = [code[at : at + 8] for at in range(0, len(code), 8)]
    return Markup("<wbr>").join(parts)


def _given(context: Context) -> Collection[str]:
    """The texts of the document that somebody gave."""
    document: Document = context["document"]
    return document.given


@pass_context
def _data(context: Context, explorer: Explorer) -> Markup:
    """The numbers of an explorer as JSON in which no text can end the element that it stands in."""
    text = json.dumps(_isolated(asdict(explorer), _given(context)), ensure_ascii=True, allow_nan=False)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)


def _isolated(data: Json, given: Collection[str]) -> Json:
    """Data whose texts have their right-to-left names isolated."""
    if isinstance(data, str):
        return isolated(data, given)
    if isinstance(data, dict):
        return {key: _isolated(value, given) for key, value in data.items()}
    return [_isolated(value, given) for value in data] if isinstance(data, list | tuple) else data


@pass_context
def _directed(context: Context, text: str, direction: str = _AUTO) -> Markup:
    """A text as HTML: escaped, and each right-to-left name in an element that isolates it.

    A text whose direction is set by what it stands in, a translated page one, has isolated its names itself.
    """
    if not direction:
        return _escaped(text)
    parts = ((_escaped(part.text), part.is_isolated) for part in pieces(text, _given(context)))
    return Markup("").join(_BDI.format(words) if is_isolated else words for words, is_isolated in parts)


@pass_context
def _isolated_names(context: Context, text: str) -> str:
    """A text of an attribute, its right-to-left names between characters that isolate them."""
    return isolated(text, _given(context))


def _escaped(text: str) -> Markup:
    """A text as HTML in which a word that no line has room for may be broken."""
    parts = enumerate(_LONG_WORD.split(text))
    return Markup("").join(_breakable(part) if at % 2 else escape(part) for at, part in parts)


def _dir(is_set: object) -> Markup:
    """The direction of a text by its first letter, unless it is set by what the text stands in."""
    return Markup("") if is_set else _AUTO


def _is_wordy(table: Table) -> bool:
    """Whether a table has sentences beside its first column, or words in several, and a phone no room for columns."""
    columns = list(zip(table.align, zip(*table.rows, strict=True), strict=False))[1:]
    widths = [max(map(len, cells)) for kind, cells in columns if kind == "l"]
    return any(width > _SENTENCE for width in widths) or sum(widths) > _WORDS


def _checksum(script: str) -> str:
    """A script's checksum as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


@cache
def _environment() -> Environment:
    """What the page is written with; the template is compiled once."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["data_uri"] = _data_uri
    environment.filters["breakable"] = _breakable
    environment.filters["data"] = _data
    environment.filters["directed"] = _directed
    environment.filters["isolated"] = _isolated_names
    environment.globals["dir"] = _dir
    environment.tests["of_kind"] = lambda block, kind: type(block).__name__ == kind
    environment.tests["wordy"] = _is_wordy
    return environment


def html_of(document: Document) -> str:
    """The report as HTML.

    Every text is escaped.  A text that somebody gave takes the direction of its script; in a sentence it is isolated.

    Parameters
    ----------
    document : Document
        What it says.
    """
    style = Markup((_FOLDER / "page.css").read_text(encoding="utf-8"))
    script = (_FOLDER / "page.js").read_text(encoding="utf-8")
    template = _environment().get_template("page.html.jinja")
    return template.render(document=document, style=style, script=Markup(script), checksum=_checksum(script))
