"""Chains over hierarchical log-linear models, one term born or dead at a step, for tables with more than 5 lists.

Symbols
-------
J lists; m a hierarchical model with all main effects, the saturated one not among them; w(m) its weight, known up to a
constant.   B(m), D(m) : the terms that can be born into m (it has every term inside them) and that can die (no term of
m contains them), so that what is left is hierarchical; |.| how many.

The chain is Metropolis-Hastings with stationary distribution proportional to w.  Each step proposes, with equal
probability,

    birth or death   a term of B(m) + D(m) at random:  accepted with min(1, w(m') / w(m) |B + D|(m) / |B + D|(m'))
    exchange         a term of D(m) at random dies, and one that can be born into what is left is born:
                     accepted with min(1, w(m') / w(m) |D(m)| / |D(m')|); dead and born again, nothing changes

The second ratio is so short because m and m' share what is left, and with it the number of terms that can be born.
Either kind of step is its own way back.  From any model, deaths lead to independent lists, and births back: the chain
can reach every model.

The chains start apart: at independent lists, at all pairs, and at random models.  The first quarter of each is left
out.  Weights are computed when first needed and cached, and all chains share them; a weight is the same whoever
asks, so that the number of threads changes nothing.

References
----------
Madigan, York (1995), International Statistical Review 63:215-232; Dellaportas, Forster (1999), Biometrika 86:615-633.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import numpy as np

from estimation.capture.table import BoolArray, FloatArray, IntArray
from estimation.work.progress import Progress, silent
from estimation.work.threads import in_threads

__all__ = ["MAX_LISTS_WALKED", "Walks", "walk_models"]

MAX_LISTS_WALKED = 8
"""With 8 lists a model has 246 interactions to gain."""

_WARM_UP = 4
"""The first quarter of the states of each chain is discarded."""


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Where the chains were.

    Parameters
    ----------
    models : bool array, shape (M, 2^J)
        The models visited, fewest terms first.
    visits : int array, shape (K, S)
        The row in `models` of each state of each chain.
    looked_at : int
        Models whose weight was computed, visited or not.
    """

    models: BoolArray
    visits: IntArray
    looked_at: int

    @property
    def frequencies(self) -> FloatArray:
        """The share of each chain's states at each model, shape (K, M)."""
        counted = [np.bincount(chain, minlength=len(self.models)) for chain in self.visits]
        shares: FloatArray = np.array(counted) / self.visits.shape[1]
        return shares

    @property
    def mass_met(self) -> float:
        """The share of the weight of all models that lies in those visited: the smallest estimate by any chain.

        A chain's states are a sample apart from the other chains, so that the share of them at models which the
        others visited estimates the weight of these (George, McCulloch 1997).
        """
        shares = self.frequencies
        return min(float(own[np.delete(shares, k, axis=0).any(axis=0)].sum()) for k, own in enumerate(shares))


