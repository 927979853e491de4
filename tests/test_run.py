import json
import re
from pathlib import Path

import pytest
from small_study import TABLE, write_study

from estimation.errors import StudyError, TableWarning
from estimation.files import file_sha256
from estimation.results.as_json import summary_of
from estimation.results.saved import load_result
from estimation.runs.manifest import read_manifest
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study

EPOCH = "1700000000"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The small study, run once, and what its progress was told."""
    folder = tmp_path_factory.mktemp("finished")
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        out = run_study(write_study(folder), folder / "out", workers=1, progress=lambda *step: told.append(step))
    return out, told


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_run_writes_what_it_promises_and_leaves_nothing_else(finished):
    out, _ = finished
    assert sorted(files(out)) == [
        "SHA256SUMS",
        "charts/comparison.svg",
        "charts/overlaps.svg",
        "charts/posterior.svg",
        "charts/prior.svg",
        "charts/sensitivity-01-delta.svg",
        "inputs/study.toml",
        "inputs/table.csv",
        "models/01-bound.json",
        "models/02-graphs.json",
        "models/02-graphs.npz",
        "models/03-two-lists.json",
        "models/04-coverage.json",
        "record.json",
        "report.html",
        "report.pdf",
        "results.json",
        "sensitivity.csv",
    ]
    assert not (out / ".parts").exists()


def test_every_declared_model_is_in_the_results_with_what_it_answers(finished):
    results = json.loads((finished[0] / "results.json").read_text())
    models = {model["label"]: model for model in results["models"]}
    assert list(models) == ["Bound", "Graphs", "Two lists", "Coverage"]
    assert models["Bound"]["is_lower_bound"]
    assert not models["Two lists"]["estimable"]
    assert "takes exactly 2 lists" in models["Two lists"]["reason"]
    assert "median" not in models["Two lists"]
    assert results["headline"]["median"] == models["Graphs"]["median"]
    assert results["headline"]["sentence"].startswith("People of a small town: ")
    assert f"{models['Graphs']['median']:,.0f} people" in results["headline"]["sentence"]
    assert [a["value"] for a in results["sensitivity"]["delta"]["alternatives"]] == [0.0625, 0.125, 1.0]
    assert results["sensitivity"]["delta"]["alternatives"][1]["median"] == models["Graphs"]["median"]
    assert results["table"]["n_observed"] == 217
    assert results["references"][0]["value"] == 350


def test_the_saved_models_are_the_results(finished):
    out, _ = finished
    results = json.loads((out / "results.json").read_text())
    for at, name in enumerate(("01-bound", "02-graphs", "03-two-lists", "04-coverage")):
        summary = json.loads(json.dumps(summary_of(load_result(out / "models" / name))))
        assert results["models"][at] == {"label": results["models"][at]["label"], **summary}


def test_the_record_names_inputs_outputs_versions_and_seed(finished):
    out, _ = finished
    record = json.loads((out / "record.json").read_text())
    assert record["time"] == "2023-11-14T22:13:20+00:00"
    assert record["seed"] == 7
    assert record["models"]["Graphs"]["settings"]["delta"] == 0.125
    assert {"numpy", "scipy", "pymc", "numba", "arviz", "nutpie", "matplotlib", "typst"} <= record["packages"].keys()
    assert "outputs" not in record  # SHA256SUMS has them
    assert read_manifest(out) == {name: file_sha256(out / name) for name in files(out) if name != "SHA256SUMS"}
    for part in record["inputs"].values():
        assert file_sha256(out / part["file"]) == part["sha256"]
    assert set(record["seconds_by_model"]) >= {"Bound", "Graphs"}


def test_results_hold_no_time_no_path_and_no_number_that_is_not_finite(finished):
    text = (finished[0] / "results.json").read_text()
    assert "tmp" not in text
    assert "2023" not in text
    json.loads(text, parse_constant=lambda constant: pytest.fail(constant))


def test_progress_is_told_each_step_once_and_the_end(finished):
    _, told = finished
    assert list(dict.fromkeys(doing for _, doing in told)) == [
        "Bound", "Graphs", "Two lists", "Coverage", "sensitivity: delta", "report", "charts of the report", "done",
    ]  # fmt: skip
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_another_number_of_workers_gives_the_same_bytes_with_the_time_held(finished, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    again = run_study(write_study(tmp_path), tmp_path / "out", workers=2)
    first, second = files(finished[0]), files(again)
    for held in (first, second):
        del held["record.json"], held["SHA256SUMS"]  # the record holds how long it took
    assert first == second


@pytest.mark.usefixtures("drawn_once")
def test_a_run_that_is_stopped_goes_on_and_gives_the_same_bytes(finished, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    path, out = write_study(tmp_path), tmp_path / "out"

    def stop(done, doing=""):
        if doing == "Two lists":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(path, out, workers=1, progress=stop)
    assert [p.name for p in out.iterdir()] == [".parts"]
    assert len(list((out / ".parts").glob("*.json"))) == 2
    run_study(path, out)
    record = json.loads((out / "record.json").read_text())
    assert record["seconds_by_model"]["Graphs"] is None
    assert record["seconds_by_model"]["Coverage"] is not None
    resumed, whole = files(out), files(finished[0])
    for held in (resumed, whole):
        del held["record.json"], held["SHA256SUMS"]
    assert resumed == whole


def test_a_part_of_another_seed_or_a_broken_part_is_not_used(tmp_path):
    out = tmp_path / "out"

    def stop(done, doing=""):
        if doing == "report":
            raise KeyboardInterrupt

    for seed in ("seed = 7", "seed = 8"):
        with pytest.raises(KeyboardInterrupt):
            run_study(write_study(tmp_path, ("seed = 7", seed)), out, workers=1, progress=stop)
    parts = sorted((out / ".parts").glob("*.json"))
    assert len(parts) == 2 * (4 + 2)  # of each seed: the models, and the deltas that are not a model's own
    for part in (out / ".parts").rglob("*.json"):
        part.write_text("{")
    with pytest.raises(KeyboardInterrupt):
        run_study(write_study(tmp_path), out, workers=1, progress=stop)
    assert sum(part.read_text() == "{" for part in parts) == 4 + 2


def test_other_models_and_another_order_change_no_model_of_chance(tmp_path):
    """Label and seed alone make a model's generator, so the seeds written down must be the same."""
    order = ('[[model]]\nlabel = "Bound"\nname = "heterogeneity"\n[model.settings]\nmodel = "Mth-Chao"\n', "")
    more = (
        "[[reference]]",
        '[[model]]\nlabel = "Bound"\nname = "heterogeneity"\n[model.settings]\nmodel = "Mth-Chao"\n\n[[reference]]',
    )
    seeds = []

    def stop(done, doing=""):
        if doing == "report":
            raise KeyboardInterrupt

    for at, changes in enumerate(((), (order, more))):
        out = tmp_path / f"out{at}"
        with pytest.raises(KeyboardInterrupt):
            run_study(write_study(tmp_path / str(at), *changes), out, workers=1, progress=stop)
        parts = [json.loads(p.read_text()) for p in (out / ".parts").glob("*.json")]
        seeds.append({part["model"]: part["provenance"]["seed"] for part in parts})
    assert seeds[0] == seeds[1]
    assert len(set(seeds[0].values())) == 4


