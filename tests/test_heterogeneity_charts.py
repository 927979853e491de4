"""The charts of heterogeneity, first captures, profile likelihoods and priors on N: what they say, and read well."""

from statistics import NormalDist

import numpy as np
import pytest
from test_charts import assert_readable, svg_of, words

from estimation import CaptureTable, charts, load_table
from estimation.models import LogLinear, profile_likelihood

KOSOVO = load_table("kosovo")
PERSIAN = CaptureTable.from_histories(
    ["گزارش پلیس", "روزنامه‌ها", "C"], {"100": 900, "010": 800, "001": 400, "110": 90, "101": 60, "011": 30}
)
PROFILE = profile_likelihood(KOSOVO, LogLinear())
DRAWN = {
    "heterogeneity": lambda ax=None: charts.plot_heterogeneity(KOSOVO, ax, counted="people killed"),
    "nobody on three": lambda ax=None: charts.plot_heterogeneity(PERSIAN, ax),
    "first captures": lambda ax=None: charts.plot_first_captures(KOSOVO, ax, counted="people killed"),
    "first captures of Persian lists": lambda ax=None: charts.plot_first_captures(PERSIAN, ax),
    "profile": lambda ax=None: charts.plot_profile_likelihood(PROFILE, ax),
    "prior": lambda ax=None: charts.plot_prior_on_n("log-normal(8000, 20000)", ax, n_observed=4400),
    "bounded prior": lambda ax=None: charts.plot_prior_on_n("flat up to 20,000", ax, n_observed=4400),
    "gamma prior": lambda ax=None: charts.plot_prior_on_n("gamma-poisson(13.14, 55.17)", ax),
}
EVERY = pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)


def text_of(ax):
    return " ".join(" ".join(words(ax)).split())


@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@EVERY
def test_no_text_is_clipped_small_or_under_another(chart, width_cm):
    with charts.style(width_cm=width_cm):
        assert_readable(chart().figure)


@EVERY
def test_the_bytes_repeat(chart):
    with charts.style():
        assert svg_of(chart()) == svg_of(chart())


def test_points_are_people_per_combination_of_lists():
    chart = charts.plot_heterogeneity(KOSOVO)
    points = [line.get_xydata()[0].tolist() for line in chart.get_lines() if line.get_marker() == "o"]
    assert points == [
        pytest.approx([k, f / c]) for k, f, c in zip((1, 2, 3, 4), (3218, 882, 273, 27), (4, 6, 4, 1), strict=True)
    ]


def test_the_reading_names_both_explanations_and_what_is_not_shown():
    text = text_of(charts.plot_heterogeneity(KOSOVO))
    assert "people differ in how easily they are recorded, or lists are positively dependent" in text
    assert "It says nothing of the people on no list" in text
    assert "Nobody is on exactly 3 lists" in text_of(charts.plot_heterogeneity(PERSIAN))
    assert "Only of meaning where the lists are in time order" in text_of(charts.plot_first_captures(KOSOVO))


def test_a_prior_says_how_much_of_it_lies_below_the_people_observed():
    text = text_of(charts.plot_prior_on_n("log-normal(8000, 20000)", n_observed=4400))
    below = NormalDist(np.log(8000), np.log(2.5) / NormalDist().inv_cdf(0.9)).cdf(np.log(4400))
    assert f"{100 * below:.0f} % of this prior lies below the 4,400 people observed" in text
    assert "Half below 8,000; 90 % below 20,000" in text


@pytest.mark.parametrize("prior", ["1/N", "flat", "1/N up to 9000"])
def test_a_prior_that_is_no_distribution_is_not_drawn(prior):
    with pytest.raises(ValueError, match="is no distribution and has nothing to draw"):
        charts.plot_prior_on_n(prior)
