"""The table of models: what each answers about the same people, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from estimation.frames import frame_of
from estimation.results.estimates import RESULT_COLUMNS, Result, result_row
from estimation.results.labelled import check_labelled

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare"]


def compare(results: Mapping[str, Result], *, level: float = 0.95) -> pd.DataFrame:
    """The table of models as a pandas frame, in the order given.

    Parameters
    ----------
    results : mapping of str to Estimate or NotEstimable
        What each model answers, by a label of your choice.
    level : float
        Level of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row a model: ``label``, ``model``, ``estimable``, ``n_observed``, the ``point`` that a headline quotes,
        ``mean``, ``median``, ``lower`` and ``upper`` with their Monte Carlo errors, ``level``, ``interval_kind``,
        ``is_lower_bound`` and, where there is no number, the ``reason``.  Unit: persons.

    Raises
    ------
    TypeError
        When it is given what is no mapping of labels to results.
    ValueError
        When a classical estimate has no interval at the level.

    Examples
    --------
    >>> import estimation as mse
    >>> table = mse.CaptureTable.from_histories(["A", "B"], {"10": 42, "01": 42, "11": 12})
    >>> models = {"Two lists": mse.models.Chapman(), "A bound": mse.models.ChaoLowerBound()}
    >>> results = {label: model.fit(table, rng=1) for label, model in models.items()}
    >>> compare(results)[["label", "point", "is_lower_bound"]].round().values.tolist()
    [['Two lists', 232.0, False], ['A bound', 243.0, True]]
    """
    check_labelled(results)
    rows = [{"label": label, **result_row(result, level=level)} for label, result in results.items()]
    return frame_of(rows, {"label": str, **RESULT_COLUMNS})
