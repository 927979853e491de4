"""Records outside what a list is declared to cover are named by row, and by nothing else."""

import pytest

import estimation as mse

LIST = """Given name,Family name,Place,Date of death
Arman,Testani,Tehran,1988-07-30
Bahram,Testani,Shiraz,1988-08-02
Cyrus,Namouneh,تهران,1988-08
Dara,Namouneh,Teheran,1989-02-01
Elham,Mesali,,
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "prisons.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def outside(notes):
    return [note for note in notes if "declared to cover" in note]


def test_places_and_days_outside_are_noted_by_row_and_another_script_is_inside(file):
    covers = {"places": ["Tehran"], "dates": ["1988-07-01", "1988-09-30"], "who": "prisoners"}
    found = outside(mse.read_names(file, covers=covers).notes)
    assert [note.split(":")[0] for note in found] == ["row 3", "row 5"]
    assert "place" in found[0]
    assert "date" in found[1]
    assert not any(name in note for note in found for name in ("Bahram", "Dara", "Shiraz", "Testani"))


def test_a_month_that_reaches_into_the_days_is_inside(file):
    (note,) = outside(mse.read_names(file, covers={"dates": ["1988-08-31", "1989-12-31"]}).notes)
    assert note.startswith("rows 2, 3: the date is none of those")


def test_without_a_declaration_nothing_is_outside(file):
    assert outside(mse.read_names(file).notes) == []
