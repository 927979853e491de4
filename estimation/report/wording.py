"""Numbers and results in words: every digit of a report is made here, from a result or from the record."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from estimation.provenance import Setting
from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import rounded
from estimation.study.study_file import LEVEL

__all__ = [
    "about",
    "figure",
    "kind",
    "listed",
    "lower",
    "percent",
    "percents",
    "persons",
    "sentence_case",
    "setting",
    "several",
    "share",
    "significant",
    "upper",
]

_NONE = "–"
_NEARLY_NONE = 0.01
"""A probability below it, or as near to 1, is given as a bound."""
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


def listed(items: Sequence[str]) -> str:
    """Some things, one after another.

    Examples
    --------
    >>> listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])
    ('A', 'A and B', 'A, B and C')
    """
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)


def percent(probability: float) -> str:
    """A probability or a share as a whole percentage; none is called certain.

    Examples
    --------
    >>> percent(0.114), percent(0.0004), percent(0.9999)
    ('11 %', 'less than 1 %', 'more than 99 %')
    """
    if probability < _NEARLY_NONE:
        return f"less than {100 * _NEARLY_NONE:.0f} %"
    if probability > 1 - _NEARLY_NONE:
        return f"more than {100 - 100 * _NEARLY_NONE:.0f} %"
    return f"{100 * probability:.0f} %"


def percents(probabilities: Sequence[float]) -> str:
    """The least and the largest of some probabilities.

    Examples
    --------
    >>> percents([0.47, 0.985, 0.65]), percents([0.2]), percents([0.998, 1.0])
    ('47 % to 98 %', '20 %', 'more than 99 %')
    """
    least, most = percent(min(probabilities)), percent(max(probabilities))
    return least if least == most else f"{least} to {most}"


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


def about(result: Result) -> str:
    """The number of a result, rounded by the rule for headlines, or that there is none.  Unit: persons."""
    if not isinstance(result, Estimate):
        return "not estimable"
    return f"{'at least ' if result.is_lower_bound else ''}{persons(rounded(result, LEVEL).point)}"


def lower(result: Result) -> str:
    """The lower end of a result's interval.  Unit: persons."""
    return persons(result.interval(LEVEL).lower) if isinstance(result, Estimate) else _NONE


def upper(result: Result) -> str:
    """The upper end of a result's interval.  Unit: persons."""
    return persons(result.interval(LEVEL).upper) if isinstance(result, Estimate) else _NONE


def kind(result: Result) -> str:
    """What the interval of a result is, for example credible."""
    return result.interval_kind if isinstance(result, Estimate) else _NONE
