"""Every pair of lists by Chapman: published numbers, and what the spread between pairs shows."""

import csv

import numpy as np
import pytest

import estimation
from estimation.simulation import Dependence, Group, Scenario, simulate

KOSOVO = estimation.load_table("kosovo")


def world(dependence=(), seed=1):
    people = (Group("everyone", 20_000, (0.3, 0.25, 0.2)),)
    return simulate(Scenario("Three lists", "", ("A", "B", "C"), people, tuple(dependence)), rng=seed).table


@pytest.mark.parametrize(
    ("pair", "number"),
    [
        ("EXH and ABA", 7231.5),
        ("EXH and OSCE", 7128.3),
        ("EXH and HRW", 6756.5),
        ("ABA and OSCE", 5964.8),
        ("ABA and HRW", 9621.9),
        ("OSCE and HRW", 5447.4),
    ],
)
def test_kosovo_has_the_published_numbers(pair, number):
    assert estimation.models.pairs_by_chapman(KOSOVO).results[pair].median == pytest.approx(number, abs=0.05)


def test_each_number_is_that_of_the_model_alone():
    found = estimation.models.pairs_by_chapman(KOSOVO)
    alone = estimation.models.Chapman(("ABA", "HRW")).fit(KOSOVO, rng=5)
    assert found.results["ABA and HRW"].interval() == alone.interval()


def test_intervals_of_independent_lists_meet_and_a_dependent_pair_is_found_with_its_direction():
    assert "Their intervals meet" in estimation.models.pairs_by_chapman(world()).finding
    bound = estimation.models.pairs_by_chapman(world([Dependence(("A", "B"), 4.0)]))
    assert "do not meet" in bound.finding
    assert min(bound.results, key=lambda label: bound.results[label].median) == "A and B"  # positive: too low


def test_a_pair_that_shares_nobody_is_named_and_has_no_number():
    table = estimation.CaptureTable.from_histories(
        ["A", "B", "C"], {"100": 40, "010": 30, "001": 9, "101": 12, "011": 9}
    )
    found = estimation.models.pairs_by_chapman(table)
    assert found.sharing_nobody == ("A and B",)
    assert "Nobody is on both lists of A and B: without overlap such a pair sets no upper limit" in found.finding
    assert found.rows()[0]["estimate"] is None
    assert "nobody is on both" in found.reasons[0]


def test_one_list_is_no_pair():
    with pytest.raises(estimation.errors.TableError, match="a pair needs two"):
        estimation.models.pairs_by_chapman(estimation.CaptureTable(["A"], [[1]], [5]))


def test_the_command_prints_writes_and_draws_the_pairs(mse, tmp_path):
    table, chart = tmp_path / "pairs.csv", tmp_path / "pairs.svg"
    status, out, err = mse("pairs-by-chapman", "kosovo", "--csv", table, "--chart", chart)
    assert status == 0, err
    assert "9,622" in out
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [float(row["estimate"]) for row in rows] == pytest.approx(
        [r.median for r in estimation.models.pairs_by_chapman(KOSOVO).answers]
    )
    assert chart.read_bytes().startswith(b"<?xml")


def test_the_frame_has_a_row_for_each_pair():
    frame = estimation.models.pairs_by_chapman(KOSOVO).to_frame()
    assert frame[["first", "second"]].values.tolist()[0] == ["EXH", "ABA"]
    assert np.all(frame["lower"] < frame["estimate"])
