"""What a table says before any model, against numbers worked out by hand and a slow obvious count."""

import math
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from estimation.capture.datasets import load_table, table_names
from estimation.capture.inspection import inspect_table
from estimation.capture.table import CaptureTable
from estimation.cli.inspected import print_inspection


def table_of(lists, **histories) -> CaptureTable:
    return CaptureTable.from_histories(lists, {name[1:]: count for name, count in histories.items()})


@pytest.fixture
def three() -> CaptureTable:
    return table_of("ABC", _100=50, _010=40, _001=60, _110=10, _101=20, _011=15, _111=20)


class TestNumbers:
    def test_lists_are_as_counted_by_hand(self, three):
        first, second, third = inspect_table(three).lists
        assert (first.name, first.size, first.singletons, first.share_elsewhere) == ("A", 100, 50, 0.5)
        assert (second.size, second.singletons, second.share_elsewhere) == (85, 40, 45 / 85)
        assert (third.size, third.singletons, third.share_elsewhere) == (115, 60, 55 / 115)

    def test_frequencies_and_the_share_on_one_list(self, three):
        inspection = inspect_table(three)
        assert inspection.frequencies == (150, 45, 20)
        assert inspection.share_on_one_list == 150 / 215

    def test_the_odds_ratio_is_that_among_people_on_another_list(self, three):
        # Of the 115 on C: 20 on A and B, 20 on A only, 15 on B only, 60 on neither.
        pair = inspect_table(three).pairs[0]
        assert (pair.first, pair.second, pair.both) == ("A", "B", 30)
        assert pair.odds_ratio is not None
        assert pair.odds_ratio.cells == (20, 20, 15, 60)
        assert pair.odds_ratio.value == pytest.approx(20 * 60 / (20 * 15), rel=1e-12)
        error = math.sqrt(1 / 20 + 1 / 20 + 1 / 15 + 1 / 60)
        assert pair.odds_ratio.lower == pytest.approx(4 * math.exp(-1.959963984540054 * error), rel=1e-12)
        assert pair.odds_ratio.upper == pytest.approx(4 * math.exp(1.959963984540054 * error), rel=1e-12)
        assert not pair.odds_ratio.corrected
        assert pair.odds_ratio_text == "4.00 (1.73 to 9.26)"

    def test_one_half_is_added_to_each_cell_where_one_is_empty_and_that_is_said(self):
        table = table_of("ABC", _100=5, _001=30, _101=10, _011=8)
        pair = inspect_table(table).pairs[0]
        assert pair.odds_ratio is not None
        assert pair.odds_ratio.cells == (0, 10, 8, 30)
        assert pair.odds_ratio.value == pytest.approx(0.5 * 30.5 / (10.5 * 8.5), rel=1e-12)
        assert pair.odds_ratio.corrected
        assert pair.odds_ratio_text.endswith("with 0.5 added to each cell")

    @pytest.mark.parametrize("name", table_names())
    def test_every_cell_is_what_counting_person_by_person_gives(self, name):
        table = load_table(name)
        people = list(zip(table.patterns.tolist(), table.counts.tolist(), strict=True))
        pairs = iter(inspect_table(table).pairs)
        for i, j in combinations(range(len(table.lists)), 2):
            slow = {(a, b): 0 for a in (True, False) for b in (True, False)}
            for pattern, count in people:
                if any(on for k, on in enumerate(pattern) if k not in (i, j)):
                    slow[pattern[i], pattern[j]] += count
            cells = tuple(slow.values())
            pair = next(pairs)
            assert pair.both == sum(count for pattern, count in people if pattern[i] and pattern[j])
            if pair.odds_ratio is not None:
                assert pair.odds_ratio.cells == cells
            else:
                n_11, n_10, n_01, n_00 = cells
                assert 0 in (n_11 + n_10, n_01 + n_00, n_11 + n_01, n_10 + n_00)

    def test_the_interval_covers_independence_as_often_as_it_says(self):
        # 4 independent lists, 2,000 tables of some 700 people, 6 pairs each.  The share of the 12,000 intervals that
        # cover has a standard error of 0.0021, measured over tables; 4 of them: a false alarm in 1 of 16,000 seeds.
        rng = np.random.default_rng(20260101)
        covered = total = 0
        for _ in range(2000):
            seen = rng.random((800, 4)) < (0.4, 0.5, 0.3, 0.45)
            seen = seen[seen.any(axis=1)]
            for pair in inspect_table(CaptureTable("ABCD", seen, np.ones(len(seen)))).pairs:
                assert pair.odds_ratio is not None
                covered += pair.odds_ratio.lower <= 1 <= pair.odds_ratio.upper
                total += 1
        assert abs(covered / total - 0.95) < 4 * 0.0021


