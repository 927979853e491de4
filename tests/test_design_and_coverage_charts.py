"""The charts of designs and of coverage: what they say, and that it can be read."""

import math

import numpy as np
import pytest
from matplotlib.figure import Figure
from test_charts import assert_readable, svg_of, words

from estimation import charts
from estimation.models.classical.chao import ChaoLowerBound
from estimation.simulation import Measure, Scenario, Score, Scores
from estimation.simulation.designs import Design, Designs
from estimation.simulation.heterogeneous_groups import heterogeneous_groups
from estimation.simulation.standard import standard_models, standard_scenarios

MODELS = standard_models()


def score(coverage=0.95, length=0.2, replications=200, scenario="s", model="m"):
    given = coverage is not None
    return Score(
        scenario=scenario,
        model=model,
        n_total=2000,
        replications=replications,
        not_estimable=0 if given else replications,
        coverage=Measure(coverage, 0.015) if given else None,
        bias=Measure(0.0, 0.01) if given else None,
        length=Measure(length, 0.01 if math.isfinite(length) else math.inf) if given else None,
        too_low=0.0 if given else None,
        too_high=0.0 if given else None,
        is_lower_bound=False,
        reason="" if given else "too few",
    )


def designs(*widths, coverage=0.95):
    labels = ["as planned", "one more list, grave sites, of 280", "500 more names over all lists"]
    labels += [f"500 more names on {name}" for name in ("testimony", "leaked documents", "missing prisoners")]
    people = Scenario("planned", "", ("police", "press"), heterogeneous_groups(2000, [0.2, 0.4], 3.0))
    rows = [
        Design(label, (("a", 1.0),), 900.0, score(coverage, width) if width else score(None), people, estimates(width))
        for label, width in zip(labels, widths, strict=False)
    ]
    return Designs(2000, "Average of log-linear models", tuple(rows))


def estimates(width):
    """Forty, normal about the truth; of a width without an end one far away, and none at all without a width."""
    if not width:
        return (None,) * 40
    spread = 2000 * (min(width, 0.5) / 4)
    far = [200_000.0] if math.isinf(width) else []
    return (*np.random.default_rng(1).normal(2000, spread, 40 - len(far)).tolist(), *far)


def scores(cover=lambda scenario, model: 0.95, models=None):
    scenarios = standard_scenarios()
    chosen = models or MODELS
    rows = [
        score(cover(s, m), scenario=name, model=label, replications=200)
        for s, name in enumerate(scenarios)
        for m, label in enumerate(chosen)
    ]
    return Scores(scenarios, chosen, "1", (), tuple(rows))


DRAWN = {
    "designs": lambda ax=None: charts.plot_design(designs(0.3, 0.2, 0.21, 0.25, 0.22, 0.23), ax),
    "a plan alone": lambda ax=None: charts.plot_design(designs(0.3), ax),
    "no limit": lambda ax=None: charts.plot_design(designs(math.inf, 0.4, None), ax),
    "no number": lambda ax=None: charts.plot_design(designs(None, None), ax),
    "estimates": lambda ax=None: charts.plot_design_estimates(designs(0.3, 0.2, 0.21, 0.25, 0.22, 0.23), ax),
    "estimates that go on": lambda ax=None: charts.plot_design_estimates(designs(math.inf, 0.4, None), ax),
    "no estimates": lambda ax=None: charts.plot_design_estimates(designs(None, None), ax),
    "people": lambda ax=None: charts.plot_capture_probabilities(designs(0.3).designs[0].scenario, ax),
    "coverage": lambda ax=None: charts.plot_coverage(scores(lambda s, m: max(0.95 - 0.3 * s, 0.0)), ax),
    "no coverage": lambda ax=None: charts.plot_coverage(scores(lambda s, m: None if m == 1 else 1.0), ax),
    "one model": lambda ax=None: charts.plot_coverage(scores(models={"Chao": ChaoLowerBound()}), ax),
}
EVERY = pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)


@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@EVERY
def test_no_text_is_clipped_small_or_under_another(chart, width_cm):
    with charts.style(width_cm=width_cm):
        assert_readable(chart().figure)


@EVERY
def test_a_chart_is_drawn_on_the_axes_given_to_the_same_bytes(chart):
    ax = Figure(figsize=(6.3, 5), layout="constrained").add_subplot()
    assert chart(ax) is ax
    with charts.style():
        assert svg_of(chart()) == svg_of(chart())


def test_the_design_chart_says_width_coverage_unit_and_level():
    ax = DRAWN["designs"]()
    said = words(ax)
    assert "30.0 %, coverage 95 %" in said
    assert ax.get_xlabel().replace("\n", " ") == "Width of the 95 % interval (% of 2,000 people)"
    assert any("Median over 200 drawn tables" in text for text in said)
    widths = [patch.get_width() for patch in ax.patches]
    assert widths == pytest.approx([30, 20, 21, 25, 22, 23])


def test_the_plan_is_told_apart_by_more_than_colour():
    hatches = [patch.get_hatch() for patch in DRAWN["designs"]().patches]
    assert hatches[0]
    assert set(hatches[1:]) == {None}


def test_a_design_without_a_number_keeps_its_row():
    assert "not estimable" in words(DRAWN["no limit"]())
    assert "no limit, coverage 95 %" in words(DRAWN["no limit"]())


def test_every_cell_of_coverage_has_its_percentage_and_shortfalls_are_underlined():
    ax = charts.plot_coverage(scores(lambda s, m: 0.5 if (s, m) == (2, 3) else 0.95))
    assert sum(text == "95" for text in words(ax)) == 5 * len(MODELS) - 1
    assert sum(text == "50" for text in words(ax)) == 1
    assert len(ax.lines) == 1
    assert np.mean(ax.lines[0].get_xdata()) == pytest.approx(2.5)


def test_the_coverage_chart_says_how_many_tables_and_where_no_model_gave_a_number():
    assert "per cent of 200 drawn tables" in " ".join(words(DRAWN["coverage"]())).replace("\n", " ")
    assert "none" in words(DRAWN["no coverage"]())
