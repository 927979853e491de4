"""A study that divides its people: what it declares, what it finds, what it stores, and that it is found again."""

import csv
import json

import pytest
from drawn_once import undrawn

from estimation.capture.datasets import data_folder
from estimation.capture.readers import read_table_file
from estimation.errors import StudyError, TableError
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study
from estimation.study.study_file import read_study

HEAD = """
title = "People of two places"
table = "persons.csv"
seed = 7
headline = "No interaction"

[report]
formats = ["html"]
leave_out = ["overlap", "computation", "fit", "model_tables"]

[counted]
who = "People"
where = "Two places"
when = "One year"
excludes = "Visitors"

[[model]]
label = "No interaction"
name = "nhoi"

[[model]]
label = "Bound"
name = "chao"
"""
STRATA = '\n[strata]\nby = ["place"]\n'
COUNTS = {"100": 40, "010": 30, "001": 25, "110": 15, "101": 12, "011": 10, "111": 6}


def write(folder, *, strata=STRATA, missing=0, factor=2):
    """Two places, the south with more people; of some nobody knows where they were."""
    rows = ["a,b,c,place,colour"]
    for history, people in COUNTS.items():
        rows += [f"{','.join(history)},north,red"] * people
        rows += [f"{','.join(history)},south,blue"] * (people * factor)
    rows += ["1,0,0,,red"] * missing
    (folder / "persons.csv").write_text("\n".join(rows) + "\n")
    (folder / "study.toml").write_text(HEAD + strata)
    return folder / "study.toml"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("strata")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        with pytest.warns(match="colour"):
            return run_study(write(folder), folder / "out")


class TestFinished:
    def test_every_model_has_every_stratum_and_their_total(self, finished):
        strata = json.loads((finished / "results.json").read_text())["strata"]
        assert list(strata) == ["No interaction", "Bound"]
        of_model = strata["No interaction"]
        assert [each["labels"]["place"] for each in of_model["strata"]] == ["north", "south"]
        # In closed form n_0 is the product of the odd histories over that of the even ones: 40 30 25 6 / (15 12 10).
        unseen = 40 * 30 * 25 * 6 / (15 * 12 * 10)
        expected = 3 * (sum(COUNTS.values()) + unseen)
        assert of_model["total"]["median"] == pytest.approx(expected, rel=0.1)
        assert strata["Bound"]["total"]["is_lower_bound"]

    def test_a_table_has_a_row_a_model_and_stratum_and_the_totals(self, finished):
        with (finished / "strata.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert [(row["model"], row["place"]) for row in rows] == [
            *(("No interaction", place) for place in ("north", "south", "")),
            *(("Bound", place) for place in ("north", "south", "")),
        ]
        assert {row["lists"] for row in rows} == {"a, b, c", ""}

    def test_counts_by_history_and_label_stand_in_for_the_persons(self, finished):
        stored = (finished / "inputs" / "persons.counts.csv").read_text()
        assert stored.splitlines()[0] == "a,b,c,place,count"
        assert len(stored.splitlines()) == 1 + 2 * len(COUNTS)
        assert not (finished / "inputs" / "persons.csv").exists()

    def test_it_is_found_again_from_what_is_stored(self, finished):
        found = verify_study(finished, strict=True)
        assert (found.differences, found.changed, found.unlike) == ((), (), ())

    def test_a_changed_number_of_a_stratum_is_seen(self, finished, tmp_path):
        results = json.loads((finished / "results.json").read_text())
        for path in finished.rglob("*"):
            if path.is_file():
                place = tmp_path / path.relative_to(finished)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(path.read_bytes())
        results["strata"]["No interaction"]["strata"][0]["median"] += 1
        (tmp_path / "results.json").write_text(json.dumps(results))
        assert [each.path for each in verify_study(tmp_path).differences] == ["strata.No interaction.strata[0].median"]


def test_values_that_become_one_are_one_stratum_and_it_is_found_again(tmp_path):
    study = write(tmp_path, strata=STRATA + '[strata.merge.place]\nanywhere = ["north", "south"]\n')
    with pytest.warns(match="colour"), undrawn():
        out = run_study(study, tmp_path / "out")
    results = json.loads((out / "results.json").read_text())
    (only,) = results["strata"]["Bound"]["strata"]
    assert (only["labels"], only["n_observed"]) == ({"place": "anywhere"}, results["table"]["n_observed"])
    assert verify_study(out).differences == ()


