"""Does a maximum-likelihood estimate exist, and is it the only one."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import null_space

from estimation.models.log_linear.existence import (
    BOTH,
    FINE,
    NO_ESTIMATE,
    NOT_IDENTIFIABLE,
    codes_of,
    existence_code,
    reduced,
)
from estimation.models.log_linear.poisson_fit import fit_each
from estimation.models.log_linear.terms import cell_design, hierarchical_models, main_effects, terms_of


def sparse_tables(seed, many, fits):
    rng = np.random.default_rng(seed)
    cells = rng.poisson(1.2, size=(fits, 1 << many)) * rng.integers(0, 2, size=(fits, 1 << many))
    cells[:, 0] = 0
    cells[:, [1 << j for j in range(many)]] += 3
    return cells


def exact_rank(matrix):
    rows = [[Fraction(int(v)) for v in row] for row in matrix]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(rank + 1, len(rows)):
            share = rows[r][column] / rows[rank][column]
            rows[r] = [a - share * b for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


def exists_by_its_dual(design, counts):
    """Whether no direction makes means of empty cells fall while all others stay (Haberman 1974); None if too large.

    The estimate does not exist if and only if some d has (A d) = 0 on cells with people and (A d) <= 0 on the others,
    not all zero.  Where the cells with people leave one or two directions, they can be gone through.
    """
    basis = null_space(design[counts > 0]) if (counts > 0).any() else np.eye(design.shape[1])
    moved = design[counts == 0] @ basis
    if moved.size == 0:
        return True
    if basis.shape[1] == 1:
        return not any((s * moved[:, 0] <= 1e-9).all() and (np.abs(moved) > 1e-9).any() for s in (1, -1))
    if basis.shape[1] == 2:
        angles = np.arange(0, 2 * np.pi, 1e-3)
        exact = [np.arctan2(s * row[0], -s * row[1]) for row in moved for s in (1, -1)]
        d = np.vstack([np.column_stack([np.cos(a), np.sin(a)]) for a in (angles, np.array(exact))])
        falls = moved @ d.T
        return not ((falls <= 1e-9).all(axis=0) & (falls < -1e-9).any(axis=0)).any()
    return None


def test_artificial_3_has_its_published_codes():
    cells = np.array([0, 40, 30, 6, 20, 0, 0, 0])
    ab, ac, bc = 0b011, 0b101, 0b110
    codes = {(): 0, (ab,): 1, (ac,): 0, (bc,): 0, (ab, ac): 1, (ab, bc): 1, (ac, bc): 0, (ab, ac, bc): 2}
    assert {pairs: existence_code(terms_of(pairs, 3), cells) for pairs in codes} == codes


def test_every_model_of_a_table_without_an_empty_cell_is_fine():
    cells = np.arange(1 << 5)
    models = hierarchical_models(5)
    columns, retained = reduced(models, cells)
    assert retained.all()
    assert (columns == models).all()
    assert (codes_of(columns, retained, cells) == FINE).all()


def test_all_four_codes_occur_and_their_rank_is_that_of_exact_arithmetic():
    seen = set()
    for cells in sparse_tables(1, 4, 30):
        models = hierarchical_models(4)[::9]
        columns, retained = reduced(models, cells)
        for code, c, r in zip(codes_of(columns, retained, cells), columns, retained, strict=True):
            design = cell_design(4)[np.ix_(r, c)]
            assert (code in (NOT_IDENTIFIABLE, BOTH)) == (exact_rank(design) < design.shape[1])
            seen.add(int(code))
    assert seen == {FINE, NO_ESTIMATE, NOT_IDENTIFIABLE, BOTH}


def test_existence_agrees_with_its_dual_condition():
    compared = {True: 0, False: 0}
    for cells in sparse_tables(2, 3, 150):
        columns, retained = reduced(hierarchical_models(3), cells)
        for code, c, r in zip(codes_of(columns, retained, cells), columns, retained, strict=True):
            dual = exists_by_its_dual(cell_design(3)[np.ix_(r, c)], cells[1:][r])
            if dual is not None:
                assert (code in (FINE, NOT_IDENTIFIABLE)) == dual
                compared[dual] += 1
    assert min(compared.values()) > 50


def test_a_fit_in_hand_never_changes_a_code():
    cells = sparse_tables(3, 4, 12)
    models = hierarchical_models(4)
    for table in cells:
        columns, retained = reduced(models, table)
        tables = np.tile(table, (len(models), 1))
        fits = fit_each(cell_design(4), tables[:, 1:], columns, retained)
        slow = codes_of(columns, retained, table)
        assert codes_of(columns, retained, table, fits).tolist() == slow.tolist()
        # The other way about: wherever an estimate exists and is the only one, the fit comes to rest.
        assert fits.converged[slow == FINE].all()


def test_an_empty_overlap_takes_its_cells_and_the_terms_around_it():
    cells = np.array([0, 9, 8, 0, 7, 5, 4, 0])  # nobody on A and B
    columns, retained = reduced(terms_of([0b011, 0b101, 0b110], 3)[None, :], cells)
    assert np.flatnonzero(~columns[0]).tolist() == [0b011, 0b111]
    assert (np.flatnonzero(~retained[0]) + 1).tolist() == [0b011, 0b111]


def test_an_empty_overlap_outside_the_model_changes_nothing():
    cells = np.array([0, 9, 8, 0, 7, 5, 4, 0])
    columns, retained = reduced(main_effects(3)[None, :], cells)
    assert retained.all()
    assert (columns[0] == main_effects(3)).all()


def test_a_table_of_its_own_for_each_model_is_judged_as_if_alone():
    cells = sparse_tables(4, 3, 20)
    models = hierarchical_models(3)
    for model in models:
        together = codes_of(*reduced(np.tile(model, (20, 1)), cells), cells)
        assert together.tolist() == [existence_code(model, table) for table in cells]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_relabelling_the_lists_never_changes_a_code(order):
    relabelled = [sum(1 << order[j] for j in range(3) if h >> j & 1) for h in range(8)]
    for cells in sparse_tables(5, 3, 10):
        moved = np.zeros_like(cells)
        moved[relabelled] = cells
        for model in hierarchical_models(3):
            other = np.zeros_like(model)
            other[relabelled] = model
            assert existence_code(other, moved) == existence_code(model, cells)
