"""A page of its own that was changed, closed and opened again: what was changed is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.widgets.fakes import Clicks, CrossFade

REFUSE_STORAGE = """
    Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
"""
NOTICE = "This page is as you left it"


@pytest.fixture
def address(monkeypatch, tmp_path) -> str:
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palette = Palette(CrossFade(), ["Four on the floor", "Boom bap", "Samba", "Trap"], size=5)
    return palette.to_html(tmp_path / "beats.html").as_uri()


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def change(page: Page) -> None:
    """Mute the snare, set the tempo, and put a preset in corner A."""
    button(page, "Mute snare").click()
    tempo = page.get_by_label("Tempo in quarter notes per minute")
    tempo.fill("97")
    tempo.press("Enter")
    button(page, "Corner A").click()
    page.get_by_label("Preset").select_option("Bossa")


def expect_changed(page: Page, changed: bool) -> None:
    expect(button(page, "Mute snare")).to_have_attribute("aria-pressed", "true" if changed else "false")
    expect(page.get_by_label("Tempo in quarter notes per minute")).to_have_value("97" if changed else "120")
    expect(button(page, "Corner A")).to_contain_text("Bossa" if changed else "Four on the floor")


def test_a_page_that_is_opened_again_has_what_was_changed_and_starts_again_when_asked(address, page: Page):
    page.goto(address)
    expect(page.get_by_text(NOTICE)).to_be_hidden()
    change(page)
    page.reload()
    expect_changed(page, True)
    expect(page.get_by_text(NOTICE)).to_contain_text("Changed: corner A: Bossa, 97 qpm, snare muted.")
    button(page, "Start again").click()
    expect_changed(page, False)
    expect(page.get_by_text(NOTICE)).to_be_hidden()
    button(page, "Undo").click()
    expect_changed(page, True)
    button(page, "Redo").click()
    page.reload()
    expect_changed(page, False)
    expect(page.get_by_text(NOTICE)).to_be_hidden()


def test_the_notice_can_be_put_away_and_the_changes_stay(address, page: Page):
    page.goto(address)
    change(page)
    page.reload()
    button(page, "Keep it").click()
    expect(page.get_by_text(NOTICE)).to_be_hidden()
    expect_changed(page, True)


def test_a_browser_that_keeps_nothing_shows_the_page_as_it_came(address, page: Page):
    page.add_init_script(REFUSE_STORAGE)
    page.goto(address)
    change(page)
    page.reload()
    expect_changed(page, False)
    assert page.errors == []
