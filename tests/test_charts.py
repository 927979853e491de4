"""Properties of the charts: what they say, that it can be read, and that the bytes repeat.  No pixels are compared."""

import io
import itertools
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from unittest import mock

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from estimation import charts
from estimation.capture.datasets import data_folder
from estimation.capture.table import CaptureTable
from estimation.charts.drawing.row_marks import _MARKS
from estimation.charts.drawing.rows import rows_of
from estimation.charts.drawing.words import shortened, text_inches, wrapped
from estimation.charts.posterior import _density
from estimation.charts.rank import _rank_counts
from estimation.claims import Claim, ReferenceFigure, read_claims
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable
from estimation.results.rounding import rounded
from estimation.results.totals import Draws, Grid, Interval, Point
from estimation.sensitivity.alternatives import Alternative, Sensitivity

PROVENANCE = Provenance("0" * 64, "0.1.0", "1", (("delta", 1 / 16),))
WHY = "The chains disagree: chain 1 has its median at 8,000 and chain 3 at 21,000; run longer."
LONG = "Decomposable graphs averaged over all priors, with the lists of the ombudsman and the commission merged"


def estimate(total, n=4400, bound=False):
    return Estimate(total, n, "model", "Model", ("Assumed.",), Diagnostics(), PROVENANCE, is_lower_bound=bound)


def not_estimable(n=4400, reason=WHY):
    return NotEstimable(n, "model", "Model", reason, ("Assumed.",), PROVENANCE)


def draws(n=4400, median=10408, spread=0.2, chains=4, size=500):
    normal = np.random.default_rng(7).standard_normal((chains, size))
    values = n + np.exp(np.log(median - n) + spread * normal)
    return Draws(values.astype(np.int64), {"log alpha": normal})


def grid(n=4400, mean=12595.0, sd=1715.0, end=40000):
    values = np.arange(n, end)
    return Grid(values, np.exp(-0.5 * ((values - mean) / sd) ** 2))


def point(value, error, upper=None):
    end = value + 1.96 * error if upper is None else upper
    return Point(value, error, (Interval(value - 1.96 * error, end, 0.95, "confidence"),))


def lower_bound(value, limit):
    return Point(value, None, (Interval(limit, math.inf, 0.95, "one-sided confidence"),))


def kosovo_like():
    return {
        "Latent class": estimate(draws()),
        "Decomposable graphs": estimate(grid()),
        "Chapman, ABA and HRW": estimate(point(9621.9, 810.9), n=1788),
        "Chao": estimate(lower_bound(10262, 9850), bound=True),
        "Latent class, five lists": not_estimable(),
    }


PUBLISHED = (
    ReferenceFigure("Ball et al. 2002", "Report", 10356, 9002, 12122),
    ReferenceFigure("Kosovo Memory Book", "Book", 10401),
)


def kosovo():
    singles = {"1000": 1131, "0100": 845, "0010": 936, "0001": 306}
    pairs = {"1100": 177, "1010": 228, "1001": 106, "0110": 217, "0101": 31, "0011": 123}
    more = {"1110": 181, "1101": 18, "1011": 42, "0111": 32, "1111": 27}
    return CaptureTable.from_histories(["EXH", "ABA", "OSCE", "HRW"], singles | pairs | more)


def many_lists(lists, people=800):
    on = np.random.default_rng(3).random((people, lists)) < 0.08
    on = on[on.any(axis=1)]
    names = [f"Commission on the disappeared of the province number {j}" for j in range(lists)]
    return CaptureTable(names, on, np.ones(len(on), dtype=int))


def delta_sensitivity(deltas=(1 / 64, 1 / 16, 1 / 4, 1), failing=()):
    results = {d: not_estimable() if d in failing else estimate(grid(mean=12000 - 2000 * d)) for d in deltas}
    alternatives = tuple(Alternative(f"delta {d:g}", d, result) for d, result in results.items())
    return Sensitivity("What if delta were another?", estimate(grid()), alternatives)


