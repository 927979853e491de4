"""The charts of a linkage: what they say is true, and they can be read; match weights against numbers by hand."""

from math import log2

import numpy as np
import pytest
from matplotlib.figure import Figure
from test_charts import assert_readable, svg_of, words

import estimation as mse
from estimation import charts
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.linkage.encoded import MISSING, EncodedField, EncodedRecords, NearValues
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.match_weights import MatchWeights, chance_agreement, chance_levels, match_weights
from estimation.results.estimates import NotEstimable

FIELDS = ("family", "sex")


def fitted(lists=("دفتر شهدا", "a register with a name that is long enough to be broken"), *, known=True):
    rates = np.random.default_rng(1).uniform(0.01, 0.2, (len(lists), 2, 2))
    levels = ((0.0, 0.5, 0.3, 0.2), (0.0, 0.0, 0.0, 1.0))
    return FittedErrors(
        lists,
        FIELDS,
        tuple(tuple((float(a), float(b)) for a, b in of_list) for of_list in rates),
        levels,
        (0.2,) * len(lists),
        (0.01,) * len(lists),
        tuple(tuple((float(min(a, b)) / 2, 2 * float(max(a, b))) for a, b in of_list) for of_list in rates)
        if known
        else (),
        ((0.01, 0.01, 0.03, 0.95), (0.5, 0.0, 0.0, 0.5)),
        ((0.0005, 0.03), (0.4, 0.6)),
    )


