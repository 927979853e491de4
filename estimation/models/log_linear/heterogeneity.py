"""Log-linear models with heterogeneous capture probabilities, or with a behavioural response to the first capture.

Likelihood: the number of people with capture history omega is Poisson with mean mu_omega,

    log mu_omega = gamma + sum_j beta_j omega_j + tau h(|omega|),      n_0 = exp(gamma)

where h is the form of the heterogeneity (`estimation.models.log_linear.heterogeneity_designs` lists the models; the
form Normal is not linear, `estimation.models.log_linear.heterogeneity_normal`).  In
Chao's form h is left free for three lists and more, up to convexity: the columns' coefficients eta_m must not be
negative, and those that come out negative are set to 0 and the others fitted again.
Identifying assumption: for each person the lists are independent, and the form h of the heterogeneity is known; in
Chao's form h is not needed, and what is identified is a lower bound.

Mb and Mbh take the lists in time order.  The probability c of a recapture differs from the probability p of a first
capture; in Mbh the first list has its own probability.  n_0 is then not exp(gamma):

    log mu_omega = b_0 + b_1 (J - i) + b_2 (|omega| - 1) + b_3 [i = 1, Mbh],   b_1 = log(1 - c) - log(1 - p),
    b_2 = log c - log(1 - c),      n_0 = exp(b_0) (1 - p) / p

Symbols
-------
a = log n_0.   Var(a) : by the delta method, from the inverse information.

    N = n + n_0        SE(N) = sqrt(e^a + e^{2a} Var(a)) (Rivest, Levesque 2001)

The interval is that of `estimation.results.log_interval`; a lower bound has one limit.  Mh-Chao treats all lists alike
and is a bound only where they do not differ in size (`estimation.models.equal_lists`); Mth-Chao lets them differ.

References: Rivest, Baillargeon (2007), Biometrics 63:999-1006; Rivest, Levesque (2001), Canadian Journal of Statistics
29:555-572; Darroch, Fienberg, Glonek, Junker (1993) for k^2/2; Fienberg, Rinaldo (2012) for existence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import exp, expm1, log, log1p, sqrt
from typing import ClassVar, cast, get_args

import numpy as np

from estimation.capture.problems import MAX_PERSONS
from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.equal_lists import size_note, sizes_differ
from estimation.models.identification import identification_note
from estimation.models.log_linear.convergence import gain_check, gain_left
from estimation.models.log_linear.existence import maximum_exists
from estimation.models.log_linear.goodness_of_fit import FitCheck, check_fit, leverages, refit_design
from estimation.models.log_linear.heterogeneity_designs import BEHAVIOUR, HeterogeneityModel, design_of
from estimation.models.log_linear.heterogeneity_normal import NormalModel, checked_normal, fit_normal
from estimation.models.log_linear.poisson_fit import fit_models
from estimation.models.predictive.fit_checked import FitChecked
from estimation.models.protocol import (
    CLOSED_POPULATION,
    Model,
    check_settings,
    estimate,
    no_overlap,
    not_estimable,
    unusable_lists,
)
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Result
from estimation.results.log_interval import bound_with_log_limit, point_with_log_interval
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["Heterogeneity"]

_MOST_LISTS = 12
"""2^12 cells and the linear programme on them take a second or two."""

_INNER = 1e-5
"""Persons.  A fit at rest whose means are all above this is itself a table without empty cells."""

_PERCENTILE_90 = 1.2815515655446004
"""Of a standard normal."""

_SHAPES = {
    "Poisson2": "the odds of capture are doubled a Poisson number of times",
    "Darroch": "the log odds of capture are normal",
    "Gamma3.5": "the log odds of capture fall by a gamma distributed amount of rate 3.5",
    "Gamma2.5": "the log odds of capture fall by a gamma distributed amount of rate 2.5",
}


def _identifying(model: HeterogeneityModel) -> str:
    """What makes N estimable under a model, as a sentence."""
    if model in BEHAVIOUR:
        first = "Every list" if model == "Mb" else "Every list after the first"
        return (
            f"{first} has the same probability of a first capture, for everybody not yet recorded; the lists are in "
            "time order, and the probability of a recapture may differ."
        )
    base, _, shape = model.partition("-")
    if not shape:
        lists = "" if base == "Mt" else " on every list"
        return f"The lists are independent, and every person has the same capture probability{lists}."
    lists = "all lists have the same effect" if base == "Mh" else "a list has the same effect on everybody's log odds"
    if shape == "Normal":
        return (
            f"For each person the lists are independent, and {lists}; capture probabilities differ between people, and "
            "over all people, those on no list among them, the log odds of capture are normal, which no data can show."
        )
    if shape == "Chao":
        return (
            f"For each person the lists are independent, and {lists}; capture probabilities may differ between people "
            "in any way, so the number is a lower bound and not an estimate of the total."
        )
    return (
        f"For each person the lists are independent, and {lists}; capture probabilities differ between people, and "
        f"among those on no list {_SHAPES[shape]}, which no data can show."
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Maximum likelihood under one design.

    `covariance` is the inverse information of the coefficients, `gain` what the fit has left to gain.
    """

    coefficients: FloatArray
    covariance: FloatArray
    deviance: float
    log_likelihood: float
    set_to_zero: int
    gain: float


