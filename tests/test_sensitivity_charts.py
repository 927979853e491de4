"""Charts of sensitivities: what they say, what they mark, and that it can be read at page and phone width."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from test_charts import LONG, assert_readable, draws, estimate, grid, not_estimable, point, svg_of, words

from estimation import charts
from estimation.charts.drawing.intervals import BAND_OF_BASELINE
from estimation.charts.surface import _LIGHT_TO_DARK
from estimation.sensitivity.alternatives import Alternative, Sensitivity


def changed(result, key, value):
    """The result as if made with another setting."""
    settings = (*result.provenance.settings, (key, value))
    return replace(result, provenance=replace(result.provenance, settings=settings))


def over(values=(0.5, 0.8, 1, 1.25, 2), failing=(), base=1):
    """N over a ratio, its unseen people in proportion; the baseline's place among the values."""
    alternatives = []
    for value in values:
        found = not_estimable() if value in failing else estimate(draws(4400, 4400 + 5000 * value, 0.1))
        alternatives.append(
            Alternative(f"theta = {value:g}", value, found if value == base else changed(found, "x", value))
        )
    return Sensitivity("?", estimate(draws(4400, 9400, 0.1)), tuple(alternatives), "odds ratio theta")


def grid_of(across, up, failing=(), classical=False):
    alternatives = []
    for f in across:
        for m in up:
            median = 9400 * (1 + f) * (1 - m)
            found = estimate(point(median, 300)) if classical else estimate(draws(4400, median, 0.1))
            found = not_estimable() if (f, m) in failing else found
            found = found if f == m == 0 else changed(found, "f", f + 10 * m)
            alternatives.append(Alternative(f"{f:g} false, {m:g} missed", (f, m), found))
    names = ("share of the matches that are false", "share of the true matches that were missed")
    baseline = estimate(point(9400, 300)) if classical else estimate(draws(4400, 9400, 0.1))
    return Sensitivity("?", baseline, tuple(alternatives), names)


def labelled(question="What if one of the lists did not exist?", missing=False, long=False):
    answers = {
        "without ABA": estimate(draws(3555, 8000), n=3555),
        "without HRW": estimate(draws(4094, 22000, 0.1), n=4094),
        f"without {LONG}" if long else "without EXH": estimate(draws(4400, 10500)),
    }
    alternatives = [Alternative(label, float("nan"), changed(r, "x", label)) for label, r in answers.items()]
    if missing:
        alternatives.insert(0, Alternative("without OSCE", float("nan"), not_estimable()))
    return Sensitivity(question, estimate(draws()), tuple(alternatives))


def known_sizes():
    alternatives = tuple(
        Alternative(name, size, estimate(draws(seen, 2 * seen), n=seen))
        for name, size, seen in (("EXH", 1910.0, 779), ("ABA", 1528.0, 683), ("OSCE", 1786.0, 850))
    )
    return Sensitivity("?", estimate(draws()), alternatives, "people on one list (persons)")


CHARTS = {
    "curve": lambda ax=None: charts.plot_curve(over(), ax, scale="log"),
    "surface": lambda ax=None: charts.plot_surface(grid_of((0, 0.02, 0.05), (0, 0.05, 0.1)), ax),
    "tornado": lambda ax=None: charts.plot_tornado([labelled(), over()], ax),
}
HARD = {
    "curve, linear": lambda: charts.plot_curve(over(failing=(0.5, 0.8))),
    "curve of 25": lambda: charts.plot_curve(over(tuple(np.geomspace(0.1, 10, 25))), scale="log"),
    "curve of one": lambda: charts.plot_curve(over((1,)), scale="log"),
    "curve, nothing estimable": lambda: charts.plot_curve(over((1, 2), failing=(1, 2))),
    "curve, no baseline": lambda: charts.plot_curve(replace(over(), baseline=not_estimable())),
    "surface, hatched": lambda: charts.plot_surface(grid_of((0, 0.1), (0, 0.1, 0.5), failing=((0, 0.5),))),
    "surface of 9 by 4": lambda: charts.plot_surface(grid_of(np.linspace(0, 0.3, 9), np.linspace(0, 0.3, 4))),
    "surface of one": lambda: charts.plot_surface(grid_of((0,), (0,))),
    "surface, classical": lambda: charts.plot_surface(grid_of((0, 0.1, 0.2), (0, 0.1), classical=True)),
    "tornado, long": lambda: charts.plot_tornado([labelled(LONG, missing=True, long=True), labelled(long=True)]),
    "tornado, no baseline": lambda: charts.plot_tornado(replace(labelled(), baseline=not_estimable())),
    "tornado, bounds": lambda: charts.plot_tornado(
        Sensitivity(
            "?",
            estimate(point(500, 90, np.inf), n=210, bound=True),
            (Alternative("b", 1, estimate(grid(60, 63, 4, 200), n=60)),),
        )
    ),
}
EVERY = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)


