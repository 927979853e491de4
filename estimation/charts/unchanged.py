"""Where nothing was changed: which answer of a what-if is its baseline, and how the baseline's band looks."""

from __future__ import annotations

from estimation.results import Estimate, Result

__all__ = ["BAND_OF_BASELINE", "DOTTED", "is_unchanged"]

BAND_OF_BASELINE = "#e2e2e2"
DOTTED = (0, (1, 1.5))


def is_unchanged(result: Result, baseline: Result) -> bool:
    """Whether an estimate was made from the same data with the same settings as the baseline."""
    if not (isinstance(result, Estimate) and isinstance(baseline, Estimate)):
        return False
    ours, theirs = result.provenance, baseline.provenance
    same = (ours.data_sha256, ours.settings) == (theirs.data_sha256, theirs.settings)
    return same and (result.model, result.median) == (baseline.model, baseline.median)
