"""Columns of names become people by name: given name, father, grandfather and family name, with alternatives.

A cell can hold one person, several, or nobody who is named; whoever reads the rows splits them, asks, or counts them
apart.  A name keeps every way in which it is given: an alias, a maiden or married name, a nom de guerre, another
script.  What is asked and not guessed: which of several words are family names where nothing in the column tells it,
and whether the family name comes first where the given names say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from estimation.lists.name_asides import beside, is_another, person_name, sharing_family
from estimation.lists.name_cell import NameCell, Written, name_cell
from estimation.lists.name_heading import order_in_heading
from estimation.lists.name_list import PersonName, RecordKind
from estimation.lists.name_roles import ColumnOfNames, NameOrder, Role, learn, roles_of
from estimation.lists.name_texts import InScript, by_script, texts_by_script, texts_of, without_slips
from estimation.lists.name_units import Unit, alternatives, joined_key, units_of
from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise, script_of
from estimation.lists.relatives import Relative, says_a_child
from estimation.lists.repairs import Repair

__all__ = ["NameColumn", "NameQuestion", "NameReader", "ReadName"]

NameColumn: TypeAlias = Literal[
    "name", "given", "father", "grandfather", "family", "other_family", "alias", "other_script"
]
"""What a column of names holds; ``"name"`` is a whole name."""

NameQuestion: TypeAlias = Literal["", "order", "family words", "too long"]
"""What has to be asked of a row: whether the family name comes first; how many words are family names; what it is."""

_PARTS: tuple[NameColumn, ...] = ("given", "father", "grandfather", "family")


@dataclass(frozen=True, slots=True)
class ReadName:
    """What the cells of a row say of who is named.

    Parameters
    ----------
    kind : RecordKind
        ``"person"``, ``"several"``, ``"unnamed"`` or ``"group of unnamed"``.
    names : tuple of PersonName
        Of a person: the name as written first, alternatives after it.  Of somebody unnamed: what is known, and the
        relative who is named, of origin ``"relative"``.
    people : tuple of tuple of PersonName
        Of a row with several people: the names of each who is named.
    n_people : int
        How many people the row stands for.  Unit: persons.
    descriptions : tuple of str
        What a cell of names says besides, such as ``"woman, 31"``; of several people one each, as far as given.
    titles : tuple of str
        Titles and honorifics that were removed.
    repairs : tuple of Repair
        What was mended.
    question : NameQuestion
        What has to be asked.
    """

    kind: RecordKind = "person"
    names: tuple[PersonName, ...] = ()
    people: tuple[tuple[PersonName, ...], ...] = ()
    n_people: int = 1
    descriptions: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    question: NameQuestion = ""


@dataclass(frozen=True, slots=True)
class NameReader:
    """A reader of columns of names.

    Parameters
    ----------
    order : {"given first", "family first"}, optional
        What comes first in a whole name without a comma, where it is declared; the heading and the column tell it
        otherwise.
    heading : str
        The heading of the column of whole names.
    is_chain : bool, optional
        Whether names of three are given name, father and family name; the column tells it otherwise.

    Examples
    --------
    >>> reader = NameReader()
    >>> [row.names[0].family for row in reader.read({"name": ["Karimi, Ali", "Zahra Tusi", "TALEBI Reza"]})]
    ['karimi', 'tusi', 'talebi']
    >>> reader.read({"name": ["Mehdi and Hadi Karimi", "N.N. (3 women)"]})[1].n_people
    3
    """

    order: NameOrder | None = None
    heading: str = ""
    is_chain: bool | None = None

    def read(self, columns: Mapping[NameColumn, Sequence[str]]) -> tuple[ReadName, ...]:
        """What each row of some columns says of who is named.

        Parameters
        ----------
        columns : mapping of NameColumn to sequences of str
            Cells as read, all columns of one length.

        Raises
        ------
        ValueError
            When there is no column, or columns differ in length.
        """
        lengths = {len(cells) for cells in columns.values()}
        if len(lengths) != 1:
            raise ValueError(f"columns of names have {sorted(lengths)} cells; give one or more of one length")
        n_rows = lengths.pop()
        columns = {key: list(map(without_slips, cells)) if key in _PARTS else cells for key, cells in columns.items()}
        rows = [{key: cells[row] for key, cells in columns.items()} for row in range(n_rows)]
        column_of = self._learned(columns)
        return tuple(_row(row, column_of) for row in rows)

    def _learned(self, columns: Mapping[NameColumn, Sequence[str]]) -> Callable[[str], ColumnOfNames]:
        """What the column of whole names tells in each script."""
        order, is_chain = order_in_heading(self.heading)
        order, is_chain = self.order or order, is_chain if self.is_chain is None else self.is_chain
        families = [
            text
            for key in ("family", "other_family")
            for cell in columns.get(key, ())
            for text in texts_of(cell, "family")
        ]
        written = by_script(columns.get("name", ()), columns.get("father", ()))
        families_of = texts_by_script(families)

        def of(script: str, own_chain: bool | None) -> ColumnOfNames:
            own = written.get(script, InScript())
            return learn(
                own.names,
                own.cells,
                with_comma=own.with_comma,
                families=families_of.get(script, ()),
                fathers=own.fathers,
                order=order,
                is_chain=own_chain,
            )

        learned = {"arabic": of("arabic", is_chain)}
        if is_chain is None and learned["arabic"].is_chain:
            is_chain = True
        learned |= {script: of(script, is_chain) for script in ("latin", "cyrillic", "other")}
        beside_ = learn([], columns.get("other_script", ()), order="given first", is_chain=False)

        def column_of(text: str) -> ColumnOfNames:
            script = script_of(text)
            return learned[script] if script in written else beside_

        return column_of


def _row(row: Mapping[NameColumn, str], column_of: Callable[[str], ColumnOfNames]) -> ReadName:
    """What one row says."""
    cells = {key: name_cell(cell) for key, cell in row.items()}
    leading = next(
        (cells[key] for key in ("name", "given", "family") if key in cells and _says(cells[key])), NameCell()
    )
    descriptions = tuple(
        text
        for key in ("name", "given", "family")
        if key in cells and not (key == "family" and "given" in cells and cells["given"].people)
        for text in cells[key].descriptions
    )
    titles = tuple(title for cell in cells.values() for written in cell.people for title in written.titles)
    repairs = tuple(dict.fromkeys(repair for cell in cells.values() for repair in cell.repairs))
    read = ReadName(descriptions=descriptions, titles=titles, repairs=repairs)
    if any(cell.is_too_long for cell in cells.values()):
        return replace(read, question="too long")
    if leading.relative is not None:
        family = row.get("family", "") if leading is cells.get("given") else ""
        named = "" if is_missing(family) else f" {normalise(family)}"
        return _of_relative(read, replace(leading.relative, name=leading.relative.name + named), column_of)
    has_parts = any(key in cells and cells[key].people for key in ("given", "family"))
    if not has_parts and not ("name" in cells and cells["name"].people):
        n_unnamed = max(leading.n_unnamed, 1)
        return replace(read, kind="unnamed" if n_unnamed == 1 else "group of unnamed", n_people=n_unnamed)
    given = cells.get("given", NameCell())
    if not given.people and any(map(says_a_child, given.descriptions)):  # a child by the family name alone
        families = texts_of(row.get("family", ""), "family")
        return replace(read, kind="unnamed", names=tuple(PersonName(family=text) for text in families))
    people, question = _from_parts(row, column_of) if has_parts else _from_whole(row, column_of)
    people = [own for names in people if (own := tuple(name for name in names if any(_parts_of(name))))]
    if not people:
        return replace(read, kind="unnamed")
    n_unnamed = leading.n_unnamed if leading.people else 0
    if len(people) == 1 and not n_unnamed:
        return replace(read, names=people[0], question=question)
    return replace(read, kind="several", people=tuple(people), n_people=len(people) + n_unnamed, question=question)


def _parts_of(name: PersonName) -> tuple[str, str, str, str]:
    return name.given, name.father, name.grandfather, name.family


def _says(cell: NameCell) -> bool:
    return bool(cell.people) or cell.relative is not None or cell.n_unnamed > 1


def _of_relative(read: ReadName, relative: Relative, column_of: Callable[[str], ColumnOfNames]) -> ReadName:
    """Somebody who is only called somebody's child or wife."""
    kind: RecordKind = "unnamed" if relative.n_people == 1 else "group of unnamed"
    if relative.kind == "family":
        return replace(read, kind=kind, names=(PersonName(family=relative.family),), n_people=relative.n_people)
    units = alternatives(units_of(tuple(relative.name.split())))[0]
    of = person_name(units, roles_of(units, column_of(relative.name)).roles, "relative")
    family = relative.family or (of.family if relative.kind == "child" else "")
    names = (PersonName(family=family), of) if family else (of,)
    return replace(read, kind=kind, names=names, n_people=relative.n_people)


