"""What the package says, in the language of the page: sentence by sentence, the English ones marked as English.

A screen reader reads each part with the voice of its language, and each keeps its own direction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from estimation.app.package_findings import Places, is_number, is_quoted, label_in, parted
from estimation.app.package_notes import DECLARED_AS
from estimation.text.direction import has_left_to_right, pieces
from estimation.text.words import Words

__all__ = ["Speaker"]

_NUMBER = re.compile(r"(?:< )?[\d,]+(?:\.\d+)?%?")
_NAMES = {"cell", "column", "encoding", "list", "name", "other_cell", "rival"}
"""Places in which something stands that people gave, whatever word it is."""

_BETWEEN = ", "
_APART = (re.compile("; "), re.compile(" or (?:on )?"), re.compile(", (?=['\"])"), re.compile(_BETWEEN))
_LAST = " and "
_MORE = re.compile(r"(.+) and ([\d,]+ more)")
_DECLARED = re.compile(r"(.+?) under \[columns\](?: and |$)")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the package's sentences on a page.

    Parameters
    ----------
    words : Words
        The words of its language.
    """

    words: Words

    def spoken(self, text: str, given: Iterable[str] = ()) -> Markup:
        """A text of the package: translated where it can be, else in English and marked so, its names isolated.

        Parameters
        ----------
        text : str
            In English, or already in the language of the page.
        given : iterable of str
            The names in it that people gave.

        Examples
        --------
        >>> from estimation.app.words import words_of
        >>> speaker = Speaker(words_of("es"))
        >>> speaker.spoken("Their intervals reach from 672 to 890.").striptags()
        'Sus intervalos van de 672 a 890.'
        >>> speaker.spoken("It rained.")
        Markup('<bdi lang="en" dir="ltr">It rained.</bdi>')
        """
        names = tuple(given)
        if self.words.language.is_english:
            return Markup("<span>{}</span>").format(_isolated(text, names))
        known = self.words.language.sentences
        if text in known:
            return Markup("<span>{}</span>").format(self.words.written(known[text]))
        if text in known.values() or not has_left_to_right(text):
            return Markup("<bdi>{}</bdi>").format(text)
        return Markup("\n").join(self._line(line.strip(), names) for line in text.split("\n"))

    def titled(self, text: str) -> Markup:
        """A label of a model: what the package calls it, translated, or what somebody calls it, isolated."""
        return Markup("<bdi>{}</bdi>").format(self.words.plain(text))

    def celled(self, given: Iterable[str] = ()) -> Callable[[object], Markup]:
        """What stands in a cell of a table of answers: numbers, intervals and pairs of the names that people gave.

        Examples
        --------
        >>> from estimation.app.words import words_of
        >>> cell = Speaker(words_of("es")).celled(["A", "B"])
        >>> [str(cell(text).striptags()) for text in ("A and B", "0.5", "6 to 7.5", "x")]
        ['A y B', '0,5', '6 a 7,5', 'x']
        """
        names = tuple(given)

        def cell(text: object) -> Markup:
            written = str(text)
            if self.words.language.is_english:
                return Markup("<bdi>{}</bdi>").format(written)
            return self._placed("", written, names)

        return cell

    def _line(self, text: str, names: tuple[str, ...]) -> Markup:
        return Markup(" ").join(
            self._translated(part, names) if isinstance(part, Places) else _english(part, names)
            for part in parted(text)
        )

    def _translated(self, found: Places, names: tuple[str, ...]) -> Markup:
        places = {name: self._placed(name, text, names) for name, text in found.given.items()}
        translated = self.words.written(self.words.language.sentences[found.english])
        return Markup("<span>{}</span>").format(translated.format(**places))

    def _placed(self, place: str, text: str, names: tuple[str, ...]) -> Markup:
        """What stands in a place of a sentence: a number, a word for one, a label, or names."""
        language = self.words.language
        if text in language.sentences and text not in names and place not in _NAMES:
            return Markup.escape(language.sentences[text])
        if is_number(place):
            return Markup("<bdi>{}</bdi>").format(language.rewritten(text))
        if place.endswith("how"):
            return self._declared(text)
        if place == "rest":
            return self._line(text, names)
        if place == "several":
            return Markup("<bdi>{}</bdi>").format(language.in_digits(text.replace(_BETWEEN, language.between)))
        return self._label(text, names) or self._with_more(text)

    def _declared(self, text: str) -> Markup:
        """What is written into the study file, which runs from left to right in every language."""
        written = self.words.written(self.words.language.sentences[DECLARED_AS])
        keys = [Markup('<bdi lang="zxx" dir="ltr">{}</bdi>').format(key) for key in _DECLARED.findall(text)]
        return Markup.escape(self.words.language.last).join(written.format(key=key) for key in keys)

    def _with_more(self, text: str) -> Markup:
        """Names that are not known, of which a message may count more than it names."""
        match = _MORE.fullmatch(text)
        more = self._label(match[2], ()) if match else None
        if match is None or more is None:
            return Markup("<bdi>{}</bdi>").format(text)
        return Markup("<bdi>{}</bdi>").format(match[1]) + Markup.escape(self.words.language.last) + more

    def _label(self, text: str, names: Collection[str]) -> Markup | None:
        """What was changed, or several such, one after another; None where no words that are known are in it."""
        if text in names or is_quoted(text):
            return Markup("<bdi>{}</bdi>").format(text)
        if _NUMBER.fullmatch(text):
            return Markup("<bdi>{}</bdi>").format(self.words.language.rewritten(text))
        found = label_in(text, names)
        if found is not None:
            return self._translated(found, tuple(names))
        firsts, has_last, last = text.rpartition(_LAST)
        ended = self._listed([*firsts.split(_BETWEEN), last], self.words.language.last, names) if has_last else None
        apart = (self._listed(each.split(text), self.words.language.between, names) for each in _APART)
        return ended or next((found for found in apart if found is not None), None)

    def _listed(self, several: list[str], last: str, names: Collection[str]) -> Markup | None:
        """Several labels, ``last`` before the last one; None where there is one, or one that is not known."""
        parts = [self._label(part, names) for part in several] if len(several) > 1 else []
        known = [part for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return None
        return Markup.escape(self.words.language.between).join(known[:-1]) + Markup.escape(last) + known[-1]


def _english(text: str, names: tuple[str, ...]) -> Markup:
    return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(_isolated(text, names))


def _isolated(text: str, names: tuple[str, ...]) -> Markup:
    """A text in which each name that runs the other way stands by itself."""
    return Markup("").join(
        Markup("<bdi>{}</bdi>").format(piece.text) if piece.is_isolated else Markup.escape(piece.text)
        for piece in pieces(text, names)
    )
