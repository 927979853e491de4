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
    """

    lists: tuple[str, ...]
    fields: tuple[str, ...]
    error_rates: tuple[tuple[tuple[float, float], ...], ...]
    error_levels: tuple[tuple[float, ...], ...]
    share_bad: tuple[float, ...]
    duplicates: tuple[float, ...]
