"""What a linkage learned of the errors of each list, by field."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FittedErrors"]


@dataclass(frozen=True, slots=True)
class FittedErrors:
    """Posterior means of the parameters of the error model; no value of a record is in them.

    Parameters
    ----------
    lists : tuple of str, length J
        The lists.
    fields : tuple of str, length F
        The compared fields.
    error_rates : tuple, shape (J, F, 2)
        Probability that a list has a field wrong, in a record of good and of bad quality.
    error_levels : tuple, shape (F, 4)
        Probability of the level of an error: one small error, a larger one, anything else; level 0 has 0.
    share_bad : tuple of float, length J
        Share of records of bad quality.
    duplicates : tuple of float, length J
        Rate of further records of a person on a list.
    error_ends : tuple, shape (J, F, 2)
        Ends of the 95 % credible interval of the probability that a list has a field wrong, in records of any quality;
        empty where not known.
    chance_levels : tuple, shape (F, 4)
        How often the values of two different people are at each level (`estimation.linkage.match_weights`); empty where
        not known.
    chance_agreement : tuple, shape (F, 2)
        How often another person has the value of a person, where it is rare and where it is common (5 % and 95 %
        quantile over people); empty where not known.
    """

    lists: tuple[str, ...]
    fields: tuple[str, ...]
    error_rates: tuple[tuple[tuple[float, float], ...], ...]
    error_levels: tuple[tuple[float, ...], ...]
    share_bad: tuple[float, ...]
    duplicates: tuple[float, ...]
    error_ends: tuple[tuple[tuple[float, float], ...], ...] = ()
    chance_levels: tuple[tuple[float, ...], ...] = ()
    chance_agreement: tuple[tuple[float, float], ...] = ()

    @property
    def error_rate(self) -> tuple[tuple[float, ...], ...]:
        """Probability that a list has a field wrong, in records of any quality; shape (J, F).

        Examples
        --------
        >>> errors = FittedErrors(("a",), ("given",), (((0.1, 0.5),),), ((0.0, 0.5, 0.3, 0.2),), (0.25,), (0.0,))
        >>> errors.error_rate
        ((0.2,),)
        """
        return tuple(
            tuple((1 - bad) * good + bad * worse for good, worse in rates)
            for rates, bad in zip(self.error_rates, self.share_bad, strict=True)
        )
