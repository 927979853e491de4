"""From counts at each event to capture histories: whoever was recorded was asked, or marked, by which events before.

Where recording takes place one event after another (surveys, visits, lists made in turn), often only this is known:
how many of the people recorded at an event had been recorded by exactly which of the events before.  The histories
follow without any assumption.  With M(S) the people recorded by exactly the events S so far, and c(S) those among the
people of the next event j,

    M(S + j) = c(S),     M(S) becomes M(S) - c(S)     for every S, the empty one aside

so that a count c(S) above M(S) is an error in the data: more people are said to have been recorded before than there
are.  Such counts are named.

Counts can also be of the people recorded by *at least* the events S: then the exact ones follow by inclusion and
exclusion, c(S) = sum over T that contain S of (-1)^(|T| - |S|) a(T).

How many had been recorded by *any* earlier event is enough for two events alone: from the third on, several tables of
histories have the same such counts.

Symbols: J events in their order; S, T sets of earlier events; n_j people recorded at event j.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from estimation.capture.problems import name_problems
from estimation.capture.sheets.sheet import first_of
from estimation.capture.table import CaptureTable
from estimation.errors import TableError
from estimation.text.counted import counted

__all__ = ["MOST_EVENTS", "Event", "convert_events", "earlier_combinations"]

MOST_EVENTS = 10
"""The last of ten events has 512 counts."""

_WHERE = "events"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of recording people.

    Parameters
    ----------
    name : str
        Name of the event, which becomes a list.
    recorded : int
        n_j, all people recorded at it.  Unit: persons.
    before : mapping of tuple of str to int
        Of them, the people recorded before, by the names of those earlier events; a combination that is not there has
        nobody.  Unit: persons.

    Examples
    --------
    >>> Event("press", 53, {("police",): 13}).new
    40
    """

    name: str
    recorded: int
    before: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """People recorded for the first time, where ``before`` has exact combinations.  Unit: persons."""
        return self.recorded - sum(self.before.values())


def earlier_combinations(names: Sequence[str]) -> list[tuple[str, ...]]:
    """All combinations of earlier events that somebody can have been recorded by, the fewest first.

    Examples
    --------
    >>> earlier_combinations(["police", "press"])
    [('police',), ('press',), ('police', 'press')]
    """
    return [each for size in range(1, len(names) + 1) for each in combinations(names, size)]


def convert_events(events: Sequence[Event], *, counted: Literal["exactly", "at least"] = "exactly") -> CaptureTable:
    """The table of capture histories that counts at each event make, with the events as lists.

    Parameters
    ----------
    events : sequence of Event
        2 to 10 events in their order.
    counted : {"exactly", "at least"}
        Whether the people of a combination were recorded by exactly these earlier events, or by these and perhaps
        others; in the second case every combination must be given.

    Returns
    -------
    CaptureTable

    Raises
    ------
    TableError
        For fewer than 2 or more than 10 events, names that repeat, an event named that does not come before, negative
        counts, and counts that would leave fewer than 0 people with a history.  All problems are named together.

    Examples
    --------
    >>> events = [
    ...     Event("police", 120),
    ...     Event("press", 53, {("police",): 13}),
    ...     Event("ngo", 40, {("police",): 9, ("press",): 4, ("police", "press"): 3}),
    ... ]
    >>> table = convert_events(events)
    >>> print(table)
    184 people on 3 lists (police 120, press 53, ngo 40), 7 distinct histories
    >>> table.count("police", "press"), table.count("police")
    (10, 98)
    """
    problems = _event_problems(events)
    if problems:
        raise TableError(_WHERE, problems)
    exact = [_exactly(event, names, counted) for event, names in _with_earlier(events)]
    problems = [problem for _, found in exact for problem in found]
    known: dict[tuple[str, ...], int] = {}
    for event, (before, _) in zip(events, exact, strict=True):
        problems += _taken(known, event, before)
    if problems:
        raise TableError(_WHERE, first_of(problems, "such counts"))
    names = [event.name for event in events]
    histories = [[name in seen for name in names] for seen in known]
    return CaptureTable(names, histories or [[True] * len(names)], list(known.values()) or [0])


def _with_earlier(events: Sequence[Event]) -> list[tuple[Event, list[str]]]:
    return [(event, [earlier.name for earlier in events[:at]]) for at, event in enumerate(events)]


def _event_problems(events: Sequence[Event]) -> list[str]:
    """What is wrong with the events before anything is counted."""
    problems = []
    if not 2 <= len(events) <= MOST_EVENTS:
        problems.append(f"{counted(len(events), 'event')} will not do; give 2 to {MOST_EVENTS}, in their order")
    problems += name_problems([event.name for event in events])
    for event, earlier in _with_earlier(events):
        if event.recorded < 0:
            problems.append(f"{event.name}: {event.recorded} people were recorded; it cannot be fewer than 0")
        for names, people in event.before.items():
            unknown = [name for name in names if name not in earlier]
            if unknown or not names or len(set(names)) < len(names):
                there = f"before it come {', '.join(earlier)}" if earlier else "nothing comes before the first event"
                problems.append(f"{event.name}: {_words(names)} is no combination of earlier events; {there}")
            if people < 0:
                problems.append(f"{event.name}: {people} people by {_words(names)}; it cannot be fewer than 0")
    return problems


def _words(names: Sequence[str]) -> str:
    return " + ".join(names) or "no event"


def _exactly(
    event: Event, earlier: Sequence[str], counted: Literal["exactly", "at least"]
) -> tuple[dict[frozenset[str], int], list[str]]:
    """The people of an event by exactly which earlier events recorded them, and what is wrong with the counts."""
    given = {frozenset(names): people for names, people in event.before.items()}
    every = [frozenset(names) for names in earlier_combinations(earlier)]
    if counted == "exactly":
        return {names: given.get(names, 0) for names in every}, []
    missing = [names for names in earlier_combinations(earlier) if frozenset(names) not in given]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        return {}, [
            f"{event.name}: the people by at least {_words(missing[0])}{more} are missing; where combinations count at "
            "least these events, give every combination"
        ]
    exact = {
        names: sum((-1) ** (len(more) - len(names)) * given[more] for more in every if names <= more) for names in every
    }
    return exact, [
        f"{event.name}: the counts leave {people} people recorded before by exactly "
        f"{_words(_ordered(names, earlier))}; a combination cannot have more people than a part of it"
        for names, people in exact.items()
        if people < 0
    ]


def _ordered(names: frozenset[str], order: Sequence[str]) -> list[str]:
    return [name for name in order if name in names]


def _taken(known: dict[tuple[str, ...], int], event: Event, before: Mapping[frozenset[str], int]) -> list[str]:
    """Move the people of an event to their longer histories; what is wrong with the counts."""
    problems = []
    new = event.recorded - sum(before.values())
    if new < 0:
        problems.append(
            f"{event.name}: {counted(event.recorded, 'person was', 'people were')} recorded, and "
            f"{sum(before.values()):,} of them are said to "
            "have been recorded before"
        )
    left = {frozenset(names): (names, people) for names, people in known.items()}
    for combination, people in before.items():
        names, there = left.get(combination, (tuple(sorted(combination)), 0))
        if people > there:
            problems.append(
                f"{event.name}: {counted(people, 'person is', 'people are')} said to have been recorded before by "
                f"{_words(names)} and by no "
                f"other event, and only {there:,} were; {there - people:,} would be left"
            )
        elif people:
            known[names] = there - people
            known[(*names, event.name)] = people
    known[(event.name,)] = max(new, 0)
    return problems
