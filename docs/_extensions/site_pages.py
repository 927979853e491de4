"""The extension of Sphinx that writes the generated pages and says where a reference leads."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from model_pages import model_pages, places_of_models
from public_names import public_place, public_places
from reference_pages import reference_pages
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

__all__ = ["setup"]


def write_pages(app: Sphinx) -> None:
    """Write the generated pages; a page that says the same keeps its time, so that it need not be read again."""
    pages = {**reference_pages(places_of_models()), **model_pages()}
    for name, text in pages.items():
        path = Path(app.srcdir) / f"{name}.rst"
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


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
    return None


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
    app.connect("builder-inited", write_pages)
    app.connect("missing-reference", resolve, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
