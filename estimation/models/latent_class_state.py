"""What a compiled chain of the latent-class sampler is handed: the table as cells, the prior, and memory to work in.

Symbols: J lists, C histories, K classes, D = K J + K the length of a chain's state
(`estimation.models.latent_class_kernel` has its layout).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.capture import CaptureTable, FloatArray, IntArray

__all__ = ["Cells", "Prior", "Workspace"]


class Cells(NamedTuple):
    """A capture table as the lists of each history, end to end; cost follows the lists a person is on, not all J.

    ``members[starts[c] : starts[c + 1]]`` are the lists of history c; ``counts[c]`` its people; ``n`` all people seen.
    """

    starts: IntArray
    members: IntArray
    counts: IntArray
    n: int

    @staticmethod
    def of(table: CaptureTable) -> Cells:
        """The cells of a table."""
        starts = np.concatenate([[0], np.cumsum(table.patterns.sum(axis=1))]).astype(np.int64)
        members = np.nonzero(table.patterns)[1].astype(np.int64)
        return Cells(starts, members, table.counts.copy(), table.n_observed)


class Prior(NamedTuple):
    """Each capture probability ~ Beta(``a``, ``b``); alpha by its logarithm u, Gamma and log-normal in one form.

    log p(u) = ``alpha_shape`` u - ``alpha_rate`` e^u - ``alpha_precision`` u^2 / 2.  A Gamma(shape, rate) has precision
    0; a log-normal with mean m and standard deviation s of u has shape m / s^2, rate 0 and precision 1 / s^2.
    """

    alpha_shape: float
    alpha_rate: float
    a: float
    b: float
    alpha_precision: float = 0.0


class Workspace(NamedTuple):
    """Memory for a sweep, so that a sweep allocates none.

    ``size`` (K,) and ``on`` (K, J) are people of each class and those of them on each list, after a sweep's step 2.
    ``moments`` (4, D) sums x, x^2, the gradient and its square over the starts of the Hamiltonian moves.
    """

    size: IntArray
    on: IntArray
    log_share: FloatArray
    log_missed: FloatArray
    row: FloatArray
    missed: FloatArray
    expected: FloatArray
    odds: FloatArray
    chance: FloatArray
    place: FloatArray
    momentum: FloatArray
    gradient: FloatArray
    moments: FloatArray

    @staticmethod
    def for_table(classes: int, lists: int) -> Workspace:
        """Memory for K classes and J lists."""
        length = classes * lists + classes
        return Workspace(
            size=np.zeros(classes, dtype=np.int64),
            on=np.zeros((classes, lists), dtype=np.int64),
            log_share=np.zeros(classes),
            log_missed=np.zeros(classes),
            row=np.zeros(classes),
            missed=np.zeros(classes),
            expected=np.zeros(classes),
            odds=np.zeros(length),
            chance=np.zeros(length),
            place=np.zeros(length),
            momentum=np.zeros(length),
            gradient=np.zeros(length),
            moments=np.zeros((4, length)),
        )
