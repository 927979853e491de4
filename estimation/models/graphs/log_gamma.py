"""log of Gamma(x + a) / Gamma(x + b), exact to rounding also where x is large.

The difference of two values of log Gamma loses digits as x grows (at x = 10^6 each is 10^7, and 2 x 10^-9 is lost).
By Stirling's series with y = x + b and d = b - a,

    log Gamma(y - d) - log Gamma(y) = (y - d - 1/2) log(1 - d/y) - d log y + d + R(y - d) - R(y)
    R(y) = 1/(12 y) - 1/(360 y^3) + 1/(1260 y^5) - 1/(1680 y^7) + 1/(1188 y^9) - 691/(360360 y^11) + ...

where no term is larger than the result.

References: Abramowitz, Stegun (1964), 6.1.40-41.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from estimation.capture.table import FloatArray

__all__ = ["log_gamma_ratio"]

_SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
_SERIES_FROM = 20.0


def _remainder(y: FloatArray) -> FloatArray:
    inverse = 1 / y
    square = inverse * inverse
    total = np.zeros_like(y)
    for term in reversed(_SERIES):
        total = total * square + term
    return total * inverse


def log_gamma_ratio(x: FloatArray, a: float, b: float) -> FloatArray:
    """Log Gamma(x + a) - log Gamma(x + b).

    Parameters
    ----------
    x : float array, shape (P,)
        Not negative.
    a, b : float
        Above 0.

    Returns
    -------
    float array, shape (P,)

    References
    ----------
    Abramowitz, Stegun (1964), 6.1.40-41.

    Examples
    --------
    >>> log_gamma_ratio(np.array([3.0, 1e12]), 2.0, 1.0).round(12).tolist() == np.log([4, 1e12 + 1]).round(12).tolist()
    True
    """
    low, high = x + a, x + b
    ratio: FloatArray = np.empty_like(x)
    small = np.minimum(low, high) < _SERIES_FROM
    ratio[small] = gammaln(low[small]) - gammaln(high[small])
    low, y = low[~small], high[~small]
    d = b - a
    ratio[~small] = (low - 0.5) * np.log1p(-d / y) - d * np.log(y) + d + _remainder(low) - _remainder(y)
    return ratio
