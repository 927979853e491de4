"""Commands about counts at one event after another: convert-events, event-form.

Everything heavier than argument parsing is imported inside the command that needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estimation.cli.options import ForceOption, check_written, listed
from estimation.cli.terminal import say
from estimation.errors import SettingError

__all__ = ["app"]

app = typer.Typer()

_COUNTED = ("exactly", "at-least")


@app.command("convert-events")
def convert_events(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="EVENTS", help="A text file or workbook with the columns event, recorded before by, people."
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The table to write, a .csv file.")],
    counted: Annotated[
        str,
        typer.Option(
            metavar="exactly|at-least",
            help="Whether people of a combination were recorded by exactly these earlier events, or by at least these.",
        ),
    ] = "exactly",
    force: ForceOption = False,
) -> None:
    """Turn counts at each event into a table of capture histories.

    For 2 to 10 events in their order: how many people each recorded, and how many of these had been recorded by each
    combination of earlier events.  mse event-form writes an empty file to fill in.
    """
    from estimation.capture.convert_events import convert_events
    from estimation.capture.event_file import read_events

    if counted not in _COUNTED:
        raise SettingError("--counted", [f"{counted!r} is no way to count; say {' or '.join(_COUNTED)}"])
    check_written(out, read=[source], force=force)
    table = convert_events(read_events(source), counted="exactly" if counted == "exactly" else "at least")
    say(table, given=table.lists)
    say(f"  {table.to_csv(out, force=force)}")


@app.command("event-form")
def event_form(
    names: Annotated[str, typer.Argument(metavar="A,B,C", help="The events in their order, with commas.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The form to write, a .csv file.")],
    force: ForceOption = False,
) -> None:
    """Write an empty form for counts at each event by what earlier events recorded."""
    from estimation.capture.event_file import event_form
    from estimation.files import write_output

    check_written(out, force=force)
    say(f"  {write_output(out, event_form(listed(names)), force=force)}")
