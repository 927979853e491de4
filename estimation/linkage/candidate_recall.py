"""What share of the pairs of records of one person are candidates, as far as the fitted errors can tell.

Records of the lists are written once more with the errors that the linkage found
(`estimation.linkage.corrupted_copies`), and candidates are looked for again among the records and the copies.  A copy
that is no candidate with its record is a pair that would have been missed.

The pairs that were missed are the ones that would have shown the errors that lose pairs: the errors were fitted to the
pairs that were found.  So the recall is an upper bound, and the share that is lost a **lower** one; in simulated files,
where the truth is known, it was too kind by half a point to twelve.  A low one calls for looser candidates, which can
find what was lost; a high one proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from estimation.linkage.candidates import CandidateCut, cut_at, weighed_pairs
from estimation.linkage.captures import captures
from estimation.linkage.corrupted_copies import CopyWriter
from estimation.linkage.encode import encode
from estimation.linkage.fitted_errors import FittedErrors
from estimation.linkage.list_notes import all_that_is_read
from estimation.lists.name_list import NameList
from estimation.work.seeds import RandomState, generator_of

__all__ = ["CandidateRecall", "candidate_recall"]

_LOW = 0.97
"""Recall below which it is called low: 3 % of the pairs lost move the number of people by about as much."""


@dataclass(frozen=True, slots=True)
class CandidateRecall:
    """Copies of records that are candidates with their record.

    Parameters
    ----------
    n_copies, n_found : int
        Copies, and those that are candidates with the record that they were copied from.  Unit: records.
    n_alike : int
        Of those that are not, copies of records that agree with others in all that is read: no candidates, however
        loose, tell which of these was copied.  Unit: records.
    """

    n_copies: int
    n_found: int
    n_alike: int = 0

    @property
    def recall(self) -> float:
        """Share that is found."""
        return self.n_found / self.n_copies

    @property
    def lost(self) -> float:
        """Share that is lost among the copies that looser candidates could find; 0 where there are none."""
        n_apart = self.n_copies - self.n_alike
        return 1 - self.n_found / n_apart if n_apart else 0.0

    @property
    def is_low(self) -> bool:
        """Whether looser candidates are called for."""
        return 1 - self.lost < _LOW

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Ends of the equal-tailed interval of the share under a uniform prior: what so few copies say of it.

        Examples
        --------
        >>> [round(end, 3) for end in CandidateRecall(100, 100).interval()]
        [0.964, 1.0]
        """
        tails = (1 - level) / 2, (1 + level) / 2
        low, high = (float(betaincinv(self.n_found + 1, self.n_copies - self.n_found + 1, tail)) for tail in tails)
        return low, high

    @property
    def note(self) -> str:
        """The result in words.

        Examples
        --------
        >>> CandidateRecall(1000, 900).note[:71]
        'Of 1,000 records written once more with the fitted errors, 900 (90.0 %,'
        """
        low, high = (100 * end for end in self.interval())
        words = (
            f"Of {self.n_copies:,} records written once more with the fitted errors, {self.n_found:,} "
            f"({100 * self.recall:.1f} %, 95 % interval {low:.1f} to {high:.1f}) are candidates with the record that "
            "they were written from."
        )
        if self.n_alike:
            words += (
                f"  Of the {self.n_copies - self.n_found:,} others {self.n_alike:,} were written from records that "
                "agree with further records in all that is read of them.  Nothing tells which of these is meant, and "
                "looser candidates gain nothing there; a further field could."
            )
        if self.n_copies > self.n_alike:
            of = "the other pairs" if self.n_alike else "such pairs"
            words += (
                f"  At least {100 * self.lost:.1f} % of {of} are lost, and likely more: errors that lost a pair could "
                "not be fitted."
            )
        if self.is_low:
            words += (
                "  That is low: pairs that are no candidates make the number of people too high.  Loosen the "
                "candidates (mse link --loose), and see how far the number of people moves."
            )
        return words


def candidate_recall(
    name_lists: Sequence[NameList],
    errors: FittedErrors,
    *,
    rng: RandomState,
    n_copies: int = 1000,
    exchanged: float = 0.0,
    cut: CandidateCut | None = None,
) -> CandidateRecall:
    """Write records once more with the fitted errors, and count those that are candidates with their own record.

    Parameters
    ----------
    name_lists : sequence of NameList
        The lists that were linked.
    errors : FittedErrors
        What was learned of their errors, by capture and field.
    rng : int, SeedSequence or Generator
        The only source of randomness.
    n_copies : int
        Copies at most, each of another record drawn at random; those without a name left are not counted.
    exchanged : float
        Probability that given and family name are exchanged.
    cut : CandidateCut, optional
        That of the linkage.

    Returns
    -------
    CandidateRecall
        An upper bound, on average, on the share of pairs that are candidates.
    """
    generator = generator_of(rng)
    _, capture_of = captures(name_lists)
    by_list = [
        [record for one, own in zip(name_lists, capture_of, strict=True) if own == place for record in one.linkable]
        for place in range(len(errors.lists))
    ]
    writer = CopyWriter(errors, by_list, exchanged)
    records = [record for one in name_lists for record in one.linkable]
    # One copy of a record at most: copies of one crowd each other out, as the records of a person never do.
    drawn = generator.choice(len(records), size=min(n_copies, len(records)), replace=False).tolist()
    copies = [writer.copy(records[record], row, generator) for row, record in enumerate(drawn, start=2)]
    origin = np.array([record for record, copy in zip(drawn, copies, strict=True) if copy.is_linkable])
    name = "copies " + " ".join(one.name for one in name_lists)  # the name of none of them
    lists = [*name_lists, NameList(name, tuple(copies))]
    wanted = np.arange(len(records) + len(origin)) >= len(records)  # the copies, and what they were copied from
    wanted[origin] = True
    chosen = cut or CandidateCut()
    pairs = cut_at(chosen, weighed_pairs(lists, encode(lists), cut=chosen, of=wanted), lists)
    first = pairs.first[pairs.second >= len(records)]
    second = pairs.second[pairs.second >= len(records)] - len(records)
    is_found = np.zeros(len(origin), dtype=bool)
    is_found[second[origin[second] == first]] = True
    read = [all_that_is_read(record) for record in records]
    n_records = Counter(read)
    n_alike = sum(n_records[read[own]] > 1 for own in origin[~is_found].tolist())
    return CandidateRecall(len(origin), int(is_found.sum()), n_alike)