def linked(matched=(18, 20, 22, 20)):
    records = tuple(RecordPlace(k // 60, k + 2) for k in range(110))
    drawn = [[*range(60), *range(m), *range(60, 110 - m)] for m in matched]
    return LinkageDraws(("police", "press"), records, np.array([drawn], dtype=np.int32))


RESULTS = {
    "Exact": mse.fit_draws(mse.models.NoHighestOrderInteraction(), linked(), rng=1),
    "Chapman": mse.fit_draws(mse.models.Chapman(), linked(), rng=1),
    "One list": mse.fit_draws(
        mse.models.Chapman(), LinkageDraws(("a",), (RecordPlace(0, 2),), np.zeros((1, 2, 1), dtype=np.int32)), rng=1
    ),
}
CHARTS = {
    "match_weights": lambda ax=None: charts.plot_match_weights(match_weights(fitted()), ax),
    "field_errors": lambda ax=None: charts.plot_field_errors(fitted(), ax),
    "people": lambda ax=None: charts.plot_people(linked(), ax),
    "variance_split": lambda ax=None: charts.plot_variance_split(RESULTS, ax),
}
HARD = {
    "errors without ends": lambda: charts.plot_field_errors(fitted(known=False)),
    "34 lists": lambda: charts.plot_field_errors(fitted(tuple(f"list {k}" for k in range(34)))),
    "one field": lambda: charts.plot_match_weights(MatchWeights(("sex",), ({0: 0.5, 3: -0.7},), ((0.2, 0.8),))),
}


@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_no_text_is_clipped_small_or_under_another(chart, width_cm):
    with charts.style(width_cm=width_cm):
        assert_readable(chart().figure)


@pytest.mark.slow
@pytest.mark.parametrize("width_cm", [16.0, 9.5], ids=["page", "phone"])
@pytest.mark.parametrize("chart", HARD.values(), ids=HARD)
def test_no_text_is_clipped_small_or_under_another_in_a_hard_chart(chart, width_cm):
    with charts.style(width_cm=width_cm):
        assert_readable(chart().figure)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_is_drawn_on_the_axes_given_has_no_title_and_repeats_its_bytes(chart):
    ax = Figure(figsize=(6.3, 6), layout="constrained").add_subplot()
    assert chart(ax) is ax
    with charts.style():
        first = chart()
        assert not first.get_title()
        assert svg_of(first) == svg_of(chart())


def test_axes_name_their_units_and_intervals_their_kind_and_level():
    labels = [chart().get_xlabel() for chart in CHARTS.values()]
    assert ["bits" in labels[0], "%" in labels[1], "persons" in labels[2], "%" in labels[3]] == [True] * 4
    for name in ("field_errors", "people"):
        legend = [text.get_text() for text in CHARTS[name]().get_legend().get_texts()]
        assert any("95 % credible interval" in text for text in legend)
    without = [text.get_text() for text in HARD["errors without ends"]().get_legend().get_texts()]
    assert without == ["Posterior mean"]


def test_the_people_chart_has_people_and_records_at_their_numbers():
    said = words(charts.plot_people(linked()))
    assert "110 records, 90 people (87 to 93)" in said
    assert "50 records, 50 people (50 to 50)" in said


def test_shares_of_the_variance_are_those_of_the_result_and_no_number_keeps_its_row():
    said = words(charts.plot_variance_split(RESULTS))
    note = next(note for note in RESULTS["Exact"].notes if note.startswith("Of the variance of N"))
    share = note.split("%")[0].rsplit(" ", 1)[-1]
    assert any(text.startswith(f"{share} % linkage") for text in said)
    assert isinstance(RESULTS["One list"], NotEstimable)
    assert "not estimable" in said
    with pytest.raises(ValueError, match="fit_draws"):
        charts.plot_variance_split({"One list": RESULTS["One list"]})


def records_of(codes, near, has_level=(True, True, True, True)):
    """One list of records with one field."""
    n = len(codes)
    field = EncodedField("given", "person", near, has_level)
    return EncodedRecords(
        ("a",),
        np.zeros(n, dtype=np.int32),
        np.array([False]),
        (field,),
        np.arange(n + 1),
        np.array(codes, dtype=np.int32)[:, None],
        np.zeros(n, dtype=np.int8),
    )


def test_levels_by_chance_are_counted_over_pairs_of_people():
    # Values 0 and 1 are one small difference apart, 2 is far from both; the last record is of the first person.
    near = NearValues(3, np.array([0, 1, 2, 2]), np.array([1, 0], dtype=np.int32), np.array([1, 1], dtype=np.int8))
    encoded, persons = records_of([0, 0, 1, 2, MISSING, 2], near), np.array([0, 1, 2, 3, 4, 0], dtype=np.int32)
    [levels] = chance_levels(encoded, persons)
    # Four people have a value, 0 0 1 2: of six pairs one agrees, two are one small difference apart, three are far.
    assert levels == pytest.approx((1.5 / 7.5, 2.5 / 7.5, 0, 3.5 / 7.5))
    [(rare, common)] = chance_agreement(encoded, persons)
    assert rare < common == pytest.approx(1.5 / 4.5)


def test_a_difference_that_no_two_people_have_says_nothing():
    errors = FittedErrors(
        ("a", "b"), ("event year",), (((0.1, 0.1),),) * 2, ((0.0, 0.5, 0.3, 0.2),), (0.0,) * 2, (0.0,) * 2, (),
        ((0.5, 0.5, 0.0, 0.0),), ((0.4, 0.6),),
    )  # fmt: skip
    assert list(match_weights(errors).weights[0]) == [0, 1]


def test_values_that_can_be_the_same_agree_by_chance_as_well():
    # A month, value 0, holds the days 1 and 2, which differ.
    starts, neighbours = np.array([0, 2, 4, 6]), np.array([1, 2, 0, 2, 0, 1], dtype=np.int32)
    near = NearValues(3, starts, neighbours, np.array([0, 0, 0, 1, 0, 1], dtype=np.int8))
    encoded, persons = records_of([0, 1, 2, 2], near), np.arange(4, dtype=np.int32)
    [levels], [(rare, common)] = chance_levels(encoded, persons), chance_agreement(encoded, persons)
    # Of six pairs four agree.  Whoever has the month agrees with all three others, whoever has day 1 with one of them.
    assert levels[0] == pytest.approx(4.5 / 7)
    assert rare < levels[0] < common
    assert (rare, common) == pytest.approx(np.quantile(np.array([3.5, 1.5, 2.5, 2.5]) / 4.5, [0.05, 0.95]))


def test_a_field_with_more_errors_says_less_and_a_common_value_less_than_a_rare_one():
    found = match_weights(fitted())
    for weights, (common, rare) in zip(found.weights, found.agreement, strict=True):
        assert weights[0] > 0 > weights[3]
        assert common < rare
    clean, wrong = (
        match_weights(
            FittedErrors(
                ("a", "b"), ("given",), (((e, e),),) * 2, ((0.0, 0.5, 0.3, 0.2),), (0.0,) * 2, (0.0,) * 2, (),
                ((0.01, 0.01, 0.08, 0.9),), ((0.001, 0.05),),
            )
        )
        for e in (0.01, 0.3)
    )  # fmt: skip
    assert clean.weights[0][0] == pytest.approx(log2(0.99**2 / 0.01))
    assert clean.weights[0][0] > wrong.weights[0][0]
    assert clean.weights[0][3] < wrong.weights[0][3]
    assert match_weights(FittedErrors(("a",), ("given",), (((0.1, 0.1),),), ((0, 1, 0, 0),), (0.0,), (0.0,))) is None
