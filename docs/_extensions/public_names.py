"""The public names: what ``__all__`` of the door and of each namespace shows, and where each is defined."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType

import estimation

__all__ = ["NAMESPACES", "names_of", "namespace", "public_place", "public_places", "rooms"]

NAMESPACES = tuple(name for name in estimation.__all__ if inspect.ismodule(getattr(estimation, name)))
"""The namespaces behind the door, in the order of ``__all__``."""


def rooms() -> tuple[str, ...]:
    """The door, whose name is empty, and the namespaces."""
    return ("", *NAMESPACES)


def namespace(name: str) -> ModuleType:
    """The module of a namespace; the empty name is the door."""
    return importlib.import_module(f"estimation.{name}" if name else "estimation")


def names_of(name: str) -> list[str]:
    """The names of a namespace that are no namespaces, in the order of ``__all__``."""
    shown = namespace(name)
    return [each for each in shown.__all__ if not inspect.ismodule(getattr(shown, each)) and not each.startswith("__")]


def _all() -> Iterator[tuple[str, object]]:
    for room in rooms():
        module = namespace(room)
        for name in names_of(room):
            yield f"{module.__name__}.{name}", getattr(module, name)


def public_places() -> dict[str, str]:
    """Where a name is shown, by its last word and by each place where it is defined.

    One name is open in one place (a test holds it), so that the last word says which is meant.
    """
    places: dict[str, str] = {}
    for place, found in _all():
        places[place.rpartition(".")[2]] = place
        places[place] = place
        module = getattr(found, "__module__", None)
        if module:
            places[f"{module}.{getattr(found, '__qualname__', place.rpartition('.')[2])}"] = place
    for room in NAMESPACES:
        places.setdefault(f"estimation.{room}", f"estimation.{room}")
    return places


def public_place(target: str, places: dict[str, str]) -> str | None:
    """The public place of a name as a docstring writes it, with a member behind it or without.

    ``Model.fit`` gives ``estimation.models.Model.fit``.
    """
    target = target.removesuffix("()").removeprefix("mse.").removeprefix("~")
    if target in places:
        return places[target]
    if f"estimation.{target}" in places:
        return places[f"estimation.{target}"]
    owner, _, member = target.rpartition(".")
    found = public_place(owner, places) if owner else None
    if found and found.rpartition(".")[2] not in NAMESPACES:
        return f"{found}.{member}"
    return None
