"""The table with some of the errors of record linkage corrected.

A person on k lists is k records joined by k - 1 matches, so that

    records - people observed = matches,    sum_omega n_omega |omega|  -  sum_omega n_omega  =  L

A false match put somebody else's record on a person; a missed match left one person's record standing as a person of
its own.  Correcting either moves records between people and neither makes nor loses one: every list keeps its size, and
the number of people observed goes up by one for each false match corrected, and down by one for each missed match.

False matches: which record of a person is truly theirs is equally likely to be any; of all matches of all people, as
many as asked for are false, each set of them equally likely.  The record of a false match stands alone afterwards.
Missed matches: those that were missed are like those that were found.  A missed match has the history omega of a found
one, any of whose records j is equally likely to be the one left alone; correcting it takes one person with the history
omega without j and one on j alone, and makes one with omega of them.

Which matches are in error is drawn, because averages are not whole people and rounding them would leave tables of small
counts unchanged.  It is drawn evenly: matches in the order of their histories are taken by the points
u + i (sqrt(5) - 1) / 2 modulo 1 with a random u and a random first i, so that each is equally likely and each history
has nearly its share.  What is random is left to `estimation.sensitivity.linkage_average`, which draws many tables:
on the Kosovo table with 10 % of the matches false, N by the BIC average has a standard deviation of 11 % from table to
table.  From one state of the generator the errors are nested: those corrected when 10 are asked for are among those
corrected when 20 are.

The mean of the corrected tables is known (`expected_cells`).  With F of L matches false, a person on the k lists omega
is left with the lists of B, one of which is the person's own, with probability

    |B| / k  C(L - k + 1, F - k + |B|) / C(L, F),        B of two lists or more

since |B| - 1 matches are true and k - |B| false; each missed match moves a person into omega, out of omega without j,
and off j alone with the probability of its history.  The even draw has this mean to a few hundredths of a person.

References: Ding, Fienberg (1994), Survey Methodology 20:149-158, for why linkage errors bias N; Niederreiter (1992),
Random Number Generation and Quasi-Monte Carlo Methods, for the points.
"""

from __future__ import annotations

import copy
from math import prod

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray

__all__ = [
    "MOST_LISTS_EXPECTED",
    "correct_false_matches",
    "correct_linkage_errors",
    "correct_missed_matches",
    "expected_cells",
    "n_matches",
]

_GOLDEN = (5**0.5 - 1) / 2

MOST_LISTS_EXPECTED = 5
"""Lists of which the mean corrected table is computed: 26 cells of two lists or more; with more, tables are sparse."""


def n_matches(table: CaptureTable) -> int:
    """L, the matches in the table: its records less its people.

    Examples
    --------
    >>> n_matches(CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "110": 8, "111": 2}))
    12
    """
    return int(table.list_sizes.sum()) - table.n_observed


def correct_false_matches(table: CaptureTable, number: int, *, rng: np.random.Generator) -> CaptureTable:
    """The table with a number of matches taken to be false: each of their records becomes a person of its own.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    number : int
        False matches, at most `n_matches` of the table.
    rng : numpy.random.Generator
        Draws which; it is moved on.

    Returns
    -------
    CaptureTable
        Every list has its size, and `number` more people are observed.

    Raises
    ------
    ValueError
        When `number` is negative or above the number of matches.

    References
    ----------
    Ding, Fienberg (1994), Survey Methodology 20:149-158.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    >>> print(correct_false_matches(table, 3, rng=np.random.default_rng(1)))
    99 people on 2 lists (A 66, B 42), 3 distinct histories
    """
    if not 0 <= number <= n_matches(table):
        raise ValueError(f"{number} false matches; the table has {n_matches(table):,} matches")
    n_records = table.patterns.sum(axis=1)
    on_one = n_records == 1
    people = np.repeat(table.patterns[~on_one], table.counts[~on_one], axis=0)
    matches = _matches(people, n_records[~on_one], table.counts[~on_one], rng)
    points = np.roll(_even_points(len(matches), rng), rng.integers(max(len(matches), 1)))
    false = matches[np.argsort(points)[:number]]
    people.reshape(-1)[false] = False
    left, n_left = _counted(people)
    alone = np.eye(len(table.lists), dtype=bool)
    n_alone = np.bincount(false % len(table.lists), minlength=len(table.lists))
    patterns = np.vstack([table.patterns[on_one], left, alone])
    counts = np.concatenate([table.counts[on_one], n_left, n_alone])
    return CaptureTable(table.lists, patterns, counts, allow_twins=table.allow_twins)


