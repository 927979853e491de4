"""Many log-linear models on one table: existence, fit and score of each; and why one of them gives no estimate.

Symbols
-------
n : people observed.   n_0 = exp(a) : people unobserved, a the intercept.   k : terms of the model, those whose
coefficient is minus infinity and its columns of heterogeneity included.   C : cells, 2^J - 1.   l : log likelihood of
the Poisson, constants included.

    N = n + exp(a)                          SE(N) = sqrt(exp(a) + exp(2a) Var(a))
    AIC = 2k - 2l                           BIC = k log n - 2l
    BIC of the cells = k log C - 2l, which takes each cell for an observation

The coefficient of a column of heterogeneity must not be negative: people whose lists are independent, and who differ in
how easily they are recorded, have log-moments that are convex in k = |omega| (see
`estimation.models.log_linear.heterogeneity_designs`).  Where the maximum has a negative one, the largest value that is
allowed has it at zero, and is that of the model without the column, so that the wider model is left out.

References
----------
Fienberg (1972), Biometrika 59:591-603; Cormack (1989), Biometrics 45:395-413; Rivest, Levesque (2001), Biometrics
57:555-560, for the standard error; Chan, Silverman, Vincent (2021) for the extended estimate; Kass, Raftery (1995),
Journal of the American Statistical Association 90:773-795, on what counts as an observation in the BIC of a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

import numpy as np
from scipy.linalg import null_space

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray
from estimation.models.log_linear.existence import FINE, NO_ESTIMATE, codes_of, forced_empty, reduced
from estimation.models.log_linear.poisson_fit import PoissonFits, fit_models
from estimation.models.log_linear.terms import format_model, generators_of, lists_of, model_design

__all__ = [
    "MAX_LISTS_FITTED",
    "Criterion",
    "Family",
    "and_words",
    "criterion_name",
    "empty_terms",
    "fit_family",
    "is_convex",
    "penalty",
    "why_not",
]

Criterion: TypeAlias = Literal["bic", "aic", "bic-of-cells"]

MAX_LISTS_FITTED = 10
"""With 10 lists there are 1,023 cells; with more, the cells outnumber the people."""


def criterion_name(criterion: Criterion) -> str:
    """A criterion as it is written.

    Examples
    --------
    >>> criterion_name("aic"), criterion_name("bic-of-cells")
    ('AIC', 'BIC of cells')
    """
    return "BIC of cells" if criterion == "bic-of-cells" else criterion.upper()


def penalty(criterion: Criterion, n_observed: FloatArray | float, n_lists: int) -> FloatArray | float:
    """What a criterion charges for each term of a model.

    Examples
    --------
    >>> [round(float(penalty(criterion, 1000.0, 4)), 2) for criterion in ("aic", "bic-of-cells", "bic")]
    [2.0, 2.71, 6.91]
    """
    if criterion == "aic":
        return 2.0
    return cast(FloatArray, np.log((1 << n_lists) - 1.0 if criterion == "bic-of-cells" else n_observed))


def is_convex(models: BoolArray, fits: PoissonFits) -> BoolArray:
    """Whether no coefficient of heterogeneity is negative, shape (F,)."""
    return cast(BoolArray, (fits.coefficients[:, 1 << lists_of(models) :] >= 0).all(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """F models fitted to one table.

    Parameters
    ----------
    models : bool array, shape (F, 2^J) or (F, 2^J + H)
        Terms of each, and its columns of heterogeneity.
    columns, retained : bool array, shapes as of models and (F, 2^J - 1)
        The terms with a finite coefficient, and the cells with a mean above zero.
    fits : PoissonFits
        Their fits.
    codes : int array, shape (F,)
        As in `estimation.models.log_linear.existence`; 0 is fine.
    n_observed : int
        Unit: persons.
    """

    models: BoolArray
    columns: BoolArray
    retained: BoolArray
    fits: PoissonFits
    codes: IntArray
    n_observed: int

    def __len__(self) -> int:
        return len(self.models)

    @property
    def usable(self) -> BoolArray:
        """Whether the model gives an estimate, shape (F,)."""
        return cast(BoolArray, (self.codes == FINE) & self.fits.converged & is_convex(self.models, self.fits))

    @property
    def total(self) -> FloatArray:
        """N by each model, shape (F,); NaN where it gives no estimate.  Unit: persons."""
        return np.where(self.usable, self.n_observed + self.fits.unseen, np.nan)

    def score(self, criterion: Criterion) -> FloatArray:
        """AIC or BIC of each model, shape (F,); infinite where it gives no estimate.  Smaller is better."""
        each = penalty(criterion, self.n_observed, lists_of(self.models))
        return np.where(self.usable, each * self.models.sum(axis=1) - 2 * self.fits.log_likelihood, np.inf)

    def weights(self, criterion: Criterion) -> FloatArray:
        """exp(-score / 2), made to add to 1, shape (F,); zero where a model gives no estimate."""
        score = self.score(criterion)
        relative = np.exp(-(score - score.min()) / 2)  # beside the best one, or all would be zero
        return cast(FloatArray, relative / relative.sum())

    def fitted(self, which: int) -> FloatArray:
        """Fitted means of one model, shape (2^J - 1,), in the order of the cells.  Unit: persons."""
        means = np.exp(model_design(self.models) @ self.fits.coefficients[which])
        return np.where(self.retained[which], means, 0.0)


def fit_family(table: CaptureTable, models: BoolArray) -> Family:
    """Fit models to a table, each with its existence and identifiability.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    models : bool array, shape (F, 2^J) or (F, 2^J + H)
        Terms of each model, and its columns of heterogeneity.

    Examples
    --------
    >>> from estimation.models.log_linear.terms import hierarchical_models
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    >>> fit_family(table, hierarchical_models(2)).total.round(6).tolist()
    [231.0]
    """
    cells = table.cells()
    columns, retained = reduced(models, cells)
    fits = fit_models(model_design(models), cells[1:], columns, retained)
    return Family(models, columns, retained, fits, codes_of(columns, retained, cells, fits), table.n_observed)


def and_words(words: Iterable[str]) -> str:
    """Words as an enumeration: "A", "A and B", "A, B and C"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _named(term: int, lists: Sequence[str]) -> str:
    return and_words(name for j, name in enumerate(lists) if term >> j & 1)


