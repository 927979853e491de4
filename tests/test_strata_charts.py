"""The charts of strata: what they say is true, gaps stay gaps, and they can be read."""

import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from stratum_cases import classical, collection, drawn, found_by, many, refused, square
from test_charts import assert_readable, svg_of, words

from estimation import charts
from estimation.charts.drawing.time_axis import time_scale
from estimation.errors import SettingError
from estimation.results.shares import shares
from estimation.results.totals import Draws
from estimation.strata.boundaries import boundaries_of

PRISONS = ("Evin", "Gohardasht", "A prison with a name that is long enough to be broken")
BY_MONTH = many(["prison", "month"], [(p, m) for p in PRISONS for m in ("1988-07", "1988-09", "1988-10")], failing=(5,))
PAIR = found_by(["place"], {("East",): drawn(50, 120), ("North",): refused(), ("West",): drawn(100, 200)})
MAP = collection(square("West", 0), square("East", 1), square("North", 0, 1), square("South", 1, 1))
CHARTS = {
    "strata": lambda ax=None: charts.plot_strata(BY_MONTH, ax),
    "over_time": lambda ax=None: charts.plot_over_time(BY_MONTH, "month", ax),
    "missed": lambda ax=None: charts.plot_missed(BY_MONTH, ax),
    "map": lambda ax=None: charts.plot_map(PAIR, MAP, "place", ax),
}
HARD = {
    "nothing estimable": lambda: charts.plot_strata(found_by(["sex"], {("f",): refused(), ("m",): refused(7)})),
    "no number at any time": lambda: charts.plot_over_time(found_by(["year"], {("1988",): refused()}), "year"),
    "no number anywhere": lambda: charts.plot_map(found_by(["place"], {("West",): refused()}), MAP, "place"),
    "34 years": lambda: charts.plot_over_time(many(["year"], [(str(y),) for y in range(1980, 2014)]), "year"),
}


@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@pytest.mark.parametrize("chart", [*CHARTS.values(), *HARD.values()], ids=[*CHARTS, *HARD])
def test_no_text_is_clipped_small_or_under_another(chart, width_cm):
    with charts.style(width_cm=width_cm):
        assert_readable(chart().figure)


@pytest.mark.parametrize("width_cm", [16.0, pytest.param(9.5, marks=pytest.mark.slow)], ids=["page", "phone"])
def test_59_strata_can_be_read(width_cm):
    found = many(["stratum"], [(str(i),) for i in range(59)], scale=1.5, failing=(3, 30))
    with charts.style(width_cm=width_cm):
        assert_readable(charts.plot_strata(found).figure)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_is_drawn_on_the_axes_given_has_no_title_and_repeats_its_bytes(chart):
    ax = Figure(figsize=(6.3, 6), layout="constrained").add_subplot()
    assert chart(ax) is ax
    with charts.style():
        first = chart()
        assert not first.get_title()
        assert svg_of(first) == svg_of(chart())


