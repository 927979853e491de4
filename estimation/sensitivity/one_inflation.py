"""What if too many people are on one list only: are singletons inflated?

People who were on several lists but whose records were not matched, records of nobody, and lists that by their making
could hold nobody else's people all add to those on one list only, and N leans on these most of all.

Symbols
-------
J : lists.   n : people observed.   f_k : people on exactly k lists.
e : what f_1 should be by those on two and three lists.

If every person was as likely as every other to be recorded, and the lists are independent, the f_k are proportional to
the elementary symmetric polynomials of the lists' odds, and Newton's inequality gives

    f_1  <=  e = C(J,1) C(J,3) / C(J,2)^2  f_2^2 / f_3  =  2 (J - 2) / (3 (J - 1))  f_2^2 / f_3

with equality where all lists are as large.  f_1 / e well above 1 therefore speaks against that, whatever the sizes of
the lists: singletons are too many, or people differ (or lists depend on each other), which by the Cauchy-Schwarz
inequality puts f_1 above e too.  The frequencies cannot tell these apart; where everybody is alike is assumed, it is
inflation.  For many lists e is 2 f_2^2 / (3 f_3), the published form, and Chao's bound with it in the place of f_1 is

    N = n + 2 f_2^3 / (9 f_3^2)

The interval of f_1 / e is by the delta method on its log, the f_k Poisson: variance 1/f_1 + 4/f_2 + 1/f_3.

References: Boehning, Kaskasamkul, van der Heijden (2019), Metrika 82:361-384; Godwin, Boehning (2017), Journal of the
Royal Statistical Society C 66:425-448; Chiu, Chao (2016), PeerJ 4:e1634, for singletons that are not people.
"""

from __future__ import annotations

import copy
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
from estimation.sensitivity.alternatives import Alternative, Change, Sensitivity, answers

__all__ = ["Inflation", "one_inflation", "singleton_inflation"]


