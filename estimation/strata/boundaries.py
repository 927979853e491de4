"""Boundaries of places, from GeoJSON, for a map: which polygons are which place, matched by name, letter for letter.

GeoJSON (RFC 7946) has features with a geometry in longitude and latitude and with properties, one of which is the name
of the place.  A name of the data that is no place of the file is an error that names the nearest; nothing is matched by
likeness, since a number that stands on another place is worse than no map.  Files of another format (shapefiles,
GeoPackage) are read by geopandas, where it is installed (``pip install estimation[map]``), and transformed.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, cast

import numpy as np

from estimation.capture.table import FloatArray
from estimation.errors import SettingError
from estimation.toml_file import nearest

__all__ = ["Boundaries", "GivenBoundaries", "Polygon", "boundaries_of"]

Polygon: TypeAlias = tuple[FloatArray, ...]
"""Rings, each of shape (V, 2), in degrees of longitude and latitude: the outer one, against the clock, then holes."""

GivenBoundaries: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any]"
"""The path of a GeoJSON file, or its content."""

_GEOJSON = {".json", ".geojson"}
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Where places lie.

    Parameters
    ----------
    property : str
        The property of the features that has the names.
    places : mapping of str to tuple of Polygon
        Each place of the file by its name.
    """

    property: str
    places: Mapping[str, tuple[Polygon, ...]]


def boundaries_of(
    given: GivenBoundaries,
    names: Collection[str],
    *,
    property: str | None = None,  # noqa: A002 - what GeoJSON calls it, and the study file
) -> Boundaries:
    """The places of a file of boundaries, every name of the data among them.

    Parameters
    ----------
    given : path or mapping
        GeoJSON.
    names : collection of str
        Places of the data, each to be found in the file letter for letter.
    property : str, optional
        The property that has the names of places; by default the one that has the most of them.

    Raises
    ------
    SettingError
        When the file cannot be read, has no polygons, lies outside of longitude and latitude, or lacks a name; it names
        each that is missing, with the nearest.

    Examples
    --------
    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    >>> feature = {"type": "Feature", "properties": {"name": "Ayacucho"}, "geometry": square}
    >>> found = boundaries_of({"type": "FeatureCollection", "features": [feature]}, ["Ayacucho"])
    >>> found.property, list(found.places)
    ('name', ['Ayacucho'])
    """
    where, content = _content(given)
    features = _features(where, content)
    wanted = {_plain(name): name for name in names}
    key = _property(where, features, set(wanted), property)
    places: dict[str, list[Polygon]] = {}
    problems: list[str] = []
    for number, feature in enumerate(features, 1):
        name = _name(feature, key)
        if name is None:
            continue
        try:
            polygons = list(_polygons(feature.get("geometry")))
        except (TypeError, ValueError, KeyError) as error:
            problems.append(f"feature {number} ({name}): {error}")
            continue
        places.setdefault(wanted.get(name, name), []).extend(polygons)
    missing = [name for name in names if not places.get(name)]
    known = [name for name, polygons in places.items() if polygons]
    for name in missing[:_NAMED]:
        there = "has no polygon" if name in places else f"is the {key!r} of no feature"
        problems.append(f"the place {name!r} {there}; {nearest(name, known)}")
    if len(missing) > _NAMED:
        problems.append(f"{len(missing) - _NAMED:,} more places are missing: {', '.join(missing[_NAMED:])}")
    problems += _outside(places)
    if problems:
        raise SettingError(where, problems)
    return Boundaries(key, {name: tuple(polygons) for name, polygons in places.items() if polygons})


