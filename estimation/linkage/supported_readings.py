"""Which readings of a record are worth sampling: those under which some candidate, as it is written, agrees better.

Nearly every record with a given and a family name could have them exchanged, and each further reading of a record
costs as much as the first.  A reading is left out where no candidate's written values are equal or one small error away
in any field that it changes: it could only be that of a record that is alone, of which nothing follows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import CandidatePairs, EncodedRecords, NearValues

__all__ = ["kinds_of_readings", "supported_readings", "with_readings"]


def supported_readings(records: EncodedRecords, pairs: CandidatePairs) -> NDArray[np.bool_]:
    """(Q,) Which readings are sampled: the written one of each record, and others that a candidate supports."""
    starts = records.reading_starts
    sizes = np.diff(starts)
    supported = np.zeros(len(records.codes), dtype=np.bool_)
    supported[starts[:-1]] = True
    ends = np.concatenate([pairs.first, pairs.second])
    others = np.concatenate([pairs.second, pairs.first])
    for place in range(1, int(sizes.max(initial=1))):
        has = sizes[ends] > place
        reading, record, other = starts[ends[has]] + place, ends[has], others[has]
        agrees = np.zeros(len(reading), dtype=np.bool_)
        for f, field in enumerate(records.fields):
            read, written = records.codes[reading, f], records.codes[starts[record], f]
            theirs = records.codes[starts[other], f]
            changed = (read != written) & (read >= 0) & (theirs >= 0)
            agrees[changed] |= _are_close(field.near, read[changed], theirs[changed])
        supported[reading[agrees]] = True
    return supported


def _are_close(near: NearValues, some: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether values are the same, can be, or are one small error apart."""
    close = near.levels <= 1
    rows = np.repeat(np.arange(near.n_values, dtype=np.int64), np.diff(near.starts))[close]
    keys = np.sort(rows * near.n_values + near.neighbours[close])
    wanted = some.astype(np.int64) * near.n_values + others
    if keys.size == 0:
        return np.asarray(some == others)
    place = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return np.asarray((some == others) | (keys[place] == wanted))


def with_readings(records: EncodedRecords, chosen: NDArray[np.bool_]) -> EncodedRecords:
    """The same records with some of their readings, the written ones among them."""
    owner = np.repeat(np.arange(records.n_records), np.diff(records.reading_starts))
    counts = np.bincount(owner[chosen], minlength=records.n_records)
    return replace(
        records,
        reading_starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        codes=records.codes[chosen],
        reading_kinds=records.reading_kinds[chosen],
    )


def kinds_of_readings(records: EncodedRecords) -> NDArray[np.bool_]:
    """(R, 3) Which kinds of reading each record has."""
    owner = np.repeat(np.arange(records.n_records), np.diff(records.reading_starts))
    kinds = np.zeros((records.n_records, 3), dtype=np.bool_)
    kinds[owner, records.reading_kinds] = True
    return kinds
