"""A plan that is being simulated: what was given, how far it is, and what came of it; only in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from estimation.app.warm import Refused, WarmWorker

__all__ = ["Plan"]


@dataclass(slots=True, eq=False)
class Plan:
    """One simulation of a plan.

    Parameters
    ----------
    given : mapping
        The job as a worker takes it.
    """

    given: Mapping[str, Any]
    done: float = 0.0
    doing: str = ""
    answer: Mapping[str, Any] | None = None
    problems: tuple[str, ...] = ()
    stopped: bool = False
    task: asyncio.Task[None] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it has neither an answer nor a reason for having none."""
        return self.answer is None and not self.problems and not self.stopped

    def begin(self, worker: WarmWorker) -> None:
        """Have a worker do it; the page is answered meanwhile."""
        self.task = asyncio.create_task(self._do(worker))

    async def _do(self, worker: WarmWorker) -> None:
        try:
            self.answer = await worker.ask("plan", self.given, news=self._hear)
        except Refused as refused:
            self.stopped = refused.kind == "Stopped"
            self.problems = () if self.stopped else refused.problems

    def _hear(self, news: Mapping[str, Any]) -> None:
        self.done, self.doing = float(news["done"]), str(news["doing"])

    async def stop(self, worker: WarmWorker) -> None:
        """Stop it: the worker is killed, and another one started for whatever comes next."""
        if not self.is_under_way:
            return
        await worker.stop()
        if self.task is not None:
            await asyncio.wait([self.task], timeout=1)
        await worker.start()
