"""An attacker of its own for the tests: a linear programme over what is published, and every table of three lists.

Nothing here is taken from the package but the tables and what a safe table says of itself.
"""

import itertools
from math import ceil, floor

import numpy as np
from scipy.optimize import linprog


def histories(n_lists):
    return np.array(list(itertools.product([0, 1], repeat=n_lists))[1:], dtype=bool)


def cells_of(table):
    """The people with each history of `histories`, those that nobody has among them."""
    place = {tuple(h): at for at, h in enumerate(histories(len(table.lists)).tolist())}
    cells = np.zeros(len(place), dtype=int)
    for pattern, count in zip(table.patterns.tolist(), table.counts.tolist(), strict=True):
        cells[place[tuple(pattern)]] = count
    return cells


def margin_sums(n_lists, margins, pooled_from=None):
    """Which histories each number of some margins adds up, written from what the words of the margins say."""
    all_histories = histories(n_lists)
    on = all_histories.sum(axis=1)
    top = pooled_from or n_lists
    pairs = [all_histories[:, i] & all_histories[:, j] for i, j in itertools.combinations(range(n_lists), 2)]
    rows = {
        "people": [on >= 1],
        "list_sizes": list(all_histories.T),
        "frequencies": [*(on == k for k in range(1, top)), on >= top],
        "singletons": [column & (on == 1) for column in all_histories.T],
        "overlaps": pairs,
    }
    return np.array([row for name in margins for row in rows[name]], dtype=float)


def merged_sums(table, merged):
    """Which histories each history of a merged table adds up, and which nobody can have."""
    all_histories = histories(len(table.lists))
    groups = [[table.lists.index(name) for name in group.split(" or ")] for group in merged.lists]
    becomes = np.column_stack([all_histories[:, group].any(axis=1) for group in groups])
    rows = np.array([(becomes == pattern).all(axis=1) for pattern in merged.patterns], dtype=float)
    return rows, ~rows.any(axis=0)


def ranges(table, sums, minimum, *, upper=None, lower=None):
    """The least and the largest whole number that each small cell of a table can be, by the linear programme."""
    cells = cells_of(table)
    bounds = np.column_stack([np.zeros(len(cells)) if lower is None else lower, cells * 0 + np.inf])
    if upper is not None:
        bounds[:, 1] = upper
    found = {}
    for at in np.flatnonzero((cells > 0) & (cells < minimum)).tolist():
        objective = np.zeros(len(cells))
        objective[at] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(sign * objective, A_eq=sums, b_eq=sums @ cells, bounds=bounds, method="highs")
            assert solved.status == 0, solved.message
            ends.append(sign * solved.fun)
        found[at] = ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6)
    return found


def attack(table, safe, minimum):
    """The range of each small cell to who has a safe table and the margins that it says may stand beside it."""
    sums = margin_sums(len(table.lists), safe.published.margins, safe.published.pooled_from)
    if safe.table.lists != table.lists:
        rows, empty = merged_sums(table, safe.table)
        return ranges(table, np.vstack([sums, rows]), minimum, upper=np.where(empty, 0, np.inf))
    cells, hidden = cells_of(table), np.zeros(len(cells_of(table)), dtype=bool)
    place = {tuple(h): at for at, h in enumerate(histories(len(table.lists)).tolist())}
    for pattern, is_hidden in zip(table.patterns.tolist(), safe.hidden, strict=True):
        hidden[place[tuple(pattern)]] = is_hidden
    return ranges(table, sums, minimum, lower=np.where(hidden, 1, cells), upper=np.where(hidden, np.inf, cells))


def narrow(found, minimum):
    """Small cells that are given away: with fewer possible values than the minimum, or surely below it."""
    return {at: ends for at, ends in found.items() if ends[1] - ends[0] < minimum - 1 or ends[1] < minimum}


def exact(found):
    return {at: ends for at, ends in found.items() if ends[0] == ends[1]}
