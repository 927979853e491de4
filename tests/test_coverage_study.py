"""Coverage study: results are scored as defined, stopped work goes on to the same bytes, and wrong models fail."""

import csv
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from coverage_words import PAGE, page_again, scores_of
from typer.testing import CliRunner

from estimation.cli import app
from estimation.errors import SettingError
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.sample_coverage import SampleCoverage
from estimation.models.classical.two_lists import Chapman
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.log_linear.averaged import LogLinearAverage
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.simulation import Group, Scenario, Trial, coverage_study, load_scenario
from estimation.simulation.coverage_page import coverage_page
from estimation.simulation.scores import median_of, score, scores_csv, share_of
from estimation.simulation.standard import REPLICATIONS, SEED, SUITES, standard_models, standard_scenarios

PAIR = Chapman(("A", "B"))
READY = standard_scenarios()


def studied(scenarios=("independent",), models=None, replications=25, seed=1, **rest):
    chosen = {name: READY[name] for name in scenarios}
    given = models or {"pair": PAIR, "chao": ChaoLowerBound()}
    return coverage_study(chosen, given, replications=replications, rng=seed, **rest)


def trial(point, lower, upper, n=100, reason=""):
    return Trial("s", "m", 0, n, 50, point, lower, upper, False, reason)


class TestScores:
    def test_coverage_bias_and_length_by_hand(self):
        answers = [trial(90, 80, 99), trial(100, 90, 120), trial(110, 101, 140), trial(130, 100, 150)]
        found = score([*answers, trial(None, None, None, reason="too few")])
        assert (found.replications, found.not_estimable, found.reason) == (5, 1, "too few")
        assert found.coverage is not None
        assert found.coverage.value == 0.5
        assert (found.too_low, found.too_high) == (0.25, 0.25)
        assert found.bias is not None
        assert found.bias.value == pytest.approx(0.05)
        assert found.length is not None
        assert found.length.value == pytest.approx((0.30 + 0.39) / 2)

    def test_without_a_number_there_is_no_score(self):
        found = score([trial(None, None, None, reason="why")])
        assert (found.coverage, found.bias, found.length, found.too_low) == (None, None, None, None)

    def test_scores_of_two_models_are_not_mixed(self):
        with pytest.raises(ValueError, match="one model in one scenario"):
            score([trial(1, 1, 1), replace(trial(1, 1, 1), model="other")])

    def test_all_covered_is_not_certain(self):
        assert share_of(20, 20).value == 1
        assert share_of(20, 20).error > 0.02

    def test_the_error_of_a_median_is_that_of_normal_numbers(self):
        """1.2533 sd / sqrt(R); 400 sets of 101 numbers know it to 1 %, order statistics overstate it by up to 5 %."""
        rng = np.random.default_rng(3)
        errors = [median_of(rng.standard_normal(101)).error for _ in range(400)]
        assert np.mean(errors) == pytest.approx(1.2533 / math.sqrt(101), rel=0.08)

    def test_intervals_without_upper_limit_have_an_infinite_median_length(self):
        assert median_of([1.0, math.inf, math.inf]) == median_of([1.0, math.inf, math.inf])
        assert math.isinf(median_of([1.0, math.inf, math.inf]).value)
        assert math.isinf(median_of([1.0, 2.0, 3.0, math.inf]).error)

    def test_the_csv_has_each_measure_with_its_error(self):
        header, row = scores_csv([score([trial(90, 80, 120)])]).splitlines()
        named = dict(zip(header.split(","), row.split(","), strict=True))
        assert (named["coverage"], named["bias"], named["length"]) == ("1.0", "-0.1", "0.4")
        assert float(named["coverage_error"]) > 0


