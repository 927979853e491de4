"""How often a model's interval holds the true number, as a table and as a picture, from the pages of coverage.

The numbers are those of the pages, which a program writes; nothing is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from estimation.simulation import standard_models

__all__ = ["Coverage", "coverages", "in_words", "mark", "number", "picture"]

DOCS = Path(__file__).parent.parent

_POOLED: Mapping[str, str] = {
    "Hierarchical log-linear over places": "hierarchical-log-linear",
    "Latent classes shared by places": "shared-latent-classes",
    "All people in one table, all pairs, maximum likelihood": "log-linear",
}


@dataclass(frozen=True)
class Coverage:
    """One row of a page of coverage.

    Parameters
    ----------
    page : str
        The page, for a link.
    model : str
        Name of the model.
    label : str
        Label of the row.
    held : mapping of str to str
        By scenario, the per cent of tables whose interval contains the true number, as the page has it.
    """

    page: str
    model: str
    label: str
    held: Mapping[str, str]


def coverages() -> list[Coverage]:
    """The rows of every page that are of one model."""
    found = [*_standard("coverage", "standard"), *_standard("coverage-doubly-robust", "doubly-robust")]
    return [*found, *_pooled("coverage-partial-pooling")]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _standard(page: str, suite: str) -> Iterator[Coverage]:
    """A table with a row a model and a column a scenario: the first of the page."""
    lines = (DOCS / f"{page}.md").read_text(encoding="utf-8").partition("## Coverage")[2].splitlines()
    table = [line for line in lines if line.startswith("|")]
    scenarios = _cells(table[0].replace("|  |", "| |", 1))[1:]
    models = {**standard_models(suite)}
    for line in table[2 : 2 + len(models)]:
        label, *cells = _cells(line)
        label = label.removesuffix(" (bound)")
        if label in models:
            yield Coverage(page, models[label].name, label, dict(zip(scenarios, cells, strict=True)))


def _pooled(page: str) -> Iterator[Coverage]:
    """A table a scenario, with a row a model; the coverage is that of the total."""
    held: dict[str, dict[str, str]] = {label: {} for label in _POOLED}
    scenario = ""
    for line in (DOCS / f"{page}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            scenario = line.removeprefix("## ")
        cells = _cells(line)
        if line.startswith("|") and cells[0] in held:
            held[cells[0]][scenario] = cells[5]
    for label, by_scenario in held.items():
        yield Coverage(page, _POOLED[label], label, by_scenario)


_WIDE, _LEFT, _RIGHT, _ROW, _TOP = 400, 16, 376, 44, 10
_MARKS = (
    '<circle cx="{x:.1f}" cy="{y:.1f}" r="5"/>',
    '<rect x="{left:.1f}" y="{top:.1f}" width="9" height="9"/>',
    '<path d="M{x:.1f} {top:.1f} l5.5 10 h-11 z"/>',
    '<path d="M{x:.1f} {high:.1f} l6 6 -6 6 -6 -6 z"/>',
)
"""Marks are told apart by shape, since nobody should have to tell them apart by colour."""


def picture(rows: Sequence[Coverage], title: str) -> str:
    """An SVG in the page's own colours: a line a scenario, a mark a row, and a line at 95 per cent."""
    scenarios = list(rows[0].held)
    legend = len(rows) if len(rows) > 1 else 0
    high = _TOP + _ROW * len(scenarios) + 34 + 20 * legend
    apart = 4.5 if legend else 0
    said = escape(f"{title}: per cent of intervals that hold the true number. " + "; ".join(map(in_words, rows)))
    parts = [f'<svg class="coverage" role="img" aria-label="{said}" viewBox="0 0 {_WIDE} {high}">']
    base = _TOP + _ROW * len(scenarios)
    for value in (0, 25, 50, 75, 95):
        x = _x(value)
        kind = "nominal" if value == 95 else "grid"
        parts.append(f'<path class="{kind}" d="M{x:.1f} {_TOP - 8} V{base}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{base + 18}" text-anchor="middle">{value} %</text>')
    for at, scenario in enumerate(scenarios):
        y = _TOP + _ROW * at + 28
        parts.append(f'<text x="{_LEFT}" y="{y - 14:.1f}">{escape(scenario)}</text>')
        for place, row in enumerate(rows):
            if value := number(row.held.get(scenario, "")):
                parts.append(
                    f'<g class="mark m{place % 4}">{mark(place, _x(value[0]), y + apart * (place - legend / 2))}</g>'
                )
    for place, row in enumerate(rows[:legend]):
        y = base + 40 + 20 * place
        parts.append(f'<g class="mark m{place % 4}">{mark(place, _LEFT, y)}</g>')
        parts.append(f'<text x="{_LEFT + 14}" y="{y + 4}">{escape(row.label)}</text>')
    return "".join([*parts, "</svg>"])


def in_words(row: Coverage) -> str:
    """A row for who does not see the picture."""
    return f"{row.label}: " + ", ".join(f"{scenario} {cell.replace('*', '')}" for scenario, cell in row.held.items())


def _x(value: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * value / 100


def number(cell: str) -> tuple[float] | None:
    """The per cent that a cell begins with; None where it has none."""
    found = re.match(r"\**(\d+(?:\.\d+)?)", cell)
    return (float(found.group(1)),) if found else None


def mark(place: int, x: float, y: float) -> str:
    """The mark of a row, around a point."""
    return _MARKS[place % 4].format(x=x, y=y, left=x - 4.5, top=y - 4.5, high=y - 6)
