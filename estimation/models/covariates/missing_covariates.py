"""People of whom a covariate is missing: those of whom all are known stand for them.

Assumed: a covariate is missing at random given the capture history and the covariates that are known of everybody.

Symbols
-------
R : whether all covariates of a person are known.   v : covariates that are known of everybody.
pi(w, v) : P(R = 1 | w, v).   m_w : mean of phi over the people with history w, weighted by R / pi.

Whoever has all covariates weighs 1/pi in the fits of q_w, and N is the sum over everybody of

    R phi / pi - (R / pi - 1) m_w,                                      m_w for those with a covariate missing.

The second term has mean 0 and takes from the variance what is known: how many people have each history.  Where no
covariate is known of everybody, pi is the share of people with history w of whom all is known, the second term adds to
exactly 0, and the sum over 1/pi is n_w for each history.  Otherwise pi is a logistic regression on w and v.

Given the covariates alone, and not the history, it would be wrong wherever one source says less of people than others.

References: Robins, Rotnitzky, Zhao (1994), Journal of the American Statistical Association 89:846-866; Das, Kennedy
(2022) for covariates missing of part of the lists.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from estimation.capture.table import FloatArray
from estimation.models.covariates.features import features_of
from estimation.models.covariates.people import People

__all__ = ["probability_known", "with_missing"]

_RIDGE = 100.0  # sklearn's C: the inverse of the penalty


def probability_known(people: People, numeric: tuple[bool, ...]) -> FloatArray:
    """Pi of each row, shape (C,): 1 where no covariate is missing.

    Every history has somebody of whom all is known.
    """
    known = people.known
    if known.all():
        return np.ones(len(people.counts))
    always = [at for at in range(people.codes.shape[1]) if (people.codes[:, at] >= 0).all()]
    if not always:
        of_all = np.bincount(people.history, weights=people.counts)
        of_known = np.bincount(people.history, weights=people.counts * known)
        return np.asarray((of_known / np.maximum(of_all, 1))[people.history])
    parts = features_of(
        people.codes[:, always], [people.values[at] for at in always], [numeric[at] for at in always]
    ).design
    design = csr_array(hstack([OneHotEncoder().fit_transform(people.history[:, None]), parts]))
    model = LogisticRegression(C=_RIDGE, solver="newton-cholesky", max_iter=1_000, tol=1e-6)
    model.fit(design, known.astype(np.int64), sample_weight=people.counts)
    return np.asarray(model.predict_proba(design)[:, 1])


def with_missing(
    phi: FloatArray, people: People, rows: np.ndarray, counts: np.ndarray, pi: FloatArray
) -> tuple[FloatArray, np.ndarray]:
    """What each kind of people adds to N, those with a covariate missing among them; and how many they are.

    Parameters
    ----------
    phi : float array, shape (U,)
        Influences of people of whom all is known.
    people : People
        Everybody.
    rows, counts : int arrays, shape (U,)
        Where each of those kinds is among the rows of ``people``, and how many they are.  Unit: persons.
    pi : float array, shape (C,)
        Of `probability_known`.
    """
    missing = np.flatnonzero(~people.known)
    if not missing.size:
        return phi, counts
    weights, own = 1 / pi[rows], people.history[rows]
    size = int(people.history.max()) + 1
    weighed = np.bincount(own, weights=counts * weights, minlength=size)
    mean = np.bincount(own, weights=counts * weights * phi, minlength=size) / np.where(weighed > 0, weighed, 1.0)
    added = weights * (phi - mean[own]) + mean[own]
    return np.concatenate([added, mean[people.history[missing]]]), np.concatenate([counts, people.counts[missing]])
