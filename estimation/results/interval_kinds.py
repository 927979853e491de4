"""What an interval is, and what it is called: its level and its kind in one place for every output."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["IntervalKind", "interval_name"]

IntervalKind: TypeAlias = Literal["credible", "confidence", "one-sided confidence", "range across families"]
"""Of a posterior, of an estimate, of a lower bound, which has one limit, or from the least to the largest end of the
intervals of several families of models."""


def interval_name(level: float, *kinds: IntervalKind) -> str:
    """What an interval at a level is called, or intervals of several kinds.

    Examples
    --------
    >>> interval_name(0.95, "credible")
    '95 % credible interval'
    >>> interval_name(0.95, "range across families", "credible")
    '95 % credible interval or range across families'
    """
    intervals = [kind for kind in sorted(set(kinds)) if kind != "range across families"]
    names = [f"{' or '.join(intervals)} interval"] if intervals else []
    names += ["range across families"] if "range across families" in kinds else []
    return f"{level * 100:g} % {' or '.join(names)}"
