"""Which unit of a name is given name, father, grandfather and family name: what a column tells, and each name by it.

Nothing in a name says where the given name ends.  What tells it are the other names of the column: those with a comma
or with the family name in capitals, patronymics, family names that stand alone elsewhere, chains of three and four
names, ordinary given names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from estimation.lists.given_names import is_given_name
from estimation.lists.name_units import Unit, joined_key
from estimation.lists.normal import normalise, script_of, skeleton

__all__ = ["ColumnOfNames", "NameOrder", "Role", "Roles", "learn", "roles_of"]

NameOrder: TypeAlias = Literal["given first", "family first"]
Role: TypeAlias = Literal["given", "father", "grandfather", "family", "further", ""]

_PATRONYMIC = re.compile(
    r"(?:ович|евич|ьич|ич|овна|евна|івна|ївна|ична|инична|ovich|evich|ovitch|evitch|ovna|evna|ichna)$"
)
_PERSIAN_ONLY, _PERSIAN_KEYS, _ARABIC_KEYS = frozenset("پچژگ"), frozenset("یک"), frozenset("يكىة")
_ARABIC_MARK = re.compile(
    r"(?:^| )(?:al|el|as|ash|ad|ar|abu|abou|umm|bin|ibn|bint|wad|ould|abd|abdel|abdul|abdal)[ -]\w|"
    r"(?:^| )abd[aeu]l?\w{3}"
)
_WESTERN_PARTICLE = re.compile(r"(?:de|del|della|di|da|do|dos|das|van|von|du)\s")
_OF_A_GIVEN_NAME = re.compile(
    r"(?:das|da|do|de(?:l| los| las| la)?) (?:dores|conceicao|gloria|carmo|gracas|"
    r"carmen|angeles|pilar|jesus|rosario|cruz|luz|mar|sol|valle|dios|socorro|consuelo|"
    r"transito|milagro|refugio|mercedes|dolores|lourdes|fatima)$"
)
"""María del Carmen, Juan de Dios."""
_MOST_IN_CHAIN = 4
_SHARE_OF_MARKS = 0.1


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles of the units of a name.

    Parameters
    ----------
    roles : tuple of Role
        One for each unit; ``"further"`` for ancestors beyond the grandfather.
    question : {"", "order", "family words"}
        What the column does not tell.
    """

    roles: tuple[Role, ...]
    question: Literal["", "order", "family words"] = ""


@dataclass(slots=True)
class ColumnOfNames:
    """What the names of a column in one script tell.

    Parameters
    ----------
    order : NameOrder
        What comes first in a name without a comma.
    is_chain : bool
        Whether names of three and four are chains of given name, father, grandfather and family name.
    families, givens : set of str
        Keys of units that are surely family names, given names.
    begins : set of (str, str)
        First two units of names of three or more.
    is_open : bool
        Whether the order is a guess against the evidence.
    """

    order: NameOrder = "given first"
    is_chain: bool = False
    families: set[str] = field(default_factory=set)
    givens: set[str] = field(default_factory=set)
    begins: set[tuple[str, str]] = field(default_factory=set)
    is_open: bool = False

    def is_given(self, unit: str) -> bool:
        """Whether a unit is known as a given name and not as a family name."""
        key = joined_key(unit)
        return key not in self.families and (key in self.givens or is_given_name(unit) or _is_given_pair(unit))

    def is_family(self, unit: str) -> bool:
        """Whether a unit is known as a family name."""
        return joined_key(unit) in self.families


def _is_given_pair(unit: str) -> bool:
    words = re.split(r"[ \-\u200c]", unit)
    return len(words) > 1 and all(map(is_given_name, words))


