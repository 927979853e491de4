"""The page of the command line: every command with its arguments and options, from the application itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main
from reference_pages import title

from estimation.cli.commands import app

__all__ = ["command_page", "commands"]


def commands() -> dict[str, Any]:
    """Every command by what is typed, those of a group too."""
    return dict(_commands(typer.main.get_command(app), "mse"))


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", {})
    if inner:
        for word, each in inner.items():
            yield from _commands(each, f"{name} {word}")
    else:
        yield name, command


def command_page() -> str:
    """The page."""
    parts = [
        title("Command line"),
        "``mse COMMAND --help`` shows the same in a terminal. Exit status: 0 done; 1 something differs; 2 bad input or "
        "usage; 3 no estimate at all; 70 a fault of the program; 130 stopped.\n",
    ]
    for name, command in commands().items():
        parts += [f".. _{name.replace(' ', '-')}:\n", title(name, "-"), f".. program:: {name}\n"]
        parts += [".. code-block:: text\n", f"   {_usage(name, command)}\n"]
        parts += [_plain(paragraph) + "\n" for paragraph in _paragraphs(command.help or "")]
        for each in command.params:
            if each.name != "help":
                parts += [_option(each)]
    return "\n".join(parts)


def _usage(name: str, command: Any) -> str:
    arguments = [_metavar(each) for each in command.params if _is_argument(each)]
    return " ".join([name, *arguments, "[OPTIONS]"])


def _is_argument(each: Any) -> bool:
    return "Argument" in type(each).__name__


def _metavar(each: Any) -> str:
    name = each.metavar or each.name.upper()
    name = name if each.required or name.startswith("[") else f"[{name}]"
    return f"{name} ..." if each.nargs == -1 and "..." not in name else name


def _paragraphs(text: str) -> list[str]:
    text = text.split("\f")[0]
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _plain(text: str) -> str:
    """A text without marks of its own; ``code`` stays."""
    parts = re.split(r"(``.*?``)", text)
    return "".join(part if part.startswith("``") else re.sub(r"([*`|_\\])", r"\\\1", part) for part in parts)


def _option(each: Any) -> str:
    if _is_argument(each):
        signature = _metavar(each)
    else:
        value = "" if getattr(each, "is_flag", False) else f" <{(each.metavar or each.name).strip('<>[]')}>"
        signature = ", ".join(f"{option}{value}" for option in [*each.opts, *each.secondary_opts])
    text = " ".join((each.help or "").split())
    default = each.default
    shown = None if callable(default) or default in (None, False, (), [], "") or _is_argument(each) else default
    also = f" Default: ``{shown}``." if shown is not None and "default" not in text.lower() else ""
    must = " Must be given." if each.required and not _is_argument(each) else ""
    return f".. option:: {signature}\n\n   {_plain(text)}{also}{must}\n"
