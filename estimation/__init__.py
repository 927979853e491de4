"""How many people were killed, counted and uncounted, when every list of them is partial and the lists overlap.

Nouns        `CaptureTable`, `StratifiedTable`, `Estimate`, `NotEstimable`, `Interval`
             each has ``to_frame()``, or is a row of one
Reading      `read_table`, `load_table`, `table_names`; `read_names` reads a list of people;
             `inspect_table` says what a table shows before any model, `inspect_names` what became of a list's rows;
             `read_linkage`: who is the same person; `read_events`, `convert_events`: from counts at each `Event`
Results      `compare` sets models side by side; `robust_range` spans families of them; `stack` weighs Bayesian ones;
             `pool` makes one answer of those on several tables, `fit_draws` over draws of who is the same person;
             `fit_jointly` links lists of names and estimates N from one posterior;
             `run_study` runs a study file and reports; `verify_study` checks it; `run_grid` does all strata
Namespaces   `models`        how many people did nobody see?  ``fit`` answers; ``rng`` is a seed and always given
             `linkage`       who is the same person, on and across lists of names: ``link``
             `strata`        a model on each place, month or group, and the total
             `sensitivity`   the same question with one thing changed
             `simulation`    tables with a known truth, coverage of intervals, designs
             `priors`        what published studies say of N/n and of dependence before a table is seen
             `charts`        pictures, ``plot_...``; `claims`: figures stated by others; `errors`: what can be raised
             `atlas`         published studies, and what becomes of their figures computed again

>>> import estimation as mse
>>> table = mse.load_table("kosovo")  # or mse.read_table("deaths.csv"), mse.CaptureTable.from_frame(df)
>>> print(mse.models.ChaoLowerBound().fit(table, rng=1))
about 8,800 people (95 % confidence interval 8,380 to 9,270); 4,400 observed
"""

import lazy_loader

from estimation.provenance import package_version
from estimation.work.library_caches import prepare_library_caches

prepare_library_caches()  # here, before anything loads a library that would look for a place to cache
_from_stub, _, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ += ["__version__"]


def __getattr__(name: str) -> object:
    return package_version() if name == "__version__" else _from_stub(name)


def __dir__() -> list[str]:
    return list(__all__)
