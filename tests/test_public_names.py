"""The public door is small, opens, and costs little to stand in."""

import subprocess
import sys

import estimation


def test_every_public_name_can_be_used():
    for name in estimation.__all__:
        assert getattr(estimation, name) is not None


def test_the_public_door_is_small():
    assert 10 <= len(estimation.__all__) <= 25


def test_importing_the_package_loads_nothing_heavy():
    heavy = ("pymc", "arviz", "numba", "matplotlib", "pandas", "scipy")
    code = f"import sys, estimation, estimation.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
