"""A grid: every stratum, replicate, model and question once, to the same bytes by whoever it is done."""

import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from small_grid import QUESTIONS, STUDY, write_grid_study
from typer.testing import CliRunner

from estimation.cli import app
from estimation.errors import OutputError, SettingError, StudyError, TableError
from estimation.runs.grid import run_grid
from estimation.runs.grid_jobs import fit_once
from estimation.runs.run import run_study
from estimation.work.cluster import cluster_at

COMPARED = ("grid.parquet", "pooled.parquet", "totals.json", "SHA256SUMS")


def content(folder):
    return {name: (folder / name).read_bytes() for name in COMPARED}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_grid_study(tmp_path_factory.mktemp("study"), STUDY + QUESTIONS)


def counting(patch):
    """The fits that are made from now on, by name."""
    made = []

    def count(fit):
        made.append(fit.name)
        return fit_once(fit)

    patch.setattr("estimation.runs.grid.fit_once", count)
    return made


@pytest.fixture(scope="module")
def whole_and_its_fits(study):
    with pytest.MonkeyPatch.context() as patch:
        made = counting(patch)
        return run_grid(study, study.parent / "whole"), made


@pytest.fixture(scope="module")
def whole(whole_and_its_fits):
    return whole_and_its_fits[0]


@pytest.fixture
def counted(monkeypatch):
    return counting(monkeypatch)


def test_every_job_has_its_rows_and_those_of_one_table_have_one_answer(whole):
    frame = pd.read_parquet(whole / "grid.parquet")
    fits = frame[frame["question"].isna()]
    assert len(fits) == 3 * 2 * 2
    assert set(frame["question"].dropna()) == {"leave_one_list_out", "odds_ratio"}
    assert (frame[frame["question"] == "leave_one_list_out"].groupby(["town", "replicate"]).size() == 3).all()
    assert fits["answer"].nunique() == (1 + 2) * 2  # the table of the first two towns, that of the third twice
    assert fits.groupby("data_sha256")["median"].nunique().max() <= 2
    assert set(frame["lists"]) == {"A, B, C"}


def test_a_table_that_recurs_in_replicates_and_strata_is_fitted_once(whole_and_its_fits):
    assert len(whole_and_its_fits[1]) == 6


def test_others_give_the_same_bytes(study, whole, tmp_path):
    with ThreadPoolExecutor(3) as threads:
        assert content(run_grid(study, tmp_path / "out", executor=threads)) == content(whole)


def test_a_grid_that_was_stopped_goes_on_to_the_same_bytes(study, whole, tmp_path, monkeypatch):
    out, made = tmp_path / "out", []

    def stop_once(fit):
        made.append(fit.name)
        if len(made) == 4:
            raise KeyboardInterrupt
        return fit_once(fit)

    monkeypatch.setattr("estimation.runs.grid.fit_once", stop_once)
    with pytest.raises(KeyboardInterrupt):
        run_grid(study, out)
    assert not (out / "grid.parquet").exists()
    assert content(run_grid(study, out)) == content(whole)
    assert len(made) == 4 + 3  # the three that were finished were not made again


def test_an_answer_that_was_damaged_is_made_again_and_others_are_taken(study, whole, tmp_path, counted):
    out = shutil.copytree(whole, tmp_path / "out")
    (stored, *_) = sorted((out / "answers").glob("*.zip"))
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    assert content(run_grid(study, out)) == content(whole)
    assert len(counted) <= 6


def test_answers_of_another_grid_are_looked_up_by_their_content(study, whole, tmp_path, counted):
    path = write_grid_study(tmp_path / "study", STUDY.replace("Coverage", "Other name"), towns=4)
    out = run_grid(path, tmp_path / "out", known=[whole])
    assert len(counted) == 4  # those of the fourth town alone: two replicates and two models
    assert json.loads((out / "run.json").read_text())["n_known"] == 6
    run_grid(path, out)
    assert len(counted) == 4  # what was taken from there is here now


def test_parts_of_an_array_together_give_the_same_bytes(study, whole, tmp_path, counted):
    out = tmp_path / "out"
    for each in range(3):
        run_grid(study, out, part_of=(each, 3))
        assert not (out / "grid.parquet").exists()
    assert len(counted) == 6
    assert content(run_grid(study, out)) == content(whole)
    assert len(counted) == 6


def test_equal_strata_are_independent_in_the_total(tmp_path):
    """Draws of equal tables are equal; added as they are, ten such strata would have sqrt(10) times the sd."""
    path = write_grid_study(tmp_path / "study", replicates=1)
    rows = (tmp_path / "study" / "replicates" / "synthetic-R1.csv").read_text().splitlines()
    one = [row for row in rows[1:] if ",town 1," in row]
    alike = [row.replace("town 1", f"town {k}") for k in range(1, 11) for row in one]
    (tmp_path / "study" / "replicates" / "synthetic-R1.csv").write_text("\n".join([rows[0], *alike]))
    out = run_grid(path, tmp_path / "out")
    pooled = pd.read_parquet(out / "pooled.parquet")
    mine = pooled[pooled["model"] == "Two lists"]
    width = (mine["upper"] - mine["lower"]).to_numpy()
    assert width[-1] < 1.3 * 10**0.5 * width[0] < 0.6 * width[:-1].sum()


