"""A model that keeps its answers in a folder: the same question, asked again, is read and not fitted.

This is what lets a stopped study go on where it stopped, and lets several questions share one baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model, settings_of
from estimation.provenance import seed_of
from estimation.results.estimates import Result
from estimation.results.saved import load_result, save_result
from estimation.work.cache import Cache, key_of
from estimation.work.progress import Progress, silent

__all__ = ["CachedModel"]


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model, and the folder where its answers are kept; itself a model that answers the same.

    An answer is known by the table, the model with its settings, the state of the generator and the version of this
    package; an answer from the folder leaves the generator as it was.

    Parameters
    ----------
    model : Model
        What is fitted.
    folder : Path
        Where answers are kept.
    """

    model: Model
    folder: Path

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
        """What the model assumes."""
        return self.model.assumptions

    def why_not(self, table: CaptureTable) -> str | None:
        """What about this table keeps the model from being fitted, or None."""
        return self.model.why_not(table)

    def holds(self, table: CaptureTable, rng: np.random.Generator) -> bool:
        """Whether the answer to this question is in the folder."""
        return self._cache.get(self._key(table, rng)) is not None

    def fit(
        self, table: CaptureTable, *, rng: np.random.Generator, workers: int = 1, progress: Progress = silent
    ) -> Result:
        """The answer from the folder, or else by the model, and then kept; one that is not whole is made again."""
        return self._cache.get_or_make(
            self._key(table, rng), lambda: self.model.fit(table, rng=rng, workers=workers, progress=progress)
        )

    @property
    def _cache(self) -> Cache[Result]:
        return Cache(self.folder, save_result, load_result)

    def _key(self, table: CaptureTable, rng: np.random.Generator) -> str:
        """The name of an answer."""
        settings = [[name, repr(value)] for name, value in settings_of(self.model)]
        spawned = getattr(rng.bit_generator.seed_seq, "n_children_spawned", 0)
        state = [seed_of(rng), spawned, repr(rng.bit_generator.state)]
        return key_of(table.sha256, type(self.model).__qualname__, self.name, settings, state)
