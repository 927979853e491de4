"""Published figures computed again: each becomes reproduced, not with the reason, or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from estimation.atlas.agreement import comparison_of_ends, is_reproduced, is_same_number, number_of, same_digits
from estimation.atlas.published import Computed, PublishedFigure
from estimation.atlas.questions import Answer, Question, Tables, answer, figure_problems, prepared, question_of
from estimation.atlas.study_folder import AtlasStudy, check_names, read_atlas_study, study_names
from estimation.errors import EstimationError, StudyError
from estimation.results.as_json import Json
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.rounding import persons
from estimation.results.totals import Draws
from estimation.strata.by_stratum import StratumResults
from estimation.work.processes import in_processes
from estimation.work.progress import Progress, silent

__all__ = ["Mark", "Reproduced", "answer_of", "reproduced_of", "run"]

Mark: TypeAlias = Literal["reproduced", "not", "unknown"]


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A published figure, and what came out when it was computed again.

    Parameters
    ----------
    study : str
        Name of the study.
    method : str
        The method, in words.
    published : float or str or None
        The published number; its range in words where only that was published.  Unit: persons.
    ours : float or str or None
        Ours, unrounded; None where nothing was computed.  Unit: persons.
    mark : {"reproduced", "not", "unknown"}
        Whether ours is the published number; unknown where the table is not public.
    reason : str
        Why, and how the ranges compare.
    """

    study: str
    method: str
    published: float | str | None
    ours: float | str | None
    mark: Mark
    reason: str

    @property
    def in_words(self) -> tuple[str, str]:
        """The published number and ours, both with the decimals that were published; ours is empty where none is.

        Examples
        --------
        >>> Reproduced("births", "two lists", 81.1, 81.0793, "reproduced", "").in_words
        ('81.1', '81.1')
        >>> Reproduced("births", "two lists", "1,300 to 1,900", None, "unknown", "").in_words
        ('1,300 to 1,900', '')
        """
        known = self.published if isinstance(self.published, float | int) else 0
        decimals = len(f"{known:.6f}".rstrip("0").partition(".")[2])
        published, ours = (
            f"{each:,.{decimals}f}" if isinstance(each, float | int) else each for each in (self.published, self.ours)
        )
        return published or "no number", ours or ""

    def plain(self) -> dict[str, Json]:
        """The same as plain values, for JSON."""
        return asdict(self)


def run(
    names: Sequence[str | Path] | None = None, *, workers: int = 1, progress: Progress = silent
) -> list[Reproduced]:
    """The published figures of studies computed again, in the order of the studies and of their figures.

    Parameters
    ----------
    names : sequence of str or path, optional
        Packaged studies by name, or folders; by default all packaged ones.
    workers : int
        Processes at most; changes no number.
    progress : Progress
        Told which answer was computed last.

    Returns
    -------
    list of Reproduced
        One a figure.

    Raises
    ------
    StudyError
        When there is no such study, or one of its files says something that cannot be done.
    TableError
        When a table cannot be read.

    Examples
    --------
    >>> found = run(["congenital_anomaly"])
    >>> [(each.published, round(each.ours, 2), each.mark) for each in found]
    [(617.82, 617.82, 'reproduced')]
    """
    chosen = [read_atlas_study(name) for name in (study_names() if names is None else names)]
    check_names(chosen)
    tables = Tables()
    fits = [prepared(study, tables) for study in chosen]
    questions = {each.key: each for own in fits for each in own if each is not None}
    answers = in_processes(
        answer, list(questions.values()), workers=workers, progress=progress, doing=lambda question: question.name
    )
    by_key = dict(zip(questions, answers, strict=True))
    return [found for study, own in zip(chosen, fits, strict=True) for found in _of_study(study, own, by_key)]


def reproduced_of(study: AtlasStudy) -> list[Reproduced]:
    """The figures of one study computed again, in their order.

    Parameters
    ----------
    study : AtlasStudy
        The study.
    """
    fits = prepared(study, Tables())
    questions = {each.key: each for each in fits if each is not None}
    return _of_study(study, fits, {key: answer(question) for key, question in questions.items()})


def answer_of(study: AtlasStudy, computed: Computed) -> Answer:
    """The answer of one fit on a table of a study: of the table, or of all its strata.

    Parameters
    ----------
    study : AtlasStudy
        The study.
    computed : Computed
        What is fitted.

    Raises
    ------
    EstimationError
        When it names something that its table does not have.
    """
    found = answer(question_of(study, computed, Tables()))
    if isinstance(found, EstimationError):
        raise found
    return found


def _of_study(
    study: AtlasStudy, fits: Sequence[Question | None], by_key: Mapping[str, Answer | EstimationError]
) -> list[Reproduced]:
    """The figures of a study beside their answers; every one that could not be computed as the file says is named."""
    found: list[Reproduced] = []
    problems: list[str] = []
    for at, (figure, question) in enumerate(zip(study.published.figures, fits, strict=True), 1):
        if question is None or figure.computed is None:
            found.append(_not_computed(study.name, figure))
            continue
        answered = by_key[question.key]
        try:
            if isinstance(answered, EstimationError):
                raise answered
            found.append(_marked(study.name, figure, _of_figure(answered, figure.computed)))
        except EstimationError as error:
            problems += figure_problems(at, figure, error)
    if problems:
        raise StudyError(str(study.published_file), problems)
    return found


