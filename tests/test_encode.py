"""Lists become numbers: which values agree, which reading says what, and what is not compared."""

from datetime import date

import numpy as np
import pytest

from estimation.errors import LinkageError
from estimation.linkage.encode import encode
from estimation.linkage.encoded import MISSING, EncodedField, EncodedRecords
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord, PersonName


def day(year: int, month: int, day_: int) -> Days:
    first = date(year, month, day_)
    return Days.any_of([(first.toordinal(), first.toordinal() + 1)])


def field_of(encoded: EncodedRecords, name: str) -> tuple[EncodedField, np.ndarray]:
    """A field and its codes as written."""
    place = [field.name for field in encoded.fields].index(name)
    return encoded.fields[place], encoded.codes[encoded.reading_starts[:-1], place]


def level(encoded: EncodedRecords, name: str, one: int = 0, other: int = 1) -> int | None:
    """The level of a field between two records as written; None where one has none."""
    field, codes = field_of(encoded, name)
    a, b = codes[one], codes[other]
    if MISSING in (a, b):
        return None
    if a == b:
        return 0
    near = field.near
    own = slice(near.starts[a], near.starts[a + 1])
    found = near.levels[own][near.neighbours[own] == b]
    return int(found[0]) if len(found) else 3


def two(one: NameRecord, other: NameRecord) -> EncodedRecords:
    return encode([NameList("a", (one,)), NameList("b", (other,))])


def dated(row: int = 2, **what: object) -> NameRecord:
    return NameRecord(row, (PersonName("ali", family="karimi"),), **what)


@pytest.mark.parametrize(
    ("one", "other", "year", "days"),
    [
        (day(1988, 7, 28), day(1988, 7, 28), 0, 0),
        (day(1988, 7, 28), day(1988, 7, 30), 0, 1),
        (day(1988, 12, 31), day(1989, 1, 1), 1, 1),
        (day(1988, 5, 8), day(1988, 8, 5), 0, 1),
        (day(1988, 7, 28), day(1988, 7, 3), 0, 2),
        (day(1988, 7, 28), day(1988, 9, 28), 0, 2),
        (day(1988, 7, 28), day(1991, 11, 2), 2, 3),
        (day(1988, 7, 28), day(1918, 11, 2), 2, 3),
        (day(1988, 7, 28), day(1975, 11, 2), 3, 3),
        (day(1988, 7, 28), Days.between(date(1988, 7, 1), date(1988, 8, 1)), 0, 0),
        (day(1988, 7, 28), Days.between(date(1988, 1, 1), date(1989, 1, 1)), 0, None),
        (day(1989, 1, 5), Days.between(date(1988, 3, 21), date(1989, 3, 21)), 0, None),
    ],
)
def test_dates_agree_where_they_share_a_day_and_are_near_by_the_errors_people_make(one, other, year, days):
    encoded = two(dated(event=one), dated(event=other))
    assert level(encoded, "event year") == year
    if days is None:
        assert "event day" not in [f.name for f in encoded.fields] or level(encoded, "event day") is None
    else:
        assert level(encoded, "event day") == days


def test_a_date_of_two_readings_agrees_with_either_and_not_with_what_lies_between():
    either = Days.any_of([(o, o + 1) for o in (date(1988, 8, 5).toordinal(), date(1988, 10, 27).toordinal())])
    for other, expected in ((day(1988, 8, 5), 0), (day(1988, 10, 27), 0), (day(1988, 9, 14), 3)):
        assert level(two(dated(event=either), dated(event=other)), "event day") == expected


def test_an_age_is_a_year_of_birth_only_where_no_date_of_birth_is_given():
    event, birth = day(1988, 7, 28), day(1940, 1, 1)
    encoded = two(dated(event=event, age=(30, 30)), dated(event=event, age=(30, 30), birth=birth))
    assert level(encoded, "birth year") == 3  # the date that is given, and not the age beside it
    assert "age" not in [f.name for f in encoded.fields]
    assert level(two(dated(event=event, age=(30, 30)), dated(birth=day(1958, 3, 3))), "birth year") == 0
    assert level(two(dated(event=event, age=(30, 30)), dated(birth=day(1956, 3, 3))), "birth year") == 1


