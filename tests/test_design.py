"""Designs: the width that is known in closed form is met, and more collecting buys what it must."""

import csv
import math
from statistics import NormalDist

import numpy as np
import pytest

from estimation.errors import SettingError
from estimation.models.classical.two_lists import Chapman, LincolnPetersen
from estimation.models.log_linear.averaged import LogLinearAverage
from estimation.models.registry import make_model
from estimation.simulation import Dependence
from estimation.simulation.design import design
from estimation.simulation.designs import designs_csv
from estimation.simulation.heterogeneous_groups import heterogeneous_groups

PLAN = {"police": 600, "press": 400, "church": 300}


def planned(list_sizes=PLAN, total=2000, model=None, replications=20, seed=1, **more):
    return design(list_sizes, total, model=model or LogLinearAverage(), replications=replications, rng=seed, **more)


def test_two_independent_lists_have_the_width_of_lincoln_and_petersen():
    """Var N = N (1 - p) (1 - q) / (p q).  Four Monte Carlo standard errors: one false alarm in 16,000."""
    total, p, q = 50_000, 0.3, 0.2
    found = planned({"a": 15_000, "b": 10_000}, total, LincolnPetersen(("a", "b")), replications=200)
    length = found.designs[0].score.length
    expected = 2 * 1.959964 * math.sqrt((1 - p) * (1 - q) / (p * q) / total)
    assert length.value == pytest.approx(expected, abs=4 * length.error)
    assert length.error < 0.02 * expected


def test_expected_people_observed_are_those_of_independent_lists():
    assert planned().designs[0].expected_observed == pytest.approx(2000 * (1 - 0.7 * 0.8 * 0.85))


def test_every_way_to_collect_more_is_a_row_of_its_own():
    found = planned(lists_added={"graves": 250}, names_added=[100], replications=2)
    assert [each.label for each in found.designs] == [
        "as planned",
        "one more list, graves, of 250",
        "100 more names over all lists",
        "100 more names on police",
        "100 more names on press",
        "100 more names on church",
    ]
    assert dict(found.designs[1].list_sizes) == {**PLAN, "graves": 250}
    assert [sum(dict(each.list_sizes).values()) for each in found.designs[2:]] == pytest.approx([1400] * 4)
    assert dict(found.designs[3].list_sizes) == {**PLAN, "police": 700}


def test_more_lists_and_more_names_make_the_interval_narrower():
    """Widths of 40 tables are known to 2 or 3 %; the differences here are 20 % and more."""
    planned_first, *more = planned(lists_added={"graves": 400}, names_added=[500], replications=40).designs
    assert all(each.width < 0.95 * planned_first.width for each in more)


def test_the_same_seed_gives_the_same_designs():
    assert planned(replications=3) == planned(replications=3)
    assert planned(replications=3) != planned(replications=3, seed=2)


def test_dependence_is_drawn_as_stated():
    pair = {"a": 600, "b": 600}
    model = Chapman(("a", "b"))
    free = planned(pair, model=model)
    bound = planned(pair, model=model, dependence=[Dependence(("a", "b"), 4.0)])
    assert bound.designs[0].expected_observed < free.designs[0].expected_observed
    assert bound.designs[0].score.bias.value < -0.2 < free.designs[0].score.bias.value


def test_the_finding_is_made_from_the_numbers():
    found = planned(names_added=[300], replications=10)
    narrowest = min(found.designs[1:], key=lambda each: each.width)
    assert f"typically {found.designs[0].width:.0%} of 2,000 wide" in found.finding
    assert f"is {narrowest.label}: {narrowest.width:.0%} wide." in found.finding
    assert found.finding in str(found)


def test_a_design_that_gives_no_number_says_so():
    found = planned({"a": 1, "b": 1}, 1_000_000, Chapman(("a", "b")), replications=3)
    assert found.designs[0].width is None
    assert "gives no interval that ends." in found.finding
    assert "as planned: not estimable" in str(found)


@pytest.fixture(scope="module")
def hundred_more():
    return planned(names_added=[100], replications=3)


def test_the_csv_has_a_row_for_each_design(hundred_more):
    found = hundred_more
    rows = list(csv.DictReader(designs_csv(found).splitlines()))
    assert [row["design"] for row in rows] == [each.label for each in found.designs]
    assert [float(row["length"]) for row in rows] == [each.width for each in found.designs]
    assert rows[0]["list_sizes"] == "police 600; press 400; church 300"


def test_the_frame_is_the_csv(hundred_more):
    found = hundred_more
    frame = found.to_frame()
    rows = list(csv.DictReader(designs_csv(found).splitlines()))
    assert list(frame.columns) == list(rows[0])
    assert frame["design"].tolist() == [each.label for each in found.designs]
    assert frame["length"].tolist() == [float(row["length"]) for row in rows]