def learn(
    names: Sequence[Sequence[Unit]],
    raw: Iterable[str],
    *,
    with_comma: Sequence[tuple[Sequence[Unit], Sequence[Unit]]] = (),
    families: Iterable[str] = (),
    fathers: Sequence[str] = (),
    order: NameOrder | None = None,
    is_chain: bool | None = None,
) -> ColumnOfNames:
    """What the names of a column, in one script, tell of each other.

    Parameters
    ----------
    names : sequence of sequences of Unit
        Names without a comma, in the order of the column.
    raw : iterable of str
        Cells as read: their letters tell Persian from Arabic.
    with_comma : sequence of (units, units)
        Family and given names of those with a comma.
    families : iterable of str
        Family names that other columns give.
    fathers : sequence of str
        What a column of fathers' names gives beside each of `names`, or nothing.
    order : NameOrder, optional
        The order, where it is declared or stands in the heading.
    is_chain : bool, optional
        Whether names are chains, where that is declared or stands in the heading.
    """
    column = ColumnOfNames(families={joined_key(name) for name in families} - {""})
    for family, given in with_comma:
        column.families.add(joined_key(" ".join(unit.text for unit in family)))
        column.givens.update(unit.key for unit in given)
    column.begins = {(name[0].key, name[1].key) for name in names if len(name) > 2}
    for name in names:
        capitals = _in_capitals(name)
        if capitals:
            column.families.update(unit.key for unit, is_capital in zip(name, capitals, strict=True) if is_capital)
    patronymic_last = sum(len(name) > 2 and _is_patronymic(name[-1]) for name in names)
    initials_last = sum(len(name) > 1 and _is_initial(name[-1]) and not _is_initial(name[0]) for name in names)
    patronymic_second = sum(len(name) > 2 and _is_patronymic(name[1]) for name in names)
    is_settled = order is not None
    if order is None:
        n_last, n_long = patronymic_last + initials_last, sum(len(name) > 1 for name in names)
        is_last = n_last > 2 * patronymic_second and 3 * n_last >= n_long
        order = "family first" if is_last else "given first"
        is_settled = is_last or patronymic_second > 0
    column.order = order
    column.is_chain = _is_chain(names, list(raw), fathers) if is_chain is None else is_chain
    _learn_ends(column, names)
    column.is_open = not is_settled and _looks_turned(column, names)
    return column


def _learn_ends(column: ColumnOfNames, names: Sequence[Sequence[Unit]]) -> None:
    """Family and given names from the ends of names, where the order says which end is whose."""
    for name in names:
        if len(name) < 2 or _in_capitals(name):
            continue
        if column.order == "family first":
            column.families.add(name[0].key)
            column.givens.add(name[-1].key)
        elif len(name) == 2 and not column.is_chain:
            column.families.add(name[1].key)
            column.givens.add(name[0].key)
        elif len(name) >= _MOST_IN_CHAIN and column.is_chain:
            column.families.add(name[-1].key)


def _looks_turned(column: ColumnOfNames, names: Sequence[Sequence[Unit]]) -> bool:
    """Whether names read with the given name first look as if the family name came first."""
    pairs = [name for name in names if len(name) > 1 and not _in_capitals(name)]
    first = sum(is_given_name(name[0].text) for name in pairs)
    last = sum(is_given_name(name[-1].text) for name in pairs)
    return last >= 2 and last > 2 * first and 3 * last >= len(pairs) and not column.is_chain


def _is_chain(names: Sequence[Sequence[Unit]], raw: Sequence[str], fathers: Sequence[str]) -> bool:
    """Whether names of three are given name, father and family name."""
    if any(
        father and len(name) > 2 and skeleton(name[1].text) == skeleton(father)
        for name, father in zip(names, fathers, strict=False)
    ):
        return True
    texts = [text for text in raw if text]
    if not any(len(name) > 2 for name in names) or not texts:
        return False
    in_arabic = [text for text in texts if script_of(text) == "arabic"]
    if in_arabic:
        letters = [set(text) for text in in_arabic]
        has_persian = sum(bool(own & _PERSIAN_ONLY) for own in letters) >= 0.05 * len(letters)
        keys = sum(bool(own & _PERSIAN_KEYS) for own in letters) > sum(bool(own & _ARABIC_KEYS) for own in letters)
        return not has_persian and not keys
    marked = sum(bool(_ARABIC_MARK.search(normalise(text))) for text in texts)
    return marked > 0 and marked >= _SHARE_OF_MARKS * len(texts)


def _is_patronymic(unit: Unit) -> bool:
    text = normalise(unit.text)
    if text.endswith((" оглы", " кызы", " ogly", " oglu", " kyzy", " qizi")):
        return True
    return len(text) > 4 and bool(_PATRONYMIC.search(text)) and " " not in text


def _is_initial(unit: Unit) -> bool:
    return len(normalise(unit.text)) == 1