class TestStrata:
    def test_every_stratum_has_a_row_in_its_panel_and_the_total_stands_last(self):
        ax = charts.plot_strata(BY_MONTH)
        labels = [label.get_text() for label in ax.get_yticklabels()]
        assert labels == ["1988-07", "1988-09", "1988-10"] * 3 + ["Total"]
        places = ax.get_yticks()
        assert list(places) == sorted(places)
        headings = [text for text in words(ax) if text.startswith("prison ")]
        assert headings[0] == "prison Evin, by month"
        assert len(headings) == 3

    def test_what_has_no_number_keeps_its_row_and_says_why_and_so_does_the_total(self):
        said = words(charts.plot_strata(PAIR))
        assert said.count("not estimable") == 2
        assert any(text.startswith("33 on a list; nobody of it is on") for text in said)
        assert any(text.startswith("183 on a list; 1 of 3 strata") for text in said)

    def test_points_and_people_on_a_list_stand_at_their_numbers(self):
        found = found_by(["sex"], {("f",): classical(50, 120, 12), ("m",): classical(100, 200, 30)})
        drawn_at = {
            float(line.get_xdata()[0]) for line in charts.plot_strata(found).lines if len(line.get_xdata()) == 1
        }
        assert {50.0, 100.0, 120.0, 200.0} <= drawn_at

    def test_a_total_beyond_the_scale_of_the_strata_says_so_and_squeezes_none_of_them(self):
        even = found_by(["group"], {(f"g{i}",): drawn(100, 200, seed=i) for i in range(8)})
        ax = charts.plot_strata(even)
        assert ax.get_xlim()[1] < even.total.median
        assert "larger than this axis reaches" in words(ax)

    def test_strata_far_apart_are_on_a_log_axis_that_says_so_and_others_are_not(self):
        wide = found_by(["place"], {("a",): drawn(10, 20), ("b",): drawn(1000, 3000)})
        ax = charts.plot_strata(wide)
        assert (ax.get_xscale(), ax.get_xlabel()) == ("log", "Number of people (persons; log scale)")
        assert ax.get_xlim()[1] > wide.total.interval().upper
        assert charts.plot_strata(PAIR).get_xscale() == "linear"

    def test_a_part_has_the_scale_of_all_and_the_total_below_the_last(self):
        strata = list(BY_MONTH.results)
        first, last = (charts.plot_strata(BY_MONTH, strata=part) for part in (strata[:4], strata[4:]))
        assert first.get_xlim() == last.get_xlim() == charts.plot_strata(BY_MONTH).get_xlim()
        assert "All strata together" not in words(first)
        assert "All strata together" in words(last)
        with pytest.raises(
            ValueError, match=r"nothing to draw for \('Evin', '1989'\); the strata are by prison, month"
        ):
            charts.plot_strata(BY_MONTH, strata=[("Evin", "1989")])

    @pytest.mark.slow
    def test_two_hundred_strata_have_a_picture_as_high_as_they_need_with_an_axis_at_both_ends(self):
        found = many(["department", "year"], [(d, str(y)) for d in "ABCDEFGHIJ" for y in range(1980, 2000)])
        ax = charts.plot_strata(found)
        assert ax.figure.get_figheight() > 30
        top, foot = (
            getattr(tick, f"label{at}").get_visible() for at in (2, 1) for tick in ax.xaxis.get_major_ticks()[:1]
        )
        assert top
        assert foot


class TestTime:
    def test_a_line_breaks_where_there_is_no_number_and_where_a_month_has_nobody(self):
        panels = charts.plot_over_time(BY_MONTH, "month").child_axes
        july = 1988 * 12 + 6
        lines = [[line.get_xdata().tolist() for line in panel.lines if line.get_marker() == "o"] for panel in panels]
        assert lines == [[[july], [july + 2, july + 3]], [[july], [july + 2]], [[july], [july + 2, july + 3]]]
        hatched = [patch for patch in panels[1].patches if patch.get_hatch()]
        assert [patch.get_x() for patch in hatched] == [july + 2.5]
        said = " ".join(words(charts.plot_over_time(BY_MONTH, "month"))).replace("\n", " ")
        assert "A month without a mark has nobody on a list." in said

    def test_panels_have_one_scale_and_the_people_on_a_list_as_a_second_mark(self):
        panels = charts.plot_over_time(BY_MONTH, "month").child_axes
        assert len({panel.get_ylim() for panel in panels}) == 1
        observed = [line for line in panels[0].lines if line.get_marker() == "x"]
        seen = [people for line in observed for people in line.get_ydata()]
        assert seen == [BY_MONTH.results[stratum].n_observed for stratum in BY_MONTH.results if stratum[0] == "Evin"]

    def test_dates_lie_where_the_calendar_has_them_and_other_values_side_by_side(self):
        assert time_scale(["1988", "1991"]).places == {"1988": 1988, "1991": 1991}
        months = time_scale(["1988-12", "1989-02"]).places
        assert months["1989-02"] - months["1988-12"] == 2
        days = time_scale(["1988-02-28", "1988-03-01"]).places
        assert days["1988-03-01"] - days["1988-02-28"] == 2
        assert list(time_scale(["week 2", "week 10"]).places.values()) == [0, 1]
        # A month that is none, and two forms at once, are no dates.
        assert time_scale(["1988-12", "1988-13"]).unit == time_scale(["1988", "1988-12"]).unit == ""

    def test_values_that_are_no_dates_have_their_numbers_in_order(self):
        found = found_by(["week"], {(f"week {i}",): drawn(10 * i, 30 * i) for i in (1, 2, 10)})
        panel = charts.plot_over_time(found, "week").child_axes[0]
        assert [tick.get_text() for tick in panel.get_xticklabels()] == ["week 1", "week 2", "week 10"]

    def test_a_label_that_is_not_there_is_an_error_that_names_the_nearest(self):
        with pytest.raises(ValueError, match="there is no label 'mont'; did you mean 'month'"):
            charts.plot_over_time(BY_MONTH, "mont")


