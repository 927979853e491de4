"""Answers about a study's table side by side, and pictures: pairs, heterogeneity, decomposable graphs, priors on N."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from estimation import charts
from estimation.app.jobs.job import of_request, of_table, study_table
from estimation.app.jobs.models import help_of
from estimation.capture.table import CaptureTable
from estimation.errors import EstimationError
from estimation.models.classical.pairs_by_chapman import PairsByChapman, pairs_by_chapman
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.graphs.prior_on_n import parse_prior_on_n
from estimation.models.log_linear.compare_heterogeneity import HeterogeneityComparison, compare_heterogeneity
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.profile_likelihood import profile_likelihood
from estimation.results.as_json import summary_of
from estimation.results.estimates import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from estimation.results.as_json import Json

__all__ = ["graphs", "graphs_help", "helped", "heterogeneity", "pairs", "picture", "svg_of"]

_SEED = 1
_LEAST = 0.00005
"""Posterior probability of a graph below which it is left out of the page's table."""


def helped(function: Callable[..., object] | type, *names: str) -> dict[str, Json]:
    """The help of parameters: their entries in the docstring, the one source."""
    entries = help_of(inspect.getdoc(function) or "")
    return {name: entries[name][1] for name in names}


def svg_of(draw: Callable[[], Axes], *, synthetic: bool = False) -> str:
    """A chart as SVG; the same chart is the same text."""
    with charts.style():
        axes = draw()
        if synthetic:
            charts.stamp_synthetic(axes)
        figure = axes.get_figure(root=True)
        assert figure is not None
        content = io.BytesIO()
        figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue().decode("utf-8")


@of_table
def pairs(table: CaptureTable, given: Mapping[str, Any]) -> dict[str, Json]:
    """Every pair of lists by Chapman, with what the spread between pairs means."""
    del given
    return _compared(pairs_by_chapman(table), table)


@of_table
def heterogeneity(table: CaptureTable, given: Mapping[str, Any]) -> dict[str, Json]:
    """M0 to Mth in all forms, in a fixed order."""
    del given
    found = compare_heterogeneity(table, rng=_SEED)
    return {**_compared(found, table), "misfitting": [*found.misfitting]}


def _compared(found: PairsByChapman | HeterogeneityComparison, table: CaptureTable) -> dict[str, Json]:
    """Answers side by side as a table, what they show together, and why some are missing."""
    return {
        "headings": [*found.headings],
        "rows": [[*row] for row in found.cells()],
        "finding": found.finding,
        "reasons": [*found.reasons],
        "lists": [*table.lists],
    }


def _prior(given: Mapping[str, Any]) -> str:
    """The prior that a form states, as a model takes it."""
    return f"log-normal({given['median']}, {given['percentile_90']})" if given.get("median") else "1/N"


@of_table
def graphs(table: CaptureTable, given: Mapping[str, Any]) -> dict[str, Json]:
    """Decomposable graphs with a stated prior: the number, the graphs with their probability and expected N, warnings.

    Parameters
    ----------
    table : CaptureTable
        The study's.
    given : mapping
        ``median`` and ``percentile_90`` of the prior, ``delta``, ``n_0_max`` and ``include_saturated``; empty for the
        defaults.
    """
    model = DecomposableGraphs(
        delta=float(given["delta"]) if given.get("delta") else None,
        n_0_max=int(given["n_0_max"]) if given.get("n_0_max") else None,
        include_saturated=bool(given.get("include_saturated")),
        prior_on_n=_prior(given),
        fit_check=False,
    )
    result = model.fit(table, rng=_SEED)
    weights = next((each for each in result.tables if each.columns[0] == "graph"), None)
    notes = list(result.notes) if isinstance(result, Estimate) else [result.reason]
    return {
        "sentence": str(result) if isinstance(result, Estimate) else "",
        "mean": summary_of(result).get("mean"),
        "warnings": [note for note in notes if note.startswith("Warning") or not isinstance(result, Estimate)],
        "notes": [note for note in notes if not note.startswith("Warning") and isinstance(result, Estimate)],
        "title": "" if weights is None else weights.title,
        "rows": []
        if weights is None
        else [[str(g), f"{w:.4f}", f"{n:,.0f}"] for g, w, n in weights.rows if float(w) >= _LEAST],
        "prior": parse_prior_on_n(model.prior_on_n).sentence,
        "lists": [*table.lists],
    }


@of_request
def picture(given: Mapping[str, Any]) -> dict[str, Json]:
    """One picture as SVG.

    Parameters
    ----------
    given : mapping
        ``picture``, its name; ``path`` and ``study`` where it is of the study's table, and what else it takes.

    Raises
    ------
    EstimationError
        When it cannot be drawn, with the reason.
    """
    table = study_table(given).table if given.get("path") else None
    synthetic = "synthetic" in str(given.get("path", "")).rpartition("/")[2].lower()
    try:
        return {"svg": svg_of(lambda: _draw(given, table), synthetic=synthetic)}
    except ValueError as error:
        raise EstimationError("picture", [str(error)]) from error


def _draw(given: Mapping[str, Any], table: CaptureTable | None) -> Axes:
    if given["picture"] == "prior":
        return charts.plot_prior_on_n(_prior(given), n_observed=table.n_observed if table is not None else None)
    if table is None:
        raise EstimationError("picture", ["there is no table to draw; choose a file first"])
    if given["picture"] == "pairs":
        return charts.plot_comparison(pairs_by_chapman(table).results)
    if given["picture"] == "first-captures":
        return charts.plot_first_captures(table)
    if given["picture"] == "profile":
        return charts.plot_profile_likelihood(profile_likelihood(table, LogLinear(given.get("model") or None)))
    return charts.plot_heterogeneity(table)


@of_request
def graphs_help(given: Mapping[str, Any]) -> dict[str, Json]:
    """The help of each control of decomposable graphs."""
    del given
    return helped(DecomposableGraphs, "delta", "include_saturated", "prior_on_n", "n_0_max")
