"""One chain of the latent-class sampler, compiled: each function is one step that leaves the posterior as it is.

Symbols
-------
J lists, C histories seen, K classes.   n_omega : people seen with history omega.   n, n_0 : people seen, unseen.
lambda_kj : probability that list j holds a person of class k, prior Beta(a, b).   rho : probability of no list.
V_k : share of class k in what the classes before it left over, prior Beta(1, alpha), V_K = 1.   pi_k : its share.
alpha : concentration, its prior in `Prior`.   E_k = -alpha log(1 - V_k), which is Exponential(1) a priori.
c_k : people of class k, the unseen included.   t_k : people of the classes after k.

The state of a chain is one vector x of length D = K J + K: logit lambda_kj (at j K + k), log E_1 ... log E_{K-1} and
log alpha.  A sweep is, in this order,

1. `hamiltonian_move` of x with all classes and n_0 summed out (`estimation.models.latent_class.density`).  With the
   sticks written as E_k / alpha (a funnel, non-centred) and a gradient, this is what moves along the direction that
   data determine least: a rarely seen class whose odds of capture fall while its share grows.
2. `draw_unseen` and `allocate`: n_0 ~ negative binomial (n, 1 - rho), then the classes of all N people, given x.
3. `split_or_merge` (`estimation.models.latent_class.split_merge`), `swap_labels`, `trade_last` and `draw_log_alpha`:
   with sticks and lambda integrated out, the last three given the classes.  The first makes two classes of one or one
   of two, with their unseen: with many lists nothing else does.  With many histories `redraw_unseen` follows it, which
   brings a class that hardly anybody was seen of to its size at once.  A large class with the last label and a large
   alpha hold each other in place, so `trade_last` proposes both anew.
4. `draw_parameters`: sticks and lambda given the classes and alpha; alpha stays and E_k follows.

In 3 what was integrated out is drawn anew in 4 before anything is conditioned on it again (partially collapsed Gibbs,
van Dyk, Park 2008).  Given the classes the sticks integrate to a product of Beta integrals over k < K,
alpha Gamma(1 + c_k) Gamma(alpha + t_k) / Gamma(1 + alpha + c_k + t_k).  As t_{k-1} = c_k + t_k it telescopes to

    p(z | alpha) = alpha^{K-1} Gamma(alpha + c_K) / Gamma(1 + alpha + N)
                   prod_{k<K} Gamma(1 + c_k) / prod_{k<K-1} (alpha + t_k).

The state has logarithms, never shares: sticks reach 1e-100 and less, and are not clipped; a share below 1e-308 holds
nobody.  A `numpy.random.Generator` is advanced by compiled code exactly as NumPy advances it.  Numba's cache notices
changes of the file that a function is in and of no other, so this file names the state of those that it calls
(`DENSITY_SHA256`, `LABELS_SHA256`, `SPLIT_MERGE_SHA256`), and two of those that of `unseen.py`: whoever changes one of
those must change this one.
"""

from __future__ import annotations

import math

import numpy as np

from estimation.capture.table import FloatArray, IntArray
from estimation.models.latent_class.density import fill_captures, fill_rows, log_1p_exp, marginal_density
from estimation.models.latent_class.labels import draw_log_alpha, log_alpha_density, swap_labels, total_from, trade_last
from estimation.models.latent_class.split_merge import split_or_merge
from estimation.models.latent_class.state import MISSED, MOMENTS, SHARE, SOME, Cells, Mixture, Prior, Workspace
from estimation.models.latent_class.unseen import redraw_unseen
from estimation.work.kernels import njit

__all__ = [
    "DENSITY_SHA256",
    "LABELS_SHA256",
    "MOST_UNSEEN",
    "OBSERVABLE",
    "SPLIT_MERGE_SHA256",
    "allocate",
    "draw_log_alpha",
    "draw_parameters",
    "draw_unseen",
    "hamiltonian_move",
    "log_alpha_density",
    "marginal_density",
    "run_block",
    "swap_labels",
    "trade_last",
]

DENSITY_SHA256 = "7ba4ce989101240e70e731d817e35d858c1a145fc1bac4fddcb182b61c4c6a55"
"""Of `density.py`; a test compares.  It changes this file with that one, so that nothing stale is run."""

LABELS_SHA256 = "8a860558935a35a2e1c2063367773afdb77831578d4548bb28edac6227516953"
"""Of `labels.py`, likewise."""

SPLIT_MERGE_SHA256 = "7b3cd72b233c15e2346aa3f556dcb9809eada2321eaa3eb32856d5833bc5f175"
"""Of `split_merge.py`, likewise."""

