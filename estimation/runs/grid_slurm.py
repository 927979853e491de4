"""A script for SLURM: the parts of a grid as an array of jobs, for whoever has a queue and no cluster of Dask."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

__all__ = ["SCRIPT", "slurm_script"]

SCRIPT = "grid.slurm"


def slurm_script(command: Sequence[str], out: Path, *, parts: int, workers: int) -> str:
    r"""The text of the script.

    Each task of the array does its part of the jobs and stores the answers in the folder of the grid, which all
    machines must see; a task that was stopped goes on where it stopped when it is submitted again.

    Parameters
    ----------
    command : sequence of str
        The words of the command without part and workers, for example ``mse grid study.toml --out out``.
    out : Path
        The folder of the grid.
    parts : int
        Tasks of the array.
    workers : int
        Processes of each.

    Examples
    --------
    >>> print(slurm_script(["mse", "grid", "s.toml", "--out", "o"], Path("o"), parts=10, workers=4).splitlines()[-2])
    exec mse grid s.toml --out o --part "$SLURM_ARRAY_TASK_ID" --parts 10 \
    """
    words = " ".join(shlex.quote(word) for word in command)
    return "\n".join(
        [
            "#!/bin/bash",
            "#SBATCH --job-name=mse-grid",
            f"#SBATCH --array=0-{parts - 1}",
            "#SBATCH --ntasks=1",
            f"#SBATCH --cpus-per-task={workers}",
            "#SBATCH --mem-per-cpu=2G",
            "#SBATCH --time=04:00:00",
            f"#SBATCH --output={_unquoted(out)}/slurm-%A-%a.out",
            "# Add --partition and --account as your cluster wants them, and the line that finds mse (module, venv).",
            "set -euo pipefail",
            "export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1",
            f'exec {words} --part "$SLURM_ARRAY_TASK_ID" --parts {parts} \\',
            f'  --workers "${{SLURM_CPUS_PER_TASK:-{workers}}}"',
            "",
        ]
    )


def _unquoted(path: Path) -> str:
    """A path in a line that is no line of the shell: with blanks escaped, as SLURM reads them."""
    return str(path).replace(" ", "\\ ")
