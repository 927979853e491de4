import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from drawn_once import taken_again
from small_study import write_study

from estimation.errors import StudyError
from estimation.runs.json_changes import changes_between
from estimation.runs.manifest import write_manifest
from estimation.runs.run import run_study
from estimation.runs.verify import Verification, verify_study
from estimation.study.machine import processor, settings_of_threads


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    (folder / "data").mkdir()
    with taken_again():
        return run_study(write_study(folder / "study", ('"table.csv"', '"../data/table.csv"')), folder / "out")


@pytest.fixture
def copy(finished, tmp_path):
    """The finished study on its own, as it would be sent to somebody."""
    return shutil.copytree(finished, tmp_path / "elsewhere")


def change(path, old, new):
    text = path.read_text()
    assert old in text, old
    path.write_text(text.replace(old, new, 1))


def test_a_finished_study_comes_out_the_same_anywhere_with_any_number_of_workers(copy):
    verification = verify_study(copy, workers=2)
    assert verification.same
    with ThreadPoolExecutor(2) as executor:
        assert verify_study(copy, executor=executor).same
    assert verification.differences == ()
    assert verification.compared > 100
    assert verification.verdict == "identical"
    assert str(verification).startswith(f"{copy}: identical.\nAll {verification.compared} values are the same to the")


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ((), "out: identical, but for files that are not the same when made again."),
        (("report.html has another checksum",), "out: different."),
    ],
)
def test_a_file_that_is_not_the_same_when_made_again_is_no_exception_from_different(tmp_path, changed, first):
    verification = Verification(tmp_path / "out", 9, (), changed, (), remade=3, unlike=("report.html differs",))
    assert str(verification).splitlines()[0] == f"{tmp_path}/{first}"


def test_a_changed_number_is_found_by_its_place_and_its_size(copy):
    results = json.loads((copy / "results.json").read_text())
    median = results["models"][1]["median"]
    results["models"][1]["median"] = median * 1.25
    (copy / "results.json").write_text(json.dumps(results))
    verification = verify_study(copy)
    assert not verification.same
    (difference,) = verification.differences
    assert difference.path == "models[Graphs].median"
    assert (difference.then, difference.now) == (median * 1.25, median)
    assert verification.largest == pytest.approx(0.2)
    assert "1 of " in str(verification)
    assert "models[Graphs].median" in str(verification)
    assert verification.changed == ("results.json has another checksum than in SHA256SUMS",)


def test_a_number_that_is_gone_or_added_is_a_difference(copy):
    results = json.loads((copy / "results.json").read_text())
    del results["models"][0]["upper"]
    results["models"][1]["extra"] = 1
    (copy / "results.json").write_text(json.dumps(results))
    verification = verify_study(copy)
    assert [d.path for d in verification.differences] == ["models[Bound].upper", "models[Graphs].extra"]
    assert verification.largest is None


def test_another_table_is_found_by_its_checksum_and_its_numbers(copy):
    change(copy / "inputs" / "table.csv", "1,1,1,8", "1,1,1,9")
    verification = verify_study(copy)
    assert "inputs/table.csv has another checksum than in SHA256SUMS" in verification.changed
    assert any(d.path == "table.n_observed" for d in verification.differences)


def test_a_report_that_was_edited_or_lost_is_found(copy):
    (copy / "report.pdf").unlink()
    change(copy / "report.html", "people", "peopl")
    verification = verify_study(copy)
    assert verification.differences == ()
    assert not verification.same
    assert set(verification.changed) == {
        "report.html has another checksum than in SHA256SUMS",
        "report.pdf is missing",
    }


def test_strictly_every_file_is_held_against_the_manifest_and_made_again(copy):
    verification = verify_study(copy, strict=True)
    assert verification.same, str(verification)
    assert verification.remade == len([p for p in copy.rglob("*") if p.is_file()]) - 2
    assert str(verification).endswith(f"All {verification.remade} files made again are the same byte for byte.")


