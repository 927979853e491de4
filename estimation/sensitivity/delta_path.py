"""What if the prior weight of a capture history, delta, were another?

Under decomposable graphs delta is a choice that no data can settle, and the complete path is part of the answer.

Reference: Madigan, York (1997), Biometrika 84:19-31, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estimation.capture import CaptureTable
from estimation.models.decomposable import DecomposableGraphs
from estimation.sensitivity.sensitivity import Change, Sensitivity, compared

__all__ = ["delta_path"]


def delta_path(
    table: CaptureTable,
    deltas: Sequence[float],
    *,
    model: DecomposableGraphs,
    rng: np.random.Generator,
    workers: int = 1,
) -> Sensitivity:
    """N by decomposable graphs for each of several values of delta, all else as in a model.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    deltas : sequence of float
        Prior weights of a capture history.  Unit: persons.
    model : DecomposableGraphs
        The baseline; its other settings hold for every delta.
    rng : numpy.random.Generator
        Recorded; the posteriors are exact and draw nothing from it.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each delta, in the order given.

    Raises
    ------
    SettingError
        When a delta is not above 0.
    ValueError
        When no delta is given.

    References
    ----------
    Madigan, York (1997), Biometrika 84:19-31.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 20, "110": 8, "011": 6, "111": 2})
    >>> path = delta_path(table, [0.125, 1], model=DecomposableGraphs(), rng=np.random.default_rng(1))
    >>> [round(alternative.result.median) for alternative in path.alternatives]
    [123, 81]
    """
    models = [replace(model, delta=float(delta)) for delta in deltas]
    return compared(
        "What if a capture history had another prior weight delta?",
        table,
        model,
        [Change(f"delta = {m.delta:g}", float(delta), table, m) for m, delta in zip(models, deltas, strict=True)],
        rng=rng,
        workers=workers,
        changed="prior weight of a capture history, delta (persons)",
    )
