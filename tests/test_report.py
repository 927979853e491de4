import ast
import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from report_cases import SHA256, Reader, first_page_of, items, letters, pdf_text, said, small, with_headline
from small_study import write_study

import estimation.report
from estimation.report import claims, computation, estimates, fit, prior, sensitivity, wording
from estimation.report.document import (
    Bullets,
    Explorer,
    Figure,
    Paragraph,
    Part,
    Table,
)
from estimation.report.page import html_of
from estimation.report.paper import pdf_of
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.goodness_of_fit import FitMeasure, GoodnessOfFit
from estimation.results.totals import Draws
from estimation.study.findings import find
from estimation.study.study_file import read_study

FOLDER = Path(estimation.report.__file__).parent
RENDERERS = {"page", "paper", "written", "word", "word_styles", "tables", "latex", "workbook", "repeatable"}
SVG_NAME = "http://www.w3.org/2000/svg"
"""A name, which nothing is fetched from."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    return find(read_study(write_study(folder)), parts=folder)


@pytest.fixture(scope="module")
def document(findings):
    return said(findings)


@pytest.fixture(scope="module")
def paper(document):
    """The paper, and the text of each of its pages."""
    pdf = pdf_of(document)
    return pdf, [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_report_has_every_part_that_it_must_have(document):
    assert [section.heading for section in document.sections] == [
        "Estimates of every model",
        "What the priors say, and what the lists add",
        "How the lists overlap",
        "Whether the computation worked",
        "Does the model fit the lists?",
        "Sensitivity: one thing changed",
        "Published figures",
        "How to reproduce this report",
        "Appendix: details of each model",
    ]


def test_no_digit_of_the_report_is_typed_by_hand():
    """Strings of the modules that write the report, format specifications and documentation aside."""
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem in RENDERERS or path.name in ("wording.py", "document.py"):
            continue  # they say nothing of their own
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                skipped |= {id(part) for part in ast.walk(node.format_spec)}
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                skipped.add(id(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                text = re.sub("SHA-256|SHA256SUMS", "", node.value)
                assert not re.search(r"\d", text), (path.name, node.lineno, node.value)
    template = (FOLDER / "page.html.jinja").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]*>", " ", re.sub(r"{%.*?%}|{{.*?}}", " ", template))
    assert not re.search(r"\d", words)


def test_every_model_has_its_row_its_assumption_and_if_refused_its_reason(findings, document):
    models = document.sections[0].blocks
    answers, rests = (block for block in models if isinstance(block, Table))
    assert [row[0] for row in answers.rows] == list(findings.results)
    assert answers.rows[0][1] == f"at least {findings.results['Bound'].median:,.0f}"
    assert answers.rows[2][1:] == ("not estimable", "–", "–", "–", "–")
    assert answers.marked == 1
    assert [row[1] for row in rests.rows] == [result.assumptions[0] for result in findings.results.values()]
    reasons = [block.items for block in models if isinstance(block, Bullets)][-1]
    assert reasons == (f"Two lists: {findings.results['Two lists'].reason}",)


def test_the_notes_of_a_number_stand_with_the_numbers_and_page_one_says_where(findings):
    noted = {label: replace(findings.results[label], notes=(f"Mind {label}.",)) for label in ("Graphs", "Coverage")}
    noted_findings = replace(findings, results={**findings.results, **noted})
    notes = next(block for block in estimates.every_model(noted_findings).blocks if isinstance(block, Bullets))
    assert notes.items[0] == "Graphs: Mind Graphs."
    assert "Coverage: Mind Coverage." in notes.items
    rests = items(first_page_of(noted_findings)[0])[0]
    assert "One note for analysts stands in the part “Estimates of every model”." in rests
    assert "Mind Graphs" not in rests


def test_chains_that_failed_are_shown_with_a_warning_to_read_no_number_from_them(findings):
    rng = np.random.default_rng(3)
    failed = Diagnostics((Check("R-hat of N", 1.4, 1.01, False, "Chains agree."),))
    refused = replace(
        findings.results["Two lists"], diagnostics=failed, evidence=Draws(rng.integers(300, 400, (4, 200)))
    )
    trust = computation.computation(with_headline(findings, refused)).blocks
    figures = [block for block in trust if isinstance(block, Figure)]
    assert [figure.name for figure in figures] == ["trace", "ranks"]
    assert all("read no number from them" in figure.caption for figure in figures)
    assert any(isinstance(b, Paragraph) and b.tone == "warning" and "Not to be trusted" in b.text for b in trust)
    assert any(isinstance(b, Table) and b.rows[0][3] == "failed" for b in trust)


def test_published_figures_stand_beside_the_headline_with_their_source(document):
    section = next(s for s in document.sections if s.heading == "Published figures")
    assert section.blocks[0].rows[0][:3] == ("Census", "350", "340 to 360")
    assert section.blocks[1].items == ("Census: The census of the town",)


def test_each_model_has_one_line_on_its_fit_and_the_headline_its_residuals(findings):
    lines, residuals = (block for block in fit.fit_to_the_lists(findings).blocks if isinstance(block, Table))
    assert [row[0] for row in lines.rows] == list(findings.results)
    by_label = {row[0]: row[1] for row in lines.rows}
    assert by_label["Coverage"].startswith("It expects nothing")
    assert by_label["Two lists"] == "It gave no number."
    assert by_label["Graphs"] == "Nothing in the lists speaks against it."
    assert len(residuals.rows) == 7
    assert sum(int(row[1]) for row in residuals.rows) == findings.table.n_observed


def test_a_headline_that_does_not_fit_is_named_on_page_one_and_a_saturated_one_is_not_praised(findings):
    graphs = findings.results["Graphs"]
    measure = FitMeasure("Freeman-Tukey over cells", 0.0)
    bad = GoodnessOfFit("posterior predictive check", (measure,), 1000, worst="A + B: 24 observed, 9 expected")
    misfit = with_headline(findings, replace(graphs, fit=bad))
    assert "The lists themselves speak against this model" in items(first_page_of(misfit)[0])[0]
    assert "speak against" not in items(first_page_of(findings)[0])[0]
    line = next(block for block in fit.fit_to_the_lists(misfit).blocks if isinstance(block, Table)).rows[1]
    assert line[1:3] == ("No. A + B: 24 observed, 9 expected.", "< 0.001")
    saturated = with_headline(findings, replace(graphs, fit=GoodnessOfFit("saturated")))
    line = next(block for block in fit.fit_to_the_lists(saturated).blocks if isinstance(block, Table)).rows[1]
    assert "cannot speak for it or against it" in line[1]


def test_what_the_priors_say_has_a_row_for_each_bayesian_model_and_the_chart_of_the_headline(findings, document):
    section = next(s for s in document.sections if s.heading == prior.PRIOR)
    [figure] = [block for block in section.blocks if isinstance(block, Figure)]
    [table] = [block for block in section.blocks if isinstance(block, Table)]
    assert [row[0] for row in table.rows] == ["Graphs"]
    assert table.rows[0][1] in figure.alternative
    classical = {label: findings.results[label] for label in ("Bound", "Coverage")}
    assert prior.prior_and_lists(replace(findings, results=classical)) is None


def test_page_one_names_the_other_models_that_the_lists_contradict(findings):
    bad = GoodnessOfFit("chi-square", (FitMeasure("deviance", 0.0001),), worst="A: 60 observed, 40 expected")
    other = replace(findings, results={**findings.results, "Coverage": replace(findings.results["Coverage"], fit=bad)})
    assert "The lists themselves speak against “Coverage”" in " ".join(items(first_page_of(other)[1]))
    assert "speak against" not in " ".join(items(first_page_of(findings)[1]))


def test_a_study_whose_models_expect_nothing_of_the_lists_has_no_part_on_fit(findings):
    bare = {"Coverage": findings.results["Coverage"]}
    assert fit.fit_to_the_lists(replace(findings, results=bare)) is None


def test_a_published_figure_is_called_no_validation(document):
    section = next(s for s in document.sections if s.heading == "Published figures")
    assert any("does not validate it" in block.text for block in section.blocks if isinstance(block, Paragraph))


def test_a_study_without_references_claims_or_questions_has_no_part_for_them(findings):
    bare = replace(findings, sensitivities={}, study=replace(findings.study, references=()))
    assert [claims.published(bare), claims.claimed(bare), claims.explanations(bare)] == [None] * 3
    assert sensitivity.one_thing_changed(bare) is None
    assert len(first_page_of(bare)) == 4


def test_the_page_asks_nothing_of_any_network_and_runs_the_one_script_that_its_policy_names(document):
    html = html_of(document)
    page = Reader(html)
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "object", "embed", "base", "form"}
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "href"):
            if name in attributes:
                wanted = "#" if tag == "a" else "data:image/svg+xml;base64,"
                assert attributes[name].startswith(wanted), (tag, name)
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"(url\(|@import|https?://)", re.sub(r"base64,[^\"]*", "", html).replace(SVG_NAME, ""))
    (policy,) = (attributes["content"] for _, attributes in page.tags if "http-equiv" in attributes)
    assert "default-src 'none'" in policy
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{checksum}'" in policy
    assert not re.search(r"\b(eval|fetch|XMLHttpRequest|innerHTML|import|Function)\b", script)
    kinds = [attributes.get("type", "") for tag, attributes in page.tags if tag == "script"]
    assert kinds[:-1] == ["application/json"] * (len(kinds) - 1)


def test_no_text_can_break_out_of_the_data_of_the_script():
    nasty = "</script><script>alert()</script><!-- \u2028 & \\ \" '"
    html = html_of(small(nasty))
    assert html.count("<script") == html.count("</script>") == 3
    data = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert not any(letter in text for text in data for letter in "<>&")
    assert [json.loads(text)["title"] for text in data] == [nasty, nasty]


def test_every_chart_of_the_page_is_told_in_words_and_has_a_form_for_phones(document):
    page = Reader(html_of(document))
    alternatives = [attributes["alt"] for tag, attributes in page.tags if tag == "img"]
    assert len(alternatives) == len(document.figures) == 5
    assert all(len(alternative) > 40 for alternative in alternatives)
    assert sum(tag == "source" for tag, _ in page.tags) == 5


def test_page_and_paper_say_the_same(document, paper):
    page = letters("".join(Reader(html_of(document)).words))
    printed = letters("\n".join(paper[1]))
    texts = [document.title, document.headline.figure, document.headline.range, *document.headline.sentences]
    parts = [block for section in document.sections for block in section.blocks if isinstance(block, Part)]
    for section in (*document.first, *document.sections, *parts):
        texts.append(section.heading)
        for block in section.blocks:
            if isinstance(block, Part):
                continue
            if isinstance(block, Paragraph):
                texts.append(block.text)
            elif isinstance(block, Bullets):
                texts += block.items
            elif isinstance(block, Table):
                texts += [block.caption, *block.columns, *(cell for row in block.rows for cell in row)]
            elif isinstance(block, Figure):
                texts.append(block.caption)
            elif isinstance(block, Explorer):
                continue
            else:
                texts += block.lines
    assert len(texts) > 100
    for text in texts:
        assert letters(text) in page, text
        # A page may end inside of a long text, and its foot then stands in between.
        assert letters(text)[:30] in printed, text


def test_every_link_of_the_page_leads_to_one_place(document):
    tags = Reader(html_of(document)).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in tags if tag == "a"]
    assert len(links) == 1 + len(document.sections)
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_the_first_chart_of_the_page_stands_under_the_number(document):
    html = html_of(document)
    assert html.index(document.headline.sentences[0]) < html.index("<picture>") < html.index("What this rests on")


def test_the_paper_has_title_date_page_numbers_and_the_record(paper):
    pdf, pages = paper
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "People of a small town"
    assert reader.metadata.creation_date == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    for at, page in enumerate(pages, 1):
        assert f"{at} / {len(pages)}" in page
    text = letters("\n".join(pages))
    assert SHA256 in text
    assert "20240506070809UTC" in text


def test_the_same_findings_give_the_same_bytes(findings, document, paper):
    again = said(findings)
    assert html_of(again) == html_of(document)
    assert pdf_of(again) == paper[0]


NASTY = r"""#let x = 1; *b* _i_ $y$ @ref <label> <b>bold</b> & "q" 'q' \ ` = - + / // /* ~ [c] {d} {{ e }} {% f %}"""