MOST_UNSEEN = 10**12
"""Above this the logarithms of factorials lose the digits that alpha is drawn by: the chain stops and says so."""

OBSERVABLE = (0.001, 0.01, 0.05, 0.1)
"""Probabilities of any list above which people, seen and unseen, are counted in the columns of a sweep's row."""

SPLITS = 2
"""Splits and merges proposed in a sweep."""

_LOST = 1000.0
"""A trajectory whose log density falls by this much has left where the step size works; it is given up."""


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _draw_log_gamma(rng: np.random.Generator, shape: float) -> float:
    """Logarithm of a Gamma(shape, 1) draw; below shape 1 it is G(shape + 1) U^(1/shape), which may be 1e-1000."""
    if shape < 1.0:
        return math.log(rng.standard_gamma(shape + 1.0)) - rng.standard_exponential() / shape
    return math.log(rng.standard_gamma(shape))


@njit(cache=True, nogil=True, error_model="numpy")
def hamiltonian_move(
    rng: np.random.Generator,
    x: FloatArray,
    cells: Cells,
    prior: Prior,
    mixture: Mixture,
    path: FloatArray,
    step: float,
    steps: int,
    scale: FloatArray,
) -> float:
    """One trajectory of leapfrog steps from a fresh momentum; x is replaced or stays; returns the acceptance rate.

    ``scale`` (D,) is the length of a step in each coordinate, per unit of ``step`` (the root of the inverse mass).
    ``path`` is that of `estimation.models.latent_class.state.Workspace`.
    """
    length = x.size
    place, momentum, gradient = path[0], path[1], path[2]
    start, end, kinetic = 0.0, 0.0, 0.0
    for i in range(length):
        place[i] = x[i]
        momentum[i] = rng.standard_normal()
        kinetic += 0.5 * momentum[i] ** 2
    for s in range(steps + 1):
        end = marginal_density(place, cells, prior, mixture, gradient)
        if s == 0:
            start = end
            for i in range(length):
                path[MOMENTS, i] += x[i]
                path[MOMENTS + 1, i] += x[i] ** 2
                path[MOMENTS + 2, i] += gradient[i]
                path[MOMENTS + 3, i] += gradient[i] ** 2
        if not (end > start - _LOST and end < np.inf):
            return 0.0
        kick = step if 0 < s < steps else 0.5 * step
        move = step if s < steps else 0.0
        for i in range(length):
            momentum[i] += kick * scale[i] * gradient[i]
            place[i] += move * scale[i] * momentum[i]
    end -= start - kinetic
    for i in range(length):
        end -= 0.5 * momentum[i] ** 2
    acceptance = math.exp(min(0.0, end))
    if rng.random() < acceptance:
        for i in range(length):
            x[i] = place[i]
    return acceptance


@njit(cache=True, nogil=True, error_model="numpy")
def draw_unseen(rng: np.random.Generator, x: FloatArray, n: int, mixture: Mixture) -> int:
    """n_0 given the state: negative binomial (n, 1 - rho) as a Poisson of a Gamma; -1 above `MOST_UNSEEN`.

    Leaves shares, odds and probabilities of no list in the workspace, where `allocate` reads them.
    """
    fill_captures(x, mixture)
    missed, seen = 0.0, 0.0
    for k in range(mixture.odds.shape[1]):
        missed += mixture.by_class[MISSED, k]
        seen += mixture.by_class[SHARE, k] * mixture.by_class[SOME, k]
    mean = rng.standard_gamma(float(n)) * missed / seen
    if not mean < MOST_UNSEEN:
        return -1
    return int(rng.poisson(mean))


@njit(cache=True, nogil=True, error_model="numpy", inner=True)
def _share_out(rng: np.random.Generator, people: int, row: FloatArray, drawn: IntArray) -> None:
    """A multinomial draw over the classes, as a chain of binomials; of one person, from one uniform number."""
    rest = 0.0
    for k in range(row.size):
        drawn[k] = 0
        rest += row[k]
    if people == 1:
        place, k = rng.random() * rest - row[0], 0
        while place >= 0.0 and k < row.size - 1:
            k += 1
            place -= row[k]
        drawn[k] = 1
        return
    for k in range(row.size):
        if people == 0:
            return
        certain = k == row.size - 1 or row[k] >= rest
        drawn[k] = people if certain else rng.binomial(people, row[k] / rest)
        rest -= row[k]
        people -= drawn[k]


