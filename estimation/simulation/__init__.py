"""Tables with a known truth: drawn from scenarios, for coverage studies of models and for designs."""

from estimation.simulation.coverage_study import Scores, coverage_study
from estimation.simulation.design import Designs, design
from estimation.simulation.draw import Simulated, SimulatedPart, simulate, write_simulated
from estimation.simulation.scenario import Dependence, Group, Scenario, Stratum, Unrecorded, history_probabilities
from estimation.simulation.scenario_file import load_scenario, read_scenario, scenario_names, scenario_path
from estimation.simulation.scores import Measure, Score
from estimation.simulation.standard import standard_models, standard_scenarios
from estimation.simulation.trials import Trial

__all__ = [
    "Dependence",
    "Designs",
    "Group",
    "Measure",
    "Scenario",
    "Score",
    "Scores",
    "Simulated",
    "SimulatedPart",
    "Stratum",
    "Trial",
    "Unrecorded",
    "coverage_study",
    "design",
    "history_probabilities",
    "load_scenario",
    "read_scenario",
    "scenario_names",
    "scenario_path",
    "simulate",
    "standard_models",
    "standard_scenarios",
    "write_simulated",
]


def __dir__() -> list[str]:
    return list(__all__)
