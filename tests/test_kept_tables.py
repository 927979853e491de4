"""Tables as people keep them: each is read with its right number, or asked about with what each reading counts.

The cases in ``../shared/cases`` are made from shapes of public files; further members of each kind are written here.
"""

import warnings
from pathlib import Path

import pandas as pd
import pytest

from estimation.capture.declared import Declared
from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.readers import read_table, read_table_file
from estimation.capture.table import CaptureTable
from estimation.errors import TableError
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.sample_coverage import SampleCoverage
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.registry import default_models, why_not_by_model
from estimation.results.estimates import NotEstimable

CASES = Path(__file__).parents[2] / "shared" / "cases"
LISTS = ["court", "press", "families"]
HISTORIES = ["100", "010", "001", "110", "101", "011", "111"]
NUMBERS = [54, 30, 22, 12, 7, 5, 3]
TABLE = CaptureTable.from_histories(LISTS, dict(zip(HISTORIES, NUMBERS, strict=True)))
PEOPLE = [history for history, n in zip(HISTORIES, NUMBERS, strict=True) for _ in range(n)]


def counts(count="count", *, yes="1", no="0", numbers=NUMBERS, lists=LISTS, more=()):
    """Counts per history as CSV text."""
    rows = [[*(yes if on == "1" else no for on in h), n] for h, n in zip(HISTORIES, numbers, strict=True)]
    return "".join(",".join(map(str, row)) + "\n" for row in [[*lists, count], *rows, *more])


def persons(*more, lists=LISTS, people=PEOPLE):
    """One row per person as CSV text; ``more`` are headings with a function of row number and history."""
    rows = [[*h, *(value(i, h) for _, value in more)] for i, h in enumerate(people)]
    return "".join(",".join(map(str, row)) + "\n" for row in [[*lists, *(name for name, _ in more)], *rows])