def test_what_is_open_says_that_it_is_synthetic():
    found = planned({"a < b": 600, "c": 500}, model=Chapman(("a < b", "c")), names_added=[100], replications=3)
    for shown in (str(found), repr(found), found._repr_html_()):
        assert "SYNTHETIC" in shown
    assert len(repr(found)) <= 400
    assert "100 more names on a &lt; b" in found._repr_html_()


def test_all_that_is_wrong_with_a_plan_is_said_together():
    with pytest.raises(SettingError) as caught:
        planned({"a": 0, "b": 900}, 800, lists_added={"b": 10}, names_added=[0, 900])
    said = " ".join(caught.value.problems)
    assert "the list 'a' has 0 people; expect at least 1" in said
    assert "the list 'b' has 900 people, more than the total of 800; raise the total" in said
    assert "the new list 'b' has the name of another list; give it another name" in said
    assert "0 more names is none; give 1 or more" in said
    assert "900 more names" in said
    with pytest.raises(SettingError, match="there is 1 list; without overlap nothing can be estimated, so give two"):
        planned({"a": 5})
    with pytest.raises(SettingError, match="no list 'c'; there are police, press, church"):
        planned(dependence=[Dependence(("police", "c"), 2.0)])


def test_estimates_near_the_total_are_counted_among_all_tables():
    """Two independent lists: (estimate - N) / N is about normal, with the standard error of Lincoln and Petersen."""
    total, p, q = 50_000, 0.3, 0.2
    found = planned({"a": 15_000, "b": 10_000}, total, LincolnPetersen(("a", "b")), replications=400, near=0.02)
    near = found.designs[0].within(0.02)
    expected = 2 * NormalDist().cdf(0.02 / math.sqrt((1 - p) * (1 - q) / (p * q) / total)) - 1
    assert near.value == pytest.approx(expected, abs=4 * near.error)  # one false alarm in 16,000
    assert f"{near.value:.0%} of the estimates are within 2% of it" in found.finding
    assert found.headings[2] == "estimates within 2%"
    none = planned({"a": 1, "b": 1}, 1_000_000, Chapman(("a", "b")), replications=3)
    assert none.designs[0].within(0.5).value == 0


@pytest.mark.parametrize("odds_ratio", [1.5, 3.0, 10.0])
def test_people_who_differ_have_the_odds_asked_for_at_the_90th_percentile(odds_ratio):
    groups = heterogeneous_groups(10_000, [0.3, 0.05], odds_ratio)
    people = np.array([group.people for group in groups])
    assert people.sum() == 10_000
    for at, share in enumerate([0.3, 0.05]):
        capture = np.array([group.capture[at] for group in groups])
        assert people @ capture / 10_000 == pytest.approx(share, abs=1e-9)
        odds = np.repeat(capture / (1 - capture), people)
        # Between the 45th and the 46th of fifty groups, and the 25th and 26th.
        found = np.sqrt(odds[8999] * odds[9001]) / np.sqrt(odds[4999] * odds[5001])
        assert found == pytest.approx(odds_ratio, rel=0.04)


def test_people_who_differ_make_a_model_without_heterogeneity_too_low_and_one_with_it_less():
    model = {name: make_model("heterogeneity", {"model": name}) for name in ("Mt", "Mth-Normal")}
    plan = {"police": 900, "press": 800, "church": 700, "graves": 600}
    found = {
        name: planned(plan, 3000, each, replications=30, heterogeneity=5.0).designs[0].score
        for name, each in model.items()
    }
    assert found["Mt"].bias.value < -0.15
    assert abs(found["Mth-Normal"].bias.value) < 0.08
    alike = planned(plan, 3000, model["Mt"], replications=30).designs[0].score
    assert abs(alike.bias.value) < 0.02


def test_a_heterogeneity_below_one_is_refused_with_its_meaning():
    with pytest.raises(SettingError, match="1 where people are alike, and more where they differ"):
        planned(heterogeneity=0.5)
    with pytest.raises(SettingError, match="near = 0"):
        planned(near=0)


def test_a_share_of_the_total_is_a_size(mse, tmp_path):
    picture = tmp_path / "estimates.svg"
    lists = ("--list", "police=30%", "--list", "press=12.5 %", "--list", "ngo=100", "--total", 800)
    few = ("--model", "chao", "--replications", 3, "--workers", 1, "--csv", tmp_path / "a.csv")
    status, out, err = mse("design", *lists, *few, "--heterogeneity", 3, "--near", 0.2, "--estimates-chart", picture)
    assert status == 0, err
    assert "people who differ (odds ratio 3)" in " ".join(out.split())
    assert "police 240; press 100; ngo 100" in (tmp_path / "a.csv").read_text()
    assert picture.read_bytes().startswith(b"<?xml")
    status, _, err = mse("design", "--list", "police=x%", "--total", 800, "--model", "chao")
    assert status == 2
    assert "or police=30% for a share of the total" in err
