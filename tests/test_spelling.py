"""The level of two spellings, and all near pairs of a vocabulary exactly as the slow definition has them."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation.lists.spelling import near_spellings, spelling_level
from estimation.simulation.invented_names import FAMILY_PARTS, GIVEN

PARTS = [
    "محمد",
    "علی",
    "رضا",
    "حسین",
    "عبدال",
    "الله",
    "نژاد",
    "پور",
    "мухаммад",
    "али",
    "л",
    "m",
    "mohammad",
    "muhammad",
]
PARTS += ["ali", "reza", "hossein", "husayn", "abd", "al", "nejad", "pour"]
WRITTEN = st.text(alphabet="abAé حمدي ا.л\u200c", max_size=8) | st.sampled_from(PARTS)


def by_definition(spellings):
    levels = {(i, j): spelling_level(spellings[i], spellings[j]) for i, j in combinations(range(len(spellings)), 2)}
    return {pair: level for pair, level in levels.items() if level < 3}


def in_bulk(spellings):
    first, second, level = near_spellings(spellings)
    assert np.all(first < second)
    pairs = list(zip(first.tolist(), second.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    return dict(zip(pairs, level.tolist(), strict=True))


def words(rng, alphabet, n):
    return ["".join(rng.choice(alphabet) for _ in range(rng.randint(1, 9))) for _ in range(n)]


def test_near_pairs_are_exactly_those_of_the_definition_on_random_words_of_three_scripts():
    rng = random.Random(1)
    made = words(rng, "abehimnr", 150) + words(rng, "ابهیحمنر", 150) + words(rng, "абехимнр", 100)
    made += [" ".join(rng.choice(PARTS) for _ in range(rng.randint(1, 3))) for _ in range(150)]
    spellings = sorted(set(made))
    assert in_bulk(spellings) == by_definition(spellings)


@settings(max_examples=60, deadline=None)
@given(
    spellings=st.lists(
        st.text(alphabet="abAé حمدي ا.л\u200c", max_size=8) | st.sampled_from(PARTS), unique=True, max_size=12
    )
)
def test_near_pairs_are_those_of_the_definition_whatever_is_written(spellings):
    assert in_bulk(spellings) == by_definition(spellings)


def test_blocks_do_not_matter(monkeypatch):
    spellings = sorted(set(words(random.Random(2), "abc", 200)))
    whole = in_bulk(spellings)
    monkeypatch.setattr("estimation.lists.spelling._BLOCK", 7)
    assert in_bulk(spellings) == whole


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("علی‌اکبر", "علي اکبر", 0),
        ("أحمد", "احمد", 0),
        ("Mohammad-Reza", "mohammadreza", 0),
        ("ابو طيفور", "ابوطيفور", 0),
        ("Karimi", "Karami", 1),
        ("ليان", "ريان", 1),
        ("محمد", "Muhammad", 1),
        ("Mohammed", "Muhammad", 1),
        ("Hossein", "Husayn", 1),
        ("کاظم", "Kadhim", 1),
        ("زعفراوند", "Zaafarawand", 1),
        ("قندلاني", "Qandalani", 1),
        ("الطمبوراوي", "Tamburawi", 1),
        ("Wad Al-Nil", "Wad Elnil", 1),
        ("جمال", "Gamal", 1),
        ("منذر", "Munther", 1),
        ("العدوي", "Aladawi", 1),
        ("عمرو", "Amr", 1),
        ("نبيل", "Nabil", 1),
        ("کوه‌بان‌زاده", "Koohbanzadeh", 1),
        ("Фёдорович", "Fedorovich", 1),
        ("Л.", "Лев", 1),
        ("حسین", "Hasan", 2),
        ("Baset", "Abdolbaset", 2),
        ("Quillamar Peñarroja", "Quillamar", 2),
        ("نعمت", "نعمت‌الله", 2),
        ("Hossein", "Ahmad", 3),
        ("حسین", "Ahmad", 3),
        ("Л.", "Савва", 3),
        ("Ali", "Reza", 3),
        ("ab", "cb", 3),
    ],
)
def test_the_level_of_two_spellings(a, b, level):
    assert spelling_level(a, b) == spelling_level(b, a) == level


def test_a_name_in_two_scripts_is_near_itself_and_far_from_others():
    """Names of invented people, made apart from the tables of letters: all 314 spellings, and few of the others."""
    names = [*GIVEN, *FAMILY_PARTS[0]]
    own = [spelling_level(name.persian, latin) for name in names for latin in name.latin]
    others = [spelling_level(a.persian, b.latin[0]) for a in GIVEN for b in GIVEN if a.persian != b.persian]
    assert sum(level <= 1 for level in own) >= 0.98 * len(own)
    assert sum(level <= 1 for level in others) <= 0.002 * len(others)
