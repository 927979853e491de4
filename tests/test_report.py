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
from estimation.claims import Claim
from estimation.models.population_register import PopulationRegister
from estimation.report import claims, computation, estimates, explorer, first_page, sensitivity, wording
from estimation.report.contents import document_of
from estimation.report.document import (
    Bullets,
    Document,
    Explorer,
    Figure,
    Headline,
    Paragraph,
    Part,
    Place,
    Section,
    Table,
    blocks_of,
)
from estimation.report.figures import sensitivity_name
from estimation.report.page import html_of
from estimation.report.paper import pdf_of
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import NotEstimable
from estimation.results.rounding import rounded
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
        Figure("chart", text, text, svg, svg, number=2),
        Explorer("curve", text, text, text, (Place(text, text, 1.0, 12.0, 11.0, None), Place("other", text, 2.0))),
        Part(text, (Paragraph(text), Table(text, ("Name", "Number"), "lr", ((text, "1"),), is_folded=True, number=2))),
        Explorer("rows", text, text, text, (Place(text, text, None, 12.0, 11.0, 13.0, "headline"), Place("b", text))),
    )
    headline = Headline("12 people", "11 to 13", (text,))
    chart = Figure("chart", text, text, svg, svg, number=1)
    first = (Section("First", (Paragraph(text),)),)
    made = datetime(2024, 5, 6, tzinfo=UTC)
    return Document(title, text, stamp, headline, chart, first, (Section("What", blocks),), "foot", made)


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
        "Estimates of every model",
        "How the lists overlap",
        "Whether the computation worked",
        "Sensitivity: one thing changed",
        "Published figures",
        "How to reproduce this report",
        "Appendix: details of each model",
    ]


def test_no_digit_of_the_report_is_typed_by_hand():
    """Strings of the modules that write the report, format specifications and documentation aside."""
    for path in sorted(FOLDER.glob("*.py")):
        if path.name in ("page.py", "paper.py", "wording.py", "document.py"):
            continue  # renderers and nouns, which say nothing
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


def test_the_headline_is_the_declared_model_rounded_and_its_assumption_stands_on_page_one(findings, document):
    result = findings.results["Graphs"]
    shown = rounded(result)
    assert document.headline.figure == f"About {shown.point:,.0f} people"
    assert document.headline.range == shown.interval_text
    (lists,) = document.headline.sentences
    assert lists == f"Three lists name 217 of them; about {shown.point - 217:,.0f} are on none of the lists."
    rests = items(document.first[0])[0]
    assert result.assumptions[0] in rests
    assert "the probability that the true number lies in the interval is 95 %" in rests


def test_an_interval_that_is_no_posterior_is_not_read_as_a_probability(findings):
    rests, *_ = first_page_of(with_headline(findings, findings.results["Coverage"]))
    assert "95 % of the intervals made in this way hold the true number" in items(rests)[0]
    assert "probability" not in items(rests)[0].replace(findings.results["Coverage"].assumptions[0], "")


def test_a_headline_that_is_not_estimable_is_no_number(findings):
    refused = with_headline(findings, replace(findings.results["Two lists"], reason="the chains disagree"))
    headline = first_page.headline(refused)
    assert headline.figure == "No number"
    assert any("the chains disagree" in sentence for sentence in headline.sentences)
    assert "No other model takes its place here" in items(first_page_of(refused)[0])[0]
    for result in findings.results.values():
        if not isinstance(result, NotEstimable):
            assert not any(f"{result.median:,.0f}" in text for text in (*headline.sentences, headline.range))


def test_a_bound_in_the_headline_is_called_a_bound(findings):
    bound = with_headline(findings, findings.results["Bound"])
    headline = first_page.headline(bound)
    assert headline.figure.startswith("At least ")
    assert "at least " in headline.sentences[0]
    assert "The number is a lower bound: the true number may be larger" in items(first_page_of(bound)[0])[0]


def test_draws_of_another_seed_give_the_same_headline(findings):
    """Draws like those for Kosovo, 8 chains of 2,500; the seeds are fixed, so that it cannot fail by luck."""
    headlines = set()
    for seed in range(1, 6):
        unseen = np.random.default_rng(seed).lognormal(np.log(6022), 0.18, (8, 2500))
        result = replace(findings.results["Graphs"], total=Draws(4400 + unseen.astype(int)), n_observed=4400)
        headlines.add(first_page.headline(with_headline(findings, result)).figure)
    assert headlines == {"About 10,400 people"}


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


