"""SHA256SUMS, as `sha256sum` itself reads it."""

import shutil
import subprocess

import pytest

from estimation.errors import StudyError
from estimation.files import file_sha256
from estimation.runs.manifest import SIGNATURE, SUMS, files_of, read_manifest, strayed, write_manifest

sha256sum = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not on this machine")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "charts").mkdir()
    for name in ("report.html", "charts/a b.svg", "back\\slash", "two\nlines"):
        (tmp_path / name).write_text(f"content of {name}")
    write_manifest(tmp_path)
    return tmp_path


def checked(folder):
    return subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=folder, capture_output=True, check=False)


@sha256sum
def test_sha256sum_checks_every_file_and_finds_a_changed_one(folder):
    done = checked(folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b": OK") == 4
    (folder / "charts" / "a b.svg").write_text("another")
    assert checked(folder).returncode == 1


@sha256sum
def test_the_manifest_is_what_sha256sum_writes(folder):
    names = files_of(folder)
    written = subprocess.run(["sha256sum", "--", *names], cwd=folder, capture_output=True, check=True).stdout
    assert (folder / SUMS).read_bytes() == written


def test_the_manifest_is_read_back_and_names_neither_itself_nor_its_signature(folder):
    (folder / SIGNATURE).write_bytes(b"signature")
    write_manifest(folder)
    assert list(read_manifest(folder)) == sorted(["report.html", "charts/a b.svg", "back\\slash", "two\nlines"])
    assert read_manifest(folder)["report.html"] == file_sha256(folder / "report.html")
    assert strayed(folder, read_manifest(folder)) == {}


def test_what_is_changed_gone_or_added_is_named(folder):
    (folder / "report.html").write_text("another")
    (folder / "back\\slash").unlink()
    (folder / "charts" / "extra.svg").write_text("extra")
    assert strayed(folder, read_manifest(folder)) == {
        "report.html": "has another checksum than in SHA256SUMS",
        "back\\slash": "is missing",
        "charts/extra.svg": "is not named in SHA256SUMS",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "line 2 is not a SHA-256, two spaces and a file name"),
        ("{sum}  report.html", r"line 2 names report\.html again"),
        ("{sum}  ../report.html", r"line 2 names \.\./report\.html, which is not in this folder"),
        ("{sum}  /etc/passwd", "line 2 names /etc/passwd, which is not in this folder"),
    ],
)
def test_a_manifest_that_is_none_is_refused_with_its_line(tmp_path, line, said):
    (tmp_path / SUMS).write_text(f"{'ab' * 32}  report.html\n{line.format(sum='cd' * 32)}\n")
    with pytest.raises(StudyError, match=said):
        read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(StudyError, match="there is no SHA256SUMS here"):
        read_manifest(tmp_path)