class TestHints:
    def test_together_is_said_with_the_direction_of_the_error(self, three):
        pair = inspect_table(three).pairs[0]
        assert pair.sign == 1
        assert pair.hint == ("positively dependent (odds ratio above 1): a total from these two alone would be too low")

    def test_apart_is_said_with_the_direction_of_the_error(self):
        death, rehabilitation = "death", "rehabilitation"
        pair = next(p for p in inspect_table(load_table("spina_bifida_626")).pairs if p.first == death)
        assert (pair.second, pair.sign) == (rehabilitation, -1)
        assert pair.hint == (
            "negatively dependent (odds ratio below 1): a total from these two alone would be too high"
        )

    def test_no_clear_sign_is_no_sign(self):
        pair = inspect_table(load_table("kosovo")).pairs[4]
        assert (str(pair), pair.sign, pair.hint) == ("ABA and HRW", 0, "no clear sign of dependence")

    def test_a_sign_that_few_people_show_says_so(self):
        pair = inspect_table(load_table("new_orleans_186")).pairs[5]
        assert str(pair) == "A and G"
        assert pair.hint.endswith(", seen in few people")

    @pytest.mark.parametrize(
        ("lists", "histories", "hint"),
        [
            (
                "AB",
                {"10": 5, "01": 4, "11": 3},
                "not estimable from two lists alone: the people on neither are not observed",
            ),
            ("ABC", {"100": 5, "010": 4, "110": 3}, "not estimable: nobody is on another list"),
            (
                "ABC",
                {"100": 5, "010": 4, "001": 3, "101": 2},
                "not estimable: of the people on other lists nobody is on B",
            ),
            ("ABC", {"100": 5, "010": 4, "111": 3, "101": 2}, "not estimable: all people on other lists are on A"),
        ],
    )
    def test_a_pair_that_cannot_be_judged_says_why(self, lists, histories, hint):
        pair = inspect_table(CaptureTable.from_histories(lists, histories)).pairs[0]
        assert pair.odds_ratio is None
        assert pair.sign == 0
        assert pair.odds_ratio_text == "not estimable"
        assert pair.hint == hint


class TestWhatCannotBeUsed:
    def test_empty_lists_and_pairs_that_share_nobody_are_told_apart(self):
        inspection = inspect_table(table_of("ABCD", _1000=5, _0100=4, _0010=2, _1010=3))
        assert inspection.empty_lists == ("D",)
        assert [str(pair) for pair in inspection.empty_pairs] == ["A and B", "B and C"]
        assert "Nobody is on D; drop it before estimating." in inspection.sentences
        assert any(s.startswith("2 of 6 pairs of lists share nobody (A and B, B and C)") for s in inspection.sentences)

    def test_two_empty_lists_are_spoken_of_in_the_plural(self):
        inspection = inspect_table(table_of(["with it", "B", "bit", "mite"], _1000=5, _0100=4, _1100=2))
        assert "Nobody is on bit, mite; drop them before estimating." in inspection.sentences

    def test_identical_and_contained_lists_are_named(self):
        inspection = inspect_table(table_of("ABC", _110=3, _001=4, _111=2))
        assert inspection.identical == (("A", "B"),)
        assert inspection.contained == ()
        assert "A and B name exactly the same people: one list given twice is not two sources." in inspection.sentences
        inspection = inspect_table(table_of("ABC", _100=5, _110=3, _001=4, _111=2))
        assert inspection.identical == ()
        assert inspection.contained == (("B", "A"),)
        assert any("(B within A)" in sentence for sentence in inspection.sentences)

    def test_lists_hang_together_through_a_chain_of_others(self):
        inspection = inspect_table(table_of("ABC", _110=3, _011=2))
        assert inspection.components == (("A", "B", "C"),)
        assert inspection.connected

    def test_groups_that_share_nobody_are_named(self):
        inspection = inspect_table(table_of("ABCDE", _10100=3, _01010=2, _01000=9, _00001=1))
        assert inspection.components == (("A", "C"), ("B", "D"), ("E",))
        assert not inspection.connected
        assert any("fall into 3 groups that share nobody (A, C; B, D; E)" in s for s in inspection.sentences)

    def test_new_orleans_falls_into_two_groups(self):
        assert inspect_table(load_table("new_orleans_185")).components == (tuple("ACDEGH"), ("B", "F"))


