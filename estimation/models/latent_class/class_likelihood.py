"""The likelihood of N with K latent classes and no prior: for each of many N, the largest over all other parameters.

Likelihood: of N people, each is of class k with probability pi_k and on list j with probability lambda_jk, the lists
independent within a class.  With n_0 = N - n people on no list put into the table,

    l(N) = log N! - log n_0! + max over pi, lambda of  sum over all histories, the empty one with n_0, of n_h log p_h

up to a constant.  There is no prior and nothing is random: what a table says by itself is what this is for.

Computation: expectation-maximisation, accelerated (Varadhan, Roland 2008), from many starts and for many N at once.
A mixture has many local maxima, so each N also starts from where the others have ended.  The starts are drawn with a
fixed seed.

Symbols
-------
B fits side by side, G values of n_0, K classes, J lists, H histories with the empty one first.

References: Goodman (1974), Biometrika 61:215-231; Varadhan, Roland (2008), Scand. J. Stat. 35:335-353.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from estimation.capture.table import CaptureTable, FloatArray, IntArray

__all__ = ["Profile", "profile_likelihood", "with_points"]

_STARTS = 8
_ANCHORS = 6
"""Values of n_0 that are fitted from all starts; the others start from where these have ended."""
_FIRST, _NEXT, _LAST = 50, 40, 100
"""Accelerated steps of each round."""
_MANY, _LAST_OF_MANY = 50_000, 400
"""With more people the likelihood is steeper, and the last round longer."""
_LONGEST = 64.0
_EDGE = 1e-12
"""Shares and capture probabilities stay this far from 0 and 1 where they are extrapolated."""
_SETTLED = 1e-7
"""A round ends when no log-likelihood rises by more than this."""


@dataclass(frozen=True, slots=True)
class _Fits:
    """Parameters of B fits: class shares (B, K), and capture probabilities (B, K, J)."""

    share: FloatArray
    capture: FloatArray

    def take(self, which: IntArray) -> _Fits:
        return _Fits(self.share[which], self.capture[which])


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile log-likelihood of N at some n_0, with the fit at each.

    Parameters
    ----------
    unseen : float array, shape (G,), increasing
        n_0.  Unit: persons.
    values : float array, shape (G,)
        l(N), up to a constant that depends on the table alone.
    misfit : float array, shape (G,)
        Deviance of the table with n_0 in its empty cell: near 0 where K classes fit that n_0 perfectly.
    """

    unseen: FloatArray
    values: FloatArray
    misfit: FloatArray
    fits: _Fits


