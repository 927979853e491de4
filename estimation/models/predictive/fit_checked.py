"""What the models share whose fit to the lists is checked by simulated tables: that the check can be left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

__all__ = ["FitChecked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitChecked:
    """A model that checks its fit to the lists by simulated tables, which changes none of its numbers.

    Parameters
    ----------
    fit_check : bool
        Whether it does.  A question that asks for a difference, or a simulation study, fits hundreds of tables and
        leaves it out.
    """

    fit_check: bool = True

    def lighter(self) -> Self:
        """The same model without the check; see `estimation.models.protocol.Lighter`."""
        return replace(self, fit_check=False)
