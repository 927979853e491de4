"""`mse`: the command line, and the only place that parses arguments and prints.

Exit status: 0 done; 1 something differs; 2 bad input or usage (message on standard error); 3 not estimable; 130 stopped
by the user.

Everything heavier than argument parsing is imported inside the command that needs it, so that ``mse --help`` answers
at once: PyMC, Numba, pandas and matplotlib take seconds to load.
"""

from __future__ import annotations

import sys

import typer

from estimation.cli import sensitivity, simulation, studies, tables
from estimation.cli.options import BAD_INPUT
from estimation.cli.output import plain_warnings
from estimation.errors import EstimationError

__all__ = ["app", "main"]

app = typer.Typer(
    name="mse",
    help="Multiple systems estimation: from partial, overlapping lists of people to the number of people, counted and "
    "uncounted, with its interval.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (tables, studies, simulation):
    app.add_typer(part.app)
app.add_typer(sensitivity.app)


def main() -> None:
    """Run the command line; errors of ours become one message on standard error and an exit status."""
    try:
        with plain_warnings():
            app()
    except EstimationError as error:
        typer.echo(f"mse: {error}", err=True)
        sys.exit(BAD_INPUT)
    except OSError as error:
        typer.echo(f"mse: {error.filename or 'file'}: {error.strerror or error}", err=True)
        sys.exit(BAD_INPUT)
