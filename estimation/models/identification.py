"""What makes the number on no list estimable: parameters against what can be observed, in one sentence.

J lists have 2^J - 1 observable histories.  With as many parameters a model fits any table, and the history on no list
comes from the assumption alone; with fewer, the table can speak against what the model says of the histories that can
be observed, and still not against what it says of the one that cannot.

Reference: Link (2003), Biometrics 59:1123-1130; Aleshin-Guendel, Sadinle, Wakefield (2023), Biometrics.
"""

from __future__ import annotations

__all__ = ["identification_note"]


def identification_note(which: str, parameters: int, n_lists: int, *, because: str) -> str:
    """The identification statement of a model with a parameter for each term.

    Parameters
    ----------
    which : str
        The model, as the subject of the sentence.
    parameters : int
        With the one for the number of people.
    n_lists : int
        J.
    because : str
        What makes N estimable.

    Examples
    --------
    >>> print(identification_note("[A B][C]", 5, 3, because="no other lists interact"))
    [A B][C] has 5 parameters for the 7 histories that can be observed; the number on no list follows only because no
    other lists interact, which no table can show.
    >>> print(identification_note("This model", 8, 3, because="xi is 1"))
    This model has 8 parameters for the 7 histories that can be observed, so it fits any table; the number on no list
    comes from this alone: xi is 1.
    """
    histories = f"{which} has {parameters} parameters for the {2**n_lists - 1} histories that can be observed"
    if parameters >= 2**n_lists - 1:
        return f"{histories}, so it fits any table; the number on no list comes from this alone: {because}."
    return f"{histories}; the number on no list follows only because {because}, which no table can show."
