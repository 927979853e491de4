"""Claims and what they imply, printed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from estimation.cli.terminal import print_table, say

if TYPE_CHECKING:
    from estimation.claims import Claim

__all__ = ["print_claims", "print_implied"]

_MOST_LISTS, _MOST_TOTALS = 10, 6
"""Lists whose pairs are printed, and totals that there is room for beside each other."""


def print_claims(claims: Sequence[Claim]) -> None:
    """Print who says what: the numbers as a table, and below it the words, which are too long for one."""
    given = {text for claim in claims for text in (claim.who, claim.when, claim.words)}
    rows = [(claim.who, claim.when, claim.kind, claim.figure_text) for claim in claims]
    print_table("Claims", ("who", "when", "kind", "figure (persons)"), rows, words=(0, 1, 2), given=given)
    say("In their words:")
    for claim in claims:
        say(f"- {claim.label}: {claim.words}", given=given)
    say("")


def print_implied(claims: Sequence[Claim]) -> None:
    """Print how many people two lists would share, for each total; the largest lists only where there are many."""
    from estimation.claims.implications import implication, spread

    all_totals = sorted({end for c in claims if c.kind == "total" for end in (c.figure, c.to) if end})
    all_lists = [c for c in claims if c.kind == "list" and c.figure]
    lists = sorted(all_lists, key=lambda claim: claim.figure or 0, reverse=True)[:_MOST_LISTS]
    lists.sort(key=all_lists.index)
    totals = spread(all_totals, _MOST_TOTALS)
    rows = []
    for (first, one), (second, other) in combinations(enumerate((claim.figure or 0 for claim in lists), 1), 2):
        shared = (
            f"{implication(one, other, total).overlap:,.0f}" if max(one, other) <= total else "–" for total in totals
        )
        rows.append((f"{first} and {second}", *shared))
    if not totals or not rows:
        return
    given = {text for claim in lists for text in (claim.who, claim.when)}
    say("Lists:")
    for number, claim in enumerate(lists, 1):
        say(f"{number:>2}  {claim.label}: {claim.figure_text}", given=given)
    title = "People on both lists, if the lists were independent and the total true (–: a list is larger)"
    print_table(title, ("two lists", *(f"total {total:,}" for total in totals)), rows)
    if len(lists) < len(all_lists) or len(totals) < len(all_totals):
        say(
            f"These are the {len(lists)} largest of {len(all_lists):,} lists and {len(totals)} of {len(all_totals):,} "
            "totals, from the least to the largest; for others, give a file with those claims alone."
        )
