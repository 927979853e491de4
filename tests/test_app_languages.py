"""The page in other languages: what the package says is translated, and what is not is marked as English."""

import inspect
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from app_driver import Page

from estimation.app.jobs.models import help_of
from estimation.app.package_findings import Places, parted
from estimation.app.package_sentences import FURTHER, HELP, LABELS_TO_BEGIN, QUESTIONS, TITLES
from estimation.app.package_settings import SETTINGS
from estimation.app.spoken import Speaker
from estimation.app.words import words_of
from estimation.capture.datasets import load_table
from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.inspection import inspect_table
from estimation.capture.table import CaptureTable
from estimation.models.classical.pairs_by_chapman import pairs_by_chapman
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.models.log_linear.compare_heterogeneity import compare_heterogeneity
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.protocol import settings_of
from estimation.models.registry import MODELS, default_models, make_model
from estimation.sensitivity import (
    consistency,
    leave_one_list_out,
    linkage_error,
    merge_two_lists,
    odds_ratio,
    one_inflation,
    pairs,
    subsets,
    tipping_dependence,
    tipping_linkage_error,
    tipping_share,
    vary_setting,
)

OTHERS = ("es", "fa")
THREE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 50, "010": 40, "001": 60, "110": 10, "101": 20, "011": 15, "111": 20}
)
LONG = re.compile(r"(?:[A-Za-z][A-Za-z'’,.-]*\s+){3,}[A-Za-z]")
PLACES = ("/", "/file", "/names", "/table", "/counted", "/models", "/questions", "/run", "/results",
          "/pairs", "/heterogeneity", "/prior", "/plan", "/events")  # fmt: skip


class Unmarked(HTMLParser):
    """Texts with more than three Latin words that stand outside of what is marked as English, a name or code."""

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in {"meta", "link", "input", "img", "br", "hr"}:
            self.open.append((tag, dict(attributes).get("lang") == "en"))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        marked = any(english or tag in {"bdi", "code", "pre", "style", "script"} for tag, english in self.open)
        if LONG.search(data) and not marked:
            self.found.append(data.strip())


def unmarked_in(html):
    parser = Unmarked()
    parser.feed(html)
    return parser.found


def not_known(text):
    """The sentences of a text that the page cannot translate."""
    if all(text in words_of(code).language.sentences for code in OTHERS):
        return []
    return [part for part in parted(text) if not isinstance(part, Places)]


def test_every_model_has_its_title_and_all_that_it_assumes_by_default_in_every_language():
    models = [make_model(name, {}) for name in MODELS]
    assert [text for model in models for text in model.assumptions if not_known(text)] == []
    assert {model.title for model in models} == set(TITLES)
    assert set(FURTHER) < {text for model in models for text in model.assumptions}


def test_the_labels_of_the_models_to_begin_with_are_translated():
    two = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    once = CaptureFrequencies([30, 12, 4])
    labels = {label for table in (THREE, two, once) for label in default_models(table)}
    assert labels - set(TITLES) == set(LABELS_TO_BEGIN)
    assert sorted(label for label in labels if not_known(label)) == []


def test_the_help_of_every_setting_of_every_model_is_translated():
    found = set()
    for model in (make_model(name, {}) for name in MODELS):
        helped = help_of(inspect.getdoc(type(model)) or "")
        found |= {helped[name][1] for name, _ in settings_of(model)}
    assert "" not in found
    assert sorted(text for text in found if not_known(text)) == []
    assert set(SETTINGS) == found - set(HELP)


def test_each_answer_and_question_that_a_study_asks_is_translated():
    lists, graphs = {"model": LogLinear(), "rng": 1}, NoHighestOrderInteraction()
    found = [ask(THREE, **lists) for ask in (leave_one_list_out, merge_two_lists, consistency, one_inflation)]
    found.append(subsets(THREE, smallest=2, **lists))
    found += [one_inflation(load_table("australia"), **lists), consistency(load_table("australia"), **lists)]
    found.append(linkage_error(THREE, false_match=[0, 0.02], missed_match=[0, 0.05], **lists))
    found.append(vary_setting(THREE, "xi", [0.5, 2], model=graphs, rng=1))
    found += [odds_ratio(THREE, [0.5, 2], pair=("A", "B"), rng=1), pairs(THREE, model=graphs, rng=1)]
    two = CaptureTable.from_histories(["A", "B"], {"10": 540, "01": 300, "11": 120})
    of_two = LincolnPetersen().fit(two, rng=1)
    for figure in (500, 1500, 2400, 3000, 10**9):
        found.append(tipping_share(of_two, figure))
        found.append(tipping_dependence(two, figure, model=graphs, rng=1))
        found.append(tipping_linkage_error(two, figure, model=LincolnPetersen(), rng=1))
    lacking = [(each.question, not_known(each.finding)) for each in found if not_known(each.finding)]
    assert lacking == []
    assert [each.question for each in found if not_known(each.question)] == []
    assert set(QUESTIONS) - {each.question for each in found} == {
        "What if a capture history had another prior weight, delta?",
        "What if the prior on N were another?",
    }