@pytest.mark.usefixtures("drawn_once")
def test_strictly_a_file_too_many_or_gone_and_another_record_are_found(copy):
    (copy / "charts" / "extra.svg").write_text("<svg/>")
    (copy / "charts" / "posterior.svg").unlink()
    change(copy / "record.json", '"workers": 1', '"workers": 3')
    assert set(verify_study(copy).changed) == {
        "charts/posterior.svg is missing",
        "record.json has another checksum than in SHA256SUMS",
    }
    verification = verify_study(copy, strict=True)
    assert set(verification.changed) == {
        "charts/posterior.svg is missing",
        "charts/extra.svg is not named in SHA256SUMS",
        "record.json has another checksum than in SHA256SUMS",
    }
    assert verification.unlike == ("charts/posterior.svg is made again, and is not in the folder",)


@pytest.mark.usefixtures("drawn_once")
def test_strictly_a_forged_report_is_found_though_record_and_manifest_were_made_to_fit(copy):
    """Every checksum fits what was forged; making the report again tells."""
    change(copy / "report.html", "People of a small town", "People of a large town")
    (copy / "charts" / "extra.svg").write_text("<svg/>")
    record = json.loads((copy / "record.json").read_text())
    record["packages"]["matplotlib"] = "1.0"
    (copy / "record.json").write_text(json.dumps(record))
    write_manifest(copy)
    assert verify_study(copy).same
    verification = verify_study(copy, strict=True)
    assert not verification.same
    assert verification.changed == ()
    said = {sentence.split()[0]: sentence for sentence in verification.unlike}
    assert set(said) == {"report.html", "report.pdf", "charts/extra.svg"}
    assert said["report.html"].startswith("report.html differs from byte ")
    assert "(line " in said["report.html"]
    assert said["charts/extra.svg"] == "charts/extra.svg is named in SHA256SUMS, and is not made again"
    assert "verify with the versions of the record" in str(verification)


CONTRADICTIONS = {
    ("seed",): (8, "record.json says that seed is 8, and the study that it is 7"),
    ("title",): ("People of a large town", "title is"),
    ("models", "Graphs", "settings", "delta"): (0.5, "models.Graphs.settings.delta is 0.5"),
    ("models", "More"): ({"name": "chao", "settings": {}}, "models.More is"),
    ("inputs", "table", "sha256"): ("0" * 64, "inputs.table.sha256"),
    ("inputs", "study", "sha256"): ("0" * 64, "inputs.study.sha256"),
    ("inputs", "claims"): ({"file": "inputs/claims.csv", "sha256": "0" * 64}, "inputs.claims is"),
}


@pytest.mark.usefixtures("drawn_once")
@pytest.mark.parametrize("places", [[("seed",)], list(CONTRADICTIONS)], ids=["one", "every one"])
def test_strictly_a_record_that_contradicts_its_study_is_found_though_the_manifest_fits(copy, places):
    record = json.loads((copy / "record.json").read_text())
    for place in places:
        within = record
        for key in place[:-1]:
            within = within[key]
        within[place[-1]] = CONTRADICTIONS[place][0]
    (copy / "record.json").write_text(json.dumps(record))
    write_manifest(copy)
    assert verify_study(copy).same
    verification = verify_study(copy, strict=True)
    assert not verification.same
    assert len(verification.changed) == len(places)
    for place in places:
        words = CONTRADICTIONS[place][1]
        assert sum(words in sentence for sentence in verification.changed) == 1, verification.changed


@pytest.mark.parametrize("number", ["1" + 400 * "0", "1e999", "NaN", "-1" + 5000 * "0", '"x"', "null", "[[1]]", "{}"])
def test_any_number_in_the_results_is_compared(copy, number):
    text = (copy / "results.json").read_text()
    (copy / "results.json").write_text(text.replace('"n_observed": 217', f'"n_observed": {number}', 1))
    write_manifest(copy)
    verification = verify_study(copy)
    assert verification.verdict == "different"
    assert "n_observed" in str(verification)