class TestMissed:
    def test_who_is_recorded_less_often_is_told_by_shape_and_in_words(self):
        found = found_by(["sex"], {("f",): drawn(100, 400, 0.05), ("m",): drawn(100, 150, 0.05)})
        ax = charts.plot_missed(found)
        said = " ".join(words(ax))
        assert "50 % on lists, 73 % of all" in said
        assert "50 % on lists, 27 % of all" in said
        assert "Share of all, larger: recorded less often than the others" in said
        assert "95 % credible intervals of the share of all" in said
        markers = [line.get_marker() for line in ax.lines if len(line.get_xdata()) == 1]
        assert markers == [">", "x", "<", "x"]

    def test_shares_are_of_strata_with_a_number_and_the_others_keep_their_row(self):
        said = words(charts.plot_missed(PAIR))
        assert "not estimable" in said
        assert any("Shares are of the 2 strata with a number." in text for text in said)
        assert any(text.startswith("33 % on lists") for text in said)

    def test_draws_that_rise_together_leave_the_shares_as_they_are(self):
        """Independent draws would give shares between 1/3 and 2/3; these are one half in each draw."""
        rising = np.arange(200, 1200).reshape(4, 250)
        same = {name: replace(drawn(100, 400), total=Draws(rising)) for name in ("f", "m")}
        found = shares(same, rng=1)
        assert found["f"].lower == found["f"].upper == 0.5

    def test_shares_of_classical_estimates_are_those_of_the_delta_method(self):
        found = shares({"f": classical(100, 300, 30), "m": classical(100, 200, 10)}, rng=1)
        spread = np.hypot(30 / 300, 10 / 200)
        odds = 1.5 * np.exp(-1.959964 * spread)
        assert found["f"].estimated == pytest.approx(0.6)
        assert found["f"].lower == pytest.approx(odds / (1 + odds), rel=1e-6)
        assert found["f"].kind == "confidence"
        assert sum(share.estimated for share in found.values()) == pytest.approx(1)

    def test_one_group_and_bounds_have_no_share(self):
        with pytest.raises(ValueError, match="1 groups; a share needs two or more"):
            shares({"f": drawn(100, 400)}, rng=1)
        bound = replace(classical(100, 200, 10), is_lower_bound=True)
        with pytest.raises(ValueError, match="no share follows from it"):
            shares({"f": bound, "m": bound}, rng=1)


