"""What the lists say of N without a prior: the identification statement of latent classes.

Likelihood: of N with K latent classes, profiled over everything else
(`estimation.models.latent_class.class_likelihood`); the 95 % limits are where 2 (max l - l(N)) = 3.84.

K classes on J lists have K J + K - 1 parameters, and J lists have 2^J - 2 degrees of freedom once n is given.  With
more parameters than those, and often with as many, the table fits any large N as well as any other: a class that hardly
any list records can be of any size.  One class more than the table needs is always such a class.  So the classes are
counted up from one to one more than the Bayesian information criterion selects, and what is said is said of those that
it selects.

References: Cormack (1992), Biometrics 48:567-576, for the interval; Link (2003), Biometrics 59:1123-1130, for N not
being identified in mixtures; Holzmann, Munk, Zucchini (2006), Biometrics 62:934-936, for how many classes are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor, inf, isinf, log, log10

import numpy as np

from estimation.capture.table import CaptureTable, FloatArray
from estimation.models.latent_class.class_likelihood import Profile, profile_likelihood, with_points
from estimation.results.estimates import ResultTable

__all__ = ["WITHOUT_A_PRIOR", "ClassLimits", "Identification", "class_limits", "identification", "without_a_prior"]

WITHOUT_A_PRIOR = "What the likelihood says of N without a prior, by the number of classes"
"""Title of the table."""

_CHI_SQUARE = 3.84
_MOST_LISTS = 6
_MOST_CLASSES = 5
_POINTS = 20
_FURTHEST = 1000.0
"""n_0 is tried up to this many times the people observed; where l(N) has not fallen there, N has no upper end."""
_FAR = 100.0
"""With several classes l(N) is so flat further out than this that the search does not settle: a limit there is none."""
_WITHIN = 1.03
"""The limits are searched for until n_0 is known to this factor."""
_ROUNDS = 6
_FLAT = 0.05
"""Between points where l(N) has fallen by less than half of this there is nothing to search for."""


@dataclass(frozen=True, slots=True)
class ClassLimits:
    """What the likelihood with K classes says of N.

    Parameters
    ----------
    classes, parameters : int
        K, and K J + K - 1.
    deviance, bic : float
        Of the best fit; the deviance is of the observed histories and the best n_0.
    lower, best, upper : float
        95 % limits of N by the profile likelihood, and where it is largest; the upper one may be infinite.  Unit:
        persons.
    """

    classes: int
    parameters: int
    deviance: float
    bic: float
    lower: float
    best: float
    upper: float


@dataclass(frozen=True, slots=True)
class Identification:
    """The statement, and the table it rests on.

    Parameters
    ----------
    rows : tuple of ClassLimits
        With one class, two and so on, to one more than `selected`.
    selected : ClassLimits
        With the number of classes that the Bayesian information criterion selects.
    sentence : str
        The statement.
    table : ResultTable
        A row for each number of classes.
    """

    rows: tuple[ClassLimits, ...]
    selected: ClassLimits
    sentence: str
    table: ResultTable


@lru_cache(maxsize=32)
def identification(table: CaptureTable, classes: int) -> Identification | str:
    """What the lists say of N without a prior under latent classes; in words why not, where that takes too long.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    classes : int
        The K of the model as it is fitted.

    Examples
    --------
    >>> table = CaptureTable.from_histories(
    ...     ["P", "Q", "E"], {"111": 28, "110": 21, "101": 17, "100": 69, "011": 18, "010": 55, "001": 63}
    ... )
    >>> found = identification(table, 30)
    >>> found.selected.classes, found.selected.parameters, found.selected.upper
    (2, 7, inf)
    """
    if len(table.lists) > _MOST_LISTS:
        return (
            f"What the likelihood alone says of N is computed for at most {_MOST_LISTS} lists, and the table has "
            f"{len(table.lists)}; the prior on the expansion factor and its alternatives stand in the tables."
        )
    rows = [class_limits(table, 1)]
    while len(rows) < min(_MOST_CLASSES, classes) and rows[-1].bic <= min(row.bic for row in rows):
        rows.append(class_limits(table, len(rows) + 1))
    selected = min(rows, key=lambda row: row.bic)
    return Identification(tuple(rows), selected, _sentence(table, classes, rows, selected), _table(rows))


def without_a_prior(table: CaptureTable, classes: int) -> tuple[tuple[str, ...], tuple[ResultTable, ...]]:
    """The statement as a note and a table of an estimate; a note alone where it is not computed."""
    found = identification(table, classes)
    return ((found,), ()) if isinstance(found, str) else ((found.sentence,), (found.table,))


def class_limits(table: CaptureTable, classes: int) -> ClassLimits:
    """The 95 % limits of N by the profile likelihood with K classes.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    classes : int
        K.
    """
    n = table.n_observed
    profile = profile_likelihood(table, classes, np.geomspace(0.5, _FURTHEST * n, _POINTS))
    for _ in range(_ROUNDS):
        between = _between(profile)
        if not between.size:
            break
        profile = with_points(table, profile, between)
    fall = 2 * (profile.values.max() - profile.values)
    best = float(n + profile.unseen[profile.values.argmax()])
    lower, upper = _limits(profile, fall)
    if profile.misfit.max() <= _CHI_SQUARE:
        # The table fits with every n_0: that l(N) is largest at n_0 = 0 then comes from the binomial coefficient alone.
        lower, upper = 0.0, inf
    if classes > 1 and upper > _FAR * n:
        upper = inf
    parameters = classes * len(table.lists) + classes - 1
    highest = float(profile.misfit.min())
    bic = highest + parameters * log(n)
    return ClassLimits(classes, parameters, highest, bic, n + lower, best, n + upper)


def _between(profile: Profile) -> FloatArray:
    """New n_0, where the largest value or a limit is not known to `_WITHIN` yet."""
    unseen, fall = profile.unseen, 2 * (profile.values.max() - profile.values)
    top = int(profile.values.argmax())
    inside = np.flatnonzero(fall <= _CHI_SQUARE)
    ends = {(i - 1, i) for i in (top, inside[0])} | {(i, i + 1) for i in (top, inside[-1])}
    new: list[FloatArray] = []
    for low, high in sorted(ends):
        if low < 0 or high == len(unseen) or unseen[high] / unseen[low] <= _WITHIN:
            continue
        flat = max(fall[low], fall[high]) < _FLAT
        if not flat:
            new.append(np.geomspace(unseen[low], unseen[high], 6)[1:-1])
    return np.concatenate(new) if new else np.empty(0)


def _limits(profile: Profile, fall: FloatArray) -> tuple[float, float]:
    """The n_0 at which l(N) has fallen by 1.92 on each side; sqrt(fall) is close to linear in log n_0."""
    log_unseen, root, limit = np.log(profile.unseen), np.sqrt(fall), np.sqrt(_CHI_SQUARE)
    inside = np.flatnonzero(fall <= _CHI_SQUARE)
    first, last = int(inside[0]), int(inside[-1])
    lower, upper = 0.0, inf
    if first > 0:
        lower = float(np.exp(np.interp(limit, root[[first, first - 1]], log_unseen[[first, first - 1]])))
    if last < len(fall) - 1:
        upper = float(np.exp(np.interp(limit, root[[last, last + 1]], log_unseen[[last, last + 1]])))
    return lower, upper


def _sentence(table: CaptureTable, classes: int, rows: list[ClassLimits], selected: ClassLimits) -> str:
    n_lists = len(table.lists)
    whole = classes * n_lists + classes - 1
    number = "one class" if selected.classes == 1 else f"{selected.classes} classes"
    start = (
        f"Without a prior, by the profile likelihood alone: with {number}, which the Bayesian information criterion "
        f"selects ({selected.parameters} parameters for {2**n_lists - 2} degrees of freedom; up to {classes} classes, "
        f"as fitted here, have {whole}),"
    )
    if not isinf(selected.upper):
        after = [row for row in rows if row.classes == selected.classes + 1]
        more = ""
        if after and isinf(after[0].upper):
            more = (
                " With one class more it has no upper end, since a class that hardly any list records can be of any "
                "size: how much that counts is the prior's."
            )
        elif after:
            more = f" With one class more: {' to '.join(_both(after[0].lower, after[0].upper))}."
        return f"{start} N is between {' and '.join(_both(selected.lower, selected.upper))} (95 %).{more}"
    if selected.lower <= table.n_observed + 1:
        return f"{start} every N fits the lists equally well: both ends are set by the prior."
    return (
        f"{start} N is at least {_people(selected.lower)} (95 %), and the likelihood has no upper end: the upper end "
        "is set by the prior."
    )


def _table(rows: list[ClassLimits]) -> ResultTable:
    columns = (
        "classes",
        "parameters",
        "deviance",
        "BIC",
        "lower 95 % limit of N (persons)",
        "N of the largest likelihood (persons)",
        "upper 95 % limit of N (persons)",
    )
    return ResultTable(
        WITHOUT_A_PRIOR,
        columns,
        tuple(
            (
                row.classes,
                row.parameters,
                round(row.deviance, 2),
                round(row.bic, 1),
                round(row.lower),
                round(row.best) if not isinf(row.upper) else "no upper end",
                "no upper end" if isinf(row.upper) else round(row.upper),
            )
            for row in rows
        ),
    )


def _people(number: float, figures: int = 3) -> str:
    """So many figures that matter.

    Examples
    --------
    >>> _people(9424.7), _people(271.3)
    ('9,420', '271')
    """
    return f"{float(f'{number:.{figures}g}'):,.0f}"


def _both(lower: float, upper: float) -> tuple[str, str]:
    """Both ends, with as many figures, three or more, as put no end off by more than a tenth of what is between them.

    Examples
    --------
    >>> _both(1551, 1639.6), _both(12404.2, 12412.9), _both(500, 500.4)
    (('1,550', '1,640'), ('12,404', '12,413'), ('500', '500'))
    """
    figures = 3
    while figures < 16 and 10 ** (floor(log10(upper)) + 1 - figures) > max((upper - lower) / 5, 1):
        figures += 1
    return _people(lower, figures), _people(upper, figures)
