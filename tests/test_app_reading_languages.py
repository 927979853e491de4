"""How a file was read, and why not, on the page in other languages: what the readers say is translated."""

import ast
import calendar
import re
from pathlib import Path

import pytest

from estimation.app.jobs.names import accounts
from estimation.app.jobs.reading import read
from estimation.app.package_dates import CELLS, DAYS, WEEKDAYS
from estimation.app.package_notes import NOTES, STANDING, TAKEN_FOR
from estimation.app.package_refusals import ADVICE, FORMATS, REFUSALS, SERVED, WHY_NOT
from estimation.app.spoken import Speaker
from estimation.app.words import words_of
from estimation.capture.frequencies import CaptureFrequencies
from estimation.capture.table import CaptureTable
from estimation.errors import StudyError, TableError
from estimation.lists.account import inspect_names
from estimation.lists.calendars import month_name
from estimation.lists.declared import COLUMN_KEYS
from estimation.lists.name_list import DroppedRow, NameList, NameRecord, PersonName
from estimation.models.registry import MODELS, make_model
from estimation.study.study_file import read_study

PACKAGE = Path(__file__).parent.parent / "estimation"
SOURCES = ("capture", "lists", "study", "models", "app/steps", "app/tools")
LISTS = "A,B,C\n1,0,1\n0,1,0\n1,1,0\n"
FILES = {
    "labels and repeated rows": ("A,B,month\n1,0,May\n1,0,June\n0,1,May\n1,1,May\n0,1,June\n", {}),
    "a total": ("A,B,n\n1,0,5\n0,1,4\n1,1,2\nTotal,,11\n", {}),
    "semicolons": (LISTS.replace(",", ";"), {}),
    "a line that names the separator": ("sep=;\n" + LISTS.replace(",", ";"), {}),
    "a title": ("Killed people\n" + LISTS, {}),
    "a name of its own": ("history,n\n110,3\n011,2\n101,4\n", {}),
    "an empty list": ("A,B,C\n1,0,0\n0,1,0\n1,1,0\n", {}),
    "the people on no list": ("A,B,n\n1,0,5\n0,1,4\n1,1,2\n0,0,\n", {}),
    "marks": ("A,B\nx,\n,x\nx,x\n", {}),
    "persons and sources": ("person_id,source\n1,A\n1,B\n2,A\n3,B\n3,B\n", {}),
    "an empty file": ("", {}),
    "no row": ("A,B\n", {}),
    "no list": ("who,when\nthe court,1999\nthe press,2001\n", {}),
    "no headings": ("1,0\n1,1\n0,1\n", {}),
    "a word that says neither": ("A,B\n1,0\n0,1\n1,perhaps\n1,1\n0,1\n", {}),
    "an attribute of a person": ("A,B,female\n1,0,1\n0,1,0\n1,1,1\n1,0,0\n", {}),
    "identifiers that stand twice": ("person_id,A,B\n1,1,0\n1,0,1\n2,1,1\n3,0,1\n4,1,0\n4,1,1\n", {}),
    "empty cells": ("A,B\n1,0\n,1\n1,1\n0,\n", {}),
    "lost zeros": ("history,n\n1101,3\n11,2\n1000,4\n", {}),
    "a short row": ("A,B,C\n1,0,1\n0,1\n1,1,0\n", {}),
    "wrong counts": ("A,B,n\n1,0,5\n0,1,-4\n1,1,2.5\n", {"count": "n"}),
    "a name that hides letters": ("a\u202eb,B\n1,0\n0,1\n1,1\n", {}),
    "a name twice": ("A,A,n\n1,1,3\n1,0,4\n", {}),
    "a long name": ("N" * 300 + ",B\n1,0\n0,1\n1,1\n", {}),
    "names that look the same": ("A,\u0410\n1,0\n0,1\n1,1\n", {}),
    "too many lists": (",".join(f"L{at}" for at in range(70)) + "\n" + ",".join("1" * 70) + "\n", {}),
    "a quotation mark that is open": ('A,B,n\n"1,1,30\n1,0,40\n', {}),
    "bytes of a program": ("\0" * 100, {}),
    "UTF-16 without its mark": ("A,B,n\n1,1,30\n1,0,40\n".encode("utf-16-le").decode("latin-1"), {}),
    "counts that may be ages": ("A,B,count\n" + "1,0,31\n0,1,28\n1,1,30\n" * 30, {}),
    "a list that is not there": (LISTS, {"lists": ["A", "Z"]}),
    "JSON": ('{"A": [1, 0]}', {}),
    "a web page": ("<html><body><table></table></body></html>", {}),
}


