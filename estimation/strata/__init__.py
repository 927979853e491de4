"""By place, month, sex and perpetrator: a model on each stratum or over all, the total, people with labels missing.

Each apart     `estimate_by` with any model of `estimation.models`; `StratumResults`, `total`
All together   `HierarchicalLogLinear`, `HierarchicalLogLinearPyMC`, `SharedLatentClasses`: strata borrow from each
               other; your own: any frozen dataclass that has what `PoolsStrata` asks for
Linked lists   `estimate_draws_by`, over draws of who is the same person
Labels         `imputed` draws missing ones; `Imputed`
Replicates     `read_replicates` reads imputed ones, for `run_grid`; `Replicates`, `Replicate`
Published      `sum_of_published`: strata of which only limits are known; `PublishedTotal`

A name is loaded when it is first asked for: Numba takes a second.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