class TestRuns:
    def test_workers_change_no_number_and_may_be_stopped(self, tmp_path):
        def stop(done, doing=""):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            studied(folder=tmp_path / "2", workers=2, progress=stop)
        assert any((tmp_path / "2" / ".parts").iterdir())
        one, two = studied(folder=tmp_path / "1"), studied(folder=tmp_path / "2", workers=2)
        assert one.trials == two.trials
        for name in ("trials.csv", "scores.csv"):
            assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()

    def test_a_stopped_run_goes_on_to_the_same_bytes_without_doing_anything_again(self, tmp_path):
        def stop(done, doing=""):
            if done >= 3 / 6:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            studied(folder=tmp_path / "stopped", progress=stop)
        kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "stopped" / ".parts").glob("*.json")}
        assert len(kept) == 3
        assert not (tmp_path / "stopped" / "scores.csv").exists()
        studied(folder=tmp_path / "stopped")
        studied(folder=tmp_path / "whole")
        assert {path: path.stat().st_mtime_ns for path in kept} == kept
        for name in ("trials.csv", "scores.csv"):
            assert (tmp_path / "stopped" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()

    def test_another_model_or_scenario_moves_no_answer(self):
        alone = studied(models={"pair": PAIR}).trials
        among = studied(
            scenarios=("dependent_pair", "independent"), models={"chao": ChaoLowerBound(), "pair": PAIR}
        ).trials
        assert [t for t in among if (t.scenario, t.model) == ("independent", "pair")] == list(alone)

    def test_all_models_are_fitted_to_the_same_tables(self):
        found = studied()
        assert [t.n_observed for t in found.trials if t.model == "chao"] != []
        # Chapman sees people on A or B only, so the tables are compared by a second bound.
        again = studied(models={"one": ChaoLowerBound(), "two": ChaoLowerBound(bias_corrected=True)})
        seen = {label: [t.n_observed for t in again.trials if t.model == label] for label in ("one", "two")}
        assert seen["one"] == seen["two"]

    def test_what_was_kept_for_another_setting_or_scenario_is_not_used(self, tmp_path):
        studied(models={"chao": ChaoLowerBound()}, folder=tmp_path)
        changed = {"chao": ChaoLowerBound(bias_corrected=True)}
        assert studied(models=changed, folder=tmp_path, force=True).trials == studied(models=changed).trials
        larger = replace(READY["independent"], groups=(Group("everyone", 3000, (0.2,) * 4),))
        again = coverage_study({"independent": larger}, changed, replications=25, rng=1, folder=tmp_path, force=True)
        assert {t.n_total for t in again.trials} == {3000}

    def test_other_words_about_a_scenario_need_no_new_work(self, tmp_path):
        studied(models={"chao": ChaoLowerBound()}, folder=tmp_path)
        before = set((tmp_path / ".parts").iterdir())
        reworded = {"independent": replace(READY["independent"], title="Other", note="Words.")}
        models = {"chao": ChaoLowerBound()}
        coverage_study(reworded, models, replications=25, rng=1, folder=tmp_path, force=True)
        assert set((tmp_path / ".parts").iterdir()) == before

    def test_the_first_of_more_tables_are_those_of_fewer(self):
        assert studied(replications=7).trials == tuple(t for t in studied().trials if t.replication < 7)

    def test_data_that_cannot_carry_a_model_are_counted(self):
        tiny = Scenario("Tiny", "Hardly anybody.", ("A", "B"), (Group("all", 20, (0.1, 0.0)),))
        found = coverage_study({"tiny": tiny}, {"pair": PAIR}, replications=5, rng=1)
        assert found.scores[0].not_estimable == 5
        assert "not estimable in any of 5" in str(found)
        assert "Tiny: 5 of 5. Most frequent reason: nobody is on B" in coverage_page(found, command="x")

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"scenarios": ()}, "there is no scenario"),
            ({"replications": 0}, "models would be fitted to 0 tables; give at least 1"),
        ],
    )
    def test_nothing_to_do_is_refused(self, changes, said):
        with pytest.raises(SettingError, match=said):
            studied(**changes)

    def test_what_was_not_studied_has_no_score(self):
        with pytest.raises(KeyError):
            studied().of("independent", "somebody")


RIGHT_OR_WRONG = {
    "pair": PAIR,
    "sample coverage": SampleCoverage(resamples=100),
    "average": LogLinearAverage(),
    "graphs": DecomposableGraphs(),
}


@pytest.fixture(scope="module")
def scores():
    two = {name: RIGHT_OR_WRONG[name] for name in ("pair", "average")}
    with_a_dependent_pair = studied(("dependent_pair",), two, replications=60)
    others = studied(("independent", "zero_capture_group"), RIGHT_OR_WRONG, replications=60)
    return replace(others, scores=(*others.scores, *with_a_dependent_pair.scores))


class TestTruth:
    """60 tables.  An interval that covers 95 % covers fewer than 82 % of them one time in 5,000."""

    @pytest.mark.parametrize("label", ["pair", "average", "graphs"])
    def test_intervals_hold_the_number_where_the_assumption_holds(self, scores, label):
        assert scores.of("independent", label).coverage.value >= 0.82

    def test_two_lists_that_depend_break_the_model_that_says_they_do_not(self, scores):
        assert scores.of("dependent_pair", "pair").coverage.value < 0.2
        assert scores.of("dependent_pair", "pair").too_low > 0.8
        assert scores.of("dependent_pair", "average").coverage.value >= 0.82

    @pytest.mark.parametrize("label", RIGHT_OR_WRONG)
    def test_a_group_with_zero_capture_probability_breaks_every_model(self, scores, label):
        assert scores.of("zero_capture_group", label).coverage.value < 0.2
        assert scores.of("zero_capture_group", label).bias.value < -0.25


