"""What stands beside a latent-class number: the observable people, chains and classes."""

import numpy as np

from estimation.models.latent_class.modes import modes_of
from estimation.models.latent_class.summaries import (
    classes_in_use,
    each_chain,
    observable,
    observable_note,
)
from estimation.results.totals import Draws

THRESHOLDS = (0.001, 0.01)


def lognormal(seed, mean, sd, size=(4, 2000), n=1000):
    return (n + np.exp(np.random.default_rng(seed).normal(mean, sd, size))).astype(np.int64)


class TestObservable:
    def test_the_table_has_n_itself_and_one_row_for_each_threshold(self):
        total = lognormal(1, 8, 1)
        counts = np.stack([total, total // 2], axis=2).astype(float)
        rows = observable(total, counts, THRESHOLDS).rows
        assert [row[0] for row in rows] == [0.0, 0.001, 0.01]
        assert rows[0][1:] == rows[1][1:]
        assert rows[2][1] == round(np.median(total // 2))

    def test_a_note_is_made_where_the_upper_end_falls(self):
        total = lognormal(1, 8, 1)
        all_reached, half = (np.stack([total, part], axis=2).astype(float) for part in (total, total // 2))
        assert observable_note(total, all_reached, THRESHOLDS) is None
        said = observable_note(total, half, THRESHOLDS)
        assert "is above 1%, there are" in said
        assert f"{np.median(total // 2):,.0f}" in said


def test_each_chain_has_a_row_with_its_share_in_each_mode():
    values = np.concatenate([lognormal(1, 7, 0.1, (2, 500)), lognormal(2, 10, 0.1, (1, 500))])
    draws = Draws(values, {"log alpha": values * 0.0 - 1, "occupied classes": values * 0.0 + 3})
    table = each_chain(draws, modes_of(draws, 1000))
    assert [row[6:] for row in table.rows] == [(1, 0), (1, 0), (0, 1)]
    assert [row[1] for row in table.rows] == [round(m) for m in np.median(values, axis=1).tolist()]
    assert table.columns[6].startswith("share of draws in mode 1, N about 2,")


def test_shares_of_the_number_of_classes_add_to_one():
    assert classes_in_use(np.array([[2.0, 3.0], [3.0, 3.0]])).rows == ((2, 0.25), (3, 0.75))