class TestSentences:
    def test_kosovo_in_words(self):
        assert inspect_table(load_table("kosovo")).sentences == (
            "4,400 people are on at least one of 4 lists; 3,218 of them (73 %) are on one list only.",
            "Positively dependent (odds ratio above 1, among people on another list): EXH and ABA, EXH and OSCE, EXH "
            "and HRW, ABA and OSCE, OSCE and HRW. A total from such a pair alone would be too low.",
            "6 pairs were tested, each with a 95 % interval: even among independent lists about 1 in 20 shows a sign "
            "by chance.",
        )

    def test_a_table_without_any_overlap_says_that_nothing_can_be_estimated(self):
        sentences = inspect_table(table_of("AB", _10=5, _01=4)).sentences
        assert "Nobody is on two lists: without any overlap" in sentences[1]

    def test_a_table_without_threefold_overlap_says_that_it_tells_little(self):
        sentences = inspect_table(load_table("synthetic_artificial_3")).sentences
        assert "Nobody is on three lists or more" in sentences[1]

    def test_long_enumerations_are_cut(self):
        sentences = inspect_table(load_table("new_orleans_186")).sentences
        assert any("B and H and 10 more)" in sentence for sentence in sentences)


class TestEnds:
    def test_one_list(self):
        inspection = inspect_table(CaptureTable(["A"], [[1]], [7]))
        assert inspection.pairs == ()
        assert inspection.components == (("A",),)
        assert inspection.share_on_one_list == 1.0
        assert inspection.sentences == (
            "7 people are on the only list; one list says nothing about those who are not on it.",
        )

    def test_two_lists(self):
        inspection = inspect_table(table_of("AB", _10=5, _01=4, _11=3))
        assert "Two lists alone cannot show whether they depend on each other" in inspection.sentences[-1]

    @pytest.mark.parametrize("lists", ["A", "AB", "ABC"])
    def test_nobody_at_all(self, lists):
        inspection = inspect_table(CaptureTable(lists, [], []))
        assert inspection.n_observed == 0
        assert inspection.share_on_one_list is None
        assert inspection.components == ()
        assert not inspection.connected
        assert inspection.empty_lists == tuple(lists)
        assert all(row.share_elsewhere is None for row in inspection.lists)
        assert all(pair.odds_ratio is None for pair in inspection.pairs)
        assert inspection.sentences[0] == "Nobody is on any list; there is nothing to estimate from."

    def test_64_lists(self):
        rng = np.random.default_rng(1)
        seen = rng.random((3000, 64)) < 0.1
        seen = seen[seen.any(axis=1)]
        inspection = inspect_table(CaptureTable([f"L{j}" for j in range(64)], seen, np.ones(len(seen))))
        assert len(inspection.pairs) == 64 * 63 // 2
        assert inspection.connected
        assert max(len(sentence) for sentence in inspection.sentences) < 400


