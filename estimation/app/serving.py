"""The server: on this machine alone, opened in the user's browser, ended with the page.

uvicorn is imported here alone.  Nothing is logged.  The browser is opened on a file that only its owner can read, which
hands the one-time token over and is removed as soon as that is done: on a command line every user of the machine could
read the token.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import uvicorn

from estimation.app.desk import Desk
from estimation.app.guard import OPENING, Secrets
from estimation.app.web import Clock, application
from estimation.work.pipes import errors_of_pipes

__all__ = ["serve"]

_SILENCE = 15 * 60.0
"""Seconds without a sign of life from a page, and without a run, after which the server ends."""

_TURN = 0.1


def serve(folder: Path, study_name: str, *, tell: Callable[[Path, str], None], browser: bool = True) -> None:
    """Serve the page of a folder until it is closed.

    Parameters
    ----------
    folder : Path
        The folder that is worked in.
    study_name : str
        The name of the study file in it.
    tell : callable
        Told the file to open in a browser, and the address of the page, once it can be opened.
    browser : bool
        Whether a browser is opened.
    """
    with errors_of_pipes(), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        secrets = Secrets(listening.getsockname()[1])
        asyncio.run(_serve(listening, secrets, Desk(folder, study_name), tell, browser))


async def _serve(
    listening: socket.socket, secrets: Secrets, desk: Desk, tell: Callable[[Path, str], None], browser: bool
) -> None:
    clock = Clock()
    config = uvicorn.Config(
        application(desk, secrets, clock),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    for name in ("uvicorn", "uvicorn.error", "asyncio"):  # what would be said there could quote a table
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    server = uvicorn.Server(config)
    with _opening_file(secrets) as file:
        warming = asyncio.create_task(_warm(desk))
        watching = asyncio.create_task(_watch(server, desk, clock, secrets, file))
        opening = asyncio.create_task(_open(server, secrets, file, tell, browser))
        try:
            await server.serve(sockets=[listening])
        finally:
            for task in (warming, watching, opening):
                task.cancel()
            # A worker whose start is cancelled is ended by its start: without waiting for that it would be left behind.
            await asyncio.gather(warming, watching, opening, return_exceptions=True)
            await desk.close()


async def _warm(desk: Desk) -> None:
    await desk.warm()
    await desk.runner.ask("warm", {})


async def _open(
    server: uvicorn.Server, secrets: Secrets, file: Path, tell: Callable[[Path, str], None], browser: bool
) -> None:
    """Tell where the page is, and open it, once it can be opened."""
    while not server.started:
        await asyncio.sleep(0.01)
    tell(file, secrets.origin)
    if browser:
        await asyncio.to_thread(webbrowser.open, file.as_uri())


async def _watch(server: uvicorn.Server, desk: Desk, clock: Clock, secrets: Secrets, file: Path) -> None:
    """Remove the file once the token is used; end where the page was closed, or nobody has looked for long."""
    while True:
        await asyncio.sleep(_TURN)
        if secrets.token is None:
            file.unlink(missing_ok=True)
        busy = any(work is not None and work.is_under_way for work in (desk.run, desk.plan))
        if clock.closed or (not busy and monotonic() - clock.heard > _SILENCE):
            server.should_exit = True
            return


@contextmanager
def _opening_file(secrets: Secrets) -> Iterator[Path]:
    """A page that hands the token over, which only this user can read."""
    run = os.environ.get("XDG_RUNTIME_DIR")
    folder = run if run and os.access(run, os.W_OK) else None
    descriptor, name = tempfile.mkstemp(prefix="mse-open-", suffix=".html", dir=folder)  # with mode 0600
    file = Path(name)
    try:
        address = f"{secrets.origin}{OPENING}?token={secrets.token}"
        html = f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={address}">'
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(f'{html}<p><a href="{address}">mse app</a></p>\n')
        yield file
    finally:
        file.unlink(missing_ok=True)
