"""A linkage is taken wherever a table is: pooled where N is asked for, one draw in the middle elsewhere, or refused."""

import json

import pytest
from small_linkage import small_linkage
from typer.testing import CliRunner

import estimation as mse
from estimation.cli import app
from estimation.errors import TableWarning
from estimation.linkage.saved import save_linkage


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(save_linkage(small_linkage(), tmp_path_factory.mktemp("linked") / "linkage"))


def run(*words):
    return CliRunner().invoke(app, [*map(str, words)])


def test_an_estimate_is_pooled_over_the_draws(folder):
    found = run("estimate", folder, "--model", "decomposable", "--json")
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    draws = small_linkage()
    pooled = mse.fit_draws(mse.models.DecomposableGraphs(), draws, rng=1)
    assert answer["median"] == pooled.median
    assert answer["people"] == {
        "median": draws.people.median,
        "lower": draws.people.lower,
        "upper": draws.people.upper,
        "level": 0.95,
    }


def test_one_partition_is_a_table_and_lacks_the_doubt(folder):
    with pytest.warns(TableWarning, match="each row is a person"):
        found = run("estimate", f"{folder}/clusters.csv", "--model", "nhoi")
    assert found.exit_code == 0, found.output
    assert "is one partition, without the doubt about who is who" in found.stderr.replace("\n", " ")


def test_the_words_say_that_who_is_who_is_not_certain(folder):
    found = run("estimate", folder, "--model", "chapman", "--set", 'lists=["police","press"]')
    assert found.exit_code == 0, found.output
    assert "292 records on 3 lists" in found.stdout
    assert "Who is the same person was drawn from a model" in found.stdout


@pytest.mark.slow
def test_the_default_set_of_models_is_pooled(folder):
    default = run("estimate", folder)
    assert default.exit_code == 0, default.output
    assert "Default set of models" in default.stdout


def test_strata_are_pooled_over_the_draws_and_missing_labels_are_said(folder):
    refused = run("estimate", folder, "--model", "nhoi", "--by", "month")
    assert refused.exit_code == 2
    assert "month of 8 of 220 people is missing" in refused.output.replace("\n", " ")
    found = run("estimate", folder, "--model", "nhoi", "--by", "month", "--missing", "impute")
    assert found.exit_code == 0, found.output
    assert "strata of 24 draws of the linkage" in found.stdout.replace("\n", " ")
    unknown = run("estimate", folder, "--model", "nhoi", "--by", "place")
    assert unknown.exit_code == 2
    assert "no record has a label 'place'" in unknown.output
    joint = run("estimate", folder, "--model", "decomposable", "--by", "month", "--missing", "joint")
    assert joint.exit_code == 2
    assert "joint" in joint.output


def test_other_questions_are_about_one_draw_in_the_middle_and_say_so(folder):
    for words in (["inspect", folder], ["sensitivity", "leave-one-list-out", folder, "--model", "nhoi"]):
        found = run(*words)
        assert found.exit_code == 0, found.output
        assert "of 24 draws of the linkage this is about one, in the middle" in found.output.replace("\n", " ")


def test_what_makes_no_sense_of_a_linkage_is_refused(folder, tmp_path):
    safe = run("export", folder, tmp_path / "safe.csv")
    assert safe.exit_code == 2
    assert "has a table for each draw" in safe.output.replace("\n", " ")
    columns = run("estimate", folder, "--lists", "police,press", "--model", "nhoi")
    assert columns.exit_code == 2
    assert "--lists: this is a linkage and has no columns" in columns.output.replace("\n", " ")
    people = run("estimate", folder, "--model", "doubly-robust", "--covariates", "month")
    assert people.exit_code == 2
    assert "the tables of a linkage have no covariates" in people.output.replace("\n", " ")
    other = run("estimate", tmp_path, "--model", "nhoi")
    assert other.exit_code == 2
    assert "there is no linkage.json" in other.output.replace("\n", " ")


def test_a_list_of_names_where_a_table_is_wanted_is_to_be_linked(tmp_path):
    names = tmp_path / "synthetic_police.csv"
    names.write_text("Given name,Family name,Age\nSimin,Punehchin,20\nArman,Barfgar,31\n", encoding="utf-8")
    found = run("estimate", names, "--model", "nhoi")
    assert found.exit_code == 2
    message = found.output.replace("\n", " ")
    assert "looks like a list of names and no table: link it with the others (mse link" in message
    assert "Punehchin" not in message
