"""What a model over strata is: one model of all strata together, which borrow from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from estimation.capture.stratified import Strata
from estimation.work.progress import Progress, silent

if TYPE_CHECKING:
    from estimation.strata.by_stratum import StratumResults

__all__ = ["PoolsStrata"]


@runtime_checkable
class PoolsStrata(Protocol):
    """A way to estimate N in all strata at once; an instance holds assumptions only."""

    @property
    def name(self) -> str:
        """As on the command line, for example ``"hierarchical-log-linear"``."""
        ...

    @property
    def title(self) -> str:
        """For a reader, for example ``"Hierarchical log-linear"``."""
        ...

    @property
    def shared(self) -> str:
        """What strata share, for example ``"the means and spreads of the effects of lists"``."""
        ...

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Sentences; the first is the identifying assumption."""
        ...

    def why_not(self, strata: Strata) -> str | None:
        """Why the model cannot be fitted to these strata and what could be done, or None where it can.

        Parameters
        ----------
        strata : Strata
            A table for each stratum.
        """
        ...

    def fit(
        self, strata: Strata, *, rng: np.random.Generator, workers: int = 1, progress: Progress = silent
    ) -> StratumResults:
        """Estimate N in each stratum and in all together.

        Parameters
        ----------
        strata : Strata
            A table for each stratum; a list with nobody in a stratum counts as data where it is in the table
            (``table.by(labels, least=0)``), and as one that could not have seen the stratum where it is not.
        rng : numpy.random.Generator
            The only source of randomness.
        workers : int
            Threads at most; changes no number.
        progress : callable
            Receives the share done.
        """
        ...
