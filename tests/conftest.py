"""What tests share over processes: who runs what, and finished studies that are made once.

``make test`` runs in two processes or more (pytest-xdist).  A file of tests stays in one process, so that what its
fixtures make is made once, and the files that compile a PyMC model share one process, which compiles each model once.
The longest groups start first, so that no process is left working alone at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent

# Longest first, after the two that compile for all others; a file that is not here runs after those that are.
GROUPS = {
    # Compiles what the study and most other files need, so that not every process compiles it when caches are empty.
    "sweeps": ["tests/test_latent_class_kernel.py", "tests/test_latent_class.py"],
    # The same for the partition sampler.
    "linkage": [
        "tests/test_sampler.py",
        "tests/test_partition_kernel.py",
        "tests/test_linking.py",
        "tests/test_linked_study.py",
        "tests/test_joint.py",
        "tests/test_constant_field.py",
        "tests/test_two_scripts.py",
        "tests/test_reviewed_links.py",
        "tests/test_bad_lists.py",
        "tests/test_partition_calibration.py",
    ],
    "pymc": [
        "tests/test_bayesian_log_linear.py",
        "tests/test_latent_class_pymc.py",
        "tests/test_hierarchical_log_linear_pymc.py",
        "tests/test_progress.py",
        "tests/test_kosovo_study.py",
        "tests/reference/test_bayesian_log_linear_reference.py",
        "tests/recovery/test_bayesian_log_linear_calibration.py",
    ],
    **{
        file: [file]
        for file in (
            "notebooks/6_from_names_to_numbers.ipynb",
            "notebooks/4_claims_and_design.ipynb",
            "notebooks/1_quickstart.ipynb",
            "notebooks/2_models.ipynb",
            "tests/test_sweep_script.py",
            "tests/test_study_tasks.py",
            "tests/test_charts.py",
        )
    },
}

# Every page of the site is a test of its own, and what they share is a browser, which starts in a second.
SHARED_OUT = {"tests/test_site_browser.py"}


def group_of(nodeid: str) -> str:
    """The group of a test: the one that names its file, or else the file itself; itself where a file is shared out."""
    file = nodeid.partition("::")[0]
    if file in SHARED_OUT:
        return nodeid
    return next((name for name, files in GROUPS.items() if file in files), file)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A test with bytes goes by the argument's name and a number: bytes can hold the time, which no process shares."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Processes are given whole groups, in the order of the collection."""
    # Imported here because tests also run without pytest-xdist.
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return ByGroup(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The groups in their order; within a group nothing moves.  Notebooks run with the main job."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("whole")
    missing = [file for files in GROUPS.values() for file in files if not (ROOT / file).is_file()]
    if missing:
        raise pytest.UsageError(f"tests/conftest.py names files that are not there: {', '.join(missing)}")
    order = {name: place for place, name in enumerate(GROUPS)}
    items.sort(key=lambda item: order.get(group_of(item.nodeid), len(order)))


@pytest.fixture
def drawn_once() -> Iterator[None]:
    """For tests of what is done with a report: a picture that was drawn before in this process is taken again."""
    # Imported here because most tests draw no report.
    from drawn_once import taken_again

    with taken_again():
        yield


@pytest.fixture
def mse(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run `mse` in this process; gives (exit status, standard output, standard error)."""
    from estimation.cli import main

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mse", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run
