"""Which characters may stand in a text that people give, and how it is shown so that nothing else is read."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import write_study

from estimation.capture.disclosure import merge_small_cells
from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.claims import read_claims
from estimation.errors import ClaimsError, StudyError, TableError, TableWarning
from estimation.models.classical.chao import ChaoLowerBound
from estimation.sensitivity.merge_two_lists import merge_two_lists
from estimation.sensitivity.table import csv_bytes, rows_of
from estimation.study.study_file import read_study
from estimation.text.characters import name_faults, prose_faults
from estimation.text.direction import direction_of, isolated, pieces
from estimation.text.spreadsheet import begins_formula, csv_of, original_cell, safe_cell
from estimation.text.twins import same_but_for_case, same_to_the_eye

CASES = Path(__file__).parents[2] / "shared" / "cases" / "hostile"
PERSIAN = ["دادگاه", "روزنامه", "خانواده‌ها", "بیمارستان ۲", "گزارش (تهران)"]


def in_cases(name):
    path = CASES / name
    if not path.exists():
        pytest.skip(f"the public cases are not beside this checkout: {path}")
    return path


@pytest.mark.parametrize(
    "name", [*PERSIAN, "Police", "l'État", "ВКК", "名簿", "क्‍ष", "👩‍👧 family", "❤️", "a b", "[red]", "=A"]
)
def test_a_name_that_people_write_may_stand(name):
    assert name_faults(name) == prose_faults(name) == []


@pytest.mark.parametrize(
    ("letter", "called"),
    [
        ("\x1b", "ESCAPE (U+001B)"),
        ("\x02", "control character U+0002"),
        ("\x9b", "control character U+009B"),
        ("\n", "LINE FEED (U+000A)"),
        ("\ud800", "half a character U+D800"),
        ("\u2028", "LINE SEPARATOR (U+2028)"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE (U+2066)"),
        ("\u200f", "RIGHT-TO-LEFT MARK (U+200F)"),
        ("\u061c", "ARABIC LETTER MARK (U+061C)"),
        ("\u200b", "ZERO WIDTH SPACE (U+200B)"),
        ("\u200c", "ZERO WIDTH NON-JOINER (U+200C)"),
        ("\u2060", "WORD JOINER (U+2060)"),
        ("\u00ad", "SOFT HYPHEN (U+00AD)"),
        ("\u3164", "HANGUL FILLER (U+3164)"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE (U+FEFF)"),
        ("\ufe0f", "VARIATION SELECTOR-16 (U+FE0F)"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A (U+E0041)"),
        ("\U000e00a7", "unassigned character U+E00A7"),
        ("\ufff4", "unassigned character U+FFF4"),
        ("\uffff", "unassigned character U+FFFF"),
    ],
)
def test_a_character_that_cannot_be_seen_is_named_and_refused_in_a_list(letter, called):
    assert name_faults(f"po{letter}lice") == [f"has {called} as letter 3; remove it"]
    with pytest.raises(TableError, match=r"(?s)list name 'po.*lice' has .* as letter 3"):
        CaptureTable([f"po{letter}lice", "press"], [[1, 0]], [1])


def test_prose_may_have_lines_and_marks_but_nothing_that_reorders_or_hides():
    stays = "two\nlines\twith \u200e marks, \u2068isolates\u2069, a\u2028separator and soft\u00adhyphens"
    assert prose_faults(stays) == []
    for letter in "\x00\x1b\x9d\u202a\u202e\u2067\u2069\ufeff\U000e0041\ufffe":
        assert len(prose_faults(f"said {letter} so")) == 1, ascii(letter)


def test_too_many_letters_are_refused_with_their_number():
    assert name_faults("x" * 200) == []
    assert name_faults("x" * 500) == ["has 500 letters; give at most 200"]


@pytest.mark.parametrize(
    "twins",
    [
        ("خانواده‌ها", "خانوادهها"),
        ("\u064aک", "\u06ccک"),
        ("\u0643تاب", "\u06a9تاب"),
        ("caf\u00e9", "cafe\u0301"),
        ("a b", "a\u00a0b"),
        ("لیست ٣", "لیست ۳"),
        ("\ufeb3ر", "سر"),
    ],
)
def test_names_that_look_the_same_are_refused_together_and_told_apart(twins):
    assert same_to_the_eye(["press", *twins]) == [twins]
    with pytest.raises(TableError, match="look the same; give each list a name") as refused:
        CaptureTable(["press", *twins], [[1, 0, 0]], [1])
    assert "U+" in str(refused.value)


def test_names_that_differ_to_the_eye_are_no_twins():
    assert same_to_the_eye(["A", "B", "l1", "I1", "دادگاه", "دادگاه ۲"]) == []
    assert same_but_for_case(["Police", "POLICE", "Press"]) == [("Police", "POLICE")]


def test_lists_that_differ_by_capital_letters_are_read_and_named_together():
    with pytest.warns(TableWarning, match="'Police' and 'police' differ by capital letters only"):
        table = read_table(b"Police,police,press\n1,0,0\n0,1,1\n1,0,1\n", name="lists.csv")
    assert table.lists == ("Police", "police", "press")


def test_a_study_names_key_and_character_before_anything_runs(tmp_path):
    changes = [('label = "Bound"', 'label = "Bo\\u0002und"'), ('source = "The c', 'source = "The \\u202ec')]
    with pytest.raises(StudyError) as refused:
        read_study(write_study(tmp_path, *changes))
    assert "[model 1], key 'label' is 'Bo\\x02und': it has control character U+0002 as letter 3" in str(refused.value)
    assert "key 'source'" in str(refused.value)
    assert "RIGHT-TO-LEFT OVERRIDE (U+202E)" in str(refused.value)


def test_a_study_with_a_control_character_in_a_label_is_refused():
    with pytest.raises(StudyError, match="control character U\\+0002"):
        read_study(in_cases("control_char_label") / "study.toml")


@pytest.mark.parametrize(
    ("name", "words"),
    [("claims_sic.csv", "said [sic] 300 [emphasis added]"), ("claims_u2028.csv", "a\u2028b")],
)
def test_a_claim_is_read_as_it_is_written(name, words):
    assert [claim.words for claim in read_claims(in_cases(name))] == [words]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("claims_control_char.csv", "line 2: who has control character U\\+0002 as letter 8"),
        ("claims_400_digits.csv", "line 2: figure has 400 digits; no such number of persons ever lived"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_with_its_line(name, words):
    with pytest.raises(ClaimsError, match=words):
        read_claims(in_cases(name))


def claims_file(folder, *rows):
    path = folder / "claims.csv"
    path.write_text("who,when,kind,figure,to,words,citation\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_claims_have_figures_in_any_digits_and_none_beyond_whole_numbers(tmp_path):
    path = claims_file(tmp_path, "آ,۱۳۶۷,total,۴٬۵۰۰,5000,سخن,منبع", "B,1990,list,5,,'=w,c")
    claim, other = read_claims(path)
    assert (claim.figure, claim.to, other.words) == (4500, 5000, "=w")
    for figure in ("9" * 5000, "²", "1e3", "-5", "9007199254740993", "1.5"):
        with pytest.raises(ClaimsError, match="line 2: figure"):
            read_claims(claims_file(tmp_path, f"A,1990,total,{figure},,w,c"))
    with pytest.raises(ClaimsError, match="quotation mark"):
        read_claims(claims_file(tmp_path, 'A,1990,total,5,,"w,c'))


def test_a_name_in_the_other_direction_is_isolated_in_a_sentence_and_nothing_else_is_changed():
    for name in PERSIAN:
        sentence = f"without {name}, 72 (44 to 90) people"
        found = [piece.text for piece in pieces(sentence, PERSIAN) if piece.is_isolated]
        assert found == [name]
        assert isolated(sentence, PERSIAN) == sentence.replace(name, f"\u2068{name}\u2069")
        assert isolated(name, PERSIAN) == name
        assert direction_of(name) == "rtl"
    both = "دادگاه and روزنامه: 12"
    assert isolated(both) == "\u2068دادگاه\u2069 and \u2068روزنامه\u2069: 12"
    assert isolated("police, 72 people") == "police, 72 people"


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_pieces_lose_nothing(text):
    assert "".join(piece.text for piece in pieces(text, ["الف ب", "x"])) == text


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n1.a ")))
@settings(max_examples=200, deadline=None)
def test_a_cell_is_safe_for_a_spreadsheet_and_comes_back(text):
    assert original_cell(safe_cell(text)) == text
    assert not begins_formula(safe_cell(text)) or safe_cell(text).startswith("'")


def test_csv_has_no_formula_and_its_numbers_stay_numbers():
    rows = [["label", "n"], ["=HYPERLINK(1)", -3.2], ["-3.2", 5], ["+A", None], ["'=x", 0]]
    read = list(csv.reader(io.StringIO(csv_of(rows))))
    assert read == [["label", "n"], ["'=HYPERLINK(1)", "-3.2"], ["-3.2", "5"], ["'+A", ""], ["''=x", "0"]]


FORMULAS = ["=cmd|'/C calc'!A0", "@x", "+1+1", "-A", '=HYPERLINK("a,b")', "＝1"]


def test_names_like_formulas_are_read_back_from_every_table_and_none_is_one(tmp_path):
    table = CaptureTable(FORMULAS, np.eye(6, dtype=int), [5, 6, 7, 8, 9, 10])
    safe = merge_small_cells(table, minimum=5)
    for name, written, own in (("table", table, table), ("safe", safe, safe.table)):
        path = written.to_csv(tmp_path / f"{name}.csv")
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
        assert not any(begins_formula(cell) for row in csv.reader(lines) for cell in row)
        assert read_table(path) == own


def test_the_table_of_sensitivities_has_no_formula_and_its_numbers_stay_numbers():
    table = CaptureTable(["=A", "@B", "C"], [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 1, 1], [1, 0, 1]], [30, 20, 8, 6, 3])
    found = {"merge": merge_two_lists(table, model=ChaoLowerBound(), rng=1)}
    rows = list(csv.DictReader(io.StringIO(csv_bytes(found).decode())))
    labels = [original_cell(row["label"]) for row in rows]
    assert labels == [row["label"] for row in rows_of(found)]
    assert "=A and @B merged" in labels
    for row in rows:
        assert not any(begins_formula(cell) and not cell.startswith("'") for cell in row.values())
        assert float(row["point"]) > 0


def test_a_heading_that_a_spreadsheet_broke_into_lines_is_one_name():
    table = read_table(b'"Police\nlist",press,"of the\r\nfamilies"\n1,0,0\n0,1,1\n1,0,1\n', name="lists.csv")
    assert table.lists == ("Police list", "press", "of the families")


def test_the_name_of_a_file_that_stands_in_the_report_has_no_hidden_characters(tmp_path):
    with pytest.raises(StudyError, match=r"the name of table, 'a\\u202eb.csv', has RIGHT-TO-LEFT OVERRIDE"):
        read_study(write_study(tmp_path, ('table = "table.csv"', 'table = "a\u202eb.csv"')))