def _of_figure(found: Answer, computed: Computed) -> Result:
    """The answer that a figure is about: of one stratum, or of all together."""
    if not isinstance(found, StratumResults):
        return found
    if not computed.stratum:
        return found.total
    if computed.stratum not in found.results:
        strata = "; ".join(", ".join(stratum) for stratum in found.results)
        raise StudyError("atlas", [f"stratum {', '.join(computed.stratum)} has nobody; there are {strata}"])
    return found.results[computed.stratum]


def _marked(study: str, figure: PublishedFigure, result: Result) -> Reproduced:
    """A figure beside its answer."""
    computed, published = figure.computed, _published(figure)
    assert computed is not None, "only a figure that is computed has an answer"
    if isinstance(result, NotEstimable):
        nothing = f"{_how(computed)} gives no number: {result.reason}"
        reason = "; ".join(filter(None, [figure.why_not, nothing, figure.note]))
        return Reproduced(study, figure.method, published, None, "not", reason)
    same = is_reproduced(result, figure, computed)
    ours = _ours(result, figure, computed)
    parts = [*([] if same else [figure.why_not or _difference(result, figure, computed)]), _how(computed)]
    if computed.gives != "interval":
        parts.append(comparison_of_ends(result, figure))
    if figure.unlisted is not None:
        unlisted = number_of(result, computed) - result.n_observed
        parts.append(f"unlisted: published {persons(figure.unlisted)}, ours {unlisted:,.1f}")
    if figure.n is not None and figure.n != result.n_observed:
        parts.append(f"{figure.n:,} people on the lists there, {result.n_observed:,} here")
    parts.append(figure.note or "")
    mark: Mark = "reproduced" if same else "not"
    return Reproduced(study, figure.method, published, ours, mark, "; ".join(filter(None, parts)))


def _published(figure: PublishedFigure) -> float | str | None:
    return figure.estimate if figure.estimate is not None else figure.in_words


def _ours(result: Estimate, figure: PublishedFigure, computed: Computed) -> float | str:
    """Our number; both ends in words where only a range was published."""
    if computed.gives != "interval":
        return number_of(result, computed)
    interval = result.interval(figure.level or 0.95)
    return f"{persons(result.median)} ({persons(interval.lower)} to {persons(interval.upper)})"


def _how(computed: Computed) -> str:
    """The model and its settings."""
    settings = ", ".join(f"{key} {value}" for key, value in computed.settings.items())
    strata = f" by {' and '.join(computed.by)}" if computed.by else ""
    strata += f": {', '.join(computed.stratum)}" if computed.stratum else ""
    which = "" if computed.gives in ("point", "interval") else f", {computed.gives}"
    return f"{computed.model}{f' ({settings})' if settings else ''}{strata}{which}"


def _difference(result: Estimate, figure: PublishedFigure, computed: Computed) -> str:
    """By how much ours is another number."""
    if computed.gives == "interval" or figure.estimate is None:
        return comparison_of_ends(result, figure)
    ours, published = number_of(result, computed), figure.estimate
    if is_same_number(result, published, computed):
        return "the number is the same and its range is not"
    apart = f"ours is {_apart(abs(ours - published))} {'more' if ours > published else 'fewer'}"
    if published < result.n_observed:
        on_a_list = f"{result.n_observed:,} people on the lists"
        return f"{apart}; the published number is below the {on_a_list}: if it is of those on none, it is unlisted"
    unit = _rounded_to(published)
    if unit > computed.unit and same_digits(ours, published, unit):
        apart += f", and the same to the nearest {unit:,}; where the source rounded to that, say unit = {unit}"
    return apart + _of_sampling(result, computed)


def _of_sampling(result: Estimate, computed: Computed) -> str:
    """That ours was sampled, where nothing says with which error the published number was."""
    if computed.monte_carlo_error is not None or not isinstance(result.total, Draws):
        return ""
    error = _apart(result.total.monte_carlo_error(0.5))
    return f"; ours was sampled, with a standard error of {error}; where the source sampled too, say monte_carlo_error"


def _apart(difference: float) -> str:
    """How far two numbers of people are apart, with a decimal where they are close."""
    return persons(difference) if difference >= 10 else f"{difference:.2g}"


def _rounded_to(published: float) -> int:
    """The last digit of a number that is no zero: 100 for 1,800."""
    unit = 1
    while published and published % (10 * unit) == 0:
        unit *= 10
    return unit


def _not_computed(study: str, figure: PublishedFigure) -> Reproduced:
    mark: Mark = "unknown" if figure.unknown else "not"
    reason = "; ".join(filter(None, [figure.unknown or figure.why_not, figure.note]))
    return Reproduced(study, figure.method, _published(figure), None, mark, reason)
