"""Sentences in the language of a reader: each is known by its English, and a translation is not trusted until signed.

What is said to readers is written in English in the code, whole sentences with ``{places}`` for names and numbers and
never pieces of them.  A catalog holds what some of these are in another language; there is a catalog for each area
(page one of a report, the page in a browser, the page of name pairs to review) and language::

    catalogs/fa.toml           what the language is: its name, its direction, its digits
    catalogs/report/fa.toml    the sentences of one area, and who has reviewed them

``reviewed_by`` names a speaker of the language who has read the whole catalog.  While it is empty, whoever shows a
sentence of it says so beside it (`Language.mark`).  A sentence that a catalog lacks is shown in English, with a mark.

Digits: Persian and Arabic have their own (U+06F0 and U+0660 on), with their own separators and per cent sign, as
Unicode's data on languages (CLDR) have them for these languages; Spanish and French have Latin digits with thousands
divided by a narrow space, as the Real Academia and the Imprimerie nationale ask for.  English is the language of the
code and has no catalog.

Texts and names that people gave are isolated where they stand in a sentence of another direction, by the two invisible
characters of Unicode Standard Annex 9, so that the numbers and commas beside them stay where they belong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from estimation.errors import SettingError
from estimation.text.direction import has_left_to_right, has_right_to_left

__all__ = ["AREAS", "Language", "Phrase", "language", "language_codes", "places_in", "sentence"]

AREAS = ("report", "app", "linkage")
"""What has catalogs of its own: page one of a report, the page in a browser, and the page of name pairs to review."""

Values: TypeAlias = Mapping[str, str | int]
"""What stands in the places of a sentence, by the name of the place."""

NOTHING: Values = MappingProxyType({})

ENGLISH = "en"

_CATALOGS = Path(__file__).with_name("catalogs")
_ISOLATE, _LEFT_TO_RIGHT, _END = "\N{FIRST STRONG ISOLATE}", "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_LATIN = "0123456789"


class Phrase(str):
    """A text made by `Language`: it needs no isolation in a longer sentence of the same language."""

    __slots__ = ()


def sentence(english: str) -> str:
    """The same sentence: marks one that is said elsewhere, so that a test finds it missing in a catalog.

    Examples
    --------
    >>> sentence("{names} give no number.")
    '{names} give no number.'
    """
    return english


def places_in(text: str) -> frozenset[str]:
    """The names of the places of a sentence.

    Examples
    --------
    >>> sorted(places_in("{lists} name {people} of them."))
    ['lists', 'people']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@dataclass(frozen=True, slots=True)