def _in_capitals(name: Sequence[Unit]) -> list[bool]:
    """Which units are in capitals, where some are and some are not; else nothing."""
    letters = ["".join(filter(str.isalpha, unit.text)) for unit in name]
    capital = [len(own) > 1 and own.isupper() for own in letters]
    small = [len(own) > 1 and not own.isupper() and own.lower() != own.upper() for own in letters]
    return capital if any(capital) and any(small) else []


def roles_of(name: Sequence[Unit], column: ColumnOfNames, father: str = "") -> Roles:
    """The roles of the units of a name without a comma.

    Parameters
    ----------
    name : sequence of Unit
        Its units.
    column : ColumnOfNames
        What its column tells.
    father : str
        The father's name in a column of its own, or empty.

    Examples
    --------
    >>> from estimation.lists.name_units import units_of
    >>> roles_of(units_of(("Верболозов", "Лев", "Маркелович")), ColumnOfNames()).roles
    ('family', 'given', 'father')
    >>> roles_of(units_of(("Sami", "Khalil", "Hasan", "Abu", "Tayfur")), ColumnOfNames(is_chain=True)).roles
    ('given', 'father', 'grandfather', 'family')
    """
    n = len(name)
    if n == 0:
        return Roles(())
    if n == 1:
        is_usual = column.is_family(name[0].text) or (column.order == "family first" and not column.is_open)
        is_family = is_usual and not is_given_name(name[0].text)
        return Roles(("family",) if is_family else ("given",))
    by_form = _by_form(name)
    if by_form:
        return Roles(by_form)
    question: Literal["", "order"] = "order" if column.is_open else ""
    if column.order == "family first":
        n_family, is_sure = _n_family_words(name, column)
        return Roles(_family_first(name, n_family), question if is_sure else "family words")
    marked = [at for at, unit in enumerate(name) if unit.is_father]
    if marked and not column.is_chain:
        return Roles(_with_marked_father(n, marked), question)
    is_chain = column.is_chain and not any(_WESTERN_PARTICLE.match(normalise(unit.text)) for unit in name)
    if is_chain or marked:
        return Roles(_chain(name, column, father), question)
    n_given = _n_given_words(name, column)
    roles: list[Role] = ["family"] * n
    roles[:n_given] = ["given"] * n_given
    if father and n_given > 1 and skeleton(name[n_given - 1].text) == skeleton(father):
        roles[n_given - 1] = "father"
    return Roles(tuple(roles), question)


def _by_form(name: Sequence[Unit]) -> tuple[Role, ...]:
    """Roles that the form of the words gives: capitals, patronymics, initials."""
    n = len(name)
    capitals = _in_capitals(name)
    if capitals:
        rest = [at for at in range(n) if not capitals[at]]
        by_case: list[Role] = ["family" if capital else "given" for capital in capitals]
        if len(rest) > 1 and (_is_patronymic(name[rest[-1]]) or all(_is_initial(name[at]) for at in rest)):
            by_case[rest[-1]] = "father"
        return tuple(by_case)
    several: list[Role] = ["family"] * (n - 2)
    if n >= 3 and _is_patronymic(name[-1]) and not _is_patronymic(name[-2]):
        return (*several, "given", "father")
    if n >= 3 and _is_patronymic(name[1]):
        return ("given", "father", *several)
    if n == 2 and _is_patronymic(name[1]) and is_given_name(name[0].text):
        return ("given", "father")
    second: Role = "father" if script_of(name[0].text) == "cyrillic" else "given"
    if n == 3 and _is_initial(name[1]) and _is_initial(name[2]) and not _is_initial(name[0]):
        return ("family", "given", second)
    if n == 3 and _is_initial(name[0]) and _is_initial(name[1]):
        return ("given", second, "family")
    if n == 2 and _is_initial(name[1]) and not _is_initial(name[0]):
        return ("family", "given")
    return ()


