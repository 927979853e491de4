"""What keeps a table from a model with covariates: labels that are not there, histories of too few people."""

from __future__ import annotations

from collections.abc import Sequence

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.models.covariates.people import People, numbers_in
from estimation.toml_file import nearest

__all__ = ["few_of_a_history", "unknown_covariates", "unusable_covariates"]

_MOST_VALUES = 200
_NAMED = 4


def unknown_covariates(names: Sequence[str], table: CaptureTable | StratifiedTable) -> str | None:
    """Which of some names are no labels of a table, and what its labels are; None where all are.

    Examples
    --------
    >>> table = StratifiedTable(["A", "B"], [[1, 0], [1, 1]], {"sex": ["f", "m"]}, [5, 3])
    >>> print(unknown_covariates(["sex", "A"], table))
    covariate A is a list, and who is on it is what is estimated from; the labels are sex
    >>> print(unknown_covariates(["sex"], table.margin()))
    covariates sex are named and the table has no labels; read it with them: read_table(path, strata=["sex"])
    """
    if not names:
        return None
    if isinstance(table, CaptureTable):
        named = ", ".join(f'"{name}"' for name in names)
        return (
            f"covariates {', '.join(names)} are named and the table has no labels; read it with them: "
            f"read_table(path, strata=[{named}])"
        )
    labels = [label.name for label in table.labels]
    lists = [name for name in names if name in table.lists and name not in labels]
    if lists:
        return (
            f"covariate {lists[0]} is a list, and who is on it is what is estimated from; the labels are "
            f"{', '.join(labels)}"
        )
    unknown = [name for name in names if name not in labels]
    if unknown:
        return f"there is no label {unknown[0]!r} to be a covariate; {nearest(unknown[0], labels)}"
    return None


def unusable_covariates(names: Sequence[str], numeric: Sequence[str], table: StratifiedTable) -> str | None:
    """Why the values of some covariates cannot be used, or None where they can.

    Examples
    --------
    >>> table = StratifiedTable(["A", "B"], [[1, 0], [1, 1]], {"age": ["0-14", "15-29"]}, [5, 3])
    >>> print(unusable_covariates(["age"], ["age"], table))
    covariate age is to be numeric and has values that are no numbers ('0-14', '15-29'); leave it out of numeric
    """
    for name in names:
        values = table.label(name).values
        if name in numeric:
            wrong = [repr(value) for value in values if numbers_in([value]) is None]
            if wrong:
                return (
                    f"covariate {name} is to be numeric and has values that are no numbers "
                    f"({', '.join(wrong[:_NAMED])}); leave it out of numeric"
                )
        elif len(values) > _MOST_VALUES:
            advice = "name it in numeric, or " if numbers_in(values) is not None else ""
            return (
                f"covariate {name} has {len(values):,} values and can have at most {_MOST_VALUES}; too few people share"
                f" one, so {advice}make it coarser"
            )
        if len(values) == 1:
            return f"covariate {name} has one value, {values[0]!r}, and tells nobody apart; leave it out"
    return None


def few_of_a_history(people: People, least: int) -> str | None:
    """Which histories have too few people whose covariates are known, or None where none has.

    Parameters
    ----------
    people : People
        Those that the model is about.
    least : int
        People that each history must have.  Unit: persons.
    """
    known = people.known
    of_known = People(
        people.history[known],
        people.codes[known],
        people.counts[known],
        people.names,
        people.values,
        people.lists,
        people.beside,
    ).by_history
    few = [code for code, number in enumerate(of_known.tolist(), start=1) if number < least]
    if not few:
        return None
    named = "; ".join(
        f"{_named(people, code)}: {of_known[code - 1]:,}"
        + (f" with known covariates, of {people.by_history[code - 1]:,}" if not known.all() else "")
        for code in few[:_NAMED]
    )
    more = f"; and {len(few) - _NAMED} more" if len(few) > _NAMED else ""
    needed = (
        "with nobody there the product of the probabilities is 0 or has no limit"
        if least == 1
        else f"{least} are needed for fits on people of other folds"
    )
    fewer = "lists" if len(people.lists) > 2 else "other lists"
    advice = f"name fewer lists, for example lists={','.join(people.lists[:2])}, or " if fewer == "lists" else ""
    return (
        f"too few people have a history (on exactly {named}{more}); {needed}; {advice}merge lists, or lower folds"
        if least > 1
        else f"nobody has a history (on exactly {named}{more}); {needed}; {advice}use lists that overlap, or merge some"
    )


def _named(people: People, code: int) -> str:
    return " and ".join(name for at, name in enumerate(people.lists) if code >> at & 1)
