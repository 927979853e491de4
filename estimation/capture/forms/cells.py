"""What a cell says: on the list or not, nothing, not known, or a whole number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from estimation.capture.forms.vocabulary import words
from estimation.capture.problems import MAX_PERSONS
from estimation.capture.sheets.sheet import Cell

__all__ = [
    "BLANK",
    "NOT",
    "NOT_KNOWN",
    "ON",
    "USUAL_WORDS",
    "WRONG",
    "coding_of",
    "is_not_known",
    "quoted",
    "text_in",
    "whole_in",
    "wrong_count",
]

ON, NOT, BLANK, NOT_KNOWN, WRONG = 1, 0, -1, -2, -3
"""Codes of the cells of a list."""

_EDGES = (
    " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0f\ufeff"
)
_LONGEST_NUMBER = 400
_EXACT_DIGITS = 15  # digits of a number that is surely no more than MAX_PERSONS

_NOT_KNOWN = words("""
    na n/a n.a. n.a #n/a nan nat null none <na> . .. ? ?? unknown unk unkn not_known missing no_data nodata
    not_available not_applicable not_recorded not_covered inconnu desconocido unbekannt k.a. k.a s/d nd n.d.
    نامعلوم نامشخص مجهول غير_معروف неизвестно -9 -99 -999
""")
_YES = words("""
    1 yes y true t ja oui si sí da да بله بلی آری آره نعم evet sim vrai wahr verdadero observed obs present seen
    listed recorded captured found on in ✓ ✔ ☑ ✅ 🗸 √ • ● ■ present. yes.
""")
_NO = words("""
    0 no n false f nein non net нет خیر نه لا كلا hayır não nao faux falsch falso unobserved un unobs absent
    unseen unlisted unrecorded not_observed not_seen not_listed not_recorded not_captured not_found off out ✗ ✘ ❌
    ☐ ○ □ - – — − absent. no.
""")
_PAIRS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"✓", "✔", "☑", "✅", "🗸", "√"}), frozenset({"x", "×"})),
    (frozenset({"☒", "☑"}), frozenset({"☐"})),
    (frozenset({"x", "×", "*"}), frozenset({"-", "–", "—", "−", "_"})),
    (frozenset({"o", "oui"}), frozenset({"n", "non"})),
    (frozenset({"s", "si", "sí"}), frozenset({"n", "no", "não"})),
    (frozenset({"j", "ja"}), frozenset({"n", "nein"})),
    (frozenset({"v", "vrai", "verdadero"}), frozenset({"f", "faux", "falso"})),
    (frozenset({"w", "wahr"}), frozenset({"f", "falsch"})),
    (frozenset({"д", "да"}), frozenset({"н", "нет"})),
    (frozenset({"p", "present"}), frozenset({"a", "absent"})),
    (frozenset({"+"}), frozenset({"-", "–", "—", "−", "0"})),
    (frozenset({"هست"}), frozenset({"نیست"})),
)
_HYPHENS = frozenset("-–—−")
_MARKS = frozenset({"x", "×", "*", "v", "+", "☒", "o"})
_NEGATIONS = (
    "not ",
    "not_",
    "non ",
    "non-",
    "no ",
    "no_",
    "un",
    "nicht ",
    "pas ",
    "غیر",
    "не ",
    "не",
    "no está ",
    "sin ",
)

USUAL_WORDS = frozenset(
    spelt
    for word in (
        "",
        "0.0",
        "1.0",
        *_NOT_KNOWN,
        *_YES,
        *_NO,
        *_MARKS,
        *(w for pair in _PAIRS for side in pair for w in side),
    )
    for form in (word, word.replace("_", " "))
    for spelt in (form, form.upper(), form.capitalize(), form.title())
)
"""Words and marks that say something of a list, as they are usually spelt."""


def text_in(cell: Cell) -> str:
    """A cell as text, without blanks and invisible marks at its ends.

    Examples
    --------
    >>> text_in(" yes "), text_in(None), text_in(float("nan")), text_in(True), text_in(1.0)
    ('yes', '', '', 'True', '1.0')
    """
    return "" if cell is None or cell != cell else str(cell).strip(_EDGES)


def is_not_known(text: str) -> bool:
    """Whether a cell says that something is not known."""
    return text.casefold().replace(" ", "_") in _NOT_KNOWN


def _number(text: str) -> Decimal | None:
    """A number in any script's digits, where the text is one."""
    if "_" in text or len(text) > _LONGEST_NUMBER or text[:1].isalpha():  # inf and nan are no numbers here
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def whole_in(text: str) -> int | None:
    """The whole number that a cell is, if it is one that people can be counted by.

    Examples
    --------
    >>> whole_in("34.0"), whole_in("1e+05"), whole_in("۱۲"), whole_in("-3"), whole_in("²"), whole_in("1_000")
    (34, 100000, 12, None, None, None)
    """
    if len(text) <= _EXACT_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    number = _number(text)
    if number is None or number < 0 or number > MAX_PERSONS or number != number.to_integral_value():
        return None
    return int(number)


