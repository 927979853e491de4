"""What keeps strata from a model over all of them, and what must be said of strata that say little themselves."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import isfinite

from estimation.capture.stratified import Strata, Stratum, called
from estimation.capture.table import CaptureTable
from estimation.strata.partial_pooling.tables import lists_of

__all__ = ["few_lists_notes", "label_problems", "nobody_notes", "why_not_pooled"]

_NAMED = 5


def why_not_pooled(strata: Strata, *, fewest: int, most: int) -> str | None:
    """Why strata cannot carry a model over all of them, or None.

    Parameters
    ----------
    strata : Strata
        A table for each stratum.
    fewest, most : int
        Lists of all strata together.
    """
    lists, tables = lists_of(strata), list(strata.tables.values())
    if len(tables) < 2:
        return "there is one stratum, which has nothing to borrow from; fit a model to the table without strata"
    if not fewest <= len(lists) <= most:
        named = ", ".join(lists[:_NAMED]) + (" ..." if len(lists) > _NAMED else "")
        wanted = f"at least {fewest}" if len(lists) < fewest else f"at most {most}"
        instead = (
            "with two lists set interactions = 'none', which takes them as independent within each stratum"
            if len(lists) == 2
            else "merge or drop lists first"
        )
        return f"it needs {wanted} lists and the strata together have {len(lists)} ({named}); {instead}"
    without = [stratum for stratum in strata.tables if strata.no_list_left(stratum)]
    if without:
        named = "; ".join(called(strata.labels, stratum) for stratum in without[:_NAMED])
        return f"no list is left of {len(without):,} strata ({named}); lower the least size, or merge them"
    empty = [name for name in lists if not any(_size(table, name) for table in tables)]
    if empty:
        return f"nobody is on {' or '.join(empty)} in any stratum; drop it first"
    if not any(table.frequencies[1:].sum() for table in tables):
        return (
            "nobody is on more than one list in any stratum; without overlap the lists set no upper limit to the "
            "number of people, so check how they were linked, or add a list that overlaps"
        )
    return None


def _size(table: CaptureTable, name: str) -> int:
    return int(table.list_sizes[table.index(name)]) if name in table.lists else 0


def label_problems(
    labels: Mapping[str, tuple[str, ...]], order: str | None, covariates: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """What is wrong with the labels that an order and covariates name.

    Examples
    --------
    >>> label_problems({"month": ("1", "2")}, "year", {"month": {"1": 0.5}})
    ["order = 'year' is no label of the strata; they are by month", 'covariates: month 2 has no number']
    """
    by = ", ".join(labels)
    problems = []
    if order is not None and order not in labels:
        problems.append(f"order = {order!r} is no label of the strata; they are by {by}")
    for label, numbers in covariates.items():
        if label not in labels:
            problems.append(f"covariates: {label!r} is no label of the strata; they are by {by}")
            continue
        without = [value for value in dict.fromkeys(labels[label]) if not isfinite(numbers.get(value, float("nan")))]
        if without:
            more = f" and {len(without) - _NAMED} more" if len(without) > _NAMED else ""
            problems.append(f"covariates: {label} {', '.join(without[:_NAMED])}{more} has no number")
    return problems


def few_lists_notes(strata: Strata, *, fewest: int) -> tuple[dict[Stratum, tuple[str, ...]], tuple[str, ...]]:
    """Notes on strata whose own lists say too little: by stratum, and in short for the total.

    Parameters
    ----------
    strata : Strata
        A table for each stratum.
    fewest : int
        Lists that a stratum needs to say something by itself.
    """
    notes: dict[Stratum, tuple[str, ...]] = {}
    for stratum, table in strata.tables.items():
        used = [name for name in table.lists if _size(table, name)]
        if len(used) == 1:
            notes[stratum] = (
                f"One list ({used[0]}) has people of this stratum: its number comes from the other strata and the "
                "prior alone.",
            )
        elif not table.frequencies[1:].sum():
            notes[stratum] = (
                "Nobody of this stratum is on more than one list: its upper end comes from the other strata and the "
                "prior.",
            )
        elif len(used) < fewest:
            notes[stratum] = (
                f"{len(used)} lists have people of this stratum: how these depend on each other is taken from the "
                "other strata and the prior.",
            )
    if not notes:
        return notes, ()
    named = "; ".join(called(strata.labels, stratum) for stratum in list(notes)[:_NAMED])
    more = f" and {len(notes) - _NAMED} more" if len(notes) > _NAMED else ""
    return notes, (
        f"{len(notes)} of {len(strata.tables)} strata do not have an overlap or lists enough of their own "
        f"({named}{more}): their numbers come from the other strata and the prior, and each says so.",
    )


def nobody_notes(strata: Strata) -> tuple[str, ...]:
    """Lists with nobody in some strata, which count as data; and strata of whom nobody was observed at all."""
    empty = {
        name: sum(_size(table, name) == 0 for table in strata.tables.values() if name in table.lists)
        for name in lists_of(strata)
    }
    named = [f"{name} in {many:,}" for name, many in empty.items() if many]
    notes = []
    if named:
        notes.append(
            f"Lists with nobody in some strata ({', '.join(named)} of {len(strata.tables):,}) count as lists that "
            "could have seen these and did not; where a list could not have seen a stratum, declare what it covers."
        )
    return (*notes, *_nobody_observed(strata))


def _nobody_observed(strata: Strata) -> tuple[str, ...]:
    """The strata of whom nobody was observed, where labels are crossed: they have no number."""
    values = [list(dict.fromkeys(stratum[at] for stratum in strata.tables)) for at in range(len(strata.labels))]
    without = [stratum for stratum in product(*values) if stratum not in strata.tables]
    if not without:
        return ()
    named = "; ".join(called(strata.labels, stratum) for stratum in without[:_NAMED])
    more = f" and {len(without) - _NAMED:,} more" if len(without) > _NAMED else ""
    return (
        f"Nobody was observed in {len(without):,} of {len(without) + len(strata.tables):,} strata ({named}{more}). "
        "They have no number and are not in the total, which lacks whoever was killed there and seen by nobody.",
    )
