"""A smooth positive function on all whole numbers from a start on, from few evaluations of its logarithm.

The whole numbers are cut into panels.  A narrow panel is evaluated at each of its numbers.  A wide one is evaluated at
the K Chebyshev points of its range, and the polynomial through log f at those points gives log f at every whole number
in it.  A panel is halved until the polynomials through log f *and* through f have converged where it matters, that is
until what is left out is below `TOLERANCE` of the sum of f over all panels; the second makes the weighted sum over the
panel's points equal to the sum over all its whole numbers, for f and for the parts that f is a sum of.

Symbols
-------
K : points of a panel.   W : whole numbers in it.   T_j : Chebyshev polynomial.   t in [-1, 1] : place in the panel.

References: Trefethen (2013), Approximation Theory and Approximation Practice, chapters 3, 8 and 19.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias, cast

import numpy as np
from numpy.polynomial import chebyshev

from estimation.capture.table import FloatArray

__all__ = ["TOLERANCE", "LogFunction", "Panel", "evaluate", "geometric_edges", "refine"]

LogFunction: TypeAlias = Callable[[FloatArray], FloatArray]
"""log f at real places, shape (P,) -> (P,)."""

TOLERANCE = 1e-11
"""What a panel may leave out, relative to the whole sum."""

_POINTS = 16
_ANGLES = (2 * np.arange(_POINTS) + 1) * np.pi / (2 * _POINTS)
_PLACES = -np.cos(_ANGLES)
_TO_COEFFICIENTS = chebyshev.chebvander(_PLACES, _POINTS - 1).T * (2 / _POINTS)
_TO_COEFFICIENTS[0] /= 2
_LOOK = chebyshev.chebvander(np.linspace(-1, 1, 65), _POINTS - 1)
_SUMMED_ONE_BY_ONE = 4096


@lru_cache(maxsize=512)
def _weights(width: int) -> FloatArray:
    """Weights that turn values at the points of a panel into the sum over its whole numbers, shape (K,) or (W,)."""
    if width <= _POINTS:
        return np.ones(width)
    if width <= _SUMMED_ONE_BY_ONE:
        moments = chebyshev.chebvander(np.linspace(-1, 1, width), _POINTS - 1).sum(axis=0)
    else:
        # Euler-Maclaurin, term by term for T_j; the odd ones vanish, and the next term is below rounding.
        moments = np.zeros(_POINTS)
        j = np.arange(0.0, _POINTS, 2)
        step = 2 / (width - 1)
        third = j**2 * (j**2 - 1) * (j**2 - 4) / 15
        moments[::2] = 2 / (1 - j**2) / step + 1 + step / 6 * j**2 - step**3 / 360 * third
    weights: FloatArray = moments @ _TO_COEFFICIENTS
    return weights


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Consecutive whole numbers, and log f at some places among them.

    Parameters
    ----------
    first : int
        The smallest whole number.
    width : int
        W, how many there are.
    places : float array, shape (K,) or (W,)
        Where log f was evaluated.
    log_values : float array, same shape
        log f there.
    """

    first: int
    width: int
    places: FloatArray
    log_values: FloatArray

    @property
    def weights(self) -> FloatArray:
        """Weights of the places, such that the weighted sum is that over all whole numbers of the panel."""
        return _weights(self.width)

    @property
    def is_exact(self) -> bool:
        """Whether every whole number of the panel was evaluated."""
        return self.width <= _POINTS

    def at_every_number(self) -> FloatArray:
        """Log f at each whole number of the panel, shape (W,)."""
        if self.is_exact:
            return self.log_values
        coefficients = _TO_COEFFICIENTS @ self.log_values
        return cast(FloatArray, chebyshev.chebval(np.linspace(-1, 1, self.width), coefficients))

    def error(self) -> tuple[float, float]:
        """What the polynomials leave out relative to the highest f of the panel, and the logarithm of that f."""
        top = float(self.log_values.max())
        if self.is_exact or not np.isfinite(top):
            return 0.0, top
        coefficients = _TO_COEFFICIENTS @ self.log_values
        height = float((_LOOK @ coefficients).max())
        if height > top + 1:  # a peak between the places
            return 1.0, height
        plain = _TO_COEFFICIENTS @ np.exp(self.log_values - top)
        return float(max(np.abs(plain[-3:]).max(), np.abs(coefficients[-3:]).max())), max(height, top)


