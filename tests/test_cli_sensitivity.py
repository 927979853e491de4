"""`mse sensitivity`, `claims`, `simulate`, `design` and a register, as a user meets them."""

import json

import pyarrow.parquet
import pytest

from estimation.capture.datasets import data_folder

PAIR = ("--pair", "ABA,HRW")
LIGHT = (
    "--set",
    "classes=4",
    "--set",
    "chains=2",
    "--set",
    "effective=400",
    "--set",
    "other_priors=false",
    "--set",
    "fit_check=false",
)


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("leave-one-list-out", ("--model", "chao"), "without ABA"),
        ("merge-two-lists", ("--model", "chao"), "ABA and HRW merged"),
        ("subsets", ("--model", "chao"), "EXH + ABA + OSCE"),
        ("one-inflation", ("--model", "chao"), "on one list"),
        ("consistency", ("--model", "log-linear-select", "--set", "interval=conditional"), "known list sizes"),
        ("pairs", (), "ABA and HRW"),
        ("vary-setting", ("--model", "decomposable", "--vary", "delta", "--values", "0.0625,0.5,1"), "delta = 0.5"),
        (
            "vary-setting",
            ("--model", "latent-class", *LIGHT, "--vary", "expansion", "--values", "1.1,5;1.1,10"),
            "expansion = 1.1 to 5",
        ),
        ("odds-ratio", (*PAIR, "--values", "0.5,1,2"), "theta = 0.5"),
        ("linkage-error", ("--model", "chao", "--false-match", "0,0.1", "--missed-match", "0,0.1"), "10 % false"),
    ],
)
def test_every_command_prints_the_results_and_the_finding_and_draws_them(mse, tmp_path, command, options, said):
    chart = tmp_path / "chart.svg"
    status, out, err = mse("sensitivity", command, "kosovo", *options, "--chart", chart)
    assert status == 0, err
    assert said in out
    assert "baseline" in out
    assert chart.read_bytes().startswith(b"<?xml")


def test_answers_are_json_or_a_table_in_a_file(mse, tmp_path):
    out = tmp_path / "answers.parquet"
    status, said, _ = mse("sensitivity", "leave-one-list-out", "kosovo", "--model", "chao", "--json", "--out", out)
    assert status == 0
    found = json.loads(said)
    assert set(found) == {"question", "finding", "answers"}
    assert found["answers"] == pyarrow.parquet.read_table(out).to_pylist()


def test_tipping_gives_every_explanation(mse, tmp_path):
    options = ("--figure", 20000, "--model", "log-linear", "--among", "ABA,HRW", "--out", tmp_path / "a.csv")
    status, out, err = mse("sensitivity", "tipping", "kosovo", *options)
    assert status == 0, err
    for explanation in ("List dependence: ", "Zero capture probability: ", "Linkage error: "):
        assert explanation in out
    assert (tmp_path / "a.csv").read_text().startswith('"question","label","value"')


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("odds-ratio", "kosovo", "--pair", "ABA", "--values", "1"),
            "'ABA' names 1 list; name two, for example ABA,HRW",
        ),
        (("odds-ratio", "kosovo", *PAIR, "--values", "one"), "--values: 'one': give numbers with commas between them"),
        (("odds-ratio", "kosovo", *PAIR, "--values", "-1"), "theta = -1.0; it is an odds ratio"),
        (
            ("vary-setting", "kosovo", "--model", "chao", "--vary", "delta", "--values", "1"),
            "chao has no setting 'delta'",
        ),
        (("leave-one-list-out", "kosov", "--model", "chao"), "did you mean 'kosovo'?"),
        (("merge-two-lists", "gaza", "--model", "chapmn"), "did you mean 'chapman'?"),
        (
            ("linkage-error", "kosovo", "--model", "chao", "--false-match", "2", "--missed-match", "0"),
            "false_match 2.0; it is",
        ),
        (("pairs", "kosovo", "--out", "answers.xlsx"), "name it .csv or .parquet"),
        (("pairs", "kosovo", "--chart", "chart.gif"), "a chart is written as .svg, .pdf, .png or .eps"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_with_status_2(mse, arguments, said):
    status, _, err = mse("sensitivity", *arguments)
    assert (status, said in err) == (2, True), err


def test_claims_are_shown_with_what_they_imply_and_no_estimate(mse, tmp_path):
    file = data_folder() / "iran-1988" / "claims.csv"
    status, out, _ = mse("claims", file, "--chart", tmp_path / "claims.svg")
    assert status == 0
    assert "Claims alone give no estimate" in out
    assert "535" in out  # 3,208 x 5,000 / 30,000
    assert (tmp_path / "claims.svg").exists()


def test_a_register_limits_the_number_and_needs_a_source(mse):
    asked = ("estimate", "kosovo", "--model", "decomposable", "--json", "--register", 12000)
    status, out, _ = mse(*asked, "--register-source", "a register", "--survivors", 100)
    assert status == 0
    assert json.loads(out)["upper"] <= 11900
    status, _, err = mse(*asked)
    assert (status, "source" in err) == (2, True)


def test_a_scenario_becomes_a_synthetic_table_that_can_be_checked(mse, tmp_path):
    status, out, _ = mse("simulate", "independent", "--out", tmp_path / "s", "--seed", 3)
    assert status == 0
    assert out.startswith("SYNTHETIC DATA. ")
    assert mse("inspect", tmp_path / "s" / "synthetic_table.csv")[0] == 0
    status, _, err = mse("simulate", "independant", "--out", tmp_path / "t")
    assert (status, "there are" in err) == (2, True)


def test_a_design_says_what_more_names_would_buy(mse, tmp_path):
    asked = ("--list", "police=300", "--list", "press=250", "--total", 1000, "--model", "chapman")
    more = ("--names", "500", "--replications", 20, "--csv", tmp_path / "d.csv", "--chart", tmp_path / "d.svg")
    status, out, err = mse("design", *asked, *more, "--workers", 1)
    assert status == 0, err
    assert "500" in out
    assert (tmp_path / "d.csv").read_text().count("\n") >= 3
    status, _, err = mse("design", "--list", "police", "--total", 1000, "--model", "chapman")
    assert (status, "'police' is not of the form name=people" in err) == (2, True)


def test_the_coverage_study_leaves_its_page_its_tables_its_chart_and_its_cache(mse, tmp_path):
    asked = ("--out", tmp_path / "c", "--replications", 2, "--model", "Two lists, A and B", "--workers", 1)
    status, _, err = mse("coverage", *asked)
    assert status == 0, err
    first = (tmp_path / "c" / "scores.csv").read_bytes()
    status, _, err = mse("coverage", *asked)
    assert (status, "trials.csv: there is such a file already; name another one, or add --force" in err) == (2, True)
    assert mse("coverage", *asked, "--force")[0] == 0
    assert (tmp_path / "c" / "scores.csv").read_bytes() == first
    page = (tmp_path / "c" / "coverage.md").read_text()
    assert "Two lists, A and B" in page
    assert "`mse coverage --replications 2 --model 'Two lists, A and B'`" in page
    assert {path.name for path in (tmp_path / "c").iterdir()} == {
        ".parts", "coverage.md", "coverage.svg", "scores.csv", "trials.csv",
    }  # fmt: skip
    assert all(path.suffix in (".json", ".sums") for path in (tmp_path / "c" / ".parts").iterdir())
