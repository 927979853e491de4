"""What all sensitivities share: the state of the generator, a baseline that may be known, a finding, a frame."""

import copy
import inspect
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import ClassVar

import numpy as np
import pytest

import estimation.sensitivity as sensitivity
from estimation.capture.datasets import load_table
from estimation.models.cached_model import CachedModel
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.population_register import PopulationRegister, WithinRegister
from estimation.models.protocol import estimate
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.totals import Draws, Grid
from estimation.sensitivity.alternatives import COLUMNS, Alternative, Sensitivity
from estimation.sensitivity.vary_setting import vary_setting

KOSOVO = load_table("kosovo")
MODEL = NoHighestOrderInteraction(draws=1000, chains=1)
"""A model whose every fit draws from the generator."""

ASKED = {
    "consistency": partial(sensitivity.consistency, KOSOVO, model=MODEL),
    "leave_one_list_out": partial(sensitivity.leave_one_list_out, KOSOVO, model=MODEL),
    "linkage_error": partial(sensitivity.linkage_error, KOSOVO, [0, 0.1], [0, 0.1, 0.95], model=MODEL, most_tables=3),
    "merge_two_lists": partial(sensitivity.merge_two_lists, KOSOVO, model=MODEL),
    "odds_ratio": partial(sensitivity.odds_ratio, KOSOVO, [0.5, 2], pair=("ABA", "HRW")),
    "one_inflation": partial(sensitivity.one_inflation, KOSOVO, model=MODEL),
    "pairs": partial(sensitivity.pairs, KOSOVO, model=MODEL),
    "subsets": partial(sensitivity.subsets, KOSOVO, model=MODEL),
    "tipping_dependence": partial(sensitivity.tipping_dependence, KOSOVO, 20_000, model=MODEL),
    "tipping_linkage_error": partial(sensitivity.tipping_linkage_error, KOSOVO, 20_000, model=MODEL, most_tables=2),
    "vary_setting": partial(sensitivity.vary_setting, KOSOVO, "xi", [0.5, 2], model=MODEL),
}
MADE = Provenance("0" * 64, "0.1.0", "1", ())
BASELINES = {"odds_ratio": NoHighestOrderInteraction(1.0, ("ABA", "HRW"))}


def rng(seed=7):
    return np.random.default_rng(seed)


@cache
def known(name):
    """The answer at the seed of `rng`, which many tests look at."""
    return ASKED[name](rng=7)


def state_of(generator):
    """Everything of a generator on which its numbers, and those of its children, depend."""
    seed_sequence = generator.bit_generator.seed_seq
    return copy.deepcopy((generator.bit_generator.state, seed_sequence.entropy, seed_sequence.n_children_spawned))


def numbers_of(found):
    """Every result of a sensitivity, with what made it."""
    results = [found.baseline, *(a.result for a in found.alternatives)]
    return [(str(r), r.provenance, getattr(r, "mean", None)) for r in results]


def test_every_function_of_the_namespace_is_tested_here():
    functions = {name for name in sensitivity.__all__ if inspect.isfunction(getattr(sensitivity, name))}
    assert functions == {*ASKED, "tipping_share"}  # which takes a result and no generator


@pytest.mark.parametrize("name", ASKED)
def test_a_sensitivity_leaves_the_generator_as_it_was_and_answers_the_same_again(name):
    generator = rng()
    before = state_of(generator)
    first = ASKED[name](rng=generator)
    assert state_of(generator) == before
    again = ASKED[name](rng=generator)
    assert numbers_of(first) == numbers_of(again)
    assert numbers_of(first) == numbers_of(known(name)), "a seed stands for its generator"
    assert (first.question, first.finding) == (again.question, again.finding)


@pytest.mark.parametrize("name", ASKED)
def test_a_seed_sequence_stands_for_its_generator_and_is_left_as_it_was(name):
    sequence = np.random.SeedSequence(7)
    assert numbers_of(ASKED[name](rng=sequence)) == numbers_of(known(name))
    assert sequence.n_children_spawned == 0


@pytest.mark.parametrize("name", ASKED)
def test_a_generator_has_to_be_given(name):
    with pytest.raises(TypeError, match="rng"):
        ASKED[name](rng=None)


@pytest.mark.parametrize("name", ASKED)
def test_a_baseline_that_is_known_is_not_fitted_again(name, monkeypatch):
    without = known(name)
    fitted = []
    fit = NoHighestOrderInteraction.fit

    def counted(model, table, **rest):
        if (model, table) == (BASELINES.get(name, MODEL), KOSOVO):
            fitted.append(model)
        return fit(model, table, **rest)

    monkeypatch.setattr(NoHighestOrderInteraction, "fit", counted)
    found = ASKED[name](rng=rng(), baseline=without.baseline)
    assert found.baseline is without.baseline
    assert fitted == []
    assert numbers_of(found) == numbers_of(without)


