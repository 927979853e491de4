"""`mse review`: questions are written with names, the lists must be those that were linked, decisions are checked."""

import json

import numpy as np
import pytest

from estimation.linkage.decisions import read_decisions
from estimation.linkage.draws import LinkageDraws, LinkedList, RecordPlace
from estimation.linkage.saved import save_linkage
from estimation.lists.readers import read_names

POLICE = "Given name,Family name,Date of death\nBahram,Sangrizan,30 July 1988\nKamran,Dafsaz,5 August 1988\n"
POLICE += "Simin,Punehchin,1988\nAzar,Rivasfar,1987\n"
PRESS = "Given name,Family name,Date of death\nBahram,Sangrizanpur,30 July 1988\nKamran,Dafsazi,August 1988\n"
PRESS += "Simin,Punehchin,1988\nFarid,Barfabi,1986\n"


@pytest.fixture
def linked(tmp_path):
    """Two synthetic lists and the folder of a linkage in which two people may each be on both, and a third is."""
    files = {}
    for name, text in (("police", POLICE), ("press", PRESS)):
        files[name] = tmp_path / f"{name}.csv"
        files[name].write_text(text, encoding="utf-8")
    lists = [read_names(file) for file in files.values()]
    rng = np.random.default_rng(1)
    rows = []
    for first, second in rng.integers(0, 2, (400, 2)):
        people = [0, 1, 2, 3, 0 if first else 4, 1 if second else 5, 2, 6]
        rows.append([list(dict.fromkeys(people)).index(each) for each in people])
    places = tuple(RecordPlace(at, record.row) for at, one in enumerate(lists) for record in one.linkable)
    described = tuple(LinkedList(one.name, f"{one.name}.csv", one.sha256, len(one.linkable)) for one in lists)
    draws = LinkageDraws(("police", "press"), places, np.array([rows], dtype=np.int32), files=described)
    save_linkage(draws, tmp_path / "DIR")
    return tmp_path / "DIR", *files.values()


def test_the_page_and_the_sheet_have_the_names_and_what_is_printed_has_none(linked, mse):
    folder, *files = linked
    status, out, err = mse("review", folder, *files)
    assert status == 0
    assert "police row 2" in out
    assert "The answers to all 2 questions would remove" in out
    assert "angrizan" not in (out + err).casefold()
    assert "names of people stand in" in err
    made = folder.with_name("DIR-questions")
    assert "sangrizanpur" in (made / "review.html").read_text(encoding="utf-8").casefold()
    assert "sangrizanpur" in (made / "review.csv").read_text(encoding="utf-8").casefold()
    status, _, err = mse("review", folder, *files)
    assert status == 2
    assert "--force" in err


def test_questions_can_be_those_that_move_n(linked, mse):
    folder, *files = linked
    status, out, _ = mse("review", folder, *files, "--model", "chapman", "--most", "1", "--json")
    assert status == 0
    found = json.loads(out)
    assert len(found["questions"]) == 1
    assert found["questions"][0]["first"][0]["list"] == "police"
    assert "probability" not in out


def test_the_lists_must_be_those_that_were_linked(linked, mse):
    folder, police, press = linked
    status, _, err = mse("review", folder)
    assert status == 2
    assert "police.csv, press.csv" in err
    status, _, err = mse("review", folder, police)
    assert status == 2
    assert "the list press was linked and is not given" in err
    press.write_text(PRESS.replace("Kamran", "Kamram"), encoding="utf-8")
    status, _, err = mse("review", folder, police, press)
    assert status == 2
    assert "changed since it was linked" in err
    assert "Kamra" not in err


def test_decisions_of_two_reviewers_are_checked_against_the_linkage_and_each_other(linked, mse, tmp_path):
    folder, *files = linked
    mse("review", folder, *files)
    sheet = (folder.with_name("DIR-questions") / "review.csv").read_text(encoding="utf-8").splitlines()
    answers = {"A.": ("same", "same"), "B.": ("same", "unsure")}
    places = []
    for who, given in answers.items():
        cells = [line.split(",") for line in sheet[1:]]
        rows = [",".join([*row[:7], answer, who, "2026-03-01"]) for row, answer in zip(cells, given, strict=True)]
        places.append(tmp_path / f"{who}csv")
        places[-1].write_text("\n".join([",".join(sheet[0].split(",")[:10]), *rows]), encoding="utf-8")
    status, out, _ = mse("review", folder, *(word for place in places for word in ("--decisions", place)))
    assert status == 0
    assert "A. and B. agree on 1 of 2 pairs" in out
    assert "2 pairs are the same person, 0 are different people, 0 nobody is sure of" in out
    assert len(read_decisions(places[0])) == 2
    places[1].write_text(places[1].read_text(encoding="utf-8").replace("same", "different"), encoding="utf-8")
    status, out, err = mse("review", folder, *(word for place in places for word in ("--decisions", place)))
    assert status == 2
    assert "agree on 0 of 2 pairs" in out
    assert "as many people say same as say different" in err


def test_the_lists_may_be_given_in_any_order(linked, mse):
    folder, *files = linked
    status, out, err = mse("review", folder, *reversed(files), "--json")
    assert status == 0, err
    assert json.loads(out)["questions"]


def test_a_sheet_that_nobody_has_filled_in_is_no_file_of_decisions(linked, mse):
    folder, *files = linked
    assert mse("review", folder, *files)[0] == 0
    sheet = folder.with_name("DIR-questions") / "review.csv"
    status, _, err = mse("review", folder, "--decisions", sheet)
    assert status == 2
    assert "nobody has decided anything in it yet" in err
