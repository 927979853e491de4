"""Results as rows, frames and HTML tables."""

import math

import pandas as pd

from estimation.capture.table import CaptureTable
from estimation.frames import frame_of, html_table
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import RESULT_COLUMNS, Estimate, NotEstimable, result_row
from estimation.results.totals import Interval, Point

TABLE = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
MADE = Provenance("0" * 64, "0.1.0", "1", ())


def test_a_row_has_the_numbers_of_the_result():
    result = LincolnPetersen().fit(TABLE, rng=1)
    row = result_row(result, level=0.9)
    assert tuple(row) == tuple(RESULT_COLUMNS)
    assert (row["point"], row["mean"], row["median"]) == (result.median, result.mean, result.median)
    assert (row["lower"], row["upper"]) == (result.interval(0.9).lower, result.interval(0.9).upper)
    assert (row["level"], row["interval_kind"], row["n_observed"], row["reason"]) == (0.9, "confidence", 96, None)


def test_what_is_not_estimable_has_a_reason_and_no_number():
    row = result_row(NotEstimable(96, "m", "M", "too thin", ("a",), MADE))
    assert (row["estimable"], row["n_observed"], row["reason"]) == (False, 96, "too thin")
    assert row["point"] is None
    assert row["level"] is None


def test_an_interval_without_upper_limit_has_no_upper_end():
    point = Point(200.0, 10.0, (Interval(150, math.inf, 0.95, "confidence"),))
    row = result_row(Estimate(point, 96, "m", "M", ("a",), Diagnostics(), MADE))
    assert (row["lower"], row["upper"]) == (150, None)


def test_columns_of_a_frame_keep_their_types_when_a_value_is_missing():
    rows = [result_row(LincolnPetersen().fit(TABLE, rng=1)), result_row(NotEstimable(5, "m", "M", "r", ("a",), MADE))]
    frame = frame_of(rows, RESULT_COLUMNS)
    assert frame["n_observed"].tolist() == [96, 5]
    assert str(frame["n_observed"].dtype) == "Int64"
    assert str(frame["point"].dtype) == "float64"
    assert pd.isna(frame["point"][1])
    assert frame[frame["estimable"]].index.tolist() == [0]


def test_html_is_escaped_and_numbers_stand_to_the_right():
    written = html_table("A < B", ["<list>", "people"], [["A & B", "12"]], right=[1])
    assert "A &lt; B" in written
    assert "&lt;list&gt;" in written
    assert '<td style="text-align:right">12</td>' in written
    assert '<td style="text-align:left">A &amp; B</td>' in written
