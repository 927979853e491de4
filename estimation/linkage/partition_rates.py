"""The parameters of the partition sampler: their priors, where they begin, and their draws given a partition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from estimation.linkage.encoded import EncodedRecords
from estimation.linkage.partition_kernel.arrays import PEOPLE, Coded, Output, Partition, Rates
from estimation.linkage.value_frequencies import ValueFrequencies, fit_pitman_yor

__all__ = ["MANY_LISTS", "PartitionPrior", "draw_rates", "first_rates"]

Floats = NDArray[np.float64]

MANY_LISTS = 6
"""Up to so many lists every history has the same prior weight; with more, the weight that independent lists give it,
since with the same weight for each of 2^34 histories nearly all would have half of the lists."""

_SHARES = np.linspace(0.005, 0.97, 60)
_DUPLICATES = 0.001 * 1.17 ** np.arange(40)
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class PartitionPrior:
    """The prior of the partition sampler.

    Parameters
    ----------
    history_weight : float
        alpha, the weight of each capture history in the Dirichlet-multinomial of the overlap table.
    people_power : float
        p(n) is proportional to n to minus this power; 0 is uniform.
    error_means : (float, float)
        Means of the probability that a field is wrong, in good records and in bad ones.
    error_weight, list_weight : float
        What these means weigh, in records; what the mean over lists weighs for each list.
    bad_shares : (float, float)
        Beta prior of the share of bad records of a list.
    level_weight : float
        Dirichlet weight of each level of an error; 1 is uniform.
    near_errors : float
        Beta weights of how often two errors of one value are near each other.
    duplicate_rate : float
        lambda ~ Gamma(1, this rate).
    reading_shares : (float, float)
        Beta prior of the share of records of a list that are read otherwise than written, for each kind of reading.
    household_weight : float
        What the base law of the sizes of households, 1 / (s (s + 1)) of s persons, weighs, in households.
    with_households : bool
        Whether people fall into households that share values.
    """

    history_weight: float = 1.0
    people_power: float = 0.0
    error_means: tuple[float, float] = (0.06, 0.25)
    error_weight: float = 20.0
    list_weight: float = 20.0
    bad_shares: tuple[float, float] = (1.0, 6.0)
    level_weight: float = 1.0
    near_errors: float = 4.0
    duplicate_rate: float = 10.0
    reading_shares: tuple[float, float] = (1.0, 30.0)
    household_weight: float = 4.0
    with_households: bool = True


def first_rates(records: EncodedRecords, values: ValueFrequencies, prior: PartitionPrior) -> Rates:
    """The parameters at their prior means, in the arrays that `draw_rates` then fills."""
    n_lists, n_fields = len(records.lists), len(records.fields)
    has_level = np.array([field.has_level for field in records.fields], dtype=np.float64)
    has_level[:, 0] = 0
    levels = has_level / np.maximum(has_level.sum(axis=1, keepdims=True), 1)
    errors = np.broadcast_to(np.array(prior.error_means), (n_lists, n_fields, 2)).copy()
    many = n_lists > MANY_LISTS
    n_histories = 2.0 ** min(n_lists, MANY_LISTS) - 1
    rates = Rates(
        errors=errors,
        error_levels=levels,
        near_errors=np.full(n_fields, 0.5),
        bad=np.full(n_lists, prior.bad_shares[0] / sum(prior.bad_shares)),
        log_duplicates=np.where(records.duplicate_free, 0.0, np.log(0.05)),
        log_truncation=np.where(records.duplicate_free, 0.0, np.log(np.expm1(0.05))),
        log_reading=_log_readings(records, values, np.full((n_lists, 3), _mean(prior.reading_shares))),
        alike=values.alike,
        near=values.near,
        smoothing=np.empty((n_fields, 3)),
        smoothing_total=values.smoothing,
        filled=values.filled,
        discount=np.zeros(n_fields),
        concentration=np.ones(n_fields),
        people_per_record=np.ones(n_fields),
        log_odds=np.zeros(n_lists if many else 0),
        log_base=float(np.log(prior.history_weight)),
        base_total=prior.history_weight * n_histories,
        people_power=prior.people_power,
        log_cells=np.empty(0),
        log_people=np.empty(0),
        household_weight=prior.household_weight,
        shared=np.full(n_fields, 0.5),
    )
    _smooth(rates, values, np.zeros((n_fields, 4)))
    return rates


def draw_rates(
    rates: Rates,
    records: EncodedRecords,
    values: ValueFrequencies,
    prior: PartitionPrior,
    coded: Coded,
    state: Partition,
    output: Output,
    could_be: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Rates:
    """The parameters given the partition, the hidden states and the true values drawn in `output`.

    Qualities of records are drawn on the way, and value frequencies are those of the people as they are.  ``could_be``
    says which kinds of reading each record has, shape (R, 3), those that are not sampled too.
    """
    _draw_qualities(rates, coded, state, output, rng)
    _draw_errors(rates, prior, coded, state, output, rng)
    _draw_levels(rates, records, prior, output, rng)
    _draw_duplicates(rates, prior, coded, state, rng)
    _smooth(rates, values, output.linked)
    _fit_frequencies(rates, coded, state)
    shares = _draw_reading_shares(records, prior, coded, state, could_be, rng)
    delta = rates.shared
    if coded.with_households:
        own, shared = output.shared_counts.T
        delta = np.clip(rng.beta(1 + shared, 1 + own), 0.01, 0.99)
    rates = rates._replace(log_reading=_log_readings(records, values, shares), shared=delta)
    return _with_independent_base(rates, prior, state) if rates.log_odds.size else rates


def _mean(shares: tuple[float, float]) -> float:
    return shares[0] / sum(shares)


def _draw_qualities(rates: Rates, coded: Coded, state: Partition, output: Output, rng: np.random.Generator) -> None:
    """z_r given which fields are wrong."""
    errors, wrong = rates.errors[coded.list_of], output.wrong
    odds = np.where(wrong == 1, np.log(errors[..., 1] / errors[..., 0]), 0.0)
    odds += np.where(wrong == 0, np.log((1 - errors[..., 1]) / (1 - errors[..., 0])), 0.0)
    bad = rates.bad[coded.list_of]
    log_odds = odds.sum(axis=1) + np.log(bad / (1 - bad))
    state.bad[:] = rng.random(len(log_odds)) < 1 / (1 + np.exp(-np.clip(log_odds, -500, 500)))


def _draw_errors(
    rates: Rates, prior: PartitionPrior, coded: Coded, state: Partition, output: Output, rng: np.random.Generator
) -> None:
    """e_fz with those of the lists summed out, on a grid; then e_kfz; then w_k."""
    n_lists, n_fields, _ = rates.errors.shape
    for z in range(2):
        a, b = prior.error_weight * prior.error_means[z], prior.error_weight * (1 - prior.error_means[z])
        counts = np.zeros((2, n_lists, n_fields))
        for is_wrong in (0, 1):
            np.add.at(counts[is_wrong], coded.list_of, (output.wrong == is_wrong) & (state.bad == z)[:, None])
        right, wrong = counts
        s, t = prior.list_weight * _SHARES[:, None, None], prior.list_weight * (1 - _SHARES[:, None, None])
        log_p = (betaln(s + wrong, t + right) - betaln(s, t)).sum(axis=1)
        log_p += ((a - 1) * np.log(_SHARES) + (b - 1) * np.log1p(-_SHARES))[:, None]
        pooled = np.array([_SHARES[_drawn(log_p[:, f], rng)] for f in range(n_fields)])
        drawn = rng.beta(prior.list_weight * pooled + wrong, prior.list_weight * (1 - pooled) + right)
        rates.errors[:, :, z] = np.clip(drawn, 0.001, 0.97)
    for k in range(n_lists):
        n_bad, n = state.bad[coded.list_of == k].sum(), (coded.list_of == k).sum()
        rates.bad[k] = np.clip(rng.beta(prior.bad_shares[0] + n_bad, prior.bad_shares[1] + n - n_bad), 0.005, 0.95)


def _drawn(log_p: Floats, rng: np.random.Generator) -> int:
    """A place with probability proportional to the exponential of its entry."""
    weights = np.cumsum(np.exp(log_p - log_p.max()))
    return int(min(np.searchsorted(weights, rng.random() * weights[-1], side="right"), len(log_p) - 1))


def _draw_levels(
    rates: Rates, records: EncodedRecords, prior: PartitionPrior, output: Output, rng: np.random.Generator
) -> None:
    """q_f over the levels that the field has, and a_f."""
    near, far = prior.near_errors + output.near_counts.T
    rates.near_errors[:] = np.clip(rng.beta(near, far), 0.01, 0.99)
    for f, field in enumerate(records.fields):
        levels = [level for level in (1, 2, 3) if field.has_level[level]]
        if levels:
            drawn = rng.dirichlet(prior.level_weight + output.level_counts[f, levels]) + 1e-6
            rates.error_levels[f, levels] = drawn / drawn.sum()


def _draw_duplicates(
    rates: Rates, prior: PartitionPrior, coded: Coded, state: Partition, rng: np.random.Generator
) -> None:
    """lambda_k on a grid that is even in its logarithm."""
    on_list = state.on_list[state.size > 0]
    log_grid, log_truncation = np.log(_DUPLICATES), np.log(np.expm1(_DUPLICATES))
    for k in np.flatnonzero(~coded.duplicate_free):
        n_records, n_people = on_list[:, k].sum(), (on_list[:, k] > 0).sum()
        log_p = (n_records + 1) * log_grid - n_people * log_truncation - prior.duplicate_rate * _DUPLICATES
        drawn = _drawn(log_p, rng)
        rates.log_duplicates[k], rates.log_truncation[k] = log_grid[drawn], log_truncation[drawn]


def _smooth(rates: Rates, values: ValueFrequencies, linked: Floats) -> None:
    """S u from u, the share of pairs at each level among all pairs that are not linked."""
    apart = np.maximum(values.pairs[:, 1:] - linked[:, 1:], 0.5)
    total = np.maximum(values.pairs.sum(axis=1) - linked.sum(axis=1), 1.0)
    rates.smoothing[:] = np.maximum(values.smoothing * apart / total[:, None], _LEAST)


def _fit_frequencies(rates: Rates, coded: Coded, state: Partition) -> None:
    """The law of the values of people, each by its first record that has one."""
    for f in range(len(coded.scope)):
        has = np.flatnonzero(state.values[:, f] >= 0)
        if has.size == 0:
            continue
        _, first = np.unique(state.person_of[has], return_index=True)
        counts = np.bincount(state.values[has[first], f])
        rates.people_per_record[f] = len(first) / len(has)
        rates.discount[f], rates.concentration[f] = fit_pitman_yor(counts[counts > 0])


def _draw_reading_shares(
    records: EncodedRecords,
    prior: PartitionPrior,
    coded: Coded,
    state: Partition,
    could_be: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Floats:
    """By list and kind the share of records so read, among those that could be and have another record beside them."""
    kinds = records.reading_kinds[state.reading]
    is_linked = state.size[state.person_of] > 1
    shares = np.zeros((len(records.lists), 3))
    for kind in (1, 2):
        could = could_be[:, kind] & is_linked
        n = np.bincount(coded.list_of[could], minlength=len(records.lists))
        read = np.bincount(coded.list_of[could & (kinds == kind)], minlength=len(records.lists))
        shares[:, kind] = rng.beta(prior.reading_shares[0] + read, prior.reading_shares[1] + n - read)
    return shares


def _log_readings(records: EncodedRecords, values: ValueFrequencies, shares: Floats) -> Floats:
    """Log probability of each reading of a record that is alone: its kind's share times how likely the text then is."""
    starts = records.reading_starts
    sizes = np.diff(starts)
    owner = np.repeat(np.arange(records.n_records), sizes)
    kinds = records.reading_kinds
    alone = np.zeros(len(kinds))
    for f, field in enumerate(records.fields):
        codes, place = records.codes[:, f], values.value_starts[f]
        written = codes[starts[:-1]][owner]
        counts = values.alike[place : place + field.near.n_values]
        changed = (codes >= 0) & (codes != written)
        # A record counts itself under the reading as written, and not under another.
        alone[changed] += np.log(counts[codes[changed]] + 0.5)
        left = (written >= 0) & (codes != written)
        alone[left] -= np.log(np.maximum(counts[written[left]] - 1, 0) + 0.5)
        size = np.log(values.filled[f] + 0.5 * field.near.n_values)
        alone += size * (left.astype(float) - changed.astype(float))
    same_kind = np.zeros((records.n_records, 3))
    np.add.at(same_kind, (owner, kinds), 1)
    log_share = np.log(np.maximum(shares[records.list_of[owner], kinds], _LEAST)) - np.log(same_kind[owner, kinds])
    others = (shares[records.list_of] * (same_kind > 0))[:, 1:].sum(axis=1)
    log_share = np.where(kinds == 0, np.log(np.maximum(1 - others[owner], _LEAST)), log_share)
    alone += log_share
    whole = np.logaddexp.reduceat(alone, starts[:-1])
    return alone - whole[owner]


def _with_independent_base(rates: Rates, prior: PartitionPrior, state: Partition) -> Rates:
    """The base measure of histories that independent lists would give, from the shares of people on each."""
    on_list = (state.on_list[state.size > 0] > 0).sum(axis=0).astype(float)
    n = float(state.totals[PEOPLE])
    total = 1.5 * n
    for _ in range(50):
        probability = np.clip((on_list + 0.5) / (total + 1), 1e-6, 0.95)
        total = min((n + 1) / -np.expm1(np.log1p(-probability).sum()), 100 * n)
    odds = np.log(probability) - np.log1p(-probability)
    some = np.log(np.expm1(np.log1p(np.exp(odds)).sum()))
    return rates._replace(log_odds=odds, log_base=float(np.log(rates.base_total) - some))
