"""Claims and what they imply."""

from math import inf, isclose
from pathlib import Path

import numpy as np
import pytest

from estimation.capture.datasets import data_folder, load_table, table_names
from estimation.claims import Claim, implication, need, probability_at_least, read_claims
from estimation.errors import ClaimsError
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.two_lists import Chapman
from estimation.models.graphs.decomposable import DecomposableGraphs

HEAD = "who,when,kind,figure,to,words,citation\n"
GOOD = 'A ministry,1990,list,"1,200",,"1,200 names",A report\n'


def written(tmp_path, text):
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path, text):
    with pytest.raises(ClaimsError, match=r"claims\.csv") as caught:
        read_claims(written(tmp_path, text))
    return caught.value.problems


def test_a_claim_keeps_who_when_what_and_where(tmp_path):
    path = written(tmp_path, HEAD + GOOD + "A newspaper,May 1991,total,4000,5000,some 4 to 5 thousand,Its front page\n")
    first, second = read_claims(path)
    assert first == Claim("A ministry", "1990", "list", 1200, None, "1,200 names", "A report")
    assert (first.label, first.figure_text, second.figure_text) == ("A ministry, 1990", "1,200", "4,000 to 5,000")


def test_a_claim_without_a_number_stays_without_one(tmp_path):
    (claim,) = read_claims(written(tmp_path, HEAD + "An envoy,1990,total,,,thousands,A letter\n"))
    assert (claim.figure, claim.figure_text) == (None, "no number")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",1990,list,1,,w,c\n", "line 2: who is empty; fill it"),
        ("A,1990,list,1,,w,\n", "line 2: citation is empty; fill it"),
        ("A,1990,lists,1,,w,c\n", "line 2: kind is 'lists'; it must be list or total"),
        ("A,1990,list,many,,w,c\n", "line 2: figure is 'many'; it must be a whole number of persons above 0, or empty"),
        ("A,1990,list,0,,w,c\n", "line 2: figure is '0'; it must be a whole number of persons above 0, or empty"),
        ("A,1990,list,12.5,,w,c\n", "line 2: figure is '12.5'; it must be a whole number"),
        (
            "A,1990,total,5000,4000,w,c\n",
            "line 2: to is 4,000; it is the upper end of a range and must be above figure",
        ),
        ("A,1990,total,,4000,w,c\n", "line 2: to is 4,000; it is the upper end of a range"),
        ("A,1990,list,1,,one, two,c\n", "line 2: there are more or fewer cells than columns"),
        ("A,1990,list,1\n", "line 2: there are more or fewer cells than columns"),
        (GOOD + GOOD, "line 3: this claim is given twice; give it once"),
        ("", "there is no claim in this file; give at least one row"),
    ],
)
def test_a_row_that_is_no_claim_is_named_by_its_line(tmp_path, row, said):
    assert any(problem.startswith(said) for problem in refused(tmp_path, HEAD + row))


def test_all_problems_come_together(tmp_path):
    assert len(refused(tmp_path, HEAD + "A,1990,lists,x,,w,c\n" + GOOD + "B,1991,list,-1,,w,c\n")) == 3


def test_columns_are_checked_before_rows(tmp_path):
    assert refused(tmp_path, "who,when,kind,number,to,words,citation\n" + GOOD) == (
        "column 'figure' is missing; add it",
        "column 'number' is unknown; remove it",
    )


def test_a_file_that_is_not_there_a_folder_or_not_utf8_is_refused(tmp_path):
    with pytest.raises(ClaimsError, match="there is no such file"):
        read_claims(tmp_path / "none.csv")
    with pytest.raises(ClaimsError, match="this is a folder"):
        read_claims(tmp_path)
    path = tmp_path / "claims.csv"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ClaimsError, match="byte 0 is not UTF-8"):
        read_claims(path)


def test_a_posterior_has_a_probability_and_a_classical_estimate_has_none():
    table, rng = load_table("kosovo"), np.random.default_rng(1)
    models = [DecomposableGraphs(), Chapman(lists=("ABA", "HRW")), Chapman()]
    answers = {str(at): model.fit(table, rng=rng) for at, model in enumerate(models)}
    found = probability_at_least(10000, answers)
    grid = answers["0"].total
    assert isclose(found["0"], grid.probabilities[grid.values >= 10000].sum())
    assert found["1"] is None  # a confidence interval
    assert found["2"] is None  # not estimable
    assert probability_at_least(0, answers)["0"] == pytest.approx(1)
    assert probability_at_least(10000, {"bound": ChaoLowerBound().fit(table, rng=rng)}) == {"bound": None}


def test_the_implied_overlap_is_that_of_independent_lists():
    held = implication(300, 200, 1000)
    assert (held.overlap, held.least, held.most) == (60, 0, 200)
    assert need(300, 200, 60, 1000).odds_ratio == 1
    assert need(300, 200, 60, 1000).zero_capture_share == 0


@pytest.mark.parametrize("overlap", [20, 60, 150, 199])
def test_the_odds_ratio_is_that_of_the_two_by_two_table(overlap):
    cells = np.array([[overlap, 300 - overlap], [200 - overlap, 1000 - 500 + overlap]])
    wanted = cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0])
    assert isclose(need(300, 200, overlap, 1000).odds_ratio, wanted)


@pytest.mark.parametrize("overlap", [70, 150, 200])
def test_with_zero_capture_probability_left_out_the_lists_are_independent(overlap):
    needed = need(300, 200, overlap, 1000)
    catchable = 1000 * (1 - needed.zero_capture_share)
    assert isclose(300 * 200 / catchable, overlap)


def test_a_claim_below_independence_needs_a_negative_share_and_a_repulsion():
    needed = need(300, 200, 30, 1000)
    assert needed.zero_capture_share < 0
    assert needed.odds_ratio < 1


def test_a_list_inside_the_other_has_no_finite_odds_ratio():
    assert need(300, 200, 200, 1000).odds_ratio == inf


def test_an_overlap_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="201 people cannot be on both"):
        need(300, 200, 201, 1000)
    with pytest.raises(ValueError, match="it must be 100 to 200"):
        need(600, 200, 50, 700)
    with pytest.raises(ValueError, match="0 people cannot be on both"):
        need(300, 200, 0, 1000)
    with pytest.raises(ValueError, match="cannot be part of 1,000"):
        implication(3000, 200, 1000)


class TestIran1988:
    FOLDER: Path = data_folder() / "iran-1988"

    def test_every_claim_has_a_source_and_lists_are_apart_from_totals(self):
        claims = read_claims(self.FOLDER / "claims.csv")
        assert [c.figure for c in claims if c.kind == "list"] == [300, None, 1200, 2000, 3208, 5000, 5000]
        assert [(c.figure, c.to) for c in claims if c.kind == "total" and c.figure] == [
            (30000, None), (2800, 3800), (4000, 5000), (30000, None), (30000, None),
        ]  # fmt: skip
        assert all(len(c.citation) > 15 for c in claims)

    def test_it_is_no_table_and_says_that_no_estimate_can_be_made(self):
        assert not [name for name in table_names() if name.startswith("iran")]
        assert [path.name for path in self.FOLDER.glob("*.csv")] == ["claims.csv"]
        assert "No estimate of the number can be made" in (self.FOLDER / "SOURCE.md").read_text(encoding="utf-8")
