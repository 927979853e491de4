"""What would have to hold for N to be a stated figure: dependence, zero capture probability, linkage errors."""

from dataclasses import replace

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.classical.two_lists import Chapman, LincolnPetersen
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.totals import Draws, Grid
from estimation.sensitivity.corrected_linkage import correct_linkage_errors
from estimation.sensitivity.crossing import find_crossing
from estimation.sensitivity.tipping_dependence import tipping_dependence
from estimation.sensitivity.tipping_linkage_error import tipping_linkage_error
from estimation.sensitivity.tipping_share import tipping_share, with_zero_capture_share

KOSOVO = load_table("kosovo")
TWO = CaptureTable.from_histories(["police", "press"], {"10": 540, "01": 300, "11": 120})
PROVENANCE = Provenance("0" * 64, "0.1.0", "1", ())


def rng():
    return np.random.default_rng(1)


def estimate(total, n=100):
    return Estimate(total, n, "model", "Model", ("Assumed.",), Diagnostics(), PROVENANCE)


def at(median, n=100):
    return estimate(Grid(np.arange(median - 5, median + 6), np.ones(11)), n)


def none():
    return NotEstimable(100, "model", "Model", "nothing overlaps", ("Assumed.",), PROVENANCE)


def dependence(figure, table=KOSOVO, lists=("ABA", "HRW"), xi=1.0):
    model = NoHighestOrderInteraction(xi, lists, draws=1000, chains=2)
    return tipping_dependence(table, figure, model=model, rng=rng())


class TestCrossing:
    def test_it_finds_the_first_place_on_the_other_side(self):
        found = find_crossing(
            lambda k: at(200 + int(k)), lambda e: e.median, 237, start=at(200), steps=range(10, 100, 10), precision=1
        )
        assert (found.place, found.crossed) == (37, True)

    def test_it_goes_down_as_well(self):
        found = find_crossing(
            lambda k: at(200 - int(k)), lambda e: e.median, 180, start=at(200), steps=range(16, 99, 16), precision=1
        )
        assert (found.place, found.result.median) == (20, 180)

    def test_what_is_not_estimable_is_never_the_answer(self):
        def answer(k):
            return none() if 20 < k < 50 else at(200 + int(k))

        found = find_crossing(answer, lambda e: e.median, 230, start=at(200), steps=range(10, 100, 10), precision=1)
        assert (found.place, found.crossed) == (50, True)

    def test_where_it_never_crosses_it_says_how_far_it_came(self):
        def answer(k):
            return none() if k > 25 else at(200 + int(k))

        found = find_crossing(answer, lambda e: e.median, 500, start=at(200), steps=range(10, 100, 10), precision=1)
        assert (found.place, found.crossed) == (20, False)

    def test_nothing_is_moved_where_the_figure_is_met_already(self):
        found = find_crossing(lambda k: none(), lambda e: e.median, 200, start=at(200), steps=[1], precision=1)
        assert (found.place, found.crossed) == (0, True)