@dataclass(frozen=True, slots=True)
class Inflation:
    """People on one list only beside as many as those on two and three lists imply.

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
    many = len(table.lists)
    if many < 3 or not table.frequencies[:3].all():
        return None
    f_1, f_2, f_3 = table.frequencies[:3].tolist()
    implied = 2 * (many - 2) / (3 * (many - 1)) * f_2**2 / f_3
    reach = exp(float(ndtri((1 + level) / 2)) * sqrt(1 / f_1 + 4 / f_2 + 1 / f_3))
    return Inflation(f_1, implied, f_1 / implied / reach, f_1 / implied * reach, level)


def one_inflation(
    table: CaptureTable, *, model: Model, rng: np.random.Generator, level: float = 0.95, workers: int = 1
) -> Sensitivity:
    """N with only as many people on one list as those on two and three imply, and whether there are too many.

    Each list loses the same share of the people who are on it alone, down to the number implied and to the ends of its
    interval; none is added.  Beside these stands Chao's bound with the singletons of the published form, which keeps
    everybody observed.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    model : Model
        Fitted to the table as it is and without the surplus.
    rng : numpy.random.Generator
        The only source of randomness; every fit starts from the same state of it.
    level : float
        Level of the interval; the bound has one at 0.5, 0.8, 0.9, 0.95 and 0.99.
    workers : int
        Threads to use at most.

    Returns
    -------
    Sensitivity
        The value of an alternative is the number of people on one list; NaN for the bound, which does not use it.

    References
    ----------
    Boehning, Kaskasamkul, van der Heijden (2019), Metrika 82:361-384.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 400, "010": 300, "110": 90, "011": 90, "111": 30})
    >>> inflation = one_inflation(table, model=ChaoLowerBound(), rng=np.random.default_rng(1))
    >>> print(inflation.alternatives[0].label, inflation.alternatives[0].result)
    360 on one list, as implied at least about 930 people (95 % confidence interval 844 to 1,043); 570 observed
    """
    question = "What if too many people are on one list only?"
    changed = "people on one list only (persons)"
    baseline = model.fit(table, rng=copy.deepcopy(rng), workers=workers)
    found = singleton_inflation(table, level=level)
    if found is None:
        reason = (
            "it takes at least 3 lists and people on exactly one, two and three of them; the table has "
            f"{len(table.lists)} lists and {', '.join(f'{f:,}' for f in table.frequencies[:3].tolist())} such people"
        )
        nothing = Alternative("as implied", nan, not_estimable(model, table, rng, reason))
        return Sensitivity(
            question, baseline, (nothing,), changed, f"Whether singletons are inflated is open: {reason}."
        )
    implied = {"as implied": found.implied}
    implied[f"upper end of the {100 * level:g} % interval"] = found.singletons / found.lower
    implied[f"lower end of the {100 * level:g} % interval"] = found.singletons / found.upper
    cut = {what: _with_singletons(table, min(number / found.singletons, 1.0)) for what, number in implied.items()}
    changes = [
        Change(f"{int(t.frequencies[0]):,} on one list, {what}", float(t.frequencies[0]), t, model)
        for what, t in cut.items()
    ]
    without = answers(changes, rng=rng, workers=workers)
    return Sensitivity(
        question=question,
        baseline=baseline,
        alternatives=(
            *without,
            Alternative("bound from those on two and three lists", nan, _bound(table, rng)),
        ),
        changed=changed,
        said=_said(found, baseline, without[0].result),
    )


def _with_singletons(table: CaptureTable, share: float) -> CaptureTable:
    """The table with a share of those on one list only, the same for each list."""
    alone = table.patterns.sum(axis=1) == 1
    counts = np.where(alone, np.rint(table.counts * share).astype(np.int64), table.counts)
    return CaptureTable(table.lists, table.patterns, counts)


def _bound(table: CaptureTable, rng: np.random.Generator) -> Estimate:
    """Chao's bound with the published number of singletons, n + 2 f_2^3 / (9 f_3^2)."""
    _, f_2, f_3 = table.frequencies[:3].tolist()
    unseen = 2 * f_2**3 / (9 * f_3**2)
    # The first part is the delta method on f_2 and f_3, the second the chance of the unseen themselves (Chao 1987).
    error = sqrt(unseen**2 * (9 / f_2 + 4 / f_3) + unseen)
    return Estimate(
        total=point_with_log_interval(table.n_observed + unseen, error, table.n_observed),
        n_observed=table.n_observed,
        model="chao-one-inflated",
        title="Chao's lower bound without singletons",
        assumptions=(
            "Whatever the number of people on one list, the lists that a person is on are Poisson for those on "
            "two and three; differences between people make the number a bound.",
        ),
        diagnostics=Diagnostics(),
        provenance=Provenance(table.sha256, package_version(), seed_of(rng), ()),
        is_lower_bound=True,
    )


def _said(found: Inflation, baseline: Result, cut: Result) -> str:
    times = (
        f"{found.singletons:,} people are on one list only, {found.ratio:.2f} times ({100 * found.level:g} % "
        f"confidence interval {found.lower:.2f} to {found.upper:.2f}) the {found.implied:,.0f} that those on two and "
        "three lists imply if all people are alike and all lists independent and as large"
    )
    if found.lower > 1:
        said = (
            f"{times}: singletons are inflated, or people differ in how likely they were to be recorded, or lists "
            "depend on each other, which these numbers cannot tell apart"
        )
        if isinstance(baseline, Estimate) and isinstance(cut, Estimate):
            return (
                f"{said}; if the surplus of {found.singletons - found.implied:,.0f} were nobody, the median would be "
                f"{cut.median:,.0f} and not {baseline.median:,.0f}."
            )
        return f"{said}."
    if found.upper < 1:
        return f"{times}: there are fewer than that, and so no sign that singletons are inflated."
    return f"{times}: that is no sign that singletons are inflated."
