"""The answers to a finished study's questions, and of its strata, from the numbers that it wrote.

Their draws are not stored.  An answer is read back as its median with its interval, which is what charts show of it;
nothing is fitted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from itertools import groupby
from math import inf, nan
from pathlib import Path
from typing import Any

from estimation.errors import StudyError
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.priors.known_values import KnownValue, known_odds_ratios
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.totals import Interval, Point
from estimation.sensitivity.alternatives import Alternative, Sensitivity, Value
from estimation.sensitivity.default_values import known_values_of
from estimation.strata.by_stratum import StratumResults
from estimation.study.questions import Question
from estimation.study.study_file import Study

__all__ = ["stored_sensitivities", "stored_strata"]

_NOT_MADE_AGAIN = Provenance("", "", "", ())


def stored_sensitivities(
    folder: Path, numbers: Mapping[str, Any], study: Study, results: Mapping[str, Result]
) -> dict[Question, Sensitivity]:
    """Each question with its answers, as charts draw them.

    Parameters
    ----------
    folder : Path
        Of a finished study, with its ``sensitivity.csv``.
    numbers : mapping
        Its ``results.json``.
    study : Study
        Its study file.
    results : mapping of str to Estimate or NotEstimable
        The answers of its models by label.

    Raises
    ------
    StudyError
        When the two files do not have the same answers.
    """
    words = numbers.get("sensitivity", {})
    path = folder / "sensitivity.csv"
    rows = dict(_rows_by_question(path)) if path.is_file() else {}
    found = {}
    for key, about in words.items():
        answers = rows.get(key, [])
        if len(answers) != 1 + len(about["alternatives"]):
            raise StudyError(str(folder), [f"sensitivity.csv and results.json differ in {key!r}; run the study again"])
        question = Question(key, about["kind"], about["model"], about["figure"], about["explanation"])
        changed, titles = about["changed"], _titles(results, question.model)
        found[question] = Sensitivity(
            question=about["question"],
            baseline=_result(answers[0], titles),
            alternatives=tuple(
                Alternative(one["label"], _value(row), _result(row, titles), _number(row["monte_carlo_error"], 0.0))
                for one, row in zip(about["alternatives"], answers[1:], strict=True)
            ),
            changed=changed if isinstance(changed, str) else (changed[0], changed[1]),
            sentence=about["finding"],
            baseline_value=_value(answers[0]),
            known=_known(question, study),
        )
    return found


def stored_strata(numbers: Mapping[str, Any]) -> dict[str, StratumResults]:
    """Each model's answer of each stratum, as charts draw them.

    Parameters
    ----------
    numbers : mapping
        The ``results.json`` of a finished study.
    """
    return {
        label: StratumResults(
            labels=tuple(found["by"]),
            results={tuple(each["labels"].values()): _result(each, {}) for each in found["strata"]},
            lists={tuple(each["labels"].values()): tuple(each["lists"]) for each in found["strata"]},
            left_out={tuple(each["labels"].values()): each["left_out"] for each in found["strata"]},
            total=_result(found["total"], {}),
            notes=tuple(found["notes"]),
        )
        for label, found in numbers.get("strata", {}).items()
    }


def _rows_by_question(path: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for key, rows in groupby(csv.DictReader(file), key=lambda row: row["question"]):
            yield key, list(rows)


def _titles(results: Mapping[str, Result], label: str | None) -> dict[str, str]:
    """Titles of models by name, of two with one name that of the model that the question is about."""
    own = NoHighestOrderInteraction()  # questions about dependence bring it
    titles = {own.name: own.title} | {result.model: result.title for result in results.values()}
    return titles if label is None else titles | {results[label].model: results[label].title}


def _result(row: Mapping[str, Any], titles: Mapping[str, str]) -> Result:
    """A result with the numbers of a row or of a summary, in which nothing stands for no upper limit."""
    n_observed, model = int(row["n_observed"]), str(row["model"])
    title = str(row.get("title") or titles.get(model, model))
    if row["estimable"] not in (True, "true"):
        return NotEstimable(n_observed, model, title, str(row["reason"]), (), _NOT_MADE_AGAIN)
    lower, upper = _number(row["lower"], 0.0), _number(row["upper"], inf)
    errors = (_number(row["lower_error"], 0.0), _number(row["upper_error"], 0.0))
    interval = Interval(lower, upper, float(row["level"]), row["interval_kind"], errors)
    # Of draws the error of the median, by which it is rounded, is not stored: it is that of the better known end.
    error = min(errors) if interval.kind == "credible" else 0.0
    total = Point(_number(row["median"], nan), nan, (interval,), value_error=error)
    is_lower_bound = row["is_lower_bound"] in (True, "true")
    assumptions = tuple(row.get("assumptions", ())) or (f"What {title} assumes.",)
    return Estimate(total, n_observed, model, title, assumptions, Diagnostics(()), _NOT_MADE_AGAIN, is_lower_bound)


def _number(cell: object, nothing: float) -> float:
    return nothing if cell in ("", None) else float(str(cell))


def _value(row: Mapping[str, Any]) -> Value:
    first, second = _number(row["value"], nan), row["second_value"]
    return (first, float(second)) if second else first


def _known(question: Question, study: Study) -> tuple[KnownValue, ...]:
    """The values of what is changed in studies where N is known, which are no part of the numbers."""
    if question.key == "odds_ratio":
        return known_odds_ratios()
    if question.kind == "setting" and question.model is not None:
        return known_values_of(study.models_without_register[question.model], question.key.partition(" of ")[0])
    return ()
