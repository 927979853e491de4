"""Synthetic tables with a known truth: a scenario is described in a file, and tables are drawn from it."""

from estimation.simulate.draw import Simulated, SimulatedPart, simulate, write_simulated
from estimation.simulate.scenario import Dependence, Group, Scenario, Stratum, history_probabilities
from estimation.simulate.scenario_file import READY, load_scenario, read_scenario, scenario_names, scenario_path

__all__ = [
    "READY",
    "Dependence",
    "Group",
    "Scenario",
    "Simulated",
    "SimulatedPart",
    "Stratum",
    "history_probabilities",
    "load_scenario",
    "read_scenario",
    "scenario_names",
    "scenario_path",
    "simulate",
    "write_simulated",
]
