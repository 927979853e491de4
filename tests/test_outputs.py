"""Nothing is written over a file without force, and never over what is read or into a finished study."""

import os
import shutil
from pathlib import Path

import pytest
from small_study import STUDY, TABLE, write_study

import estimation as mse_in_python
from estimation.errors import OutputError
from estimation.files import check_output_folder, check_outputs, write_bytes, write_output

CLAIMS = "who,when,kind,figure,to,words,citation\nA paper,1991,total,350,,many,P1\nB,1992,list,90,,some,P2\n"


@pytest.fixture
def mse(mse):
    """Run `mse` in this process; gives (exit status, standard error)."""
    return lambda *arguments: mse(*arguments)[::2]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(TABLE)
    return path


def finished_study(folder):
    """What tells a finished study: its record and its checksums."""
    (folder / "inputs").mkdir(parents=True)
    (folder / "record.json").write_text("{}")
    (folder / "SHA256SUMS").write_text("")
    (folder / "inputs" / "table.csv").write_text(TABLE)
    return folder


def named(table, how):
    """The same file by another name."""
    other = table.parent / "other.csv"
    if how == "relative":
        return Path(os.path.relpath(table))
    if how == "with dots":
        (table.parent / "sub").mkdir()
        return table.parent / "sub" / ".." / table.name
    if how == "symbolic link":
        other.symlink_to(table)
        return other
    if how == "hard link":
        os.link(table, other)
        return other
    return table


@pytest.mark.parametrize("how", ["as it is", "relative", "with dots", "symbolic link", "hard link"])
def test_an_output_that_is_its_own_input_is_refused_by_whatever_name_and_even_by_force(mse, table, how):
    status, err = mse("export", table, named(table, how), "--force")
    assert status == 2
    assert "this is the file that is read; name another file to write to" in err
    assert table.read_text() == TABLE


def commands(table, out):
    """Every command that writes, with the file that it writes."""
    claims = table.parent / "claims.csv"
    claims.write_text(CLAIMS)
    asked = ("sensitivity", "leave-one-list-out", table, "--model", "chao")
    yield ("export", table, out / "a.csv"), "a.csv"
    yield (*asked, "--out", out / "b.csv"), "b.csv"
    yield (*asked, "--chart", out / "b.svg"), "b.svg"
    yield ("sensitivity", "tipping", table, "--figure", 500, "--model", "chao", "--out", out / "c.csv"), "c.csv"
    yield ("pairs-by-chapman", table, "--csv", out / "g.csv"), "g.csv"
    yield ("compare-heterogeneity", table, "--heterogeneity-chart", out / "g.svg"), "g.svg"
    yield ("profile-likelihood", table, "--chart", out / "h.svg"), "h.svg"
    yield ("event-form", "a,b", out / "i.csv"), "i.csv"
    yield ("inspect", table, "--chart", out / "d.svg"), "d.svg"
    yield ("claims", claims, "--chart", out / "e.svg"), "e.svg"
    yield ("simulate", "independent", "--out", out), "truth.json"
    few = ("--model", "chao", "--replications", 2, "--workers", 1)
    lists = ("--list", "A=90", "--list", "B=80", "--list", "C=70", "--total", 200)
    yield ("design", *lists, *few, "--csv", out / "f.csv"), "f.csv"
    few = ("--model", "Two lists, A and B", "--replications", 2, "--workers", 1)
    yield ("coverage", "--out", out, *few), "scores.csv"


def test_no_command_writes_over_a_file_without_force_or_into_a_finished_study_with_it(mse, table, tmp_path):
    out, study = tmp_path / "out", finished_study(tmp_path / "study")
    out.mkdir()
    for command, name in commands(table, out):
        (out / name).write_text("mine")
        status, err = mse(*command)
        assert (status, "there is such a file already; name another one, or add --force" in err) == (2, True), command
        assert (out / name).read_text() == "mine"
        (out / name).unlink()
    for command, _ in commands(table, study):
        status, err = mse(*command, "--force")
        assert (status, f"this lies in the finished study {study}" in err) == (2, True), command
    assert sorted(p.name for p in study.rglob("*")) == ["SHA256SUMS", "inputs", "record.json", "table.csv"]


def test_with_force_a_file_is_replaced(mse, table, tmp_path):
    (tmp_path / "safe.csv").write_text("mine")
    assert mse("export", table, tmp_path / "safe.csv", "--force")[0] == 0
    assert "mine" not in (tmp_path / "safe.csv").read_text()


