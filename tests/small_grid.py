"""A grid small enough to run in a second, and what writes it."""

from pathlib import Path

import numpy as np

STUDY = """
title = "People of small towns"
seed = 7
synthetic = true
headline = "Two lists"

[counted]
who = "People"
where = "Small towns"
when = "One year"
excludes = "Visitors"

[strata]
by = ["town"]

[replicates]
folder = "replicates"

[[model]]
label = "Two lists"
name = "nhoi"
[model.settings]
lists = ["A", "B"]
draws = 1000

[[model]]
label = "Coverage"
name = "sample-coverage"
"""

QUESTIONS = """
[sensitivity]
leave_one_list_out = true
odds_ratio = {pair = ["A", "B"], values = [0.5, 2]}
"""


def rows_of(town: str, seed: int, people: int = 200) -> list[str]:
    """Synthetic people of a town, each on one of three lists at least."""
    seen = np.random.default_rng(seed).random((people, 3)) < (0.5, 0.4, 0.3)
    return [",".join(map(str, row)) + f",{town},0,R" for row in seen[seen.any(axis=1)].astype(int).tolist()]


def write_replicates(folder: Path, *, towns: int = 3, replicates: int = 2) -> Path:
    """Replicates of some towns; the first two are the same towns in all of them, with the same table."""
    folder.mkdir(parents=True)
    for r in range(1, replicates + 1):
        rows = ["in_A,in_B,in_C,town,town_imputed,replica"]
        for t in range(towns):
            rows += [f"{row}{r}" for row in rows_of(f"town {t + 1}", 0 if t < 2 else 100 * t + r)]
        (folder / f"synthetic-R{r}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def write_grid_study(folder: Path, text: str = STUDY, **size: int) -> Path:
    """The study and its replicates in a folder."""
    write_replicates(folder / "replicates", **size)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path
