"""Synthetic tables: drawn as their scenario says, with the truth beside them, to the same bytes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from estimation.capture.datasets import data_folder, load_table
from estimation.capture.readers import read_table
from estimation.capture.table import CaptureTable
from estimation.errors import ScenarioError
from estimation.simulation import (
    Dependence,
    Group,
    Scenario,
    Stratum,
    Unrecorded,
    history_probabilities,
    load_scenario,
    read_scenario,
    scenario_names,
    scenario_path,
    simulate,
    write_simulated,
)
from estimation.simulation.scenario_file import READY
from estimation.simulation.standard import SUITES
from estimation.study.study_file import read_study

PRISONS = "synthetic_prison_killings"


def scenario(**changes):
    groups = (Group("a", 400, (0.5, 0.3, 0.2)), Group("b", 100, (0.2, 0.0, 0.4)))
    return replace(Scenario("Small", "For a test.", ("X", "Y", "Z"), groups), **changes)


def drawn(what, seed=1):
    return simulate(what, rng=np.random.default_rng(seed))


class TestHistoryProbabilities:
    def test_independent_lists_multiply(self):
        np.testing.assert_allclose(history_probabilities([0.5, 0.2], []), [0.4, 0.4, 0.1, 0.1], atol=1e-12)

    def test_two_lists_by_hand(self):
        # p11 solves p11 (1 - p1 - p2 + p11) = 4 (p1 - p11) (p2 - p11) with p1 = p2 = 1/2: p11 = 1/3.
        np.testing.assert_allclose(
            history_probabilities([0.5, 0.5], [(0, 1, 4.0)]), np.array([2, 1, 1, 2]) / 6, atol=1e-12
        )

    def test_list_sizes_and_odds_ratios_are_those_asked_for(self):
        wanted = [0.35, 0.1, 0.62, 0.04]
        cells = history_probabilities(wanted, [(0, 1, 3.0), (1, 3, 0.25)]).reshape((2,) * 4, order="F")
        for j, share in enumerate(wanted):
            assert cells.take(1, axis=j).sum() == pytest.approx(share, abs=1e-12)
        odds = cells[1, 1] * cells[0, 0] / (cells[1, 0] * cells[0, 1])
        np.testing.assert_allclose(odds, 3.0, rtol=1e-9)
        odds = cells[:, 1, :, 1] * cells[:, 0, :, 0] / (cells[:, 1, :, 0] * cells[:, 0, :, 1])
        np.testing.assert_allclose(odds, 0.25, rtol=1e-9)

    def test_lists_that_hold_nobody_or_everybody_leave_the_others_alone(self):
        cells = history_probabilities([0.0, 0.3, 1.0], [(0, 1, 5.0), (1, 2, 5.0)])
        np.testing.assert_allclose(cells[[0b100, 0b110]], [0.7, 0.3], atol=1e-12)
        assert cells.sum() == pytest.approx(1)


class TestDraws:
    def test_the_same_seed_has_the_same_table_and_another_seed_another(self):
        assert drawn(scenario()).table == drawn(scenario()).table
        assert drawn(scenario()).table != drawn(scenario(), seed=2).table

    def test_histories_come_as_often_as_person_by_person(self):
        """The slow way: one coin a person and list.  Six standard errors in each of 8 cells: one alarm in 10^8."""
        what, rng = scenario(), np.random.default_rng(5)
        fast = np.mean([drawn(what, seed).table.cells() for seed in range(400)], axis=0)
        slow = np.zeros((400, 8))
        for k in range(400):
            for group in what.groups:
                on = rng.random((group.people, 3)) < group.capture
                slow[k] += np.bincount(on @ [1, 2, 4], minlength=8)
        slow[:, 0] = 0
        error = np.sqrt(2 * slow.var(axis=0) / 400)
        assert (np.abs(fast - slow.mean(axis=0)) <= 6 * error + 1e-12).all()

    def test_expected_sizes_are_the_average_sizes(self):
        """Six standard errors for each of four averages: one alarm in 10^8."""
        what = scenario(dependence=(Dependence(("X", "Y"), 3.0),))
        tables = [drawn(what, seed).table for seed in range(400)]
        sizes = np.array([[*t.list_sizes, t.n_observed] for t in tables], dtype=float)
        expected = np.array([*what.expected_list_sizes, what.expected_observed])
        assert (np.abs(sizes.mean(axis=0) - expected) < 6 * sizes.std(axis=0) / 20).all()

    def test_a_list_holds_nobody_of_a_group_it_does_not_cover(self):
        assert drawn(scenario()).groups[1].table.list_sizes[1] == 0

    def test_groups_and_strata_add_to_the_table(self):
        prisons = drawn(load_scenario(PRISONS))
        for parts in (prisons.groups, prisons.strata):
            assert sum(part.table.cells() for part in parts).tolist() == prisons.table.cells().tolist()
            assert sum(part.n_total for part in parts) == prisons.n_total == 2200

    def test_a_list_does_not_reach_a_stratum_of_odds_0(self):
        documents = [s.table.list_sizes[1] for s in drawn(load_scenario(PRISONS)).strata]
        assert [size == 0 for size in documents] == [False] * 6 + [True] * 6

    def test_odds_of_a_stratum_multiply_the_odds_of_the_group(self):
        everyone = (Group("a", 10, (0.2, 0.5)),)
        strata = (Stratum(("n",), (10,), (2.0, 1.0)),)
        what = Scenario("S", "N", ("X", "Y"), everyone, by=("place",), strata=strata)
        # Odds of 1/4 made 1/2: probability 1/3.
        assert what.expected_list_sizes == pytest.approx((10 / 3, 5))

    def test_people_with_zero_capture_probability_change_no_table(self):
        seen, unseen = drawn(load_scenario("independent")), drawn(load_scenario("zero_capture_group"))
        assert seen.table == unseen.table
        assert (seen.n_total, unseen.n_total) == (2500, 4000)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lists": ("X", "Y", "Y")}, "the list name 'Y' is used 2 times"),
        ({"groups": ()}, "there is no group"),
        ({"groups": (Group("a", -1, (0.1, 0.1, 0.1)),)}, "group 'a' has -1 people; it cannot be fewer than 0"),
        ({"groups": (Group("a", 1, (0.1, 0.1)),)}, "2 capture probabilities for 3 lists; give one a list"),
        ({"groups": (Group("a", 1, (0.1, 0.1, 1.1)),)}, "capture by 'Z' is 1.1; it must lie between 0 and 1"),
        ({"groups": (Group("a", 1, (0.1,) * 3),) * 2}, "the group 'a' is there twice"),
        ({"dependence": (Dependence(("X", "W"), 2.0),)}, "no list 'W'; there are X, Y, Z"),
        ({"dependence": (Dependence(("X", "X"), 2.0),)}, "a list cannot depend on itself"),
        ({"dependence": (Dependence(("X", "Y"), 0.0),)}, "the odds ratio is 0; it must lie between 1e-06"),
        ({"dependence": (Dependence(("X", "Y"), 2.0), Dependence(("Y", "X"), 3.0))}, "between X and Y is there twice"),
        ({"by": ("place",)}, "strata need both what they are made by and at least one stratum"),
        ({"lists": tuple("ABCDEFGHIJKLM")}, "the most a scenario takes is 12"),
    ],
)
def test_what_cannot_be_is_refused(changes, said):
    with pytest.raises(ScenarioError, match=said):
        scenario(**changes)


@pytest.mark.parametrize(
    ("stratum", "said"),
    [
        (Stratum(("n",), (400, 99), (1.0,) * 3), "group 'b' has 100 people and 99 in its strata"),
        (Stratum(("n", "m"), (400, 100), (1.0,) * 3), "stratum n, m has 2 labels; it must have 1"),
        (Stratum(("n",), (400,), (1.0,) * 3), "stratum n has 1 numbers of people; it must have 2"),
        (Stratum(("n",), (400, 100), (1.0, 1.0, -1.0)), "each must be a number of 0 or more"),
        (Stratum(("n",), (401, -1), (1.0,) * 3), "a number of people is negative"),
    ],
)
def test_strata_that_cannot_be_are_refused(stratum, said):
    with pytest.raises(ScenarioError, match=said):
        scenario(by=("place",), strata=(stratum,))


class TestFile:
    TEXT = scenario_path("dependent_pair").read_text(encoding="utf-8")

    def refusal(self, tmp_path, *changes):
        text = self.TEXT
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "scenario.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            read_scenario(tmp_path / "scenario.toml")
        return caught.value.problems

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("people", "pepole", "key 'pepole' is unknown; did you mean 'people'?"),
            ("people = 2500", "", "[group 1], key 'people' is missing; add it"),
            ("B = 0.22", "E = 0.22", "[group 1], capture: there is no list 'E'; there are A, B, C, D"),
            ("B = 0.22, ", "", "[group 1], capture: the list 'B' is missing; add it"),
            ("B = 0.22", "B = 2", "capture by 'B' is 2.0; it must lie between 0 and 1"),
            (
                'lists = ["A", "B"]',
                'lists = ["A"]',
                "[dependence 1], key 'lists' is ['A']; it must have 2 values or more",
            ),
            ("odds_ratio = 3", "odds_ratio = 0", "the odds ratio is 0; it must lie between 1e-06"),
        ],
    )
    def test_a_wrong_file_says_what_where_and_what_to_do(self, tmp_path, old, new, said):
        assert any(said in problem for problem in self.refusal(tmp_path, (old, new)))

    def test_all_problems_come_together(self, tmp_path):
        assert (
            len(
                self.refusal(
                    tmp_path, ("A = 0.25", "A = 2"), ("C = 0.18", "C = -1"), ("odds_ratio = 3", "odds_ratio = 0")
                )
            )
            == 3
        )

    def test_people_are_given_by_the_group_or_by_its_strata_and_not_by_both(self, tmp_path):
        stratum = '[[stratum]]\nlabels = ["n"]\npeople = { everyone = 2500 }\nodds = { E = 1 }\n'
        problems = self.refusal(tmp_path, ("[[dependence]]", f"{stratum}[[dependence]]"))
        assert any("the strata give the number of people; remove it here" in problem for problem in problems)
        assert any("[stratum 1], odds: there is no list 'E'" in problem for problem in problems)

    def test_what_is_packaged_is_found_by_name(self):
        in_suites = {name for suite in SUITES.values() for name in suite.scenarios}
        assert {*READY} <= in_suites
        assert set(scenario_names()) == {*in_suites, PRISONS}
        with pytest.raises(ScenarioError, match="there is no scenario 'independant'; did you mean 'independent'"):
            load_scenario("independant")

    def test_people_have_the_labels_of_their_strata(self):
        drawn = simulate(load_scenario("covariates_additive"), rng=1)
        assert drawn.people.margin() == drawn.table
        by_place = drawn.people.by(["place"]).tables
        at_coast = [part.table.n_observed for part in drawn.strata if part.labels[0] == "Coast"]
        assert by_place[("Coast",)].n_observed == sum(at_coast)

    def test_the_scenarios_differ_as_their_names_say(self):
        ready = {name: load_scenario(name) for name in READY}
        assert [name for name, s in ready.items() if s.dependence] == ["dependent_pair"]
        assert len(ready["two_hidden_classes"].groups) == 2
        assert ready["partial_coverage"].groups[1].capture[3] == 0
        assert ready["zero_capture_group"].groups[1].capture == (0,) * 4


@pytest.fixture(scope="module")
def drawn_again(tmp_path_factory):
    return write_simulated(drawn(load_scenario(PRISONS), seed=1), tmp_path_factory.mktemp("again"))


class TestWriting:
    def test_the_files_are_the_table_its_strata_and_the_truth(self, tmp_path):
        what = drawn(load_scenario(PRISONS))
        folder = write_simulated(what, tmp_path / "new" / "folder")
        assert read_table(folder / "synthetic_table.csv") == what.table
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        assert (truth["synthetic"], truth["people"], truth["seed"]) == (True, 2200, "1")
        assert sum(stratum["people"] for stratum in truth["strata"]) == 2200
        assert truth["table_sha256"] == what.table.sha256

    def test_without_strata_there_is_no_file_of_strata(self, tmp_path):
        folder = write_simulated(drawn(load_scenario("independent")), tmp_path)
        assert {path.name for path in folder.iterdir()} == {"synthetic_table.csv", "truth.json"}

    def test_the_strata_read_as_one_table_are_the_table(self, tmp_path):
        what = drawn(load_scenario(PRISONS))
        lines = (write_simulated(what, tmp_path) / "synthetic_strata.csv").read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("prison,month,in_testimony,")
        rows = [line.split(",") for line in lines[1:]]
        histories = [[int(cell) for cell in row[2:-1]] for row in rows]
        assert CaptureTable(what.table.lists, histories, [int(row[-1]) for row in rows]) == what.table

    @pytest.mark.parametrize(
        "name",
        # Claims are typed by hand; whatever else is synthetic is drawn.
        [
            *sorted({path.name for path in (data_folder() / PRISONS).glob("*.csv")} - {"synthetic_claims.csv"}),
            "truth.json",
        ],
    )
    def test_the_packaged_synthetic_tables_are_drawn_again_to_the_same_bytes(self, drawn_again, name):
        assert (drawn_again / name).read_bytes() == (data_folder() / PRISONS / name).read_bytes()


class TestUnrecorded:
    """Labels that lists do not record of all their people."""

    STRATA = (Stratum(("n",), (400, 100), (1.0,) * 3), Stratum(("s",), (400, 100), (1.0,) * 3))
    GROUPS = (Group("a", 800, (0.5, 0.3, 0.2)), Group("b", 200, (0.2, 0.0, 0.4)))

    def people(self, *unrecorded):
        return drawn(scenario(groups=self.GROUPS, by=("place",), strata=self.STRATA, unrecorded=unrecorded))

    def test_a_label_is_missing_where_every_record_of_a_person_lacks_it(self):
        """Y lacks it always, Z half the time, X never.  Five standard errors: once in two million runs."""
        what = self.people(Unrecorded("place", (0.0, 1.0, 0.5)))
        label = what.labelled.labels[0]
        missing = what.labelled.codes[:, 0] == len(label.values)
        lost, people = {}, {}
        for pattern, gone, count in zip(what.labelled.patterns.tolist(), missing, what.labelled.counts, strict=True):
            people[tuple(pattern)] = people.get(tuple(pattern), 0) + count
            lost[tuple(pattern)] = lost.get(tuple(pattern), 0) + count * gone
        assert all(lost[history] == 0 for history in people if history[0])
        assert lost[False, True, False] == people[False, True, False] > 0
        only_z = people[False, False, True]
        assert abs(lost[False, False, True] - only_z / 2) < 5 * (only_z / 4) ** 0.5
        assert what.labelled.margin() == what.table

    def test_it_changes_nothing_else_that_is_drawn(self):
        with_labels, without = self.people(Unrecorded("place", (0.0, 1.0, 0.5))), self.people()
        assert with_labels.table == without.table
        assert [s.table for s in with_labels.strata] == [s.table for s in without.strata]
        assert without.labelled is None

    def test_some_values_alone_may_be_lacking(self):
        what = self.people(Unrecorded("place", (1.0, 1.0, 1.0), only=("s",)))
        assert what.labelled.labels[0].values == ("n",)
        assert what.labelled.n_missing("place") == what.strata[1].table.n_observed

    def test_a_row_is_a_person_and_reads_back_with_its_labels_missing(self, tmp_path):
        what = drawn(load_scenario(PRISONS))
        path = write_simulated(what, tmp_path) / "synthetic_people.csv"
        assert len(path.read_text(encoding="utf-8").splitlines()) == 1 + what.table.n_observed
        read = read_table(path, strata=["prison", "month"])
        assert read == what.labelled
        assert read.n_missing("month") > 200
        assert read.n_missing("prison") == 0

    @pytest.mark.parametrize(
        ("unrecorded", "problem"),
        [
            (Unrecorded("palce", (0.0,) * 3), "there is no such label; did you mean 'place'"),
            (Unrecorded("place", (0.0,) * 2), "has 2 shares; it must have 3"),
            (Unrecorded("place", (0.0, 0.0, 1.5)), "a share is 1.5; it must lie between 0 and 1"),
            (Unrecorded("place", (0.5,) * 3, only=("w",)), "no stratum has 'w'"),
        ],
    )
    def test_what_cannot_be_is_refused(self, unrecorded, problem):
        with pytest.raises(ScenarioError, match=problem):
            self.people(unrecorded)


class TestShown:
    def test_the_frame_has_all_people_then_groups_and_strata_that_add_up(self):
        what = drawn(load_scenario(PRISONS))
        frame = what.to_frame()
        by_part = frame.groupby("part")[["n_total", "n_observed", *(f"on {name}" for name in what.table.lists)]].sum()
        assert by_part.loc["group"].tolist() == by_part.loc["all"].tolist() == by_part.loc["stratum"].tolist()
        assert by_part.loc["all"].tolist() == [2200, what.table.n_observed, *what.table.list_sizes]

    def test_what_is_open_says_that_it_is_synthetic(self):
        what = drawn(scenario(title="A < B"))
        for shown in (str(what), repr(what), what._repr_html_()):
            assert "SYNTHETIC" in shown
        assert len(repr(what)) <= 400
        assert "A &lt; B" in what._repr_html_()


def test_the_synthetic_study_says_that_it_is_synthetic_and_is_about_the_packaged_table():
    study = read_study(data_folder() / PRISONS / "study.toml")
    assert study.synthetic
    assert read_table(study.table) == load_table(PRISONS)
    assert study.references[0].value == load_scenario(PRISONS).n_total
    assert Path(study.table).name.startswith("synthetic")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("odds_ratio = 3", "odds_ratio = 1e16", r"the odds ratio is 1e\+16; it must lie between"),
        ("odds_ratio = 3", "odds_ratio = nan", r"key 'odds_ratio' is nan"),
        ("people = 2500", "people = 100000000000000000000", "no such number ever lived"),
    ],
)
def test_what_no_table_can_be_drawn_from_is_refused(tmp_path, old, new, said):
    text = scenario_path("dependent_pair").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "scenario.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        read_scenario(path)


class TestLinkageErrors:
    PLAIN = load_scenario("independent")

    def test_a_missed_match_makes_two_of_one_and_changes_no_list(self):
        plain, split = drawn(self.PLAIN), drawn(replace(self.PLAIN, missed_match=1.0))
        several = int(plain.table.frequencies[1:].sum())
        assert split.table.n_observed == plain.table.n_observed + several
        assert split.table.list_sizes.tolist() == plain.table.list_sizes.tolist()

    def test_a_false_match_makes_one_of_two_and_changes_no_list(self):
        """Of some 1,100 people on one list a tenth; 5 standard errors of a binomial, once in two million runs."""
        plain, merged = drawn(self.PLAIN), drawn(replace(self.PLAIN, false_match=0.1))
        alone = int(plain.table.frequencies[0])
        lost = plain.table.n_observed - merged.table.n_observed
        assert abs(lost - 0.1 * alone) < 5 * (0.09 * alone) ** 0.5 + 0.02 * alone
        assert merged.table.list_sizes.tolist() == plain.table.list_sizes.tolist()
        assert merged.n_total == plain.n_total == 2500

    def test_shares_that_cannot_be_are_refused(self):
        with pytest.raises(ScenarioError, match=r"missed_match = 1\.5; it must lie between 0 and 1"):
            replace(self.PLAIN, missed_match=1.5)
