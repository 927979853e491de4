"""Every name that a benchmark takes from the package is there; the timings themselves are run by hand."""

import importlib
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_can_be_imported_and_has_a_main(path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    for module in {path.stem, "log_linear"}:
        monkeypatch.delitem(sys.modules, module, raising=False)
    assert callable(importlib.import_module(path.stem).main)