def test_python_writes_over_nothing_either_without_force(table, tmp_path):
    read = mse_in_python.read_table(table)
    with pytest.raises(OutputError, match="there is such a file already; name another one, or add force=True"):
        read.to_csv(table)
    assert table.read_text() == TABLE
    with pytest.raises(OutputError, match="this lies in the finished study"):
        read.to_csv(finished_study(tmp_path / "study") / "inputs" / "new.csv")
    drawn = mse_in_python.simulation.simulate(mse_in_python.simulation.load_scenario("independent"), rng=1)
    folder = mse_in_python.simulation.write_simulated(drawn, tmp_path / "drawn")
    (folder / "truth.json").unlink()
    with pytest.raises(OutputError, match=r"synthetic_table\.csv: there is such a file already"):
        mse_in_python.simulation.write_simulated(drawn, folder)
    assert not (folder / "truth.json").exists()


def test_folders_devices_and_places_that_are_not_there_are_refused_by_name(table, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for place, why in {
        tmp_path: "this is a folder; name a file to write to",
        Path(os.devnull): "this is a device or a pipe and no file",
        tmp_path / "pipe": "this is a device or a pipe and no file",
        tmp_path / "loop": "there is such a file already",
        tmp_path / "no" / "where.csv": f"there is no folder {tmp_path / 'no'}; make it",
        table / "a.csv": "is no folder; name another place",
    }.items():
        with pytest.raises(OutputError, match=why):
            check_outputs([place])
    check_outputs([tmp_path / "no" / "where.csv"], makes_folder=True)
    with pytest.raises(OutputError, match="two outputs have this name"):
        check_outputs([tmp_path / "new.csv", tmp_path / "." / "new.csv"])
    with pytest.raises(OutputError, match=r"(?s)2 problems.*1\. .*d\.csv: there is such.*2\. .*is a folder"):
        check_outputs([table, None, tmp_path])
    assert Path(os.devnull).is_char_device()


def test_a_folder_that_cannot_be_written_to_is_said_before_anything_is_computed(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *given: False)
    with pytest.raises(OutputError, match="cannot be written to; name another place, or change its permissions"):
        check_outputs([tmp_path / "a.csv"])
    with pytest.raises(OutputError, match="cannot be written to"):
        check_output_folder(tmp_path / "new")


def test_a_full_disk_is_said_by_the_name_of_the_file_and_leaves_nothing(mse, table, tmp_path, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    status, err = mse("export", table, tmp_path / "safe.csv")
    assert (status, err.strip()) == (2, f"mse: {tmp_path / 'safe.csv'}: No space left on device")
    status, err = mse("simulate", "independent", "--out", tmp_path / "s")
    assert (status, "truth.json: No space left on device" in err) == (2, True)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["d.csv", "s"]


def test_a_real_full_disk(tmp_path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    with pytest.raises(OutputError, match="a device"):
        write_output(full, "x")


def test_write_bytes_names_the_file_and_not_its_temporary_name(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        write_bytes(tmp_path / "no" / "where.csv", b"")
    assert caught.value.filename == str(tmp_path / "no" / "where.csv")


def test_a_study_file_is_written_over_by_no_command(mse, tmp_path):
    path = write_study(tmp_path)
    for out in (path, tmp_path / "table.csv"):
        status, err = mse("new", tmp_path / "table.csv", "--out", out)
        assert status == 2
        assert "name another" in err
        assert "--force" not in err
    assert path.read_text() == STUDY


CASE = Path(__file__).parent.parent.parent / "shared" / "cases" / "hostile" / "claims_overwrites_table"


@pytest.mark.parametrize(
    "name", ["table.csv", "table.counts.csv", "TABLE.counts.CSV", "study.toml", "Study.TOML", "e\u0301.csv"]
)
def test_claims_whose_name_another_input_has_are_refused_when_the_study_is_read(tmp_path, name):
    table = "\u00e9.csv" if name == "e\u0301.csv" else "table.csv"
    path = write_study(tmp_path, ("seed = 7", f'seed = 7\nclaims = "{name}"'), ('"table.csv"', f'"{table}"'))
    study = path.read_text(encoding="utf-8")
    (tmp_path / name).write_text(CLAIMS)
    if name == "study.toml":
        path = tmp_path / "STUDY.toml"
        path.write_text(study, encoding="utf-8")
    with pytest.raises(mse_in_python.errors.EstimationError, match=r"would be one file in the fin|is missing"):
        mse_in_python.run_study(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not CASE.is_dir(), reason="../shared/cases is not here")
def test_the_claims_that_replaced_the_stored_table_are_refused(mse, tmp_path):
    folder = shutil.copytree(CASE, tmp_path / "case")
    status, err = mse("run", folder / "study.toml", "--out", tmp_path / "out")
    assert status == 2
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()
    text = (folder / "study.toml").read_text().replace("leave_one_out", "leave_one_list_out")
    (folder / "study.toml").write_text(text)
    status, err = mse("run", folder / "study.toml", "--out", tmp_path / "out")
    assert status == 2
    assert "claims 'table.counts.csv' and the counts of the table" in err
    assert not (tmp_path / "out").exists()
