"""Draw the pictures of the gallery again: python scripts/draw_gallery.py [CHART ...].

Run from the root of the project.  Each picture is drawn by the lines that stand beside it in the gallery
(``docs/_extensions/gallery.toml``); lines that charts share are run once.  Takes some two minutes.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "docs" / "_extensions"))

from gallery_page import PICTURES, lines_of, plots

import estimation as mse


def draw(lines: str, made: dict[str, dict[str, object]]) -> object:
    """Run lines, and give what the last of them gives; what was run before is not run again."""
    *before, last = ast.parse(lines).body
    names: dict[str, object] = {"mse": mse}
    done = ""
    for statement in before:
        done += ast.unparse(statement) + "\n"
        if done not in made:
            exec(compile(ast.Module([statement], []), "gallery", "exec"), names)
            made[done] = dict(names)
        names = dict(made[done])
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "gallery", "eval"), names)


def main(wanted: list[str]) -> None:
    """Draw the charts that are named, or all."""
    PICTURES.mkdir(exist_ok=True)
    made: dict[str, dict[str, object]] = {}
    for name in wanted or plots():
        with mse.charts.style(width_cm=16):
            chart = draw(lines_of(name), made)
            path = PICTURES / f"{name}.svg"
            chart.figure.savefig(path, metadata={"Date": None, "Creator": None})
        sys.stdout.write(f"{path.name}: {path.stat().st_size / 1024:,.0f} kB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
