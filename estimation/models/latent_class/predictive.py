"""What draws of the latent classes expect of the observed table.

Symbols are those of `estimation.models.latent_class.model`.  Given the classes, and among the people observed,

    p(omega) = sum_k pi_k prod_j lambda_jk^omega_j (1 - lambda_jk)^(1 - omega_j) / (1 - rho),   rho the same for no list

Up to 10 lists every observable history is looked at; with more, the 500 with the most people, and all others together.
The number of lists of a person of class k is Poisson-binomial, which is summed list by list.
"""

from __future__ import annotations

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray
from estimation.models.predictive.checks import Predicted, evenly, predicted_cells

__all__ = ["class_parameters", "class_remark", "predicted_by_classes", "predicted_by_states"]

_MOST_LISTS_ENUMERATED = 10
_MOST_HISTORIES = 500
_AT_ONCE = 50
"""Draws whose histories are computed together: 50 x 1,023 histories x 20 classes are 8 MB."""


def class_parameters(states: FloatArray, n_lists: int) -> tuple[FloatArray, FloatArray]:
    """Log pi_k, shape (S, K), and logit lambda_jk, shape (S, J, K), from states of the sampler, shape (S, D).

    `estimation.models.latent_class.kernel` has the layout of a state.

    Examples
    --------
    >>> state = np.zeros((1, 2 * 3 + 2))  # two classes, three lists, E_1 = alpha = 1
    >>> log_share, logit = class_parameters(state, 3)
    >>> np.exp(log_share).round(3).tolist(), logit.shape
    ([[0.632, 0.368]], (1, 3, 2))
    """
    classes = states.shape[1] // (n_lists + 1)
    logit, log_pull, log_alpha = np.split(states, [n_lists * classes, -1], axis=1)
    spent = np.exp(log_pull - log_alpha)  # -log(1 - V_k)
    none = np.zeros((len(states), 1))
    with np.errstate(divide="ignore"):  # a stick of no length has the logarithm minus infinity
        log_stick = np.concatenate([np.log(-np.expm1(-spent)), none], axis=1)
    left = np.concatenate([none, -np.cumsum(spent, axis=1)], axis=1)
    return left + log_stick, logit.reshape(len(states), n_lists, classes)


def class_remark(classes: int, n_lists: int) -> str:
    """That so many classes could follow nearly any table, where they have as many parameters as it has histories.

    Examples
    --------
    >>> class_remark(30, 4), class_remark(2, 4)
    ('149 parameters for 15 histories, which could follow nearly any table', '')
    """
    parameters, histories = classes * (n_lists + 1) - 1, 2**n_lists - 1
    if parameters < histories - 1:
        return ""
    return f"{parameters:,} parameters for {histories:,} histories, which could follow nearly any table"


def _probabilities(patterns: BoolArray, log_share: FloatArray, logit: FloatArray) -> FloatArray:
    """Probability of each history, among all people, shape (S, C)."""
    on = patterns.astype(np.float64)
    log_missed = log_share - np.logaddexp(0.0, logit).sum(axis=1)
    found = np.empty((len(logit), len(on)))
    for at in range(0, len(logit), _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        found[some] = np.exp(log_missed[some, None, :] + on @ logit[some]).sum(axis=-1)
    return found


def predicted_by_classes(table: CaptureTable, log_share: FloatArray, logit_capture: FloatArray) -> Predicted:
    """What draws of the classes expect of a table.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    log_share : float array, shape (S, K)
        log pi_k.
    logit_capture : float array, shape (S, J, K)
        logit lambda_jk.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 5, "01": 5, "11": 5})
    >>> predicted_by_classes(table, np.zeros((1, 1)), np.zeros((1, 2, 1))).cells.round(3).tolist()
    [[0.333, 0.333, 0.333]]
    """
    n_lists = len(table.lists)
    if n_lists <= _MOST_LISTS_ENUMERATED:
        histories = (np.arange(1, 1 << n_lists)[:, None] >> np.arange(n_lists) & 1).astype(bool)
        return predicted_cells(table, _probabilities(histories, log_share, logit_capture))
    share, capture = np.exp(log_share), 1 / (1 + np.exp(-logit_capture))
    on_exactly = _on_exactly(share, capture)
    seen = on_exactly[:, 1:].sum(axis=1, keepdims=True)
    most = np.argsort(-table.counts, kind="stable")[:_MOST_HISTORIES]
    cells = _probabilities(table.patterns[most], log_share, logit_capture) / seen
    rest = np.maximum(1 - cells.sum(axis=1, keepdims=True), 0.0)
    names = tuple(" + ".join(np.array(table.lists)[pattern].tolist()) for pattern in table.patterns[most])
    counts = table.counts[most]
    return Predicted(
        (*names, "all other histories"),
        np.append(counts, table.n_observed - counts.sum()),
        np.hstack([cells, rest]) / np.hstack([cells, rest]).sum(axis=1, keepdims=True),
        on_exactly[:, 1:] / seen,
        _pairs(share, capture) / seen[:, :, None],
    )


def predicted_by_states(table: CaptureTable, states: FloatArray) -> Predicted:
    """What states of the sampler, shape (chains, S, D), expect of a table: evenly spaced ones of all chains."""
    flat = states.reshape(-1, states.shape[-1])
    return predicted_by_classes(table, *class_parameters(flat[evenly(len(flat))], len(table.lists)))


def _on_exactly(share: FloatArray, capture: FloatArray) -> FloatArray:
    """Probability of being on exactly 0, 1, ..., J lists, shape (S, J + 1)."""
    draws, n_lists, classes = capture.shape
    on = np.zeros((draws, n_lists + 1, classes))
    on[:, 0] = 1.0
    for j in range(n_lists):
        chance = capture[:, j, None, :]
        on[:, 1:] = on[:, 1:] * (1 - chance) + on[:, :-1] * chance
        on[:, :1] *= 1 - chance
    found: FloatArray = np.einsum("sk,smk->sm", share, on)
    return found


def _pairs(share: FloatArray, capture: FloatArray) -> FloatArray:
    """Probability of both lists of each pair, of one alone and of neither but another, shape (S, pairs, 4)."""
    first, second = np.triu_indices(capture.shape[1], 1)
    sizes = np.einsum("sk,sjk->sj", share, capture)
    both = np.einsum("sk,sik,sjk->sij", share, capture, capture, optimize=True)[:, first, second]
    only_first, only_second = sizes[:, first] - both, sizes[:, second] - both
    missed = (share * np.prod(1 - capture, axis=1)).sum(axis=1, keepdims=True)
    neither = 1 - missed - both - only_first - only_second
    found: FloatArray = np.maximum(np.stack([both, only_first, only_second, neither], axis=-1), 0.0)
    return found
