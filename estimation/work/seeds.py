"""Where random numbers come from: the generator that a caller gives, and generators named by words.

Randomness is always an argument.  What needs several generators makes each from one seed and from words that say what
it is for, so that adding, dropping or reordering work moves no other number, and neither does the number of workers.
"""

from __future__ import annotations

import hashlib
import json
from typing import TypeAlias

import numpy as np

__all__ = ["RandomState", "generator_for", "generator_of"]

RandomState: TypeAlias = "int | np.random.SeedSequence | np.random.Generator"
"""What a public function takes as ``rng`` (Scientific Python SPEC 7): a seed, a seed sequence or a generator."""


def generator_of(rng: RandomState) -> np.random.Generator:
    """The generator that an ``rng`` argument stands for; a generator is itself, and goes on from where it is.

    Raises
    ------
    TypeError
        For anything else, None among it: a number that cannot be made again is not given.

    Examples
    --------
    >>> bool(generator_of(1).random() == np.random.default_rng(1).random())
    True
    """
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer | np.random.SeedSequence | np.random.Generator):
        raise TypeError(
            f"rng is {rng!r}; give a seed (a whole number), a numpy SeedSequence or a numpy Generator, so that the "
            "number can be made again"
        )
    return np.random.default_rng(rng)


def generator_for(seed: int, *words: str | int) -> np.random.Generator:
    """The generator for what some words name: depends on the seed and the words, and on nothing else.

    Parameters
    ----------
    seed : int
        Where all random numbers of a study or a simulation start.
    words : str or int
        What it is for: the label of a model, or a scenario, a replication and a label.

    Examples
    --------
    >>> first, again, other = (generator_for(7, label).random() for label in ("A", "A", "B"))
    >>> first == again, first == other
    (True, False)
    """
    named = words[0] if len(words) == 1 and isinstance(words[0], str) else json.dumps(words)
    word = int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], "big")
    return np.random.default_rng(np.random.SeedSequence([seed, word]))