@pytest.mark.parametrize("name", ["australia", "kosovo", "uk", "new_orleans_five_lists"])
def test_what_a_table_says_before_any_model_is_translated(name):
    found = inspect_table(load_table(name))
    said = [*found.sentences, *(pair.hint for pair in found.pairs)]
    assert [text for text in said if not_known(text)] == []
    assert not_known(pairs_by_chapman(load_table(name)).finding) == []


def test_all_forms_of_heterogeneity_side_by_side_are_translated():
    assert not_known(compare_heterogeneity(THREE, rng=1).finding) == []


def test_numbers_labels_and_names_stand_in_a_translated_sentence_as_they_should():
    persian, spanish = Speaker(words_of("fa")), Speaker(words_of("es"))
    text = "The median ranges from 7,123 (without B) to 11,770 (A and دادگاه merged), a factor of 1.65."
    said = str(persian.spoken(text, ["A", "B", "دادگاه"]))
    assert "<bdi>۷٬۱۲۳</bdi>" in said
    assert "<bdi>۱٫۶۵</bdi>" in said
    assert "بدون <bdi>B</bdi>" in said
    assert "<bdi>A</bdi> و <bdi>دادگاه</bdi>" in said
    several = "It lies outside the 95 % credible interval of the baseline for without B, without <A>."
    assert spanish.spoken(several, ["<A>", "B"]).striptags() == (
        "Queda fuera del intervalo de credibilidad del 95 % del resultado de partida en: sin B, sin &lt;A&gt;."
    ).replace("&lt;", "<").replace("&gt;", ">")
    assert "&lt;A&gt;" in spanish.spoken(several, ["<A>", "B"])


def test_what_is_not_translated_stands_beside_it_as_english():
    said = str(Speaker(words_of("fa")).spoken("Not estimable: A. The moon is made of cheese.", ["A"]))
    assert said.endswith(' <bdi lang="en" dir="ltr">The moon is made of cheese.</bdi>')
    assert unmarked_in(said) == []
    assert unmarked_in("<p>The moon is made of cheese.</p>") != []


@pytest.mark.parametrize("code", OTHERS)
def test_no_page_has_an_english_sentence_that_is_not_marked(tmp_path, code):
    made_of(tmp_path)
    page = Page(tmp_path, code)
    found = {place: unmarked_in(page.see(place)) for place in PLACES}
    if code == "fa":  # Spanish has Latin letters itself
        assert {place: texts for place, texts in found.items() if texts} == {}
    english = re.findall(r'lang="en"[^>]*>([^<]*)<', page.see("/results") + page.see("/table") + page.see("/pairs"))
    assert [text for text in english if text not in {"English", "AIC", "BIC"}] == []
    assert words_of(code).language.mark in page.see("/results")


def made_of(folder):
    """A folder with a table, a study and its results, without running anything."""
    folder.joinpath("t.csv").write_text(THREE.csv_text + "\n", encoding="utf-8")
    folder.joinpath("study.toml").write_text(
        'table = "t.csv"\nseed = 1\nheadline = "Log-linear model"\n\n[[model]]\nlabel = "Log-linear model"\n'
        'name = "log-linear"\n',
        encoding="utf-8",
    )
    answer = LogLinear().fit(THREE, rng=1)
    asked = leave_one_list_out(THREE, model=LogLinear(), rng=1)
    model = {"label": "Log-linear model", "estimable": True, "point": 300.0, "lower": 250.0, "upper": 400.0,
             "interval_kind": "confidence", "is_lower_bound": False, "assumptions": [*answer.assumptions]}  # fmt: skip
    found = {
        "title": "Deaths", "synthetic": False, "table": {"lists": dict.fromkeys(THREE.lists, 1)},
        "headline": {"label": "Log-linear model", "sentence": f"Deaths: {answer}"}, "models": [model],
        "sensitivity": {"leave_one_list_out": {"question": asked.question, "finding": asked.finding}},
    }  # fmt: skip
    results = Path(folder, "results")
    results.joinpath("charts").mkdir(parents=True)
    results.joinpath("results.json").write_text(json.dumps(found), encoding="utf-8")
    results.joinpath("charts", "sensitivity-01-leave-one-list-out.svg").write_text("<svg/>", encoding="utf-8")
