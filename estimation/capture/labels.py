"""What is said of people beside the lists: values, what is not known, and texts for one of several values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.capture.table import BoolArray, IntArray
from estimation.errors import TableError
from estimation.toml_file import nearest

__all__ = ["Label", "in_order", "label_and_codes", "merged_label"]


@dataclass(frozen=True, slots=True)
class Label:
    """What is said of people beside the lists.

    Parameters
    ----------
    name : str
        What it is called, as the heading of its column.
    values : tuple of str, length V
        The values that it has; numbers within them stand in their order.
    sets : tuple of tuple of str
        Of whom it is known only that they have one of some values: these values.
    set_names : tuple of str
        The text that stands for each of the sets.

    The code of a row is the place of its value, V where nothing is known, and V + 1 + i for the i-th of the sets.
    """

    name: str
    values: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...] = ()
    set_names: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str | None, ...]:
        """What each code stands for; None where nothing is known."""
        return (*self.values, None, *self.set_names)

    def allowed(self) -> BoolArray:
        """Which values each code allows, shape (V + 1 + sets, V)."""
        n_values = len(self.values)
        allowed = np.zeros((n_values + 1 + len(self.sets), n_values), dtype=bool)
        allowed[:n_values] = np.eye(n_values, dtype=bool)
        allowed[n_values] = True
        for row, values in enumerate(self.sets, start=n_values + 1):
            allowed[row] = np.isin(self.values, values)
        return allowed


def label_and_codes(
    name: str, given: Sequence[str | None], sets: Mapping[str, Sequence[str]]
) -> tuple[Label, IntArray]:
    """A label, and the code of each row."""
    texts = ["" if value is None else str(value).strip() for value in given]
    different = dict.fromkeys(texts)
    values = sorted((text for text in different if text and text not in sets), key=in_order)
    used = [text for text in different if text in sets]
    label = Label(name, tuple(values), tuple(tuple(sorted(sets[text], key=in_order)) for text in used), tuple(used))
    code = {text: at for at, text in enumerate([*values, "", *used])}
    return label, np.array([code[text] for text in texts], dtype=np.int64)


def merged_label(label: Label, groups: Mapping[str, Sequence[str]]) -> tuple[Label, IntArray]:
    """A label with some of its values made one, and the new code of each old one.

    A text that stands for several values stands for what these have become, and is a value where they are one.

    Parameters
    ----------
    label : Label
        With the values as they are.
    groups : mapping of str to sequence of str
        What values become, by what they are called then.

    Raises
    ------
    TableError
        For a value that there is not, one of two groups, or a name that another value has.

    Examples
    --------
    >>> label, codes = merged_label(Label("month", ("7", "8", "9")), {"summer": ["7", "8"]})
    >>> label.values, codes.tolist()
    (('9', 'summer'), [1, 1, 0, 2])
    """
    _check_groups(label, groups)
    become = {value: name for name, values in groups.items() for value in values}
    values = tuple(sorted({become.get(value, value) for value in label.values}, key=in_order))
    sets = [tuple(sorted({become.get(value, value) for value in each}, key=in_order)) for each in label.sets]
    remaining = [at for at, each in enumerate(sets) if len(each) > 1]
    made = Label(
        label.name, values, tuple(sets[at] for at in remaining), tuple(label.set_names[at] for at in remaining)
    )
    of_values = [values.index(become.get(value, value)) for value in label.values]
    of_sets = [
        len(values) + 1 + remaining.index(at) if at in remaining else values.index(each[0])
        for at, each in enumerate(sets)
    ]
    return made, np.array([*of_values, len(values), *of_sets], dtype=np.int64)


def _check_groups(label: Label, groups: Mapping[str, Sequence[str]]) -> None:
    problems, taken = [], [value for values in groups.values() for value in values]
    for value in dict.fromkeys(taken):
        if value not in label.values:
            problems.append(f"label {label.name!r} has no value {value!r} to merge; {nearest(value, label.values)}")
        if taken.count(value) > 1:
            problems.append(f"label {label.name!r}: {value!r} is merged into two; name it once")
    for name in groups:
        if not name.strip() or (name in label.values and name not in taken):
            problems.append(f"label {label.name!r}: {name!r} is the name of what stays, or empty; choose another name")
    if problems:
        raise TableError("stratified table", problems)


def in_order(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts texts with the numbers in them as numbers.

    Examples
    --------
    >>> sorted(["10-14", "5-9", "0-4", "older"], key=in_order)
    ['0-4', '5-9', '10-14', 'older']
    """
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
