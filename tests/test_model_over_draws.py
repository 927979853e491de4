"""A model over draws of a linkage answers the questions of one table over all draws."""

import numpy as np
from small_linkage import small_linkage

import estimation as mse
from estimation.linkage.linked_tables import linked_tables
from estimation.models.linked.fit_draws import LINKAGE_DRAWN
from estimation.models.linked.over_draws import OverDraws
from estimation.models.protocol import Model
from estimation.results.variance_split import VarianceSplit

DRAWS = small_linkage()
CHAO = OverDraws(mse.models.ChaoLowerBound(), DRAWS)


def test_it_is_a_model_and_its_own_table_gives_what_fit_draws_does():
    assert isinstance(CHAO, Model)
    found, pooled = CHAO.fit(CHAO.table, rng=1), mse.fit_draws(mse.models.ChaoLowerBound(), DRAWS, rng=1)
    assert (found.median, found.interval().lower) == (pooled.median, pooled.interval().lower)
    assert LINKAGE_DRAWN in found.assumptions


def test_tables_alone_give_the_same():
    alone = OverDraws(mse.models.ChaoLowerBound(), linked_tables(DRAWS))
    assert alone.fit(alone.table, rng=1).median == CHAO.fit(CHAO.table, rng=1).median


def test_without_a_list_the_answer_is_pooled_over_the_same_margin_of_every_draw():
    found = mse.sensitivity.leave_one_list_out(CHAO.table, model=CHAO, rng=1)
    assert len(found.alternatives) == 3
    for at, each in enumerate(found.alternatives):
        assert VarianceSplit.of(each.result.tables) is not None
        others = [name for name in DRAWS.lists if name != DRAWS.lists[at]]
        n = np.mean([table.keep(others).n_observed for table in DRAWS.tables])
        assert each.result.n_observed == round(n)


def test_a_table_that_no_other_draw_has_is_fitted_alone_and_says_so():
    merged = CHAO.table.merge(["police", "press"], into="both")
    found = CHAO.fit(merged, rng=1)
    assert found.median == mse.models.ChaoLowerBound().fit(merged, rng=1).median
    assert "no counterpart" in found.notes[-1]