def _from_whole(
    row: Mapping[NameColumn, str], column_of: Callable[[str], ColumnOfNames]
) -> tuple[list[tuple[PersonName, ...]], NameQuestion]:
    """The people named in a cell of whole names, with what the other columns give."""
    people: list[tuple[PersonName, ...]] = []
    question: NameQuestion = ""
    fathers = texts_of(row.get("father", ""), "father")
    for written in name_cell(row["name"]).people:
        names, open_question = _named(written, " ".join(fathers[:1]), column_of)
        question = question or open_question
        own = [name for name in names if name.origin != "another"]
        people.append(_with_columns(own, row, column_of))
        people += [(replace(name, origin=""),) for name in names if name.origin == "another"]
    return sharing_family(people), question


def _named(
    written: Written, father: str, column_of: Callable[[str], ColumnOfNames]
) -> tuple[list[PersonName], NameQuestion]:
    """The name as written and its alternatives, and what has to be asked; somebody else is of origin "another"."""
    column = column_of(" ".join((*(written.family or ()), *written.words)))
    if written.family is not None:
        return _with_comma(written, column_of), ""
    spelt = alternatives(units_of(written.words))
    found = roles_of(spelt[0], column, father)
    name, others = beside(written.asides, person_name(spelt[0], found.roles), spelt[0], found.roles, column_of)
    if "further" in found.roles:
        further = [unit for unit, role in zip(spelt[0], found.roles, strict=True) if role == "further"]
        others += [replace(name, family=normalise(unit.text), origin="alias") for unit in further]
    for other in spelt[1:]:
        read = person_name(other, roles_of(other, column, father).roles, "alias")
        if is_another(name, read):
            others.append(replace(read, origin="another"))
            continue
        others.append(
            replace(read, origin="maiden") if read.family != name.family and read.given == name.given else read
        )
    return [name, *others], found.question


