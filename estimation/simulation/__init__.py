"""Tables and name lists with a known truth: drawn from scenarios, for coverage studies, designs and linkage."""

from estimation.simulation.coverage_study import Scores, coverage_study
from estimation.simulation.design import design
from estimation.simulation.designs import Designs
from estimation.simulation.draw import Simulated, SimulatedPart, simulate, write_simulated
from estimation.simulation.name_world import NameWorld
from estimation.simulation.name_world_families import world_of_families
from estimation.simulation.name_world_independent import world_of_independent_errors
from estimation.simulation.name_writing import NameWriting, WrittenList
from estimation.simulation.scenario import Dependence, Group, Scenario, Stratum, Unrecorded, history_probabilities
from estimation.simulation.scenario_file import load_scenario, read_scenario, scenario_names, scenario_path
from estimation.simulation.scores import Measure, Score
from estimation.simulation.standard import standard_models, standard_scenarios
from estimation.simulation.trials import Trial
from estimation.simulation.written_names import WrittenNames

__all__ = [
    "Dependence",
    "Designs",
    "Group",
    "Measure",
    "NameWorld",
    "NameWriting",
    "Scenario",
    "Score",
    "Scores",
    "Simulated",
    "SimulatedPart",
    "Stratum",
    "Trial",
    "Unrecorded",
    "WrittenList",
    "WrittenNames",
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
    "world_of_families",
    "world_of_independent_errors",
    "write_simulated",
]


def __dir__() -> list[str]:
    return list(__all__)
