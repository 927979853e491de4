"""Doubly robust: the number of people where the lists are as assumed among people with the same covariates.

Likelihood: of N people with covariates x of any distribution, each has capture history w on K lists with a probability
P(w | x) that no model limits; those with w = 0 are not observed.
Prior: none.
Identifying assumption: given x there is no interaction of all K lists at once; for two lists, they are independent
given x.  More generally the product of P(w | x) over the odd histories is xi times that over the even ones, 0 included.
The data say nothing of it.

The probabilities q_w(x) of each history among those observed are learned, and N is the sum over those observed of an
influence in which errors of what was learned cancel to first order: see `estimation.models.covariates.influence`, where
every formula is derived.  Without covariates it is a closed form, n + prod_{odd} n_w / prod_{even} n_w.

*A subset of the lists* (``lists``) can be taken in two ways (``among``).  Among everybody: the lists named are as
assumed whatever the others, their margin is used, and people on none of them are not (N counts them all the same).
This is what Das, Kennedy and Jewell do with a pair.  Among those on no other list: histories that are zero outside the
lists named are used, the others' people count once each, and phi is 1 for them.

*Covariates* are categories, each value for itself, unless named in ``numeric``: years are numbers and numbers of
districts are not, which no table says.  One that is missing is stood for by people with the same history
(`estimation.models.covariates.missing_covariates`), or is a value of its own, as in the published analysis of Peru.

*One against rest or jointly.*  With each q_w fitted by itself, an error in the fit of one odd history does no harm at
all; in a joint fit it makes the others wrong, and does.  Dividing them by their sum would change nothing.  So the
first is the default.  On synthetic tables (``docs/coverage-doubly-robust.md``) logistic fits do as well in either way,
and boosted ones are less biased jointly: the two are to be compared where they differ.

*Overlap.*  Where hardly anybody with some covariates is on several lists at once, q_w stands in a denominator and is
small: a few people carry N.  Small q_w of even histories are truncated at ``truncation``; where half or twice that
moves N out of its own 95 % interval, or N is not above n, the answer is the truncation's and there is none.

References: Das, Kennedy, Jewell (2023), Journal of the American Statistical Association; for cross-fitting Chernozhukov
and others (2018), Econometrics Journal 21:C1-C68.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isfinite
from typing import ClassVar, Literal, get_args

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.models.covariates.people import Among, People, people_of
from estimation.models.covariates.requirements import few_of_a_history, unknown_covariates, unusable_covariates
from estimation.models.named_lists import NamesLists, unknown_lists
from estimation.models.protocol import CLOSED_POPULATION, Model, check_settings, estimate, not_estimable, unusable_lists
from estimation.results.estimates import Result
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["DoublyRobust"]

_MOST_LISTS = 8
_MISSING = ("weight", "own value")
_LEARNERS = ("stacked", "boosting", "logistic", "random-forest")
_FITTINGS = ("one against rest", "jointly")
_LEAST_TRUNCATION, _MOST_TRUNCATION = 1e-6, 0.1


@dataclass(frozen=True, slots=True)
class DoublyRobust:
    """The number of people where lists are as assumed among people with the same covariates (Das and others 2023).

    There is no interaction of all lists at once given the covariates; two lists are independent (the identifying
    assumption).  Errors of the fitted probabilities cancel to first order.

    Parameters
    ----------
    covariates : sequence of str
        Labels of the table; none for the closed form of all people together.
    learner : {"stacked", "boosting", "logistic", "random-forest"}
        What fits the probabilities: histogram gradient boosting, ridge-penalised logistic regression, the two of them
        weighted by held-out log-loss, or a random forest.
    fitting : {"one against rest", "jointly"}
        Whether each history is fitted by itself and not renormalised.
    numeric : sequence of str
        Covariates that are numbers, and not categories.
    lists : sequence of str, optional
        The lists that the assumption is about, at least two; by default all.
    among : {"everybody", "those on no other list"}
        Among whom the lists named are as assumed.
    xi : float
        The product of the odd histories' probabilities over that of the even ones', given the covariates; 1 is no
        interaction.  For two lists, one over their odds ratio.
    xi_factors : sequence of float
        For each such d: bounds of N where xi may be anything from 1/d to d times ``xi``, whatever the covariates.
    truncation : float
        The smallest probability of a history in a denominator, above 0.
    folds, splits : int
        Folds of people for cross-fitting, and how often people are dealt into them (an odd number).
    missing : {"weight", "own value"}
        What becomes of people of whom a covariate is missing.

    Raises
    ------
    SettingError
        When a setting cannot be used; all problems are named together.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["police", "press"], {"10": 54, "01": 30, "11": 12})
    >>> print(DoublyRobust().fit(table, rng=1))
    about 231 people (95 % confidence interval 162 to 372); 96 observed
    """

    name: ClassVar[str] = "doubly-robust"
    title: ClassVar[str] = "Doubly robust"

    covariates: tuple[str, ...] = ()
    learner: Literal["stacked", "boosting", "logistic", "random-forest"] = "stacked"
    fitting: Literal["one against rest", "jointly"] = "one against rest"
    numeric: tuple[str, ...] = ()
    lists: tuple[str, ...] | None = None
    among: Among = "everybody"
    xi: float = field(
        default=1.0,
        metadata={
            "question": "What if the interaction of the lists given the covariates, xi, were another?",
            "axis": "interaction of the lists given the covariates, xi (1: none)",
        },
    )
    xi_factors: tuple[float, ...] = (1.25, 1.5, 2.0)
    truncation: float = 0.005
    folds: int = 5
    splits: int = 3
    missing: Literal["weight", "own value"] = "weight"

    def __post_init__(self) -> None:
        for name in ("covariates", "numeric", "lists", "xi_factors"):
            value = getattr(self, name)
            if isinstance(value, list):
                object.__setattr__(self, name, tuple(value))
        check_settings(self.name, [*_wrong_names(self), *_wrong_choices(self), *_wrong_numbers(self)])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        others = []
        if self.covariates:
            others.append(
                "Whatever the covariates, somebody who has them can be on several of the lists at once (overlap), and "
                "people with the same covariates have the same probabilities."
            )
        if self.covariates and self.missing == "weight":
            others.append(
                "Where a covariate is missing, it is missing at random given the capture history and the covariates "
                "that are known of everybody."
            )
        return (self._identifying, *others, CLOSED_POPULATION)

    @property
    def _identifying(self) -> str:
        given = f"Among people with the same {_together(self.covariates)}" if self.covariates else "Among all people"
        if self.among == "those on no other list":
            given += " who are on none of the other lists"
        if self.lists is not None and len(self.lists) == 2:
            first, second = self.lists
            related = "are independent" if self.xi == 1 else f"have the odds ratio {1 / self.xi:.3g}"
            return f"{given}, {first} and {second} {related}."
        about = "all lists" if self.lists is None else _together(self.lists)
        if self.xi == 1:
            return f"{given}, there is no interaction of {about} at once; two lists would be independent."
        return (
            f"{given}, the interaction of {about} at once is known: the product of the probabilities of the odd "
            f"histories is {self.xi:g} times that of the even ones, the history of those on none included."
        )

    @described_by(NamesLists.wrong_lists)
    def wrong_lists(self, table: CaptureTable) -> str | None:
        """What is wrong with the lists that the model names, or None."""
        return unknown_lists(self.lists, table)

    def wrong_covariates(self, table: CaptureTable | StratifiedTable) -> str | None:
        """What is wrong with the covariates that the model names, or None where the table has them all.

        Parameters
        ----------
        table : CaptureTable or StratifiedTable
            Who was seen by which lists, with labels or without.
        """
        return unknown_covariates(self.covariates, table)

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable | StratifiedTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        margin = _margin_of(table)
        shared = unusable_lists(margin, minimum=2)
        wrong = self.wrong_lists(margin) or self.wrong_covariates(table)
        if shared is not None or wrong is not None:
            return shared or wrong
        used = margin if self.lists is None else margin.keep(self.lists)
        if len(used.lists) > _MOST_LISTS:
            return (
                f"an interaction of {len(used.lists)} lists at once rests on {2 ** len(used.lists) - 1:,} histories, "
                f"which no table can fill; name at most {_MOST_LISTS} lists, for example "
                f"lists={','.join(used.lists[:2])}"
            )
        if used is not margin and (shared := unusable_lists(used, minimum=2)) is not None:
            return shared
        if isinstance(table, StratifiedTable):
            unusable = unusable_covariates(self.covariates, self.numeric, table)
            if unusable is not None:
                return unusable
        return few_of_a_history(self._people(table), 2 * self.folds if self.covariates else 1)

    def _people(self, table: CaptureTable | StratifiedTable) -> People:
        own_value = self.missing == "own value"
        return people_of(table, self.covariates, self.lists, self.among, own_value=own_value)

    @described_by(Model.fit)
    def fit(
        self,
        table: CaptureTable | StratifiedTable,
        *,
        rng: RandomState,
        workers: int = 1,
        progress: Progress = silent,
    ) -> Result:
        """Estimate N; a `StratifiedTable` has the covariates.  See `estimation.models.protocol.Model.fit`."""
        rng, margin = generator_of(rng), _margin_of(table)
        why_not = self.why_not(table)
        if why_not is not None:
            return self._from(table, not_estimable(self, margin, rng, why_not))
        # Imported here because scikit-learn takes a second to load and most uses of a model do not need it.
        from estimation.models.covariates.answer import answer_of

        answer = answer_of(self, self._people(table), margin.n_observed, rng, workers=workers, progress=progress)
        if answer.point is None:
            found: Result = not_estimable(
                self, margin, rng, answer.reason, diagnostics=answer.diagnostics, tables=answer.tables
            )
        else:
            found = estimate(
                self,
                margin,
                rng,
                answer.point,
                diagnostics=answer.diagnostics,
                notes=answer.notes,
                tables=answer.tables,
            )
        return self._from(table, found)

    def _from(self, table: CaptureTable | StratifiedTable, result: Result) -> Result:
        """The result with the checksum of the table as it was given, labels and all."""
        if isinstance(table, CaptureTable):
            return result
        return replace(result, provenance=replace(result.provenance, data_sha256=table.sha256))


def _together(names: tuple[str, ...]) -> str:
    """Names in a sentence, with an "and" before the last of several."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _margin_of(table: CaptureTable | StratifiedTable) -> CaptureTable:
    return table if isinstance(table, CaptureTable) else table.margin()