def test_a_table_without_an_estimate_is_a_miss_of_all_tables_and_no_miss_of_the_answers():
    found = score([trial(90, 80, 120), trial(None, None, None), trial(60, 50, 70), trial(100, 90, 110)])
    assert found.coverage.value == pytest.approx(2 / 3)
    assert found.coverage_of_all == 0.5


class TestPage:
    def test_its_numbers_are_those_of_the_scores(self):
        models = {"pair": PAIR, "bound": Heterogeneity()}
        found = studied(("independent", "zero_capture_group"), models, replications=40)
        page = coverage_page(found, command="mse something")
        assert "`mse something` (seed 1)" in page
        cell = found.of("zero_capture_group", "pair").coverage
        assert f"**{100 * cell.value:.1f} ± {100 * cell.error:.1f}**" in page
        assert "bound (bound)" in page
        assert "1 of 2 models falls short" in page
        assert "N = 4,000" in page

    def test_the_page_in_the_repository_has_the_words_of_today_around_its_numbers(self):
        """Where only words have changed, ``python tests/coverage_words.py`` writes the page again."""
        page = PAGE.read_text(encoding="utf-8")
        assert page == page_again(page)

    @pytest.mark.parametrize("suite", [name for name in SUITES if name != "standard"])
    def test_the_pages_of_the_other_suites_have_a_row_a_model(self, suite):
        page = (PAGE.parent / f"coverage-{suite}.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| ([^|]+?)(?: \(bound\))? \| [-+*\dn]", page, re.MULTILINE)
        assert rows == 3 * list(SUITES[suite].models)

    def test_the_numbers_of_the_page_survive_its_making(self):
        scores = scores_of(PAGE.read_text(encoding="utf-8"))
        assert len(scores.scores) == len(READY) * len(standard_models())
        assert scores.of("zero_capture_group", "No highest-order interaction").coverage.value == pytest.approx(0.829)
        assert scores.of("dependent_pair", "Two lists, A and B").not_estimable == 16

    @pytest.mark.parametrize(
        "label",
        ["Two lists, A and B", "Chao's estimator", pytest.param("People differ (Mth-Chao)", marks=pytest.mark.slow)],
    )
    def test_its_rows_are_made_again_to_the_last_digit(self, label):
        page = PAGE.read_text(encoding="utf-8")
        models = {label: standard_models()[label]}
        again = coverage_study(READY, models, replications=REPLICATIONS, rng=SEED)
        rows = [line for line in coverage_page(again, command="").splitlines() if line.startswith(f"| {label}")]
        assert len(rows) == 3
        assert all(row in page for row in rows)


def test_the_help_names_every_suite():
    shown = CliRunner().invoke(app, ["coverage", "--help"]).output
    assert all(suite in re.sub(r"-\s+", "-", shown) for suite in SUITES)


def test_the_scenarios_are_those_that_are_packaged():
    assert READY["independent"] == load_scenario("independent")


class TestShown:
    def test_the_frame_has_a_row_for_each_score_with_the_numbers_of_the_csv(self):
        found = studied(replications=5)
        frame = found.to_frame()
        rows = list(csv.DictReader(scores_csv(found.scores).splitlines()))
        assert list(frame.columns) == list(rows[0])
        assert frame["model"].tolist() == ["pair", "chao"]
        assert frame["coverage"].tolist() == [float(row["coverage"]) for row in rows]
        assert frame["length_error"].tolist() == [float(row["length_error"]) for row in rows]

    def test_what_is_open_says_that_it_is_synthetic(self):
        found = studied(replications=5, models={"a < b": Heterogeneity()})
        for shown in (str(found), repr(found), found._repr_html_(), coverage_page(found, command="x")):
            assert "SYNTHETIC" in shown
        assert len(repr(found)) <= 400
        assert "a &lt; b (bound)" in found._repr_html_()


def test_the_folder_has_the_two_tables_and_the_cache_and_nothing_else(tmp_path):
    studied(folder=tmp_path / "new", replications=5)
    assert {path.name for path in (tmp_path / "new").iterdir()} == {".parts", "scores.csv", "trials.csv"}
    assert len(list((tmp_path / "new" / ".parts").glob("*.json"))) == 2
