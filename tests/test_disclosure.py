"""A table that may be published: a reader who tries every possible table cannot tell a small cell."""

import itertools
import re
from functools import cache

import disclosure_attacker as attacker
import numpy as np
import pytest

from estimation.capture.datasets import load_table, table_names
from estimation.capture.disclosure import merge_small_cells, suppress_small_cells
from estimation.capture.disclosure.margins import MARGINS, ORDINARY, Published
from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError, TableError

HISTORIES = ["".join(bits) for bits in itertools.product("01", repeat=3)][1:]
SMALL = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 14, "010": 12, "001": 9, "110": 8, "101": 6, "011": 7, "111": 2}
)


SIZES = Published(("people", "list_sizes"))


@cache
def safe_of(rule, name, minimum=5, published=None):
    """The safe table of a packaged one, or the refusal; made once for all tests that look at it."""
    try:
        return rule(load_table(name), minimum=minimum, published=published)
    except TableError as error:
        return error


def possible(table, published=SIZES):
    """Every table of three lists in whole numbers with the margins of this one, shape (worlds, 7).

    The three cells of exactly two lists are tried at all values; with the people and the sizes they give the other
    four, and the people by number of lists are looked at then.
    """
    n, (a, b, c) = table.n_observed, table.list_sizes.tolist()
    x110, x101, x011 = (grid.ravel() for grid in np.indices((min(a, b) + 1, min(a, c) + 1, min(b, c) + 1)))
    doubled = a + b + c - n - x110 - x101 - x011
    x111 = doubled // 2
    x100, x010, x001 = a - x110 - x101 - x111, b - x110 - x011 - x111, c - x101 - x011 - x111
    worlds = np.column_stack([x001, x010, x011, x100, x101, x110, x111])
    worlds = worlds[(doubled % 2 == 0) & (worlds >= 0).all(axis=1)]
    if "frequencies" in published.margins:
        sums = attacker.margin_sums(3, ["frequencies"], published.pooled_from)
        worlds = worlds[(worlds @ sums.T == sums @ attacker.cells_of(table)).all(axis=1)]
    return worlds


def histories(table):
    return ["".join("1" if on else "0" for on in row) for row in table.patterns.tolist()]


def doubt(table, hidden, published=SIZES):
    """The least and the largest value that a reader must think possible for each hidden cell."""
    worlds, unknown = possible(table, published), sorted(hidden)
    for at, history in enumerate(HISTORIES):
        shown = table.count(*(name for name, on in zip("ABC", history, strict=True) if on == "1"))
        worlds = worlds[worlds[:, at] >= 1 if history in hidden else worlds[:, at] == shown]
    assert len(worlds)
    return {h: (int(worlds[:, at].min()), int(worlds[:, at].max())) for h in unknown for at in [HISTORIES.index(h)]}


def is_hidden(ends, minimum):
    """Whether a range leaves as many values as the minimum, and reaches it."""
    return ends[1] - ends[0] >= minimum - 1 and ends[1] >= minimum


