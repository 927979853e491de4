"""Where nothing of a library's own can be written, as in a container, it caches in a temporary folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from estimation.work import library_caches

PACKAGE = Path(library_caches.__file__).parent.parent
NO_HOME = {"HOME": "/dev/null"}
COMPILED = """
import os, estimation
import numpy as np
from estimation.models.bayesian_log_linear.all_pairs_density import value_and_gradient
nothing, place = np.zeros((0, 0)), np.zeros(1)
value = value_and_gradient(place, place.copy(), nothing.ravel(), nothing.ravel(), nothing, nothing)
print(value, os.environ["NUMBA_CACHE_DIR"], os.environ["MPLCONFIGDIR"], sep="\\n")
"""


@pytest.fixture
def read_only(monkeypatch):
    """The package where it cannot be written."""
    monkeypatch.setattr(library_caches, "_PACKAGE", Path("/dev/null/site-packages"))


def test_nothing_is_set_where_the_home_can_be_written(tmp_path):
    environment = {"HOME": str(tmp_path)}
    assert library_caches._prepare(environment, lambda: pytest.fail("no folder is needed"))
    assert environment == {"HOME": str(tmp_path)}


def test_every_library_gets_a_folder_where_there_is_no_home(tmp_path, read_only):
    environment = dict(NO_HOME)
    assert library_caches._prepare(environment, lambda: tmp_path)
    assert environment == NO_HOME | {
        "XDG_CACHE_HOME": str(tmp_path),
        "NUMBA_CACHE_DIR": str(tmp_path / "numba"),
        "MPLCONFIGDIR": str(tmp_path / "matplotlib"),
        "PYTENSOR_FLAGS": f"base_compiledir={tmp_path / 'pytensor'}",
    }


def test_what_the_user_has_set_is_left_where_it_can_be_written(tmp_path, read_only):
    own = {name: str(tmp_path / name) for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR", "XDG_CACHE_HOME")}
    own |= {"PYTENSOR_FLAGS": f"floatX=float64,base_compiledir={tmp_path}"}
    environment = NO_HOME | own
    assert library_caches._prepare(environment, lambda: pytest.fail("no folder is needed"))
    assert environment == NO_HOME | own
    environment = NO_HOME | {"NUMBA_CACHE_DIR": "/dev/null/numba", "PYTENSOR_FLAGS": "floatX=float64"}
    library_caches._prepare(environment, lambda: tmp_path)
    assert environment["NUMBA_CACHE_DIR"] == str(tmp_path / "numba")
    assert environment["PYTENSOR_FLAGS"] == f"floatX=float64,base_compiledir={tmp_path / 'pytensor'}"


def test_numba_does_not_try_to_cache_where_nothing_can_be_written(read_only):
    assert not library_caches._prepare(dict(NO_HOME), lambda: None)


def test_the_temporary_folder_is_this_users_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = library_caches._temporary_folder()
    assert folder is not None
    assert library_caches._temporary_folder() == folder
    assert folder.stat().st_mode & 0o077 == 0
    folder.chmod(0o777)  # somebody else could have put code there
    other = library_caches._temporary_folder()
    assert other is not None
    assert other != folder


@pytest.mark.skipif(sys.platform == "win32", reason="file modes of Unix")
def test_compiled_code_runs_from_a_read_only_package_without_a_home(tmp_path):
    site = tmp_path / "site"
    shutil.copytree(PACKAGE, site / "estimation", ignore=shutil.ignore_patterns("__pycache__"))
    unprivileged = []
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root writes in read-only folders, and there is no setpriv to prevent it")
        unprivileged = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    folders = [site, *(path for path in site.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = subprocess.run(
            [*unprivileged, sys.executable, "-c", COMPILED],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "TMPDIR": str(tmp_path), **NO_HOME},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    value, numba, matplotlib = done.stdout.split()
    assert value == "-0.5"
    assert Path(numba).parent == Path(matplotlib).parent
    assert list(Path(numba).rglob("*.nbi"))
