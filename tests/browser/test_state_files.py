"""The state of a palette, saved as a file in the browser and opened again, there and in Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from tests.browser.live_page import LivePalette
from tests.widgets.fakes import Clicks, CrossFade

DROP = """
([selector, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "dropped.json", { type: "application/json" }));
  const target = document.querySelector(selector);
  for (const type of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}
"""


def new_palette() -> Palette:
    return Palette(CrossFade(), ["Four on the floor", "Boom bap", "Samba", "Trap"], size=5)


@pytest.fixture(autouse=True)
def kit(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())


@pytest.fixture
def saved(tmp_path) -> Path:
    """A state that Python has saved: a preset in corner A, the snare muted."""
    palette = new_palette()
    palette.corners = ["Bossa", "Boom bap", "Samba", "Trap"]
    palette.mutes = [False, True, *[False] * 7]
    palette.puck, palette.tool = (0.9, 0.1), "draw"
    return palette.save_state(tmp_path / "beats.json")


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def expect_opened(page: Page) -> None:
    expect(button(page, "Corner A")).to_contain_text("Bossa")
    expect(button(page, "Mute snare")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".lp-error")).to_be_hidden()


def open_by_menu(page: Page, path: Path) -> None:
    button(page, "Keep").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Open state", exact=True).click()
    chooser.value.set_files(path)


def test_a_state_that_the_browser_saves_is_opened_by_python(page: Page, tmp_path):
    live = LivePalette(page, new_palette(), tmp_path)
    button(page, "Mute snare").click()
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Save state", exact=True).click()
    assert waiting.value.suggested_filename == "palette_drums-2bar.json"
    path = tmp_path / "state.json"
    waiting.value.save_as(path)
    other = new_palette()
    other.open_state(path)
    assert other.mutes == live.palette.mutes == [False, True, *[False] * 7]
    assert json.loads(path.read_text()) == json.loads(other.save_state(tmp_path / "again.json").read_text())


def test_a_state_that_python_saved_is_opened_by_the_menu_with_new_blends_and_undone(page: Page, tmp_path, saved):
    live = LivePalette(page, new_palette(), tmp_path)
    open_by_menu(page, saved)
    expect_opened(page)
    expect(page.locator(".lp-decoded[title*='decoded in']")).to_be_attached()
    assert live.palette.labels[0] == "Bossa"
    assert (tuple(live.palette.puck), live.palette.tool) == ((0.9, 0.1), "draw")
    button(page, "Undo").click()
    assert live.palette.tool == "drag"
    expect(button(page, "Corner A")).to_contain_text("Four on the floor")
    expect(button(page, "Mute snare")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("target", [".lp-board", ".lp-corner"])
def test_a_state_is_opened_by_a_drop(page: Page, tmp_path, saved, target):
    LivePalette(page, new_palette(), tmp_path)
    page.evaluate(DROP, [target, saved.read_text()])
    expect_opened(page)
    assert page.locator("[data-drop], .lp-drop").count() == 0


def test_the_file_button_of_a_corner_opens_one_too(page: Page, tmp_path, saved):
    LivePalette(page, new_palette(), tmp_path)
    page.get_by_label("MIDI file").set_input_files(saved)
    expect_opened(page)


def test_a_page_of_its_own_opens_one(page: Page, tmp_path, saved):
    page.goto(new_palette().to_html(tmp_path / "beats.html").as_uri())
    open_by_menu(page, saved)
    expect_opened(page)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "a recipe"}, "dropped.json is no state of an instrument"),
        ({"version": 2}, "saved by a later version"),
        ({"instrument": "Sampler"}, "a state of another instrument: Sampler, not Palette"),
        ({"model": "melody-2bar"}, "a state of the model melody-2bar; this one is drums-2bar"),
        ({"traits": {"qpm": 93, "size": 2.5}}, "damaged: its size is wrong"),
        ({"traits": {"kit": ""}}, "damaged: its kit is wrong"),
        ({"traits": {}}, "damaged: it has no traits"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing_and_says_why(page: Page, tmp_path, saved, changes, message):
    page.goto(new_palette().to_html(tmp_path / "beats.html").as_uri())
    page.evaluate(DROP, [".lp-board", json.dumps(json.loads(saved.read_text()) | changes)])
    expect(page.get_by_role("alert")).to_contain_text(message)
    expect(button(page, "Corner A")).to_contain_text("Four on the floor")


def test_a_file_that_is_damaged_or_too_large_says_so(page: Page, tmp_path):
    page.goto(new_palette().to_html(tmp_path / "beats.html").as_uri())
    page.evaluate(DROP, [".lp-board", "{"])
    expect(page.get_by_role("alert")).to_contain_text("dropped.json is damaged: it is no JSON text")
    page.evaluate(DROP, [".lp-board", " " * (9 << 20)])
    expect(page.get_by_role("alert")).to_contain_text("dropped.json is too large for a state")


def test_a_mixer_opens_the_state_of_a_mixer_that_python_saved(page: Page, tmp_path):
    model = CrossFade()
    state = MelodyMixer("Samba", "Trap", model, n=4).save_state(tmp_path / "row.json")
    live = LivePalette(page, MelodyMixer("Bossa", "Boom bap", model, n=3), tmp_path)
    open_by_menu(page, state)
    expect(page.get_by_role("slider", name="Steps: pull end A")).to_have_attribute("aria-valuenow", "4")
    expect(page.locator(".lp-error")).to_be_hidden()
    assert live.palette.labels == ["Samba", "Trap"]


def test_a_sampler_opens_the_state_of_a_sampler_that_python_saved(page: Page, tmp_path):
    sampler = Sampler(lp.load("drums-2bar"), 4, seed=5)
    sampler.star(2)
    live = LivePalette(page, Sampler(lp.load("drums-2bar"), 4, seed=9), tmp_path)
    open_by_menu(page, sampler.save_state(tmp_path / "tiles.json"))
    expect(button(page, "Star tile 3")).to_have_attribute("aria-pressed", "true")
    assert [tile.notes for tile in live.palette.tiles] == [tile.notes for tile in sampler.tiles]