def test_a_baseline_of_another_model_or_table_is_refused():
    other = ChaoLowerBound().fit(KOSOVO, rng=1)
    with pytest.raises(ValueError, match="the baseline is by chao with 4,400 people observed, and the question is"):
        sensitivity.leave_one_list_out(KOSOVO, model=MODEL, rng=1, baseline=other)
    smaller = MODEL.fit(KOSOVO.drop(["EXH"]), rng=1)
    with pytest.raises(ValueError, match="give the result of this model for this table"):
        sensitivity.subsets(KOSOVO, model=MODEL, rng=1, baseline=smaller)


class TestFinding:
    def path(self, deltas):
        return vary_setting(KOSOVO, "delta", deltas, model=DecomposableGraphs(), rng=1)

    def test_it_is_made_from_the_numbers(self):
        found = self.path([0.1, 1.0, 30.0])
        medians = [alternative.result.median for alternative in found.alternatives]
        assert f"from {min(medians):,.0f} " in found.finding
        assert f"to {max(medians):,.0f} " in found.finding
        assert f"a factor of {max(medians) / min(medians):.2f}." in found.finding
        interval = found.baseline.interval()
        outside = [a.label for a in found.alternatives if not interval.lower <= a.result.median <= interval.upper]
        assert outside
        assert f"outside the 95 % credible interval of the baseline for {', '.join(outside)}." in found.finding

    def test_a_path_inside_the_interval_says_how_far_its_own_intervals_reach(self):
        found = self.path([0.07, 0.06])
        intervals, own = [a.result.interval() for a in found.alternatives], found.baseline.interval()
        reach = f"{min(i.lower for i in intervals):,.0f} to {max(i.upper for i in intervals):,.0f}"
        inside = (
            f"The medians stay inside the 95 % credible interval of the baseline, {own.lower:,.0f} to {own.upper:,.0f}"
        )
        assert f"{inside}; their intervals reach from {reach}." in found.finding

    def test_answers_outside_say_how_far_their_intervals_reach_as_well(self):
        found = self.path([0.1, 30.0])
        intervals = [a.result.interval() for a in found.alternatives]
        reach = f"{min(i.lower for i in intervals):,.0f} to {max(i.upper for i in intervals):,.0f}"
        assert f"for delta = 30. Their intervals reach from {reach}." in found.finding

    def test_only_intervals_that_are_inside_too_are_said_to_be(self):
        wide, narrow = (
            Estimate(Grid(np.arange(low, high), np.ones(high - low)), 90, "m", "M", ("Assumed.",), Diagnostics(), MADE)
            for low, high in ((100, 1100), (500, 600))
        )
        inside = Sensitivity("What if?", wide, (Alternative("a", 1, narrow), Alternative("b", 2, narrow))).finding
        assert "The medians and their intervals stay inside the 95 % credible interval" in inside
        beyond = Sensitivity("What if?", narrow, (Alternative("a", 1, wide),)).finding
        assert "their intervals stay" not in beyond
        assert "125 to 1,074." in beyond

    def test_equal_medians_are_no_range(self):
        estimate = self.path([0.125]).baseline
        alike = Sensitivity("What if?", estimate, (Alternative("a", 1, estimate), Alternative("b", 2, estimate)))
        assert alike.finding.startswith(f"The median is {estimate.median:,.0f} at each of them. The medians and")
        alone = Sensitivity("What if?", estimate, (Alternative("a", 1, estimate),))
        assert alone.finding.startswith(f"The median is {estimate.median:,.0f} (a). The median and its interval")

    def test_how_many_answers_have_an_estimate_stands_before_their_range(self):
        one, other = (self.path([delta]).alternatives[0].result for delta in (0.1, 30.0))
        nothing = NotEstimable(4400, "decomposable", "Graphs", "too thin", one.assumptions, one.provenance)
        missing = tuple(Alternative(f"without {name}", 1, nothing) for name in "ABCDEFGHIJ")
        alone = Sensitivity("What if?", one, (*missing, Alternative("without K", 2, one))).finding
        assert alone.startswith(f"1 of 11 answers has an estimate: the median is {one.median:,.0f} (without K).")
        assert "a factor of" not in alone
        two = Sensitivity("What if?", one, (*missing, Alternative("x", 2, one), Alternative("y", 3, other))).finding
        assert two.startswith("2 of 12 answers have an estimate: the median ranges from ")
        assert f"a factor of {one.median / other.median:.2f}." in two

    def test_a_result_without_a_number_is_named_and_not_dropped(self):
        estimate = self.path([0.125]).baseline
        nothing = NotEstimable(4400, "decomposable", "Graphs", "too thin", estimate.assumptions, estimate.provenance)
        mixed = Sensitivity("What if?", estimate, (Alternative("a", 1, estimate), Alternative("b", 2, nothing)))
        assert mixed.finding.endswith(" Not estimable: b.")
        assert (
            Sensitivity("What if?", estimate, (Alternative("b", 2, nothing),)).finding == "Not estimable at any of b."
        )
        assert "of the baseline" not in Sensitivity("What if?", nothing, mixed.alternatives).finding

    def test_a_bound_and_a_classical_estimate_are_not_called_medians(self):
        bound = sensitivity.leave_one_list_out(KOSOVO, model=Heterogeneity("Mth-Chao"), rng=1).finding
        assert bound.startswith("The lower bound ranges from ")
        point = sensitivity.leave_one_list_out(KOSOVO, model=LogLinear(), rng=1).finding
        assert point.startswith("The estimate ranges from ")

    def test_the_monte_carlo_error_of_drawn_answers_is_part_of_the_finding_and_of_the_frame(self):
        drawn = vary_setting(KOSOVO, "xi", [0.5, 2], model=MODEL, rng=1)
        errors = [a.result.total.monte_carlo_error(0.5) for a in drawn.alternatives]
        assert f"Monte Carlo errors are up to {max(errors):,.0f} people." in drawn.finding
        assert drawn.to_frame()["monte_carlo_error"].tolist()[1:] == errors
        assert "Monte Carlo" not in self.path([0.1]).finding


