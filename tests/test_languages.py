"""Sentences in other languages: nothing lost, nothing missing, every use marked until a speaker has signed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from estimation.errors import SettingError
from estimation.text.languages import AREAS, language, language_codes, places_in

PACKAGE = Path(__file__).parent.parent / "estimation"
FORMS = {"ar": {"one", "two", "few", "many", "other"}}
CATALOGS = [(code, area) for area in AREAS for code in language_codes(area) if code != "en"]
IN_TEMPLATES = re.compile(r"""\b(?:say|plain)\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")


def used_in(area: str) -> tuple[set[str], dict[str, str]]:
    """The English sentences that the code of an area says, and what it counts: the singular by the plural."""
    sentences: set[str] = set()
    counted: dict[str, str] = {}
    for path in sorted((PACKAGE / area).rglob("*.py")):
        for name, texts in texts_given(ast.parse(path.read_text(encoding="utf-8"))):
            if name == "count":
                counted[texts[1]] = texts[0]
            else:
                sentences.update(texts)
    templates = [path for kind in ("*.jinja", "*.html", "*.js") for path in sorted((PACKAGE / area).rglob(kind))]
    for path in templates:
        sentences |= {one or other for one, other in IN_TEMPLATES.findall(path.read_text(encoding="utf-8"))}
    return sentences, counted


def texts_given(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Each call of `say`, `plain`, `count` or `sentence` with the texts in it, both where one of two is chosen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rsplit(".", maxsplit=1)[-1]
            if name in {"say", "plain", "count", "sentence"}:
                given = node.args[1:3] if name == "count" else node.args[:1]
                texts = [text for argument in given for text in literals(argument)]
                if texts and (name != "count" or len(texts) == 2):
                    yield name, texts


def literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@pytest.mark.parametrize(("code", "area"), CATALOGS)
def test_every_translation_has_the_places_of_its_english(code, area):
    catalog = language(code, area)
    wrong = [english for english, text in catalog.sentences.items() if places_in(text) != places_in(english)]
    for many, forms in catalog.counted.items():
        wrong += [many for text in forms.values() if places_in(text) | {"n"} != places_in(many) | {"n"}]
        wrong += [many] if set(forms) != FORMS.get(code, {"one", "other"}) else []
        wrong += [many for form in forms if form not in {"one", "two"} and "n" not in places_in(forms[form])]
    assert not wrong


@pytest.mark.parametrize(("code", "area"), CATALOGS)
def test_every_sentence_of_the_code_is_in_the_catalog_and_no_other(code, area):
    catalog = language(code, area)
    sentences, counted = used_in(area)
    assert set(catalog.sentences) == sentences
    assert set(catalog.counted) == set(counted)


def test_no_catalog_is_signed_by_nobody_and_every_unsigned_one_is_marked():
    for code, area in CATALOGS:
        catalog = language(code, area)
        assert catalog.is_reviewed == bool(catalog.reviewed_by.strip())
        assert bool(catalog.mark) != catalog.is_reviewed
    signed = replace(language("fa", "report"), reviewed_by="a speaker", mark="")
    assert signed.is_reviewed


def test_a_sentence_that_a_catalog_lacks_is_said_in_english_and_marked():
    assert language("es", "app").say("{n} not there", {"n": 3}) == "\u20663 not there\u2069 [en]"
    assert language("fa", "app").count(2, "{n} absent", "{n} absents") == "\u20662 absents\u2069 [en]"
    assert not language("es", "app").translates("{n} not there")


def test_names_are_isolated_where_they_could_disturb_and_what_is_said_is_not_isolated_again():
    persian = replace(language("fa", "report"), sentences={"{a}: {b}": "{a}: {b}"}, counted={})
    said = persian.say("{a}: {b}", {"a": "police", "b": persian.listed(["the court", "دادگاه"])})
    assert said == "\u2068police\u2069: \u2068the court\u2069 و \u2068دادگاه\u2069"
    spanish = replace(language("es", "report"), sentences={"{a}: {b}": "{a}; {b}"}, counted={})
    assert spanish.say("{a}: {b}", {"a": "policía", "b": "دادگاه"}) == "policía; \u2068دادگاه\u2069"
    assert language("en", "report").say("{a}: {b}", {"a": "دادگاه", "b": 4400}) == "دادگاه: 4,400"


def test_numbers_are_written_as_the_language_writes_them():
    written = {code: language(code, "report").number(10408.4) for code in language_codes("report")}
    assert written == {"en": "10,408", "fa": "۱۰٬۴۰۸", "ar": "١٠٬٤٠٨", "es": "10\u202f408", "fr": "10\u202f408"}
    assert language("fa", "report").percentage(95) == "۹۵٪"
    assert language("fr", "report").number(0.25, decimals=2) == "0,25"


@pytest.mark.parametrize(
    ("n", "form"), [(1, "one"), (2, "two"), (3, "few"), (10, "few"), (11, "many"), (100, "other"), (103, "few")]
)
def test_arabic_counts_in_its_six_ways(n, form):
    forms = {name: f"{name} {{n}}" for name in FORMS["ar"]}
    arabic = replace(language("ar", "report"), counted={"{n} lists": forms})
    assert arabic.count(n, "one list", "{n} lists").startswith(form)


def test_a_language_without_a_catalog_is_refused_with_those_there_are():
    with pytest.raises(SettingError, match="there are en, es, fa"):
        language("fr", "app")
