"""The models: how many people did nobody see?  Each is a frozen dataclass whose fields are its assumptions.

Classical             `LincolnPetersen`, `Chapman` (two lists); `ChaoLowerBound`; `SampleCoverage`
Log-linear            `LogLinear`, `LogLinearSelect`, `LogLinearAverage`, `SparseStepwise`, `Heterogeneity`
Bayesian log-linear   `HierarchicalLogLinearAverage`, `BayesianLogLinear`, `PairwisePrior`
Several families      `RobustRange`: a range across families declared beforehand
Other                 `NoHighestOrderInteraction`, `DecomposableGraphs`, `LatentClass`, `LatentClassPyMC`
Covariates            `DoublyRobust`: lists as assumed among people with the same covariates
A register            `PopulationRegister`; `WithinRegister` limits any model to it, `within_register` any result
A linkage             `OverDraws` pools any model over draws of who is the same person, for questions of one table
By name               `model_names`, `make_model`; `default_models` and `why_not_by_model` say what fits a table
Side by side          `pairs_by_chapman`: every pair of lists; `compare_heterogeneity`: M0 to Mth in all forms;
                      `profile_likelihood`: the likelihood of each number under one log-linear model
Your own              any frozen dataclass that has what `Model` asks for

``fit(table, rng=1)`` gives an `estimation.Estimate`, or an `estimation.NotEstimable` with the reason.  A model is
loaded when it is first asked for: PyMC and Numba take seconds.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
