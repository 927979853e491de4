import ast
import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from small_study import write_study
from test_questions import asking

import estimation.report
from estimation.capture.readers import read_table_file
from estimation.models.population_register import PopulationRegister
from estimation.report import answers, evidence, explorer, what_if, wording
from estimation.report.contents import document_of
from estimation.report.document import Bullets, Document, Explorer, Figure, Headline, Paragraph, Place, Section, Table
from estimation.report.first_page import first_page
from estimation.report.page import html_of
from estimation.report.paper import pdf_of
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import NotEstimable
from estimation.results.totals import Draws
from estimation.study.findings import find
from estimation.study.questions import Question
from estimation.study.record import record_of
from estimation.study.study_file import read_study

FOLDER = Path(estimation.report.__file__).parent
SHA256 = "ab" * 32
SVG_NAME = "http://www.w3.org/2000/svg"
"""A name, which nothing is fetched from."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    return find(read_study(write_study(folder)), parts=folder)


@pytest.fixture(scope="module")
def document(findings):
    return said(findings)


def said(findings):
    """The report of findings, made at a fixed time."""
    record = record_of(findings.study, read_table_file(findings.study.table))
    return document_of(findings, replace(record, time=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)), results_sha256=SHA256)


def with_headline(findings, result):
    return replace(findings, results={**findings.results, "Graphs": result})


def small(text="Plain.", title="A title", stamp=""):
    """A short document with a text in every place that a text can be in."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    blocks = (
        Paragraph(text),
        Bullets((text, "Another.")),
        Table(text, ("Name", "Number"), "lr", ((text, "1"), ("other", "2")), marked=1),
        Figure("chart", text, text, svg, svg),
        Explorer("curve", text, text, text, (Place(text, text, 1.0, 12.0, 11.0, None), Place("other", text, 2.0))),
        Explorer("rows", text, text, text, (Place(text, text, None, 12.0, 11.0, 13.0, "headline"), Place("b", text))),
    )
    headline = Headline("12 people", "11 to 13", "It rests on:", text, (text,))
    first = (Section("First", (Paragraph(text),)),)
    made = datetime(2024, 5, 6, tzinfo=UTC)
    return Document(title, text, stamp, headline, first, (Section("What", blocks),), "foot", made)


class Reader(HTMLParser):
    """Text and attributes of a page."""

    def __init__(self, html):
        super().__init__()
        self.words, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def letters(text):
    """Letters and digits only: what is left the same by line breaks and hyphens."""
    return "".join(c for c in text if c.isalnum())


