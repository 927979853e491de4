"""A pipe or a socket whose other end is gone is an error, and not the end of this process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["errors_of_pipes"]


@contextmanager
def errors_of_pipes() -> Iterator[None]:
    """What is written to a process or a browser that has gone raises, where a command would end without a word."""
    if not hasattr(signal, "SIGPIPE") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGPIPE, before)
