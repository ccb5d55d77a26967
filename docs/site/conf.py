"""Sphinx's settings; docs.site.build runs it, and names the folders."""

from latentpalette import __version__

project = "latentpalette"
author = "the latentpalette authors"
release = version = __version__
extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.githubpages",  # .nojekyll: a folder may begin with an underscore
]
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", ".*")
]  # a word between single backticks is a name; it is a link where it is one of ours
default_role = "py:obj"

# --- pages --------------------------------------------------------------------------------------------------------

nb_execution_mode = "off"  # notebooks are shown as they were executed
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # would come from a CDN; a saved notebook has pictures
myst_heading_anchors = 4
suppress_warnings = ["config.cache"]

# --- docstrings ---------------------------------------------------------------------------------------------------

autodoc_typehints = "none"  # numpydoc's sections have the types, with shapes and units
autodoc_member_order = "alphabetical"
autosummary_generate = False  # docs.site.api_pages writes the pages
numpydoc_show_class_members = False
python_use_unqualified_type_names = True

# --- what it looks like -------------------------------------------------------------------------------------------

html_theme = "pydata_sphinx_theme"
html_title = "latentpalette"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("frames.js", {"defer": "defer"})]
html_show_sourcelink = False
html_copy_source = False
html_last_updated_fmt = None  # the same sources make the same site
html_theme_options = {
    "header_links_before_dropdown": 8,
    "navbar_align": "left",
    "show_toc_level": 2,
    "navigation_with_keys": False,  # arrow keys belong to the instruments
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"index": []}