def _n_family_words(name: Sequence[Unit], column: ColumnOfNames) -> tuple[int, bool]:
    """How many units before the given names are family names, and whether anything tells it."""
    n = len(name)
    if n == 2:
        return 1, True
    scores = []
    for n_family in range(1, n):
        signs = [_sign(name[at - 1], name[at], column) for at in range(1, n - 1)]
        scores.append(sum(signs[: n_family - 1]) - sum(signs[n_family - 1 :]))
    best = [at + 1 for at, score in enumerate(scores) if score == max(scores)]
    if len(best) == 1 or (column.is_given(name[best[-1]].text) and best[-1] < n - 1):
        return best[-1], True
    return (n // 2 if n // 2 in best else best[0]), False


def _sign(before: Unit, unit: Unit, column: ColumnOfNames) -> int:
    """1 for a unit that is known as a family name, -1 for a given name, 0 where nothing tells it."""
    first = normalise(unit.text).split(" ")[0]
    follows = first in {"de", "del", "von", "van", "da", "dos"} and not column.is_given(before.text)
    return int(column.is_family(unit.text) or follows) - int(column.is_given(unit.text))


def _family_first(name: Sequence[Unit], n_family: int) -> tuple[Role, ...]:
    n = len(name)
    has_father = n - n_family > 1 and _is_patronymic(name[-1])
    family: list[Role] = ["family"] * n_family
    given: list[Role] = ["given"] * (n - n_family - has_father)
    return (*family, *given, "father") if has_father else (*family, *given)


def _with_marked_father(n: int, marked: Sequence[int]) -> tuple[Role, ...]:
    """Roles where bin or bint stands before a father: the given names before him, the family name after."""
    roles: list[Role] = ["family"] * n
    roles[: marked[0]] = ["given"] * marked[0]
    roles[marked[0]] = "father"
    if len(marked) > 1:
        roles[marked[1]] = "grandfather"
    return tuple(roles)


def _n_given_words(name: Sequence[Unit], column: ColumnOfNames) -> int:
    """How many units before the family name are given names: as what is known has it, else all but the last."""
    n = len(name)
    texts = [normalise(unit.text) for unit in name]
    particle = next((at for at in range(1, n) if _WESTERN_PARTICLE.match(texts[at])), n)
    if particle < n and not _OF_A_GIVEN_NAME.match(texts[particle]):  # João da Silva Santos
        return particle
    scores = []
    for n_given in range(1, n):
        family = " ".join(unit.text for unit in name[n_given:])
        are_given = (column.is_given(t) or _OF_A_GIVEN_NAME.match(t) is not None for t in texts[:n_given])
        score = 2 * column.is_family(family) + all(are_given)
        score -= any(column.is_given(unit.text) for unit in name[n_given:])
        scores.append(score)
    return n - 1 - scores[::-1].index(max(scores))


def _chain(name: Sequence[Unit], column: ColumnOfNames, father: str) -> tuple[Role, ...]:
    """Roles in a chain of names."""
    n = len(name)
    keys = [unit.key for unit in name]
    if n == 2:
        is_father = name[1].is_father or (keys[0], keys[1]) in column.begins
        return ("given", "father" if is_father and not column.is_family(name[1].text) else "family")
    if n == 3:
        if father and skeleton(father) != skeleton(name[1].text):
            return ("given", "given", "family")
        is_family_repeated = keys[1] == keys[2]
        if is_family_repeated:
            return ("given", "", "family")
        is_grandfather = (keys[1], keys[2]) in column.begins and not column.is_family(name[2].text)
        return ("given", "father", "grandfather" if is_grandfather else "family")
    joined = _joined_pairs(name)
    roles: list[Role] = []
    place = 0
    chain: tuple[Role, ...] = ("given", "father", "grandfather")
    for at in range(n - 1):
        if at and joined[at]:
            roles.append(roles[-1])
            continue
        roles.append(chain[place] if place < len(chain) else "further")
        place += 1
    roles.append("family")
    if keys[-2] == keys[-1]:
        roles[-2] = ""
    return tuple(roles)


def _joined_pairs(name: Sequence[Unit]) -> list[bool]:
    """Which units are the second word of a name that begins with Muhammad, as far as a chain is longer than four."""
    n, joined = len(name), [False] * len(name)
    surplus = n - _MOST_IN_CHAIN
    for at, (one, after) in enumerate(pairwise(name)):
        is_muhammad = skeleton(one.text) == "mhmd" and at + 1 < n - 1 and bool(after.text)
        if surplus > 0 and is_muhammad and at > 0 and not joined[at]:
            joined[at + 1] = True
            surplus -= 1
    return joined
