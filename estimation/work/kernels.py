"""Compiled functions: Numba's `njit` and `cfunc`, which cache what they compile wherever it can be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Literal, TypeVar, cast

from estimation.work.library_caches import prepare_library_caches

_CAN_CACHE = prepare_library_caches()  # before Numba is loaded, which reads where to cache once

import numba  # noqa: E402

__all__ = ["by_reference", "carray", "cfunc", "njit"]

carray: Any = vars(numba)["carray"]
"""The array that begins at an address, in compiled code.  `cfunc` functions are given addresses."""

F = TypeVar("F", bound=Callable[..., object])


def njit(
    *, cache: bool, nogil: bool, error_model: Literal["python", "numpy"] = "python", inner: bool = False
) -> Callable[[F], F]:
    """Compile a function to machine code: `numba.njit` with its options, uncached where nothing can be written.

    One that only compiled code calls (``inner``) has no entry from Python, which can take longer to compile than it.
    """
    options: dict[str, Any] = {"no_cfunc_wrapper": True, "no_cpython_wrapper": inner}
    options |= {"cache": cache and _CAN_CACHE, "nogil": nogil, "error_model": error_model}
    compiled: Any = numba.njit(**options)
    return cast(Callable[[F], F], compiled)


def cfunc(signature: str) -> Callable[[Callable[..., int]], Any]:
    """Compile a function that other compiled code calls by its address: `numba.cfunc`, cached where it can be."""
    compiled: Callable[[Callable[..., int]], Any] = numba.cfunc(signature, cache=_CAN_CACHE)
    return compiled


def by_reference(fields: Sequence[str], name: str) -> Callable[..., Any]:
    """A struct of these fields that compiled code makes (called with their values in order) and hands on as a pointer.

    A named tuple of arrays is handed on array by array, seven numbers each: with dozens of them functions take minutes
    to compile.  Compiled code reads the fields of either in the same way.
    """
    structref: Any = import_module("numba.experimental.structref")
    kind = structref.register(type(f"{name}Type", (vars(numba)["types"].StructRef,), {}))
    proxy = type(name, (structref.StructRefProxy,), {})
    structref.define_constructor(proxy, kind, list(fields))
    made: Callable[..., Any] = proxy
    return made
