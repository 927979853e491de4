"""The pages, in the order in which a study is made: one file a page or two."""

from __future__ import annotations

from estimation.app.pages import Page
from estimation.app.steps import counted, folder, looking, modelling, names, questions, reading, results, running

__all__ = ["PAGES"]

PAGES: tuple[Page, ...] = (
    *folder.PAGES,
    *reading.PAGES,
    *names.PAGES,
    *looking.PAGES,
    *counted.PAGES,
    *modelling.PAGES,
    *questions.PAGES,
    *running.PAGES,
    *results.PAGES,
)
"""All pages."""
