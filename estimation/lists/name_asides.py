"""What stands beside a name: in brackets or quotes, an alias, a maiden name, another script; and other people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from estimation.lists.given_names import is_given_name
from estimation.lists.name_cell import Aside
from estimation.lists.name_list import PersonName
from estimation.lists.name_roles import ColumnOfNames, Role, roles_of
from estimation.lists.name_units import Unit, alternatives, is_kunya, units_of
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise, script_of, skeleton
from estimation.lists.written_words import titles_removed, words_of

__all__ = ["beside", "is_another", "person_name", "sharing_family"]

_ARTICLE_BEFORE = ("al ", "el ", "ال")


def person_name(units: Sequence[Unit], roles: Sequence[Role], origin: str = "") -> PersonName:
    """A name from its units and their roles.

    Examples
    --------
    >>> person_name(units_of(("Ali", "Reza", "Karimi")), ("given", "given", "family"))
    PersonName(given='ali reza', father='', grandfather='', family='karimi', origin='')
    """

    def part(role: Role) -> str:
        texts = (unit.text for unit, own in zip(units, roles, strict=True) if own == role)
        return normalise(" ".join(texts))

    return PersonName(part("given"), part("father"), part("grandfather"), part("family"), origin)


def beside(
    asides: Sequence[Aside],
    name: PersonName,
    units: Sequence[Unit],
    roles: Sequence[Role],
    column_of: Callable[[str], ColumnOfNames],
) -> tuple[PersonName, list[PersonName]]:
    """A name and its alternatives, from what stands beside it.

    Parameters
    ----------
    asides : sequence of Aside
        What stands beside it.
    name : PersonName
        The name as written.
    units, roles : sequences
        Its units and their roles.
    column_of : callable
        What the names of the column in a text's script tell.

    Returns
    -------
    name : PersonName
        The name; that of the brackets where only a nom de guerre stands before them.
    others : list of PersonName
        Alternatives.
    """
    others: list[PersonName] = []
    for aside in asides:
        text = " ".join(titles_removed(words_of(aside.text))[0])
        if is_missing(text) or not script_of(text):
            continue
        read = alternatives(units_of(tuple(text.split())))[0]
        whole = person_name(read, roles_of(read, column_of(text)).roles)
        is_alone = is_kunya(" ".join(unit.text for unit in units)) or _is_called(units, whole, aside)
        if is_alone and len(read) > 1 and not is_kunya(text):
            guerre = normalise(" ".join(unit.text for unit in units))
            name = whole
            others.append(replace(whole, given=guerre, origin="nom de guerre"))
        else:
            others += _others(aside, name, units, roles, read, whole, column_of(text))
        if (
            aside.kind == "bracket"
            and not name.given
            and others
            and others[-1].given
            and others[-1].family == name.family
        ):
            name = replace(others.pop(), origin="")
    return name, others


def _is_called(units: Sequence[Unit], whole: PersonName, aside: Aside) -> bool:
    """Whether one word that is no ordinary given name stands before a whole name in brackets: Luna (Ana Luzalba)."""
    is_whole = aside.kind == "bracket" and bool(whole.given and whole.family)
    return is_whole and len(units) == 1 and not is_given_name(units[0].text)


def _others(
    aside: Aside,
    name: PersonName,
    units: Sequence[Unit],
    roles: Sequence[Role],
    read: Sequence[Unit],
    whole: PersonName,
    column: ColumnOfNames,
) -> list[PersonName]:
    """The alternatives that one text beside a name gives."""
    text = normalise(" ".join(unit.text for unit in read))
    if len(read) == 1 and is_kunya(text):
        return [replace(name, given=text, origin="nom de guerre")]
    if script_of(text) != script_of(" ".join(unit.text for unit in units)):
        return [replace(whole, origin="other script")]
    if aside.kind == "maiden" and len(read) == 1:
        return [replace(name, family=text, origin="maiden")]
    if aside.kind == "quote":
        return [replace(name, given=text, origin="alias")]
    if len(read) > 1 and aside.kind in {"alias", "bracket"} and (whole.given and whole.family):
        return [replace(whole, origin="alias")]
    role = _role_before(aside, units, roles)
    return _one_name(text, name, role, aside, column)


def _one_name(text: str, name: PersonName, role: Role, aside: Aside, column: ColumnOfNames) -> list[PersonName]:
    """The alternatives of one name in brackets: in the place of the name before them, where that can be told."""
    as_given, as_family = replace(name, given=text, origin="alias"), replace(name, family=text, origin="maiden")
    if not name.given:
        return [as_given]
    if aside.kind == "maiden":
        return [as_family]
    if aside.kind == "alias":
        return [as_given]
    is_last = role == "family" and column.order == "given first"
    if not is_last and role == "family":
        return [as_family]
    if not is_last and role in {"given", ""}:
        return [as_given]
    if not is_last and role in {"father", "grandfather"} and aside.kind == "bracket":
        return [replace(name, father=text, origin="alias") if role == "father" else replace(name, grandfather=text)]
    if column.is_given(text):
        return [as_given]
    if column.is_family(text) or text.startswith(_ARTICLE_BEFORE):
        return [as_family]
    return [as_given, as_family]


def _role_before(aside: Aside, units: Sequence[Unit], roles: Sequence[Role]) -> Role:
    """The role of the unit before a text; that of the first one where it stands before all."""
    before = [role for unit, role in zip(units, roles, strict=True) if unit.n_words <= aside.n_before]
    return before[-1] if before else (roles[0] if roles else "")


def sharing_family(people: Sequence[tuple[PersonName, ...]]) -> list[tuple[PersonName, ...]]:
    """People of one cell, those of one name with the family name of the others: Mehdi and Hadi Karimi."""
    family = next((names[0].family for names in people if names[0].family and names[0].given), "")
    shared = []
    for names in people:
        first = names[0]
        is_one = bool(first.given or first.family) != bool(first.given and first.family)
        given = first.given or first.family
        shared.append((PersonName(given, first.father, family=family),) if is_one and family else names)
    return shared


def is_another(name: PersonName, read: PersonName) -> bool:
    """Whether two whole names on both sides of a slash have nothing in common: they are two people."""
    whole = name.given and name.family and read.given and read.family
    return (
        bool(whole) and skeleton(name.given) != skeleton(read.given) and skeleton(name.family) != skeleton(read.family)
    )
