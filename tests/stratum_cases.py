"""What the tests of charts of strata share: results by stratum that are made up, and boundaries of made-up places."""

import numpy as np

from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.log_interval import point_with_log_interval
from estimation.results.totals import Draws
from estimation.strata.by_stratum import StratumResults, total

PROVENANCE = Provenance("0" * 64, "0.1.0", "1", ())
WHY = "nobody of it is on two lists, so that nothing relates them"


def estimate(known, n):
    return Estimate(known, n, "model", "Model", ("Assumed.",), Diagnostics(), PROVENANCE)


def refused(n=33):
    return NotEstimable(n, "model", "Model", WHY, ("Assumed.",), PROVENANCE)


def drawn(n, median, spread=0.25, seed=1):
    """An estimate by draws whose median is known."""
    unseen = np.exp(np.log(median - n) + spread * np.random.default_rng(seed).standard_normal((4, 100)))
    return estimate(Draws((n + unseen * (median - n) / np.median(unseen)).round().astype(int)), n)


def classical(n, value, error):
    return estimate(point_with_log_interval(value, error, n), n)


def found_by(labels, results):
    """Results with their total."""
    everything = dict.fromkeys(results, ("A", "B", "C"))
    return StratumResults(
        tuple(labels), results, everything, {key: {} for key in results}, total(results, labels, rng=1), ()
    )


def many(labels, strata, *, scale=1.0, failing=()):
    """Results of many strata, some without a number."""
    rng = np.random.default_rng(3)
    results = {}
    for at, stratum in enumerate(strata):
        n = int(30 * np.exp(scale * rng.standard_normal())) + 5
        results[stratum] = refused(n) if at in failing else drawn(n, 2 * n + 1, seed=at)
    return found_by(labels, results)


def square(name, left, foot=0.0, size=1.0, **more):
    """A feature of GeoJSON: a place that is a square of some degrees."""
    ring = [[left, foot], [left + size, foot], [left + size, foot + size], [left, foot + size], [left, foot]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name, **more}, "geometry": geometry}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}
