"""The bytes of a table, wherever they come from; what cannot be read is refused in words and in time."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import socket

import pytest

from estimation.capture.sheets.reading import sheet_of
from estimation.errors import TableError

TEXT = b"A,B,count\n1,0,5\n0,1,3\n1,1,2\n"


def refusal(source, **settings):
    with pytest.raises(TableError) as caught:
        sheet_of(source, **settings)
    (problem,) = caught.value.problems
    return problem


def test_a_path_bytes_and_open_files_give_the_same_sheet(tmp_path):
    path = tmp_path / "deaths.csv"
    path.write_bytes(TEXT)
    expected = sheet_of(path)
    assert expected.names == ["A", "B", "count"]
    with path.open("rb") as binary, path.open() as text:
        others = [str(path), TEXT, bytearray(TEXT), memoryview(TEXT), binary, text, io.BytesIO(TEXT)]
        for other in others:
            found = sheet_of(other)
            assert (found.names, found.columns) == (expected.names, expected.columns)
            assert found.sha256 == expected.sha256 == hashlib.sha256(TEXT).hexdigest()


def test_bytes_are_called_by_the_name_that_came_with_them():
    with pytest.raises(TableError, match=r"^deaths\.csv: the file is empty"):
        sheet_of(b"", name="deaths.csv")


@pytest.mark.parametrize(("pack", "ending"), [(gzip.compress, ".gz"), (bz2.compress, ".bz2"), (lzma.compress, ".xz")])
def test_compressed_text_is_read_whatever_it_is_called(tmp_path, pack, ending):
    for name in (f"deaths.csv{ending}", f"deaths.tsv{ending}", "deaths.csv"):
        path = tmp_path / name
        path.write_bytes(pack(TEXT))
        found = sheet_of(path)
        assert found.names == ["A", "B", "count"]
        assert found.sha256 == hashlib.sha256(pack(TEXT) if ending != ".gz" else path.read_bytes()).hexdigest()
    broken = pack(TEXT)[:-4]
    assert "compress it again" in refusal(broken, name=f"deaths.csv{ending}")


def test_what_is_no_file_is_refused_without_waiting(tmp_path):
    assert "folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "no.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    assert "a link to" in refusal(tmp_path / "link.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert "a pipe or a device" in refusal(tmp_path / "pipe.csv")
    assert "a pipe or a device" in refusal("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.csv"))
        assert "a pipe or a device" in refusal(tmp_path / "socket.csv")
    assert "cannot be read" in refusal("x" * 5000)
    assert "cannot be a path" in refusal("a\0b.csv")
    assert "the text of a table and not a path" in refusal(TEXT.decode())
    assert "a list is no file" in refusal([1, 0])


def test_an_open_file_that_fails_is_refused(tmp_path):
    path = tmp_path / "deaths.csv"
    path.write_bytes(TEXT + b"\xe9")
    with path.open(encoding="utf-8") as text:
        assert "open it with 'rb'" in refusal(text)
    assert "cannot be read" in refusal(text)


def test_a_compressed_file_that_unpacks_to_too_much_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr("estimation.capture.sheets.source.LARGEST_BYTES", 2**22)
    bomb = gzip.compress(b"0" * 2**24)
    assert refusal(bomb).startswith(f"its {len(bomb):,} bytes ")
    assert "unpack to more than 4.0 MiB" in refusal(bomb)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(2**40)
    assert refusal(tmp_path / "large.csv").startswith("the file has 1,024.0 GiB, more than 1.0 GiB")
