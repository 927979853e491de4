"""Known list sizes on the five slavery tables: the published scores, met to the digits they have.

Binette, Steorts (2022), Journal of the Royal Statistical Society A.  The digits are those of the file
``internal_consistency_summary.tex`` of its analyses (MSETools, commit 401799b), made with SparseMSE, dga 2.0.1 and
LCMCR 0.4.11: mean, standard deviation, root mean square and median of the log relative bias, coverage of the 95 %
interval.

    model           mean    sd   rms  median  coverage
    dga            -0.34  0.52  0.60   -0.22      0.80
    Independence   -0.29  0.50  0.55   -0.28      0.88
    LCMCR          -0.52  0.52  0.72   -0.50      0.60
    SparseMSE      -0.17  0.64  0.63   -0.15      0.90

What was scored there: UK, Netherlands and New Orleans with five lists, Western US, Australia; lists of whose people the
others saw 30 or more; without K of the Netherlands; an estimate that failed is left out of the means.  Ten lists of
three tables are left.  Where another list holds none of the people (LA of the UK, R of the Netherlands), that empty
list stays in the table there.  The ratio of independence's standard deviation to its root mean square is that of eight
lists; without those two, all its digits are met.

Ours leave the empty list out.  To meet the digits of the graphs and of the latent classes, these tests keep it, and for
the graphs take what dga does: the saturated graph in, 1,000 values of n_0 from 1 to 30 n.
"""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.graphs.chordal_graphs import chordal_graphs
from estimation.models.graphs.graph_posterior import graph_posterior
from estimation.models.graphs.prior_on_n import parse_prior_on_n
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.log_linear.stepwise import SparseStepwise
from estimation.provenance import Provenance
from estimation.results.diagnostics import Diagnostics
from estimation.results.estimates import Estimate
from estimation.results.totals import Grid
from estimation.sensitivity.alternatives import Alternative
from estimation.sensitivity.consistency import people_on, score

TABLES = ("uk_five_lists", "netherlands_five_lists", "new_orleans_five_lists", "western_us", "australia")
ROUNDED = 0.005 + 1e-9


def lists_scored():
    for name in TABLES:
        table = load_table(name)
        for label, size in zip(table.lists, table.list_sizes.tolist(), strict=True):
            if label != "K" and people_on(table, label).n_observed >= 30:
                yield table, label, float(size)


def with_empty_lists(table, label):
    on = table.patterns[:, table.index(label)]
    return CaptureTable(table.lists, table.patterns[on], table.counts[on]).drop([label])


def answers_of(model, without=()):
    rng = np.random.default_rng
    return [
        Alternative(label, size, model.fit(people_on(table, label), rng=rng(1)))
        for table, label, size in lists_scored()
        if label not in without
    ]


def scores_of(model, without=()):
    return score(answers_of(model, without))


def assert_scores(found, mean, sd, rms, median):
    assert found.mean == pytest.approx(mean, abs=ROUNDED)
    assert found.sd == pytest.approx(sd, abs=ROUNDED)
    assert found.root_mean_square == pytest.approx(rms, abs=ROUNDED)
    assert found.median == pytest.approx(median, abs=ROUNDED)


def test_ten_lists_are_scored_and_none_is_of_new_orleans_or_the_western_us():
    scored = [label for _, label, _ in lists_scored()]
    assert scored == ["LA", "NG", "PFNCA", "GO", "IO", "P", "R", "Z", "B", "C"]


def test_pairs_chosen_step_by_step():
    assert_scores(scores_of(SparseStepwise(interval="conditional")), -0.17, 0.64, 0.63, -0.15)


def test_pairs_chosen_step_by_step_miss_one_list_and_it_is_c_of_australia():
    """On LA and R about 5 % of the resamples give no number, which is our limit: with this seed LA has an interval and
    R has none.  False alarms: over 24 seeds R's upper limit, where it had
    one, was never below 750, and GO's never below 866."""
    answers = answers_of(SparseStepwise(0.02, "bca", 2000))
    found = score(answers)
    assert found.n_scored + found.n_not_estimable == 10
    assert found.n_scored >= 8
    assert (found.n_scored - found.n_covered, found.n_above, found.n_below) == (1, 1, 0)
    last = answers[-1]
    assert (last.label, last.value) == ("C", 260)
    assert last.result.interval().upper < last.value


def test_independence_on_the_eight_lists_that_were_scored_and_on_all_ten():
    found = scores_of(LogLinear(), without=("LA", "R"))
    assert_scores(found, -0.29, 0.50, 0.55, -0.28)
    assert (found.n_covered, found.n_scored, found.n_below) == (7, 8, 0)
    assert scores_of(LogLinear()).n_covered == 9


def test_graphs_as_the_published_software_sums_them():
    tried = []
    for table, label, size in lists_scored():
        people = with_empty_lists(table, label)
        n, graphs = people.n_observed, chordal_graphs(len(people.lists))
        found = graph_posterior(
            people,
            graphs,
            graphs.take(np.array([len(graphs) - 1])),
            delta=0.5 ** len(people.lists),
            prior=parse_prior_on_n("1/N"),
            n_0_max=30 * n,
            workers=1,
        )
        unseen = np.unique(np.round(np.linspace(1, 30 * n, 1000)).astype(int))
        total = Grid(n + unseen, found.probabilities[unseen - found.first])
        provenance = Provenance(people.sha256, "", "", ())
        tried.append(Alternative(label, size, Estimate(total, n, "m", "M", ("Assumed.",), Diagnostics(), provenance)))
    found = score(tried)
    assert_scores(found, -0.34, 0.52, 0.60, -0.22)
    assert (found.n_covered, found.n_above) == (8, 2)


class EmptyListsIn(LatentClass):
    """Latent classes that take a list nobody is on, as the published software does."""

    def why_not(self, table):
        return None


PUBLISHED = EmptyListsIn(classes=10, effective=10_000, capture_a=1, capture_b=1, other_priors=False, fit_check=False)


@pytest.mark.slow
def test_latent_classes():
    """The limit is half of the last digit and 0.01 for the Monte Carlo error: the mean of ten medians, with a posterior
    standard deviation of log N of 0.35 and 400 effective draws each, has one of 0.007."""
    found = score(
        Alternative(
            label,
            size,
            PUBLISHED.fit(with_empty_lists(table, label), rng=np.random.default_rng(1)),
        )
        for table, label, size in lists_scored()
    )
    assert found.mean == pytest.approx(-0.52, abs=ROUNDED + 0.01)
    assert found.sd == pytest.approx(0.52, abs=ROUNDED + 0.01)
    assert found.root_mean_square == pytest.approx(0.72, abs=ROUNDED + 0.01)
    assert found.median == pytest.approx(-0.50, abs=ROUNDED + 0.01)
    assert (found.n_covered, found.n_above) == (6, 4)
