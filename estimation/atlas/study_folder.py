"""A study of the atlas: a folder with a table, a study file and the figures that were published.

Packaged studies are the folders of ``data/`` that have a file ``published.toml``; a folder of one's own with the same
files is read in the same way.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from estimation.atlas.published import Published, read_published
from estimation.capture.datasets import data_folder
from estimation.capture.readers import read_table_file
from estimation.errors import StudyError
from estimation.study.study_file import Study, read_study

__all__ = ["AtlasStudy", "check_names", "read_atlas_study", "study_names"]

_PUBLISHED, _STUDY, _TABLE = "published.toml", "study.toml", "table.csv"


@dataclass(frozen=True, slots=True)
class AtlasStudy:
    """A published study.

    Parameters
    ----------
    name : str
        Name of its folder.
    folder : Path
        Where its files are.
    published : Published
        The figures that were published.
    study : Study or None
        Its table and the models declared for it; None where the table is not public.
    """

    name: str
    folder: Path
    published: Published
    study: Study | None

    @property
    def title(self) -> str:
        """What the study is about."""
        return self.published.title or (self.study.title if self.study else self.name)

    @property
    def published_file(self) -> Path:
        """The file of its published figures."""
        return self.folder / _PUBLISHED

    @property
    def frequencies_file(self) -> Path | None:
        """The file of how often people were captured, where nothing says by which lists."""
        return None if self.published.frequencies is None else (self.folder / self.published.frequencies).resolve()

    @property
    def n_lists(self) -> int:
        """Lists of the study's own table; 0 where it is not public, or where only numbers of captures are."""
        if self.study is None:
            return 0
        return len(
            read_table_file(self.study.table, self.study.columns, door="study", strata=self.study.labels).table.lists
        )

    def table_file(self, name: str | None) -> Path:
        """The file of a table by its name; without one the study's own, or ``table.csv`` where it has no study file.

        A file ``table.xlsx``, or of another kind, is taken where it is the only one called ``table``.

        Parameters
        ----------
        name : str or None
            Name of the table.

        Raises
        ------
        StudyError
            When the study has no table.
        """
        if name is not None:
            return (self.folder / name).resolve()
        if self.study is not None:
            return self.study.table.resolve()
        if (self.folder / _TABLE).is_file():
            return (self.folder / _TABLE).resolve()
        others = sorted(path for path in self.folder.glob(f"{Path(_TABLE).stem}.*") if path.is_file())
        if len(others) == 1:
            return others[0].resolve()
        problem = f"there is no {_STUDY} and no {_TABLE} beside this file; add one, or name another: table = ..."
        raise StudyError(str(self.published_file), [problem])


def study_names() -> tuple[str, ...]:
    """Names of the packaged studies, in alphabetical order.

    Examples
    --------
    >>> "kosovo" in study_names()
    True
    """
    return tuple(sorted(path.parent.name for path in data_folder().glob(f"*/{_PUBLISHED}")))


def read_atlas_study(name: str | os.PathLike[str]) -> AtlasStudy:
    """A study by its name, or from a folder.

    Parameters
    ----------
    name : str or path
        The name of a packaged study, or the path of a folder with ``published.toml`` and, where the table is public,
        ``study.toml`` and the table that it names.

    Raises
    ------
    StudyError
        When there is no such study (the message names those with a name like it) and no such folder, or a file in it
        cannot be read: with the file, the key and the place in it.
    TableError
        When a packaged study's table cannot be read.

    Examples
    --------
    >>> read_atlas_study("kosovo").study.headline
    'Latent classes'
    """
    folder = _folder(name)
    published = read_published(folder / _PUBLISHED)
    study_file = folder / _STUDY
    study = read_study(study_file) if study_file.is_file() else None
    found = AtlasStudy(folder.resolve().name, folder, published, study)
    if any(figure.computed and figure.computed.table is None for figure in published.figures):
        found.table_file(None)
    return found


def check_names(studies: Sequence[AtlasStudy]) -> None:
    """Refuse a study that is named twice, and folders of one name, which nothing would tell apart.

    Parameters
    ----------
    studies : sequence of AtlasStudy
        The studies.

    Raises
    ------
    StudyError
        When two have the same name.
    """
    by_name: dict[str, AtlasStudy] = {}
    for study in studies:
        other = by_name.setdefault(study.name, study)
        if other is study:
            continue
        if other.folder.resolve() == study.folder.resolve():
            raise StudyError(study.name, ["this study is named twice; name it once"])
        folders = f"{other.folder} and {study.folder}"
        raise StudyError(study.name, [f"two studies have this name, {folders}; rename a folder, or run one at a time"])


def _folder(name: str | os.PathLike[str]) -> Path:
    """The folder of a study."""
    packaged = study_names()
    if isinstance(name, str) and name in packaged:
        return data_folder() / name
    folder = Path(name)
    if folder.name == _PUBLISHED and folder.is_file():
        folder = folder.parent
    if folder.is_dir():
        if (folder / _PUBLISHED).is_file():
            return folder
        inside = sorted(path.parent.name for path in folder.glob(f"*/{_PUBLISHED}"))
        what = f"name the studies in it ({', '.join(inside)}): mse atlas {folder}/*" if inside else "add one"
        raise StudyError(str(folder), [f"this folder has no {_PUBLISHED}, the file of published figures; {what}"])
    if folder.is_file():
        raise StudyError(str(folder), [f"this is a file; name the folder of a study, which has {_PUBLISHED}"])
    near = difflib.get_close_matches(str(name).lower(), packaged, n=5, cutoff=0.5)
    near = list(dict.fromkeys([*near, *(each for each in packaged if str(name).lower() in each)]))
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(packaged)}"
    raise StudyError("atlas", [f"there is no study {str(name)!r}, and no folder of that name; {hint}"])
