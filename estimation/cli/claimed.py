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
    """Print who says what."""
    rows = [(claim.who, claim.when, claim.kind, claim.figure_text, claim.words) for claim in claims]
    given = {text for claim in claims for text in (claim.who, claim.when, claim.words)}
    print_table(
        "Claims", ("who", "when", "kind", "figure (persons)", "in words"), rows, words=(0, 1, 2, 4), given=given
    )


def print_implied(claims: Sequence[Claim]) -> None:
    """Print how many people two lists would share, for each total; the largest lists only where there are many."""
    from estimation.claims.implications import implication, spread

    all_totals = sorted({end for c in claims if c.kind == "total" for end in (c.figure, c.to) if end})
    all_lists = [c for c in claims if c.kind == "list" and c.figure]
    lists = sorted(all_lists, key=lambda claim: claim.figure or 0, reverse=True)[:_MOST_LISTS]
    lists.sort(key=all_lists.index)
    totals = spread(all_totals, _MOST_TOTALS)
    rows = []
    for one, other in combinations(lists, 2):
        first, second = one.figure or 0, other.figure or 0
        shared = (
            f"{implication(first, second, total).overlap:,.0f}" if max(first, second) <= total else "list is larger"
            for total in totals
        )
        rows.append((f"{one.label} ({one.figure_text}) and {other.label} ({other.figure_text})", *shared))
    if not totals or not rows:
        return
    title = "People on both lists, if the lists were independent and the total true"
    given = {text for claim in lists for text in (claim.who, claim.when)}
    print_table(title, ("two lists", *(f"total {total:,}" for total in totals)), rows, given=given)
    if len(lists) < len(all_lists) or len(totals) < len(all_totals):
        say(
            f"These are the {len(lists)} largest of {len(all_lists):,} lists and {len(totals)} of {len(all_totals):,} "
            "totals, from the least to the largest; for others, give a file with those claims alone."
        )
