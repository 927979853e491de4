"""A scenario file (TOML) becomes a scenario.

::

    title = "..."                     for a reader
    note = "..."                      what the scenario asks of a model
    lists = ["A", "B", "C"]
    by = ["place", "month"]           what strata are made by; optional

    [[group]]                         people with the same capture probabilities; at least one
    name = "all"
    people = 2000                     omitted where there are strata, which have these numbers
    capture = { A = 0.3, B = 0.2, C = 0 }

    [[dependence]]                    optional
    lists = ["A", "B"]
    odds_ratio = 3

    [[stratum]]                       optional
    labels = ["north", "1"]
    people = { all = 300 }
    odds = { C = 0.5 }                odds of being on a list as a multiple of the group's; optional

::

    [[unrecorded]]                    a label that lists do not record of all their people; optional
    label = "month"
    shares = { C = 0.9 }              share of a list's records that lack it; 0 for lists that are not named
    only = ["1"]                      values of people of whom it may be lacking; optional, all by default

::

    [names]                           who is on the lists by name, and how each writes it down; optional
    first_month = "1373/04"           Solar Hijri month of the first of `months`
    place = "place"                   which labels are the place and the month of the event
    month = "month"
    months = ["1", "2", "3"]
    women = 0.3                       share of women
    families = 0.15                   share of brothers and sisters of others
    ages = [18, 60]

    [names.places.north]              how a place is written
    persian = "شمال"
    latin = ["north", "the north"]

    [[names.list]]                    a list that is written by name; see `name_writing.WrittenList` for its keys
    list = "A"
    script = "persian"                or latin
    calendar = "solar"                or gregorian
    columns = ["number", "given", "father", "family", "age", "place", "date"]
    typo = 0.05
    missing = { father = 0.3 }

``missed_match`` and ``false_match`` beside the title are shares of linkage errors in the table; optional.

Any other key is an error that names the nearest key there is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from estimation.capture.datasets import data_folder
from estimation.errors import ScenarioError
from estimation.simulation.invented_names import Spelt
from estimation.simulation.name_writing import NameWriting, WrittenList
from estimation.simulation.scenario import Dependence, Group, Scenario, Stratum, Unrecorded
from estimation.toml_file import Name, Text, nearest, read_toml

__all__ = ["READY", "load_scenario", "read_scenario", "scenario_names", "scenario_path"]

READY = ("independent", "dependent_pair", "two_hidden_classes", "partial_coverage", "zero_capture_group")
"""The scenarios of the coverage page, from the one that every model should pass to the one that no model can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _GroupPart:
    name: Name
    people: Annotated[int, Field(ge=0)] | None = None
    capture: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DependencePart:
    lists: Annotated[tuple[Name, ...], Field(min_length=2, max_length=2)]
    odds_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _StratumPart:
    labels: tuple[Name, ...]
    people: dict[str, int]
    odds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnrecordedPart:
    label: Name
    shares: dict[str, float]
    only: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _PlacePart:
    persian: Name
    latin: Annotated[tuple[Name, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _NamesPart:
    first_month: Name
    place: Name
    month: Name
    months: tuple[Name, ...]
    places: dict[str, _PlacePart]
    women: float = 0.3
    families: float = 0.15
    ages: tuple[int, int] = (18, 60)
    written: Annotated[tuple[WrittenList, ...], Field(alias="list")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScenarioPart:
    title: Name
    note: Text
    lists: tuple[Name, ...]
    by: tuple[Name, ...] = ()
    group: Annotated[tuple[_GroupPart, ...], Field(min_length=1)]
    dependence: tuple[_DependencePart, ...] = ()
    stratum: tuple[_StratumPart, ...] = ()
    unrecorded: tuple[_UnrecordedPart, ...] = ()
    missed_match: float = 0.0
    false_match: float = 0.0
    names: _NamesPart | None = None


def read_scenario(path: str | os.PathLike[str]) -> Scenario:
    """A scenario from its file, with every problem in it named.

    Parameters
    ----------
    path : path
        The scenario file.

    Raises
    ------
    ScenarioError
        For bad TOML (with its line), a key that is missing or unknown (with the nearest known one), a value of the
        wrong type, a list or group that is not declared, and all that `Scenario` refuses.
    """
    part = read_toml(path, _ScenarioPart, error=ScenarioError)
    problems = _misnamed(part)
    if problems:
        raise ScenarioError(str(path), problems)
    strata = tuple(_stratum(stratum, part) for stratum in part.stratum)
    people = [
        group.people if group.people is not None else sum(stratum.people[g] for stratum in strata)
        for g, group in enumerate(part.group)
    ]
    try:
        return Scenario(
            title=part.title,
            note=part.note,
            lists=part.lists,
            groups=tuple(
                Group(group.name, n, tuple(group.capture[name] for name in part.lists))
                for group, n in zip(part.group, people, strict=True)
            ),
            dependence=tuple(Dependence((d.lists[0], d.lists[1]), d.odds_ratio) for d in part.dependence),
            by=part.by,
            strata=strata,
            unrecorded=tuple(
                Unrecorded(each.label, tuple(each.shares.get(name, 0.0) for name in part.lists), each.only)
                for each in part.unrecorded
            ),
            missed_match=part.missed_match,
            false_match=part.false_match,
            names=None if part.names is None else _writing(part.names),
        )
    except ScenarioError as error:
        raise ScenarioError(str(path), error.problems) from error


def scenario_names() -> tuple[str, ...]:
    """Names of the scenarios that come with the package, in alphabetical order.

    Examples
    --------
    >>> "zero_capture_group" in scenario_names()
    True
    """
    return tuple(sorted(_paths()))


def scenario_path(name: str) -> Path:
    """Where the file of a scenario that comes with the package is.

    Parameters
    ----------
    name : str
        One of `scenario_names`.

    Raises
    ------
    ScenarioError
        When there is no scenario of that name; the message names the nearest one.
    """
    paths = _paths()
    if name not in paths:
        raise ScenarioError("packaged scenarios", [f"there is no scenario {name!r}; {nearest(name, sorted(paths))}"])
    return paths[name]


def load_scenario(name: str) -> Scenario:
    """A scenario that comes with the package, by its name.

    Parameters
    ----------
    name : str
        One of `scenario_names`.

    Raises
    ------
    ScenarioError
        When there is no scenario of that name; the message names the nearest one.

    Examples
    --------
    >>> load_scenario("independent").n_total
    2500
    """
    return read_scenario(scenario_path(name))


def _paths() -> dict[str, Path]:
    """Files of the packaged scenarios by name: those of the coverage page, and those of packaged synthetic tables."""
    folder = data_folder()
    scored = {path.stem: path for path in (folder / "synthetic_scenarios").glob("*.toml")}
    return scored | {path.parent.name: path for path in folder.glob("synthetic_*/scenario.toml")}


def _stratum(stratum: _StratumPart, part: _ScenarioPart) -> Stratum:
    return Stratum(
        stratum.labels,
        tuple(stratum.people[group.name] for group in part.group),
        tuple(stratum.odds.get(name, 1.0) for name in part.lists),
    )


def _writing(part: _NamesPart) -> NameWriting:
    return NameWriting(
        first_month=part.first_month,
        place=part.place,
        month=part.month,
        months=part.months,
        places={label: Spelt(each.persian, each.latin) for label, each in part.places.items()},
        women=part.women,
        families=part.families,
        ages=part.ages,
        lists=part.written,
    )


def _misnamed(part: _ScenarioPart) -> list[str]:
    """Lists and groups that are named and not declared, or declared and not named."""
    groups = [group.name for group in part.group]
    problems = []
    for g, group in enumerate(part.group, 1):
        problems += _unmatched(f"[group {g}], capture", group.capture, part.lists, "list")
        if part.stratum and group.people is not None:
            problems.append(f"[group {g}], key 'people': the strata give the number of people; remove it here")
        if not part.stratum and group.people is None:
            problems.append(f"[group {g}], key 'people' is missing; add it")
    for s, stratum in enumerate(part.stratum, 1):
        problems += _unmatched(f"[stratum {s}], people", stratum.people, groups, "group")
        problems += _unmatched(f"[stratum {s}], odds", stratum.odds, part.lists, "list", every=False)
    for u, each in enumerate(part.unrecorded, 1):
        problems += _unmatched(f"[unrecorded {u}], shares", each.shares, part.lists, "list", every=False)
    return problems


def _unmatched(
    where: str, given: Mapping[str, object], known: Sequence[str], kind: str, *, every: bool = True
) -> list[str]:
    problems = [f"{where}: there is no {kind} {name!r}; {nearest(name, known)}" for name in given if name not in known]
    if every:
        problems += [f"{where}: the {kind} {name!r} is missing; add it" for name in known if name not in given]
    return problems
