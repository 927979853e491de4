"""What if two lists were not independent: N over their odds ratio theta.

Symbols
-------
n_11 : people on both lists.   n_10, n_01 : people on one of the two only.   n_00 : people on neither.
theta : odds ratio of the two lists among all people, those on neither included.

    theta = n_11 n_00 / (n_10 n_01),        so that        n_00 = theta n_10 n_01 / n_11

With theta = 1 the lists are independent and N is Lincoln and Petersen's.  Above 1 being on one list goes with being on
the other, the overlap is larger than independence says, and more people are on neither; below 1 the lists avoid each
other and fewer are.  No data on the two lists say what theta is.  It is one over the xi of
`estimation.models.no_highest_order`, whose posterior is used; of more than two lists the two are the margin that it
describes.

References: Gerritse, van der Heijden, Bakker (2015), Journal of Official Statistics 31:357-379; Lum, Ball (2015);
Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.sensitivity.alternatives import Change, Sensitivity, compared

__all__ = ["odds_ratio"]


def odds_ratio(
    table: CaptureTable,
    thetas: Sequence[float],
    *,
    lists: tuple[str, str],
    rng: np.random.Generator,
    prior_count: float = 1.0,
    workers: int = 1,
) -> Sensitivity:
    """N from two lists for each of several odds ratios between them; the baseline is independence, theta = 1.

    Every theta starts from the same state of the generator: two points of the curve differ by theta and not by luck.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; people on neither of the two count among those that the two have missed.
    thetas : sequence of float
        Odds ratios; below 1 the two lists avoid each other, above 1 they go together.
    lists : pair of str
        The two lists.
    rng : numpy.random.Generator
        The only source of randomness.
    prior_count : float
        Dirichlet weight of each observable history.  Unit: persons.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each theta, in the order given.

    Raises
    ------
    SettingError
        When a theta is not above 0, or `lists` does not name two lists; all problems are named together.
    ValueError
        When no theta is given.

    References
    ----------
    Gerritse, van der Heijden, Bakker (2015), Journal of Official Statistics 31:357-379.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 540, "01": 300, "11": 120})
    >>> curve = odds_ratio(table, [0.5, 1], lists=("police", "press"), rng=np.random.default_rng(1))
    >>> [round(alternative.result.median, -2) for alternative in curve.alternatives]  # 960 + theta 540 * 300 / 120
    [1600.0, 2300.0]
    """
    problems = [
        f"theta = {theta}; it is an odds ratio and must be above 0 (1 for independent lists)"
        for theta in thetas
        if not (np.isfinite(theta) and theta > 0)
    ]
    if len(lists) != 2:
        problems.append(f"lists names {len(lists)}; an odds ratio is between 2 lists")
    if problems:
        raise SettingError("theta curve", problems)
    models = [NoHighestOrderInteraction(1 / float(theta), lists, prior_count) for theta in thetas]
    first, second = lists
    return compared(
        f"What if {first} and {second} were not independent but had the odds ratio theta?",
        table,
        NoHighestOrderInteraction(1.0, lists, prior_count),
        [Change(f"theta = {theta:g}", float(theta), table, m) for theta, m in zip(thetas, models, strict=True)],
        rng=rng,
        workers=workers,
        changed=f"odds ratio theta between {first} and {second} (1: independent)",
    )
