"""What a study asks beyond its models: which sensitivities, and their answers.

The keys of ``[sensitivity]`` in a study file::

    model = "label"               whose answer is varied when the table is; the headline's by default
    leave_one_list_out = true          without each list
    merge_two_lists = true              each two lists as one
    subsets = true                each choice of three lists or more
    one_inflation = true          with only as many people on one list as the others imply
    consistency = true   each list as a population of known size, estimated from the others
    pairs = true                  each two lists by themselves, taken as independent
    delta = [...]                 the prior of the decomposable graphs
    xi = [...]                    the interaction of all lists at once
    odds_ratio = {pair = ["A", "B"], values = [...]}
                                  the odds ratio between two lists
    linkage_error = {false_match = [...], missed_match = [...], model = "label"}
                                  shares of false and of missed matches between the lists
    figures = [...]               numbers that somebody states: what would have to hold for each; the totals of the
                                  study's claims are added
    vary = [{model = "label", setting = "classes", values = [5, 20]}]
                                  any setting of any declared model

Every question about a model starts from the state of the generator that made the model's own answer: the baseline is
the number that the study tells for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal, Protocol, TypeAlias

import numpy as np
from pydantic import ConfigDict, Field

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.protocol import Model
from estimation.results.estimates import Result
from estimation.sensitivity.alternatives import Sensitivity
from estimation.sensitivity.consistency import consistency
from estimation.sensitivity.leave_one_list_out import leave_one_list_out
from estimation.sensitivity.linkage_error import linkage_error
from estimation.sensitivity.merge_two_lists import merge_two_lists
from estimation.sensitivity.odds_ratio import odds_ratio
from estimation.sensitivity.one_inflation import one_inflation
from estimation.sensitivity.pairs import pairs
from estimation.sensitivity.subsets import subsets
from estimation.sensitivity.tipping_dependence import tipping_dependence
from estimation.sensitivity.tipping_linkage_error import tipping_linkage_error
from estimation.sensitivity.tipping_share import tipping_share
from estimation.sensitivity.vary_setting import vary_setting, with_setting
from estimation.toml_file import Part, Text, nearest

__all__ = [
    "Ask",
    "LinkageError",
    "OddsRatio",
    "Question",
    "QuestionKind",
    "Questions",
    "Varied",
    "inconsistencies",
    "questions_of",
    "unanswerable",
]

_SHORT: Mapping[str, str] = {"delta": "decomposable", "xi": "nhoi"}
"""Settings with a key of their own, and the model they are settings of."""

QuestionKind: TypeAlias = Literal["lists", "setting", "linkage", "figure", "consistency"]
"""What a question changes: the lists, a setting, the linkage of records; or what it is about: a stated figure, known
sizes of lists."""

_OF_THE_TABLE: Mapping[str, tuple[Callable[..., Sensitivity], int, QuestionKind]] = {
    "leave_one_list_out": (leave_one_list_out, 2, "lists"),
    "merge_two_lists": (merge_two_lists, 3, "lists"),
    "subsets": (subsets, 4, "lists"),
    "one_inflation": (one_inflation, 3, "linkage"),
    "consistency": (consistency, 3, "consistency"),
}
"""Questions about the table that any model can be asked, the lists that each needs at least, and their kind."""

# The words from which the generators of three questions are made.  They are part of the numbers: another word would
# draw other random numbers, so that they stay whatever the questions are called.
_PAIRS_WORD, _ODDS_RATIO_WORD, _FIGURE_WORD = "pairs", "theta", "dependence"

_Above0 = Annotated[float, Field(gt=0)]
_Rate = Annotated[float, Field(ge=0, lt=1)]


class Varied(Part):
    """One setting of one declared model, and the values to try."""

    model_config = ConfigDict(frozen=True)

    model: Text
    setting: Text
    values: list[object] = Field(min_length=1)

    @property
    def key(self) -> str:
        """What the question is called in `results.json`."""
        return f"{self.setting} of {self.model}"


class OddsRatio(Part):
    """Odds ratios between two lists."""

    model_config = ConfigDict(frozen=True)

    pair: list[Text] = Field(min_length=2, max_length=2)
    values: list[_Above0] = Field(min_length=1)


class LinkageError(Part):
    """Rates of wrong matches, and the model to try them on; the one about the table by default."""

    model_config = ConfigDict(frozen=True)

    false_match: list[_Rate] = Field(min_length=1)
    missed_match: list[_Rate] = Field(min_length=1)
    model: Text | None = None


class Questions(Part):
    """What ``[sensitivity]`` of a study file may hold."""

    model_config = ConfigDict(frozen=True)

    model: Text | None = None
    leave_one_list_out: bool = False
    merge_two_lists: bool = False
    subsets: bool = False
    one_inflation: bool = False
    consistency: bool = False
    pairs: bool = False
    delta: list[_Above0] = Field(default=[], min_length=1)
    xi: list[_Above0] = Field(default=[], min_length=1)
    odds_ratio: OddsRatio | None = None
    linkage_error: LinkageError | None = None
    figures: list[_Above0] = Field(default=[], min_length=1)
    vary: list[Varied] = Field(default=[], min_length=1)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a study, and what it is about.

    Parameters
    ----------
    key : str
        What the question is called in `results.json`; distinct within a study.
    kind : {"lists", "setting", "linkage", "figure", "consistency"}
        What it changes, or what it is about.
    model : str or None
        Label of the declared model that is asked; None where the question brings a model of its own.
    figure : float or None
        The stated number that a question of the kind "figure" is about.  Unit: persons.
    explanation : str or None
        What would explain that number, for example ``"list dependence"``.
    """

    key: str
    kind: QuestionKind
    model: str | None = None
    figure: float | None = None
    explanation: str | None = None


