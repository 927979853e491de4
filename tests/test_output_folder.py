"""The folder of a run: strangers are named and never touched, and a kill between any two moves is mended."""

import json
import os
import shutil

import pytest
from drawn_once import taken_again
from small_study import STUDY, TABLE, write_study

from estimation.errors import OutputError, StudyError
from estimation.runs.manifest import read_manifest, strayed
from estimation.runs.output_folder import check_folder, made_in, parts_in, put_in_place
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study
from estimation.study.record import record_from

pytestmark = pytest.mark.usefixtures("drawn_once")

QUICK = (STUDY[STUDY.index("[[model]]") :], '[[model]]\nlabel = "Bound"\nname = "chao"\n')
ONLY = ('headline = "Graphs"', 'headline = "Bound"')


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A finished study, whose table lies in a folder of its own."""
    folder = tmp_path_factory.mktemp("old")
    with taken_again():
        return run_study(write_study(folder, QUICK, ONLY, ('"table.csv"', '"data/deaths.csv"')), folder / "out")


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """Another one, with other files."""
    folder = tmp_path_factory.mktemp("new")
    more = (QUICK[0], QUICK[1] + "[sensitivity]\nleave_one_list_out = true\n")
    with taken_again():
        return run_study(write_study(folder, more, ONLY, table=TABLE.replace("60", "61")), folder / "out")


@pytest.fixture
def copy(old, tmp_path):
    return shutil.copytree(old, tmp_path / "copy")


def content(folder):
    """Every file below a folder but those of unfinished answers."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".parts/")}


@pytest.mark.parametrize(
    "name", ["notes.txt", "inputs/only_copy.csv", "models/scans/1.png", "charts/photo.svg", "charts/.hidden", "a b/c"]
)
def test_a_file_of_its_own_keeps_a_run_from_the_folder_and_is_named(copy, name):
    mine = copy / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    before = content(copy)
    with pytest.raises(StudyError) as refused:
        run_study(write_study(copy.parent / "study", QUICK, ONLY), copy, force=True)
    assert f"the folder holds another file ({name}) that no run of this program made" in str(refused.value)
    assert content(copy) == before


def test_many_files_are_counted_and_the_first_named(copy):
    for at in range(1200):
        (copy / "inputs" / f"{at:04d}.txt").write_text("mine")
    with pytest.raises(StudyError, match=r"holds 1,200 other files \(inputs/0000\.txt, .*0002\.txt and 1,197 more\)"):
        check_folder(copy)


@pytest.mark.parametrize("kind", ["symbolic link", "link to a folder", "pipe", "empty folder", "replaced", "loop"])
def test_links_pipes_and_empty_folders_are_strangers_too(copy, kind):
    away, place = copy.parent / "away", copy / "inputs" / "x"
    away.mkdir()
    if kind == "symbolic link":
        place.symlink_to(copy / "results.json")
    elif kind == "link to a folder":
        place.symlink_to(away)
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "empty folder":
        place.mkdir()
    elif kind == "loop":
        place.symlink_to(place)
    else:  # a file of the run is a link now
        (copy / "report.html").rename(away / "report.html")
        (copy / "report.html").symlink_to(away / "report.html")
    with pytest.raises(StudyError, match="the folder holds another file"):
        check_folder(copy, force=True)


def test_a_record_that_is_not_ours_or_is_gone_makes_every_file_a_stranger(copy):
    (copy / "record.json").write_text(json.dumps({"title": "The record of somebody else"}))
    with pytest.raises(StudyError, match="no run of this program made"):
        check_folder(copy)
    (copy / "record.json").unlink()
    with pytest.raises(StudyError, match="no run of this program made"):
        check_folder(copy)


