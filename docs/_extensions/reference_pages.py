"""The reference: a page for the door and one for each namespace, with everything that its ``__all__`` shows."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from docstring_text import first_line
from public_names import NAMESPACES, names_of, namespace

__all__ = ["reference_pages"]

_TITLES = {
    "models": "Models",
    "linkage": "Linkage",
    "strata": "Strata",
    "sensitivity": "Sensitivity",
    "simulation": "Simulation",
    "charts": "Charts",
    "claims": "Claims",
    "errors": "Errors and warnings",
    "priors": "Priors",
    "atlas": "Atlas",
}
_NO_MEMBERS = {"errors"}
"""Their members are those of every Python exception."""


def reference_pages(elsewhere: Mapping[str, str]) -> dict[str, str]:
    """The pages by name.

    Parameters
    ----------
    elsewhere : mapping of str to str
        Public places that are documented on another page, with that page: the models.
    """
    pages = {f"reference/{name}": _page(name, elsewhere) for name in NAMESPACES}
    nouns = [name for name in names_of("") if inspect.isclass(namespace("").__dict__.get(name) or _get(name))]
    pages.update({f"reference/{name}": _page_of_class(name) for name in nouns})
    pages["reference/functions"] = _page_of_functions([name for name in names_of("") if name not in nouns])
    pages["reference/index"] = _index(nouns)
    return pages


def _get(name: str) -> object:
    return getattr(namespace(""), name)


def title(text: str, under: str = "=") -> str:
    """A heading."""
    return f"{text}\n{under * len(text)}\n"


def entry(place: str, found: object, *, members: bool = True) -> str:
    """The directive that documents a name where it stands."""
    if inspect.isclass(found):
        lines = [f".. autoclass:: {place}"]
        if members:
            lines += ["   :members:", "   :inherited-members: object, BaseException, Exception, Warning"]
        return "\n".join([*lines, ""])
    kind = "autofunction" if inspect.isroutine(found) or callable(found) else "autodata"
    return f".. {kind}:: {place}\n"


def table_of(names: Mapping[str, str]) -> str:
    """A table: a name with its link, and what it is."""
    rows = [".. list-table::", "   :widths: 30 70", "   :class: names", ""]
    for name, what in names.items():
        rows += [f"   * - {name}", f"     - {what}"]
    return "\n".join([*rows, ""])


def _page(name: str, elsewhere: Mapping[str, str]) -> str:
    module = namespace(name)
    names = names_of(name)
    parts = [
        title(f"{_TITLES.get(name, name.capitalize())}: ``mse.{name}``"),
        f".. module:: estimation.{name}\n",
        first_line(module) + "\n",
        table_of({f"`{each} <{module.__name__}.{each}>`": first_line(getattr(module, each)) for each in names}),
    ]
    for each in names:
        place = f"{module.__name__}.{each}"
        if place in elsewhere:
            continue
        parts.append(entry(place, getattr(module, each), members=name not in _NO_MEMBERS))
    return "\n".join(parts)


def _page_of_class(name: str) -> str:
    return "\n".join([title(name), entry(f"estimation.{name}", _get(name))])


def _page_of_functions(names: list[str]) -> str:
    parts = [title("Functions of the door: ``mse``"), "What `import estimation as mse` shows beside its nouns.\n"]
    parts[1] = "What ``import estimation as mse`` shows beside its classes and namespaces.\n"
    for name in names:
        parts.append(entry(f"estimation.{name}", _get(name)))
    return "\n".join(parts)


def _index(nouns: list[str]) -> str:
    door = namespace("")
    functions = [name for name in names_of("") if name not in nouns]
    rooms = {f":doc:`mse.{name} <{name}>`": first_line(namespace(name)) for name in NAMESPACES}
    classes = {f"`{name} <estimation.{name}>`": first_line(_get(name)) for name in nouns}
    calls = {f"`{name} <estimation.{name}>`": first_line(_get(name)) for name in functions}
    toc = [".. toctree::", "   :hidden:", ""]
    toc += [f"   {name}" for name in nouns]
    toc += ["   Functions <functions>", *(f"   mse.{name} <{name}>" for name in NAMESPACES)]
    toc += ["   Study file <study-file>", "   Command line <command-line>", "   Inside <inside>", ""]
    others = {
        ":doc:`Study file <study-file>`": "Every key of a study file, what it is and its default.",
        ":doc:`Command line <command-line>`": "Every command of ``mse`` with its options.",
    }
    return "\n".join(
        [
            title("Reference"),
            ".. module:: estimation\n",
            first_line(door) + "\n",
            "``import estimation as mse`` is the only import. Every name below is documented where its link leads; "
            "``help(mse)`` shows the same map in a terminal.\n",
            title("Classes", "-"),
            table_of(classes),
            title("Functions", "-"),
            table_of(calls),
            title("Namespaces", "-"),
            table_of(rooms),
            title("Files and commands", "-"),
            table_of(others),
            *toc,
        ]
    )
