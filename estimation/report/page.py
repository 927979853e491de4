"""A report as one HTML file that opens anywhere: styles and charts inside, no script, no request to any network."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from estimation.report.document import Document

__all__ = ["html_of"]

_FOLDER = Path(__file__).parent


def _data_uri(svg: bytes) -> str:
    """An SVG as a data URI, so that the ids in one chart cannot meet those in another."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def _breakable(code: str) -> Markup:
    """A checksum or a path that may be broken anywhere after a few characters."""
    parts = [code[at : at + 8] for at in range(0, len(code), 8)]
    return Markup("<wbr>").join(parts)


def html_of(document: Document) -> str:
    """The report as HTML.

    Every text is escaped, and each paragraph or cell takes the direction of its own script.

    Parameters
    ----------
    document : Document
        What it says.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["data_uri"] = _data_uri
    environment.filters["breakable"] = _breakable
    environment.tests["of_kind"] = lambda block, kind: type(block).__name__ == kind
    style = Markup((_FOLDER / "page.css").read_text(encoding="utf-8"))
    return environment.get_template("page.html.jinja").render(document=document, style=style)
