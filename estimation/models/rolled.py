"""Any model, with a roll of those at risk as the largest number there can be.

Model: as the model's own, restricted to what `estimation.models.roll` says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.capture import CaptureTable
from estimation.models.protocol import Model, ShareDone, not_estimable, silent
from estimation.models.roll import Roll, within_roll
from estimation.results import Result

__all__ = ["WithinRoll"]


@dataclass(frozen=True, slots=True)
class WithinRoll:
    """A model whose number can be no larger than a roll of those at risk; itself a model.

    Parameters
    ----------
    model : Model
        What is fitted.
    roll : Roll
        Those at risk.

    Examples
    --------
    >>> from estimation.datasets import load_table
    >>> from estimation.models.decomposable import DecomposableGraphs
    >>> model = WithinRoll(DecomposableGraphs(delta=0.5), Roll(12_000, "an example"))
    >>> print(model.fit(load_table("kosovo"), rng=np.random.default_rng(1)))
    10,879 people (95 % credible interval 7,383 to 11,938); 4,400 observed
    """

    model: Model
    roll: Roll

    @property
    def name(self) -> str:
        """Name of the model, as on the command line."""
        return self.model.name

    @property
    def title(self) -> str:
        """Name of the model for a reader."""
        return self.model.title

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the model assumes, and the roll."""
        return (*self.model.assumptions, self.roll.sentence)

    def obstacle(self, table: CaptureTable) -> str | None:
        """What about this table keeps the model from being fitted, or None."""
        if self.roll.highest < table.n_observed:
            return (
                f"{table.n_observed:,} people were observed and the roll has room for {self.roll.highest:,} at most; "
                "either people are observed who are not on it, or some of them are counted as alive, so check both"
            )
        return self.model.obstacle(table)

    def fit(
        self, table: CaptureTable, *, rng: np.random.Generator, workers: int = 1, progress: ShareDone = silent
    ) -> Result:
        """Estimate N within the roll; see `estimation.models.protocol.Model.fit`."""
        if self.roll.highest < table.n_observed:
            return not_estimable(self.model, table, rng, self.obstacle(table) or "")
        return within_roll(self.model.fit(table, rng=rng, workers=workers, progress=progress), self.roll, rng=rng)
