"""``llms.txt`` and ``llms-full.txt``: the site as text, for programs that read it, with nothing binary in it.

The first has a line a page; the second the text of every page that is written for readers, notebooks without pictures.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.text import TextBuilder
from sphinx.util.osutil import relative_uri
from sphinx.writers.text import TextTranslator

__all__ = ["write_text_files"]

_LONGEST = 8000
"""Characters of a block of output that are kept: pages, not listings."""


class _Plain(TextTranslator):
    """Text without pictures, and without what only a browser can show."""

    def visit_image(self, node: nodes.Element) -> None:
        """Give what a picture shows, and skip it."""
        if node.get("alt"):
            self.add_text(f"[picture: {node['alt']}]")
        raise nodes.SkipNode

    def visit_raw(self, node: nodes.Element) -> None:
        """Skip what is HTML."""
        raise nodes.SkipNode

    def unknown_visit(self, node: nodes.Node) -> None:
        """Go on into whatever else there is."""

    def unknown_departure(self, node: nodes.Node) -> None:
        """Come out of it."""


def write_text_files(app: Sphinx, failure: Exception | None) -> None:
    """Write both files beside the pages, when the pages are written."""
    if failure or app.builder.format != "html":
        return
    out = Path(app.outdir)
    names = _in_order(app)
    titles = {name: app.env.titles[name].astext() for name in names}
    lines = [f"# {app.config.project}", "", f"> {first_paragraph(app)}", "", "## Pages", ""]
    lines += [f"- [{titles[name]}]({relative_uri('', app.builder.get_target_uri(name))})" for name in names]
    (out / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    builder = TextBuilder(app, app.env)
    builder.init()
    parts = []
    for name in names:
        doctree = app.env.get_doctree(name)
        app.env.apply_post_transforms(doctree, name)
        writer = _Plain(doctree, builder)
        doctree.walkabout(writer)
        parts.append(f"<!-- {app.builder.get_target_uri(name)} -->\n\n{writer.body.strip()}\n")
    (out / "llms-full.txt").write_text("\n".join(parts), encoding="utf-8")


def first_paragraph(app: Sphinx) -> str:
    """What the site is about, from its first page."""
    return next(app.env.get_doctree(app.config.root_doc).findall(nodes.paragraph)).astext()


def _in_order(app: Sphinx) -> list[str]:
    """The pages in the order of the table of contents; those that are not in it last."""
    order: list[str] = []
    waiting = [app.config.root_doc]
    while waiting:
        name = waiting.pop(0)
        if name not in order:
            order.append(name)
            waiting = [*app.env.toctree_includes.get(name, []), *waiting]
    return [*order, *sorted(set(app.env.found_docs) - set(order))]
