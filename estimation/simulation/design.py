r"""Design: how long would an interval be for lists of expected sizes, and what would more collecting gain?

For a suspected total N and expected list sizes n_j, each person is on list j with probability p_j = n_j / N, the lists
independent or dependent as stated.  Tables are drawn, a model is fitted to each, and the width of its interval is taken
as a share of N.  Then the same with one more list, and with more names on the lists.

For two independent lists the width is known without drawing: by Lincoln-Petersen the variance of the estimate is about
:math:`N (1 - p_1)(1 - p_2) / (p_1 p_2)`, which is how this is tested.

It cannot say whether the lists will be independent.  A design is about sampling error, not about a wrong assumption;
study the coverage of the model in scenarios that break its assumption too (`coverage_study`).

Symbols: N suspected total; n_j expected size of list j; p_j its capture probability.

Reference: Seber (1982), The Estimation of Animal Abundance, 2nd ed., section 3.1.
"""

from __future__ import annotations

import html
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from types import MappingProxyType
from typing import TYPE_CHECKING

from estimation.errors import ScenarioError, SettingError
from estimation.frames import Cell, frame_of, html_table
from estimation.models.protocol import Model
from estimation.simulation.coverage_study import coverage_study
from estimation.simulation.scenario import Dependence, Group, Scenario
from estimation.simulation.scores import Score, score_row
from estimation.simulation.trials import LEVEL
from estimation.text.spreadsheet import csv_of
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HEADINGS", "Design", "Designs", "design", "designs_csv"]

_PLANNED = "as planned"

HEADINGS = ("design", "people observed", "width of the interval / total", "coverage")
"""Of the columns of a table of designs for a reader."""

_MEASURES = ("coverage", "bias", "length")
_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "design": str,
        "total": int,
        "list_sizes": str,
        "expected_observed": float,
        "replications": int,
        "not_estimable": int,
        **{column: float for name in _MEASURES for column in (name, f"{name}_error")},
    }
)


@dataclass(frozen=True, slots=True)
class Design:
    """One way to collect, and the scores of a model for it.

    Parameters
    ----------
    label : str
        What is done, for example ``"500 more names on police"``.
    list_sizes : tuple of (str, float)
        Expected size of each list.  Unit: persons.
    expected_observed : float
        People on at least one list, on average.  Unit: persons.
    score : Score
        Coverage, bias, and length of the interval as a share of the total.
    """

    label: str
    list_sizes: tuple[tuple[str, float], ...]
    expected_observed: float
    score: Score

    @property
    def width(self) -> float | None:
        """Median width of the interval as a share of the total; None where no table gave a number."""
        return self.score.length.value if self.score.length else None


@dataclass(frozen=True, slots=True, repr=False)
class Designs:
    """Ways to collect, side by side; the first is as planned.

    Parameters
    ----------
    total : int
        The suspected total.  Unit: persons.
    model : str
        Title of the model.
    designs : tuple of Design
        As planned, then with more lists, then with more names.
    """

    total: int
    model: str
    designs: tuple[Design, ...]

    @property
    def finding(self) -> str:
        """What the numbers say, in a sentence or two."""
        planned = self.designs[0]
        if planned.width is None or not math.isfinite(planned.width):
            planned_width = f"With the lists as planned, {self.model} gives no interval that ends"
        else:
            planned_width = (
                f"With the lists as planned, the {LEVEL:.0%} interval by {self.model} is typically {planned.width:.0%} "
                f"of {self.total:,} wide"
            )
        better = [(d.width, d.label) for d in self.designs[1:] if d.width is not None and math.isfinite(d.width)]
        if not better:
            return f"{planned_width}."
        width, label = min(better)
        return f"{planned_width}. The narrowest of the other designs is {label}: {width:.0%} wide."

    def __str__(self) -> str:
        lines = [f"SYNTHETIC tables. {self.finding}"]
        for each in self.designs:
            score = each.score
            if score.coverage is None or score.length is None:
                result = "not estimable"
            else:
                result = (
                    f"{score.length.value:.1%} wide (± {score.length.error:.1%}), "
                    f"coverage {score.coverage.value:.0%} (± {score.coverage.error:.0%})"
                )
            lines.append(f"{each.label}: {result}; about {each.expected_observed:,.0f} observed")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return shorten(f"<Designs: {self}>", 400, placeholder=" ...>")

    def to_frame(self) -> pd.DataFrame:
        """The designs as a pandas frame, a row each, the plan first.

        Returns
        -------
        pandas.DataFrame
            Columns: ``design``, ``total``, ``list_sizes``, ``expected_observed`` (persons), ``replications``,
            ``not_estimable``, then ``coverage``, ``bias`` and ``length`` (shares of the total), each followed by its
            Monte Carlo standard error.
        """
        return frame_of(self.rows(), _COLUMNS)

    def rows(self) -> list[dict[str, Cell]]:
        """One row for each design, the plan first; None where there is no number."""
        rows: list[dict[str, Cell]] = []
        for each in self.designs:
            scored = score_row(each.score)
            about: dict[str, Cell] = {
                "design": each.label,
                "total": self.total,
                "list_sizes": "; ".join(f"{name} {size:.0f}" for name, size in each.list_sizes),
                "expected_observed": each.expected_observed,
            }
            rows.append(about | {name: scored[name] for name in _COLUMNS if name not in about})
        return rows

    def _repr_html_(self) -> str:
        table = html_table(self.caption, HEADINGS, self.cells(), right=range(1, 4))
        return f"<div>{table}<p>{html.escape(self.finding)}</p></div>"

    @property
    def caption(self) -> str:
        """What a table of the designs shows."""
        return f"SYNTHETIC tables: a suspected total of {self.total:,} people, {self.model}"

    def cells(self) -> list[list[str]]:
        """One row of text for each design, under ``HEADINGS``."""
        rows = []
        for each in self.designs:
            length, coverage = each.score.length, each.score.coverage
            rows.append(
                [
                    each.label,
                    f"{each.expected_observed:,.0f}",
                    "not estimable" if length is None else f"{length.value:.2f} ± {length.error:.2f}",
                    "" if coverage is None else f"{coverage.value:.0%} ± {coverage.error:.0%}",
                ]
            )
        return rows


