"""The latent-class model itself: its prior, its assumptions and the tables it takes, whichever sampler fits it.

Model
-----
Each person belongs to one of K latent classes, and list j records a person of class k with probability lambda_jk,
independently of the other lists:

    z_i ~ pi,   x_ij | z_i = k ~ Bernoulli(lambda_jk),   lambda_jk ~ Beta(a, b)
    pi_k = V_k prod_{l<k} (1 - V_l),   V_k ~ Beta(1, alpha),   V_K = 1,   alpha ~ Gamma or log-normal,   p(N) ~ 1/N

Prior on the capture probabilities: a and b are what puts the expansion factor N/n between 1.1 and 10 with probability
95 % (`estimation.models.latent_class.expansion_prior`), unless another interval or a Beta is stated.  Why not the
Beta(1, 1) of the paper: with four lists it puts N/n at 1.04 (1 to 1.41) before any list is seen, and where the
likelihood has no upper end, as on the Kosovo table, the upper end of the interval is then set by a prior that nobody
would state.  1.1 to 10 is close to the 95 % predictive interval of N/n over published studies.

Identifying assumption: within a class the lists are independent, and the people on no list belong to the same classes
as those on some.  K is a truncation, not a number of classes found: alpha governs how many classes hold anybody.
Kosovo, medians of runs with 8,000 to 20,000 effective draws, and 95 % interval:

    K            5       10      15      20      30      40      60      100
    median   11,220  10,320  10,060  10,010  10,070  10,130  10,140  10,150      each +- 20 to 30
    lower     7,600   7,550   7,520   7,520   7,530   7,550   7,540   7,530
    upper    22,500  17,940  17,440  17,560  18,010  18,380  18,040  18,240
    all K classes occupied, share of draws
                        94 %    81 %    59 %    21 %     5 %   0.2 %       0
    with N/n from 1.05 to 20 as the prior interval
    median           10,260           9,820   9,780           9,800
    upper            20,160          18,190  17,920          18,380

10 is the default: it puts the median 1.8 % above where many classes have it and the ends where they have them, and its
chains mix.  Of 16 tables of four independent lists all were estimated with 10, in 0.6 to 17 CPU seconds; with 15 and
30 one of the first few was refused, and with 30 a table took 49.  Results say where all classes are occupied; then
compare with more.

Likelihood of the observed histories, with classes and n_0 summed out (rho is the probability of being on no list):
prod p_omega^n_omega / (1 - rho)^n, and n_0 given the rest is negative binomial (n, 1 - rho).  n_0 has no upper bound.

Symbols
-------
J lists, K classes, n people observed, n_0 unobserved, N = n + n_0; alpha the concentration of the Dirichlet process.

References: Manrique-Vallier (2016), Biometrics 72:1246-1254; Dunson, Xing (2009) for the mixture;
Ishwaran, James (2001) for the truncation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import ClassVar

from estimation.capture.table import CaptureTable, FloatArray, IntArray
from estimation.errors import SettingError
from estimation.models.latent_class.alpha_prior import parse_alpha_prior
from estimation.models.latent_class.expansion_prior import (
    ExpansionPrior,
    expansion_prior,
    prior_expansion_draws,
    range_problems,
)
from estimation.models.prior_and_posterior import HasPrior, prior_total_draws
from estimation.models.protocol import (
    CLOSED_POPULATION,
    PRIOR_ON_N,
    Model,
    check_settings,
    no_overlap,
    too_small,
    unusable_lists,
)
from estimation.text.described import described_by
from estimation.work.seeds import RandomState, generator_of

__all__ = ["DEFAULT_EXPANSION", "IMPROPER", "MOST_UNSEEN", "LatentClassModel"]

_MOST_CLASSES = 100
DEFAULT_EXPANSION = (1.1, 10.0)

MOST_UNSEEN = 10**12
"""A draw of n_0 above this means that the posterior is improper."""

IMPROPER = (
    "the posterior of N is improper: the likelihood does not bound n_0 (a draw exceeds 10^12 people), because a "
    "class of people that no list records fits the table as well as any other; use lists that overlap more, or a prior "
    "on the expansion factor N/n (expansion)"
)


@dataclass(frozen=True, slots=True)
class LatentClassModel:
    """What both samplers of the latent-class model share.

    Parameters
    ----------
    classes : int
        K, the truncation: the largest possible number of classes (2 to 100).
    alpha_prior : str
        Prior of alpha, ``"gamma(shape, rate)"`` or ``"log-normal(mean, sd)"`` of log alpha.
    expansion : (float, float)
        95 % prior interval of the expansion factor N/n; what the prior on the capture probabilities is made from.
    capture_a, capture_b : float, optional
        Instead of ``expansion``: Beta(a, b) prior on the capture probabilities of each class.  Beta(1, 1) is the
        published prior (Manrique-Vallier 2016).
    """

    name: ClassVar[str]
    title: ClassVar[str]

    classes: int = field(
        default=10,
        metadata={
            "question": "What if the largest possible number of latent classes were another?",
            "axis": "largest possible number of latent classes",
        },
    )
    alpha_prior: str = "gamma(0.25, 0.25)"
    expansion: tuple[float, float] | None = field(
        default=DEFAULT_EXPANSION,
        metadata={
            "question": "What if the prior put the expansion factor N/n elsewhere?",
            "axis": "95 % prior interval of N/n",
        },
    )
    capture_a: float | None = None
    capture_b: float | None = None

    def __post_init__(self) -> None:
        check_settings(self.name, [*self._prior_problems(), *self._sampler_problems()])
        if self.capture_a is not None:
            object.__setattr__(self, "expansion", None)
        elif self.expansion is not None:
            object.__setattr__(self, "expansion", (float(self.expansion[0]), float(self.expansion[1])))

    def _sampler_problems(self) -> list[str]:
        """What is wrong with the settings of the sampler; overridden by each of them."""
        return []

    def _prior_problems(self) -> list[str]:
        problems = too_small(self, {"classes": 2})
        if not problems and self.classes > _MOST_CLASSES:
            problems.append(f"classes = {self.classes}; more than {_MOST_CLASSES} are never needed: 10 to 30 suffice")
        try:
            parse_alpha_prior(str(self.alpha_prior))
        except ValueError as error:
            problems.append(f"alpha_prior: {error}")
        return problems + self._beta_problems() + self._expansion_problems()

    def _beta_problems(self) -> list[str]:
        stated = {name: getattr(self, name) for name in ("capture_a", "capture_b")}
        given = {name: value for name, value in stated.items() if value is not None}
        problems = [
            f"{name} = {value!r}; it must be a positive number"
            for name, value in given.items()
            if not (_is_number(value) and value > 0)
        ]
        if len(given) == 1:
            [(name, value)], [other] = given.items(), stated.keys() - given.keys()
            problems.append(f"{name} = {value!r} without {other}; a Beta prior has two numbers, so give both")
        return problems

    def _expansion_problems(self) -> list[str]:
        given, has_beta = self.expansion, not (self.capture_a is None and self.capture_b is None)
        if given is None:
            return [] if has_beta else ["expansion = None and no capture_a and capture_b; state one of the two priors"]
        if not (isinstance(given, tuple | list) and len(given) == 2 and all(_is_number(end) for end in given)):
            return [f"expansion = {given!r}; it must be two values of the expansion factor N/n, for example (1.1, 5)"]
        problems = [f"expansion: {problem}" for problem in range_problems(*given)]
        if has_beta and tuple(given) != DEFAULT_EXPANSION:
            problems.append(
                f"expansion = {tuple(given)} and capture_a, capture_b = {self.capture_a}, {self.capture_b}: both are "
                "priors on the capture probabilities, so leave one of the two out"
            )
        return problems

    def capture_prior(self, n_lists: int) -> ExpansionPrior | None:
        """The Beta prior on the capture probabilities that ``expansion`` stands for on J lists, if it is set.

        Parameters
        ----------
        n_lists : int
            J, the number of lists.

        Raises
        ------
        SettingError
            When no Beta prior gives it.
        """
        return None if self.expansion is None else expansion_prior(*self.expansion, n_lists=n_lists)

    def capture_numbers(self, n_lists: int) -> tuple[float, float]:
        """The numbers a and b of the Beta prior on the capture probabilities, also where ``expansion`` stands for them.

        Parameters
        ----------
        n_lists : int
            J, the number of lists.

        Raises
        ------
        SettingError
            When ``expansion`` is set and no Beta prior gives it on J lists.
        """
        if self.capture_a is not None and self.capture_b is not None:
            return float(self.capture_a), float(self.capture_b)
        found = self.capture_prior(n_lists)
        assert found is not None  # __post_init__ has refused a model with neither prior
        return found.capture_a, found.capture_b

    @property
    def prior_label(self) -> str:
        """The prior on the capture probabilities in a few words, for rows of tables and charts.

        Examples
        --------
        >>> from estimation.models.latent_class.gibbs import LatentClass
        >>> LatentClass().prior_label, LatentClass(capture_a=1, capture_b=1).prior_label
        ('N/n from 1.1 to 10', 'published prior, Beta(1, 1)')
        """
        if self.expansion is not None:
            return f"N/n from {self.expansion[0]:g} to {self.expansion[1]:g}"
        beta = f"Beta({self.capture_a:g}, {self.capture_b:g})"
        return f"published prior, {beta}" if self.capture_a == self.capture_b == 1 else beta

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The identifying assumption, then the others."""
        if self.expansion is None:
            published = ", the published one" if self.capture_a == self.capture_b == 1 else ""
            beta = f"Beta({self.capture_a:g}, {self.capture_b:g})"
            capture = f"The capture probabilities of a class have a {beta} prior{published}."
        else:
            capture = (
                "The prior on the capture probabilities puts the expansion factor N/n between "
                f"{self.expansion[0]:g} and {self.expansion[1]:g} with probability 95 %, for a population of one class."
            )
        return (
            "People fall into a few latent classes; within a class the lists are independent, and the people on no "
            "list belong to the same classes as those on some.",
            f"There are at most {self.classes} classes; their number is governed by "
            f"{parse_alpha_prior(self.alpha_prior).words}.",
            capture,
            PRIOR_ON_N,
            CLOSED_POPULATION,
        )

    @described_by(Model.why_not)
    def why_not(self, table: CaptureTable) -> str | None:
        """Why this table cannot carry the model, or None."""
        if len(table.lists) == 2:
            return (
                f"two lists ({' and '.join(table.lists)}) cannot tell heterogeneous people from negatively dependent "
                "lists, so the answer would be the prior's; use at least 3 lists, or chapman, which assumes that the "
                "two are independent"
            )
        shared = unusable_lists(table, minimum=3) or no_overlap(table)
        if shared is None:
            try:
                self.capture_prior(len(table.lists))
            except SettingError as error:
                return "; ".join(error.problems)
        return shared

    def prior_expansion(self, n_lists: int, *, rng: RandomState, draws: int = 4000) -> FloatArray:
        """Draws of the expansion factor N/n from its prior on J lists, shape (draws,).

        Parameters
        ----------
        n_lists : int
            J, the number of lists.
        rng : int, SeedSequence or Generator
            The only source of randomness.
        draws : int
            How many draws.

        Raises
        ------
        SettingError
            When ``expansion`` is set and no Beta prior gives it on J lists.

        Examples
        --------
        >>> from estimation.models.latent_class.gibbs import LatentClass
        >>> drawn = LatentClass(expansion=(1.1, 5)).prior_expansion(4, rng=1)
        >>> bool(drawn.min() > 1), drawn.shape
        (True, (4000,))
        """
        alpha, capture = parse_alpha_prior(self.alpha_prior), self.capture_numbers(n_lists)
        return prior_expansion_draws(
            alpha, capture, classes=self.classes, n_lists=n_lists, draws=draws, rng=generator_of(rng)
        )

    @described_by(HasPrior.prior_total)
    def prior_total(self, table: CaptureTable, *, rng: RandomState, draws: int = 4000) -> IntArray:
        """Draws of N given only how many people are observed, and on how many lists, shape (draws,).  Unit: persons.

        Raises
        ------
        SettingError
            When ``expansion`` is set and no Beta prior gives it on J lists.
        """
        rng = generator_of(rng)
        expansion = self.prior_expansion(len(table.lists), rng=rng, draws=draws)
        return prior_total_draws(expansion, table.n_observed, rng=rng)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
