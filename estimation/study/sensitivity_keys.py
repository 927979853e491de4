"""What a study may ask beyond its models: the keys of ``[sensitivity]``.

::

    model = "label"               whose answer is varied when the table is; the headline's by default
    leave_one_list_out = true     without each list
    merge_two_lists = true        each two lists as one
    subsets = true                each choice of three lists or more
    one_inflation = true          with only as many people on one list as the others imply
    consistency = true            each list as a population of known size, estimated from the others
    pairs = true                  each two lists by themselves, taken as independent
    delta = [...]                 the prior of the decomposable graphs
    xi = [...]                    the interaction of all lists at once
    odds_ratio = {pair = ["A", "B"], values = [...]}
                                  the odds ratio between two lists; values are 0.25 to 16 by default
    linkage_error = {false_match = [...], missed_match = [...], model = "label", fix_model = true,
                     monte_carlo_error = 0.01, most_tables = 400}
                                  rates of false and of missed matches between the lists; fix_model: what the model
                                  chooses on the table stays; the Monte Carlo error that is aimed at, as a share of an
                                  answer, and the corrected tables at most
    figures = [...]               stated numbers: what would have to hold for each; the totals of the study's claims are
                                  added
    vary = [{model = "label", setting = "classes", values = [5, 20]}]
                                  any setting of any declared model
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from estimation.errors import SettingError
from estimation.models.protocol import Model
from estimation.sensitivity.default_values import ODDS_RATIOS
from estimation.sensitivity.vary_setting import with_setting
from estimation.toml_file import Place, Text, nearest

__all__ = ["RENAMED", "LinkageError", "OddsRatio", "Questions", "Varied", "inconsistencies", "varied_settings"]

RENAMED: Mapping[Place, str] = {
    ("leave_one_out",): "leave_one_list_out",
    ("merge_two",): "merge_two_lists",
    ("internal_consistency",): "consistency",
    ("theta",): "odds_ratio",
    ("odds_ratio", "lists"): "pair",
    ("matching",): "linkage_error",
    ("linkage_error", "false"): "false_match",
    ("linkage_error", "missed"): "missed_match",
}
"""What keys of former versions are called now."""

_SHORT: Mapping[str, str] = {"delta": "decomposable", "xi": "nhoi"}
"""Settings with a key of their own, and the model they are settings of."""

_Positive = Annotated[float, Field(gt=0)]
_Figure = Annotated[float, Field(gt=0, le=1e12)]
_Rate = Annotated[float, Field(ge=0, lt=1)]
_Some = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """One setting of one declared model, and the values to try.

    Parameters
    ----------
    model : str
        Label of the model.
    setting : str
        Name of the setting.
    values : tuple of object
        The values to try, beside the declared one.
    """

    model: Text
    setting: Text
    values: Annotated[tuple[object, ...], _Some]

    @property
    def key(self) -> str:
        """What the question is called in ``results.json``."""
        return f"{self.setting} of {self.model}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsRatio:
    """Odds ratios between two lists.

    Parameters
    ----------
    pair : (str, str)
        The two lists.
    values : tuple of float
        By how much the odds of being on one are larger for those on the other; 1 for independent lists.  By default
        0.25 to 16.
    """

    pair: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]
    values: Annotated[tuple[_Positive, ...], _Some] = ODDS_RATIOS


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageError:
    """Rates of linkage error, and the model to try them on; by default the one that is asked about the table.

    Parameters
    ----------
    false_match, missed_match : tuple of float
        Shares of the links that are wrong, and of the links of one person that are missing; each value of one with each
        of the other.
    model : str, optional
        Label of the model; by default the one that is asked about the table.
    fix_model, monte_carlo_error, most_tables
        As in `estimation.sensitivity.linkage_error`.
    """

    false_match: Annotated[tuple[_Rate, ...], _Some]
    missed_match: Annotated[tuple[_Rate, ...], _Some]
    model: Text | None = None
    fix_model: bool = False
    monte_carlo_error: Annotated[float, Field(gt=0, lt=1)] = 0.01
    most_tables: Annotated[int, Field(ge=2)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What ``[sensitivity]`` of a study file may hold.

    Parameters
    ----------
    model : str, optional
        Label of the model whose answer is varied when the table is; by default the headline's.
    leave_one_list_out : bool
        The number without each list.
    merge_two_lists : bool
        The number with each two lists as one.
    subsets : bool
        The number from each choice of three lists or more.
    one_inflation : bool
        The number with only as many people on one list as the others imply.
    consistency : bool
        Each list as a population of known size, estimated from the others.
    pairs : bool
        Each two lists by themselves, taken as independent.
    delta : tuple of float
        Values of the prior of the decomposable graphs.
    xi : tuple of float
        Values of the interaction of all lists at once; 1 for none.
    odds_ratio : OddsRatio, optional
        Values of the odds ratio between two lists.
    linkage_error : LinkageError, optional
        Rates of false and of missed matches between the lists.
    figures : tuple of float
        Stated numbers: what would have to hold for each; the totals of the study's claims are added.  Unit: persons.
    vary : tuple of Varied
        Any setting of any declared model.
    """

    model: Text | None = None
    leave_one_list_out: bool = False
    merge_two_lists: bool = False
    subsets: bool = False
    one_inflation: bool = False
    consistency: bool = False
    pairs: bool = False
    delta: Annotated[tuple[_Positive, ...], _Some] = ()
    xi: Annotated[tuple[_Positive, ...], _Some] = ()
    odds_ratio: OddsRatio | None = None
    linkage_error: LinkageError | None = None
    figures: Annotated[tuple[_Figure, ...], _Some] = ()
    vary: Annotated[tuple[Varied, ...], _Some] = ()


