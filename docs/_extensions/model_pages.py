"""A page for each model: what it assumes, its formula, when it fails, the lines of a study file, and its paper."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path

from coverage_pictures import Coverage, coverages, picture
from docstring_text import as_page_text, first_line, module_text
from public_names import names_of, namespace
from reference_pages import entry, table_of, title

from estimation.models.registry import MODELS

__all__ = ["model_pages", "models", "places_of_models", "study_lines"]

_AROUND = {
    "OverDraws": "An answer is pooled over tables of several draws of who is the same person; what the model within it "
    "assumes holds for each of them.",
    "WithinRegister": "Nobody who is to be counted was missing from the register; beside that, what the model within "
    "it assumes.",
}
"""Models around a model, which have assumptions only when they are made."""

_REFERENCES = re.compile(r"^References?(?::|\n-+\n)(.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


def models() -> list[tuple[str, str, type]]:
    """The place, the name of the page and the class of each model, in the order in which they are named elsewhere."""
    order = list(MODELS)
    return sorted(_models(), key=lambda each: order.index(each[1]) if each[1] in order else len(order))


def _models() -> Iterator[tuple[str, str, type]]:
    for room in ("models", "strata"):
        for each in names_of(room):
            found = getattr(namespace(room), each)
            is_protocol = getattr(found, "_is_protocol", False)
            if inspect.isclass(found) and hasattr(found, "assumptions") and not is_protocol:
                yield f"estimation.{room}.{each}", _text_of(found, "name", each), found


def _text_of(found: type, field: str, otherwise: str) -> str:
    """A text that a model's class states; a model around a model has it only when it is made."""
    value = getattr(found, field, None)
    return value if isinstance(value, str) else otherwise


def _title_of(found: type) -> str:
    if found.__name__ in _AROUND:
        return {"OverDraws": "A model over draws of a linkage", "WithinRegister": "Within a register"}[found.__name__]
    return _texts().get(_text_of(found, "name", ""), {}).get("title") or str(found().title)


def places_of_models() -> dict[str, str]:
    """Where each model is documented, by its public place."""
    return {place: f"models/{slug}" for place, slug, _ in models()}


def model_pages() -> dict[str, str]:
    """The pages by name."""
    pages = {f"models/{slug}": _page(place, slug, found) for place, slug, found in models()}
    pages["models/index"] = _index()
    return pages


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "models.toml").read_text(encoding="utf-8"))


@cache
def _coverages() -> list[Coverage]:
    return coverages()


def _assumptions(found: type) -> tuple[str, ...]:
    return (_AROUND[found.__name__],) if found.__name__ in _AROUND else tuple(found().assumptions)


def _plain(text: str) -> str:
    return re.sub(r"([*|_\\])", r"\\\1", text)


def _page(place: str, slug: str, found: type) -> str:
    texts = _texts().get(slug, {})
    first, *others = map(_plain, _assumptions(found))
    text, papers = _method(found)
    parts = [title(_title_of(found)), f"*{_plain(first_line(found)).rstrip('.')}.*\n", title("What it assumes", "-")]
    parts += [f"**{first}** This identifies the number; no table can show whether it is true.\n"]
    parts += ["\n".join([f"- {other}" for other in others]) + "\n"] if others else []
    if "formula" in texts:
        parts += [title("Formula", "-"), f".. math::\n\n   {_in_lines(texts['formula'])}\n", "Symbols are below.\n"]
    parts += [title("When it fails", "-"), _code(texts.get("fails", "")) + "\n", *_coverage(slug, texts, found)]
    parts += [title("In a study file", "-"), *_study(place, slug, found)]
    parts += [title("How it works", "-"), text, title("Paper", "-"), papers]
    return "\n".join([*parts, title("In Python", "-"), entry(place, found)])


def _in_lines(formula: str) -> str:
    """A formula of several statements, one below the other: a phone is narrow."""
    statements = re.split(r",\s*\\q?quad\s*", formula)
    lines = r" \\[4pt] ".join(statements)
    return rf"\begin{{gathered}}{lines}\end{{gathered}}" if len(statements) > 1 else formula


def _code(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"``\1``", text)


