"""The gallery: every chart with its picture and the lines that make it."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docstring_text import first_line
from public_names import names_of, namespace
from reference_pages import title

__all__ = ["PICTURES", "gallery_page", "lines_of", "plots"]

PICTURES = Path(__file__).parent.parent / "_static" / "gallery"
"""Where scripts/draw_gallery.py keeps the pictures."""

_GIVEN: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "gallery.toml").read_text(encoding="utf-8"))


def plots() -> list[str]:
    """The public charts, in the order of the map of ``mse.charts``."""
    text = namespace("charts").__doc__ or ""
    return sorted((name for name in names_of("charts") if name.startswith("plot_")), key=lambda name: text.find(name))


def lines_of(name: str) -> str:
    """The lines that draw a chart, the last of which is the chart."""
    chart = _GIVEN[name]
    parts = [_GIVEN["shared"][need] for need in chart.get("needs", ())]
    return "\n".join(part.strip() for part in [*parts, chart["lines"]])


def gallery_page() -> str:
    """The page."""
    parts = [
        title("Charts"),
        "Every chart of ``mse.charts`` with the lines that draw it; ``import estimation as mse`` stands before each. "
        "Where people are invented, the chart says so. A chart has no title: the caption of a document says what it "
        'shows. ``chart.figure.savefig("chart.svg")`` writes one.\n',
    ]
    for name in filter(_GIVEN.__contains__, plots()):
        said = first_line(getattr(namespace("charts"), name)).replace("`", "")
        parts += [title(name, "-"), f"{said} `estimation.charts.{name}` has every parameter.\n"]
        parts += [f".. figure:: /_static/gallery/{name}.svg", "   :class: chart", f"   :alt: {said}\n"]
        parts += [".. code-block:: python\n", textwrap.indent(lines_of(name), "   ") + "\n"]
    return "\n".join(parts)
