"""Numba with all that it loads at its first kernel, for a process whose copies are then quick at theirs.

Importing Numba is not enough: what it knows of types and functions it loads when a first kernel is called, 0.4 seconds
of a core.  A process that is copied (`estimation.work.local_processes`) imports this, so that this is paid once, and
before anybody waits.  It starts no thread that the libraries do not start when they are imported.
"""

from __future__ import annotations

from estimation.work.kernels import njit

__all__ = ["is_loaded"]


@njit(cache=True, nogil=True)
def _answers() -> bool:
    return True


is_loaded: bool = _answers()
"""Whether a kernel was called, which is why this module is imported."""
