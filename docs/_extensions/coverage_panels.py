"""Every model in every scenario of the coverage study in one picture: a row a model, a panel a scenario.

The numbers are those of the page of coverage, which a program writes; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap

from coverage_pictures import Coverage, coverages, in_words, mark, number
from docutils import nodes
from docutils.parsers.rst import Directive

__all__ = ["CoveragePanels", "panels"]

_LABELS, _PANEL, _APART = 258, 72, 26
_HEAD, _ROW = 70, 25
_HOLDS, _FAILS = 0, 3
"""Places of the marks, which differ in shape: a circle and a diamond."""


class CoveragePanels(Directive):
    """``coverage-panels``: the picture of the standard suite of the coverage study."""

    def run(self) -> list[nodes.Node]:
        """The picture, as a figure that moves sideways by itself where the window is narrow."""
        rows = [row for row in coverages() if row.page == "coverage"]
        return [nodes.raw("", f"<figure>{panels(rows)}</figure>", format="html")]


def panels(rows: Sequence[Coverage]) -> str:
    """An SVG in the page's own colours: how far each mark is from the line at 95 is how far the interval fails."""
    scenarios = list(rows[0].held)
    wide = _LABELS + (_PANEL + _APART) * len(scenarios)
    base = _HEAD + _ROW * len(rows)
    said = escape("Per cent of intervals that contain the true number. " + "; ".join(map(in_words, rows)))
    parts = [f'<svg class="coverage panels" role="img" aria-label="{said}" viewBox="0 0 {wide} {base + 76}">']
    parts += [f'<text x="0" y="{_middle(at) + 4}">{escape(row.label)}</text>' for at, row in enumerate(rows)]
    for place, scenario in enumerate(scenarios):
        left = _LABELS + (_PANEL + _APART) * place
        parts += _panel(left, base, scenario, [row.held[scenario] for row in rows])
    for line, (shape, words) in enumerate(
        ((_HOLDS, "at or above 95 %, or below it by chance"), (_FAILS, "below 95 % by more than 3 standard errors"))
    ):
        y = base + 40 + 20 * line
        parts += [_marked(shape, 6, y), f'<text x="18" y="{y + 4}">{words}</text>']
    return "".join([*parts, "</svg>"])


def _panel(left: float, base: float, scenario: str, cells: Sequence[str]) -> Iterator[str]:
    lines = wrap(scenario, 12)
    for line, words in enumerate(lines):
        yield f'<text x="{left}" y="{_HEAD - 14 - 15 * (len(lines) - 1 - line)}">{escape(words)}</text>'
    for value, kind in ((0, "grid"), (50, "grid"), (95, "nominal")):
        x = left + _PANEL * value / 100
        yield f'<path class="{kind}" d="M{x:.1f} {_HEAD - 6} V{base}"/>'
        yield f'<text class="tick" x="{x:.1f}" y="{base + 16}" text-anchor="middle">{value}</text>'
    for at, cell in enumerate(cells):
        if found := number(cell):
            shape, x = (_FAILS if "**" in cell else _HOLDS), left + _PANEL * found[0] / 100
            if shape == _FAILS:
                yield f'<path class="short m1" d="M{x:.1f} {_middle(at)} H{left + _PANEL * 0.95:.1f}"/>'
            yield _marked(shape, x, _middle(at))


def _middle(at: int) -> float:
    return _HEAD + _ROW * at + _ROW / 2


def _marked(shape: int, x: float, y: float) -> str:
    return f'<g class="mark m{0 if shape == _HOLDS else 1}">{mark(shape, x, y)}</g>'
