"""What somebody did to the folder meanwhile: the page says it in words, and loses nothing that was written by hand."""

import errno
import os
import re

import pytest

pytest.importorskip("starlette", reason="starlette is not installed (the extra [app] has it)")
from app_driver import AtOnce, Page, text_of
from app_features import STUDY, page_of_kosovo
from test_app_locks import CHANGE, OWN, SECRETS, answer_to

from estimation.app import web
from estimation.app.desk import Desk, Taken
from estimation.app.jobs import studies
from estimation.app.warm import Refused
from estimation.errors import EstimationError, StudyError
from estimation.study.columns_in import columns_in

BY_HAND = '\n# Ours.\n[columns]\n# Nobody else counts these.\nblank = 0  # asked at the office\ncount = "count"\n'


@pytest.fixture
def page(tmp_path):
    return page_of_kosovo(tmp_path)


def test_a_folder_in_the_place_of_the_study_file_is_said_on_every_page(page):
    (page.desk.folder / "study.toml").unlink()
    (page.desk.folder / "study.toml").mkdir()
    for place in ("/", "/counted", "/plan"):
        assert "Is a directory" in page.see(place)
    with pytest.raises(Refused, match="Is a directory"):
        page.desk.write()


def test_a_study_file_in_another_encoding_is_said_with_its_line(page):
    (page.desk.folder / "study.toml").write_bytes('seed = 1\ntitle = "é"\n'.encode("latin-1"))
    assert page.desk.study.problem == "line 2 is not UTF-8; save the file as UTF-8"


def test_comments_between_the_columns_stay_where_one_of_them_is_changed(page):
    path = page.desk.folder / "study.toml"
    path.write_text(STUDY + BY_HAND)
    assert page.see("/file")
    fields = {"blank": "yes", "role.4": "count", "separator": "comma"}
    assert page.press("/file", "write", fields) == "/table"
    text = path.read_text()
    assert text.startswith(STUDY + BY_HAND)
    assert text.removeprefix(STUDY + BY_HAND).strip() == 'separator = "comma"'


def test_columns_that_were_declared_by_hand_meanwhile_are_what_the_page_shows(page):
    path = page.desk.folder / "study.toml"
    assert 'value="comma" selected' not in page.see("/file")
    path.write_text(STUDY + '\n[columns]\nseparator = "comma"\n')
    assert 'value="comma" selected' in page.see("/file")
    page.press("/file", "look", {"separator": "comma", "blank": "yes"})
    assert page.desk.draft.declared == {"separator": "comma", "blank": 0}
    assert 'id="blank" name="blank" value="yes" checked' in page.see("/file")  # not yet written, and still there


def test_columns_of_the_wrong_type_are_said_key_by_key(tmp_path):
    (tmp_path / "study.toml").write_text('[columns]\nlists = "EXH"\ncount = 3\n')
    with pytest.raises(StudyError) as refused:
        columns_in(tmp_path / "study.toml")
    assert [problem.partition(";")[0] for problem in refused.value.problems] == [
        "[columns], key 'lists' is 'EXH'",
        "[columns], key 'count' is 3",
    ]


@pytest.mark.parametrize("place", ["/names", "/models"])
def test_where_a_page_fails_over_a_study_file_its_mistakes_are_said(tmp_path, place):
    (tmp_path / "study.toml").write_text('lists = 4\ntitle = ["a"]\n')
    desk = Desk(tmp_path)
    desk.reader, desk.runner = AtOnce(), AtOnce()
    sent = []
    with pytest.raises((TypeError, AttributeError)):  # raised once more for the server, after the answer
        answer_to(web.application(desk, SECRETS, web.Clock()), path=place, sent=sent, **OWN)
    assert sent[0]["status"] == 422
    said = text_of(b"".join(message.get("body", b"") for message in sent).decode())
    assert "The study file has mistakes" in said
    assert "key 'lists' is 4; it must be a table of keys" in said.replace("&#39;", "'")


@pytest.mark.parametrize("name", ["\u202efdp.csv", "a\nb.csv", ".hidden.csv", "a/b.csv", ".."])
def test_a_name_that_hides_what_it_is_becomes_no_file(page, name):
    with pytest.raises(Refused, match="this cannot be the name of a file in the folder"):
        page.desk.write_new(name, b"A,B\n")