def messages(text, declared):
    """All that the page shows of a file, and the names in it."""
    try:
        found = read({"name": "t.csv", "declared": declared}, text.encode(), None)
    except TableError as error:
        return list(error.problems), []
    names = [*found["headings"], *found.get("lists", [])]
    return [*found["notes"], *found["problems"], *(each["why"] for each in found.get("columns", ()))], names


@pytest.mark.parametrize("name", FILES)
def test_what_the_page_shows_of_a_file_is_translated(name):
    texts, names = messages(*FILES[name])
    assert texts
    for code in ("es", "fa"):
        shown = {text: str(Speaker(words_of(code)).spoken(text, names)) for text in texts if text}
        assert [text for text, html in shown.items() if 'lang="en"' in html] == []
        if code == "fa":
            left = [re.sub("<bdi.*?</bdi>|<[^>]*>", " ", html) for html in shown.values()]
            assert [text for text in left if re.search("[A-Za-z]{2,} [A-Za-z]{2,}", text)] == []


def test_columns_and_cells_keep_their_names_in_a_translated_message_and_each_way_has_its_line():
    text = "line 7, column history: the person is missing; name it, or remove the row"
    persian = str(Speaker(words_of("fa")).spoken(text))
    assert "سطر <bdi>۷</bdi>" in persian
    assert "ستون <bdi>history</bdi>" in persian  # a name, although the word has a translation
    texts, names = messages(*FILES["an attribute of a person"])
    asked = str(Speaker(words_of("es")).spoken(texts[0], names)).split("\n")
    assert len(asked) == 3
    assert "diga cuál:" in asked[0]
    assert '<bdi lang="zxx" dir="ltr">ignore = [&#34;female&#34;]</bdi> bajo [columns]' in asked[1]
    assert Speaker(words_of("en")).spoken(text).striptags() == text


def test_what_is_wrong_in_a_study_file_is_translated(tmp_path):
    """A key that is missing, one that is not known, and a table, a model and a headline that are not there."""
    study = 'titel = "A"\ntable = "no.csv"\nseed = 1\nheadline = "B"\n[counted]\nwhom = "C"\nwhere = "D"\nwhen = "E"\n'
    study += 'excludes = "F"\n[[model]]\nlabel = "M"\nname = "log-linea"\n'
    (tmp_path / "study.toml").write_text(study)
    with pytest.raises(StudyError) as refused:
        read_study(tmp_path / "study.toml")
    assert len(refused.value.problems) == 7
    for code in ("es", "fa"):
        shown = [str(Speaker(words_of(code)).spoken(problem)) for problem in refused.value.problems]
        assert [html for html in shown if 'lang="en"' in html] == []


TABLES = {
    "one list": CaptureTable.from_histories(["A"], {"1": 5}),
    "two lists": CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 4, "11": 2}),
    "two without overlap": CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 4}),
    "three without overlap": CaptureTable.from_histories(["A", "B", "C"], {"100": 5, "010": 4, "001": 3}),
    "two empty lists": CaptureTable.from_histories(["A", "B", "C", "D"], {"1000": 5, "1100": 4}),
    "the same list twice": CaptureTable.from_histories(["A", "B", "C"], {"111": 5, "110": 4}),
    "twelve lists": CaptureTable.from_histories([f"L{at}" for at in range(12)], {"1" * 12: 3, "1" + "0" * 11: 5}),
    "frequencies": CaptureFrequencies([30, 12, 4]),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_keeps_a_table_from_a_model_is_translated(name):
    table = TABLES[name]
    for model in (make_model(each, {}) for each in MODELS if each != "doubly-robust"):  # it lists histories in words
        reason = model.why_not(table)
        if reason:
            html = str(Speaker(words_of("fa")).spoken(reason, table.lists))
            assert 'lang="en"' not in html, reason
            assert not re.search("[A-Za-z]{2,} [A-Za-z]{2,}", re.sub("<bdi.*?</bdi>|<[^>]*>", " ", html)), html


