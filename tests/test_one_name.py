"""One thing, one name: a sensitivity or a simulation is called the same in function, file, command and study key."""

import importlib
import inspect

import pytest
import typer.main

import estimation.sensitivity as sensitivity
import estimation.simulation as simulation
from estimation.cli import app
from estimation.study.sensitivity_keys import Questions

SENSITIVITIES = {name for name in sensitivity.__all__ if inspect.isfunction(getattr(sensitivity, name))}
TIPPING = {name for name in SENSITIVITIES if name.startswith("tipping_")}
SETTINGS_WITH_A_KEY = {"delta", "xi"}
"""Settings that a study varies under their own name; ``vary`` takes all others."""


def commands(*path):
    """Names of the commands of `mse`, or of one of its groups."""
    group = typer.main.get_command(app)
    for name in path:
        group = group.commands[name]
    return set(group.commands)


@pytest.mark.parametrize("name", sorted(SENSITIVITIES))
def test_a_sensitivity_lies_in_the_file_of_its_name(name):
    module = importlib.import_module(f"estimation.sensitivity.{name}")
    assert getattr(module, name) is getattr(sensitivity, name)


def test_a_command_is_called_as_its_function():
    assert commands("sensitivity") == {name.replace("_", "-") for name in SENSITIVITIES - TIPPING} | {"tipping"}


def test_a_study_key_is_called_as_its_function():
    keys = set(Questions.__dataclass_fields__) - {"model", "figures", "vary"} - SETTINGS_WITH_A_KEY
    assert keys == SENSITIVITIES - TIPPING - {"vary_setting"}


def test_a_simulation_is_called_as_its_command():
    assert {"simulate", "design", "coverage"} <= commands()
    assert {"simulate", "design", "coverage_study"} <= set(simulation.__all__)
