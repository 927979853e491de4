"""The density of the partition sampler written plainly, for few records, and all states that it can have."""

import itertools

import numpy as np
from scipy.special import gammaln, logsumexp

from estimation.linkage.encoded import EncodedField, EncodedRecords, NearValues

REPEATED = 0.05


def near_values(levels):
    """Values that lie as a matrix of levels says."""
    levels = np.asarray(levels)
    rows, columns = np.nonzero((levels < 3) & ~np.eye(len(levels), dtype=bool))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(levels)))])
    return NearValues(len(levels), starts, columns.astype(np.int32), levels[rows, columns].astype(np.int8))


def encoded(lists, list_of, fields, codes, *, duplicate_free=None, readings=None):
    """Records from rows of codes; ``readings`` are further rows by record: (record, kind, codes)."""
    rows, kinds, starts = [], [], [0]
    for record, row in enumerate(codes):
        more = [(kind, other) for owner, kind, other in readings or [] if owner == record]
        rows += [row, *(other for _, other in more)]
        kinds += [0, *(kind for kind, _ in more)]
        starts.append(len(rows))
    free = np.zeros(len(lists), bool) if duplicate_free is None else np.array(duplicate_free)
    return EncodedRecords(
        tuple(lists),
        np.array(list_of, dtype=np.int32),
        free,
        tuple(EncodedField(name, scope, near, has) for name, scope, near, has in fields),
        np.array(starts, dtype=np.int64),
        np.array(rows, dtype=np.int32),
        np.array(kinds, dtype=np.int8),
    )


