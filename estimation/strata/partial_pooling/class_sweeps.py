"""One sweep after another of the Gibbs sampler for latent classes that strata share, compiled once and cached.

`estimation.strata.partial_pooling.shared_classes` has the model and the symbols.  A sweep draws, each given the rest,

    n_{0,s} and the classes of the unseen, then those of everybody observed, history by history    (multinomials)
    lambda_jk ~ Beta(a + people of class k on list j, b + those not, of strata that j could have seen)
    t_sk : tables of a Chinese restaurant with n_sk guests and concentration c pi_k               (Bernoulli by guest)
    pi ~ Dirichlet(alpha / K + t_.k)
    c ~ Gamma(1 + t_.. - sum_s v_s, rate 1 / c_mean - sum_s log u_s),
        u_s ~ Beta(c + 1, N_s),  v_s ~ Bernoulli(N_s / (N_s + c))
    pi_s ~ Dirichlet(c pi + n_s.)

with t, pi and c drawn while the pi_s are summed out.  Every fourth sweep each class is moved
as a whole (`estimation.strata.partial_pooling.class_shifts`).

References: Teh, Jordan, Beal, Blei (2006), Journal of the American Statistical Association 101:1566-1581, for tables
and c; Escobar, West (1995), the same 90:577-588, for u and v.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.capture.stratified import Strata
from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.strata.partial_pooling.class_shifts import SMALLEST, shift_classes
from estimation.strata.partial_pooling.tables import lists_of
from estimation.work.kernels import njit

__all__ = ["ClassPrior", "Histories", "State", "histories_of", "start", "sweep_on"]

_EVERY = 4
"""Sweeps for each time that classes are moved as a whole, which takes as long as two sweeps."""
_MOST = 1e12
"""A mean number of unseen people above this says that the posterior is improper.  Unit: persons."""


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """The distinct histories of each stratum.

    Parameters
    ----------
    patterns : bool array, shape (H, J)
        Lists.
    stratum, counts : int array, shape (H,)
        The stratum and the people of each.  Unit: persons.
    present : bool array, shape (S, J)
        Lists that could have seen each stratum.
    observed : float array, shape (S,)
        n_s.  Unit: persons.
    """

    patterns: BoolArray
    stratum: IntArray
    counts: IntArray
    present: BoolArray
    observed: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ClassPrior:
    """a and b of the capture probabilities, alpha of the common shares, and the mean of c."""

    capture_a: float
    capture_b: float
    alpha: float
    c_mean: float


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Where a chain is: lambda (K, J), pi_s (S, K), pi (K,), and c in an array of one; changed by each sweep."""

    capture: FloatArray
    shares: FloatArray
    common: FloatArray
    concentration: FloatArray


def start(n_strata: int, n_lists: int, classes: int, prior: ClassPrior, rng: np.random.Generator) -> State:
    """A start drawn from the prior, with shares that are not all in one class."""
    common = rng.dirichlet(np.full(classes, 1.0))
    return State(
        capture=rng.beta(prior.capture_a + 1, prior.capture_b + 1, (classes, n_lists)),
        shares=rng.dirichlet(5 * common + 0.1, n_strata),
        common=common,
        concentration=np.array([prior.c_mean]),
    )


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _split(rng: np.random.Generator, people: int, weights: FloatArray, out: IntArray) -> None:
    """So many people over classes by their weights, one multinomial draw."""
    left, rest = people, weights.sum()
    for k in range(weights.size):
        out[k] = 0
        if left == 0:
            continue
        if k == weights.size - 1 or weights[k] >= rest:
            out[k] = left
            left = 0
            continue
        if left == 1:
            out[k] = 1 if rng.random() * rest < weights[k] else 0
        else:
            out[k] = rng.binomial(left, min(max(weights[k] / rest, 0.0), 1.0))
        left -= out[k]
        rest -= weights[k]


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _dirichlet(rng: np.random.Generator, shape: FloatArray, out: FloatArray) -> None:
    total = 0.0
    for k in range(shape.size):
        out[k] = max(rng.standard_gamma(max(shape[k], SMALLEST)), SMALLEST)
        total += out[k]
    for k in range(shape.size):
        out[k] = max(out[k] / total, SMALLEST)


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _tables(rng: np.random.Generator, guests: int, concentration: float) -> int:
    """Tables at which so many guests sit."""
    found = 0
    for i in range(guests):
        if i == 0 or rng.random() * (concentration + i) < concentration:
            found += 1
    return found


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _people(
    rng: np.random.Generator,
    patterns: BoolArray,
    stratum: IntArray,
    counts: IntArray,
    present: BoolArray,
    observed: FloatArray,
    capture: FloatArray,
    shares: FloatArray,
    on: FloatArray,
    off: FloatArray,
    members: IntArray,
    unseen: IntArray,
) -> bool:
    """Unseen people and everybody's class; False where the unseen have no limit."""
    n_strata, classes = shares.shape
    n_lists = capture.shape[1]
    weights, out = np.empty(classes), np.empty(classes, dtype=np.int64)
    on[:], off[:], members[:] = 0.0, 0.0, 0
    for s in range(n_strata):
        missed = 0.0
        for k in range(classes):
            weights[k] = shares[s, k]
            for j in range(n_lists):
                if present[s, j]:
                    weights[k] *= 1 - capture[k, j]
            missed += weights[k]
        mean = rng.standard_gamma(observed[s]) * missed / max(1 - missed, 1e-300)
        if not mean < _MOST:
            return False
        unseen[s] = rng.poisson(mean)
        _split(rng, unseen[s], weights, out)
        for k in range(classes):
            members[s, k] += out[k]
            for j in range(n_lists):
                if present[s, j]:
                    off[k, j] += out[k]
    for h in range(counts.size):
        s = stratum[h]
        for k in range(classes):
            weights[k] = shares[s, k]
            for j in range(n_lists):
                if present[s, j]:
                    weights[k] *= capture[k, j] if patterns[h, j] else 1 - capture[k, j]
        _split(rng, counts[h], weights, out)
        for k in range(classes):
            members[s, k] += out[k]
            for j in range(n_lists):
                if patterns[h, j]:
                    on[k, j] += out[k]
                elif present[s, j]:
                    off[k, j] += out[k]
    return True


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _class_shares(
    rng: np.random.Generator,
    members: IntArray,
    shares: FloatArray,
    common: FloatArray,
    concentration: FloatArray,
    alpha: float,
    c_mean: float,
) -> None:
    """Common shares, their concentration, and the shares of each stratum."""
    n_strata, classes = shares.shape
    c = concentration[0]
    by_class, shape = np.full(classes, alpha / classes), np.empty(classes)
    total, rate = 1.0, 1 / c_mean
    for s in range(n_strata):
        people = 0
        for k in range(classes):
            tables = _tables(rng, members[s, k], c * common[k])
            by_class[k] += tables
            total += tables
            people += members[s, k]
        if people > 0:
            first, second = rng.standard_gamma(c + 1), rng.standard_gamma(float(people))
            rate -= np.log(first / (first + second))
            if rng.random() * (people + c) < people:
                total -= 1
    _dirichlet(rng, by_class, common)
    concentration[0] = max(rng.standard_gamma(total) / rate, 1e-8)
    for s in range(n_strata):
        for k in range(classes):
            shape[k] = concentration[0] * common[k] + members[s, k]
        _dirichlet(rng, shape, shares[s])