@EVERY
def test_a_chart_is_drawn_on_the_axes_given(chart):
    ax = Figure(figsize=(6.3, 6), layout="constrained").add_subplot()
    assert chart(ax) is ax
    assert words(ax)


@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@pytest.mark.parametrize("chart", [*CHARTS.values(), *HARD.values()], ids=[*CHARTS, *HARD])
def test_no_text_is_clipped_small_or_under_another(chart, width_cm):
    with charts.style(width_cm=width_cm):
        assert_readable(chart().figure)


@EVERY
def test_two_drawings_have_the_same_bytes(chart):
    with charts.style():
        assert svg_of(chart(None)) == svg_of(chart(None))


@EVERY
def test_persons_have_their_unit_and_intervals_their_kind_and_level(chart):
    said = " ".join(" ".join(words(chart(None))).split())
    assert "(persons)" in said
    assert "95 % credible interval" in said


def test_the_curve_passes_through_the_medians_and_breaks_where_nothing_is_estimable():
    sensitivity = over(failing=(1.25,))
    middle = next(
        line
        for line in charts.plot_curve(sensitivity).lines
        if len(line.get_xdata()) == 5 and line.get_linewidth() == 1.8
    )
    medians = [getattr(a.result, "median", np.nan) for a in sensitivity.alternatives]
    np.testing.assert_array_equal(middle.get_ydata(), medians)
    assert np.isnan(medians).tolist() == [False, False, False, True, False]


def test_the_curve_marks_the_place_of_the_baseline_only():
    squares = [line for line in charts.plot_curve(over()).lines if line.get_marker() == "s"]
    assert [line.get_xdata()[0] for line in squares] == [1]
    assert not [line for line in charts.plot_curve(over(base=None)).lines if line.get_marker() == "s"]


def test_the_curve_passes_through_the_baseline_where_no_alternative_has_its_value():
    squares = [
        (line.get_xdata()[0], line.get_ydata()[0])
        for line in charts.plot_curve(replace(over((0.5, 2), base=None), baseline_value=1.0)).lines
        if line.get_marker() == "s"
    ]
    assert squares == [(1.0, over().baseline.median)]


@pytest.mark.parametrize(
    ("sensitivity", "drawn"),
    [
        (replace(over(), baseline_value=1.0), "plot_curve"),
        (replace(over((0.5, 2)), baseline_value=1.0), "plot_tornado"),  # rows have the numbers beside them
        (over(), "plot_curve"),  # the baseline has no value, and the same people were observed
        (known_sizes(), "plot_tornado"),
        (replace(over((0.5, 0.5, 2)), baseline_value=1.0), "plot_tornado"),
        (labelled(), "plot_tornado"),
        (grid_of((0, 0.1), (0, 0.1)), "plot_surface"),
    ],
)
def test_a_sensitivity_is_drawn_as_its_values_ask_for(sensitivity, drawn, monkeypatch):
    asked = []
    for name in ("plot_curve", "plot_surface", "plot_tornado"):
        monkeypatch.setattr(f"estimation.charts.sensitivity.{name}", lambda *_, name=name, **__: asked.append(name))
    charts.plot_sensitivity(sensitivity)
    assert asked == [drawn]


def test_the_curve_says_the_baseline_in_numbers():
    sensitivity = over()
    interval = sensitivity.baseline.interval()
    numbers = f"{sensitivity.baseline.median:,.0f} ({interval.lower:,.0f} to {interval.upper:,.0f})"
    assert f"Baseline {numbers}" in words(charts.plot_curve(sensitivity))


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ((1 / 64, 1 / 16, 1 / 4, 1), ["1/64", "1/16", "1/4", "1"]),
        ((0.25, 0.5, 1, 4), ["0.25", "0.5", "1", "4"]),
        ((0.25, 0.75, 1, 1.5), ["0.25", "0.75", "1", "1.5"]),
        ((0.015, 1 / 16, 1), ["0.015", "0.0625", "1"]),
    ],
)
def test_ratios_are_named_as_fractions_where_all_of_them_are_and_decimals_would_be_long(values, names):
    ax = charts.plot_curve(over(values), scale="log")
    assert [label.get_text() for label in ax.get_xticklabels()] == names