class TestMap:
    def test_numbers_stand_on_their_places_and_what_has_none_is_hatched(self):
        ax = charts.plot_map(PAIR, MAP, "place")
        persons, unseen = ax.child_axes
        assert [text.get_text() for text in persons.texts] == ["120", "200"]
        assert [text.get_text() for text in unseen.texts] == ["58 %", "50 %"]
        east, west = (text.get_position() for text in persons.texts)
        assert west[0] < east[0]
        assert [bool(patch.get_hatch()) for patch in persons.patches] == [False, False, True, False]
        said = words(ax)
        assert {"Not estimable", "Nobody on a list"} <= set(said)
        assert any(text.startswith("Each number is a posterior median") for text in said)

    def test_more_is_darker_and_the_legend_has_the_unit(self):
        persons = charts.plot_map(PAIR, MAP, "place").child_axes[0]
        west, east = (sum(patch.get_facecolor()[:3]) for patch in persons.patches[:2])
        assert west < east
        assert any(text.endswith(" persons") for text in words(charts.plot_map(PAIR, MAP, "place")))

    def test_a_place_with_several_strata_has_their_total(self):
        found = found_by(
            ["place", "sex"],
            {("West", "f"): classical(10, 30, 4), ("West", "m"): classical(20, 50, 3), ("East", "f"): refused()},
        )
        assert [text.get_text() for text in charts.plot_map(found, MAP, "place").child_axes[0].texts] == ["80"]

    def test_a_name_that_is_not_there_is_an_error_that_names_the_nearest(self):
        found = found_by(["place"], {("Ayacuho",): drawn(5, 9), ("west",): drawn(5, 9)})
        there = collection(square("Ayacucho", 0), square("West", 1))
        with pytest.raises(SettingError) as error:
            charts.plot_map(found, there, "place", property="name")
        assert error.value.problems == (
            "the place 'Ayacuho' is the 'name' of no feature; did you mean 'Ayacucho'?",
            "the place 'west' is the 'name' of no feature; did you mean 'West'?",
        )

    def test_the_property_is_the_one_with_the_names_and_letters_with_marks_are_one(self):
        places = collection(square("x1", 0, NOMBRE="Junin\N{COMBINING ACUTE ACCENT}"), square("x2", 1, NOMBRE="Lima"))
        found = boundaries_of(places, ["Jun\N{LATIN SMALL LETTER I}n\N{COMBINING ACUTE ACCENT}", "Lima"])
        assert found.property == "NOMBRE"
        assert set(boundaries_of(collection(square(7, 0), square(8, 1)), ["7"]).places) == {"7", "8"}

    @pytest.mark.parametrize(
        ("content", "what"),
        [
            ({"type": "Topology"}, "TopoJSON must be saved as GeoJSON first"),
            (collection(), "with at least one"),
            (collection(square("Lima", 0)), "no property has a name of the data, such as 'West'"),
            (collection(square("West", 400_000, 8_600_000)), "not longitude and latitude; transform it to WGS 84"),
            (collection({**square("West", 0), "geometry": None}), "the place 'West' has no polygon"),
            (collection({**square("West", 0), "geometry": {"type": "Polygon"}}), r"feature 1 \(West\)"),
        ],
    )
    def test_what_is_no_map_is_an_error_that_says_what_to_do(self, content, what):
        with pytest.raises(SettingError, match=what):
            boundaries_of(content, ["West"])

    def test_files_are_read_and_a_damaged_one_is_named(self, tmp_path):
        (tmp_path / "places.geojson").write_text(json.dumps(MAP), encoding="utf-8")
        assert set(boundaries_of(tmp_path / "places.geojson", ["West"]).places) == {"West", "East", "North", "South"}
        (tmp_path / "half.json").write_text('{"type": "Feat', encoding="utf-8")
        with pytest.raises(SettingError, match=r"boundaries half.json: is not GeoJSON"):
            boundaries_of(tmp_path / "half.json", ["West"])
        with pytest.raises(SettingError, match=r"boundaries none.json: cannot be read"):
            boundaries_of(tmp_path / "none.json", ["West"])

    @pytest.mark.slow
    def test_a_file_of_another_format_is_read_by_geopandas_and_transformed(self, tmp_path):
        geopandas = pytest.importorskip("geopandas")
        frame = geopandas.GeoDataFrame.from_features(MAP["features"], crs=4326)
        frame.to_crs(3857).to_file(tmp_path / "places.gpkg")
        found = boundaries_of(tmp_path / "places.gpkg", ["East"])
        corners = found.places["East"][0][0]
        assert corners.min(axis=0) == pytest.approx([1, 0], abs=1e-6)
        assert corners.max(axis=0) == pytest.approx([2, 1], abs=1e-6)
        assert set(boundaries_of(frame.__geo_interface__, ["West"]).places) == {"West", "East", "North", "South"}

    def test_a_hole_is_not_filled_whichever_way_its_ring_runs(self):
        outer = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
        hole = [[1, 1], [8, 1], [8, 8], [1, 8], [1, 1]]
        for ring in (hole, hole[::-1]):
            feature = square("West", 0)
            feature["geometry"]["coordinates"] = [outer, ring]
            found = found_by(["place"], {("West",): drawn(5, 9)})
            outline = charts.plot_map(found, collection(feature), "place").child_axes[0].patches[0].get_path()
            winding = [np.sign(np.linalg.det(np.diff(part.vertices[:3], axis=0))) for part in _parts(outline)]
            assert winding == [1, -1]


def _parts(path):
    """The closed parts of an outline."""
    ends = [*np.flatnonzero(path.codes == path.CLOSEPOLY) + 1]
    return [type(path)(path.vertices[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
