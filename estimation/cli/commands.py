"""All commands of `mse`, as one application.

Everything heavier than argument parsing is imported inside the command that needs it, so that ``mse --help`` answers
at once: PyMC, Numba, pandas and matplotlib take seconds to load.
"""

from __future__ import annotations

import typer

from estimation.cli import (
    atlas,
    chart,
    docs,
    events,
    grid,
    linkage,
    open_app,
    review,
    sensitivity,
    side_by_side,
    simulation,
    studies,
    tables,
)
from estimation.cli.ending import Commands
from estimation.cli.output import plain_warnings
from estimation.cli.streams import steady_streams

__all__ = ["app", "run"]

app = typer.Typer(
    name="mse",
    cls=Commands,
    help="Multiple systems estimation: from partial, overlapping lists of people to the number of people, counted and "
    "uncounted, with its interval.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (tables, studies, chart, open_app, sensitivity, linkage, review, grid, side_by_side, events, simulation):
    app.add_typer(part.app)
for part in (atlas, docs):
    app.add_typer(part.app)


def run() -> None:
    """Run the command line; whatever happens becomes a message on standard error and an exit status."""
    with steady_streams(), plain_warnings():
        app()
