"""`mse estimate --covariates`: columns that a model takes into account for each person."""

import json

import pytest


@pytest.fixture
def file(tmp_path):
    lines = ["police,press,place,sex,count"]
    for place, sex, counts in (
        ("n", "f", (400, 300, 200)),
        ("n", "m", (500, 400, 150)),
        ("s", "f", (300, 300, 300)),
        ("s", "m", (200, 250, 100)),
    ):
        lines += [f"{on},{place},{sex},{n}" for on, n in zip(("1,0", "0,1", "1,1"), counts, strict=True)]
    path = tmp_path / "deaths.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


MODEL = ("--model", "doubly-robust", "--set", "learner=logistic", "--set", "splits=1")


def test_covariates_are_read_and_taken_into_account(mse, file):
    code, out, _err = mse("estimate", file, *MODEL, "--covariates", "place,sex", "--json")
    found = json.loads(out)
    # Within each kind the lists are as they are: 900 * 500 / 200 and so on, added.
    by_kind = 600 * 500 / 200 + 650 * 550 / 150 + 600 * 600 / 300 + 300 * 350 / 100
    assert abs(found["median"] - by_kind) < found["sd"] / 2
    assert found["n_observed"] == 3400
    assert code == 0


def test_the_page_says_what_it_rests_on_what_truncation_does_and_who_carries_it(mse, file):
    _code, out, _err = mse("estimate", file, *MODEL, "--covariates", "place,sex")
    assert "Among people with the same place and sex" in out
    assert "N by the truncation of small probabilities" in out
    assert "Who carries the estimate" in out


def test_covariates_and_strata_go_together(mse, file):
    code, out, _err = mse("estimate", file, *MODEL, "--covariates", "sex", "--by", "place", "--json")
    found = json.loads(out)
    assert [each["labels"]["place"] for each in found["strata"]] == ["n", "s"]
    north = 600 * 500 / 200 + 650 * 550 / 150
    assert abs(found["strata"][0]["median"] - north) < found["strata"][0]["sd"] / 2
    assert code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((*MODEL, "--covariates", "age"), "age"),
        ((*MODEL, "--covariates", "police", "--lists", "police,press"), "police"),
        ((*MODEL, "--covariates", ""), "no column is named"),
        (("--model", "chao", "--covariates", "sex"), "chao has no setting 'covariates'"),
        (("--covariates", "sex"), "name it with --model"),
        ((*MODEL, "--covariates", "sex", "--set", "covariates=place"), "covariates is set more than once"),
    ],
)
def test_what_cannot_be_a_covariate_is_refused(mse, file, options, words):
    code, _out, err = mse("estimate", file, *options)
    assert code == 2
    assert words in err
