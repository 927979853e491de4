"""The number of people that a model makes of some draws of a linkage: what moves N is asked of reviewers first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimation.errors import SettingError
from estimation.linkage.draws import LinkageDraws
from estimation.models.linked.drawn_tables import DrawnTables, draws_in_turn
from estimation.models.linked.fits_by_table import FitsByTable
from estimation.models.protocol import Model
from estimation.results.estimates import NotEstimable
from estimation.work.progress import Progress, silent

__all__ = ["numbers_of_draws"]


def numbers_of_draws(
    model: Model, draws: LinkageDraws, *, seed: int, n_draws: int = 200, workers: int = 1, progress: Progress = silent
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Partitions that were drawn, spread over all draws, and the mean of N by a model on the table of each.

    Parameters
    ----------
    model : Model
        Any model; it is fitted in its lighter form.
    draws : LinkageDraws
        Draws of the partition of records into people.
    seed : int
        The only source of randomness.
    n_draws : int
        Draws at most.
    workers : int
        Threads at most; changes no number.
    progress : Progress
        Receives the share done.

    Returns
    -------
    (D, R) int32 and (D,) float64
        The person of each record, and the mean of N.  Unit: persons.

    Raises
    ------
    SettingError
        When the table of one of the draws cannot carry the model.

    Examples
    --------
    >>> from estimation.linkage.draws import RecordPlace
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> records = tuple(RecordPlace(list=k // 60, row=k + 2) for k in range(100))
    >>> linked = np.r_[np.arange(60), np.arange(30), np.arange(60, 70)]
    >>> doubted = np.r_[np.arange(60), np.arange(20), np.arange(60, 80)]
    >>> draws = LinkageDraws(("a", "b"), records, np.array([[linked, doubted] * 4], dtype=np.int32))
    >>> persons, numbers = numbers_of_draws(NoHighestOrderInteraction(), draws, seed=1)
    >>> persons.shape, bool(numbers[persons[:, 80] == 20].min() < numbers.max())
    ((8, 100), True)
    """
    drawn = DrawnTables.of(draws)
    fits = FitsByTable(model, drawn, seed, workers, progress)
    fits.fit_enough(min(n_draws, drawn.n_draws))
    refused = next((result for result in fits.results if isinstance(result, NotEstimable)), None)
    if refused is not None:
        raise SettingError(f"model {refused.model}", [f"{refused.reason}; choose by the number of people alone"])
    means = np.array([result.mean for result in fits.results if not isinstance(result, NotEstimable)])
    places = draws_in_turn(draws)[: fits.n_draws]
    return draws.drawn[places], means[drawn.of_draw[: fits.n_draws]]
