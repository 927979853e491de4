"""How far the number moves with the model, the lists and the settings: every combination, over several tables.

Run with: python scripts/sweep_settings.py --out out/sweep --workers 2

For each table and model it asks what the number would be without each list in turn, and under other settings of the
model.  One row a result goes to ``answers.csv`` and ``answers.parquet``; one that is not estimable keeps its row, with
the reason.  Each question's results are cached in the folder once they are found: stopped with Ctrl-C, the sweep goes
on where it stopped when it is run again.  The number of workers changes no number.  A sweep shows how much an answer
depends on choices; it does not say which choice is right, and an average over its rows means nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd

import estimation as mse
from estimation.files import write_bytes
from estimation.work.cache import Cache, key_of
from estimation.work.processes import in_processes

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
"""Every question starts from it, so that adding a table or a model changes no other number."""


class Question(NamedTuple):
    """One sensitivity of one model on one table; without a setting, each list is left out in turn."""

    table: str
    model: str
    setting: str | None

    @property
    def name(self) -> str:
        """For the column ``question``; it can be split at the stroke."""
        return f"{self.table}/{self.model}/{self.setting or 'leave_one_list_out'}"

    @property
    def key(self) -> str:
        """In the cache; another one when the table, the values or the package are others."""
        values = MODELS[self.model].get(self.setting or "")
        return key_of(mse.load_table(self.table).sha256, self.name, values, SEED)


def answer(question: Question) -> pd.DataFrame:
    """The results, one row each."""
    table, model = mse.load_table(question.table), mse.models.make_model(question.model, {})
    if question.setting is None:
        found = mse.sensitivity.leave_one_list_out(table, model=model, rng=SEED)
    else:
        values = MODELS[question.model][question.setting]
        found = mse.sensitivity.vary_setting(table, question.setting, values, model=model, rng=SEED)
    frame = found.to_frame()
    frame.insert(0, "question", question.name)
    return frame


def save(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame of the cache, whole or not at all."""
    write_bytes(path.with_suffix(".parquet"), frame.to_parquet())


def load(path: Path) -> pd.DataFrame:
    """Read a frame of the cache."""
    return pd.read_parquet(path.with_suffix(".parquet"))


def sweep(questions: list[Question], parts: Path, workers: int) -> pd.DataFrame:
    """The results in the order of the questions, whichever worker finds them."""
    cache = Cache(parts, save, load)
    left = [question for question in questions if cache.get(question.key) is None]

    def tell(done: float, doing: str = "", /) -> None:
        sys.stderr.write(f"{round(done * len(left))} of {len(left)}: {doing}\n")

    in_processes(
        answer,
        left,
        workers=workers,
        keep=lambda at, frame: cache.put(left[at].key, frame),
        progress=tell,
        doing=lambda question: question.name,
    )
    return pd.concat([load(parts / question.key) for question in questions], ignore_index=True)


def main() -> None:
    """Read the command line, ask, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/sweep"), help="folder for the results")
    parser.add_argument("--workers", type=int, default=1, help="processes to use; changes no number")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK_MODELS + QUICK_TABLES)}")
    given = parser.parse_args()
    questions = [
        Question(table, model, setting)
        for table in (QUICK_TABLES if given.quick else TABLES)
        for model in (QUICK_MODELS if given.quick else MODELS)
        for setting in (None, *MODELS[model])
    ]
    try:
        answers = sweep(questions, given.out / "parts", given.workers)
    except KeyboardInterrupt:
        sys.exit("stopped; run the same command again to go on")
    answers.to_csv(given.out / "answers.csv", index=False)
    answers.to_parquet(given.out / "answers.parquet", index=False)
    sys.stderr.write(f"{len(answers)} results in {given.out / 'answers.csv'} and answers.parquet\n")


if __name__ == "__main__":
    main()
