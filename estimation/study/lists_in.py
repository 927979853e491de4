"""The lists of names of a study that need not be finished: nobody has to say what a report is called to link them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from estimation.errors import StudyError
from estimation.study.list_keys import DeclaredFile, DeclaredLinkage, files_of, list_problems
from estimation.toml_file import Name, any_toml, checked_keys

__all__ = ["ListsOfStudy", "lists_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsOfStudy:
    """What a study file declares of its lists of names.

    Parameters
    ----------
    lists : dict of str to DeclaredFile
        The lists by name; ``[lists.NAME]`` in the file.
    linkage : DeclaredLinkage
        How they are linked.
    seed : int
        All random numbers start here.
    synthetic : bool
        Whether the people are invented.
    path : Path
        The study file.
    """

    lists: dict[Name, DeclaredFile] = field(default_factory=dict)
    linkage: DeclaredLinkage = field(default_factory=DeclaredLinkage)
    seed: int = 1
    synthetic: bool = False
    path: Path = Path()

    @property
    def linked_files(self) -> tuple[Path, ...]:
        """The files of the lists and of decisions about them."""
        return files_of(self.lists, self.linkage, self.path.parent)


def lists_in(path: str | os.PathLike[str]) -> ListsOfStudy:
    """What a study file declares of its lists of names, whatever else is in it or is not in it yet.

    Raises
    ------
    StudyError
        When it is not TOML, declares no list, or a list as it cannot be; all problems of lists are named together.
    """
    source = Path(path)
    content = any_toml(source, error=StudyError)
    own: dict[str, object] = {key: content[key] for key in ("lists", "linkage", "seed", "synthetic") if key in content}
    found = replace(checked_keys(own, ListsOfStudy, source=str(source), error=StudyError), path=source)
    problems = [*list_problems(found.lists, found.linkage, source.parent, synthetic=found.synthetic)]
    if not found.lists:
        problems = ["there are no lists of names in it; add [lists.NAME] for each"]
    if problems:
        raise StudyError(str(source), problems)
    return found
