from xml.etree import ElementTree

import numpy as np
import pytest

from estimation.provenance import Provenance
from estimation.results.comparison import compare
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, ResultTable
from estimation.results.totals import Draws, Grid, Interval, Point

PROVENANCE = Provenance("0" * 64, "0.1.0", "1", ())


def estimate(total, **changes):
    given = {
        "total": total,
        "n_observed": 100,
        "model": "m",
        "title": "Model <M>",
        "assumptions": ("Lists are independent & closed.",),
        "diagnostics": Diagnostics(),
        "provenance": PROVENANCE,
    }
    return Estimate(**{**given, **changes})


def test_draws_are_copied_and_cannot_be_written_to():
    given, log_alpha = np.arange(8).reshape(2, 4), np.zeros((2, 4))
    draws = Draws(given, {"log alpha": log_alpha})
    given[0, 0] = 99
    log_alpha[0, 0] = 99
    assert draws.values[0, 0] == 0
    assert draws.monitored["log alpha"][0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        draws.values[0, 0] = 1
    with pytest.raises(TypeError, match="does not support item assignment"):
        draws.monitored["x"] = log_alpha


@pytest.mark.parametrize("shape", [(4,), (2, 0), (1, 2, 3)])
def test_draws_must_be_chains_by_draws(shape):
    with pytest.raises(ValueError, match=r"it must be \(chains, draws\)"):
        Draws(np.zeros(shape, dtype=int))


def test_summary_of_draws():
    total = Draws(np.array([[1, 2], [3, 6]]))
    assert (total.mean, total.sd, total.quantile(0.5)) == (3.0, np.sqrt(14 / 3), 2.5)
    assert total.probability_at_least(3) == 0.5
    assert Draws(np.array([[5]])).sd == 0


def test_summary_of_a_grid_is_exact():
    grid = Grid(np.array([10, 11, 12]), np.array([1.0, 2.0, 1.0]))
    assert grid.probabilities.tolist() == [0.25, 0.5, 0.25]
    assert (grid.mean, grid.sd, grid.mode) == (11.0, np.sqrt(0.5), 11)
    assert [grid.quantile(q) for q in (0.0, 0.25, 0.26, 0.75, 0.76, 1.0)] == [10, 10, 11, 11, 12, 12]
    assert grid.probability_at_least(11) == 0.75


@pytest.mark.parametrize(
    ("probabilities", "words"),
    [
        ([1.0, 1.0], "must be equal vectors"),
        ([1.0, -1.0, 1.0], "not negative"),
        ([1.0, np.nan, 1.0], "finite"),
        ([0.0, 0.0, 0.0], "not all zero"),
    ],
)
def test_a_grid_refuses_what_is_not_a_distribution(probabilities, words):
    with pytest.raises(ValueError, match=words):
        Grid(np.array([1, 2, 3]), np.array(probabilities))


def test_the_headline_names_kind_level_and_the_observed():
    total = Draws(np.full((2, 50), 10_408))
    assert str(estimate(total)) == "about 10,400 people (95 % credible interval 10,400 to 10,400); 100 observed"
    bound = Point(7_231.5, 273.8, (Interval(6_751, 7_840, 0.95, "confidence"),))
    said = str(estimate(bound, is_lower_bound=True))
    assert said.startswith("at least about 7,230 people (95 % confidence interval 6,750 to 7,840)")


def test_an_interval_without_an_upper_limit_says_so():
    assert str(Interval(5, np.inf, 0.9, "confidence")) == "90 % confidence interval 5 to no upper limit"


def test_a_point_has_the_levels_it_was_given_and_no_other():
    given = Interval(6_751, 7_840, 0.95, "confidence")
    result = estimate(Point(7_231.5, 273.8, (given,)))
    assert result.interval(0.95) is given
    assert (result.mean, result.median, result.sd, result.interval_kind) == (7_231.5, 7_231.5, 273.8, "confidence")
    with pytest.raises(ValueError, match=r"confidence intervals at 0\.95, not at 0\.8"):
        result.interval(0.8)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_probability(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        estimate(Draws(np.ones((1, 1)))).interval(level)


def test_wider_levels_give_wider_intervals():
    result = estimate(Draws(np.arange(1000).reshape(2, 500)))
    inner, outer = result.interval(0.5), result.interval(0.95)
    assert outer.lower < inner.lower < inner.upper < outer.upper
    assert (inner.kind, inner.level) == ("credible", 0.5)


def test_an_estimate_without_an_assumption_is_refused():
    with pytest.raises(ValueError, match="state it"):
        estimate(Draws(np.ones((1, 1))), assumptions=())


def test_the_notebook_shows_assumptions_notes_and_failed_checks_escaped():
    slow = Check("R-hat of N", 1.3, 1.01, False, "")
    shown = estimate(Draws(np.ones((1, 1))), notes=("a < b",), diagnostics=Diagnostics((slow,)))._repr_html_()
    for words in ("Model &lt;M&gt;", "independent &amp; closed", "a &lt; b", "Not to be trusted"):
        assert words in shown


def test_arviz_gets_the_draws_and_what_was_monitored():
    values = np.arange(8).reshape(2, 4)
    data = estimate(Draws(values, {"log alpha": values / 2})).to_arviz()
    assert np.array_equal(data["posterior"]["N"].values, values)
    assert np.array_equal(data["posterior"]["log alpha"].values, values / 2)


def test_arviz_gets_an_exact_posterior_as_draws_with_its_quantiles():
    grid = Grid(np.arange(100, 200), np.ones(100))
    values = estimate(grid).to_arviz()["posterior"]["N"].values
    assert values.shape == (4, 1000)
    assert np.bincount(values.astype(int).ravel())[100:].tolist() == [40] * 100


def test_a_classical_estimate_has_no_draws_for_arviz():
    with pytest.raises(ValueError, match="no posterior draws"):
        estimate(Point(1.0, 1.0, ())).to_arviz()


def test_not_estimable_says_why_and_how_many_were_observed():
    result = NotEstimable(96, "m", "Model <M>", "the lists do not overlap", ("A.",), PROVENANCE)
    assert str(result) == "not estimable by Model <M>: the lists do not overlap (96 observed)"
    assert "Model &lt;M&gt;" in result._repr_html_()
    assert result.diagnostics.ok
    assert result.evidence is None


def not_estimable(reason="the lists do not overlap"):
    return NotEstimable(96, "m", "Model <M>", reason, ("A.",), PROVENANCE)


class TestFrames:
    def test_a_summary_is_one_row_with_the_numbers_of_the_estimate(self):
        result = estimate(Draws(np.arange(1000).reshape(2, 500)))
        frame = result.to_frame(0.9)
        assert len(frame) == 1
        row, interval = frame.iloc[0], result.interval(0.9)
        assert (row["point"], row["mean"], row["n_observed"]) == (result.median, result.mean, 100)
        assert (row["lower"], row["upper"], row["level"]) == (interval.lower, interval.upper, 0.9)
        assert list(not_estimable().to_frame().columns) == list(frame.columns)

    def test_a_row_without_a_number_has_the_reason(self):
        row = not_estimable("too thin").to_frame().iloc[0]
        assert (row["reason"], row["estimable"]) == ("too thin", False)
        assert np.isnan(row["point"])

    def test_draws_are_rows_with_their_chain_and_place(self):
        values = np.arange(8).reshape(2, 4)
        frame = estimate(Draws(values, {"log alpha": values / 2})).draws_frame()
        assert list(frame.columns) == ["chain", "draw", "N", "log alpha"]
        for row in frame.itertuples():
            assert values[row.chain, row.draw] == row.N
        assert np.array_equal(frame["log alpha"], frame["N"] / 2)

    def test_the_draws_of_an_exact_posterior_have_its_quantiles(self):
        grid = Grid(np.arange(100, 200), np.ones(100))
        frame = estimate(grid).draws_frame()
        assert frame["N"].value_counts().tolist() == [40] * 100

    def test_a_classical_estimate_has_no_draws(self):
        with pytest.raises(ValueError, match="no posterior draws"):
            estimate(Point(1.0, 1.0, ())).draws_frame()

    def test_a_table_of_a_result_is_a_frame_of_the_same_cells(self):
        table = ResultTable("Weights", ("graph", "weight"), (("A-B", 0.75), ("none", 0.25)))
        assert table.to_frame().values.tolist() == [["A-B", 0.75], ["none", 0.25]]

    def test_models_stand_side_by_side_in_the_order_given(self):
        results = {"z": estimate(Draws(np.full((2, 50), 7))), "a": not_estimable("too thin")}
        frame = compare(results)
        assert frame["label"].tolist() == ["z", "a"]
        assert frame["point"].dropna().tolist() == [7]
        assert frame["reason"].dropna().tolist() == ["too thin"]


class TestWhatANotebookShows:
    def shown(self):
        values = np.random.default_rng(1).normal(3_000, 100, size=(4, 500)).astype(int)
        table = ResultTable("Weights <w>", ("graph", "weight"), tuple((f"g{i}", 1 / (i + 1)) for i in range(500)))
        checks = tuple(Check(f"R-hat of {i}", 1.0, 1.01, True, "Fine.") for i in range(50))
        long = " ".join(["a long sentence"] * 100)
        return [
            estimate(Draws(values), notes=(long,), assumptions=(long,), title=long, tables=(table,)),
            not_estimable(long),
            table,
            Diagnostics(checks),
            Draws(values, {f"x{i}": values for i in range(50)}),
            Grid(np.arange(1000), np.ones(1000)),
        ]

    def test_no_representation_fills_the_screen(self):
        for result in self.shown():
            assert len(repr(result)) <= 400, type(result)

    def test_results_and_their_tables_are_html_tables(self):
        for result in self.shown()[:4]:
            assert ElementTree.fromstring(result._repr_html_()).tag == "table"

    def test_the_unrounded_numbers_stand_under_the_headline(self):
        shown = estimate(Draws(np.full((2, 50), 10_408)))._repr_html_()
        assert "about 10,400 people" in shown
        assert "10,408 people" in shown
