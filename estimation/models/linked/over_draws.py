"""A model over draws of a linkage where a model is wanted: questions of one table, answered over all draws.

A sensitivity hands a model a table and variants of it.  Here the table is that of one draw in the middle; for it, and
for its margins over some of the lists, the answer is pooled over the same margins of the tables of all draws.  Any
other table (lists merged, errors of linkage corrected) has no counterpart in the other draws, and is fitted by itself,
which a note says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.linkage.draws import LinkageDraws
from estimation.linkage.linked_tables import LinkedTables, linked_tables
from estimation.models.around_model import AroundModel
from estimation.models.linked.fit_draws import LINKAGE_DRAWN, fit_draws
from estimation.models.protocol import Model, lighter_of
from estimation.results.estimates import Estimate, Result
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState

__all__ = ["OverDraws"]

_ALONE = (
    "This table has no counterpart in the other draws of the linkage; it was fitted by itself, so that doubt about the "
    "linkage is not in its interval."
)


@dataclass(frozen=True, slots=True)
class OverDraws(AroundModel):
    """A model whose answer on the table of the draw in the middle, or on some of its lists, is pooled over all draws.

    Parameters
    ----------
    model : Model
        What is fitted.
    draws : LinkageDraws or LinkedTables
        Draws of who is the same person, or their tables.
    n_tables : int, optional
        Draws that are fitted, as in `fit_draws`.

    Examples
    --------
    >>> from estimation.linkage.draws import RecordPlace
    >>> from estimation.models.no_highest_order import NoHighestOrderInteraction
    >>> records = tuple(RecordPlace(list=k // 60, row=k + 2) for k in range(100))
    >>> linked = np.r_[np.arange(60), np.arange(30), np.arange(60, 70)]
    >>> doubted = np.r_[np.arange(60), np.arange(20), np.arange(60, 80)]
    >>> draws = LinkageDraws(("a", "b"), records, np.array([[linked, doubted] * 10], dtype=np.int32))
    >>> model = OverDraws(NoHighestOrderInteraction(), draws)
    >>> model.table.n_observed, model.fit(model.table, rng=1).n_observed
    (70, 75)
    """

    model: Model
    draws: LinkageDraws | LinkedTables
    n_tables: int | None = None

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the model assumes, and the linkage."""
        return (*self.model.assumptions, LINKAGE_DRAWN)

    @property
    def linked(self) -> LinkedTables:
        """The tables of all draws."""
        return self.draws if isinstance(self.draws, LinkedTables) else linked_tables(self.draws)

    @property
    def table(self) -> CaptureTable:
        """The table of the draw in the middle, which questions are about."""
        return self.linked.central_table

    def lighter(self) -> OverDraws:
        """The lighter form of the model over the same draws."""
        return replace(self, model=lighter_of(self.model))

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N over all draws, or on a table that has no counterpart in them."""
        margins = _margins(self.linked, table)
        if margins is None:
            found = self.model.fit(table, rng=rng, workers=workers, progress=progress)  # type: ignore[arg-type]
            return replace(found, notes=(*found.notes, _ALONE)) if isinstance(found, Estimate) else found
        return fit_draws(self.model, margins, rng=rng, n_tables=self.n_tables, workers=workers, progress=progress)


def _margins(linked: LinkedTables, table: CaptureTable) -> LinkedTables | None:
    """The tables of all draws over the lists of a table, where it is that of the draw in the middle over them."""
    lists = table.lists
    if not set(lists) <= set(linked.lists) or linked.central_table.keep(lists) != table:
        return None
    if lists == linked.lists:
        return linked
    each_margin = [_without_labels(each).keep(lists) for each in linked.distinct]
    place: dict[CaptureTable, int] = {}
    of_distinct = np.array([place.setdefault(margin, len(place)) for margin in each_margin])
    return replace(
        linked,
        distinct=tuple(place),
        of_draw=of_distinct[linked.of_draw],
        n_records={name: linked.n_records[name] for name in lists},
        n_unlinkable={name: n for name, n in linked.n_unlinkable.items() if name in lists},
    )


def _without_labels(table: CaptureTable | StratifiedTable) -> CaptureTable:
    return CaptureTable(table.lists, table.patterns, table.counts, allow_twins=True)
