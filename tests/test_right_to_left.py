"""A study with Persian names in an English report: every sentence stays one that can be read."""

import re
from dataclasses import replace

import numpy as np
import pytest
from report_cases import Reader, pdf_text, said, small
from small_study import TABLE, write_study

import estimation as mse
from estimation.charts.drawing.words import shortened, text_inches, wrapped
from estimation.claims import Claim
from estimation.report.claims import claimed
from estimation.report.document import Table, blocks_of
from estimation.report.page import html_of
from estimation.report.paper import _block, _directed, _text, pdf_of
from estimation.study.findings import find
from estimation.study.study_file import read_study

LISTS = ("دادگاه", "روزنامه ۲", "خانواده‌ها")
FSI, PDI = "\u2068", "\u2069"


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("persian")
    table = TABLE.replace("A,B,C", ",".join(LISTS))
    changes = [
        ('label = "Graphs"', 'label = "گراف‌ها"'),
        ('headline = "Graphs"', 'headline = "گراف‌ها"'),
        ('title = "People of a small town"', 'title = "شمار مردم یک شهر ساختگی"'),
        ('where = "A small town"', 'where = "شهر ساختگی"'),
        ("delta = [0.0625, 0.125, 1]", "leave_one_list_out = true"),
        ('table = "table.csv"', 'table = "synthetic.csv"\nsynthetic = true\nclaims = "claims.csv"'),
    ]
    claims = "who,when,kind,figure,to,words,citation\nروزنامه,۱۳۶۸,list,۵۰۰,,پانصد نفر (ساختگی),شماره ۳\n"
    (folder / "claims.csv").write_text(claims, encoding="utf-8")
    return find(read_study(write_study(folder, *changes, table=table)), parts=folder)


@pytest.fixture(scope="module")
def document(findings):
    return said(findings, charts=())


def test_every_persian_name_in_an_english_sentence_of_the_page_is_isolated(document):
    html = html_of(document)
    shown = re.sub(r"<bdi>[^<]*</bdi>", "", re.sub(r"<(style|script).*?</\1>", "", html, flags=re.DOTALL))
    for element in re.findall(r">([^<>]+)<", shown):
        has_persian, has_english = re.search("[\u0600-\u06ff]", element), re.search("[A-Za-z]", element)
        assert not (has_persian and has_english), element
    assert "Without <bdi>دادگاه</bdi>" in html
    assert '<h1 dir="auto">شمار مردم یک شهر ساختگی</h1>' in html
    assert ">خانواده‌ها<" in html  # by itself, a name takes its own direction
    for tag, attributes in Reader(html).tags:
        if tag == "img":
            alternative = attributes["alt"]
            assert alternative.count(FSI) == alternative.count(PDI)
            assert not re.search(f"(?<!{FSI})دادگاه", alternative)


def test_the_paper_takes_its_directions_from_whose_text_it_is(document):
    given = document.given
    assert _directed(_text("گراف‌ها: no number was made"), given) == {
        "text": f"{FSI}گراف‌ها{PDI}: no number was made",
        "dir": "ltr",
    }
    assert _directed(_text("روزنامه ۲"), given) == {"text": "روزنامه ۲", "dir": "rtl"}
    assert _directed(_text("دادگاه, روزنامه ۲"), given)["dir"] == "ltr"
    words = pdf_text(pdf_of(document))
    assert re.sub(r"\s", "", words).count("Without") >= 3


def test_the_estimate_stands_beside_its_name_and_the_name_alone_is_turned(document):
    rows = [row for block in blocks_of(document.sections) if isinstance(block, Table) for row in block.rows]
    assert any(row[0] == "Without دادگاه" for row in rows)
    assert "روزنامه ۲" in document.given


def test_two_claims_of_one_source_and_year_have_their_own_probabilities(findings):
    pair = tuple(Claim("A", "1990", "total", figure, None, "w", "c") for figure in (150, 100_000))
    study = replace(findings.study, claims_file=replace(findings.study.claims_file, claims=pair))
    tables = [block for block in claimed(replace(findings, study=study)).blocks if isinstance(block, Table)]
    assert tables[-1].rows[0][1:] == ("over 99.9 %", "under 0.1 %")
    many = tuple(Claim("A", "1990", "total", 200 + 10 * n, None, "w", "c") for n in range(60))
    study = replace(findings.study, claims_file=replace(findings.study.claims_file, claims=many))
    assert len(study.figures) == 8
    assert (study.figures[0], study.figures[-1]) == (200, 790)
    tables = [block for block in claimed(replace(findings, study=study)).blocks if isinstance(block, Table)]
    assert (tables[-1].columns, len(tables[-1].rows)) == (("At least (persons)", "گراف‌ها"), 60)


def test_lines_of_a_chart_are_isolated_after_they_are_broken():
    assert wrapped("without خانواده‌ها (44)", 9) == f"without {FSI}خانواده‌ها{PDI} (44)"
    assert shortened("without خانواده‌ها", 9) == f"without {FSI}خانواده‌ها{PDI}"
    assert wrapped("خانواده‌ها", 9) == "خانواده‌ها"
    assert text_inches(f"{FSI}دادگاه{PDI}") == text_inches("دادگاه")
    assert all(line.count(FSI) == line.count(PDI) for line in wrapped("with خانواده‌ها and so on " * 5, 1).split("\n"))


def test_a_text_without_any_picture_has_no_width():
    assert text_inches("\U000e00a7") == text_inches("\u200b") == 0


def test_letters_are_joined_as_persian_joins_them():
    """Joined, a word is narrower than its letters one by one: the shaping that Matplotlib has had since 3.11."""
    assert text_inches("سسسس") < 0.9 * sum(text_inches(letter) for letter in "سسسس")


NASTY = ["_under", "$x^2$ & 50 %", "#import [b] @c", "<b>*bold*</b>", "back\\slash \"q\" 'r'", "x" * 60, "چ" * 60]


def test_a_label_is_open_as_it_is_written_in_charts_pages_and_paper(findings):
    answer = findings.headline
    results = {name: replace(answer, n_observed=217 + at) for at, name in enumerate(NASTY)}
    with mse.charts.style(width_cm=9.5):
        chart = mse.charts.plot_comparison(results, headline=NASTY[0])
        chart.figure.draw_without_rendering()
    flat = "".join(text.get_text() for text in chart.texts).replace("\n", "").replace(" ", "")
    for name in NASTY:
        assert name.replace(" ", "") in flat
        page = Reader(html_of(small(name)))
        assert name in "".join(page.words)
    printed = re.sub(r"\s", "", pdf_text(pdf_of(small(" ".join(NASTY[:5])))))
    assert re.sub(r"\s", "", " ".join(NASTY[:5])) in printed


def test_a_long_name_leaves_room_for_the_picture():
    table = mse.CaptureTable([*(name[:60] for name in NASTY[-2:]), "C"], np.eye(3, dtype=int), [5, 4, 3])
    chart = mse.charts.plot_upset(table)
    chart.figure.draw_without_rendering()
    bars = chart.child_axes[0].get_window_extent().width
    assert bars > 0.4 * chart.figure.bbox.width


def test_a_word_that_no_column_has_room_for_is_broken_on_paper_and_on_a_page():
    long = "x" * 73
    table = _directed(_block(Table("t", ("Model", "n"), "lr", ((long, "1"), ("short", "2")))), ())
    assert table["rows"][0][0]["text"] == "\u200b".join(long)
    assert table["rows"][1][0]["text"] == "short"
    assert "<wbr>".join(["x" * 8] * 9) in html_of(small(long))
