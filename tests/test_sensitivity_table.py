"""Sensitivities as a table, a row for each result."""

import csv
import io

import numpy as np
import pyarrow.parquet
import pytest

from estimation.capture.datasets import load_table
from estimation.errors import SettingError
from estimation.models.classical.two_lists import Chapman, LincolnPetersen
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.sensitivity.leave_one_list_out import leave_one_list_out
from estimation.sensitivity.linkage_error import linkage_error
from estimation.sensitivity.table import COLUMNS, csv_bytes, rows_of, write_sensitivities

KOSOVO = load_table("kosovo")


def sensitivities():
    pair = KOSOVO.keep(["ABA", "HRW"])
    return {
        "lists": leave_one_list_out(KOSOVO, model=Chapman(lists=("ABA", "HRW")), rng=np.random.default_rng(1)),
        "matches": linkage_error(pair, [0.0, 0.1], [0.0], model=LincolnPetersen(), rng=np.random.default_rng(1)),
        "bound": leave_one_list_out(KOSOVO, model=Heterogeneity(), rng=np.random.default_rng(1)),
    }


def test_every_answer_has_a_row_and_the_baseline_stands_first():
    rows = rows_of(sensitivities())
    assert [row["label"] for row in rows if row["question"] == "lists"] == [
        "baseline", "without EXH", "without ABA", "without OSCE", "without HRW",
    ]  # fmt: skip
    assert all(tuple(row) == tuple(COLUMNS) for row in rows)


def test_the_numbers_are_those_of_the_results():
    found = sensitivities()
    rows = {(row["question"], row["label"]): row for row in rows_of(found, level=0.9)}
    result = found["lists"].alternatives[0].result
    row = rows["lists", "without EXH"]
    assert (row["point"], row["lower"], row["upper"]) == (
        result.median, result.interval(0.9).lower, result.interval(0.9).upper,
    )  # fmt: skip
    assert (row["level"], row["interval_kind"], row["n_observed"]) == (0.9, "confidence", result.n_observed)
    assert rows["bound", "without EXH"]["is_lower_bound"] is True


def test_what_is_not_estimable_keeps_its_row_with_the_reason():
    row = next(row for row in rows_of(sensitivities()) if row["label"] == "without ABA")
    assert (row["estimable"], row["point"], row["level"]) == (False, None, None)
    assert "there is no list ABA" in row["reason"]


def test_two_changed_values_stand_in_two_columns():
    rows = [row for row in rows_of(sensitivities()) if row["question"] == "matches"]
    assert [(row["value"], row["second_value"]) for row in rows] == [(0.0, 0.0), (0.0, 0.0), (0.1, 0.0)]


def test_csv_and_parquet_hold_the_same(tmp_path):
    found = sensitivities()
    rows = rows_of(found)
    assert pyarrow.parquet.read_table(write_sensitivities(found, tmp_path / "a.parquet")).to_pylist() == rows
    path = write_sensitivities(found, tmp_path / "a.csv")
    assert path.read_bytes() == csv_bytes(found)
    read = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert [line["label"] for line in read] == [row["label"] for row in rows]
    assert [float(line["point"]) if line["point"] else None for line in read] == [row["point"] for row in rows]


def test_another_ending_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(SettingError, match=r"name it \.csv or \.parquet"):
        write_sensitivities(sensitivities(), tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())