@pytest.mark.parametrize("minimum", [3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_no_suppressed_small_cell_can_be_worked_out_by_trying_every_table(seed, minimum):
    rng = np.random.default_rng(seed)
    table = CaptureTable.from_histories(["A", "B", "C"], {h: int(rng.integers(1, 12)) for h in HISTORIES})
    safe = suppress_small_cells(table, minimum=minimum)
    hidden = {h for h, gone in zip(histories(table), safe.hidden, strict=True) if gone}
    if "list_sizes" not in safe.published.margins:
        pytest.skip("every table with that number of people is too many to try; the linear programme is tried below")
    ranges = doubt(table, hidden, safe.published)
    small = [h for h, n in zip(histories(table), table.counts.tolist(), strict=True) if n < minimum]
    assert set(small) <= hidden
    assert all(is_hidden(ranges[h], minimum) for h in small)


def test_leaving_only_the_small_cell_blank_would_give_it_away():
    """The control: what the rule adds is needed, as subtraction finds the one blank cell."""
    assert doubt(SMALL, {"111"}) == {"111": (2, 2)}
    hidden = suppress_small_cells(SMALL).hidden
    assert sum(hidden) > 1
    assert hidden[-1]


def test_no_further_cell_is_suppressed_that_could_be_shown():
    safe = suppress_small_cells(SMALL)
    hidden = {h for h, gone in zip(histories(SMALL), safe.hidden, strict=True) if gone}
    assert is_hidden(doubt(SMALL, hidden, safe.published)["111"], 5)
    for history in hidden - {"111"}:
        assert not is_hidden(doubt(SMALL, hidden - {history}, safe.published)["111"], 5)


@pytest.mark.parametrize("seed", range(4))
def test_no_small_cell_can_be_worked_out_from_merged_lists_and_the_sizes_of_the_old(seed):
    rng = np.random.default_rng(seed)
    cells = {h: int(rng.integers(6, 15)) for h in HISTORIES} | {"111": 2, "011": 1}
    table = CaptureTable.from_histories(["A", "B", "C"], cells)
    safe = merge_small_cells(table)
    assert safe.table.counts.min() >= 5
    groups = [name.split(" or ") for name in safe.table.lists]
    assert "list_sizes" in safe.published.margins
    worlds = possible(table, safe.published)
    becomes = [tuple(any(h["ABC".index(name)] == "1" for name in group) for group in groups) for h in HISTORIES]
    for pattern, count in zip(map(tuple, safe.table.patterns.tolist()), safe.table.counts.tolist(), strict=True):
        worlds = worlds[worlds[:, [b == pattern for b in becomes]].sum(axis=1) == count]
    for at, history in enumerate(HISTORIES):
        if cells[history] < 5:
            assert is_hidden((int(worlds[:, at].min()), int(worlds[:, at].max())), 5)


def test_merging_two_lists_with_a_small_overlap_would_give_it_away_and_is_not_done():
    """|A or B| with |A| and |B| gives the overlap of A and B, here 3, so A and B may not be the pair that is merged."""
    table = CaptureTable.from_histories(
        ["A", "B", "C"], {"100": 30, "010": 30, "001": 30, "110": 3, "101": 20, "011": 20}
    )
    assert merge_small_cells(table).table.lists != ("A or B", "C")


def test_a_table_without_small_cells_is_left_as_it_is_and_says_so(tmp_path):
    kosovo = load_table("kosovo")
    for safe in (merge_small_cells(kosovo), suppress_small_cells(kosovo)):
        assert safe.table == kosovo
        assert not any(safe.hidden)
        assert "No cell was below 5 people, and the table is as it was." in safe.text
        assert read_table(safe.to_csv(tmp_path / "kosovo.csv", force=True)) == kosovo


@pytest.mark.parametrize("name", ["uk", "western_us", "australia", "netherlands"])
def test_a_merged_table_is_read_back_with_every_person_and_no_small_cell(name, tmp_path):
    table = load_table(name)
    safe = safe_of(merge_small_cells, name)
    again = read_table(safe.to_csv(tmp_path / "safe.csv"))
    assert again == safe.table
    assert again.n_observed == table.n_observed
    assert again.counts.min() >= 5
    assert len(again.lists) < len(table.lists)


def test_the_file_says_its_rule_and_holds_no_small_cell_and_no_checksum(tmp_path):
    table = load_table("uk")
    for safe in (safe_of(rule, "uk") for rule in RULES):
        notes, rows = [
            [line for line in safe.text.splitlines() if line.startswith("# ") is wanted] for wanted in (True, False)
        ]
        assert notes[0].startswith("# Table of overlapping lists with no cell below 5 people. Rule: ")
        assert "every cell that was below 5 people has at least 5 possible values, 5 or more among them" in safe.text
        assert "or a checksum of the table" in safe.text
        assert all(f"{MARGINS[name].words};" in safe.text for name in safe.published.left_out[:2])
        assert table.sha256 not in safe.text
        assert all(count == "suppressed" or int(count) >= 5 for count in (row.rpartition(",")[2] for row in rows[1:]))


def test_a_suppressed_table_cannot_be_taken_for_a_whole_one(tmp_path):
    path = suppress_small_cells(SMALL).to_csv(tmp_path / "safe.csv")
    line = path.read_text().splitlines().index("1,1,1,suppressed") + 1
    with pytest.raises(TableError, match=f"line {line}, column count: the count 'suppressed' is not a number"):
        read_table(path)


def test_with_two_lists_the_totals_give_everything_away_and_nothing_is_written():
    table = CaptureTable.from_histories(["A", "B"], {"10": 50, "01": 30, "11": 2})
    with pytest.raises(TableError, match="publish no table of these lists, or name a lower minimum"):
        merge_small_cells(table)
    with pytest.raises(TableError, match="would have to go: the number of people on each list"):
        suppress_small_cells(table, published=SIZES)
    assert suppress_small_cells(table).published.margins == ("people",)


def test_a_list_smaller_than_the_minimum_and_a_minimum_that_hides_nothing_are_refused():
    table = CaptureTable.from_histories(["A", "B", "C"], {"100": 50, "010": 3, "101": 1})
    with pytest.raises(TableError, match=r"list B holds 3 people, below the minimum of 5(.|\n)*list C holds 1 person"):
        merge_small_cells(table)
    with pytest.raises(SettingError, match="minimum is 1; it must be 2 or more"):
        suppress_small_cells(SMALL, minimum=1)


def test_notes_above_a_header_are_not_read_and_lines_keep_their_numbers(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('# a note, with a "quotation mark\n# and another\nA,B,count\n1,0,5\n0,x,3\n')
    with pytest.raises(TableError, match="line 5, list B: 'x' says neither"):
        read_table(path)


def test_a_list_whose_name_looks_like_a_note_is_written_so_that_it_can_be_read(tmp_path):
    table = CaptureTable.from_histories(["# of the dead", "B"], {"10": 5, "01": 3, "11": 2})
    assert read_table(table.to_csv(tmp_path / "table.csv")) == table


WITH_SMALL_CELLS = [name for name in table_names() if load_table(name).counts.min() < 5]
FEW_LISTS = [name for name in WITH_SMALL_CELLS if len(load_table(name).lists) <= 5 and not name.startswith("new_")]
"""Without those of more lists, and those of New Orleans, which the sizes of their lists always give away."""
RULES = (merge_small_cells, suppress_small_cells)


@pytest.mark.parametrize(
    "minimum", [pytest.param(3, marks=pytest.mark.slow), 5, pytest.param(10, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("rule", RULES)
def test_beside_all_that_it_says_may_be_published_no_packaged_table_gives_a_small_cell_away(rule, minimum):
    attacked = 0
    for name in table_names():
        table = load_table(name)
        safe = safe_of(rule, name, minimum)
        if isinstance(safe, TableError):
            continue
        found = attacker.attack(table, safe, minimum)
        assert not attacker.narrow(found, minimum), name
        attacked += len(found)
    assert attacked > 20


@pytest.mark.parametrize("names", [FEW_LISTS, pytest.param(WITH_SMALL_CELLS, marks=pytest.mark.slow)], ids=len)
def test_the_attacker_finds_what_a_table_gives_away_that_counts_on_the_sizes_of_the_lists_alone(names):
    """The control, and the fault that was there: the people by number of lists, and the overlaps, were not counted."""
    given_away = {"frequencies": 0, "overlaps": 0}
    for name in names:
        table = load_table(name)
        for rule in RULES:
            safe = safe_of(rule, name, published=SIZES)
            if isinstance(safe, TableError):
                continue
            assert not attacker.narrow(attacker.attack(table, safe, 5), 5), name
            for more in given_away:
                beside = Published((*SIZES.margins, "frequencies", *(["overlaps"] if more == "overlaps" else [])))
                hindsight = SafeTableBeside(safe, beside)
                given_away[more] += len(attacker.exact(attacker.attack(table, hindsight, 5)))
    assert given_away["frequencies"] > 10
    assert given_away["overlaps"] > 3 * given_away["frequencies"]


class SafeTableBeside:
    """A safe table with other margins beside it than it counts on."""

    def __init__(self, safe, published):
        self.table, self.hidden, self.published = safe.table, safe.hidden, published


def test_a_cell_whose_range_ends_below_the_minimum_is_given_away_however_wide_it_is():
    """Of five lists in New Orleans a cell could be 0 to 4 people: surely fewer than five."""
    table = load_table("new_orleans_five_lists")
    safe = merge_small_cells(table)
    assert all(high >= 5 for _, high in attacker.attack(table, safe, 5).values())
    with pytest.raises(TableError, match="These would have to go: the number of people on each list"):
        merge_small_cells(table, published=SIZES)


def test_beside_an_ordinary_report_no_table_hides_a_small_cell_and_what_would_have_to_go_is_named():
    with pytest.raises(TableError) as refused:
        merge_small_cells(load_table("uk"), published=ORDINARY)
    for name in ("singletons", "overlaps", "overlaps_elsewhere", "choices", "histories"):
        assert MARGINS[name].words in str(refused.value)
        assert MARGINS[name].where[0] in str(refused.value)
    assert "Without a table could stay: the number of people; the number of people on each list" in str(refused.value)


def test_the_same_table_gives_the_same_safe_table_in_any_order_of_its_rows():
    table = load_table("uk")
    turned = CaptureTable(table.lists, table.patterns[::-1], table.counts[::-1])
    for rule in RULES:
        assert safe_of(rule, "uk").text == rule(turned).text


@pytest.mark.slow
def test_a_table_of_34_lists_ends_with_a_safe_table_or_with_words():
    rng = np.random.default_rng(1)
    people = rng.random((400, 34)) < rng.uniform(0.02, 0.25, 34)
    people = people[people.any(axis=1)]
    table = CaptureTable([f"list {j}" for j in range(34)], people, np.ones(len(people), dtype=int))
    for rule in RULES:
        try:
            safe = rule(table)
        except TableError as error:
            words = str(error)
        else:
            words = ""
            assert safe.table.counts[~np.array(safe.hidden)].min(initial=5) >= 5
        assert re.search("^$|not settled in the work that is allowed|no table of two lists or more", words)