def test_every_median_lies_inside_the_axis_of_the_curve():
    sensitivity = over((0.1, 0.2, 0.3, 0.4, 20))
    low, high = charts.plot_curve(sensitivity).get_ylim()
    assert all(low < alternative.result.median < high for alternative in sensitivity.alternatives)


@pytest.mark.parametrize(
    ("value", "scale", "match"),
    [((1, 2), "linear", "one number each"), (float("nan"), "linear", "one number"), (0, "log", "above 0")],
)
def test_a_value_without_a_place_on_the_curve_is_refused(value, scale, match):
    wrong = Sensitivity("?", estimate(draws()), (Alternative("odd one", value, estimate(draws())),))
    with pytest.raises(ValueError, match=rf"odd one .*{match}"):
        charts.plot_curve(wrong, scale=scale)


def test_every_median_is_printed_in_its_cell():
    sensitivity = grid_of((0, 0.02, 0.05), (0, 0.05))
    printed = words(charts.plot_surface(sensitivity))
    assert all(f"{alternative.result.median:,.0f}" in printed for alternative in sensitivity.alternatives)


def test_a_cell_is_darker_the_larger_its_median_and_never_too_dark_to_print_on():
    ax = charts.plot_surface(grid_of((0, 0.1, 0.2), (0,)))
    shades = [sum(p.get_facecolor()[:3]) for p in ax.patches if isinstance(p, Rectangle) and p.get_facecolor()[3]]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == 3
    assert min(_LIGHT_TO_DARK(1.0)[:3]) > 0.55  # contrast of the ink on it is above 5 to 1


def test_the_cell_with_nothing_changed_is_framed_and_no_other():
    ax = charts.plot_surface(grid_of((0, 0.1), (0, 0.1), failing=((0, 0.1),)))
    frames = [p for p in ax.patches if p.get_edgecolor()[:3] == to_rgb("#D55E00")]
    assert [round(frame.get_x()) for frame in frames] == [0]


def test_bold_cells_are_those_outside_the_interval_of_the_baseline():
    sensitivity = grid_of((0, 0.02, 0.9), (0,))
    bold = [text.get_text() for text in charts.plot_surface(sensitivity).texts if text.get_fontweight() == "bold"]
    assert bold == [f"{sensitivity.alternatives[2].result.median:,.0f}"]


def test_shares_are_read_in_per_cent():
    ax = charts.plot_surface(grid_of((0, 0.02), (0, 0.05)))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0 %", "2 %"]


def test_a_surface_of_single_values_is_refused():
    with pytest.raises(ValueError, match=r"theta = 0\.5 .* two numbers each"):
        charts.plot_surface(over())


def test_rows_come_with_the_largest_change_first_and_what_is_not_estimable_last():
    ax = charts.plot_tornado(labelled(missing=True))
    rows = [label.get_text().split("\n")[0] for label in ax.get_yticklabels()]
    assert rows == ["Baseline: Model", "without HRW", "without ABA", "without EXH", "without OSCE"]


def test_the_numbers_of_each_row_are_those_of_its_result_and_a_missing_one_says_why():
    sensitivity = labelled(missing=True)
    said = words(charts.plot_tornado(sensitivity))
    for result in (sensitivity.baseline, *(a.result for a in sensitivity.alternatives[1:])):
        interval = result.interval()
        assert f"{result.median:,.0f} ({interval.lower:,.0f} to {interval.upper:,.0f})" in said
    assert "not estimable" in said
    assert any(text.startswith("The chains disagree") for text in said)


def test_an_alternative_that_changes_nothing_is_named_in_the_row_of_the_baseline():
    rows = [label.get_text() for label in charts.plot_tornado(over()).get_yticklabels()]
    assert " ".join(rows[0].split()) == "Baseline: Model, theta = 1"
    assert len(rows) == 5


def test_each_question_stands_above_the_band_of_its_own_baseline():
    other = replace(labelled("And if?"), baseline=estimate(draws(4400, 12000, 0.05)))
    ax = charts.plot_tornado([labelled(), other])
    bands = [p for p in ax.patches if p.get_facecolor() == to_rgba(BAND_OF_BASELINE)]
    assert [round(band.get_x()) for band in bands] == [
        round(question.baseline.interval().lower) for question in (labelled(), other)
    ]
    assert bands[0].get_y() + bands[0].get_height() < bands[1].get_y()
    assert {"What if one of the lists did not exist?", "And if?"} <= set(words(ax))


def test_no_question_is_refused():
    with pytest.raises(ValueError, match="give at least one sensitivity"):
        charts.plot_tornado([])
