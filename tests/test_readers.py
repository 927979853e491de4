"""Reading a table: three forms without flags, and every mistake in a file said in words that help."""

import gzip
import re
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.errors import TableError, TableWarning

EXPECTED = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 3, "11": 2})


@pytest.fixture
def write(tmp_path):
    """Write text or bytes under a name and give back the path."""

    def written(content, name="deaths.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def problems(write):
    """The problems a file's error names."""

    def named(content, name="deaths.csv", **settings):
        path = write(content, name)
        with pytest.raises(TableError) as caught:
            read_table(path, **settings)
        assert caught.value.where == str(path)
        return caught.value.problems

    return named


class TestCountsPerHistory:
    @pytest.mark.parametrize(
        "heading", ["count", "Count", "counts", "n", "N", "freq", "Freq", "frequency", "FREQUENCIES"]
    )
    def test_a_column_of_counts_is_known_by_its_name(self, write, heading):
        assert read_table(write(f"A,B,{heading}\n1,0,5\n0,1,3\n1,1,2\n")) == EXPECTED

    def test_the_counts_may_stand_anywhere(self, write):
        assert read_table(write("count,A,B\n5,1,0\n3,0,1\n2,1,1\n")) == EXPECTED

    def test_counts_may_be_written_as_whole_decimals_or_in_scientific_form(self, write):
        table = read_table(write("A,B,count\n1,0,34.0\n0,1,1e+05\n1,1, 7 \n"))
        assert table.counts.tolist() == [34, 100_000, 7]

    @pytest.mark.parametrize("cell", ["0", "NA", ""])
    def test_the_cell_of_those_nobody_saw_is_left_out_and_that_is_noted(self, write, cell):
        with pytest.warns(TableWarning, match="line 2: the people on no list, without a number"):
            assert read_table(write(f"A,B,count\n0,0,{cell}\n1,0,5\n0,1,3\n1,1,2\n")) == EXPECTED

    def test_rows_with_a_count_of_zero_are_left_out(self, write):
        assert read_table(write("A,B,count\n1,0,5\n0,1,3\n1,1,0\n")).counts.tolist() == [5, 3]

    def test_a_list_named_n_that_is_0_or_1_is_a_list(self, write):
        table = read_table(write("n,A,count\n1,0,5\n0,1,3\n1,1,2\n"))
        assert table.lists == ("n", "A")

    def test_a_column_n_of_0_and_1_alone_is_taken_as_a_list_and_that_is_said(self, write):
        path = write("A,n\n1,0\n0,1\n1,1\n")
        with pytest.warns(TableWarning, match="'n' holds only 0 and 1 and was taken as a list; if it holds the counts"):
            table = read_table(path)
        assert table.lists == ("A", "n")
        assert table.n_observed == 3

    def test_counts_that_are_all_1_are_still_counts(self, write):
        assert read_table(write("A,B,count\n1,0,1\n0,1,1\n")).lists == ("A", "B")

    def test_the_counts_can_be_named(self, write):
        assert read_table(write("A,B,deaths\n1,0,5\n0,1,3\n1,1,2\n"), count="deaths") == EXPECTED

    def test_two_columns_that_could_be_the_counts_are_refused(self, problems):
        (problem,) = problems("A,B,count,freq\n1,0,5,50\n0,1,3,30\n")
        assert problem.startswith("'count' and 'freq' could both be the counts; say which:")
        assert "count='count': 8 people on 2 lists (A, B)" in problem
        assert "count='freq': 80 people on 2 lists (A, B)" in problem

    def test_repeated_histories_are_added_and_that_is_said(self, write):
        path = write("A,B,count\n1,0,2\n0,1,3\n1,0,3\n1,1,1\n1,1,1\n")
        message = r"2 rows repeat a history that stands above \(line 4, line 6\); the counts were added"
        with pytest.warns(TableWarning, match=message):
            assert read_table(path) == EXPECTED

    def test_the_warning_points_at_the_caller(self, write):
        path = write("A,B,count\n1,0,2\n1,0,3\n0,1,3\n1,1,2\n")
        with pytest.warns(TableWarning) as caught:
            read_table(path)
        assert caught[0].filename == __file__


class TestOneRowPerPerson:
    PEOPLE = "A,B\n" + "1,0\n" * 5 + "0,1\n" * 3 + "1,1\n" * 2

    def test_every_row_is_a_person_where_there_are_no_counts(self, write):
        assert read_table(write(self.PEOPLE)) == EXPECTED

    def test_columns_called_in_are_the_lists_and_all_others_are_ignored(self, write):
        text = 'id,name,in_A,died,in_B,name\n1,Ana,1,1999-04-01,0,x\n2,"Ng, Bo",0,,1,y\n3,,1,1999,1,z\n'
        table = read_table(write(text))
        assert table == CaptureTable.from_histories(["A", "B"], {"10": 1, "01": 1, "11": 1})

    def test_lists_can_be_named_with_or_without_their_mark(self, write):
        path = write("id,A,in_B,age\n7,1,0,33\n8,0,1,40\n9,1,1,2\n")
        expected = CaptureTable.from_histories(["B", "A"], {"10": 1, "01": 1, "11": 1})
        assert read_table(path, lists=["B", "A"]) == expected

    def test_repeated_people_are_no_reason_to_warn(self, write):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read_table(write(self.PEOPLE))

    def test_columns_that_are_no_lists_are_set_aside_and_that_is_noted(self, write):
        path = write("id,name,A,B\n7,Ana,1,0\n8,Bo,0,1\n9,Cy,1,1\n")
        with pytest.warns(TableWarning, match=r"no lists were set aside: name \(text\)"):
            assert read_table(path) == CaptureTable.from_histories(["A", "B"], {"10": 1, "01": 1, "11": 1})

    def test_a_column_n_beside_other_properties_of_a_person_is_asked_about(self, problems):
        (problem,) = problems("in_A,in_B,n,region\n1,0,12,x\n0,1,40,y\n")
        assert "'n' may be the number of people of each row" in problem
        assert "count='n': 52 people on 2 lists (A, B)" in problem
        assert "ignore=['n']: 2 people on 2 lists (A, B)" in problem

    def test_a_file_of_marked_lists_may_carry_counts(self, write):
        assert read_table(write("in_A,in_B,n\n1,0,5\n0,1,3\n1,1,2\n")) == EXPECTED

    def test_one_list_can_be_read(self, write):
        assert read_table(write("A\n1\n1\n")) == CaptureTable(["A"], [[1]], [2])


class TestTheRForm:
    def test_factors_quotes_and_row_names_are_understood(self, write):
        text = '"","A","B","Freq"\n"1","Yes","No",5\n"2","No","Yes",3\n"3","Yes","Yes",2\n"4","No","No",0\n'
        with pytest.warns(TableWarning, match="line 5: the people on no list, without a number"):
            assert read_table(write(text)) == EXPECTED

    @pytest.mark.parametrize(
        ("yes", "no"), [("TRUE", "FALSE"), ("true", "false"), ("yes", "no"), ("T", "F"), ("1.0", "0.0")]
    )
    def test_other_ways_to_say_yes_and_no(self, write, yes, no):
        rows = [(yes, no, 5), (no, yes, 3), (yes, yes, 2)]
        text = "A,B,Freq\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows)
        assert read_table(write(text)) == EXPECTED

    def test_row_names_without_a_heading_as_write_table_leaves_them(self, write):
        with pytest.warns(TableWarning, match="the first column has no heading and holds row names"):
            assert read_table(write('"A","B","Freq"\n"1",1,0,5\n"2",0,1,3\n"3",1,1,2\n')) == EXPECTED

    def test_people_without_counts(self, write):
        assert read_table(write('"","A","B"\n"1","Yes","No"\n"2","Yes","Yes"\n')).n_observed == 2


class TestOtherSpreadsheets:
    @pytest.mark.parametrize("separator", [";", "\t"])
    def test_semicolons_and_tabs_are_recognised(self, write, separator):
        text = "A,B,count\n1,0,5\n0,1,3\n1,1,2\n".replace(",", separator)
        assert read_table(write(text)) == EXPECTED

    def test_a_comma_in_a_name_does_not_hide_the_semicolons(self, write):
        assert read_table(write("A, first;B;count\n1;0;5\n0;1;3\n")).lists == ("A, first", "B")

    def test_a_byte_order_mark_and_windows_line_ends_are_understood(self, write):
        assert read_table(write(b"\xef\xbb\xbfA,B,count\r\n1,0,5\r\n0,1,3\r\n1,1,2\r\n")) == EXPECTED

    def test_empty_lines_empty_rows_and_empty_columns_at_the_end_are_nothing(self, write):
        assert read_table(write("\nA,B,count,,\n1,0,5,,\n\n0,1,3,,\n1,1,2,,\n,,,,\n")) == EXPECTED

    def test_a_comma_too_many_at_the_end_of_every_row_is_left_out(self, write):
        with pytest.warns(TableWarning, match="a comma too many at the end of 3 rows was left out"):
            assert read_table(write("A,B,count\n1,0,5,\n0,1,3,\n1,1,2,\n")) == EXPECTED

    def test_a_compressed_file_is_read(self, write):
        assert read_table(write(gzip.compress(b"A,B,count\n1,0,5\n0,1,3\n1,1,2\n"), "deaths.csv.gz")) == EXPECTED

    def test_names_in_any_script_are_kept(self, write):
        table = read_table(write("پزشکی قانونی,Defensoría,count\n1,0,5\n0,1,3\n"))
        assert table.lists == ("پزشکی قانونی", "Defensoría")

    def test_digits_in_another_script_are_digits(self, write):
        assert read_table(write("A,B,count\n۱,۰,۵\n۰,۱,۳\n۱,۱,۲\n")) == EXPECTED


class TestWhatIsWrongInTheCells:
    def test_all_problems_of_a_file_are_said_together_with_line_and_list(self, problems):
        assert problems("A,B,count\n1,2,5\n,1,3\n0,0,4\n1,1,-3\n1,0,2.5\n1,1,\n1,1,many\n0,1,7\n") == (
            "line 2, list B: '2' says neither that the person is on the list nor that they are not; look it up in the "
            "source, or set the column aside if it is no list: ignore=['B']",
            "line 5, column count: the count is -3; a count of persons cannot be negative",
            "line 6, column count: the count 2.5 is not a whole number; a count is a number of persons",
            "line 7, column count: the count is missing; give the number of persons, or remove the row",
            "line 8, column count: the count 'many' is not a number; write it in digits, without separators",
            "line 4: on no list, so nobody observed them; remove the row",
        )

    @pytest.mark.parametrize(
        ("cell", "words"),
        [
            ("1,131", "the count '1,131' is not a number; write it in digits, without separators"),
            ("1_000", "is not a number"),
            ("inf", "is not a whole number"),
            ("NA", "the count is missing"),
            ("9007199254740993", "the count 9007199254740993 is more persons than ever lived"),
            ("1e999999", "is more persons than ever lived"),
        ],
    )
    def test_counts_that_are_none(self, problems, cell, words):
        (problem,) = problems(f'A,B,count\n1,0,"{cell}"\n0,1,3\n')
        assert problem.startswith("line 2, column count:")
        assert words in problem

    def test_counts_that_only_together_are_too_many(self, problems):
        (problem,) = problems("A,B,count\n1,0,9007199254740992\n0,1,3\n")
        assert "add to more than 9,007,199,254,740,992" in problem

    @pytest.mark.parametrize(
        ("cell", "key"), [("", "blank"), *((na, "na") for na in ("NA", "NaN", "null", "None", "."))]
    )
    def test_a_cell_that_says_nothing_is_asked_about(self, problems, cell, key):
        (problem,) = problems(f"A,B\n1,{cell}\n0,1\n1,1\n")
        assert "of 3 rows: B 1 (first: line 2, list B)" in problem
        assert f"{key}=0: 3 people on 2 lists (A, B)" in problem
        assert "drop_lists=['B']: 2 people on 1 list (A)" in problem

    @pytest.mark.parametrize("cell", ["x", "11", "-1", "0.5", "sNaN", "1_", "²", "1" * 4_400, "1e308"])
    def test_a_cell_that_is_neither_is_named(self, problems, cell):
        (problem,) = problems(f"A,B\n1,{cell}\n0,1\n1,1\n")
        assert problem.startswith("line 2, list B: ")
        assert "neither that the person is on the list nor that they are not" in problem
        assert len(problem) < 250

    def test_a_column_that_is_blank_throughout_is_set_aside(self, write):
        with pytest.warns(TableWarning, match=r"C \(empty\)"):
            assert read_table(write("A,B,C\n1,0,\n0,1,\n1,1,\n")).lists == ("A", "B")

    def test_named_lists_are_taken_at_their_word(self, problems):
        found = problems("A,B\n1,x\n0,y\n1,1\n", lists=["A", "B"])
        assert found[0].startswith("line 2, list B: 'x' says neither")

    def test_a_row_on_none_of_the_chosen_lists_says_how_to_get_a_margin(self, problems, write):
        (problem,) = problems("A,B,C\n1,0,0\n0,1,0\n0,0,1\n", lists=["A", "B"])
        assert problem == (
            "line 4: on no list, so nobody observed them; if C is a list too, name all lists, and leave out what is "
            "not wanted with drop_lists=['C']"
        )
        with pytest.warns(TableWarning, match="1 person is only on C and left the table with it"):
            read = read_table(write("A,B,C\n1,0,0\n0,1,0\n0,0,1\n"), lists=["A", "B", "C"], drop_lists=["C"])
        assert read == CaptureTable.from_histories(["A", "B"], {"10": 1, "01": 1})

    def test_only_the_first_problems_of_a_kind_are_spelt_out(self, problems):
        found = problems("in_A,in_B\n" + "x,1\n" * 332 + "1,0\n")
        assert len(found) == 21
        assert found[0].startswith("line 2,")
        assert found[-1] == "and 312 more cells that say neither"

    def test_lines_are_those_an_editor_shows_even_after_a_line_break_in_a_cell(self, problems):
        found = problems('story,in_A,in_B\n"two\nlines",1,0\n\nnone,0,0\n')
        assert found == ("line 5: on no list, so nobody observed them; remove the row",)

    def test_rows_of_the_wrong_length_are_named(self, problems):
        assert problems("A,B,count\n1,0,5\n0,1\n1,1,2,9\n") == (
            "line 3: 2 fields where the header has 3; a comma is missing or too many",
            "line 4: 4 fields where the header has 3; a comma is missing or too many",
        )


class TestWhatIsWrongWithTheLists:
    def test_a_list_given_twice_is_refused_with_the_probability_of_chance(self, problems, write):
        text = "A,B,C\n" + "1,0,1\n" * 12 + "0,1,0\n" * 12 + "1,1,1\n" * 6
        (problem,) = problems(text)
        assert "lists A and C hold exactly the same 18 of 30 people" in problem
        assert "by chance with a probability of 1.2e-08" in problem  # 1 / C(30, 18)
        assert "drop_lists=['C']: 30 people on 2 lists (A, B)" in problem
        assert "allow_twins=True: 30 people on 3 lists (A, B, C)" in problem
        with pytest.warns(TableWarning, match="hold exactly the same 18 of 30 people"):
            assert read_table(write(text), allow_twins=True).n_observed == 30

    def test_no_number_of_people_is_too_many_to_say_how_unlikely_it_is(self, problems):
        (problem,) = problems("A,B,C,count\n1,1,0,146\n0,0,1,7032\n1,1,1,5\n")
        assert "the same 151 of 7,183 people" in problem
        assert "a probability below 1e-50" in problem

    def test_two_small_lists_may_hold_the_same_people(self, write):
        with pytest.warns(
            TableWarning, match="same 2 of 3 people; two independent lists .* with a probability of 0.33"
        ):
            assert read_table(write("A,B,C\n1,0,1\n0,1,0\n1,1,1\n")).lists == ("A", "B", "C")

    def test_a_list_nobody_is_on_leaves_and_that_is_noted(self, write):
        path = write("A,B,C\n1,0,0\n0,1,0\n1,1,0\n")
        with pytest.warns(TableWarning, match="nobody is on C, which was left out"):
            assert read_table(path).list_sizes.tolist() == [2, 2]

    def test_two_lists_nobody_is_on_are_not_called_the_same(self, write):
        path = write("A,B,C,D\n1,0,0,0\n0,1,0,0\n")
        with pytest.warns(TableWarning, match="nobody is on C, D, which were left out"):
            read_table(path)

    def test_a_repeated_name_is_said_with_everything_else(self, problems):
        found = problems("A,A,B\n1,0,1\n0,x,0\n1,1,1\n")
        assert found[0] == "the list name 'A' is used 2 times; give each list its own name"
        assert found[1].startswith("line 3, list A: 'x' says neither")

    def test_a_list_without_a_name_is_refused_with_the_headings(self, problems):
        (problem,) = problems("A,,B\n1,0,1\n0,1,0\n")
        assert "column 2 has no heading" in problem
        assert "'A,,B'" in problem

    def test_65_lists_are_refused(self, problems):
        rows = "".join(",".join("1" if i == j else "0" for j in range(65)) + "\n" for i in range(65))
        (problem,) = problems(",".join(f"L{j}" for j in range(65)) + "\n" + rows)
        assert "there are 65 lists; the most a table holds is 64" in problem

    def test_64_lists_are_read(self, write):
        rows = "".join(",".join("1" if i == j else "0" for j in range(64)) + "\n" for i in range(64))
        assert read_table(write(",".join(f"L{j}" for j in range(64)) + "\n" + rows)).n_observed == 64

    def test_counts_without_lists_are_no_table(self, problems):
        (problem,) = problems("count\n5\n3\n")
        assert problem.startswith("there is no list: 'count' holds whole numbers; a list is a column with 0 and 1")

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"lists": ["A", "press"]}, "no column 'press' to take as a list; there are A, B, deaths"),
            ({"count": "death"}, "there is no column 'death' to take as the counts; did you mean 'deaths'?"),
            ({"lists": ["A", "deaths"], "count": "deaths"}, "'deaths' is named both as a list and as the counts"),
        ],
    )
    def test_a_wrong_name_in_the_call_is_said(self, problems, settings, words):
        (problem,) = problems("A,B,deaths\n1,0,5\n0,1,3\n", **settings)
        assert words in problem

    def test_a_name_in_the_call_that_two_columns_have_is_said(self, problems):
        (problem,) = problems("A,A,B\n1,0,5\n0,1,3\n", lists=["A", "B"])
        assert problem == "the column name 'A' is used more than once; give each column its own name"