def partitions(items):
    """All partitions of a list, as lists of lists."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for smaller in partitions(rest):
        yield [[first], *smaller]
        for place, block in enumerate(smaller):
            yield [*smaller[:place], [first, *block], *smaller[place + 1 :]]


class PlainDensity:
    """The density of a partition of few records under given parameters."""

    def __init__(self, records, values, rates, *, with_households=False):
        self.records, self.values, self.rates, self.with_households = records, values, rates, with_households
        self.levels = []
        for field in records.fields:
            near = field.near
            levels = np.full((near.n_values, near.n_values), 3)
            np.fill_diagonal(levels, 0)
            for value in range(near.n_values):
                inside = slice(near.starts[value], near.starts[value + 1])
                levels[value, near.neighbours[inside]] = near.levels[inside]
            self.levels.append(levels)

    def b(self, f, value, copies):
        rates, place = self.rates, self.values.value_starts[f] + value
        rho = rates.people_per_record[f]
        others = rho * max(rates.alike[place] - copies, 0)
        return (1 - rates.discount[f] + others) / (rho * rates.filled[f] + rates.concentration[f])

    def level(self, f, x, y):
        return self.levels[f][x, y]

    def u(self, f, y, level, own=0, left_out=0):
        rates, place = self.rates, self.values.value_starts[f] + y
        around = max(rates.near[place, level - 1] - own, 0) + rates.smoothing[f, level - 1]
        return around / (rates.filled[f] - left_out + rates.smoothing_total[f, level - 1])

    def terms(self, f, shown):
        """The term of each true value that is shown, and that of all others; ``shown``: (value, error) of records."""
        present = sorted({x for x, _ in shown})
        width = self.values.width[self.values.value_starts[f] :]
        found, distances = {}, {}
        for y in present:
            at = [self.level(f, y, x) for x, _ in shown]
            distances[y] = sum({0: 0, 1: 1, 2: 2, 3: 4}[level] for level in at)
            if any(self.level(f, y, x) == 0 and x != y and (width[x], x) < (width[y], y) for x in present):
                continue
            product, copies = 1.0, 0
            for (x, error), level in zip(shown, at, strict=True):
                if x == y:
                    copies += 1
                    product *= (1 - error) / (self.b(f, y, copies) if copies > 1 else 1)
                elif level == 0:
                    product *= (1 - error) / self.b(f, x, 2)
                else:
                    share = self.u(f, y, level, at.count(level), len(shown))
                    product *= error * self.rates.error_levels[f, level] / share
            found[y] = product
        return found, self.none(f, shown, min(present, key=lambda y: (distances[y], y)))

    def none(self, f, shown, medoid):
        q = self.rates.error_levels[f]
        share_near = self.rates.near_errors[f] if q[1] + q[2] > 0 else 0.0
        far = (1 - share_near) / self.u(f, medoid, 3)
        near = far
        if share_near > 0:
            near = share_near / (self.u(f, medoid, 1) + self.u(f, medoid, 2))
        product, is_first = 1.0, True
        for x, error in shown:
            alike = self.rates.alike[self.values.value_starts[f] + x]
            at_most = max(self.rates.filled[f], 1) / max(alike, 1)
            if x == medoid and is_first:
                is_first, factor = False, 1.0
            elif self.level(f, medoid, x) == 0:
                factor = min(near, at_most) * REPEATED
            else:
                factor = min(near if self.level(f, medoid, x) < 3 else far, at_most)
            product *= error * factor
        return product

    def shown(self, f, group, bad, rows):
        at = self.rates.errors
        values = [(int(self.records.codes[rows[r], f]), at[self.records.list_of[r], f, bad[r]]) for r in group]
        return [(x, error) for x, error in values if x >= 0]

    def log_field(self, f, group, bad, rows):
        shown = self.shown(f, group, bad, rows)
        if len(shown) < 2:
            return 0.0
        found, none = self.terms(f, shown)
        return float(np.log(sum(found.values()) + none))

    def log_household(self, f, people, bad, rows):
        if len(people) == 1 or not any(self.shown(f, group, bad, rows) for group in people):
            return sum(self.log_field(f, group, bad, rows) for group in people)
        delta, width = self.rates.shared[f], self.values.width[self.values.value_starts[f] :]
        own, none, shown_by = [], [], []
        for group in people:
            shown = self.shown(f, group, bad, rows)
            shown_by.append(shown)
            own.append(np.exp(self.log_field(f, group, bad, rows)))
            none.append(1.0 if not shown else shown[0][1] if len(shown) == 1 else self.terms(f, shown)[1])
        total, left = 0.0, 1.0
        every = [x for shown in shown_by for x, _ in shown]
        for y in sorted(set(every)):
            at = [self.level(f, y, x) for x in every]
            copies = [self.b(f, y, j) for j in range(2, max(every.count(y), 2) + 1)]
            right = float(np.prod(copies)) ** (1 / len(copies))
            left -= right
            product = right
            for shown, alone in zip(shown_by, own, strict=True):
                a = 1.0
                for x, error in shown:
                    level = self.level(f, y, x)
                    if x == y:
                        a *= (1 - error) / right
                    elif level == 0:
                        a *= (1 - error) / self.b(f, x if width[x] > width[y] else y, 2)
                    else:
                        share = self.u(f, y, level, at.count(level), len(every))
                        a *= error * self.rates.error_levels[f, level] / share
                product *= delta * a + (1 - delta) * alone
            total += product
        rest = np.prod([delta * other + (1 - delta) * alone for other, alone in zip(none, own, strict=True)])
        return float(np.log(total + max(left, 1e-9) * rest))

    def log_likelihood(self, people, households, bad, rows):
        """``people``: blocks of records; ``households``: blocks of places in ``people``."""
        total = 0.0
        for f, field in enumerate(self.records.fields):
            if self.with_households and field.scope == "household":
                total += sum(self.log_household(f, [people[c] for c in home], bad, rows) for home in households)
            else:
                total += sum(self.log_field(f, group, bad, rows) for group in people)
        return total

    def log_prior(self, people):
        rates, n = self.rates, len(people)
        n_lists = len(self.records.lists)
        histories, total = {}, 0.0
        for group in people:
            lists = self.records.list_of[group]
            for k in range(n_lists):
                d = int((lists == k).sum())
                if d and self.records.duplicate_free[k]:
                    total += 0.0 if d == 1 else -np.inf
                elif d:
                    total += d * rates.log_duplicates[k] - rates.log_truncation[k]
            key = frozenset(lists.tolist())
            histories[key] = histories.get(key, 0) + 1
        alpha = np.exp(rates.log_base)
        total += gammaln(n + 1) + gammaln(rates.base_total) - gammaln(n + rates.base_total)
        total -= rates.people_power * np.log(n)
        return total + sum(gammaln(count + alpha) - gammaln(alpha) for count in histories.values())

    def log_household_prior(self, households):
        """Any number of households, whose sizes have a Dirichlet law; which of them a person is in is even."""
        alpha, k = self.rates.household_weight, len(households)
        sizes = [len(home) for home in households]
        total = gammaln(k + 1) + gammaln(alpha) - gammaln(alpha + k) - gammaln(sum(sizes) + 1)
        for size in set(sizes):
            base = alpha / (size * (size + 1))
            total += gammaln(base + sizes.count(size)) - gammaln(base)
        return total + sum(gammaln(size + 1) for size in sizes)

    def log_posterior(self, *, must_link=(), must_not_link=()):
        """Log posterior probability of every partition, by its labels; qualities, readings, households summed out."""
        records, found = self.records, {}
        starts = records.reading_starts
        bad_share = self.rates.bad[records.list_of]
        for people in partitions(list(range(records.n_records))):
            labels = np.empty(records.n_records, dtype=int)
            for group in people:
                labels[group] = min(group)
            labels = np.unique(labels, return_inverse=True)[1]
            if any(labels[a] != labels[b] for a, b in must_link):
                continue
            if any(labels[a] == labels[b] for a, b in must_not_link):
                continue
            homes = list(partitions(list(range(len(people))))) if self.with_households else [None]
            logs = []
            for bad in itertools.product((0, 1), repeat=records.n_records):
                quality = np.where(bad, np.log(bad_share), np.log(1 - bad_share)).sum()
                for rows in itertools.product(*(range(a, b) for a, b in itertools.pairwise(starts))):
                    states = quality + self.rates.log_reading[list(rows)].sum()
                    for home in homes:
                        prior = 0.0 if home is None else self.log_household_prior(home)
                        logs.append(states + prior + self.log_likelihood(people, home, bad, rows))
            found[tuple(labels.tolist())] = self.log_prior(people) + logsumexp(logs)
        whole = logsumexp(list(found.values()))
        return {labels: log - whole for labels, log in found.items()}