def pdf_text(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_report_has_every_part_that_it_must_have(document):
    assert [section.heading for section in document.sections] == [
        "What is counted, and what is not",
        "What every model answers",
        "How the lists overlap",
        "Whether the computation can be trusted",
        "How far the models are apart, and what the headline assumes",
        "The same question with one thing changed",
        "Published figures beside it",
        "How to make it again",
        "The record",
        "Details of each model",
    ]


def test_no_digit_of_the_report_is_typed_by_hand():
    """Strings of the modules that write the report, format specifications and documentation aside."""
    for name in ("answers", "evidence", "figures", "remaking", "contents", "explorer", "first_page", "what_if"):
        tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
        skipped = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                skipped |= {id(part) for part in ast.walk(node.format_spec)}
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                skipped.add(id(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                text = node.value.replace("SHA-256", "")
                assert not re.search(r"\d", text), (name, node.lineno, node.value)
    template = (FOLDER / "page.html.jinja").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]*>", " ", re.sub(r"{%.*?%}|{{.*?}}", " ", template))
    assert not re.search(r"\d", words)


def test_the_headline_is_the_declared_model_with_interval_and_assumption(findings, document):
    result = findings.results["Graphs"]
    assert document.headline.figure == f"{result.median:,.0f} people"
    assert document.headline.range == str(result.interval(0.95))
    assert document.headline.assumption == result.assumptions[0]


def test_a_headline_that_is_not_estimable_is_no_number(findings):
    refused = findings.results["Two lists"]
    headline = answers.headline(with_headline(findings, replace(refused, reason="the chains disagree")))
    assert headline.figure == "No number"
    assert headline.range == "Not estimable by Chapman."
    assert any("the chains disagree" in sentence for sentence in headline.sentences)
    for result in findings.results.values():
        if not isinstance(result, NotEstimable):
            assert not any(f"{result.median:,.0f}" in text for text in (*headline.sentences, headline.range))


def test_a_bound_in_the_headline_is_called_a_bound(findings):
    headline = answers.headline(with_headline(findings, findings.results["Bound"]))
    assert headline.figure.startswith("At least ")
    assert any("lower bound and not an estimate of the total" in sentence for sentence in headline.sentences)


def test_every_model_has_its_row_its_assumption_and_if_refused_its_reason(findings, document):
    models = document.sections[1].blocks
    answers, rests = (block for block in models if isinstance(block, Table))
    assert [row[0] for row in answers.rows] == list(findings.results)
    assert answers.rows[0][1] == f"at least {findings.results['Bound'].median:,.0f}"
    assert answers.rows[2][1:] == ("not estimable", "–", "–", "–", "–")
    assert answers.marked == 1
    assert [row[1] for row in rests.rows] == [result.assumptions[0] for result in findings.results.values()]
    changes = [block for block in document.sections[4].blocks if isinstance(block, Bullets)]
    assert changes[0].items == (f"Two lists: {findings.results['Two lists'].reason}",)


def test_the_notes_of_a_number_stand_with_the_numbers_and_those_of_the_headline_on_top(findings):
    noted = {label: replace(findings.results[label], notes=(f"Mind {label}.",)) for label in ("Graphs", "Coverage")}
    noted_findings = replace(findings, results={**findings.results, **noted})
    assert "Mind Graphs." in answers.headline(noted_findings).sentences
    notes = next(block for block in answers.every_model(noted_findings).blocks if isinstance(block, Bullets))
    assert "Coverage: Mind Coverage." in notes.items
    assert not any("Mind Graphs" in item for item in notes.items)


def test_chains_that_failed_are_shown_with_a_warning_to_read_no_number_from_them(findings):
    rng = np.random.default_rng(3)
    failed = Diagnostics((Check("R-hat of N", 1.4, 1.01, False, "Chains agree."),))
    refused = replace(
        findings.results["Two lists"], diagnostics=failed, evidence=Draws(rng.integers(300, 400, (4, 200)))
    )
    trust = evidence.trust(with_headline(findings, refused)).blocks
    figures = [block for block in trust if isinstance(block, Figure)]
    assert [figure.name for figure in figures] == ["trace", "ranks"]
    assert all("read no number from them" in figure.caption for figure in figures)
    assert any(isinstance(b, Paragraph) and b.tone == "warning" and "Not to be trusted" in b.text for b in trust)
    assert any(isinstance(b, Table) and b.rows[0][3] == "failed" for b in trust)


def test_published_figures_stand_beside_the_headline_with_their_source(document):
    section = next(s for s in document.sections if s.heading == "Published figures beside it")
    assert section.blocks[0].rows[0][:3] == ("Census", "350", "340 to 360")
    assert section.blocks[1].items == ("Census: The census of the town",)


def test_a_study_without_references_or_path_has_no_part_for_them(findings):
    bare = replace(findings, sensitivities={}, study=replace(findings.study, references=()))
    assert answers.published(bare) is None
    assert not any(isinstance(block, Figure | Table) for block in answers.changes(bare).blocks)


def test_the_page_asks_nothing_of_any_network_and_runs_the_one_script_that_its_policy_names(document):
    html = html_of(document)
    page = Reader(html)
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "object", "embed", "base", "form"}
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "href"):
            if name in attributes:
                assert attributes[name].startswith("data:image/svg+xml;base64,"), (tag, name)
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
    assert len(alternatives) == 4
    assert all(len(alternative) > 40 for alternative in alternatives)
    assert sum(tag == "source" for tag, _ in page.tags) == 4


def test_page_and_paper_say_the_same(document):
    page = letters("".join(Reader(html_of(document)).words))
    paper = letters(pdf_text(pdf_of(document)))
    texts = [document.title, document.headline.figure, document.headline.range, *document.headline.sentences]
    for section in (*document.first, *document.sections):
        texts.append(section.heading)
        for block in section.blocks:
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
        assert letters(text)[:30] in paper, text


