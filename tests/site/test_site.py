"""The site is whole: every page has its place, every link leads somewhere, nothing comes from elsewhere."""

from __future__ import annotations

import re

import pytest

import latentpalette as lp
from docs import api
from docs.site.pages import PAGES, REPOSITORY
from tests.docs.pages import CARDS, NOTEBOOKS

pytestmark = pytest.mark.timeout(1800)  # the first test waits for the build
INSTRUMENTS = (
    "palette",
    "sampler",
    "melody-mixer",
    "interpolation-slider",
    "latent-sliders",
    "latent-loops",
    "groove-panel",
    "session",
)
OUTSIDE = re.compile(r"(?:https?:)?//")


def test_every_page_of_the_repository_has_a_place_on_the_site():
    files = {*(REPOSITORY / "docs").glob("*.md"), *CARDS, *NOTEBOOKS}
    placed = {page.source for page in PAGES}
    assert {path.relative_to(REPOSITORY).as_posix() for path in files} - placed == set()


def test_every_page_is_built(site):
    assert [page.name for page in PAGES if site.folder / f"{page.name}.html" not in site.pages] == []


def test_every_public_name_has_a_page(site):
    described = {anchor for page in site.pages.values() for anchor in page.anchors}
    for module in api.public_modules().values():
        for name in api.public_names(module):
            assert {f"{module.__name__}.{name}", f"{lp.__name__}.{name}"} & described, f"{module.__name__}.{name}"


def test_every_model_has_its_card(site):
    assert [name for name in lp.available().names if site.folder / "models" / f"{name}.html" not in site.pages] == []


def test_the_gallery_is_beside_it_and_linked_to(site):
    page = site.pages[site.folder / "instruments" / "gallery.html"]
    linked = {link.file for link in page.inner(page.hrefs)}
    shown = [path for path in (site.folder / "gallery").glob("*.html") if path.stem != "index"]
    assert len(shown) > 10
    assert linked >= set(shown)


def test_every_link_leads_somewhere(site):
    assert sum(len(page.hrefs) for page in site.pages.values()) > 1000
    assert site.broken() == []


def test_nothing_that_a_page_loads_comes_from_elsewhere(site):
    loaded = {address for page in site.pages.values() for address in page.loaded}
    assert len(loaded) > 10
    assert {address for address in loaded if OUTSIDE.match(address)} == set()
    for sheet in site.folder.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert re.findall(r"url\([\"']?(?:https?:)?//[^)]*|@import\s+(?:url\()?[\"']?(?:https?:)?//.*", text) == [], (
            sheet
        )


def test_every_frame_has_a_title_and_waits_until_it_is_seen(site):
    frames = [frame for page in site.pages.values() for frame in page.frames]
    assert {frame["src"].rpartition("/")[2] for frame in frames} == {
        path.name for path in (site.folder / "play").glob("*.html")
    }
    assert [frame for frame in frames if not frame.get("title") or frame.get("loading") != "lazy"] == []


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_plays_on_its_page(site, name):
    page = site.pages[site.folder / "instruments" / f"{name}.html"]
    assert [frame["src"] for frame in page.frames if frame["src"].startswith(f"../play/{name}")]


def test_the_site_is_ready_for_any_static_host(site):
    assert (site.folder / ".nojekyll").is_file()  # GitHub Pages would leave out folders with an underscore
    links = [link for page in site.pages.values() for link in page.hrefs + page.loaded]
    assert [link for link in links if link.startswith(("/", "file:"))] == []
