"""Dates of name lists: three calendars, days that are not known, days that do not exist, and what a column decides."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hijridate import Hijri
from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from estimation.lists.ages import age_of
from estimation.lists.calendars import ImpossibleDateError, days_of, in_calendar
from estimation.lists.dates import DateReader

CASES = Path("/work/shared/cases/names")
EIGHTIES = date(1981, 1, 1), date(1991, 1, 1)


def cell(text, **options):
    return DateReader(**{"period": EIGHTIES, **options}).read([text]).cells[0]


def days(text, **options):
    found = cell(text, **options)
    assert found.verdict == "ok", (text, found.words)
    return [(date.fromordinal(a).isoformat(), date.fromordinal(b).isoformat()) for a, b in found.days.intervals]


def test_every_day_of_the_solar_calendar_from_1300_to_1420_is_the_day_of_its_library():
    first, last = (JalaliDate(year, 1, 1).to_gregorian().toordinal() for year in (1300, 1421))
    for day in range(first, last):
        written = JalaliDate(date.fromordinal(day))
        assert days_of("solar", written.year, written.month, written.day) == (day, day + 1)
        assert in_calendar("solar", day) == (written.year, written.month, written.day)


def test_an_islamic_day_covers_umm_al_qura_and_both_tabular_calendars_and_is_at_most_three_days_more():
    for year in range(1343, 1449):
        for month in range(1, 13):
            for day in (1, 15, 28):
                first, last = days_of("islamic", year, month, day)
                tabular = (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day + 227013
                assert first <= Hijri(year, month, day).to_gregorian().toordinal() < last
                assert first <= tabular < tabular + 1 < last
                assert last - first <= 4


@given(st.sampled_from(["solar", "gregorian", "islamic"]), st.integers(1300, 1400), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_the_days_of_a_month_add_to_the_month_and_the_next_day_is_refused(calendar, year, month):
    year += 600 if calendar == "gregorian" else 0
    first, last = days_of(calendar, year, month)
    known = [days_of(calendar, year, month, day) for day in range(1, 29)]
    assert known[0][0] == first
    assert all(first <= a < b <= last for a, b in known)
    with pytest.raises(ImpossibleDateError, match="days"):
        days_of(calendar, year, month, 32)


@pytest.mark.parametrize("year", range(1380, 1410))
def test_day_30_of_an_islamic_month_exists_and_31_does_not(year):
    for month in range(1, 13):
        days_of("islamic", year, month, 30)
        with pytest.raises(ImpossibleDateError, match="has 30 days"):
            days_of("islamic", year, month, 31)


def test_hard_dates_are_read_refused_or_left_open_as_their_truth_says():
    if not CASES.exists():
        pytest.skip("the cases are not on this machine")
    with (CASES / "dates_hard.csv").open(encoding="utf-8-sig") as file:
        written = [row["died"] for row in csv.DictReader(file)]
    with (CASES / "dates_hard.truth.csv").open(encoding="utf-8-sig") as file:
        truth = list(csv.DictReader(file))
    found = DateReader(period=EIGHTIES).read(written).cells
    wrong = []
    for one, right in zip(found, truth, strict=True):
        ends = (one.days.first.isoformat(), one.days.last.isoformat()) if one.days else ("", "")
        if (one.verdict, *ends) != (right["verdict"], right["from"], right["to"]):
            wrong.append((right["record"], one.verdict, ends))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("بین ۵ تا ۱۰ مرداد ۱۳۶۷", "1988-07-27", "1988-08-02"),
        ("اواخر مرداد ۶۷", "1988-08-12", "1988-08-23"),
        ("نیمه دوم مرداد ۱۳۶۷", "1988-08-07", "1988-08-23"),
        ("بیست و هفتم آذر هزار و سیصد و شصت و هفت", "1988-12-18", "1988-12-19"),
        ("زمستان ۱۳۶۶", "1987-12-22", "1988-03-21"),
        ("8 Asad 1367", "1988-07-30", "1988-07-31"),
        ("1408/12/30", "1988-08-12", "1988-08-15"),
        ("5 Azar 1367", "1988-11-26", "1988-11-27"),
        ("5 Azar 1988", "1988-03-05", "1988-03-06"),
        ("كانون الثاني ١٩٨٨", "1988-01-01", "1988-02-01"),
        ("5 جويلية 1988", "1988-07-05", "1988-07-06"),
        ("٣ غشت 1988", "1988-08-03", "1988-08-04"),
        ("سابع وعشرون من تموز ألف وتسعمائة وثمانية وثمانون", "1988-07-27", "1988-07-28"),
        ("28.VII.1988", "1988-07-28", "1988-07-29"),
        ("the night of 5-6 August 1988", "1988-08-05", "1988-08-07"),
        ("28/7-15/8/1988", "1988-07-28", "1988-08-16"),
        ("July 28-31, 1988", "1988-07-28", "1988-08-01"),
        ("winter 1987/88", "1987-12-01", "1988-03-21"),
        ("fines de julio de 1988", "1988-07-21", "1988-08-01"),
        ("конец июля 1988", "1988-07-21", "1988-08-01"),
        ("2 (15) февраля 1981", "1981-02-15", "1981-02-16"),
        ("15 февраля 1985 ст. ст.", "1985-02-28", "1985-03-01"),
        ("početkom jula 1988", "1988-07-01", "1988-07-11"),
        ("--/05/1986", "1986-05-01", "1986-06-01"),
        ("1988-07-??", "1988-07-01", "1988-08-01"),
        ("12-13.07.1985", "1985-07-12", "1985-07-14"),
        ("thirtieth of July nineteen eighty-eight", "1988-07-30", "1988-07-31"),
        ("Saturday, 30 July 1988", "1988-07-30", "1988-07-31"),
        ("30 July 1988 / 8 Mordad 1367", "1988-07-30", "1988-07-31"),
        ("since 5 August 1988", "1988-08-05", "1991-01-01"),
        ("by 5 August 1988", "1981-01-01", "1988-08-06"),
        ("مردادماه سال ۱۳۶۷", "1988-07-23", "1988-08-23"),
        ("تموز (يوليو) 1988", "1988-07-01", "1988-08-01"),
        ("14 ذو الحجة 1408هـ الموافق 28 يوليو 1988م", "1988-07-28", "1988-07-29"),
        ("1408/1988", "1988-01-01", "1988-08-14"),
        ("ربيع 1988", "1988-03-01", "1988-06-22"),
        ("Rabi' I 1408", "1987-10-23", "1987-11-23"),
        ("26 y 27/12/1986", "1986-12-26", "1986-12-28"),
        ("12.–13.07.1985", "1985-07-12", "1985-07-14"),
        ("5, 6 or 7 August 1988", "1988-08-05", "1988-08-08"),
        ("Dec 1987/Jan 1988", "1987-12-01", "1988-02-01"),
        ("Sun 07/08/1988", "1988-08-07", "1988-08-08"),
        ("the 1980s", "1980-01-01", "1990-01-01"),
    ],
)
def test_a_date_in_words_is_the_days_that_it_can_mean(text, first, last):
    assert days(text) == [(first, last)]


def test_alternatives_are_a_set_of_days_and_not_their_hull():
    assert days("7 یا 17 مرداد 1367") == [("1988-07-29", "1988-07-30"), ("1988-08-08", "1988-08-09")]
    assert days("17.05.1984 (по другим данным - 1982)") == [("1982-01-01", "1983-01-01"), ("1984-05-17", "1984-05-18")]


@pytest.mark.parametrize(
    "text", ["31/12/1367", "30 اسفند 1367", "31 مهر 1367", "1987-02-29", "31/11/1986", "1988/30/07", "31 Muharram 1409"]
)
def test_a_day_that_its_calendar_does_not_have_is_refused_and_becomes_its_year_only_if_that_is_agreed(text):
    refused = cell(text)
    assert refused.verdict == "refuse"
    assert "correct it" in refused.words
    assert refused.days is None
    agreed = cell(text, impossible="year")
    assert agreed.verdict == "ok"
    assert agreed.days.n_days >= 354


@pytest.mark.parametrize("text", ["21 Hidar 2013 E.C.", "5 Kislev 5749", "2531 BE", "2535/5/8"])
def test_a_calendar_that_is_not_read_is_refused_and_never_taken_for_another(text):
    assert cell(text).verdict == "refuse"


def test_a_word_that_is_no_date_may_be_a_name_and_is_not_repeated():
    assert cell("Synthetic Person").verdict == "refuse"
    assert "Synthetic" not in cell("Synthetic Person").words


@pytest.mark.parametrize(
    "text", ["1 January 1970", "01/01/1900", "0000-00-00", "99/99/9999", "n/k", "؟", "sin datos", None]
)
def test_a_date_that_stands_for_unknown_is_missing(text):
    assert cell(text).verdict == "missing"


def test_order_is_decided_by_the_column_and_left_open_where_it_has_both():
    def verdicts(*texts):
        return [one.verdict for one in DateReader().read(texts).cells]

    assert verdicts("07/08/1988", "13/08/1988") == ["ok", "ok"]
    assert verdicts("07/08/1988", "13/08/1988", "08/13/1988") == ["ask", "ok", "ok"]
    assert verdicts("07/08/1988", "1988/08/13") == ["ask", "ok"]
    month_first = DateReader().read(["07/08/1988", "08/13/1988"])
    assert month_first.order == "month first"
    assert month_first.cells[0].days.first == date(1988, 7, 8)


def test_both_readings_come_with_a_question():
    left_open = cell("5/8/1367", period=None)
    assert left_open.verdict == "ask"
    assert {reading.first for reading in left_open.readings} == {date(1988, 7, 30), date(1988, 10, 27)}
    assert "8 Mordad 1367" in left_open.words
    assert "5 Aban 1367" in left_open.words


def test_a_year_of_two_digits_is_of_the_century_that_the_period_allows_or_is_left_open():
    assert cell("30.7.88", period=None).verdict == "ask"
    assert days("30.7.88") == [("1988-07-30", "1988-07-31")]
    column = DateReader().read(["۱۳۶۷/۵/۸", "شهریور ۶۷"])
    assert [one.verdict for one in column.cells] == ["ok", "ok"]
    solar_only_by_elimination = cell("30/02/67")  # 30 February is none, 30 Ordibehesht 1367 lies in the period
    assert solar_only_by_elimination.verdict == "ask"


def test_heaped_days_are_flagged_and_widened_only_if_agreed():
    births = [f"1/1/{year}" for year in range(1950, 1953)] + [f"{day}/7/1960" for day in range(13, 27)]
    plain, agreed = DateReader().read(births), DateReader(widen=("1 January",)).read(births)
    assert [heap.day for heap in plain.heaps] == ["1 January"]
    assert plain.cells[0].days.n_days == 1
    assert agreed.cells[0].days.n_days == 365
    assert agreed.cells[-1].days.n_days == 1


def test_typed_cells_are_days_and_serials_count_from_the_workbooks_epoch():
    moment = datetime(1988, 7, 30, 21, 30)
    same = [moment, pd.Timestamp(moment), np.datetime64("1988-07-30"), date(1988, 7, 30), "1988-07-30 00:00:00"]
    assert {one.days.first for one in DateReader().read(same).cells} == {date(1988, 7, 30)}
    for epoch, right in ((1900, date(1988, 7, 30)), (1904, date(1992, 7, 31))):
        assert DateReader().read([date(1988, 7, 30), 32354], epoch=epoch).cells[1].days.first == right
    assert DateReader().read([32354.0]).cells[0].verdict == "ask"
    assert [one.verdict for one in DateReader().read([1988.0, float("nan"), pd.NaT]).cells] == [
        "ok",
        "missing",
        "missing",
    ]


def test_a_solar_date_that_a_file_types_as_a_date_is_not_one_of_the_middle_ages():
    assert cell(date(1367, 5, 8)).days.first == date(1988, 7, 30)


def test_midnights_of_universal_time_are_a_day_off_until_the_zone_is_known():
    exported = [datetime(2021, 5, 10, 19, 30, tzinfo=UTC), "2021-01-05T20:30:00Z"]
    assert [one.verdict for one in DateReader().read(exported).cells] == ["ask", "ask"]
    at_home = DateReader(zone="Asia/Tehran").read(exported).cells
    assert [one.days.first for one in at_home] == [date(2021, 5, 11), date(2021, 1, 6)]


def test_typed_dates_whose_day_and_month_a_spreadsheet_exchanged_are_left_open():
    typed = [datetime(2012, month, 3) for month in (1, 4, 7, 9)]
    assert [one.verdict for one in DateReader().read([*typed, "15/09/2012"]).cells] == ["ask"] * 4 + ["ok"]
    assert [one.verdict for one in DateReader().read([*typed, "2012"]).cells] == ["ok"] * 5


def test_seasons_of_a_language_of_both_halves_of_the_earth_are_left_open():
    assert cell("invierno 1986").verdict == "ask"
    assert days("invierno 1986", southern=True) == [("1986-06-01", "1986-09-23")]
    assert days("invierno 1986", southern=False) == [("1985-12-01", "1986-03-21")]


def test_a_date_without_a_year_is_left_open_where_all_others_are_of_one_year():
    column = DateReader().read(["20 May", "11-May-2021", "2021-06-02T00:00:00"])
    assert column.cells[0].verdict == "ask"
    assert column.cells[0].readings[0].first == date(2021, 5, 20)
    assert DateReader(year=2021).read(["20 May"]).cells[0].days.first == date(2021, 5, 20)


def test_old_and_new_style_of_one_day_share_it_where_either_is_possible():
    reader = DateReader(old_style="either")
    one, other = (reader.read([text]).cells[0].days for text in ("15.02.1895", "27.02.1895"))
    assert set(one.intervals) & set(other.intervals)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("26", 26, 26),
        ("60 yrs", 60, 60),
        ("±30", 28, 32),
        ("About 40 years old", 38, 42),
        ("حدود ۳۰", 28, 32),
        ("سی و سه", 33, 33),
        ("خمسة وعشرون", 25, 25),
        ("thirty-five", 35, 35),
        ("25-30", 25, 30),
        ("19 or 22", 19, 22),
        ("3 months", 0, 0),
        ("۲۲ ساله", 22, 22),
        ("26 AÑOS", 26, 26),
        ("over 50", 50, 110),
        (26.0, 26, 26),
    ],
)
def test_an_age_is_its_completed_years(text, least, most):
    assert age_of(text).age.years == (least, most)


@given(st.integers(0, 90), st.dates(date(1950, 1, 1), date(2020, 1, 1)), st.integers(0, 364))
@settings(max_examples=200, deadline=None)
def test_somebody_born_on_a_day_is_of_an_age_whose_birth_dates_hold_that_day(years, born, later):
    event = date.fromordinal(born.toordinal() + int(years * 365.2425) + later)
    completed = event.year - born.year - ((event.month, event.day) < (born.month, born.day))
    if completed < 0:
        return
    days_of_event = DateReader().read([event]).cells[0].days
    allowed = age_of(completed).age.born(days_of_event)
    assert allowed.first <= born < allowed.last


def test_ages_that_stand_for_unknown_are_missing_and_an_age_is_no_date():
    assert [age_of(text).verdict for text in (-1, "-1", "n/k", "نامعلوم", None)] == ["missing"] * 5
    found = cell("age 24")
    assert found.verdict == "missing"
    assert found.age.years == (24, 24)
