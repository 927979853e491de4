"""Which models the Bayesian log-linear average is over: all hierarchical ones, or with forms of heterogeneity too.

Symbols
-------
J lists; C = 2^J histories h, that of those on no list among them; k lists of a history; h(k) a form of heterogeneity
(`estimation.models.log_linear.heterogeneity_designs`), whose value for those on no list is h(0) = 0.

    hierarchical           the hierarchical models with all main effects, the saturated one not among them
    with heterogeneity     these, and each with interactions of two lists only again with each of the forms chosen

A form's column z is what main effects leave of h(k) over all C histories, made to a mean square of 1, so that it is on
the footing of the sum-to-zero columns, z'z = C. Darroch's is the sum of the columns of all J (J - 1) / 2 pairs over the
root of their number: heterogeneity of that form makes all pairs depend alike, and positively.

Its coefficient tau is added to a model's others, log mu_h = alpha + x_h theta + tau z_h.  People whose lists are
independent, and who differ, have tau >= 0: its prior is that of the other coefficients cut at zero,

    tau | sigma^2 ~ Normal(0, sigma^2), tau >= 0

Left out are models whose columns are dependent over the histories that can be observed (all pairs and Darroch; on three
lists all pairs and any form): what they say of those on no list is not in the lists at all.

On 100 synthetic tables each the interval of the average with three forms holds N in 71 where there are two hidden
classes (4 without heterogeneity), and is twice as long where lists are independent (99 either way).

References
----------
Darroch, Fienberg, Glonek, Junker (1993), Journal of the American Statistical Association 88:1137-1148; Rivest,
Baillargeon (2007), Biometrics 63:999-1006, for the forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np

from estimation.capture.table import BoolArray, FloatArray
from estimation.models.log_linear.heterogeneity_designs import Shape, shape_columns
from estimation.models.log_linear.terms import (
    hierarchical_models,
    model_design,
    pair_models,
    with_heterogeneity,
)

__all__ = ["BayesianFamily", "averaged_models", "standard_forms"]

BayesianFamily: TypeAlias = Literal["hierarchical", "with heterogeneity"]


@lru_cache(maxsize=8)
def standard_forms(n_lists: int) -> FloatArray:
    """The columns z of all forms, shape (H, 2^J), in the order of `heterogeneity_designs.shape_columns`.

    Parameters
    ----------
    n_lists : int
        J, at least 3.

    Examples
    --------
    Darroch's form on four lists, for those on no, one, two, three and four of them:

    >>> standard_forms(4)[1, [0, 1, 3, 7, 15]].round(3).tolist()
    [2.449, 0.0, -0.816, 0.0, 2.449]
    """
    cells = np.arange(1 << n_lists)
    on = ((cells[:, None] >> np.arange(n_lists)) & 1).astype(np.float64)
    main = np.column_stack([np.ones(len(cells)), 2 * on - 1])
    forms = np.vstack([np.zeros(shape_columns(n_lists).shape[1]), shape_columns(n_lists)])
    left = forms - main @ (main.T @ forms) / len(cells)
    scaled: FloatArray = np.ascontiguousarray((left / np.sqrt((left**2).mean(axis=0))).T)
    scaled.flags.writeable = False
    return scaled


def averaged_models(n_lists: int, family: BayesianFamily, shapes: Sequence[Shape]) -> BoolArray:
    """The models of a family on 2 to 5 lists, those with heterogeneity after the others.

    Parameters
    ----------
    n_lists : int
        J.
    family : {"hierarchical", "with heterogeneity"}
        Two lists carry no heterogeneity.
    shapes : sequence of str
        The forms that join the second.

    Returns
    -------
    bool array, shape (M, 2^J) or (M, 2^J + H)
        As in `estimation.models.log_linear.terms.with_heterogeneity`.

    Examples
    --------
    >>> forms = ["Darroch", "Gamma3.5"]
    >>> [len(averaged_models(n_lists, "with heterogeneity", forms)) for n_lists in (2, 3, 4)]
    [1, 22, 240]
    """
    models = hierarchical_models(n_lists)
    if family == "hierarchical" or n_lists == 2:
        return models
    wide = with_heterogeneity(pair_models(n_lists), shapes)
    wide = wide[wide[:, 1 << n_lists :].any(axis=1)]
    design = model_design(wide)
    known = [np.linalg.matrix_rank(design[:, model]) == model.sum() for model in wide]
    return np.concatenate([with_heterogeneity(models, ()), wide[known]])
