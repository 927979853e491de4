"""The sheet of a review sample: what stands in it, and what comes back."""

import csv
import io
from dataclasses import replace

import pytest
from test_review_sample import NO_PAIRS, others

from estimation.errors import LinkageError
from estimation.linkage.review_sample import ReviewSample, draw_review_sample
from estimation.linkage.review_sample_sheet import read_review_sheet, review_sheet
from estimation.lists.name_list import NameList, NameRecord, PersonName
from estimation.simulation.name_world_families import world_of_families

WORLD = world_of_families(30, rng=1)
SAMPLE = draw_review_sample(NO_PAIRS, WORLD.n_records, size=12, rng=2, together=WORLD.persons)
TRUTH = others(WORLD.persons)


def filled(answer_of):
    """The sheet with an answer for each candidate: a function of the drawn record and the candidate."""
    rows = list(csv.reader(io.StringIO(review_sheet(SAMPLE, WORLD.lists))))
    at = {(each.name, str(record.row)): None for each in WORLD.lists for record in each.linkable}
    at = {key: place for place, key in enumerate(at)}
    for row in rows[1:]:
        if row[1] == "candidate":
            row[5] = answer_of(SAMPLE.records[int(row[0]) - 1], at[row[2], row[4]])
    return rows


def text_of(rows, delimiter=","):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


def read(rows):
    return read_review_sheet(text_of(rows), SAMPLE, WORLD.lists, source="answers.csv")


def test_what_a_reviewer_writes_comes_back():
    found = read(filled(lambda drawn, other: "yes" if other in TRUTH[drawn] else "no"))
    assert found == [TRUTH[record] for record in SAMPLE.records]
    rows = filled(lambda drawn, other: "Yes " if other in TRUTH[drawn] else "no")
    saved = "\ufeff" + text_of(rows, ";")
    assert read_review_sheet(saved, SAMPLE, WORLD.lists, source="answers.csv") == found


def test_the_sheet_names_neither_probabilities_nor_clusters_and_has_a_row_for_each_record():
    rows = filled(lambda *_: "")
    assert len(rows) == 1 + len(SAMPLE.records) + sum(map(len, SAMPLE.candidates))
    assert not {"probability", "person", "weight", "cluster"} & set(rows[0])


def test_somebody_found_elsewhere_is_added_by_a_row():
    rows = filled(lambda drawn, other: "yes" if other in TRUTH[drawn] else "no")
    first = SAMPLE.records[0]
    place = next(at for at in range(WORLD.n_records) if at not in TRUTH[first] and at != first)
    listed = [(each.name, record) for each in WORLD.lists for record in each.linkable]
    name, record = listed[place]
    rows.append(["1", "candidate", name, record.sheet, str(record.row), "yes"])
    assert read(rows)[0] == TRUTH[first] | {place}


def test_a_sheet_without_an_answer_for_a_record_leaves_it_open():
    alone = [not others for others in SAMPLE.candidates]
    assert read(filled(lambda *_: "")) == [frozenset() if each else None for each in alone]


def test_every_problem_is_said_by_its_row_and_without_a_name():
    rows = filled(lambda *_: "no")
    line = next(at for at, row in enumerate(rows) if row[1] == "candidate")
    rows[line][5] = "perhaps"
    rows.append(["99", "candidate", "press", "", "2", "yes"])
    rows.append(["1", "candidate", "press", "", "9999", "yes"])
    with pytest.raises(LinkageError) as raised:
        read(rows)
    words = " ".join(raised.value.problems)
    assert f"row {line + 1}: same_person must be yes or no" in words
    assert f"row {len(rows) - 1}: sample must be a number from 1 to 12" in words
    assert f"row {len(rows)}: no list has such a record" in words
    assert not any(name in words for each in WORLD.people for name in (each.family, each.given) if len(name) > 4)


def test_half_an_answer_and_the_sheet_of_another_sample_are_refused():
    rows = filled(lambda *_: "no")
    several = next(at for at, others in enumerate(SAMPLE.candidates, 1) if len(others) > 1)
    line = next(at for at, row in enumerate(rows) if row[0] == str(several) and row[1] == "candidate")
    rows[line][5] = ""
    with pytest.raises(LinkageError, match=f"sample {several}: 1 of"):
        read(rows)
    turned = replace(SAMPLE, records=SAMPLE.records[::-1], candidates=SAMPLE.candidates[::-1])
    with pytest.raises(LinkageError, match="the sheet of another sample"):
        read_review_sheet(text_of(filled(lambda *_: "no")), turned, WORLD.lists, source="answers.csv")


def test_people_of_one_row_have_letters_and_a_row_that_breaks_off_is_named():
    name = (PersonName("ali", family="sarvrisan"),)
    lists = [NameList("police", tuple(NameRecord(row, name) for row in (2, 3, 3)))]
    sample = ReviewSample((1,), ((0, 2),), 3)
    sheet = review_sheet(sample, lists).splitlines()
    assert [line.split(",")[4] for line in sheet[1:]] == ["3a", "2", "3b"]
    filled_in = "\n".join(
        [sheet[0], sheet[1], sheet[2].replace(",2,,", ",2,no,"), sheet[3].replace(",3b,,", ",3b,yes,")]
    )
    assert read_review_sheet(filled_in, sample, lists, source="answers.csv") == [frozenset({2})]
    with pytest.raises(LinkageError, match=r"row 5: no list has such a record"):
        read_review_sheet(f"{filled_in}\n1,candidate", sample, lists, source="answers.csv")
    with pytest.raises(LinkageError, match="it is no CSV file"):
        read_review_sheet(f"{filled_in}\n{'x' * 200_000}", sample, lists, source="answers.csv")
