"""The same latent-class posterior by two routes that share no sampler: sweeps in Numba, gradients in PyMC.

Each route's Monte Carlo error is that of a quantile (Vehtari and others 2021), by ArviZ.  A difference of more than 4
standard errors of itself fails; when all is right, one of the 27 comparisons does so 2 times in 1,000.
"""

import arviz
import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.latent_class.in_pymc import LatentClassPyMC
from estimation.results.estimates import Estimate

PUBLISHED = {"classes": 10, "capture_a": 1, "capture_b": 1}
"""On the diabetes table gradients do not mix with 30 classes and the default prior: that route gives no number."""

QUANTILES = (0.025, 0.25, 0.5, 0.975)


def quantile_and_error(draws, level):
    values = np.asarray(draws, dtype=float)
    return np.quantile(values, level), np.asarray(arviz.mcse(values, method="quantile", prob=level)).item()


def differences(one, other):
    """How many standard errors apart the two are, by what is compared."""
    found = {}
    for name in ("N", "log alpha"):
        pair = [result.total.values if name == "N" else result.total.monitored[name] for result in (one, other)]
        for level in QUANTILES:
            (a, error_a), (b, error_b) = (quantile_and_error(draws, level) for draws in pair)
            found[f"{name} at {level}"] = (a - b) / np.hypot(error_a, error_b)
    means = [result.total.monitored["occupied classes"] for result in (one, other)]
    errors = [np.asarray(arviz.mcse(values, method="mean")).item() for values in means]
    found["mean occupied classes"] = (means[0].mean() - means[1].mean()) / np.hypot(*errors)
    return found


def fitted(model, name):
    result = model.fit(load_table(name), rng=np.random.default_rng(77), workers=2)
    assert isinstance(result, Estimate), result
    return result


@pytest.mark.slow
@pytest.mark.parametrize(("name", "settings"), [("kosovo", {}), ("hepatitis_a", {}), ("diabetes", PUBLISHED)])
def test_the_two_routes_agree_to_their_monte_carlo_error(name, settings):
    found = differences(fitted(LatentClass(**settings), name), fitted(LatentClassPyMC(**settings), name))
    assert len(found) == 9
    assert max(map(abs, found.values())) < 4, found
