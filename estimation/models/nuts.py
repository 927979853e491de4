"""Draws from a compiled density, which PyMC may write down, by nutpie; nothing of any one model.

The sampler is the No-U-Turn sampler.  Its draws are the same on every run with one seed: the compiled code is the same
whether it comes from a cache or not, and depends on no table, starting points included.

References: Hoffman, Gelman (2014) for the sampler; Betancourt (2016) for what a divergence says.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import logging
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from estimation.capture.table import FloatArray
from estimation.work.kernels import cfunc
from estimation.work.progress import Progress, silent

if TYPE_CHECKING:
    import pymc

__all__ = [
    "DENSITY",
    "Address",
    "CFunction",
    "CompiledDensity",
    "NoStartError",
    "compile_density",
    "load_pymc",
    "run_sampler",
    "sampled_density",
]

CompiledDensity: TypeAlias = Any
"""What nutpie compiles, for which it has no public type; ``with_data`` puts a table in."""

CFunction: TypeAlias = Any
Address: TypeAlias = Any
"""What `estimation.work.kernels.cfunc` compiles, and where an array begins, as such a function is given it."""

DENSITY = "int64(uint64, CPointer(double), CPointer(double), CPointer(double), CPointer(double))"
EXPANSION = "int64(uint64, uint64, CPointer(double), CPointer(double), CPointer(double))"
"""How nutpie calls a log density, and what gives the values that are stored of a place."""

Sampler: TypeAlias = Any
Trace: TypeAlias = Any
"""What nutpie runs and gives, ArviZ's InferenceData or xarray's DataTree by version; it has no public type either."""

_LOOK, _LOOK_SHARE = 0.5, 10.0
"""Seconds between two looks at the draws, and how many times as long as a look: each makes a copy of them."""


class NoStartError(RuntimeError):
    """The sampler found no place to start from."""


def compile_density(build: Callable[[], pymc.Model], *, keep: Sequence[str]) -> CompiledDensity:
    """The log density and its gradient of a model, compiled.

    Parameters
    ----------
    build : callable
        Makes the model; it is called once, with PyMC loaded.
    keep : sequence of str
        Names of the transformed variables whose values are wanted; untransformed ones are always stored.
    """
    load_pymc()
    # Imported here because they take seconds to load; they are already loaded.
    import nutpie
    import pytensor

    # fastmath would let the compiled code, and so the draws, differ between a cold and a warm compile cache.
    # FAST_COMPILE spares the small helper functions a trip through a C++ compiler.
    with pytensor.config.change_flags(numba__fastmath=False, mode="FAST_COMPILE"), _without_numba_warnings():
        return nutpie.compile_pymc_model(build(), backend="numba", var_names=list(keep))


def sampled_density(density: CFunction, data: FloatArray, *, dimension: int) -> CompiledDensity:
    """A log density that is compiled already, with its data, for `run_sampler`: PyMC is not needed.

    Its one variable is called ``place``.  Chains start at places uniform between -1 and 1 in each coordinate.

    Parameters
    ----------
    density : CFunction
        Compiled by `estimation.work.kernels.cfunc` with `DENSITY`: from the dimension, a place, an array for the
        gradient, one for the log density, and the data; gives 0, or another number where the density is not finite.
    data : float array
        What it is given.
    dimension : int
        Coordinates of a place.
    """
    # Imported here because it takes seconds to load.
    with _quiet_import():
        from nutpie.compile_pymc import CompiledPyMCModel

    known = {field.name for field in dataclasses.fields(CompiledPyMCModel)}
    return CompiledPyMCModel(
        **(
            {"shared_var_keys": {}} if "shared_var_keys" in known else {}
        ),  # nutpie 0.16.11 asks for it, 0.16.8 does not know it
        compiled_logp_func=density,
        compiled_expand_func=_place_as_it_is(),
        initial_point_func=lambda seed: np.random.default_rng(seed).uniform(-1, 1, dimension),
        shared_data={},
        user_data=data,
        n_expanded=dimension,
        shape_info=(["place"], [slice(0, dimension)], [(dimension,)]),
        logp_func=None,
        expand_func=None,
        dims={},
        _n_dim=dimension,
        _shapes={"place": (dimension,)},
        _coords={},
    )


@functools.cache
def _place_as_it_is() -> CFunction:
    """Gives a place as what is stored of it."""

    def expand(dimension: int, expanded: int, place: Address, stored: Address, data: Address) -> int:
        for i in range(dimension):
            stored[i] = place[i]
        return 0

    return cfunc(EXPANSION)(expand)


def load_pymc() -> None:
    """PyMC and nutpie loaded without the notices that ArviZ and PyTensor give when they are first imported."""
    # Imported here because PyMC takes seconds to load.
    with _quiet_import():
        import nutpie  # noqa: F401
        import pymc  # noqa: F401
        import pytensor
    with warnings.catch_warnings():
        # PyTensor looks for a BLAS for C code when it first meets some densities; compiled by Numba, they use SciPy's.
        warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS", category=UserWarning)
        _ = pytensor.config.blas__ldflags
    _name_compiled_functions_apart()


def _name_compiled_functions_apart() -> None:
    """Compiled functions get names that no other process gives, as PyTensor 3 sees to by itself.

    Numba numbers them from 1 in each process, and PyTensor 2 keeps them on disk: two of one name, from two processes,
    are linked wrongly.  No draw depends on a name.
    """
    # Imported here because Numba takes a second to load.
    from numba.core.bytecode import FunctionIdentity

    if isinstance(FunctionIdentity._unique_ids, itertools.count):
        FunctionIdentity._unique_ids = iter(lambda: uuid.uuid4().int, None)  # type: ignore[assignment]


@contextmanager
def _without_numba_warnings() -> Iterator[None]:
    """Numba warns that it cannot cache, or would be faster with, code that PyTensor wrote; nobody here can change it.

    PyTensor filters these warnings when it is imported, and a caller that restores its filters afterwards, as pytest
    does after each test, loses that.
    """
    # Imported here because Numba takes a second to load.
    from numba import NumbaWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=NumbaWarning)
        yield


@contextmanager
def _quiet_import() -> Iterator[None]:
    """PyTensor logs a complaint when there is no C++ compiler; Numba compiles here, so none is needed.

    ArviZ, which both load, announces its next major release at its first import.
    """
    logger = logging.getLogger("pytensor.configdefaults")

    def about_compiler(record: logging.LogRecord) -> bool:
        return "g++" not in record.getMessage()

    logger.addFilter(about_compiler)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\s*ArviZ is undergoing", category=FutureWarning)
            yield
    finally:
        logger.removeFilter(about_compiler)


def run_sampler(
    density: CompiledDensity,
    *,
    names: Sequence[str],
    draws: int,
    tune: int,
    chains: int,
    cores: int,
    seed: int,
    target_accept: float,
    progress: Progress = silent,
) -> tuple[Mapping[str, FloatArray], int]:
    """Draws by name, each of shape (chains, draws, ...), and the number of divergences.

    Parameters
    ----------
    density : CompiledDensity
        From `compile_density`, with the table put in.
    names : sequence of str
        The variables wanted.
    draws, tune, chains : int
        Draws of each chain after its warm-up and during it, and chains.
    cores : int
        Chains to run at once, at most.  Never changes the draws.
    seed : int
        The only source of randomness.
    target_accept : float
        Acceptance rate that the step size is tuned to.
    progress : callable
        Receives the share of the draws that is done, warm-up included.

    Raises
    ------
    NoStartError
        When no place to start from is found.
    """
    # Imported here because it takes seconds to load; it is already loaded when a density has been compiled.
    import nutpie

    # Not blocking: nutpie's own wait answers Ctrl-C with the draws made so far, which must not pass for a posterior.
    sampler = nutpie.sample(
        density,
        draws=draws,
        tune=tune,
        chains=chains,
        cores=cores,
        seed=seed,
        target_accept=target_accept,
        progress_bar=False,
        save_warmup=progress is not silent,
        blocking=False,
    )
    trace = _followed(sampler, chains * (tune + draws), progress)
    posterior = {name: np.asarray(trace.posterior[name].values) for name in names}
    return posterior, int(np.asarray(trace.sample_stats["diverging"].values).sum())


def _followed(sampler: Sampler, planned: int, progress: Progress) -> Trace:
    """The draws once all are made; on the way, reports the share of those planned."""
    pause = None if progress is silent else _LOOK
    while True:
        try:
            try:
                return sampler.wait(timeout=pause)
            except TimeoutError:
                start = perf_counter()
                made = _made(sampler)
                pause = max(_LOOK, _LOOK_SHARE * (perf_counter() - start))
        except KeyboardInterrupt:
            sampler.cancel()
            raise
        except BaseException as error:  # a panic inside nutpie is no Exception, and leaves nothing to cancel
            if "initial" in str(error).lower():
                raise NoStartError from error
            raise
        try:
            progress(made / planned)
        except BaseException:
            sampler.cancel()
            raise


def _made(sampler: Sampler) -> int:
    """Draws made so far, warm-up included; in the copy of them those not yet made are NaN."""
    with warnings.catch_warnings():
        # ArviZ wonders at the beginning, when there are fewer draws than chains.
        warnings.filterwarnings("ignore", message="More chains|Found chain dimension", category=UserWarning)
        trace = sampler.inspect()
    groups = [trace[group]["step_size"] for group in ("warmup_sample_stats", "sample_stats")]
    return sum(int(np.isfinite(values).sum()) for values in groups)
