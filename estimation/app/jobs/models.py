"""The models for a table: what each assumes, when it fails, what keeps it from the table, and its settings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, cast

from estimation.app.jobs.job import of_request, study_table
from estimation.models.protocol import Model, settings_of
from estimation.models.registry import MODELS, default_models, make_model, model_class
from estimation.models.when_it_fails import WHEN_IT_FAILS
from estimation.study.new_study import every_overlap

if TYPE_CHECKING:
    from estimation.results.as_json import Json

__all__ = ["help_of", "models"]

_ENTRY = re.compile(r"^(?P<names>\w+(?:, \w+)*) : (?P<kind>[^\n]+)\n(?P<text>(?:    [^\n]*\n|\n)+)", re.MULTILINE)


@of_request
def models(given: Mapping[str, Any]) -> dict[str, Json]:
    """Every model, whether it can be fitted to the table of a study, and those to begin with.

    Parameters
    ----------
    given : mapping
        ``path`` of the table and ``study``; or ``lists``, the names of lists that are not linked yet.
    """
    table = every_overlap(given["lists"]) if given.get("lists") else study_table(given).table
    begin = [{"label": label, "name": m.name, "settings": _set(m)} for label, m in default_models(table).items()]
    described: list[Json] = []
    for name in MODELS:
        model = make_model(name, {})
        described.append({**_about(model), "why_not": model.why_not(table)})
    return {"models": described, "begin": cast("list[Json]", begin), "lists": [*(given.get("lists") or table.lists)]}


def _about(model: Model) -> dict[str, Json]:
    kind = type(model)
    return {
        "name": model.name,
        "title": str(getattr(model, "title", model.name)),
        "assumptions": [*model.assumptions],
        "fails": WHEN_IT_FAILS[model.name],
        "settings": [*_settings(model.name)],
        "module": f"estimation.models.{kind.__name__}",
        "class": kind.__name__,
    }


def _set(model: Model) -> dict[str, Json]:
    """Settings that are not the model's defaults."""
    defaults = dict(settings_of(make_model(model.name, {})))
    return {name: cast("Json", value) for name, value in settings_of(model) if value != defaults.get(name)}


def _settings(name: str) -> Iterator[Json]:
    """Each setting of a model: its default, and its help, which is its entry in the docstring."""
    kind = model_class(name)
    helped = help_of(inspect.getdoc(kind) or "")
    for each in fields(kind):  # type: ignore[arg-type]  # every model is a dataclass
        if each.init:
            default = "" if each.default in (MISSING, None) else str(each.default)
            what, text = helped.get(each.name, ("", ""))
            yield {"name": each.name, "default": default, "kind": what, "help": text}


def help_of(docstring: str) -> dict[str, tuple[str, str]]:
    r"""The type and the text of each parameter of a docstring.

    Examples
    --------
    >>> help_of("What.\n\nParameters\n----------\na, b : int\n    How many.\n    Unit: persons.\n\nRaises\n------\n")
    {'a': ('int', 'How many. Unit: persons.'), 'b': ('int', 'How many. Unit: persons.')}
    """
    _, _, rest = docstring.partition("Parameters\n----------\n")
    section = re.split(r"\n\w+\n-{3,}\n", rest, maxsplit=1)[0] + "\n"
    found: dict[str, tuple[str, str]] = {}
    for entry in _ENTRY.finditer(section):
        text = " ".join(entry["text"].replace("`", "").split())
        found |= dict.fromkeys(entry["names"].split(", "), (entry["kind"], text))
    return found