def _spaced(term: int, lists: Sequence[str]) -> str:
    return " ".join(name for j, name in enumerate(lists) if term >> j & 1)


def _smallest(terms: Iterable[int]) -> list[int]:
    """Those that contain no other."""
    every = list(terms)
    return [t for t in every if not any(o != t and o & t == o for o in every)]


def empty_terms(terms: BoolArray, columns: BoolArray, lists: Sequence[str]) -> str:
    """The overlaps that nobody is in and whose coefficient is minus infinity, in words; empty where there are none."""
    empty = _smallest(np.flatnonzero((terms & ~columns)[: 1 << len(lists)]).tolist())
    return " or on ".join(_named(t, lists) for t in empty)


def why_not(family: Family, table: CaptureTable, which: int = 0) -> str:
    """Why a model gives no estimate on this table and what to do, with the lists named."""
    terms, columns, retained = family.models[which], family.columns[which], family.retained[which]
    lists, model = table.lists, format_model(family.models[which], table.lists)
    design = model_design(terms)
    cells_by_terms = np.ix_(retained, columns)
    reasons = []
    empty = empty_terms(terms, columns, lists)
    if family.codes[which] == FINE:
        return f"the fit of {model} did not converge; leave an interaction out"
    if family.codes[which] & NO_ESTIMATE:
        forced = forced_empty(design[cells_by_terms], table.cells()[1:][retained].astype(np.float64))
        cells = _smallest((np.flatnonzero(retained)[forced] + 1).tolist())
        where = " or on ".join(_named(c, lists) for c in cells)
        reasons.append(
            f"the likelihood of {model} has no maximum: it increases without end as the expected number on {where} "
            "goes to zero"
        )
    if family.codes[which] != NO_ESTIMATE:
        alias = np.abs(null_space(design[cells_by_terms])).max(axis=1) > 1e-9
        aliased = np.flatnonzero(columns)[alias]
        confused = and_words(f"[{_spaced(t, lists)}]" if t else "n_0" for t in aliased.tolist())
        before = f"with nobody on {empty}, " if empty else ""
        reasons.append(f"{before}the table cannot tell apart these terms of {model}: {confused}")
    largest = [t for t in generators_of(terms) if t.bit_count() > 1]
    named = ", ".join(f"[{_spaced(t, lists)}]" for t in largest)
    return "; ".join(reasons) + (f"; leave out an interaction ({named}) or merge lists" if named else "; merge lists")
