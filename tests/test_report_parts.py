"""A report does without the parts that its study leaves out, names them, and keeps what a reader needs to judge it."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from report_cases import SHA256, Reader, letters, pdf_text, plain
from small_study import write_study

from estimation.capture.readers import read_table_file
from estimation.errors import StudyError
from estimation.report.contents import document_of
from estimation.report.document import Part, Table, blocks_of
from estimation.report.fit import FIT
from estimation.report.page import html_of
from estimation.report.paper import pdf_of
from estimation.study.findings import find
from estimation.study.numbers import numbers_of
from estimation.study.record import record_of
from estimation.study.report_keys import MAY_BE_LEFT_OUT
from estimation.study.study_file import read_study

OVERLAP = "How the lists overlap"
CHANGES = "What would change it"
NAMED = "What this report leaves out"


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    asked = ("[sensitivity]", "[sensitivity]\nleave_one_list_out = true\nfigures = [600]")
    return find(read_study(write_study(folder, asked)), parts=folder)


def without(findings, *parts):
    study = replace(findings.study, report=replace(findings.study.report, leave_out=parts))
    return replace(findings, study=study)


def document(findings, *parts):
    found = without(findings, *parts)
    record = replace(record_of(found.study, read_table_file(found.study.table)), time=datetime(2024, 5, 6, tzinfo=UTC))
    return document_of(found, record, results_sha256=SHA256)


def headings(document):
    return [section.heading for section in document.sections]


def test_parts_are_left_out_and_named_and_all_others_stay_in_their_order(findings):
    whole, less = document(findings), document(findings, "overlap", "fit")
    assert NAMED not in headings(whole)
    assert [each for each in headings(less) if each != NAMED] == [
        each for each in headings(whole) if each not in {OVERLAP, FIT}
    ]
    (named,) = [section for section in less.sections if section.heading == NAMED]
    assert f"“{OVERLAP}”, “{FIT}”" in named.blocks[0].text
    assert [figure.number for figure in less.figures] == [*range(1, len(less.figures) + 1)]


def test_a_part_that_the_study_does_not_have_is_not_named(findings):
    assert NAMED not in headings(document(findings, "strata", "claims"))


def test_no_choice_of_parts_changes_a_number_or_what_page_one_says(findings):
    whole, least = document(findings), document(findings, *MAY_BE_LEFT_OUT)
    assert numbers_of(findings) == numbers_of(without(findings, *MAY_BE_LEFT_OUT))
    assert (least.headline, least.stamp, least.foot) == (whole.headline, whole.stamp, whole.foot)
    for section, other in zip(whole.first, least.first, strict=True):
        if section.heading == CHANGES:  # figures that went with their parts are not referred to
            said = [re.sub(r" \(figure \d+\)", "", sentence) for sentence in section.blocks[0].items]
            assert said == list(other.blocks[0].items) != list(section.blocks[0].items)
        else:
            assert section == other


def test_the_appendix_keeps_settings_and_assumptions_without_the_tables_of_models(findings):
    appendix = document(findings, "model_tables").sections[-1]
    assert isinstance(appendix.blocks[0], Table)
    parts = [part for part in appendix.blocks if isinstance(part, Part)]
    assert len(parts) == len(findings.results)
    assert not any(isinstance(block, Table) for block in blocks_of(parts))
    assert [part.blocks[1].items for part in parts] == [each.assumptions for each in findings.results.values()]


def test_page_paper_and_word_document_do_without_the_same_parts(findings):
    docx = pytest.importorskip("docx", reason="python-docx is not installed (the extra [word] has it)")
    from io import BytesIO

    from estimation.report.word import docx_of

    made = plain(document(findings, "overlap", "sensitivity"))
    word = "".join(paragraph.text for paragraph in docx.Document(BytesIO(docx_of(made))).paragraphs)
    for text in ("".join(Reader(html_of(made)).words), pdf_text(pdf_of(made)), word):
        seen = letters(text)
        assert letters(NAMED) in seen
        assert letters("Every two lists that share") not in seen
        assert seen.count(letters(OVERLAP)) == 1  # where it is named
        assert letters("Sensitivity: one thing changed") in seen
        assert letters("The study chose the model") in seen


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("assumptions", "what it rests on"),
        ("interval", "the kind of its interval"),
        ("headline", "each change of the headline"),
        ("estimates", "not only those that agree"),
        ("prior", "without its prior"),
        ("synthetic", "invented people are marked"),
    ],
)
def test_what_a_reader_needs_to_judge_the_number_cannot_be_left_out(tmp_path, part, why):
    path = write_study(tmp_path, ("[sensitivity]", f'[report]\nleave_out = ["{part}"]\n\n[sensitivity]'))
    with pytest.raises(StudyError, match=f"it cannot be left out: .*{why}"):
        read_study(path)


def test_a_part_that_is_none_is_refused_with_the_nearest(tmp_path):
    path = write_study(tmp_path, ("[sensitivity]", '[report]\nleave_out = ["overlaps"]\n\n[sensitivity]'))
    with pytest.raises(StudyError, match="there is no such part; did you mean 'overlap'"):
        read_study(path)
