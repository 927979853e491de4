"""Whether the vowels of two spellings of one skeleton can be the same.

Arabic letters write long vowels only, Latin ones write all, each clerk in another way.  So nothing in Arabic allows one
short vowel in Latin, ا asks for a or e, ی for i, e or y, و for o, u, w or v; and a vowel that Latin writes as a long
one asks for its letter in Arabic.  A last e may be silent, as in Noureddine.  Between two Latin or Cyrillic spellings
o is as good as u, e as i or as a.
"""

from __future__ import annotations

from functools import lru_cache

from estimation.lists.normal import Sounds

__all__ = ["sound_alike", "vowels_agree"]

_LONG_I, _LONG_U = ("Y", "EI", "AI", "EE", "IE", "II"), ("W", "OO", "AU", "UU")
_TOGETHER = {"EI": "I", "AI": "I", "EY": "I", "AY": "I", "IY": "I", "IE": "I", "EE": "I", "AE": "A", "AA": "A"}


def vowels_agree(a: Sounds, b: Sounds) -> bool:
    """Whether two names with one skeleton can have the same vowels.

    Parameters
    ----------
    a, b : Sounds
        Two names with the same skeleton.

    Examples
    --------
    >>> from estimation.lists.normal import sounds
    >>> [vowels_agree(sounds("حسین"), sounds(name)) for name in ("Hossein", "Hasan")]
    [True, False]
    >>> vowels_agree(sounds("Hossein"), sounds("Husayn")), vowels_agree(sounds("Amir"), sounds("Omar"))
    (True, False)
    """
    a_is_arabic, b_is_arabic = a.script == "arabic", b.script == "arabic"
    last = len(a.vowels) - 1
    for at, (one, other) in enumerate(zip(a.vowels, b.vowels, strict=True)):
        if one == other or "X" in one or "X" in other or (at == last and {one, other} == {"", "E"}):
            continue
        at_edge = at in {0, last}
        if a_is_arabic and b_is_arabic:
            agree = _both_arabic(one, other)
        elif a_is_arabic:
            agree = _across(one, other, at_edge)
        elif b_is_arabic:
            agree = _across(other, one, at_edge)
        else:
            agree = _both_latin(one, other, at_edge)
        if not agree:
            return False
    return True


def sound_alike(a: Sounds, b: Sounds) -> tuple[bool, int]:
    """Whether a reading of the one can be one of the other, and how many consonants a shared skeleton has at most.

    Examples
    --------
    >>> from estimation.lists.normal import sounds
    >>> sound_alike(sounds("Gamal"), sounds("جمال")), sound_alike(sounds("Hasan"), sounds("حسین"))
    ((True, 3), (False, 3))
    """
    pairs = [(x, y) for x in a.readings for y in b.readings if x.skeleton == y.skeleton]
    return any(vowels_agree(x, y) for x, y in pairs), max((len(x.skeleton) for x, _ in pairs), default=0)


@lru_cache(maxsize=10_000)
def _both_arabic(one: str, other: str) -> bool:
    pairs = {one, other}
    return pairs in ({"T", "I"}, {"T", "A"}, {"V", "A"}) or one.replace("T", "I") == other.replace("T", "I")


@lru_cache(maxsize=10_000)
def _across(arabic: str, latin: str, at_edge: bool) -> bool:
    if not arabic:
        return not at_edge and latin in {"", "A", "E", "I", "O", "U", "OU", "AA"}
    if not latin:
        return False
    allowed = {"A": "AE", "I": "IEY", "U": "OUW", "T": "IEYA", "V": "AEIOUY"}
    if not all(set(allowed.get(letter, letter)) & set(latin) for letter in arabic):
        return False
    has_i, has_u = bool({"I", "T"} & set(arabic)), "U" in arabic
    long_i, long_u = (any(long in latin for long in longs) for longs in (_LONG_I, _LONG_U))
    return (has_i or not long_i or "V" in arabic) and (has_u or not long_u)


@lru_cache(maxsize=10_000)
def _both_latin(one: str, other: str, at_edge: bool) -> bool:
    if not one or not other:
        return not at_edge and len(one + other) == 1
    a, b = _kinds(one), _kinds(other)
    return a == b or (a == "E" and b in {"A", "I"}) or (b == "E" and a in {"A", "I"})


def _kinds(vowels: str) -> str:
    """Front, back and open vowels in their order, each run of one kind once."""
    for pair, single in _TOGETHER.items():
        vowels = vowels.replace(pair, single)
    kinds = vowels.translate(str.maketrans("YOUWAEI", "IUUUAEI")).replace("AU", "U")
    return "".join(kind for at, kind in enumerate(kinds) if kinds[at - 1 : at] != kind)