@dataclass(frozen=True)
class Slow:
    """A model with a lighter form, that answers its target."""

    name: ClassVar[str] = "slow"
    title: ClassVar[str] = "Slow"
    assumptions: ClassVar[tuple[str, ...]] = ("None.",)
    effective: int = 2000
    shift: int = 0

    def why_not(self, table):
        return None

    def lighter(self):
        return replace(self, effective=min(self.effective, 400))

    def fit(self, table, *, rng, workers=1, progress=None):
        around = np.random.default_rng(1).integers(-5, 6, (2, 1000))
        return estimate(self, table, rng, Draws(table.n_observed + self.effective + self.shift + around))


class TestLighter:
    @pytest.mark.parametrize(
        "around",
        [
            lambda model, folder: model,
            lambda model, folder: CachedModel(model, folder),
            lambda model, folder: WithinRegister(model, PopulationRegister(20_000, "A register")),
        ],
        ids=["itself", "cached", "register"],
    )
    def test_alternatives_are_fitted_in_the_lighter_form_and_the_finding_says_so(self, around, tmp_path):
        found = vary_setting(KOSOVO, "shift", [100, 200], model=around(Slow(), tmp_path), rng=1)
        assert found.baseline.median == pytest.approx(4400 + 2000, abs=1)
        assert [a.result.median for a in found.alternatives] == pytest.approx([4900, 5000], abs=1)
        end = "computed until N has an effective sample size of 400, the baseline until it has 2,000."
        assert found.finding.endswith(f"The alternatives are {end}")

    def test_what_the_lighter_form_would_undo_is_varied_in_full(self):
        found = vary_setting(KOSOVO, "effective", [1000, 3000], model=Slow(), rng=1)
        assert [a.result.median for a in found.alternatives] == pytest.approx([5400, 7400], abs=1)

    def test_nothing_is_said_of_a_model_without_one(self):
        found = vary_setting(KOSOVO, "delta", [0.5], model=DecomposableGraphs(), rng=1)
        assert "effective sample size" not in found.finding


class TestFrame:
    @pytest.mark.parametrize("name", ASKED)
    def test_the_baseline_stands_first_and_every_alternative_has_a_row(self, name):
        found = known(name)
        frame = found.to_frame()
        assert list(frame.columns) == list(COLUMNS)
        assert frame["label"].tolist() == ["baseline", *(a.label for a in found.alternatives)]
        for row, result in zip(
            frame.itertuples(), [found.baseline, *(a.result for a in found.alternatives)], strict=True
        ):
            assert row.estimable == isinstance(result, Estimate)
            assert row.n_observed == result.n_observed
            assert row.median == result.median if row.estimable else row.reason == result.reason

    def test_values_are_numbers_where_what_is_changed_is_one(self):
        frame = known("linkage_error").to_frame()
        assert frame[["value", "second_value"]].to_numpy().tolist()[:3] == [[0, 0], [0, 0], [0, 0.1]]
        assert known("leave_one_list_out").to_frame()["value"].isna().all()

    def test_the_level_is_that_of_the_intervals(self):
        found = known("pairs")
        frame = found.to_frame(level=0.5)
        assert set(frame["level"]) == {0.5}
        assert frame["lower"][0] == found.baseline.interval(0.5).lower


class TestShown:
    @pytest.mark.parametrize("name", ASKED)
    def test_a_repr_is_short_and_says_what_was_asked(self, name):
        found = known(name)
        assert len(repr(found)) <= 400
        assert found.question[:40] in repr(found)
        assert all(len(repr(alternative)) <= 400 for alternative in found.alternatives)

    def test_html_is_a_table_with_the_question_and_the_finding_escaped(self):
        table = KOSOVO.keep(["ABA", "HRW"])
        renamed = type(table)(("A<b>", "H&R"), table.patterns, table.counts)
        found = sensitivity.odds_ratio(renamed, [0.5, 2], pair=("A<b>", "H&R"), rng=1)
        written = found._repr_html_()
        assert written.count("<tr>") == 1 + 1 + 2
        assert "What if A&lt;b&gt; and H&amp;R were dependent" in written
        assert "A<b>" not in written
        assert found.finding.split(".")[0] in written
        assert f"{found.baseline.median:,.0f}" in written