class Ask(Protocol):
    """A question that waits for its answer."""

    def __call__(self, *, workers: int) -> Sensitivity:
        """Answer it."""
        ...


def _varied(questions: Questions, names: Mapping[str, str]) -> Iterator[tuple[str, Varied]]:
    """Each setting that is varied, with the key of its question; ``names`` has the model's name by its label."""
    for setting, model_name in _SHORT.items():
        values = getattr(questions, setting)
        label = next((label for label, name in names.items() if name == model_name), None)
        if values and label is not None:
            yield setting, Varied(model=label, setting=setting, values=values)
    for varied in questions.vary:
        yield varied.key, varied


def inconsistencies(questions: Questions, models: Mapping[str, Model]) -> list[str]:
    """What is wrong with questions whose every key is right by itself, one sentence each.

    Parameters
    ----------
    questions : Questions
        What is asked.
    models : mapping of str to Model
        The declared models by label.
    """
    problems = []
    names = {label: model.name for label, model in models.items()}
    for setting, model_name in _SHORT.items():
        values = getattr(questions, setting)
        if len(set(values)) < len(values):
            problems.append(f"[sensitivity] {setting} names a value twice; name each once")
        if values and model_name not in names.values():
            problems.append(f"[sensitivity] {setting} is a setting of the model {model_name!r}, which is not declared")
    for key, label in (
        ("model", questions.model),
        ("linkage_error: model", getattr(questions.linkage_error, "model", None)),
    ):
        if label is not None and label not in models:
            problems.append(f"[sensitivity] {key} is {label!r}; {nearest(label, list(models))}")
    if questions.odds_ratio and len(set(questions.odds_ratio.pair)) < 2:
        problems.append(
            f"[sensitivity] odds_ratio names {questions.odds_ratio.pair[0]!r} twice; name two different lists"
        )
    keys = [varied.key for varied in questions.vary]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        problems.append(f"[sensitivity] vary asks for {key} twice; name all its values in one place")
    for varied in questions.vary:
        if varied.model not in models:
            problems.append(f"[sensitivity] vary: model {varied.model!r}; {nearest(varied.model, list(models))}")
            continue
        for value in varied.values:
            try:
                with_setting(models[varied.model], varied.setting, value)
            except SettingError as error:
                problems += [f"[sensitivity] vary {varied.key}: {problem}" for problem in error.problems]
    return problems


