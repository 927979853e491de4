"""Pages beside the steps: answers side by side, a prior on N, a plan by simulation, counts at events."""

from __future__ import annotations

from estimation.app.pages import Page
from estimation.app.tools import events, planning, prior, side_by_side

__all__ = ["PAGES"]

PAGES: tuple[Page, ...] = (*side_by_side.PAGES, *prior.PAGES, *planning.PAGES, *events.PAGES)
"""All of them."""
