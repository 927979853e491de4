r"""Design: how narrow would an interval be for lists of expected sizes, and what would more collecting buy?

For a suspected total N and expected list sizes n_j, list j holds each person with probability p_j = n_j / N, the lists
independent or dependent as stated.  Tables are drawn, a model is fitted to each, and the width of its interval is read
as a share of N.  Then the same with one more list, and with more names on the lists there are.

For two independent lists the width is known without drawing: by Lincoln-Petersen the variance of the estimate is about
:math:`N (1 - p_1)(1 - p_2) / (p_1 p_2)`, which is how this is tested.

What it cannot say: whether the lists will be independent.  A design is about luck, not about a wrong assumption; score
the model on scenarios that break its assumption too (`estimation.simulation`).

Symbols: N suspected total; n_j expected size of list j; p_j its capture probability.

Reference: Seber (1982), The Estimation of Animal Abundance, 2nd ed., section 3.1.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.errors import ScenarioError, SettingError
from estimation.models.protocol import Model
from estimation.simulation.coverage_study import coverage_study
from estimation.simulation.scenario import Dependence, Group, Scenario
from estimation.simulation.scores import Score
from estimation.simulation.trials import LEVEL
from estimation.work.progress import Progress, silent

__all__ = ["Design", "Designs", "design", "designs_csv"]

_PLANNED = "as planned"


@dataclass(frozen=True, slots=True)
class Design:
    """One way to collect, and what a model makes of it.

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


@dataclass(frozen=True, slots=True)
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
            said = f"With the lists as planned, {self.model} gives no interval that ends"
        else:
            said = (
                f"With the lists as planned, the {LEVEL:.0%} interval by {self.model} is typically {planned.width:.0%} "
                f"of {self.total:,} wide"
            )
        better = [(d.width, d.label) for d in self.designs[1:] if d.width is not None and math.isfinite(d.width)]
        if not better:
            return f"{said}."
        width, label = min(better)
        return f"{said}. The narrowest of the other designs is {label}: {width:.0%} wide."

    def __str__(self) -> str:
        lines = [self.finding]
        for each in self.designs:
            score = each.score
            if score.coverage is None or score.length is None:
                said = "not estimable"
            else:
                said = (
                    f"{score.length.value:.1%} wide (± {score.length.error:.1%}), "
                    f"covers {score.coverage.value:.0%} (± {score.coverage.error:.0%})"
                )
            lines.append(f"{each.label}: {said}; about {each.expected_observed:,.0f} observed")
        return "\n".join(lines)


def design(
    list_sizes: Mapping[str, int],
    total: int,
    *,
    model: Model,
    rng: np.random.Generator,
    lists_added: Mapping[str, int] | None = None,
    names_added: Sequence[int] = (),
    dependence: Sequence[Dependence] = (),
    replications: int = 100,
    workers: int = 1,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> Designs:
    """How narrow a model's interval would be, and what one more list or more names would buy.

    Parameters
    ----------
    list_sizes : mapping of str to int
        Expected size of each list.  Unit: persons.
    total : int
        The suspected total, seen or not.  Unit: persons.
    model : Model
        What will be fitted.
    rng : numpy.random.Generator
        The only source of randomness.
    lists_added : mapping of str to int, optional
        Lists that could be had beside those, each a design of its own, with their sizes.  Unit: persons.
    names_added : sequence of int
        Numbers of names that the lists there are could gain: over all in proportion to their sizes, and all on each.
        Unit: persons.
    dependence : sequence of Dependence
        Lists that are suspected not to be independent.
    replications : int
        Tables drawn for each design.
    workers : int
        Processes to use; changes no number.
    folder : path, optional
        Where finished work is kept, so that a run that is stopped goes on there.
    progress : callable
        Told of each finished batch.

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
    >>> rng, model = np.random.default_rng(1), Chapman(("police", "press"))
    >>> found = design(plan, 1000, model=model, names_added=[100], replications=20, rng=rng)
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
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    measures = ("coverage", "bias", "length")
    columns = [column for name in measures for column in (name, f"{name}_error")]
    rows.writerow(["design", "total", "list_sizes", "expected_observed", "replications", "not_estimable", *columns])
    for each in designs.designs:
        sizes = "; ".join(f"{name} {size:.0f}" for name, size in each.list_sizes)
        values: list[object] = []
        for measure in (each.score.coverage, each.score.bias, each.score.length):
            values += [None, None] if measure is None else [measure.value, measure.error]
        counted = [each.score.replications, each.score.not_estimable]
        rows.writerow([each.label, designs.total, sizes, each.expected_observed, *counted, *values])
    return written.getvalue()


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
        f"the new list {name!r} has the name of a list there is; give it another"
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
