"""The sources of the site, which Sphinx reads.

The pages of the repository are read on GitHub as they are. Here they are placed as pages of a site, their links with
them, and the instruments that their code shows are written beside them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from docs.site import api_pages, cards, commands, gallery, markdown, playing
from docs.site.links import Links
from docs.site.pages import API, COMMANDS, FRONT, GALLERY, MODELS, NONE, PAGES, PLAYING, REPOSITORY, SECTIONS, Page


def write(folder: Path) -> None:
    """Write the sources to ``folder/sources``; the instruments' pages and the gallery to ``folder/extra``."""
    for place in (folder / "sources", folder / "extra"):
        shutil.rmtree(place, ignore_errors=True)
    play = folder / "extra" / "play"
    play.mkdir(parents=True)
    texts = {
        page.source: (REPOSITORY / page.source).read_text(encoding="utf-8")
        for page in PAGES
        if (REPOSITORY / page.source).is_file()
    }
    for source in PLAYING:
        texts[source] = playing.add_instruments(texts[source], play, "../play")
    gallery.write(folder / "extra")
    links = Links(folder / "sources")
    for page in PAGES:
        for name, text in _files(page, texts.get(page.source, ""), links):
            path = folder / "sources" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def _files(page: Page, text: str, links: Links) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file that a page is made of."""
    if page.source == API:
        yield from api_pages.write_pages()
    elif page.source.endswith(".ipynb"):
        yield f"{page.name}.ipynb", links.of_notebook(page, text)
    else:
        own = {MODELS: cards.table, GALLERY: lambda: gallery.listing(f"../{gallery.FOLDER}")}.get(page)
        parts = [links.of_page(page, _body(page, text)), *([own()] if own else []), _contents(page)]
        yield f"{page.name}.md", "\n\n".join(parts) + "\n"


def _body(page: Page, text: str) -> str:
    """Return the text of a page, its heading included."""
    if page.source == NONE:
        return f"# {page.title}"
    if page.source == COMMANDS:
        return commands.page(page.title)
    heading = page.title or re.findall(r"\A# (.+)$", text, re.MULTILINE)[0]
    sections = markdown.split_sections(text)
    if not page.sections:
        return re.sub(r"\A# .+$", f"# {heading}", text, count=1, flags=re.MULTILINE)
    first, *others = page.sections
    body = "\n\n".join([f"# {heading}", sections[first], *(f"## {name}\n\n{sections[name]}" for name in others)])
    if page == FRONT:  # the palette itself instead of its picture
        body = re.sub(r"^!\[.*\n?.*\]\(.*\)$", playing.frame("play/palette.html", "Palette"), body, flags=re.MULTILINE)
    return body


def _contents(page: Page) -> str:
    """Return the table of contents of a section, on its first page; of the site, on its front page."""
    section = next((section for section in SECTIONS if section[0] == page), ())
    pages = [section[0] for section in SECTIONS] if page == FRONT else section[1:]
    names = [other.name if page == FRONT else other.name.rpartition("/")[2] for other in pages]
    options = [":maxdepth: 1"] if page.source == NONE else [":hidden:"]
    return "\n".join(["```{toctree}", *options, "", *names, "```"]) if names else ""