def unanswerable(questions: Questions, table: CaptureTable) -> list[str]:
    """The questions that cannot be asked of a table, one sentence each."""
    many = len(table.lists)
    needed = {key: least for key, (_, least, _) in _OF_THE_TABLE.items()} | {"pairs": 2}
    problems = [
        f"[sensitivity] {key} needs {least} lists or more, and the table has {many}; remove the key"
        for key, least in needed.items()
        if getattr(questions, key) and many < least
    ]
    for name in questions.odds_ratio.pair if questions.odds_ratio else ():
        if name not in table.lists:
            problems.append(f"[sensitivity] odds_ratio: {name!r} is not a list; {nearest(name, table.lists)}")
    return problems


def questions_of(
    questions: Questions,
    table: CaptureTable,
    models: Mapping[str, Model],
    *,
    results: Mapping[str, Result],
    headline: str,
    figures: Sequence[float] = (),
    rng_of: Callable[[str], np.random.Generator],
) -> dict[Question, Ask]:
    """Each question, in a fixed order, waiting for its answer.

    Parameters
    ----------
    questions : Questions
        What is asked.
    table : CaptureTable
        Who was seen by which lists.
    models : mapping of str to Model
        The declared models by label.
    results : mapping of str to Estimate or NotEstimable
        The models' own answers by label.
    headline : str
        Label of the model that carries the headline.
    figures : sequence of float
        Stated numbers to ask about, beside those of ``questions``.  Unit: persons.
    rng_of : callable
        The generator of a model's own answer, by its label, in the state that it had then; also of other words.
    """
    asks: dict[Question, Ask] = {}
    label = questions.model or headline
    for key, (ask, _, kind) in _OF_THE_TABLE.items():
        if getattr(questions, key):
            asks[Question(key, kind, label)] = partial(ask, table, model=models[label], rng=rng_of(label))
    if questions.pairs:
        asks[Question("pairs", "lists")] = partial(
            pairs, table, model=NoHighestOrderInteraction(), rng=rng_of(_PAIRS_WORD)
        )
    for key, varied in _varied(questions, {label: model.name for label, model in models.items()}):
        asks[Question(key, "setting", varied.model)] = partial(
            vary_setting,
            table,
            varied.setting,
            varied.values,
            model=models[varied.model],
            rng=rng_of(varied.model),
        )
    if questions.odds_ratio:
        first, second = questions.odds_ratio.pair
        asks[Question("odds_ratio", "setting")] = partial(
            odds_ratio, table, questions.odds_ratio.values, lists=(first, second), rng=rng_of(_ODDS_RATIO_WORD)
        )
    if questions.linkage_error:
        wrong, of = questions.linkage_error, questions.linkage_error.model or label
        asks[Question("linkage_error", "linkage", of)] = partial(
            linkage_error, table, wrong.false_match, wrong.missed_match, model=models[of], rng=rng_of(of)
        )
    for figure in sorted({*questions.figures, *figures}):
        asks |= _explanations(questions, table, models, results, figure, label=headline, rng_of=rng_of)
    return asks


def _explanations(
    questions: Questions,
    table: CaptureTable,
    models: Mapping[str, Model],
    results: Mapping[str, Result],
    figure: float,
    *,
    label: str,
    rng_of: Callable[[str], np.random.Generator],
) -> dict[Question, Ask]:
    """What would have to hold for one stated number, by each explanation that the study allows."""

    def about(explanation: str, model: str | None = None) -> Question:
        return Question(f"figure {figure:,.0f}: {explanation}", "figure", model, figure, explanation)

    dependence = partial(tipping_dependence, table, figure, rng=rng_of(_FIGURE_WORD))
    asks: dict[Question, Ask] = {
        about("zero capture probability", label): partial(_tipping_share, results[label], figure),
        about("list dependence"): partial(dependence, model=NoHighestOrderInteraction()),
    }
    if questions.odds_ratio:
        first, second = questions.odds_ratio.pair
        asks[about(f"list dependence between {first} and {second}")] = partial(
            dependence, model=NoHighestOrderInteraction(lists=(first, second))
        )
    if questions.linkage_error:
        of = questions.linkage_error.model or questions.model or label
        asks[about("linkage error", of)] = partial(
            tipping_linkage_error, table, figure, model=models[of], rng=rng_of(of)
        )
    return asks


def _tipping_share(result: Result, figure: float, *, workers: int) -> Sensitivity:
    """`tipping_share`, which is arithmetic and needs no workers."""
    return tipping_share(result, figure)
