"""No highest-order interaction on the Kosovo table, against the published posterior.

Aleshin-Guendel, Sadinle, Wakefield (2023): observed cells ~ Dirichlet(n + 1), p(N) proportional to 1/N.  How many draws
the figures rest on is not stated; 10,000 are taken.  A figure q for the quantile at p agrees when our posterior puts p
at or below q within 4 standard errors of both samples: false-alarm rate 6e-5 a figure.
"""

from math import sqrt

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.models.no_highest_order import NoHighestOrderInteraction

KOSOVO = CaptureTable.from_histories(
    ["EXH", "ABA", "OSCE", "HRW"],
    {
        "1000": 1131, "0100": 845, "0010": 936, "0001": 306, "1100": 177, "1010": 228, "1001": 106, "0110": 217,
        "0101": 31, "0011": 123, "1110": 181, "1101": 18, "1011": 42, "0111": 32, "1111": 27,
    },
)  # fmt: skip
THEIR_DRAWS, OUR_DRAWS = 10_000, 200_000


@pytest.mark.parametrize(
    ("lists", "xi", "lower", "median", "upper"),
    [
        (None, 1.0, 9436, 17056, 35959),
        (("ABA", "HRW"), 1.0, 8107, 9486, 11257),
        (("ABA", "HRW"), 0.9, 8775, 10307, 12273),
        (("ABA", "HRW"), 0.8, 9608, 11331, 13543),
        (("ABA", "HRW"), 0.7, 10681, 12645, 15176),
    ],
)
def test_kosovo(lists, xi, lower, median, upper):
    model = NoHighestOrderInteraction(xi, lists, draws=OUR_DRAWS // 4)
    values = model.fit(KOSOVO, rng=np.random.default_rng(1)).total.values
    for p, figure in ((0.025, lower), (0.5, median), (0.975, upper)):
        error = sqrt(p * (1 - p) * (1 / THEIR_DRAWS + 1 / OUR_DRAWS))
        assert float((values <= figure).mean()) == pytest.approx(p, abs=4 * error)


def test_kosovo_in_closed_form():
    result = NoHighestOrderInteraction().fit(KOSOVO, rng=np.random.default_rng(1))
    ((_, n, standard_error),) = result.tables[0].rows
    assert n == pytest.approx(16_941.88, abs=0.005)
    assert standard_error == pytest.approx(5_937.6, abs=0.05)
