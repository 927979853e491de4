"""What others published about a table, and how each figure is computed again: the file ``published.toml`` of a study.

::

    title = "..."                      what the study is about; by default the title of study.toml
    versions = "..."                   which versions of the table there are, and which this one is; optional
    truth = 10401                      the number of people where something near the truth is known; optional
    truth_source = "..."               where that can be read
    frequencies = "frequencies.csv"    how often people were captured, where nothing says by which lists; optional

    [[figure]]
    method = "log-linear, BIC"         the method, in words
    estimate = 10356                   the number that was published; or only a range
    lower = 9002                       the ends of its range
    upper = 12122
    unlisted = 5956                    people on no list, where that is what was published; optional
    level = 0.95                       level of the range, where it has one
    kind = "confidence interval"       what the range is
    n = 4400                           people on a list in the source's own version
    source = "..."                     where it can be read, in full
    own = true                         whether it is the study's own answer, beside which the models are set; optional
    by_strata = "59 places"            by which strata it was made; optional
    threshold = "3"                    at which threshold of matching the lists it was made; optional
    why_not = "..."                    why it cannot be computed again, or why another number comes out
    unknown = "..."                    why nobody can say: the table is not public
    note = "..."                       what is not certain about the figure or its source; optional

    [figure.computed]                  how it is computed again; without it the figure has why_not or unknown
    table = "table.csv"                a table in the study's folder, or beside it ("../uk_five_lists/table.csv"); by
                                       default the study's own
    model = "log-linear-select"        a model, as on the command line; with by also one over all strata
    settings = {}                      its settings
    gives = "point"                    which number of the answer: point, mean, median, "least relative error", interval
    unit = 1                           the last digit of the published number
    ends_unit = 1                      the last digit of the ends of its range, which are compared then, too
    monte_carlo_error = 60             standard error of a published number that was sampled
    by = ["sex", "age"]                the columns that make strata, where the figure is a sum over them
    stratum = ["male", "15-29"]        one of these strata, where the figure is about it alone
    missing = "impute"                 and what becomes of missing labels (`estimation.strata.estimate_by`)
    labels = ["sex"]                   columns that a model uses as covariates, or that ``where`` names
    where = { agent = "state" }        only people with these values; "" is a missing one
    lists = ["CVR", "DP"]              only these lists
    merge = { "DP or ODH" = ["DP", "ODH"] }     lists that become one

    [[strata]]                         the people divided, beside all together, for the page of the study; optional
    label = "By region"
    same_table = true                  all together are those of its table, and not those of the study's own; optional
    [strata.computed]                  as above, with by

A file of one's own has the same keys.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from estimation.errors import SettingError, StudyError
from estimation.models.protocol import Model
from estimation.models.registry import make_model
from estimation.strata.by_stratum import Missing
from estimation.strata.missing_labels import ImputedBy
from estimation.strata.protocol import PoolsStrata
from estimation.strata.registry import STRATA_MODELS, make_strata_model
from estimation.toml_file import Name, Text, read_toml

__all__ = ["Computed", "Division", "Gives", "Published", "PublishedFigure", "read_published"]

Gives: TypeAlias = Literal["point", "mean", "median", "least relative error", "interval"]

_Persons = Annotated[float, Field(ge=0)]
_Above0 = Annotated[float, Field(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """How a published figure is computed again.

    Parameters
    ----------
    table : str, optional
        A table in the study's folder or beside it; by default the study's own.
    model : str
        Name of the model, as on the command line.
    settings : mapping of str to object
        What differs from the model's defaults.
    gives : {"point", "mean", "median", "least relative error", "interval"}
        Which number of the answer the published one is; ``"least relative error"``: the Bayes estimate under squared
        relative error, E(1/N) / E(1/N^2); ``"interval"``: both ends, where only a range was published.
    unit : float
        The last digit of the published number: 1, or 1000 for a number in thousands.  Unit: persons.
    ends_unit : float, optional
        The same for the ends of the range; without it they are told and decide nothing.  Unit: persons.
    monte_carlo_error : float, optional
        Standard error of a published number that was sampled.  Unit: persons.
    by : tuple of str
        Columns whose values make strata, where the number is their total.
    stratum : tuple of str
        The values of one of these strata, where the number is about it alone.
    missing, imputations, imputed_by, least
        As in `estimation.strata.estimate_by`.
    labels : tuple of str
        Other columns that are labels.
    where : mapping of str to str
        Only the people with these values of labels; an empty text is a missing value.
    lists : tuple of str
        Only these lists; by default all.
    merge : mapping of str to tuple of str
        Lists that become one, by its name.
    seed : int
        Where the random numbers start.
    """

    table: Name | None = None
    model: Name
    settings: dict[str, object] = field(default_factory=dict)
    gives: Gives = "point"
    unit: _Above0 = 1.0
    ends_unit: _Above0 | None = None
    monte_carlo_error: _Above0 | None = None
    by: tuple[Text, ...] = ()
    stratum: tuple[Text, ...] = ()
    missing: Missing = "refuse"
    imputations: Annotated[int, Field(ge=2)] = 20
    imputed_by: ImputedBy = "hot deck"
    least: Annotated[int, Field(ge=1)] = 1
    labels: tuple[Text, ...] = ()
    where: dict[Text, str] = field(default_factory=dict)
    lists: tuple[Text, ...] = ()
    merge: dict[Text, Annotated[tuple[Text, ...], Field(min_length=2)]] = field(default_factory=dict)
    seed: Annotated[int, Field(ge=0)] = 1

    @property
    def as_model(self) -> Model | PoolsStrata:
        """The model with its settings; with strata it may be one over all of them.

        Raises
        ------
        SettingError
            When there is none of that name, or a setting does not fit; for a model over strata without strata.
        """
        if self.model not in STRATA_MODELS:
            return make_model(self.model, self.settings)
        if not self.by:
            needed = f"{self.model} is a model over strata; name the columns that make them: by = [...]"
            raise SettingError("atlas", [needed])
        return make_strata_model(self.model, self.settings)

    @property
    def label_columns(self) -> tuple[str, ...]:
        """All columns of the table that are labels."""
        named = self.settings.get("covariates", ())
        covariates = [str(each) for each in named] if isinstance(named, list | tuple) else []
        return tuple(dict.fromkeys([*self.by, *self.labels, *self.where, *covariates]))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A figure that somebody published about the people of a table.

    Parameters
    ----------
    method : str
        The method, in words.
    estimate, lower, upper : float, optional
        The number and the ends of its range.  Unit: persons; where ``kind`` says so, N/n.
    unlisted : float, optional
        The number of people on no list, where that is what was published.  Unit: persons.
    level : float, optional
        Level of the range.
    kind : str
        What the range is.
    n : int, optional
        People on a list in the source's own version of the table.  Unit: persons.
    source : str
        Where it can be read.
    own : bool
        Whether it is the study's own answer.
    by_strata, threshold : str, optional
        By which strata it was made, and at which threshold of matching the lists.
    why_not, unknown : str, optional
        Why it is not computed again, or why another number comes out; why nobody can say.
    note : str, optional
        What is not certain about the figure or its source.
    computed : Computed, optional
        How it is computed again.
    """

    method: Text
    estimate: _Persons | None = None
    lower: _Persons | None = None
    upper: _Persons | None = None
    unlisted: _Persons | None = None
    level: Annotated[float, Field(gt=0, lt=1)] | None = None
    kind: Text = "confidence interval"
    n: Annotated[int, Field(ge=0)] | None = None
    source: Text
    own: bool = False
    by_strata: Text | None = None
    threshold: Text | None = None
    why_not: Text | None = None
    unknown: Text | None = None
    note: Text | None = None
    computed: Computed | None = None

    @property
    def short_label(self) -> str:
        """What it is called in a chart: who published it, when, and at which threshold.

        Examples
        --------
        >>> PublishedFigure(method="BIC", source="Ball, P., Asher, J. (2002). A report.").short_label
        'Published, Ball 2002'
        """
        who = re.split(r"[,.(:]", self.source)[0].strip()
        when = re.search(r"\((\d{4})", self.source)
        at = "" if self.threshold is None else f", threshold {self.threshold}"
        return f"Published, {who}{f' {when[1]}' if when else ''}{at}"

    @property
    def in_words(self) -> str:
        """The number with its range, as published.

        Examples
        --------
        >>> PublishedFigure(method="", estimate=10356, lower=9002, upper=12122, source="").in_words
        '10,356 (9,002 to 12,122)'
        """
        ends = "" if self.lower is None or self.upper is None else f"{_number(self.lower)} to {_number(self.upper)}"
        if self.estimate is None:
            return ends or "no number"
        return f"{_number(self.estimate)} ({ends})" if ends else _number(self.estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A division of the people of a study into strata, to be set beside all of them together.

    Parameters
    ----------
    label : str
        By what they are divided.
    same_table : bool
        Whether all together are those of the table of the strata, and not those of the study's own.
    computed : Computed
        The table, the strata and the model.
    """

    label: Name
    same_table: bool = False
    computed: Computed


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The published figures of a study.

    Parameters
    ----------
    title : str, optional
        What the study is about; by default the title of its study file.
    versions : str
        Which versions of the table there are, and which this one is.
    truth : float, optional
        The number of people, where something near it is known.  Unit: persons.
    truth_source : str
        Where that can be read.
    frequencies : str, optional
        A file of how often people were captured, where nothing says by which lists.
    figures : tuple of PublishedFigure
        The figures; ``[[figure]]`` in the file.
    divisions : tuple of Division
        The people divided into strata; ``[[strata]]`` in the file.
    """

    title: Name | None = None
    versions: str = ""
    truth: _Persons | None = None
    truth_source: str = ""
    frequencies: Name | None = None
    figures: Annotated[tuple[PublishedFigure, ...], Field(alias="figure")] = ()
    divisions: Annotated[tuple[Division, ...], Field(alias="strata")] = ()


def read_published(path: str | os.PathLike[str]) -> Published:
    """The published figures of a file, with every problem in it found before anything runs.

    Parameters
    ----------
    path : path
        The file ``published.toml``.

    Raises
    ------
    StudyError
        For bad TOML, an unknown or missing key, a value of the wrong type, a model or a setting that does not exist, a
        table that is not there, a figure that says neither how it is computed nor why not.  All problems are named
        together, each with the figure that it is in.
    """
    published = read_toml(path, Published, error=StudyError)
    folder = Path(path).parent
    problems = [
        f"[figure {at}] ({figure.method}): {problem}"
        for at, figure in enumerate(published.figures, 1)
        for problem in _problems(figure, folder)
    ]
    if not published.figures:
        problems.append("it has no published figure; add a [[figure]] with method, source and estimate")
    if published.frequencies is not None and not (folder / published.frequencies).is_file():
        problems.append(
            f"frequencies is {published.frequencies!r}, and there is no file {folder / published.frequencies}"
        )
    for at, division in enumerate(published.divisions, 1):
        where = f"[strata {at}] ({division.label})"
        problems += [f"{where}: {problem}" for problem in _unusable(division.computed, folder)]
        problems += [] if division.computed.by else [f"{where}: key 'by' is missing; name the columns that make strata"]
    if published.truth is not None and not published.truth_source.strip():
        problems.append("key 'truth_source' is missing; say where the number of people can be read")
    if problems:
        raise StudyError(str(path), problems)
    return published


def _problems(figure: PublishedFigure, folder: Path) -> Iterator[str]:
    """What is wrong with a figure whose keys are right each by itself."""
    ends = [end for end in (figure.lower, figure.estimate, figure.upper) if end is not None]
    if ends != sorted(ends):
        yield f"lower, estimate and upper are not in order: {ends}"
    if (figure.lower is None) != (figure.upper is None):
        yield "it has one end of a range; give both lower and upper, or neither"
    computed = figure.computed
    if computed is None:
        if (figure.why_not is None) == (figure.unknown is None):
            yield "add [figure.computed] with a model, or one of why_not and unknown"
        return
    if figure.unknown is not None:
        yield "it is computed and has unknown; leave one out"
    if len(computed.stratum) not in (0, len(computed.by)):
        yield f"stratum is {list(computed.stratum)} and by is {list(computed.by)}; give a value of each"
    if computed.gives == "interval" and figure.lower is None:
        yield 'gives = "interval", and no range was published; add lower and upper'
    if computed.gives != "interval" and figure.estimate is None:
        unlisted = "" if figure.unlisted is None else ", the people on a list and the unlisted together"
        yield f'it has no estimate to compare with; add one{unlisted}, or gives = "interval"'
    yield from _unusable(computed, folder)


def _unusable(computed: Computed, folder: Path) -> Iterator[str]:
    """A table that is not there, and a model or a setting that does not exist."""
    if computed.table is not None and not (folder / computed.table).is_file():
        yield f"table is {computed.table!r}, and there is no file {folder / computed.table}"
    try:
        _ = computed.as_model
    except SettingError as error:
        yield from error.problems


def _number(value: float) -> str:
    """Persons with separators, and decimals only where the number has them."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}".rstrip("0").rstrip(".")
