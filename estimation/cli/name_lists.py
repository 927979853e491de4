"""What `mse inspect` prints of a list of names: its account, with rows by number and, unless wanted, without a name.

Everything heavier than argument parsing is imported inside the function that needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from estimation.capture.declared import Declared
from estimation.cli.terminal import print_table, say

if TYPE_CHECKING:
    from estimation.lists.account import ListAccount

__all__ = ["is_name_list", "print_names"]


def is_name_list(table: str, declared: Declared) -> bool:
    """Whether a command was given a list of names: a file with a column of names, of which no list is declared."""
    from estimation.lists.recognised import holds_names

    return Path(table).is_file() and set(declared.given) <= {"sheet", "encoding"} and holds_names(table)


def print_names(table: str, declared: Declared, *, names: bool) -> None:
    """Print the account of each list in a file.

    Parameters
    ----------
    table : str
        The file.
    declared : Declared
        Of which the sheet and the encoding are used.
    names : bool
        Whether the most common names are printed, too.
    """
    from estimation.lists.account import inspect_names
    from estimation.lists.declared import DeclaredList
    from estimation.lists.readers import name_lists_of

    of_list = DeclaredList(sheet=declared.sheet, encoding=declared.encoding, undecided="missing")
    for at, each in enumerate(name_lists_of(table, of_list, door="command line")):
        if at:
            say("")
        _print_account(inspect_names(each, names=names))


def _print_account(account: ListAccount) -> None:
    given = [heading for _, heading in account.columns]
    say(f"List {account.name}", given=[account.name])
    for sentence in account.sentences:
        say(f"- {sentence}")
    if account.columns:
        say("")
        print_table(
            "What the columns were taken for", ("column", "holds"), [(h, k) for k, h in account.columns], given=given
        )
    if account.set_aside:
        say(f"Not used: {', '.join(account.set_aside)}", given=account.set_aside)
    rows = [(field, f"{n:,}", f"{n / max(1, account.n_linkable):.0%}") for field, n in account.completeness if n]
    say("")
    print_table("Given in records that can be linked", ("field", "records", "share"), rows)
    if account.common:
        values = [(heading, ", ".join(f"{value} ({n:,})" for value, n in common)) for heading, common in account.common]
        say("")
        print_table("Most common values", ("column", "values (rows)"), values, words=(0, 1))
    for title, sentences in (
        (
            "To be decided or corrected (they are missing until then).  Say it where the list is linked, with mse link "
            f"--declare '{account.name}:KEY=VALUE', or in a study under [lists.{account.name}]:",
            account.problems,
        ),
        ("To look at:", account.notes),
    ):
        if sentences:
            say(f"\n{title}", given=[account.name])
            for sentence in sentences:
                say(f"- {sentence}", given=given)
