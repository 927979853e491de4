"""Write docs/atlas/index.md: every published figure of the atlas computed again.

Run as ``python scripts/make_atlas_page.py [--workers N]``; it takes minutes.  The program writes every number of the
page.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from estimation.atlas.reproduction import Reproduced, run
from estimation.atlas.study_folder import read_atlas_study

PAGE = Path(__file__).resolve().parents[1] / "docs" / "atlas" / "index.md"

TITLE = "# Atlas of published studies"
OPENING = """\
Each figure that others published about these tables is computed again from the table: *reproduced* where ours is
the same to the last digit that was published, or within three standard errors where a figure was sampled; *not*, with
the reason; *unknown* where the table is not public. {count}

`mse atlas` prints the same for all studies, `mse atlas STUDY` for one, `mse atlas FOLDER` for a folder of your own with
the same files (`data/README.md` describes them), and `--json` for a program. The figures stand in `published.toml` of a
study's folder, with their source.

`mse atlas --out DIR` fits every declared model as well and writes a page a study: the published number beside all of
them, strata beside all people together, thresholds of matching, N/n, the interaction xi of all lists and the odds ratio
of each two lists that a number implies, and what would change it; and a page of the tables whose number of people is
known, with every model's interval.

This page is made by `python scripts/make_atlas_page.py`, and every number on it by the program."""


def page_of(found: Sequence[Reproduced]) -> str:
    """The page."""
    marks = Counter(each.mark for each in found)
    studies = list(dict.fromkeys(each.study for each in found))
    count = (
        f"Of {len(found)} figures of {len(studies)} studies {marks['reproduced']} are reproduced, {marks['not']} are "
        f"not, and {marks['unknown']} are unknown."
    )
    parts = [TITLE, OPENING.format(count=count)]
    parts += ["\n".join(_study(name, [each for each in found if each.study == name])) for name in studies]
    return "\n\n".join(parts) + "\n"


def _study(name: str, found: Sequence[Reproduced]) -> Iterator[str]:
    """The part of one study."""
    study = read_atlas_study(name)
    yield f"## {study.title}\n"
    yield f"`{name}`. {study.published.versions}\n"
    yield "| method | published | ours | mark | reason |\n|---|---:|---:|---|---|"
    for each, figure in zip(found, study.published.figures, strict=True):
        cells = (each.method, figure.in_words, _number(each.ours), each.mark, each.reason)
        yield "| " + " | ".join(cell.replace("|", "/").replace("[", "\\[") for cell in cells) + " |"


def _number(value: float | str | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,.2f}".rstrip("0").rstrip(".")


def main() -> None:
    """Compute the figures and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, default=1, help="processes")
    found = run(workers=parser.parse_args().workers)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page_of(found), encoding="utf-8")


if __name__ == "__main__":
    main()
