"""The first line about a table: how many people were observed, and on which lists."""

from __future__ import annotations

from collections.abc import Sequence

from estimation.cli.terminal import say

__all__ = ["say_observed"]


def say_observed(n_observed: int, lists: Sequence[str], most_captures: int) -> None:
    """Print how many people were observed, and on which lists: what was taken for a list is the first thing to check.

    Parameters
    ----------
    n_observed : int
        People on at least one list.
    lists : sequence of str
        Their names; none where it is known only how often people were captured.
    most_captures : int
        The most lists that somebody is on.
    """
    people = f"{n_observed:,} {'person' if n_observed == 1 else 'people'} observed"
    if lists:
        say(f"{people} on {len(lists)} list{'s' * (len(lists) != 1)}: {', '.join(lists)}\n", given=lists)
    else:
        say(f"{people}, by their number of captures (1 to {most_captures}); by which lists is not known\n")
