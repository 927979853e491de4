"""Text as people keep it: separators, encodings, ends of lines; what has one reading is read."""

import pytest

from estimation.capture.sheets.reading import sheet_of
from estimation.errors import TableError

ROWS = [["A", "B", "count"], ["1", "0", "5"], ["0", "1", "3"], ["1", "1", "2"]]


def text(separator=",", end="\n", rows=ROWS):
    return "".join(separator.join(row) + end for row in rows)


def cells(sheet):
    return [list(sheet.names), *map(list, zip(*sheet.columns, strict=True))]


def refusal(source, **settings):
    with pytest.raises(TableError) as caught:
        sheet_of(source, **settings)
    return caught.value.problems[0]


class TestSeparators:
    @pytest.mark.parametrize("separator", [*",;|\t،؛，；", " ", "   "])
    def test_every_separator_is_recognised(self, separator):
        assert cells(sheet_of(text(separator).encode())) == ROWS

    @pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;"])
    def test_the_line_that_excel_reads_is_obeyed(self, first):
        sheet = sheet_of((first + "\r\n" + text(";", "\r\n")).encode())
        assert cells(sheet) == ROWS
        assert sheet.row_name(0) == "line 3"
        assert sheet.first_row_name == "line 2"

    def test_a_quoted_heading_may_hold_another_separator(self):
        assert sheet_of(b'"A, first";B;count\n1;0;5\n0;1;3\n').names == ["A, first", "B", "count"]

    def test_text_with_commas_does_not_hide_the_semicolons(self):
        assert sheet_of(b"Name, first;A;B\nNg, Bo;1;0\nLi, An;0;1\n").names == ["Name, first", "A", "B"]

    def test_two_separators_that_both_give_a_table_are_refused_with_both(self):
        problem = refusal(b"A,a;B,b;C\n1,0;0,1;0\n0,1;1,1;1\n")
        assert "with comma (3 columns, the first 'A') and with semicolon (3 columns, the first 'A,a')" in problem

    def test_a_decimal_comma_is_read_where_it_cannot_be_thousands(self):
        sheet = sheet_of(b"A;B;count\n1;0;5,0\n0;1;3,0\n")
        assert list(sheet.columns[2]) == ["5.0", "3.0"]
        assert sheet.notes[-1] == "column 'count': the comma is the decimal mark"
        assert list(sheet_of(b"A;B;count\n1;0;1,131\n0;1;2,000\n").columns[2]) == ["1,131", "2,000"]

    def test_a_title_may_hold_another_separator(self):
        sheet = sheet_of(b"Deaths, by list\nA;B;count\n1;0;5\n")
        assert sheet.names == ["A", "B", "count"]
        assert sheet.notes == ("above the headings, line 1 was not read",)

    def test_a_blank_may_stand_before_a_quotation_mark_and_quoted_words_in_a_text(self):
        assert sheet_of(b'"A", "B, b"\n"1", "0"\n').names == ["A", "B, b"]
        assert sheet_of(b'story,A\nHe said "no",1\n, 1\nAna, 0\n "No" she said,1\n').columns[0][3] == ' "No" she said'

    def test_cells_that_are_protected_from_a_spreadsheet_are_their_text(self):
        sheet = sheet_of(b'history,count\n="0110",5\n"=""0011""",3\n')
        assert list(sheet.columns[0]) == ["0110", "0011"]
        assert sheet.notes == ("column 'history': cells such as =\"0110\" were read as the text in them",)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_a_text_that_says_what_it_is_is_read(self, encoding):
        assert sheet_of("پلیس,Defensoría\n1,0\n".encode(encoding)).names == ["پلیس", "Defensoría"]
        assert sheet_of(b"\xfe\xff" + "پلیس,B\n1,0\n".encode("utf-16-be")).names == ["پلیس", "B"]

    @pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le", "utf-16-be", "mac-roman"])
    def test_other_encodings_are_named_by_the_owner(self, encoding):
        data = "Defensoría,B\n1,0\n0,1\n".encode(encoding)
        assert sheet_of(data, encoding=encoding).names == ["Defensoría", "B"]
        problem = refusal(data, door="command line")
        assert f"--encoding {encoding}" in problem or "line 1) is 0x" in problem

    def test_the_byte_the_line_and_the_option_are_named(self):
        problem = refusal(b"A,B\n1,0\n\xe9,1\n", door="study")
        assert problem.startswith("byte 8 (line 3) is 0xe9, which is not UTF-8")
        assert 'encoding = "cp1252" under [columns]' in problem
        assert "which is not ascii" in refusal(b"A,B\n1,0\n\xe9,1\n", encoding="ascii")

    @pytest.mark.parametrize("wrong", ["latn-1", "zip", "base64", "rot13", "", "a\0b", "punycode", "unicode_escape"])
    def test_an_encoding_that_is_none_is_named(self, wrong):
        assert "there is no encoding" in refusal(b"A,B\n1,0\n", encoding=wrong)

    def test_a_byte_order_mark_goes_before_what_is_named(self):
        sheet = sheet_of(b"\xef\xbb\xbfA,B\n1,0\n", encoding="latin-1")
        assert sheet.names == ["A", "B"]
        assert "encoding latin-1 was not used" in sheet.notes[0]

    def test_an_encoding_that_was_not_needed_is_said(self):
        assert "is valid UTF-8, too" in sheet_of("é,B\n1,0\n".encode(), encoding="latin-1").notes[0]

    def test_a_byte_order_mark_inside_is_left_out_with_a_note(self):
        sheet = sheet_of("A,B\n1,0\n\ufeff0,1\n".encode())
        assert cells(sheet) == [["A", "B"], ["1", "0"], ["0", "1"]]
        assert "byte order mark inside the text (line 3)" in sheet.notes[0]