@pytest.mark.usefixtures("drawn_once")
@pytest.mark.parametrize("kind", ["link", "link to a folder", "pipe", "empty folder"])
def test_strictly_strangers_of_any_kind_are_refused_and_not_waited_for(copy, kind):
    place = copy / "charts" / "x.svg"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "empty folder":
        place.mkdir()
    else:
        place.symlink_to(copy.parent if kind == "link to a folder" else copy / "report.html")
    verification = verify_study(copy, strict=True)
    assert not verification.same
    assert len(verification.changed) == 1
    assert verification.changed[0].startswith("charts/x.svg is a")


@pytest.mark.usefixtures("drawn_once")
def test_a_file_of_the_study_that_became_a_pipe_or_a_link_is_not_read(copy):
    for name in ("report.html", "report.pdf"):
        (copy / name).rename(copy.parent / name)
    os.mkfifo(copy / "report.html")
    (copy / "report.pdf").symlink_to(copy.parent / "report.pdf")
    verification = verify_study(copy, strict=True)
    assert verification.changed == (
        "report.html is a pipe and no file",
        "report.pdf is a symbolic link and no file",
    )


def test_the_record_names_the_processor_and_the_settings_of_threads(copy, monkeypatch):
    record = json.loads((copy / "record.json").read_text())
    assert record["processor"]
    assert isinstance(record["threads"], dict)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert settings_of_threads()["OPENBLAS_CORETYPE"] == "Haswell"
    record["processor"] = "Abacus"
    (copy / "record.json").write_text(json.dumps(record))
    write_manifest(copy)
    assert f"processor was Abacus and is {processor()}" in verify_study(copy).elsewhere


def test_a_difference_on_the_machine_of_the_record_is_not_put_down_to_versions(copy):
    change(copy / "results.json", '"n_observed": 217', '"n_observed": 218')
    assert "Versions and machine are those of the record: a file was changed after it was made" in str(
        verify_study(copy)
    )


def test_null_and_nothing_are_not_the_same():
    assert [c.path for c in changes_between({"a": None}, {})] == ["a"]
    assert [c.path for c in changes_between([1, True], [1.0, 1])] == ["[0]", "[1]"]
    table = {"title": "t 1", "columns": ["graph", "weight"], "rows": [["x", 1], ["y", 2]]}
    other = {"title": "t 2", "columns": ["graph", "weight"], "rows": [["y", 2], ["x", 3]]}
    assert [c.path for c in changes_between([table], [other])] == ["[t #].title", "[t #].rows[x].weight"]


def test_another_version_or_machine_is_named_and_is_no_difference_by_itself(copy):
    record = json.loads((copy / "record.json").read_text())
    record["packages"]["numpy"] = "1.0"
    record["platform"] = "Abacus"
    (copy / "record.json").write_text(json.dumps(record))
    write_manifest(copy)
    verification = verify_study(copy)
    assert verification.same
    assert verification.elsewhere[0].startswith("platform was Abacus and is ")
    assert verification.elsewhere[1].startswith("numpy was 1.0 and is ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("results.json", r"there is no results\.json here; name the folder of a study that was run to its end"),
        ("record.json", r"there is no record\.json here"),
        ("SHA256SUMS", "there is no SHA256SUMS here"),
        ("inputs/table.csv", r"inputs/table\.csv is missing, so the study cannot be run again"),
        ("inputs/study.toml", r"inputs/study\.toml is missing"),
    ],
)
def test_a_missing_file_is_named(copy, name, said):
    (copy / name).unlink()
    with pytest.raises(StudyError, match=said):
        verify_study(copy)


def test_a_folder_that_is_not_there_or_a_broken_record_is_refused(copy, tmp_path):
    with pytest.raises(StudyError, match="there is no such folder"):
        verify_study(tmp_path / "nobody")
    (copy / "record.json").write_text("{")
    with pytest.raises(StudyError, match="this is not JSON"):
        verify_study(copy)
    (copy / "record.json").write_text("[" * 100_000)
    with pytest.raises(StudyError, match="this is not JSON"):
        verify_study(copy)
    (copy / "record.json").write_text("{}")
    with pytest.raises(StudyError, match=r"inputs\.study\.file is missing; the record is not whole"):
        verify_study(copy)
