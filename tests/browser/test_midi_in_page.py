"""MIDI in, in a page with faked ports: knobs that are learned, keys that are played into a corner."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.session import Session
from tests.widgets.fakes import Clicks, CrossFade

PORTS = """
const port = (id) => Object.assign(new EventTarget(), { id, name: `Keys ${id}`, state: "connected" });
const inputs = new Map(["a", "b"].map((id) => [id, port(id)]));
const access = Object.assign(new EventTarget(), { inputs, outputs: new Map() });
navigator.requestMIDIAccess = async () => access;
globalThis.midi = (...data) =>
  inputs.get("a").dispatchEvent(Object.assign(new Event("midimessage"), { data: Uint8Array.from(data) }));
globalThis.plug = (state) => {
  inputs.get("a").state = state;
  access.dispatchEvent(new Event("statechange"));
};
"""


@pytest.fixture(autouse=True)
def kit(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())


def new_palette() -> Palette:
    return Palette(CrossFade(), ["Four on the floor", "Boom bap", "Samba", "Trap"], size=5)


@pytest.fixture
def opened(page: Page, tmp_path) -> Page:
    page.add_init_script(PORTS)
    page.goto(new_palette().to_html(tmp_path / "beats.html").as_uri())
    return page


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def open_page(page: Page, within=None) -> None:
    (within or page).get_by_role("button", name="Set up", exact=True).click()
    (within or page).get_by_role("button", name="MIDI in").click()


def choose_port(page: Page, within=None) -> None:
    open_page(page, within)
    (within or page).get_by_role("radio", name="Keys a").click()


def turn(page: Page, knob: int, *values: int) -> None:
    for value in values:
        page.evaluate("([knob, value]) => midi(0xb0, knob, value)", [knob, value])


def test_a_knob_that_is_learned_moves_its_control_until_it_is_removed(opened):
    page = opened
    choose_port(page)
    chip = button(page, "MIDI")
    expect(chip).to_have_attribute("title", "MIDI in: Keys a. MIDI out: none.")
    page.get_by_role("switch", name="Learn").click()
    volume = page.get_by_role("slider", name="Volume").first
    volume.focus()
    turn(page, 74, 0)
    expect(page.get_by_text("Knob 74 moves Volume.")).to_be_visible()
    button(page, "Done").click()
    turn(page, 74, 64, 127)
    expect(volume).to_have_value("1")
    turn(page, 74, 0)
    expect(volume).to_have_value("0")
    page.reload()
    choose_port(page)
    turn(page, 74, 60, 0)
    expect(volume).to_have_value("0")
    button(page, "Remove Knob 74: Volume").click()
    turn(page, 74, 127)
    expect(volume).to_have_value("0")


GRANTED = "navigator.permissions.query = async () => ({ state: 'granted' });"


def test_the_port_is_chosen_again_after_a_reload_until_none_is_chosen(page: Page, tmp_path):
    page.add_init_script(PORTS + GRANTED)
    page.goto(new_palette().to_html(tmp_path / "beats.html").as_uri())
    choose_port(page)
    page.reload()
    expect(button(page, "MIDI")).to_have_attribute("title", "MIDI in: Keys a. MIDI out: none.")
    page.get_by_role("slider", name="Volume").first.focus()
    turn(page, 74, 0)
    expect(page.get_by_role("slider", name="Volume").first).to_have_value("0")
    open_page(page)
    page.get_by_role("radio", name="None").click()
    page.reload()
    expect(button(page, "Play")).to_be_visible()
    expect(page.locator(".lp-midi")).to_be_hidden()


def test_a_knob_moves_what_has_the_focus_and_its_turn_is_one_step_of_undo(opened):
    page = opened
    choose_port(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    tempo = page.get_by_label("Tempo in quarter notes per minute")
    tempo.focus()
    turn(page, 20, 1, 1, 1, 127, 1)  # an endless one: its first value does not tell yet
    expect(tempo).to_have_value("122")
    button(page, "Undo").click()
    expect(tempo).to_have_value("120")
    page.locator(".lp-board").focus()
    turn(page, 21, 0)
    assert page.evaluate("document.querySelector('.lp-blend').textContent").startswith("A")


def test_pads_are_recorded_into_the_corner_that_is_open(opened):
    page = opened
    choose_port(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    button(page, "Corner C").click()
    button(page, "Play").click()
    page.evaluate("midi(0x99, 49, 110)")
    hits = page.locator(".lp-corner").get_by_role("gridcell", name="crash")
    expect(
        hits.and_(page.locator("[aria-label*='on']")).or_(hits.and_(page.locator("[aria-pressed=true]"))).first
    ).to_be_visible()
    button(page, "Stop").click()


def test_the_first_key_begins_the_loop_of_an_end_that_is_edited(page: Page, tmp_path):
    page.add_init_script(PORTS)
    mixer = MelodyMixer("Four on the floor", "Bossa", CrossFade(), n=3)
    page.goto(mixer.to_html(tmp_path / "mix.html").as_uri())
    choose_port(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    button(page, "Edit end B").click()
    crash = page.locator(".lp-step-card").get_by_role("gridcell", name="crash, step 1, off", exact=True)
    expect(crash).to_be_visible()
    page.evaluate("midi(0x99, 49, 110)")
    expect(page.get_by_role("gridcell", name="crash, step 1, on", exact=True)).to_be_visible()
    button(page, "Stop").click()
    button(page, "Undo").click()
    expect(crash).to_be_visible()


def test_a_port_that_is_unplugged_is_named(opened):
    page = opened
    choose_port(page)
    page.evaluate("plug('disconnected')")
    expect(page.get_by_text('"Keys a" is not connected any more.')).to_be_visible()
    expect(button(page, "MIDI")).to_have_attribute("title", "MIDI in: Keys a, not connected. MIDI out: none.")
    page.evaluate("plug('connected')")
    expect(button(page, "MIDI")).to_have_attribute("title", "MIDI in: Keys a. MIDI out: none.")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("navigator.requestMIDIAccess = undefined;", "This browser gives this page no MIDI."),
        ("navigator.requestMIDIAccess = () => Promise.reject(new Error('no'));", "The browser did not allow MIDI."),
    ],
)
def test_a_browser_that_has_none_or_refuses_says_so(page: Page, tmp_path, script, message):
    page.add_init_script(script)
    page.goto(new_palette().to_html(tmp_path / "beats.html").as_uri())
    open_page(page)
    expect(page.get_by_text(message)).to_be_visible()


def test_of_two_instruments_with_one_port_keys_go_to_the_one_that_was_used_last(page: Page, tmp_path):
    page.add_init_script(PORTS)
    page.goto(Session([new_palette(), new_palette()]).to_html(tmp_path / "session.html").as_uri())
    regions = page.get_by_role("region", name="Palette", exact=True)
    for which in range(2):
        choose_port(page, regions.nth(which))
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    for which in range(2):
        page.get_by_role("button", name="Corner A", exact=True).nth(which).click()
    page.get_by_role("button", name="Play", exact=True).first.click()
    regions.nth(0).get_by_role("radio", name="Edit corner A").focus()
    expect(regions.nth(0).locator(".lp-corner .lp-playhead")).to_be_visible()
    page.evaluate("midi(0x99, 49, 110)")
    expect(regions.nth(0).get_by_role("button", name="Undo", exact=True)).to_be_enabled()
    expect(regions.nth(1).get_by_role("button", name="Undo", exact=True)).to_be_disabled()
