"""What a study asks beyond its models: each question, what it is about, and how it is answered.

Every question about a model starts from the state of the generator that made the model's own answer: the baseline is
the reported estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, Protocol, TypeAlias

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.cached_model import CachedModel
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.protocol import Model, has_target
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
from estimation.sensitivity.vary_setting import vary_setting
from estimation.study.sensitivity_keys import LinkageError, Questions, varied_settings
from estimation.toml_file import nearest
from estimation.work.progress import Progress

__all__ = ["Answer", "Ask", "Material", "Question", "QuestionKind", "questions_of", "unanswerable"]

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


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a study, and what it is about.

    Parameters
    ----------
    key : str
        What the question is called in ``results.json``; distinct within a study.
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


class Answer(Protocol):
    """Gives the answer of a question."""

    def __call__(self, *baseline: Result, workers: int, progress: Progress) -> Sensitivity:
        """Answer it, given the baseline where it needs one, and say how far it is."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that waits for its answer.

    Parameters
    ----------
    answer : Answer
        Gives it.
    model : str or None
        Label of the declared model whose own answer is its baseline; None where it brings a model of its own.
    """

    answer: Answer
    model: str | None = None


def unanswerable(questions: Questions, table: CaptureTable) -> list[str]:
    """The questions that cannot be asked of a table, one sentence each."""
    n_lists = len(table.lists)
    needed = {key: least for key, (_, least, _) in _OF_THE_TABLE.items()} | {"pairs": 2}
    problems = [
        f"[sensitivity] {key}: it needs {least} lists or more, and the table has {n_lists}; remove the key"
        for key, least in needed.items()
        if getattr(questions, key) and n_lists < least
    ]
    for name in questions.odds_ratio.pair if questions.odds_ratio else ():
        if name not in table.lists:
            problems.append(f"[sensitivity] odds_ratio: {name!r} is not a list; {nearest(name, table.lists)}")
    return problems


@dataclass(frozen=True, slots=True)
class Material:
    """What questions are asked about.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    models : mapping of str to Model
        The declared models by label; their own answers are the baselines of questions about them.
    headline : str
        Label of the model that carries the headline.
    rng_of : callable
        The generator of a model's own answer, by its label, in the state that it had then; also of other words.
    """

    table: CaptureTable
    models: Mapping[str, Model]
    headline: str
    rng_of: Callable[[str], np.random.Generator]

    def uncached(self) -> Material:
        """The same without the results of fits in a folder, where a question has hundreds of fits of milliseconds.

        A model that computes until N has an effective sample size, each fit of which takes seconds, stays cached.
        """
        models = {
            label: model.model if isinstance(model, CachedModel) and not has_target(model) else model
            for label, model in self.models.items()
        }
        return replace(self, models=models)

    def ask(self, label: str, question: Callable[..., Sensitivity], *arguments: object) -> Ask:
        """Ask a declared model something about the table."""
        model, rng = self.models[label], self.rng_of(label)
        return Ask(partial(_of_baseline, partial(question, self.table, *arguments, model=model, rng=rng)), label)


def _of_baseline(
    question: Callable[..., Sensitivity], baseline: Result, *, workers: int, progress: Progress
) -> Sensitivity:
    """A question about a declared model, whose own answer is the baseline."""
    return question(baseline=baseline, workers=workers, progress=progress)


def questions_of(questions: Questions, about: Material, *, figures: Sequence[float] = ()) -> dict[Question, Ask]:
    """Each question, in a fixed order, waiting for its answer.

    Parameters
    ----------
    questions : Questions
        What is asked.
    about : Material
        What it is asked about.
    figures : sequence of float
        Stated numbers to ask about, beside those of ``questions``.  Unit: persons.
    """
    asks = {**dict(_about_lists(questions, about)), **dict(_about_settings(questions, about))}
    if questions.linkage_error:
        rates, label = questions.linkage_error, _linkage_model(questions, about)
        linkage = _of_corrected_tables(rates, linkage_error)
        asks[Question("linkage_error", "linkage", label)] = about.uncached().ask(
            label, linkage, rates.false_match, rates.missed_match
        )
    for figure in sorted({*questions.figures, *figures}):
        asks |= _explanations(questions, about, figure)
    return asks


def _about_lists(questions: Questions, about: Material) -> Iterator[tuple[Question, Ask]]:
    label = questions.model or about.headline
    for key, (ask, _, kind) in _OF_THE_TABLE.items():
        if getattr(questions, key):
            yield Question(key, kind, label), about.ask(label, ask)
    if questions.pairs:
        own, rng = NoHighestOrderInteraction(), about.rng_of(_PAIRS_WORD)
        yield Question("pairs", "lists"), Ask(partial(pairs, about.table, model=own, rng=rng))


def _about_settings(questions: Questions, about: Material) -> Iterator[tuple[Question, Ask]]:
    for key, varied in varied_settings(questions, about.models):
        ask = about.ask(varied.model, vary_setting, varied.setting, varied.values)
        yield Question(key, "setting", varied.model), ask
    if questions.odds_ratio:
        (first, second), values = questions.odds_ratio.pair, questions.odds_ratio.values
        rng = about.rng_of(_ODDS_RATIO_WORD)
        ask = Ask(partial(odds_ratio, about.table, values, pair=(first, second), rng=rng))
        yield Question("odds_ratio", "setting"), ask


def _of_corrected_tables(rates: LinkageError, question: Callable[..., Sensitivity]) -> Callable[..., Sensitivity]:
    """A question that averages over corrected tables, with what the study says of that."""
    return partial(
        question,
        fix_model=rates.fix_model,
        monte_carlo_error=rates.monte_carlo_error,
        most_tables=rates.most_tables,
    )


def _linkage_model(questions: Questions, about: Material) -> str:
    """Label of the model that is asked about linkage error."""
    named = questions.linkage_error.model if questions.linkage_error else None
    return named or questions.model or about.headline


def _explanations(questions: Questions, about: Material, figure: float) -> dict[Question, Ask]:
    """What would have to hold for one stated number, by each explanation that the study allows."""

    def explained(explanation: str, model: str | None = None) -> Question:
        return Question(f"figure {figure:,.0f}: {explanation}", "figure", model, figure, explanation)

    headline = about.headline
    dependence = partial(tipping_dependence, about.table, figure, rng=about.rng_of(_FIGURE_WORD))
    asks: dict[Question, Ask] = {
        explained("zero capture probability", headline): Ask(partial(_tipping_share, figure), headline),
        explained("list dependence"): Ask(partial(dependence, model=NoHighestOrderInteraction())),
    }
    if questions.odds_ratio:
        first, second = questions.odds_ratio.pair
        asks[explained(f"list dependence between {first} and {second}")] = Ask(
            partial(dependence, model=NoHighestOrderInteraction(lists=(first, second)))
        )
    if questions.linkage_error:
        label, tipping = (
            _linkage_model(questions, about),
            _of_corrected_tables(questions.linkage_error, tipping_linkage_error),
        )
        asks[explained("linkage error", label)] = about.uncached().ask(label, tipping, figure)
    return asks


def _tipping_share(figure: float, baseline: Result, *, workers: int, progress: Progress) -> Sensitivity:
    """`tipping_share`, which is arithmetic and needs no workers."""
    del workers, progress
    return tipping_share(baseline, figure)
