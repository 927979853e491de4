"""A name as somebody hears it: sounds that are alike exchanged by rule, and not letters at random."""

from __future__ import annotations

import numpy as np

__all__ = ["misheard"]

_RULES = (
    ("gh", "q"),
    ("q", "gh"),
    ("kh", "h"),
    ("zh", "j"),
    ("j", "zh"),
    ("sh", "s"),
    ("ch", "sh"),
    ("ou", "u"),
    ("oo", "u"),
    ("u", "o"),
    ("ei", "i"),
    ("ee", "i"),
    ("e", "i"),
    ("i", "e"),
    ("v", "b"),
    ("w", "v"),
    ("d", "t"),
    ("b", "p"),
    ("g", "k"),
    ("z", "s"),
    ("m", "n"),
    ("ai", "ey"),
    ("y", "i"),
    ("aa", "a"),
)
"""What is heard in the place of what; the longer sounds come before the shorter ones that they hold."""

_SWALLOWED = ("eh", "an", "i", "ou", "oun", "pour", "lou", "h")
"""Endings that are not always heard."""


def misheard(name: str, rng: np.random.Generator) -> str:
    """A Latin name as it is heard: one to three sounds exchanged, or an ending or half of a double name not heard.

    A name that no rule fits is heard as it is.

    Examples
    --------
    >>> misheard("ghorban", np.random.default_rng(1)) != "ghorban"
    True
    """
    if " " in name and rng.random() < 0.3:
        return name.split(" ")[int(rng.integers(2))]
    if rng.random() < 0.2:
        for ending in _SWALLOWED:
            if name.endswith(ending) and len(name) > len(ending) + 2:
                return name.removesuffix(ending)
    for _ in range(int(rng.integers(1, 4))):
        fitting = [(sound, other) for sound, other in _RULES if sound in name]
        if not fitting:
            break
        sound, other = fitting[int(rng.integers(len(fitting)))]
        places = [at for at in range(len(name)) if name.startswith(sound, at)]
        at = places[int(rng.integers(len(places)))]
        name = name[:at] + other + name[at + len(sound) :]
    return name
