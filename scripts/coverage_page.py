"""Make docs/coverage.md: every model scored on the five synthetic scenarios.

Run with: python scripts/coverage_page.py

Takes some minutes on two free cores.  Stopped with Ctrl-C, it goes on where it stopped when it is run again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from estimation.atomic import write_text
from estimation.planted_truth import planted_truth
from estimation.planted_truth.page import coverage_page
from estimation.planted_truth.standard import FEWER, REPLICATIONS, SEED, standard_models, standard_scenarios

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


def progress(doing: str, done: int, of: int) -> None:
    """Say on one line how far it is."""
    sys.stderr.write(f"\r\033[K{done} of {of}: {doing}")
    sys.stderr.flush()


if __name__ == "__main__":
    scores = planted_truth(
        standard_scenarios(),
        standard_models(),
        replications=REPLICATIONS,
        fewer=FEWER,
        rng=np.random.default_rng(SEED),
        workers=WORKERS,
        folder=sys.argv[1] if len(sys.argv) > 1 else ROOT / "out" / "planted_truth",
        progress=progress,
    )
    written = write_text(
        ROOT / "docs" / "coverage.md", coverage_page(scores, command="python scripts/coverage_page.py")
    )
    sys.stderr.write(f"\r\033[K{written}\n")