def wrong_count(text: str) -> str:
    """What is wrong with a count."""
    if not text or is_not_known(text):
        return "the count is missing; give the number of persons, or remove the row"
    number = _number(text)
    if number is None:
        if text.casefold().lstrip("+-") in {"inf", "infinity"}:
            return f"the count {text} is not a whole number; a count is a number of persons"
        return f"the count {quoted(text)} is not a number; write it in digits, without separators"
    if number < 0:
        return f"the count is {quoted(text, mark=False)}; a count of persons cannot be negative"
    if number > MAX_PERSONS:
        return f"the count {quoted(text, mark=False)} is more persons than ever lived"
    return f"the count {quoted(text, mark=False)} is not a whole number; a count is a number of persons"


def quoted(text: str, *, mark: bool = True) -> str:
    """A cell as it stands in a message, cut where it is a whole story."""
    short = text if len(text) <= 40 else text[:37] + "..."
    return repr(short) if mark else short


def _key(text: str) -> str:
    """A cell's word in one form: no case, blanks as underscores, 0 and 1 in one spelling."""
    if text.isascii() and text.isdigit():
        plain = text.lstrip("0")
        return plain or "0" if plain in {"", "1"} else text
    number = _number(text)
    if number is not None and number in (0, 1):
        return str(int(number))
    return text.casefold().replace(" ", "_")


def coding_of(texts: Iterable[str], yes: str | None = None) -> Mapping[str, int]:
    """What the cells of one column say, each text by itself, by all of them together.

    Parameters
    ----------
    texts : iterable of str
        The different cells of a column.
    yes : str, optional
        The word that means on the list; every other word then means not.

    Returns
    -------
    dict of str to int
        `ON`, `NOT`, `BLANK`, `NOT_KNOWN`, or `WRONG` where the cell says none of these.

    Examples
    --------
    >>> dict(coding_of(["obs", "un"])), dict(coding_of(["x", "-"])), dict(coding_of(["✓", "x", ""]))
    ({'obs': 1, 'un': 0}, {'x': 1, '-': 0}, {'✓': 1, 'x': 0, '': -1})
    """
    keys = {text: _key(text) for text in texts}
    different = set(keys.values())
    nothing = {key: NOT_KNOWN if key else BLANK for key in different if not key or key in _NOT_KNOWN}
    if yes is not None:
        wanted = _key(yes.strip())
        return {text: nothing.get(key) or (ON if key == wanted else NOT) for text, key in keys.items()}
    used = different - nothing.keys()
    on, off = _words_of(used)
    if len(used) == 1 and used <= _MARKS and "" in keys:
        on = frozenset(used)
    coded = nothing | dict.fromkeys(used & off, NOT) | dict.fromkeys(used & on, ON)
    if used & _HYPHENS and used & (off - _HYPHENS):  # beside another word for not, a hyphen says something else
        coded |= dict.fromkeys(used & _HYPHENS, NOT_KNOWN)
    return {text: coded.get(key, WRONG) for text, key in keys.items()}


def _words_of(used: set[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Which words mean on the list and which not, where these are the words of a column."""
    if used <= _YES | _NO and not used <= _HYPHENS:
        return _YES, _NO
    for on, off in _PAIRS:
        if used <= on | off and used & on and used & off:
            return on, off
    if len(used) == 2:
        for one, other in (sorted(used), sorted(used, reverse=True)):
            if any(other == negation + one for negation in _NEGATIONS):
                return frozenset({one}), frozenset({other})
    return _YES, _NO