Chart = Callable[[Axes | None], Axes]
CLAIMS = read_claims(data_folder() / "iran-1988" / "claims.csv")
CHARTS: dict[str, Chart] = {
    "claims": lambda ax=None: charts.plot_claims(
        CLAIMS, ax, note="Claims as published; no estimate can be made from them."
    ),
    "implied_overlap": lambda ax=None: charts.plot_implied_overlap(
        ("NCRI, 1999", 3208), ("Iran Tribunal, 2012-2013", 5000), [("NCRI, 1999", 30000), ("Painscapes", 5000)], ax
    ),
    "upset": lambda ax=None: charts.plot_upset(kosovo(), ax),
    "posterior": lambda ax=None: charts.plot_posterior(kosovo_like(), ax, references=PUBLISHED),
    "comparison": lambda ax=None: charts.plot_comparison(kosovo_like(), ax, references=PUBLISHED),
    "curve over delta": lambda ax=None: charts.plot_curve(delta_sensitivity(), ax, scale="log"),
    "trace": lambda ax=None: charts.plot_trace(draws(), ax=ax),
    "rank": lambda ax=None: charts.plot_rank(draws(), ax=ax),
    "stamp_synthetic": lambda ax=None: charts.stamp_synthetic(charts.plot_trace(draws(), ax=ax)),
}
HARD: dict[str, Chart] = {
    "one claim": lambda: charts.plot_claims([Claim(LONG, "1990", "total", 12_000, None, "words", "source")]),
    "claims without numbers": lambda: charts.plot_claims([replace(CLAIMS[0], figure=None), CLAIMS[6]]),
    "one list": lambda: charts.plot_upset(CaptureTable(["only"], [[1]], [10])),
    "two lists": lambda: charts.plot_upset(CaptureTable.from_histories(["a", "b"], {"10": 54, "01": 30, "11": 12})),
    "34 lists": lambda: charts.plot_upset(many_lists(34)),
    "empty table": lambda: charts.plot_upset(CaptureTable(["a", "b"], [], [])),
    "millions": lambda: charts.plot_upset(CaptureTable(["a", "b"], [[1, 0], [0, 1]], [4_000_000, 3_000_000])),
    "long labels": lambda: charts.plot_comparison(
        {LONG: estimate(draws(300_000, 412_000), n=300_000), "Without_a_space" * 4: estimate(point(412_345, 4321))},
        references=[ReferenceFigure(LONG, "Source", 350_000.0, 300_001, 400_000)],
    ),
    "long headline": lambda: charts.plot_comparison(
        {
            LONG: estimate(draws(3_000_000, 4_120_000), n=3_000_000),
            "Chao": estimate(point(3_412_345, 4321), n=3_000_000),
        },
        headline=LONG,
    ),
    "long density label": lambda: charts.plot_posterior({LONG: estimate(draws(300_000, 412_000), n=300_000)}),
    "very wide": lambda: charts.plot_posterior({**kosovo_like(), "Weak": estimate(draws(4400, 15000, 1.3))}),
    "no upper limit": lambda: charts.plot_comparison({"Bound": estimate(point(500, 90, np.inf), n=210, bound=True)}),
    "few people": lambda: charts.plot_posterior({"Graphs": estimate(grid(60, 63.0, 4.0, 200), n=60)}),
    "all seen": lambda: charts.plot_posterior({"Graphs": estimate(Draws(np.full((2, 50), 4400)))}),
    "no estimate": lambda: charts.plot_comparison({"Latent class": not_estimable()}),
    "15 models": lambda: charts.plot_comparison(
        {f"Model {i}": estimate(draws(4400, 9000 + 300 * i)) for i in range(15)}
    ),
    "sources": lambda: charts.plot_posterior(
        {}, references=[ReferenceFigure(f"No {i}", "x", 90 + i) for i in range(12)]
    ),
    "20 deltas": lambda: charts.plot_curve(delta_sensitivity((1 / 16, *np.geomspace(0.01, 2, 20))), scale="log"),
    "delta fails": lambda: charts.plot_curve(delta_sensitivity(failing=(1,)), scale="log"),
    "16 chains": lambda: charts.plot_trace(draws(chains=16), "log alpha"),
    "one chain": lambda: charts.plot_rank(draws(chains=1)),
}
EVERY_CHART = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)


