"""A number with the word for what it counts."""

from __future__ import annotations

__all__ = ["counted"]


def counted(n: int, one: str, many: str = "") -> str:
    """A number with its word, in the singular where it is one.

    Parameters
    ----------
    n : int
        The number.
    one : str
        The word for one of them; it may go on with a verb: ``"person is"``.
    many : str
        The word for several; by default ``one`` with an s.

    Examples
    --------
    >>> counted(1, "list"), counted(5, "list"), counted(1200, "person is", "people are")
    ('1 list', '5 lists', '1,200 people are')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
