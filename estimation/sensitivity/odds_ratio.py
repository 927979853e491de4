"""What if two lists were not independent: N over their odds ratio theta.

Symbols
-------
n_11 : people on both lists.   n_10, n_01 : people on one of the two only.   n_00 : people on neither.
theta : odds ratio of the two lists among all people, those on neither included.

    theta = n_11 n_00 / (n_10 n_01),        so that        n_00 = theta n_10 n_01 / n_11

With theta = 1 the lists are independent and N is the Lincoln-Petersen estimate.  Above 1 the lists are positively
dependent, the overlap is larger than under independence, and more people are on neither; below 1 they are negatively
dependent and fewer are.  No data on the two lists say what theta is.  It is one over the xi of
`estimation.models.no_highest_order`, whose posterior is used; of more than two lists the pair is the margin that it
describes.

References: Gerritse, van der Heijden, Bakker (2015), Journal of Official Statistics 31:357-379; Lum, Ball (2015);
Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.named_lists import unknown_lists
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.priors.known_values import known_odds_ratios
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Change, Sensitivity, compare_changes
from estimation.sensitivity.default_values import ODDS_RATIOS
from estimation.text.counted import counted
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["odds_ratio"]


def odds_ratio(
    table: CaptureTable,
    values: Sequence[float] = ODDS_RATIOS,
    *,
    pair: tuple[str, str],
    rng: RandomState,
    prior_count: float = 1.0,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N from two lists for each of several odds ratios between them; the baseline is independence, theta = 1.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists; people on neither of the two count among those that the two have missed.
    values : sequence of float
        Odds ratios theta; below 1 the two lists are negatively dependent, above 1 positively.  By default 0.25 to 16.
    pair : pair of str
        The two lists.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    prior_count : float
        Dirichlet weight of each observable history.  Unit: persons.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The result for independent lists, where it is known; otherwise that model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

    Returns
    -------
    Sensitivity
        One alternative for each value, in the order given.

    Raises
    ------
    SettingError
        When a value is not above 0, or ``pair`` does not name two lists of the table; all problems are named together.
    ValueError
        When no value is given.

    References
    ----------
    Gerritse, van der Heijden, Bakker (2015), Journal of Official Statistics 31:357-379.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 540, "01": 300, "11": 120})
    >>> curve = odds_ratio(table, [0.5, 1], pair=("police", "press"), rng=1)
    >>> [round(alternative.result.median, -2) for alternative in curve.alternatives]  # 960 + theta 540 * 300 / 120
    [1600.0, 2300.0]
    """
    problems = [
        f"theta = {theta}; it is an odds ratio and must be above 0 (1 for independent lists)"
        for theta in values
        if not (np.isfinite(theta) and theta > 0)
    ]
    if len(pair) != 2:
        problems.append(f"pair names {counted(len(pair), 'list')}; an odds ratio is between 2 lists")
    misspelt = unknown_lists(pair, table)
    if misspelt is not None:
        problems.append(misspelt)
    if problems:
        raise SettingError("sensitivity odds_ratio", problems)
    models = [NoHighestOrderInteraction(1 / float(theta), pair, prior_count) for theta in values]
    first, second = pair
    return compare_changes(
        f"What if {first} and {second} were dependent, with odds ratio theta?",
        table,
        NoHighestOrderInteraction(1.0, pair, prior_count),
        [Change(f"theta = {theta:g}", float(theta), table, m) for theta, m in zip(values, models, strict=True)],
        rng=generator_of(rng),
        workers=workers,
        baseline=baseline,
        progress=progress,
        changed=f"odds ratio theta between {first} and {second} (1: independent)",
        baseline_value=1.0,
        known=known_odds_ratios(),
    )
