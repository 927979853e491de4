"""Did the computation work?  Each check is a number, its limit, and what it means.

This module only holds the numbers; R-hat and effective sample size are computed in `estimation.results.convergence`.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from estimation.frames import frame_of, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "Diagnostics"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check on a computation.

    Parameters
    ----------
    name : str
        What was checked, for example ``"R-hat of N"``.
    value : float
        What was found.
    limit : float
        What it had to stay under, or reach.
    passed : bool
        Whether it did.
    meaning : str
        One sentence for a reader who has never heard of the check.
    """

    name: str
    value: float
    limit: float
    passed: bool
    meaning: str


@dataclass(frozen=True, slots=True, repr=False)
class Diagnostics:
    """All checks on one computation.

    Parameters
    ----------
    checks : tuple of Check
        Empty for a closed form, which has nothing that could fail to converge; a fit by iteration has a check.

    Examples
    --------
    >>> Diagnostics(()).sentence
    'A closed form: there is no computation that could fail to converge.'
    >>> slow = Check("R-hat of N", 1.31, 1.01, False, "The chains do not agree.")
    >>> Diagnostics((slow,)).ok, Diagnostics((slow,)).sentence
    (False, 'Not to be trusted: R-hat of N is 1.31 (limit 1.01).')
    """

    checks: tuple[Check, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def sentence(self) -> str:
        """Whether to trust the computation, in one sentence."""
        if not self.checks:
            return "A closed form: there is no computation that could fail to converge."
        if self.ok:
            which = f"All {len(self.checks)} checks" if len(self.checks) > 1 else "The one check"
            return f"{which} on the computation passed."
        failed = "; ".join(f"{c.name} is {c.value:.4g} (limit {c.limit:.4g})" for c in self.failed)
        return f"Not to be trusted: {failed}."

    def to_frame(self) -> pd.DataFrame:
        """The checks as a pandas frame, one row each: what was found, its limit, whether it passed and its meaning."""
        rows = [{name: getattr(check, name) for name in _COLUMNS} for check in self.checks]
        return frame_of(rows, _COLUMNS)

    def __repr__(self) -> str:
        return textwrap.shorten(f"<Diagnostics: {self.sentence}>", 400, placeholder=" ...")

    def _repr_html_(self) -> str:
        rows = [
            (check.name, _number(check.value), _number(check.limit), "yes" if check.passed else "no", check.meaning)
            for check in self.checks
        ]
        return html_table(self.sentence, ["check", "value", "limit", "passed", "meaning"], rows, right=[1, 2])


_COLUMNS = {"name": str, "value": float, "limit": float, "passed": bool, "meaning": str}


def _number(value: float) -> str:
    """A value or limit of a check as it is read."""
    return f"{value:,.0f}" if 1000 <= abs(value) < inf else f"{value:.4g}"
