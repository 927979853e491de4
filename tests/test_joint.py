"""Links and N from one posterior: against all partitions written out, and the fit on a table that is certain."""

import numpy as np
import pytest
from scipy.special import logsumexp
from test_joint_cells import LIST_OF, LISTS, counts_of, log_weight_of_independence, matchings

import estimation as mse
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.linkage.encoded import MISSING, CandidatePairs, EncodedField, EncodedRecords, NearValues
from estimation.linkage.linking import LinkageSettings
from estimation.linkage.point_clustering import numbered
from estimation.linkage.sampler import PartitionPrior
from estimation.models.linked.joint import capture_cells, joint_posterior
from estimation.results.variance_split import VarianceSplit
from estimation.simulation.name_world_independent import world_of_independent_errors

WITHOUT_HOUSEHOLDS = PartitionPrior(with_households=False)


def records_of(lists, list_of, codes, n_values):
    """Records whose values are equal or have nothing in common, in lists without duplicates."""
    near = NearValues(n_values, np.zeros(n_values + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int8))
    n = len(list_of)
    fields = tuple(
        EncodedField(f"field {f}", "person", near, (True, False, False, True)) for f in range(codes.shape[1])
    )
    return EncodedRecords(
        tuple(lists),
        np.asarray(list_of, dtype=np.int32),
        np.ones(len(lists), dtype=np.bool_),
        fields,
        np.arange(n + 1),
        codes.astype(np.int32),
        np.zeros(n, dtype=np.int8),
    )


def pairs_of(first, second):
    return CandidatePairs(np.array(first), np.array(second), np.zeros(len(first)))


def linked(records, persons):
    """One draw of a linkage of these records."""
    places = tuple(RecordPlace(int(at), row) for row, at in enumerate(records.list_of, 2))
    return LinkageDraws(records.lists, places, numbered(np.array(persons)).astype(np.int32)[None, None])


def test_links_are_drawn_from_the_posterior_that_enumeration_gives():
    # Records that say nothing: the likelihood is 1, and what is left is the capture model and the prior of N.
    records = records_of(LISTS, LIST_OF, np.full((5, 1), MISSING), 2)
    first, second = zip(*((i, j) for i in range(3) for j in (3, 4)), strict=True)
    start = linked(records, [0, 1, 2, 0, 3])
    model = mse.models.DecomposableGraphs()
    found = joint_posterior(
        model, records, pairs_of(first, second), start, rng=3, prior=WITHOUT_HOUSEHOLDS, chains=2, sweeps=960
    )
    tables = [counts_of(each) for each in matchings()]
    exact = np.array([log_weight_of_independence(counts) for counts in tables])
    exact = np.exp(exact - logsumexp(exact))
    by_people = np.bincount([counts.sum() for counts in tables], weights=exact)
    drawn = found.partitions.n_people
    batches = np.array([np.bincount(part, minlength=6)[:6] for part in np.split(drawn.ravel(), 32)]) / (drawn.size / 32)
    error = batches.std(axis=0, ddof=1) / np.sqrt(32)
    # Three shares; the largest is above 4.5 errors in one run of 50,000.
    assert (np.abs(batches.mean(axis=0) - by_people) < 4.5 * error + 1e-3).all()


@pytest.fixture(scope="module")
def certain():
    """Sixty people on three lists, of whom eight fields tell who is who."""
    rng = np.random.default_rng(2)
    seen = rng.random((90, 3)) < (0.5, 0.4, 0.45)
    person, list_of = np.nonzero(seen)
    codes = np.stack([rng.permutation(90)[person] for _ in range(8)], axis=1)
    records = records_of("abc", list_of, codes, 90)
    first, second = np.triu_indices(len(person), 1)
    same = person[first] == person[second]
    some = same | (rng.random(len(first)) < 0.02)
    return records, pairs_of(first[some], second[some]), linked(records, person)


@pytest.mark.slow
def test_where_links_are_certain_n_is_that_of_the_table_by_both_routes(certain):
    records, pairs, linkage = certain
    table = linkage.tables[0]
    model = mse.models.DecomposableGraphs()
    found = joint_posterior(model, records, pairs, linkage, rng=5, prior=WITHOUT_HOUSEHOLDS, chains=2, sweeps=450)
    alone = model.fit(table, rng=1)
    assert found.draws.people.lower == found.draws.people.upper == table.n_observed
    assert (found.result.mean, found.result.sd) == (alone.mean, alone.sd)
    sizes = [check.value for check in found.checks if check.name == "bulk ESS of N"]
    assert abs(found.totals.mean() - alone.mean) < 4.5 * alone.sd / np.sqrt(sizes[0])  # one run of 100,000


def test_what_cannot_be_drawn_with_the_links_is_refused_in_words(certain):
    table = certain[2].tables[0]

    def cells(model, start=table):
        return capture_cells(model, start, rng=np.random.default_rng(1), chains=2, n_records=100, warm=5)

    with pytest.raises(SettingError, match="use fit_draws"):
        cells(mse.models.ChaoLowerBound())
    many = CaptureTable([f"list {k}" for k in range(11)], np.tri(11, dtype=bool), np.full(11, 3))
    with pytest.raises(SettingError, match="at most 10"):
        cells(mse.models.LatentClass(), many)
    apart = CaptureTable(["a", "b", "c"], np.eye(3, dtype=bool), [5, 5, 5])
    with pytest.raises(SettingError, match="nobody is on more than one list"):
        cells(mse.models.LatentClass(), apart)


@pytest.mark.slow
def test_lists_of_names_are_linked_and_counted_together():
    world = world_of_independent_errors(60, rng=4)
    settings = LinkageSettings(sweeps=120)
    found = mse.fit_jointly(mse.models.DecomposableGraphs(), world.lists, rng=2, settings=settings)
    assert found.draws.people.lower <= len(np.unique(world.persons)) <= found.draws.people.upper
    assert VarianceSplit.of(found.result.tables) is not None
    # Two routes to one posterior: their means are within five Monte Carlo errors of the chains' own draws.
    size = next(check.value for check in found.checks if check.name == "bulk ESS of N")
    assert abs(found.result.mean - found.totals.mean()) < 5 * found.result.sd / np.sqrt(size)
    again = mse.fit_jointly(mse.models.DecomposableGraphs(), world.lists, rng=2, settings=settings)
    assert (again.totals == found.totals).all()
