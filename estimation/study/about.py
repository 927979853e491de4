"""What a study says of itself: what is counted, and whether its headline was changed once there were results."""

from __future__ import annotations

from dataclasses import dataclass

from estimation.toml_file import Name, Text

__all__ = ["Counted", "HeadlineChange"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a study counts, in words.

    Parameters
    ----------
    who : str
        The people.
    where, when : str
        The place, and the time from which day to which day.
    excludes : str
        What is not counted.
    """

    who: Text
    where: Text
    when: Text
    excludes: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineChange:
    """That another model carries the headline than when there were results already.

    Parameters
    ----------
    on : str
        The day.
    before, after : str
        The labels of the two models.
    """

    on: Text
    before: Name
    after: Name

    @property
    def sentence(self) -> str:
        """What a reader is told.

        Examples
        --------
        >>> HeadlineChange(on="2024-05-01", before="Graphs", after="Latent classes").sentence
        'The headline was changed from “Graphs” to “Latent classes” on 2024-05-01, when there were results already.'
        """
        return (
            f"The headline was changed from “{self.before}” to “{self.after}” on {self.on}, when there were results "
            "already."
        )