class TestWhatANotebookShows:
    @pytest.mark.parametrize("name", ["kosovo", "new_orleans_186", "synthetic_artificial_3"])
    def test_lists_and_pairs_are_frames_with_the_numbers_of_the_inspection(self, name):
        inspection = inspect_table(load_table(name))
        lists, pairs = inspection.lists_frame(), inspection.pairs_frame()
        assert lists["list"].tolist() == [row.name for row in inspection.lists]
        assert lists["size"].tolist() == [row.size for row in inspection.lists]
        assert pairs["both"].tolist() == [pair.both for pair in inspection.pairs]
        ratios = [math.nan if pair.odds_ratio is None else pair.odds_ratio.value for pair in inspection.pairs]
        np.testing.assert_array_equal(pairs["odds_ratio"], ratios)

    def test_it_is_html_with_every_sentence_and_short_as_text(self):
        names = ["<press>", "A & B", "C"]
        inspection = inspect_table(table_of(names, _100=5, _010=4, _110=2, _111=1))
        shown = ElementTree.fromstring(inspection._repr_html_())
        assert [item.text for item in shown.iter("li")] == list(inspection.sentences)
        assert {"<press>", "A & B"} <= {cell.text for cell in shown.iter("td")}
        assert str(inspection).split("\n") == list(inspection.sentences)

    @pytest.mark.parametrize("n_lists", [1, 3, 64])
    def test_a_wide_table_and_its_inspection_do_not_fill_the_screen(self, n_lists):
        rng = np.random.default_rng(1)
        seen = rng.random((500, n_lists)) < 0.3
        seen = seen[seen.any(axis=1)]
        table = CaptureTable([f"list number {j}" for j in range(n_lists)], seen, np.ones(len(seen)))
        assert len(repr(table)) <= 400
        assert len(repr(inspect_table(table))) <= 400
        shown = ElementTree.fromstring(table._repr_html_())
        counts = [int(row[-1].text) for row in shown.iter("tr") if row[0].tag == "td"]
        assert len(counts) <= 21
        assert sum(counts) == table.n_observed


class TestManyLists:
    """Above ten lists a summary; at 34 lists, with 561 pairs, no more than a screen or two."""

    @pytest.fixture
    def wide(self):
        rng = np.random.default_rng(1)
        seen = rng.random((3000, 34)) < rng.uniform(0.01, 0.2, 34)
        seen[:40, 5] = seen[:40, 7] = True  # two lists that depend on each other
        seen[:, 30:] = seen[:, :4]  # four lists twice
        seen = seen[seen.any(axis=1)]
        return CaptureTable([f"list number {j}" for j in range(34)], seen, np.ones(len(seen)))

    def test_the_strongest_pairs_are_those_whose_interval_is_farthest_from_1(self, wide):
        inspection = inspect_table(wide)
        distances = [pair.distance for pair in inspection.strongest_pairs]
        assert len(distances) == 10
        assert distances == sorted(distances, reverse=True)
        assert distances[0] == max(pair.distance for pair in inspection.pairs)
        assert inspect_table(load_table("kosovo")).pairs[4].distance == 0

    def test_it_is_short_in_the_terminal_and_everything_with_all(self, wide, capsys):
        print_inspection(inspect_table(wide), everything=False)
        summary = capsys.readouterr().out
        assert len(summary.splitlines()) <= 60
        assert all(f"{name} {size:,} (" in summary for name, size in zip(wide.lists, wide.list_sizes, strict=True))
        assert "561 pairs; all: --all" in summary
        assert "4 pairs of lists name exactly the same people each" in summary
        print_inspection(inspect_table(wide), everything=True)
        assert len(capsys.readouterr().out.splitlines()) > 561

    def test_it_is_short_in_a_notebook(self, wide):
        found = ElementTree.fromstring(inspect_table(wide)._repr_html_())
        assert len(list(found.iter("tr"))) == 11
        assert len(found.findtext("p") or "") > 34 * 10
        three = ElementTree.fromstring(inspect_table(table_of("ABC", _100=5, _010=4, _111=2))._repr_html_())
        assert len(list(three.iter("tr"))) == 1 + 3 + 1 + 3