def read(text, **declared):
    """What a text is read as, and the notes on it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = read_table_file(text.encode(), Declared(**declared), name="table.csv", door="command line")
    return found.table, " ".join(found.notes)


def question(text, **declared):
    """What is asked about a text."""
    with pytest.raises(TableError) as caught:
        read(text, **declared)
    (problem,) = caught.value.problems
    return problem


READ = {
    "brighton_female_15_29": (106, 4, "'female_15_29' was taken as the number of people"),
    "brighton_plus_one": (856, 5, ""),
    "nsources_n": (133, 3, "'n' equals the number of lists that each row is on"),
    "twins_min": (83, 4, "hold exactly the same 1 of 83 people"),
    "hist_string": (1896, 4, "capture histories of 4 lists"),
    "care_wide": (271, 3, "the headings are capture histories"),
    "conting": (621, 3, "line 2: the people on no list, without a number"),
    "long_person_source": (10, 3, "each row is a person ('person_id') and a list ('source')"),
    "nbcap": (1880, 0, "is the number of captures"),
    "persian_yesno": (7, 3, ""),
    "pipe": (133, 3, ""),
    "excel_sep_line": (133, 3, ""),
    "total_row": (133, 3, "line 9 is a row of totals and was left out"),
    "independent_exact_1000": (657, 3, ""),
    "hostile/p_count": (223, 3, "it is no count"),
    "hostile/markup_name": (217, 3, ""),
}
ASKED = {
    "small_y": ("--count y: 5 people on 3 lists", "--lists S1,S2,S3,y: 7 people on 4 lists"),
    "covariate": ("--ignore female: 13 people on 3 lists", "13 people on 4 lists"),
    "partly_in": ("--lists court,press,families: 8 people on 3 lists", "--ignore families: 8 people on 2 lists"),
    "repeated_id": ("line 2 and line 3", "--merge-repeated: 9 people on 3 lists", "--ignore person_id: 13 people"),
}
REFUSED = {
    "headerless_person2": "line 1 is '1,0'",
    "hostile/nohead2": "line 1 is '1,0'",
    "hostile/firstlost": "the headings are ',B,C': a heading is lost",
    "hostile/rshift": "every row has 3 fields and the header 2 (A, B)",
}


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside this checkout")
class TestPublicCases:
    @pytest.mark.parametrize("name", READ)
    def test_it_is_read_with_the_right_number(self, name, mse):
        people, lists, note = READ[name]
        status, out, err = mse("inspect", CASES / f"{name}.csv")
        assert status == 0
        assert out.startswith(
            f"{people:,} people observed" + (f" on {lists} lists: " if lists else ", by their number")
        )
        assert note in " ".join(err.split())

    @pytest.mark.parametrize("name", ASKED)
    def test_it_is_asked_about_with_what_each_reading_counts(self, name, mse):
        status, out, err = mse("inspect", CASES / f"{name}.csv")
        assert (status, out) == (2, "")
        assert all(words in err for words in ASKED[name]), err

    @pytest.mark.parametrize("name", REFUSED)
    def test_it_is_refused_with_its_first_line(self, name, mse):
        status, out, err = mse("estimate", CASES / f"{name}.csv")
        assert (status, out) == (2, "")
        assert REFUSED[name] in err

    def test_the_best_log_linear_model_of_a_table_under_another_heading(self):
        with pytest.warns(UserWarning, match="female_15_29"):
            table = read_table(CASES / "brighton_female_15_29.csv")
        found = LogLinear("[treat][arrest][exchange][survey]").fit(table, rng=1)
        assert [round(end) for end in (found.mean, found.interval().lower, found.interval().upper)] == [314, 209, 522]

    def test_sample_coverage_goes_without_a_list_that_resamples_leave_empty(self):
        found = SampleCoverage().fit(read_table(CASES / "brighton_plus_one.csv"), rng=1)
        assert round(found.mean) == 1634
        assert found.notes[0].startswith("Estimated without tiny (1)")
        assert found.provenance.data_sha256 == read_table(CASES / "brighton_plus_one.csv").sha256


class TestCounts:
    @pytest.mark.parametrize("heading", ["deaths", "muertes", "کشته‌شدگان", "female_15_29", "count", "Anzahl"])
    def test_counts_are_known_under_any_heading(self, heading):
        assert read(counts(heading))[0] == TABLE

    @pytest.mark.parametrize("heading", ["y", "w", "n", "x"])
    def test_counts_that_are_all_0_or_1_are_asked_about(self, heading):
        asked = question(counts(heading, numbers=[1, 0, 1, 1, 0, 1, 0]))
        assert f"--count {heading}: 4 people on 3 lists" in asked
        assert f"--lists court,press,families,{heading}: 7 people on 4 lists" in asked

    def test_a_name_that_says_count_is_believed_of_0_and_1(self):
        assert read(counts("Freq", numbers=[1, 0, 1, 1, 0, 1, 0]))[0].n_observed == 4

    @pytest.mark.parametrize("heading", ["n", "count", "freq", "total", "nsources", "عدد"])
    def test_the_number_of_lists_of_a_person_is_no_count(self, heading):
        table, notes = read(persons((heading, lambda i, h: h.count("1"))))
        assert table == TABLE
        assert "equals the number of lists that each row is on" in notes

    @pytest.mark.parametrize("heading", ["count", "n", "freq"])
    def test_a_count_of_1_a_person_counts_them_once(self, heading):
        assert read(persons((heading, lambda i, h: 1)))[0] == TABLE

    def test_numbers_of_persons_that_are_no_counts_are_set_aside(self):
        more = [("age", lambda i, h: 20 + i % 50), ("year", lambda i, h: 1999), ("siblings", lambda i, h: i % 4)]
        table, notes = read(persons(*more))
        assert table == TABLE
        assert "age, year, siblings (numbers)" in notes

    def test_counts_of_two_kinds_of_people_are_asked_about(self):
        rows = "".join(f"{h},{n},{n + 2}\n" for h, n in zip(HISTORIES, NUMBERS, strict=True))
        asked = question("history,male,female\n" + rows)
        assert "--count male: 133 people" in asked
        assert "--count female: 147 people" in asked

    def test_counts_a_place_are_added(self):
        text = counts().replace("court", "place,court").replace("\n", "\nx,")[: -len("x,")]
        again = text.split("\n", 1)[1].replace("x,", "z,")
        table, notes = read(text + again)
        assert table.n_observed == 266
        assert "set aside: place (text)" in notes

    @pytest.mark.parametrize("cell", ["²", "1_000", "1e308", "9" * 4300, "۱۲٬۰۰۰"])
    def test_a_number_that_is_none_is_named_with_its_line(self, cell):
        with pytest.raises(TableError, match=r"line 2, column count: the count"):
            read(counts(numbers=[cell, *NUMBERS[1:]]))

    def test_digits_of_other_scripts_are_digits(self):
        persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
        assert read(counts().translate(persian))[0] == TABLE


class TestColumnsThatAreNoLists:
    @pytest.mark.parametrize("heading", ["female", "male", "child", "civilian", "is_adult", "urban", "زن", "mujer"])
    def test_0_and_1_about_a_person_is_asked_about(self, heading):
        asked = question(persons((heading, lambda i, h: i % 2)))
        assert "133 people on 3 lists (court, press, families)" in asked
        assert "133 people on 4 lists" in asked

    def test_the_answers_can_be_given(self):
        text = persons(("female", lambda i, h: i % 2))
        assert read(text, ignore=("female",))[0] == TABLE
        assert read(text, lists=tuple(LISTS))[0] == TABLE
        assert read(text, lists=(*LISTS, "female"))[0].lists == (*LISTS, "female")

    def test_texts_are_set_aside_and_that_is_noted(self):
        table, notes = read(
            persons(("place", lambda i, h: ["Peć", "Gjakova"][i % 2]), ("sex", lambda i, h: "MF"[i % 2]))
        )
        assert table == TABLE
        assert "place, sex (text)" in notes

    def test_a_list_whose_mark_was_forgotten_is_asked_about(self):
        text = persons(lists=["in_court", "in_press", "families"])
        assert "--lists court,press,families: 133 people on 3 lists" in question(text)
        assert read(text, lists=tuple(LISTS))[0] == TABLE

    def test_a_property_beside_marked_lists_is_none(self):
        text = persons(("female", lambda i, h: i % 2), lists=[f"in_{name}" for name in LISTS])
        assert read(text)[0] == TABLE


class TestRows:
    def test_one_identifier_on_two_rows_is_asked_about_and_merged_when_declared(self):
        text = "victim,A,B\n" + "".join(f"V{i},1,0\n" for i in range(9)) + "V0,0,1\nV1,0,1\nW,0,1\n"
        asked = question(text)
        assert "line 2 and line 11" in asked
        assert "--merge-repeated: 10 people on 2 lists" in asked
        assert "V0" not in asked
        assert read(text, merge_repeated=True)[0] == CaptureTable.from_histories(
            ["A", "B"], {"10": 7, "01": 1, "11": 2}
        )
        assert read(text, ignore=("victim",))[0].n_observed == 12

    @pytest.mark.parametrize("heading", ["replicate", "rep", ".imp", "bootstrap"])
    def test_several_tables_in_a_file_are_never_one(self, heading):
        head, *rows = counts().splitlines()
        text = "\n".join([f"{heading},{head}", *(f"{k},{row}" for k in (1, 2) for row in rows)]) + "\n"
        assert "--replicate 2: 133 people on 3 lists" in question(text)
        assert read(text, replicate="2")[0] == TABLE

    @pytest.mark.parametrize("total", [["", "", "", 133], ["Total", "", "", 133], ["جمع", "", "", 133]])
    def test_a_row_of_totals_is_left_out(self, total):
        table, notes = read(counts(more=[total]))
        assert table == TABLE
        assert "line 9 is a row of totals and was left out" in notes

    def test_a_last_row_with_a_history_whose_count_is_the_sum_is_noted(self):
        table, notes = read(counts(more=[[1, 1, 1, 133]]))
        assert table.n_observed == 266
        assert "line 9: its count is the sum of all counts above; if it is a row of totals, remove it" in notes
        assert "sum of all counts" not in read(counts())[1]

    def test_a_row_of_totals_of_persons_is_left_out(self):
        text = persons(("who", lambda i, h: f"P{i}")) + "76,50,37,Total\n"
        assert read(text)[0] == TABLE

    @pytest.mark.parametrize("row", [["", "", "", 140], [0, 0, 0, 133], [0, 0, 0, 9]])
    def test_a_row_of_nobody_with_a_number_is_refused(self, row):
        with pytest.raises(TableError, match="line 9"):
            read(counts(more=[row]))

    @pytest.mark.parametrize("cell", ["", "NA", "0"])
    def test_the_cell_of_those_nobody_saw_is_left_out(self, cell):
        assert read(counts(more=[[0, 0, 0, cell]]))[0] == TABLE


class TestCellsThatSayNothing:
    TEXT = "A,B,C\n" + "1,NA,0\n" * 6 + "0,1,1\n" * 3 + "0,NA,1\n1,0,0\n"

    def test_na_is_counted_a_list_and_asked_about(self):
        asked = question(self.TEXT)
        assert "N/A or not known, of 11 rows: B 7" in asked
        assert "for most people there is nothing on B, which may never have covered them" in asked
        assert "--na 0: 11 people on 3 lists" in asked
        assert "--drop-lists B: 11 people on 2 lists (A, C)" in asked

    @pytest.mark.parametrize("word", ["N/A", "unknown", "desconocido", "نامعلوم", "?"])
    def test_words_for_not_known_are_no_0(self, word):
        assert "--na 0: 11 people on 3 lists" in question(self.TEXT.replace("NA", word))

    def test_people_who_are_then_on_no_list_leave_with_a_note(self):
        table, notes = read(self.TEXT + "0,NA,0\n", na=0)
        assert table.n_observed == 11
        assert "1 person is then on no list" in notes

    def test_empty_cells_are_asked_about_and_declared(self):
        text = self.TEXT.replace("NA", "")
        assert "--blank 0: 11 people on 3 lists" in question(text)
        assert read(text, blank=0)[0].n_observed == 11


WORDS = [
    *[("x", ""), ("✓", ""), ("1", ""), ("X", "-"), ("✓", "✗"), ("✔️", "x"), ("obs", "un"), ("TRUE", "FALSE")],
    *[("yes", "no"), ("Y", "N"), ("oui", "non"), ("O", "N"), ("sí", "no"), ("ja", "nein"), ("да", "нет")],
    *[("بله", "خیر"), ("آری", "نه"), ("نعم", "لا"), ("present", "absent"), ("listed", "not listed")],
    *[("documented", "undocumented"), ("+", "-"), ("1.0", "0.0"), ("۱", "۰"), ("١", "٠")],
]


class TestWords:
    @pytest.mark.parametrize(("yes", "no"), WORDS)
    def test_two_words_for_on_the_list_and_not(self, yes, no):
        assert read(counts(yes=yes, no=no))[0] == TABLE

    @pytest.mark.parametrize(("yes", "no"), [("1", "2"), ("A", "B"), ("vu", "pas")])
    def test_other_words_are_asked_about(self, yes, no):
        assert f"--yes {yes}: 133 people on 3 lists" in question(counts(yes=yes, no=no))
        assert read(counts(yes=yes, no=no), yes=yes)[0] == TABLE

    def test_a_cross_alone_may_be_a_mark_or_a_no(self):
        assert '--yes "✗": 133 people on 3 lists' in question(counts(yes="✗", no=""))


class TestLists:
    def test_twin_lists_are_refused_where_chance_is_out(self):
        asked = question(persons(("copy", lambda i, h: h[1])))
        assert "lists press and copy hold exactly the same 50 of 133 people" in asked
        assert "--allow-twins: 133 people on 4 lists" in asked

    def test_empty_lists_leave_with_a_note(self):
        table, notes = read(persons(("ngo", lambda i, h: 0)))
        assert table == TABLE
        assert "nobody is on ngo, which was left out" in notes


class TestHistories:
    @pytest.mark.parametrize("heads", ["ch,freq", "history,n", "x,y", "capture_history,people"])
    @pytest.mark.parametrize("form", [str, lambda h: f"'{h}", "-".join, " ".join])
    def test_a_history_a_row_with_counts(self, heads, form):
        rows = "".join(f"{form(h)},{n}\n" for h, n in zip(HISTORIES, NUMBERS, strict=True))
        assert read(f"{heads}\n{rows}", lists=tuple(LISTS))[0] == TABLE

    def test_a_history_a_person(self):
        text = "id,ch\n" + "".join(f"{i},{h}\n" for i, h in enumerate(PEOPLE))
        assert read(text)[0].n_observed == 133

    def test_lost_leading_zeros_are_refused(self):
        rows = "".join(f"{int(h)},{n}\n" for h, n in zip(HISTORIES, NUMBERS, strict=True))
        with pytest.raises(TableError, match="leading zeros are lost"):
            read(f"ch,freq\n{rows}")
        with pytest.raises(TableError, match="leading zeros are lost"):
            CaptureTable.from_frame(pd.DataFrame({"ch": [int(h) for h in HISTORIES], "freq": NUMBERS}))

    @pytest.mark.parametrize("mark", ["", "X", "n"])
    def test_histories_as_headings(self, mark):
        text = ",".join(mark + h for h in HISTORIES) + "\n" + ",".join(map(str, NUMBERS)) + "\n"
        assert read(text, lists=tuple(LISTS))[0] == TABLE

    def test_several_rows_below_histories_are_several_tables(self):
        row = ",".join(map(str, NUMBERS)) + "\n"
        with pytest.raises(TableError, match="each row is a table of its own"):
            read(",".join(HISTORIES) + "\n" + row + row)


PAIRS = [(f"P{i}", LISTS[j]) for i, h in enumerate(PEOPLE) for j in range(3) if h[j] == "1"]


class TestPersonAndSource:
    @pytest.mark.parametrize("heads", ["person_id,source", "id,list", "victim,archive", "person,dataset", "id,seen_by"])
    def test_a_row_a_person_and_source(self, heads):
        assert read(heads + "\n" + "".join(f"{p},{s}\n" for p, s in PAIRS))[0] == TABLE

    def test_duplicates_count_once(self):
        table, notes = read("person,source\n" + "".join(f"{p},{s}\n" for p, s in PAIRS + PAIRS[:5]))
        assert table == TABLE
        assert "5 rows repeat a person on the same list" in notes

    def test_a_row_a_person_and_list_with_0_and_1(self):
        rows = "".join(f"P{i},{LISTS[j]},{h[j]}\n" for i, h in enumerate(PEOPLE) for j in range(3))
        assert read("id,list,value\n" + rows)[0] == TABLE

    def test_two_columns_of_names_are_asked_about(self):
        pairs = PAIRS[:40] + PAIRS[-12:]
        asked = question("name,paper\n" + "".join(f"{p},{s}\n" for p, s in pairs))
        assert "--id name and --source paper" in asked

    def test_without_a_header_it_is_refused(self):
        with pytest.raises(TableError, match="not like headings"):
            read("".join(f"{p},{s}\n" for p, s in PAIRS))

    def test_persons_as_columns_are_named(self):
        rows = "".join(f"{name}," + ",".join(h[j] for h in PEOPLE[:30]) + "\n" for j, name in enumerate(LISTS))
        with pytest.raises(TableError, match="each row is a list and each column a person"):
            read("source," + ",".join(f"P{i}" for i in range(30)) + "\n" + rows)


class TestNumbersOfCaptures:
    @pytest.mark.parametrize(
        "text",
        [
            "nbcap,freq\n1,1645\n2,183\n3,52\n",
            "k,f\n1,1645\n2,183\n3,52\n",
            "freq,captures\n1645,1\n183,2\n52,3\n",
            "captures,n\n0,NA\n1,1645\n2,183\n3,52\n",
        ],
    )
    def test_they_are_read(self, text):
        assert read(text)[0] == CaptureFrequencies([1645, 183, 52])

    def test_the_bound_is_that_of_the_histories(self):
        found = ChaoLowerBound().fit(CaptureFrequencies(TABLE.frequencies.tolist()), rng=1)
        few = ChaoLowerBound().fit(TABLE, rng=1).mean - TABLE.n_observed
        assert (found.mean - TABLE.n_observed) * 2 / 3 == pytest.approx(few)  # three lists, and captures without limit

    def test_other_models_say_what_they_lack(self):
        table = CaptureFrequencies([1645, 183, 52])
        assert list(default_models(table)) == ["Lower bound, Chao"]
        reasons = why_not_by_model(table)
        assert reasons.pop("chao") is None
        assert all("not by which lists" in reason for reason in reasons.values())
        assert isinstance(SampleCoverage().fit(table, rng=1), NotEstimable)

    def test_what_needs_lists_refuses_them(self, tmp_path, mse):
        (tmp_path / "k.csv").write_text("nbcap,freq\n1,1645\n2,183\n3,52\n")
        for command in (["sensitivity", "pairs"], ["new"]):
            status, _, err = mse(*command, tmp_path / "k.csv")
            assert status == 2
            assert "not by which lists" in err


class TestDoors:
    def test_each_door_names_its_own_options(self):
        text = persons(("female", lambda i, h: i % 2)).encode()
        with pytest.raises(TableError, match=r"\n     ignore=\['female'\]: 133 people"):
            read_table(text, name="t.csv")
        with pytest.raises(TableError, match=r'ignore = \["female"\] under \[columns\]: 133 people'):
            read_table_file(text, name="t.csv", door="study")

    def test_a_declared_column_that_is_not_there_is_named_with_the_nearest(self, tmp_path, mse):
        (tmp_path / "t.csv").write_text(counts())
        for flag in ("--lists", "--count", "--id", "--ignore", "--history", "--source"):
            status, _, err = mse("inspect", tmp_path / "t.csv", flag, "courts")
            assert status == 2
            assert "no column 'courts'" in err
            assert "did you mean 'court'?" in err

    def test_declared_on_the_command_line(self, tmp_path, mse):
        (tmp_path / "t.csv").write_text(persons(("female", lambda i, h: i % 2)))
        status, out, _ = mse("estimate", tmp_path / "t.csv", "--ignore", "female", "--model", "chao")
        assert status == 0
        assert out.startswith("133 people observed on 3 lists: court, press, families\n")
