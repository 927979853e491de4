"""Twelve small lists with the shapes of real ones, each record read as the truth beside it says.

Everybody in them is invented.  What a list leaves open is declared, as its owner would; `test_a_list_asks_...` says
what is asked without that.
"""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from estimation.errors import TableError, UndecidedTableError
from estimation.linkage.births import born
from estimation.linkage.list_notes import list_notes
from estimation.lists.account import inspect_names
from estimation.lists.normal import normalise
from estimation.lists.readers import read_name_lists, read_names
from estimation.lists.recognised import holds_names

CASES = Path("/work/shared/cases/names")
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the lists of /work/shared/cases/names are not here")

HEAPED = {"widen": ["1 January"]}
DECLARED = {
    ("executed_fa.csv", None): {},
    ("executed_en.csv", None): {},
    ("release_1.csv", None): {"dates": HEAPED},
    ("release_2.csv", None): {"dates": HEAPED},
    ("killed_detained.xlsx", "Killed"): {},
    ("killed_detained.xlsx", "المعتقلون"): {"dates": HEAPED},
    ("migrant_deaths.csv", None): {"dates": {"period": ["1993-01-01", "2017-12-31"]}},
    ("shot_1937.csv", None): {},
    ("register_es.csv", None): {
        "columns": {"died": "fecha_lugar_detencion_secuestro"},
        "dates": {"southern": True},
    },
    ("missing_bs.parquet", None): {"dates": HEAPED},
    ("protest_deaths.csv", None): {"dates": {"year": 2021}},
    ("scored_lists.xlsx", None): {},
}
KINDS = {"released alive": "alive"}


@cache
def lists_of(file, sheet):
    """The lists of a file, read as declared, with what is open missing."""
    if file == "scored_lists.xlsx":
        return read_name_lists(CASES / file, undecided="missing")
    return (read_names(CASES / file, sheet=sheet, undecided="missing", **DECLARED[file, sheet]),)


def truth_of(file, sheet):
    """The rows of the truth beside a list."""
    path = CASES / f"{Path(file).stem}.truth.csv"
    with path.open(encoding="utf-8") as opened:
        return [row for row in csv.DictReader(opened) if sheet is None or row["sheet"] == sheet]


def same(one, other):
    """Whether two names agree without regard to case, joiners and spaces inside."""
    return normalise(one).replace(" ", "") == normalise(other).replace(" ", "")


def interval(days):
    return ("", "") if days is None else (days.first.isoformat(), days.last.isoformat())


def births(record):
    """The births that a record gives: its own, its own cut by the age at the event, or that of the age alone."""
    by_age = born(replace(record, birth=None))
    if record.birth is None or by_age is None:
        return {interval(record.birth or by_age)}
    first, last = max(record.birth.first, by_age.first), min(record.birth.last, by_age.last)
    both = {(first.isoformat(), last.isoformat())} if first < last else set()
    return {interval(record.birth)} | both


def differences(record, truth):
    """The fields in which a record is not what the truth says."""
    name = record.names[0] if record.names else None
    kind = KINDS.get(truth["kind"], truth["kind"])
    if str(record.row) != truth["row"]:
        yield "row"
    if record.kind != kind:
        yield "kind"
    if kind == "several":
        given = [other.given for other in record.names]
        if not all(any(same(each, one) for one in given) for each in truth["given"].split(";")):
            yield "given"
        if not any(same(truth["family"], other.family) for other in record.names):
            yield "family"
    else:
        for part in ("given", "father", "grandfather", "family"):
            if not same(getattr(name, part, ""), truth[part]):
                yield part
    if interval(record.event) != (truth["event_from"], truth["event_to"]):
        yield "event"
    if (truth["birth_from"], truth["birth_to"]) not in births(record):
        yield "birth"
    if truth["sex"] and record.sex and record.sex != truth["sex"]:
        yield "sex"
    others = [other for other in record.names[1:] if truth["also"]]
    words = {normalise(" ".join(filter(None, parts))) for other in others for parts in _orders(other)}
    if not all(any(normalise(each) == word for word in words) for each in filter(None, truth["also"].split(";"))):
        yield "also"


def _orders(name):
    """A name in the orders in which it can be written, and its parts alone."""
    yield (name.given, name.father, name.grandfather, name.family)
    yield (name.family, name.given)
    yield from ((name.given,), (name.family,))


