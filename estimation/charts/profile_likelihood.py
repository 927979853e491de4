"""The profile likelihood of N under one log-linear model, with the interval that it gives."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from scipy.special import chdtri

from estimation.charts.drawing.frame import count_axis, framed, line_of_observed, mark
from estimation.charts.drawing.theme import ACCENT, DASHED, GREY, INK, MARKED, drawing, inches_wide
from estimation.charts.drawing.words import persons, persons_label
from estimation.models.log_linear.profile_likelihood import ProfileLikelihood

__all__ = ["plot_profile_likelihood"]

_HEIGHT = 2.1
"""Of the picture without its ticks and the words below it.  Unit: inches."""
_FILL = "#c7dfee"
_LEVEL = 0.95
_DEEP = 5.0
_NOTE = (
    "The interval is every number whose log likelihood is within 1.92 of the highest. It is conditional on the model, "
    "and does not include the choice of it."
)


def plot_profile_likelihood(profile: ProfileLikelihood, ax: Axes | None = None, *, counted: str = "people") -> Axes:
    """How well each number agrees with the table under one model: the profile log likelihood, and the 95 % interval.

    Parameters
    ----------
    profile : ProfileLikelihood
        From `estimation.models.profile_likelihood`.
    ax : Axes, optional
        Where to draw; without it, a figure of its own.
    counted : str
        What is counted, for the label of the axis.

    Returns
    -------
    Axes
        The axes drawn on.

    References
    ----------
    Cormack (1992), Biometrics 48:567-576.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.load_table("kosovo")
    >>> profile = mse.models.profile_likelihood(table, mse.models.LogLinear())
    >>> mse.charts.plot_profile_likelihood(profile, counted="people killed").get_xlabel()
    'Number of people killed (persons)'
    """
    floor = -float(chdtri(1, 1 - _LEVEL)) / 2
    with drawing():
        width = inches_wide(ax)
        ends = f"{persons(profile.interval.lower)} to {persons(profile.interval.upper)}"
        handles = [
            mark(f"Profile log likelihood under {profile.model}", ACCENT, line="-"),
            Patch(facecolor=_FILL, edgecolor=ACCENT, label=f"95 % confidence interval {ends}"),
            mark(f"Estimate {persons(profile.estimate)}", MARKED, line="-", width=1.2),
            line_of_observed(profile.n_observed),
        ]
        ax = framed(ax, _HEIGHT, persons_label(counted), handles, width=width, note=_NOTE)
        above = profile.log_likelihood >= floor
        ax.fill_between(profile.people, -_DEEP, profile.log_likelihood, where=above.tolist(), color=_FILL, linewidth=0)
        ax.plot(profile.people, profile.log_likelihood, "-", color=ACCENT, linewidth=1.8)
        ax.axhline(floor, color=GREY, linestyle=DASHED, linewidth=0.9)
        ax.axvline(profile.estimate, color=MARKED, linewidth=1.2)
        ax.axvline(profile.n_observed, color=INK, linestyle=DASHED, linewidth=1.0)
        near = profile.people[profile.log_likelihood >= -_DEEP]
        reach = float(np.ptp(near)) if near.size else 1.0
        ax.set_xlim(min(profile.n_observed, float(near.min())) - 0.03 * reach, float(near.max()) + 0.03 * reach)
        ax.set_ylim(-_DEEP, 0.3)
        ax.set_ylabel("Log likelihood, less its maximum")
        count_axis(ax.xaxis, max(int(width / 1.1), 2))
    return ax
