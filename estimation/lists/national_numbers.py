"""National numbers that hold the date of birth: found by agreement with the column of births, and compared with it.

Many countries write the birth date into a person's number (JMBG, EGN, CNP, PESEL, the Chinese, Swedish, Egyptian and
South African numbers).  No table of countries is needed: digits at one place of the number that agree with the column
in most rows are the date, and the rows in which they do not are asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from estimation.lists.days import Days

__all__ = ["births_in_numbers"]

_LEAST_AGREEING = 3
_FORMS: dict[str, tuple[slice, slice, slice]] = {
    "ddmmyyyy": (slice(4, 8), slice(2, 4), slice(0, 2)),
    "yyyymmdd": (slice(0, 4), slice(4, 6), slice(6, 8)),
    "ddmmyyy": (slice(4, 7), slice(2, 4), slice(0, 2)),
    "ddmmyy": (slice(4, 6), slice(2, 4), slice(0, 2)),
    "yymmdd": (slice(0, 2), slice(2, 4), slice(4, 6)),
}
"""Where year, month and day stand, the longest form first: of two that agree as often it is the one that says more."""


def births_in_numbers(
    numbers: Sequence[str], births: Sequence[Days | None]
) -> tuple[str, dict[int, tuple[date, ...]]] | None:
    """Where numbers hold the birth date, and the rows that contradict the column of births.

    Parameters
    ----------
    numbers : sequence of str
        The number of each record; empty where not given.
    births : sequence of Days or None
        The birth of each record.

    Returns
    -------
    (str, dict) or None
        In words where the date stands, and by the place of each record that contradicts the dates that its number can
        mean; None where numbers hold no birth dates.

    Examples
    --------
    >>> births = [Days.between(date(1960 + i, 5, 7), date(1960 + i, 5, 8)) for i in range(4)]
    >>> births_in_numbers(["0705960000000", "0705961000000", "0705962000000", "0507963000000"], births)
    ('digits 1 to 7', {3: (datetime.date(1963, 7, 5),)})
    """
    digits = ["".join(c for c in number if c.isdigit()) for number in numbers]
    lengths = Counter(len(text) for text in digits if text).most_common(1)
    if not lengths or lengths[0][0] < 9:
        return None
    length = lengths[0][0]
    pairs = [(at, digits[at], birth) for at, birth in enumerate(births) if birth and len(digits[at]) == length]
    exact = [(at, text, birth) for at, text, birth in pairs if birth.n_days == 1]
    best: tuple[int, str, int] = (0, "", 0)
    for form in _FORMS:
        for begin in range(length - len(form) + 1):
            agree = sum(1 for _, text, birth in exact if birth.first in _dates(text[begin:], form))
            if agree > best[0]:
                best = agree, form, begin
    agree, form, begin = best
    if agree < _LEAST_AGREEING or agree < 0.6 * len(exact):
        return None
    contradict = {}
    for at, text, birth in pairs:
        meant = _dates(text[begin:], form)
        if meant and not any(birth.first <= day < birth.last for day in meant):
            contradict[at] = meant
    return f"digits {begin + 1} to {begin + len(form)}", contradict


def _dates(text: str, form: str) -> tuple[date, ...]:
    """The days that digits can mean."""
    year, month, day = (text[where] for where in _FORMS[form])
    years = {4: [int(year)], 3: [1000 + int(year), 2000 + int(year)], 2: [1900 + int(year), 2000 + int(year)]}[
        len(year)
    ]
    found = []
    for each in years:
        if 1850 <= each <= 2100:
            try:
                found.append(date(each, int(month) % 20, int(day) % 40))
            except ValueError:
                continue
    return tuple(found)
