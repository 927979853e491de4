"""Every error and warning this package raises.

::

    EstimationError
    ├── TableError        a table of overlapping lists cannot be read, or is not one
    │   └── UndecidedTableError   it can be read in two ways or more; each is named with the option that chooses it
    ├── LinkageError      lists of names cannot be linked, or a folder of a linkage cannot be read
    ├── StudyError        a study file says something that cannot be done
    ├── ScenarioError     a scenario describes people and lists that cannot be
    ├── ClaimsError       a file of claims cannot be read
    ├── OutputError       a file cannot be written where it is wanted without destroying something
    └── SettingError      a model was given a setting it does not have, or a value it cannot use

    EstimationWarning (UserWarning)
    └── TableWarning      a table was read, and something in it was handled that its owner should know

A wrong *call* or a wrong *file* raises one of these.  *Data* that cannot carry a model does not raise: the
model returns a `estimation.results.estimates.NotEstimable`, which prints why.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "ClaimsError",
    "EstimationError",
    "EstimationWarning",
    "LinkageError",
    "OutputError",
    "ScenarioError",
    "SettingError",
    "StudyError",
    "TableError",
    "TableWarning",
    "UndecidedTableError",
]


class EstimationError(ValueError):
    """A wrong input, with every problem found in it.

    Parameters
    ----------
    where : str
        The file, table or model the problems are in.
    problems : sequence of str
        One sentence each: what is wrong, where, and what to do.

    Examples
    --------
    >>> print(TableError("deaths.csv", ["row 7: the count is -3; a count of persons cannot be negative"]))
    deaths.csv: row 7: the count is -3; a count of persons cannot be negative
    """

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        self.where = where
        self.problems = tuple(problems)
        if len(self.problems) == 1:
            text = f"{where}: {self.problems[0]}"
        else:
            lines = "".join(f"\n  {i}. {problem}" for i, problem in enumerate(self.problems, 1))
            text = f"{where}: {len(self.problems)} problems{lines}"
        super().__init__(text)


class TableError(EstimationError):
    """A table of overlapping lists cannot be read, or is not one."""


class UndecidedTableError(TableError):
    """A table that can be read in two ways or more, with what each counts and how it is chosen."""


class LinkageError(EstimationError):
    """Lists of names cannot be linked, or a folder is not that of a linkage."""


class StudyError(EstimationError):
    """A study file says something that cannot be done."""


class ScenarioError(EstimationError):
    """A scenario, from which synthetic tables are drawn, describes people and lists that cannot be."""


class ClaimsError(EstimationError):
    """A file of claims cannot be read, or does not say what a claim must say."""


class OutputError(EstimationError):
    """A file cannot be written where it is wanted without destroying something, or not at all."""


class SettingError(EstimationError):
    """A model was given a setting it does not have, or a value it cannot use."""


class EstimationWarning(UserWarning):
    """Something was handled that the analyst should know."""


class TableWarning(EstimationWarning):
    """A table was read, and something in it was handled that its owner should know."""


def __dir__() -> list[str]:
    return list(__all__)
