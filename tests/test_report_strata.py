"""The part of a report by place, time and group: the total and where it comes from, every stratum, who was missed."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from report_cases import PLAIN, SHA256, items, letters, pdf_text, plain
from stratum_cases import classical, collection, found_by, many, square

from estimation.errors import StudyError
from estimation.report.contents import document_of
from estimation.report.document import Bullets, Explorer, Figure, Paragraph, Table, blocks_of
from estimation.report.drawing import drawn
from estimation.report.page import html_of
from estimation.report.paper import pdf_of
from estimation.report.strata import STRATA
from estimation.study.findings import find
from estimation.study.record import record_of
from estimation.study.study_file import read_study

STUDY = """
title = "People of two places"
table = "persons.csv"
seed = 7
headline = "Two lists"

[counted]
who = "People"
where = "Two places"
when = "1988"
excludes = "Visitors"

[[model]]
label = "Two lists"
name = "chapman"
[model.settings]
lists = ["a", "b"]

[[model]]
label = "Coverage"
name = "sample-coverage"

[strata]
by = ["place", "month"]
missing = "complete"
time = "month"

[strata.map]
boundaries = "places.geojson"
label = "place"
"""
COUNTS = {"100": 40, "010": 30, "001": 25, "110": 15, "101": 12, "011": 10, "111": 6}
MONTHS = ("1988-07", "1988-08")


def write(folder: Path, places=("North", "South")) -> Path:
    """Two places and months; nobody of the last of both is on two lists, and of 9 people no place is known."""
    rows = ["a,b,c,place,month,count"]
    for factor, place in enumerate(places, 1):
        for month in MONTHS:
            for history, people in COUNTS.items():
                sparse = place == places[-1] and month == MONTHS[1]
                if not sparse or history.count("1") == 1:
                    rows.append(f"{','.join(history)},{place},{month},{people * factor}")
    rows.append("1,0,0,,1988-07,9")
    (folder / "persons.csv").write_text("\n".join(rows) + "\n")
    (folder / "places.geojson").write_text(json.dumps(collection(square("North", 0), square("South", 1))))
    (folder / "study.toml").write_text(STUDY)
    return folder / "study.toml"


def document(findings):
    record = record_of(findings.study, findings.read)
    return document_of(findings, record, results_sha256=SHA256)


def part_of(findings):
    """The blocks of the part by strata, and its sentences."""
    section = next(each for each in document(findings).sections if each.heading == STRATA)
    blocks = list(blocks_of([section]))
    texts = [b.text for b in blocks if isinstance(b, Paragraph)]
    texts += [text for b in blocks if isinstance(b, Bullets) for text in b.items]
    return blocks, " ".join(texts)


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("strata")
    return find(read_study(write(folder)), parts=folder / "parts")


@pytest.fixture(scope="module")
def whole(findings):
    """The same with a number in each stratum, of 100 and 150 people for each 50 on a list."""
    results = {
        (place, month): classical(50, 100 * at, 9) for at, place in enumerate(("North", "South"), 1) for month in MONTHS
    }
    return replace(findings, strata=dict.fromkeys(findings.strata, found_by(["place", "month"], results)))


class TestTotal:
    def test_it_stands_beside_the_number_of_all_people_and_the_difference_is_said(self, whole):
        _, said = part_of(whole)
        together = whole.headline.median
        assert "All strata together: 600 people, 95 % confidence interval" in said
        assert f"The same model on all people together gives {together:,.0f}, 95 % confidence interval" in said
        assert f"{abs(600 - together):,.0f} people {'more' if together < 600 else 'fewer'}" in said
        assert "all of them are totals of the same study" in said

    def test_people_in_no_stratum_are_counted_and_named(self, whole):
        _, said = part_of(whole)
        n = whole.table.n_observed
        assert f"rests on 200 of the {n:,} people on the lists; the other {n - 200:,} are in no stratum" in said

    def test_without_one_it_says_why_and_what_can_be_done(self, findings):
        blocks, said = part_of(findings)
        warning = next(b.text for b in blocks if isinstance(b, Paragraph) and b.tone == "warning")
        assert warning.startswith("All strata together have no number: 1 of 4 strata have no number")
        assert "merge place South, month 1988-08 with" in warning
        assert "9 people whose place or month is missing were left out." in said
        assert "place South, month 1988-08: " in said

    def test_page_one_has_it_in_a_sentence(self, whole, findings):
        def on_page_one(found):
            would_change = next(s for s in document(found).first if s.heading == "What would change it")
            return next(text for text in items(would_change) if text.startswith("Divided by"))

        assert on_page_one(whole).startswith(
            "Divided by place and month into four groups, of the 200 people on the lists who can be placed, the same "
            "model gives 600 in all (95 % confidence interval "
        )
        assert "gives no number of all people: one group has no number; see the part" in on_page_one(findings)

    def test_every_models_total_stands_beside_its_number_of_all_people(self, findings):
        blocks, _ = part_of(findings)
        table = next(b for b in blocks if isinstance(b, Table) and b.columns[0] == "Model")
        assert [row[:3] for row in table.rows] == [
            ("Two lists", "3 of 4", "not estimable"),
            ("Coverage", "3 of 4", "not estimable"),
        ]
        assert table.rows[0][-1] == f"{findings.headline.median:,.0f}"
        every = next(b for b in blocks if isinstance(b, Table) and b.columns[2:] == ("Two lists", "Coverage"))
        assert [row[:2] for row in every.rows] == list(findings.strata["Two lists"].results)
        assert every.rows[3][2:] == ("not estimable", "not estimable")

    def test_a_model_of_all_strata_at_once_has_its_own_chart_and_table(self, findings, whole):
        borrowing = replace(findings, strata={**findings.strata, "Borrowing": whole.strata["Two lists"]})
        blocks, said = part_of(borrowing)
        assert "“Borrowing” is fitted to all strata at once" in said
        assert [b.name for b in blocks if isinstance(b, Figure)].count("strata-at-once-1-01") == 1
        table = next(b for b in blocks if isinstance(b, Table) and b.caption.startswith("“Borrowing” in each stratum"))
        assert table.rows[-1][:4] == ("all strata", "", "200", "600")
        totals = next(b for b in blocks if isinstance(b, Table) and b.columns[0] == "Model")
        assert totals.rows[-1][-1] == "–"


class TestStrata:
    def test_each_has_a_row_and_the_total_the_last(self, findings):
        blocks, _ = part_of(findings)
        table = next(b for b in blocks if isinstance(b, Table) and b.columns[:2] == ("place", "month"))
        assert [row[:2] for row in table.rows] == [*findings.strata["Two lists"].results, ("all strata", "")]
        assert table.rows[3][3] == "not estimable"

    def test_a_reader_can_choose_them_by_the_first_label(self, whole):
        blocks, _ = part_of(whole)
        chooser = next(b for b in blocks if isinstance(b, Explorer))
        assert chooser.choose_by == "place"
        assert [place.group for place in chooser.places] == ["North", "North", "South", "South", ""]
        assert [place.mark for place in chooser.places] == ["plain"] * 4 + ["total"]
        assert all(place.is_open for place in chooser.places)

    def test_the_lists_that_a_stratum_went_without_are_named_with_the_reason(self, whole):
        found = whole.strata["Two lists"]
        left_out = {**found.left_out, ("North", MONTHS[0]): {"c": "nobody"}}
        _, said = part_of(replace(whole, strata={"Two lists": replace(found, left_out=left_out)}))
        assert "c is left out of place North, month 1988-07: nobody." in said

    def test_who_was_missed_is_said_in_words(self, whole):
        _, said = part_of(whole)
        assert "Recorded less often, by the whole of the 95 % confidence interval: place South, month 1988-07" in said
        assert "Recorded more often, by the whole of the 95 % confidence interval: place North, month 1988-07" in said


class TestCharts:
    def test_strata_time_who_was_missed_and_map_are_drawn_for_page_and_phone(self, whole):
        of_strata = ["strata-01", "over-time-01", "missed-01", "map"]
        written = drawn(plain(document(whole), but=of_strata))
        by_name = {figure.name: figure for figure in written.figures}
        assert [name for name in by_name if name in of_strata] == of_strata
        for form in ("wide", "narrow"):
            pictures = [getattr(by_name[name], form) for name in of_strata]
            assert all(b"<svg" in picture and len(picture) > 10 * len(PLAIN) for picture in pictures)
        assert 'class="explorer"' in html_of(written)
        assert letters(STRATA) in letters(pdf_text(pdf_of(written)))

    def test_many_strata_are_drawn_on_as_many_pages_as_they_need(self, whole):
        found = many(["place", "month"], [(f"place {i}", str(m)) for i in range(20) for m in range(10)], failing=(7,))
        blocks, said = part_of(replace(whole, strata={"Two lists": found}, study=without_map(whole.study)))
        figures = [b for b in blocks if isinstance(b, Figure) and b.name.startswith("strata")]
        shown = [stratum for figure in figures for stratum in figure.draw.keywords["strata"]]
        assert shown == list(found.results)
        missed = [b for b in blocks if isinstance(b, Figure) and b.name.startswith("missed")]
        assert sum(len(figure.draw.keywords["strata"]) for figure in missed) == 199
        # A row takes 0.18 inches and a heading 0.34: 20 headings and 200 rows need 43 inches, a page has 6.6.
        assert len(figures) == 7
        assert "Strata 1 to " in said
        chooser = next(b for b in blocks if isinstance(b, Explorer))
        assert sum(place.is_open for place in chooser.places) == 13
        # Two figures in a row would stand side by side on paper, each too narrow for its rows.
        kinds = [type(b) for b in blocks]
        assert (Figure, Figure) not in set(itertools.pairwise(kinds))


def without_map(study):
    return replace(study, strata=replace(study.strata, map=None))


def test_a_study_without_strata_has_no_such_part(whole):
    plain = replace(whole, strata={})
    written = document(plain)
    assert STRATA not in [section.heading for section in written.sections]
    would_change = next(s for s in written.first if s.heading == "What would change it")
    assert not any(text.startswith("Divided by") for text in items(would_change))


def test_boundaries_that_lack_a_place_are_refused_before_anything_runs_with_the_nearest(tmp_path):
    study = read_study(write(tmp_path, places=("North", "Suoth")))
    with pytest.raises(StudyError) as error:
        find(study, parts=tmp_path / "parts")
    assert error.value.problems == (
        "[strata] map: boundaries places.geojson: the place 'Suoth' is the 'name' of no feature; did you mean 'South'?",
    )
    assert not (tmp_path / "parts").exists()
