"""The page's own functions driven without a browser: what a page shows, and what its buttons do."""

import asyncio
import importlib
import re

from estimation.app.desk import Desk
from estimation.app.pages import Form, Go, Sent, View, Visit
from estimation.app.rendering import rendered
from estimation.app.steps import PAGES as STEPS
from estimation.app.tools import PAGES as TOOLS
from estimation.app.warm import Refused
from estimation.app.words import words_of
from estimation.app.worker import JOBS
from estimation.errors import EstimationError

BY_PLACE = {page.place: page for page in (*STEPS, *TOOLS)}


class AtOnce:
    """A worker that does its jobs in this process, by the table of jobs that the real one has."""

    def __init__(self):
        self.stops, self.is_ready, self.ends = 0, True, None

    async def start(self):
        pass

    async def stop(self):
        self.stops += 1
        if self.ends is not None:  # what a killed worker ends
            self.ends.ended = 0.0

    async def ask(self, job, given, body=b"", *, news=None):
        module, _, name = JOBS[job].partition(":")
        try:
            return getattr(importlib.import_module(module), name)(given, body, news or (lambda said: None))
        except EstimationError as error:
            raise Refused(error.where, error.problems, type(error).__name__) from error


class Page:
    """The application of one folder."""

    def __init__(self, folder, language="en"):
        self.desk = Desk(folder)
        self.desk.reader, self.desk.runner = AtOnce(), AtOnce()
        self.language = language

    def _visit(self, query=(), form=()):
        return Visit(words_of(self.language), Form(tuple(query)), Form(tuple(form)))

    def _do(self, make):
        async def doing():
            found = await make()
            plan = self.desk.plan
            if plan is not None and plan.task is not None and not plan.task.done():
                await plan.task
            return found

        return asyncio.run(doing())

    def see(self, place, **query):
        """What a page shows, as HTML, or the bytes that it sends."""
        page, rest = BY_PLACE.get(place), ""
        if page is None:
            folder, _, rest = place.rpartition("/")
            page = BY_PLACE[f"{folder}/*"]
        visit = Visit(words_of(self.language), Form(tuple(query.items())), Form(), rest)
        return self._answer(page, self._do(lambda: page.show(self.desk, visit)))

    def press(self, place, button, fields):
        """What a button of a page does: the page that comes, or the place that it leads to."""
        page = BY_PLACE[place]
        visit = self._visit(form=(*fields.items(), ("do", button)))
        return self._answer(page, self._do(lambda: page.changes[button](self.desk, visit)))

    def _answer(self, page, found):
        if isinstance(found, Go):
            return found.place
        if isinstance(found, Sent):
            return found.content
        assert isinstance(found, View)
        stands = {
            "place": page.place, "pages": list(BY_PLACE.values()), "folder": "folder", "study_name": "study.toml",
            "study": self.desk.study, "desk": self.desk, "change": "", "notice": "", "problems": [*found.problems],
            "done": {},
        }  # fmt: skip
        return rendered(found.template, words_of(self.language), {**stands, **found.values})


def text_of(html):
    """What is read on a page."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split()).replace("&#39;", "'").replace("&lt;", "<")