def texts_drawn(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Every text that is drawn, with the room it takes: tick labels out of view are never drawn."""
    drawn = []
    draw = Text.draw

    def noted(self, renderer, *args, **kwargs):
        if self.get_visible() and self.get_text().strip():
            drawn.append((self, self.get_window_extent(renderer)))
        return draw(self, renderer, *args, **kwargs)

    FigureCanvasAgg(figure)
    with mock.patch.object(Text, "draw", noted):
        figure.draw_without_rendering()  # everything that drawing does but for the pixels, which nobody looks at here
    return drawn


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text, _ in texts_drawn(ax.figure)]


def assert_readable(figure: Figure) -> None:
    drawn = texts_drawn(figure)
    page = figure.bbox
    for text, box in drawn:
        inside = box.x0 > page.x0 - 1 and box.x1 < page.x1 + 1 and box.y0 > page.y0 - 1 and box.y1 < page.y1 + 1
        assert inside, f"clipped: {text.get_text()!r}"
        assert text.get_fontsize() >= 8, f"small: {text.get_text()!r}"
    boxes = [(text.get_text(), box) for text, box in drawn if text.get_text() != "SYNTHETIC DATA"]
    left, low, right, high = np.array([box.extents for _, box in boxes]).reshape(-1, 4).T
    wide = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    tall = np.minimum.outer(high, high) - np.maximum.outer(low, low)
    over = np.argwhere(np.triu((wide > 1) & (tall > 1.5), 1))
    assert not over.size, [f"{boxes[j][0]!r} lies on {boxes[i][0]!r}" for i, j in over]


def svg_of(ax: Axes) -> bytes:
    """The chart as the report writes it: as `savefig` does, but for a drawing before this one."""
    written = io.BytesIO()
    FigureCanvasSVG(ax.figure).print_svg(written, metadata={"Date": None})
    return written.getvalue()


@EVERY_CHART
def test_a_chart_is_drawn_on_the_axes_given(chart):
    ax = Figure(figsize=(6.3, 5), layout="constrained").add_subplot()
    assert chart(ax) is ax
    assert words(ax)


@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@pytest.mark.parametrize("chart", [*CHARTS.values(), *HARD.values()], ids=[*CHARTS, *HARD])
def test_no_text_is_clipped_small_or_under_another(chart, width_cm):
    with charts.style(width_cm=width_cm):
        ax = chart()
        assert ax.figure.get_figwidth() == pytest.approx(width_cm / 2.54)
        assert_readable(ax.figure)


@EVERY_CHART
def test_a_chart_has_no_title_and_room_for_the_callers(chart):
    ax = chart(None)
    assert not ax.get_title() + ax.get_title(loc="left") + ax.get_title(loc="right")
    ax.set_title("Whatever the caller says")
    assert_readable(ax.figure)


def test_every_chart_is_in_the_map_and_in_a_file_of_its_name():
    plots = [name for name in charts.__all__ if name.startswith("plot_")]
    assert len(plots) == 31
    for name in (*plots, "style", "stamp_synthetic"):
        assert f"``{name}``" in charts.__doc__
    for name in plots:
        assert getattr(charts, name).__module__ == f"estimation.charts.{name.removeprefix('plot_')}"


@EVERY_CHART
def test_a_notebook_cuts_nothing_off_and_moves_nothing(chart):
    """A notebook saves with bbox_inches="tight"; the picture is the same, but for white at its edges."""
    figure, written = chart().figure, io.BytesIO()
    figure.set_dpi(100)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    whole = np.asarray(canvas.buffer_rgba()) / 255
    figure.savefig(written, dpi=100, bbox_inches="tight")
    written.seek(0)
    sizes = [np.ptp(np.argwhere(picture.min(axis=2) < 0.5), axis=0) for picture in (whole, imread(written))]
    assert np.abs(sizes[0] - sizes[1]).max() <= 2


@EVERY_CHART
def test_two_drawings_have_the_same_bytes(chart):
    with charts.style():
        assert svg_of(chart(None)) == svg_of(chart(None))


@EVERY_CHART
def test_drawing_leaves_matplotlib_as_it_was(chart):
    before = dict(matplotlib.rcParams)
    chart(None)
    assert dict(matplotlib.rcParams) == before


def test_importing_the_package_does_not_load_matplotlib_and_drawing_does_not_load_pyplot():
    code = (
        "import sys, estimation, estimation.charts as charts\n"
        "from estimation.capture.table import CaptureTable\n"
        "assert 'matplotlib' not in sys.modules\n"
        "charts.plot_upset(CaptureTable(['a', 'b'], [[1, 0], [1, 1]], [3, 2]))\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", ["posterior", "comparison"])
def test_the_axis_of_persons_says_what_is_counted_and_its_unit(name):
    ax = getattr(charts, f"plot_{name}")(kosovo_like(), counted="people killed")
    assert ax.get_xlabel() == "Number of people killed (persons)"


def test_axes_of_persons_on_the_other_charts_have_their_unit():
    assert "(persons)" in charts.plot_trace(draws()).get_ylabel()
    assert charts.plot_trace(draws(), "log alpha").get_ylabel() == "log alpha"
    assert "(persons)" in charts.plot_curve(delta_sensitivity()).get_ylabel()
    bars, _, sizes = charts.plot_upset(kosovo()).child_axes
    assert "(persons)" in bars.get_ylabel()
    assert "(persons)" in sizes.get_xlabel()


def test_numbers_have_thousands_separators():
    said = words(charts.plot_comparison(kosovo_like()))
    assert {"5,000", "10,000", "4,400 observed"} <= set(said)
    assert "1,131" in words(charts.plot_upset(kosovo()))


def test_every_interval_says_its_kind_and_level():
    for chart in (charts.plot_comparison, charts.plot_posterior):
        said = " ".join(words(chart(kosovo_like(), references=PUBLISHED))).replace("\n", " ")
        assert "Posterior median and 95 % credible interval" in said
        assert "Point estimate and 95 % confidence interval" in said
        assert "Lower bound and its one-sided 95 % confidence limit" in said
    assert "50 % credible" in " ".join(words(charts.plot_posterior({"A": estimate(draws())}, level=0.5)))


def test_the_numbers_beside_a_row_are_those_of_a_headline_and_figures_by_others_are_not_rounded():
    result = estimate(draws())
    given = rounded(result)
    said = words(charts.plot_comparison({"Latent class": result}, references=PUBLISHED))
    assert f"{given.point:,.0f} ({given.lower:,.0f} to {given.upper:,.0f})" in said
    assert given.point % 10 == 0
    assert "10,356 (9,002 to 12,122)" in said


def test_the_headline_is_printed_in_bold_and_no_other_row():
    ax = charts.plot_comparison(kosovo_like(), headline="Decomposable graphs")
    bold = [text.get_text() for text, _ in texts_drawn(ax.figure) if text.get_fontweight() == "bold"]
    assert bold[0] == "Decomposable graphs"
    assert len(bold) == 2  # the label and the numbers
    with pytest.raises(ValueError, match="no result 'Chapman' to make bold; there are: Latent class, "):
        charts.plot_comparison(kosovo_like(), headline="Chapman")


def test_a_comparison_of_11_models_leaves_room_for_words_on_a_page():
    results = {f"Model {i}": estimate(draws(4400, 9000 + 300 * i)) for i in range(11)}
    ax = charts.plot_comparison(results, references=PUBLISHED)
    assert 2.54 * ax.figure.get_figheight() < 8.5


def test_what_is_not_estimable_keeps_its_row_its_reason_and_no_number():
    row = rows_of({"Latent class": not_estimable()}, (), 0.95)[0]
    assert (row.kind, row.numbers, row.point) == ("none", "not estimable", None)
    ax = charts.plot_comparison({"Latent class": not_estimable(), "Graphs": estimate(grid())})
    said = words(ax)
    assert "not estimable" in said
    assert any(text.startswith("The chains disagree") for text in said)
    said = words(charts.plot_posterior({"Latent class": not_estimable()}))
    assert any(text.startswith("not estimable: The chains disagree") for text in said)


def test_a_model_on_fewer_people_says_how_many_it_saw():
    assert "Chapman, ABA and HRW\n1,788 observed" in words(charts.plot_posterior(kosovo_like()))


def test_an_interval_beyond_the_axis_ends_in_an_arrow_that_the_legend_explains():
    usual = {f"Model {i}": estimate(grid()) for i in range(3)}
    explained = "The interval goes on beyond the axis"
    assert explained not in words(charts.plot_comparison(usual))
    wide = estimate(draws(4400, 15000, 1.6))
    ax = charts.plot_comparison({**usual, "Weak": wide})
    assert explained in words(ax)
    assert ax.get_xlim()[1] < wide.interval().upper
    assert ax.get_xlim()[1] > wide.median
    open_ended = charts.plot_comparison({"Open": estimate(point(500, 90, np.inf), n=210)})
    assert any("no upper limit" in text for text in words(open_ended))
    bound = charts.plot_comparison({"Bound": estimate(lower_bound(10262, 9850), bound=True)})
    assert "at least 10,300 (9,800 or more)" in words(bound)
    assert f"to {wide.interval().upper:,.0f}" in words(charts.plot_posterior({**usual, "Weak": wide}))


def test_no_density_is_drawn_below_the_people_observed():
    total = draws(60, 62, 1.5)
    values, heights = _density(total, 60, 120.0)
    assert values.min() >= 60
    assert heights.min() >= 0
    ax = charts.plot_posterior({"Latent class": estimate(total, n=60)})
    corners = np.concatenate([path.vertices[:, 0] for c in ax.collections for path in c.get_paths()])
    assert corners.min() >= 60


def test_the_density_of_draws_is_that_of_the_distribution_drawn_from():
    exact = grid(4400, 6000.0, 1200.0, 12000)
    # Evenly spaced quantiles stand for draws, so nothing here is random.
    spaced = [exact.quantile(p) for p in (np.arange(8000) + 0.5) / 8000]
    smooth_at, smooth = _density(Draws(np.array([spaced], dtype=np.int64)), 4400, 12000.0)
    exact_at, truth = _density(exact, 4400, 12000.0)
    assert smooth_at[0] == exact_at[0]
    shared = min(smooth.size, truth.size)
    # Total variation.  A kernel of width h moves at most about h^2 |f''| / 2 of the mass: here h / sd is 0.13.
    assert np.abs(smooth[:shared] - truth[:shared]).sum() / 2 < 0.01


def test_the_marks_differ_in_shape_and_the_palette_in_lightness_and_line():
    for together in (("credible", "confidence", "bound", "reference"), ("holds", "misses", "average")):
        assert len({_MARKS[kind].marker for kind in together}) == len(together)
    with charts.style():
        cycle = list(matplotlib.rcParams["axes.prop_cycle"])
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = [float(np.dot(weights, np.array(to_rgb(entry["color"])) ** 2.2)) for entry in cycle]
    assert len({str(entry["linestyle"]) for entry in cycle}) == len(cycle)
    assert min(abs(a - b) for a, b in itertools.pairwise(light[:4])) > 0.1


def test_upset_shows_every_person_once_and_the_largest_history_first():
    bars = charts.plot_upset(kosovo()).child_axes[0]
    heights = [patch.get_height() for patch in bars.patches]
    assert sum(heights) == 4400
    assert heights == sorted(heights, reverse=True)


def test_upset_of_64_lists_can_be_read():
    assert_readable(charts.plot_upset(many_lists(64)).figure)


def test_upset_sums_and_names_the_histories_it_does_not_show():
    ax = charts.plot_upset(kosovo(), max_histories=5)
    said = words(ax)
    assert "10 other histories" in said
    numbers = [int(text.get_text().replace(",", "")) for text in ax.child_axes[0].texts]
    assert sum(numbers) == 4400
    assert len(numbers) == 6


def test_upset_numbers_lists_whose_shortened_names_would_be_the_same():
    names = ["The commission on the disappeared of the province of " + place for place in ("Ayacucho", "Huanuco")]
    with charts.style(width_cm=9.5):
        ax = charts.plot_upset(CaptureTable(names, [[1, 0], [0, 1]], [3, 2]))
    labels = [label.get_text() for label in ax.child_axes[1].get_yticklabels()]
    assert labels[0].startswith("1. The")
    assert labels[1].startswith("2. The")


def test_upset_refuses_to_show_no_history():
    with pytest.raises(ValueError, match="max_histories is 0; show at least 1"):
        charts.plot_upset(kosovo(), max_histories=0)


def test_rank_counts_are_those_of_the_ranks():
    values = np.random.default_rng(1).permutation(400).astype(float).reshape(4, 100)
    direct = [np.histogram(chain, bins=np.arange(0, 401, 40) - 0.5)[0] for chain in values]
    np.testing.assert_allclose(_rank_counts(values, 10), direct, atol=1e-9)


def test_tied_draws_share_their_ranks_evenly():
    np.testing.assert_allclose(_rank_counts(np.full((3, 40), 5.0), 8), 5.0)


def test_an_unknown_quantity_is_refused_with_the_names_of_those_kept():
    for chart in (charts.plot_trace, charts.plot_rank):
        with pytest.raises(ValueError, match="no draws of 'beta'; there are: N, log alpha"):
            chart(draws(), "beta")


@pytest.mark.parametrize("name", ["upset", "posterior", "comparison", "trace", "curve over delta", "rank"])
def test_the_stamp_goes_across_the_picture(name):
    ax = charts.stamp_synthetic(CHARTS[name](None))
    page = ax.figure.bbox
    box = next(box for text, box in texts_drawn(ax.figure) if text.get_text() == "SYNTHETIC DATA")
    assert box.width > 0.6 * page.width
    assert box.x0 >= page.x0 - 1
    assert box.x1 <= page.x1 + 1


def test_nothing_to_draw_is_refused():
    for chart in (charts.plot_posterior, charts.plot_comparison):
        with pytest.raises(ValueError, match="nothing to draw; give at least one result"):
            chart({})


def test_a_level_that_a_classical_estimate_does_not_have_is_refused():
    with pytest.raises(ValueError, match=r"has confidence intervals at 0\.95, not at 0\.5"):
        charts.plot_comparison({"Chapman": estimate(point(500, 20))}, level=0.5)


def test_text_is_broken_and_shortened_to_the_room_there_is():
    with charts.style():
        for line in wrapped(LONG + " " + "x" * 80, 1.5).split("\n"):
            assert text_inches(line) <= 1.5
        assert wrapped(LONG, 100.0) == LONG
        short = shortened(LONG, 1.5)
        assert short.endswith("…")
        assert text_inches(short) <= 1.5 + 0.01
        assert shortened("EXH", 1.5) == "EXH"
        assert shortened("10. Commission", 0.7) == "10. Commi…"


def test_a_name_with_dollar_signs_is_not_read_as_a_formula():
    ax = charts.plot_upset(CaptureTable(["$x_1$", "b"], [[1, 0], [0, 1]], [3, 2]))
    assert "$x_1$" in words(ax)
    svg_of(ax)
