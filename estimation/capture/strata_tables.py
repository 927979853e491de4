"""What a table with labels is divided into: a stratum, its table, and the lists that are not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from estimation.capture.table import CaptureTable

__all__ = ["Strata", "Stratum", "called", "missing_problem"]

Stratum: TypeAlias = tuple[str, ...]
"""The values of a stratum, one for each label."""


@dataclass(frozen=True, slots=True)
class Strata:
    """A table for each stratum in which somebody was seen.

    Parameters
    ----------
    labels : tuple of str
        Names of the labels whose values make a stratum.
    tables : mapping of Stratum to CaptureTable
        In the order of the values; each with the lists that are in it, or with all where none is left.
    left_out : mapping of Stratum to mapping of str to str
        The lists that are not in the table of a stratum, and why.
    """

    labels: tuple[str, ...]
    tables: Mapping[Stratum, CaptureTable]
    left_out: Mapping[Stratum, Mapping[str, str]]

    def no_list_left(self, stratum: Stratum) -> str | None:
        """Why nothing can be fitted to a stratum of which every list was left out; None where one is there."""
        out = self.left_out[stratum]
        if not out.keys() >= set(self.tables[stratum].lists):
            return None
        named = ", ".join(f"{name}: {why}" for name, why in out.items())
        return f"no list is left ({named}); lower the least size"


def called(labels: Sequence[str], stratum: Stratum) -> str:
    """What a stratum is called, for whoever reads.

    Examples
    --------
    >>> called(["sex", "age"], ("female", "0-14"))
    'sex female, age 0-14'
    """
    return ", ".join(f"{label} {value}" for label, value in zip(labels, stratum, strict=True))


def missing_problem(missing: Mapping[str, int], n_observed: int) -> str:
    """That labels are missing, of how many, and what can be done."""
    counted = " and ".join(f"{name} of {people:,}" for name, people in missing.items())
    return (
        f"{counted} of {n_observed:,} people {'is' if len(missing) == 1 else 'are'} missing, and who misses a label is "
        "of no stratum; choose what becomes of them: complete leaves them out, impute gives each a value drawn from "
        "people with the same history, joint draws the values with the numbers of all strata, by a Bayesian model"
    )
