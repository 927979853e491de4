"""What if the lists' highest interaction, xi, were another?

No data can say what the interaction of all lists at once is; the complete curve over xi is part of the answer.

Reference: Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from estimation.capture import CaptureTable
from estimation.models.nhoi import NoHighestOrderInteraction
from estimation.sensitivity.sensitivity import Change, Sensitivity, compared

__all__ = ["xi_curve"]


def xi_curve(
    table: CaptureTable,
    xis: Sequence[float],
    *,
    model: NoHighestOrderInteraction,
    rng: np.random.Generator,
    workers: int = 1,
) -> Sensitivity:
    """N for each of several values of xi, all else as in a model.

    Every value of xi starts from the same state of the generator: two points of the curve differ by xi and not by luck,
    and a point is the same whichever others are asked for.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    xis : sequence of float
        Values of xi; 1 is no interaction of the highest order.
    model : NoHighestOrderInteraction
        The baseline; its other settings, the lists it is about among them, hold for every xi.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        One alternative for each xi, in the order given.

    Raises
    ------
    SettingError
        When a xi is not above 0.
    ValueError
        When no xi is given.

    References
    ----------
    Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    >>> curve = xi_curve(table, [1, 0.5], model=NoHighestOrderInteraction(), rng=np.random.default_rng(1))
    >>> [alternative.label for alternative in curve.alternatives]
    ['xi = 1', 'xi = 0.5']
    """
    models = [replace(model, xi=float(xi)) for xi in xis]
    return compared(
        "What if the interaction of the lists at once were another, xi?",
        table,
        model,
        [Change(f"xi = {m.xi:g}", m.xi, table, m) for m in models],
        rng=rng,
        workers=workers,
        changed="interaction of the lists at once, xi",
    )
