"""How far the number moves with the model, the lists and the settings: every combination, over several tables.

Run with: python scripts/sweep_settings.py --out out/sweep --workers 2

For each table and model it asks what the number would be without each list in turn, and under other settings of the
model.  One row an answer goes to ``answers.csv`` and ``answers.parquet``; one that is not estimable keeps its row, with
the reason.  Each question's answers are kept in the folder once they are found: stopped with Ctrl-C, the sweep goes on
where it stopped when it is run again.  The number of workers changes no number.  A sweep shows how much an answer
depends on choices; it does not say which choice is right, and an average over its rows means nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from estimation.capture.datasets import load_table
from estimation.models.registry import make_model
from estimation.provenance import package_version
from estimation.sensitivity.alternatives import Sensitivity
from estimation.sensitivity.leave_one_list_out import leave_one_list_out
from estimation.sensitivity.table import write_sensitivities
from estimation.sensitivity.vary_setting import vary_setting

TABLES = ["kosovo", "uk_five_lists", "netherlands_five_lists", "western_us", "hiv", "synthetic_prison_killings"]
MODELS: dict[str, dict[str, list[object]]] = {
    "chao": {"bias_corrected": [True]},
    "sample-coverage": {"estimator": ["coverage", "one-step"]},
    "log-linear": {},
    "log-linear-average": {"criterion": ["aic"], "family": ["pairs"]},
    "sparse": {"threshold": [0.001, 0.01, 0.05]},
    "heterogeneity": {"model": ["Mt", "Mth-Poisson2", "Mth-Darroch", "Mth-Gamma3.5"]},
    "nhoi": {"xi": [0.5, 0.8, 1.25, 2.0]},
    "decomposable": {"delta": [1 / 64, 1 / 16, 1 / 4, 1.0], "prior_on_n": ["flat up to 100000"]},
}
QUICK_TABLES, QUICK_MODELS = ["kosovo", "hiv"], ["sample-coverage", "decomposable"]
SEED = 1


class Question(NamedTuple):
    """One sensitivity of one model on one table; without a setting, each list is left out in turn."""

    table: str
    model: str
    setting: str | None
    parts: Path

    @property
    def name(self) -> str:
        """For the column ``question``; it can be split at the stroke."""
        return f"{self.table}/{self.model}/{self.setting or 'leave_one_list_out'}"

    @property
    def part(self) -> Path:
        """Where its answers are kept; another place when the table, the values or the package are others."""
        values = MODELS[self.model].get(self.setting or "")
        asked = json.dumps([load_table(self.table).sha256, self.name, values, SEED, package_version()])
        return self.parts / f"{hashlib.sha256(asked.encode()).hexdigest()[:32]}.parquet"


def answer(question: Question) -> Sensitivity:
    """Every question starts from the same seed, so that adding a table or a model changes no other number."""
    table, model, rng = load_table(question.table), make_model(question.model, {}), np.random.default_rng(SEED)
    if question.setting is None:
        return leave_one_list_out(table, model=model, rng=rng)
    return vary_setting(table, question.setting, MODELS[question.model][question.setting], model=model, rng=rng)


def keep(question: Question) -> str:
    """Have the answers in the folder, and say which."""
    if not question.part.exists():
        write_sensitivities({question.name: answer(question)}, question.part)
    return question.name


def sweep(questions: list[Question], workers: int) -> pyarrow.Table:
    """The answers in the order asked, whichever worker finds them."""
    # Ctrl-C is left to this process: a worker finishes and keeps the question it is at.
    ignored = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=signal.signal, initargs=ignored)
    try:
        for done, name in enumerate(pool.map(keep, questions), start=1):
            sys.stderr.write(f"{done} of {len(questions)}: {name}\n")
    finally:
        pool.shutdown(cancel_futures=True)
    return pyarrow.concat_tables(pyarrow.parquet.read_table(question.part) for question in questions)


def main() -> None:
    """Read the command line, ask, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/sweep"), help="folder for the answers")
    parser.add_argument("--workers", type=int, default=1, help="processes to use; changes no number")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK_MODELS + QUICK_TABLES)}")
    given = parser.parse_args()
    parts = given.out / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    questions = [
        Question(table, model, setting, parts)
        for table in (QUICK_TABLES if given.quick else TABLES)
        for model in (QUICK_MODELS if given.quick else MODELS)
        for setting in (None, *MODELS[model])
    ]
    try:
        answers = sweep(questions, given.workers)
    except KeyboardInterrupt:
        sys.exit("stopped; run the same command again to go on")
    pyarrow.csv.write_csv(answers, given.out / "answers.csv")
    pyarrow.parquet.write_table(answers, given.out / "answers.parquet")
    sys.stderr.write(f"{answers.num_rows} answers in {given.out / 'answers.csv'} and answers.parquet\n")


if __name__ == "__main__":
    main()