@pytest.mark.usefixtures("drawn_once")
def test_an_older_study_in_the_folder_stays_whole_until_the_new_one_is(finished, tmp_path):
    path, out = write_study(tmp_path), tmp_path / "out"
    run_study(path, out)
    before = files(out)

    def stop(done, doing=""):
        if doing == "report":
            raise KeyboardInterrupt

    changed = write_study(tmp_path, ("[sensitivity]\ndelta = [0.0625, 0.125, 1]\n", ""))
    with pytest.raises(KeyboardInterrupt):
        run_study(changed, out, workers=1, progress=stop)
    assert {name: content for name, content in files(out).items() if not name.startswith(".parts")} == before
    run_study(changed, out)
    assert "charts/sensitivity-01-delta.svg" not in files(out)
    assert "sensitivity" not in json.loads((out / "results.json").read_text())


def test_a_folder_with_other_files_is_not_touched(tmp_path):
    path = write_study(tmp_path / "study")
    with pytest.raises(StudyError, match=r"the folder holds 2 other files \(study\.toml, table\.csv\)"):
        run_study(path, tmp_path / "study")
    with pytest.raises(StudyError, match="this is a file; name a folder"):
        run_study(path, path)


def test_two_runs_cannot_write_to_one_folder(tmp_path):
    path, out = write_study(tmp_path), tmp_path / "out"
    refused = []

    def second(done, doing=""):
        with pytest.raises(StudyError, match="another run is writing here") as caught:
            run_study(path, out)
        refused.append(caught.value)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(path, out, workers=1, progress=second)
    assert len(refused) == 1


def test_a_source_date_epoch_that_is_no_time_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(StudyError, match="SOURCE_DATE_EPOCH: the environment variable is 'yesterday'"):
        run_study(write_study(tmp_path), tmp_path / "out")


@pytest.mark.usefixtures("drawn_once")
def test_what_was_handled_on_reading_is_warned_of_and_written_down(tmp_path):
    path = write_study(tmp_path, table=TABLE + "1,1,1,2\n")
    with pytest.warns(TableWarning, match=re.compile("history|histories")):
        out = run_study(path, tmp_path / "out")
    (note,) = json.loads((out / "results.json").read_text())["table"]["notes"]
    assert note.startswith("table.csv: 1 row repeats a history")
    assert "histor" in (out / "report.html").read_text()


@pytest.mark.usefixtures("drawn_once")
def test_claims_are_kept_with_the_inputs_and_the_study_runs_again_from_them(tmp_path):
    (tmp_path / "claims.csv").write_text(
        "who,when,kind,figure,to,words,citation\nA paper,1991,total,350,,many,P1\n", encoding="utf-8"
    )
    study = write_study(tmp_path, ("seed = 7", 'seed = 7\nclaims = "claims.csv"'))
    out = run_study(study, tmp_path / "out", workers=1)
    assert (out / "inputs" / "claims.csv").read_bytes() == (tmp_path / "claims.csv").read_bytes()
    assert verify_study(out, strict=True).same
    asked = (out / "sensitivity.csv").read_text(encoding="utf-8")
    assert "figure 350: zero capture probability" in asked
