"""Results that are cached, in a folder or in memory."""

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.models.cached_model import CachedModel
from estimation.models.classical.two_lists import Chapman
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.models.protocol import Model
from estimation.sensitivity.vary_setting import with_setting

KOSOVO = load_table("kosovo")
NHOI = NoHighestOrderInteraction(draws=1000)


@pytest.fixture
def fitted(monkeypatch):
    """How often the model was fitted."""
    times = []
    fit = NoHighestOrderInteraction.fit

    def counted(self, table, **given):
        times.append(table)
        return fit(self, table, **given)

    monkeypatch.setattr(NoHighestOrderInteraction, "fit", counted)
    return times


def answer(folder, *, model=NHOI, table=KOSOVO, rng=None):
    return CachedModel(model, folder).fit(table, rng=np.random.default_rng(1) if rng is None else rng)


def test_the_same_question_is_fitted_once_and_answered_the_same(tmp_path, fitted):
    first, second = answer(tmp_path), answer(tmp_path)
    assert len(fitted) == 1
    assert (first.total.values == second.total.values).all()


def test_it_answers_as_the_model_does(tmp_path):
    alone = NHOI.fit(KOSOVO, rng=np.random.default_rng(1))
    assert (answer(tmp_path).total.values == alone.total.values).all()
    cached = CachedModel(NHOI, tmp_path)
    assert isinstance(cached, Model)
    assert (cached.name, cached.title, cached.assumptions) == (NHOI.name, NHOI.title, NHOI.assumptions)
    assert CachedModel(Chapman(), tmp_path).why_not(KOSOVO) == Chapman().why_not(KOSOVO)


def test_another_table_setting_seed_or_state_is_another_question(tmp_path, fitted):
    used = np.random.default_rng(1)
    used.random()
    parent = np.random.default_rng(1)
    parent.spawn(1)
    answer(tmp_path)
    answer(tmp_path, table=KOSOVO.drop(["EXH"]))
    answer(tmp_path, model=NoHighestOrderInteraction(draws=1000, xi=2.0))
    answer(tmp_path, rng=np.random.default_rng(2))
    answer(tmp_path, rng=used)
    answer(tmp_path, rng=parent)
    assert len(fitted) == 6


def test_a_broken_answer_is_made_again(tmp_path, fitted):
    first = answer(tmp_path)
    next(tmp_path.glob("*.npz")).write_bytes(b"broken")
    assert (answer(tmp_path).total.values == first.total.values).all()
    assert len(fitted) == 2


def test_an_answer_that_was_damaged_or_cut_short_anywhere_is_made_again(tmp_path, fitted):
    first = answer(tmp_path)
    files = sorted(tmp_path.iterdir())
    assert [path.suffix for path in files] == [".json", ".npz", ".sums"]
    for path in files:
        content = path.read_bytes()
        for at in (0, len(content) // 2, len(content) - 2):
            flipped = bytes([*content[:at], content[at] ^ 1, *content[at + 1 :]])
            for wrong in (flipped, content[:at]):
                path.write_bytes(wrong)
                before = len(fitted)
                assert (answer(tmp_path).total.values == first.total.values).all()
                assert len(fitted) == before + 1, (path.suffix, at)
                assert path.read_bytes() == content


def test_the_answer_to_another_question_is_not_believed_under_this_name(tmp_path, fitted):
    first = answer(tmp_path / "one")
    answer(tmp_path / "two", rng=np.random.default_rng(2))
    names = {path.suffix: path for path in (tmp_path / "one").iterdir()}
    for path in (tmp_path / "two").iterdir():
        names[path.suffix].write_bytes(path.read_bytes())
    assert (answer(tmp_path / "one").total.values == first.total.values).all()
    assert len(fitted) == 3


def test_a_cached_model_with_another_setting_is_cached_too(tmp_path):
    changed = with_setting(CachedModel(NHOI, tmp_path), "xi", 2.0)
    assert changed == CachedModel(NoHighestOrderInteraction(draws=1000, xi=2.0), tmp_path)


def test_without_a_folder_it_remembers_and_with_a_seed_each_table_has_its_own_random_numbers(fitted):
    cached = CachedModel(NHOI, seed=5)
    first, again = (cached.fit(KOSOVO, rng=np.random.default_rng(1)) for _ in range(2))
    other = CachedModel(NHOI).fit(KOSOVO, rng=np.random.default_rng(1))
    assert again is first
    assert len(fitted) == 2
    assert (first.total.values != other.total.values).any()
    assert cached.lighter() == cached
