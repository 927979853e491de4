"""Numbers and results in words: every digit of a report is made here, from a result or from the record."""

from __future__ import annotations

from math import isfinite

from estimation.provenance import Setting
from estimation.results.estimates import Estimate, Result
from estimation.study.study_file import LEVEL

__all__ = ["figure", "kind", "lower", "persons", "sentence_case", "setting", "several", "share", "significant", "upper"]

_NONE = "–"
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def persons(value: float) -> str:
    """A number of persons: whole, with thousands separators; words where there is no number.

    Examples
    --------
    >>> persons(10408.4), persons(float("inf"))
    ('10,408', 'no limit')
    """
    return f"{value:,.0f}" if isfinite(value) else "no limit"


def several(n: int, one: str, many: str | None = None) -> str:
    """How many of something, small numbers in words.

    Examples
    --------
    >>> several(1, "list"), several(4, "list"), several(1300, "history", "histories")
    ('one list', 'four lists', '1,300 histories')
    """
    count = _SMALL[n] if n < len(_SMALL) else f"{n:,}"
    return f"{count} {one if n == 1 else many or one + 's'}"


def sentence_case(label: str) -> str:
    """A label as it begins a line: with a capital, unless it gives a symbol or a setting its value.

    Examples
    --------
    >>> sentence_case("without the press"), sentence_case("xi = 2")
    ('Without the press', 'xi = 2')
    """
    return label if " = " in label else label[:1].upper() + label[1:]


def share(value: float | None) -> str:
    """A share as a whole percentage."""
    return _NONE if value is None else f"{100 * value:.0f} %"


def significant(value: float) -> str:
    """A number of a check, to four significant digits.

    Examples
    --------
    >>> significant(1.00312), significant(18231.4), significant(0.0000123), significant(float("nan"))
    ('1.003', '18,231', '1.23e-05', 'no value')
    """
    if not isfinite(value):
        return "no value"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def setting(value: Setting) -> str:
    """A setting of a model as it is read."""
    if isinstance(value, tuple):
        return ", ".join(setting(part) for part in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def figure(result: Result) -> str:
    """The number of a result, or that there is none.  Unit: persons."""
    if not isinstance(result, Estimate):
        return "not estimable"
    return f"at least {persons(result.median)}" if result.is_lower_bound else persons(result.median)


def lower(result: Result) -> str:
    """The lower end of a result's interval.  Unit: persons."""
    return persons(result.interval(LEVEL).lower) if isinstance(result, Estimate) else _NONE


def upper(result: Result) -> str:
    """The upper end of a result's interval.  Unit: persons."""
    return persons(result.interval(LEVEL).upper) if isinstance(result, Estimate) else _NONE


def kind(result: Result) -> str:
    """Whether the interval of a result is credible or a confidence interval."""
    return result.interval_kind if isinstance(result, Estimate) else _NONE