def test_characters_that_mean_something_to_html_or_typst_are_only_characters():
    document = small(NASTY, title=NASTY)
    page = Reader(html_of(document))
    assert "".join(page.words).count(NASTY) >= 6
    assert "b" not in {tag for tag, _ in page.tags}
    text = pdf_text(pdf_of(document))
    for part in (
        "#let x = 1;",
        "*b*",
        "_i_",
        "$y$",
        "@ref",
        "<label>",
        "<b>bold</b>",
        "[c]",
        "{d}",
        "{{ e }}",
        "{% f %}",
    ):
        assert text.count(part) >= 5, part


def test_persian_is_set_from_right_to_left_without_a_font_of_the_system():
    title = "کشته‌شدگان در کردستان"
    html = html_of(small(title, title=title))
    assert '<h1 dir="auto">' + title in html
    pages = PdfReader(io.BytesIO(pdf_of(small(title, title=title)))).pages
    arabic = [c for c in pages[0].extract_text() if "\u0600" <= c <= "\u06ff" or "\ufb50" <= c <= "\ufeff"]
    assert len(arabic) >= 5 * len(letters(title)) - 5
    fonts = {str(font.get_object()["/BaseFont"]) for font in pages[0]["/Resources"]["/Font"].values()}
    assert any("DejaVuSans" in font for font in fonts)


