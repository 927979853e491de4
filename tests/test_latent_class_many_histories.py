"""Tables with many histories: the compressed tree, and the moves that are made only there, against slow and exact ones.

False alarms: as in `test_latent_class_kernel`, 4 Monte Carlo standard errors (6 in 100,000 each, some 15 of them).
"""

import numpy as np
import pytest
from test_latent_class_kernel import GAMMA, TINY, deviations, deviations_of_moves, exact, sweeps_of_chains

from estimation.capture.table import CaptureTable
from estimation.models.latent_class import state as latent_class_state
from estimation.models.latent_class.kernel import marginal_density
from estimation.models.latent_class.state import Cells, Workspace


@pytest.fixture
def many(monkeypatch):
    """Tables of any size are handled as those of many histories are."""
    monkeypatch.setattr(latent_class_state, "MANY", 0)


def some_table(lists, people, seed):
    patterns = np.random.default_rng(seed).random((people, lists)) < np.linspace(0.7, 0.1, lists)
    patterns, counts = np.unique(patterns[patterns.any(axis=1)], axis=0, return_counts=True)
    return CaptureTable([f"L{j}" for j in range(lists)], patterns, counts)


class TestManyHistories:
    @pytest.mark.parametrize("spread", [1.0, 30.0, 300.0])
    @pytest.mark.parametrize("table", [TINY, some_table(9, 300, 1), some_table(40, 200, 2)], ids=["3", "9", "40 lists"])
    def test_the_compressed_tree_has_the_density_and_gradient_of_the_other(self, table, spread, monkeypatch):
        classes, found = 5, []
        x = np.random.default_rng(3).normal(-1, spread, classes * len(table.lists) + classes)
        x[-classes:] /= spread
        for limit in (1000, 0):
            monkeypatch.setattr(latent_class_state, "MANY", limit)
            cells, gradient = Cells.of(table), np.empty(x.size)
            work = Workspace.for_table(classes, len(table.lists), cells.counts.size)
            found.append([marginal_density(x, cells, GAMMA, work.mixture, gradient), *gradient])
        assert cells.runs.size > 0
        assert cells.counts.sum() == cells.n
        assert np.isfinite(found).all()
        assert found[1] == pytest.approx(found[0], rel=1e-9, abs=1e-8)

    def test_no_node_is_there_for_nothing_and_the_childless_ones_follow_their_parents_order(self, many):
        cells = Cells.of(some_table(40, 200, 2))
        children = np.bincount(cells.parent[1:], minlength=cells.counts.size)
        assert ((children > 1) | (cells.counts > 0))[1:].all()
        assert (children[: cells.runs[0]][1:] > 0).all()
        for i, (start, stop) in enumerate(zip(cells.runs[:-1], cells.runs[1:], strict=True)):
            assert (cells.parent[start:stop] == i).all()
        assert cells.runs[-1] == cells.counts.size

    def test_the_unseen_of_three_people_redrawn_by_class_are_those_of_the_enumerated_posterior(self, many):
        assert max(np.abs(deviations_of_moves(0.7, redrawn=True))) < 4

    def test_draws_are_from_the_exact_posterior(self, many):
        far = {name: z for name, z in deviations(sweeps_of_chains(8, 4000), exact()).items() if abs(z) > 4}
        assert not far
