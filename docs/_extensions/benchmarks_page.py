"""The page of benchmarks: what each program measures, from its own documentation."""

from __future__ import annotations

import ast
from pathlib import Path

from docstring_text import as_page_text
from reference_pages import title

__all__ = ["benchmarks_page"]

_FOLDER = Path(__file__).parent.parent.parent / "benchmarks"


def benchmarks_page() -> str:
    """The page."""
    parts = [
        title("Benchmarks"),
        "Programs that measure speed, as ratios against a naive version or a named peer in the same run, and how often "
        "intervals hold. ``make benchmarks`` runs those of speed; seconds are those of the machine they run on, which "
        "is why the pages of evidence have results and this one has none.\n",
    ]
    for path in sorted(_FOLDER.glob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        parts += [title(f"``{path.name}``", "-"), as_page_text(text)]
    return "\n".join(parts)
