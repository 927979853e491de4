"""The average over log-linear models whose weights were fixed on another table.

Likelihood: as in `estimation.models.log_linear.averaged`.
Identifying assumption: the dependence between the lists is one of these models, each with its stated weight.

Symbols
-------
g : a model.   w_g : its weight, stated.   N_g, s_g : its estimate and standard error on the table.

    N = sum w_g N_g        SE = sqrt(sum w_g {s_g^2 + (N_g - N)^2})

What a change of the table does to N is then what it does under each model, and nothing comes from another choice of
weights; that the changed table would have given other weights is left out of the interval.

Reference: Buckland, Burnham, Augustin (1997), Biometrics 53:603-618, for the average.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isclose
from typing import ClassVar

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray
from estimation.models.log_linear.convergence import family_check
from estimation.models.log_linear.family import MAX_LISTS_FITTED, Family, fit_family
from estimation.models.log_linear.terms import parse_generators, terms_of
from estimation.models.protocol import (
    CLOSED_POPULATION,
    SAME_PROBABILITIES,
    check_settings,
    estimate,
    not_estimable,
    unusable_lists,
)
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Result
from estimation.results.log_interval import point_with_log_interval
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["FixedWeights", "weighted"]

_LEAST_SHARE = 0.95
"""Where the models that give an estimate have less of the weight than this, their average is of another thing."""


def weighted(family: Family, weights: FloatArray) -> tuple[float, float]:
    """N and its standard error with these weights, shape (F,); zero for a model without an estimate.  Unit: persons."""
    usable = family.usable
    each, errors, share = family.total[usable], family.fits.standard_error[usable], weights[usable]
    total = float(share @ each)
    return total, float(np.sqrt(share @ (errors**2 + (each - total) ** 2)))


@lru_cache(maxsize=16)
def _terms(models: tuple[str, ...], lists: tuple[str, ...]) -> BoolArray:
    """The models as terms, shape (F, 2^J)."""
    return np.array([terms_of(parse_generators(model, lists), len(lists)) for model in models])


@dataclass(frozen=True, slots=True)
class FixedWeights:
    """The number of people averaged over log-linear models with stated weights (Buckland et al. 1997).

    One of the models holds, and none has an interaction of all lists (the identifying assumption).

    Parameters
    ----------
    models : tuple of str
        The generators of each, for example ``"[EXH ABA OSCE][EXH HRW]"``.
    weights : tuple of float
        Of each; they add to 1.

    Raises
    ------
    SettingError
        When the weights do not fit the models, or do not add to 1.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "111": 4})
    >>> print(FixedWeights(("[A][B][C]", "[A B][C]"), (0.5, 0.5)).fit(table, rng=1))
    about 400 people (95 % confidence interval 176 to 1,527); 120 observed
    """

    name: ClassVar[str] = "log-linear-fixed-weights"
    title: ClassVar[str] = "Log-linear, model average with fixed weights"

    models: tuple[str, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        problems = []
        if len(self.models) != len(self.weights) or not self.models:
            problems.append(f"{len(self.weights)} weights for {len(self.models)} models; give each model its weight")
        if min(self.weights, default=1) < 0 or not isclose(sum(self.weights), 1, abs_tol=1e-9):
            problems.append(f"the weights add to {sum(self.weights):g}; they must be 0 or more and add to 1")
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            f"The dependence between the lists is one of {len(self.models)} log-linear models with fixed weights; in "
            "particular, there is no interaction of all lists.",
            SAME_PROBABILITIES,
            CLOSED_POPULATION,
        )

    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        fitted = self._fitted(table)
        return fitted if isinstance(fitted, str) else None

    def _fitted(self, table: CaptureTable) -> Family | str:
        """The models fitted to the table, or why they give no average."""
        shared = unusable_lists(table, minimum=2, maximum=MAX_LISTS_FITTED)
        if shared is not None:
            return shared
        family = fit_family(table, _terms(self.models, table.lists))
        share = self._share(family)
        if share >= _LEAST_SHARE:
            return family
        return (
            f"of the models whose weights are fixed, those that give an estimate have {share:.0%} of the weight (at "
            f"least {_LEAST_SHARE:.0%} is needed); choose anew on this table"
        )

    def _share(self, family: Family) -> float:
        return float(np.array(self.weights)[family.usable].sum())

    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N as the weighted average; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        family = self._fitted(table)
        if isinstance(family, str):
            return not_estimable(self, table, rng, family)
        share = self._share(family)
        total, standard_error = weighted(family, np.array(self.weights) / share)
        point = point_with_log_interval(total, standard_error, table.n_observed)
        left = () if share > 1 - 1e-9 else (f"Models with {1 - share:.1%} of the weight give no estimate here.",)
        fixed = "The weights are fixed: the interval leaves out that this table would have given others."
        checks = Diagnostics((family_check(family, table, np.array(self.weights) * family.usable),))
        return estimate(self, table, rng, point, diagnostics=checks, notes=(fixed, *left))
