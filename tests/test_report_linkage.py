"""The part of a report on who is the same person: its numbers are those of the linkage, and nobody's row is in it."""

from dataclasses import replace

import numpy as np
import pytest
from small_linkage import LISTS, small_linkage

import estimation as mse
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.linked_tables import REVIEWERS, linked_tables, read_linked_tables
from estimation.linkage.saved import summary_of_linkage
from estimation.report.document import Bullets, Figure, Paragraph, Table
from estimation.report.linkage import LINKAGE, who_is_the_same_person
from estimation.report.linkage_figures import _paged
from estimation.report.linkage_in_short import linkage_in_short
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.variance_split import VarianceSplit

ERRORS = FittedErrors(
    LISTS,
    ("given", "family"),
    (((0.05, 0.2), (0.1, 0.3)),) * 3,
    ((0.0, 0.5, 0.3, 0.2),) * 2,
    (0.1, 0.2, 0.05),
    (0.01,) * 3,
    (((0.03, 0.11), (0.06, 0.2)),) * 3,
    ((0.01, 0.01, 0.03, 0.95),) * 2,
    ((0.0005, 0.03),) * 2,
)
DRAWS = replace(
    small_linkage(),
    errors=ERRORS,
    notes=("with looser candidates the mean number of people shifts by -0.4.",),
    n_unlinkable={"graves": 12},
)
RESULTS = {
    "Exact": mse.fit_draws(mse.models.NoHighestOrderInteraction(), DRAWS, rng=1),
    "Chao": mse.fit_draws(mse.models.ChaoLowerBound(), DRAWS, rng=1),
    "Two lists": mse.fit_draws(mse.models.Chapman(), DRAWS, rng=1),
}


def linked(draws=DRAWS, **about):
    return linked_tables(draws, about={**summary_of_linkage(draws), **about})


def section(tables=None, results=RESULTS):
    return who_is_the_same_person(tables or linked(), results, "Exact", synthetic=True)


def text_of(found):
    return " ".join(
        text
        for block in found.blocks
        for text in (
            (block.text,)
            if isinstance(block, Paragraph)
            else block.items
            if isinstance(block, Bullets)
            else (block.caption, *(cell for row in block.rows for cell in row))
            if isinstance(block, Table)
            else (block.caption, block.alternative)
            if isinstance(block, Figure)
            else ()
        )
    )


def test_fields_are_dealt_evenly_over_pictures():
    assert [len(part) for part in _paged([str(n) for n in range(8)], 4)] == [4, 4]
    assert _paged(["given"], 4) == [("given",)]
    assert _paged([], 4) == []


def test_a_study_of_a_table_has_no_such_part_and_no_sentence():
    assert who_is_the_same_person(None, RESULTS, "Exact", synthetic=False) is None
    assert linkage_in_short(None, RESULTS, "Exact") == ""


def test_records_people_and_links_are_those_of_the_draws():
    people, records = DRAWS.people, len(DRAWS.records)
    opening = section().blocks[0].text
    assert f"{records} records on three lists are of {people.median} people" in opening
    assert f"95 % credible interval {people.lower} to {people.upper}" in opening
    lower, upper = (int(end) for end in (people.by_model.lower, people.by_model.upper))
    assert (lower, upper) != (people.lower, people.upper)
    assert f"{records - upper} to {records - lower} links" in opening


def test_what_linkage_contributes_is_that_of_each_result():
    split, words = VarianceSplit.of(RESULTS["Exact"].tables), text_of(section())
    assert f"{100 * split.share:.0f} % of the variance is the linkage's" in words
    table = next(block for block in section().blocks if isinstance(block, Table) and "two parts" in block.caption)
    assert [row[0] for row in table.rows] == ["Exact", "Chao"]  # what is not estimable has no variance


def test_page_one_says_so_in_plain_english_and_points_to_the_part():
    said = linkage_in_short(linked(), RESULTS, "Exact")
    assert f"about {DRAWS.people.median} people" in said
    assert said.endswith(f"See the part “{LINKAGE}”.")
    certain = replace(DRAWS, persons=np.repeat(DRAWS.persons[:1, :1], 4, axis=1))
    results = {"Exact": mse.fit_draws(mse.models.NoHighestOrderInteraction(), certain, rng=1)}
    assert "hardly any wider" in linkage_in_short(linked(certain), results, "Exact")


def test_charts_are_there_with_words_and_synthetic_people_are_called_so():
    figures = [block for block in section().blocks if isinstance(block, Figure)]
    assert [each.name for each in figures] == ["people", "linkage-share", "match-weights-01", "field-errors-01"]
    assert all(each.alternative.startswith("Synthetic data.") for each in figures)
    for each in figures:
        assert each.draw().get_xlabel()


def test_without_fitted_errors_the_charts_of_them_are_left_out():
    figures = [block.name for block in section(linked(replace(DRAWS, errors=None))).blocks if isinstance(block, Figure)]
    assert figures == ["people", "linkage-share"]


def test_rows_that_were_not_linked_bound_the_people_on_the_lists():
    words, people = text_of(section()), DRAWS.people
    assert f"{people.lower} people at least and {people.upper + 12} at most" in words
    none = text_of(section(linked(replace(DRAWS, n_unlinkable={}))))
    assert "Every row of every list that stands for a person who died was linked." in none


def test_notes_failed_checks_and_reviews_are_said():
    failed = Diagnostics((Check("R-hat of people", 1.4, 1.1, False, "The chains do not agree."),))
    found = section(linked(replace(DRAWS, diagnostics=failed), review={"the same person": 12, "two people": 30}))
    warning = [block for block in found.blocks if isinstance(block, Paragraph) and block.tone == "warning"]
    assert "R-hat of people is 1.4 (limit 1.1)" in warning[0].text
    assert "12 as the same person and 30 as two people" in text_of(found)
    by = linked(replace(DRAWS, settings={REVIEWERS: "A. and B."}), review={"the same person": 12})
    assert "reviewed by people, by A. and B.: 12" in text_of(section(by))
    assert "No person has reviewed" in text_of(section())
    assert "With looser candidates the mean number of people shifts" in text_of(section())


def test_the_part_is_made_from_tables_without_a_row_of_a_record_and_errors_come_back_whole():
    text = linked().csv_text
    assert read_linked_tables(text, "tables.csv").errors == ERRORS
    again = section(read_linked_tables(text, "tables.csv"))
    assert text_of(again) == text_of(section())


@pytest.mark.parametrize("n_fields", [1, 9])
def test_many_fields_take_several_pictures(n_fields):
    many = replace(
        ERRORS,
        fields=tuple(f"field {f}" for f in range(n_fields)),
        error_rates=tuple(of_list[:1] * n_fields for of_list in ERRORS.error_rates),
        error_levels=ERRORS.error_levels[:1] * n_fields,
        error_ends=tuple(of_list[:1] * n_fields for of_list in ERRORS.error_ends),
        chance_levels=ERRORS.chance_levels[:1] * n_fields,
        chance_agreement=ERRORS.chance_agreement[:1] * n_fields,
    )
    names = [b.name for b in section(linked(replace(DRAWS, errors=many))).blocks if isinstance(b, Figure)]
    assert len([name for name in names if name.startswith("match-weights")]) == (1 if n_fields == 1 else 2)
