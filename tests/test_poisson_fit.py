"""The Poisson kernel: many models on one table, one model on many tables."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import gammaln

from estimation.models.log_linear.poisson_fit import fit_each, fit_models, fit_tables
from estimation.models.log_linear.terms import cell_design, hierarchical_models, main_effects, terms_of


def tables(seed, many, fits):
    return np.random.default_rng(seed).poisson(60, size=(fits, (1 << many) - 1)).astype(float)


def test_coefficients_variances_and_likelihood_equal_those_found_by_a_general_optimiser():
    design, counts = cell_design(3), tables(1, 3, 1)[0]
    models = hierarchical_models(3)
    fits = fit_models(design, counts, models)
    for f, model in enumerate(models):
        x = design[:, model]
        start = np.append(np.log(counts.mean()), np.zeros(x.shape[1] - 1))
        found = minimize(
            lambda alpha, x=x: np.exp(x @ alpha).sum() - counts @ x @ alpha,
            start,
            jac=lambda alpha, x=x: x.T @ (np.exp(x @ alpha) - counts),
            hess=lambda alpha, x=x: x.T @ (np.exp(x @ alpha)[:, None] * x),
            method="trust-exact",
            options={"gtol": 1e-10},
        )
        information = x.T @ (np.exp(x @ found.x)[:, None] * x)
        assert fits.coefficients[f, model] == pytest.approx(found.x, abs=1e-9)
        assert fits.variances[f, model] == pytest.approx(np.diag(np.linalg.inv(information)), rel=1e-8)
        assert fits.log_determinant[f] == pytest.approx(np.linalg.slogdet(information)[1], rel=1e-10)
        assert fits.log_likelihood[f] == pytest.approx(-found.fun - gammaln(counts + 1).sum(), rel=1e-12)
        assert fits.smallest_mean[f] == pytest.approx(np.exp(x @ found.x).min(), rel=1e-9)
        assert (fits.coefficients[f, ~model] == 0).all()


def test_two_lists_give_lincoln_petersen():
    fits = fit_tables(cell_design(2), np.array([[54, 30, 12], [7, 11, 3]]), main_effects(2))
    assert fits.unseen == pytest.approx([54 * 30 / 12, 7 * 11 / 3], rel=1e-13)
    # The delta method of the closed form: Var(log n_0) is the sum of 1 / n over the three cells.
    assert fits.variances[:, 0] == pytest.approx([1 / 54 + 1 / 30 + 1 / 12, 1 / 7 + 1 / 11 + 1 / 3], rel=1e-12)
    assert fits.deviance == pytest.approx([0, 0], abs=1e-12)


def test_two_pairs_of_three_lists_have_their_closed_form():
    counts = tables(2, 3, 1)[0]
    cell = dict(zip(range(1, 8), counts, strict=True))
    fits = fit_models(cell_design(3), counts, terms_of([0b011, 0b110], 3)[None, :])
    # Without [A C]: A and C are independent among those not on B.
    assert fits.unseen[0] == pytest.approx(cell[0b001] * cell[0b100] / cell[0b101], rel=1e-12)


def test_without_the_highest_interaction_the_unseen_are_a_ratio_of_products():
    counts = tables(3, 4, 1)[0]
    odd = np.array([h.bit_count() % 2 for h in range(1, 16)], dtype=bool)
    fits = fit_models(cell_design(4), counts, hierarchical_models(4)[-1:])
    assert np.log(fits.unseen[0]) == pytest.approx(np.log(counts[odd]).sum() - np.log(counts[~odd]).sum(), rel=1e-12)
    assert fits.variances[0, 0] == pytest.approx((1 / counts).sum(), rel=1e-10)


def test_a_batch_gives_what_its_fits_give_alone():
    design, many = cell_design(4), tables(4, 4, 5)
    model = terms_of([0b0111], 4)
    together = fit_tables(design, many, model)
    alone = [fit_models(design, counts, model[None, :]) for counts in many]
    each = fit_each(design, many, np.tile(model, (5, 1)), np.ones((5, 15), dtype=bool))
    assert together.coefficients.tolist() == [fit.coefficients[0].tolist() for fit in alone]
    assert together.coefficients.tolist() == each.coefficients.tolist()
    assert len(together) == 5


def test_a_cell_that_is_not_retained_is_as_if_it_were_not_there():
    design, counts = cell_design(3), tables(5, 3, 1)[0]
    retained = np.array([[True] * 4 + [False] * 3])
    changed = np.where(retained[0], counts, 1000.0)
    model = main_effects(3)[None, :]
    assert (
        fit_models(design, counts, model, retained).coefficients.tolist()
        == fit_models(design, changed, model, retained).coefficients.tolist()
    )


def test_empty_cells_do_not_keep_a_fit_from_its_maximum():
    counts = np.array([1131.0, 845, 0, 936, 0, 217, 0])
    fits = fit_models(cell_design(3), counts, main_effects(3)[None, :])
    mean = np.exp(cell_design(3) @ fits.coefficients[0])
    margins = cell_design(3)[:, main_effects(3)].T
    assert fits.converged.all()
    assert margins @ mean == pytest.approx(margins @ counts, rel=1e-10)


def test_counts_from_one_to_a_hundred_million_are_fitted():
    counts = np.array([1e8, 1, 3e4, 7e7, 20, 1e3, 5])
    fits = fit_models(cell_design(3), counts, hierarchical_models(3))
    design = cell_design(3)
    for f, model in enumerate(hierarchical_models(3)):
        x = design[:, model]
        assert fits.converged[f]
        assert x.T @ np.exp(design @ fits.coefficients[f]) == pytest.approx(x.T @ counts, rel=1e-9)


def test_a_column_that_adds_nothing_does_not_converge_and_leaves_no_number():
    fits = fit_models(np.ones((3, 2)), np.array([5, 6, 7]), np.ones((1, 2), dtype=bool))
    assert not fits.converged[0]
    assert np.isnan(fits.coefficients).all()
    assert np.isnan(fits.unseen).all()


def test_more_columns_than_cells_do_not_converge():
    fits = fit_models(np.array([[1.0, 1, 0], [1, 0, 1]]), np.array([5, 6]), np.ones((1, 3), dtype=bool))
    assert not fits.converged[0]


def test_arrays_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match=r"columns have shape \(1, 7\); it must be \(1 or 1, 8\)"):
        fit_models(cell_design(3), np.ones(7), np.ones((1, 7), dtype=bool))
