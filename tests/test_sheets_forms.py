"""Parquet and histories for MARK; and everything that is not read is named."""

import bz2
import datetime
import decimal
import gzip
import io
import zipfile

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from estimation.capture.sheets.reading import sheet_of
from estimation.errors import TableError


def parquet(table, **settings):
    written = io.BytesIO()
    pyarrow.parquet.write_table(table, written, **settings)
    return written.getvalue()


def refusal(source, **settings):
    with pytest.raises(TableError) as caught:
        sheet_of(source, **settings)
    return caught.value.problems[0]


class TestParquet:
    def test_a_column_that_cannot_be_converted_stands_as_text_with_a_note(self):
        offsets = pyarrow.array([0, 1, 3, 4], pyarrow.int32()).buffers()[1]
        bad = pyarrow.StringArray.from_buffers(3, offsets, pyarrow.py_buffer(b"a\xff\xfeb"))
        days = pyarrow.array([2**31 - 1, 0, None], pyarrow.int32()).cast(pyarrow.date32())
        codes = pyarrow.DictionaryArray.from_arrays(pyarrow.array([1, 1, 0]), bad)
        table = {"name": bad, "died": days, "in_A": [1, 0, 1], "code": codes}
        sheet = sheet_of(parquet(pyarrow.table(table)))
        assert str(sheet.columns[3][0]).startswith("<dictionary")
        assert sheet.columns[0] == ["a", "\\xff\\xfe", "b"]
        assert sheet.columns[1] == ["2147483647", "1970-01-01", None]
        assert sheet.columns[2] == [1, 0, 1]
        assert len(sheet.notes) == 3
        assert "column 'name': 1 values" in sheet.notes[0]

    def test_columns_of_every_type_are_read(self):
        columns = {
            "list": pyarrow.array([["court"], []]),
            "struct": pyarrow.array([{"a": 1}, None]),
            "decimal": pyarrow.array([decimal.Decimal("1.0"), decimal.Decimal("0.0")]),
            "words": pyarrow.array(["Yes", "No"]).dictionary_encode(),
            "bytes": pyarrow.array([b"\xff", None]),
            "time": pyarrow.array([datetime.time(1), None]),
            "instant": pyarrow.array([1, 2], pyarrow.timestamp("ns", "Asia/Tehran")),
            "duration": pyarrow.array([2**62, 1], pyarrow.duration("s")),
            "map": pyarrow.array([[("a", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
            "nothing": pyarrow.nulls(2),
            "half": pyarrow.array(np.array([1, 0], np.float16)),
        }
        sheet = sheet_of(parquet(pyarrow.table(columns)))
        assert sheet.names == list(columns)
        assert sheet.columns[3] == ["Yes", "No"]
        assert sheet.columns[2] == [decimal.Decimal("1.0"), decimal.Decimal("0.0")]

    def test_names_may_repeat_and_rows_may_be_missing(self):
        twice = pyarrow.table([pyarrow.array([1]), pyarrow.array([0])], names=["A", "A"])
        assert sheet_of(parquet(twice)).names == ["A", "A"]
        assert sheet_of(parquet(twice.slice(0, 0))).n_rows == 0
        assert sheet_of(parquet(pyarrow.table({}))).names == []

    def test_a_long_text_that_repeats_does_not_fill_the_memory(self):
        text = pyarrow.array(["x" * 10**6]).dictionary_encode().take(pyarrow.array(np.zeros(10**5, np.int64)))
        for column in (text, text.slice(0, 100).cast(pyarrow.string())):
            sheet = sheet_of(parquet(pyarrow.table({"story": column})))
            assert len({id(cell) for cell in sheet.columns[0]}) == 1
            assert sheet.n_rows == len(column)

    def test_what_is_too_large_is_refused_before_it_is_read(self, monkeypatch):
        data = parquet(pyarrow.table({"A": np.zeros(1000, np.int8)}))
        monkeypatch.setattr("estimation.capture.sheets.parquet.MOST_ROWS", 999)
        assert "there are 1,000 rows; the most that is read is 999" in refusal(data)

    def test_every_cut_and_every_changed_byte_is_a_table_or_refused(self):
        data = parquet(pyarrow.table({"name": ["a", "b"] * 20, "in_A": [1, 0] * 20}))
        for i in range(0, len(data), 7):
            for broken in (data[:i], data[:i] + bytes([data[i] ^ 0x55]) + data[i + 1 :]):
                try:
                    sheet_of(broken, name="people.parquet")
                except TableError:
                    continue


class TestMark:
    def test_histories_with_a_frequency_are_two_columns(self):
        sheet = sheet_of(b"/* four lists\n of 2019 */\r\n1101 5;\r\n/* 2 */ 0011 2;\r\n0001 1 ;\r\n")
        assert sheet.names == ["history", "frequency"]
        assert list(map(list, sheet.columns)) == [["1101", "0011", "0001"], ["5", "2", "1"]]
        assert [sheet.row_name(i) for i in range(3)] == ["line 3", "line 4", "line 5"]
        assert sheet.form == "mark"

    def test_several_frequencies_are_several_columns_and_none_is_none(self):
        assert sheet_of(b"110 5 0;\n011 0 2;\n").names == ["history", "frequency 1", "frequency 2"]
        assert sheet_of(b"110;011;101;", name="a.inp").names == ["history"]

    def test_every_record_that_is_none_is_named(self):
        with pytest.raises(TableError) as caught:
            sheet_of(b"110 5;\n01 2;\nA10 1;\n100 x;\n100;\n", name="a.inp")
        assert [problem.split(":")[0] for problem in caught.value.problems] == ["line 2", "line 3", "line 4", "line 5"]
        assert "the file is empty" in refusal(b"/* 1 */ ;", name="a.inp")

    def test_a_table_with_semicolons_is_no_mark(self):
        assert sheet_of(b"A;B;count\n1;0;5\n").form == "text"
        assert sheet_of(b"10;5\n01;3\n").form == "text"

    @pytest.mark.parametrize("text", [b"1101 5\n0011 2\n0001 1\n", b"1101,5\n0011,2\n", b"1101\t5\n0011\t2\n"])
    def test_histories_without_a_heading_get_one(self, text):
        sheet = sheet_of(text, name="deaths.txt")
        assert sheet.names == ["history", "frequency"]
        assert sheet.columns[0][0] == "1101"
        assert sheet.row_name(0) == "line 1"
        assert sheet.header
        assert sheet_of(b"110\n011\n110\n").names == ["history"]

    def test_histories_as_headings_and_lists_of_0_and_1_stay_as_they_are(self):
        assert sheet_of(b"001,010,011\n63,55,18\n").names == ["001", "010", "011"]
        assert sheet_of(b"1,0\n0,1\n").names == ["1", "0"]
        assert sheet_of(b"10,5\n11,5\n").names == ["10", "5"]


class TestOtherKinds:
    @pytest.mark.parametrize(
        ("data", "name", "kind"),
        [
            (b"$FL2@(#) SPSS DATA FILE", "a.sav", "an SPSS file (.sav)"),
            (b"<stata_dta><header>", "a.dta", "a Stata file (.dta)"),
            (b"\x72\x02\x01\x00\x05\x00", "a.dta", "a Stata file (.dta)"),
            (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09", "a.sas7bdat", "a SAS file"),
            (gzip.compress(b"RDX3\nX\n\0\0\0\3", mtime=0), "a.RData", "a file of R objects (.RData)"),
            (gzip.compress(b"X\n\0\0\0\3\0\4", mtime=0), "a.rds", "an R object (.rds)"),
            (bz2.compress(b"X\n\0\0\0\3\0\4"), "a.rds", "an R object (.rds)"),
            (b'{"A": [1, 0]}', "a.json", "JSON"),
            (b'[{"A": 1}, {"A": 0}]', "a.csv", "JSON"),
            (b"%PDF-1.7\n%\xe2", "a.pdf", "a PDF"),
            (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "a web page saved as a spreadsheet"),
            (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n", "a.csv", "a web page"),
            (b"<?xml version='1.0'?><Workbook>", "a.xls", "XML saved as a spreadsheet"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a.xls", "an old Office file (.xls, .doc)"),
            (b"| A | B |\n|---|:-:|\n| 1 | 0 |\n", "a.md", "a table in Markdown"),
            (b"\\begin{tabular}{ll}\nA & B", "a.txt", "a table in LaTeX"),
            (b"structure(list(A = c(1, 0)), class = 'data.frame')", "a.txt", "R code (from dput)"),
            (b"INSERT INTO people VALUES (1, 0);", "a.sql", "SQL"),
            (b"SQLite format 3\0", "a.db", "an SQLite database"),
            (b"\x03\x70\x01\x02" + bytes(40), "a.dbf", "a dBase file (.dbf)"),
            (bytes(257) + b"ustar\x0000", "a.tar.gz", "a tar archive"),
        ],
    )
    def test_it_is_named(self, data, name, kind):
        if name.endswith(".tar.gz"):
            data = gzip.compress(data)
        assert refusal(data, name=name).startswith(f"this looks like {kind}")

    @pytest.mark.parametrize(
        ("parts", "kind"),
        [
            (["a.csv", "b.csv"], "a zip archive (with 'a.csv', 'b.csv')"),
            (["xl/workbook.bin"], "a binary workbook (.xlsb)"),
            (["word/document.xml"], "a Word document"),
            (["Index/Document.iwa"], "an Apple Numbers file"),
        ],
    )
    def test_an_archive_is_named_by_what_is_in_it(self, parts, kind):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for part in parts:
                archive.writestr(part, "x")
        assert kind in refusal(written.getvalue(), name="a.zip")

    @pytest.mark.parametrize("heading", ["PAR1", "[red]", "{x}", "BZhang", "ORCHARD", "RDA", "A<b>", "GIF8", "FEA1"])
    def test_headings_are_not_taken_for_another_kind(self, heading):
        assert sheet_of(f"{heading},B\n1,0\n0,1\n".encode()).names == [heading, "B"]

    def test_text_under_the_name_of_another_kind_is_read_with_a_note(self):
        sheet = sheet_of(b"A\tB\n1\t0\n0\t1\n", name="deaths.xls")
        assert sheet.names == ["A", "B"]
        assert "the name ends in .xls, and the file is text with columns" in sheet.notes
