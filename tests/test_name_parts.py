"""Columns of names become people: roles by what the column tells, alternatives, and who is not named."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation.lists.name_parts import NameReader
from estimation.lists.normal import normalise
from estimation.lists.written_words import words_of

CASES = Path(__file__).parent.parent.parent / "shared" / "cases" / "names"
PARTS = ("given", "father", "grandfather", "family")


def read(cells, heading="", **columns):
    return NameReader(heading=heading).read({"name": cells, **columns})


def main(cells, heading="", **columns):
    """Given name, father, grandfather and family name of each row as first written, without empty ones."""
    return [
        " | ".join(part for part in (getattr(row.names[0], own) for own in PARTS) if part)
        for row in read(cells, heading, **columns)
    ]


def test_persian_names_end_in_one_family_name_however_many_words_it_has():
    cells = ["علی کوه‌بان‌زاده", "علي كوه بان زاده", "سید محمد رضا تل‌آبندی", "حسین سنگ بافان نژاد", "عبد الله گل پور"]
    assert main(cells, "نام و نام خانوادگی") == [
        "علی | کوه بان زاده",
        "علی | کوه بان زاده",
        "محمد رضا | تل ابندی",
        "حسین | سنگ بافان نژاد",
        "عبد الله | گل پور",
    ]


def test_arabic_names_are_chains_in_which_a_name_may_have_two_words():
    cells = [
        "سامي خليل حسن أبو طيفور",
        "رنا ماهر أبو شنارة",
        "وداد ناجي عبد الحي البلوطاني",
        "شهد رائف الخروبيني الخروبيني",
    ]
    cells += ["يارا سليم 0 العنابوي", "باسم سليم محمد نبيل رجب العنابوي", "محمد بن سالم الحصرماوي"]
    assert main(cells, "الاسم") == [
        "سامی | خلیل | حسن | ابو طیفور",
        "رنا | ماهر | ابو شناره",
        "وداد | ناجی | عبد الحی | البلوطانی",
        "شهد | رائف | الخروبینی".replace("ئ", "ی"),
        "یارا | سلیم | العنابوی",
        "باسم | سلیم | محمد نبیل | العنابوی",
        "محمد | سالم | الحصرماوی",
    ]


def test_a_family_name_is_known_by_a_comma_capitals_a_patronymic_or_the_heading():
    assert main(["KARASU Deniz", "Deniz KARASU", "Karasu, Deniz"]) == ["deniz | karasu"] * 3
    russian = ["Громовар Пётр Сергеевич", "Пётр Сергеевич Громовар", "ГРОМОВАР П. С.", "Громовар Пётр"]
    assert main(russian, "ФИО") == [
        "петр | сергеевич | громовар",
        "петр | сергеевич | громовар",
        "п | с | громовар",
        "петр | громовар",
    ]
    spanish = ["GONZALTOR PEREVAR MARIA ELENA", "DE LA VALLEVAR Y PEREVAR ROSA", "GONZALTOR LUIS"]
    assert main(spanish, "apellidos y nombres") == [
        "maria elena | gonzaltor perevar",
        "rosa | de la vallevar y perevar",
        "luis | gonzaltor",
    ]


def test_an_order_that_nothing_tells_is_asked_and_not_guessed():
    turned = read(["Karasu Deniz", "Smithovar Mary", "Gonzaltor Pedro", "Dupontar Jean"])
    assert [row.question for row in turned] == ["order"] * 4
    assert [row.question for row in read(["ZETVAR KARMOL TIRNAD"], "apellidos y nombres")] == ["family words"]
    declared = NameReader(order="family first").read({"name": ["Karasu Deniz", "Smithovar Mary"]})
    assert [(row.names[0].given, row.question) for row in declared] == [("deniz", ""), ("mary", "")]


@pytest.mark.parametrize(
    ("cell", "other", "origin"),
    [
        ("Mary Smithovar (née Jonsdar)", "mary | jonsdar", "maiden"),
        ("Đurđa Stijenović rođ. Javoranić", "durda | javoranic", "maiden"),
        ("Hawa “Nana” Smithovar", "nana | smithovar", "alias"),
        ("Shilan (Azita) Smithovar", "azita | smithovar", "alias"),
        ("Abu Omar (Yaser Smithovar)", "abu omar | smithovar", "nom de guerre"),
        ("Yaser Smithovar, alias Abu Omar", "abu omar | smithovar", "nom de guerre"),
        ("Ali Smithovar / Smithowar", "ali | smithowar", "maiden"),
        ("Smithovar / Smithowar, Ali", "ali | smithowar", "alias"),
        ("Bahman Smithovar بهمن دلاورخانی", "بهمن | دلاورخانی", "other script"),
        ("Luis Smithovar (a) El Flaco", "el flaco | smithovar", "alias"),
    ],
)
def test_what_stands_beside_a_name_is_an_alternative_of_it(cell, other, origin):
    (row,) = read([cell])
    found = [
        " | ".join(filter(None, (getattr(name, part) for part in PARTS))) for name in row.names if name.origin == origin
    ]
    assert row.kind == "person"
    assert other in found


@pytest.mark.parametrize(
    ("cell", "kind", "n_people"),
    [
        ("N.N. (2 children; 1 woman; 8 men)", "group of unnamed", 11),
        ("N.N. (woman)", "unnamed", 1),
        ("N.N. male, approx. 35", "unnamed", 1),
        ("مجهول الهوية", "unnamed", 1),
        ("کودک ۵ ساله", "unnamed", 1),
        ("3 unidentified bodies", "group of unnamed", 3),
        ("Wife of Ali Smithovar", "unnamed", 1),
        ("طفل / رنا ماهر أبو شنارة", "unnamed", 1),
        ("Four children of the Smithovar family", "group of unnamed", 4),
        ("ثلاثة أطفال من عائلة الحصرماوي", "group of unnamed", 3),
        ("Smithovar family (4)", "group of unnamed", 4),
        ("SMITHOVAR HIJO/A DE GONZALTOR MARIA", "unnamed", 1),
        ("Mehdi and Hadi Smithovar", "several", 2),
        ("Senad i Senahid Lugavčić", "several", 2),
        ("Ali Smithovar and his two sons", "several", 3),
        ("علی و رضا گلمرغانی", "several", 2),
        ("Громовар Иван и Пётр", "several", 2),
        ("سامي خليل حسن أبو طيفور وطفله", "several", 2),
        ("رضا گلمرغانی به همراه همسرش", "several", 2),
        ("Ali, Hassan and Reza Smithovar", "several", 3),
        ("Ali Smithovar with his wife and 3 children", "several", 5),
        ("Ali Smithovar / Hassan Gonzaltor", "several", 2),
        ("Ali Smithovar\nHassan Gonzaltor", "several", 2),
        ("دختر ۵ ساله علی گلمرغانی", "unnamed", 1),
        ("ابنة خالد الكزبراني", "unnamed", 1),
        ("Ali's brother", "unnamed", 1),
        ("Two brothers Smithovar", "group of unnamed", 2),
        ("عائلة خالد الكزبراني (5 أشخاص)", "group of unnamed", 5),
        ("جثة رقم 12", "unnamed", 1),
        ("1 2 3", "unnamed", 1),
        ("", "unnamed", 1),
        ("\u200f\u202b👤\u0000", "unnamed", 1),
    ],
)
def test_a_cell_that_names_nobody_or_several_is_no_record_of_one_person(cell, kind, n_people):
    (row,) = read([cell])
    assert (row.kind, row.n_people) == (kind, n_people)
    assert kind == "several" or not any(name.given for name in row.names if name.origin != "relative")


def test_people_of_one_cell_share_the_family_name_that_is_given_once():
    rows = read(["Deniz (boy, 13) and Elif Karasu (girl, 7)", "KARASU, Mehdi and Hadi", "سامي و خليل أبو طيفور"])
    assert [[(names[0].given, names[0].family) for names in row.people] for row in rows] == [
        [("deniz", "karasu"), ("elif", "karasu")],
        [("mehdi", "karasu"), ("hadi", "karasu")],
        [("سامی", "ابو طیفور"), ("خلیل", "ابو طیفور")],
    ]
    assert rows[0].descriptions == ("boy, 13", "girl, 7")


def test_titles_go_and_are_recorded_and_an_unknown_part_is_empty():
    (row,) = read(["الشهيد المهندس رامي عمر الحصرماوي"])
    assert row.titles == ("الشهيد", "المهندس")
    assert main(["سیدحسین گلمرغانی", "الطفل خالد سمير الكزبراني"]) == ["حسین | گلمرغانی", "خالد سمیر | الکزبرانی"]
    assert main(["Dr. Anas Smithovar", "?? Smithovar", "Ali ?"]) == ["anas | smithovar", "smithovar", "ali"]


def test_columns_of_parts_give_one_name_with_its_alternatives():
    (row,) = NameReader().read(
        {
            "given": ["Fatima / Fatma"],
            "father": ["Seyed Javad"],
            "family": ["Smithovar (née Jonsdar)"],
            "alias": ["Umm Ali"],
        }
    )
    assert [(name.given, name.father, name.family) for name in row.names] == [
        ("fatima", "javad", "smithovar"),
        ("fatma", "javad", "smithovar"),
        ("fatima", "javad", "jonsdar"),
        ("umm ali", "javad", "smithovar"),
    ]


def test_an_age_or_a_town_after_a_name_is_a_description():
    cells = ["علی گلمرغانی ۳۴ ساله", "Smithovar, Ali, Tehran", "Ali Smithovar, woman, 34", "Ali Smithovar aged 34"]
    rows = read(cells)
    assert [row.descriptions for row in rows] == [("۳۴ ساله",), ("Tehran",), ("woman , 34",), ("aged 34",)]
    assert {row.names[0].family for row in rows} == {"گلمرغانی", "smithovar"}


def test_a_very_long_cell_is_asked_about_and_read_fast():
    (row,) = read(["Ali " * 2_500])
    assert (row.question, row.names) == ("too long", ())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(max_size=30) | st.text(alphabet='Ali,/()"« (و)بن عليА.и-0?;\ue0001', max_size=20),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_written_is_read_without_an_error_and_parts_are_normal(cells):
    for row in read(cells):
        for name in (*row.names, *(name for names in row.people for name in names)):
            assert all(getattr(name, part) == normalise(getattr(name, part)) for part in PARTS)
            assert any(getattr(name, part) for part in PARTS)
        assert row.n_people >= 1
        assert row.kind != "several" or row.people


FILES = {
    "executed_fa": ("utf-8-sig", ",", 0, "ردیف"),
    "executed_en": ("utf-8", ",", 0, "No."),
    "release_1": ("cp1256", ";", 0, "م"),
    "release_2": ("utf-16", "\t", 0, "الهوية"),
    "migrant_deaths": ("utf-8", ",", 0, "number"),
    "shot_1937": ("cp1251", ";", 0, "№"),
    "register_es": ("latin-1", ",", 0, "id_unico"),
    "protest_deaths": ("utf-8", ",", 1, "Name"),
}
COLUMNS = {
    "نام و نام خانوادگی": "name",
    "نام پدر": "father",
    "Name": "name",
    "Father": "father",
    "الاسم": "name",
    "الاسم الرباعي": "name",
    "name, gender, age": "name",
    "ФИО": "name",
    "apellido_paterno_nombres": "name",
    "apellido_materno": "other_family",
    "Persian name": "other_script",
}


@pytest.mark.parametrize("name", FILES)
def test_the_names_of_the_published_shapes_of_lists_are_read_as_their_truth_says(name):
    if not CASES.is_dir():
        pytest.skip("the lists in the shapes of real ones are not beside this checkout (../shared/cases/names)")
    encoding, delimiter, skipped, identifier = FILES[name]
    options = {"sep": delimiter, "encoding": encoding, "dtype": str, "keep_default_na": False}
    table = pd.read_csv(CASES / f"{name}.csv", skiprows=skipped, **options)
    truth = pd.read_csv(CASES / f"{name}.truth.csv", dtype=str, keep_default_na=False)
    table = table[table[identifier].str.strip().ne("") & table[identifier].ne("جمع")]
    heading = next(heading for heading in table if COLUMNS.get(heading) == "name")
    columns = {COLUMNS[heading]: table[heading].tolist() for heading in table if heading in COLUMNS}
    rows = NameReader(heading=heading).read(columns)
    assert len(rows) == len(truth)
    wrong = [each["row"] for (_, each), row in zip(truth.iterrows(), rows, strict=True) if not _is_right(row, each)]
    assert wrong == []


def _is_right(row, truth):
    people = row.people if row.kind == "several" else (row.names,)
    first = [names[0] if names and names[0].origin != "relative" else None for names in people]
    for part in PARTS:
        written = truth[part].split(";") if part == "given" else [truth[part]] * len(people)
        if [_key(getattr(name, part)) if name else "" for name in first] != [_key(text) for text in written]:
            return False
    spellings = {_key("".join(getattr(name, part) for part in PARTS)) for names in people for name in names}
    spellings |= {_key(getattr(name, part)) for names in people for name in names for part in PARTS}
    spellings |= {_key(name.family + name.given) for names in people for name in names}
    also = [text for text in truth["also"].split(";") if text and text != "de Albasur"]
    return all(_key(text) in spellings or any(_key(text).endswith(own) for own in spellings if own) for text in also)


def _key(text):
    return normalise(text).replace(" ", "")


@pytest.mark.parametrize("slip", ["to/y", "sheK/erd", "waltrow/z", "mcg/car"])
def test_a_slash_that_slipped_into_a_word_leaves_one_name(slip):
    assert words_of(slip) == (slip,)


@pytest.mark.parametrize("two", ["Ali/Aly", "ali/aly", "mohammad/muhammad", "علی/علي"])
def test_a_slash_between_names_separates_alternatives(two):
    assert words_of(two) == (two.split("/")[0], "/", two.split("/")[1])