def test_the_total_is_the_sum_of_the_strata_and_the_pool_of_the_replicates(whole):
    totals = json.loads((whole / "totals.json").read_text())
    pooled = pd.read_parquet(whole / "pooled.parquet")
    for model in totals["models"]:
        mine = pooled[pooled["model"] == model["label"]]
        assert mine["town"].isna().sum() == 1
        strata, whole_row = mine[mine["town"].notna()], mine[mine["town"].isna()].iloc[0]
        assert whole_row["mean"] == pytest.approx(strata["mean"].sum(), rel=0.02)
        assert whole_row["mean"] == model["total"]["mean"]
    assert set(pooled[pooled["town"] == "town 3"]["rule"]) == {"stacked", "rubin"}
    assert pooled[pooled["town"] == "town 1"]["rule"].isna().all()  # one table in both replicates: nothing to pool
    assert [each["name"] for each in totals["replicates"]] == ["R1", "R2"]


def test_missing_labels_are_refused_left_out_or_imputed(tmp_path):
    folder = tmp_path / "study"
    path = write_grid_study(folder, replicates=1)
    file = folder / "replicates" / "synthetic-R1.csv"
    rows = file.read_text().splitlines()
    file.write_text("\n".join([*rows[:5], *(row.replace("town 3", "") for row in rows[5:])]))
    with pytest.raises(TableError, match="is missing"):
        run_grid(path, tmp_path / "refused")
    assert not (tmp_path / "refused").exists()
    text = STUDY.replace('by = ["town"]', 'by = ["town"]\nmissing = "impute"\nimputations = 3')
    path.write_text(text)
    frame = pd.read_parquet(run_grid(path, tmp_path / "imputed") / "grid.parquet")
    assert set(frame["replicate"]) == {"imputation 1", "imputation 2", "imputation 3"}
    path.write_text(text.replace("imputations = 3", 'imputations = 3\nimputed_by = "model"'))
    by_model = pd.read_parquet(run_grid(path, tmp_path / "by model") / "grid.parquet")
    assert by_model["n_observed"].sum() == frame["n_observed"].sum()
    assert not by_model["data_sha256"].equals(frame["data_sha256"])  # other labels were drawn
    path.write_text(text.replace("impute", "complete", 1))
    frame = pd.read_parquet(run_grid(path, tmp_path / "complete") / "grid.parquet")
    assert frame["replicate"].isna().all()


