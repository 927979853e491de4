"""What a study asks beyond its models: which sensitivities, and their answers.

The keys of ``[sensitivity]`` in a study file::

    model = "label"               whose answer is varied when the lists are; the headline's by default
    leave_one_out = true          without each list
    merge_two = true              each two lists as one
    subsets = true                each choice of three lists or more
    delta = [...]                 the prior of the decomposable graphs
    xi = [...]                    the interaction of all lists at once
    vary = [{model = "label", setting = "classes", values = [5, 20]}]
                                  any setting of any declared model

Every question about a model starts from the state of the generator that made the model's own answer: the baseline is
the number that the study tells for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Annotated, Protocol

import numpy as np
from pydantic import ConfigDict, Field

from estimation.capture import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.sensitivity.leave_one_out import leave_one_list_out
from estimation.sensitivity.list_subsets import list_subsets
from estimation.sensitivity.merge_two import merge_two_lists
from estimation.sensitivity.sensitivity import Sensitivity
from estimation.sensitivity.vary_setting import vary_setting, with_setting
from estimation.toml_file import Part, Text, nearest

__all__ = ["Ask", "Questions", "Varied", "inconsistencies", "questions_of", "unanswerable"]

_SHORT: Mapping[str, str] = {"delta": "decomposable", "xi": "nhoi"}
"""Settings with a key of their own, and the model they are settings of."""

_Above0 = Annotated[float, Field(gt=0)]


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


class Questions(Part):
    """What ``[sensitivity]`` of a study file may hold."""

    model_config = ConfigDict(frozen=True)

    model: Text | None = None
    leave_one_out: bool = False
    merge_two: bool = False
    subsets: bool = False
    delta: list[_Above0] = Field(default=[], min_length=1)
    xi: list[_Above0] = Field(default=[], min_length=1)
    vary: list[Varied] = Field(default=[], min_length=1)

    @property
    def count(self) -> int:
        """How many questions are asked."""
        given = (self.leave_one_out, self.merge_two, self.subsets, self.delta, self.xi)
        return sum(map(bool, given)) + len(self.vary)


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
    if questions.model is not None and questions.model not in models:
        problems.append(f"[sensitivity] model is {questions.model!r}; {nearest(questions.model, list(models))}")
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
    many, problems = len(table.lists), []
    for asked, key, least in (
        (questions.leave_one_out, "leave_one_out", 2),
        (questions.merge_two, "merge_two", 3),
        (questions.subsets, "subsets", 4),
    ):
        if asked and many < least:
            problems.append(
                f"[sensitivity] {key} needs {least} lists or more, and the table has {many}; remove the key"
            )
    return problems


def questions_of(
    questions: Questions,
    table: CaptureTable,
    models: Mapping[str, Model],
    *,
    headline: str,
    rng_of: Callable[[str], np.random.Generator],
) -> dict[str, Ask]:
    """Each question by its key, in a fixed order, waiting for its answer.

    Parameters
    ----------
    questions : Questions
        What is asked.
    table : CaptureTable
        Who was seen by which lists.
    models : mapping of str to Model
        The declared models by label.
    headline : str
        Label of the model that carries the headline.
    rng_of : callable
        The generator of a model's own answer, by its label, in the state that it had then.
    """
    asks: dict[str, Ask] = {}
    label = questions.model or headline
    for asked, key, question in (
        (questions.leave_one_out, "leave_one_out", leave_one_list_out),
        (questions.merge_two, "merge_two", merge_two_lists),
        (questions.subsets, "subsets", list_subsets),
    ):
        if asked:
            asks[key] = partial(question, table, model=models[label], rng=rng_of(label))
    for key, varied in _varied(questions, {label: model.name for label, model in models.items()}):
        asks[key] = partial(
            vary_setting,
            table,
            varied.setting,
            varied.values,
            model=models[varied.model],
            rng=rng_of(varied.model),
        )
    return asks
