"""The report of a study that asks questions of every kind: page one, numbering, contents, and what can be explored."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from pypdf import PdfReader
from report_cases import first_page_of, items, letters, said, small, with_headline
from small_study import write_study
from test_questions import asking

from estimation.claims import Claim
from estimation.models.population_register import PopulationRegister
from estimation.models.registry import MODELS
from estimation.report import explorer, first_page, sensitivity, wording
from estimation.report.document import (
    Bullets,
    Section,
    Table,
    blocks_of,
)
from estimation.report.paper import pdf_of
from estimation.report.plain_english import assumption_in_plain_english
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import NotEstimable
from estimation.results.rounding import rounded
from estimation.results.totals import Draws
from estimation.study.findings import find
from estimation.study.questions import Question
from estimation.study.study_file import read_study


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    return find(read_study(write_study(folder)), parts=folder)


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


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A study that asks questions of every kind."""
    folder = tmp_path_factory.mktemp("asked")
    return find(read_study(asking(folder, ASKED)), parts=folder)


@pytest.fixture(scope="module")
def asked_document(asked):
    return said(asked, charts=("comparison",))


@pytest.fixture(scope="module")
def asked_pages(asked_document):
    """The text of each page of its paper."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(asked_document))).pages]


def test_the_headline_is_the_declared_model_rounded_and_its_assumption_stands_on_page_one(findings):
    document, result = said(findings, charts=()), findings.results["Graphs"]
    shown = rounded(result)
    assert document.headline.figure == f"About {shown.point:,.0f} people"
    assert document.headline.range == shown.interval_text
    (lists,) = document.headline.sentences
    assert lists == f"Three lists name 217 of them; about {shown.point - 217:,.0f} are on none of the lists."
    rests = items(document.first[0])[0]
    assert rests.startswith(
        "The study chose the model “Graphs” for this number. We assume that what links the lists is a "
    )
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


def test_a_number_whose_computation_failed_is_warned_of_on_page_one(findings):
    failed = Diagnostics((Check("R-hat of N", 1.4, 1.01, False, "Chains agree."),))
    rests = first_page_of(with_headline(findings, replace(findings.headline, diagnostics=failed)))[0]
    assert rests.blocks[0].tone == "warning"
    assert "Not to be trusted" in rests.blocks[0].text


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
    change = next(text for text in items(document.first[1]) if text.startswith("Without "))
    assert "leave-one-list-out" in by_number[int(re.search(r"figure (\d+)", change)[1])].name


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
    assert re.match(r"If \d+ % of the (true )?matches (between the lists )?were (false|missed)", linkage)
    assert re.match(
        r"If people on \w+ were more likely to be on \w+ too \(an odds ratio of |With another setting \(delta = ",
        setting,
    )
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


def test_page_one_has_plain_words_for_every_model_whose_assumption_no_setting_changes(asked):
    headline = asked.headline
    depends_on_settings = {"log-linear", "heterogeneity", "nhoi", "chao", "robust-range", "doubly-robust"}
    for name in MODELS:
        sentence = assumption_in_plain_english(replace(headline, model=name))
        assert sentence.startswith("The model assumes: " if name in depends_on_settings else "We assume that "), name
        if name not in depends_on_settings:
            for term in ("independent", "latent", "decomposable", "interaction", "log-linear", "hierarchical", "BIC"):
                assert term not in sentence, name
