"""The charts of a linkage in a report, with their words for who cannot see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes

from estimation import charts
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.linked_tables import LinkedTables
from estimation.linkage.match_weights import LEVEL_NAMES, match_weights
from estimation.models.linked.people_on_lists import people_on_lists
from estimation.report.document import Figure
from estimation.report.wording import percent, persons, share
from estimation.results.estimates import Result
from estimation.results.variance_split import VarianceSplit

__all__ = ["error_figures", "people_figure", "share_figure", "weight_figures"]

_LEVEL = 0.95
"""Of the intervals that the charts draw."""

_HIGH = 6.6
"""What the rows of one picture take of a page at most.  Unit: inches."""
_ROW, _HEADING = 0.18, 0.34
_WORDS = 20
"""Lists that the words for who cannot see a chart tell one by one."""


def people_figure(linked: LinkedTables, *, synthetic: bool) -> Figure:
    """People and records of each list."""
    rows = people_on_lists(linked).rows
    words = " ".join(
        f"{name}: {persons(float(records))} records, {persons(float(median))} people."
        for name, records, median, *_ in rows[: _WORDS + 1]
    )
    return _figure(
        "people",
        f"How many people the records of each list are of, with {percent(_LEVEL)} credible intervals, and its records "
        "as a cross.",
        f"One row a list. {words}",
        partial(charts.plot_people, linked),
        synthetic=synthetic,
    )


def share_figure(results: Mapping[str, Result], *, synthetic: bool) -> Figure:
    """What linkage contributes to the variance of each model's N."""
    splits = {label: split for label, result in results.items() if (split := VarianceSplit.of(result.tables))}
    words = " ".join(f"{label}: {share(split.share)}." for label, split in splits.items())
    return _figure(
        "linkage-share",
        "What part of the variance of N is there because it is not certain who is the same person.",
        f"One bar a model, with the share of the linkage. {words}",
        partial(charts.plot_variance_split, dict(results)),
        synthetic=synthetic,
    )


def weight_figures(errors: FittedErrors, *, synthetic: bool) -> list[Figure]:
    """Match weights by field and level, on as many pictures as pages have room for; none where they are not known."""
    found = match_weights(errors)
    if found is None:
        return []
    figures = []
    for number, fields in enumerate(_paged(found.fields, 1 + max(len(weights) for weights in found.weights)), 1):
        words = " ".join(
            f"{name}: " + ", ".join(f"{LEVEL_NAMES[level]} {weight:+.1f}" for level, weight in weights.items()) + "."
            for name, weights in zip(found.fields, found.weights, strict=True)
            if name in fields
        )
        figures.append(
            _figure(
                f"match-weights-{number:02d}",
                f"Match weights by field{_of(fields, found.fields)}: what agreement and difference say for one person "
                "(right) and against (left).",
                f"Bars of match weights in bits. {words}",
                partial(charts.plot_match_weights, found, fields=fields),
                synthetic=synthetic,
            )
        )
    return figures


def error_figures(errors: FittedErrors, *, synthetic: bool) -> list[Figure]:
    """Errors by field and list, on as many pictures as pages have room for."""
    interval = f", with {percent(_LEVEL)} credible intervals" if errors.error_ends else ""
    figures = []
    for number, fields in enumerate(_paged(errors.fields, min(1 + len(errors.lists), int(_HIGH / _ROW))), 1):
        words = " ".join(
            f"{name}: " + ", ".join(f"{of} {share(rates[f])}" for of, rates in _some(errors)) + "."
            for f, name in enumerate(errors.fields)
            if name in fields
        )
        figures.append(
            _figure(
                f"field-errors-{number:02d}",
                f"How often each list has each field wrong{_of(fields, errors.fields)}{interval}.",
                f"Points by field and list. {words}",
                partial(charts.plot_field_errors, errors, fields=fields),
                synthetic=synthetic,
            )
        )
    return figures


def _some(errors: FittedErrors) -> list[tuple[str, tuple[float, ...]]]:
    """The first lists with their error rates."""
    return list(zip(errors.lists, errors.error_rate, strict=True))[:_WORDS]


def _paged(fields: Sequence[str], rows_each: int) -> list[tuple[str, ...]]:
    """Fields by picture, so that the rows of each fit on a page, about as many on each."""
    most = max(int(_HIGH / (_ROW * (rows_each - 1) + _HEADING)), 1)
    each = -(-len(fields) // -(-len(fields) // most)) if fields else 1
    return [tuple(fields[at : at + each]) for at in range(0, len(fields), each)]


def _of(fields: Sequence[str], all_fields: Sequence[str]) -> str:
    """Which fields a picture shows, where one has no room for all."""
    return "" if len(fields) == len(all_fields) else f" ({', '.join(fields)})"


def _figure(name: str, caption: str, words: str, draw: partial[Axes], *, synthetic: bool) -> Figure:
    return Figure(name, caption, ("Synthetic data. " if synthetic else "") + words, draw=draw)
