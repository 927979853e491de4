"""The walk over hierarchical models: its proposals are reversible, and it visits models in proportion to their weights.

False alarms: a share is judged by 5 standard errors from batches, one in 1.7 million seeds; the seeds are fixed.
"""

import itertools
import math

import numpy as np
import pytest

from estimation.models.bayesian_log_linear.model_walk import MAX_LISTS_WALKED, Walks, _Moves, _terms_of, walk_models
from estimation.models.log_linear.terms import generators_of, hierarchical_models, main_effects

BIRTH_OR_DEATH, EXCHANGE = 0.25, 0.75


def word_of(terms):
    return sum(1 << int(t) for t in np.flatnonzero(terms))


def proposals(moves, word, kind):
    """Every model that one kind of step can propose: its chance, and the log ratios reported, one for each way."""
    births, deaths = moves.of(word)
    found = {}
    if kind == BIRTH_OR_DEATH:
        many = len(births) + len(deaths)
        ways = [((i + 0.5) / many, 0.0, 1 / many) for i in range(many)]
    else:
        ways = []
        for i, bit in enumerate(deaths):
            many = len(moves.of(word ^ bit)[0])
            ways += [((i + 0.5) / len(deaths), (k + 0.5) / many, 1 / many / len(deaths)) for k in range(many)]
    for first, second, chance in ways:
        other, log_back = moves.proposal(word, kind, first, second)
        before, ratios = found.get(other, (0.0, []))
        found[other] = before + chance, [*ratios, log_back]
    return found


class TestProposals:
    @pytest.mark.parametrize(("many", "kind"), list(itertools.product((3, 4), (BIRTH_OR_DEATH, EXCHANGE))))
    def test_the_ratio_is_the_chance_of_the_way_back_over_that_of_the_way_there(self, many, kind):
        moves = _Moves(many)
        words = [word_of(terms) for terms in hierarchical_models(many)]
        there = {word: proposals(moves, word, kind) for word in words}
        for word in words:
            for other, (chance, ratios) in there[word].items():
                if other != word:
                    back = there[other][word][0]
                    np.testing.assert_allclose(ratios, math.log(back / chance), atol=1e-12)

    @pytest.mark.parametrize("many", [3, 4])
    def test_births_and_deaths_reach_all_hierarchical_models_and_nothing_else(self, many):
        moves = _Moves(many)
        found = new = {moves.start}
        while new:
            new = {other for word in new for other in proposals(moves, word, BIRTH_OR_DEATH)} - found
            found = found | new
        assert found == {word_of(terms) for terms in hierarchical_models(many)}

    def test_an_exchange_from_independent_lists_stays(self):
        moves = _Moves(4)
        assert moves.proposal(moves.start, EXCHANGE, 0.5, 0.5) == (moves.start, 0.0)

    @pytest.mark.parametrize("many", [4, 6, MAX_LISTS_WALKED])
    def test_chains_start_apart_at_hierarchical_models(self, many):
        starts = _Moves(many).starts(4, np.random.default_rng(1))
        assert len(set(starts)) == 4
        np.testing.assert_array_equal(_terms_of(starts[0], many), main_effects(many))
        for start in starts:
            terms = _terms_of(start, many)
            held = np.flatnonzero(terms)
            assert all(terms[t & ~(1 << j)] for t in held.tolist() for j in range(many))
            assert generators_of(terms)[0] != (1 << many) - 1


class TestWalk:
    def test_models_are_visited_in_proportion_to_their_weights(self):
        models = hierarchical_models(4)
        log_weights = np.random.default_rng(1).normal(0, 1.5, len(models))
        by_terms = {terms.tobytes(): weight for terms, weight in zip(models, log_weights, strict=True)}
        walks = walk_models(
            4, lambda terms: by_terms[terms.tobytes()], chains=4, states=20_000, thin=2, rng=np.random.default_rng(2)
        )
        weights = {key: math.exp(value) for key, value in by_terms.items()}
        whole = sum(weights.values())
        batches = walks.visits.reshape(80, -1)
        for m, terms in enumerate(walks.models):
            share = (batches == m).mean(axis=1)
            assert abs(share.mean() - weights[terms.tobytes()] / whole) < 5 * share.std(ddof=1) / np.sqrt(80)
        assert len(walks.models) == walks.looked_at == len(models)

    def test_the_number_of_workers_changes_nothing(self):
        one, two = (
            walk_models(
                5, lambda terms: -float(terms.sum()), chains=3, states=500, thin=2, rng=np.random.default_rng(3),
                workers=workers,
            )
            for workers in (1, 2)
        )  # fmt: skip
        np.testing.assert_array_equal(one.visits, two.visits)
        np.testing.assert_array_equal(one.models, two.models)
        assert one.looked_at == two.looked_at


class TestMassMet:
    MODELS = hierarchical_models(3)[:3]

    def test_is_the_least_share_of_a_chain_at_models_that_others_visited(self):
        walks = Walks(self.MODELS, np.array([[0, 0, 1, 1], [0, 0, 0, 2]]), 3)
        assert walks.mass_met == 0.5
        np.testing.assert_array_equal(walks.frequencies, [[0.5, 0.5, 0], [0.75, 0, 0.25]])

    def test_is_nothing_for_chains_that_never_met(self):
        assert Walks(self.MODELS, np.array([[0, 0], [1, 1]]), 3).mass_met == 0.0
