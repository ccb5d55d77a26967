"""Links between pages of the repository, turned into links between pages of the site."""

from __future__ import annotations

import json
import posixpath
import shutil
from pathlib import Path

from docs.site.markdown import anchor, replace_links
from docs.site.pages import PAGES, REPOSITORY, Page


class Links:
    """Replaces the links of pages.

    Parameters
    ----------
    folder : Path
        The sources of the site. Files that are linked to, and are no pages, are copied there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of_page(self, page: Page, text: str) -> str:
        """Return Markdown with the links of the page that it is made of replaced."""
        return replace_links(text, lambda link: self._replace(page, link))

    def of_notebook(self, page: Page, text: str) -> str:
        """Return a notebook with the links of its Markdown replaced."""
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = self.of_page(page, "".join(cell["source"]))
        return json.dumps(notebook)

    def _replace(self, page: Page, link: str) -> str:
        path, _, heading = link.partition("#")
        source = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), path)) if path else page.source
        if any(other.source == source for other in PAGES):
            target, heading = place(source, heading)
        else:
            target = self._copy(page, source)
        relative = posixpath.relpath(target, posixpath.dirname(page.name) or ".")
        return f"{relative}#{heading}" if heading else relative

    def _copy(self, page: Page, source: str) -> str:
        if not (REPOSITORY / source).is_file() or source.endswith((".md", ".ipynb", ".py")):
            raise ValueError(
                f"{page.source} links to {source}, which is not on the site: place it in docs/site/pages.py."
            )
        target = self.folder / "files" / Path(source).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / source, target)
        return f"files/{target.name}"


def place(source: str, heading: str = "") -> tuple[str, str]:
    """Return the source file on the site, and the anchor, of a heading of a page of the repository.

    Examples
    --------
    >>> place("docs/sampler.md")
    ('instruments/sampler.md', '')
    >>> place("docs/instruments.md", "sessions")
    ('instruments/session.md', '')
    >>> place("docs/instruments.md", "sounds-and-volumes")
    ('instruments/palette.md', 'sounds-and-volumes')
    """
    pages = [page for page in PAGES if page.source == source]
    found = next((page for page in pages if heading in map(anchor, page.sections)), pages[0])
    # The heading of a page's first section is its title.
    if found.sections and anchor(found.sections[0]) == heading:
        heading = ""
    suffix = ".rst" if source == "docs/api.md" else Path(source).suffix
    return f"{found.name}{suffix}", heading
