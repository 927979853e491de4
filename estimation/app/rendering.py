"""Templates become pages; whatever somebody gave is text in them and never code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from estimation.app.package_sentences import places_of
from estimation.app.words import Words, language_names
from estimation.text.direction import pieces

__all__ = ["rendered"]


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["name"] = _name
    return environment


def _name(text: object) -> Markup:
    """A name or other text that somebody gave, which takes its own direction and disturbs none around it."""
    return Markup("<bdi>{}</bdi>").format(text)


def _as_number(text: str) -> object:
    """A whole number that stands in a text, or the text."""
    digits = text.replace(",", "")
    return int(digits) if digits.isdigit() else text


def rendered(template: str, words: Words, values: Mapping[str, Any]) -> str:
    """A page.

    Parameters
    ----------
    template : str
        The name of its template.
    words : Words
        The language.
    values : mapping of str to object
        What stands in it.
    """

    def spoken(text: str, given: Iterable[str] = ()) -> Markup:
        """A sentence of the package: translated where there is a translation, else English, its names isolated."""
        translated = words.language.sentences.get(text)
        if translated is not None:
            return Markup('<span dir="auto">{}</span>').format(translated)
        known = None if words.language.is_english else places_of(text)
        if known is not None:
            english, places = known
            return words.say(english, {key: _as_number(value) for key, value in places.items()})
        parts = Markup("").join(
            Markup("<bdi>{}</bdi>").format(piece.text) if piece.is_isolated else piece.text
            for piece in pieces(text, tuple(given))
        )
        return Markup('<span lang="en" dir="auto">{}</span>' if words.code != "en" else "<span>{}</span>").format(parts)

    about = {"say": words.say, "plain": words.plain, "spoken": spoken, "words": words, "languages": language_names()}
    return _environment().get_template(f"{template}.html.jinja").render({**about, **values})