def test_results_that_find_no_room_say_what_to_do(page, monkeypatch):
    def full(*given, **more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/part.npz")

    monkeypatch.setattr(studies, "run_study", full)
    monkeypatch.setattr(studies, "_workers", lambda: 1)
    given = {"study": str(page.desk.folder / "study.toml"), "out": "results", "public": None, "force": False}
    with pytest.raises(EstimationError, match=r"No space left on device\); make room .* are as they were"):
        studies.run(given, b"", lambda said: None)


def test_lists_of_names_are_shown_as_the_study_declares_them(tmp_path):
    rows = "Given;Family;When\nSimin;Punehchin;03/04/1988\nBahram;Sangi;05/06/1988\n"
    (tmp_path / "police.csv").write_text(rows)
    study = '[lists.police]\nfile = "police.csv"\ncolumns = {given = "Given", family = "Family", notes = "When"}\n'
    (tmp_path / "study.toml").write_text(study)
    page = Page(tmp_path)
    html = text_of(page.see("/names"))
    assert "Whennotes" in html
    (tmp_path / "study.toml").write_text(study.replace("columns", "colums"))
    with pytest.raises(Refused, match="did you mean 'columns'"):
        page.see("/names")


def test_a_form_of_another_tab_does_not_write_the_file_that_was_chosen_in_this_one(page):
    page.desk.take(Taken("mine.csv", b"A,B,count\n1,0,5\n0,1,6\n"))
    before = re.search(r'name="draft" value="(\d+)"', page.see("/file"))[1]
    page.desk.take(Taken("other.csv", b"C,D,count\n1,0,5\n0,1,7\n"))
    said = text_of(page.press("/file", "write", {"draft": before, "save_as": "mine.csv"}))
    assert "Another file was chosen meanwhile" in said
    assert "How other.csv was read" in said
    assert not (page.desk.folder / "mine.csv").exists()
    assert "Another file" in page.press("/file", "look", {"draft": before, "header": "7"})
    page.press("/file", "drop", {"draft": before})
    assert page.desk.draft.name == "other.csv"
    assert page.press("/file", "write", {"draft": str(page.desk.draft.number)}) == "/table"
    assert (page.desk.folder / "other.csv").is_file()


@pytest.mark.parametrize(
    ("table", "said"),
    [(None, "there is no such file in the folder"), (b"A,B,count\n1,0,x\n", "line 2, column count: the count 'x'")],
)
def test_a_table_that_is_gone_or_was_changed_is_named_with_what_is_wrong_in_it(tmp_path, table, said):
    (tmp_path / "study.toml").write_text('table = "deaths.csv"\n')
    if table is not None:
        (tmp_path / "deaths.csv").write_bytes(table)
    desk, sent = Desk(tmp_path), []
    desk.reader, desk.runner = AtOnce(), AtOnce()
    answer_to(web.application(desk, SECRETS, web.Clock()), path="/table", sent=sent, **OWN)
    assert sent[0]["status"] == 422
    text = text_of(b"".join(message.get("body", b"") for message in sent).decode())
    assert f"deaths.csv: This has to be mended first: {said}" in text


@pytest.mark.parametrize("body", [b"", b"[[1]]", b"[1, 2]", b'{"do": 1}', b"\xff"])
def test_what_is_no_form_is_no_fault_of_the_program(tmp_path, body):
    sent = []
    application = web.application(Desk(tmp_path), SECRETS, web.Clock())
    answer_to(application, method="POST", path="/file", body=body, sent=sent, **CHANGE)
    assert sent[0]["status"] == 404


def test_a_folder_that_is_gone_is_said_with_what_to_do_in_each_language(tmp_path):
    folder = tmp_path / "gone"
    for language, told in (("en", "put it back, or start mse app again in another folder"), ("fa", "آن را برگردانید")):
        sent = []
        cookie = f"{OWN['cookie']}; mse-8765-language={language}"
        answer_to(web.application(Desk(folder), SECRETS, web.Clock()), sent=sent, **{**OWN, "cookie": cookie})
        assert sent[0]["status"] == 507
        text = text_of(b"".join(message.get("body", b"") for message in sent).decode())
        assert "gone:" in text
        assert told in text
