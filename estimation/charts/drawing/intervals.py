"""What the points and intervals of results are called, and which answer is the baseline's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matplotlib.patches import Patch

from estimation.charts.drawing.theme import GREY
from estimation.results.estimates import Estimate, Result
from estimation.results.interval_kinds import IntervalKind, interval_name

__all__ = ["BAND_OF_BASELINE", "band_of_baseline", "called", "is_unchanged"]

BAND_OF_BASELINE = "#e2e2e2"
_POINTS: Mapping[IntervalKind, str] = {
    "credible": "posterior median",
    "confidence": "point estimate",
    "one-sided confidence": "lower bound",
    "range across families": "median across families",
}


def called(results: Iterable[Result], level: float) -> tuple[str, str]:
    """What points are and what intervals are, for example "posterior median" and "95 % credible interval".

    Both are empty where nothing is estimable.
    """
    estimates = [result for result in results if isinstance(result, Estimate)]
    points = {"lower bound" if e.is_lower_bound else _POINTS[e.interval_kind] for e in estimates}
    kinds = {estimate.interval_kind for estimate in estimates}
    if not estimates:
        return "", ""
    return " or ".join(sorted(points)), interval_name(level, *kinds)


def band_of_baseline(label: str) -> Patch:
    """The legend's entry for the grey band with its dotted line."""
    return Patch(facecolor=BAND_OF_BASELINE, edgecolor=GREY, linestyle=":", label=label)


def is_unchanged(result: Result, baseline: Result) -> bool:
    """Whether an estimate was made from the same data with the same settings as the baseline."""
    if not (isinstance(result, Estimate) and isinstance(baseline, Estimate)):
        return False
    ours, theirs = result.provenance, baseline.provenance
    same = (ours.data_sha256, ours.settings) == (theirs.data_sha256, theirs.settings)
    return same and (result.model, result.median) == (baseline.model, baseline.median)
