from pathlib import Path

import pytest

from estimation.files import write_bytes, write_text


def test_writes_the_whole_content_and_returns_the_path(tmp_path):
    path = write_bytes(tmp_path / "a.bin", b"\x00\xff")
    assert path == tmp_path / "a.bin"
    assert path.read_bytes() == b"\x00\xff"


def test_text_is_utf_8_with_its_line_ends_kept(tmp_path):
    assert write_text(str(tmp_path / "a.txt"), "Köln\r\nدوست\n").read_bytes() == "Köln\r\nدوست\n".encode()


def test_an_older_file_is_replaced_and_nothing_else_is_left(tmp_path):
    write_text(tmp_path / "a.txt", "old, and longer")
    write_text(tmp_path / "a.txt", "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.txt", "new")]


def test_a_written_file_can_be_read_by_others(tmp_path):
    assert write_text(tmp_path / "a.txt", "x").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_keeps_the_old_file_and_leaves_no_half_one(tmp_path, monkeypatch, failure):
    write_text(tmp_path / "a.txt", "old")

    def fail(self, target):
        raise failure

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(type(failure)):
        write_text(tmp_path / "a.txt", "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_missing_folder_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        write_text(tmp_path / "nowhere" / "a.txt", "x")
