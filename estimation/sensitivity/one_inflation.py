"""What if too many people are on one list only: are singletons inflated?

Missed matches, records of nobody, and lists that by the way they were made could only name people who are on no other
list all add to the people on one list only, and N depends on these most of all.

Symbols
-------
J : lists.   n : people observed.   f_k : people on exactly k lists.
e : what f_1 should be by those on two and three lists.

If every person has the same capture probabilities, and the lists are independent, the f_k are proportional to the
elementary symmetric polynomials of the lists' odds, and Newton's inequality gives

    f_1  <=  e = C(J,1) C(J,3) / C(J,2)^2  f_2^2 / f_3  =  2 (J - 2) / (3 (J - 1))  f_2^2 / f_3

with equality where all lists are equally large.  f_1 / e well above 1 therefore contradicts that, whatever the sizes
of the lists: singletons are too many, or capture probabilities are heterogeneous (or lists depend on each other), which
by the Cauchy-Schwarz inequality puts f_1 above e too.  The frequencies cannot tell these apart; under homogeneity it is
inflation.  For many lists e is 2 f_2^2 / (3 f_3), the published form, and Chao's formula with it in the place of f_1 is

    N = n + 2 f_2^3 / (9 f_3^2)

With J equally large independent lists that adds J (J - 1) / (J - 2)^2 times n_0, six times it with three lists: the
published form is a bound for captures without a limit to their number, and none for the lists of a table.

The interval of f_1 / e is by the delta method on its log, the f_k Poisson: variance 1/f_1 + 4/f_2 + 1/f_3.

References: Boehning, Kaskasamkul, van der Heijden (2019), Metrika 82:361-384; Godwin, Boehning (2017), Journal of the
Royal Statistical Society C 66:425-448; Chiu, Chao (2016), PeerJ 4:e1634, for singletons that are not people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, nan, sqrt

import numpy as np
from scipy.special import ndtri

from estimation.capture.table import CaptureTable
from estimation.models.protocol import Model, not_estimable
from estimation.provenance import Provenance, package_version, seed_of
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate, Result
from estimation.results.log_interval import point_with_log_interval
from estimation.sensitivity.alternatives import Alternative, Change, Sensitivity, fit_baseline, fit_changes, parts_of
from estimation.sensitivity.finding import monte_carlo_sentence, number_word
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["Inflation", "one_inflation", "singleton_inflation"]

_QUESTION = "What if too many people are on one list only?"
_CHANGED = "people on one list only (persons)"


@dataclass(frozen=True, slots=True)
class Inflation:
    """People on one list only, and the number that those on two and three lists imply.

    Parameters
    ----------
    singletons : int
        f_1.  Unit: persons.
    implied : float
        e.  Unit: persons.
    lower, upper : float
        Confidence interval of f_1 / e.
    level : float
        Its level.
    """

    singletons: int
    implied: float
    lower: float
    upper: float
    level: float

    @property
    def ratio(self) -> float:
        """f_1 / e: above 1 there are too many."""
        return self.singletons / self.implied


def singleton_inflation(table: CaptureTable, *, level: float = 0.95) -> Inflation | None:
    """How many times too many people are on one list only, or None where nobody is on one, two or three.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    level : float
        Level of the interval.

    References
    ----------
    Boehning, Kaskasamkul, van der Heijden (2019), Metrika 82:361-384.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 400, "010": 300, "110": 90, "011": 90, "111": 30})
    >>> found = singleton_inflation(table)
    >>> round(found.implied), round(found.ratio, 2)
    (360, 1.94)
    """
    n_lists = len(table.lists)
    if n_lists < 3 or not table.frequencies[:3].all():
        return None
    f_1, f_2, f_3 = table.frequencies[:3].tolist()
    implied = 2 * (n_lists - 2) / (3 * (n_lists - 1)) * f_2**2 / f_3
    factor = exp(float(ndtri((1 + level) / 2)) * sqrt(1 / f_1 + 4 / f_2 + 1 / f_3))
    return Inflation(f_1, implied, f_1 / implied / factor, f_1 / implied * factor, level)


def one_inflation(
    table: CaptureTable,
    *,
    model: Model,
    rng: RandomState,
    level: float = 0.95,
    workers: int = 1,
    baseline: Result | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """N with only as many people on one list as those on two and three imply, and whether there are too many.

    Each list loses the same share of the people who are on it alone, down to the number implied and to the ends of its
    interval; none is added.  Beside these stands Chao's formula with the singletons of the published form, which keeps
    everybody observed.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    model : Model
        Fitted to the table with the surplus and without it.
    rng : int, SeedSequence or Generator
        The only source of randomness; every fit starts from the same state of it, and it is left as it was.
    level : float
        Level of the interval; the published form has one at 0.5, 0.8, 0.9, 0.95 and 0.99.
    workers : int
        Threads to use at most.
    baseline : Estimate or NotEstimable, optional
        The model's result for the table, where it is known; otherwise the model is fitted.
    progress : Progress
        Told how many of the fits are done, and how far the one under way is.

    Returns
    -------
    Sensitivity
        The value of an alternative is the number of people on one list; NaN for the published form, which does
        not use it.

    References
    ----------
    Boehning, Kaskasamkul, van der Heijden (2019), Metrika 82:361-384.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 400, "010": 300, "110": 90, "011": 90, "111": 30})
    >>> inflation = one_inflation(table, model=ChaoLowerBound(), rng=1)
    >>> print(inflation.alternatives[0].label, inflation.alternatives[0].result)
    360 on one list, as implied about 810 people (95 % confidence interval 751 to 888); 570 observed
    """
    generator = generator_of(rng)
    first, others = parts_of(progress, 3, baseline)
    result = fit_baseline(table, model, rng=generator, workers=workers, baseline=baseline, progress=first)
    found = singleton_inflation(table, level=level)
    if found is None:
        return _undecided(table, model, result, generator)
    implied = {"as implied": found.implied}
    implied[f"upper end of the {100 * level:g} % interval"] = found.singletons / found.lower
    implied[f"lower end of the {100 * level:g} % interval"] = found.singletons / found.upper
    cut = {what: _with_singletons(table, min(number / found.singletons, 1.0)) for what, number in implied.items()}
    changes = [
        Change(f"{int(t.frequencies[0]):,} on one list, {what}", float(t.frequencies[0]), t, model)
        for what, t in cut.items()
    ]
    without = fit_changes(changes, rng=generator, workers=workers, progress=others)
    alone = Alternative("from those on two and three lists alone", nan, _without_singletons(table, generator))
    return Sensitivity(
        question=_QUESTION,
        baseline=result,
        alternatives=(*without, alone),
        changed=_CHANGED,
        sentence=_finding(found, result, without),
        baseline_value=float(found.singletons),
    )


def _undecided(table: CaptureTable, model: Model, baseline: Result, rng: np.random.Generator) -> Sensitivity:
    """The finding where the table has too few lists or nobody on one, two or three of them."""
    reason = (
        f"it takes at least 3 lists and people on exactly one, two and three of them; the table has {len(table.lists)} "
        f"lists and {', '.join(f'{f:,}' for f in table.frequencies[:3].tolist())} such people"
    )
    return Sensitivity(
        question=_QUESTION,
        baseline=baseline,
        alternatives=(Alternative("as implied", nan, not_estimable(model, table, rng, reason)),),
        changed=_CHANGED,
        sentence=f"Whether singletons are inflated is open: {reason}.",
    )


def _with_singletons(table: CaptureTable, share: float) -> CaptureTable:
    """The table with a share of those on one list only, the same for each list."""
    alone = table.patterns.sum(axis=1) == 1
    counts = np.where(alone, np.rint(table.counts * share).astype(np.int64), table.counts)
    return CaptureTable(table.lists, table.patterns, counts, allow_twins=table.allow_twins)


def _without_singletons(table: CaptureTable, rng: np.random.Generator) -> Estimate:
    """Chao's formula with the published number of singletons, n + 2 f_2^3 / (9 f_3^2)."""
    _, f_2, f_3 = table.frequencies[:3].tolist()
    unseen = 2 * f_2**3 / (9 * f_3**2)
    # The first part is the delta method on f_2 and f_3, the second the variance of the unseen themselves (Chao 1987).
    error = sqrt(unseen**2 * (9 / f_2 + 4 / f_3) + unseen)
    return Estimate(
        total=point_with_log_interval(table.n_observed + unseen, error, table.n_observed),
        n_observed=table.n_observed,
        model="chao-one-inflated",
        title="Chao's estimator without singletons",
        assumptions=(
            "Whatever the number of people on one list, the lists that a person is on are Poisson for those on "
            "two and three, as for many lists of equal size; with few lists the number is no bound.",
        ),
        diagnostics=Diagnostics(),
        provenance=Provenance(table.sha256, package_version(), seed_of(rng), ()),
    )


