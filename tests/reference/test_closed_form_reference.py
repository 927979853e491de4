"""Closed forms against other people's numbers on published tables.

Kosovo: Lincoln-Petersen and Chapman, Chao and sample coverage by the formulas of Chapman (1951),
Chao (1987) and Chao, Tsay (1998), R 4.2.2.  Hepatitis A: Chao, Tsay, Lin, Shau, Chao (2001), coverage estimator 971 and
one-step estimator 508.
"""

import numpy as np
import pytest

from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.table import CaptureTable
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.sample_coverage import SampleCoverage
from estimation.models.classical.two_lists import Chapman, LincolnPetersen

KOSOVO = CaptureTable.from_histories(
    ["EXH", "ABA", "OSCE", "HRW"],
    {
        "1000": 1131, "0100": 845, "0010": 936, "0001": 306, "1100": 177, "1010": 228, "1001": 106, "0110": 217,
        "0101": 31, "0011": 123, "1110": 181, "1101": 18, "1011": 42, "0111": 32, "1111": 27,
    },
)  # fmt: skip
HEPATITIS_A = CaptureTable.from_histories(
    ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
)


def fit(model, table):
    return model.fit(table, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("pair", "lincoln_petersen", "chapman", "standard_error"),
    [
        (("EXH", "ABA"), 7241.9, 7231.5, 273.8),
        (("EXH", "OSCE"), 7136.5, 7128.3, 241.0),
        (("EXH", "HRW"), 6779.0, 6756.5, 388.5),
        (("ABA", "OSCE"), 5971.6, 5964.8, 201.0),
        (("ABA", "HRW"), 9691.5, 9621.9, 810.9),
        (("OSCE", "HRW"), 5461.7, 5447.4, 277.8),
    ],
)
def test_kosovo_pairs(pair, lincoln_petersen, chapman, standard_error):
    assert fit(LincolnPetersen(pair), KOSOVO).mean == pytest.approx(lincoln_petersen, abs=0.05)
    assert fit(Chapman(pair), KOSOVO).mean == pytest.approx(chapman, abs=0.05)
    assert fit(Chapman(pair), KOSOVO).sd == pytest.approx(standard_error, abs=0.05)


def test_kosovo_chao():
    assert KOSOVO.frequencies.tolist() == [3218, 882, 273, 27]
    # The published forms, for captures without a limit to their number; with J lists there are (J - 1) / J of it.
    captures = CaptureFrequencies(KOSOVO.frequencies.tolist())
    assert fit(ChaoLowerBound(), captures).mean == pytest.approx(10_270.5, abs=0.05)
    assert fit(ChaoLowerBound(bias_corrected=True), captures).mean == pytest.approx(10_262.0, abs=0.05)
    assert fit(ChaoLowerBound(), KOSOVO).mean == pytest.approx(4400 + 0.75 * 3218**2 / (2 * 882), abs=1e-6)
    assert not fit(ChaoLowerBound(), KOSOVO).is_lower_bound


def test_kosovo_sample_coverage():
    result = fit(SampleCoverage(), KOSOVO)
    assert result.mean == pytest.approx(7633.5, abs=0.05)
    assert "C = 0.471" in result.tables[0].title


def test_hepatitis_a_sample_coverage():
    assert fit(SampleCoverage("coverage"), HEPATITIS_A).mean == pytest.approx(971, abs=0.5)
    assert fit(SampleCoverage("one-step"), HEPATITIS_A).mean == pytest.approx(508, abs=0.5)