def varied_settings(questions: Questions, models: Mapping[str, Model]) -> Iterator[tuple[str, Varied]]:
    """Each setting that is varied, with the key of its question.

    Parameters
    ----------
    questions : Questions
        What is asked.
    models : mapping of str to Model
        The declared models by label.
    """
    for setting, name in _SHORT.items():
        values = getattr(questions, setting)
        label = next((label for label, model in models.items() if model.name == name), None)
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
    names = [model.name for model in models.values()]
    for setting, name in _SHORT.items():
        values = getattr(questions, setting)
        if len(set(values)) < len(values):
            problems.append(f"[sensitivity] {setting}: a value is named twice; name each once")
        if values and name not in names:
            problems.append(f"[sensitivity] {setting}: it is a setting of the model {name!r}, which is not declared")
    of_linkage = questions.linkage_error.model if questions.linkage_error else None
    for key, label in (("model", questions.model), ("linkage_error: model", of_linkage)):
        if label is not None and label not in models:
            problems.append(f"[sensitivity] {key}: {label!r} is not a declared model; {nearest(label, list(models))}")
    if questions.odds_ratio and len(set(questions.odds_ratio.pair)) < 2:
        problems.append(
            f"[sensitivity] odds_ratio: {questions.odds_ratio.pair[0]!r} is named twice; name two different lists"
        )
    return [*problems, *_wrongly_varied(questions, models)]


def _wrongly_varied(questions: Questions, models: Mapping[str, Model]) -> Iterator[str]:
    """What is wrong in ``vary``."""
    keys = [varied.key for varied in questions.vary]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"[sensitivity] vary: {key} is asked for twice; name all its values in one place"
    for varied in questions.vary:
        if varied.model not in models:
            hint = nearest(varied.model, list(models))
            yield f"[sensitivity] vary: {varied.model!r} is not a declared model; {hint}"
            continue
        for value in varied.values:
            try:
                with_setting(models[varied.model], varied.setting, value)
            except SettingError as error:
                yield from (f"[sensitivity] vary: {varied.key}: {problem}" for problem in error.problems)