def test_synthetic_data_is_written_on_every_page_and_every_chart(findings, document, paper):
    made_up = replace(findings, study=replace(findings.study, synthetic=True))
    synthetic = said(made_up)
    assert made_up.sentence.startswith("SYNTHETIC DATA. ")
    for page in PdfReader(io.BytesIO(pdf_of(synthetic))).pages:
        assert page.extract_text().count("SYNTHETIC DATA") >= 2
    assert "SYNTHETIC DATA" not in "\n".join(paper[1])
    assert html_of(synthetic).count("SYNTHETIC DATA") == 3
    charts = [each.figures for each in (synthetic, document)]
    assert len(charts[0]) == len(charts[1]) == 5
    for stamped, plain in zip(*charts, strict=True):
        assert stamped.alternative == f"Synthetic data. {plain.alternative}"
        # The stamp is drawn as outlines of letters in black that lets the chart through.
        for with_stamp, without in ((stamped.wide, plain.wide), (stamped.narrow, plain.narrow)):
            assert len(re.findall(rb"opacity: 0\.2\b", with_stamp)) == len(re.findall(rb"opacity: 0\.2\b", without)) + 1


def test_a_table_with_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="2 columns, but rows or alignments of another length"):
        Table("T", ("a", "b"), "lr", (("1",),))


@pytest.mark.parametrize(("value", "shown"), [(1.0, "1"), (0.98554, "0.9855"), (1234567.0, "1,234,567")])
def test_numbers_of_checks_keep_four_digits(value, shown):
    assert wording.significant(value) == shown
