"""A map: the number of each place, and beside it the share of its people whom no list has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from estimation.capture.table import FloatArray
from estimation.charts.drawing.frame import framed
from estimation.charts.drawing.intervals import called
from estimation.charts.drawing.place_shapes import Shapes, label_spot, shapes_of
from estimation.charts.drawing.stratum_rows import spans_widely
from estimation.charts.drawing.theme import GREY, INK, NARROW, PALE, drawing, inches_wide
from estimation.charts.drawing.words import SMALL, persons, persons_label, text_inches, wrapped
from estimation.results.estimates import Estimate, Result
from estimation.results.rounding import rounded
from estimation.strata.boundaries import GivenBoundaries, boundaries_of
from estimation.strata.by_stratum import StratumResults, total
from estimation.toml_file import nearest

__all__ = ["plot_map"]

_TITLE, _BETWEEN = 0.24, 0.15
"""Above a panel, and between two.  Unit: inches."""
_NO_TICKS = 0.35
"""Room below a picture for an axis that maps do not have.  Unit: inches."""
_HIGHEST = 4.6
"""Of a panel.  Unit: inches."""
_CLASSES = 5
_PERSONS = ("#e3eef6", "#08395c")
_SHARES = ("#fcecdf", "#7a3300")
"""Lightest and darkest shade of each panel: they differ in lightness, which a print in grey keeps."""


def plot_map(
    found: StratumResults,
    boundaries: GivenBoundaries,
    label: str,
    ax: Axes | None = None,
    *,
    property: str | None = None,  # noqa: A002 - what GeoJSON calls it, and the study file
    level: float = 0.95,
    counted: str = "people",
) -> Axes:
    """The number of each place on a map, and on a second one the share of its people who are on no list.

    Darker is more.  A place without a number is hatched, one of which nobody is on a list is white.  Where there is
    room, the number stands on its place, rounded as in a headline (`estimation.results.rounding`).  With other labels
    beside places, a place has the total of its strata; an interval is on no map.

    Parameters
    ----------
    found : StratumResults
        What a model answers for each stratum.  Unit: persons.
    boundaries : path or mapping
        GeoJSON in longitude and latitude; with geopandas installed, the path of any file that it reads.
    label : str
        The label whose values are places.
    ax : Axes, optional
        Where to draw, on axes set into it; without it, a figure of its own.
    property : str, optional
        The property of a boundary that has the name of its place; by default the one that has the most of them.
    level : float
        Level of the interval by which a number is rounded.
    counted : str
        What is counted, for the titles.

    Returns
    -------
    Axes
        The axes drawn on; its ``child_axes`` are the two maps.

    Raises
    ------
    SettingError
        When the boundaries cannot be read, or lack a place; each is named, with the nearest.
    ValueError
        When there is no such label.

    Examples
    --------
    >>> import estimation as mse
    >>> rows, places = [[1, 0], [0, 1], [1, 1]] * 2, ["West"] * 3 + ["East"] * 3
    >>> table = mse.StratifiedTable(["a", "b"], rows, {"place": places}, [50, 40, 20, 30, 30, 30])
    >>> found = mse.strata.estimate_by(table, ["place"], mse.models.Chapman(), rng=1)
    >>> west, east = ([[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]] for x in (0, 1))
    >>> features = [
    ...     {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": rings}}
    ...     for name, rings in (("West", west), ("East", east))
    ... ]
    >>> chart = mse.charts.plot_map(found, {"type": "FeatureCollection", "features": features}, "place")
    >>> sorted(text.get_text() for text in chart.child_axes[0].texts)
    ['119', '205']
    """
    results = _by_place(found, label)
    shapes = shapes_of(boundaries_of(boundaries, list(results), property=property))
    known = {place: result for place, result in results.items() if isinstance(result, Estimate)}
    number = {place: result.median for place, result in known.items()}
    unseen = {place: 100 * (1 - each.n_observed / max(each.median, 1.0)) for place, each in known.items()}
    with drawing():
        width = inches_wide(ax)
        form = _form(shapes, width)
        scales = [
            _Scale(persons_label(counted), _breaks(number), _PERSONS, persons, "persons"),
            _Scale("Share on no list (%)", _breaks(unseen), _SHARES, lambda value: f"{value:.4g}", "% on no list"),
        ]
        note = _note(results, known, level)
        ax = framed(ax, form.height - _NO_TICKS, "", _handles(scales, results, shapes), width=width, note=note)
        ax.set_axis_off()
        texts = [
            {place: persons(rounded(each, level).point) for place, each in known.items()},
            {place: f"{share:.0f} %" for place, share in unseen.items()},
        ]
        for index, (scale, values, words) in enumerate(zip(scales, (number, unseen), texts, strict=True)):
            panel = ax.inset_axes(form.place(index))
            _draw_map(panel, shapes, scale, values, words, results, form.inches_per_unit)
            panel.set_title(wrapped(scale.title, form.across), loc="left", fontsize=SMALL, fontweight="bold")
    return ax


def _by_place(found: StratumResults, label: str) -> dict[str, Result]:
    """The number of each place: its stratum's own, or the total of its strata."""
    if label not in found.labels:
        raise ValueError(f"there is no label {label!r}; {nearest(label, found.labels)}")
    at = found.labels.index(label)
    groups: dict[str, dict[tuple[str, ...], Result]] = {}
    for stratum, result in found.results.items():
        groups.setdefault(stratum[at], {})[stratum] = result
    return {
        place: next(iter(group.values())) if len(group) == 1 else total(group, found.labels, rng=0)
        for place, group in groups.items()
    }


@dataclass(frozen=True, slots=True)
class _Scale:
    """Classes of numbers, each with its shade, and how they are called."""

    title: str
    breaks: tuple[float, ...]
    ends: tuple[str, str]
    name: Callable[[float], str]
    unit: str

    def shade(self, at: int) -> tuple[float, float, float]:
        """The colour of a class, between the lightest and the darkest."""
        light, dark = (np.array(to_rgb(end)) for end in self.ends)
        part = at / max(len(self.breaks) - 2, 1)
        red, green, blue = light + part * (dark - light)
        return float(red), float(green), float(blue)

    def place(self, value: float) -> int:
        """The class of a value."""
        return int(np.clip(np.searchsorted(self.breaks, value, side="right") - 1, 0, len(self.breaks) - 2))

    def words(self, at: int) -> str:
        """A class in words, with its unit."""
        return f"{self.name(self.breaks[at])} to under {self.name(self.breaks[at + 1])} {self.unit}"


def _breaks(values: Mapping[str, float]) -> tuple[float, ...]:
    """Round ends of some classes that hold all values: from zero, or by factors where values are far apart."""
    given = list(values.values())
    if not given:
        return ()
    low, high = min(given), max(given)
    if spans_widely(given):
        for digits in ((1, 2, 5), (1, 3), (1,)):
            ends = [d * 10.0**p for p in range(int(np.floor(np.log10(low))), int(np.log10(high)) + 2) for d in digits]
            first = max(end for end in ends if end <= low)
            last = min(end for end in ends if end > high)
            breaks = tuple(end for end in ends if first <= end <= last)
            if len(breaks) <= _CLASSES + 2:
                return breaks
        return breaks
    ticks = MaxNLocator(nbins=_CLASSES, steps=[1, 2, 2.5, 5, 10]).tick_values(0, max(high, 1.0))
    step = float(ticks[1] - ticks[0])
    return tuple(step * k for k in range(int(high / step) + 2))


@dataclass(frozen=True, slots=True)
class _Form:
    """How the two maps are set: beside each other, or one above the other; sizes in inches."""

    is_stacked: bool
    across: float
    high: float
    width: float
    inches_per_unit: float

    @property
    def height(self) -> float:
        return (self.high + _TITLE) * (2 if self.is_stacked else 1)

    def place(self, index: int) -> tuple[float, float, float, float]:
        """Left, foot, width and height of a map, as shares of the whole picture."""
        row, column = (index, 0) if self.is_stacked else (0, index)
        left = column * (self.across + _BETWEEN) / self.width
        foot = 1 - (row + 1) * (self.high + _TITLE) / self.height
        return left, foot, self.across / self.width, self.high / self.height


def _form(shapes: Shapes, width: float) -> _Form:
    inside, is_stacked = width - 0.15, width < NARROW
    across = inside if is_stacked else (inside - _BETWEEN) / 2
    per_unit = min(across / shapes.width, _HIGHEST / shapes.height)
    return _Form(is_stacked, across, shapes.height * per_unit, inside, per_unit)


def _draw_map(
    panel: Axes,
    shapes: Shapes,
    scale: _Scale,
    values: Mapping[str, float],
    words: Mapping[str, str],
    results: Mapping[str, Result],
    inches_per_unit: float,
) -> None:
    """Draw all places, shaded by their class, with their numbers where these fit."""
    for place, rings in shapes.rings.items():
        look: dict[str, object] = {"facecolor": "white", "edgecolor": PALE, "linewidth": 0.5}
        if place in values:
            look = {"facecolor": scale.shade(scale.place(values[place])), "edgecolor": "white", "linewidth": 0.5}
        elif place in results:
            look = {"facecolor": "white", "edgecolor": GREY, "hatch": "////", "linewidth": 0.5}
        panel.add_patch(PathPatch(_path(rings), zorder=1.5 if place in results else 1.0, **look))
    for place, text in words.items():
        spot = label_spot(shapes.rings[place], (text_inches(text) + 0.04) / inches_per_unit, 0.13 / inches_per_unit)
        if spot is not None:
            is_dark = sum(scale.shade(scale.place(values[place]))) < 1.5
            panel.text(
                *spot, text, ha="center", va="center", fontsize=SMALL, color="white" if is_dark else INK, zorder=3
            )
    panel.set_xlim(shapes.left, shapes.left + shapes.width)
    panel.set_ylim(shapes.foot, shapes.foot + shapes.height)
    panel.set_aspect("equal", anchor="NW")
    panel.set_axis_off()


def _path(rings: Sequence[FloatArray]) -> Path:
    """The rings of a place as one outline: what lies within a hole is not filled."""
    parts = [Path(ring, closed=True) for ring in rings]
    return Path.make_compound_path(*parts)


def _handles(scales: Sequence[_Scale], results: Mapping[str, Result], shapes: Shapes) -> list[Artist]:
    """What the shades mean, those of each map together."""
    handles: list[Artist] = [
        Patch(facecolor=scale.shade(at), edgecolor=PALE, linewidth=0.5, label=scale.words(at))
        for scale in scales
        for at in range(max(len(scale.breaks) - 1, 0))
    ]
    if not all(isinstance(result, Estimate) for result in results.values()):
        handles.append(Patch(facecolor="white", edgecolor=GREY, hatch="////", linewidth=0.5, label="Not estimable"))
    if shapes.rings.keys() - results.keys():
        handles.append(Patch(facecolor="white", edgecolor=PALE, linewidth=0.5, label="Nobody on a list"))
    return handles


def _note(results: Mapping[str, Result], known: Mapping[str, Estimate], level: float) -> str:
    """What the numbers are, and what the map leaves out."""
    point, interval = called(known.values(), level)
    if not point:
        return f"None of {len(results):,} places has a number."
    return f"Each number is a {point}; the map leaves out its {interval}. Darker: more."
