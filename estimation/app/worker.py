"""A process that has loaded the package beforehand, and does what the server asks of it, one thing at a time.

``python -m estimation.app.worker MODULE ...`` loads the modules and then waits.
The server asks on standard input and is answered on standard output
(`estimation.app.messages`).  It is killed to stop it, with all processes that it has started, and ends by itself when
the server does, however that ends.  It writes no file but the results of a study, and nothing to a log.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from estimation.app.messages import Message, packed, read_message
from estimation.errors import EstimationError

if TYPE_CHECKING:
    from estimation.results.as_json import Json

__all__ = ["JOBS", "Tell", "main"]

Tell = Callable[[Mapping[str, "Json"]], None]
"""Tells the server something while work goes on."""

JOBS: Mapping[str, str] = {
    "read": "estimation.app.jobs.reading:read",
    "look": "estimation.app.jobs.reading:look",
    "models": "estimation.app.jobs.models:models",
    "name_files": "estimation.app.jobs.names:name_files",
    "sections": "estimation.app.jobs.names:sections",
    "accounts": "estimation.app.jobs.names:accounts",
    "review": "estimation.app.jobs.names:review",
    "pairs": "estimation.app.jobs.side_by_side:pairs",
    "heterogeneity": "estimation.app.jobs.side_by_side:heterogeneity",
    "graphs": "estimation.app.jobs.side_by_side:graphs",
    "graphs_help": "estimation.app.jobs.side_by_side:graphs_help",
    "picture": "estimation.app.jobs.side_by_side:picture",
    "plan_help": "estimation.app.jobs.planning:plan_help",
    "plan": "estimation.app.jobs.planning:plan",
    "form": "estimation.app.jobs.planning:form",
    "convert": "estimation.app.jobs.planning:convert",
    "check": "estimation.app.jobs.checks:check",
    "run": "estimation.app.jobs.studies:run",
    "warm": "estimation.app.jobs.studies:warm",
}
"""What a worker can do: module and function; the function is given what was asked, a file, and `Tell`."""


def main() -> None:
    """Answer until nobody asks any more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:  # a library that prints must not print into an answer
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def tell(header: Mapping[str, Json], body: bytes = b"") -> None:
        answers.write(packed(Message(header, body)))
        answers.flush()

    sys.excepthook = _fault_of(tell)
    requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    warnings.simplefilter("ignore")
    for module in sys.argv[1:]:
        importlib.import_module(module)
        while not requests.empty():  # what needs no more than is loaded is answered before the rest is loaded
            _answer(requests.get(), tell)
    tell({"is": "ready"})
    while True:
        message = requests.get()
        _answer(message, tell)


def _listen(stream: BinaryIO, requests: queue.SimpleQueue[Message]) -> None:
    """Take what is asked, whatever is being done meanwhile; end with the server, and take along what was started."""
    while (message := read_message(stream)) is not None:
        requests.put(message)
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def _answer(message: Message, tell: Tell) -> None:
    """Do one thing and say what came of it."""
    number = message.header["number"]
    module, _, name = JOBS[str(message.header["job"])].partition(":")
    work = getattr(importlib.import_module(module), name)

    def on_the_way(news: Mapping[str, Json]) -> None:
        tell({"is": "news", "number": number, "news": dict(news)})

    given = message.header["given"]
    try:
        answer = work(given, message.body, on_the_way)
    except EstimationError as error:
        refused: dict[str, Json] = {"where": error.where, "problems": [*error.problems]}
        tell({"is": "refused", "number": number, "kind": type(error).__name__, **refused})
    except OSError as error:
        what = Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes) else "file"
        problem = f"{what}: {error.strerror or error}"
        tell({"is": "refused", "number": number, "kind": "OSError", "where": what, "problems": [problem]})
    except MemoryError:
        problem = "this takes more memory than there is; use a smaller table, fewer draws or fewer lists"
        tell({"is": "refused", "number": number, "kind": "MemoryError", "where": "mse", "problems": [problem]})
    else:
        tell({"is": "answer", "number": number, "answer": answer})


def _fault_of(tell: Tell) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What becomes of a fault of the program: where it happened, and no word of the data; the process then ends."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        del error
        here = Path(__file__).parent.parent
        frames = [frame for frame in traceback.extract_tb(trace) if Path(frame.filename).is_relative_to(here)]
        places = [f"{Path(frame.filename).relative_to(here)}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
        tell({"is": "fault", "kind": kind.__name__, "places": [*reversed(places)]})

    return hook


if __name__ == "__main__":
    main()
