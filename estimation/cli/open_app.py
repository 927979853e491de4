"""The command that opens a page in the browser: a study without typing commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estimation.cli.terminal import say
from estimation.errors import OutputError, SettingError

__all__ = ["app"]

app = typer.Typer()


@app.command(name="app")
def open_app(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Folder to work in, or a study file in it.", show_default=False)
    ] = Path(),
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser; print the file that opens the page.")
    ] = False,
) -> None:
    """Open a page in the browser: from a file to a report without typing commands.

    Everything stays on this machine, and no network is used.
    What is chosen on the page is written into study.toml in the folder, which mse run turns into the same numbers.
    The page answers the browser window that it was opened in and nobody else.
    """
    try:
        from estimation.app.serving import serve
    except ModuleNotFoundError as error:
        message = f"this needs {error.name}, which is not installed: pip install 'estimation[app]'"
        raise SettingError("mse app", [message]) from None
    place, study = (folder.parent, folder.name) if folder.suffix == ".toml" else (folder, "study.toml")
    if not place.is_dir():
        raise OutputError(str(place), ["there is no such folder; make it first"])

    def tell(file: Path, address: str) -> None:
        if no_browser:
            say(f"Open this file in a browser on this machine: {file}")
        else:
            say(f"The page is open at {address} in your browser; if not, open {file} there.")
        say("It ends with its button Close, or with Ctrl-C here.")

    serve(place.resolve(), study, tell=tell, browser=not no_browser)
