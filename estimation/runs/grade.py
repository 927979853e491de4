"""Two runs of one study whose numbers are not the same to the last digit: is it Monte Carlo error, or more?

A sampler turns another last bit, as another processor gives it, into other draws.  Each number of ``results.json`` is
then one of three:

- It rests on draws, and its Monte Carlo standard error s is known from them (effective sample sizes for posterior
  draws, the resamples themselves for a bootstrap).  Two independent runs differ by an error of sqrt(2) s, and the
  difference in these errors is compared with the quantile of Student's t at 1 - a / (2 m), for m such numbers
  (Bonferroni): where both runs are right, some number exceeds it in a share a = 0.001 of all verifications at most, as
  far as the errors are normal.  As s is itself estimated, that of a quantile from the draws near it, t has 30 degrees
  of freedom.
- It is computed without draws: it is the same to eight digits, or the studies are different.
- It follows from draws and has no error of its own: R-hat and effective sample sizes, the rows of a model's tables,
  what would have to hold for a figure, what simulated tables say of a fit, a number within a sentence.  It is counted
  and not graded; the words around a number must be the same, and a finding must follow from the numbers beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import inf, isclose, nan, sqrt
from typing import TypeAlias, cast

from scipy.special import stdtrit

from estimation.claims import Claim
from estimation.provenance import Provenance
from estimation.results.as_json import Json
from estimation.results.convergence import monte_carlo_errors, probability_error
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, Result
from estimation.results.interval_kinds import IntervalKind
from estimation.results.totals import Draws, Grid, Interval, Point
from estimation.runs.json_changes import Absent, Change, changes_between, is_number
from estimation.sensitivity.alternatives import Alternative, Sensitivity
from estimation.study.findings import Findings
from estimation.study.questions import Question
from estimation.study.study_file import LEVEL

__all__ = ["FALSE_ALARMS", "Grade", "grade"]

FALSE_ALARMS = 1e-3
"""In what share of verifications some number of two right runs exceeds the bound."""

_FREEDOM = 30
_DIGITS = 1e-8
_WHOLE = 0.5
"""Least error of a quantile of whole persons, which moves by one where the last draw moves."""

_NUMERAL = re.compile(r"[-+]?\d+(?:[.,]\d+)*")


class _Follows(Enum):
    """What follows from draws and has no Monte Carlo error of its own."""

    WORDS = "sentences, alike but for their numerals"
    FREELY = "anything"


Errors: TypeAlias = "float | _Follows | dict[str, Errors] | list[Errors] | None"
"""The Monte Carlo error of each number of a JSON tree, in the shape of the tree; None for what is exact."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What two runs of one study have in common.

    Parameters
    ----------
    compared : int
        Numbers with a Monte Carlo error.
    bound : float
        How many of its standard errors a number may differ by.
    largest : (str, float) or None
        The number that differs most in its standard errors, and by how many; None without such numbers.
    beyond : tuple of str
        What is different, a sentence each.
    ungraded : int
        Values that follow from draws, have no error of their own and are not the same.
    """

    compared: int
    bound: float
    largest: tuple[str, float] | None
    beyond: tuple[str, ...]
    ungraded: int

    @property
    def within(self) -> bool:
        """Whether all is the same within Monte Carlo error."""
        return not self.beyond


def grade(then: Json, now: Json, found: Findings) -> Grade:
    """Compare two ``results.json`` of one study.

    Parameters
    ----------
    then, now : JSON object
        What was found, and what is found now.
    found : Findings
        What ``now`` says, with its draws.
    """
    walk = _Walk()
    walk.compare(then, now, _errors(found, then), ())
    bound = float(stdtrit(_FREEDOM, 1 - FALSE_ALARMS / (2 * max(len(walk.apart), 1))))
    far = [
        f"{change}, {apart:.1f} standard errors apart, where Monte Carlo error is at most {bound:.1f}"
        for change, apart in walk.apart
        if not apart <= bound
    ]
    largest = max(walk.apart, key=lambda pair: pair[1], default=None)
    return Grade(
        compared=len(walk.apart),
        bound=bound,
        largest=None if largest is None else (largest[0].path, largest[1]),
        beyond=(*map(str, walk.different), *far),
        ungraded=walk.ungraded,
    )


@dataclass
class _Walk:
    """What is found on the way through two JSON trees of one shape."""

    apart: list[tuple[Change, float]] = field(default_factory=list)
    different: list[Change] = field(default_factory=list)
    ungraded: int = 0

    def compare(self, then: Json, now: Json, errors: Errors, place: tuple[str, ...]) -> None:
        """Compare two values, and all within them."""
        change = Change(place, then, now)
        if errors is _Follows.FREELY or (errors is _Follows.WORDS and _words(then) == _words(now)):
            self.ungraded += sum(1 for _ in changes_between(then, now))
        elif isinstance(errors, float) and is_number(then) and is_number(now):
            moved = abs(cast(float, then) - cast(float, now))
            self.apart.append((change, moved / (sqrt(2) * errors) if errors > 0 else inf if moved else 0.0))
        elif isinstance(then, dict) and isinstance(now, dict):
            for key in (*then, *(key for key in now if key not in then)):
                step = (*place, f".{key}" if place else key)
                if key in then and key in now:
                    self.compare(then[key], now[key], errors.get(key) if isinstance(errors, dict) else None, step)
                else:
                    self.different.append(Change(step, then.get(key, Absent.ABSENT), now.get(key, Absent.ABSENT)))
        elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
            for at, (one, other) in enumerate(zip(then, now, strict=True)):
                named = other.get("label", at) if isinstance(other, dict) else at
                self.compare(one, other, errors[at] if isinstance(errors, list) else None, (*place, f"[{named}]"))
        elif not _same(then, now):
            self.different.append(change)


def _same(then: Json, now: Json) -> bool:
    """Whether two single values are the same, numbers to eight digits."""
    if is_number(then) and is_number(now):
        return isclose(cast(float, then), cast(float, now), rel_tol=_DIGITS, abs_tol=1e-12)
    return type(then) is type(now) and then == now


def _words(value: Json) -> Json:
    """Sentences without their numerals."""
    if isinstance(value, list):
        return [_words(part) for part in value]
    return _NUMERAL.sub("#", value) if isinstance(value, str) else value


def _errors(found: Findings, then: Json) -> Errors:
    """The Monte Carlo errors of `estimation.study.numbers.numbers_of`, in its shape."""
    headline = _of_result(found.headline)
    about = then.get("sensitivity") if isinstance(then, dict) else None
    before = about if isinstance(about, dict) else {}
    return {
        "headline": headline | ({"sentence": _Follows.WORDS} if headline else {}),
        "models": [_of_result(result) for result in found.results.values()],
        "claims": [_of_claim(claim, found.results) for claim in found.study.claims],
        "sensitivity": {
            question.key: _of_question(question, answer, before.get(question.key))
            for question, answer in found.sensitivities.items()
        },
    }


def _of_result(result: Result) -> dict[str, Errors]:
    """The errors of the numbers of a result; nothing where it is exact."""
    follows: dict[str, Errors] = {
        "notes": _Follows.WORDS,
        "reason": _Follows.WORDS,
        "tables": _Follows.FREELY,
        "diagnostics": {"sentence": _Follows.FREELY, "checks": _Follows.FREELY},
        "lower_error": _Follows.FREELY,
        "upper_error": _Follows.FREELY,
    }
    if isinstance(result, NotEstimable):
        return follows if result.evidence is not None else {}
    checked = _of_fit(result)
    if isinstance(result.total, Draws):
        return {**follows, **checked, **_of_draws(result.total)}
    if isinstance(result.total, Grid):  # an exact posterior, beside which draws from its prior stand
        return {**checked, "notes": _Follows.WORDS, "tables": _Follows.FREELY}
    if isinstance(result.total, Point):
        interval = result.interval(LEVEL)
        if result.total.sd_error or result.total.value_error or any(interval.errors):
            ends: dict[str, Errors] = {"lower": interval.errors[0], "upper": interval.errors[1]}
            spread: dict[str, Errors] = {"sd": result.total.sd_error} if result.total.sd_error else {}
            own: dict[str, Errors] = dict.fromkeys(("point", "median", "mean"), result.total.value_error)
            return {**follows, **checked, **ends, **spread, **(own if result.total.value_error else {})}
    return checked


def _of_fit(result: Estimate) -> dict[str, Errors]:
    """What simulated tables say of the fit: their number depends on what is found, so p-values are not graded."""
    if result.fit is None or result.fit.replicates == 0:
        return {}
    posterior = not isinstance(result.total, Point)  # what such a model expects of the table is drawn, too
    return {"fit": _Follows.FREELY, **({"residuals": _Follows.FREELY} if posterior else {})}


def _of_draws(total: Draws) -> dict[str, Errors]:
    tail = (1 - LEVEL) / 2
    mean, sd, *quantiles = monte_carlo_errors(total.values, (0.5, tail, 1 - tail))
    median, lower, upper = (max(error, _WHOLE) for error in quantiles)
    return {"point": median, "median": median, "mean": mean, "sd": sd, "lower": lower, "upper": upper}


def _of_claim(claim: Claim, results: Mapping[str, Result]) -> Errors:
    """The errors of the probabilities that the number is at least what is claimed."""
    if claim.figure is None:
        return None
    return {
        "probability_at_least": {
            label: probability_error(result.total.values, claim.figure)
            for label, result in results.items()
            if isinstance(result, Estimate) and isinstance(result.total, Draws)
        }
    }


def _of_question(question: Question, answer: Sensitivity, then: Json) -> Errors:
    """The errors of the answers to a question; a finding in words of its own must have the same words."""
    baseline = _of_result(answer.baseline)
    alternatives = [_of_result(alternative.result) for alternative in answer.alternatives]
    if not (baseline or any(alternatives)):
        return None
    if question.kind == "figure":  # where the figure is reached is found from draws, and the fits there follow from it
        return {"baseline": baseline, "alternatives": _Follows.FREELY, "finding": _Follows.FREELY}
    follows = not answer.sentence and _finding(then) == (then.get("finding") if isinstance(then, dict) else None)
    for each in alternatives:  # how large an error is found to be moves with the draws as well
        each |= {"monte_carlo_error": _Follows.FREELY} if each else {}
    return {
        "baseline": baseline,
        "alternatives": list[Errors](alternatives),
        "finding": _Follows.FREELY if follows else _Follows.WORDS,
    }


def _finding(then: Json) -> str | None:
    """The finding that follows from the numbers of a question; None where they are not whole."""
    try:
        content = cast(dict[str, dict[str, float]], then)
        alternatives = cast(list[dict[str, float]], content["alternatives"])
        return Sensitivity(
            question="",
            baseline=_as_it_was(content["baseline"]),
            alternatives=tuple(
                Alternative(str(each["label"]), nan, _as_it_was(each), each.get("monte_carlo_error"))
                for each in alternatives
            ),
        ).finding
    except (KeyError, TypeError, ValueError):
        return None


def _as_it_was(quoted: Mapping[str, float]) -> Result:
    """A result with the numbers that ``results.json`` has of it."""
    made = Provenance("", "", "", ())
    if not quoted["estimable"]:
        return NotEstimable(0, "", "", str(quoted["reason"]), (), made)
    upper = inf if quoted["upper"] is None else quoted["upper"]
    interval = Interval(quoted["lower"], upper, quoted["level"], cast(IntervalKind, quoted["interval_kind"]))
    point = Point(quoted["median"], 0, (interval,))
    is_lower_bound = bool(quoted["is_lower_bound"])
    return Estimate(point, 0, "", "", ("",), Diagnostics(), made, is_lower_bound=is_lower_bound)
