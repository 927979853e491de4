"""Planted truth: does a model find a number that is known, and how often does its interval hold it?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from estimation.errors import SettingError
from estimation.files import write_text
from estimation.models.protocol import Model
from estimation.provenance import seed_of
from estimation.simulation.scenario import Scenario
from estimation.simulation.scores import Score, score, scores_csv, trials_csv
from estimation.simulation.trials import Trial, run_trials
from estimation.toml_file import nearest
from estimation.work.progress import Progress, silent

__all__ = ["Scores", "coverage_study"]


@dataclass(frozen=True, slots=True)
class Scores:
    """How every model did in every scenario.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        What was asked, by name.
    models : mapping of str to Model
        Who was asked, by label.
    seed : str
        Seed of the generator.
    trials : tuple of Trial
        Every answer.
    scores : tuple of Score
        By scenario and model, in their orders.
    """

    scenarios: Mapping[str, Scenario]
    models: Mapping[str, Model]
    seed: str
    trials: tuple[Trial, ...]
    scores: tuple[Score, ...]

    def of(self, scenario: str, model: str) -> Score:
        """The score of one model in one scenario.

        Raises
        ------
        KeyError
            When that model was not tried on that scenario.
        """
        for each in self.scores:
            if (each.scenario, each.model) == (scenario, model):
                return each
        raise KeyError((scenario, model))

    def __str__(self) -> str:
        lines = []
        for each in self.scores:
            if each.coverage is None or each.bias is None:
                said = f"not estimable in any of {each.replications} tables"
            else:
                said = f"{each.coverage.value:.1%} covered (± {each.coverage.error:.1%}), bias {each.bias.value:+.1%}"
            lines.append(f"{each.scenario}, {each.model}: {said}")
        return "\n".join(lines)


def coverage_study(
    scenarios: Mapping[str, Scenario],
    models: Mapping[str, Model],
    *,
    replications: int,
    rng: np.random.Generator,
    fewer: Mapping[str, int] | None = None,
    workers: int = 1,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> Scores:
    """Coverage, bias and length of interval of each model in each scenario, with Monte Carlo errors.

    All models see the same tables.  The number of workers changes no number.  With several workers, call it from a
    script that guards its main part with ``if __name__ == "__main__"``, since each worker is a new process.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        By name; the name seeds its tables.
    models : mapping of str to Model
        By label; the label seeds the model's own random numbers.
    replications : int
        Tables drawn from each scenario.
    rng : numpy.random.Generator
        The only source of randomness; one number is drawn from it.
    fewer : mapping of str to int, optional
        Labels of slow models that are shown only so many of the tables, the first ones.
    workers : int
        Processes to use.
    folder : path, optional
        Where finished work is kept, so that a run that is stopped goes on there; also gets ``trials.csv`` and
        ``scores.csv``.
    progress : callable
        Told of each finished batch.

    Returns
    -------
    Scores

    Raises
    ------
    SettingError
        When there is no scenario or model, ``fewer`` names no model, or a model is to see fewer than one table.
    OSError
        When the folder cannot be written.

    References
    ----------
    Morris, White, Crowther (2019), Statistics in Medicine 38:2074-2102.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import Chapman
    >>> from estimation.simulation.scenario_file import load_scenario
    >>> scenarios = {"independent": load_scenario("independent")}
    >>> models = {"A and B": Chapman(lists=("A", "B"))}
    >>> scores = coverage_study(scenarios, models, replications=5, rng=np.random.default_rng(1))
    >>> scores.of("independent", "A and B").replications
    5
    """
    shown = _shown(models, replications, fewer or {})
    seed, root = seed_of(rng), int(rng.integers(2**63))
    parts = Path(folder) / "parts" if folder is not None else None
    if parts is not None:
        parts.mkdir(parents=True, exist_ok=True)
    trials = run_trials(
        scenarios, models, replications=shown, seed=root, workers=workers, folder=parts, progress=progress
    )
    by_pair: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        by_pair.setdefault((trial.scenario, trial.model), []).append(trial)
    scores = tuple(score(pair) for pair in by_pair.values())
    if folder is not None:
        write_text(Path(folder) / "trials.csv", trials_csv(trials))
        write_text(Path(folder) / "scores.csv", scores_csv(scores))
    return Scores(scenarios, models, seed, trials, scores)


def _shown(models: Mapping[str, Model], replications: int, fewer: Mapping[str, int]) -> dict[str, int]:
    """How many tables each model is shown."""
    strangers = [name for name in fewer if name not in models]
    if strangers:
        said = [f"fewer tables for {name!r}, no model here; {nearest(name, [*models])}" for name in strangers]
        raise SettingError("planted truth", said)
    return {label: min(fewer.get(label, replications), replications) for label in models}
