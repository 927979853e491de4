"""The log-linear model over strata in PyMC: a second route to the same posterior, and a model to extend.

Likelihood, prior, identifying assumption and symbols are those of `estimation.strata.partial_pooling.log_linear`.  Here
the histories are written out as a dense design, those that cannot exist in a stratum are masked, and PyMC makes the
priors, their logarithms and the gradient.  Nothing of `estimation.strata.partial_pooling.density` is used.

Free variables, in the order of a place there: ``b`` and ``list_mean`` (J,), ``pair_mean`` (pairs,), standardised;
``kappa``; ``covariate`` (C, E), standardised; ``sigma`` (E,) and ``step`` (T - 1, E); ``tau`` (E,) and ``own`` (S, E).

Computation: the No-U-Turn sampler (Hoffman, Gelman 2014); the model is compiled for each set of strata.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from estimation.capture.stratified import Strata
from estimation.capture.table import BoolArray, FloatArray
from estimation.models.nuts import compile_density, load_pymc
from estimation.models.nuts_attempts import sample_attempt
from estimation.strata.partial_pooling.effects import Packed, PriorScales, prior_of, sizes_of
from estimation.strata.partial_pooling.log_linear import HierarchicalLogLinear
from estimation.strata.partial_pooling.tables import PooledTables
from estimation.text.described import described_by
from estimation.work.progress import Progress

if TYPE_CHECKING:
    import pymc

__all__ = ["HierarchicalLogLinearPyMC", "build_model"]


@described_by(HierarchicalLogLinear)
@dataclass(frozen=True, slots=True)
class HierarchicalLogLinearPyMC(HierarchicalLogLinear):
    """The number of people by the model of `HierarchicalLogLinear`, drawn from a PyMC model.

    Within each stratum there is no interaction of three or more lists (the identifying assumption).  The settings are
    those of `HierarchicalLogLinear`.

    Examples
    --------
    >>> HierarchicalLogLinearPyMC().name
    'hierarchical-log-linear-pymc'

    A fit takes a minute or more, most of it to compile the model::

        found = HierarchicalLogLinearPyMC().fit(table.by(["month"], least=0), rng=1, workers=4)
    """

    name: ClassVar[str] = "hierarchical-log-linear-pymc"
    title: ClassVar[str] = "Hierarchical log-linear over strata, by PyMC"

    @described_by(HierarchicalLogLinear.draw_places)
    def draw_places(
        self,
        pooled: PooledTables,
        packed: Packed,
        number: int,
        *,
        rng: np.random.Generator,
        workers: int,
        progress: Progress,
    ) -> tuple[FloatArray, int]:
        """Draws of places, shape (chains, draws, dimension), and the number of divergences; by the model in PyMC."""
        names = [name for name, _ in _variables(pooled, packed)]
        density = compile_density(lambda: _model(pooled, packed), keep=names)
        drawn, divergences = sample_attempt(
            density, self, number, names=names, rng=rng, workers=workers, progress=progress
        )
        return _places(drawn, pooled, packed), divergences


def build_model(strata: Strata, settings: HierarchicalLogLinear | None = None) -> pymc.Model:
    """The model as a PyMC model, to extend.

    Parameters
    ----------
    strata : Strata
        A table for each stratum.
    settings : HierarchicalLogLinear, optional
        Interactions and priors; by default those of ``HierarchicalLogLinear()``.

    Returns
    -------
    pymc.Model
        With the free variables above; computed: ``alpha`` (S, E) and ``log_odds_unseen`` (S,), from which
        `estimation.models.missing_cell.draw_unseen` draws n_0.  The likelihood is the potential ``log_likelihood``.

    Raises
    ------
    SettingError
        For an order or covariates of labels that do not make the strata.
    """
    load_pymc()
    pooled, packed = (HierarchicalLogLinear() if settings is None else settings).packed(strata)
    return _model(pooled, packed)


def _variables(pooled: PooledTables, packed: Packed) -> list[tuple[str, tuple[int, ...]]]:
    """The free variables that the model has, with their shapes, in the order of a place."""
    n_strata, n_effects, n_lists, n_times, n_covariates, own = sizes_of(packed.data)
    shapes: dict[str, tuple[int, ...]] = {
        "b": (1,),
        "list_mean": (n_lists,),
        "pair_mean": (n_effects - n_lists,),
        "kappa": (1 if n_effects > n_lists else 0,),
        "covariate": (n_covariates, n_effects),
        "sigma": (n_effects if n_times > 1 else 0,),
        "step": (n_times - 1, n_effects),
        "tau": (own * n_effects,),
        "own": (own * n_strata, n_effects),
    }
    return [(name, shape) for name, shape in shapes.items() if np.prod(shape)]


def _scales(pooled: PooledTables, prior: PriorScales) -> tuple[FloatArray, FloatArray]:
    """By effect the scale of the half-normal prior of its spread, and what that is fixed at, or -1."""
    pair = pooled.is_pair
    return (
        np.where(pair, prior.pair_tau, prior.list_tau),
        np.where(pair, prior.fixed_pair_tau, prior.fixed_list_tau),
    )


def _places(drawn: Mapping[str, FloatArray], pooled: PooledTables, packed: Packed) -> FloatArray:
    """What was drawn as places of the compiled density."""
    prior, parts = prior_of(packed), []
    scale = _scales(pooled, prior)[0]
    for name, _ in _variables(pooled, packed):
        values = drawn[name]
        if name in ("kappa", "sigma", "tau"):
            values = np.log(values / (prior.kappa if name == "kappa" else scale))
        parts.append(values.reshape(*values.shape[:2], -1))
    return np.concatenate(parts, axis=-1)


def _histories(pooled: PooledTables) -> tuple[FloatArray, BoolArray]:
    """The design of all histories, shape (2^J - 1, E), and which of them exist in each stratum, (S, 2^J - 1)."""
    n_lists = len(pooled.lists)
    on = ((np.arange(1, 1 << n_lists)[:, None] >> np.arange(n_lists)) & 1).astype(bool)
    design = np.column_stack([on[:, list(effect)].all(axis=1) for effect in pooled.effects]).astype(np.float64)
    exist: BoolArray = np.logical_not(np.any(on[None, :, :] & ~pooled.present[:, None, :], axis=2))
    return design, exist


def _model(pooled: PooledTables, packed: Packed) -> pymc.Model:
    # Imported here because PyMC takes seconds to load, which checking a setting or a table does not need.
    import pymc
    import pytensor.tensor as pt

    prior = prior_of(packed)
    scale, fixed = _scales(pooled, prior)
    shapes = dict(_variables(pooled, packed))
    design, exist = _histories(pooled)
    n_lists, n_times = len(pooled.lists), pooled.n_times

    def normal(name: str) -> pt.TensorVariable:
        return pymc.Normal(name, shape=shapes[name])

    def spread(name: str) -> pt.TensorVariable:
        drawn = pymc.HalfNormal(name, sigma=scale, shape=shapes[name])
        return pt.switch(pt.as_tensor(fixed >= 0), pt.as_tensor(fixed), drawn)

    with pymc.Model() as model:
        centre = prior.mean + prior.mean_sd * normal("b")
        means = centre + prior.list_sd * normal("list_mean")
        if len(pooled.effects) > n_lists:
            v = normal("pair_mean")
            means = pt.concatenate([means, pymc.HalfNormal("kappa", sigma=prior.kappa, shape=1) * v])
        alpha = pt.zeros((len(pooled.strata), 1)) + means[None, :]
        if "covariate" in shapes:
            alpha = alpha + pt.dot(pooled.covariates, prior.covariate_sd * normal("covariate"))
        if n_times > 1:
            sigma = spread("sigma")
            walk = pt.concatenate([pt.zeros((1, len(pooled.effects))), pt.cumsum(normal("step"), axis=0)])
            walk = (walk - walk.mean(axis=0)) * sigma * np.sqrt(6 * n_times / (n_times**2 - 1))
            alpha = alpha + walk[pooled.times]
        if "tau" in shapes:
            tau = spread("tau")
            alpha = alpha + tau[None, :] * normal("own")
        alpha = pymc.Deterministic("alpha", alpha)
        log_mu = pt.switch(exist, pt.dot(alpha, design.T), -np.inf)
        log_seen = pt.logsumexp(log_mu, axis=1)
        pymc.Deterministic("log_odds_unseen", -log_seen)
        pymc.Potential("log_likelihood", (pooled.together * alpha).sum() - (pooled.observed * log_seen).sum())
    return model
