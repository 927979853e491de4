"""Everything that can be wrong with the labels of a table, one sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from estimation.errors import TableError
from estimation.text.characters import name_faults
from estimation.text.counted import counted
from estimation.toml_file import nearest

if TYPE_CHECKING:
    from estimation.capture.stratified import StratifiedTable

__all__ = ["MOST_VALUES", "cover_problems", "label_problems", "merged_covers"]

MOST_VALUES = 5_000
"""The most values of a label: one with more tells people apart, and no places or months."""

_NAMED = 5


def label_problems(
    labels: Mapping[str, Sequence[str | None]], n_rows: int, sets: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[str]:
    """Everything wrong with the values of labels, and with the texts that stand for several values."""
    problems = [] if labels else ["there is no label; a table without one is a capture table"]
    for name, values in labels.items():
        problems += [f"the label name {name!r} {fault}" for fault in name_faults(name)]
        if len(values) != n_rows:
            problems.append(f"label {name!r} has {len(values):,} values for {n_rows:,} rows; give one a row")
            continue
        stated = _stated(values, sets.get(name, {}))
        if not stated:
            problems.append(f"label {name!r} has no value: it is missing everywhere")
        if len(stated) > MOST_VALUES:
            problems.append(
                f"label {name!r} has {len(stated):,} values; the most is {MOST_VALUES:,}: it seems to tell people apart"
            )
    for name, by_text in sets.items():
        if name not in labels:
            problems.append(f"there is no label {name!r} with texts for several values; {nearest(name, [*labels])}")
            continue
        stated = _stated(labels[name], by_text)
        for text, values in by_text.items():
            unknown = [value for value in values if value not in stated]
            if unknown:
                known = sorted(stated)[:_NAMED]
                problems.append(
                    f"label {name!r}: {text!r} stands for {', '.join(map(repr, unknown))}, which nobody has; values "
                    f"are {', '.join(map(repr, known))}"
                )
            elif len(set(values)) < 2:
                problems.append(f"label {name!r}: {text!r} stands for {len(set(values))} value; name two or more")
    return problems


def _stated(values: Sequence[str | None], sets: Mapping[str, Sequence[str]]) -> set[str]:
    """The values of a label: not what is empty, nor the texts that stand for several values."""
    return {str(value).strip() for value in values if value is not None} - {"", *sets}


def cover_problems(table: StratifiedTable) -> list[str]:
    """Lists that have somebody whom they are said not to have been able to see, and names that are none."""
    problems = []
    for name, by_label in table.covers.items():
        if name not in table.lists:
            problems.append(f"there is no list {name!r} to cover anything; {nearest(name, table.lists)}")
            continue
        on = table.patterns[:, table.lists.index(name)]
        for label_name, values in by_label.items():
            names = [label.name for label in table.labels]
            if label_name not in names:
                problems.append(f"there is no label {label_name!r} that {name!r} covers; {nearest(label_name, names)}")
                continue
            place = names.index(label_name)
            label = table.labels[place]
            problems += [
                f"{name!r} is said to cover {label_name} {value!r}, which nobody has; {nearest(value, label.values)}"
                for value in values
                if value not in label.values
            ]
            covered = np.isin(label.values, values)
            could = np.any(label.allowed() & covered, axis=1).astype(bool)
            people = int(table.counts[on & ~could[table.codes[:, place]]].sum())
            if people:
                problems.append(
                    f"{counted(people, 'person', 'people')} on {name!r} {'has' if people == 1 else 'have'} a "
                    f"{label_name} that it is said not to cover; correct what it "
                    "covers, or the people"
                )
    return problems


def merged_covers(
    table: StratifiedTable, name: str, groups: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """What lists cover where values of a label have become one.

    Raises
    ------
    TableError
        When a list could have seen some of the values that become one and not the others.
    """
    problems, covers = [], {source: dict(by_label) for source, by_label in table.covers.items()}
    for source, by_label in covers.items():
        if name not in by_label:
            continue
        covered = by_label[name]
        for group, values in groups.items():
            within = [value for value in values if value in covered]
            if within and len(within) < len(set(values)):
                problems.append(
                    f"{source!r} covers {', '.join(map(repr, within))} of what becomes {name} {group!r}, and not the "
                    "others; it could not have seen all of it, so leave the list out, or merge other values"
                )
        become = {value: group for group, values in groups.items() for value in values}
        by_label[name] = tuple(dict.fromkeys(become.get(value, value) for value in covered))
    if problems:
        raise TableError("stratified table", problems)
    return covers
