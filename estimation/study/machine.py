"""The machine and the versions that a study runs on: what its last bits can depend on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from estimation.provenance import package_version

__all__ = ["PACKAGES", "environment", "processor", "settings_of_threads"]

PACKAGES = ("numpy", "scipy", "pandas", "numba", "pymc", "arviz", "nutpie", "matplotlib", "typst")
"""Packages that the numbers or the pages depend on."""

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OPENBLAS_CORETYPE",
    "NUMBA_CPU_NAME",
    "NUMBA_CPU_FEATURES",
    "NPY_DISABLE_CPU_FEATURES",
)
"""Environment variables that choose kernels or the order of sums, and so the last bits of a number."""


def environment() -> dict[str, str]:
    """What runs here: versions of this package, of Python and of `PACKAGES`; the platform and the processor."""
    return {
        "estimation": package_version(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
    } | {name: _installed(name) for name in PACKAGES}


def processor() -> str:
    """The name of the processor's model, or the nearest to it that this system tells.

    Examples
    --------
    >>> bool(processor())
    True
    """
    try:
        if platform.system() == "Darwin":
            command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
            return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
        return found[1].strip() if found else _by_the_system()
    except (OSError, ValueError, subprocess.SubprocessError):
        return _by_the_system()


def _by_the_system() -> str:
    return platform.processor() or platform.machine() or "unknown"


def settings_of_threads() -> dict[str, str]:
    """The environment variables that are set here and that the last bits of a number can depend on."""
    return {name: os.environ[name] for name in _THREADS if name in os.environ}


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
