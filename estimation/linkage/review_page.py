"""The page on which people review: one file, no network, one question at a time, by keyboard or by hand.

Answers stay in the browser of whoever gives them until they are saved as a CSV file (`estimation.linkage.decisions`).
They are kept by reviewer, so that a second one on the same machine does not see the first one's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from estimation.linkage.decisions import RecordKey
from estimation.linkage.review_cases import ReviewCase
from estimation.text.direction import direction_of, has_right_to_left

__all__ = ["review_page"]

_FOLDER = Path(__file__).parent
_READ_AS = re.compile(r"(.*) \((\d{4}-\d\d-\d\d[^()]*)\)", flags=re.DOTALL)


def review_page(cases: Sequence[ReviewCase], *, title: str) -> str:
    """The page as HTML.

    Parameters
    ----------
    cases : sequence of ReviewCase
        The questions, in the order in which they are asked.
    title : str
        What was linked.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["isolated"] = _isolated
    environment.filters["dated"] = _dated
    style = Markup((_FOLDER / "review.css").read_text(encoding="utf-8"))
    script = (_FOLDER / "review.js").read_text(encoding="utf-8")
    data = json.dumps([_pairs(case) for case in cases], ensure_ascii=True)
    for letter in "<>&":
        data = data.replace(letter, f"\\u{ord(letter):04x}")
    checksum = "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    template = environment.get_template("review.html.jinja")
    return template.render(
        cases=cases, title=title, style=style, script=Markup(script), data=Markup(data), checksum=checksum,
        place=hashlib.sha256(data.encode()).hexdigest()[:16],
    )  # fmt: skip


def _pairs(case: ReviewCase) -> dict[str, object]:
    """What the script writes of a question: its number, its pairs of records and what their files are."""
    pairs = [[_key(one), _key(other)] for one, other in case.pairs]
    files = [[case.files.get(key.list, "") for key in pair] for pair in case.pairs]
    return {"question": case.number, "pairs": pairs, "files": files}


def _key(key: RecordKey) -> list[str | int]:
    return [key.list, key.sheet, key.place]


def _isolated(text: str) -> Markup:
    """A text that people gave, in an element of its own direction."""
    way = "rtl" if has_right_to_left(text) and direction_of(text) == "rtl" else "auto"
    return Markup('<bdi dir="{}">{}</bdi>').format(way, escape(text))


def _dated(text: str) -> Markup:
    """A date as it was written, and apart from it the days that it is read as, which run from left to right."""
    match = _READ_AS.fullmatch(text)
    if match is None:
        return _isolated(text)
    return Markup('{} <span class="read" dir="ltr">{}</span>').format(_isolated(match[1]), match[2])
