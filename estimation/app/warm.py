"""The server's side of a worker: started beforehand, asked, killed to stop it, and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from estimation.app.messages import Message, Plain, packed, receive

if TYPE_CHECKING:
    from estimation.results.as_json import Json

__all__ = ["Refused", "WarmWorker"]

News = Callable[[Mapping[str, Any]], None]


class Refused(Exception):  # noqa: N818 - an answer, which is no error of the program
    """A worker refused what it was given, in words.

    Parameters
    ----------
    where : str
        What the problems are in.
    problems : sequence of str
        One sentence each.
    kind : str
        The class of the error there.
    """

    def __init__(self, where: str, problems: Sequence[str], kind: str = "") -> None:
        super().__init__("; ".join(problems))
        self.where, self.problems, self.kind = where, tuple(problems), kind


class WarmWorker:
    """A worker process that has loaded what it needs before it is asked.

    Parameters
    ----------
    *modules : str
        What it loads at once.
    """

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._number = 0
        self._stopped = False
        self._stops = 0
        self.is_ready = False

    async def start(self) -> None:
        """Start it, if it is not there; nothing is waited for."""
        if self._process is not None and self._process.returncode is None:
            return
        self.is_ready = False
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "estimation.app.worker",
            *self._modules,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=2**20,
        )

    async def ask(self, job: str, given: Mapping[str, Json], body: bytes = b"", *, news: News | None = None) -> Plain:
        """Have something done, after what was asked before.

        Parameters
        ----------
        job : str
            A key of `estimation.app.worker.JOBS`.
        given : mapping of str to object
            What it needs, as JSON has it.
        body : bytes
            A file.
        news : callable, optional
            Told what the worker says on the way.

        Raises
        ------
        Refused
            When the worker refuses, is stopped, or has a fault.
        """
        stops = self._stops
        async with self._turn:
            if stops != self._stops:  # it was stopped while this waited for its turn
                raise Refused("mse", ["stopped"], "Stopped")
            await self.start()
            process = self._process
            assert process is not None
            assert process.stdin is not None
            self._stopped = False
            self._number += 1
            header: dict[str, Json] = {"number": self._number, "job": job, "given": dict(given)}
            try:
                process.stdin.write(packed(Message(header, body)))
                await process.stdin.drain()
                return await self._answer(process, news)
            except (BrokenPipeError, ConnectionResetError):
                raise self._ended({}) from None

    async def _answer(self, process: asyncio.subprocess.Process, news: News | None) -> Plain:
        assert process.stdout is not None
        fault: Mapping[str, Any] = {}
        while (message := await receive(process.stdout)) is not None:
            header = message.header
            if header["is"] == "ready":
                self.is_ready = True
            elif header["is"] == "fault":
                fault = header
            elif header["is"] == "news" and news is not None:
                news(header["news"])  # type: ignore[arg-type]  # as the worker sends it
            elif header["is"] == "refused":
                problems = cast("Sequence[str]", header["problems"])
                raise Refused(str(header["where"]), problems, str(header["kind"]))
            elif header["is"] == "answer":
                return header["answer"]
        await process.wait()
        raise self._ended(fault)

    def _ended(self, fault: Mapping[str, Any]) -> Refused:
        """Why there is no answer."""
        if self._stopped:
            return Refused("mse", ["stopped"], "Stopped")
        if fault:
            at = "; ".join(fault["places"])
            return Refused("mse", [f"a fault of the program and not of your input: {fault['kind']} at {at}"], "Fault")
        return Refused("mse", ["the process that does the work was ended from outside"], "Fault")

    async def stop(self) -> None:
        """Kill it, whatever it does, with all that it has started."""
        self._stops += 1
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        self._stopped = True
        self.is_ready = False
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
