"""Draws of who is the same person: the partition of the records of all lists into people.

Likelihood
----------
A cluster C of records is one person with a hidden true value y_f in each field f.  Record r of list k has a quality
z_r, good (0) or bad (1), and a reading s_r (as written; given and family name exchanged; a chain of names shifted).
Given both, fields are independent, and relative to its records being alone (1 for a single record)

    L(C) = prod_f [ sum_y prod_{r in C} g_rf(y) + none_f ],    y over the values that records of C show,

    g_rf(y) = 1 - e_kfz                    the first record that shows y; its frequency cancels,
              (1 - e_kfz) / b_f(y, j)      the j-th record that shows y,
              (1 - e_kfz) / b_f(x, 2)      a value x that is compatible with y without being it,
              e_kfz q_fl / U_fl(y)         a value at level l = 1, 2, 3 of y,       1 where the field is missing.

e_kfz is the probability that list k has field f wrong, q_fl the level of an error.  U_fl(y) is the share of records at
level l around y, those of C left out, smoothed towards the share u_fl among pairs that are not linked:
(n_l(y) - own + s_fl u_fl) / (R_f - |C_f| + s_fl), with s_fl fitted by beta-binomial likelihood for each field and level
before sampling.  none_f is the term of all values that no record shows: the records err all, prod_r e_kfz x (1 for the
value from which the others are least far; a_f / (U_1 + U_2) near it; (1 - a_f) / U_3 beyond; at most R_f / n_x, since
no error shows x more often than always; x .05 if repeated).  a_f is how often two errors of one value are near each
other.  Without the bound a field in which all agree, as the year on lists of one year, would reward every link: nothing
lies at a distance from its value.

*Coincidences.*  That a stranger shows the value y, given that somebody does, has probability E[phi_y^2] / E[phi_y], and
not E[phi_y]: whoever has seen one person with a name believes it to be more common.  With a Pitman-Yor law of the
values of people (discount sigma, concentration theta, fitted to the people of the partition at every sweep),

    b_f(y, j) = (1 - sigma + rho (n_y - j)) / (rho R_f + theta),

n_y the records that show y, R_f those that have the field, rho people per record.  A plug-in frequency that leaves the
cluster's own records out lacks the 1: a name that two strangers share and nobody else then looks up to 1 / t times
rarer than it should in every field (t: what is added to a count of zero), and false matches look credible.  On six
simulated worlds of 600 people (three lists, independent errors), candidate pairs with a probability of .5 to .95 add up
to 37.7 expected matches and were 36; with plug-in frequencies in place of b_f, t = .5, 38.0 and 30.  The number of
people was in the 95 % interval in 6 of 6 with either, its mean error being +0.6 and -0.5 of 400 to 537.

*Values that are compatible without being equal* (level 0 between different codes: intervals of days that overlap,
alternatives that share a spelling).  n_y counts the records that show y or mean it: all of the narrower values that
are compatible with it, and of a wider value v the part n_y / n_v.  Only a value without a narrower compatible one in
the cluster can be the true one.  So a year without its day weighs as little as the many records of that year make it.

*Readings.*  Each record that is alone has reading s with probability proportional to the share of that kind of reading
on its list times the probability of the text so read, by the frequency of each part in the field where it then stands.
A reading that no candidate supports is not sampled (`estimation.linkage.supported_readings`).

*Households.*  People fall into households.  A household has a value y of each household field (family name, father,
grandfather, place, date of the event), which each of its persons has with probability delta_f; otherwise the value is
the person's own.  With several persons, in the place of their L of that field,

    sum_y b(y) prod_c [delta_f A_c(y) + (1 - delta_f) B_c]
        + (1 - sum_y b(y)) prod_c [delta_f none_c + (1 - delta_f) B_c],

A_c(y) the product of g_rf(y) with b(y) for every record that shows y, B_c the person's own factor.  b(y) is the
geometric mean of b_f(y, 2), ..., b_f(y, m) where m records of the household show y, and U leaves all of its records
out: then two records weigh as much in two persons of the household as in one, and only the other fields and delta_f
decide which they are.  With b_f(y, 2) throughout one person looked up to seven times as likely, and in eight simulated
worlds of 120 people the mean error was -2.9 people in place of -0.5.

A delta_f of each field matters: the father's name is that of brothers and sisters and not of their parents, and if all
had to share it, its errors would look so common that different people of one family become one.

Prior
-----
People n ~ p(n) proportional to n^-power; overlap table (n_h), h a capture history, Dirichlet-multinomial; records of a
person within a list zero-truncated Poisson(lambda_k), lambda_k ~ Gamma(1, rate 10), none beyond the first on a list
declared free of duplicates (Aleshin-Guendel, Sadinle 2023):

    p(partition) prop. p(n) n! Gamma(A) / Gamma(n + A) prod_h Gamma(n_h + alpha_h) / Gamma(alpha_h)
                       prod_c prod_{k: d_ck >= 1} lambda_k^d_ck / (exp(lambda_k) - 1).

alpha_h = 1 up to six lists; with more alpha_h is proportional to what independent lists give, A = 63.  A capture
model's cell probabilities can stand in its place (`estimation.linkage.overlap_cells`).  e_kfz ~ Beta(20 e_fz,
20 (1 - e_fz)), e_fz ~ Beta(20 m_z, 20 (1 - m_z)), m = (.06, .25); q_f uniform; a_f ~ Beta(4, 4); P(z_r = 1) = w_k ~
Beta(1, 6); delta_f uniform; the share of records read otherwise ~ Beta(1, 30) by list and kind.

Households may be any number K, and the law of their sizes is a Dirichlet process with base 1 / (s (s + 1)), s = 1, 2,
..., of weight alpha = 4 households; who is in which is even:

    p(households) prop. K! prod_j s_j! / n!  x  Gamma(alpha) / Gamma(alpha + K) prod_s Gamma(a_s + M_s) / Gamma(a_s),

M_s the number of households of s persons, a_s = alpha / (s (s + 1)).  So a person joins a household of s with weight
(s + 1) (a_{s+1} + M_{s+1}) / (a_s + M_s - 1).  Families have no power law: under a Chinese restaurant process a
person was a further member of a household of one in 17 records of 100 where the truth was 24, and of one of six in 15
where it was 1 (3,000 people in simulated families).  Where there are no families all sizes are 1 and nobody joins.

What identifies it
------------------
Agreement beyond what frequencies of values among strangers explain.  Where lists hardly overlap the errors rest on
their prior.  Pairs that are no candidates are never linked except through others, and what is missed so makes people
too many; no likelihood mends that.  Like every such model with plug-in frequencies it is a pseudo-likelihood: u, U, b
and the fitted laws of values depend on the data that are linked.

Moves
-----
Each record in turn is taken out and given to a person of its candidates, to a new person in one of their households or
to a new person, quality and reading summed out; each person in turn draws its household; R / 2 splits or merges are
proposed on random candidate pairs; then true values, qualities and parameters.  Cost is linear in candidate pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from estimation.linkage.encoded import CandidatePairs, EncodedRecords
from estimation.linkage.partition import PartitionDraws
from estimation.linkage.partition_constraints import units_of
from estimation.linkage.partition_rates import PartitionPrior
from estimation.linkage.supported_readings import supported_readings
from estimation.work.progress import Progress, silent
from estimation.work.seeds import RandomState, generator_of
from estimation.work.threads import in_threads

if TYPE_CHECKING:
    from estimation.linkage.overlap_cells import OverlapCells

__all__ = ["PartitionPrior", "sample_partitions"]


def sample_partitions(
    records: EncodedRecords,
    pairs: CandidatePairs,
    *,
    rng: RandomState,
    prior: PartitionPrior | None = None,
    must_link: Iterable[tuple[int, int]] = (),
    must_not_link: Iterable[tuple[int, int]] = (),
    chains: int = 2,
    sweeps: int = 300,
    burn_in: int | None = None,
    cells: Callable[[int], OverlapCells] | None = None,
    starts: Sequence[NDArray[np.int32]] | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> PartitionDraws:
    """Draws of the partition of the records into people, by chains from opposite starts.

    Parameters
    ----------
    records : EncodedRecords
        The linkable records of all lists.
    pairs : CandidatePairs
        Which may be one person.
    rng : int, SeedSequence or Generator
        Where random numbers come from; the same gives the same draws, whatever ``workers`` is.
    prior : PartitionPrior, optional
        Settings of the prior.
    must_link, must_not_link : iterable of (int, int)
        Records that are one person, candidates or not, and records that are not.
    chains : int
        The first starts with everybody alone, the next with candidates merged, and so on in turn.
    sweeps, burn_in : int
        Sweeps of each chain, and those at its start that are dropped; a third by default.
    cells : callable, optional
        Makes, from the number of a chain, a capture model in the place of the overlap table's prior.
    starts : sequence of (R,) int32, optional
        The person of each record in the place of the opposite starts, one for each chain in turn, as the decisions are.
    workers : int
        Threads at most.
    progress : Progress
        Told how far the chains are; what it raises ends them within a sweep.

    Raises
    ------
    DecisionsError
        When decisions about pairs cannot all hold.
    ValueError
        When there are no records or no sweeps after the burn-in.
    """
    prior = PartitionPrior() if prior is None else prior
    dropped = sweeps // 3 if burn_in is None else burn_in
    if records.n_records == 0 or not 0 <= dropped < sweeps or chains < 1:
        raise ValueError(
            f"{records.n_records} records, {chains} chains of {sweeps} sweeps, {dropped} of them dropped: there must "
            "be a record, a chain and a sweep after the burn-in"
        )
    # Imported here because it loads Numba.
    from estimation.linkage.partition_run import chains_from_opposite_starts, joined_draws, run_chain

    apart = list(must_not_link)
    units = units_of(records, must_link, apart)
    sampled = supported_readings(records, pairs)
    generator = generator_of(rng)
    made = chains_from_opposite_starts(records, pairs, sampled, units, apart, prior, generator, chains, cells, starts)
    done, stop = [0] * chains, Event()
    drawn = in_threads(
        lambda number: run_chain(made[number], sweeps, dropped, pairs, done, number, stop),
        range(chains),
        workers,
        progress=progress,
        share=lambda: sum(done) / (chains * sweeps),
        stop=stop,
    )
    return joined_draws(drawn, sampled)
