import dataclasses

import numpy as np
import pytest
from scipy.special import gammaln

from estimation.capture.table import CaptureTable
from estimation.models.classical.chao import ChaoLowerBound
from estimation.models.classical.sample_coverage import SampleCoverage
from estimation.models.classical.two_lists import Chapman, LincolnPetersen
from estimation.models.log_linear.averaged import LogLinearAverage
from estimation.models.log_linear.convergence import gain_check, gain_left
from estimation.models.log_linear.heterogeneity import Heterogeneity
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.poisson_fit import fit_models
from estimation.models.log_linear.selected import LogLinearSelect
from estimation.models.log_linear.stepwise import SparseStepwise
from estimation.models.log_linear.terms import cell_design
from estimation.models.robust_range import RobustRange
from estimation.results.diagnostics import Check, Diagnostics

TABLE = CaptureTable.from_histories(
    ["A", "B", "C"], {"100": 60, "010": 45, "001": 40, "110": 18, "101": 14, "011": 12, "111": 8}
)

GOOD = Check("bulk ESS of N", 900.0, 400.0, True, "Enough draws.")
BAD = Check("R-hat of N", 1.234567, 1.01, False, "The chains do not agree.")


def test_nothing_to_check_is_a_closed_form():
    assert Diagnostics().ok
    assert Diagnostics().sentence.startswith("A closed form")


ITERATIVE = [
    LogLinear(),
    LogLinearSelect(interval="conditional"),
    LogLinearSelect(resamples=200, most_resamples=200),
    LogLinearAverage(),
    SparseStepwise(interval="conditional"),
    Heterogeneity("Mth-Darroch"),
    RobustRange(),
]


@pytest.mark.parametrize("model", ITERATIVE, ids=lambda model: f"{model.name}")
def test_a_fit_by_iteration_is_checked_and_called_no_closed_form(model):
    diagnostics = model.fit(TABLE, rng=1).diagnostics
    assert any("left to gain" in check.name and check.passed for check in diagnostics.checks)
    assert "closed form" not in diagnostics.sentence


@pytest.mark.parametrize("model", [ChaoLowerBound(), Chapman(("A", "B")), LincolnPetersen(("A", "B"))])
def test_a_closed_form_is_called_one(model):
    assert model.fit(TABLE, rng=1).diagnostics.sentence.startswith("A closed form")


def test_a_fit_that_stopped_before_its_maximum_fails_its_check():
    """What is left to gain at n log-likelihood points from the maximum is about n, and the limit is far below it."""
    design, counts = cell_design(3)[:, [0, 1, 2, 4]], TABLE.cells()[1:]
    fit = fit_models(design, counts, np.ones((1, 4), dtype=bool))
    at_rest = fit.coefficients[0]
    assert gain_check([gain_left(design, counts, at_rest)]).passed
    for away in (1e-3, -1e-2):
        moved = at_rest + away
        mean = np.exp(design @ moved)
        short = fit.log_likelihood[0] - (counts * np.log(mean) - mean - gammaln(counts + 1)).sum()
        gain = gain_left(design, counts, moved)
        assert gain == pytest.approx(short, rel=0.1)
        assert not gain_check([gain]).passed


@pytest.mark.parametrize("model", [LogLinear(), ChaoLowerBound(), Chapman(("A", "B")), SampleCoverage(resamples=100)])
def test_groups_of_lists_that_share_nobody_are_warned_of_by_every_model(model):
    apart = CaptureTable.from_histories(
        ["A", "B", "C", "D"], {"1000": 40, "0100": 30, "1100": 12, "0010": 25, "0001": 20, "0011": 9}
    )
    notes = model.fit(apart, rng=1).notes
    assert notes[0].startswith(
        "Warning, disconnected lists: The lists fall into 2 groups that share nobody (A, B; C, D)"
    )
    assert not any("disconnected" in note for note in model.fit(TABLE, rng=1).notes)


@pytest.mark.parametrize("model", [ChaoLowerBound(), Heterogeneity("Mth-Chao", fit_check=False)])
def test_groups_of_different_people_are_no_bound_and_the_warning_says_so(model):
    """Two regions of 2,000 people, each with two lists that have 40 % of its people, independently."""
    regions = {"1000": 480, "0100": 480, "1100": 320, "0010": 480, "0001": 480, "0011": 320}
    found = model.fit(CaptureTable.from_histories(["A", "B", "C", "D"], regions), rng=1)
    assert found.is_lower_bound
    assert found.interval().lower > 4000
    assert "Where the groups record different people, the total can be below this lower bound." in found.notes[0]
    assert "lower bound" not in LogLinear().fit(CaptureTable.from_histories(list("ABCD"), regions), rng=1).notes[0]


def test_all_passed_says_how_many():
    assert Diagnostics((GOOD, GOOD)).sentence == "All 2 checks on the computation passed."


def test_one_failure_spoils_the_whole_and_is_named_with_its_limit():
    diagnostics = Diagnostics((GOOD, BAD))
    assert not diagnostics.ok
    assert diagnostics.failed == (BAD,)
    assert diagnostics.sentence == "Not to be trusted: R-hat of N is 1.235 (limit 1.01)."


def test_a_check_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError, match="passed"):
        BAD.passed = True
