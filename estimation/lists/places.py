"""The place of the event as it is compared: its settlement, without *town of* and *г.*, under its former names too."""

from __future__ import annotations

import re
from functools import lru_cache

from estimation.lists.name_words import is_missing
from estimation.lists.normal import normalise

__all__ = ["places_of"]

_SETTLEMENT = re.compile(
    r"^\s*(?:in the |in |в |во |u |en |à |a )?"
    r"(?:city of|town of|village of|municipality of|district of|province of|commune d[eu]|commune d'|comune di|"
    r"ville de|ciudad de|desa|kota|kelurahan|municipio de|"
    r"distrito de|provincia de|concelho de|opština|općina|gmina|stadt|gemeinde|"
    r"г\.|гор\.|пос\.|дер\.|д\.|с\.|сел\.|ст\.|мест\.|м\.|хут\.|п\.|аул |город |село |деревня |"
    r"grad |selo |köy |شهر |مدينة |مدینه |قرية |روستای )\s*",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"^\s*(?:near|outside|close to|cerca de|près de|nahe|kod|blizu|возле|около|نزدیک|قرب)\s+(?=\S)", re.IGNORECASE
)
_RENAMED = (
    ("bakhtaran", "kermanshah"),
    ("باختران", "کرمانشاه"),
    ("rezaiyeh", "urmia", "orumiyeh"),
    ("رضاییه", "ارومیه"),
    ("bandar pahlavi", "bandar anzali"),
    ("bandar shahpur", "bandar imam khomeini"),
    ("leningrad", "saint petersburg", "st petersburg"),
    ("ленинград", "санкт петербург", "петроград"),
    ("stalingrad", "volgograd"),
    ("сталинград", "волгоград"),
    ("kalinin", "tver"),
    ("калинин", "тверь"),
    ("gorky", "nizhny novgorod"),
    ("горькии", "нижнии новгород"),
    ("sverdlovsk", "yekaterinburg"),
    ("свердловск", "екатеринбург"),
    ("куибышев", "самара"),
    ("молотов", "пермь"),
    ("saigon", "ho chi minh city"),
    ("leopoldville", "kinshasa"),
    ("titograd", "podgorica"),
)
"""Names of one town in different years."""


@lru_cache(maxsize=50_000)
def places_of(text: str) -> tuple[str, ...]:
    """The names of a place, the one that is written first; empty where none is given.

    Parameters
    ----------
    text : str
        A cell: a settlement, or a settlement with its district or province, commas between them.

    Examples
    --------
    >>> places_of("Bijar, Kurdistan"), places_of("Вологодская губ., г. Кадников"), places_of("n/k")
    (('bijar',), ('кадников',), ())
    >>> places_of("Bakhtaran"), places_of("SALTA SALTA"), places_of("Prizren / Prizreni (Kosovo)")
    (('bakhtaran', 'kermanshah'), ('salta',), ('prizren', 'prizreni'))
    """
    if is_missing(text):
        return ()
    found = [name for part in text.split("/") for name in _names_of(part)]
    return tuple(dict.fromkeys(found))


def _names_of(text: str) -> tuple[str, ...]:
    """The names of a place that stands without alternatives."""
    parts = [part.strip() for part in re.split(r"[,،;()]", text) if not is_missing(part)]
    if not parts:
        return ()
    marked = [part for part in parts if _SETTLEMENT.match(part)]
    own = normalise(_NEAR.sub("", _SETTLEMENT.sub("", marked[0] if marked else parts[0])))
    words = own.split()
    if words[: len(words) // 2] == words[len(words) // 2 :]:  # town and province of one name
        own = " ".join(words[: len(words) // 2])
    if not own:
        return ()
    others = [name for names in _RENAMED if own in names for name in names if name != own]
    return (own, *others)