class _Moves:
    """Which terms can be born into a model and which can die; a model is a number whose bit t says if it has term t."""

    def __init__(self, n_lists: int) -> None:
        full = (1 << n_lists) - 1
        self.start = 1 | sum(1 << (1 << j) for j in range(n_lists))
        self.pairs = self.start | sum(1 << t for t in range(full) if t.bit_count() == 2)
        # Of each term: its bit, the terms just inside it, and the terms just around it.
        self._terms = [
            (
                1 << t,
                sum(1 << (t & ~(1 << j)) for j in range(n_lists) if t >> j & 1),
                sum(1 << (t | 1 << j) for j in range(n_lists) if not t >> j & 1 and t | 1 << j != full),
            )
            for t in range(full)
            if t.bit_count() > 1
        ]
        self._known: dict[int, tuple[list[int], list[int]]] = {}

    def of(self, word: int) -> tuple[list[int], list[int]]:
        """B and D, each term as its bit."""
        found = self._known.get(word)
        if found is None:
            births = [bit for bit, inside, _ in self._terms if not word & bit and word & inside == inside]
            deaths = [bit for bit, _, around in self._terms if word & bit and not word & around]
            found = self._known[word] = births, deaths
        return found

    def starts(self, chains: int, rng: np.random.Generator) -> list[int]:
        """Independent lists, all pairs, then models grown by a random number of births."""
        found = [self.start, self.pairs][:chains]
        most = 2 * (self.pairs ^ self.start).bit_count()
        while len(found) < chains:
            word = self.start
            for luck in rng.random(rng.integers(1, most + 1)).tolist():
                births = self.of(word)[0]
                word |= births[int(luck * len(births))] if births else 0
            found.append(word)
        return found

    def proposal(self, word: int, kind: float, first: float, second: float) -> tuple[int, float]:
        """Another model, and the log probability of the way back over that of the way there."""
        births, deaths = self.of(word)
        if kind < 0.5:
            either = births + deaths
            other = word ^ either[int(first * len(either))]
            back = self.of(other)
            return other, math.log(len(either) / (len(back[0]) + len(back[1])))
        if not deaths:
            return word, 0.0
        left = word ^ deaths[int(first * len(deaths))]
        born = self.of(left)[0]
        other = left | born[int(second * len(born))]
        return other, math.log(len(deaths) / len(self.of(other)[1]))


def walk_models(
    n_lists: int,
    log_weight: Callable[[BoolArray], float],
    *,
    chains: int,
    states: int,
    thin: int,
    rng: np.random.Generator,
    workers: int = 1,
    progress: Progress = silent,
) -> Walks:
    """Chains that visit hierarchical models in proportion to their weights.

    Parameters
    ----------
    n_lists : int
        J, lists, at least 3.
    log_weight : callable
        log w of a model, given as terms, shape (2^J,).
    chains : int
        K, at least 2, so that they can be compared.
    states : int
        S, states stored of each chain.
    thin : int
        Steps from one stored state to the next.
    rng : numpy.random.Generator
        The only source of randomness.
    workers : int
        Threads at most; the result does not depend on it.
    progress : callable
        Receives the share of the states that are done.

    Examples
    --------
    >>> flat = walk_models(3, lambda terms: 0.0, chains=2, states=2000, thin=2, rng=np.random.default_rng(1))
    >>> len(flat.models), flat.mass_met
    (8, 1.0)
    >>> bool(np.abs(flat.frequencies - 1 / 8).max() < 0.05)
    True
    """
    moves, known, stopped = _Moves(n_lists), dict[int, float](), Event()
    length = states + states // (_WARM_UP - 1)
    paths: list[list[int]] = [[] for _ in range(chains)]

    def weigh(word: int) -> float:
        found = known.get(word)
        if found is None:
            found = known[word] = log_weight(_terms_of(word, n_lists))
        return found

    def chain(given: tuple[int, np.random.Generator, list[int]]) -> list[int]:
        word, own, path = given
        level = weigh(word)
        for _ in range(length):
            if stopped.is_set():
                break
            for kind, first, second, luck in own.random((thin, 4)).tolist():
                other, log_back = moves.proposal(word, kind, first, second)
                reached = weigh(other)
                if math.log1p(-luck) < reached - level + log_back:
                    word, level = other, reached
            path.append(word)
        return path[-states:]

    def walked() -> float:
        return sum(len(path) for path in paths) / (chains * length)

    starts = moves.starts(chains, rng)
    given = zip(starts, rng.spawn(chains), paths, strict=True)
    words = in_threads(chain, given, workers, progress=progress, share=walked, stop=stopped)
    visited = sorted(set().union(*words), key=lambda word: (word.bit_count(), word))
    row = {word: m for m, word in enumerate(visited)}
    models = np.array([_terms_of(word, n_lists) for word in visited])
    return Walks(models, np.array([[row[word] for word in chain] for chain in words]), len(known))


def _terms_of(word: int, n_lists: int) -> BoolArray:
    """A model as terms, shape (2^J,), from its number."""
    octets = np.frombuffer(word.to_bytes((1 << n_lists) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(octets, bitorder="little").astype(np.bool_)