def test_a_number_whose_computation_failed_is_warned_of_on_page_one(findings):
    failed = Diagnostics((Check("R-hat of N", 1.4, 1.01, False, "Chains agree."),))
    rests = first_page_of(with_headline(findings, replace(findings.headline, diagnostics=failed)))[0]
    assert rests.blocks[0].tone == "warning"
    assert "Not to be trusted" in rests.blocks[0].text


def test_published_figures_stand_beside_the_headline_with_their_source(document):
    section = next(s for s in document.sections if s.heading == "Published figures")
    assert section.blocks[0].rows[0][:3] == ("Census", "350", "340 to 360")
    assert section.blocks[1].items == ("Census: The census of the town",)


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
    assert len(alternatives) == len(document.figures) == 4
    assert all(len(alternative) > 40 for alternative in alternatives)
    assert sum(tag == "source" for tag, _ in page.tags) == 4


def test_page_and_paper_say_the_same(document):
    page = letters("".join(Reader(html_of(document)).words))
    paper = letters(pdf_text(pdf_of(document)))
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


def first_page_of(findings):
    """Page one under the number and the chart."""
    numbers = {sensitivity_name(findings, q): at for at, q in enumerate(findings.sensitivities, 2)}
    return first_page.first_page(findings, figure_numbers=numbers | {"comparison": 1})


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A study that asks questions of every kind."""
    folder = tmp_path_factory.mktemp("asked")
    return find(read_study(asking(folder, ASKED)), parts=folder)


@pytest.fixture(scope="module")
def asked_document(asked):
    return said(asked)


@pytest.fixture(scope="module")
def asked_pages(asked_document):
    """The text of each page of its paper."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(asked_document))).pages]


def test_the_first_page_of_the_paper_has_all_that_must_be_known_and_nothing_else(asked_document, asked_pages):
    document = asked_document
    first, second = asked_pages[:2]
    for section in document.first:
        assert letters(section.heading) in letters(first)
        for text in items(section):
            assert letters(text) in letters(first), text
    assert "Contents" not in first
    assert letters(document.sections[0].heading) in letters(second)
    assert letters("Figure 1. " + document.chart.caption) in letters(first)


def test_page_one_says_nothing_that_only_an_analyst_needs(asked_document):
    texts = [text for section in asked_document.first for text in items(section)]
    for word in ("R-hat", "ESS", "posterior", "prior", "mode ", "median", "chain", "draw"):
        assert not any(word in text for text in texts), word


def test_figures_and_tables_are_numbered_in_their_order_and_pages_refer_to_them(asked_document):
    document = asked_document
    tables = [block for block in blocks_of(document.sections) if isinstance(block, Table)]
    assert [figure.number for figure in document.figures] == list(range(1, len(document.figures) + 1))
    assert [table.number for table in tables] == list(range(1, len(tables) + 1))
    by_number = {figure.number: figure for figure in document.figures}
    change = next(text for text in items(document.first[1]) if text.startswith("What if one of the lists"))
    assert "leave-one-list-out" in by_number[int(re.search(r"figure (\d+)", change)[1])].name


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


def test_the_paper_has_a_table_of_contents_with_the_pages_of_its_parts(asked_document, asked_pages):
    pages = [letters(text) for text in asked_pages]
    for section in asked_document.sections:
        heading = letters(section.heading)
        page = re.search(heading + r"(\d+)", pages[1])
        assert page is not None, section.heading
        assert heading in pages[int(page[1]) - 1].replace(page[0], "")


def test_a_first_page_with_much_to_say_is_set_in_smaller_letters_and_still_one_page():
    long = replace(small(), first=(Section("Much", (Bullets(tuple(f"Sentence {n}. " * 12 for n in range(11))),)),))
    first = PdfReader(io.BytesIO(pdf_of(long))).pages[0].extract_text()
    assert "Sentence 10." in first


def test_the_first_page_says_what_would_change_the_number_from_the_strongest_change_of_each_kind(asked):
    models, lists, linkage, setting, refused = items(first_page_of(asked)[1])
    assert models.startswith("The one other model that estimates the total gives ")
    assert "figure 1" in models
    by_label = {
        a.label: a.result for k in ("leave_one_list_out", "merge_two_lists") for a in answer(asked, k).alternatives
    }
    was = asked.results["Coverage"].median
    label = max(by_label, key=lambda label: abs(np.log(by_label[label].median / was)))
    assert label in lists.replace("Without", "without")
    assert f"would give {wording.about(by_label[label])} instead of {wording.about(asked.results['Coverage'])}" in lists
    assert "matches" in linkage
    assert "theta = " in setting or "delta = " in setting
    assert refused.startswith("One of four models gives no number: Two lists.")


