"""How far work is: one protocol for a fit, a study, a simulation, and whatever else takes long.

Whoever works calls ``progress(done, doing)``: the share that is done, from 0 to 1 and never back, and what is being
done now.  It is told by the thread that was called and from no other, some ten times a second at most, so that it costs
nothing; what it raises, ``KeyboardInterrupt`` for one, ends the work.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "attempt", "part", "silent"]

_FIRST_ATTEMPT = 0.75


class Progress(Protocol):
    """Receives how far work is; may raise to stop it."""

    def __call__(self, done: float, doing: str = "", /) -> None:
        """``done`` is the share from 0 to 1, ``doing`` what is being done; without it, what was named last."""
        ...


def silent(done: float, doing: str = "", /) -> None:
    """A `Progress` that reports to nobody."""


def part(progress: Progress, start: float, end: float, doing: str = "") -> Progress:
    """A `Progress` for work that is the part of the whole from one share of it to another.

    Parameters
    ----------
    progress : Progress
        For the whole.
    start, end : float
        Shares of the whole at which the part begins and ends.
    doing : str
        What the part is called, for work that does not say so itself.

    Examples
    --------
    >>> shares = []
    >>> part(lambda done, doing="": shares.append((done, doing)), 0.5, 0.75, "latent classes")(1.0)
    >>> shares
    [(0.75, 'latent classes')]
    """
    if progress is silent:
        return silent

    def within(done: float, now: str = "", /) -> None:
        progress(start + (end - start) * done, now or doing)

    return within


def attempt(progress: Progress, number: int, *, last: bool) -> Progress:
    """A `Progress` for one of several attempts, of which most fits need only the first.

    Each attempt has three quarters of what those before it left, and the last one all of it.

    Parameters
    ----------
    progress : Progress
        For all attempts together.
    number : int
        0 for the first.
    last : bool
        Whether no other can follow.

    Examples
    --------
    >>> shares = []
    >>> for number, last in ((0, False), (1, True)):
    ...     attempt(lambda done, doing="": shares.append(done), number, last=last)(1.0)
    >>> shares
    [0.75, 1.0]
    """
    left = (1 - _FIRST_ATTEMPT) ** number
    return part(progress, 1 - left, 1.0 if last else 1 - left * (1 - _FIRST_ATTEMPT))
