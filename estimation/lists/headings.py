"""What the heading of a column says of it: the concepts in it, and the roles that its column can have.

"Date of birth", "تاریخ تولد" and "Дата рождения" hold the same two concepts; "Family name and given name" says that the
family name comes first.  What a column is, its cells have a say in, too (`estimation.lists.column_map`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from estimation.lists.heading_words import CONCEPTS
from estimation.lists.normal import normalise

__all__ = ["EARLIEST", "EVENTS", "LATEST", "Heading", "has_one_of", "heading_of"]

EVENTS = ("found", "disappear", "arrest", "death", "event")
"""Concepts that a list can count; of several in one heading the first: found dead is the day of the finding."""

EARLIEST = frozenset(
    ["earliest", "from", "start", "min", "minimum", "desde", "inicio", "debut", "von", "od", "من", "از"]
)
LATEST = frozenset(["latest", "to", "until", "end", "max", "maximum", "hasta", "fin", "bis", "do", "الی", "تا"])
"""Words for the ends of the time in which something happened, in the headings of two columns."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGNS = {"№": "no", "#": "no"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and what it is about.

    Parameters
    ----------
    text : str
        As it stands, the levels of a heading on two rows after each other.
    concepts : tuple of str
        In the order in which they stand in it (`estimation.lists.heading_words.CONCEPTS`).
    """

    text: str
    concepts: tuple[str, ...]

    def has(self, *concepts: str) -> bool:
        """Whether it is about all of them."""
        return all(concept in self.concepts for concept in concepts)

    def has_any(self, *concepts: str) -> bool:
        """Whether it is about one of them."""
        return any(concept in self.concepts for concept in concepts)

    @property
    def event(self) -> str:
        """What happened on its date or at its place; empty where it does not say."""
        return next((concept for concept in EVENTS if concept in self.concepts), "")


def has_one_of(heading: Heading, words: frozenset[str]) -> bool:
    """Whether one of some words stands in a heading.

    Examples
    --------
    >>> has_one_of(heading_of("Earliest date"), EARLIEST), has_one_of(heading_of("Date"), LATEST)
    (True, False)
    """
    return not words.isdisjoint(normalise(heading.text.replace("_", " ")).split())


@lru_cache(maxsize=4096)
def heading_of(text: str) -> Heading:
    """A heading with its concepts.

    Examples
    --------
    >>> heading_of("Date of birth").concepts, heading_of("نام پدر").concepts, heading_of("Апрель").concepts
    (('date', 'birth'), ('name', 'father'), ())
    >>> heading_of("apellido_paterno_nombres").concepts
    ('family', 'father', 'given', 'name')
    """
    plain = text.strip()
    for sign, word in _SIGNS.items():
        plain = plain.replace(sign, f" {word} ")
    words = normalise(_CAMEL.sub(" ", plain.replace("_", " "))).split()
    places: dict[str, tuple[int, int]] = {}
    for own in dict.fromkeys((tuple(words), tuple(map(_serbian_in_latin, words)))):
        for concept, at, length in _matches(own):
            places[concept] = min(places.get(concept, (at, -length)), (at, -length))
    return Heading(" ".join(text.split()), tuple(sorted(places, key=lambda c: (places[c][0], _rank(c)))))


def _rank(concept: str) -> int:
    """Concepts of one word in a fixed order: what is more special first."""
    return -list(CONCEPTS).index(concept) if concept != "name" else 1


@dataclass(frozen=True, slots=True)
class _Stem:
    concept: str
    before: tuple[str, ...]
    whole: bool


@cache
def _stems() -> dict[str, tuple[_Stem, ...]]:
    """The stems by their last word, in the form in which headings are compared."""
    stems: dict[str, dict[_Stem, None]] = {}
    for concept, text in CONCEPTS.items():
        for written in text.split():
            *before, last = normalise(written.removesuffix("$").replace("_", " ")).split()
            stem = _Stem(concept, tuple(before), written.endswith("$") or len(last) < 3)
            stems.setdefault(last, {})[stem] = None
    return {last: tuple(own) for last, own in stems.items()}


_SERBIAN = str.maketrans(
    {
        **dict(zip("абвгдежзијклмнопрстћуфхцчш", "abvgdezzijklmnoprstcufhccs", strict=True)),
        **{"ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz"},
    }
)
_IN_SERBIAN = re.compile("[а-шђјљњћџ]+")


def _serbian_in_latin(word: str) -> str:
    """A word of Serbian letters as it is written in Latin ones, in which its stems stand; others stay as they are."""
    return word.translate(_SERBIAN) if _IN_SERBIAN.fullmatch(word) else word


def _matches(words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """The concept of each stem that stands among words, where it does and how many words it takes."""
    for end, word in enumerate(words):
        for form in {word, _without_article(word)}:
            for length in range(1, len(form) + 1):
                for stem in _stems().get(form[:length], ()):
                    at = end - len(stem.before)
                    ends_here = length == len(form) or not stem.whole
                    if ends_here and at >= 0 and all(map(_same, words[at:end], stem.before)):
                        yield stem.concept, at, len(stem.before) + 1


def _same(word: str, stem: str) -> bool:
    return word == stem or _without_article(word) == stem


def _without_article(word: str) -> str:
    """An Arabic word without its article and the *and* before it."""
    for prefix in ("وال", "ال", "و"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            return word[len(prefix) :]
    return word
