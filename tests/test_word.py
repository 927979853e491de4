"""The report as a Word document says what the page says, in styles, with alternative texts, the same bytes always."""

import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from drawn_once import undrawn
from report_cases import plain, said, small
from small_study import write_study

from estimation.errors import StudyError
from estimation.report.document import Bullets, Commands, Explorer, Figure, Paragraph, Table, blocks_of
from estimation.report.word import docx_of
from estimation.runs.manifest import read_manifest
from estimation.runs.run import run_study
from estimation.runs.verify import verify_study
from estimation.study.findings import find
from estimation.study.study_file import read_study

WORD = ("[counted]", '[report]\nformats = ["html", "docx"]\n\n[counted]')
FEW_CHARTS = ("[sensitivity]\ndelta = [0.0625, 0.125, 1]\n", ""), ('headline = "Graphs"', 'headline = "Coverage"')
"""A study without questions and with a headline that has no posterior: two charts, each drawn for print too."""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    findings = find(read_study(write_study(folder)), parts=folder)
    return said(findings, formats=("docx",), charts=("comparison",))


@pytest.fixture(scope="module")
def word(document):
    return docx.Document(io.BytesIO(docx_of(document)))


def text_of(word):
    """All text in its order, that of fields and links too."""
    return "\n".join("".join(node.text or "" for node in p.iter(qn("w:t"))) for p in word.element.body.iter(qn("w:p")))


def test_the_word_document_says_all_that_the_document_says(document, word):
    text = text_of(word).replace("\N{ZERO WIDTH SPACE}", "")
    expected = [document.title, document.headline.figure, document.headline.range, *document.headline.sentences]
    expected += [section.heading for section in (*document.first, *document.sections)]
    for block in blocks_of((*document.first, *document.sections)):
        if isinstance(block, Paragraph):
            expected.append(block.text)
        elif isinstance(block, Bullets):
            expected += block.items
        elif isinstance(block, Table):
            expected += [block.caption, *block.columns, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, Figure):
            expected.append(block.caption)
        elif isinstance(block, Commands):
            expected += block.lines
        else:
            assert isinstance(block, Explorer)
    missing = [each for each in expected if each not in text]
    assert not missing


def test_headings_captions_and_lists_are_styles_of_words_own(document, word):
    styles = [p.style.name for p in word.paragraphs]
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Contents", *(section.heading for section in document.sections)]
    assert {"Heading 2", "Caption", "List Bullet", "Normal"} <= set(styles)
    tables = [block for block in blocks_of(document.sections) if isinstance(block, Table)]
    assert styles.count("Caption") == len(tables) + len(document.figures)
    fields = [f.get(qn("w:instr")).split()[1] for f in word.element.body.iter(qn("w:fldSimple"))]
    assert (fields.count("Table"), fields.count("Figure")) == (len(tables), len(document.figures))


def test_every_chart_has_its_alternative_text_and_the_width_of_print(document, word):
    shapes = list(word.inline_shapes)
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [f.alternative for f in document.figures]
    assert {round(shape.width.cm, 1) for shape in shapes} == {16.0}
    assert len(word.inline_shapes) == len(document.figures) == 5


def test_the_same_document_gives_the_same_bytes_and_tells_no_time_of_its_own(document):
    content = docx_of(document)
    assert docx_of(document) == content
    members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    core = docx.Document(io.BytesIO(content)).core_properties
    assert core.created == core.modified == document.time


def test_a_name_that_runs_from_right_to_left_has_a_run_of_its_own_and_hostile_letters_do_no_harm():
    made = plain(small("People of دادگاه, 12\x0b </w:t>", stamp="SYNTHETIC DATA"))
    word = docx.Document(io.BytesIO(docx_of(replace(made, given=frozenset(["دادگاه"])))))
    paragraph = next(p for p in word.paragraphs if p.text.startswith("People of"))
    assert [(run.text, run.font.rtl) for run in paragraph.runs] == [
        ("People of ", None),
        ("دادگاه", True),
        (", 12\N{REPLACEMENT CHARACTER} </w:t>", None),
    ]
    assert word.sections[0].header.paragraphs[0].text == "SYNTHETIC DATA"


def test_a_study_that_asks_for_it_gets_it_and_it_is_verified_byte_for_byte(tmp_path):
    out = run_study(write_study(tmp_path / "s", WORD, *FEW_CHARTS), tmp_path / "out")
    assert (out / "report.docx").is_file()
    assert not (out / "report.pdf").exists()
    assert "report.docx" in read_manifest(out)
    assert verify_study(out, strict=True).same
    with undrawn():
        again = run_study(write_study(tmp_path / "s", *FEW_CHARTS), out)
    assert not (again / "report.docx").exists()


def test_the_public_edition_has_it_and_must_have_the_page_that_is_read_back(tmp_path):
    out = run_study(write_study(tmp_path / "s", WORD, *FEW_CHARTS), tmp_path / "out", public=5)
    assert "This is a public edition" in text_of(docx.Document(out / "report.docx"))
    alone = write_study(tmp_path / "s", (WORD[0], WORD[1].replace('"html", ', "")), name="alone.toml")
    with pytest.raises(StudyError, match=r'has no "html"'):
        run_study(alone, tmp_path / "other", public=5)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('formats = ["odt"]', "'formats 1' is 'odt': input should be 'html', 'pdf' or 'docx'"),
        ("formats = []", "it must have 1 values or more"),
        ('language = "de"', "page one is not written in it; there are en, ar, es, fa, fr"),
        ('format = ["pdf"]', "'format' is unknown; did you mean 'formats'"),
    ],
)
def test_a_key_of_the_report_that_is_wrong_is_named_with_what_may_stand_there(tmp_path, keys, problem):
    path = write_study(tmp_path, ("[sensitivity]", f"[report]\n{keys}\n[sensitivity]"))
    with pytest.raises(StudyError) as found:
        read_study(path)
    assert problem in str(found.value)