class TestDependence:
    @pytest.mark.parametrize(("lists", "figure"), [(("ABA", "HRW"), 12_000), (None, 10_000), (None, 40_000)])
    def test_the_median_and_the_ends_of_the_interval_meet_the_figure(self, lists, figure):
        # To one Monte Carlo standard error of the quantile: the counts of the unseen are drawn anew at each value.
        for alternative, p in zip(dependence(figure, lists=lists).alternatives, (0.5, 0.975, 0.025), strict=True):
            below = float((alternative.result.total.values <= figure).mean())
            assert below == pytest.approx(p, abs=np.sqrt(p * (1 - p) / 2000))

    def test_each_alternative_is_the_model_at_its_value(self):
        for alternative in dependence(12_000).alternatives:
            model = NoHighestOrderInteraction(1 / alternative.value, ("ABA", "HRW"), draws=1000, chains=2)
            alone = model.fit(KOSOVO, rng=rng())
            assert alternative.result.median == pytest.approx(alone.median, abs=1)

    def test_it_does_not_depend_on_where_the_search_starts(self):
        near, far = (dependence(12_000, xi=xi).alternatives[0].value for xi in (1.0, 0.4))
        assert near == pytest.approx(far, rel=1e-3)

    def test_the_overlap_in_the_finding_is_observed_over_expected(self):
        n_1, n_2 = KOSOVO.keep(("ABA", "HRW")).list_sizes.tolist()
        both = KOSOVO.overlaps[KOSOVO.index("ABA"), KOSOVO.index("HRW")]
        said = dependence(12_000).finding
        assert f"would have to overlap {both * 12_000 / (n_1 * n_2):.2f} times as often as under independence" in said
        assert f"({both} people are on both, {n_1 * n_2 / 12_000:,.0f} are expected;" in said

    def test_for_all_lists_the_finding_says_how_many_more_would_be_unseen(self):
        found = dependence(30_000, lists=None)
        xi = found.alternatives[0].value
        assert f"xi of EXH, ABA, OSCE and HRW would have to be {xi:.2f}" in found.finding
        assert f"{1 / xi:.2f} times as many people on none" in found.finding
        assert found.changed == "interaction xi of EXH, ABA, OSCE and HRW"

    def test_more_people_take_a_stronger_dependence(self):
        thetas = [dependence(figure, TWO, None).alternatives[0].value for figure in (1200, 2000, 4000)]
        assert thetas == sorted(thetas)

    def test_the_monte_carlo_error_of_the_values_is_what_other_seeds_show(self):
        model = NoHighestOrderInteraction(draws=1000, chains=1)
        found = [tipping_dependence(TWO, 2500, model=model, rng=seed) for seed in range(12)]
        errors = [float(f.finding.split("are up to ")[1].split(" %")[0]) for f in found]
        spread = 100 * np.std([np.log([a.value for a in f.alternatives]) for f in found], axis=0, ddof=1).max()
        # A standard deviation of 12 is known to 21 %, and the error of each seed's largest end to some 20 %.
        assert spread == pytest.approx(np.mean(errors), rel=0.8)

    def test_a_figure_out_of_reach_is_said_to_be(self):
        found = dependence(4500)
        assert found.finding.startswith("No dependence between ABA and HRW that was tried brings the median to 4,500")
        assert found.alternatives[0].label.endswith("(furthest)")

    def test_a_figure_below_the_people_observed_is_said_to_be(self):
        assert dependence(4000).finding == "4,400 people are on the lists: no change brings the total down to 4,000."

    def test_without_an_estimate_there_is_nothing_to_tip(self):
        apart = CaptureTable.from_histories(["A", "B"], {"10": 5, "11": 0})
        assert dependence(100, apart, None).finding.startswith("There is no estimate to bring to 100")


class TestShare:
    @pytest.mark.parametrize(
        "result",
        [
            estimate(Draws(np.random.default_rng(2).integers(800, 1200, (2, 500)))),
            estimate(Grid(np.arange(800, 1200), np.ones(400))),
            LincolnPetersen().fit(TWO, rng=rng()),
        ],
        ids=["draws", "grid", "point"],
    )
    def test_median_and_interval_meet_the_figure_at_their_shares(self, result):
        median, upper, lower = tipping_share(result, 4000).alternatives
        assert median.result.median == pytest.approx(4000, abs=3)
        assert upper.result.interval().upper == pytest.approx(4000, abs=3)
        assert lower.result.interval().lower == pytest.approx(4000, abs=3)
        assert upper.value < median.value < lower.value
        assert median.value == pytest.approx(1 - result.median / 4000, rel=1e-12)

    def test_the_finding_has_the_share_its_people_and_its_interval(self):
        result = LincolnPetersen().fit(TWO, rng=rng())
        said = tipping_share(result, 4000).finding
        u = 1 - result.median / 4000
        assert said.startswith(
            f"For a total of 4,000, {100 * u:.1f} % of the people ({4000 * u:,.0f}) would have to have zero"
        )
        assert "% by the 95 % confidence interval of Lincoln-Petersen." in said

    def test_an_estimate_that_reaches_the_figure_needs_nobody_with_zero_capture_probability(self):
        result = estimate(Grid(np.arange(800, 1200), np.ones(400)))
        found = tipping_share(result, 950)
        assert found.alternatives[0].value == 0
        assert "reaches a total of 950 even if nobody has zero capture probability" in found.finding
        assert "lies above 700;" in tipping_share(result, 700).finding

    def test_the_share_is_the_first_assumption_of_what_is_made_of_it(self):
        result = LincolnPetersen().fit(TWO, rng=rng())
        made = with_zero_capture_share(result, 0.25)
        assert made.assumptions[0].startswith("25.0% of all people have zero capture probability.")
        assert result.assumptions[0] in made.assumptions[0]
        assert made.provenance.settings[-1] == ("zero_capture_share", 0.25)

    def test_a_share_of_everybody_is_refused(self):
        with pytest.raises(SettingError, match="share = 1"):
            with_zero_capture_share(at(200), 1)

    def test_the_share_of_a_bound_is_a_bound_and_one_of_draws_has_its_error(self):
        bound = replace(LincolnPetersen().fit(TWO, rng=rng()), is_lower_bound=True)
        assert tipping_share(bound, 4000).finding.startswith("For a total of 4,000, at most ")
        few = estimate(Draws(np.random.default_rng(2).integers(800, 1200, (2, 500))))
        error = 100 * few.total.monte_carlo_error(0.5) / 1500
        assert f"The Monte Carlo error of that share is {error:.1f} percentage points." in (
            tipping_share(few, 1500).finding
        )
        assert "Monte Carlo" not in tipping_share(bound, 4000).finding

    def test_a_result_without_a_number_has_no_share(self):
        assert "nothing overlaps" in tipping_share(none(), 500).finding


