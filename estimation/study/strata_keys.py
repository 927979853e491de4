"""What a study declares of strata: the keys of ``[strata]`` and of ``[covers]``.

::

    [strata]
    by = ["prison", "month"]      the columns whose values make a stratum
    missing = "refuse"            what becomes of people whose label is missing (`estimation.strata.by_stratum`)
    imputations = 20              how often missing labels are drawn, where they are
    imputed_by = "hot deck"       from people with the same history, or by a "model" that borrows where these are few
    least = 1                     people of a stratum that a list must have to be in its table
    time = "month"                the label that is time, for the chart along it; optional

    [[strata.model]]              a model of strata alone, beside the study's own: one that lets strata borrow from each
    label = "Pooled"              other (`estimation.strata.registry`), or any other; label, name, and settings as in a
    name = "hierarchical-log-linear"                       [[model]]

    [strata.merge.month]          values of a column that become one
    autumn = ["1988-09", "1988-10"]

    [strata.sets.agent]           texts of a column that stand for one of several values, not known which
    "state or unknown" = ["state", "unknown"]

    [strata.map]                  a map of the number by place; optional
    boundaries = "provinces.geojson"     beside the study file
    label = "province"            the label whose values are places
    property = "name"             the property of a boundary that has the name of its place

    [covers.letters]              a list that could not have seen everybody, and the values that it could have seen
    prison = ["Evin"]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from estimation.capture.declared import Labels
from estimation.capture.stratified import StratifiedTable
from estimation.errors import SettingError
from estimation.strata.boundaries import boundaries_of
from estimation.strata.by_stratum import Missing
from estimation.strata.missing_labels import ImputedBy
from estimation.study.declared_model import DeclaredModel
from estimation.toml_file import Name, Text, nearest

__all__ = ["Covers", "DeclaredMap", "DeclaredStrata", "labels_of", "map_problems", "strata_problems"]

_Values = Annotated[tuple[Text, ...], Field(min_length=1)]

Covers = dict[Text, dict[Text, _Values]]
"""By list and label, the values that the list could have seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMap:
    """A map of the number by place.

    Parameters
    ----------
    boundaries : str
        Name of a GeoJSON file beside the study file.
    label : str
        The label whose values are places.
    property : str, optional
        The property of a boundary that has the name of its place; by default the one that has the most of them.
    """

    boundaries: Name
    label: Text
    property: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredStrata:
    """By what a study divides its people, and what becomes of those whose label is missing.

    Parameters
    ----------
    by : tuple of str
        The columns whose values make a stratum.
    missing, imputations, imputed_by, least
        As in `estimation.strata.estimate_by`.
    time : str, optional
        The label that is time.
    sets : mapping of str to mapping of str to tuple of str
        By label, the texts that stand for one of several values.
    merge : mapping of str to mapping of str to tuple of str
        By label, the values that become one, by what they are called then.
    map : DeclaredMap, optional
        A map by place.
    declared : tuple of DeclaredModel
        The models of strata alone; ``[[strata.model]]`` in the file.
    """

    by: Annotated[tuple[Text, ...], Field(min_length=1)]
    missing: Missing = "refuse"
    imputations: Annotated[int, Field(ge=2)] = 20
    imputed_by: ImputedBy = "hot deck"
    least: Annotated[int, Field(ge=1)] = 1
    time: Text | None = None
    sets: dict[Text, dict[Text, Annotated[tuple[Text, ...], Field(min_length=2)]]] = field(default_factory=dict)
    merge: dict[Text, dict[Text, _Values]] = field(default_factory=dict)
    map: DeclaredMap | None = None
    declared: Annotated[tuple[DeclaredModel, ...], Field(alias="model")] = ()

    def merged(self, table: StratifiedTable) -> StratifiedTable:
        """The table with the values that become one."""
        for label, groups in self.merge.items():
            table = table.merge(label, groups)
        return table


def labels_of(
    strata: DeclaredStrata | None, covers: Mapping[str, Mapping[str, tuple[str, ...]]], covariates: Sequence[str]
) -> Labels | None:
    """The columns of the table that are labels, and what is declared about them; None where there are none.

    Parameters
    ----------
    strata, covers
        What is declared.
    covariates : sequence of str
        The labels that models name.
    """
    by_cover = [label for by_label in covers.values() for label in by_label]
    names = tuple(dict.fromkeys([*(() if strata is None else strata.by), *by_cover, *covariates]))
    return Labels(names, {} if strata is None else strata.sets, covers) if names else None


def strata_problems(
    strata: DeclaredStrata | None, covers: Mapping[str, Mapping[str, tuple[str, ...]]], folder: Path
) -> Iterator[str]:
    """What is wrong in these keys where each is right by itself.

    Parameters
    ----------
    strata, covers
        What is declared.
    folder : Path
        Where the study file lies.
    """
    if strata is None:
        if covers:
            yield "[covers] says which strata a list could have seen, and there are none; add [strata] with by = [...]"
        return
    for name in dict.fromkeys(name for name in strata.by if strata.by.count(name) > 1):
        yield f"[strata] by: {name!r} is named twice; name each label once"
    named = {"time": strata.time, "map: label": None if strata.map is None else strata.map.label}
    for key, label in named.items():
        if label is not None and label not in strata.by:
            yield f"[strata] {key}: {label!r} is no label of by; {nearest(label, strata.by)}"
    for key, by_label in (("sets", strata.sets), ("merge", strata.merge)):
        for label in by_label:
            if label not in strata.by:
                yield f"[strata] {key}: {label!r} is no label of by; {nearest(label, strata.by)}"
    if strata.map is not None and not (folder / strata.map.boundaries).is_file():
        yield f"[strata] map: boundaries is {strata.map.boundaries!r}, and there is no such file beside the study file"


def map_problems(strata: DeclaredStrata, table: StratifiedTable, folder: Path) -> list[str]:
    """What keeps the places of a table off the declared map; nothing without a map.

    Parameters
    ----------
    strata : DeclaredStrata
        What is declared.
    table : StratifiedTable
        The people of the study, with the values that become one.
    folder : Path
        Where the study file lies.
    """
    if strata.map is None:
        return []
    names = table.label(strata.map.label).values
    try:
        boundaries_of(folder / strata.map.boundaries, names, property=strata.map.property)
    except SettingError as error:
        return [f"[strata] map: {error.where}: {problem}" for problem in error.problems]
    return []
