"""Each table of a report as files of its own: the same cells, numbers as numbers, and nothing that is computed."""

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest
from report_cases import small
from small_study import write_study

from estimation.report.document import Table
from estimation.report.latex import latex_of
from estimation.report.tables import report_tables, write_tables
from estimation.report.workbook import workbook_of
from estimation.runs.manifest import read_manifest
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study

HOSTILE = r"=cmd|'/C calc'!A0 \input{x} 100% & #_$"
MADE = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    study = write_study(folder, ("[sensitivity]", '[report]\ntables = ["csv", "xlsx", "latex"]\n[sensitivity]'))
    return run_study(study, folder / "out")


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_a_run_writes_every_table_of_the_report_in_each_form_and_verifies_them(finished):
    contents = rows_of(finished / "tables" / "contents.csv")[1:]
    page = (finished / "report.html").read_text(encoding="utf-8")
    assert len(contents) == len(re.findall(r'id="table-\d+"', page)) > 10
    for _, name, _ in contents:
        assert (finished / "tables" / f"{name}.csv").is_file()
        assert (finished / "tables" / f"{name}.tex").is_file()
    book = openpyxl.load_workbook(finished / "tables" / "tables.xlsx")
    assert [sheet.cell(1, 1).value for sheet in book.worksheets] == [caption for *_, caption in contents]
    assert "tables/tables.xlsx" in read_manifest(finished)
    assert verify_study(finished, strict=True).same


def test_the_estimates_are_numbers_and_their_caption_says_unit_kind_and_level(finished):
    _, name, caption = rows_of(finished / "tables" / "contents.csv")[1]
    assert "in persons" in caption
    assert "95 % interval" in caption
    head, *rows = rows_of(finished / "tables" / f"{name}.csv")
    assert head[:5] == ["Model", "Estimate", "Lower", "Upper", "Interval"]
    graphs = next(row for row in rows if row[0] == "Graphs")
    assert all(cell.isdigit() for cell in graphs[1:4])
    assert graphs[4] == "credible"
    sheet = openpyxl.load_workbook(finished / "tables" / "tables.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[5]][1:4] == [int(cell) for cell in graphs[1:4]]


def test_no_cell_is_a_formula_and_no_text_is_a_command():
    table = Table("Caption", ("Name", HOSTILE), "lr", ((HOSTILE, "-1,234"), ("@x", HOSTILE)), number=1)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of([("=1+1", [["=A1", -1234], ["a\x00b", 0.5]])], MADE)))
    cells = [cell for row in sheet.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"), ("=A1", "s"), (-1234, "n"), ("a\ufffdb", "s"), (0.5, "n"),
    ]  # fmt: skip
    assert cells[0].quotePrefix
    tex = latex_of(table, HOSTILE, "t")
    assert r"\textbackslash{}input\{x\} 100\% \& \#\_\$" in tex
    commands = set(re.findall(r"\\[a-z]+", tex))
    known = "usepackage begin end centering caption label toprule midrule bottomrule textbackslash textbar "
    known += "raggedright arraybackslash linewidth allowbreak resizebox"  # a long text is broken
    assert commands <= {f"\\{name}" for name in known.split()}


def test_a_wide_table_in_latex_is_broken_to_the_line_and_no_cell_is_taken_for_an_argument():
    sentence = "The lists are independent: being on one makes nobody more or less likely to be on another. " * 2
    tex = latex_of(Table("Wide", ("Model", "Assumption", "People in all"), "llr", (("[A]", sentence, "1"),)), "W", "t")
    assert r"l>{\raggedright\arraybackslash}p{" in tex
    assert r"\shortstack[r]{People\\in all}" in tex
    assert "{[}A{]} & " in tex
    assert "p{" not in latex_of(Table("Narrow", ("Model", "People"), "lr", (("A", "1"),)), "N", "t")


def _many_numbers(rows: int, columns: int) -> Table:
    headings = ("Model", *(f"Lower end of {at}" for at in range(columns)))
    cells = tuple((f"Model {at}", *["1,234,567"] * columns) for at in range(rows))
    return Table("Numbers", headings, "l" + "r" * columns, cells)


@pytest.mark.parametrize(("rows", "columns"), [(5, 2), (5, 12), (60, 2), (60, 9)])
def test_a_table_of_many_numbers_in_latex_is_made_small_or_turned_to_stay_on_the_page(rows, columns, tmp_path):
    tex = latex_of(_many_numbers(rows, columns), "Numbers", "t")
    assert (r"\resizebox{\linewidth}" in tex) == (rows < 40 and columns > 4)
    assert (r"\begin{landscape}" in tex) == (rows > 40 and columns > 4)
    needs = re.findall(r"% needs (\\usepackage\{.*\})", tex)
    if (program := shutil.which("pdflatex")) is None:
        pytest.skip("there is no pdflatex here to set the table in type")
    page = rf"\documentclass{{article}}{needs[0]}\begin{{document}}" + f"\n{tex}" + r"\end{document}"
    (tmp_path / "t.tex").write_text(page)
    done = subprocess.run([program, "-halt-on-error", "t.tex"], cwd=tmp_path, capture_output=True, text=True)
    if absent := re.search(r"File `(\w+\.sty)' not found", done.stdout):
        pytest.skip(f"this LaTeX is without {absent[1]}")
    assert done.returncode == 0
    assert "Overfull" not in done.stdout


def test_a_long_table_in_latex_goes_on_over_pages():
    rows = tuple((f"history {at}", "1") for at in range(60))
    tex = latex_of(Table("Long", ("History", "People"), "lr", rows), "Long", "t")
    assert tex.count(r"\\") == 62
    assert r"\begin{longtable}{lr}" in tex


def test_the_same_tables_give_the_same_bytes(tmp_path):
    document = replace(small("A text"), time=MADE)
    for name in ("one", "two"):
        write_tables(document, tmp_path / name, ("csv", "xlsx", "latex"))
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["contents.csv", "table-00-what.csv", "table-00-what.tex", "table-02-what.csv",
                     "table-02-what.tex", "tables.xlsx"]  # fmt: skip
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
    book = openpyxl.load_workbook(tmp_path / "one" / "tables.xlsx")
    assert book.properties.created == book.properties.modified == MADE.replace(tzinfo=None)
    assert [table.caption for table in report_tables(document)] == ["A text", "A text: A text"]
