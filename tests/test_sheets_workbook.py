"""Workbooks: the one sheet with a table is read, cells are what a person sees, and nothing is guessed."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from estimation.capture.readers import read_table
from estimation.capture.sheets.reading import sheet_of
from estimation.capture.table import CaptureTable
from estimation.errors import TableError

ROWS = [["A", "B", "count"], [1, 0, 5], [0, 1, 3], [1, 1, 2]]


def workbook(hidden=(), **sheets):
    """Bytes of a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        worksheet = book.create_sheet(title)
        for row in rows:
            worksheet.append(row)
        worksheet.sheet_state = "hidden" if title in hidden else "visible"
    return packed(book)


def packed(book):
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def changed(data, old, new):
    """A workbook with a part of the XML of its first sheet replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            assert name != "xl/worksheets/sheet1.xml" or old in part
            after.writestr(name, part.replace(old, new) if name == "xl/worksheets/sheet1.xml" else part)
    return written.getvalue()


def refusal(source, **settings):
    with pytest.raises(TableError) as caught:
        sheet_of(source, **settings)
    (problem,) = caught.value.problems
    return problem


def test_one_sheet_is_read_whatever_the_file_is_called(tmp_path):
    for name in ("deaths.xlsx", "deaths.xlsm", "deaths.csv", "deaths"):
        (tmp_path / name).write_bytes(workbook(People=ROWS, Empty=[]))
        expected = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2})
        assert read_table(tmp_path / name) == expected
    sheet = sheet_of(tmp_path / name)
    assert sheet.row_name(1) == "sheet 'People', row 3"
    assert not sheet.notes


def test_several_sheets_are_refused_with_their_sizes_and_the_option():
    data = workbook(People=ROWS, Notes=[["collected in 2019"]])
    problem = refusal(data, door="command line")
    assert "'People' (4 rows, 3 columns), 'Notes' (1 row, 1 column)" in problem
    assert problem.endswith("--sheet People")
    assert sheet_of(data, sheet="People").n_rows == sheet_of(data, sheet=" people").n_rows == 3
    assert "there is no sheet 'Peple'; did you mean 'People'?" in refusal(data, sheet="Peple")


def test_a_hidden_sheet_is_read_only_by_its_name():
    data = workbook(People=ROWS, Codes=[["x", "y"], [1, 2]], hidden=["Codes"])
    sheet = sheet_of(data)
    assert sheet.names == ["A", "B", "count"]
    assert "hidden sheets were not read: 'Codes'" in sheet.notes
    assert sheet_of(data, sheet="Codes").names == ["x", "y"]


def test_cells_are_what_a_person_sees():
    when = datetime.datetime(2019, 4, 1)
    rows = [["id", "x"], [1.0, True], [2.5, False], [when, when.replace(hour=7)], ["٣", "4" * 4300], [1e308, "x ="]]
    data = changed(workbook(S=rows), b'<c r="B3" t="b"><v>0</v></c>', b'<c r="B3" t="e"><v>#N/A</v></c>')
    sheet = sheet_of(data)
    assert sheet.columns[0] == [1, 2.5, "2019-04-01", "٣", 1e308]
    assert type(sheet.columns[0][0]) is int
    assert sheet.columns[1] == ["TRUE", "#N/A", "2019-04-01 07:00:00", "4" * 4300, "x ="]


def test_titles_blank_rows_and_blank_columns_are_left_out():
    rows = [[], [None, "Deaths, 2019"], [], [None, "A", "B", None], [None, 1, 0, None], [], [None, 0, 1, "  "], []]
    sheet = sheet_of(workbook(S=rows))
    assert sheet.names == ["A", "B"]
    assert sheet.columns == [[1, 0], [0, 1]]
    assert [sheet.row_name(i) for i in range(2)] == ["sheet 'S', row 5", "sheet 'S', row 7"]
    assert sheet.first_row_name == "sheet 'S', row 4"
    assert sheet.notes == ("above the headings, row 2 was not read",)


def test_a_first_row_of_values_is_not_called_a_header():
    assert not sheet_of(workbook(S=ROWS[1:])).header
    assert sheet_of(workbook(S=ROWS)).header


def test_formulas_that_nobody_calculated_are_refused_and_calculated_ones_are_read():
    data = workbook(S=[["A", "B"], [1, "=1-A2"], [0, "=1-A3"]])
    assert "no formula of sheet 'S' has a calculated value (the first is in column 2 of row 2)" in refusal(data)
    value = b"<f>1-A2</f><v>0</v>"
    written = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    # With lxml installed, XML is written otherwise.
    empty = next(tag for tag in (b"<v />", b"<v/>", b"<v></v>") if b"<f>1-A2</f>" + tag in written)
    calculated = changed(data, b"<f>1-A2</f>" + empty, value)
    calculated = changed(calculated, b"<f>1-A3</f>" + empty, b"<f>1-A3</f><v>1</v>")
    assert sheet_of(calculated).columns == [[1, 0], [0, 1]]


def test_a_workbook_that_is_damaged_or_empty_is_refused():
    data = workbook(S=ROWS)
    assert "every sheet is empty" in refusal(workbook(S=[]))
    assert "not a whole workbook" in refusal(changed(data, b"<sheetData>", b"<sheetData><row r='x'>"))
    assert "not a whole workbook" in refusal(changed(data, b"</row>", b"</rwo>"))
    for cut in (10, len(data) // 2, len(data) - 30):
        assert "damaged zip archive or workbook" in refusal(data[:cut])
    assert "a workbook with a password" in refusal(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    )


def test_a_workbook_that_unpacks_to_too_much_is_refused_with_its_size(monkeypatch):
    data = changed(workbook(S=ROWS), b"<sheetData>", b"<!--" + b" " * 2**22 + b"--><sheetData>")
    monkeypatch.setattr("estimation.capture.sheets.workbook.LARGEST_WORKBOOK", 2**22)
    assert "unpack to 4.0 MiB; a workbook is read up to 4.0 MiB" in refusal(data)


def test_a_row_with_millions_of_cells_is_refused_before_it_is_read():
    data = changed(workbook(S=ROWS), b"</sheetData>", b"<row>" + b"<c/>" * 40_000 + b"</row></sheetData>")
    assert "a workbook is read up to 512.0 MiB and 10,000,000 cells" in refusal(data)


def test_a_cell_far_outside_does_not_fill_the_memory():
    data = workbook(S=ROWS)
    far, outside = (
        changed(data, b"</sheetData>", f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode())
        for row, place in ((2**20, "XFD1048576"), (99999999, "A99999999"))
    )
    sheet = sheet_of(far)
    assert sheet.names == ["A", "B", "count", ""]
    assert "sheet 'S' is larger than is read" in refusal(outside)


def test_a_sheet_or_an_encoding_is_not_named_for_nothing():
    assert refusal(b"A,B\n1,0\n", sheet="S") == "sheet was given, and this is text; leave it out"
    assert "encoding was given, and this is a workbook" in refusal(workbook(S=ROWS), encoding="latin-1")
