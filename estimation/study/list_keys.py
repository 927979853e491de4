"""What a study declares in the place of a table: lists of names, ``[lists.NAME]``, and how they are linked.

::

    [lists.police]                a list of names; the keys are those of `estimation.lists.declared`, and
    file = "police.xlsx"          the file, beside the study file or in a folder below it

    [linkage]                     optional
    decisions = "decisions.csv"   what people decided of pairs of records, beside the study file; or a list of such
    chains = 2                    as in `estimation.linkage.linking.LinkageSettings`
    sweeps = 200

A study has ``table`` or ``[lists]``; ``table`` may be the folder of a linkage (``mse link``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from estimation.capture.declared import Declared
from estimation.errors import StudyError
from estimation.lists.declared import DeclaredList
from estimation.text.characters import name_faults
from estimation.toml_file import Name, Text, checked_keys

__all__ = [
    "DeclaredFile",
    "DeclaredLinkage",
    "declared_file",
    "files_of",
    "linked_problems",
    "list_problems",
    "tables_name",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFile(DeclaredList):
    """A list of names of a study.

    Parameters
    ----------
    file : str
        Its file, from the study file.
    """

    file: Text

    @property
    def declared(self) -> dict[str, object]:
        """What is declared of the list beside its file, by key."""
        return {key: value for key, value in self.given.items() if key != "file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredLinkage:
    """How the lists of a study are linked.

    Parameters
    ----------
    decisions : str or tuple of str
        Names of files of decisions beside the study file, such as one for each reviewer.
    chains, sweeps : int
        As in `estimation.linkage.linking.LinkageSettings`.
    """

    decisions: Name | tuple[Name, ...] = ()
    chains: Annotated[int, Field(ge=2)] = 2
    sweeps: Annotated[int, Field(ge=10)] = 200

    @property
    def decision_names(self) -> tuple[str, ...]:
        """The names of the files of decisions.

        Examples
        --------
        >>> DeclaredLinkage(decisions="one.csv").decision_names, DeclaredLinkage().decision_names
        (('one.csv',), ())
        """
        return (self.decisions,) if isinstance(self.decisions, str) else self.decisions


def declared_file(name: str, declared: Mapping[str, object]) -> DeclaredFile:
    """What a study that need not be finished declares of one list.

    Parameters
    ----------
    name : str
        What the list is called.
    declared : mapping of str to object
        Its keys and their values.

    Raises
    ------
    StudyError
        With every key that there is none of, and every value that does not fit.
    """
    return checked_keys(declared, DeclaredFile, source=f"[lists.{name}]", error=StudyError)


def files_of(lists: Mapping[str, DeclaredFile], linkage: DeclaredLinkage, beside: Path) -> tuple[Path, ...]:
    """The files of lists of names, and those of decisions about them.

    Parameters
    ----------
    lists, linkage
        What is declared.
    beside : Path
        Where the study file lies.
    """
    return *(beside / each.file for each in lists.values()), *(beside / name for name in linkage.decision_names)


def tables_name(name: str, *, synthetic: bool) -> str:
    """What the tables of all draws are called that are stored in the place of the lists.

    Examples
    --------
    >>> tables_name("study.toml", synthetic=False), tables_name("prisons.toml", synthetic=True)
    ('study.tables.csv', 'prisons.synthetic.tables.csv')
    """
    stem = name.rpartition(".")[0] or name
    mark = ".synthetic" if synthetic and "synthetic" not in stem.lower() else ""
    return f"{stem}{mark}.tables.csv"


def list_problems(
    lists: Mapping[str, DeclaredFile], linkage: DeclaredLinkage, beside: Path, *, synthetic: bool
) -> Iterator[str]:
    """What is wrong in these keys where each is right by itself.

    Parameters
    ----------
    lists : mapping of str to DeclaredFile
        What is declared, by the name of the list.
    linkage : DeclaredLinkage
        How they are linked.
    beside : Path
        Where the study file lies.
    synthetic : bool
        Whether the people are invented, as the names of the files must say then.
    """
    for name, n in Counter(linkage.decision_names).items():
        if n > 1:
            yield f"[linkage], key 'decisions' names {name!r} {n} times; name it once"
        if not (beside / name).is_file():
            yield f"[linkage], key 'decisions' is {name!r}, and there is no file {beside / name}"
    for name, declared in lists.items():
        path = beside / declared.file
        at = f"[lists], [{name}]"
        yield from (f"{at}: the name of its file, {path.name!r}, {fault}" for fault in name_faults(path.name))
        if not path.is_file():
            yield f"{at}, key 'file' is {declared.file!r}, and there is no file {path}"
        named_so = "synthetic" in path.name.lower()
        if named_so and not synthetic:
            yield f"the file of list {name!r} is named {path.name!r} and synthetic is not true; add: synthetic = true"
        if synthetic and not named_so:
            yield f"synthetic is true and the file of list {name!r} is {path.name!r}; put 'synthetic' into its name"
        if declared.version_of and declared.version_of not in lists:
            yield f"{at}, key 'version_of' is {declared.version_of!r}, which is none of the lists"


def linked_problems(
    columns: Declared, replicates: object, *, draws_jointly: bool, with_labels: Sequence[str]
) -> Iterator[str]:
    """What goes with one table and not with lists of names that are linked, one sentence each.

    Parameters
    ----------
    columns : Declared
        What is declared under ``[columns]``.
    replicates : object
        What is declared under ``[replicates]``; None without.
    draws_jointly : bool
        Whether missing labels are to be drawn jointly with the numbers of strata.
    with_labels : sequence of str
        Labels of models with covariates.
    """
    if columns.given:
        yield "[columns] is about a table, and what is declared of a list stands in [lists.NAME]; move it there"
    if replicates is not None:
        yield "[replicates] and lists that are linked are two things that were drawn; leave one of them out"
    if draws_jointly:
        yield '[strata] missing = "joint" draws labels for one table; write "impute", which draws them in each draw'
    for label in with_labels:
        yield f"model {label!r} has covariates, which lists that are linked have not; use [strata], or leave it out"