def design(
    list_sizes: Mapping[str, int],
    total: int,
    *,
    model: Model,
    rng: RandomState,
    lists_added: Mapping[str, int] | None = None,
    names_added: Sequence[int] = (),
    dependence: Sequence[Dependence] = (),
    replications: int = 100,
    workers: int = 1,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> Designs:
    """How long a model's interval would be, and what one more list or more names would gain.

    Parameters
    ----------
    list_sizes : mapping of str to int
        Expected size of each list.  Unit: persons.
    total : int
        The suspected total, observed or not.  Unit: persons.
    model : Model
        The model that will be fitted.
    rng : int, SeedSequence or Generator
        The only source of randomness.
    lists_added : mapping of str to int, optional
        Further lists, each a design of its own, with their sizes.  Unit: persons.
    names_added : sequence of int
        Numbers of names that the lists could gain: over all in proportion to their sizes, and all on each.
        Unit: persons.
    dependence : sequence of Dependence
        Pairs of lists that are suspected to be dependent.
    replications : int
        Tables drawn for each design.
    workers : int
        Processes to use; changes no number.
    folder : path, optional
        As in `coverage_study`.
    progress : callable
        Receives each finished batch.

    Returns
    -------
    Designs
        The plan first.

    Raises
    ------
    SettingError
        For fewer than two lists, sizes that are not 1 or more, a list larger than the total, a new list with the name
        of another, names that would make a list larger than the total.  All problems are named together.

    References
    ----------
    Seber (1982), The Estimation of Animal Abundance, 2nd ed., section 3.1.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import Chapman
    >>> plan = {"police": 300, "press": 200}
    >>> model = Chapman(("police", "press"))
    >>> found = design(plan, 1000, model=model, names_added=[100], replications=20, rng=1)
    >>> [each.label for each in found.designs]
    ['as planned', '100 more names over all lists', '100 more names on police', '100 more names on press']
    """
    _check(list_sizes, total, lists_added or {}, names_added)
    plans = _plans(list_sizes, lists_added or {}, names_added)
    scenarios = _scenarios(plans, total, dependence)
    scores = coverage_study(
        scenarios,
        {model.title: model},
        replications=replications,
        rng=rng,
        workers=workers,
        folder=folder,
        progress=progress,
    )
    return Designs(
        total,
        model.title,
        tuple(
            Design(label, tuple(sizes.items()), scenarios[label].expected_observed, scores.of(label, model.title))
            for label, sizes in plans.items()
        ),
    )


def designs_csv(designs: Designs) -> str:
    """The designs as CSV, a row each; each measure with its Monte Carlo standard error beside it."""
    return csv_of([list(_COLUMNS), *(list(row.values()) for row in designs.rows())])


def _plans(
    list_sizes: Mapping[str, int], lists_added: Mapping[str, int], names_added: Sequence[int]
) -> dict[str, dict[str, float]]:
    """The expected list sizes of each design, by its label."""
    plan = {name: float(size) for name, size in list_sizes.items()}
    plans = {_PLANNED: plan}
    for name, new in lists_added.items():
        plans[f"one more list, {name}, of {new:,}"] = {**plan, name: float(new)}
    for names in names_added:
        grown = 1 + names / sum(plan.values())
        plans[f"{names:,} more names over all lists"] = {name: size * grown for name, size in plan.items()}
        for name, size in plan.items():
            plans[f"{names:,} more names on {name}"] = {**plan, name: size + names}
    return plans


def _scenarios(
    plans: Mapping[str, Mapping[str, float]], total: int, dependence: Sequence[Dependence]
) -> dict[str, Scenario]:
    try:
        return {
            label: Scenario(
                title=label,
                note="A design: lists of expected sizes and a suspected total.",
                lists=tuple(sizes),
                groups=(Group("everyone", total, tuple(size / total for size in sizes.values())),),
                dependence=tuple(dependence),
            )
            for label, sizes in plans.items()
        }
    except ScenarioError as error:
        raise SettingError("design", error.problems) from error


def _check(
    list_sizes: Mapping[str, int], total: int, lists_added: Mapping[str, int], names_added: Sequence[int]
) -> None:
    """Raise, with every problem, where the plan cannot be."""
    problems = []
    if len(list_sizes) < 2:
        problems.append(f"there are {len(list_sizes)} lists; without overlap nothing can be estimated, so give two")
    for name, size in [*list_sizes.items(), *lists_added.items()]:
        if size < 1:
            problems.append(f"the list {name!r} has {size} people; expect at least 1")
        if size > total:
            problems.append(f"the list {name!r} has {size:,} people, more than the total of {total:,}; raise the total")
    problems += [
        f"the new list {name!r} has the name of another list; give it another name"
        for name in lists_added
        if name in list_sizes
    ]
    for names in names_added:
        if names < 1:
            problems.append(f"{names} more names is none; give 1 or more")
        for name, size in list_sizes.items():
            if size <= total < size + names:
                problems.append(
                    f"{names:,} more names would make {name!r} larger than the total of {total:,}; give fewer"
                )
    if problems:
        raise SettingError("design", problems)