def test_each_claim_and_stated_figure_has_its_probability_and_what_it_would_take(asked):
    (stated,) = [section for section in first_page_of(asked) if section.heading == "The claim of 350 to 450"]
    (text,) = items(stated)
    probability = asked.headline.total.probability_at_least(450)
    assert f"The probability that the number is at least 450 is {wording.percent(probability)} under this model" in text
    share = answer(asked, "figure 450: zero capture probability").alternatives[0].value
    assert f"if {wording.percent(share)} of all people could not be on any list (zero capture probability)" in text


def test_a_claim_is_held_against_an_interval_that_is_no_posterior_without_a_probability_of_its_own(asked):
    point = with_headline(asked, asked.results["Coverage"])
    without = replace(point, results={k: r for k, r in point.results.items() if k != "Two lists"})
    (text,) = [items(section)[0] for section in first_page_of(without) if section.heading == "The claim of 350 to 450"]
    assert "450 lies above the interval of this model." in text
    assert "under this model" not in text


def test_page_one_keeps_the_claims_that_are_farthest_from_the_number(asked):
    many = [
        Claim(f"Someone {n}", "2000", "total", figure, None, "So many.", "A book")
        for n, figure in enumerate((300, 5_000, 310, 6_000, 450))
    ]
    study = replace(asked.study, claims_file=replace(asked.study.claims_file, claims=tuple(many)))
    headings = [section.heading for section in first_page_of(replace(asked, study=study))]
    claimed = [heading for heading in headings if heading.startswith("The claim of ")]
    assert claimed == ["The claim of 5,000", "The claim of 6,000", "The claim of 450"]


def test_the_first_page_says_what_the_number_is_not(findings):
    def text_of(findings):
        return " ".join(text for section in first_page_of(findings) for text in items(section))

    assert "It is not a list of names" in text_of(findings)
    assert "It does not say who is responsible." in text_of(findings)
    assert "lower bound" not in text_of(findings)
    assert "lower bound" in text_of(with_headline(findings, findings.results["Bound"]))
    register = PopulationRegister(900, "the register of the town")
    assert register.sentence in text_of(replace(findings, study=replace(findings.study, register=register)))
    assert "synthetic" in text_of(replace(findings, study=replace(findings.study, synthetic=True)))


def test_the_first_page_compares_a_bound_with_bounds_and_no_number_with_nothing(asked):
    refused, bound = asked.results["Two lists"], asked.results["Bound"]
    lists = answer(asked, "leave_one_list_out")
    lower, higher = (
        replace(lists.alternatives[0], label=label, result=replace(bound, total=replace(bound.total, value=value)))
        for label, value in (("without A", bound.median - 9), ("without B", bound.median + 99))
    )
    other = replace(lists.alternatives[0], label="without C", result=asked.headline)

    def lists_of(baseline, *alternatives):
        changed = replace(lists, baseline=baseline, alternatives=alternatives)
        found = {Question("leave_one_list_out", "lists", "Coverage"): changed}
        return items(first_page_of(replace(asked, sensitivities=found))[1])[1]

    assert f"Without B, the model “Coverage” would give at least {bound.median + 99:,.0f}" in lists_of(
        bound, lower, higher, other
    )
    assert "No change of the lists that the study tried moves the number" in lists_of(bound, other)
    assert "there is no number to move" in lists_of(refused, lower, higher)


def test_page_one_of_a_study_that_asks_nothing_says_so(findings):
    alone = replace(findings, sensitivities={}, results={"Graphs": findings.headline})
    assert items(first_page_of(alone)[1]) == [
        "The study asks one model only, so it cannot show what another would answer.",
        "The study asks nothing about its lists, its settings or its linkage beyond its models.",
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
    section = sensitivity.one_thing_changed(asked)
    columns = [block.columns for block in blocks_of([section]) if isinstance(block, Table)]
    assert ("Changed", "Estimate", "Lower", "Upper") in columns
    assert ("Changed", "Estimate", "Lower", "Upper", "Observed") in columns


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
    charts = [each.figures for each in (synthetic, document)]
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
