"""What an inspection finds, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from estimation.capture.groups import about_groups
from estimation.capture.pairs import PairSummary
from estimation.text.counted import counted

__all__ = ["NamePairs", "about_captures", "about_lists", "about_pairs", "about_people"]

NamePairs: TypeAlias = tuple[tuple[str, str], ...]
"""Pairs of lists by their names."""

_NAMED = 8  # lists or pairs named in one sentence
_NAMED_ALONE = 3  # pairs of identical lists with a sentence each


def about_people(n_observed: int, frequencies: tuple[int, ...]) -> list[str]:
    """How many people are observed, and on how many lists."""
    n_lists = len(frequencies)
    if not n_observed:
        return ["Nobody is on any list; there is nothing to estimate from."]
    if n_lists == 1:
        return [
            f"{counted(n_observed, 'person is', 'people are')} on the only list; one list says nothing about those "
            "who are not on it."
        ]
    alone = frequencies[0]
    sentences = [
        f"{counted(n_observed, 'person is', 'people are')} on at least one of {n_lists} lists; {alone:,} of them "
        f"({100 * alone / n_observed:.0f} %) are on one list only."
    ]
    highest = max(k for k, people in enumerate(frequencies, 1) if people)
    if highest == 1:
        sentences.append("Nobody is on two lists: without any overlap the number of unobserved people has no estimate.")
    elif highest == 2 < n_lists:
        sentences.append(
            "Nobody is on three lists or more, so the table says little about list dependence and about heterogeneity "
            "of the capture probabilities."
        )
    return sentences


def about_captures(n_observed: int, frequencies: tuple[int, ...]) -> str:
    """How many people were captured how often, where nothing says by which lists."""
    if not n_observed:
        return "Nobody was captured; there is nothing to estimate from."
    once = frequencies[0]
    return (
        f"{counted(n_observed, 'person was', 'people were')} captured, {once:,} of them "
        f"({100 * once / n_observed:.0f} %) once; by which lists "
        "is not known, so that nothing can be seen of list dependence."
    )


def about_lists(
    empty: tuple[str, ...], identical: NamePairs, contained: NamePairs, components: tuple[tuple[str, ...], ...]
) -> list[str]:
    """What keeps single lists from being used: nobody on them, the people of another list, no link to the others."""
    sentences = []
    if empty:
        sentences.append(
            f"Nobody is on {_listed(empty)}; drop {'it' if len(empty) == 1 else 'them'} before estimating."
        )
    if len(identical) <= _NAMED_ALONE:
        sentences += [
            f"{a} and {b} name exactly the same people: one list given twice is not two sources." for a, b in identical
        ]
    else:
        named = _listed(f"{a} and {b}" for a, b in identical)
        sentences.append(
            f"{len(identical)} pairs of lists name exactly the same people each ({named}): one list given twice is not "
            "two sources."
        )
    if contained:
        named = _listed(f"{inner} within {outer}" for inner, outer in contained)
        sentences.append(
            f"A list within another adds nobody and may have been copied from it ({named}); ask how it was made."
        )
    return [*sentences, *about_groups(components)]


def about_pairs(n_lists: int, pairs: tuple[PairSummary, ...], empty: tuple[PairSummary, ...]) -> list[str]:
    """Which pairs of lists share nobody, and which are dependent."""
    sentences = []
    if empty:
        verb = "shares" if len(empty) == 1 else "share"
        sentences.append(
            f"{len(empty)} of {len(pairs)} pairs of lists {verb} nobody ({_listed(map(str, empty))}); a model with a "
            "term for such a pair may have no finite estimate."
        )
    if n_lists == 2:
        sentences.append("Two lists alone cannot show whether they depend on each other: that has to be argued.")
    tested = [pair for pair in pairs if pair.odds_ratio is not None]
    positive = [str(pair) for pair in tested if pair.sign > 0]
    negative = [str(pair) for pair in tested if pair.sign < 0]
    if positive:
        sentences.append(
            f"Positively dependent (odds ratio above 1, among people on another list): {_listed(positive)}. A total "
            "from such a pair alone would be too low."
        )
    if negative:
        sentences.append(
            f"Negatively dependent (odds ratio below 1, among people on another list): {_listed(negative)}. A total "
            "from such a pair alone would be too high."
        )
    if tested and not (positive or negative):
        sentences.append("No pair of lists shows a clear sign of dependence; a small table cannot show much.")
    elif tested:
        sentences.append(
            f"{counted(len(tested), 'pair was', 'pairs were')} tested, each with a 95 % interval: even among "
            "independent lists about 1 in 20 "
            "shows a sign by chance."
        )
    return sentences


def _listed(names: Iterable[str], between: str = ", ") -> str:
    """Names as they are read, the first of them only where there are many."""
    named = list(names)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return between.join(named[:_NAMED]) + more
