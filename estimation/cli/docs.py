"""`mse docs`: the site, from the wheel or from the checkout it was built in, without a network.

A wheel made by ``make wheel`` carries the site in ``estimation/site``; ``make docs`` builds it in ``out/docs``.
"""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from estimation.cli.terminal import say
from estimation.errors import EstimationError

__all__ = ["app", "site_folder"]

app = typer.Typer()

_PACKAGE = Path(__file__).parent.parent


def site_folder(package: Path = _PACKAGE) -> Path | None:
    """The folder of the built site, of a checkout before that of a wheel; None where there is neither."""
    places = (package.parent / "out" / "docs", package / "site")
    return next((place for place in places if (place / "index.html").is_file()), None)


@app.command()
def docs(
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser; print the file to open in one.")
    ] = False,
) -> None:
    """Open the site in a browser: tutorials, how-to, models, reference. No network is used."""
    found = site_folder()
    if found is None:
        message = "the site is not in this installation; in the checkout build it with: make docs"
        raise EstimationError("mse docs", [message])
    page = found / "index.html"
    if no_browser or not webbrowser.open(page.as_uri()):
        say(f"Open this file in a browser: {page}")
    else:
        say(f"The site is open in your browser; if not, open {page} there.")
