"""A model whose results are cached: the same question, asked again, is answered and not fitted.

In a folder it lets a stopped study go on where it stopped, within a question too.  In memory it fits a table that
recurs over draws of a linkage once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.around_model import AroundModel
from estimation.models.protocol import Model, lighter_of, settings_of
from estimation.provenance import seed_of
from estimation.results.estimates import Result
from estimation.results.saved import load_result, save_result
from estimation.work.cache import Cache, key_of
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_for, generator_of

__all__ = ["CachedModel", "fit_key", "results_in"]


@dataclass(frozen=True, slots=True)
class CachedModel(AroundModel):
    """A model, and where its results are cached; itself a model that answers the same.

    A result is known by the table, the model with its settings, the state of the generator and the version of this
    package; one that is cached leaves the generator as it was.

    Parameters
    ----------
    model : Model
        What is fitted.
    folder : Path, optional
        Where results are cached; in memory without it.
    seed : int, optional
        With it each table has random numbers of its own, named by this seed, its checksum and the generator's seed:
        over draws of a linkage, tables of one generator then err independently.
    known : dict of str to Result
        Results in memory.
    """

    model: Model
    folder: Path | None = None
    seed: int | None = None
    known: dict[str, Result] = field(default_factory=dict, compare=False, repr=False)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the model assumes."""
        return self.model.assumptions

    def lighter(self) -> CachedModel:
        """The lighter form of the model, cached in the same place; see `estimation.models.protocol.Lighter`."""
        return replace(self, model=lighter_of(self.model))

    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """The cached answer, or else the model's, and then cached; one that is not whole on disk is made again."""
        generator = generator_of(rng)
        key = fit_key(self.model, table, generator)
        own = generator if self.seed is None else generator_for(self.seed, f"{seed_of(generator)} {table.sha256}")
        if self.folder is not None:
            return results_in(self.folder).get_or_make(key, lambda: self._fitted(table, own, workers, progress))
        if key not in self.known:
            self.known[key] = self._fitted(table, own, workers, progress)
        return self.known[key]

    def _fitted(self, table: CaptureTable, rng: np.random.Generator, workers: int, progress: Progress) -> Result:
        return self.model.fit(table, rng=rng, workers=workers, progress=progress)


def results_in(folder: Path) -> Cache[Result]:
    """The results in a folder."""
    return Cache(folder, partial(save_result, compress=False), load_result)


def fit_key(model: Model, table: CaptureTable, rng: np.random.Generator) -> str:
    """The name of a result in the cache: by the table, the model with its settings, and the state of the generator."""
    settings = [[name, repr(value)] for name, value in settings_of(model)]
    spawned = getattr(rng.bit_generator.seed_seq, "n_children_spawned", 0)
    state = [seed_of(rng), spawned, repr(rng.bit_generator.state)]
    allowed = ("twins",) if table.allow_twins else ()  # lists with the same people, which models refuse otherwise
    return key_of(table.sha256, type(model).__qualname__, model.name, settings, state, *allowed)
