import dataclasses

import pytest

from estimation.results.diagnostics import Check, Diagnostics

GOOD = Check("bulk ESS of N", 900.0, 400.0, True, "Enough draws.")
BAD = Check("R-hat of N", 1.234567, 1.01, False, "The chains do not agree.")


def test_nothing_to_check_is_a_closed_form():
    assert Diagnostics().ok
    assert Diagnostics().sentence.startswith("A closed form")


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