def _places(first: int, width: int) -> FloatArray:
    if width <= _POINTS:
        return first + np.arange(float(width))
    half = (width - 1) / 2
    places: FloatArray = first + half + half * _PLACES
    return places


def geometric_edges(start: int, stop: int) -> list[int]:
    """Edges of panels that double in width away from 0, from `start` to before `stop`.

    Examples
    --------
    >>> geometric_edges(0, 100)
    [0, 16, 32, 64, 100]
    """
    powers = [1 << k for k in range(_POINTS.bit_length() - 1, stop.bit_length() + 1)]
    return [start, *(edge for edge in powers if start < edge < stop), stop]


def evaluate(log_f: LogFunction, edges: Sequence[int]) -> list[Panel]:
    """The panels between consecutive edges, with log f evaluated in one call."""
    return _evaluate_spans(log_f, [(a, b - a) for a, b in pairwise(edges)])


def _to_halve(panels: list[Panel], log_tolerance: float) -> list[bool]:
    """Which panels leave out too much of the sum."""
    errors, heights = np.array([panel.error() for panel in panels]).T
    widths = np.array([panel.width for panel in panels], dtype=float)
    masses = np.log(widths) + heights  # from above
    sums = [p.weights.clip(min=0) @ np.exp(p.log_values - height) for p, height in zip(panels, heights, strict=True)]
    with np.errstate(divide="ignore"):  # log 0: a panel without an error, or without a sum
        log_total = np.logaddexp.reduce(np.log(sums) + heights)
        return list(masses + np.log(errors) - log_total > log_tolerance)


def refine(log_f: LogFunction, edges: Sequence[int], *, noise: float = 0.0) -> list[Panel]:
    """Panels fine enough to sum f over all whole numbers from the first edge to before the last.

    Parameters
    ----------
    log_f : callable
        log f at real places; not NaN.
    edges : sequence of int
        Where panels begin, and the end of the last; all edges stay.
    noise : float
        Rounding error of log f, below which no convergence is looked for.

    Returns
    -------
    list of Panel

    References
    ----------
    Trefethen (2013), Approximation Theory and Approximation Practice.

    Examples
    --------
    >>> panels = refine(lambda x: -x / 50.0, [0, 4096])
    >>> f_sum = sum(p.weights @ np.exp(p.log_values) for p in panels)
    >>> bool(abs(f_sum * (1 - np.exp(-1 / 50)) - 1) < 1e-10)
    True
    """
    panels = evaluate(log_f, edges)
    log_tolerance = float(np.log(max(TOLERANCE, noise)))
    while any(wide := _to_halve(panels, log_tolerance)):
        halves = [
            (panel.first, panel.first + panel.width // 2, panel.first + panel.width)
            for panel, is_wide in zip(panels, wide, strict=True)
            if is_wide
        ]
        new = _evaluate_spans(log_f, [span for a, b, c in halves for span in ((a, b - a), (b, c - b))])
        narrow = [panel for panel, is_wide in zip(panels, wide, strict=True) if not is_wide]
        panels = sorted([*narrow, *new], key=lambda panel: panel.first)
    return panels


def _evaluate_spans(log_f: LogFunction, spans: list[tuple[int, int]]) -> list[Panel]:
    places = [_places(first, width) for first, width in spans]
    values = log_f(np.concatenate(places))
    parts = np.split(values, np.cumsum([len(p) for p in places])[:-1])
    return [Panel(first, width, p, v) for (first, width), p, v in zip(spans, places, parts, strict=True)]
