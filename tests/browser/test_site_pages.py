"""The documentation in Chromium, from the disk: instruments play in their pages; search needs no network."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.site.test_site import INSTRUMENTS

pytestmark = pytest.mark.timeout(1800)  # the first test may wait for the build


def open_page(page: Page, site, name: str) -> FrameLocator:
    page.goto((site.folder / f"{name}.html").as_uri())
    return page.frame_locator(".playing iframe").first


def test_the_palette_plays_on_the_front_page(page, site):
    palette = open_page(page, site, "index")
    palette.get_by_role("button", name="Play", exact=True).click()
    expect(palette.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    assert page.errors == []


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_is_whole_in_its_frame(new_page, site, name, width):
    page = new_page(viewport={"width": width, "height": 900})
    instrument = open_page(page, site, f"instruments/{name}")
    page.locator(".playing").first.scroll_into_view_if_needed()
    expect(instrument.locator(".lp-root").first).to_be_visible()
    frame = page.frames[1]
    frame.wait_for_function("() => innerHeight === Math.ceil(document.body.getBoundingClientRect().height)")
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_instrument_has_the_colors_of_the_page(new_page, site):
    page = new_page(color_scheme="null")  # a setting of the browser's would hold in the frame, too
    instrument = open_page(page, site, "index")
    expect(instrument.locator(".lp-root").first).to_be_visible()
    background = "getComputedStyle(document.documentElement).backgroundColor"
    for theme, color in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(21, 23, 28)")):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        page.frames[1].wait_for_function(f"(color) => {background} === color", arg=color)


def test_search_finds_a_page_without_a_network(page, site):
    open_page(page, site, "search")
    page.goto(f"{page.url}?q=puck")
    results = page.locator("#search-results li")
    expect(results.first).to_be_visible()
    expect(results.get_by_role("link", name="Palette", exact=True).first).to_be_visible()
