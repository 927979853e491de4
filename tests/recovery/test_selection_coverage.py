"""How often an interval covers the true N when the model was selected on the table.

Tables are drawn from log-linear models with one interaction of two lists and N = 2,000.  The probability of being on
list j, for those not on the other of the pair, is ``probabilities[j]``; the interaction is a log odds ratio.  The
conditional interval takes the selected model as given; the other one repeats the selection in each resample, on the
same tables.  A table without an estimate counts as missed by both.

Measured, in 500 tables each (standard error 1 to 2 points), conditional and with selection (BCa) at nominal 95 %:

    four lists, log odds ratio 0.8, steps                91.4 %   97.2 %
    four lists, log odds ratio 0.8, BIC over all 113     92.6 %   96.0 %
    five sparse lists, log odds ratio 1.5, steps         93.0 %   97.6 %
    four lists, log odds ratio 0.5, steps                67.0 %   90.6 %

The last one is seldom found by the steps: there the conditional interval is wrong one time in three, and the other one
comes near its nominal level without reaching it, for no interval can know of what the table does not show.

False alarms, for an interval that covers 95 %: below 92 % of 500 tables, one seed in 600; below 82 % of 60 tables, one
in 5,000.  The two are compared by the tables that only one of them covers, at one in 10,000.  The seeds are fixed.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.models.log_linear.selected import LogLinearSelect
from estimation.models.log_linear.stepwise import SparseStepwise
from estimation.results.estimates import NotEstimable

N = 2000
LEAST = 0.92


@dataclass(frozen=True)
class Design:
    probabilities: tuple[float, ...]
    interaction: float

    @property
    def lists(self):
        return [f"L{j}" for j in range(len(self.probabilities))]

    def table(self, rng):
        """Who was seen of N people; the interaction is between the first two lists."""
        on = (np.arange(1 << len(self.probabilities))[:, None] >> np.arange(len(self.probabilities))) & 1
        odds = np.log(self.probabilities) - np.log1p(-np.array(self.probabilities))
        weight = np.exp(on @ odds + self.interaction * on[:, 0] * on[:, 1])
        return CaptureTable(self.lists, on[1:], rng.multinomial(N, weight / weight.sum())[1:])


FOUR_LISTS = Design((0.30, 0.25, 0.20, 0.15), 0.8)
FOUR_LISTS_WEAK = Design((0.30, 0.25, 0.20, 0.15), 0.5)
FIVE_SPARSE_LISTS = Design((0.10, 0.08, 0.05, 0.04, 0.03), 1.5)
BY_STEPS = SparseStepwise(interval="bca", resamples=1000, most_resamples=1000)
BY_BIC = LogLinearSelect(interval="bca", resamples=500, most_resamples=500)


def covered(model, design, tables, seed):
    """Whether N is in, and whether above, the two 95 % intervals, each of shape (tables, 2)."""
    rng = np.random.default_rng(seed)
    inside, above = np.zeros((2, tables, 2), dtype=bool)
    for k in range(tables):
        result = model.fit(design.table(rng), rng=rng, workers=2)
        if isinstance(result, NotEstimable):
            continue
        sides = next(t for t in result.tables if t.title.startswith("95 % confidence intervals")).rows
        limits = {name: (lower, upper) for name, lower, upper, *_ in sides}
        ordered = [limits["conditional on the selected model"], limits["with selection, BCa"]]
        inside[k] = [lower <= N <= upper for lower, upper in ordered]
        above[k] = [upper < N for _, upper in ordered]
    return inside, above


def test_the_interval_with_selection_covers_a_few_simulated_tables():
    inside, _ = covered(replace(BY_STEPS, resamples=200, most_resamples=200), FOUR_LISTS, tables=60, seed=1)
    assert inside[:, 1].mean() >= 0.82


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "design"),
    [(BY_STEPS, FOUR_LISTS), (BY_BIC, FOUR_LISTS), (BY_STEPS, FIVE_SPARSE_LISTS)],
    ids=["steps, four lists", "BIC over 113, four lists", "steps, five sparse lists"],
)
def test_the_interval_with_selection_covers_the_true_number(model, design):
    inside, above = covered(model, design, tables=500, seed=20)
    print(f"conditional, with selection: covered {inside.mean(axis=0)}, N above the interval {above.mean(axis=0)}")
    assert inside[:, 1].mean() >= LEAST


@pytest.mark.slow
def test_where_the_interaction_is_hard_to_see_the_conditional_interval_falls_short_of_the_one_with_selection():
    inside, above = covered(BY_STEPS, FOUR_LISTS_WEAK, tables=500, seed=21)
    print(f"conditional, with selection: covered {inside.mean(axis=0)}, N above the interval {above.mean(axis=0)}")
    gained = (inside[:, 1] & ~inside[:, 0]).sum()
    lost = (inside[:, 0] & ~inside[:, 1]).sum()
    assert gained - lost > 3.9 * np.sqrt(gained + lost)
