"""The probability of each capture history given covariates, fitted by scikit-learn.

*One against rest*: each q_w by a regression of its own, of being w and not something else; they need not add to 1.
*Jointly*: one regression of which history it is; they add to 1.

A *stacked* fit mixes the logistic and the boosted one with the weight a that minimises, on a fifth of the people whom
the two were not fitted on,

    sum_i {sum_w q_w(x_i) - log q_{w_i}(x_i)},                 q = a q_logistic + (1 - a) q_boosting,

the multinomial log-loss for probabilities that need not add to 1 (where they do, the first sum is 1): it is least at
the true ones.  Both are then fitted again on everybody.

References: Friedman (2001), Annals of Statistics 29:1189-1232, for boosting; Breiman (2001), Machine Learning 45:5-32,
for random forests; van der Laan, Polley, Hubbard (2007) for stacking; Pedregosa and others (2011) for scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from estimation.capture.table import FloatArray, IntArray
from estimation.models.covariates.features import Features
from estimation.models.covariates.folds import dealt

__all__ = ["Fitting", "LearnerName", "Sample", "history_probabilities"]

LearnerName: TypeAlias = Literal["stacked", "boosting", "logistic", "random-forest"]
Fitting: TypeAlias = Literal["one against rest", "jointly"]

_HOLD_OUT = 5
_LEAST = 1e-9
_ENOUGH_TO_STOP = 500
"""People from which on boosting stops where a tenth of them, set aside, are predicted no better."""


@dataclass(frozen=True, slots=True)
class Sample:
    """People to fit on or to predict.

    Parameters
    ----------
    features : Features
        Of all rows.
    history : int array, shape (C,)
        Codes from 1 to W.
    counts : int array, shape (C,)
        People of each row.  Unit: persons.
    weights : float array, shape (C,)
        How many each of them stands for.
    n_histories : int
        W.
    """

    features: Features
    history: IntArray
    counts: IntArray
    weights: FloatArray
    n_histories: int


def history_probabilities(
    learner: LearnerName, fitting: Fitting, sample: Sample, predicted: IntArray, rng: np.random.Generator
) -> FloatArray:
    """q_w(x) of some rows, fitted on a sample.

    Parameters
    ----------
    learner : {"stacked", "boosting", "logistic", "random-forest"}
        What is fitted.
    fitting : {"one against rest", "jointly"}
        Each history by itself, or all at once.
    sample : Sample
        Whom it is fitted on, at least one person of each history.
    predicted : int array, shape (R,)
        The rows to predict.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    float array, shape (R, W)
    """
    if learner != "stacked":
        return _fitted(_LEARNERS[learner], fitting, sample, predicted, rng)
    parts = dealt(sample.history, sample.counts, _HOLD_OUT, rng)
    out, rest = parts[:, 0], sample.counts - parts[:, 0]
    inner = Sample(sample.features, sample.history, rest, sample.weights, sample.n_histories)
    rows = np.flatnonzero(out)
    tried = [_fitted(_LEARNERS[name], fitting, inner, rows, rng) for name in _STACK]
    share = _stacking_weight(tried[0], tried[1], sample.history[rows], out[rows] * sample.weights[rows])
    first, second = (_fitted(_LEARNERS[name], fitting, sample, predicted, rng) for name in _STACK)
    return share * first + (1 - share) * second


def _stacking_weight(first: FloatArray, second: FloatArray, history: IntArray, weights: FloatArray) -> float:
    """a, for the predictions of two learners of the same people."""
    at = np.arange(len(history)), history - 1

    def loss(share: float) -> float:
        q = share * first + (1 - share) * second
        return float(weights @ (q.sum(axis=1) - np.log(np.maximum(q[at], _LEAST))))

    return float(minimize_scalar(loss, bounds=(0, 1), method="bounded").x)


_Fit: TypeAlias = Callable[[Sample, IntArray, IntArray, int], FloatArray]
"""A sample, the target of each row, the rows to predict and a seed give the probability of each target's value."""


def _fitted(fit: _Fit, fitting: Fitting, sample: Sample, predicted: IntArray, rng: np.random.Generator) -> FloatArray:
    seeds = rng.integers(2**31, size=sample.n_histories).tolist()
    if fitting == "jointly":
        return fit(sample, sample.history, predicted, seeds[0])
    columns = [
        fit(sample, (sample.history == code).astype(np.int64), predicted, seed)[:, 1]
        for code, seed in enumerate(seeds, start=1)
    ]
    return np.column_stack(columns)


def _logistic(sample: Sample, target: IntArray, predicted: IntArray, seed: int) -> FloatArray:
    """Ridge-penalised logistic regression; on rows weighted by their people it is that on people."""
    rows = np.flatnonzero(sample.counts)
    model = LogisticRegression(solver="newton-cholesky", max_iter=1_000, tol=1e-6)
    model.fit(sample.features.design[rows], target[rows], sample_weight=(sample.counts * sample.weights)[rows])
    return np.asarray(model.predict_proba(sample.features.design[predicted]))


def _boosting(sample: Sample, target: IntArray, predicted: IntArray, seed: int) -> FloatArray:
    """Boosted trees on people, each a row of its own: the least size of a leaf counts them."""
    people = np.repeat(np.arange(len(sample.counts)), sample.counts)
    stops = len(people) >= _ENOUGH_TO_STOP
    model = HistGradientBoostingClassifier(
        max_iter=200 if stops else 50,
        max_leaf_nodes=15,
        l2_regularization=1.0,
        early_stopping=stops,
        categorical_features=list(sample.features.categorical),
        random_state=seed,
    )
    model.fit(sample.features.places[people], target[people], sample_weight=sample.weights[people])
    return np.asarray(model.predict_proba(sample.features.places[predicted]))


def _forest(sample: Sample, target: IntArray, predicted: IntArray, seed: int) -> FloatArray:
    """A random forest on people, with at least five of them in a leaf."""
    people = np.repeat(np.arange(len(sample.counts)), sample.counts)
    model: Any = RandomForestClassifier(100, min_samples_leaf=5, random_state=seed)
    model.fit(sample.features.design[people], target[people], sample_weight=sample.weights[people])
    return np.asarray(model.predict_proba(sample.features.design[predicted]))


_LEARNERS: Mapping[str, _Fit] = MappingProxyType(
    {"logistic": _logistic, "boosting": _boosting, "random-forest": _forest}
)
_STACK = ("logistic", "boosting")
