"""The public door is small, opens, and costs little to stand in."""

import pydoc
import subprocess
import sys

import pytest

import estimation as mse

HEAVY = ("pymc", "pytensor", "nutpie", "arviz", "numba", "matplotlib", "pandas", "pyarrow", "scipy", "typst", "jinja2")

DOOR = """
    __version__ atlas CaptureTable charts claims compare convert_events errors Estimate Event fit_draws fit_jointly
    inspect_names inspect_table Interval linkage load_table models NotEstimable pool priors read_events read_linkage
    read_names read_table robust_range run_grid run_study sensitivity simulation stack strata StratifiedTable
    table_names verify_study
"""
NAMESPACES = {
    "models": """
        BayesianLogLinear ChaoLowerBound Chapman DecomposableGraphs DoublyRobust Heterogeneity
        HierarchicalLogLinearAverage LatentClass LatentClassPyMC LincolnPetersen LogLinear LogLinearAverage
        LogLinearSelect Model NoHighestOrderInteraction OverDraws PopulationRegister RobustRange SampleCoverage
        PairwisePrior SparseStepwise
        WithinRegister compare_heterogeneity default_models make_model model_names pairs_by_chapman profile_likelihood
        why_not_by_model within_register
    """,
    "linkage": """
        CandidateCut LinkageDraws LinkageSettings Prediction draw_review_sample link link_with_candidates
        predicted_shares review_questions reviewed_sample save_linkage
    """,
    "strata": """
        HierarchicalLogLinear HierarchicalLogLinearPyMC Imputed PoolsStrata PublishedTotal Replicate Replicates
        SharedLatentClasses StratumResults estimate_by estimate_draws_by imputed read_replicates sum_of_published total
    """,
    "sensitivity": """
        Alternative Sensitivity consistency leave_one_list_out linkage_error merge_two_lists odds_ratio one_inflation
        pairs subsets tipping_dependence tipping_linkage_error tipping_share vary_setting
    """,
    "simulation": """
        Dependence Designs Group Measure NameWorld NameWriting Scenario Score Scores Simulated SimulatedPart Stratum
        Trial Unrecorded WrittenList WrittenNames coverage_study
        design history_probabilities load_scenario read_scenario scenario_names scenario_path simulate standard_models
        standard_scenarios world_of_families world_of_independent_errors write_simulated
    """,
    "charts": """
        plot_dependence plot_expansion
        plot_claims plot_comparison plot_consistency plot_coverage plot_curve plot_design plot_field_errors
        plot_implied_overlap plot_match_weights plot_people plot_variance_split
        plot_map plot_missed plot_over_time plot_posterior plot_prior_predictive plot_rank plot_sensitivity plot_strata
        plot_surface plot_tornado plot_trace plot_upset stamp_synthetic style
        plot_capture_probabilities plot_design_estimates plot_first_captures plot_heterogeneity plot_prior_on_n
        plot_profile_likelihood
    """,
    "claims": """
        Claim ClaimsFile Implication Need ReferenceFigure implication need probability_at_least read_claims
    """,
    "priors": """
        PairDependence Discount Expansion ListKind NormalPrior PairOfLists PublishedStudy Study
        conditional_dependence dependence discount expansion population_dependence studies
    """,
    "atlas": """
        AtlasStudy Reproduced implied_xi population_odds_ratios read_atlas_study run study_names write_pages
    """,
    "errors": """
        ClaimsError EstimationError EstimationWarning LinkageError OutputError ScenarioError SettingError StudyError
        TableError TableWarning UndecidedTableError
    """,
}


def test_the_door_shows_exactly_these_names():
    assert sorted(mse.__all__) == sorted(dir(mse)) == sorted(DOOR.split())


@pytest.mark.parametrize("name", NAMESPACES)
def test_a_namespace_shows_exactly_these_names_and_each_can_be_used(name):
    namespace = getattr(mse, name)
    names = sorted(NAMESPACES[name].split())
    assert sorted(namespace.__all__) == names
    assert sorted(dir(namespace)) == names
    for each in names:
        assert getattr(namespace, each).__doc__, each


def test_every_model_of_the_command_line_is_in_the_namespace():
    for name in mse.models.model_names():
        model = type(mse.models.make_model(name, {}))
        assert getattr(mse.models, model.__name__) is model


def test_no_name_is_open_in_two_places():
    places = [name for shown in (DOOR, *NAMESPACES.values()) for name in shown.split()]
    assert len(places) == len(set(places))


def test_the_help_begins_with_the_map_and_names_all_that_is_there():
    page = pydoc.plain(pydoc.render_doc(mse))
    opening = page[: page.index("PACKAGE CONTENTS")]
    assert len(opening.splitlines()) < 30
    assert max(len(line) for line in opening.splitlines()) <= 130
    for name in DOOR.split():
        assert name in opening or name == "__version__", name


def test_importing_the_package_asking_for_help_and_setting_up_models_loads_nothing_heavy():
    """One fresh process, and what is loaded in it after each step."""
    program = f"""
import sys

def loaded(*allowed):
    return [name for name in {HEAVY!r} if name in sys.modules and name not in allowed]

import estimation
assert not loaded(), loaded()

import estimation.cli
sys.argv = ["mse", "--help"]
try:
    estimation.cli.main()
except SystemExit as stopped:
    assert not stopped.code, stopped.code
assert not loaded(), loaded()

from estimation.models.bayesian_log_linear.all_pairs import BayesianLogLinear
BayesianLogLinear().assumptions
assert not loaded("scipy", "numba"), loaded()

from estimation.models.latent_class.in_pymc import LatentClassPyMC
LatentClassPyMC().assumptions
assert not {{"pymc", "pytensor", "nutpie"}} & set(loaded()), loaded()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "estimate" in done.stdout


def test_a_file_never_hides_the_function_it_is_named_after():
    """In one fresh process: the file is imported first, after the function, and once more."""
    program = """
import estimation.sensitivity.leave_one_list_out, estimation.simulation.design
import estimation as mse
assert callable(mse.sensitivity.leave_one_list_out) and callable(mse.simulation.design)
import estimation.sensitivity.leave_one_list_out, estimation.sensitivity.subsets, estimation.simulation.coverage_study
hidden = [f"{room.__name__}.{name}" for room in (mse.sensitivity, mse.simulation, mse.models, mse.charts, mse)
          for name in room.__all__ if type(getattr(room, name)).__name__ == "module" and room is not mse]
assert not hidden, hidden
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_map_of_the_models_names_each_of_them():
    assert all(f"`{name}`" in str(mse.models.__doc__) for name in mse.models.__all__)
