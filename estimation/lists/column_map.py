"""Which column of a name list holds what: from its heading, from its cells, and from what is declared.

A heading with two readings that matter (two dates of different events, two columns of whole names in one script) is
asked about; what is left over is set aside and listed, so that nobody has to guess what was not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from estimation.capture.sheets.grid import GridCell
from estimation.lists.column_rivals import is_second_part, rival_questions
from estimation.lists.columns import Column, ColumnMap, column_of, place_called
from estimation.lists.declared import COLUMN_KEYS, ColumnKey, DeclaredList, ListDoor, list_option
from estimation.lists.headings import EARLIEST, LATEST, has_one_of
from estimation.lists.layout import cell_text
from estimation.lists.name_heading import family_comes_first, is_of_father, order_of_whole, parts_in_heading
from estimation.lists.normal import normalise

__all__ = ["map_columns"]

_LOOKED_AT = 2000
"""Rows that are looked at to know a column, evenly over all of them."""

_AFGHAN_FATHER = frozenset(["ولد", "ولدیت", "نام ولد", "اسم ولد"])
"""Headings of the father's name in Afghan lists, in which whole names of two words are given names."""

_PARTS = ("year", "month", "day")
_OF_OTHERS = ("father", "grandfather", "mother", "middle")


def map_columns(
    headings: Sequence[str], rows: Sequence[Sequence[GridCell]], declared: DeclaredList, door: ListDoor = "python"
) -> ColumnMap:
    """Which column holds what.

    Parameters
    ----------
    headings : sequence of str
        One a column.
    rows : sequence of sequences of cells
        The rows below them, or the first some hundred.
    declared : DeclaredList
        What is declared; it goes before everything that is found.
    door : {"python", "command line", "study"}
        For whom questions name the options.

    Examples
    --------
    >>> found = map_columns(["No", "Prezime", "Ime", "Ime oca"], [["1", "Lugavčić", "Senad", "Ibro"]], DeclaredList())
    >>> found.places
    {'given': 2, 'father': 3, 'family': 1}
    """
    wide = 2 if len(headings) > 2 else 1
    step = max(1, len(rows) // _LOOKED_AT)
    full = [row for row in rows[::step] if sum(1 for cell in row if cell_text(cell).strip()) >= wide]
    columns = [column_of(at, text, [row[at] for row in full], step) for at, text in enumerate(headings)]
    found = _Mapping(columns, declared, door).found()
    return replace(found, questions=(*found.questions, *rival_questions(columns, found, rows, door)))


class _Mapping:
    """The choice of columns, one kind after the other."""

    def __init__(self, columns: Sequence[Column], declared: DeclaredList, door: ListDoor) -> None:
        self._columns, self._declared, self._door = columns, declared, door
        self._texts = [column.heading.text for column in columns]
        self._places: dict[ColumnKey, int] = {}
        self._why: dict[ColumnKey, str] = {}
        self._used: set[int] = set()
        self._none: set[ColumnKey] = set()
        self._with_place: set[ColumnKey] = set()
        self._questions: list[str] = []
        self._event = ""
        self._family_first: bool | None = None
        self._until: int | None = None

    def found(self) -> ColumnMap:
        """The map."""
        self._take_declared()
        rows = self._row_numbers()
        self._take_births()
        self._take_event()
        self._take_names()
        others, scripts, aliases = self._other_names()
        self._take_plain()
        self._take_place()
        ids = self._take_ids()
        notes = tuple(c.place for c in self._free() if c.heading.has_any("notes", "cause"))
        if "notes" in self._places:
            notes = (self._places["notes"], *notes)
        return ColumnMap(
            tuple(self._texts),
            {key: self._places[key] for key in COLUMN_KEYS if key in self._places},
            self._why,
            self._event,
            others,
            scripts,
            aliases,
            self._middles(),
            notes,
            ids,
            rows,
            self._family_first,
            self._until,
            frozenset(self._with_place),
            tuple(self._questions),
        )

    def _free(self) -> list[Column]:
        return [column for column in self._columns if column.place not in self._used]

    def _take(self, key: ColumnKey, column: Column, why: str = "its heading") -> None:
        if key not in self._places and key not in self._none:
            self._places[key] = column.place
            self._why[key] = why
            self._used.add(column.place)

    def _take_declared(self) -> None:
        for key, text in self._declared.columns.items():
            if not text:
                self._none.add(key)
                continue
            place = place_called(text, self._texts)
            if isinstance(place, str):
                self._questions.append(f"columns, {key} ({COLUMN_KEYS[key]}): {place}")
                continue
            column = self._columns[place]
            self._take(key, column, "declared")
            if key == "died":
                self._event = column.heading.event or "date"
            if key in {"born", "died"} and column.heading.has_any("place", "city", "province"):
                self._with_place.add(key)

    def _row_numbers(self) -> frozenset[int]:
        """Columns of numbers of rows: a heading such as No., or numbers in order below one for numbers."""
        found = set()
        for column in self._free():
            heading = column.heading
            plain = set(heading.concepts) <= {"row", "number"} and (heading.concepts or not heading.text)
            is_of_rows = heading.has("row") and not heading.has("number")
            is_alone = heading.has("row") and column.is_whole and column.n_filled < 2
            if plain and (column.in_order or is_alone or (is_of_rows and column.starts_again)):
                found.add(column.place)
        self._used |= found
        return frozenset(found)

    def _take_births(self) -> None:
        for column in self._free():
            heading = column.heading
            if not heading.has("birth") or heading.has_any("report", "informant", "mother", "number", "other_family"):
                continue
            where = heading.has_any("place", "city", "province")
            part = next((part for part in _PARTS if heading.has(part) and not heading.has("date")), None)
            if part is not None and not where and (part != "day" or "born_day" not in self._places):
                key: ColumnKey = f"born_{part}"  # type: ignore[assignment]  # of the three keys that there are
                self._take(key, column)
            elif heading.has("name") and not column.looks_like_dates:
                continue
            elif not where or (heading.has("date") and column.looks_like_dates):
                self._take("born", column)
                if where:
                    self._with_place.add("born")
            else:
                self._used.add(column.place)  # a place of birth is no place of the event

    def _take_event(self) -> None:
        """The date of the event, or its parts; dates of two events are asked about."""
        not_event = ("birth", "report", "informant", "burial", "age", "notes", "source", "cause", "id", "other", "name")
        events = [c for c in self._free() if not c.heading.has_any(*not_event) or c.heading.has("death", "date")]
        dated = [c for c in events if c.heading.has("date") or (c.heading.event and c.looks_like_dates)]
        dated = [c for c in dated if c.heading.has("date") or not c.heading.has_any(*_PARTS)]
        dated = [c for c in dated if not (c.is_whole and c.heading.has("number") and not c.heading.has("date"))]
        parts = [c for c in events if c.heading.has_any(*_PARTS) and not c.heading.has("date")]
        if "died" not in self._places and "died" not in self._none and dated:
            kinds = dict.fromkeys(c.heading.event or "date" for c in dated)
            if len(kinds) > 1:
                kinds.pop("date", None)
            if len(kinds) > 1 and "died_year" not in self._places:
                self._ask_event([c for c in dated if c.heading.event in kinds])
            kind = min(kinds, key=lambda k: ("death", "disappear", "arrest", "found", "event", "date").index(k))
            chosen = max((c for c in dated if (c.heading.event or "date") == kind), key=lambda c: c.n_filled)
            ends = [next((c for c in dated if has_one_of(c.heading, of)), None) for of in (EARLIEST, LATEST)]
            if ends[0] is not None and ends[1] is not None and ends[0] is not ends[1]:
                chosen, self._until = ends[0], ends[1].place
                self._used.add(ends[1].place)
            self._take("died", chosen)
            self._event = kind
            if chosen.heading.has_any("place", "city", "province"):
                self._with_place.add("died")
        for column in parts:
            kind = column.heading.event or "date"
            if column.place in self._used or (self._event and kind not in {self._event, "date"}):
                continue
            part = next(part for part in _PARTS if column.heading.has(part))
            key: ColumnKey = f"died_{part}"  # type: ignore[assignment]  # of the three keys that there are
            self._take(key, column)
            self._event = self._event or kind

    def _ask_event(self, dated: Sequence[Column]) -> None:
        names = " or ".join(f"{c.heading.text!r} ({c.heading.event})" for c in dated)
        examples = " or ".join(list_option(self._door, "columns.died", c.heading.text) for c in dated)
        self._questions.append(f"which date is the event that the list counts: {names}? Say {examples}")

    def _take_names(self) -> None:
        free = [c for c in self._free() if not c.heading.has_any("informant", "date", "birth", "source", "burial")]
        free = [c for c in free if not c.looks_like_dates and not c.heading.has_any("place", "city", "province")]
        free = [c for c in free if not c.heading.has("id") or (c.heading.concepts[0] == "name" and not c.is_whole)]
        self._take_parents(free)
        free = [
            c for c in free if c.place not in self._used and not c.heading.has_any("mother", "alias", "other_family")
        ]
        whole = [c for c in free if c.heading.has("full") or family_comes_first(c.heading) is not None]
        whole += [c for c in free if c not in whole and parts_in_heading(c.heading.text)]
        plain = [c for c in free if c.heading.has("name") and c not in whole]
        script = [c for c in (*whole, *plain) if c.heading.has("script")]
        if len(script) < len([*whole, *plain]):
            whole, plain = ([c for c in some if c not in script] for some in (whole, plain))
        for column in sorted(free, key=lambda c: is_second_part(c.heading)):
            if column.heading.has("given") and column not in whole:
                self._take("given", column)
            if column.heading.has("family") and column not in whole:
                self._take("family", column)
        bare = [c for c in plain if not c.heading.has_any("given", "family") and c.place not in self._used]
        if whole and not ("given" in self._places and "family" in self._places):
            self._take("name", whole[0])
            self._family_first = order_of_whole(whole[0].heading)
        elif bare:
            keys = self._places.keys() & {"given", "family"}
            is_afghan = "father" in self._places and normalise(self._texts[self._places["father"]]) in _AFGHAN_FATHER
            key: ColumnKey = "family" if keys == {"given"} else "given" if keys or is_afghan else "name"
            if len(keys) < 2:
                self._take(key, bare[0], "its heading, and which other names have columns")

    def _take_parents(self, free: Sequence[Column]) -> None:
        """Names of the father, the grandfather and the mother."""
        is_chain = any(column.heading.has("grandfather") for column in free)
        for column in free:
            heading = column.heading
            if is_chain and heading.has("middle"):  # first, second, third name: one's own, the father's, his father's
                self._take("father", column)
            elif heading.has("mother"):
                if not heading.has("family"):
                    self._take("mother", column)
            elif heading.has("grandfather"):
                self._take("grandfather", column)
            elif is_of_father(heading) and not column.is_whole:
                self._take("father", column)

    def _middles(self) -> tuple[int, ...]:
        """Columns of second given names."""
        found = [c.place for c in self._free() if c.heading.has("middle") or self._is_second_part("given", c)]
        if "given" not in self._places:
            return ()
        self._used |= set(found)
        return tuple(found)

    def _is_second_part(self, key: ColumnKey, column: Column) -> bool:
        """Whether a column holds the second part of what another one holds the first part of, in one script."""
        if key not in self._places or not is_second_part(column.heading):
            return False
        first = self._columns[self._places[key]]
        return column.heading.has(key) and not is_second_part(first.heading) and column.script in {first.script, ""}

    def _other_names(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """Columns of further family names, of names in another script, and of aliases."""
        families, scripts, aliases = [], [], []
        for column in self._free():
            heading = column.heading
            if heading.has_any("informant", "date", "place", "city", "source") or column.looks_like_dates:
                continue
            if heading.has("alias"):
                self._take("alias", column)
                aliases.append(column.place)
            elif (
                self._is_second_part("family", column)
                or (heading.has("other_family") and not heading.has("status"))
                or heading.has("family", "mother")
            ):
                families.append(column.place)
            elif self._is_other_script(column):
                scripts.append(column.place)
        if "other_family" in self._places:
            families.insert(0, self._places["other_family"])
        if "other_script" in self._places:
            scripts.insert(0, self._places["other_script"])
        if "alias" in self._none:
            aliases = []
        elif "alias" in self._places:
            aliases = list(dict.fromkeys([self._places["alias"], *aliases]))
        self._used |= {*families, *scripts, *aliases}
        return tuple(families), tuple(scripts), tuple(aliases)

    def _is_other_script(self, column: Column) -> bool:
        """Whether a further column of names, or of a part of them, is in another script than the first."""
        heading = column.heading
        if not heading.has_any("name", "given", "family") or heading.has_any(*_OF_OTHERS):
            return False
        own = {self._columns[self._places[key]].script for key in ("name", "given", "family") if key in self._places}
        return heading.has("script") or (bool(own) and column.script not in {*own, ""})

    def _take_plain(self) -> None:
        """Age, sex, status and the number of people."""
        for column in self._free():
            heading = column.heading
            if heading.has("age") and not heading.has_any("band", "father", "mother"):
                self._take("age", column)
            elif heading.has("sex") and not heading.has_any("informant"):
                self._take("sex", column)
            elif heading.has("status") and not heading.has_any("other", "cause"):
                self._take("status", column)
            elif (
                heading.has("number") and column.small_numbers >= 0.9 and (heading.has("death") or not column.in_order)
            ):
                self._take("number", column)

    def _take_place(self) -> None:
        away = ("birth", "origin", "burial", "informant", "source", "other", "report", "name")
        for concept in ("city", "place", "province", "prison"):
            fit = [c for c in self._free() if c.heading.has(concept) and not c.heading.has_any(*away)]
            fit = [c for c in fit if not c.looks_like_dates and c.n_filled]
            if fit and "place" not in self._places:
                most = max(c.n_filled for c in self._columns)
                chosen = max(fit, key=lambda c: (c.heading.event == self._event, bool(c.heading.event), c.n_filled))
                if chosen.n_filled >= 0.8 * most or concept == "province":
                    self._take("place", chosen)
        rest = [c for c in self._free() if c.heading.has_any("city", "place", "province", "prison")]
        rest = [c for c in rest if c.n_filled and not c.heading.has_any(*away) and not c.looks_like_dates]
        if rest and "place" not in self._places:
            self._take("place", max(rest, key=lambda c: c.n_filled))

    def _take_ids(self) -> tuple[int, ...]:
        fit = [c for c in self._free() if c.heading.has("id") or (c.heading.has("number") and c.long_numbers > 0.5)]
        fit = [c for c in fit if not c.heading.has_any("other", "source", "informant")]
        fit = [c for c in fit if c.n_filled]
        if fit and "id" not in self._places:
            self._take("id", max(fit, key=lambda c: (c.long_numbers > 0.5, c.n_filled, -c.place)))
        if not fit and "id" not in self._places:
            rows = [c for c in self._free() if set(c.heading.concepts) == {"row"} and c.n_filled]
            if rows:
                self._take("id", rows[0])
        self._used |= {c.place for c in fit}
        return tuple(dict.fromkeys([*([self._places["id"]] if "id" in self._places else []), *(c.place for c in fit)]))
