"""Rows of strata: a panel for each value of the first label, and how a stratum is called within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from estimation.capture.stratified import Stratum
from estimation.strata.by_stratum import StratumResults

__all__ = ["ALL_STRATA", "TALL", "chosen", "panels", "spans_widely"]

ALL_STRATA = "All strata together"
TALL = 7.0
"""A picture that is higher has its axis above, too.  Unit: inches."""
_WIDE = 20.0
"""Numbers of which the largest is so many times the smallest are spread on a log axis."""


def chosen(found: StratumResults, strata: Sequence[Stratum] | None) -> list[Stratum]:
    """The strata to draw, in the order of the results; all, where none are named.

    Raises
    ------
    ValueError
        When there is nothing to draw, or a named stratum is none of the results.
    """
    wanted = list(found.results) if strata is None else [tuple(stratum) for stratum in strata]
    unknown = [stratum for stratum in wanted if stratum not in found.results]
    if unknown or not wanted:
        named = ", ".join(map(str, unknown)) if unknown else "no stratum"
        raise ValueError(f"there is nothing to draw for {named}; the strata are by {', '.join(found.labels)}")
    return [stratum for stratum in found.results if stratum in set(wanted)]


def panels(labels: Sequence[str], strata: Sequence[Stratum]) -> Iterator[tuple[str, list[tuple[str, Stratum]]]]:
    """The heading of each panel, and its strata with their names: with one label, all are in one panel.

    Examples
    --------
    >>> list(panels(["year"], [("1988",), ("1989",)]))
    [('By year', [('1988', ('1988',)), ('1989', ('1989',))])]
    >>> list(panels(["sex", "age"], [("female", "0-14"), ("male", "0-14")]))[1]
    ('sex male, by age', [('0-14', ('male', '0-14'))])
    """
    if len(labels) == 1:
        yield f"By {labels[0]}", [(stratum[0], stratum) for stratum in strata]
        return
    for value, group in groupby(strata, key=lambda stratum: stratum[0]):
        rows = [(", ".join(stratum[1:]), stratum) for stratum in group]
        yield f"{labels[0]} {value}, by {' and '.join(labels[1:])}", rows


def spans_widely(values: Sequence[float]) -> bool:
    """Whether numbers above 0 are so far apart that only a log axis shows the smallest of them."""
    return min(values) > 0 and max(values) / min(values) >= _WIDE
