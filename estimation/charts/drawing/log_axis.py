"""A log axis whose ticks are round numbers that do not touch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import NullLocator

from estimation.charts.drawing.words import text_inches

__all__ = ["log_axis"]

_ROUND = ((1.0,), (2.0, 5.0), (3.0, 1.5), (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0))
"""Digits of round numbers, the roundest first."""


def log_axis(axis: Axis, low: float, high: float, inches: float, name: Callable[[float], str]) -> None:
    """Put ticks at round values from low to high, as many as fit on an axis so long whose limits are set.

    Parameters
    ----------
    axis : Axis
        An axis on a log scale.
    low, high : float
        Where ticks may stand.
    inches : float
        Length of the axis.
    name : callable
        A value in words.
    """
    least, most = axis.get_view_interval()
    inches_per_log = inches / np.log(most / least)
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    half: dict[float, float] = {}
    for digits in _ROUND:
        for tick in (digit * 10.0**power for power in powers for digit in digits):
            wide = text_inches(name(tick)) / 2
            apart = all(inches_per_log * abs(np.log(tick / t)) > wide + taken + 0.12 for t, taken in half.items())
            if low <= tick <= high and apart:
                half[tick] = wide
    ticks = sorted(half)
    axis.set_ticks(ticks, [name(tick) for tick in ticks])
    axis.set_minor_locator(NullLocator())