def _fitted(design: FloatArray, counts: IntArray, free: BoolArray) -> _Fit | None:
    """Maximum likelihood; None where it does not exist.

    Parameters
    ----------
    design : float array, shape (C, P)
        X.
    counts : int array, shape (C,)
        The table.  Unit: persons.
    free : bool array, shape (P,)
        Columns whose coefficients must not be negative; those that are leave the model, and the rest is fitted again.
    """
    used = np.ones(design.shape[1], dtype=bool)
    for column in np.flatnonzero(free):
        # The kink at m has the coefficient minus infinity where nobody is on exactly m lists: |omega| where it is 1.
        used[column] = counts[design[:, column] == 1].sum() > 0
    while True:
        fits = fit_models(design, counts, used[None, :])
        at_rest = bool(fits.converged[0])
        if not at_rest or (fits.smallest_mean[0] < _INNER and not maximum_exists(design[:, used], counts)):
            return None
        negative = free & used & (fits.coefficients[0] < 0)
        if not negative.any():
            break
        used &= ~negative
    coefficients = fits.coefficients[0]
    weighted = design[:, used] * np.exp(design @ coefficients)[:, None]
    covariance = np.zeros((len(used), len(used)))
    covariance[np.ix_(used, used)] = np.linalg.inv(weighted.T @ design[:, used])
    gain = gain_left(design[:, used], counts, coefficients[used])
    return _Fit(
        coefficients, covariance, float(fits.deviance[0]), float(fits.log_likelihood[0]), int((~used).sum()), gain
    )


def _unseen_after_behaviour(b: FloatArray) -> tuple[float, FloatArray] | None:
    """Under Mb and Mbh, a = log n_0 and its gradient in the coefficients; None where no p above 0 fits."""
    log_missed = -log1p(exp(b[2])) - b[1]  # log(1 - p)
    if log_missed >= 0:
        return None
    p = -expm1(log_missed)
    recapture = 1 / (1 + exp(-b[2]))
    gradient = np.zeros(len(b))
    gradient[:3] = 1, -1 / p, -recapture / p
    return float(b[0] + log_missed - log(p)), gradient