def test_damaged_replicates_end_before_anything_is_written(tmp_path):
    path = write_grid_study(tmp_path / "study")
    (tmp_path / "study" / "replicates" / "SHA256SUMS").write_text(f"{'0' * 64}  synthetic-R1.csv\n")
    with pytest.raises(TableError, match=r"synthetic-R1\.csv has the SHA-256"):
        run_grid(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_study_of_replicates_has_no_report_and_needs_its_files(tmp_path):
    path = write_grid_study(tmp_path / "study")
    with pytest.raises(StudyError, match=r"run it with mse grid STUDY"):
        run_study(path, tmp_path / "out")
    path.write_text(STUDY.replace('"replicates"', '"nowhere"'))
    with pytest.raises(StudyError, match=r"\[replicates\] folder is 'nowhere'"):
        run_grid(path, tmp_path / "out")
    path.write_text(STUDY.replace('folder = "replicates"', 'files = ["a.csv"]\nmanifest = "sums"'))
    with pytest.raises(StudyError, match=r"there is no file .*a\.csv"):
        run_grid(path, tmp_path / "out")
    path.write_text(STUDY.replace("synthetic = true", ""))
    with pytest.raises(StudyError, match=r"a replicate is named 'synthetic-R1\.csv' and synthetic is not true"):
        run_grid(path, tmp_path / "out")
    path.write_text(STUDY.replace('[replicates]\nfolder = "replicates"', ""))
    with pytest.raises(StudyError, match="key 'table' is missing; add it"):
        run_grid(path, tmp_path / "out")


def test_a_folder_with_other_things_and_edited_tables_are_not_touched(study, whole, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StudyError, match=r"other files \(notes\.txt\)"):
        run_grid(study, tmp_path)
    with pytest.raises(StudyError, match="what is read lies in this folder"):
        run_grid(study, study.parent)
    out = run_grid(study, tmp_path / "out", known=[whole])
    (out / "totals.json").write_text("{}")
    with pytest.raises(StudyError, match=r"totals\.json was changed"):
        run_grid(study, out)
    assert content(run_grid(study, out, force=True)) == content(whole)
    with pytest.raises(StudyError, match="no grid was run here"):
        run_grid(study, tmp_path / "new", known=[tmp_path / "nowhere"])
    with pytest.raises((StudyError, OutputError)):
        run_grid(study, tmp_path / "notes.txt" / "out")


def test_a_stratum_with_too_few_lists_for_a_question_has_a_row_with_the_reason(tmp_path):
    path = write_grid_study(tmp_path / "study", STUDY + '[sensitivity]\nodds_ratio = {pair = ["A", "B"], values = [2]}')
    for file in (tmp_path / "study" / "replicates").glob("*.csv"):
        rows = [row for row in file.read_text().splitlines() if "town 3" not in row or row.startswith("0,")]
        file.write_text("\n".join(rows))
    frame = pd.read_parquet(run_grid(path, tmp_path / "out") / "grid.parquet")
    asked = frame[(frame["question"] == "odds_ratio") & (frame["town"] == "town 3")]
    assert asked["reason"].str.contains("'A' is not a list").all()
    fitted = frame[frame["question"].isna() & (frame["town"] == "town 3") & (frame["model"] == "Two lists")]
    assert not fitted["estimable"].any()
    assert set(frame[frame["town"] == "town 3"]["lists"]) == {"B, C"}


def test_the_command_prints_the_totals_and_ends_with_the_status_of_its_end(study, whole, tmp_path):
    run = CliRunner().invoke(
        app, ["grid", str(study), "--out", str(tmp_path / "out"), "--known", str(whole), "--workers", "1"]
    )
    assert run.exit_code == 0, run.output
    assert "Two lists: about" in run.stdout
    assert "the files are not authenticated" in run.stdout
    assert content(tmp_path / "out") == content(whole)
    run = CliRunner().invoke(app, ["grid", str(study), "--out", str(whole), "--json", "--workers", "1"])
    assert json.loads(run.stdout)["jobs"] == 24
    for options in (
        ["--part", "1"],
        ["--parts", "2"],
        ["--part", "2", "--parts", "2"],
        ["--slurm", "--part", "0"],
        ["--setting", "x"],
    ):
        run = CliRunner().invoke(app, ["grid", str(study), "--out", str(tmp_path / "new"), *options])
        assert run.exit_code == 2, options
    assert not (tmp_path / "new").exists()


def test_the_script_of_an_array_is_one_that_bash_reads(study, tmp_path):
    run = CliRunner().invoke(
        app, ["grid", str(study), "--out", str(tmp_path / "a b"), "--slurm", "--parts", "3", "--workers", "2"]
    )
    assert run.exit_code == 0, run.output
    script = tmp_path / "a b" / "grid.slurm"
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    text = script.read_text()
    assert "#SBATCH --array=0-2" in text
    assert "--cpus-per-task=2" in text
    assert '--part "$SLURM_ARRAY_TASK_ID" --parts 3' in text


def test_nobody_at_an_address_is_said_in_words(monkeypatch):
    monkeypatch.setattr("estimation.work.cluster._WAIT", "200ms")
    with (
        pytest.raises(SettingError, match=r"nobody answers at 'tcp://127\.0\.0\.1:1'"),
        cluster_at("tcp://127.0.0.1:1"),
    ):
        pass


def test_values_that_a_study_makes_one_are_one_stratum_of_its_grid(tmp_path):
    path = write_grid_study(tmp_path / "study", STUDY + '[strata.merge.town]\neast = ["town 1", "town 2"]\n')
    frame = pd.read_parquet(run_grid(path, tmp_path / "out") / "grid.parquet")
    assert set(frame["town"]) == {"east", "town 3"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            '[[strata.model]]\nlabel = "Pooled"\nname = "hierarchical-log-linear"\n',
            "'Pooled' is over all strata at once",
        ),
        (
            '[[model]]\nlabel = "Robust"\nname = "doubly-robust"\nsettings = {covariates = ["town"]}\n',
            "'Robust' has covariates",
        ),
    ],
)
def test_models_that_are_no_fit_of_one_table_are_refused(tmp_path, more, words):
    with pytest.raises(StudyError, match=words):
        run_grid(write_grid_study(tmp_path / "study", STUDY + more), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_replicates_that_are_all_the_same_say_nothing_twice(tmp_path):
    """The total of two equal replicates is that of one, and not two copies of its draws."""
    one = write_grid_study(tmp_path / "one", replicates=1, towns=2)
    two = write_grid_study(tmp_path / "two", replicates=2, towns=2)
    totals = [pd.read_parquet(run_grid(path, path.parent / "out") / "pooled.parquet") for path in (one, two)]
    assert set(totals[0]["rule"].dropna()) == set(totals[1]["rule"].dropna()) == set()
    columns = ["town", "model", "n_observed"]
    assert totals[0][columns].equals(totals[1][columns])
    strata = totals[0]["town"].notna()
    assert totals[0]["median"][strata].equals(totals[1]["median"][strata])