class TestWhatIsWrongWithTheFile:
    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"", "deaths.csv", "the file is empty"),
            (b"\n\n", "deaths.csv", "the file is empty"),
            (b"A,B,count\n", "deaths.csv", "there is a header and no row below it; nobody was observed"),
            (b"A,B,count\n1,0,0\n0,1,0\n", "deaths.csv", "every count is 0; nobody was observed"),
            ("A,B\n1,0\n".encode("utf-16-le"), "deaths.csv", "looks like UTF-16 without a byte order mark"),
            (b"A,B\n1,\x00\n", "deaths.csv", r"byte 6 \(line 2\) is zero: this is not a text file"),
            (
                b"A,B\n1,0\n\xe9,1\n",
                "deaths.csv",
                r"byte 8 \(line 3\) is 0xe9, which is not UTF-8; save the file as UTF-8",
            ),
            (b"\xef\xbb\xbfA,\xe9\n", "deaths.csv", r"byte 5 \(line 1\) is 0xe9"),
            (b'A,B\n1,"0\n0,1\n', "deaths.csv", r"line 2: this is not CSV .* quotation mark that is not closed"),
            (b"A,B\n1,0\n", "deaths.csv.gz", "this is not a whole gzip file"),
            (gzip.compress(b"A,B\n1,0\n", mtime=0)[:-4], "deaths.csv.gz", "this is not a whole gzip file"),
            (b"A,B\n1,0\n", "deaths.parquet", "this is not a whole Parquet file"),
        ],
    )
    def test_it_is_said_with_what_to_do(self, write, content, name, words):
        path = write(content, name)
        with pytest.raises(TableError, match=words):
            read_table(path)

    def test_a_missing_file_and_a_folder_are_told_apart(self, tmp_path):
        with pytest.raises(TableError, match="there is no such file; check the path"):
            read_table(tmp_path / "no.csv")
        with pytest.raises(TableError, match="this is a folder, not a file"):
            read_table(tmp_path)


