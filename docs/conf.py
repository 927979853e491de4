"""How the site is built: `make docs`, without a network, from what is in this tree alone.

Pages of the reference, of the models, of the study file and of the command line are written by ``_extensions`` before
the rest is read, so that they say what the package says.  Notebooks are shown with the outputs they have; nothing runs.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_extensions"), str(HERE.parent)]

from estimation.provenance import package_version  # noqa: E402 - after the path is set

project = "estimation"
author = "The estimation developers"
copyright = "The estimation developers; MIT licence"  # noqa: A001 - what Sphinx calls it
version = release = package_version()
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "numpydoc",
    "sphinx_design",
    "site_pages",
]
templates_path = ["_templates"]
exclude_patterns = ["_*", "**/.ipynb_checkpoints", "notebooks/README.md"]
root_doc = "index"

# A command or a name in a sentence is typed as it stands: no dash is made of --, and no curly quote of '.
smartquotes = False

# Text: every name in single back-ticks is a reference, and one that does not resolve is an error.
default_role = "py:obj"
nitpicky = True
nitpick_ignore_regex = [("py:class", ".*")]  # of signatures and of bases; parameters have their types in words
suppress_warnings = ["toc.empty_glob", "myst.strikethrough"]
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "substitution"]
myst_heading_anchors = 4
nb_execution_mode = "off"
nb_merge_streams = True

# Inventories say where the pages of other projects are; a link is an address, and nothing is fetched.
intersphinx_mapping = {
    name: (address, str(HERE / "_inventories" / f"{name}.inv"))
    for name, address in {
        "python": "https://docs.python.org/3",
        "pandas": "https://pandas.pydata.org/docs",
        "scipy": "https://docs.scipy.org/doc/scipy",
    }.items()
}
mathjax_path = "mathjax/tex-svg.js"

# A block without a language is no program: symbols of a formula, not Python.
highlight_language = "none"

html_theme = "pydata_sphinx_theme"
html_title = f"estimation {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_use_index = False  # search knows every name
html_domain_indices = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_search_summary = False  # excerpts are fetched, which a browser forbids to a page from a memory stick
html_last_updated_fmt = None
html_search_scorer = str(HERE / "_extensions" / "search_order.js")
html_theme_options = {
    "logo": {"text": "estimation"},
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button-field"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "show_toc_level": 2,
    "back_to_top_button": False,
}
html_context = {"default_mode": "auto"}
html_sidebars = {
    name: [] for name in ("index", "search", "atlas/index", "changelog", "cite", "glossary", "coming-from-r", "gallery")
}
