"""The charts of strata in a report, in as many pictures as pages of paper have room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

from matplotlib.axes import Axes

from estimation import charts
from estimation.capture.stratified import Stratum, called
from estimation.report.document import Block, Figure, Paragraph
from estimation.report.wording import persons
from estimation.results.estimates import Estimate
from estimation.strata.by_stratum import StratumResults
from estimation.study.findings import Findings

__all__ = ["map_figure", "missed_figures", "strata_figures", "time_figures"]

_HIGH = 6.6
"""What the rows of one picture take of a page at most.  Unit: inches."""
_ROW, _HEADING, _LETTERS = 0.18, 0.34, 30
"""Height of a row and of a heading, in inches; longer names take another line."""
_PANELS = 12
_MOST = 240
"""Strata that are drawn; the table has all."""
_WORDS = 60
"""Strata that the words for who cannot see a chart tell one by one."""


def strata_figures(findings: Findings, label: str, *, name: str = "strata") -> Iterator[Block]:
    """Every stratum's number by one model, on one scale."""
    found = findings.strata[label]
    total = f"All strata together: {found.total}." if isinstance(found.total, Estimate) else ""
    yield from _pages(
        findings,
        found,
        charts.plot_strata,
        _largest(found, list(found.results)),
        name=name,
        caption=(
            f"{label}: each stratum's number with its interval, and the people on a list as a cross; "
            "all strata have one scale."
        ),
        words=f"One row a stratum. {_answers(found)} {total}".strip(),
    )


def missed_figures(findings: Findings, found: StratumResults) -> Iterator[Block]:
    """What share of the people on the lists, and what share of all people, each stratum is."""
    yield from _pages(
        findings,
        found,
        charts.plot_missed,
        _largest(found, [stratum for stratum, result in found.results.items() if isinstance(result, Estimate)]),
        name="missed",
        caption=(
            f"{findings.study.headline}: each stratum's share of the people on the lists (cross) and its share of all "
            "people, with its interval. A shape to the right of the cross was recorded less often than the others."
        ),
        words="One row a stratum: its share of the people on the lists, and its share of all people.",
    )


def time_figures(findings: Findings, found: StratumResults) -> Iterator[Block]:
    """The number over time, a panel for each value of the other labels; none where no label is time."""
    label = findings.study.strata.time if findings.study.strata is not None else None
    if label is None:
        return
    at = found.labels.index(label)
    groups: dict[Stratum, list[Stratum]] = {}
    for stratum in found.results:
        groups.setdefault(stratum[:at] + stratum[at + 1 :], []).append(stratum)
    panels = list(groups.values())
    pages = [list(chain(*panels[start : start + _PANELS])) for start in range(0, len(panels), _PANELS)]
    yield Paragraph(f"By {label}, in its order:")
    for number, page in enumerate(pages, 1):
        if number > 1:
            yield Paragraph(f"By {label}, continued:")
        yield _figure(
            findings,
            partial(charts.plot_over_time, found, label, strata=tuple(page)),
            name=f"over-time-{number:02d}",
            caption=(
                f"{findings.study.headline}: the number by {label} with its interval, and the people on a list. The "
                "line is broken where there is no number."
            ),
            words=f"Curves by {label}. {_answers(found, page)}",
        )


def map_figure(findings: Findings, found: StratumResults) -> Iterator[Block]:
    """The number by place on a map; none where the study declares none."""
    declared = findings.study.strata.map if findings.study.strata is not None else None
    if declared is None:
        return
    path = findings.study.path.parent / declared.boundaries
    yield Paragraph("On the map:")
    yield _figure(
        findings,
        partial(charts.plot_map, found, path, declared.label, property=declared.property),
        name="map",
        caption=(
            f"{findings.study.headline}: the number by {declared.label}, and the share of its people on no list. "
            "Boundaries are those of the file that the study names; the map takes no side about them."
        ),
        words=f"A map by {declared.label}. {_answers(found)}",
    )


def _pages(
    findings: Findings,
    found: StratumResults,
    plot: Callable[..., Axes],
    drawn: Sequence[Stratum],
    *,
    name: str,
    caption: str,
    words: str,
) -> Iterator[Block]:
    """A chart with a row a stratum, on as many pages as it needs."""
    pages = _paged(found.labels, drawn)
    first = 1
    for number, page in enumerate(pages, 1):
        last = first + len(page) - 1
        if len(pages) > 1:
            most = " with the most people on a list" if len(drawn) == _MOST else ""
            yield Paragraph(f"Strata {first} to {last} of {len(drawn)}{most}:")
        yield _figure(
            findings,
            partial(plot, found, strata=tuple(page)),
            name=f"{name}-{number:02d}",
            caption=caption,
            words=words if number == 1 else f"Strata {first} to {last}: {_answers(found, page)}",
        )
        first = last + 1


def _largest(found: StratumResults, everything: list[Stratum]) -> list[Stratum]:
    """The strata to draw, in their order: the last always, below which the total stands."""
    if len(everything) <= _MOST:
        return everything
    by_size = sorted(everything[:-1], key=lambda stratum: -found.results[stratum].n_observed)
    drawn = {*by_size[: _MOST - 1], everything[-1]}
    return [stratum for stratum in everything if stratum in drawn]


def _paged(labels: Sequence[str], strata: Sequence[Stratum]) -> list[list[Stratum]]:
    """Strata by picture, so that the rows of each fit on a page."""
    pages: list[list[Stratum]] = [[]]
    high, heading = 0.0, ""
    for stratum in strata:
        own = stratum[0] if len(labels) > 1 else "one panel"
        name = ", ".join(stratum[1:] or stratum)
        needed = _ROW * (1 + len(name) // _LETTERS) + (_HEADING if own != heading else 0.0)
        if pages[-1] and high + needed > _HIGH:
            pages.append([])
            high, needed = 0.0, needed + (0.0 if own != heading else _HEADING)
        pages[-1].append(stratum)
        high, heading = high + needed, own
    return pages


def _figure(findings: Findings, draw: Callable[[], Axes], *, name: str, caption: str, words: str) -> Figure:
    synthetic = "Synthetic data. " if findings.study.synthetic else ""
    return Figure(name, caption, synthetic + words, draw=draw)


def _answers(found: StratumResults, strata: Sequence[Stratum] | None = None) -> str:
    """The answers of some strata in words, as far as somebody can listen to them."""
    wanted = list(found.results) if strata is None else strata
    words = []
    for stratum in wanted[:_WORDS]:
        result = found.results[stratum]
        answer = f"{persons(result.median)} people" if isinstance(result, Estimate) else "not estimable"
        words.append(f"{called(found.labels, stratum)}: {answer}.")
    more = f" The table has {len(wanted) - len(words):,} more." if len(wanted) > len(words) else ""
    return " ".join(words) + more