class TestFrames:
    def test_a_frame_of_numbers_bools_or_categories_is_read(self):
        counts = [5, 3, 2]
        numbers = pd.DataFrame({"A": [1, 0, 1], "B": [0, 1, 1], "count": counts})
        assert CaptureTable.from_frame(numbers) == EXPECTED
        assert CaptureTable.from_frame(numbers.astype({"A": bool, "B": float})) == EXPECTED
        words = numbers.replace({"A": {0: "No", 1: "Yes"}}).astype({"A": "category", "B": "category"})
        assert CaptureTable.from_frame(words) == EXPECTED
        assert CaptureTable.from_frame(numbers.astype("Int64")) == EXPECTED

    def test_rows_of_a_frame_are_numbered_by_iloc_whatever_its_index(self):
        frame = pd.DataFrame({"in_A": [1, np.nan], "in_B": [1, 0], "id": [[1], {}]}, index=[70, 71])
        with pytest.raises(TableError, match=r"of 2 rows: A 1 \(first: row 1 \(by iloc\), list A\)"):
            CaptureTable.from_frame(frame)

    def test_missing_values_of_every_kind_are_blank(self):
        frame = pd.DataFrame({"in_A": pd.array([1, pd.NA, 0], dtype="Int64"), "in_B": [None, True, pd.NaT]})
        with pytest.raises(TableError, match=r"of 3 rows: A 1, B 2 \(first: row 0 \(by iloc\), list B"):
            CaptureTable.from_frame(frame)

    def test_lists_and_counts_can_be_named(self):
        frame = pd.DataFrame({"A": [1, 0, 1], "x": ["p", "q", "r"], "B": [0, 1, 1], "w": [Decimal(5), 3, np.int64(2)]})
        assert CaptureTable.from_frame(frame, lists=["A", "B"], count="w") == EXPECTED

    def test_columns_that_are_numbers_get_names(self):
        frame = pd.DataFrame(np.array([[1, 0], [0, 1]]))
        assert CaptureTable.from_frame(frame).lists == ("0", "1")

    def test_a_frame_without_rows_or_columns_is_refused(self):
        with pytest.raises(TableError, match="no row below it"):
            CaptureTable.from_frame(pd.DataFrame())

    def test_the_warning_points_at_the_caller(self):
        frame = pd.DataFrame({"A": [1, 1], "B": [0, 1], "C": [0, 0]})
        with pytest.warns(TableWarning, match="nobody is on C") as caught:
            CaptureTable.from_frame(frame)
        assert caught[0].filename == __file__


