"""Words as sets."""

from __future__ import annotations

__all__ = ["words"]


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set.

    Examples
    --------
    >>> sorted(words("yes  no"))
    ['no', 'yes']
    """
    return frozenset(text.split())