def _with_comma(written: Written, column_of: Callable[[str], ColumnOfNames]) -> list[PersonName]:
    """A name whose family name stands before a comma."""
    names: list[PersonName] = []
    shift = len(written.family or ())
    for at, family in enumerate(alternatives(units_of(written.family or (), is_family=True))):
        for again, given in enumerate(alternatives(units_of(written.words), is_part=True)):
            units = _without(given, family) if again else given
            roles: tuple[Role, ...] = tuple(_given_roles(units))
            own = person_name(units, roles, "alias" if at or again else "")
            names.append(replace(own, family=normalise(" ".join(unit.text for unit in family))))
    given = alternatives(units_of(written.words), is_part=True)[0]
    moved = [replace(unit, n_words=unit.n_words + shift) for unit in given]
    before = alternatives(units_of(written.family or (), is_family=True))[0]
    families: list[Role] = ["family"] * len(before)

    def turned(text: str) -> ColumnOfNames:
        return replace(column_of(text), order="family first")

    name, others = beside(written.asides, names[0], (*before, *moved), (*families, *_given_roles(moved)), turned)
    return [name, *names[1:], *others]


def _given_roles(units: Sequence[Unit]) -> list[Role]:
    """Roles of the units after a comma: given names, and a patronymic or a name after bin as the father's."""
    roles: list[Role] = ["father" if unit.is_father else "given" for unit in units]
    if len(units) > 1:
        probe = roles_of([Unit("-", 0), *units], ColumnOfNames(order="family first")).roles
        roles[-1] = "father" if probe[-1] == "father" else roles[-1]
    return roles


