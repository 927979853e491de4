"""Which pairs of records become candidates: the weight, the cut, and what brings records together."""

import itertools
import math
from datetime import date
from functools import cache

import numpy as np
import pytest

from estimation.errors import SettingError
from estimation.linkage.best_pairs import best_pairs
from estimation.linkage.candidates import CandidateCut, candidate_pairs, cut_at, weighed_pairs
from estimation.linkage.encode import encode
from estimation.linkage.encoded import MISSING, CandidatePairs, EncodedRecords
from estimation.linkage.nominal_weights import nominal_weights
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord, PersonName

GIVEN = ("bahram", "cyrus", "dariush", "esfandiar", "farhad", "golnar", "homayun", "iraj", "jamshid", "kaveh")
FAMILY = tuple(
    f"{first}{second}i" for first in ("taheb", "morov", "zulan", "nirak", "solug") for second in "bdgklmnprst"
)


def named(row: int, given: str, family: str, **what: object) -> NameRecord:
    return NameRecord(row, (PersonName(given, family=family),), **what)


def invented(n_people: int, seed: int = 1) -> tuple[list[NameList], np.ndarray]:
    """Two synthetic lists of the same people, a tenth of names exchanged and a tenth with one letter changed."""
    rng = np.random.default_rng(seed)
    first, second = [], []
    for person in range(n_people):
        given, family = str(rng.choice(GIVEN)), str(rng.choice(FAMILY))
        birth = date(int(rng.integers(1930, 1970)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
        what = {"birth": Days.any_of([(birth.toordinal(), birth.toordinal() + 1)])}
        first.append(named(person + 2, given, family, **what))
        kind = rng.random()
        if kind < 0.1:
            given, family = family, given
        elif kind < 0.2:
            family = family[:2] + "x" + family[3:]
        second.append(named(person + 2, given, family, **what))
    return [NameList("a", tuple(first)), NameList("b", tuple(second))], np.tile(np.arange(n_people), 2)


def as_set(pairs: CandidatePairs) -> set[tuple[int, int]]:
    return set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


def naive_weights(encoded: EncodedRecords) -> list[float]:
    """The formula of the docstring for all pairs, in plain Python and by counting pairs one by one."""
    written = encoded.codes[encoded.reading_starts[:-1]]

    def level(field, x, y):
        if x == y:
            return 0
        own = slice(field.near.starts[x], field.near.starts[x + 1])
        return dict(zip(field.near.neighbours[own].tolist(), field.near.levels[own].tolist(), strict=True)).get(y, 3)

    @cache
    def of_field(f, x, y):
        field, column = encoded.fields[f], written[:, f]
        column = column[column != MISSING]
        if MISSING in (x, y):
            return 0.0
        at = level(field, x, y)
        if at == 0:
            n = max(max(sum(level(field, z, v) == 0 for v in column) for z in (x, y)), 2)
            return math.log(0.85 / min((n - 0.5) / (len(column) - 1 + 0.5 * len(set(column.tolist()))), 1))
        pairs = [0, 0, 0, 0]
        for p, q in itertools.combinations(column.tolist(), 2):
            pairs[level(field, p, q)] += 1
        wrong = [m if field.has_level[place + 1] else 0.0 for place, m in enumerate((0.09, 0.04, 0.02))]
        m = wrong[at - 1] * 0.15 / sum(wrong)
        share = pairs[at] / sum(pairs) if sum(pairs) else float(at == 3)
        return math.log(m / max(share, 1e-3))

    def weight(a, b):
        values = zip(encoded.codes[a].tolist(), encoded.codes[b].tolist(), strict=True)
        other = encoded.reading_kinds[a] or encoded.reading_kinds[b]
        return sum(of_field(f, x, y) for f, (x, y) in enumerate(values)) - math.log(20) * bool(other)

    starts, kinds = encoded.reading_starts, encoded.reading_kinds
    readings = [range(starts[record], starts[record + 1]) for record in range(encoded.n_records)]
    return [
        max(weight(a, b) for a in one for b in other if not (kinds[a] and kinds[b]))
        for one, other in itertools.combinations(readings, 2)
    ]


def test_the_weight_is_the_formula_of_its_docstring():
    lists, _ = invented(8)
    chained = NameRecord(20, (PersonName("kaveh", "iraj", "cyrus", ""), PersonName("kawe", "iraj", "", "", "alias")))
    short = NameRecord(21, (PersonName("kaveh", "iraj", "", "cyrus"),), places=("evin",))
    encoded = encode([*lists, NameList("c", (chained, short), duplicate_free=True)])
    first, second = np.triu_indices(encoded.n_records, 1)
    weights = nominal_weights(encoded).of(first, second)
    np.testing.assert_allclose(weights, naive_weights(encoded), rtol=1e-12, atol=1e-12)


def test_candidates_are_the_pairs_above_the_cut_and_the_best_of_each_record():
    lists, _ = invented(60)
    encoded = encode(lists)
    pairs = candidate_pairs(lists, encoded, cut=CandidateCut(best=2))
    first, second = np.triu_indices(encoded.n_records, 1)
    weights = nominal_weights(encoded).of(first, second)
    cut = math.log(120) - 5.4
    expected = {(i, j) for i, j, w in zip(first.tolist(), second.tolist(), weights, strict=True) if w > cut}
    for record in range(120):
        own = np.flatnonzero((first == record) | (second == record))
        own = own[np.argsort(-weights[own])]
        ninth = weights[own[6]]  # three times the two places, and one more
        expected |= {(int(first[p]), int(second[p])) for p in own[:2] if weights[p] > -8 and weights[p] > ninth}
        last = weights[own[1]]
        expected |= {(int(first[p]), int(second[p])) for p in own if weights[p] == last > max(ninth, -8)}
    assert as_set(pairs) == expected
    assert pairs.cut == pytest.approx(cut)
    assert pairs.n_compared == 120 * 119 // 2
    assert (pairs.first < pairs.second).all()


def test_true_pairs_are_candidates_also_where_names_are_exchanged():
    lists, person = invented(150)
    found = as_set(candidate_pairs(lists, encode(lists)))
    assert all((i, i + 150) in found for i in range(150))
    assert len(person) == 300


def test_a_looser_cut_never_loses_a_candidate():
    lists, _ = invented(150)
    encoded, cut = encode(lists), CandidateCut(below_log_r=1.0, best=1)
    tight = as_set(candidate_pairs(lists, encoded, cut=cut))
    assert tight < as_set(candidate_pairs(lists, encoded, cut=cut.looser()))


def test_pairs_that_were_weighed_once_are_cut_as_often_as_wanted():
    lists, _ = invented(60)
    encoded, cut = encode(lists), CandidateCut(below_log_r=-4.0, best=1)
    weighed = weighed_pairs(lists, encoded, cut=cut.looser())
    for each in (cut, cut.looser()):
        again, alone = cut_at(each, weighed, lists), candidate_pairs(lists, encoded, cut=each)
        for field in ("first", "second", "weight"):
            np.testing.assert_array_equal(getattr(again, field), getattr(alone, field))
        assert (again.notes, again.keys, again.cut) == (alone.notes, alone.keys, alone.cut)
    with pytest.raises(SettingError, match="weigh them for this cut"):
        cut_at(cut.looser(), weighed_pairs(lists, encoded, cut=cut), lists)


@pytest.mark.parametrize("most", [2, 100])
def test_pairs_of_some_records_are_the_candidates_between_them(most):
    lists, _ = invented(60)
    encoded, cut = encode(lists), CandidateCut(below_log_r=2.0, best=2, most_of_record=most)
    wanted = np.arange(120) % 3 > 0
    few = as_set(cut_at(cut, weighed_pairs(lists, encoded, cut=cut, of=wanted), lists))
    every = as_set(candidate_pairs(lists, encoded, cut=cut))
    between = {pair for pair in every if wanted[list(pair)].all()}
    assert between == {pair for pair in few if wanted[list(pair)].all()}
    assert len(between) > 60


def test_nobody_is_compared_within_a_list_without_duplicates():
    lists, _ = invented(40)
    free = [NameList("a", lists[0].records, duplicate_free=True), lists[1]]
    within = candidate_pairs(lists, encode(lists))
    pairs = candidate_pairs(free, encode(free))
    assert ((within.first < 40) & (within.second < 40)).any()
    assert not ((pairs.first < 40) & (pairs.second < 40)).any()
    assert ((pairs.first >= 40) & (pairs.second >= 40)).any()


def test_the_order_of_records_decides_nothing_where_many_are_equally_good():
    first, second = np.array([0, 0, 0, 0, 0]), np.array([1, 2, 3, 4, 5])
    places = {"n_records": 6, "cut": 0.0, "best": 1, "most": 9}
    of_one_weight, _ = best_pairs(first[:4], second[:4], np.full(4, -1.0), floor=-8.0, **places)
    assert of_one_weight.all()  # each is the best of its second record
    weight = np.array([-1.0, -1.0, -1.0, -1.0, -2.0])
    for order in (np.arange(5), np.arange(5)[::-1]):
        chosen, _ = best_pairs(first[order], second[order], weight[order], floor=-1.5, **places)
        assert chosen[np.argsort(order)].tolist() == [True, True, True, True, False]


def test_one_list_and_lists_that_share_nobody_have_their_candidates():
    alone = [NameList("a", (named(2, "bahram", "tahebi"), named(3, "golnar", "zulani")))]
    assert len(candidate_pairs(alone, encode(alone))) <= 1
    one = [NameList("a", (named(2, "bahram", "tahebi"),))]
    assert len(candidate_pairs(one, encode(one))) == 0
    other = [*one, NameList("b", (named(2, "golnar", "zulani", sex="f"),))]
    assert candidate_pairs(other, encode(other)).n_compared == 1
