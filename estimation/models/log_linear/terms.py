"""Hierarchical log-linear models: as text, as sets of terms, and all of them.

A term is a set of lists that interact, written as a number whose bit j says whether list j is in it; term 0 is the
intercept and the term ``1 << j`` is the main effect of list j.  A model is hierarchical when with each term it has
every term inside it, so that its largest terms, its generators, say what it is: ``[A B C][C D]``.  Every model here has
the intercept and all main effects; none has the term of all lists, with which it would fit any number unseen.

Symbols
-------
J lists; T = 2^J terms; a model as terms is a bool array of shape (T,).  Cell h (a history) is numbered the same way,
so term t touches cell h when ``t & h == t``.

There are 8 such models on 3 lists, 113 on 4 and 6,893 on 5.

Heterogeneity: a wider model, of shape (2^J + H,), also says which columns h of
`estimation.models.log_linear.heterogeneity_designs.shape_columns` it has.  H is less than 2^J, so that the width of an
array of models gives J.

References: Bishop, Fienberg, Holland (1975), Discrete Multivariate Analysis, chapter 3; Rivest, Baillargeon (2007),
Biometrics 63:999-1006, for the columns h.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from estimation.capture.table import BoolArray, FloatArray
from estimation.errors import SettingError
from estimation.models.log_linear.heterogeneity_designs import Shape, shape_columns, shapes_by_column
from estimation.toml_file import nearest

__all__ = [
    "MAX_ENUMERATED",
    "cell_design",
    "format_model",
    "generators_of",
    "heterogeneity_sets",
    "hierarchical_models",
    "lists_of",
    "main_effects",
    "model_design",
    "pair_models",
    "parse_generators",
    "terms_of",
    "text_problems",
    "with_heterogeneity",
]

MAX_ENUMERATED = 5
"""On 6 lists there are over seven million hierarchical models."""

_BETWEEN = r"\s.,:;*+"
_WHERE = "model"


@lru_cache(maxsize=16)
def cell_design(n_lists: int) -> FloatArray:
    """Which term touches which cell, shape (2^J - 1, 2^J): 1 or 0; cells in the order of `CaptureTable.cells`.

    Examples
    --------
    >>> cell_design(2).astype(int).tolist()
    [[1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]]
    """
    cells, terms = np.arange(1, 1 << n_lists)[:, None], np.arange(1 << n_lists)
    design: FloatArray = ((cells & terms) == terms).astype(np.float64)
    design.flags.writeable = False
    return design


def lists_of(models: BoolArray) -> int:
    """J, from the width of a model or of an array of models, with heterogeneity or without."""
    return int(models.shape[-1]).bit_length() - 1


@lru_cache(maxsize=16)
def _wide_design(n_lists: int) -> FloatArray:
    design = np.column_stack([cell_design(n_lists), shape_columns(n_lists)])
    design.flags.writeable = False
    return design


def model_design(models: BoolArray) -> FloatArray:
    """The design of models: `cell_design`, and for wider models the columns of heterogeneity after it.

    Examples
    --------
    >>> model_design(main_effects(3)).shape, model_design(with_heterogeneity(main_effects(3)[None], ["Chao"])).shape
    ((7, 8), (7, 13))
    """
    n_lists = lists_of(models)
    return cell_design(n_lists) if models.shape[-1] == 1 << n_lists else _wide_design(n_lists)


def heterogeneity_sets(n_lists: int, shapes: Iterable[Shape]) -> BoolArray:
    """Which columns of heterogeneity a model may have, shape (S, H): none; one form; of Chao's any of its columns.

    In Chao's form a coefficient eta_m that would be negative is zero, so that a model with fewer columns takes the
    place of one with a negative coefficient.

    Examples
    --------
    >>> heterogeneity_sets(4, ["Darroch", "Chao"]).astype(int).tolist()
    [[0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 1, 1]]
    """
    by_column = shapes_by_column(n_lists)
    chosen: list[tuple[int, ...]] = [()]
    for shape in shapes:
        own = [at for at, other in enumerate(by_column) if other == shape]
        chosen += [some for size in range(1, len(own) + 1) for some in combinations(own, size)]
    sets = np.zeros((len(chosen), len(by_column)), dtype=bool)
    for row, columns in enumerate(chosen):
        sets[row, list(columns)] = True
    return sets


def with_heterogeneity(models: BoolArray, shapes: Iterable[Shape]) -> BoolArray:
    """Each model with each of `heterogeneity_sets`, shape (M S, 2^J + H): first all models without heterogeneity.

    Parameters
    ----------
    models : bool array, shape (M, 2^J)
        Terms of each.
    shapes : iterable of str
        The forms of heterogeneity.
    """
    sets = heterogeneity_sets(lists_of(models), shapes)
    return np.hstack([np.tile(models, (len(sets), 1)), np.repeat(sets, len(models), axis=0)])


def main_effects(n_lists: int) -> BoolArray:
    """The model of independent lists, as terms, shape (2^J,)."""
    return terms_of((), n_lists)


def terms_of(generators: Iterable[int], n_lists: int) -> BoolArray:
    """A model as terms, shape (2^J,), from some of its terms: the main effects and all that hierarchy asks for added.

    Examples
    --------
    >>> np.flatnonzero(terms_of([0b011, 0b100], 3)).tolist()
    [0, 1, 2, 3, 4]
    """
    terms = np.arange(1 << n_lists)
    inside = np.zeros(1 << n_lists, dtype=bool)
    for generator in (0, *(1 << j for j in range(n_lists)), *generators):
        inside |= (terms & generator) == terms
    return inside


def generators_of(terms: BoolArray) -> tuple[int, ...]:
    """The largest terms of a model: the larger first, then by the order of their lists.

    Examples
    --------
    >>> generators_of(terms_of([0b011, 0b110], 3))
    (3, 6)
    """
    n_lists = lists_of(terms)
    return _generators(np.asarray(terms[: 1 << n_lists], dtype=bool).tobytes(), n_lists)


@lru_cache(maxsize=4096)
def _generators(terms: bytes, n_lists: int) -> tuple[int, ...]:
    """The same for terms as bytes; the best models of many tables are few."""
    present = np.flatnonzero(np.frombuffer(terms, dtype=bool))
    largest = [t for t in present.tolist() if t and not ((present & t == t) & (present != t)).any()]
    return tuple(sorted(largest, key=lambda t: (-t.bit_count(), [j for j in range(n_lists) if t >> j & 1])))


def format_model(terms: BoolArray, lists: Sequence[str]) -> str:
    """A model as text, by its generators, and its form of heterogeneity if it has one.

    Examples
    --------
    >>> model = terms_of([0b011, 0b110], 3)
    >>> format_model(model, ["EXH", "ABA", "OSCE"])
    '[EXH ABA][ABA OSCE]'
    >>> format_model(with_heterogeneity(model[None], ["Darroch"])[1], ["EXH", "ABA", "OSCE"])
    '[EXH ABA][ABA OSCE] + Darroch'
    """
    named = (" ".join(name for j, name in enumerate(lists) if t >> j & 1) for t in generators_of(terms))
    n_lists = lists_of(terms)
    wide = zip(shapes_by_column(n_lists), terms[1 << n_lists :], strict=False)
    shapes = dict.fromkeys(shape for shape, is_in in wide if is_in)
    return "".join(f"[{names}]" for names in named) + "".join(f" + {shape}" for shape in shapes)


def text_problems(text: str) -> list[str]:
    """What is wrong with the brackets of a model's text, whatever the lists are called.

    Examples
    --------
    >>> text_problems("[A B][C")
    ["'[A B][C': a bracket is opened and not closed; write a model as [A B][B C]"]
    """
    if any(unicodedata.category(character) == "Cc" and not character.isspace() for character in text):
        return [f"{text!r}: a control character stands in it, and in no name of a list; remove it"]
    depth = 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if depth not in (0, 1):
            return [f"{text!r}: a bracket inside or closed before another; write a model as [A B][B C]"]
    if depth:
        return [f"{text!r}: a bracket is opened and not closed; write a model as [A B][B C]"]
    if not re.sub(rf"[\[\]{_BETWEEN}]", "", text):
        return [f"{text!r} names no list; write a model as [A B][B C], or leave it out for independent lists"]
    return []


def _groups(text: str) -> list[list[str]]:
    """The text cut into generators, and each into the names in it."""
    brackets = re.findall(r"\[([^\]]*)\]", text)
    outside = re.sub(r"\[[^\]]*\]", " ", text)
    joined = re.search(r"[.:*+]", text) is not None
    if len(brackets) > 1 or (brackets and not (joined and re.search(r"[,;]", text))):
        parts = [*brackets, *re.split(rf"[{_BETWEEN}]+", outside)]
        return [names for part in parts if (names := [w for w in re.split(rf"[{_BETWEEN}]+", part) if w])]
    # One bracket or none: a comma stands between generators, and a dot, colon, star or plus between lists.
    parts = re.split(r"[,;\s]+", " ".join([*brackets, outside]))
    return [names for part in parts if (names := [w for w in re.split(r"[.:*+]+", part) if w])]


def parse_generators(text: str, lists: Sequence[str]) -> tuple[int, ...]:
    """The terms that a text names: ``"[A B C][C D]"``, ``"[A.B.C, C.D]"`` or ``"A:B:C, C:D"``.

    Inside brackets lists are separated by a space, dot, comma, colon, star or plus.  Where a single bracket or none
    holds everything, commas part the generators and dots, colons, stars or pluses the lists.  A name of a list may hold
    any of these.  A list that is not named stands alone.

    Parameters
    ----------
    text : str
        The model.
    lists : sequence of str, length J
        Names of the lists.

    Raises
    ------
    SettingError
        For a name that is no list (the nearest one is offered), a list named twice in one generator, brackets that do
        not close.  All problems are named together.

    Examples
    --------
    >>> parse_generators("[EXH.ABA, ABA.OSCE]", ["EXH", "ABA", "OSCE"])
    (3, 6)
    """
    problems = text_problems(text)
    if problems:
        raise SettingError(_WHERE, problems)
    # Names are taken out first, the longest first, so that "police, north" is one list and not two words.
    edge = rf"[\[\]{_BETWEEN}]"
    by_length = sorted(range(len(lists)), key=lambda j: -len(lists[j]))
    pattern = "|".join(f"(?P<l{j}>{re.escape(lists[j])})" for j in by_length)
    marked = re.sub(rf"(?<!(?!{edge}).)(?:{pattern})(?!(?!{edge}).)", lambda m: f"\0{str(m.lastgroup)[1:]}", text)
    generators = []
    for names in _groups(marked):
        unknown = [name for name in names if not name.startswith("\0")]
        for name in unknown:
            problems.append(f"{name!r} is not a list of this table; {nearest(name, lists)}")
        known = [int(name[1:]) for name in names if name.startswith("\0")]
        problems += [f"{lists[j]} is named twice in one generator" for j in sorted(set(known)) if known.count(j) > 1]
        generators.append(sum(1 << j for j in set(known)))
    if problems:
        raise SettingError(_WHERE, list(dict.fromkeys(problems)))
    return tuple(generators)


def _sorted_models(found: Iterable[int], n_lists: int) -> BoolArray:
    """Models given as words (bit t: term t is in it), as an array; fewest terms first."""
    words = np.array(sorted(found, key=lambda word: (word.bit_count(), word)), dtype=object)
    models = np.array([[bool(word >> t & 1) for t in range(1 << n_lists)] for word in words], dtype=bool)
    models.flags.writeable = False
    return models


@lru_cache(maxsize=8)
def hierarchical_models(n_lists: int) -> BoolArray:
    """All hierarchical models on J lists but the saturated one, shape (M, 2^J), fewest terms first.

    Raises
    ------
    ValueError
        Unless there are 2 to 5 lists; beyond, they are too many to enumerate.

    Examples
    --------
    >>> [len(hierarchical_models(n_lists)) for n_lists in (2, 3, 4)]
    [1, 8, 113]
    """
    if not 2 <= n_lists <= MAX_ENUMERATED:
        raise ValueError(f"{n_lists} lists; all hierarchical models are enumerated for 2 to {MAX_ENUMERATED}")
    below = {
        t: sum(1 << (t & ~(1 << j)) for j in range(n_lists) if t >> j & 1)
        for t in range((1 << n_lists) - 1)
        if t.bit_count() > 1
    }
    start = sum(1 << t for t in np.flatnonzero(main_effects(n_lists)).tolist())
    found, new = {start}, [start]
    while new:
        grown = {word | 1 << t for word in new for t, needed in below.items() if word & needed == needed}
        new = list(grown - found)
        found |= grown
    return _sorted_models(found, n_lists)


@lru_cache(maxsize=8)
def pair_models(n_lists: int) -> BoolArray:
    """All models with main effects and some pairs of lists, shape (2^(J(J-1)/2), 2^J), fewest pairs first.

    Of two lists, whose one pair would be the saturated model, there is the model of independence only.

    Raises
    ------
    ValueError
        Unless there are 2 to 5 lists.

    Examples
    --------
    >>> [len(pair_models(n_lists)) for n_lists in (2, 3, 4, 5)]
    [1, 8, 64, 1024]
    """
    if not 2 <= n_lists <= MAX_ENUMERATED:
        raise ValueError(f"{n_lists} lists; all models of pairs are enumerated for 2 to {MAX_ENUMERATED}")
    pairs = [t for t in range((1 << n_lists) - 1) if t.bit_count() == 2]
    start = sum(1 << t for t in np.flatnonzero(main_effects(n_lists)).tolist())
    chosen = range(1 << len(pairs))
    return _sorted_models((start | sum(1 << t for k, t in enumerate(pairs) if s >> k & 1) for s in chosen), n_lists)