class TestRefused:
    def test_missing_labels_with_the_number_of_people_and_the_choices(self, tmp_path):
        study = write(tmp_path, missing=9)
        words = r'place of 9 of [0-9]+ people is missing.*missing = "complete"'
        with pytest.warns(match="colour"), pytest.raises(StudyError, match=words):
            run_study(study, tmp_path / "out")
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        ("strata", "words"),
        [
            ('\n[strata]\nby = ["plaice"]\n', "no column 'plaice' to take as a label.*'place'"),
            (STRATA + '[covers.d]\nplace = ["north"]\n', "no list 'd' to cover anything"),
            (
                STRATA + '[covers.a]\nplace = ["north"]\n',
                r"146 people on 'a' have a place that it is said not to cover",
            ),
        ],
    )
    def test_what_is_not_in_the_table(self, tmp_path, strata, words):
        with pytest.raises(TableError, match=words):
            run_study(write(tmp_path, strata=strata), tmp_path / "out")

    @pytest.mark.parametrize(
        ("strata", "words"),
        [
            ("\n[strata]\nby = []\n", "by.*1 values or more"),
            ('\n[strata]\nby = ["place", "place"]\n', "'place' is named twice"),
            (STRATA + 'missing = "guess"\n', "missing"),
            (STRATA + 'time = "month"\n', "time: 'month' is no label of by"),
            (STRATA + 'order = "month"\n', "order"),
            ('\n[covers.a]\nplace = ["north"]\n', "[covers] says which strata a list could have seen"),
            (STRATA + '[strata.map]\nboundaries = "none.geojson"\nlabel = "place"\n', "there is no such file"),
        ],
    )
    def test_keys_that_say_nothing(self, tmp_path, strata, words):
        with pytest.raises(StudyError) as error:
            read_study(write(tmp_path, strata=strata))
        assert all(part in str(error.value) for part in words.split(".*"))


def test_labels_are_drawn_jointly_where_every_declared_model_can_and_refused_with_the_others_named(tmp_path):
    study = write(tmp_path, strata=STRATA + 'missing = "joint"\n', missing=9)
    with pytest.raises(StudyError, match=r"missing = \"joint\", model 'Bound': .*impute") as error:
        read_study(study)
    assert "No interaction" not in str(error.value)


def test_the_packaged_study_by_prison_and_month_is_one_that_can_be_run():
    study = read_study(data_folder() / "synthetic_prison_killings" / "study_by_prison_and_month.toml")
    read = read_table_file(study.table, study.columns, door="study", strata=study.labels)
    assert read.strata.missing(study.strata.by) == {"month": 232}
    strata = read.strata.complete(study.strata.by).by(study.strata.by)
    assert len(strata.tables) == 12
    assert {
        out["leaked_documents"][:14] for stratum, out in strata.left_out.items() if stratum[0] in ("East", "West")
    } == {"could not have"}


def test_a_public_edition_has_no_numbers_by_stratum_and_says_so(tmp_path):
    study = write(tmp_path, factor=30)
    with pytest.warns(match="colour"):
        out = run_study(study, tmp_path / "out", public=5)
    results = json.loads((out / "results.json").read_text())
    assert "strata" not in results
    assert any("by stratum" in sentence for sentence in results["edition"]["left_out"])
    assert not (out / "strata.csv").exists()


COVARIATES = """
[[model]]
label = "Robust"
name = "doubly-robust"
[model.settings]
covariates = ["colour"]
lists = ["a", "b"]
learner = "logistic"
"""
POOLED = """
[[strata.model]]
label = "Pooled"
name = "hierarchical-log-linear"
"""


class TestModelsThatNeedLabels:
    def test_a_model_with_covariates_is_fitted_with_them_to_all_people_and_to_each_stratum(self, tmp_path):
        with undrawn():
            out = run_study(write(tmp_path, strata=COVARIATES + STRATA), tmp_path / "out")
        results = json.loads((out / "results.json").read_text())
        (of_all,) = [model for model in results["models"] if model["label"] == "Robust"]
        # The two places have the same histories in proportion, so that what the covariate says changes little.
        chapman = (results["table"]["lists"]["a"] + 1) * (results["table"]["lists"]["b"] + 1) / (63 + 1)
        assert of_all["point"] == pytest.approx(chapman, rel=0.2)
        assert results["strata"]["Robust"]["total"]["estimable"]
        assert (out / "inputs" / "persons.counts.csv").read_text().startswith("a,b,c,place,colour,count\n")
        assert verify_study(out).differences == ()

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            (STRATA + POOLED.replace("linear", "liner"), "model 'Pooled': .*'hierarchical-log-liner'"),
            (STRATA + POOLED.replace("Pooled", "Bound"), "the model label 'Bound' is used more than once"),
            (STRATA + 'missing = "joint"\n' + POOLED, "model 'Pooled': .*impute"),
            (POOLED.replace("[[strata.model]]", "[[model]]"), "hierarchical-log-linear"),
            (
                COVARIATES + '[sensitivity]\nmodel = "Robust"\nsubsets = true\n',
                "is about 'Robust', which has covariates",
            ),
        ],
    )
    def test_what_cannot_be_declared(self, tmp_path, more, words):
        with pytest.raises(StudyError, match=words):
            read_study(write(tmp_path, strata=more))

    @pytest.mark.slow
    def test_a_model_over_all_strata_stands_beside_those_of_each(self, tmp_path):
        with pytest.warns(match="colour"):
            out = run_study(write(tmp_path, strata=STRATA + POOLED), tmp_path / "out")
        strata = json.loads((out / "results.json").read_text())["strata"]
        assert list(strata) == ["No interaction", "Bound", "Pooled"]
        assert strata["Pooled"]["total"]["n_observed"] == strata["No interaction"]["total"]["n_observed"]
        assert verify_study(out).differences == ()
