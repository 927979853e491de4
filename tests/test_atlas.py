"""The atlas: published figures are computed again, and the mark says what came out."""

import csv
import json
import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

import estimation as mse
from estimation.atlas import questions
from estimation.atlas.published import read_published
from estimation.cli import app
from estimation.errors import StudyError

DATA = Path(__file__).parent.parent / "data"
PUBLIC = Path("/work/shared/data/atlas_published.csv")

# Studies whose figures are computed in a moment, with how many of them are reproduced.
QUICK = {"congenital_anomaly": 1, "hiv": 2, "spina_bifida_626": 1, "synthetic_artificial_3": 4}

TWO_LISTS = """
[[figure]]
method = 'two lists'
estimate = 182
source = 'a thesis'
[figure.computed]
model = 'lincoln-petersen'
"""

KHARTOUM = {8197, 14119, 7201, 7609, 11771, 6320, 24330, 35846}


packaged = cache(mse.atlas.read_atlas_study)


def changed(tmp_path, name, old, new, *, file="published.toml"):
    """A copy of a packaged study with one text changed."""
    folder = tmp_path / name
    shutil.copytree(DATA / name, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", QUICK)
def test_figures_without_anything_random_are_reproduced_to_the_digit(name):
    found = mse.atlas.run([name])
    computed = [each for each in found if each.ours is not None]
    assert [each.mark for each in computed] == ["reproduced"] * QUICK[name]
    units = [
        figure.computed.unit for figure in read_published(DATA / name / "published.toml").figures if figure.computed
    ]
    assert all(abs(each.ours - each.published) < unit for each, unit in zip(computed, units, strict=True))


@pytest.mark.parametrize(("published", "mark"), [(617.82, "reproduced"), (617.80, "not"), (620, "not")])
def test_a_figure_that_is_another_number_is_not_reproduced(tmp_path, published, mark):
    folder = changed(tmp_path, "congenital_anomaly", "estimate = 617.82", f"estimate = {published}")
    [found] = mse.atlas.run([folder])
    assert found.mark == mark
    assert round(found.ours, 2) == 617.82
    assert ("ours is" in found.reason) == (mark == "not")


def test_the_ends_decide_where_their_unit_is_stated(tmp_path):
    folder = changed(tmp_path, "congenital_anomaly", "upper = 655", "upper = 660")
    [found] = mse.atlas.run([folder])
    assert found.mark == "not"
    assert "published 588 to 660, ours 588 to 655" in found.reason


def test_khartoum_has_eight_models_at_five_thresholds():
    found = mse.atlas.run(["khartoum_all"])
    plain = [each for each in found if "no covariates" in each.method]
    assert len(plain) == 40
    assert {each.published - 2664 for each in plain if "thresholds" not in each.method} == KHARTOUM
    other = [each for each in plain if each.mark != "reproduced"]
    assert [round(each.published - each.ours) for each in other] == [8]
    own = [each.published for each in found if "the same at" in each.method]
    assert (min(own), max(own)) == (21939, 157548)


def test_every_table_of_the_atlas_is_a_study_and_every_study_without_one_is_unknown():
    names = mse.atlas.study_names()
    assert set(mse.table_names()) <= set(names)
    assert len(mse.table_names()) >= 25
    for name in names:
        study = packaged(name)
        assert study.published.figures, name
        assert (study.study is None) == name.startswith("no_table_")
        assert study.published.versions or study.study is None, name
        for figure in study.published.figures:
            assert (figure.unknown is not None) == (study.study is None), (name, figure.method)


@pytest.mark.skipif(not PUBLIC.exists(), reason="no folder with the public tables")
def test_every_public_figure_has_a_mark_and_the_reproducible_ones_are_computed():
    for row in csv.DictReader(PUBLIC.read_text(encoding="utf-8").splitlines()):
        figures = packaged(row["study_id"]).published.figures
        same = [figure for figure in figures if figure.method == row["method"]]
        assert len(same) == 1, row
        [figure] = same
        assert figure.estimate == (float(row["estimate"]) if row["estimate"] else None) or figure.unlisted
        assert figure.lower == (float(row["lower"]) if row["lower"] else None)
        if row["reproduced_by_package"] == "yes":
            assert figure.computed is not None
            assert figure.why_not is None
        assert (row["reproduced_by_package"] == "no table") == (figure.unknown is not None)


@pytest.mark.slow
def test_the_figures_that_are_marked_reproducible_are_reproduced():
    found = {(each.study, each.method): each for each in mse.atlas.run(workers=2)}
    wrong = []
    for name in mse.atlas.study_names():
        for figure in mse.atlas.read_atlas_study(name).published.figures:
            mark = found[name, figure.method].mark
            expected = "unknown" if figure.unknown else "not" if figure.why_not else "reproduced"
            if mark != expected:
                wrong.append((name, figure.method, mark, found[name, figure.method].reason))
    assert not wrong


class TestCommand:
    def test_json_is_a_list_of_objects_with_six_keys(self):
        done = CliRunner().invoke(app, ["atlas", "hiv", "--json", "--workers", "1"])
        assert done.exit_code == 0, done.output
        found = json.loads(done.stdout)
        assert [set(each) for each in found] == [{"study", "method", "published", "ours", "mark", "reason"}] * 3
        assert [each["mark"] for each in found] == ["not", "reproduced", "reproduced"]

    def test_text_has_the_counts_of_the_marks(self):
        done = CliRunner().invoke(app, ["atlas", "hepatitis_a", "no_table_geckos", "--workers", "1"])
        assert "4 figures: 2 reproduced, 1 not, 1 unknown" in done.stdout

    def test_text_has_the_decimals_that_were_published(self):
        shown = CliRunner().invoke(app, ["atlas", "congenital_anomaly"]).stdout
        assert re.search(r"reproduced +617\.82 +ours 617\.82 ", shown)
        assert "\n1 figure: 1 reproduced, 0 not, 0 unknown" in shown

    def test_a_name_like_another_is_answered_with_it(self, mse):
        status, _, error = mse("atlas", "kosova")
        assert status == 2
        assert "there is no study 'kosova', and no folder of that name; did you mean 'kosovo'" in error


class TestFolder:
    def test_a_folder_of_ones_own_is_run_like_a_packaged_study(self, tmp_path):
        (tmp_path / "table.csv").write_text("a,b,count\n1,0,40\n0,1,30\n1,1,12\n", encoding="utf-8")
        (tmp_path / "published.toml").write_text(TWO_LISTS, encoding="utf-8")
        [found] = mse.atlas.run([tmp_path])
        assert (found.ours, found.mark) == (182, "reproduced")

    @pytest.mark.parametrize(
        ("estimate", "unit", "mark", "reason"),
        [
            (180, 1, "not", "ours is 2 more, and the same to the nearest 10; where the source rounded to that"),
            (180, 10, "reproduced", "lincoln-petersen"),
            (200, 100, "reproduced", "lincoln-petersen"),
            (100, 100, "reproduced", "lincoln-petersen"),
            (300, 100, "not", "ours is 118 fewer"),
            (183, 1, "not", "ours is 1 fewer"),
            (70, 1, "not", "below the 82 people on the lists: if it is of those on none, it is unlisted"),
        ],
    )
    def test_a_rounded_figure_is_held_to_the_digit_that_its_source_gives(self, tmp_path, estimate, unit, mark, reason):
        """182 exactly: to the nearest ten 180, to the nearest hundred 200, cut 100."""
        (tmp_path / "table.csv").write_text("a,b,count\n1,0,40\n0,1,30\n1,1,12\n", encoding="utf-8")
        (tmp_path / "published.toml").write_text(
            f"[[figure]]\nmethod = 'two lists'\nestimate = {estimate}\nsource = 'a thesis'\n"
            f"[figure.computed]\nmodel = 'lincoln-petersen'\nunit = {unit}\n",
            encoding="utf-8",
        )
        [found] = mse.atlas.run([tmp_path])
        assert found.mark == mark
        assert reason in found.reason

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('model = "decomposable"', 'model = "decomposible"', r"figure 1\].*no model 'decomposible'; did you mean"),
            ("delta = 0.5", "dleta = 0.5", r"figure 1\].*no setting 'dleta'; did you mean 'delta'"),
            ("method = ", "methode = ", r"\[figure 1\], key 'methode' is unknown; did you mean 'method'"),
            ("lower = 588", "lower = 700", r"figure 1\].*lower, estimate and upper are not in order"),
            ("[figure.computed]", "[figure.computed]\ntable = 'other.csv'", "there is no file .*other.csv"),
            ("level = 0.95", "level = 95", r"\[figure 1\], key 'level' is 95"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_file_figure_and_key(self, tmp_path, old, new, message):
        folder = changed(tmp_path, "congenital_anomaly", old, new)
        with pytest.raises(StudyError, match=message) as raised:
            mse.atlas.run([folder])
        assert "published.toml" in str(raised.value)

    @pytest.mark.parametrize(
        ("keys", "message"),
        [
            (
                "labels = ['sex']\nlists = ['a', 'z']",
                r"figure 1\] \(two lists\): people.csv: there is no list 'z'; the lists are a, b",
            ),
            (
                "labels = ['sex']\nmerge = { x = ['a', 'z'] }",
                r"figure 1\] \(two lists\): people.csv: there is no list 'z'",
            ),
            ("by = ['gender']", r"figure 1\] \(two lists\): .*people.csv: there is no column 'gender'"),
            (
                "where = { sex = 'man' }",
                r"figure 1\] \(two lists\): where: sex is 'man' of nobody; there are men, women",
            ),
            ("by = ['sex']\nstratum = ['man']", r"figure 1\] \(two lists\): stratum: sex is 'man' of nobody"),
        ],
    )
    def test_what_a_figure_names_and_its_table_does_not_have_is_found_before_any_fit(
        self, tmp_path, monkeypatch, keys, message
    ):
        monkeypatch.setattr("estimation.atlas.reproduction.in_processes", None)  # whatever fits
        (tmp_path / "people.csv").write_text("sex,a,b,count\nmen,1,0,40\nwomen,0,1,30\nmen,1,1,12\n", encoding="utf-8")
        (tmp_path / "published.toml").write_text(
            "[[figure]]\nmethod = 'two lists'\nestimate = 182\nsource = 'a thesis'\n"
            f"[figure.computed]\ntable = 'people.csv'\nmodel = 'lincoln-petersen'\n{keys}\n",
            encoding="utf-8",
        )
        with pytest.raises(StudyError, match=message) as raised:
            mse.atlas.run([tmp_path])
        assert "published.toml" in str(raised.value)

    @pytest.mark.parametrize(
        ("by", "message"),
        [
            ("['gender']", r"\[strata 1\] \(By sex\): .*people.csv: there is no column 'gender'"),
            (
                "['sex']",
                r"\[strata 1\] \(By sex\): people.csv: sex of 30 of 82 .*say so with missing = \"complete\"",
            ),
        ],
    )
    def test_what_a_division_names_is_looked_at_before_any_fit(self, tmp_path, monkeypatch, by, message):
        monkeypatch.setattr("estimation.atlas.reproduction.in_processes", None)  # whatever fits
        monkeypatch.setattr("estimation.atlas.pages.audit", None)
        (tmp_path / "people.csv").write_text("sex,a,b,count\nmen,1,0,40\n,0,1,30\nmen,1,1,12\n", encoding="utf-8")
        (tmp_path / "published.toml").write_text(
            "[[figure]]\nmethod = 'two lists'\nestimate = 182\nsource = 'a thesis'\nwhy_not = 'it is a test'\n"
            f"[[strata]]\nlabel = 'By sex'\n[strata.computed]\ntable = 'people.csv'\nmodel = 'chapman'\nby = {by}\n",
            encoding="utf-8",
        )
        with pytest.raises(StudyError, match=message):
            mse.atlas.run([tmp_path])
        with pytest.raises(StudyError, match=message):
            mse.atlas.write_pages([tmp_path], tmp_path / "out")

    def test_a_file_without_a_figure_is_refused(self, tmp_path):
        (tmp_path / "published.toml").write_text("title = 'a town'\n", encoding="utf-8")
        with pytest.raises(StudyError, match=r"it has no published figure; add a \[\[figure\]\]"):
            mse.atlas.run([tmp_path])

    def test_a_study_named_twice_and_folders_of_one_name_are_refused(self, tmp_path):
        with pytest.raises(StudyError, match="named twice"):
            mse.atlas.run(["hiv", DATA / "hiv"])
        shutil.copytree(DATA / "hiv", tmp_path / "hiv")
        with pytest.raises(StudyError, match="two studies have this name"):
            mse.atlas.run(["hiv", tmp_path / "hiv"])

    def test_how_often_people_were_captured_is_enough_for_a_model_that_needs_no_more(self, tmp_path):
        """Chao's estimator of animals: f1^2 / (2 f2) = 46^2 / 56."""
        (tmp_path / "tees.csv").write_text("captures,count\n1,46\n2,28\n3,21\n", encoding="utf-8")
        (tmp_path / "published.toml").write_text(
            "frequencies = 'tees.csv'\n[[figure]]\nmethod = 'bound'\nestimate = 132.8\nsource = 'a thesis'\n"
            "[figure.computed]\ntable = 'tees.csv'\nmodel = 'chao'\nunit = 0.1\n",
            encoding="utf-8",
        )
        [found] = mse.atlas.run([tmp_path])
        assert (round(found.ours, 4), found.mark) == (round(95 + 46**2 / 56, 4), "reproduced")

    def test_a_row_of_its_table_that_is_wrong_is_named(self, tmp_path):
        folder = changed(tmp_path, "hepatitis_a", "1,1,1,28", "1,1,1,-28", file="table.csv")
        with pytest.raises(mse.errors.TableError, match=r"table\.csv: line 8, column count"):
            mse.atlas.run([folder])

    def test_a_folder_without_published_figures_says_which_file_to_add(self, tmp_path):
        with pytest.raises(StudyError, match=r"no published\.toml.*; add one"):
            mse.atlas.run([tmp_path])

    def test_a_folder_of_studies_says_how_they_are_named(self):
        with pytest.raises(StudyError, match=r"name the studies in it \(.*kosovo.*\): mse atlas .*data/\*"):
            mse.atlas.run([DATA])
        with pytest.raises(StudyError, match=r"this is a file; name the folder of a study"):
            mse.atlas.run([DATA / "kosovo" / "table.csv"])

    def test_a_table_that_is_no_csv_is_found_where_it_is_the_only_one(self, tmp_path):
        (tmp_path / "published.toml").write_text(TWO_LISTS, encoding="utf-8")
        (tmp_path / "table.tsv").write_text("a\tb\tcount\n1\t0\t40\n0\t1\t30\n1\t1\t12\n", encoding="utf-8")
        assert mse.atlas.run([tmp_path])[0].mark == "reproduced"
        (tmp_path / "table.xlsx").write_bytes(b"")
        with pytest.raises(StudyError, match=r"no study\.toml and no table\.csv beside this file"):
            mse.atlas.run([tmp_path])

    def test_a_model_over_all_strata_needs_strata_and_is_fitted_to_them_at_once(self, tmp_path, monkeypatch):
        """The model itself is not fitted here: it takes seconds."""
        rows = "".join(f"1,0,{s},40\n0,1,{s},30\n1,1,{s},12\n" for s in "fm")
        (tmp_path / "table.csv").write_text("a,b,sex,count\n" + rows, encoding="utf-8")
        over = TWO_LISTS.replace("lincoln-petersen", "hierarchical-log-linear")
        (tmp_path / "published.toml").write_text(over, encoding="utf-8")
        with pytest.raises(StudyError, match=r"is a model over strata; name the columns that make them: by = "):
            mse.atlas.run([tmp_path])
        (tmp_path / "published.toml").write_text(over + "by = ['sex']\n", encoding="utf-8")
        asked = []

        def fitted(table, by, model, **settings):
            asked.append((model.name, by, table.n_observed))
            return StudyError("atlas", ["not fitted"])

        monkeypatch.setattr(questions, "estimate_by", fitted)
        with pytest.raises(StudyError, match="not fitted"):
            mse.atlas.run([tmp_path])
        assert asked == [("hierarchical-log-linear", ("sex",), 164)]

    @pytest.mark.parametrize("model", ["nhoi", "lincoln-petersen"])
    def test_of_a_sampled_answer_that_differs_its_error_is_told(self, tmp_path, model):
        rows = "1,0,40\n0,1,30\n1,1,12\n"
        if model == "nhoi":
            rows = "1,0,0,40\n0,1,0,30\n0,0,1,35\n1,1,0,12\n1,0,1,9\n0,1,1,11\n1,1,1,5\n"
        heading = "a,b,c,count\n" if model == "nhoi" else "a,b,count\n"
        (tmp_path / "table.csv").write_text(heading + rows, encoding="utf-8")
        other = TWO_LISTS.replace("lincoln-petersen", model).replace("= 182", "= 1983")
        (tmp_path / "published.toml").write_text(other, encoding="utf-8")
        [found] = mse.atlas.run([tmp_path])
        assert found.mark == "not"
        assert ("ours was sampled, with a standard error of" in found.reason) == (model == "nhoi")

    def test_a_figure_that_says_neither_how_nor_why_not_is_refused(self, tmp_path):
        (tmp_path / "published.toml").write_text("[[figure]]\nmethod = 'm'\nestimate = 1\nsource = 's'\n")
        with pytest.raises(StudyError, match=r"add \[figure\.computed\] with a model, or one of why_not and unknown"):
            mse.atlas.run([tmp_path])


def test_a_sampled_figure_is_held_to_three_standard_errors_of_the_difference(tmp_path):
    near = changed(tmp_path / "near", "kosovo", "estimate = 17056", "estimate = 17150")
    far = changed(tmp_path / "far", "kosovo", "estimate = 17056", "estimate = 19000")
    for folder in (near, far):
        text = (folder / "published.toml").read_text(encoding="utf-8")
        figures = text.split("[[figure]]")
        kept = [figures[0], *(figure for figure in figures[1:] if "NHOI" in figure)]
        (folder / "published.toml").write_text("[[figure]]".join(kept), encoding="utf-8")
    assert [mse.atlas.run([folder])[0].mark for folder in (near, far)] == ["reproduced", "not"]


def test_the_page_of_the_documentation_has_every_figure():
    """`scripts/make_atlas_page.py` writes it; what was added since is named here."""
    page = (DATA.parent / "docs" / "atlas" / "index.md").read_text(encoding="utf-8")
    missing = []
    for name in mse.atlas.study_names():
        _, _, part = page.partition(f"\n`{name}`. ")
        part = part.partition("\n## ")[0]
        figures = read_published(DATA / name / "published.toml").figures
        missing += [(name, each.method) for each in figures if each.method.replace("[", "\\[") not in part]
    assert not missing


STUDY_OF_PRIOR = {
    "casanare": "no_table_casanare_missing",
    "khartoum": "khartoum_all",
    "liverpool_drug_use": "no_table_idu_liverpool",
    "london_drug_use": "no_table_idu_london",
    "serbia": "no_table_serbia_trafficking",
    "spina_bifida": "spina_bifida_626",
}


def test_the_library_of_priors_and_the_atlas_have_the_same_published_figures():
    """Both are data: a figure that is mended in one and not in the other is found here."""
    names, apart = mse.atlas.study_names(), []
    for row in csv.DictReader((DATA / "priors" / "published.csv").read_text(encoding="utf-8").splitlines()):
        name = STUDY_OF_PRIOR.get(row["study"], row["study"])
        name = name if name in names else f"no_table_{name}"
        figure, documented = float(row["figure"]), int(row["documented"]) if row["documented"] else None
        if row["unit"] == "completeness":
            figure = round(documented / figure)
        known = {
            (each.estimate or each.lower, each.n) for each in read_published(DATA / name / "published.toml").figures
        }
        if (figure, documented) not in known:
            apart.append((row["study"], figure, documented, known))
    assert not apart
