"""``mse chart`` draws one figure at a journal's size, and says what it cannot draw."""

import re

import pytest
from typer.testing import CliRunner

import estimation as mse
from estimation.cli.chart import centimetres
from estimation.cli.commands import app
from estimation.errors import SettingError
from estimation.runs.run import run_study

PEOPLE = {"1,0,0": 40, "0,1,0": 30, "0,0,1": 25, "1,1,0": 15, "1,0,1": 12, "0,1,1": 10, "1,1,1": 6}
STUDY = """
title = "People of two places"
table = "people.csv"
seed = 7
headline = "Coverage"

[counted]
who = "People"
where = "Two places"
when = "1988"
excludes = "Visitors"

[[model]]
label = "Coverage"
name = "sample-coverage"

[strata]
by = ["place"]

[sensitivity]
leave_one_list_out = true
"""


def test_a_chart_of_a_table_has_the_width_that_was_asked_for_and_replaces_no_file(tmp_path):
    out = tmp_path / "overlaps.svg"
    arguments = ["chart", "overlaps", "kosovo", "--width", "8.5cm", "--out", str(out)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    points = float(re.search(r'<svg[^>]* width="([\d.]+)pt"', out.read_text(encoding="utf-8"))[1])
    assert abs(points / 72 * 2.54 - 8.5) < 0.01
    before = out.read_bytes()
    assert CliRunner().invoke(app, arguments).exit_code != 0
    assert out.read_bytes() == before


def test_a_chart_that_there_is_not_and_a_width_that_is_none_are_named():
    assert "posterior" in CliRunner().invoke(app, ["chart", "--list"]).output
    assert CliRunner().invoke(app, ["chart", "overlap", "kosovo"]).exit_code != 0
    with pytest.raises(SettingError, match=r"write 8\.5cm, 85mm or 3\.3in"):
        centimetres("wide")


@pytest.mark.parametrize("kind", ["eps", "pdf", "svg"])
def test_a_chart_has_no_time_in_it(tmp_path, monkeypatch, kind):
    written = []
    for seconds in ("1000000000", "1700000000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        out = tmp_path / f"{seconds}.{kind}"
        assert CliRunner().invoke(app, ["chart", "overlaps", "hepatitis_a", "--out", str(out)]).exit_code == 0
        written.append(out.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("name", ["first-captures", "heterogeneity"])
def test_no_word_of_a_chart_of_one_column_leaves_the_figure(name):
    with mse.charts.style(width_cm=8.5):
        ax = getattr(mse.charts, f"plot_{name.replace('-', '_')}")(mse.load_table("kosovo"))
        ax.figure.draw_without_rendering()
        for label in (ax.xaxis.label, ax.yaxis.label):
            box = label.get_window_extent()
            assert box.x0 >= 0, label.get_text()
            assert box.x1 <= ax.figure.bbox.x1, label.get_text()
            assert box.y1 <= ax.figure.bbox.y1, label.get_text()


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small study with two strata that asks what becomes of the number without a list."""
    folder = tmp_path_factory.mktemp("study")
    rows = ["a,b,c,place,count"]
    rows += [f"{history},north,{n}\n{history},south,{2 * n}" for history, n in PEOPLE.items()]
    (folder / "people.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return run_study(folder / "study.toml", folder / "out")


@pytest.mark.parametrize(
    ("name", "in_report"),
    [("sensitivity", "sensitivity-01-leave-one-list-out"), ("strata", "strata-01"), ("strata-01", "strata-01")],
)
def test_charts_of_questions_and_strata_are_those_of_the_report(finished, tmp_path, name, in_report):
    out = tmp_path / "chart.svg"
    given = CliRunner().invoke(app, ["chart", name, str(finished), "--out", str(out)])
    assert given.exit_code == 0, given.output
    report = (finished / "charts" / f"{in_report}.svg").read_text(encoding="utf-8")
    assert drawn_in(out.read_text(encoding="utf-8")) == drawn_in(report)


def drawn_in(svg):
    """The shapes of a picture without what says by which program it was written."""
    return re.findall(r"<(?:path|use|g) [^>]*>", re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S))


def test_a_chart_that_a_study_does_not_have_is_named_with_those_it_has(finished):
    for name in ("map", "over-time", "sensitivity-02"):
        assert CliRunner().invoke(app, ["chart", name, str(finished)]).exit_code != 0
