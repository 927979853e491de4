"""A study small enough to run in seconds, and what writes it."""

from pathlib import Path

TABLE = """A,B,C,count
1,0,0,60
0,1,0,50
0,0,1,40
1,1,0,24
1,0,1,20
0,1,1,15
1,1,1,8
"""

STUDY = """
title = "People of a small town"
table = "table.csv"
seed = 7
headline = "Graphs"

[counted]
who = "People"
where = "A small town"
when = "One year"
excludes = "Visitors"

[[model]]
label = "Bound"
name = "heterogeneity"
[model.settings]
model = "Mth-Chao"

[[model]]
label = "Graphs"
name = "decomposable"
[model.settings]
delta = 0.125

[[model]]
label = "Two lists"
name = "chapman"

[[model]]
label = "Coverage"
name = "sample-coverage"

[[reference]]
label = "Census"
source = "The census of the town"
value = 350
lower = 340
upper = 360

[sensitivity]
delta = [0.0625, 0.125, 1]
"""


def write_study(folder: Path, *changes: tuple[str, str], table: str = TABLE, name: str = "study.toml") -> Path:
    """The small study in a folder, with some of its text replaced."""
    text = STUDY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    table_name = next(line.split('"')[1] for line in text.splitlines() if line.startswith("table"))
    (folder / table_name).parent.mkdir(parents=True, exist_ok=True)
    (folder / table_name).write_text(table, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