@pytest.mark.parametrize(("file", "sheet"), DECLARED, ids=lambda value: str(value))
def test_every_record_is_read_as_its_truth_says(file, sheet):
    read = [(one.name, record) for one in lists_of(file, sheet) for record in one.records]
    truth = truth_of(file, sheet)
    assert len(read) == len(truth)
    wrong = {t["row"]: found for (_, r), t in zip(read, truth, strict=True) if (found := list(differences(r, t)))}
    assert not wrong
    if file == "scored_lists.xlsx":
        assert [name for name, _ in read] == [row["list"] for row in truth]


def test_the_table_by_kind_holds_every_record():
    """What `docs/linkage.md` says of these lists: how many records of each kind are right, of how many."""
    right, all_ = Counter(), Counter()
    for file, sheet in DECLARED:
        records = [record for one in lists_of(file, sheet) for record in one.records]
        for record, truth in zip(records, truth_of(file, sheet), strict=True):
            all_[truth["kind"]] += 1
            right[truth["kind"]] += not list(differences(record, truth))
    table = {
        "person": 155,
        "unnamed": 16,
        "several": 2,
        "group of unnamed": 4,
        "released alive": 2,
        "not a death": 1,
    }
    assert dict(all_) == table
    assert dict(right) == table


def test_a_hard_date_is_read_refused_or_asked_as_its_truth_says():
    declared = {"dates": {"period": ["1981-01-01", "1990-12-31"]}}
    (read,) = (read_names(CASES / "dates_hard.csv", undecided="missing", **declared),)
    truth = truth_of("dates_hard.csv", None)
    wrong = [t["record"] for r, t in zip(read.records, truth, strict=True) if interval(r.event) != (t["from"], t["to"])]
    assert not wrong
    with pytest.raises(UndecidedTableError) as raised:
        read_names(CASES / "dates_hard.csv", **declared)
    problems = str(raised.value)
    for row in truth:
        is_named = f"row {int(row['record']) + 1}," in problems
        assert is_named == (row["verdict"] in {"ask", "refuse"} or row["words"].startswith("an age is no date"))


ASKED = {
    "executed_fa.csv": (
        {},
        [
            "row 11, تاریخ اعدام",
            "Esfand 1367 has 29 days",
            'dates.impossible = "year" to read 1367',
            "row 18, تاریخ اعدام",
            "5 Aban 1367 or 8 Mordad 1367",
            "dates.order",
        ],
    ),
    "executed_en.csv": ({}, ["row 11: the row stands for more than one person", "row 20, Date of execution"]),
    "release_1.csv": ({}, ["rows 8, 9, العمر: an age of 0 without a birth date is an infant or not known"]),
    "release_2.csv": ({}, ["row 21, تاريخ الميلاد", "February 1961 has 28 days"]),
    "migrant_deaths.csv": (
        {"dates": {"period": ["1993-01-01", "2017-12-31"]}},
        ["row 16: the row stands for more than one person (2)", "row 19, found dead"],
    ),
    "shot_1937.csv": ({}, ["row 13, Дата рождения", "April 1903 has 30 days"]),
    "register_es.csv": (
        {"columns": {"died": "fecha_lugar_detencion_secuestro"}},
        [
            "row 9, tipificacion: 'LIBERADO/A'",
            "Say which values count",
            "row 8",
            "dates.southern",
            "31/11/1976",
            "row 10, anio_nacimiento: the birth date does not agree with the age",
        ],
    ),
    "missing_bs.parquet": (
        {},
        ["row 5, datum_rodjenja: it says 1968-12-11, and the number in jmbg says 1968-11-12"],
    ),
    "protest_deaths.csv": ({}, ["row 13, Status: 'Arrested'", "rows 11, 12, Date: 20 May: it has no year", "2021"]),
}


@pytest.mark.parametrize("file", ASKED)
def test_a_list_asks_with_all_rows_and_both_readings_and_no_name(file):
    declared, parts = ASKED[file]
    with pytest.raises(UndecidedTableError if file not in {"release_2.csv", "shot_1937.csv"} else TableError) as raised:
        read_names(CASES / file, **declared)
    text = str(raised.value)
    assert [part for part in parts if part not in text] == []
    assert "undecided" in text
    families = {normalise(row["family"]) for row in truth_of(file, None) if len(row["family"]) > 3}
    assert not [family for family in families if family in normalise(text)]


def test_a_workbook_with_people_on_two_sheets_asks_which():
    with pytest.raises(UndecidedTableError, match=r"2 sheets hold people: 'Killed' \(12 rows\).*sheet='Killed'"):
        read_names(CASES / "killed_detained.xlsx")
    text = r"row 10, Event Date: it is 2012-03-10 or 2012-10-03"
    with pytest.raises(UndecidedTableError, match=text):
        read_names(CASES / "killed_detained.xlsx", sheet="Killed")


