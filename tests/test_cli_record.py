"""Studies on the command line: `mse new`, `verify --strict`, `diff`, `sign` and `export`."""

import json
import shutil

import pytest
from drawn_once import taken_again
from small_study import STUDY, TABLE, write_study
from test_signature import write_keys

from estimation.capture.readers import read_table
from estimation.errors import StudyError
from estimation.runs.run import run_study

pytestmark = pytest.mark.usefixtures("drawn_once")

QUICK = STUDY[STUDY.index("[[model]]") :]
"""Everything from the first model on, to be replaced by the quickest model alone."""


def quick(folder, table=TABLE):
    changes = (QUICK, '[[model]]\nlabel = "Bound"\nname = "chao"\n'), ('headline = "Graphs"', 'headline = "Bound"')
    return write_study(folder, *changes, table=table)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    with taken_again():
        return run_study(quick(folder), folder / "out")


@pytest.fixture
def copy(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "copy")


def test_diff_ends_with_0_for_the_same_1_for_a_difference_and_2_for_no_study(mse, finished, tmp_path):
    assert mse("diff", finished, finished)[0] == 0
    other = run_study(quick(tmp_path, TABLE.replace("1,1,1,8", "1,1,1,9")), tmp_path / "out")
    status, out, err = mse("diff", finished, other)
    assert (status, err) == (1, "")
    assert "history 111 (A and B and C only): 8 -> 9 (+1)" in out
    assert "models[Bound]" in out
    status, out, _ = mse("diff", finished, other, "--json")
    assert status == 1
    assert json.loads(out)["cells"][0]["moved_by"] == 1
    status, out, err = mse("diff", finished, tmp_path)
    assert (status, out) == (2, "")
    assert "there is no record.json here" in err


def test_sign_and_verify_with_the_public_key(mse, copy, tmp_path):
    key, public = write_keys(tmp_path)
    status, out, _ = mse("verify", copy, "--public-key", public)
    assert status == 1
    assert "Not as recorded: there is no SHA256SUMS.sig: this study is not signed." in out
    status, out, _ = mse("sign", copy, "--key", key)
    assert status == 0
    assert "openssl pkeyutl -verify" in out
    assert "sha256sum -c SHA256SUMS" in out
    status, out, _ = mse("verify", copy, "--strict", "--public-key", public)
    assert status == 0, out
    assert "files made again are the same byte for byte" in out
    assert "SHA256SUMS is signed by the key with SHA-256 " in out
    assert mse("sign", copy, "--key", tmp_path / "none.pem")[0] == 2


def test_a_new_run_in_a_signed_folder_takes_the_old_signature_away(copy, tmp_path):
    (copy / "SHA256SUMS.sig").write_bytes(b"old")
    with pytest.raises(StudyError, match="the study is signed"):
        run_study(quick(tmp_path / "study"), copy)
    assert (copy / "SHA256SUMS.sig").read_bytes() == b"old"
    run_study(quick(tmp_path / "study"), copy, force=True)
    assert not (copy / "SHA256SUMS.sig").exists()


def test_export_takes_a_folder_or_a_table_and_says_the_rule(mse, finished, tmp_path):
    status, out, _ = mse("export", finished, tmp_path / "safe.csv", "--minimum", 10, "--beside", "public")
    assert status == 0
    assert "Rule: merge lists until none is." in out
    assert read_table(tmp_path / "safe.csv").counts.min() >= 10
    status, out, _ = mse("export", "western_us", tmp_path / "us.csv", "--rule", "suppress")
    assert status == 0
    assert (tmp_path / "us.csv").read_text().startswith("# Table of overlapping lists with no cell below 5 people.")


def test_export_counts_what_the_report_of_a_finished_study_prints(mse, finished, tmp_path):
    status, _, err = mse("export", finished, tmp_path / "safe.csv", "--minimum", 10)
    assert status == 2
    assert "These would have to go" in err
    assert "mse run STUDY --public 10" in err
    assert "--beside public" in err
    assert not (tmp_path / "safe.csv").exists()
    assert mse("export", finished, tmp_path / "safe.csv", "--minimum", 5)[0] == 0  # it has no cell below five


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kosovo", "safe.txt"), "name a .csv file"),
        (("kosovo", "safe.csv", "--beside", "all"), "'all' is nothing that is published; say public or report"),
        (("kosovo", "safe.csv", "--rule", "swap"), "'swap' is no rule; the rules are merge and suppress"),
        (("kosovo", "safe.csv", "--minimum", "1"), "--minimum"),
        (("synthetic_artificial_3", "safe.csv"), "put 'synthetic' into its name"),
        (("no_such.csv", "safe.csv"), "no_such.csv"),
    ],
)
def test_export_refuses_in_words_and_writes_nothing(mse, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    status, out, err = mse("export", *arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert list(tmp_path.iterdir()) == []


def test_persons_are_kept_by_a_run_only_with_the_flag(mse, tmp_path):
    path = quick(tmp_path, "name,in_A,in_B,in_C\n" + "X,1,0,0\nY,0,1,0\nZ,0,0,1\nV,1,1,0\nW,1,0,1\nU,0,1,1\n" * 9)
    for flags, kept in (((), "table.counts.csv"), (("--keep-persons",), "table.csv")):
        assert mse("run", path, "--out", tmp_path / "out", *flags)[0] == 0
        assert (tmp_path / "out" / "inputs" / kept).is_file()
        assert len(list((tmp_path / "out" / "inputs").iterdir())) == 2


def test_new_writes_a_study_file_once_and_says_what_to_do_next(mse, tmp_path):
    (tmp_path / "table.csv").write_text(TABLE)
    study = tmp_path / "study.toml"
    status, out, _ = mse("new", tmp_path / "table.csv", "--out", study)
    assert status == 0
    assert f"mse run {study} --out results" in out
    assert 'headline = "Latent classes"' in study.read_text(encoding="utf-8")
    status, _, err = mse("new", tmp_path / "table.csv", "--out", study)
    assert (status, "there is such a file already" in err) == (2, True)
    status, _, err = mse("run", study, "--out", tmp_path / "out")
    assert (status, "key 'who' is not filled in yet" in err) == (2, True)
