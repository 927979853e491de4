"""Templates become pages; whatever somebody gave is text in them and never code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from estimation.app.spoken import Speaker
from estimation.app.words import language_names
from estimation.text.words import Words

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
    speaker = Speaker(words)
    about = {
        "say": words.say,
        "plain": words.plain,
        "spoken": speaker.spoken,
        "titled": speaker.titled,
        "celled": speaker.celled,
        "words": words,
        "languages": language_names(),
    }
    return _environment().get_template(f"{template}.html.jinja").render({**about, **values})
