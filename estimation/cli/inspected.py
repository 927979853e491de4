"""What a table says before any model, printed: everything, or a summary where there are many lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from estimation.cli.observed import say_observed
from estimation.cli.terminal import print_table, say

if TYPE_CHECKING:
    from estimation.capture.inspection import Inspection
    from estimation.capture.pairs import PairSummary

__all__ = ["print_inspection"]


def print_inspection(inspection: Inspection, *, everything: bool) -> None:
    """Print what a table says before any model.

    Parameters
    ----------
    inspection : Inspection
        Of the table.
    everything : bool
        Every list and every pair on a line, however many there are.
    """
    given = [row.name for row in inspection.lists]
    in_short = inspection.is_wide and not everything
    say_observed(inspection.n_observed, given, len(inspection.frequencies))
    if in_short:
        say(f"{inspection.sizes_in_short}\n", given=given)
        _print_strongest(inspection, given)
    elif given:
        _print_sizes(inspection, given)
        _print_pairs("Pairs of lists", inspection.pairs, given)
    seen = ", ".join(f"{count:,} on exactly {k}" for k, count in enumerate(inspection.frequencies, 1) if count)
    say(f"People by number of lists: {seen or 'nobody'}\n")
    for sentence in inspection.sentences:
        say(f"- {sentence}", given=given)
    if in_short:
        say(f"\nThis is a summary of {len(inspection.lists)} lists and {len(inspection.pairs):,} pairs; all: --all")


def _print_sizes(inspection: Inspection, given: Sequence[str]) -> None:
    """A line for each list."""
    sizes = [
        (
            row.name,
            f"{row.size:,}",
            f"{row.singletons:,}",
            "" if row.share_elsewhere is None else f"{row.share_elsewhere:.0%}",
        )
        for row in inspection.lists
    ]
    headings = ("list", "people", "on no other list", "share on other lists")
    print_table("People on each list", headings, sizes, given=given)


def _print_pairs(title: str, pairs: Sequence[PairSummary], given: Sequence[str]) -> None:
    """A line for each pair."""
    rows = [(f"{pair.first}, {pair.second}", f"{pair.both:,}", pair.odds_ratio_text, pair.hint) for pair in pairs]
    headings = ("pair", "people on both", "odds ratio (95 % confidence interval)", "hint")
    if rows:
        print_table(title, headings, rows, words=(0, 3), given=given)


def _print_strongest(inspection: Inspection, given: Sequence[str]) -> None:
    """A short line for each of the pairs that depend most clearly."""
    rows = [
        (
            f"{pair.first}, {pair.second}",
            f"{pair.both:,}",
            pair.odds_ratio_text,
            "positively" if pair.sign > 0 else "negatively",
        )
        for pair in inspection.strongest_pairs
    ]
    headings = ("pair", "on both", "odds ratio (95 %)", "dependent")
    if rows:
        title = "Pairs of lists that depend on each other most clearly"
        print_table(title, headings, rows, words=(0, 3), given=given)
