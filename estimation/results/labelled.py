"""Results by a label of one's choice, as comparisons and charts take them."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.results.estimates import Result

__all__ = ["check_labelled"]


def check_labelled(results: Mapping[str, Result]) -> None:
    """Refuse what is no mapping of labels to results.

    Parameters
    ----------
    results : mapping of str to Estimate or NotEstimable
        Answers by label.

    Raises
    ------
    TypeError
        When it is a single result or a list of results, which has no labels, or holds something else.

    Examples
    --------
    >>> check_labelled(["a result"])
    Traceback (most recent call last):
        ...
    TypeError: results need labels of your choice, such as {'Latent classes': result}; this is of type list
    """
    if not isinstance(results, Mapping):
        raise TypeError(f"results need labels of your choice, such as {{'Latent classes': result}}; {_this(results)}")
    for label, result in results.items():
        if not isinstance(result, Result):
            raise TypeError(f"{label!r} is no result of a model: {_this(result)}")


def _this(thing: object) -> str:
    return f"this is of type {type(thing).__name__}"