def test_ages_without_dates_are_compared_as_ages():
    encoded = two(dated(age=(30, 30)), dated(age=(31, 31)))
    assert level(encoded, "age") == 1
    assert not {"birth year", "event year"} & {f.name for f in encoded.fields}


def test_no_record_has_both_an_age_and_a_year_of_birth_to_compare():
    event = day(1988, 7, 28)
    records = (dated(2, age=(30, 30)), dated(3, event=event, age=(30, 30)), dated(4, birth=day(1958, 1, 1)))
    for others in ((), (dated(5, birth=day(1950, 2, 2)),), (dated(5, age=(40, 40)), dated(6, age=(41, 41)))):
        encoded = encode([NameList("a", records + others)])
        codes = [field_of(encoded, name)[1] for name in ("birth year", "age")]
        assert not ((codes[0] != MISSING) & (codes[1] != MISSING)).any()


def test_alternatives_agree_if_one_of_them_does():
    one = NameRecord(2, (PersonName("ali", family="karimi"), PersonName("hassan", family="rezaei", origin="alias")))
    encoded = two(one, NameRecord(2, (PersonName("hassan", family="karimi"),)))
    assert level(encoded, "given") == 0
    assert level(encoded, "family") == 0
    assert level(two(one, NameRecord(2, (PersonName("bahram", family="karami"),))), "given") == 3


def test_exchanged_names_are_a_reading_and_share_the_vocabulary():
    encoded = two(
        NameRecord(2, (PersonName("ali", family="karimi"),)), NameRecord(2, (PersonName("karimi", family="ali"),))
    )
    assert encoded.reading_kinds.tolist() == [0, 1, 0, 1]
    assert (encoded.codes[0] == encoded.codes[3]).all()
    assert (encoded.codes[1] == encoded.codes[2]).all()


def test_a_chain_with_a_part_missing_can_miss_another_only_where_grandfathers_are_known():
    short = NameRecord(2, (PersonName("ali", "hassan", "", "omar"),))
    longer = NameRecord(2, (PersonName("ali", "hassan", "omar", "karimi"),))
    assert 2 not in two(short, short).reading_kinds
    encoded = two(short, longer)
    own = slice(encoded.reading_starts[0], encoded.reading_starts[1])
    shifted = encoded.codes[own][encoded.reading_kinds[own] == 2]
    place = [f.name for f in encoded.fields].index("grandfather")
    assert encoded.codes[encoded.reading_starts[1], place] in shifted[:, place]


def test_releases_of_a_list_are_one_capture_on_which_a_person_can_be_twice():
    one = NameList("2023", (dated(),), duplicate_free=True)
    other = NameList("2024", (dated(),), duplicate_free=True, version_of="2023")
    encoded = encode([one, other, NameList("police", (dated(),), duplicate_free=True)])
    assert encoded.lists == ("2023", "police")
    assert encoded.list_of.tolist() == [0, 0, 1]
    assert encoded.duplicate_free.tolist() == [False, True]


def test_rows_that_are_no_named_person_are_left_out_and_the_order_is_that_of_the_lists():
    unnamed = NameRecord(3, (), kind="unnamed", sex="m")
    encoded = encode([NameList("a", (dated(2), unnamed, dated(4, sex="f"))), NameList("b", (dated(2, sex="m"),))])
    assert encoded.list_of.tolist() == [0, 0, 1]
    assert field_of(encoded, "sex")[1].tolist() == [MISSING, 0, 1]


