"""The public door is small, opens, and costs little to stand in."""

import subprocess
import sys

import estimation

HEAVY = ("pymc", "pytensor", "nutpie", "arviz", "numba", "matplotlib", "pandas", "pyarrow", "scipy", "typst", "jinja2")


def test_every_public_name_can_be_used():
    for name in estimation.__all__:
        assert getattr(estimation, name) is not None


def test_the_public_door_is_small():
    assert 10 <= len(estimation.__all__) <= 25


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