class TestMatches:
    @pytest.mark.parametrize("figure", [2500, 5000])
    def test_false_matches_are_the_fewest_that_reach_the_figure(self, figure):
        found = tipping_linkage_error(TWO, figure, model=LincolnPetersen(), rng=rng())
        # N = 660 * 420 / m: the largest m that gives as many.
        number = 120 - 660 * 420 // figure
        assert found.alternatives[0].value == number
        assert f"{number} of the 120 matches between the lists ({100 * number / 120:.1f} %)" in found.finding

    def test_missed_matches_are_counted_below_nought(self):
        found = tipping_linkage_error(TWO, 2000, model=LincolnPetersen(), rng=rng())
        number = -(-660 * 420 // 2000) - 120
        assert found.alternatives[0].value == -number
        assert f"{number} matches between the lists would have to have been missed" in found.finding
        assert f"of the {120 + number} that there should be" in found.finding

    def test_with_more_lists_the_average_over_corrected_tables_is_the_figure(self):
        model = Chapman(("ABA", "HRW"))
        (tipped,) = tipping_linkage_error(KOSOVO, 12_000, model=model, rng=rng()).alternatives
        drawn = [
            model.fit(
                correct_linkage_errors(KOSOVO, int(tipped.value), 0, rng=np.random.default_rng(seed)), rng=1
            ).median
            for seed in range(200)
        ]
        # One match more is 10 people.  5 errors: false-alarm rate below 0.1 %.
        error = np.hypot(tipped.monte_carlo_error, np.std(drawn) / np.sqrt(200))
        assert np.mean(drawn) == pytest.approx(12_000, abs=5 * error + 10)

    def test_a_figure_out_of_reach_is_said_to_be(self):
        found = tipping_linkage_error(TWO, 1_000_000, model=LincolnPetersen(), rng=rng())
        assert found.finding.startswith("No number of false matches brings the estimate to 1,000,000")
        assert isinstance(found.alternatives[0].result, Estimate)

    def test_a_table_without_an_estimate_or_with_more_people_says_so(self):
        apart = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 5})
        assert "no estimate" in tipping_linkage_error(apart, 100, model=LincolnPetersen(), rng=rng()).finding
        assert (
            "960 people are on the lists" in tipping_linkage_error(TWO, 900, model=LincolnPetersen(), rng=rng()).finding
        )


def test_the_generator_is_left_as_it_was():
    left, fresh = rng(), rng()
    model = NoHighestOrderInteraction(draws=1000, chains=2)
    tipping_dependence(TWO, 2000, model=model, rng=left)
    tipping_linkage_error(TWO, 2000, model=replace(model, draws=1000), rng=left)
    assert left.random() == fresh.random()
