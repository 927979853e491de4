"""Coverage study: how often does a model's interval contain a number that is known, and how biased is the model?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from estimation.files import check_outputs, write_text
from estimation.frames import frame_of, html_table
from estimation.models.protocol import Model
from estimation.provenance import seed_of
from estimation.simulation.scenario import Scenario
from estimation.simulation.scores import SCORE_COLUMNS, Measure, Score, score, score_row, scores_csv, trials_csv
from estimation.simulation.trials import Trial, run_trials
from estimation.text.counted import counted
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scores", "coverage_study"]

_TRIALS, _SCORES = "trials.csv", "scores.csv"


@dataclass(frozen=True, slots=True, repr=False)
class Scores:
    """The scores of every model in every scenario.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        The scenarios, by name.
    models : mapping of str to Model
        The models, by label.
    seed : str
        Seed of the generator.
    trials : tuple of Trial
        Every result.
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

        Parameters
        ----------
        scenario : str
            Name of the scenario.
        model : str
            Label of the model.

        Raises
        ------
        KeyError
            When that model was not fitted to that scenario.
        """
        for each in self.scores:
            if (each.scenario, each.model) == (scenario, model):
                return each
        raise KeyError((scenario, model))

    def to_frame(self) -> pd.DataFrame:
        """The scores as a pandas frame, a row each.

        Returns
        -------
        pandas.DataFrame
            Columns: ``scenario``, ``model``, ``n_total`` (the truth), ``replications``, ``not_estimable``,
            ``coverage``, ``bias`` and ``length`` each followed by its Monte Carlo standard error, ``too_low`` and
            ``too_high`` (shares of intervals wholly below and above the truth), ``is_lower_bound``, ``reason``.
        """
        return frame_of([score_row(each) for each in self.scores], SCORE_COLUMNS)

    def __str__(self) -> str:
        lines = ["SYNTHETIC tables with a known truth"]
        for each in self.scores:
            if each.coverage is None or each.bias is None:
                result = f"not estimable in any of {counted(each.replications, 'table')}"
            else:
                result = (
                    f"coverage {each.coverage.value:.1%} (± {each.coverage.error:.1%}), bias {each.bias.value:+.1%}"
                )
            lines.append(f"{each.scenario}, {each.model}: {result}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return shorten(f"<Scores: {self}>", 400, placeholder=" ...>")

    def _repr_html_(self) -> str:
        headings = ["scenario", "model", "coverage (%)", "bias (%)", "length (%)", "tables", "not estimable"]
        rows = [
            [
                self.scenarios[each.scenario].title,
                f"{each.model} (bound)" if each.is_lower_bound else each.model,
                *(_percent(measure) for measure in (each.coverage, each.bias, each.length)),
                f"{each.replications:,}",
                f"{each.not_estimable:,}",
            ]
            for each in self.scores
        ]
        caption = (
            "SYNTHETIC tables with a known truth: coverage of the interval, bias and length as shares of the truth, "
            "with Monte Carlo standard errors"
        )
        return html_table(caption, headings, rows, right=range(2, 7))


def _percent(measure: Measure | None) -> str:
    """A measure in per cent; bias and length are shares of the true number."""
    return "" if measure is None else f"{100 * measure.value:.1f} ± {100 * measure.error:.1f}"


def coverage_study(
    scenarios: Mapping[str, Scenario],
    models: Mapping[str, Model],
    *,
    replications: int,
    rng: RandomState,
    workers: int = 1,
    folder: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Progress = silent,
) -> Scores:
    """Coverage, bias and length of the interval of each model in each scenario, with Monte Carlo standard errors.

    All models are fitted to the same tables.  The number of workers changes no number.  With several workers, call it
    from a script that guards its main part with ``if __name__ == "__main__"``, since each worker is a new process.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        By name; the name seeds its tables.
    models : mapping of str to Model
        By label; the label seeds the model's own random numbers.
    replications : int
        Tables drawn from each scenario.
    rng : int, SeedSequence or Generator
        The only source of randomness; one number is drawn from it.
    workers : int
        Processes to use.
    folder : path, optional
        Where ``trials.csv`` and ``scores.csv`` are written.  Finished work is cached there in ``.parts``, so that a
        study that was stopped goes on where it stopped.
    force : bool
        Replace these two files where they are there already.
    progress : callable
        Receives each finished batch.

    Returns
    -------
    Scores

    Raises
    ------
    SettingError
        When there is no scenario, no model or no table.
    OutputError
        When one of the two files is there already, or the folder cannot be written to.

    References
    ----------
    Morris, White, Crowther (2019), Statistics in Medicine 38:2074-2102.

    Examples
    --------
    >>> from estimation.models.classical.two_lists import Chapman
    >>> from estimation.simulation.scenario_file import load_scenario
    >>> scenarios = {"independent": load_scenario("independent")}
    >>> models = {"A and B": Chapman(lists=("A", "B"))}
    >>> scores = coverage_study(scenarios, models, replications=5, rng=1)
    >>> scores.of("independent", "A and B").replications
    5
    """
    generator = generator_of(rng)
    seed, root = seed_of(generator), int(generator.integers(2**63))
    parts = Path(folder) / ".parts" if folder is not None else None
    if folder is not None and parts is not None:
        check_outputs([Path(folder, name) for name in (_TRIALS, _SCORES)], force=force, makes_folder=True)
        parts.mkdir(parents=True, exist_ok=True)
    trials = run_trials(
        scenarios, models, replications=replications, seed=root, workers=workers, folder=parts, progress=progress
    )
    by_pair: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        by_pair.setdefault((trial.scenario, trial.model), []).append(trial)
    scores = tuple(score(pair) for pair in by_pair.values())
    if folder is not None:
        write_text(Path(folder) / _TRIALS, trials_csv(trials))
        write_text(Path(folder) / _SCORES, scores_csv(scores))
    return Scores(scenarios, models, seed, trials, scores)
