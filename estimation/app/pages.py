"""What a page is: what was visit, what is answered, and the list of all pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from estimation.text.words import Words

if TYPE_CHECKING:
    from estimation.app.desk import Desk

__all__ = ["Answer", "Change", "Form", "Go", "Page", "Sent", "Show", "View", "Visit"]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form that was sent, or of an address.

    Parameters
    ----------
    pairs : tuple of (str, str)
        Name and value of each field, in order.
    """

    pairs: tuple[tuple[str, str], ...] = ()

    def one(self, name: str, default: str = "") -> str:
        """The last value of a field, without spaces around it."""
        return next((value.strip() for key, value in reversed(self.pairs) if key == name), default)

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field that are not empty."""
        return tuple(value.strip() for key, value in self.pairs if key == name and value.strip())

    def has(self, name: str) -> bool:
        """Whether a box is ticked, or a button was pressed."""
        return any(key == name for key, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody asks of a page.

    Parameters
    ----------
    words : Words
        The language of whoever reads.
    query, form : Form
        The fields of the address, and of a form.
    rest : str
        What stands in the address after the page's own.
    """

    words: Words
    query: Form = Form()
    form: Form = Form()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A page to look at.

    Parameters
    ----------
    template : str
        Its template.
    values : mapping of str to object
        What stands in it.
    problems : sequence of (str, str)
        What is wrong: the field that it is about, or nothing, and a sentence.
    status : int
        The status of the answer.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[tuple[str, str]] = ()
    status: int = 200


@dataclass(frozen=True, slots=True)
class Go:
    """Another page to go to, after a change; with a sentence that is read there once."""

    place: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file, or a few words for the script.

    Parameters
    ----------
    content : bytes
        What is sent.
    kind : str
        Its media type.
    name : str
        With a name it is saved and not view.
    policy : str
        Its content security policy, where it is not the page's own.
    """

    content: bytes
    kind: str
    name: str = ""
    policy: str = ""


Answer = View | Go | Sent
Show = Callable[["Desk", Visit], Awaitable[Answer]]
Change = Callable[["Desk", Visit], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Parameters
    ----------
    place : str
        Its address, for example ``/models``; ``/charts/*`` takes what follows as `Visit.rest`.
    title : str
        An English sentence or word, which is translated; what the list of pages says.
    show : callable
        Gives the page.
    changes : mapping of str to callable
        By the value of the button that was pressed (its name is ``do``), what it does.
    writes : frozenset of str
        Those of the changes that write the study file: they come with the checksum of the file that the page was
        made from, and are not done to another.
    group : str
        ``steps`` or ``tools``: in which list it stands; none where empty.
    """

    place: str
    title: str
    show: Show
    changes: Mapping[str, Change] = field(default_factory=dict)
    writes: frozenset[str] = frozenset()
    group: str = ""
