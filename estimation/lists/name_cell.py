"""One cell of a column of names, taken apart: who is named in it, what stands in brackets and quotes, who is not named.

Nothing here knows which word is a family name; that takes the column (`estimation.lists.name_roles`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from estimation.lists.name_groups import KIN, is_description, n_beside, n_counted, name_and_beside, without_kin
from estimation.lists.name_people import people_apart
from estimation.lists.name_words import (
    ALIAS_WORDS,
    AND,
    DESCRIPTIONS,
    GROUPS,
    MAIDEN_WORDS,
    TITLES,
    UNKNOWN,
    is_missing,
)
from estimation.lists.normal import normalise, script_of, skeleton
from estimation.lists.relatives import KINSHIP, Relative, is_own_relative, newborn_in_one_word, relative_in
from estimation.lists.repairs import Repair, repaired, without_note_numbers
from estimation.lists.written_words import titles_removed, words_of

__all__ = ["LONGEST_CELL", "Aside", "AsideKind", "NameCell", "Written", "name_cell"]

LONGEST_CELL = 300
"""Letters of a cell of names at most; a longer one is not read as a name."""

AsideKind: TypeAlias = Literal["bracket", "quote", "alias", "maiden", "other script"]

_ASIDE = re.compile(
    r"[(\[{<]([^()\[\]{}<>]*)[)\]}>]|[\"“”«»„‟]([^\"“”«»„‟]*)[\"“”«»„‟]|(?<![^\W\d_])[‘']([^'’‘]+)['’](?![^\W\d_])"
)
_MARK = "\ue000"
_MARKED = re.compile("\ue000(\\d+)\ue000")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_REFERENCE = re.compile(r"\[(?:\d+|[a-z]|note \d+)\]|[*†‡§#¹²³]+|^\s*\d+\s*[.)\-]\s+(?=[^\W\d_])")
_GENDERED = re.compile(r"(?<=\w)/(?:ة|ه|a|in|e)(?!\w)")
_CHILD_BETWEEN = re.compile(r"(?<=\w)\s*,?\s+(?:(?:son|daughter|child) of|[sd]/o)\s+", re.IGNORECASE)
_KIN_BETWEEN = re.compile(
    r"(?<=\w)\s*,?\s+((?:wife|widow|husband|mother|father|sister|brother) of|زوجة|زوجه|همسر|أرملة|ارملة|والدة|жена|"
    r"(?:viuda|vda\.?|esposa) de(?=\s+[^\s,]+\s+[^\s,]+$))\s.*$",
    re.IGNORECASE | re.DOTALL,
)
_AGE_AFTER = re.compile(
    r"(?<=\w)\s*[,،]?\s+(?:(?:aged?|عمره|عمرها|سن)\s+)?\d{1,3}\s*"
    r"(?:years?(?: old)?|yrs?|y/?o|months?(?: old)?|ساله|سال|ماهه|سنة|سنوات|عاما|عامًا|أشهر|лет|года?|años|ans|jahre)"
    r"\.?\s*$|(?<=\w)\s*[,،]?\s+aged?\s+\d{1,3}\s*$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\s(?:به همراه|همراه با|به اتفاق|together with|along with|junto con|вместе с)\s|"
    r"\sو(?=(?:طفل|طفلي|زوجت|ابن|ابنت|أطفال|اطفال|عائلت|بنات)[هها]+(?:\s|$))"
)
"""Words between people, of several words or joined to the next."""

_SPANISH_ALIAS = re.compile(r"\(\s*a\s*\)|\(?alias\)", re.IGNORECASE)
_SHORT_MAIDEN_WORDS = frozenset(["geb.", "rod.", "rođ.", "ur.", "урожд.", "ур.", "ex.", "née", "Née"])
_PLAIN = re.compile("\\s*[^\\W\\d_]+(?:[-’'\u200c ]+[^\\W\\d_]+)*\\s*")
_BABIES = frozenset(["beba", "беба", "bebek"])
"""Words for a baby that are names where they begin with a capital letter."""
_TELLING = (
    frozenset(
        word
        for words in (
            ALIAS_WORDS,
            MAIDEN_WORDS,
            AND,
            DESCRIPTIONS,
            GROUPS,
            KIN,
            ("y", "i", "e", "family", "nn", "unknown"),
        )
        for phrase in words
        for word in phrase.split()
    )
    | frozenset(word for phrase in UNKNOWN for word in phrase.split() if len(word) > 3)
    | _BABIES
)
"""Words that make a cell more than a name."""

_COMMA = frozenset({",", "،"})


@dataclass(frozen=True, slots=True)
class Aside:
    """A text in brackets or quotes, or after a word such as alias.

    Parameters
    ----------
    kind : AsideKind
        What sets it off.
    text : str
        What it says.
    n_before : int
        How many words of the name stand before it.
    """

    kind: AsideKind
    text: str
    n_before: int


@dataclass(frozen=True, slots=True)
class Written:
    """A name as written, without its titles.

    Parameters
    ----------
    words : tuple of str
        Its words; a slash between alternatives is one.
    family : tuple of str, optional
        The words before a comma, where there is one.
    asides : tuple of Aside
        What is set off.
    titles : tuple of str
        Titles and honorifics that were removed.
    """

    words: tuple[str, ...]
    family: tuple[str, ...] | None = None
    asides: tuple[Aside, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameCell:
    """What a cell of names says.

    Parameters
    ----------
    people : tuple of Written
        The people named.
    n_unnamed : int
        How many more it stands for.  Unit: persons.
    relative : Relative, optional
        Of whom the unnamed are relatives.
    descriptions : tuple of str
        What it says of a person and is no name, such as an age.
    repairs : tuple of Repair
        What was mended.
    is_too_long : bool
        Whether it is no name for its length.
    """

    people: tuple[Written, ...] = ()
    n_unnamed: int = 0
    relative: Relative | None = None
    descriptions: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    is_too_long: bool = False


@dataclass(slots=True)
class _Found:
    """What is set off in a cell, while it is taken apart."""

    asides: list[tuple[AsideKind, str]] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


@lru_cache(maxsize=200_000)
def name_cell(cell: str) -> NameCell:
    """A cell of names, taken apart.

    Parameters
    ----------
    cell : str
        As read.

    Examples
    --------
    >>> name_cell("Deniz (boy, 13) and Elif Karasu (girl, 7)").people[1].words
    ('Elif', 'Karasu')
    >>> name_cell("N.N. (2 children; 1 woman; 8 men)").n_unnamed, name_cell("Wife of Nidal Karasu").relative.kind
    (11, 'spouse')
    """
    mended = repaired(without_note_numbers(cell))
    text = newborn_in_one_word(_REFERENCE.sub(" ", _PRIVATE.sub(" ", mended.text)))
    if len(text) > LONGEST_CELL:
        return NameCell(repairs=mended.repairs, is_too_long=True)
    if is_missing(text):
        return NameCell(n_unnamed=1, repairs=mended.repairs)
    if _is_plain(text):
        words, titles = titles_removed(tuple(text.split()))
        return NameCell((Written(words, titles=titles),), repairs=mended.repairs)
    found = _Found()
    text, n_more = name_and_beside(_TOGETHER.sub(" & ", _lines(text)))
    outside = _set_off(_markers_in_brackets(_kin_between(text.strip(), found)), found)
    n_more += sum(name_and_beside(f"- {described}")[1] for described in found.descriptions)
    read = _relatives(outside, found) or _group(outside, found) or _named(outside, found)
    relative = read.relative and replace(read.relative, n_people=read.relative.n_people + n_more)
    read = replace(read, n_unnamed=read.n_unnamed + n_more, relative=relative)
    return replace(read, descriptions=tuple(found.descriptions), repairs=mended.repairs)


def _is_plain(text: str) -> bool:
    """Whether a text is words of names in one script and nothing else."""
    if not _PLAIN.fullmatch(text) or _TOGETHER.search(text):
        return False
    words = normalise(text).split()
    has_kin = any(word.startswith("و") and word[1:] in KIN for word in words)
    return (
        not has_kin
        and not any(word in _TELLING for word in words)
        and len({script_of(word) for word in text.split()}) == 1
    )


def _lines(text: str) -> str:
    """A cell of several lines: each is a person where all have several words, else they are one text."""
    lines = [line for line in text.splitlines() if line.strip()]
    return "; ".join(lines) if len(lines) > 1 and all(len(line.split()) > 1 for line in lines) else " ".join(lines)


def _kin_between(text: str, found: _Found) -> str:
    """A name without the words of kinship after it: a father stays, after bin; any other relative is a description."""
    text = _SPANISH_ALIAS.sub(" alias ", _GENDERED.sub("", text))
    text = text if relative_in(text) else _CHILD_BETWEEN.sub(" bin ", text)
    age = _AGE_AFTER.search(text)
    if age and not n_counted(text):
        found.descriptions.append(age.group().strip(" ,،"))
        text = text[: age.start()]
    kin = _KIN_BETWEEN.search(text)
    if kin is None or relative_in(text) is not None or n_beside(tuple(text[: kin.start(1)].split())):
        return text
    found.descriptions.append(text[kin.start(1) :].strip())
    return text[: kin.start()]


def _markers_in_brackets(text: str) -> str:
    """A text with what follows a word such as alias or née in brackets."""
    words = text.split()
    for size in (3, 2, 1):
        for at in range(1, len(words) - size):
            raw = " ".join(words[at : at + size])
            if "(" not in raw and (normalise(raw) in MAIDEN_WORDS | ALIAS_WORDS or raw in _SHORT_MAIDEN_WORDS):
                end = _end_of_capitals(words, at, size)
                comma = [","] if words[end - 1].endswith(",") and end < len(words) else []
                before = " ".join([*words[:at], *comma, *words[end:]]).rstrip(" ,;")
                after = " ".join(words[at:end]).rstrip(",")
                return text if "(" in after or before.count("(") != before.count(")") else f"{before} ({after})"
    return text


def _end_of_capitals(words: Sequence[str], at: int, size: int) -> int:
    """Where a name after a marker ends: at a comma, or in capitals before a given name (VERGE née CHAMP Marie)."""
    end = at + size
    for place in range(end, len(words) - 1):
        if words[place].endswith(","):
            return place + 1
    while end < len(words) and words[end].isupper():
        end += 1
    is_before = words[at - 1].isupper() and at + size < end < len(words)
    return end if is_before else len(words)


def _set_off(text: str, found: _Found) -> str:
    """The text with a mark in the place of each bracket and quote that holds a name; others are dropped or noted."""

    def mark(match: re.Match[str]) -> str:
        in_brackets, inside = match.group(1) is not None, next(part for part in match.groups() if part is not None)
        if is_missing(inside):
            return " "
        if normalise(inside) in TITLES:
            found.titles.append(inside)
            return " "
        if in_brackets and (is_description(inside) or relative_in(inside) is not None):
            found.descriptions.append(inside.strip())
            return " "
        kind: AsideKind = "bracket" if in_brackets else "quote"
        marked = _kind_of(inside)
        if marked:
            kind, inside = marked
        found.asides.append((kind, inside.strip(" .,:;-")))
        return f" {_MARK}{len(found.asides) - 1}{_MARK} "

    whole = re.fullmatch(r"[\"“”«»„‟(\[]([^\"“”«»„‟()\[\]]*)[\"“”«»„‟)\]]|['‘]([^'’‘]+)['’]", text)
    return _ASIDE.sub(mark, (whole.group(1) or whole.group(2) or "") if whole else text)


def _kind_of(inside: str) -> tuple[AsideKind, str] | None:
    """What a word such as alias or née says of the text in brackets, and the text without it."""
    raw = inside.split()
    for size in (3, 2, 1):
        marker = " ".join(raw[:size])
        is_maiden = normalise(marker) in MAIDEN_WORDS or marker in _SHORT_MAIDEN_WORDS
        if len(raw) > size and (is_maiden or normalise(marker) in ALIAS_WORDS):
            rest = " ".join(raw[size:])
            return ("maiden" if is_maiden else "alias"), _CALLED_BY.sub("", rest)
    return None


_CALLED_BY = re.compile("^ب(?=[أا]بو |[أا]م |ال)")


def _relatives(text: str, found: _Found) -> NameCell | None:
    """A cell about somebody who is only called a relative of the person named."""
    relative = relative_in(_MARKED.sub(" ", text))
    if relative is None:
        return None
    counts = [int(number) for number in map(normalise, found.descriptions) if number.isdigit() and len(number) < 4]
    if relative.kind == "family" and relative.n_people == 1:
        relative = replace(relative, n_people=max(n_counted("", found.descriptions), *counts, 1))
    kin = next((word for word in normalise(text).split() if word in KINSHIP), "")
    if kin and relative.n_people == 1:
        found.descriptions.append(kin)
    return NameCell(n_unnamed=relative.n_people, relative=relative)


def _group(text: str, found: _Found) -> NameCell | None:
    """A cell that counts people or says that one is unknown."""
    bare = _MARKED.sub(" ", text)
    if not bare.strip() and found.asides:
        return None
    is_nobody = is_own_relative(bare) or bare.strip(" .") in _BABIES
    n_people = 1 if is_nobody else n_counted(bare, found.descriptions)
    if n_people == 1 and not re.search(r"\d", normalise(bare)):
        found.descriptions.append(bare)
    return NameCell(n_unnamed=n_people) if n_people else None


def _named(text: str, found: _Found) -> NameCell:
    """The people named in a cell, and how many come without a name."""
    pieces, n_unnamed = people_apart(words_of(text)), 0
    people: list[Written] = []
    for words in pieces:
        is_counted = n_beside(tuple(word for word in words if not _MARKED.match(word)))
        if all(normalise(word) in TITLES for word in words):
            n_unnamed += 1
        elif is_counted and people:
            n_unnamed += is_counted
        elif not all(is_missing(word) for word in words):
            people.append(_written(without_kin(words) if people else words, found))
    return NameCell(tuple(_shared_family(people)), n_unnamed if people else max(1, n_unnamed))


def _written(words: tuple[str, ...], found: _Found) -> Written:
    """One name: marks become asides, words before a comma the family name, titles go."""
    family: tuple[str, ...] | None = None
    asides: list[Aside] = []
    plain: list[str] = []
    titles = list(found.titles)
    for at, word in enumerate(words):
        marked = _MARKED.fullmatch(word)
        if marked:
            kind, text = found.asides[int(marked.group(1))]
            asides.append(Aside(kind, text, len(plain) + len(family or ())))
        elif word in _COMMA:
            segment = _segment(words[at + 1 :])
            if family is not None or is_description(segment):
                found.descriptions.append(" ".join(w for w in words[at + 1 :] if not _MARKED.fullmatch(w)))
                break
            family, plain = (tuple(plain), []) if segment else (family, plain)
        else:
            plain.append(word)
    plain, asides = _one_script(plain, asides, len(family or ()))
    names, removed = titles_removed(tuple(plain))
    shift = len(plain) - len(names)
    moved = tuple(replace(a, n_before=max(0, a.n_before - shift)) for a in asides)
    family = titles_removed(family)[0] if family else family
    return Written(names, family or None, moved, (*titles, *removed))


def _segment(words: tuple[str, ...]) -> str:
    """Words up to the next comma."""
    end = next((at for at, word in enumerate(words) if word in _COMMA), len(words))
    return " ".join(word for word in words[:end] if not _MARKED.fullmatch(word))


def _one_script(words: list[str], asides: list[Aside], n_family: int) -> tuple[list[str], list[Aside]]:
    """The words in the script of the first, the others as the name in another script."""
    scripts = [script_of(word) for word in words]
    main = next((script for script in scripts if script), "")
    others = [word for word, script in zip(words, scripts, strict=True) if script and script != main]
    if not others or not n_family + sum(script == main for script in scripts):
        return words, asides
    own = [word for word, script in zip(words, scripts, strict=True) if not script or script == main]
    if n_family == 0 and len(own) == len(others) == 1 and skeleton(own[0]) != skeleton(others[0]):
        return words, asides  # given name in one script, family name in another
    return own, [*asides, Aside("other script", " ".join(others), n_family + len(own))]


def _shared_family(people: list[Written]) -> list[Written]:
    """People of one cell who share the family name before a comma."""
    if len(people) < 2:
        return people
    given_first = next((p.family for p in people if p.family is not None), None)
    if given_first is not None:
        return [p if p.family is not None else replace(p, family=given_first) for p in people]
    return people
