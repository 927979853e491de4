"""What a model around another model keeps of it."""

from __future__ import annotations

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model
from estimation.text.described import described_by

__all__ = ["AroundModel"]


class AroundModel:
    """A model around a model, whose name, title and requirements it has."""

    __slots__ = ()
    model: Model

    @property
    def name(self) -> str:
        """Name of the model, as on the command line."""
        return self.model.name

    @property
    def title(self) -> str:
        """Name of the model for a reader."""
        return self.model.title

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """What about this table keeps the model from being fitted, or None."""
        return self.model.why_not(table)
