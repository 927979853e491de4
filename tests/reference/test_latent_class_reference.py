"""Latent classes against the R package LCMCR 0.4.14 (R 4.2.2) on published tables.

The prior is the published one, Beta(1, 1).  The package's numbers are from ``lcmCR(captures, tabular = TRUE, K = 10,
a_alpha = 0.25, b_alpha = 0.25)``, three to eight seeds of a million sweeps each; its own chains differ by 1 % at the
lower end (8,817 to 8,998), by 2.5 % at the upper.
"""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.models.latent_class.gibbs import LatentClass
from estimation.results.estimates import Estimate


def fitted(name, **settings):
    model = LatentClass(capture_a=1, capture_b=1, effective=15_000, other_priors=False, fit_check=False, **settings)
    result = model.fit(load_table(name), rng=np.random.default_rng(2024), workers=2)
    assert isinstance(result, Estimate), result
    return result


@pytest.mark.slow
def test_kosovo_with_ten_classes():
    result = fitted("kosovo", classes=10)
    assert result.median == pytest.approx(10_408, abs=60)
    assert result.interval().lower == pytest.approx(8908, rel=0.02)
    assert result.interval().upper == pytest.approx(13_947, rel=0.02)
    rhat = {check.name: check.value for check in result.diagnostics.checks if check.name.startswith("R-hat")}
    assert set(rhat) == {"R-hat of N", "R-hat of log alpha", "R-hat of occupied classes"}
    assert max(rhat.values()) < 1.01


@pytest.mark.slow
@pytest.mark.parametrize(("classes", "median"), [(5, 10_449), (20, 10_413)])
def test_kosovo_with_fewer_and_more_classes(classes, median):
    assert fitted("kosovo", classes=classes).median == pytest.approx(median, abs=60)
