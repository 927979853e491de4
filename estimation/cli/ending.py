"""How a command ends: one exit status for each kind of end, and one place where an error becomes a message.

====  ===========================================================================
0     done
1     something differs (`mse verify`, `mse diff`)
2     bad input or usage, or a file that cannot be read or written
3     no estimate: the table carries none of what was to be estimated
70    a fault of the program, with a message to report
130   stopped by the user
141   the program that read the output has closed it (`mse inspect TABLE | head`)
====  ===========================================================================

A message is on standard error.  With ``--json`` standard output is one JSON object all the same: what a command found,
or ``{"error": {"where": ..., "problems": [...], "exit_status": ...}}``.
"""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer
from typer.core import TyperGroup

from estimation.cli.streams import BAD_INPUT, UNREAD, close_stdout, json_line
from estimation.cli.terminal import say
from estimation.errors import EstimationError
from estimation.provenance import package_version, source_date

__all__ = [
    "BAD_INPUT",
    "DIFFERS",
    "INTERNAL",
    "NOT_ESTIMABLE",
    "STOPPED",
    "UNREAD",
    "Commands",
]

DIFFERS, NOT_ESTIMABLE, INTERNAL, STOPPED = 1, 3, 70, 130

_TRACEBACK = "MSE_TRACEBACK"
_STACK_SIZE = 8  # places of the package that a message of a fault names


class Commands(TyperGroup):
    """The group of all commands: whatever one of them raises becomes a message and an exit status here."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command that was named."""
        as_json = "--json" in ctx.args
        try:
            source_date()  # before a library that reads it too is loaded, and fails
            return super().invoke(ctx)
        except Exception as error:
            if hasattr(error, "exit_code"):  # an end that the command chose, or a usage error, which Typer words
                _explain_usage(error)
                if as_json and hasattr(error, "format_message"):
                    _echo_error("usage", [error.format_message()], error.exit_code)
                raise
            status = _end_of(error, sys.argv[1:])
            if as_json and status != UNREAD:
                _echo_error(*_parts_of(error), status)
            raise typer.Exit(status) from error
        except KeyboardInterrupt:
            say("mse: stopped", err=True)
            if as_json:
                _echo_error("mse", ["stopped"], STOPPED)
            raise typer.Exit(STOPPED) from None


def _explain_usage(error: Exception) -> None:
    """Say of an option or argument that is missing what it is, and of a value that does not fit what it must be."""
    message = getattr(error, "message", "")
    if isinstance(message, str) and message.startswith("Input should be"):
        # Imported here because the models of Pydantic take a tenth of a second, which only a wrong value needs.
        from estimation.toml_file import in_plain_words

        error.message = in_plain_words(message)  # type: ignore[attr-defined]  # Click's own attribute
    about = getattr(getattr(error, "param", None), "help", None)
    if type(error).__name__ == "MissingParameter" and about and not getattr(error, "message", ""):
        error.message = about  # type: ignore[attr-defined]  # Click's own attribute


def _echo_error(where: str, problems: Sequence[str], status: int) -> None:
    """An error as the JSON object that the command could not print."""
    typer.echo(json_line({"error": {"where": where, "problems": list(problems), "exit_status": status}}))


def _parts_of(error: Exception) -> tuple[str, Sequence[str]]:
    """Where the problems are, and each of them, with no word of the data where the program has a fault."""
    if isinstance(error, EstimationError):
        return error.where, error.problems
    if isinstance(error, OSError):
        return _named(error), [error.strerror or str(error)]
    known = "this takes more memory than there is" if isinstance(error, MemoryError) else ""
    stopped = "an answer was needed, or the command was stopped" if isinstance(error, typer.Abort) else ""
    return "mse", [known or stopped or f"internal error: {type(error).__name__}"]


def _end_of(error: Exception, arguments: Sequence[str]) -> int:
    """Say on standard error what happened; gives the exit status."""
    if isinstance(error, EstimationError):
        message, status = f"mse: {error}", BAD_INPUT
    elif isinstance(error, BrokenPipeError):
        close_stdout()
        return UNREAD
    elif isinstance(error, OSError):
        message, status = f"mse: {_named(error)}: {error.strerror or error}", BAD_INPUT
    elif isinstance(error, MemoryError):
        message = "mse: this takes more memory than there is; use a smaller table, fewer draws or fewer lists"
        status = BAD_INPUT
    elif isinstance(error, typer.Abort):
        unread = isinstance(error.__context__, EOFError)
        message = "mse: an answer was needed and the input has ended" if unread else "mse: stopped"
        status = BAD_INPUT if unread else STOPPED
    else:
        message, status = _report_of(error, arguments), INTERNAL
    say(message, err=True)
    return status


def _named(error: OSError) -> str:
    """The file that an error of the operating system is about."""
    return os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else "file"


def _report_of(error: Exception, arguments: Sequence[str]) -> str:
    """A fault of the program as a message to report: where it happened, and no word of the data."""
    if os.environ.get(_TRACEBACK):
        return "".join(traceback.format_exception(error)).rstrip()
    here = Path(__file__).parent.parent
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(here)][-_STACK_SIZE:]
    places = [f"{Path(frame.filename).relative_to(here)}:{frame.lineno} {frame.name}" for frame in own]
    words = [word.partition("=")[0] for word in arguments if word.startswith("--")]
    command = " ".join(["mse", *(word for word in arguments[:2] if word.replace("-", "").isalpha()), *words])
    cause = f" from {type(error.__cause__).__name__}" if error.__cause__ else ""
    return "\n".join(
        [
            "mse: internal error. This is a fault of the program and not of your input; please report these lines:",
            f"  version   mse {package_version()}, Python {platform.python_version()}, {platform.platform()}",
            f"  command   {command}",
            f"  error     {type(error).__name__}{cause}",
            *(f"  at        {place}" for place in reversed(places)),
            f"The whole traceback, which may quote your data: the same command with {_TRACEBACK}=1 before it.",
        ]
    )
