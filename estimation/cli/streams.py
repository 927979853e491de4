"""Standard output and error as the commands need them: of any encoding, closed, full, or with a reader that left."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer

__all__ = ["BAD_INPUT", "UNREAD", "close_stdout", "json_line", "steady_streams"]

BAD_INPUT, UNREAD = 2, 141
"""Exit statuses where the output cannot be written, and where its reader left."""


@contextmanager
def steady_streams() -> Iterator[None]:
    """Standard output and error of any encoding, closed, full, or with a reader that goes away: none is a traceback.

    A character that the stream's encoding lacks is written as its escape.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started this process
            setattr(sys, name, _nowhere())
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    before = _quiet_pipe()
    try:
        yield
    finally:
        _flush()
        if before is not None:
            signal.signal(signal.SIGPIPE, before)


def _quiet_pipe() -> signal.Handlers | None:
    """Let a closed pipe end this process without a word, as it ends other tools; gives what was set before."""
    if not hasattr(signal, "SIGPIPE") or threading.current_thread() is not threading.main_thread():
        return None
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    return before if isinstance(before, signal.Handlers) else None


def _nowhere() -> TextIO:
    """A stream whose text goes nowhere."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _flush() -> None:
    """Write what is still unwritten, here and not while Python ends, where it would be an odd message and status."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        close_stdout()
        sys.exit(UNREAD)
    except OSError as error:
        close_stdout()
        typer.echo(f"mse: standard output: {error.strerror or error}", err=True)
        sys.exit(BAD_INPUT)


def close_stdout() -> None:
    """Send all further output nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # no stream of the operating system
        sys.stdout = _nowhere()
    finally:
        os.close(nowhere)


def json_line(found: object) -> str:
    """An object as one line of JSON that standard output can carry, whatever its encoding is."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("_", "-")
    return json.dumps(found, ensure_ascii=encoding not in {"utf-8", "utf8"}, allow_nan=False)
