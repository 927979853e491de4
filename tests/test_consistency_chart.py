"""The chart of known list sizes: what it says, and that it can be read."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from test_charts import assert_readable, svg_of, words

from estimation.charts.consistency import plot_consistency
from estimation.charts.drawing.theme import style
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.totals import Draws, Interval, Point
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.sensitivity.consistency import ReferenceScores

PROVENANCE = Provenance("0" * 64, "0.1.0", "1", ())
PUBLISHED = (
    ReferenceScores("Sparse log-linear", "Somebody (2022)", -0.17, 0.63, 0.9),
    ReferenceScores("Graphs, averaged over all of them", "Somebody (2022)", -0.34, 0.6, 0.8),
)


def estimate(value, lower, upper, seen=112):
    total = Point(value, 1.0, (Interval(lower, upper, 0.95, "confidence"),))
    return Estimate(total, seen, "m", "M", ("Assumed.",), Diagnostics(), PROVENANCE)


def failed(seen=49):
    return NotEstimable(seen, "m", "M", "nobody is on more than one list", ("Assumed.",), PROVENANCE)


def found(**tables):
    return {
        name: Sensitivity("?", failed(), tuple(Alternative(label, known, r) for label, known, r in lists))
        for name, lists in tables.items()
    }


USUAL = found(
    north=[("NGO", 807.0, estimate(483, 273, 1032)), ("police", 1348.0, failed()), ("army", 20.0, failed(seen=3))],
    south=[("press", 260.0, estimate(69, 62, 82, seen=62)), ("court", 94.0, estimate(140, 70, np.inf, seen=40))],
)
HARD = {
    "one list": found(only=[("A", 100.0, estimate(90, 80, 110))]),
    "nothing estimable": found(only=[("A", 100.0, failed())]),
    "wide": found(only=[("A", 100.0, estimate(90, 50, 1e12)), ("B", 5_000_000.0, estimate(4e9, 112, 1e11))]),
    "long names": found(**{"a province with a long name" * 2: [("Commission on the disappeared", 900.0, failed())]}),
}


@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@pytest.mark.parametrize("case", [USUAL, *HARD.values()], ids=["usual", *HARD])
def test_no_text_is_clipped_small_or_under_another(case, width_cm):
    with style(width_cm=width_cm):
        assert_readable(plot_consistency(case, published=PUBLISHED, minimum_seen=10).figure)


def test_every_list_has_its_ratio_and_interval_and_the_scores_stand_below():
    said = words(plot_consistency(USUAL, published=PUBLISHED, minimum_seen=10))
    assert {"NGO, 112 of 807 on other lists", "0.60 (0.34 to 1.3)", "1.5 (0.74 and more)", "not estimable"} <= set(said)
    mean = np.exp(np.log([483 / 807, 69 / 260, 140 / 94]).mean())
    assert any(text.startswith(f"{mean:.2f}; RMS ") and text.endswith("coverage 67 %") for text in said)
    assert f"{np.exp(-0.17):.2f}; RMS 0.63; coverage 90 %" in said
    assert "Left out: 1 with fewer than 10 people on the other lists." in " ".join(said)
    assert not any("army" in text for text in said)


def test_an_interval_that_misses_has_a_mark_of_its_own_that_is_not_only_a_colour():
    ax = plot_consistency(USUAL)
    points = {line.get_xdata()[0]: line.get_marker() for line in ax.lines if line.get_marker() in "os"}
    assert points == {483 / 807: "o", 69 / 260: "s", 140 / 94: "o"}
    assert "The same; its interval misses the known size" in words(ax)


def test_the_kind_and_level_of_the_interval_are_said_and_the_axis_has_its_unit():
    ax = plot_consistency(USUAL)
    assert "Point estimate with its 95 % confidence interval, which holds the known size" in words(ax)
    posterior = Estimate(Draws(np.full((1, 50), 90)), 80, "m", "M", ("Assumed.",), Diagnostics(), PROVENANCE)
    said = words(plot_consistency(found(only=[("A", 90.0, posterior)]), level=0.8))
    assert "Posterior median with its 80 % credible interval, which holds the known size" in said
    assert ax.get_xlabel() == "Estimate over known size (ratio; log scale)"


def test_it_draws_on_the_axes_given_and_twice_the_same():
    ax = Figure(figsize=(6.3, 5), layout="constrained").add_subplot()
    assert plot_consistency(USUAL, ax) is ax
    with style():
        assert svg_of(plot_consistency(USUAL)) == svg_of(plot_consistency(USUAL))


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="nothing to draw; give the internal consistency of at least one table"):
        plot_consistency({})