def test_naming_a_file_in_the_checksums_does_not_make_it_ours(copy):
    (copy / "notes.txt").write_text("mine")
    (copy / "inputs" / "scan.csv").write_text("mine")
    with (copy / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  notes.txt\n{'0' * 64}  inputs/scan.csv\n")
    with pytest.raises(StudyError, match=r"2 other files \(inputs/scan\.csv, notes\.txt\)"):
        check_folder(copy, force=True)


def test_what_was_edited_or_signed_is_replaced_by_force_alone_and_what_is_gone_is_no_matter(copy):
    study = write_study(copy.parent / "study", QUICK, ONLY)
    (copy / "inputs" / "data" / "deaths.csv").write_text("edited")
    shutil.rmtree(copy / "charts")
    with pytest.raises(StudyError, match=r"deaths\.csv was changed since the run .* or add --force to repl"):
        check_folder(copy, force_option="--force")
    with pytest.raises(StudyError, match=r"inputs/data/deaths\.csv was changed since the run"):
        run_study(study, copy)
    assert (copy / "inputs" / "data" / "deaths.csv").read_text() == "edited"
    run_study(study, copy, force=True)
    assert verify_study(copy, strict=True).same
    assert not (copy / "inputs" / "data").exists()


def test_the_folder_of_the_study_its_parent_and_one_in_a_finished_study_are_refused(copy, tmp_path, monkeypatch):
    study = write_study(tmp_path / "here" / "study", QUICK, ONLY)
    for out in (study.parent, study.parent.parent):
        with pytest.raises(StudyError, match="other files"):
            run_study(study, out)
    monkeypatch.chdir(study.parent)
    with pytest.raises(StudyError, match="other files"):
        run_study("study.toml", ".")
    with pytest.raises(OutputError, match="this lies in the finished study"):
        run_study(study, copy / "again")
    with pytest.raises(StudyError, match="what is read lies in this folder"):
        run_study(copy / "inputs" / "study.toml", copy, force=True)
    assert not (copy / "again").exists()
    assert sorted(p.name for p in study.parent.iterdir()) == ["study.toml", "table.csv"]


@pytest.mark.parametrize(
    "name", [".parts/notes.txt", ".parts/made/inputs/mine.csv", ".parts/questions/a/b.json", ".parts/made/charts/x"]
)
def test_a_file_among_unfinished_answers_is_a_stranger(tmp_path, name):
    study, out = write_study(tmp_path / "study", QUICK, ONLY), tmp_path / "out"
    stop_at(study, out, "report")
    (out / name).parent.mkdir(exist_ok=True, parents=True)
    (out / name).write_text("mine")
    with pytest.raises(StudyError, match="the folder holds another file"):
        run_study(study, out, force=True)
    assert (out / name).read_text() == "mine"
    (out / name).unlink()
    for folder in ((out / name).parent, (out / name).parent.parent):
        if not any(folder.iterdir()):
            folder.rmdir()
    assert verify_study(run_study(study, out), strict=True).same


def stop_at(study, out, what):
    """A run that is stopped where its progress says something."""

    def stop(done, doing=""):
        if doing == what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(study, out, progress=stop)


def test_answers_without_the_marker_of_a_run_are_strangers(tmp_path):
    study, out = write_study(tmp_path / "study", QUICK, ONLY), tmp_path / "out"
    stop_at(study, out, "report")
    for damage in (lambda path: path.write_text("{"), lambda path: path.write_text("[]"), lambda path: path.unlink()):
        damage(out / ".parts" / "unfinished-run")
        with pytest.raises(StudyError, match=r"\.parts/"):
            run_study(study, out)


def test_a_stranger_that_comes_while_the_study_runs_is_not_touched_and_the_work_is_not_lost(copy):
    study = write_study(copy.parent / "study", QUICK, ONLY)
    before = content(copy)

    def notes(done, doing=""):
        if doing == "report":
            (copy / "inputs" / "notes.txt").write_text("mine")

    with pytest.raises(StudyError, match=r"another file \(inputs/notes\.txt\)"):
        run_study(study, copy, progress=notes)
    assert content(copy) == {**before, "inputs/notes.txt": b"mine"}
    (copy / "inputs" / "notes.txt").unlink()
    run_study(study, copy)
    assert json.loads((copy / "record.json").read_text())["seconds_by_model"] == {"Bound": None}


@pytest.mark.parametrize("name", ["study.toml", "table.csv"])
def test_an_input_that_is_edited_while_the_study_runs_is_not_stored_as_what_was_read(tmp_path, name):
    study = write_study(tmp_path / "study", QUICK, ONLY)

    def edit(done, doing=""):
        if doing == "report":
            path = study.parent / name
            path.write_text(path.read_text().replace("People of a small", "People of a large").replace("60", "61"))

    with pytest.raises(StudyError, match=f"{name} was changed while the study ran"):
        run_study(study, tmp_path / "out", progress=edit)
    assert not (tmp_path / "out" / "record.json").exists()
    assert verify_study(run_study(study, tmp_path / "out"), strict=True).same


def test_a_study_that_cannot_be_run_leaves_no_folder(tmp_path):
    study = write_study(
        tmp_path, (QUICK[0], QUICK[1] + '[sensitivity]\nodds_ratio = { pair = ["A", "Z"], values = [2] }\n'), ONLY
    )
    with pytest.raises(StudyError):
        run_study(study, tmp_path / "out")
    assert not (tmp_path / "out").exists()


class Killed(BaseException):
    """The process is gone: nothing more is done to any file."""


def killed_after(patch, steps):
    """From now on the file system is changed so many times, and then no more."""
    left = [steps]

    def limited(call):
        def change(*given, **more):
            if left[0] <= 0:
                raise Killed
            left[0] -= 1
            return call(*given, **more)

        return change

    for name in ("replace", "rename", "unlink", "rmdir", "mkdir"):
        patch.setattr(os, name, limited(getattr(os, name)))
    return left


def exchange(made, folder):
    """Put a study that is made already into a folder, as a run does."""
    with parts_in(folder, inputs=[], names=record_from(made).inputs, force=False) as parts:
        shutil.copytree(made, made_in(parts), dirs_exist_ok=True)
        put_in_place(folder, inputs=[], force=False)


def test_a_kill_between_any_two_changes_leaves_the_old_study_or_the_new_or_is_mended(old, new, tmp_path):
    before, after, steps, states = content(old), content(new), 0, {"old": 0, "new": 0, "between": 0}
    while True:
        folder = shutil.copytree(old, tmp_path / str(steps))
        with pytest.MonkeyPatch.context() as patch:
            left = killed_after(patch, steps)
            try:
                exchange(new, folder)
            except Killed:
                pass
            else:
                assert left[0] >= 0
                break
        found = content(folder)
        state = "old" if found == before else "new" if found == after else "between"
        states[state] += 1
        if state == "between":
            assert not (folder / "record.json").exists()  # so that nobody takes it for a study
        exchange(new, folder)
        assert content(folder) == after, steps
        assert {p.name for p in folder.iterdir()} == {p.name for p in new.iterdir()}
        steps += 1
    assert content(folder) == after
    assert strayed(folder, read_manifest(folder)) == {}
    assert min(states.values()) > 5, states


def test_between_old_and_new_a_stranger_is_still_seen(old, new, tmp_path):
    folder = shutil.copytree(old, tmp_path / "folder")
    with pytest.MonkeyPatch.context() as patch:
        killed_after(patch, 20)
        with pytest.raises(Killed):
            exchange(new, folder)
    assert not (folder / "record.json").exists()
    (folder / "inputs" / "mine.csv").write_text("mine")
    with pytest.raises(StudyError, match=r"inputs/mine\.csv"):
        exchange(new, folder)
