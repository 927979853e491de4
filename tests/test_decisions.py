"""Decisions of reviewers: written and read, contradictions in clear words, agreement of two coders."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from estimation.errors import LinkageError
from estimation.linkage.decision_links import decided_links, record_keys
from estimation.linkage.decisions import Decision, RecordKey, decisions_csv, decisions_from_csv, read_decisions
from estimation.linkage.reviewer_agreement import agreements, cohens_kappa, kappa_interval
from estimation.lists.name_list import NameList, NameRecord, PersonName

POLICE, PRESS, NGO = (RecordKey(name, 2) for name in ("police", "press", "ngo"))
KEYS = sorted([POLICE, PRESS, NGO, RecordKey("police", 3)])
NOON = datetime(2026, 3, 1, 12)


def decision(first, second, answer, who="A.", line=0, when=NOON):
    return Decision(*sorted((first, second)), answer, who, when, line=line)


def places(*pairs):
    return tuple(sorted(tuple(sorted(map(KEYS.index, pair))) for pair in pairs))


def test_decisions_come_back_from_their_file_as_they_were(tmp_path):
    made = (
        Decision(*sorted((POLICE, PRESS)), "same", "=A", NOON, "پدر یکی است", "1"),
        Decision(*sorted((POLICE, RecordKey("press", 9, "Sheet 2"))), "unsure", "B.", NOON),
    )
    file = tmp_path / "decisions.csv"
    file.write_text(decisions_csv(made), encoding="utf-8")
    assert tuple(replace(each, line=0, source="") for each in read_decisions(file)) == made
    semicolons = decisions_csv(made).replace(",", ";")
    assert len(decisions_from_csv("\ufeff" + semicolons, source="x")) == 2


def test_every_problem_of_a_file_is_reported_at_once_and_no_cell_is_repeated():
    head = "first list,first row,second list,second row,decision,who,when,why\n"
    text = (
        head + "police,2,police,2,same,A.,2026-03-01,\n"
        "police,two,press,2,yes,A.,2026-03-01,\n"
        "police,2,press,3,same,,March,Synthetic Person\n"
        "police,2,press,4,same,A.,2026-03-01,\n"
        "press,4,police,2,different,A.,2026-03-01,\n"
        "police,2,press,9,,,,\n"
    )
    with pytest.raises(LinkageError) as caught:
        decisions_from_csv(text, source="decisions.csv")
    told = str(caught.value)
    for words in (
        "row 2: both",
        "row 3: the row of the first",
        "row 3: the decision",
        "row 4: nobody",
        "row 4: the time",
    ):
        assert words in told
    assert "rows 5 and 6: one person decided two things about police row 2 and press row 4" in told
    assert "row 7" not in told
    assert "Synthetic" not in told
    with pytest.raises(LinkageError, match="there is no column decision, who"):
        decisions_from_csv("first list,first row,second list,second row,when\n", source="decisions.csv")


def test_decisions_become_pairs_for_the_sampler_and_the_later_one_of_a_person_counts():
    later = datetime(2026, 3, 2)
    found = decided_links(
        [
            decision(POLICE, PRESS, "different"),
            decision(POLICE, PRESS, "same", when=later),
            decision(POLICE, NGO, "different"),
            decision(PRESS, RecordKey("police", 3), "unsure"),
        ],
        KEYS,
    )
    assert found.must_link == places((POLICE, PRESS))
    assert found.must_not_link == places((POLICE, NGO))
    assert (found.n_unsure, found.reviewers) == (1, ("A.",))


def test_a_chain_that_contradicts_a_decision_is_named_by_list_and_row():
    decided = [
        decision(POLICE, PRESS, "same", line=2),
        decision(PRESS, NGO, "same", line=3),
        decision(POLICE, NGO, "different", line=4),
    ]
    with pytest.raises(LinkageError) as caught:
        decided_links(decided, KEYS, source="d.csv")
    told = str(caught.value)
    assert "ngo row 2 is press row 2 (row 3) and press row 2 is police row 2 (row 2)" in told
    assert "so that ngo row 2 is police row 2, which row 4 denies" in told


def test_two_people_who_disagree_are_refused_until_a_third_decides():
    split = [decision(POLICE, PRESS, "same", "A.", 2), decision(POLICE, PRESS, "different", "B.", 3)]
    with pytest.raises(LinkageError, match="rows 2, 3: police row 2 and press row 2: as many people say same"):
        decided_links(split, KEYS)
    assert decided_links([*split, decision(POLICE, PRESS, "same", "C.", 4)], KEYS).must_link == places((POLICE, PRESS))
    in_two_files = [replace(split[0], source="a.csv"), replace(split[1], source="b.csv")]
    with pytest.raises(LinkageError, match=r"a\.csv row 2, b\.csv row 3: police row 2 and press row 2: as many"):
        decided_links(in_two_files, KEYS)
    unsure = [split[0], replace(split[1], answer="unsure")]
    assert decided_links(unsure, KEYS).must_link == places((POLICE, PRESS))


def test_records_on_no_list_and_duplicates_where_there_are_none_are_refused():
    decided = [
        decision(POLICE, RecordKey("pres", 2), "same", line=2),
        decision(POLICE, RecordKey("press", 99), "same", line=3),
        decision(POLICE, PRESS, "same", line=4),
        decision(PRESS, RecordKey("police", 3), "same", line=5),
    ]
    with pytest.raises(LinkageError) as caught:
        decided_links(decided, KEYS, duplicate_free={"police"})
    told = str(caught.value)
    assert "row 2: pres row 2: no list is called so" in told
    assert "row 3: press row 99: that row is no linkable record" in told
    assert "rows 4, 5: police row 2, police row 3 become one person, but police is declared free of duplicates" in told


def test_keys_are_those_of_linkable_records_in_order():
    named = NameRecord(5, (PersonName("synthetic"),), sheet="S")
    assert record_keys([NameList("graves", (NameRecord(4), named))]) == [RecordKey("graves", 5, "S")]


def test_agreement_of_two_blind_coders():
    rows = range(2, 42)
    first = [decision(RecordKey("police", row), PRESS, "same" if row % 2 else "different") for row in rows]
    second = [replace(each, who="B.", answer="same" if at < 4 else each.answer) for at, each in enumerate(first)]
    found = agreements([*first, *second])
    assert len(found) == 1
    assert (found[0].n_pairs, found[0].n_agreed) == (40, 38)
    assert found[0].share.lower < 0.95 < found[0].share.upper
    assert found[0].kappa == pytest.approx(0.9)
    assert found[0].kappa_interval.lower < 0.9 < found[0].kappa_interval.upper < 1
    assert not agreements(first)


def test_kappa_by_hand_and_its_interval_against_the_standard_error_of_a_large_table():
    assert cohens_kappa((20, 5, 10, 15)) == pytest.approx(0.4)
    table = (2000, 500, 1000, 1500)
    ends = kappa_interval(table)
    shares = np.array(table) / sum(table)
    draws = np.random.default_rng(1).multinomial(sum(table), shares, size=4000)
    simulated = np.std([cohens_kappa(tuple(int(count) for count in draw)) for draw in draws])
    # Twice 1.96 standard errors; their Monte Carlo error is 1.1 % for 4,000 draws, so that 5 % is 4.5 of them.
    assert ends.upper - ends.lower == pytest.approx(2 * 1.96 * simulated, rel=0.05)


def test_kappa_of_perfect_agreement_has_an_interval_and_of_one_answer_is_not_defined():
    assert cohens_kappa((12, 0, 0, 0)) is None
    ends = kappa_interval((10, 0, 0, 10))
    assert ends.upper == 1
    assert 0.6 < ends.lower < 0.95