def _finding(found: Inflation, baseline: Result, cut: Sequence[Alternative]) -> str:
    """Whether singletons are inflated, and what the number would be without the surplus, at its ends as well."""
    counted = (
        f"{found.singletons:,} people are on one list only, {found.ratio:.2f} times ({100 * found.level:g} % "
        f"confidence interval {found.lower:.2f} to {found.upper:.2f}) the {found.implied:,.0f} that those on two and "
        "three lists imply if all people have the same capture probabilities and all lists are independent and equally "
        "large"
    )
    if found.upper < 1:
        return f"{counted}. There are fewer than that, and so no sign that singletons are inflated."
    if found.lower <= 1:
        open_still = "these numbers show neither that singletons are inflated nor that they are not"
        return f"{counted}. The interval contains 1: {open_still}."
    causes = (
        "Singletons are inflated, or capture probabilities are heterogeneous, or lists depend on each other; these "
        "numbers cannot tell which."
    )
    answers = [each.result for each in cut if isinstance(each.result, Estimate)]
    if not isinstance(baseline, Estimate) or len(answers) < len(cut):
        return f"{counted}. {causes}"
    implied, at_upper, at_lower = answers
    surplus, word = found.singletons - found.implied, number_word([baseline, *answers])
    without = (
        f"If the surplus of {surplus:,.0f} were no real people, the {word} would be {implied.median:,.0f} and not "
        f"{baseline.median:,.0f}; at the ends of that interval, {at_lower.median:,.0f} and {at_upper.median:,.0f}."
    )
    return " ".join([f"{counted}. {causes} {without}", *monte_carlo_sentence(cut)])