@njit(cache=True, nogil=True, error_model="numpy")
def _sweeps(
    rng: np.random.Generator,
    data: tuple[BoolArray, IntArray, IntArray, BoolArray, FloatArray],
    prior: tuple[float, float, float, float],
    capture: FloatArray,
    shares: FloatArray,
    common: FloatArray,
    concentration: FloatArray,
    unseen: IntArray,
    monitored: FloatArray,
    thin: int,
) -> bool:
    """Sweeps; after every ``thin`` of them n_0 by stratum, occupied classes and log c are written down."""
    patterns, stratum, counts, present, observed = data
    capture_a, capture_b, alpha, c_mean = prior
    on, off = np.empty(capture.shape), np.empty(capture.shape)
    members = np.empty(shares.shape, dtype=np.int64)
    for draw in range(unseen.shape[0]):
        for step in range(thin):
            if not _people(
                rng, patterns, stratum, counts, present, observed, capture, shares, on, off, members, unseen[draw]
            ):
                return False
            for k in range(capture.shape[0]):
                for j in range(capture.shape[1]):
                    first = max(rng.standard_gamma(capture_a + on[k, j]), SMALLEST)
                    second = max(rng.standard_gamma(capture_b + off[k, j]), SMALLEST)
                    capture[k, j] = min(max(first / (first + second), 1e-12), 1 - 1e-12)
            _class_shares(rng, members, shares, common, concentration, alpha, c_mean)
            if step % _EVERY == 0:
                shift_classes(rng, data, prior, capture, shares, common, concentration[0])
        monitored[draw, 0] = 0.0
        for k in range(shares.shape[1]):
            monitored[draw, 0] += 1.0 if members[:, k].sum() > 0 else 0.0
        monitored[draw, 1] = np.log(concentration[0])
    return True


def sweep_on(
    histories: Histories, prior: ClassPrior, state: State, rng: np.random.Generator, *, draws: int, thin: int
) -> tuple[IntArray, FloatArray] | None:
    """Sweeps from where a chain is, which moves on; None where the unseen have no limit.

    Parameters
    ----------
    histories : Histories
        The data.
    prior : ClassPrior
        The numbers of the prior.
    state : State
        Changed in place.
    rng : numpy.random.Generator
        The only source of randomness.
    draws, thin : int
        Draws that are written down, and sweeps for each.

    Returns
    -------
    (int array, shape (draws, S), float array, shape (draws, 2))
        n_0 by stratum (persons); the number of occupied classes and log c.
    """
    unseen = np.empty((draws, histories.observed.size), dtype=np.int64)
    monitored = np.empty((draws, 2))
    bounded = _sweeps(
        rng,
        (histories.patterns, histories.stratum, histories.counts, histories.present, histories.observed),
        (prior.capture_a, prior.capture_b, prior.alpha, prior.c_mean),
        state.capture,
        state.shares,
        state.common,
        state.concentration,
        unseen,
        monitored,
        thin,
    )
    return (unseen, monitored) if bounded else None


def histories_of(strata: Strata) -> Histories:
    """The distinct histories of all strata, on the lists of all of them together."""
    lists = lists_of(strata)
    tables = list(strata.tables.values())
    patterns, stratum, counts = [], [], []
    present = np.zeros((len(tables), len(lists)), dtype=bool)
    for s, table in enumerate(tables):
        places = [lists.index(name) for name in table.lists]
        present[s, places] = True
        wide = np.zeros((table.counts.size, len(lists)), dtype=bool)
        wide[:, places] = table.patterns
        patterns.append(wide)
        stratum.append(np.full(table.counts.size, s))
        counts.append(table.counts)
    return Histories(
        np.concatenate(patterns),
        np.concatenate(stratum),
        np.concatenate(counts),
        present,
        np.array([float(table.n_observed) for table in tables]),
    )
