"""What a study declares of imputed replicates: the keys of ``[replicates]``.

::

    [replicates]
    folder = "replicates"         the folder of the files, from the study file; or
    files = ["R1.parquet", ...]   the files
    manifest = "SHA256SUMS"       checksums that they must have (`estimation.strata.replicate_manifest`); by default
                                  SHA256SUMS beside them, where it is there
    rule = "stacked"              how their answers are pooled (`estimation.results.pool`)

A study with replicates needs no ``table``; it is run by ``mse grid``, which reads all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from estimation.errors import TableError
from estimation.results.pool import PoolRule
from estimation.strata.replicates import replicate_files
from estimation.toml_file import Text

__all__ = ["DeclaredReplicates", "replicate_problems"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredReplicates:
    """The replicates of a study.

    Parameters
    ----------
    folder : str, optional
        The folder of the files.
    files : tuple of str
        The files, where they are not all of a folder.
    manifest : str, optional
        The checksums that they must have.
    rule : {"stacked", "rubin", "truth commission"}
        How their answers are pooled.
    """

    folder: Text | None = None
    files: tuple[Text, ...] = ()
    manifest: Text | None = None
    rule: PoolRule = "stacked"

    def paths(self, beside: Path) -> list[Path]:
        """Where the files are, for a study file that lies in ``beside``.

        Raises
        ------
        TableError
            When the folder is not there, or no table is in it.
        """
        return replicate_files(beside / self.folder) if self.folder is not None else [beside / f for f in self.files]


def replicate_problems(replicates: DeclaredReplicates | None, beside: Path, *, synthetic: bool) -> Iterator[str]:
    """What is wrong in these keys where each is right by itself.

    Parameters
    ----------
    replicates : DeclaredReplicates or None
        What is declared.
    beside : Path
        Where the study file lies.
    synthetic : bool
        Whether the people are invented, as the names of the files must say then.
    """
    if replicates is None:
        return
    if (replicates.folder is None) == (not replicates.files):
        yield "[replicates] needs folder or files, and one of the two; name the folder, or each file"
        return
    try:
        paths = replicates.paths(beside)
    except TableError as error:
        yield f"[replicates] folder is {replicates.folder!r}: {'; '.join(error.problems)}"
        return
    for path in paths:
        if not path.is_file():
            yield f"[replicates] files: there is no file {path}"
    named_so = [path.name for path in paths if "synthetic" in path.name.lower()]
    if named_so and not synthetic:
        yield f"a replicate is named {named_so[0]!r} and synthetic is not true; add: synthetic = true"
    if synthetic and len(named_so) < len(paths):
        other = next(path.name for path in paths if path.name not in named_so)
        yield f"synthetic is true and a replicate is named {other!r}; put 'synthetic' into its name"
    if replicates.manifest is not None and not (beside / replicates.manifest).is_file():
        yield f"[replicates] manifest is {replicates.manifest!r}, and there is no file {beside / replicates.manifest}"