def _wrong_names(model: DoublyRobust) -> list[str]:
    """What is wrong with the covariates and lists that are named, whatever the table."""
    problems = []
    for name, values in (("covariates", model.covariates), ("numeric", model.numeric), ("lists", model.lists or ())):
        if isinstance(values, str):
            problems.append(f"{name} = {values!r}; it is a sequence of names: [{values!r}]")
            continue
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            problems.append(f"{name} names {', '.join(twice)} twice; name each once")
    if isinstance(model.covariates, str) or isinstance(model.numeric, str) or isinstance(model.lists, str):
        return problems
    others = [name for name in model.numeric if name not in model.covariates]
    if others:
        problems.append(f"numeric names {', '.join(others)}, which is no covariate; name it in covariates too")
    if model.lists is not None and len(model.lists) < 2:
        problems.append(f"lists names {len(model.lists)} list; the assumption is about at least 2")
    if model.lists is None and model.among == "those on no other list":
        problems.append("among is those on no other list, and no lists are named; name them in lists")
    return problems


def _wrong_choices(model: DoublyRobust) -> list[str]:
    choices = (
        ("learner", model.learner, _LEARNERS),
        ("fitting", model.fitting, _FITTINGS),
        ("among", model.among, get_args(Among)),
        ("missing", model.missing, _MISSING),
    )
    return [
        f"{name} = {value!r}; it must be one of {', '.join(map(repr, allowed))}"
        for name, value, allowed in choices
        if value not in allowed
    ]


def _wrong_numbers(model: DoublyRobust) -> list[str]:
    problems = []
    if not (isfinite(model.xi) and model.xi > 0):
        problems.append(f"xi = {model.xi}; it is an odds ratio and must be above 0 (1 for no interaction)")
    if not all(isfinite(factor) and factor > 1 for factor in model.xi_factors):
        problems.append(f"xi_factors = {model.xi_factors}; each must be above 1")
    if not _LEAST_TRUNCATION <= model.truncation <= _MOST_TRUNCATION:
        problems.append(
            f"truncation = {model.truncation}; it is a probability from {_LEAST_TRUNCATION:g} to {_MOST_TRUNCATION:g}"
        )
    if isinstance(model.folds, bool) or not isinstance(model.folds, int) or not 2 <= model.folds <= 20:
        problems.append(f"folds = {model.folds!r}; it must be a whole number from 2 to 20")
    if isinstance(model.splits, bool) or not isinstance(model.splits, int) or model.splits < 1 or model.splits % 2 == 0:
        problems.append(f"splits = {model.splits!r}; it must be an odd number, so that one of them is the median")
    return problems
