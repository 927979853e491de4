"""The page of what other pages refer to and is not public: modules that say how something is computed."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping

from docstring_text import as_page_text, module_text
from public_names import names_of, namespace, public_place, rooms
from reference_pages import entry, title

__all__ = ["inside_page"]

_MENTION = re.compile(r"(?<!`)`~?(estimation\.[A-Za-z_.]+[A-Za-z_])`(?!`)")


def inside_page(places: Mapping[str, str], pages: Iterable[str]) -> str:
    """The page: every module and name that is referred to and is not public, as long as it is part of the package.

    Parameters
    ----------
    places : mapping of str to str
        The public places.
    pages : iterable of str
        The text of the other generated pages.
    """
    waiting = list(dict.fromkeys(_mentioned([*pages, *_public_texts()])))
    found: dict[str, set[str]] = {}
    seen: set[str] = set()
    while waiting:
        mention = waiting.pop(0)
        if mention in seen or public_place(mention, places):
            continue
        seen.add(mention)
        module, name = _split(mention)
        if not module:
            continue  # Sphinx names it, and the page where it stands
        if module not in found:
            waiting += _mentioned([module_text(importlib.import_module(module))])
        found.setdefault(module, set())
        if name:
            found[module].add(name)
            waiting += _mentioned([_documentation(module, name)])
    return "\n".join([*_head(), *(_section(module, found[module]) for module in sorted(found))])


def _head() -> list[str]:
    return [
        title("Inside the package"),
        "What pages of the site refer to and is not public: how something is computed, and why so. These modules can "
        "change from one version to the next; nothing here has to be imported.\n",
    ]


def _mentioned(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _MENTION.findall(text)


def _public_texts() -> Iterator[str]:
    """The documentation of every public name and of its members."""
    for room in rooms():
        yield inspect.getdoc(namespace(room)) or ""
        for name in names_of(room):
            shown = getattr(namespace(room), name)
            yield inspect.getdoc(shown) or ""
            if inspect.isclass(shown):
                yield from (inspect.getdoc(each) or "" for word, each in inspect.getmembers(shown) if word[0] != "_")


def _split(mention: str) -> tuple[str, str]:
    """The module of a dotted name, and the name in it; two empty texts where there is no such thing."""
    module, name = mention, ""
    while module and not _is_module(module):
        module, _, last = module.rpartition(".")
        name = f"{last}.{name}".rstrip(".")
    first = name.partition(".")[0]
    is_there = module and (not first or hasattr(importlib.import_module(module), first))
    return (module, first) if is_there else ("", "")


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _documentation(module: str, name: str) -> str:
    return inspect.getdoc(getattr(importlib.import_module(module), name)) or ""


def _section(place: str, names: set[str]) -> str:
    module = importlib.import_module(place)
    parts = [title(place, "-"), f".. module:: {place}", "   :no-index-entry:\n", as_page_text(module_text(module))]
    for name in sorted(names):
        shown = getattr(module, name)
        if inspect.ismodule(shown):
            continue
        if inspect.isroutine(shown) or inspect.isclass(shown):
            parts.append(entry(f"{place}.{name}", shown, members=bool(getattr(shown, "_is_protocol", False))))
        else:
            parts.append(f".. data:: {name}\n")
    return "\n".join(parts)