def _method(found: type) -> tuple[str, str]:
    """What the module of a class says, and of the classes it is made from that are not public; then the papers."""
    public = {each for _, _, each in models()} - {found}
    owners = [each for each in found.__mro__ if each.__module__.startswith("estimation") and each not in public]
    places = list(dict.fromkeys(each.__module__ for each in owners if "protocol" not in each.__module__))
    texts = [module_text(importlib.import_module(place)) for place in places if not place.endswith("fit_checked")]
    papers = [" ".join(said.split()) for text in texts for said in _REFERENCES.findall(text)]
    methods = [_REFERENCES.sub("", text).strip() for text in texts]
    opened = [text.partition("\n\n")[2] if at == 0 else text for at, text in enumerate(methods)]
    listed = "\n".join(f"- {_plain(paper)}" for paper in dict.fromkeys(papers)) or "None: it is part of this package."
    return "\n\n".join(map(as_page_text, opened)) + "\n", listed + "\n"


def _coverage(slug: str, texts: Mapping[str, str], found: type) -> Iterator[str]:
    rows = [row for row in _coverages() if row.model == texts.get("coverage_of", slug)]
    if not rows:
        return
    yield ".. raw:: html\n"
    yield f"   <figure>{picture(rows, _title_of(found))}</figure>\n"
    yield (
        "On invented tables with a known number of people: per cent of the 95 % intervals that hold it, scenario by "
        f"scenario. The line is at 95. All numbers, with their errors: :doc:`/{rows[0].page}`.\n"
    )
    yield "\n".join([".. list-table::", "   :header-rows: 1", "   :class: held", "", *_rows(rows)]) + "\n"


def _rows(rows: list[Coverage]) -> Iterator[str]:
    yield "   * - scenario"
    yield from (f"     - {row.label}" for row in rows)
    for scenario in rows[0].held:
        yield f"   * - {scenario}"
        yield from (f"     - {row.held.get(scenario) or 'not tried'}" for row in rows)


def study_lines(place: str, slug: str, found: type) -> str:
    """The lines of a study file that declare the model, with its settings at their defaults behind a #."""
    heading = "[[strata.model]]" if ".strata." in place else "[[model]]"
    lines = [heading, f"label = {json.dumps(_title_of(found))}", f"name = {json.dumps(slug)}"]
    values = {each.name: each.default for each in fields(found) if each.default is not MISSING}
    shown = {name: _toml(value) for name, value in values.items() if value is not None}
    if shown:
        lines.append(f"[{heading.strip('[]')}.settings]  # all can be left out; these are the defaults")
        lines += [f"{name} = {value}" for name, value in shown.items()]
    return "\n".join(lines)


def _toml(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _study(place: str, slug: str, found: type) -> Iterator[str]:
    if found.__name__ == "OverDraws":
        yield "A study whose ``table`` is the folder of a linkage, or that has ``[lists]``, does this by itself.\n"
        return
    lines = study_lines(place, slug, found)
    if found.__name__ == "WithinRegister":
        lines = '[register]\nat_most = 4500\nsource = "Where the number of people on the register is from"'
    yield ".. code-block:: toml\n"
    yield textwrap.indent(lines, "   ") + "\n"
    if found.__name__ != "WithinRegister":
        yield "On the command line and in Python:\n"
        yield f".. code-block:: text\n\n   mse estimate TABLE --model {slug}\n"
        yield f".. code-block:: python\n\n   mse.{place.partition('.')[2]}()\n"


def _index() -> str:
    groups: dict[str, dict[str, str]] = {"Of one table": {}, "Over strata": {}}
    toc = []
    for place, slug, found in models():
        group = groups["Over strata" if ".strata." in place else "Of one table"]
        group[f":doc:`{slug}`"] = _plain(_assumptions(found)[0])
        toc.append(f"   {_title_of(found)} <{slug}>")
    parts = [
        title("Models"),
        "Each model is a class in ``mse.models`` or ``mse.strata`` and a name on the command line and in a study file. "
        "Each needs an assumption that identifies the number of people on no list; models that fit the same lists "
        "equally well give very different numbers, because they assume different things. A page says what a model "
        "assumes, when it fails, and how often its interval held on invented tables with a known number.\n",
    ]
    for heading, rows in groups.items():
        parts += [title(heading, "-"), table_of(rows)]
    return "\n".join([*parts, ".. toctree::", "   :hidden:", "", *toc, ""])