def test_what_became_of_the_rows_of_a_list_of_names_is_translated():
    kinds = ("unnamed", "group of unnamed", "several", "alive", "not a death")
    records = [NameRecord(2, (PersonName("ali"),)), *(NameRecord(at, kind=k) for at, k in enumerate(kinds * 2, 3))]
    account = inspect_names(NameList("graves", tuple(records), dropped=(DroppedRow(1, "above the headings"),)))
    assert len(account.sentences) == 7
    assert [key for key in COLUMN_KEYS if key not in words_of("fa").language.sentences] == []
    html = [str(Speaker(words_of("fa")).spoken(text)) for text in account.sentences]
    assert [text for text in html if re.search("[A-Za-z]{3,}", re.sub("<[^>]*>", "", text))] == []


NAMES = """given,family,died
Bahram,Sangrizan,1367/5/8
Kamran,Dafsaz,31/12/1367
Rostam,Kuhpaye,Friday 6 Mordad 1367
Arash,Rudbaran,07/08/1988
Keyvan,Abgir,67
Jamshid,Sarvestan,summer
Hushang,Golzarian,before 1 October 1988
"""


def test_what_is_to_be_decided_in_a_list_of_names_is_translated_with_its_dates(tmp_path):
    tmp_path.joinpath("names.csv").write_text(NAMES, encoding="utf-8")
    lists = {"names": {"file": "names.csv", "columns": {"given": "given", "family": "family", "died": "died"}}}
    (found,) = accounts({"folder": str(tmp_path), "lists": lists}, b"", None)
    assert len(found["problems"]) > 4
    html = " ".join(str(Speaker(words_of("fa")).spoken(text)) for text in found["problems"])
    assert 'lang="en"' not in html
    assert "<span>اسفند <bdi>۱۳۶۷</bdi></span>، <bdi>۲۹</bdi> روز دارد" in html
    assert "می‌گوید جمعه، اما <span><bdi>۶</bdi> مرداد <bdi>۱۳۶۷</bdi></span> پنجشنبه بود" in html


def test_what_is_under_way_is_translated():
    persian, spanish = Speaker(words_of("fa")), Speaker(words_of("es"))
    assert persian.spoken("sensitivity: leave one list out and 1 more").striptags() == (
        "حساسیت: کنار گذاشتن هر فهرست و ۱ تای دیگر"
    )
    assert spanish.spoken("sensitivity: figure 600: list dependence").striptags() == (
        "sensibilidad: cifra 600: dependencia entre listas"
    )


def test_every_month_and_weekday_of_a_message_is_translated():
    every = {month_name(each, month) for each in ("gregorian", "solar", "islamic") for month in range(1, 13)}
    assert {f"{{number}} {month} {{some}}" for month in every} | {f"{month} {{some}}" for month in every} == set(DAYS)
    assert [*calendar.day_name] == list(WEEKDAYS)


def test_the_readers_still_say_what_is_translated():
    """The longest part of each sentence stands in the code; a test of every message would need a file for each."""
    written = "\n".join(
        text
        for path in (
            PACKAGE / "app" / "desk.py",
            PACKAGE / "toml_file.py",
            *(p for room in SOURCES for p in (PACKAGE / room).rglob("*.py")),
        )
        for text in texts_in(ast.parse(path.read_text(encoding="utf-8")))
    )
    every = (*NOTES, *STANDING, *TAKEN_FOR, *REFUSALS, *ADVICE, *FORMATS, *WHY_NOT, *SERVED, *CELLS)
    longest = {each: max(re.split(r"\{\w+\}|[;:(),]", each), key=len).strip() for each in every}
    assert [each for each, part in longest.items() if not any(half in written for half in halves_of(part))] == []


def halves_of(part):
    """Each run of half of the words of a part: a verb of one thing or of several is chosen in the code."""
    words = part.split()
    n = (len(words) + 1) // 2
    return [" ".join(words[at : at + n]) for at in range(len(words) - n + 1)]


def texts_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
