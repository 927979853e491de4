"""One chart of a study by its name in the report, for whoever wants that one and no report."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matplotlib.axes import Axes

from estimation.errors import SettingError
from estimation.models.prior_and_posterior import PRIOR_AND_POSTERIOR
from estimation.report.document import Figure
from estimation.report.figures import (
    claims_figure,
    comparison_figure,
    posterior_figure,
    prior_figure,
    sampling_figures,
    sensitivity_figure,
)
from estimation.report.strata_figures import map_figure, strata_figures, time_figures
from estimation.study.findings import Findings

__all__ = ["drawing_of"]


def drawing_of(findings: Findings, name: str) -> Callable[[], Axes]:
    """What draws a chart of a study by its name: of its models, its claims, its questions and its strata.

    Parameters
    ----------
    findings : Findings
        Of a finished study.
    name : str
        As in the report, ``"strata-02"``; or the beginning before a hyphen, where one chart begins so: ``"strata"``.

    Raises
    ------
    SettingError
        When the study has no such chart, or several whose names begin so.
    """
    charts = {figure.name: figure.draw for figure in _figures(findings, name) if figure.draw is not None}
    found = [each for each in charts if each == name or each.startswith(f"{name}-")]
    if name in charts or len(found) == 1:
        return charts[name if name in charts else found[0]]
    if found:
        raise SettingError("chart", [f"the study has {len(found)} charts {name!r}; name one: {', '.join(found)}"])
    others = f"; it has {', '.join(charts)}" if charts else ": what it would show is not in it"
    raise SettingError("chart", [f"the study has no chart {name!r}{others}"])


def _figures(findings: Findings, name: str) -> Iterator[Figure]:
    """The charts of a study of the kind that a name begins with."""
    if name.startswith("comparison"):
        yield comparison_figure(findings)
    elif name.startswith("posterior"):
        yield from posterior_figure(findings)
    elif name.startswith("prior"):
        if any(table.title == PRIOR_AND_POSTERIOR for table in findings.headline.tables):
            yield prior_figure(findings)
    elif name.startswith("claims"):
        if findings.study.claims:
            yield claims_figure(findings)
    elif name.startswith("sensitivity"):
        yield from (
            sensitivity_figure(findings, question) for question in findings.sensitivities if question.kind != "figure"
        )
    elif name.startswith(("trace", "ranks")):
        yield from sampling_figures(findings)
    elif findings.strata:
        yield from _of_strata(findings)


def _of_strata(findings: Findings) -> Iterator[Figure]:
    """The charts by place, time and group that the report has, but for shares, which need draws."""
    found = findings.strata[findings.study.headline]
    blocks = (
        *strata_figures(findings, findings.study.headline),
        *time_figures(findings, found),
        *map_figure(findings, found),
    )
    yield from (block for block in blocks if isinstance(block, Figure))