class TestLines:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
    def test_every_end_of_a_line_is_one(self, end):
        sheet = sheet_of(text(end=end).encode())
        assert cells(sheet) == ROWS
        assert sheet.row_name(2) == "line 4"

    def test_the_end_of_a_file_in_dos_is_nothing(self):
        assert cells(sheet_of(text(end="\r\n").encode() + b"\x1a")) == ROWS

    def test_ends_of_lines_may_be_mixed(self):
        assert cells(sheet_of(b"A,B,count\r\n1,0,5\r0,1,3\n1,1,2")) == ROWS

    def test_a_field_may_be_longer_than_csv_allows(self):
        story = "word " * 50_000
        assert sheet_of(f'story,A,B\n"{story}",1,0\n'.encode()).columns[0][0] == story

    def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line(self):
        assert refusal(b'A,B\n1,"0\n0,1\n' * 1000).startswith("line 2: this is not CSV")

    def test_one_endless_line_and_too_many_lines_are_refused(self, monkeypatch):
        assert "line 1 has more than 16,777,216 characters" in refusal(b"1," * 2**24)
        assert "line 1 has 20,001 fields; the most that is read is 16,384 columns" in refusal(b"1," * 20_000)
        monkeypatch.setattr("estimation.capture.sheets.delimited.MOST_ROWS", 100)
        assert "there are 102 lines; the most that is read is 100" in refusal(b"A,B\n" + b"1,0\n" * 101)


class TestHeadings:
    def test_a_first_row_of_values_is_not_called_a_header(self):
        sheet = sheet_of(b"1,0\n0,1\n1,1\n")
        assert not sheet.header
        assert (sheet.first_row, sheet.first_row_name) == (("1", "0"), "line 1")
        assert not sheet_of(b"P1,1,0\nP2,0,1\n").header
        assert sheet_of(b"A,B\n0,1\n1,1\n").header

    def test_row_names_do_not_repeat(self):
        sheet = sheet_of(b"A,B\nx,1,0\ny,0,1\n")
        assert sheet.names == ["", "A", "B"]
        assert "row names" in sheet.notes[0]
        assert "a heading is lost" in refusal(b"A,B\n1,0,1\n0,1,1\n1,1,0\n")
        assert "a heading is lost" in refusal(b"A,B\n1,0,1\n0,1,1\n")

    def test_a_title_above_and_the_headings_again_below_are_left_out_with_a_note(self):
        sheet = sheet_of(b"Deaths in 2019\n\nA,B\n1,0\nA,B\n0,1\n")
        assert cells(sheet) == [["A", "B"], ["1", "0"], ["0", "1"]]
        assert sheet.notes == (
            "above the headings, line 1 was not read",
            "the headings stand again on line 5, which was left out",
        )

    def test_trailing_commas_are_nothing_even_where_some_rows_have_none(self):
        sheet = sheet_of(b"A,B\n1,0,\n0,1\n1,1,\n")
        assert cells(sheet) == [["A", "B"], ["1", "0"], ["0", "1"], ["1", "1"]]
        assert sheet.notes == ("a comma too many at the end of 2 rows was left out",)
