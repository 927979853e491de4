"""The heterogeneity models against other people's numbers on published tables.

Made with Rcapture 1.4-4 under R 4.2.2: ``closedp(X, dfreq = TRUE)``.  Its standard errors are those of a fit that R
stops at a relative change of the deviance of 1e-8, with the weights of the step before the last; fitted to the end they
differ in the sixth digit, and `as_r_stops` shows that this is the whole difference.

Mbh: N agrees to the digits.  The standard error printed there, 86.0526, is not the one of this estimator: the removal
estimator from the second list on has 73.5235 (Zippin 1956), and so has a simulation (`tests/test_heterogeneity.py`).
"""

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.log_linear.heterogeneity_designs import design_of

KOSOVO = CaptureTable.from_histories(
    ["EXH", "ABA", "OSCE", "HRW"],
    {
        "1000": 1131, "0100": 845, "0010": 936, "0001": 306, "1100": 177, "1010": 228, "1001": 106, "0110": 217,
        "0101": 31, "0011": 123, "1110": 181, "1101": 18, "1011": 42, "0111": 32, "1111": 27,
    },
)  # fmt: skip
HIV = CaptureTable.from_histories(
    ["1", "2", "3", "4"],
    {
        "1110": 3, "1101": 1, "1100": 33, "1010": 20, "1001": 6, "1000": 403, "0111": 3, "0110": 35, "0101": 10,
        "0100": 545, "0011": 11, "0010": 621, "0001": 205,
    },
)  # fmt: skip


def fit(model, table):
    return Heterogeneity(model).fit(table, rng=np.random.default_rng(1))


def as_r_stops(design, counts):
    """The standard error of N by iterated weighted least squares, stopped and weighted as R does by default."""
    mean = counts + 0.1
    deviance = np.inf
    while True:
        weights = mean
        covariance = np.linalg.inv((design.T * weights) @ design)
        alpha = covariance @ design.T @ (weights * (np.log(mean) + (counts - mean) / mean))
        mean = np.exp(design @ alpha)
        ratio = np.log(counts / mean, out=np.zeros(len(counts)), where=counts > 0)
        before, deviance = deviance, 2 * (counts * ratio - (counts - mean)).sum()
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            return float(np.sqrt(np.exp(alpha[0]) + np.exp(2 * alpha[0]) * covariance[0, 0]))


@pytest.mark.parametrize(
    ("model", "n", "standard_error"),
    [
        ("M0", 7608.3676, 136.6175),
        ("Mt", 7394.5867, 129.6254),
        ("Mh-Chao", 8787.2428, 222.6205),
        ("Mh-Poisson2", 9402.9525, 310.8533),
        ("Mh-Darroch", 12448.3854, 777.9667),
        ("Mh-Gamma3.5", 17102.6387, 1707.2707),
        ("Mth-Chao", 8591.1836, 213.5490),
        ("Mth-Poisson2", 9327.7613, 306.2661),
        ("Mth-Darroch", 12797.3434, 814.8342),
        ("Mth-Gamma3.5", 18387.1457, 1892.8765),
        ("Mb", 5189.6652, 62.8692),
    ],
)
def test_kosovo(model, n, standard_error):
    result = fit(model, KOSOVO)
    assert result.mean == pytest.approx(n, abs=6e-5)
    assert result.sd == pytest.approx(standard_error, rel=6e-6)
    if model != "Mb":
        design = design_of(model, 4)
        if model.endswith("Chao"):
            design = design[:, :-1]  # eta_4 comes out negative and is set to 0
        assert as_r_stops(design, KOSOVO.cells()[1:]) == pytest.approx(standard_error, abs=6e-5)


def test_kosovo_goodness_of_fit():
    rows = dict(fit("Mt", KOSOVO).tables[0].rows)
    assert rows["deviance"] == pytest.approx(245.9387, abs=6e-5)
    assert rows["AIC"] == pytest.approx(357.3627, abs=6e-5)
    assert rows["BIC"] == pytest.approx(389.3095, abs=6e-5)
    assert dict(fit("M0", KOSOVO).tables[0].rows)["deviance"] == pytest.approx(1104.0020, abs=6e-5)


def test_kosovo_behaviour_and_first_list_apart():
    result = fit("Mbh", KOSOVO)
    assert result.mean == pytest.approx(5075.4487, abs=6e-5)
    # Zippin (1956): N_2 people are left after the first list, 1,125, 1,059 and 306 of them first seen by the others.
    people, q = 5075.448670766834 - 1910, 1 - 0.4024342577657459
    zippin = people * (1 - q**3) * q**3 / ((1 - q**3) ** 2 - (3 * (1 - q)) ** 2 * q**2)
    assert result.sd == pytest.approx(np.sqrt(zippin), rel=1e-6)


@pytest.mark.parametrize(
    ("model", "n", "standard_error"),
    [
        ("M0", 11576.7001, 946.0681),
        ("Mt", 11124.5785, 904.7520),
        ("Mh-Chao", 12145.1478, None),
        ("Mth-Chao", 11700.9883, 1030.9156),
    ],
)
def test_hiv(model, n, standard_error):
    result = fit(model, HIV)
    assert result.mean == pytest.approx(n, abs=6e-5)
    if standard_error is not None:
        assert result.sd == pytest.approx(standard_error, rel=2e-6)
