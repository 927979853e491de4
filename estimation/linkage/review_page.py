"""The page on which people review: one file, no network, one question at a time, by keyboard or by hand.

Answers stay in the browser of whoever gives them until they are saved as a CSV file (`estimation.linkage.decisions`).
They are kept by reviewer, so that a second one on the same machine does not see the first one's.  The page is in one
language (`estimation.text.languages`); what an answer is called in the file of decisions is the same in all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from estimation.linkage.decisions import RecordKey
from estimation.linkage.review_cases import ReviewCase
from estimation.text.direction import direction_of, has_right_to_left
from estimation.text.languages import language
from estimation.text.words import Words

__all__ = ["review_page"]

_FOLDER = Path(__file__).parent
_AREA = "linkage"
_DAY = r"\d{4}-\d\d-\d\d"
_READ_AS = re.compile(rf"(.*) \(({_DAY})(?: to ({_DAY}))?\)", flags=re.DOTALL)
_IN_SCRIPT = re.compile(r'\bsay\("([^"]*)"')


def review_page(cases: Sequence[ReviewCase], *, title: str, code: str = "en") -> str:
    """The page as HTML.

    Parameters
    ----------
    cases : sequence of ReviewCase
        The questions, in the order in which they are asked.
    title : str
        What was linked.
    code : str
        The language of the page, one that `estimation.text.languages.language_codes` has for ``"linkage"``.

    Raises
    ------
    SettingError
        When there is no such language.
    """
    words = Words(language(code, _AREA))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["isolated"] = _isolated
    style = Markup((_FOLDER / "review.css").read_text(encoding="utf-8"))
    script = (_FOLDER / "review.js").read_text(encoding="utf-8")
    questions = [_pairs(case) for case in cases]
    place = hashlib.sha256(_data(questions).encode()).hexdigest()[:16]
    translated = {english: words.plain(english) for english in _IN_SCRIPT.findall(script)}
    data = _data({"questions": questions, "words": translated, "digits": words.language.digits})
    checksum = "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    template = environment.get_template("review.html.jinja")
    return template.render(
        cases=cases, title=title, style=style, script=Markup(script), data=Markup(data), checksum=checksum, place=place,
        words=words, say=words.say, plain=words.plain, placed=partial(_placed, words), dated=partial(_dated, words),
    )  # fmt: skip


def _data(found: object) -> str:
    """What the script reads, as JSON that no text in it can end."""
    text = json.dumps(found, ensure_ascii=True)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


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


def _placed(words: Words, key: RecordKey) -> Markup:
    """Where a record stands: its list, the sheet where there are several, and the row."""
    given = {"list": _isolated(key.list), "sheet": _isolated(key.sheet), "row": words.language.in_digits(key.place)}
    return words.say("{list}, sheet {sheet}, row {row}" if key.sheet else "{list}, row {row}", given)


def _dated(words: Words, text: str) -> Markup:
    """A date as it was written, and apart from it the days that it is read as, each from left to right."""
    match = _READ_AS.fullmatch(text)
    if match is None:
        return _isolated(text)
    first, last = (Markup('<bdi dir="ltr">{}</bdi>').format(day) for day in match.group(2, 3))
    read = words.say("{first} to {last}", {"first": first, "last": last}) if match[3] else first
    return Markup('{} <span class="read">{}</span>').format(_isolated(match[1]), read)
