import pytest

from estimation.errors import (
    EstimationError,
    EstimationWarning,
    ScenarioError,
    SettingError,
    StudyError,
    TableError,
    TableWarning,
)


@pytest.mark.parametrize("kind", [TableError, StudyError, ScenarioError, SettingError])
def test_every_error_is_an_estimation_error_and_a_value_error(kind):
    assert issubclass(kind, EstimationError)
    assert issubclass(kind, ValueError)


def test_a_table_warning_can_be_silenced_by_its_own_class():
    assert issubclass(TableWarning, EstimationWarning)
    assert issubclass(EstimationWarning, UserWarning)


def test_one_problem_is_one_line():
    assert str(TableError("a.csv", ["row 1 is empty"])) == "a.csv: row 1 is empty"


def test_many_problems_are_counted_and_numbered():
    error = StudyError("study.toml", ["first", "second"])
    assert str(error) == "study.toml: 2 problems\n  1. first\n  2. second"
    assert error.problems == ("first", "second")
    assert error.where == "study.toml"
