"""`mse`: the command line, and the only place that parses arguments and prints.

How each command ends, and with which exit status, stands in `estimation.cli.ending`.  What parses arguments is itself
loaded by `main`, so that whoever stops `mse` in its first half second stops it quietly.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estimation.cli.commands import app

__all__ = ["app", "main"]


def __getattr__(name: str) -> object:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from estimation.cli import commands

    return commands.app


def main() -> None:
    """Run the command line; whatever happens becomes a message on standard error and an exit status."""
    try:
        from estimation.cli.commands import run

        run()
    except KeyboardInterrupt:  # while libraries are loaded; a command that is stopped says so itself
        sys.stderr.write("mse: stopped\n")
        sys.exit(130)