class TestParquet:
    def test_a_parquet_file_is_read_by_the_same_rules(self, tmp_path):
        frame = pd.DataFrame({"id": ["x", "y"], "in_A": [True, False], "in_B": [True, True]}, index=[4, 9])
        frame.to_parquet(tmp_path / "people.parquet")
        expected = CaptureTable.from_histories(["A", "B"], {"11": 1, "01": 1})
        assert read_table(tmp_path / "people.parquet") == expected

    def test_its_rows_are_numbered_from_1(self, tmp_path):
        pd.DataFrame({"A": [1, 0], "B": [1, 0]}).to_parquet(tmp_path / "people.parquet")
        with pytest.raises(TableError, match="row 2: on no list"):
            read_table(tmp_path / "people.parquet")

    def test_r_factors_survive_as_categories(self, tmp_path):
        frame = pd.DataFrame({"A": ["Yes", "No", "Yes"], "B": ["No", "Yes", "Yes"], "Freq": [5.0, 3.0, 2.0]})
        frame.astype({"A": "category"}).to_parquet(tmp_path / "r.parquet")
        assert read_table(tmp_path / "r.parquet") == EXPECTED


def test_a_path_may_be_text(write):
    assert read_table(str(write("A,B,count\n1,0,5\n0,1,3\n1,1,2\n"))) == EXPECTED


def test_a_table_written_is_the_table_read(write, tmp_path):
    for names in (["A", "B"], ["count", "n"], ["in_A", "Freq"], ["in_", "in_in_"], ['a "b", c', "d;e"]):
        table = CaptureTable(names, EXPECTED.patterns, EXPECTED.counts)
        assert read_table(table.to_csv(tmp_path / "again.csv", force=True)) == table


def test_messages_are_sentences_without_repr_noise(problems):
    for problem in problems("A,B,count\n1,2,5\n0,0,-1\n"):
        assert not re.search(r"np\.|dtype|Error|<class", problem)
