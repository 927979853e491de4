"""The average over many log-linear models, weighted by AIC or BIC.

Likelihood: as in `estimation.models.log_linear.one_model`, for each hierarchical model with main effects but the
saturated one; with heterogeneity, also for each with pairs only and a form of it that is chosen.
Identifying assumption: the dependence between the lists is one of these models; none has an interaction of all lists.

Symbols
-------
g : a model.   N_g, s_g : its estimate and standard error.   B_g : its BIC or AIC.

    w_g proportional to exp(-B_g / 2)        N = sum w_g N_g        SE = sqrt(sum w_g {s_g^2 + (N_g - N)^2})

The standard error includes the differences between the models.  The interval is by the log transform on n_0, which
approximates their mixture by one log-normal, even where two models with weight are far apart.

References
----------
Buckland, Burnham, Augustin (1997), Biometrics 53:603-618; Rivest, Baillargeon (2007), Biometrics 63:999-1006, for
heterogeneity; Burnham, Anderson (2004), Sociological Methods and Research 33:261-304, for the standard error; Chao
(1987) for the interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from estimation.capture.table import CaptureTable
from estimation.models.log_linear.convergence import family_check
from estimation.models.log_linear.family import Criterion, criterion_name
from estimation.models.log_linear.fixed_weights import FixedWeights, weighted
from estimation.models.log_linear.heterogeneity_designs import Shape
from estimation.models.log_linear.one_model import fit_of, terms_note
from estimation.models.log_linear.selected import (
    SHAPES,
    Among,
    best_models_table,
    explore,
    families_named,
    person_assumption,
    search_notes,
    setting_problems,
    why_not_search,
)
from estimation.models.log_linear.terms import format_model
from estimation.models.predictive.fit_checked import FitChecked
from estimation.models.protocol import (
    CLOSED_POPULATION,
    Choosing,
    Model,
    check_settings,
    estimate,
    not_estimable,
)
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Result
from estimation.results.log_interval import point_with_log_interval
from estimation.text.described import described_by
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of

__all__ = ["LogLinearAverage"]

_SHARE_FIXED = 0.999
"""The models that have so much of the weight are those that stay when weights are fixed."""


_OF_THE_BEST = "of the model with the largest weight, as if it had been named beforehand"


@dataclass(frozen=True, slots=True)
class LogLinearAverage(FitChecked):
    """The number of people averaged over many log-linear models by BIC or AIC weights (Buckland et al. 1997).

    One of the models holds, and none has an interaction of all lists (the identifying assumption).

    Parameters
    ----------
    criterion : {"bic", "aic", "bic-of-cells"}
        The criterion of the weights.
    family : {"hierarchical", "pairs", "with heterogeneity"}
        All hierarchical models; only those with interactions of two lists; or all hierarchical models, and again those
        with interactions of two lists with each form of heterogeneity.
    shapes : tuple of str
        The forms of heterogeneity that join the family with heterogeneity (no other): ``Poisson2``, ``Darroch``,
        ``Gamma3.5``, ``Gamma2.5``, and ``Chao``, which gives a lower bound.
    fit_check : bool
        Whether the fit to the lists (of the model with the largest weight) is checked by simulated tables, which
        changes none of the numbers.

    Raises
    ------
    SettingError
        When a setting is not one of those named.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> print(LogLinearAverage().fit(table, rng=1))
    about 219 people (95 % confidence interval 136 to 715); 120 observed
    """

    name: ClassVar[str] = "log-linear-average"
    title: ClassVar[str] = "Log-linear, model average"

    criterion: Criterion = "bic"
    family: Among = "hierarchical"
    shapes: tuple[Shape, ...] = SHAPES

    def __post_init__(self) -> None:
        problems = setting_problems(self.criterion, self.family, self.shapes)
        check_settings(self.name, problems)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        return (
            f"The dependence between the lists is one of the {families_named(self.family)}, weighted by "
            f"{criterion_name(self.criterion)}; in particular, there is no interaction of all lists.",
            person_assumption(self.family, self.shapes),
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        return why_not_search(table)

    @described_by(Choosing.fixed_on)
    def fixed_on(self, table: CaptureTable) -> Model:
        """The models with their weights on this table; see `estimation.models.protocol.Choosing`.

        With heterogeneity the weights are made anew on each table: a form of heterogeneity is no term that a model of
        fixed terms could have.
        """
        if self.family == "with heterogeneity" or self.why_not(table) is not None:
            return self
        family = explore(table, self.criterion, self.family)
        weights = family.weights(self.criterion)
        order = np.argsort(-weights, kind="stable")
        used = order[: int(np.searchsorted(np.cumsum(weights[order]), _SHARE_FIXED)) + 1]
        return FixedWeights(
            tuple(format_model(family.models[k], table.lists) for k in used.tolist()),
            tuple((weights[used] / weights[used].sum()).tolist()),
        )

    @described_by(Model.fit)
    def fit(self, table: CaptureTable, *, rng: RandomState, workers: int = 1, progress: Progress = silent) -> Result:
        """Estimate N as the weighted average; see `estimation.models.protocol.Model.fit`."""
        rng = generator_of(rng)
        why_not = self.why_not(table)
        if why_not is not None:
            return not_estimable(self, table, rng, why_not)
        family = explore(table, self.criterion, self.family, self.shapes)
        weights = family.weights(self.criterion)
        total, standard_error = weighted(family, weights)
        best = int(np.argmin(family.score(self.criterion)))
        check = fit_of(family, table, best, rng=rng.spawn(1)[0] if self.fit_check else None)
        return estimate(
            self,
            table,
            rng,
            point_with_log_interval(total, standard_error, table.n_observed),
            diagnostics=Diagnostics((family_check(family, table, weights),)),
            notes=(
                f"The model with the largest weight ({weights[best]:.3f}), "
                f"{format_model(family.models[best], table.lists)}, gives {family.total[best]:,.0f} people; the "
                "interval includes model-selection uncertainty.",
                *search_notes(family, table),
                terms_note(family, table, best),
            ),
            tables=(best_models_table(family, table, self.criterion), *check.tables),
            fit=None if check.fit is None else replace(check.fit, remark=_OF_THE_BEST),
        )
