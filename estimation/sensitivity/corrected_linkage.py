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

Which matches are in error is drawn and not averaged, because averages are not whole people and rounding them would
leave tables of small counts unchanged.  It is drawn evenly: matches in the order of their histories are taken by the
points u + i (sqrt(5) - 1) / 2 modulo 1 with one random u, so that each is equally likely and each history has nearly
its share.  Some randomness is left: on the Kosovo table with 10 % of the matches false, N varies from seed to seed by
1.4 % (standard deviation; 3.6 % if drawn one by one) from two lists, and by 8 % (24 %) from the interaction of all
four, which depends on histories of few people.  From one state of the generator the errors are nested: those corrected
when 10 are asked for are among those corrected when 20 are, so that two tables differ by the further errors alone.

References: Ding, Fienberg (1994), Survey Methodology 20:149-158, for why linkage errors bias N; Niederreiter (1992),
Random Number Generation and Quasi-Monte Carlo Methods, for the points.
"""

from __future__ import annotations

import copy

import numpy as np

from estimation.capture.table import BoolArray, CaptureTable, FloatArray, IntArray

__all__ = ["correct_false_matches", "correct_linkage_errors", "correct_missed_matches", "n_matches"]

_GOLDEN = (5**0.5 - 1) / 2


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
    false = matches[np.argsort(_even_points(len(matches), rng))[:number]]
    people.reshape(-1)[false] = False
    alone = np.zeros((number, len(table.lists)), dtype=bool)
    alone[np.arange(number), false % len(table.lists)] = True
    each_one = np.ones(len(people) + number, dtype=np.int64)
    patterns = np.vstack([table.patterns[on_one], people, alone])
    counts = np.concatenate([table.counts[on_one], each_one])
    return CaptureTable(table.lists, patterns, counts, allow_twins=table.allow_twins)


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
    for point in _even_points(number, rng):
        possible = weights * ((counts[out_of] > 0) & (counts[alone] > 0))
        cumulative = possible.cumsum()
        if not cumulative.size or cumulative[-1] <= 0:
            return None
        chosen = int(np.searchsorted(cumulative, point * cumulative[-1], side="right"))
        counts[out_of[chosen]] -= 1
        counts[alone[chosen]] -= 1
        counts[into[chosen]] += 1
    return CaptureTable(table.lists, histories, counts, allow_twins=table.allow_twins)


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
