import json
import shutil

import pytest
from small_study import write_study

from estimation.errors import StudyError
from estimation.run import run_study
from estimation.verify import verify_study


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    (folder / "data").mkdir()
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
    assert verification.differences == ()
    assert verification.compared > 100
    assert str(verification).startswith(f"All {verification.compared} values in {copy} are the same.")


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
    assert verification.changed == ("results.json has another checksum than in record.json",)


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
    assert "inputs/table.csv has another checksum than in record.json" in verification.changed
    assert any(d.path == "table.n_observed" for d in verification.differences)


def test_a_report_that_was_edited_or_lost_is_found(copy):
    (copy / "report.pdf").unlink()
    change(copy / "report.html", "people", "peopl")
    verification = verify_study(copy)
    assert verification.differences == ()
    assert not verification.same
    assert set(verification.changed) == {
        "report.html has another checksum than in record.json",
        "report.pdf is missing",
    }


def test_another_version_or_machine_is_named_and_is_no_difference_by_itself(copy):
    record = json.loads((copy / "record.json").read_text())
    record["packages"]["numpy"] = "1.0"
    record["platform"] = "Abacus"
    (copy / "record.json").write_text(json.dumps(record))
    verification = verify_study(copy)
    assert verification.same
    assert verification.elsewhere[0].startswith("platform was Abacus and is ")
    assert verification.elsewhere[1].startswith("numpy was 1.0 and is ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("results.json", r"there is no results\.json here; name the folder of a study that was run to its end"),
        ("record.json", r"there is no record\.json here"),
        ("inputs/table.csv", r"inputs/table\.csv is missing, so the study cannot be run again"),
        ("inputs/study.toml", r"inputs/study\.toml is missing"),
    ],
)
def test_a_missing_file_is_named(copy, name, said):
    (copy / name).unlink()
    with pytest.raises(StudyError, match=said):
        verify_study(copy)


def test_a_folder_that_is_not_there_or_a_broken_record_is_refused(copy, tmp_path):
    with pytest.raises(StudyError, match="there is no results"):
        verify_study(tmp_path / "nobody")
    (copy / "record.json").write_text("{")
    with pytest.raises(StudyError, match="this is not JSON"):
        verify_study(copy)
    (copy / "record.json").write_text("{}")
    with pytest.raises(StudyError, match=r"inputs\.study\.file is missing; the record is not whole"):
        verify_study(copy)