@njit(cache=True, nogil=True, error_model="numpy")
def allocate(rng: np.random.Generator, x: FloatArray, n_0: int, cells: Cells, work: Workspace) -> None:
    """The classes of all people given the state, as the counts ``work.size`` and ``work.on``; after `draw_unseen`."""
    size, on, rows = work.size, work.on, work.mixture.rows
    parent, first, marks, counts = cells.parent, cells.first, cells.marks, cells.counts
    for k in range(size.size):
        size[k] = 0
        for j in range(on.shape[1]):
            on[k, j] = 0
    fill_rows(x, cells, counts.size, work.mixture)
    for i in range(counts.size):
        people, drawn = n_0 if i == 0 else counts[i], work.people[i]
        if i > 0 and people == 0:
            continue
        _share_out(rng, people, rows[i], drawn)
        for k in range(size.size):
            if drawn[k] > 0:
                size[k] += drawn[k]
                node = i
                while node > 0:
                    for place in range(first[node], first[node + 1]):
                        on[k, marks[place]] += drawn[k]
                    node = parent[node]


@njit(cache=True, nogil=True, error_model="numpy")
def draw_parameters(
    rng: np.random.Generator, log_alpha: float, x: FloatArray, prior: Prior, size: IntArray, on: IntArray
) -> None:
    """Sticks V_k ~ Beta(1 + c_k, alpha + t_k) and lambda_kj ~ Beta(a + on, b + off), drawn into the state as logits."""
    classes, lists = on.shape
    after = total_from(size, 0)
    x[-1] = log_alpha
    for k in range(classes - 1):
        after -= size[k]
        logit = _draw_log_gamma(rng, 1.0 + size[k]) - _draw_log_gamma(rng, math.exp(log_alpha) + after)
        # E = -alpha log(1 - V) = alpha log(1 + e^logit), whose logarithm is logit + log alpha where e^logit vanishes.
        log_e = math.log(log_1p_exp(logit)) if logit > -36.0 else logit
        x[classes * lists + k] = log_e + log_alpha
    for k in range(classes):
        for j in range(lists):
            off = size[k] - on[k, j]
            x[j * classes + k] = _draw_log_gamma(rng, prior.a + on[k, j]) - _draw_log_gamma(rng, prior.b + off)


@njit(cache=True, nogil=True, error_model="numpy")
def run_block(
    rng: np.random.Generator,
    x: FloatArray,
    cells: Cells,
    prior: Prior,
    work: Workspace,
    step: float,
    steps: int,
    scale: FloatArray,
    out: FloatArray,
    states: FloatArray,
    every: int,
) -> float:
    """Sweeps, one a row of ``out``: n_0, log alpha, occupied classes, and people above each of `OBSERVABLE`.

    A row of ``states`` is filled with x after each ``every`` sweeps, until all are.  Each Hamiltonian move has a random
    number of leapfrog steps, 1 to 2 ``steps`` - 1 (0: no such move).  Returns the mean acceptance rate of the moves, or
    -1 when n_0 went above `MOST_UNSEEN` and the chain stopped.
    """
    acceptance = 0.0
    for s in range(out.shape[0]):
        if steps > 0:
            length = 1 + int(rng.random() * (2 * steps - 1))
            acceptance += hamiltonian_move(rng, x, cells, prior, work.mixture, work.path, step, length, scale)
        n_0 = draw_unseen(rng, x, cells.n, work.mixture)
        if n_0 < 0:
            return -1.0
        allocate(rng, x, n_0, cells, work)
        for i in range(3, out.shape[1]):
            out[s, i] = 0.0
            for k in range(work.size.size):
                if work.mixture.by_class[SOME, k] > OBSERVABLE[i - 3]:
                    out[s, i] += work.size[k]
        for _ in range(SPLITS):
            split_or_merge(rng, x[-1], cells, prior, work)
        if cells.runs.size > 0:
            redraw_unseen(rng, x[-1], cells, prior, work)
        swap_labels(rng, math.exp(x[-1]), work.size, work.on)
        log_alpha = trade_last(rng, x[-1], prior, work.size, work.on, work.grid)
        log_alpha = draw_log_alpha(rng, log_alpha, prior, work.size)
        draw_parameters(rng, log_alpha, x, prior, work.size, work.on)
        out[s, 0] = n_0
        out[s, 1] = log_alpha
        out[s, 2] = 0.0
        for k in range(work.size.size):
            out[s, 2] += work.size[k] > 0
        if (s + 1) % every == 0 and (s + 1) // every <= states.shape[0]:
            for i in range(x.size):
                states[(s + 1) // every - 1, i] = x[i]
    return float(acceptance / out.shape[0])
