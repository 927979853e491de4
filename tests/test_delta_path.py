"""The path over delta, and what a sensitivity says of itself."""

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.results.estimates import NotEstimable
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.sensitivity.vary_setting import vary_setting

TABLE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 50, "010": 40, "001": 30, "110": 20, "101": 10, "011": 12, "111": 8}
)


def path(deltas, model=None):
    return vary_setting(TABLE, "delta", deltas, model=model or DecomposableGraphs(), rng=np.random.default_rng(1))


def test_each_point_of_the_path_is_the_model_at_that_delta():
    found = path([0.1, 1.0], DecomposableGraphs(prior_on_n="flat"))
    for alternative, delta in zip(found.alternatives, [0.1, 1.0], strict=True):
        alone = DecomposableGraphs(delta=delta, prior_on_n="flat").fit(TABLE, rng=np.random.default_rng(1))
        assert (alternative.label, alternative.value) == (f"delta = {delta:g}", delta)
        assert alternative.result.mean == alone.mean
    assert found.baseline.provenance.settings == DecomposableGraphs(prior_on_n="flat").fit(
        TABLE, rng=np.random.default_rng(1)
    ).provenance.settings  # fmt: skip


def test_the_finding_is_made_from_the_numbers():
    found = path([0.1, 1.0, 30.0])
    medians = [alternative.result.median for alternative in found.alternatives]
    assert f"from {min(medians):,.0f} " in found.finding
    assert f"to {max(medians):,.0f} " in found.finding
    assert f"a factor of {max(medians) / min(medians):.2f}" in found.finding
    interval = found.baseline.interval()
    outside = [a.label for a in found.alternatives if not interval.lower <= a.result.median <= interval.upper]
    assert (", ".join(outside) in found.finding) if outside else ("stays inside" in found.finding)


def test_a_path_inside_the_interval_says_so():
    assert "stays inside the 95% interval of the baseline" in path([0.12, 0.13]).finding


def test_an_answer_that_is_none_is_named_and_not_dropped():
    estimate = path([0.125]).baseline
    nothing = NotEstimable(
        estimate.n_observed, "decomposable", "Graphs", "too thin", estimate.assumptions, estimate.provenance
    )
    mixed = Sensitivity("What if?", estimate, (Alternative("a", 1, estimate), Alternative("b", 2, nothing)))
    assert mixed.finding.endswith("; not estimable at b.")
    assert Sensitivity("What if?", estimate, (Alternative("b", 2, nothing),)).finding == "Not estimable at any of b."
    assert "interval of the baseline" not in Sensitivity("What if?", nothing, mixed.alternatives).finding


def test_a_wrong_delta_is_refused():
    with pytest.raises(SettingError, match=r"delta = 0\.0"):
        path([0.5, 0])


def test_a_path_without_deltas_is_refused():
    with pytest.raises(ValueError, match="give at least one"):
        path([])
