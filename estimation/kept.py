"""A model that keeps its answers in a folder: the same question, asked again, is read and not fitted.

This is what lets a stopped study go on where it stopped, and lets several questions share one baseline.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from estimation.capture import CaptureTable
from estimation.errors import StudyError
from estimation.models.protocol import Model, ShareDone, settings_of, silent
from estimation.provenance import package_version, seed_of
from estimation.results import Result
from estimation.saved import load_result, save_result

__all__ = ["KeptModel"]


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model, and the folder where its answers are kept; itself a model that answers the same.

    An answer is known by the table, the model with its settings, the state of the generator and the version of this
    package; an answer from the folder leaves the generator as it was.

    Parameters
    ----------
    model : Model
        What is fitted.
    folder : Path
        Where answers are kept; it must be there.
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

    def obstacle(self, table: CaptureTable) -> str | None:
        """What about this table keeps the model from being fitted, or None."""
        return self.model.obstacle(table)

    def holds(self, table: CaptureTable, rng: np.random.Generator) -> bool:
        """Whether the answer to this question is in the folder."""
        return self._place(table, rng).with_suffix(".json").exists()

    def fit(
        self, table: CaptureTable, *, rng: np.random.Generator, workers: int = 1, progress: ShareDone = silent
    ) -> Result:
        """The answer from the folder, or else by the model, and then kept.

        An answer whose files are not whole is made again.
        """
        place = self._place(table, rng)
        if place.with_suffix(".json").exists():
            try:
                return load_result(place)
            except StudyError:
                place.with_suffix(".json").unlink()
        result = self.model.fit(table, rng=rng, workers=workers, progress=progress)
        save_result(result, place)
        return result

    def _place(self, table: CaptureTable, rng: np.random.Generator) -> Path:
        """The file of an answer, without its ending."""
        settings = [[name, repr(value)] for name, value in settings_of(self.model)]
        spawned = getattr(rng.bit_generator.seed_seq, "n_children_spawned", 0)
        state = [seed_of(rng), spawned, repr(rng.bit_generator.state)]
        asked = [table.sha256, self.name, settings, state, package_version()]
        return self.folder / hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]
