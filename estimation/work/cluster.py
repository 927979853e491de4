"""A cluster of Dask: the only file that imports it.

Workers must have the same version of this package; nothing else need be shared, since a worker is given whole pieces
of work and gives back whole answers.  Dask is an extra: ``pip install 'estimation[cluster]'``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from estimation.errors import SettingError
from estimation.provenance import package_version

__all__ = ["Cluster", "cluster_at"]

_WAIT = "30s"
"""How long a scheduler that does not answer is waited for."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A connection to a cluster.

    Parameters
    ----------
    executor : Executor
        Who does work on it.
    dashboard : str
        The address of its dashboard.
    n_workers : int
        Workers that it had when the connection was made.
    """

    executor: Executor
    dashboard: str
    n_workers: int


@contextmanager
def cluster_at(address: str) -> Iterator[Cluster]:
    """A connection to the scheduler at an address; closed on the way out, and the cluster goes on.

    Parameters
    ----------
    address : str
        As Dask prints it: ``tcp://host:8786``.

    Raises
    ------
    SettingError
        When Dask is not installed, nobody answers there, or workers have another version of this package.
    """
    # Imported here because Dask is an extra, and takes a second to load.
    try:
        import distributed
    except ImportError as error:
        problem = "Dask is not installed here; install it with: pip install 'estimation[cluster]'"
        raise SettingError("scheduler", [problem]) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # a lost scheduler is said once, and by us
    try:
        client: Any = vars(distributed)["Client"](address, timeout=_WAIT, set_as_default=False)
    except (OSError, ValueError) as error:
        problem = f"nobody answers at {address!r} ({type(error).__name__}); check the address, as tcp://host:8786"
        raise SettingError("scheduler", [problem]) from error
    try:
        versions = client.run(package_version, on_error="return")
        _refuse_other_versions(versions)
        yield Cluster(client.get_executor(pure=False), str(client.dashboard_link), len(versions))
    finally:
        client.close(timeout=1)


def _refuse_other_versions(versions: Mapping[str, object]) -> None:
    """Refuse workers that have another version of this package, or none, so that asking for it failed."""
    own = package_version()
    others = {worker: version for worker, version in versions.items() if version != own}
    if others:
        worker, version = next(iter(others.items()))
        raise SettingError(
            "scheduler",
            [
                f"{len(others)} of {len(versions)} workers have another version of estimation than {own} (first: "
                f"{worker}: {version if isinstance(version, str) else 'none'}); install {own} on all of them, or "
                "numbers may differ",
            ],
        )
