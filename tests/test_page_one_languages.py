"""Page one in another language: nothing of it is left in English, it is marked until signed, and the English stays."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml.ns import qn
from report_cases import SHA256, first_page_of, items, plain
from small_study import write_study

from estimation.capture.readers import read_table_file
from estimation.report import first_page
from estimation.report.contents import document_of
from estimation.report.page import html_of
from estimation.report.translated import PAGE_ONE, notices
from estimation.report.word import docx_of
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.goodness_of_fit import FitMeasure, GoodnessOfFit
from estimation.study.findings import find
from estimation.study.record import record_of
from estimation.study.study_file import read_study
from estimation.text.languages import language, language_codes

CODES = [code for code in language_codes("report") if code != "en"]
ASKED = (
    "[sensitivity]",
    '[sensitivity]\nfigures = [600]\nleave_one_list_out = true\nodds_ratio = { pair = ["A", "B"], values = [0.5, 4] }',
)


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    return find(read_study(write_study(folder, ASKED, ('"Graphs"', '"دادگاه 2"'))), parts=folder)


def document(findings, code):
    study = replace(findings.study, report=replace(findings.study.report, language=code))
    record = replace(record_of(study, read_table_file(study.table)), time=datetime(2024, 5, 6, tzinfo=UTC))
    return document_of(replace(findings, study=study), record, results_sha256=SHA256)


def texts(document):
    """All that page one says in its language."""
    found = [document.headline.figure, document.headline.range, *document.headline.sentences, document.chart.caption]
    return found + [text for s in document.first for text in (s.heading, *items(s))]


def without_names(text):
    return re.sub("\u2068[^\u2069]*\u2069", "", text)


@pytest.mark.parametrize("code", CODES)
def test_nothing_of_page_one_is_left_in_english_and_the_rest_says_the_same_as_before(findings, code):
    translated, english = document(findings, code), document(findings, "en")
    assert not [text for text in texts(translated) if "[en]" in text]
    same = set(texts(translated)) & set(texts(english))
    assert not same
    assert len(texts(translated)) == len(texts(english))
    assert plain(translated).sections[1:] == plain(english).sections
    assert translated.sections[0].heading == PAGE_ONE
    headings = [part.heading for part in translated.sections[0].blocks[1:]]
    assert headings == [section.heading for section in english.first]


@pytest.mark.parametrize("code", CODES)
def test_a_translated_page_is_marked_in_its_language_and_in_english_until_a_speaker_has_signed(findings, code):
    spoken = language(code, "report")
    page = html_of(document(findings, code))
    assert f'<div lang="{code}" dir="{spoken.direction}">' in page
    assert spoken.mark in page
    assert f"Translation into {spoken.english_name}, not reviewed by a speaker of the language." in page
    signed = notices(replace(spoken, reviewed_by="Some Speaker", mark=""))
    assert len(signed) == 1
    assert "Some Speaker" in signed[0]
    assert notices(language("en", "report")) == ()


@pytest.mark.parametrize("code", ["fa", "ar"])
def test_numbers_have_the_digits_of_the_language_and_names_are_isolated(findings, code):
    spoken, page = language(code, "report"), document(findings, code)
    assert spoken.number(217) in page.headline.sentences[0]
    latin = [text for text in texts(page) if re.search("[0-9A-Za-z]", without_names(text))]
    assert not latin
    assert any("\u2068دادگاه 2\u2069" in text for text in texts(page))


def test_the_same_words_say_every_kind_of_answer(findings):
    """Bounds, a range, confidence, failed checks and a bad fit are in every catalog and say what the English says."""
    graphs = findings.results["دادگاه 2"]
    failed = Diagnostics((Check("R-hat of N", 1.4, 1.01, False, "Chains agree."),))
    bad = GoodnessOfFit("posterior predictive check", (FitMeasure("Freeman-Tukey over cells", 0.0),), 1000, worst="A")
    answers = [
        findings.results["Bound"],
        findings.results["Coverage"],
        findings.results["Two lists"],
        replace(graphs, diagnostics=failed, fit=bad),
    ]
    for answer in answers:
        changed = replace(findings, results={**findings.results, "دادگاه 2": answer})
        for code in CODES:
            spoken = language(code, "report")
            headline = first_page.headline(changed, spoken)
            said = [headline.figure, headline.range, *headline.sentences]
            said += [paragraph.text for paragraph in first_page._rests_on(changed, spoken)]
            assert not [text for text in said if "[en]" in text]
    assert "Not to be trusted: R-hat of N is 1.4 (limit 1.01)." in items(first_page_of(changed)[0])


def test_word_is_told_which_way_the_page_and_each_name_run(findings):
    word = docx.Document(io.BytesIO(docx_of(plain(document(findings, "fa")))))
    range_of = next(p for p in word.paragraphs if p.style.name == "Headline Range")
    assert range_of._p.find(qn("w:pPr")).find(qn("w:bidi")) is not None
    assert all(run.font.rtl for run in range_of.runs)
    counted = next(p for p in word.paragraphs if "visitors" in p.text)
    assert [run.font.rtl for run in counted.runs if "visitors" in run.text] == [None]
    assert not any("\u2068" in p.text or "\u2069" in p.text for p in word.paragraphs)
    english = next(p for p in word.paragraphs if p.style.name == "Heading 1" and p.text == PAGE_ONE)
    assert english._p.find(qn("w:pPr")).find(qn("w:bidi")) is None
