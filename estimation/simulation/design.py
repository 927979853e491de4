r"""Design: how near would estimates be for lists of expected sizes, and what would more collecting gain?

For a suspected total N and expected list sizes n_j, each person is on list j with probability p_j = n_j / N, the lists
independent or dependent as stated, and people alike or different as stated
(`estimation.simulation.heterogeneous_groups`).  Tables are drawn, a model is fitted to each, and its estimates and
intervals are compared with N.  Then the same with one more list, and with more names on the lists.

For two independent lists the width is known without drawing: by Lincoln-Petersen the variance of the estimate is about
:math:`N (1 - p_1)(1 - p_2) / (p_1 p_2)`, which is how this is tested.

It cannot say whether the lists will be independent.  A design is about sampling error, not about a wrong assumption;
study the model with people who differ too, and its coverage in scenarios that break its assumption
(`estimation.simulation.coverage_study`).

Symbols: N suspected total; n_j expected size of list j; p_j its capture probability.

Reference: Seber (1982), The Estimation of Animal Abundance, 2nd ed., section 3.1.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence

from estimation.errors import ScenarioError, SettingError
from estimation.models.protocol import Model
from estimation.simulation.coverage_study import coverage_study
from estimation.simulation.designs import Design, Designs
from estimation.simulation.heterogeneous_groups import heterogeneous_groups
from estimation.simulation.scenario import Dependence, Scenario
from estimation.text.counted import counted
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState

__all__ = ["design"]

_PLANNED = "as planned"


def design(
    list_sizes: Mapping[str, int],
    total: int,
    *,
    model: Model,
    rng: RandomState,
    lists_added: Mapping[str, int] | None = None,
    names_added: Sequence[int] = (),
    dependence: Sequence[Dependence] = (),
    heterogeneity: float = 1.0,
    near: float = 0.1,
    replications: int = 100,
    workers: int = 1,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> Designs:
    """How near a model's estimates would be, how long its interval, and what one more list or more names would gain.

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
    heterogeneity : float
        How many times the odds of capture at the 90th percentile of people are those at the median, on every list;
        1 where people are alike.
    near : float
        The distance from the total, as a share of it, within which estimates are counted for a reader.
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
        For fewer than two lists, a heterogeneity below 1, sizes that are not 1 or more, a list larger than the total,
        a new list with the name of another, names that would make a list larger than the total.  All problems are named
        together.

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
    _check(list_sizes, total, lists_added or {}, names_added, heterogeneity=heterogeneity, near=near)
    plans = _plans(list_sizes, lists_added or {}, names_added)
    scenarios = _scenarios(plans, total, dependence, heterogeneity)
    scores = coverage_study(
        scenarios,
        {model.title: model},
        replications=replications,
        rng=rng,
        workers=workers,
        folder=folder,
        progress=progress,
    )
    points: dict[str, list[float | None]] = {}
    for trial in scores.trials:
        points.setdefault(trial.scenario, []).append(trial.point)
    designs = tuple(
        Design(
            label,
            tuple(sizes.items()),
            scenarios[label].expected_observed,
            scores.of(label, model.title),
            scenarios[label],
            tuple(points[label]),
        )
        for label, sizes in plans.items()
    )
    return Designs(total, model.title, designs, heterogeneity, near)


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
    plans: Mapping[str, Mapping[str, float]], total: int, dependence: Sequence[Dependence], heterogeneity: float
) -> dict[str, Scenario]:
    try:
        return {
            label: Scenario(
                title=label,
                note="A design: lists of expected sizes and a suspected total.",
                lists=tuple(sizes),
                groups=heterogeneous_groups(total, [size / total for size in sizes.values()], heterogeneity),
                dependence=tuple(dependence),
            )
            for label, sizes in plans.items()
        }
    except ScenarioError as error:
        raise SettingError("design", error.problems) from error


def _check(
    list_sizes: Mapping[str, int],
    total: int,
    lists_added: Mapping[str, int],
    names_added: Sequence[int],
    *,
    heterogeneity: float,
    near: float,
) -> None:
    """Raise, with every problem, where the plan cannot be."""
    problems = []
    if not 1 <= heterogeneity < math.inf:
        problems.append(
            f"heterogeneity = {heterogeneity:g}; it is how many times the odds of capture at the 90th percentile of "
            "people are those at the median: 1 where people are alike, and more where they differ, for example 3"
        )
    if not 0 < near < math.inf:
        problems.append(f"near = {near:g}; it is a share of the total, for example 0.1")
    if len(list_sizes) < 2:
        few = "there is 1 list" if list_sizes else "there is no list"
        problems.append(f"{few}; without overlap nothing can be estimated, so give two")
    for name, size in [*list_sizes.items(), *lists_added.items()]:
        if size < 1:
            problems.append(f"the list {name!r} has {counted(size, 'person', 'people')}; expect at least 1")
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
