"""What is wrong with a cell of a list of names, most often a date: its readings, the months and the days of the week.

A place is a number where its name is in `NUMBERS` of `estimation.app.package_phrases`.  A test holds these against what
the readers say of many files.
"""

from __future__ import annotations

from estimation.text.languages import sentence

__all__ = ["CELLS", "DAYS", "WEEKDAYS"]

DAYS = (
    sentence("{number} January {some}"),
    sentence("{number} February {some}"),
    sentence("{number} March {some}"),
    sentence("{number} April {some}"),
    sentence("{number} May {some}"),
    sentence("{number} June {some}"),
    sentence("{number} July {some}"),
    sentence("{number} August {some}"),
    sentence("{number} September {some}"),
    sentence("{number} October {some}"),
    sentence("{number} November {some}"),
    sentence("{number} December {some}"),
    sentence("{number} Farvardin {some}"),
    sentence("{number} Ordibehesht {some}"),
    sentence("{number} Khordad {some}"),
    sentence("{number} Tir {some}"),
    sentence("{number} Mordad {some}"),
    sentence("{number} Shahrivar {some}"),
    sentence("{number} Mehr {some}"),
    sentence("{number} Aban {some}"),
    sentence("{number} Azar {some}"),
    sentence("{number} Dey {some}"),
    sentence("{number} Bahman {some}"),
    sentence("{number} Esfand {some}"),
    sentence("{number} Muharram {some}"),
    sentence("{number} Safar {some}"),
    sentence("{number} Rabi al-Awwal {some}"),
    sentence("{number} Rabi al-Thani {some}"),
    sentence("{number} Jumada al-Ula {some}"),
    sentence("{number} Jumada al-Thani {some}"),
    sentence("{number} Rajab {some}"),
    sentence("{number} Shaban {some}"),
    sentence("{number} Ramadan {some}"),
    sentence("{number} Shawwal {some}"),
    sentence("{number} Dhu al-Qada {some}"),
    sentence("{number} Dhu al-Hijja {some}"),
    sentence("January {some}"),
    sentence("February {some}"),
    sentence("March {some}"),
    sentence("April {some}"),
    sentence("May {some}"),
    sentence("June {some}"),
    sentence("July {some}"),
    sentence("August {some}"),
    sentence("September {some}"),
    sentence("October {some}"),
    sentence("November {some}"),
    sentence("December {some}"),
    sentence("Farvardin {some}"),
    sentence("Ordibehesht {some}"),
    sentence("Khordad {some}"),
    sentence("Tir {some}"),
    sentence("Mordad {some}"),
    sentence("Shahrivar {some}"),
    sentence("Mehr {some}"),
    sentence("Aban {some}"),
    sentence("Azar {some}"),
    sentence("Dey {some}"),
    sentence("Bahman {some}"),
    sentence("Esfand {some}"),
    sentence("Muharram {some}"),
    sentence("Safar {some}"),
    sentence("Rabi al-Awwal {some}"),
    sentence("Rabi al-Thani {some}"),
    sentence("Jumada al-Ula {some}"),
    sentence("Jumada al-Thani {some}"),
    sentence("Rajab {some}"),
    sentence("Shaban {some}"),
    sentence("Ramadan {some}"),
    sentence("Shawwal {some}"),
    sentence("Dhu al-Qada {some}"),
    sentence("Dhu al-Hijja {some}"),
)
"""A day and a month of each calendar, as `estimation.lists.calendars.month_name` has them."""

WEEKDAYS = (
    sentence("Monday"),
    sentence("Tuesday"),
    sentence("Wednesday"),
    sentence("Thursday"),
    sentence("Friday"),
    sentence("Saturday"),
    sentence("Sunday"),
)
"""The days of the week."""

CELLS = (
    sentence(
        "{rows}, {column}: {cell} is {days}; say which with dates.calendar, or what time the list covers with "
        "dates.period."
    ),
    sentence("{rows}, {column}: {cell} is {days}; say what time the list covers with dates.period."),
    sentence('{rows}, {column}: {cell} is {days}; say which with dates.order = "day first" or "month first".'),
    sentence(
        "{rows}, {column}: {cell}: {other_cell} is {days} if a spreadsheet counts days so (by its 1900 or 1904 "
        "system), or no date; say which with dates.serials = 1900 or 1904."
    ),
    sentence(
        '{rows}, {column}: {cell}: {days} has {number} days; correct it, or set dates.impossible = "year" to read '
        "{year}."
    ),
    sentence("{rows}, {column}: {cell}: {days} has {number} days; correct it."),
    sentence(
        '{rows}, {column}: {cell}: there is no month {number}; correct it, or set dates.impossible = "year" to read '
        "{year}."
    ),
    sentence(
        "{rows}, {column}: {cell}: {other_cell} is {days}, or no year; write the year in full, or say which with "
        "dates.calendar."
    ),
    sentence("{rows}, {column}: {cell}: it has no end: declare what time the list covers with dates.period."),
    sentence("{rows}, {column}: {cell}: it has no beginning: declare what time the list covers with dates.period."),
    sentence("{rows}, {column}: {cell}: it says {weekday}, but {days} was a {other_weekday}; correct it."),
    sentence("{rows}, {column}: {cell}: its dates do not agree ({days}); correct it, or leave one."),
    sentence(
        "{rows}, {column}: {cell}: it is in a calendar that is not read (read are Gregorian, Solar Hijri and "
        "Islamic); correct it."
    ),
    sentence("{rows}, {column}: {cell}: it has no year; write the year, or set dates.year for the column."),
    sentence(
        "{rows}, {column}: {cell}: it has no year; the other dates of the column are of {year}: write the year, or "
        "set dates.year."
    ),
    sentence("{rows}, {column}: it holds words that are no date; correct it, or empty the cell."),
    sentence("{rows}, {column}: it is an age and no date: tell which column is the age."),
    sentence(
        "{rows}, {column}: it is {cell} or {other_cell}: a spreadsheet may have exchanged day and month, since texts "
        "are day first; correct it."
    ),
    sentence(
        "{rows}, {column}: it says {cell}, and the number in {name} says {other_cell}. Correct the one that is wrong."
    ),
    sentence(
        "{rows}, {column}: {cell} can be that somebody is alive, or that this is not what the list counts. Say which "
        "values count, such as {name}; rows with others are left out."
    ),
    sentence(
        "{rows}, {column}: an age of 0 without a birth date is an infant or not known: other ages here are codes. Say "
        'which: age_zero = "missing" or "infant".'
    ),
    sentence(
        "{rows}: the row stands for more than one person ({number}). Split it, one row a person, or say several = "
        '"split" or "leave out".'
    ),
    sentence("not read, a total: {rows}"),
    sentence("not read, a footer: {rows}"),
    sentence("not read, a section: {rows}"),
)
"""What is to be decided or corrected in a cell, and rows that stand for nobody."""