def test_what_cannot_be_linked_is_refused_by_list_and_what_says_little_is_named_by_row():
    with pytest.raises(LinkageError, match=r"no list to link"):
        encode([])
    unnamed = NameList("morgue", (NameRecord(2, (), kind="unnamed"),))
    with pytest.raises(LinkageError, match=r"list morgue: no record of one named person"):
        encode([unnamed, NameList("a", (dated(),))])
    with pytest.raises(LinkageError, match=r"two lists are called a"):
        encode([NameList("a", (dated(),)), NameList("a", (dated(),))])
    with pytest.raises(LinkageError, match=r"release of 2022, which is none of the lists"):
        encode([NameList("a", (dated(),), version_of="2022")])
    with pytest.raises(LinkageError, match=r"in a circle"):
        encode([NameList("a", (dated(),), version_of="b"), NameList("b", (dated(),), version_of="a")])
    bare = NameRecord(7, (PersonName("zolaykha"),))
    notes = " ".join(encode([NameList("a", (dated(sex="m"), bare))]).notes)
    assert "a, rows 7: one part of a name" in notes
    assert "father" in notes
    assert "zolaykha" not in notes


def test_identifiers_are_compared_where_lists_share_them_and_mean_nothing_elsewhere():
    def numbered(name: str, *numbers: str) -> NameList:
        return NameList(name, tuple(dated(row, identifier=number) for row, number in enumerate(numbers, start=2)))

    own = [numbered("a", "1", "2", "3"), numbered("b", "7", "8", "9")]
    assert not any(field.name.startswith("identifier") for field in encode(own).fields)
    encoded = encode([*own, numbered("c", "0001", "2.0", "3", ""), numbered("d", "8", "9", "7")])
    assert [field.name for field in encoded.fields if field.name.startswith("identifier")] == [
        "identifier",
        "identifier 2",
    ]
    _, codes = field_of(encoded, "identifier")
    assert codes[:3].tolist() == codes[6:9].tolist()
    assert set(codes[3:6].tolist()) | set(codes[9:].tolist()) == {MISSING}
    assert any("Identifiers of a, c are compared" in note for note in encoded.notes)
    repeated = encode([numbered("a", *"11223456")])
    assert field_of(repeated, "identifier")[1].tolist() == [0, 0, 1, 1, 2, 3, 4, 5]


def test_numbers_that_each_list_counts_for_itself_are_no_identifiers_although_they_are_the_same():
    families = ["sarvrisan", "punehchin", "barfgar", "abrisham", "derakhtvar", "kuhzad", "rudaki", "setarvan"]
    given = ["mina", "hooshang", "bahar", "cyrus", "elham", "farid", "golnar", "zolaykha"]

    def numbered(name, order, numbers):
        names = [(given[k], families[k]) for k in order]
        records = (
            NameRecord(row, (PersonName(one, family=other),), identifier=number)
            for row, ((one, other), number) in enumerate(zip(names, numbers, strict=True), start=2)
        )
        return NameList(name, tuple(records))

    def has_identifier(*lists):
        return any(field.name.startswith("identifier") for field in encode(list(lists)).fields)

    first = numbered("a", range(8), "12345678")
    assert not has_identifier(first, numbered("b", [7, 6, 5, 4, 3, 2, 1, 0], "12345678"))
    assert has_identifier(first, numbered("b", range(8), "12345678"))
    assert not has_identifier(numbered("sections", range(8), "12341234"))
    assert has_identifier(numbered("twice", [0, 1, 2, 3, 0, 1, 2, 3], "12341234"))


def test_dates_of_any_year_take_no_more_memory_than_their_number():
    records = tuple(dated(row, birth=day(year, 1, 1)) for row, year in enumerate((2, 1850, 1950, 9999), start=2))
    assert field_of(encode([NameList("a", records)]), "birth year")[0].near.n_values == 4


def test_a_code_of_places_that_was_taken_for_an_identifier_identifies_nobody():
    def coded(name, *codes):
        records = (NameRecord(row, (PersonName("ali", family="k"),), identifier=code) for row, code in enumerate(codes))
        return NameList(name, tuple(records))

    lists = [coded("a", *"NSNSNSNS"), coded("b", *"SNSNNNSS")]
    assert "identifier" not in [field.name for field in encode(lists).fields]
    numbered = [coded("a", *"12345678"), coded("b", *"12345699")]
    assert "identifier" in [field.name for field in encode(numbered).fields]