def _content(given: GivenBoundaries) -> tuple[str, Mapping[str, Any]]:
    """What the boundaries are called in messages, and their GeoJSON."""
    if isinstance(given, Mapping):
        return "boundaries", given
    path = Path(given)
    where = f"boundaries {path.name}"
    if path.suffix.lower() not in _GEOJSON:
        return where, _of_another_format(where, path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingError(where, [f"cannot be read: {error.strerror or error}"]) from error
    except ValueError as error:
        raise SettingError(where, [f"is not GeoJSON: {error}"]) from error
    if not isinstance(content, dict):
        raise SettingError(where, ["is not GeoJSON: it must be an object with a type and features"])
    return where, content


def _of_another_format(where: str, path: Path) -> Mapping[str, Any]:
    """What geopandas reads of a file, in longitude and latitude."""
    try:
        # Imported here because a map of GeoJSON does not need it, and it is installed with the extra [map] only.
        import geopandas
    except ImportError as error:
        problem = "is not GeoJSON; save it as GeoJSON (.geojson), or install what reads it: pip install estimation[map]"
        raise SettingError(where, [problem]) from error
    if not path.exists():
        raise SettingError(where, ["there is no such file"])
    try:
        frame = geopandas.read_file(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise SettingError(where, [f"cannot be read: {error}"]) from error
    if frame.crs is None:
        raise SettingError(where, ["does not say its coordinate system; save it as GeoJSON in longitude and latitude"])
    return cast(Mapping[str, Any], frame.to_crs(4326).__geo_interface__)


def _features(where: str, content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    kind = content.get("type")
    if kind == "Feature":
        return [content]
    features = content.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list | tuple):
        hint = "; TopoJSON must be saved as GeoJSON first" if kind == "Topology" else ""
        raise SettingError(where, [f"its type is {kind!r}; it must be a FeatureCollection with features{hint}"])
    if not all(isinstance(feature, Mapping) for feature in features) or not features:
        raise SettingError(where, ["its features must be a list of objects, with at least one"])
    return list(features)


def _plain(name: str) -> str:
    """A name as it is compared: a letter with a mark is one character."""
    return unicodedata.normalize("NFC", name.strip())


def _name(feature: Mapping[str, Any], key: str) -> str | None:
    properties = feature.get("properties")
    value = properties.get(key) if isinstance(properties, Mapping) else None
    is_name = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return _plain(str(value)) if is_name and str(value).strip() else None


def _property(where: str, features: list[Mapping[str, Any]], names: set[str], given: str | None) -> str:
    """The property with the names."""
    properties = [feature["properties"] for feature in features if isinstance(feature.get("properties"), Mapping)]
    keys = list(dict.fromkeys(str(key) for each in properties for key in each))
    if not keys:
        raise SettingError(where, ["its features have no properties, and so no names of places"])
    if given is not None:
        if given not in keys:
            raise SettingError(where, [f"no feature has the property {given!r}; {nearest(given, keys)}"])
        return given
    found = {key: len(names & {_name(feature, key) for feature in features}) for key in keys}
    best = max(keys, key=lambda key: found[key])
    if not found[best]:
        example = sorted(names)[0]
        raise SettingError(
            where, [f"no property has a name of the data, such as {example!r}; the properties are {', '.join(keys)}"]
        )
    return best


def _polygons(geometry: object) -> Iterator[Polygon]:
    """The polygons of a geometry; lines and points have no area and are passed over."""
    if geometry is None:
        return
    if not isinstance(geometry, Mapping):
        raise TypeError("its geometry is no object")
    kind = geometry.get("type")
    if kind == "Polygon":
        yield _polygon(geometry["coordinates"])
    elif kind == "MultiPolygon":
        for each in geometry["coordinates"]:
            yield _polygon(each)
    elif kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _polygons(part)


def _polygon(rings: object) -> Polygon:
    if not isinstance(rings, list | tuple) or not rings:
        raise ValueError("a polygon has no ring")
    found = []
    for at, ring in enumerate(rings):
        corners = np.array([corner[:2] for corner in ring], dtype=np.float64)
        if corners.ndim != 2 or corners.shape[1:] != (2,) or len(corners) < 4 or not np.isfinite(corners).all():
            raise ValueError("a ring must be four corners or more, each a longitude and a latitude")
        x, y = corners.T
        against_the_clock = float(x[:-1] @ y[1:] - x[1:] @ y[:-1]) > 0
        found.append(corners if against_the_clock == (at == 0) else corners[::-1])
    return tuple(found)


def _outside(places: Mapping[str, list[Polygon]]) -> list[str]:
    """That coordinates are no degrees, where they are not."""
    rings = [ring for polygons in places.values() for polygon in polygons for ring in polygon]
    if all((np.abs(ring) <= (180.0, 90.0)).all() for ring in rings):
        return []
    return [
        "its coordinates are not longitude and latitude; transform it to WGS 84 "
        "(in geopandas: frame.to_crs(4326).to_file('boundaries.geojson'))"
    ]
