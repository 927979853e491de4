"""The charts of a report are drawn, each for a page and for a phone, as SVG and PNG that repeat byte for byte."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Picture

from estimation import charts
from estimation.report.document import Block, Document, Figure, with_blocks
from estimation.study.report_keys import ReportFormat
from estimation.work.local_processes import LocalProcesses
from estimation.work.processes import in_processes
from estimation.work.progress import Progress, silent

__all__ = ["drawn"]

_PAGE_CM = 16.0
_PHONE_CM = 9.5
_DOTS_PER_INCH = 300
_NO_METADATA: Mapping[str, None] = {"Date": None, "Creator": None, "Format": None, "Type": None}


def drawn(
    document: Document,
    *,
    formats: Collection[ReportFormat] = ("html", "pdf"),
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Document:
    """The document with its charts.

    Parameters
    ----------
    document : Document
        What it says.
    formats : collection of str
        As what it will be written: ``"docx"`` needs each chart as PNG too.
    executor : Executor, optional
        Local processes draw it, a chart each; another machine, whose fonts may be others, never does.
    progress : Progress
        Told which chart is being drawn.
    """
    figures = [figure for figure in document.figures if figure.draw is not None]
    pictures = in_processes(
        partial(_pictures, is_synthetic=bool(document.stamp), for_print="docx" in formats),
        [figure.draw for figure in figures if figure.draw is not None],
        executor=executor if isinstance(executor, LocalProcesses) else None,
        progress=lambda done, doing="": progress(done, "charts of the report"),
    )
    found = {figure.name: of_one for figure, of_one in zip(figures, pictures, strict=True)}

    def with_pictures(block: Block) -> Block:
        return of_figure(block) if isinstance(block, Figure) else block

    def of_figure(figure: Figure) -> Figure:
        wide, narrow, picture = found.get(figure.name, (figure.wide, figure.narrow, figure.picture))
        return replace(figure, wide=wide, narrow=narrow, picture=picture)

    return replace(document, chart=of_figure(document.chart), sections=with_blocks(document.sections, with_pictures))


def _pictures(draw: Callable[[], Axes], *, is_synthetic: bool, for_print: bool) -> tuple[bytes, bytes, bytes]:
    """One chart for a page and for a phone, and as PNG where that is wanted."""
    wide, narrow = (_drawn(draw, _as_svg, width_cm=width, is_synthetic=is_synthetic) for width in (_PAGE_CM, _PHONE_CM))
    picture = _drawn(draw, _as_png, width_cm=_PAGE_CM, is_synthetic=is_synthetic) if for_print else b""
    return wide, narrow, picture


def _drawn(
    draw: Callable[[], Axes], written: Callable[[Picture, io.BytesIO], None], *, width_cm: float, is_synthetic: bool
) -> bytes:
    """One chart, with no time and no program name in it."""
    with charts.style(width_cm=width_cm):
        axes = draw()
        if is_synthetic:
            charts.stamp_synthetic(axes)
        figure = axes.get_figure(root=True)
        assert isinstance(figure, Picture)
        content = io.BytesIO()
        # As `savefig` does, but for a drawing before this one, which finds the layout that this one finds too.
        written(figure, content)
    return content.getvalue()


def _as_svg(figure: Picture, content: io.BytesIO) -> None:
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(content, metadata=dict(_NO_METADATA))


def _as_png(figure: Picture, content: io.BytesIO) -> None:
    figure.set_dpi(_DOTS_PER_INCH)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(content, metadata={"Software": None})
