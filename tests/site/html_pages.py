"""The pages of a site, with what they link to and what they load."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

# Elements that load what their attribute names. Of <link> these kinds: others (next, prev, search) are for readers.
LOADING = {"script": "src", "img": "src", "iframe": "src", "audio": "src", "video": "src", "source": "src"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


class Link(NamedTuple):
    """A link of a page: the file and the anchor it leads to, and as it is written."""

    file: Path
    anchor: str
    written: str


@dataclass
class HtmlPage(HTMLParser):
    """What stands in a page: anchors, links, addresses of what it loads, frames."""

    path: Path
    anchors: set[str] = field(default_factory=set)
    hrefs: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    frames: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "iframe":
            self.frames.append(values)
        if address := values.get(LOADING.get(tag, "")):
            self.loaded.append(address)
        if tag == "link" and LOADING_LINKS & set(values.get("rel", "").split()):
            self.loaded.append(values["href"])
        elif "href" in values:
            self.hrefs.append(values["href"])

    def inner(self, addresses: list[str]) -> list[Link]:
        """Return those of some addresses that are none of another host, as files and anchors."""
        parts = [(written, urlsplit(written)) for written in addresses]
        return [
            Link(self._file(unquote(part.path)), unquote(part.fragment), written)
            for written, part in parts
            if not part.scheme and not part.netloc
        ]

    def _file(self, path: str) -> Path:
        file = (self.path.parent / path).resolve() if path else self.path
        return file / "index.html" if path.endswith("/") else file


class HtmlPages:
    """All pages below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @cached_property
    def pages(self) -> dict[Path, HtmlPage]:
        """The pages by their paths, without those of Sphinx's static files, which are templates."""
        paths = [path for path in sorted(self.folder.rglob("*.html")) if "_static" not in path.parts]
        return {path: HtmlPage(path) for path in paths}

    def broken(self) -> list[str]:
        """Return the links that lead nowhere, and what is loaded that is not there: page and address."""
        return [
            f"{page.path.relative_to(self.folder)}: {link.written}"
            for page in self.pages.values()
            for link in page.inner(page.hrefs + page.loaded)
            if not self._leads_somewhere(link)
        ]

    def _leads_somewhere(self, link: Link) -> bool:
        if link.file not in self.pages:
            return link.file.is_file() and self.folder in link.file.parents
        return not link.anchor or link.anchor in self.pages[link.file].anchors
