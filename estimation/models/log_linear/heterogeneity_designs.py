"""The designs of log-linear models with heterogeneity or behavioural response, column by column.

Symbols
-------
J : lists.   C = 2^J - 1 : observable capture histories omega.   k = |omega| : lists a person is on.
i : first list a person is on, in the order of the table.   P : columns.

    M0    1, k                           Mt    1, omega_1, ..., omega_J
    Mb    1, J - i, k - 1                Mbh   1, J - i, k - 1, [i = 1]
    Mh    M0 and h(k)                    Mth   Mt and h(k)

    h :   Poisson2 2^k - 1     Darroch k^2 / 2     Gamma3.5 -log(3.5 + k) + log 3.5     Gamma2.5 the same with 2.5
          Chao, one column for each m = 3, ..., J:  max(k - m + 1, 0), with coefficients eta_m >= 0

Mh-Normal and Mth-Normal are no such columns: `estimation.models.log_linear.heterogeneity_normal`.

The smaller the rate of the gamma, the more people there are whom the lists hardly reach, and the larger is N.

Any mixture of people whose lists are independent has log-moments convex in k; the columns of Chao's model are the kinks
a convex function of k can have at m - 1 = 2, ..., J - 1, which is why a negative eta_m is not admissible.

References: Rivest, Baillargeon (2007), Biometrics 63:999-1006; Rivest, Levesque (2001) for Mb and Mbh; Otis, Burnham,
White, Anderson (1978) for the names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias, get_args

import numpy as np

from estimation.capture.table import FloatArray

__all__ = [
    "BEHAVIOUR",
    "HeterogeneityModel",
    "Shape",
    "capture_histories",
    "design_of",
    "shape_columns",
    "shapes_by_column",
]

Shape: TypeAlias = Literal["Poisson2", "Darroch", "Gamma3.5", "Gamma2.5", "Chao"]
"""The forms h of heterogeneity."""

HeterogeneityModel: TypeAlias = Literal[
    "M0", "Mt", "Mb", "Mbh",
    "Mh-Chao", "Mh-Poisson2", "Mh-Darroch", "Mh-Gamma3.5", "Mh-Gamma2.5",
    "Mth-Chao", "Mth-Poisson2", "Mth-Darroch", "Mth-Gamma3.5", "Mth-Gamma2.5",
    "Mh-Normal", "Mth-Normal",
]  # fmt: skip

BEHAVIOUR: tuple[HeterogeneityModel, ...] = ("Mb", "Mbh")
"""Models with behavioural response: a first capture changes the probability of the next; the order of lists matters."""


def capture_histories(n_lists: int) -> FloatArray:
    """omega, float array of shape (C, J): the observable histories in the order of `CaptureTable.cells`.

    Examples
    --------
    >>> capture_histories(2).tolist()
    [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    """
    codes = np.arange(1, 1 << n_lists)
    return ((codes[:, None] >> np.arange(n_lists)) & 1).astype(np.float64)


def _differences(shape: str, on: FloatArray, n_lists: int) -> list[FloatArray]:
    """The columns h(k) for the number of lists each history is on."""
    if shape == "Chao":
        return [np.maximum(on - m + 1, 0) for m in range(3, n_lists + 1)]
    if shape == "Poisson2":
        return [2**on - 1]
    if shape == "Darroch":
        return [on**2 / 2]
    rate = float(shape.removeprefix("Gamma"))
    return [np.log(rate) - np.log(rate + on)]


@lru_cache(maxsize=16)
def shapes_by_column(n_lists: int) -> tuple[Shape, ...]:
    """The form that each column of `shape_columns` belongs to; no form asks for fewer than three lists.

    Examples
    --------
    >>> shapes_by_column(4)
    ('Poisson2', 'Darroch', 'Gamma3.5', 'Gamma2.5', 'Chao', 'Chao')
    """
    if n_lists < 3:
        return ()
    *parametric, chao = get_args(Shape)
    return (*parametric, *(chao,) * (n_lists - 2))


@lru_cache(maxsize=16)
def shape_columns(n_lists: int) -> FloatArray:
    """The columns h of all forms, float array of shape (C, H), in the order of `Shape`.

    Examples
    --------
    >>> shape_columns(3)[-1].round(3).tolist()
    [7.0, 4.5, -0.619, -0.788, 1.0]
    """
    on = capture_histories(n_lists).sum(axis=1)
    shapes = dict.fromkeys(shapes_by_column(n_lists))
    columns = [column for shape in shapes for column in _differences(shape, on, n_lists)]
    return np.column_stack(columns) if columns else np.empty((len(on), 0))


def design_of(model: HeterogeneityModel, n_lists: int) -> FloatArray:
    """The design of a model, float array of shape (C, P); the first column is the intercept.

    Raises
    ------
    ValueError
        For a form that is no column of a design, the normal one.

    Examples
    --------
    >>> design_of("Mh-Chao", 3)[:, -1].tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    """
    if model.endswith("Normal"):
        raise ValueError(f"{model} is not linear in its coefficients, and has no design")
    omega = capture_histories(n_lists)
    on = omega.sum(axis=1)
    columns = [np.ones(len(omega))]
    if model in BEHAVIOUR:
        first = omega.argmax(axis=1)
        columns += [n_lists - 1.0 - first, on - 1]
        if model == "Mbh":
            columns.append((first == 0).astype(np.float64))
        return np.column_stack(columns)
    base, _, shape = model.partition("-")
    columns += list(omega.T) if base in ("Mt", "Mth") else [on]
    if shape:
        columns += _differences(shape, on, n_lists)
    return np.column_stack(columns)
