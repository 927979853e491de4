"""What a report is made of: sections of paragraphs, lists, tables, figures and commands.

The report is written once, as a `Document`, and rendered by `estimation.report.page` (HTML), `estimation.report.paper`
(PDF) and `estimation.report.word` (.docx), so that all say the same.  All text is plain text: nothing in it is markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from estimation.text.languages import Language, language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Block",
    "Bullets",
    "Commands",
    "Document",
    "Explorer",
    "Figure",
    "Headline",
    "Paragraph",
    "Part",
    "Place",
    "Section",
    "Table",
    "blocks_of",
    "with_blocks",
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a warning stands out."""

    text: str
    tone: Literal["plain", "warning"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Some sentences, each with a mark before it."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to type into a terminal."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption.

    Parameters
    ----------
    caption : str
        What it shows, with the unit.
    columns : tuple of str
        Headings.
    align : str
        One letter a column: ``l`` for words, ``r`` for numbers, ``c`` for a checksum or other code.
    rows : tuple of tuples of str
        Cells.
    marked : int, optional
        The row that the headline comes from.
    is_folded : bool
        Whether a page shows it only to a reader who opens it, because it is long or repeats a chart in numbers.
    number : int
        Its number in the report.
    """

    caption: str
    columns: tuple[str, ...]
    align: str
    rows: tuple[tuple[str, ...], ...]
    marked: int | None = None
    is_folded: bool = False
    number: int = 0

    def __post_init__(self) -> None:
        wide = len(self.columns)
        if len(self.align) != wide or any(len(row) != wide for row in self.rows):
            raise ValueError(f"table {self.caption!r}: {wide} columns, but rows or alignments of another length")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, to be drawn once for a page and once for a phone (`estimation.report.drawing`).

    Parameters
    ----------
    name : str
        File name without an ending.
    caption : str
        What the chart shows and how to read it.
    alternative : str
        The same in words, for who cannot see it.
    wide, narrow : bytes
        SVG, 16 cm wide and as wide as a phone; empty until it is drawn.
    picture : bytes
        PNG, 16 cm wide in print; empty unless it was asked for, for a text processor that reads no SVG.
    number : int
        Its number in the report.
    label : str
        What stands before the caption, where the caption is in another language; empty for "Figure" and the number.
    draw : callable, optional
        Draws it, in the style and width that are set; another process can be given it.
    """

    name: str
    caption: str
    alternative: str
    wide: bytes = b""
    narrow: bytes = b""
    picture: bytes = b""
    number: int = 0
    label: str = ""
    draw: Callable[[], Axes] | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands on top.

    Parameters
    ----------
    figure : str
        The number, or that there is none.
    range : str
        Its interval, or that there is none.
    sentences : tuple of str
        How many people the lists name, and how many they do not.
    """

    figure: str
    range: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One answer that a reader can go to.

    Parameters
    ----------
    label : str
        What it is the answer of.
    words : str
        The answer, in words.
    value : float, optional
        Where it lies on the axis of a curve.
    median, lower, upper : float, optional
        The number and its interval; None where there is none, or no limit.  Unit: persons.
    mark : str
        How it is drawn: the number that carries the headline, a bound, a figure that somebody published, or a total.
    group : str
        What it is shown or hidden together with; empty where there are no groups.
    is_open : bool
        Whether it is shown before a reader chooses.
    """

    label: str
    words: str
    value: float | None = None
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    mark: Literal["plain", "headline", "bound", "published", "total"] = "plain"
    group: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Explorer:
    """Numbers that a reader of the page can go through; paper, and a page whose script may not run, go without it.

    Parameters
    ----------
    kind : str
        ``"curve"``: a slider along one changed value; ``"rows"``: answers side by side, to be shown or hidden.
    title : str
        What can be done with it.
    changed : str
        What the slider changes, with its unit; the legend of the answers to choose from.
    reading : str
        How to read the picture.
    places : tuple of Place
        The answers; those of a curve by increasing value.
    start : int
        The place that the slider stands at first.
    choose_by : str
        What the groups of the places are, to be chosen by; empty where there are none.
    """

    kind: Literal["curve", "rows"]
    title: str
    changed: str
    reading: str
    places: tuple[Place, ...]
    start: int = 0
    choose_by: str = ""


Block: TypeAlias = Paragraph | Bullets | Commands | Table | Figure | Explorer


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section under a heading of its own; a folded one is shown by a page to a reader who opens it."""

    heading: str
    blocks: tuple[Block, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; an appendix is set smaller on paper."""

    heading: str
    blocks: tuple[Block | Part, ...]
    is_appendix: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Parameters
    ----------
    title, subtitle : str
        What is counted, where and when.
    stamp : str
        ``"SYNTHETIC DATA"`` on every page when the people are invented; empty otherwise.
    headline : Headline
        The number.
    chart : Figure
        The estimates of all models, under the number.
    first : tuple of Section
        What else stands on page one, which has all that a reader in a hurry must know.
    sections : tuple of Section
        The full record.
    foot : str
        At the foot of every page.
    time : datetime
        When it was made.
    given : frozenset of str
        The texts that people gave: names of lists, labels, titles, claims.  Each stands by itself in the sentences, in
        its own direction.
    language : Language
        Of page one; all else is English.
    notices : tuple of str
        What must be known of the language of page one; none where it is English.
    """

    title: str
    subtitle: str
    stamp: str
    headline: Headline
    chart: Figure
    first: tuple[Section, ...]
    sections: tuple[Section, ...]
    foot: str
    time: datetime
    given: frozenset[str] = frozenset()
    language: Language = field(default_factory=lambda: language("en", "report"))
    notices: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All charts, in their order."""
        return (self.chart, *(block for block in blocks_of(self.sections) if isinstance(block, Figure)))


def with_blocks(sections: Sequence[Section], change: Callable[[Block], Block]) -> tuple[Section, ...]:
    """The same sections, each block and each block of a part changed, in their order."""

    def changed(block: Block | Part) -> Block | Part:
        return replace(block, blocks=tuple(map(change, block.blocks))) if isinstance(block, Part) else change(block)

    return tuple(replace(section, blocks=tuple(map(changed, section.blocks))) for section in sections)


def blocks_of(sections: Sequence[Section | Part]) -> Iterator[Block]:
    """All blocks of some sections in their order, those of their parts included."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Part):
                yield from blocks_of((block,))
            else:
                yield block
