"""The history of an instrument: its last states as thumbnails, one click away, in the page of the instrument."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.groove_panel import GroovePanel
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from tests.widgets.fakes import Clicks, CrossFade

CORNERS = ["Four on the floor", "Boom bap", "Samba", "Trap"]


@pytest.fixture(autouse=True)
def kit(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())


@pytest.fixture
def opened(page: Page, tmp_path) -> Page:
    page.goto(Palette(CrossFade(), CORNERS, size=5).to_html(tmp_path / "beats.html").as_uri())
    return page


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def tempo(page: Page):
    return page.get_by_label("Tempo in quarter notes per minute")


def states(page: Page):
    return page.get_by_role("button", name=re.compile("^State "))


def make_states(page: Page) -> None:
    """Mute the snare, and, when that is a state, set another tempo, which opens as a state with the sheet."""
    history = button(page, "History")
    button(page, "Mute snare").click()
    history.click()
    history.click()
    tempo(page).fill("97")
    tempo(page).blur()
    history.click()
    expect(states(page)).to_have_count(3)


def test_a_click_goes_back_to_a_state_and_undo_takes_that_back(opened):
    page = opened
    make_states(page)
    expect(page.get_by_role("button", name="State 2: snare muted, just now", exact=True)).to_be_visible()
    page.get_by_role("button", name="State 1: as it came").click()
    expect(tempo(page)).to_have_value("120")
    expect(button(page, "Mute snare")).to_have_attribute("aria-pressed", "false")
    expect(states(page)).to_have_count(3)
    expect(states(page).first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+z")
    expect(tempo(page)).to_have_value("97")
    expect(button(page, "Mute snare")).to_have_attribute("aria-pressed", "true")


def test_history_is_reached_by_keyboard_and_takes_no_room(opened):
    page = opened
    height = page.evaluate("document.querySelector('.lp').scrollHeight")
    make_states(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="History")).to_be_hidden()
    expect(button(page, "History")).to_be_focused()
    page.keyboard.press("h")
    expect(states(page).last).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")
    expect(states(page).nth(1)).to_have_attribute("aria-label", "State 2: snare muted, just now, starred")
    page.keyboard.press("Space")
    expect(states(page).nth(1)).to_have_attribute("aria-pressed", "true")
    expect(tempo(page)).to_have_value("120")
    assert page.evaluate("document.querySelector('.lp').scrollHeight") == height
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="History")).to_be_hidden()


def test_a_page_that_is_opened_again_has_its_history_and_stars(opened):
    page = opened
    make_states(page)
    page.get_by_role("button", name="Star state 2").click()
    page.reload()
    button(page, "History").click()
    expect(states(page)).to_have_count(3)
    expect(page.get_by_role("button", name="Star state 2")).to_have_attribute("aria-pressed", "true")
    button(page, "Those with a star").click()
    expect(states(page)).to_have_count(1)


@pytest.mark.parametrize("text", ["{", "[]", '{"at":1,"traits":{"names":[]}}', '{"at":1,"traits":3}'])
def test_a_history_that_is_damaged_does_no_harm(opened, text):
    page = opened
    make_states(page)
    page.evaluate("(text) => Object.keys(localStorage).forEach((key) => localStorage.setItem(key, text))", text)
    page.reload()
    button(page, "History").click()
    expect(states(page)).to_have_count(1)
    assert page.errors == []


def test_the_states_with_a_star_travel_in_a_state_file(opened, new_page, tmp_path):
    page = opened
    make_states(page)
    page.get_by_role("button", name="Star state 2").click()
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Save state", exact=True).click()
    path = tmp_path / "state.json"
    waiting.value.save_as(path)
    assert len(json.loads(path.read_text())["history"]["entries"]) == 1
    palette = Palette(CrossFade(), CORNERS, size=5)
    palette.open_state(path)
    assert palette.qpm == 97
    other = new_page()
    other.goto(Palette(CrossFade(), CORNERS, size=5).to_html(tmp_path / "other.html").as_uri())
    button(other, "Keep").click()
    with other.expect_file_chooser() as chooser:
        other.get_by_role("menuitem", name="Open state", exact=True).click()
    chooser.value.set_files(path)
    expect(tempo(other)).to_have_value("97")
    button(other, "History").click()
    expect(states(other)).to_have_count(3)
    expect(other.get_by_role("button", name="Star state 2")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("kind", ["sampler", "mixer", "groove"])
def test_every_instrument_has_one(page: Page, tmp_path, kind):
    made = {
        "sampler": lambda: Sampler(CrossFade(), 4),
        "mixer": lambda: MelodyMixer("Four on the floor", "Bossa", CrossFade(), n=5),
        "groove": lambda: GroovePanel("Boom bap", qpm=120),
    }
    page.goto(made[kind]().to_html(tmp_path / "page.html").as_uri())
    tempo(page).fill("97")
    tempo(page).blur()
    button(page, "History").click()
    expect(states(page)).to_have_count(2)
    page.get_by_role("button", name="State 1: as it came").click()
    expect(tempo(page)).to_have_value("120")
    button(page, "Undo").click()
    expect(tempo(page)).to_have_value("97")


def test_on_a_phone_it_opens_from_set_up(new_page, tmp_path):
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 900})
    page.goto(Palette(CrossFade(), CORNERS, size=5).to_html(tmp_path / "beats.html").as_uri())
    button(page, "Set up").tap()
    button(page, "History").last.tap()
    expect(states(page)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
