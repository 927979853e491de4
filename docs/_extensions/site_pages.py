"""The extension of Sphinx that writes the generated pages and says where a reference leads."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks_page import benchmarks_page
from command_page import command_page
from coverage_panels import CoveragePanels
from docstring_text import as_page_text
from docutils import nodes
from gallery_page import gallery_page
from inside_page import inside_page
from model_pages import model_pages, places_of_models
from plain_text import write_text_files
from public_names import public_place, public_places
from reference_pages import reference_pages
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from study_page import study_page

__all__ = ["setup"]


def generated_pages() -> dict[str, str]:
    """Every page that is written from the package, by name."""
    pages = {**reference_pages(places_of_models()), **model_pages()}
    pages["reference/study-file"] = study_page()
    pages["reference/command-line"] = command_page()
    pages["gallery"] = gallery_page()
    pages["benchmarks"] = benchmarks_page()
    pages["reference/inside"] = inside_page(public_places(), pages.values())
    return pages


def write_pages(app: Sphinx) -> None:
    """Write the generated pages; a page that says the same keeps its time, so that it need not be read again."""
    pages = generated_pages()
    for name, text in pages.items():
        path = Path(app.srcdir) / f"{name}.rst"
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


_SECTIONS = ["Parameters", "Returns", "Yields", "Raises", "Warns", "Examples", "References", "Notes", "Attributes"]
_HEADING = re.compile(rf"^({'|'.join(_SECTIONS)}|See Also)\n-+$", re.M)
_SYMBOLS = re.compile(r"^Symbols\n-+\n(.*?)(?=^[A-Z][A-Za-z ]+\n-{3,}$|\Z)", re.M | re.S)


def align_formulas(app: Sphinx, what: str, name: str, found: object, options: object, lines: list[str]) -> None:
    """Before numpydoc reads a docstring: its symbols go before its parameters, and aligned blocks stay aligned."""
    text = "\n".join(lines)
    symbols = _SYMBOLS.search(text)
    if symbols:
        text = text.replace(symbols.group(), "")
    heading = _HEADING.search(text)
    opening, rest = (text[: heading.start()], text[heading.start() :]) if heading else (text, "")
    if symbols:
        opening += f"\n.. rubric:: Symbols\n\n{symbols.group(1)}"
    lines[:] = [*as_page_text(opening).splitlines(), "", *rest.splitlines()]


def resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element) -> nodes.Element | None:
    """A reference to a name, also by where it is defined or by its last word, leads to where it is public."""
    if node.get("refdomain") != "py":
        return None
    domain = env.domains["py"]
    for target in _readings(node, app.site_places):
        found = domain.find_obj(env, None, None, target, None, 0)
        if found:
            name, entry = found[0]
            return nodes.reference(
                "",
                "",
                contnode,
                internal=True,
                refuri=app.builder.get_relative_uri(node["refdoc"], entry.docname) + f"#{entry.node_id}",
                reftitle=name,
            )
    return contnode if _is_beside(node) else None


def _is_beside(node: pending_xref) -> bool:
    """Whether a short name is of the module whose text it stands in: the page has the module, not each of its parts."""
    return node["refdoc"] in {"reference/inside", "benchmarks"} and not node["reftarget"].startswith("estimation.")


def _readings(node: pending_xref, places: dict[str, str]) -> list[str]:
    target = node["reftarget"]
    own = node.get("py:class")
    readings = [public_place(target, places)]
    if own:
        readings.append(f"{own}.{target}")
    return [reading for reading in readings if reading]


def setup(app: Sphinx) -> dict[str, object]:
    """Connect what is above."""
    app.site_places = public_places()
    app.add_directive("coverage-panels", CoveragePanels)
    app.connect("builder-inited", write_pages)
    app.connect("autodoc-process-docstring", align_formulas, priority=100)
    app.connect("missing-reference", resolve, priority=400)
    app.connect("build-finished", write_text_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
