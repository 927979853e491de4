r"""Scenario: an invented population and its lists, with everything about them known.

Model
-----
A scenario has groups of people.  A person of group g is on list j with probability :math:`p_{gj}`, independently of
other people.  Within a group the capture history :math:`\omega` has

.. math:: \log \pi_g(\omega) = a_g + \sum_j b_{gj} \omega_j + \sum_{i<j} \log \theta_{ij} \, \omega_i \omega_j,

with the :math:`b_{gj}` such that the share :math:`p_{gj}` of the group is on list j.  So an odds ratio :math:`\theta`
between two lists changes their overlap and not their sizes, and there is no interaction of three lists within a group.
The :math:`\pi_g` are found by iterative proportional fitting, which keeps the odds ratios.

The table is the sum over the groups, so that an analyst does not see them:

- groups that differ in :math:`p` are latent classes, and make lists dependent that are independent within each;
- a list with p = 0 in a group does not cover that group;
- a group with p = 0 on every list has zero capture probability, and no table shows that it exists.

Linkage errors are made after the table is drawn.  Missed matches: of people on several lists, a share has one record,
any with equal probability, that stands as a person of its own.  False matches: of the people on one list only, a share
is taken for another person of the table, any with equal probability who is not on that list.

A list may not record a label of some of its people: each of its records lacks it with a probability of its own.  The
label of a person is missing where every record of that person lacks it, so that labels are missing at random given the
capture history; or not at random, where only people with some values of the label lack it.

In a stratum the odds of being on list j may be another multiple of the group's odds; 0 where the list does not cover
the stratum.

Symbols: J lists; omega in {0, 1}^J; p_gj capture probability; theta_ij odds ratio; N people, of whom n are observed.

Reference: Deming, Stephan (1940), Annals of Mathematical Statistics 11:427-444 (iterative proportional fitting).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import isfinite

import numpy as np

from estimation.capture.problems import MAX_PERSONS, name_problems
from estimation.capture.table import FloatArray
from estimation.errors import ScenarioError
from estimation.simulation.name_writing import NameWriting, writing_problems
from estimation.toml_file import nearest

__all__ = ["MAX_LISTS", "Dependence", "Group", "Scenario", "Stratum", "Unrecorded", "history_probabilities"]

MAX_LISTS = 12
"""All 2^J histories of a group are computed."""

_MARGIN_ERROR = 1e-13
_ROUNDS = 10_000
_WORST_MARGIN_ERROR = 1e-6
_LARGEST_ODDS_RATIO = 1e6


@dataclass(frozen=True, slots=True)
class Group:
    """People with the same capture probabilities.

    Parameters
    ----------
    name : str
        Name of the group.
    people : int
        Number of people, observed or not.  Unit: persons.
    capture : tuple of float, length J
        Probability of being on each list.
    """

    name: str
    people: int
    capture: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Dependence:
    """Two lists that are dependent within each group.

    Parameters
    ----------
    lists : (str, str)
        The two lists.
    odds_ratio : float
        Above 1 for positively dependent lists; 1 is independence.
    """

    lists: tuple[str, str]
    odds_ratio: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the people that a table can be made of by itself, for example one place in one month.

    Parameters
    ----------
    labels : tuple of str
        Its labels, one for each of the scenario's ``by``.
    people : tuple of int
        People of each group in it, in the order of the groups.  Unit: persons.
    odds : tuple of float, length J
        The odds of being on each list, as a multiple of the group's; 0 where a list does not cover the stratum.
    """

    labels: tuple[str, ...]
    people: tuple[int, ...]
    odds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A label that lists do not record of some of their people.

    Parameters
    ----------
    label : str
        One of the scenario's ``by``.
    shares : tuple of float, length J
        Share of each list's records that lack it.
    only : tuple of str
        The values of people of whom it may be lacking; empty for all.  With some, labels are not missing at random.
    """

    label: str
    shares: tuple[float, ...]
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """An invented population and its lists, with everything about them known.

    Parameters
    ----------
    title : str
        For a reader.
    note : str
        What the scenario asks of a model, in a sentence or two.
    lists : tuple of str, length J
        Names of the lists.
    groups : tuple of Group
        All the people.
    dependence : tuple of Dependence
        Pairs of lists that are dependent within the groups.
    by : tuple of str
        What strata are made by, for example ``("prison", "month")``.
    strata : tuple of Stratum
        The same people by stratum; may be empty.
    unrecorded : tuple of Unrecorded
        Labels that lists do not record of everybody.
    missed_match, false_match : float
        Shares of linkage errors in the table, from 0 to 1; the truth and the strata are without them.
    names : NameWriting, optional
        How the people of the strata are called, and how lists write them down.

    Raises
    ------
    ScenarioError
        For names that repeat, numbers that cannot be, strata that do not add to the groups.  All problems together.

    Examples
    --------
    >>> twins = Scenario("Two lists", "Independence holds.", ("A", "B"), (Group("all", 100, (0.5, 0.4)),))
    >>> twins.n_total, twins.expected_list_sizes
    (100, (50.0, 40.0))
    """

    title: str
    note: str
    lists: tuple[str, ...]
    groups: tuple[Group, ...]
    dependence: tuple[Dependence, ...] = ()
    by: tuple[str, ...] = ()
    strata: tuple[Stratum, ...] = ()
    unrecorded: tuple[Unrecorded, ...] = ()
    missed_match: float = 0.0
    false_match: float = 0.0
    names: NameWriting | None = None

    def __post_init__(self) -> None:
        problems = [
            *_linkage_problems(self),
            *_list_problems(self),
            *_group_problems(self),
            *_dependence_problems(self),
            *_stratum_problems(self),
            *_unrecorded_problems(self),
        ]
        if self.names and not problems:
            strata = [stratum.labels for stratum in self.strata]
            problems += writing_problems(self.names, self.lists, self.by, strata)
        if problems:
            raise ScenarioError(f"scenario {self.title!r}", problems)

    @property
    def n_total(self) -> int:
        """N, all the people, observed or not.  Unit: persons."""
        return sum(group.people for group in self.groups)

    @property
    def parts(self) -> tuple[Stratum, ...]:
        """The strata; for a scenario without them, all the people as one stratum without labels."""
        if self.strata:
            return self.strata
        return (Stratum((), tuple(group.people for group in self.groups), (1.0,) * len(self.lists)),)

    @property
    def expected_list_sizes(self) -> tuple[float, ...]:
        """Expected number of people on each list.  Unit: persons."""
        sizes = np.zeros(len(self.lists))
        for part in self.parts:
            for group, people in zip(self.groups, part.people, strict=True):
                sizes += people * np.array(_shifted(group.capture, part.odds))
        return tuple(sizes.tolist())

    @property
    def expected_observed(self) -> float:
        """Expected number of people on at least one list.  Unit: persons."""
        return float(
            sum(
                people * (1 - self.probabilities(group, part)[0])
                for part in self.parts
                for group, people in zip(self.groups, part.people, strict=True)
            )
        )

    def probabilities(self, group: Group, part: Stratum) -> FloatArray:
        """Probability of each capture history in a group and stratum, shape (2^J,), as `CaptureTable.cells` orders.

        Parameters
        ----------
        group : Group
            The group of people.
        part : Stratum
            The stratum.
        """
        at = {name: j for j, name in enumerate(self.lists)}
        pairs = tuple((at[d.lists[0]], at[d.lists[1]], d.odds_ratio) for d in self.dependence)
        return _remembered(_shifted(group.capture, part.odds), pairs).copy()


def history_probabilities(capture: Sequence[float], pairs: Iterable[tuple[int, int, float]]) -> FloatArray:
    """Probability of each capture history for people with the same capture probabilities.

    Parameters
    ----------
    capture : sequence of float, length J
        Probability of being on each list.
    pairs : iterable of (int, int, float)
        Two lists by their place, and the odds ratio between them given the other lists.

    Returns
    -------
    float array, shape (2^J,)
        Entry ``h`` is the history whose bit j is 1 where the person is on list j; entry 0 is on no list.

    References
    ----------
    Deming, Stephan (1940), Annals of Mathematical Statistics 11:427-444.

    Examples
    --------
    >>> history_probabilities([0.5, 0.4], [(0, 1, 1.0)]).round(3).tolist()
    [0.3, 0.3, 0.2, 0.2]
    """
    wanted = np.array(capture, dtype=float)
    on = (np.arange(1 << wanted.size)[:, None] >> np.arange(wanted.size)) & 1
    log_weights = np.zeros(on.shape[0])
    for i, j, odds_ratio in pairs:
        log_weights += np.log(odds_ratio) * on[:, i] * on[:, j]
    weights = np.exp(log_weights - log_weights.max())
    # A list with nobody, or everybody, is set before the others are fitted.
    weights[(on[:, wanted == 0] == 1).any(axis=1) | (on[:, wanted == 1] == 0).any(axis=1)] = 0.0
    weights /= weights.sum()
    free = np.flatnonzero((wanted > 0) & (wanted < 1))
    for _ in range(_ROUNDS):
        if free.size == 0 or np.abs(weights @ on[:, free] - wanted[free]).max() < _MARGIN_ERROR:
            break
        for j in free.tolist():
            share = np.float64(weights @ on[:, j])
            with np.errstate(divide="ignore", invalid="ignore"):  # what comes of it is refused below
                weights *= np.where(on[:, j] == 1, wanted[j] / share, (1 - wanted[j]) / (1 - share))
    probabilities = np.asarray(weights / weights.sum(), dtype=np.float64)
    if not np.abs(probabilities @ on - wanted).max() < _WORST_MARGIN_ERROR:
        problem = "no probabilities of histories have these capture probabilities and odds ratios; choose odds ratios"
        raise ScenarioError("capture probabilities", [f"{problem} nearer to 1"])
    return probabilities


_remembered = lru_cache(maxsize=32)(history_probabilities)  # a study draws hundreds of tables from each scenario


def _shifted(capture: Sequence[float], odds: Sequence[float]) -> tuple[float, ...]:
    """Capture probabilities whose odds are the multiples ``odds`` of the ones given."""
    return tuple(
        p if o == 1 else (o * p / (1 - p + o * p) if o > 0 else 0.0) for p, o in zip(capture, odds, strict=True)
    )


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _list_problems(scenario: Scenario) -> list[str]:
    problems = name_problems(scenario.lists)
    if len(scenario.lists) > MAX_LISTS:
        problems.append(f"there are {len(scenario.lists)} lists; the most a scenario takes is {MAX_LISTS}")
    return problems


def _linkage_problems(scenario: Scenario) -> list[str]:
    shares = {"missed_match": scenario.missed_match, "false_match": scenario.false_match}
    return [f"{name} = {share}; it must lie between 0 and 1" for name, share in shares.items() if not 0 <= share <= 1]


def _group_problems(scenario: Scenario) -> list[str]:
    problems = [f"the group {name!r} is there twice" for name in _repeated(g.name for g in scenario.groups)]
    if not scenario.groups:
        problems.append("there is no group; a scenario needs people")
    for group in scenario.groups:
        if group.people < 0:
            problems.append(f"group {group.name!r} has {group.people} people; it cannot be fewer than 0")
        if len(group.capture) != len(scenario.lists):
            given = f"{len(group.capture)} capture probabilities for {len(scenario.lists)} lists"
            problems.append(f"group {group.name!r} has {given}; give one a list")
        for name, p in zip(scenario.lists, group.capture, strict=False):
            if not 0 <= p <= 1:
                problems.append(f"group {group.name!r}: capture by {name!r} is {p}; it must lie between 0 and 1")
    if sum(max(group.people, 0) for group in scenario.groups) > MAX_PERSONS:
        problems.append(f"the groups have more than {MAX_PERSONS:,} people together; no such number ever lived")
    return problems


def _dependence_problems(scenario: Scenario) -> list[str]:
    problems = []
    pairs = [" and ".join(sorted(d.lists)) for d in scenario.dependence]
    problems += [f"the dependence between {pair} is there twice" for pair in _repeated(pairs)]
    for dependence in scenario.dependence:
        pair = " and ".join(dependence.lists)
        for name in dependence.lists:
            if name not in scenario.lists:
                problems.append(f"dependence between {pair}: no list {name!r}; {nearest(name, scenario.lists)}")
        if dependence.lists[0] == dependence.lists[1]:
            problems.append(f"dependence between {pair}: a list cannot depend on itself; name two")
        if not 1 / _LARGEST_ODDS_RATIO <= dependence.odds_ratio <= _LARGEST_ODDS_RATIO:
            problems.append(
                f"dependence between {pair}: the odds ratio is {dependence.odds_ratio:g}; it must lie between "
                f"{1 / _LARGEST_ODDS_RATIO:g} and {_LARGEST_ODDS_RATIO:g} (1 for independent lists)"
            )
    return problems


def _stratum_problems(scenario: Scenario) -> list[str]:
    problems = [f"strata are made by {name!r} twice" for name in _repeated(scenario.by)]
    if bool(scenario.by) != bool(scenario.strata):
        problems.append("strata need both what they are made by and at least one stratum")
    for stratum in scenario.strata:
        where = f"stratum {', '.join(stratum.labels)}"
        expected = ((stratum.labels, scenario.by, "labels"), (stratum.people, scenario.groups, "numbers of people"))
        for given, needed, what in (*expected, (stratum.odds, scenario.lists, "odds")):
            if len(given) != len(needed):
                problems.append(f"{where} has {len(given)} {what}; it must have {len(needed)}")
        if any(people < 0 for people in stratum.people):
            problems.append(f"{where}: a number of people is negative; it cannot be fewer than 0")
        if not all(odds >= 0 and isfinite(odds) for odds in stratum.odds):
            problems.append(f"{where}: odds are {stratum.odds}; each must be a number of 0 or more")
    labels = sorted(stratum.labels for stratum in scenario.strata)
    problems += [f"stratum {', '.join(a)} is there twice" for a, b in pairwise(labels) if a == b]
    if scenario.strata and not problems:
        for g, group in enumerate(scenario.groups):
            added = sum(stratum.people[g] for stratum in scenario.strata)
            if added != group.people:
                problems.append(f"group {group.name!r} has {group.people} people and {added} in its strata")
    return problems


def _unrecorded_problems(scenario: Scenario) -> list[str]:
    problems = [
        f"what is unrecorded of {name!r} is there twice" for name in _repeated(u.label for u in scenario.unrecorded)
    ]
    for each in scenario.unrecorded:
        where = f"unrecorded {each.label!r}"
        if each.label not in scenario.by:
            problems.append(f"{where}: there is no such label; {nearest(each.label, scenario.by)}")
            continue
        if len(each.shares) != len(scenario.lists):
            problems.append(f"{where} has {len(each.shares)} shares; it must have {len(scenario.lists)}")
        problems += [f"{where}: a share is {p}; it must lie between 0 and 1" for p in each.shares if not 0 <= p <= 1]
        values = dict.fromkeys(stratum.labels[scenario.by.index(each.label)] for stratum in scenario.strata)
        problems += [f"{where}: no stratum has {v!r}; {nearest(v, list(values))}" for v in each.only if v not in values]
    return problems