def _counted(people: BoolArray) -> tuple[BoolArray, IntArray]:
    """The histories of some people, and how many have each."""
    packed = np.packbits(people, axis=1, bitorder="little")
    words = np.zeros((len(packed), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    codes = words.view(np.uint64)
    same = codes.reshape(-1) if codes.shape[1] == 1 else codes
    _, first, counts = np.unique(same, axis=0, return_index=True, return_counts=True)
    return people[first], counts


def _even_points(number: int, rng: np.random.Generator) -> FloatArray:
    """Points in [0, 1), each uniform, and any first few of them spread evenly."""
    return np.asarray((rng.random() + np.arange(number) * _GOLDEN) % 1.0)


def _matches(people: BoolArray, n_records: IntArray, counts: IntArray, rng: np.random.Generator) -> IntArray:
    """Places of all matches in the flattened people, in the order of history and list, people at random.

    People stand history by history; `n_records` are the records of each history and `counts` its people.
    """
    within = np.arange(len(people)) - np.repeat(counts.cumsum() - counts, counts)
    # Each record of a history is the person's own equally often; which one is the first to be so is drawn.
    own = (within + np.repeat(rng.integers(n_records), counts)) % np.repeat(n_records, counts)
    rank = people.cumsum(axis=1) - 1
    person, j = np.nonzero(people & (rank != own[:, None]))
    history = np.repeat(np.arange(len(counts)), counts)[person]
    order = np.lexsort((rng.random(len(j)), j, history))
    return np.asarray((person * people.shape[1] + j)[order], dtype=np.int64)


def correct_missed_matches(table: CaptureTable, number: int, *, rng: np.random.Generator) -> CaptureTable | None:
    """The table with a number of missed matches made, or None where too few records stand alone to be matched.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    number : int
        Missed matches.
    rng : numpy.random.Generator
        Draws which; it is moved on.

    Returns
    -------
    CaptureTable or None
        Every list has its size, and `number` fewer people are observed.

    Raises
    ------
    ValueError
        When `number` is negative.

    References
    ----------
    Ding, Fienberg (1994), Survey Methodology 20:149-158.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    >>> print(correct_missed_matches(table, 3, rng=np.random.default_rng(1)))
    93 people on 2 lists (A 66, B 42), 3 distinct histories
    """
    if number < 0:
        raise ValueError(f"{number} missed matches; a number of matches cannot be negative")
    histories, counts, into, out_of, alone, weights = _joinings(table)
    if number and not weights.size:
        return None
    points = _even_points(number, rng)
    chosen = np.minimum(np.searchsorted(weights.cumsum(), points * weights.sum(), side="right"), len(weights) - 1)
    taken = np.bincount(np.concatenate([out_of[chosen], alone[chosen]]), minlength=len(counts))
    if (taken <= counts).all():
        made = counts - taken + np.bincount(into[chosen], minlength=len(counts))
        return CaptureTable(table.lists, histories, made, allow_twins=table.allow_twins)
    if not _one_by_one(counts, into, out_of, alone, weights, points):
        return None
    return CaptureTable(table.lists, histories, counts, allow_twins=table.allow_twins)


def _one_by_one(
    counts: IntArray, into: IntArray, out_of: IntArray, alone: IntArray, weights: FloatArray, points: FloatArray
) -> bool:
    """Change the counts match by match, where some history has too few people; False where they run out."""
    for point in points.tolist():
        possible = weights * ((counts[out_of] > 0) & (counts[alone] > 0))
        cumulative = possible.cumsum()
        if not cumulative[-1] > 0:
            return False
        chosen = int(np.searchsorted(cumulative, point * cumulative[-1], side="right"))
        counts[out_of[chosen]] -= 1
        counts[alone[chosen]] -= 1
        counts[into[chosen]] += 1
    return True


def expected_cells(table: CaptureTable, false: int, missed: int) -> FloatArray | None:
    """The mean of the corrected tables, as `CaptureTable.cells`, cells of one list left at 0; None where not known.

    It is not known with more than `MOST_LISTS_EXPECTED` lists, nor where missed matches can run out of people with a
    history that they take from.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    false, missed : int
        Matches of each kind that are corrected.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 30, "010": 9, "110": 8, "111": 6})
    >>> expected_cells(table, 10, 0).round(2).tolist()  # as many of each history as half of 20 matches leave
    [0.0, 0.0, 0.0, 5.05, 0.0, 1.05, 1.05, 1.42]
    """
    n_lists, matches = len(table.lists), n_matches(table)
    if n_lists > MOST_LISTS_EXPECTED:
        return None
    cells = table.cells().astype(np.float64)
    members = (np.arange(1 << n_lists)[:, None] >> np.arange(n_lists) & 1).astype(bool)
    left = np.zeros(1 << n_lists)
    for history in np.flatnonzero(cells).tolist():
        k = int(members[history].sum())
        for part in range(1, 1 << n_lists):
            size = int(members[part].sum())
            if part & ~history == 0 and size > 1:
                left[part] += cells[history] * size / k * _share_of_choices(matches, false, k - 1, k - size)
    left[1 << np.arange(n_lists)] = table.list_sizes - members.T @ left
    return _with_missed(left, members, missed, matches - false) if missed else np.where(members.sum(1) > 1, left, 0.0)


def _share_of_choices(matches: int, false: int, named: int, wrong: int) -> float:
    """Of all choices of false matches, the share with these wrong of some named ones false and the others true."""
    factors = [(false - i) / (matches - i) for i in range(wrong)]
    factors += [(matches - false - i) / (matches - wrong - i) for i in range(named - wrong)]
    return max(prod(factors), 0.0)


def _with_missed(left: FloatArray, members: BoolArray, missed: int, matches: int) -> FloatArray | None:
    """The mean table with missed matches made as well; None where a history may have too few people."""
    sizes = members.sum(axis=1)
    made, taken = np.zeros(len(left)), np.zeros(len(left))
    for history in np.flatnonzero(sizes > 1).tolist():
        each = missed * left[history] * (sizes[history] - 1) / sizes[history] / matches
        for j in np.flatnonzero(members[history]).tolist():
            made[history] += each
            taken[history & ~(1 << j)] += each
            taken[1 << j] += each
    if (taken + 4 * np.sqrt(taken) > left).any():
        return None
    return np.where(sizes > 1, left + made - taken, 0.0)


def correct_linkage_errors(
    table: CaptureTable, false: int, missed: int, *, rng: np.random.Generator
) -> CaptureTable | None:
    """The table with false matches corrected and then missed ones, or None where so many cannot have been missed.

    Parameters
    ----------
    table : CaptureTable
        Who was seen by which lists.
    false, missed : int
        Matches of each kind.
    rng : numpy.random.Generator
        Draws which, and is left as it was: the same matches are in error in every table made from one state of it.

    Examples
    --------
    >>> table = CaptureTable.from_histories(["A", "B"], {"10": 54, "01": 30, "11": 12})
    >>> correct_linkage_errors(table, 3, 3, rng=np.random.default_rng(1)) == table
    True
    """
    # Streams of their own: the fit that follows starts from the same state, and the errors must not go with it.
    of_false, of_missed = copy.deepcopy(rng).integers(2**63, size=2)
    apart = correct_false_matches(table, false, rng=np.random.default_rng(of_false))
    return correct_missed_matches(apart, missed, rng=np.random.default_rng(of_missed))


def _joinings(table: CaptureTable) -> tuple[BoolArray, IntArray, IntArray, IntArray, IntArray, FloatArray]:
    """Histories, the people with each, and every way to make one of a match that was found, with its weight.

    A way is three places among the histories: into which, out of which, and the record alone.
    """
    n_records = table.patterns.sum(axis=1)
    which, j = np.nonzero(table.patterns & (n_records > 1)[:, None])
    without = table.patterns[which].copy()
    without[np.arange(len(j)), j] = False
    singles = np.eye(len(table.lists), dtype=bool)
    stacked = np.vstack([table.patterns, without, singles])
    histories, place = np.unique(stacked, axis=0, return_inverse=True)
    place = place.reshape(-1).astype(np.int64)
    n_rows = len(table.counts)
    counts = np.zeros(len(histories), dtype=np.int64)
    counts[place[:n_rows]] = table.counts
    weights = table.counts[which] * (n_records[which] - 1) / n_records[which]
    return histories, counts, place[which], place[n_rows : n_rows + len(j)], place[n_rows + len(j) :][j], weights
