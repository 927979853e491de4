"""The charts of a report are drawn, each for a page and for a phone, as SVG that repeats byte for byte."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG

from estimation import charts
from estimation.report.document import Block, Document, Figure, with_blocks
from estimation.work.local_processes import LocalProcesses
from estimation.work.processes import in_processes
from estimation.work.progress import Progress, silent

__all__ = ["drawn"]

_PAGE_CM = 16.0
_PHONE_CM = 9.5
_NO_METADATA: Mapping[str, None] = {"Date": None, "Creator": None, "Format": None, "Type": None}


def drawn(document: Document, *, executor: Executor | None = None, progress: Progress = silent) -> Document:
    """The document with its charts.

    Parameters
    ----------
    document : Document
        What it says.
    executor : Executor, optional
        Local processes draw it, a chart each; another machine, whose fonts may be others, never does.
    progress : Progress
        Told which chart is being drawn.
    """
    figures = [figure for figure in document.figures if figure.draw is not None]
    pictures = in_processes(
        partial(_both_widths, is_synthetic=bool(document.stamp)),
        [figure.draw for figure in figures if figure.draw is not None],
        executor=executor if isinstance(executor, LocalProcesses) else None,
        progress=lambda done, doing="": progress(done, "charts of the report"),
    )
    found = {figure.name: both for figure, both in zip(figures, pictures, strict=True)}

    def with_pictures(block: Block) -> Block:
        return of_figure(block) if isinstance(block, Figure) else block

    def of_figure(figure: Figure) -> Figure:
        wide, narrow = found.get(figure.name, (figure.wide, figure.narrow))
        return replace(figure, wide=wide, narrow=narrow)

    return replace(document, chart=of_figure(document.chart), sections=with_blocks(document.sections, with_pictures))


def _both_widths(draw: Callable[[], Axes], *, is_synthetic: bool) -> tuple[bytes, bytes]:
    """One chart for a page and for a phone."""
    wide, narrow = (_svg(draw, width_cm=width, is_synthetic=is_synthetic) for width in (_PAGE_CM, _PHONE_CM))
    return wide, narrow


def _svg(draw: Callable[[], Axes], *, width_cm: float, is_synthetic: bool) -> bytes:
    """One chart as SVG, with no time and no program name in it."""
    with charts.style(width_cm=width_cm):
        axes = draw()
        if is_synthetic:
            charts.stamp_synthetic(axes)
        figure = axes.get_figure(root=True)
        assert figure is not None
        content = io.BytesIO()
        # As `savefig` does, but for a drawing before this one, which finds the layout that this one finds too.
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(content, metadata=dict(_NO_METADATA))
    return content.getvalue()