def _without(units: Sequence[Unit], family: Sequence[Unit]) -> Sequence[Unit]:
    """A given name without the family name that an alternative repeats after or before it."""
    own = joined_key(" ".join(unit.text for unit in family))
    for n in range(1, len(units)):
        if joined_key(" ".join(unit.text for unit in units[n:])) == own:
            return units[:n]
        if joined_key(" ".join(unit.text for unit in units[:n])) == own:
            return units[n:]
    return units


def _from_parts(
    row: Mapping[NameColumn, str], column_of: Callable[[str], ColumnOfNames]
) -> tuple[list[tuple[PersonName, ...]], NameQuestion]:
    """The people named in columns of given and family names."""
    given_cell = name_cell(row.get("given", ""))
    people = []
    for written in given_cell.people or (Written(()),):
        given = (
            texts_of(" ".join(written.words), "given")
            if len(given_cell.people) > 1
            else texts_of(row.get("given", ""), "given")
        )
        family = texts_of(row.get("family", ""), "family") or (
            (normalise(" ".join(written.family)),) if written.family else ()
        )
        name = PersonName((given or ("",))[0], family=(family or ("",))[0])
        name = name if row.get("father") else _with_patronymic(name)
        names = [name, *(replace(name, given=text, origin="alias") for text in given[1:])]
        maiden = [normalise(aside.text) for aside in written.asides if aside.kind == "maiden"]
        names += [replace(name, family=text, origin="maiden") for text in (*family[1:], *maiden)]
        people.append(_with_columns(names, row, column_of))
    return people, ""


def _with_patronymic(name: PersonName) -> PersonName:
    """A name whose patronymic stands in the column of given names, with the father apart."""
    units = units_of(tuple(name.given.split()))
    if len(units) < 2 or _given_roles(units)[-1] != "father":
        return name
    return replace(name, given=" ".join(unit.text for unit in units[:-1]), father=units[-1].text)


def _with_columns(
    names: Sequence[PersonName], row: Mapping[NameColumn, str], column_of: Callable[[str], ColumnOfNames]
) -> tuple[PersonName, ...]:
    """Names with the father, the grandfather and the alternatives that other columns give."""
    fathers = texts_of(row.get("father", ""), "father")
    grandfathers = texts_of(row.get("grandfather", ""), "grandfather")
    own = [
        replace(
            name,
            father=name.father or (fathers or ("",))[0],
            grandfather=name.grandfather or (grandfathers or ("",))[0],
        )
        if name.origin != "other script" or script_of(name.given) == script_of(" ".join(fathers))
        else name
        for name in names
    ]
    name = own[0]
    own += [
        replace(name, father=text, origin="alias") for text in fathers if joined_key(text) != joined_key(name.father)
    ]
    for text in grandfathers[1:]:
        own.append(replace(name, grandfather=text, origin="alias"))
    own += [replace(name, family=text, origin="maiden") for text in texts_of(row.get("other_family", ""), "family")]
    for key, origin in (("alias", "alias"), ("other_script", "other script")):
        for written in name_cell(row.get(key, "")).people:  # type: ignore[call-overload]
            own += _of_other_column(written, name, origin, column_of)
    return tuple(dict.fromkeys(own))


def _of_other_column(
    written: Written, name: PersonName, origin: str, column_of: Callable[[str], ColumnOfNames]
) -> list[PersonName]:
    """Alternatives from a column of aliases or of names in another script."""
    names, _ = _named(written, "", column_of)
    first = names[0]
    is_one = not (first.given and first.family)
    if origin == "alias" and is_one:
        return [replace(name, given=each.given or each.family, origin="alias") for each in names]
    return [replace(each, origin=origin) for each in names]
