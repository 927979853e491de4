"""Sentences of a language as HTML, with what is put into them isolated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from estimation.text.languages import Language

__all__ = ["Words"]

_FORMULA = re.compile(
    r"\{\w+\}|\u2066(?P<whole>[^\u2066\u2069]{1,34})\u2069"
    r"|(\[[A-Za-z ]+\](?:\[[A-Za-z ]+\])*|[0-9][0-9.]*(?:, [0-9][0-9.]*)+"
    r"|(?=[A-Za-z0-9_.=-]*[/^_])[A-Za-z0-9][A-Za-z0-9_.^/=-]*[A-Za-z0-9])"
)
"""A place, or what runs from left to right as a whole in a sentence that runs the other way: ``1/N``, ``0.5, 1, 2``.

What a catalog isolates (U+2066 to U+2069) is not broken over two lines, unless it is long.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Parameters
    ----------
    language : Language
        The language, with the sentences of one area.
    """

    language: Language

    @property
    def code(self) -> str:
        """The language, as HTML names it."""
        return self.language.code

    def say(self, sentence: str, given: Mapping[str, object] | None = None) -> Markup:
        """A sentence in this language, or in English where there is no translation; what is put into it is isolated.

        Parameters
        ----------
        sentence : str
            In English, with ``{name}`` where something is put in.
        given : mapping of str to object, optional
            What is put in; a whole number gets the digits of the language.

        Examples
        --------
        >>> from estimation.text.languages import language
        >>> Words(language("en", "app")).say("{n} people on {lists}", {"n": 4400, "lists": "<A>"})
        Markup('<bdi>4,400</bdi> people on <bdi>&lt;A&gt;</bdi>')
        >>> Words(language("fa", "app")).say("No such sentence.")
        Markup('<bdi lang="en" dir="ltr">No such sentence.</bdi>')
        """
        translated = self.language.sentences.get(sentence)
        text = self.written(sentence) if translated is None else self.written(translated)
        parts = {name: Markup("<bdi>{}</bdi>").format(self._put(value)) for name, value in (given or {}).items()}
        phrase = Markup(text.format(**parts)) if parts else text
        if translated is not None or self.language.is_english:
            return phrase
        return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(phrase)

    def written(self, text: str) -> Markup:
        """A text of the catalog as HTML: in one that runs from right to left, each formula by itself.

        Examples
        --------
        >>> from estimation.text.languages import language
        >>> Words(language("fa", "app")).written("متناسب با 1/N")
        Markup('متناسب با <bdi dir="ltr">1/N</bdi>')
        """
        if self.language.direction == "ltr":
            return Markup(escape(text))
        found, at = Markup(""), 0
        for formula in _FORMULA.finditer(text):
            isolated = formula["whole"] or formula[2]
            if isolated:
                look = Markup(' class="nowrap"') if formula["whole"] else ""
                found += escape(text[at : formula.start()])
                found += Markup('<bdi dir="ltr"{}>{}</bdi>').format(look, isolated)
                at = formula.end()
        return found + escape(text[at:])

    def _put(self, value: object) -> object:
        return self.language.number(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def plain(self, sentence: str) -> str:
        """A sentence without anything put into it, for an attribute or a title."""
        return self.language.sentences.get(sentence, sentence)