ASKED = """[sensitivity]
model = "Coverage"
leave_one_list_out = true
merge_two_lists = true
delta = [0.0625, 0.125, 1]
odds_ratio = { pair = ["A", "C"], values = [0.5, 2]}
linkage_error = {false_match = [0, 0.1], missed_match = [0], model = "Bound"}
"""


DELTA = Question("delta", "setting", "Graphs")


def answer(found, key):
    """The answer to the question of a key."""
    return next(answer for question, answer in found.sensitivities.items() if question.key == key)


def items(section):
    """All sentences of a section of the first page."""
    return [text for b in section.blocks for text in (b.items if isinstance(b, Bullets) else (b.text,))]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A study that asks questions of every kind."""
    folder = tmp_path_factory.mktemp("asked")
    return find(read_study(asking(folder, ASKED)), parts=folder)


def test_the_first_page_of_the_paper_has_all_that_must_be_known_and_nothing_else(asked):
    document = said(asked)
    first, second = (page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(document))).pages[:2])
    for section in document.first:
        assert letters(section.heading) in letters(first)
        for text in items(section):
            assert letters(text) in letters(first), text
    assert letters(document.sections[0].heading) not in letters(first)
    assert document.sections[0].heading in second


def test_a_first_page_with_much_to_say_is_set_in_smaller_letters_and_still_one_page():
    long = replace(small(), first=(Section("Much", (Bullets(tuple(f"Sentence {n}. " * 12 for n in range(11))),)),))
    first = PdfReader(io.BytesIO(pdf_of(long))).pages[0].extract_text()
    assert "Sentence 10." in first


def test_the_first_page_says_what_would_change_the_number_from_the_strongest_change_of_each_kind(asked):
    models, lists, setting, stated = items(first_page(asked)[1])
    assert models == answers.differences(asked)
    by_label = {
        a.label: a.result for k in ("leave_one_list_out", "merge_two_lists") for a in answer(asked, k).alternatives
    }
    was = asked.results["Coverage"].median
    label = max(by_label, key=lambda label: abs(np.log(by_label[label].median / was)))
    assert f"{wording.sentence_case(label)}: {by_label[label].median:,.0f} people" in lists
    assert f"where it was {was:,.0f}" in lists
    assert "odds ratio" in setting or "delta" in setting
    assert answer(asked, "figure 450: zero capture probability").finding in stated
    assert answer(asked, "figure 450: list dependence").finding in stated


def test_the_first_page_says_what_the_number_is_not(findings):
    def said_of(findings):
        return " ".join(items(first_page(findings)[2]))

    assert "Not a list of names" in said_of(findings)
    assert "Not a finding of who is responsible" in said_of(findings)
    assert "lower bound" not in said_of(findings)
    assert "lower bound" in said_of(with_headline(findings, findings.results["Bound"]))
    register = PopulationRegister(900, "the register of the town")
    assert register.sentence in said_of(replace(findings, study=replace(findings.study, register=register)))
    assert "synthetic" in said_of(replace(findings, study=replace(findings.study, synthetic=True)))


def test_the_first_page_compares_a_bound_with_bounds_and_no_number_with_nothing(asked):
    refused, bound = asked.results["Two lists"], asked.results["Bound"]
    lists = answer(asked, "leave_one_list_out")
    lower, higher = (
        replace(lists.alternatives[0], label=label, result=replace(bound, total=replace(bound.total, value=value)))
        for label, value in (("without A", bound.median - 9), ("without B", bound.median + 99))
    )
    other = replace(lists.alternatives[0], label="without C", result=asked.headline)

    def said_of(baseline, *alternatives):
        found = {
            Question("leave_one_list_out", "lists", "Coverage"): replace(
                lists, baseline=baseline, alternatives=alternatives
            )
        }
        return items(first_page(replace(asked, sensitivities=found))[1])[1]

    assert f"Without B: at least {bound.median + 99:,.0f} people" in said_of(bound, lower, higher, other)
    assert "Nothing that was tried moves the number" in said_of(bound, other)
    assert "there is no number to move" in said_of(refused, lower, higher)
    silent = first_page(replace(with_headline(asked, refused), sensitivities={}))[1]
    assert items(silent)[1:] == [
        "The study asks nothing about its lists, its settings or its assumptions beyond these models."
    ]


def test_the_first_page_names_the_models_that_gave_no_number_and_says_shortly_why(findings):
    (refused,) = items(first_page(findings)[3])
    reason = findings.results["Two lists"].reason
    assert refused.startswith("Two lists: ")
    assert reason.startswith(refused.removeprefix("Two lists: ").rstrip("."))
    some = {label: result for label, result in findings.results.items() if label != "Two lists"}
    assert items(first_page(replace(findings, results=some))[3]) == [
        "None. The study declares three models, and each gave a number."
    ]


def test_every_question_of_one_number_can_be_explored_and_no_other(asked):
    explorers = {question.key: explorer.curve(question, found) for question, found in asked.sensitivities.items()}
    assert [key for key, found in explorers.items() if found] == ["delta", "odds_ratio"]
    (path,) = explorers["delta"]
    results = [alternative.result for alternative in answer(asked, "delta").alternatives]
    assert [place.value for place in path.places] == [0.0625, 0.125, 1.0]
    assert [place.median for place in path.places] == [result.median for result in results]
    assert path.places[2].words == f"At delta = 1: {results[2].median:,.0f} people, {results[2].interval()}."
    assert path.start == 1


def test_the_answer_with_nothing_changed_is_on_the_curve_though_it_was_not_asked_for(asked):
    found = answer(asked, "delta")
    (path,) = explorer.curve(DELTA, replace(found, alternatives=(found.alternatives[0], found.alternatives[2])))
    assert [place.value for place in path.places] == [0.0625, 0.125, 1.0]
    assert path.places[path.start].label == "0.125, the baseline"
    assert path.places[path.start].median == asked.headline.median


def test_an_answer_without_a_number_can_be_gone_to_and_says_why(asked, findings):
    found = answer(asked, "delta")
    refused = replace(found.alternatives[0], result=findings.results["Two lists"])
    (path,) = explorer.curve(DELTA, replace(found, alternatives=(*found.alternatives[1:], refused)))
    assert path.places[0].median is None
    assert path.places[0].words.startswith("At delta = 0.0625: not estimable: ")
    nothing = replace(found, alternatives=(refused, replace(refused, value=3.0)))
    assert explorer.curve(DELTA, nothing) == ()


def test_the_models_to_choose_from_are_all_models_and_all_published_figures(findings):
    (choice,) = explorer.rows(findings)
    marks = {place.label: place.mark for place in choice.places}
    assert marks == {
        "Bound": "bound",
        "Graphs": "headline",
        "Two lists": "plain",
        "Coverage": "plain",
        "Census": "published",
    }
    alone = replace(findings, results={"Graphs": findings.headline}, study=replace(findings.study, references=()))
    assert explorer.rows(alone) == ()


def test_who_was_observed_stands_beside_the_answers_only_where_it_differs(asked):
    section = what_if.questions(asked)
    columns = [block.columns for block in section.blocks if isinstance(block, Table)]
    assert ("Changed", "Number", "Lower", "Upper") in columns
    assert ("Changed", "Number", "Lower", "Upper", "Observed") in columns


def test_the_paper_has_title_date_page_numbers_and_the_record(document):
    pdf = pdf_of(document)
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "People of a small town"
    assert reader.metadata.creation_date == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    for at, page in enumerate(reader.pages, 1):
        assert f"{at} / {len(reader.pages)}" in page.extract_text()
    text = letters(pdf_text(pdf))
    assert SHA256 in text
    assert "20240506070809UTC" in text


def test_the_same_findings_give_the_same_bytes(findings, document):
    again = said(findings)
    assert html_of(again) == html_of(document)
    assert pdf_of(again) == pdf_of(document)


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


def test_synthetic_data_is_written_on_every_page_and_every_chart(findings, document):
    made_up = replace(findings, study=replace(findings.study, synthetic=True))
    synthetic = said(made_up)
    assert made_up.sentence.startswith("SYNTHETIC DATA. ")
    for page in PdfReader(io.BytesIO(pdf_of(synthetic))).pages:
        assert page.extract_text().count("SYNTHETIC DATA") >= 2
    assert "SYNTHETIC DATA" not in pdf_text(pdf_of(document))
    assert html_of(synthetic).count("SYNTHETIC DATA") == 3
    charts = [
        [block for section in each.sections for block in section.blocks if isinstance(block, Figure)]
        for each in (synthetic, document)
    ]
    assert len(charts[0]) == len(charts[1]) == 4
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