class Language:
    """A language, with its sentences for one area.

    Parameters
    ----------
    code : str
        As ISO 639-1 has it: ``"fa"``.
    area : str
        One of `AREAS`.
    name, english_name : str
        What the language calls itself, and what English calls it.
    direction : str
        Which way it runs: ``"ltr"`` or ``"rtl"``.
    reviewed_by : str
        The speaker who has read the catalog and signs for it; empty while nobody has.
    mark : str
        What is shown beside every use of a catalog that nobody has reviewed, in the language; empty once somebody has.
    digits, thousands, decimal, per_cent : str
        The ten digits, the separators, and a percentage with the place ``{number}``.
    between, last : str
        What stands between the members of an enumeration, and before the last.
    sentences : mapping of str to str
        Translations by the English sentence.
    counted : mapping of str to mapping of str to str
        Translations of counted things by the English plural, each by the forms that the language has (``one``,
        ``two``, ``few``, ``many``, ``other``, as CLDR names them).

    Examples
    --------
    >>> english = language("en", "report")
    >>> lists = english.count(3, "one list", "{n} lists")
    >>> english.say("{lists} name {people} of them.", {"lists": lists, "people": 4400})
    'three lists name 4,400 of them.'
    >>> print(language("fa", "report").number(4400), language("fr", "report").is_reviewed)
    ۴٬۴۰۰ False
    """

    code: str
    area: str
    name: str
    english_name: str
    direction: Literal["ltr", "rtl"]
    reviewed_by: str
    mark: str
    digits: str
    thousands: str
    decimal: str
    per_cent: str
    between: str
    last: str
    sentences: Mapping[str, str]
    counted: Mapping[str, Mapping[str, str]]

    @property
    def is_english(self) -> bool:
        """Whether it is the language of the code, which has no catalog."""
        return self.code == ENGLISH

    @property
    def is_reviewed(self) -> bool:
        """Whether a speaker has signed for the sentences; English has none to sign for."""
        return self.is_english or bool(self.reviewed_by)

    def translates(self, english: str) -> bool:
        """Whether a sentence, or the plural of something counted, is in the catalog."""
        return self.is_english or english in self.sentences or english in self.counted

    def say(self, english: str, values: Values = NOTHING) -> Phrase:
        """A sentence in this language; in English, with a mark, where the catalog lacks it.

        Parameters
        ----------
        english : str
            The sentence in English, with its places.
        values : mapping of str to str or int
            What stands in the places.  A whole number gets the digits of the language; a name is isolated where it
            could disturb the order of the sentence.
        """
        if self.is_english:
            return Phrase(english.format(**self._all_placed(values)))
        translated = self.sentences.get(english)
        if translated is None:
            return self._in_english(english.format(**values))
        return Phrase(translated.format(**self._all_placed(values)))

    def count(self, n: int, one: str, many: str, values: Values = NOTHING) -> Phrase:
        """So many of something: ``one`` and ``many`` are the English forms, with the place ``{n}`` for the number.

        English has small numbers in words.

        Examples
        --------
        >>> english = language("en", "app")
        >>> [english.count(n, "{n} person", "{n} people") for n in (1, 4, 1300)]
        ['one person', 'four people', '1,300 people']
        """
        placed = self._all_placed(values)
        if self.is_english:
            in_words = _SMALL[n] if n < len(_SMALL) else str(self.number(n))
            return Phrase((one if n == 1 else many).format(n=in_words, **placed))
        forms = self.counted.get(many)
        if forms is None:
            return self._in_english((one if n == 1 else many).format(**{**values, "n": f"{n:,}"}))
        return Phrase(forms.get(_form_of(self.code, n), forms["other"]).format(n=self.number(n), **placed))

    def number(self, value: float, *, decimals: int = 0) -> Phrase:
        """A number with the digits and separators of the language.

        Parameters
        ----------
        value : float
            A finite number.
        decimals : int
            Digits after the decimal sign.
        """
        whole, _, rest = f"{value:,.{decimals}f}".partition(".")
        text = whole.replace(",", self.thousands) + (self.decimal + rest if rest else "")
        return Phrase(text.translate(str.maketrans(_LATIN, self.digits)))

    def rewritten(self, text: str) -> Phrase:
        """A number as English writes it, for example ``1,952.5``, in the digits and separators of the language.

        Examples
        --------
        >>> print(language("fa", "app").rewritten("1,952.5"))
        ۱٬۹۵۲٫۵
        """
        own = str.maketrans({",": self.thousands, ".": self.decimal, **dict(zip(_LATIN, self.digits, strict=True))})
        return Phrase(text.translate(own))

    def in_digits(self, text: str) -> Phrase:
        """A text of Latin digits and signs, for example ``0.25``, in the digits of the language."""
        own = str.maketrans(_LATIN + ".", self.digits + self.decimal)
        return Phrase(text.translate(own))

    def percentage(self, whole: int) -> Phrase:
        """A whole percentage."""
        return Phrase(self.per_cent.format(number=self.number(whole)))

    def listed(self, items: Sequence[str]) -> Phrase:
        """Some things, one after another.

        Examples
        --------
        >>> language("en", "app").listed(["A", "B", "C"]), language("es", "app").listed(["A", "B"])
        ('A, B and C', 'A y B')
        """
        placed = [self._placed(item) for item in items]
        return Phrase(
            f"{self.between.join(placed[:-1])}{self.last}{placed[-1]}" if len(placed) > 1 else "".join(placed)
        )

    def enumerated(self, items: Sequence[str]) -> Phrase:
        """Some things, one after another, with no word before the last."""
        return Phrase(self.between.join(self._placed(item) for item in items))

    def _all_placed(self, values: Values) -> dict[str, str]:
        return {key: self._placed(value) for key, value in values.items()}

    def _placed(self, value: str | int) -> str:
        """A value as it stands in a sentence of this language."""
        if not isinstance(value, str):
            return self.number(value)
        if isinstance(value, Phrase) or self.is_english:
            return value
        other = has_left_to_right(value) or has_right_to_left(value)
        disturbs = other if self.direction == "rtl" else has_right_to_left(value)
        return f"{_ISOLATE}{value}{_END}" if disturbs else value

    def _in_english(self, text: str) -> Phrase:
        """An English text where a translation is lacking."""
        return Phrase(f"{_LEFT_TO_RIGHT}{text}{_END} [{ENGLISH}]")


def language_codes(area: str) -> tuple[str, ...]:
    """The languages that an area speaks, English first, the others by their codes.

    Parameters
    ----------
    area : str
        One of `AREAS`.

    Examples
    --------
    >>> language_codes("report"), language_codes("app")
    (('en', 'ar', 'es', 'fa', 'fr'), ('en', 'es', 'fa'))
    """
    return (ENGLISH, *sorted(path.stem for path in (_CATALOGS / area).glob("*.toml")))


@lru_cache(maxsize=32)
def language(code: str, area: str) -> Language:
    """A language with the sentences of one area.

    Parameters
    ----------
    code : str
        One of `language_codes`.
    area : str
        One of `AREAS`.

    Raises
    ------
    SettingError
        When there is no such language for the area.
    """
    known = language_codes(area)
    if code not in known:
        raise SettingError(f"language {code!r}", [f"there is no catalog for it; there are {', '.join(known)}"])
    if code == ENGLISH:
        nothing: Mapping[str, str] = MappingProxyType({})
        forms: Mapping[str, Mapping[str, str]] = MappingProxyType({})
        return Language(code, area, "English", "English", "ltr", "", "", _LATIN, ",", ".", "{number} %", ", ", " and ",
                        nothing, forms)  # fmt: skip
    facts, catalog = _parsed(_CATALOGS / f"{code}.toml"), _parsed(_CATALOGS / area / f"{code}.toml")
    not_reviewed = str(facts.pop("not_reviewed"))
    reviewed_by = str(catalog["reviewed_by"]).strip()
    return Language(
        code,
        area,
        reviewed_by=reviewed_by,
        mark="" if reviewed_by else not_reviewed,
        sentences=MappingProxyType(dict(catalog.get("sentences", {}))),
        counted=MappingProxyType(dict(catalog.get("counted", {}))),
        **facts,
    )


def _parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _form_of(code: str, n: int) -> str:
    """The form in which a language counts so many things, by the rules of CLDR."""
    if code == "ar":
        if n in (1, 2):
            return "one" if n == 1 else "two"
        return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"
    return "one" if n == 1 or (code == "fr" and n == 0) else "other"
