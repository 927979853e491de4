"""A page for each model: what it assumes, its formula, when it fails, the lines of a study file, and its paper."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

from docstring_text import as_page_text, first_line, module_text
from public_names import names_of, namespace
from reference_pages import entry, table_of, title

__all__ = ["model_pages", "places_of_models"]


def _models() -> Iterator[tuple[str, str, type]]:
    """The place, the name of the page and the class of each model, of one table and of strata."""
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


def places_of_models() -> dict[str, str]:
    """Where each model is documented, by its public place."""
    return {place: f"models/{slug}" for place, slug, _ in _models()}


def model_pages() -> dict[str, str]:
    """The pages by name."""
    pages = {f"models/{slug}": _page(place, found) for place, slug, found in _models()}
    pages["models/index"] = _index()
    return pages


def _page(place: str, found: type) -> str:
    module = importlib.import_module(found.__module__)
    return "\n".join(
        [
            title(_text_of(found, "title", found.__name__)),
            first_line(found) + "\n",
            title("How it works", "-"),
            as_page_text(module_text(module)),
            title("Class", "-"),
            entry(place, found),
        ]
    )


def _index() -> str:
    rows, toc = {}, []
    for place, slug, found in _models():
        rows[f":doc:`{slug}`"] = first_line(found)
        toc.append(f"   {place.rpartition('.')[2]} <{slug}>")
    return "\n".join([title("Models"), table_of(rows), ".. toctree::", "   :hidden:", "", *toc, ""])
