"""What published studies say before a table is seen: how many people lists miss, and how they depend on each other.

Expansion    `expansion` gives N/n of published studies of a kind, with the interval for the next one
Dependence   `dependence` gives the odds ratio of two lists among people on another list, by the exact likelihood
             `discount` is what separates that from the odds ratio in the population, where N is known;
             `population_dependence` puts the two together, for two lists whatever the others do
             `conditional_dependence` does so given all other lists, the prior of `estimation.models.PairwisePrior`
Sources      `studies` names the tables, what they count and what each list is

Everything is computed from the counts and figures in ``data/priors``; ``scripts/make_priors.py`` writes it all down.
"""

from estimation.priors.dependence import PairDependence, PairOfLists, dependence
from estimation.priors.discount import Discount, NormalPrior, discount, population_dependence
from estimation.priors.expansion import Expansion, PublishedStudy, expansion
from estimation.priors.given_others import conditional_dependence
from estimation.priors.sources import ListKind, Study, studies

__all__ = [
    "Discount",
    "Expansion",
    "ListKind",
    "NormalPrior",
    "PairDependence",
    "PairOfLists",
    "PublishedStudy",
    "Study",
    "conditional_dependence",
    "dependence",
    "discount",
    "expansion",
    "population_dependence",
    "studies",
]


def __dir__() -> list[str]:
    return list(__all__)