def profile_likelihood(table: CaptureTable, classes: int, unseen: FloatArray) -> Profile:
    """The profile log-likelihood of N at each n_0.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    classes : int
        K.
    unseen : float array, shape (G,), increasing
        Values of n_0.  Unit: persons.

    Examples
    --------
    With one class the lists are independent.  With each capture probability at its maximum, n_j / N, these two have it
    at 98 people, 40 of them on no list (given the list sizes it is at 40 * 30 / 12 = 100):

    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 28, "01": 18, "11": 12})
    >>> found = profile_likelihood(table, 1, np.arange(20.0, 80.0))
    >>> float(found.unseen[found.values.argmax()])
    40.0
    """
    everywhere = np.arange(len(unseen))
    anchors = everywhere[:: max(1, len(unseen) // _ANCHORS)]
    patterns, counts = _with_unseen(table, unseen)
    starts = _starts(patterns, counts[np.repeat(anchors, _STARTS)], classes)
    best, _ = _best_of(starts, np.repeat(anchors, _STARTS), patterns, counts, _FIRST)
    spread = best.take(np.tile(np.arange(len(anchors)), len(unseen)))
    best, _ = _best_of(spread, np.repeat(everywhere, len(anchors)), patterns, counts, _NEXT)
    beside = np.clip(np.add.outer(everywhere, (-1, 0, 1)), 0, everywhere[-1]).ravel()
    for steps in (_NEXT, _last_steps(table)):
        best, reached = _best_of(best.take(beside), np.repeat(everywhere, 3), patterns, counts, steps)
    return _profile(table, unseen, best, reached)


def with_points(table: CaptureTable, profile: Profile, unseen: FloatArray) -> Profile:
    """The profile with more points, each from where those beside it have ended."""
    between = np.searchsorted(profile.unseen, unseen)
    near = np.clip(np.add.outer(between, (-2, -1, 0, 1)), 0, len(profile.unseen) - 1)
    patterns, counts = _with_unseen(table, unseen)
    at = np.repeat(np.arange(len(unseen)), near.shape[1])
    best, reached = _best_of(profile.fits.take(near.ravel()), at, patterns, counts, _last_steps(table))
    new = _profile(table, unseen, best, reached)
    order = np.argsort(np.concatenate([profile.unseen, unseen]), kind="stable")

    def merged(old: FloatArray, more: FloatArray) -> FloatArray:
        both: FloatArray = np.concatenate([old, more])[order]
        return both

    return Profile(
        merged(profile.unseen, new.unseen),
        merged(profile.values, new.values),
        merged(profile.misfit, new.misfit),
        _Fits(merged(profile.fits.share, best.share), merged(profile.fits.capture, best.capture)),
    )


def _last_steps(table: CaptureTable) -> int:
    return _LAST if table.n_observed <= _MANY else _LAST_OF_MANY


def _profile(table: CaptureTable, unseen: FloatArray, best: _Fits, reached: FloatArray) -> Profile:
    total = table.n_observed + unseen
    perfect = xlogy(table.counts, table.counts).sum() + xlogy(unseen, unseen) - xlogy(total, total)
    return Profile(unseen, reached + gammaln(total + 1) - gammaln(unseen + 1), 2 * (perfect - reached), best)


def _with_unseen(table: CaptureTable, unseen: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The histories, the empty one first, (H, J), and how many people have each with n_0 put in, (G, H)."""
    counts = np.column_stack([unseen, np.broadcast_to(table.counts, (len(unseen), len(table.counts)))])
    return np.vstack([np.zeros((1, len(table.lists))), table.patterns]), counts


def _best_of(
    starts: _Fits, at: IntArray, patterns: FloatArray, counts: FloatArray, steps: int
) -> tuple[_Fits, FloatArray]:
    """At each place, the fit with the largest likelihood, and that; starts of a place are beside one another."""
    fits, reached = _climb(starts, patterns, counts[at], steps)
    each = reached.reshape(len(np.unique(at)), -1)
    which = each.argmax(axis=1) + each.shape[1] * np.arange(len(each))
    return fits.take(which), reached[which]


def _starts(patterns: FloatArray, counts: FloatArray, classes: int) -> _Fits:
    """Random memberships of the histories; in half of the starts one class has nearly all who are on no list."""
    rng = np.random.default_rng(0)
    member = rng.dirichlet(np.ones(classes), (_STARTS, len(patterns)))
    if classes > 1:
        member[::2, 0] = 0.01 / (classes - 1)
        member[::2, 0, 0] = 0.99
    weight = np.tile(member, (len(counts) // _STARTS, 1, 1)) * counts[..., None]
    return _maximised(weight, patterns)


def _maximised(weight: FloatArray, patterns: FloatArray) -> _Fits:
    """Shares and capture probabilities from how many people of each history are of each class, (B, H, K)."""
    size = weight.sum(axis=1)
    capture = weight.swapaxes(1, 2) @ patterns / np.maximum(size, 1e-300)[..., None]
    return _Fits(size / size.sum(axis=1, keepdims=True), np.clip(capture, 0.0, 1.0))


def _step(fits: _Fits, patterns: FloatArray, counts: FloatArray) -> tuple[_Fits, FloatArray]:
    """One step of expectation-maximisation, and the log-likelihood before it, shape (B,)."""
    on = np.log(np.maximum(fits.capture, 1e-300))
    off = np.log(np.maximum(1 - fits.capture, 1e-300))
    of_class = np.log(np.maximum(fits.share, 1e-300)) + off.sum(axis=2)
    log_p = of_class[:, None, :] + patterns @ (on - off).swapaxes(1, 2)
    top = log_p.max(axis=2, keepdims=True)
    p = np.exp(log_p - top)
    each = p.sum(axis=2, keepdims=True)
    log_likelihood = (counts * (top + np.log(each))[..., 0]).sum(axis=1)
    return _maximised(p / each * counts[..., None], patterns), log_likelihood


def _climb(fits: _Fits, patterns: FloatArray, counts: FloatArray, steps: int) -> tuple[_Fits, FloatArray]:
    """Accelerated steps, each undone where it lowers the likelihood; then the log-likelihood, shape (B,)."""
    before = np.full(len(counts), -np.inf)
    for _ in range(steps):
        first, log_likelihood = _step(fits, patterns, counts)
        second, _ = _step(first, patterns, counts)
        ahead, reached = _step(_extrapolated(fits, first, second), patterns, counts)
        better = reached >= log_likelihood
        fits = _Fits(
            np.where(better[:, None], ahead.share, second.share),
            np.where(better[:, None, None], ahead.capture, second.capture),
        )
        if (log_likelihood - before).max() < _SETTLED:
            break
        before = log_likelihood
    return fits, _step(fits, patterns, counts)[1]


def _extrapolated(zero: _Fits, first: _Fits, second: _Fits) -> _Fits:
    """Where two steps point to, on the scale of log shares and logits."""
    a, b, c = (_free(fits) for fits in (zero, first, second))
    change, bend = b - a, c - 2 * b + a
    length = np.sqrt((change**2).sum(axis=1) / np.maximum((bend**2).sum(axis=1), 1e-300))
    length = np.clip(length, 1.0, _LONGEST)[:, None]
    free = np.clip(a + 2 * length * change + length**2 * bend, -60, 60)
    classes = zero.share.shape[1]
    share = np.exp(free[:, :classes] - free[:, :classes].max(axis=1, keepdims=True))
    capture = (1 / (1 + np.exp(-free[:, classes:]))).reshape(zero.capture.shape)
    return _Fits(share / share.sum(axis=1, keepdims=True), capture)


def _free(fits: _Fits) -> FloatArray:
    """Log shares and logits of the capture probabilities, shape (B, K + K J)."""
    capture = np.clip(fits.capture, _EDGE, 1 - _EDGE)
    logit = np.log(capture / (1 - capture)).reshape(len(capture), -1)
    return np.hstack([np.log(np.maximum(fits.share, _EDGE)), logit])