@dataclass(frozen=True, slots=True)
class Heterogeneity(FitChecked):
    """The number of people by a log-linear model with heterogeneity (Rivest, Baillargeon 2007).

    For each person the lists are independent, and the form of the heterogeneity is known (the identifying assumption).

    Parameters
    ----------
    model : str
        ``"M0"`` (equal capture probabilities), ``"Mt"`` (lists differ), ``"Mh-..."`` (people differ) or ``"Mth-..."``
        (both), each of the last two with ``Chao`` (a lower bound), ``Poisson2``, ``Darroch``, ``Gamma3.5``,
        ``Gamma2.5`` or ``Normal``; or ``"Mb"`` and ``"Mbh"`` (behavioural response to the first capture; lists in time
        order).
    fit_check : bool
        Whether the fit to the lists is checked by simulated tables, which changes none of the numbers.

    Raises
    ------
    SettingError
        When there is no such model.

    Examples
    --------
    >>> histories = {"100": 30, "010": 20, "001": 25, "110": 8, "011": 6, "101": 7, "111": 4}
    >>> table = CaptureTable.from_histories(["A", "B", "C"], histories)
    >>> print(Heterogeneity("Mt").fit(table, rng=1))
    about 175 people (95 % confidence interval 142 to 232); 100 observed
    """

    name: ClassVar[str] = "heterogeneity"

    model: HeterogeneityModel = "Mth-Chao"

    def __post_init__(self) -> None:
        known = get_args(HeterogeneityModel)
        if self.model not in known:
            check_settings(self.name, [f"model = {self.model!r}; choose from {', '.join(known)}"])

    @property
    def title(self) -> str:
        """For a reader, with the model.

        Examples
        --------
        >>> Heterogeneity("Mth-Darroch").title, Heterogeneity("Mt").title
        ('Heterogeneity, Mth (Darroch)', 'Log-linear, Mt')
        """
        base, _, form = self.model.partition("-")
        return f"Heterogeneity, {base} ({form})" if form else f"Log-linear, {base}"

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            _identifying(self.model),
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        minimum = 2 if self.model in ("M0", "Mt", "Mb") else 3
        return unusable_lists(table, minimum=minimum, maximum=_MOST_LISTS) or no_overlap(table)

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N by maximum likelihood; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        if self.model.endswith("Normal"):
            return self._normal(table, rng)
        n = table.n_observed
        design = design_of(self.model, len(table.lists))
        kinks = np.zeros(design.shape[1], dtype=bool)
        if self.model.endswith("Chao"):
            kinks[-(len(table.lists) - 2) :] = True
        fit = _fitted(design, table.cells()[1:], kinks)
        if fit is None:
            return not_estimable(self, table, rng, self._without_maximum(table))
        unseen = self._unseen(fit)
        if unseen is None:
            return not_estimable(
                self,
                table,
                rng,
                "the number of first captures does not fall from list to list, so n_0 is not identified; put the "
                "lists in time order, or use a model without behavioural response",
            )
        a, variance = unseen
        if not (a < log(MAX_PERSONS) and exp(a) > 1e-9 * n):
            return not_estimable(
                self,
                table,
                rng,
                f"the likelihood is largest at n_0 = exp({a:.1f}); use a simpler model, or merge lists",
            )
        check = _checked(self.model, fit, table, design, kinks, rng.spawn(1)[0] if self.fit_check else None)
        is_bound = self.model == "Mth-Chao" or (self.model == "Mh-Chao" and not sizes_differ(table))
        point = bound_with_log_limit if is_bound else point_with_log_interval
        return estimate(
            self,
            table,
            rng,
            point(n + exp(a), sqrt(exp(a) + exp(2 * a) * variance), n),
            is_lower_bound=is_bound,
            diagnostics=Diagnostics((gain_check([fit.gain]),)),
            notes=self._notes(table, fit),
            tables=check.tables,
            fit=check.fit,
        )

    def _normal(self, table: CaptureTable, rng: np.random.Generator) -> Result:
        """The answer where the log odds of capture are normal."""
        model, counts = cast(NormalModel, self.model), table.cells()[1:]
        fit = fit_normal(model, counts)
        if fit is None:
            return not_estimable(self, table, rng, self._without_normal(table))
        n, unseen = table.n_observed, fit.unseen
        if not 1e-9 * n < unseen < MAX_PERSONS:
            reason = (
                f"the likelihood is largest at n_0 = exp({fit.log_unseen:.1f}); use a simpler model, or merge lists"
            )
            return not_estimable(self, table, rng, reason)
        check = checked_normal(model, fit, table, rng.spawn(1)[0] if self.fit_check else None)
        spread = (
            f"The standard deviation of the log odds of capture between people is estimated at {fit.sigma:.2f}: at the "
            f"90th percentile of people the odds are {exp(_PERCENTILE_90 * fit.sigma):.1f} times those at the median."
        )
        return estimate(
            self,
            table,
            rng,
            point_with_log_interval(n + unseen, sqrt(unseen + unseen**2 * fit.variance), n),
            diagnostics=Diagnostics((gain_check([fit.gain]),)),
            notes=(*self._conditional(table, len(fit.parameters)), spread),
            tables=check.tables,
            fit=check.fit,
        )

    def _without_normal(self, table: CaptureTable) -> str:
        simpler = "M0" if self.model == "Mh-Normal" else "Mt"
        return (
            f"the likelihood of {self.model} has no maximum with a spread of capture probabilities above 0 on this "
            f"table, which shows no heterogeneity of this form or is too sparse for it; use {simpler}, or merge lists"
        )

    def _unseen(self, fit: _Fit) -> tuple[float, float] | None:
        """The estimate of a = log n_0 and its variance."""
        if self.model not in BEHAVIOUR:
            return float(fit.coefficients[0]), float(fit.covariance[0, 0])
        found = _unseen_after_behaviour(fit.coefficients)
        if found is None:
            return None
        a, gradient = found
        return a, float(gradient @ fit.covariance @ gradient)

    def _without_maximum(self, table: CaptureTable) -> str:
        seen_on = ", ".join(f"{f:,} on {k}" for k, f in enumerate(table.frequencies.tolist(), 1))
        return (
            f"the likelihood of {self.model} has no maximum on this table, which is too sparse for it ({seen_on} of "
            "the lists); use a simpler model, or merge lists"
        )

    def _conditional(self, table: CaptureTable, n_parameters: int) -> tuple[str, str]:
        """That the interval is conditional on the model, and the identification statement."""
        return (
            f"The interval is conditional on {self.model}; it does not include model-selection uncertainty.",
            identification_note(self.title, n_parameters, len(table.lists), because="people differ in this way"),
        )

    def _notes(self, table: CaptureTable, fit: _Fit) -> tuple[str, ...]:
        n_parameters = design_of(self.model, len(table.lists)).shape[1]
        conditional, identification = self._conditional(table, n_parameters)
        notes = [conditional]
        if fit.set_to_zero:
            notes.append(
                f"Of the {len(table.lists) - 2} eta parameters of Chao's form {fit.set_to_zero} would be negative, "
                "which no heterogeneity can produce, and 0 stands instead: by chance, or because lists depend on each "
                "other, and then the total can be below this number."
            )
        notes.append(identification)
        if self.model == "Mh-Chao":
            notes.append(size_note(table))
        if self.model in BEHAVIOUR:
            notes.append(f"The lists are taken in this order: {', '.join(table.lists)}.")
        return tuple(notes)


def _checked(
    model: str, fit: _Fit, table: CaptureTable, design: FloatArray, free: BoolArray, rng: np.random.Generator | None
) -> FitCheck:
    """Goodness of fit: deviance, AIC, BIC, p-values and residuals."""
    used = ~free | (fit.coefficients > 0)
    parameters = design.shape[1] - fit.set_to_zero
    mean = np.exp(design @ fit.coefficients)
    return check_fit(
        table,
        mean,
        leverages(design[:, used], mean),
        (
            ("degrees of freedom", design.shape[0] - parameters),
            ("AIC", 2 * parameters - 2 * fit.log_likelihood),
            ("BIC", parameters * log(table.n_observed) - 2 * fit.log_likelihood),
        ),
        title=model,
        refit=partial(refit_design, design=design, bounded=free),
        is_fixed=not free.any(),
        rng=rng,
    )