def test_several_lists_in_one_sheet_are_asked_and_their_scores_by_hand_are_evidence():
    with pytest.raises(UndecidedTableError, match=r"3 lists.*PB \(public survey, 5 rows\).*part='PB'"):
        read_names(CASES / "scored_lists.xlsx")
    one = read_names(CASES / "scored_lists.xlsx", part="social media", undecided="missing")
    assert (one.name, len(one.records)) == ("social media", 5)
    scores = {(score.first, score.second): score.score for score in one.scores}
    assert scores["PB_1", "SM_1"] == 5
    assert scores["PB_4", "PV_2"] == 2
    assert scores["SM_2", "SM_2_1"] == 5


def test_dates_of_two_events_are_asked_at_the_heading_whatever_becomes_of_cells():
    with pytest.raises(
        UndecidedTableError, match=r"which date is the event that the list counts.*detencion.*asesinato"
    ):
        read_names(CASES / "register_es.csv", undecided="missing")


def test_rows_with_several_named_people_are_split_where_that_is_declared():
    read = read_names(
        CASES / "migrant_deaths.csv",
        several="split",
        dates=DECLARED["migrant_deaths.csv", None]["dates"],
        undecided="missing",
    )
    both = [record for record in read.records if record.row == 16]
    assert [(record.names[0].given, record.sex, record.age, record.kind) for record in both] == [
        ("deniz", "m", (13, 13), "person"),
        ("elif", "f", (7, 7), "person"),
    ]


def test_declared_statuses_settle_who_counts():
    counts = ["Confirmed", "Unconfirmed", "Executed"]
    read = read_names(CASES / "protest_deaths.csv", statuses=counts, dates={"year": 2021})
    assert [record.row for record in read.records if record.kind == "not a death"] == [13]
    assert read.records[8].event.first == date(2021, 5, 20)
    assert read.problems == ()


def test_the_account_counts_what_cannot_be_linked_and_prints_no_name():
    account = inspect_names(lists_of("migrant_deaths.csv", None)[0])
    assert (account.n_rows, account.n_linkable) == (18, 11)
    kinds = {kind: (n_people, rows) for kind, n_people, rows in account.not_linkable}
    assert kinds == {
        "unnamed": (4, (3, 4, 11, 12)),
        "group of unnamed": (15, (2, 13)),
        "several": (2, (16,)),
    }
    assert "name, gender, age" not in dict(account.common)
    assert "name, gender, age" not in dict(inspect_names(lists_of("executed_fa.csv", None)[0]).common)


def test_every_value_stays_as_it_was_read_beside_its_normalised_form():
    record = lists_of("release_1.csv", None)[0].records[5]
    assert "عطاهللا" in record.cells[2]
    assert "عطا الله" in record.names[0].father.replace("ا ا", "ا ا") or "عطاالله" in record.names[0].father.replace(
        " ", ""
    )
    assert record.identifier == "000100061"
    sources = lists_of("missing_bs.parquet", None)[0].records[0].cells[8]
    assert sources == '["ICRC", "PHR"]'


@pytest.mark.parametrize(("file", "sheet"), DECLARED, ids=lambda value: str(value))
def test_a_list_of_names_is_known_as_one(file, sheet):
    assert holds_names(CASES / file)


def test_two_releases_of_one_list_that_are_not_declared_so_are_warned_of_although_zeros_are_eaten():
    first, second = (lists_of(file, None)[0] for file in ("release_1.csv", "release_2.csv"))
    assert [note for note in list_notes([first, second]) if "version_of" in note]
    declared = replace(second, version_of=first.name)
    assert not [note for note in list_notes([first, declared]) if "version_of" in note]


FIVE = Path("/work/shared/data")


@pytest.mark.skipif(not FIVE.is_dir(), reason="the lists of /work/shared/data are not here")
@pytest.mark.parametrize("setting", ["5dist_1num", "15dist_3num"])
def test_five_synthetic_lists_with_signs_among_their_letters_are_read_without_any_declaration(setting):
    folder = FIVE / f"synthetic_five_lists_{setting}"
    lists = [read_names(folder / f"list_{at}.csv") for at in range(1, 6)]
    assert [len(one.linkable) for one in lists] == [293, 435, 352, 494, 357]
    assert all(record.birth.n_days == 1 for one in lists for record in one.records)
