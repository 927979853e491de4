"""Formulas in a workbook of names that no program has stored a value of are never blank cells in silence.

Everybody is invented.
"""

import io
import re
import zipfile

import openpyxl
import pytest

from estimation.errors import TableError
from estimation.lists.readers import read_names


def saved(rows):
    """A workbook as bytes, in which formulas have no values."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def formulas(rows, *, stored=()):
    """A workbook with formulas; those in some cells have the empty text stored that they give."""
    packed = zipfile.ZipFile(io.BytesIO(saved(rows)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as again:
        for name in packed.namelist():
            text = packed.read(name).decode()
            for cell in stored:
                text = re.sub(
                    rf'<c r="{cell}"><f>(.*?)</f><v(?: ?/>|></v>)', rf'<c r="{cell}" t="str"><f>\1</f><v></v>', text
                )
            again.writestr(name, text)
    return out.getvalue()


def test_a_formula_without_a_stored_value_is_named_by_row_and_column_and_is_no_blank_cell():
    rows = [["Name", "Died", "Age"], ["Azar Barfabi", "=A1", 30], ["Nima Barfabi", "1988", "=1+1"]]
    data = formulas([*rows, ["Mina Barfabi", "=B3", '=""']], stored=["C4"])
    with pytest.raises(TableError) as raised:
        read_names(data, name="list.xlsx")
    assert "rows 2, 4, column B (Died): it is a formula without a stored value" in str(raised.value)
    assert "row 3, column C (Age): it is a formula" in str(raised.value)
    assert "Open the workbook in a spreadsheet program and save it there" in str(raised.value)
    assert "row 4, column C" not in str(raised.value)
    found = read_names(data, name="list.xlsx", undecided="missing")
    assert [record.event is None for record in found.records] == [True, False, True]
    assert any("rows 2, 4, column B (Died)" in problem for problem in found.problems)


def test_headings_that_are_formulas_without_a_stored_value_are_named():
    with pytest.raises(TableError, match="row 1, column A: it is a formula without a stored value"):
        read_names(formulas([["=Z1", "=Z2"], ["Azar Barfabi", 30]]), name="list.xlsx")
