"""Lists that a model names in its settings: a name that the table lacks is a wrong call, and not data."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model

__all__ = ["NamesLists", "check_named_lists", "lists_in_short", "unknown_lists"]

_NAMED = 8  # lists named in one message


@runtime_checkable
class NamesLists(Protocol):
    """A model whose settings name lists of the table."""

    def wrong_lists(self, table: CaptureTable) -> str | None:
        """What is wrong with the lists that it names, or None where the table has them all.

        Parameters
        ----------
        table : CaptureTable
            Who was seen by which lists.
        """
        ...


def unknown_lists(names: tuple[str, ...] | None, table: CaptureTable) -> str | None:
    """Which of some names are no lists of a table, and what its lists are; None where all are.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["ABA", "HRW"], {"10": 54, "01": 30, "11": 12})
    >>> unknown_lists(("ABA", "HRV"), table)
    'there is no list HRV; the lists are ABA, HRW'
    """
    missing = [name for name in names or () if name not in table.lists]
    return f"there is no list {' or '.join(missing)}; the lists are {lists_in_short(table)}" if missing else None


def lists_in_short(table: CaptureTable) -> str:
    """The names of the lists, the first of them only where there are many.

    Examples
    --------
    >>> lists_in_short(CaptureTable([f"L{j}" for j in range(34)], [], []))
    'L0, L1, L2, L3, L4, L5, L6, L7 and 26 more'
    """
    more = len(table.lists) - _NAMED
    return ", ".join(table.lists[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def check_named_lists(model: Model, table: CaptureTable) -> None:
    """Refuse a model whose settings name lists that a table does not have.

    Within a sensitivity a list may be absent because it was left out; there the model is not estimable, and that is
    an answer.  Where somebody has just typed the name, it is a mistake: call this first.

    Raises
    ------
    SettingError
        Naming them.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import Chapman
    >>> table = CaptureTable.from_histories(["ABA", "HRW"], {"10": 54, "01": 30, "11": 12})
    >>> check_named_lists(Chapman(lists=("ABA", "HRW")), table)
    >>> check_named_lists(Chapman(lists=("ABA", "HRV")), table)
    Traceback (most recent call last):
        ...
    estimation.errors.SettingError: model chapman: there is no list HRV; the lists are ABA, HRW
    """
    wrong = model.wrong_lists(table) if isinstance(model, NamesLists) else None
    if wrong is not None:
        raise SettingError(f"model {model.name}", [wrong])
