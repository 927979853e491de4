"""Places as they are drawn on a map: rings on a plane, as fine as can be seen, and where a number has room on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimation.capture.table import FloatArray
from estimation.strata.boundaries import Boundaries

__all__ = ["Shapes", "label_spot", "shapes_of"]

_FINEST = 1500
"""Steps across the longer side of the map: finer details of a boundary cannot be seen."""
_LINES = 15
"""Heights at which a number is tried on its place."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """Places on a plane, in degrees of latitude.

    Parameters
    ----------
    rings : mapping of str to tuple of float arrays, each of shape (V, 2)
        The rings of each place; outer ones run against the clock, holes with it.
    left, foot, width, height : float
        The rectangle around all.
    """

    rings: Mapping[str, tuple[FloatArray, ...]]
    left: float
    foot: float
    width: float
    height: float


def shapes_of(boundaries: Boundaries) -> Shapes:
    """Boundaries on a plane: east and west are shortened as they are at the middle of the map.

    A map that would go all around the earth to cross the line of the date is drawn across it.
    """
    flat = {name: [ring for polygon in polygons for ring in polygon] for name, polygons in boundaries.places.items()}
    corners = np.concatenate([ring for rings in flat.values() for ring in rings])
    if np.ptp(corners[:, 0]) > 180 and np.ptp(np.mod(corners[:, 0], 360)) < np.ptp(corners[:, 0]):
        flat = {
            name: [np.column_stack([ring[:, 0] % 360, ring[:, 1]]) for ring in rings] for name, rings in flat.items()
        }
        corners = np.concatenate([ring for rings in flat.values() for ring in rings])
    shrink = np.array([np.cos(np.radians((corners[:, 1].min() + corners[:, 1].max()) / 2)), 1.0])
    low, high = corners.min(axis=0) * shrink, corners.max(axis=0) * shrink
    step = max(float((high - low).max()), 1e-9) / _FINEST
    rings = {name: tuple(_coarser([ring * shrink for ring in each], step)) for name, each in flat.items()}
    width, height = np.maximum(high - low, step)
    return Shapes(rings, float(low[0]), float(low[1]), float(width), float(height))


def _coarser(rings: Sequence[FloatArray], step: float) -> list[FloatArray]:
    """Rings on a grid, so that neighbours go on to share their border; a ring too small to be seen is left out."""
    found = []
    for ring in rings:
        on_grid = np.round(ring / step) * step
        moved = np.append(True, (np.diff(on_grid, axis=0) != 0).any(axis=1))
        if moved.sum() >= 4:
            found.append(on_grid[moved])
    return found or [max(rings, key=len)]


def label_spot(rings: Sequence[FloatArray], width: float, height: float) -> tuple[float, float] | None:
    """The middle of a rectangle of this size on a place, as near as can be to half its height; None where none fits.

    Parameters
    ----------
    rings : sequence of float arrays, each of shape (V, 2)
        Of the place.
    width, height : float
        Of what is to stand there, in the unit of the rings.
    """
    largest = max(rings, key=lambda ring: float(np.prod(np.ptp(ring, axis=0))))
    foot, top = largest[:, 1].min(), largest[:, 1].max()
    middle = (foot + top) / 2
    for y in sorted(np.linspace(foot, top, _LINES + 2)[1:-1].tolist(), key=lambda y: abs(y - middle)):
        free = _inside(rings, y)
        for edge in (y - height / 2, y + height / 2):
            free = _both(free, _inside(rings, edge))
        left, right = max(free, key=lambda ends: ends[1] - ends[0], default=(0.0, 0.0))
        if right - left >= width:
            return (left + right) / 2, y
    return None


def _inside(rings: Sequence[FloatArray], y: float) -> list[tuple[float, float]]:
    """The parts of a line at this height that lie on the place."""
    crossings: list[float] = []
    for ring in rings:
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        over = (y0 > y) != (y1 > y)
        crossings += (x0 + (y - y0) / np.where(over, y1 - y0, 1.0) * (x1 - x0))[over].tolist()
    ordered = sorted(crossings)
    return list(zip(ordered[::2], ordered[1::2], strict=False))


def _both(first: list[tuple[float, float]], second: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """What two sets of intervals have in common."""
    common = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return [(left, right) for left, right in common if right > left]
