"""Undo, history and state of a session: one for all of its instruments, and what its page keeps."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.groove_panel import GroovePanel
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.latent_loops import LatentLoops
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from latentpalette.widgets.session import Session
from tests.browser.test_session_page import bar, downloaded
from tests.widgets.fakes import Clicks, CrossFade, MelodyFade


@pytest.fixture
def opened(monkeypatch, page: Page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palettes = [Palette(CrossFade(), [name] * 4, size=3) for name in ("Four on the floor", "Samba")]
    page.goto(Session(palettes, qpm=100, names=["first", "second"]).to_html(tmp_path / "session.html").as_uri())
    expect(page.get_by_role("region", name="Palette", exact=True)).to_have_count(2)
    return page


def palette(page: Page, index: int):
    return page.get_by_role("region", name="Palette", exact=True).nth(index)


def mute_kick(page: Page, index: int) -> None:
    palette(page, index).get_by_role("button", name="Mute kick", exact=True).first.click()


def muted(page: Page) -> list[bool]:
    buttons = [palette(page, k).get_by_role("button", name="Mute kick", exact=True).first for k in (0, 1)]
    return [each.get_attribute("aria-pressed") == "true" for each in buttons]


def wait_for(page: Page, expected: list[bool]) -> None:
    for index, is_muted in enumerate(expected):
        mute = palette(page, index).get_by_role("button", name="Mute kick", exact=True).first
        expect(mute).to_have_attribute("aria-pressed", str(is_muted).lower())


def test_the_bar_undoes_the_newest_change_of_any_instrument_and_an_instrument_its_own(opened: Page):
    mute_kick(opened, 0)
    mute_kick(opened, 1)
    opened.get_by_role("button", name="Solo first", exact=True).click()
    undo = bar(opened).get_by_role("button", name="Undo", exact=True)
    undo.click()
    expect(opened.get_by_role("button", name="Mute second", exact=True)).to_have_attribute("aria-pressed", "false")
    wait_for(opened, [True, True])
    palette(opened, 0).get_by_role("button", name="Play", exact=True).focus()
    opened.keyboard.press("Control+z")
    wait_for(opened, [False, True])
    bar(opened).get_by_role("button", name="Play", exact=True).focus()
    opened.keyboard.press("Control+z")
    wait_for(opened, [False, False])
    expect(undo).to_be_disabled()
    opened.keyboard.press("Control+Shift+z")
    opened.keyboard.press("Control+Shift+z")
    wait_for(opened, [True, True])


def test_the_history_has_the_states_of_all_instruments(opened: Page):
    bar(opened).get_by_role("button", name="Play", exact=True).focus()
    opened.keyboard.press("h")
    sheet = opened.get_by_role("dialog", name="History")
    expect(sheet.get_by_text("1 state", exact=True)).to_be_visible()
    opened.keyboard.press("Escape")
    mute_kick(opened, 0)
    mute_kick(opened, 1)
    bar(opened).get_by_role("button", name="History", exact=True).click()
    expect(sheet.get_by_role("button", name="State 2: first: kick muted; second: kick muted")).to_be_visible()
    sheet.get_by_role("button", name="State 1: as it came").click()
    wait_for(opened, [False, False])
    sheet.get_by_role("button", name="Star state 2").click()
    expect(sheet.get_by_text("2 states, 1 with a star")).to_be_visible()
    opened.keyboard.press("Escape")
    bar(opened).get_by_role("button", name="Undo", exact=True).click()
    wait_for(opened, [True, True])
    opened.reload()
    bar(opened).get_by_role("button", name="History", exact=True).click()
    expect(sheet.get_by_text("2 states, 1 with a star")).to_be_visible()
    assert opened.errors == []


def test_where_it_is_narrow_redo_and_history_are_in_set_up(opened: Page):
    opened.set_viewport_size({"width": 400, "height": 800})
    mute = opened.get_by_role("button", name="Mute first", exact=True)
    mute.click()
    bar(opened).get_by_role("button", name="Undo", exact=True).click()
    expect(mute).to_have_attribute("aria-pressed", "false")
    bar(opened).get_by_role("button", name="Set up", exact=True).click()
    for item in ("Redo", "History"):
        opened.locator(".lp-panel:visible").get_by_role("button", name=item, exact=True).click()
    expect(opened.get_by_role("dialog", name="History").first).to_be_visible()
    expect(mute).to_have_attribute("aria-pressed", "true")


def test_a_page_that_is_opened_again_has_tempo_mutes_and_volumes(opened: Page):
    mute_kick(opened, 1)
    opened.get_by_role("button", name="Mute first", exact=True).click()
    volume = opened.get_by_role("slider", name="Volume of second")
    volume.focus()
    for _ in range(3):
        volume.press("ArrowDown")
    tempo = opened.get_by_role("spinbutton", name="Tempo in quarter notes per minute")
    tempo.fill("132")
    tempo.press("Enter")
    opened.reload()
    expect(tempo).to_have_value("132")
    expect(opened.get_by_role("button", name="Mute first", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(volume).to_have_value("0.97")
    wait_for(opened, [False, True])


def test_one_state_file_has_all_instruments(opened: Page, tmp_path):
    mute_kick(opened, 0)
    opened.get_by_role("button", name="Mute second", exact=True).click()
    name, data = downloaded(opened, "Save state")
    saved = json.loads(data)
    assert (saved["kind"], saved["instrument"]) == ("latentpalette state", "Session")
    assert (saved["traits"]["0.mutes"][0], saved["traits"]["1.silenced"]) == (True, True)
    file = tmp_path / name
    file.write_bytes(data)
    undo = bar(opened).get_by_role("button", name="Undo", exact=True)
    undo.click()
    undo.click()
    wait_for(opened, [False, False])
    opened.get_by_label("State file").first.set_input_files(file)
    wait_for(opened, [True, False])
    expect(opened.get_by_role("button", name="Mute second", exact=True)).to_have_attribute("aria-pressed", "true")
    undo.click()
    wait_for(opened, [False, False])
    expect(opened.get_by_role("button", name="Mute second", exact=True)).to_have_attribute("aria-pressed", "false")


def saved_state(page: Page) -> dict:
    return json.loads(downloaded(page, "Save state")[1])["traits"]


def test_what_is_set_in_seven_instruments_is_on_the_page_outlasts_a_reload_and_comes_back_from_a_file(
    monkeypatch, page: Page, tmp_path
):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    ends = ("Four on the floor", "Samba")
    session = Session(
        [
            Palette(CrossFade(), size=3, mutes=[True, *[False] * 8]),
            Sampler(CrossFade(), 4, volume=0.3),
            MelodyMixer("Reel", "Tango", MelodyFade(), n=3, sounds=["Flute"]),
            InterpolationSlider(*ends, CrossFade(), n=3, t=0.25),
            LatentLoops(MelodyFade(), size=4, volumes=[0.5]),
            GroovePanel("Boom bap", swing=0.25),
            lp.show([lp.NoteSequence([lp.Note(60, 0, 4)], steps=16)] * 2, "A B"),
        ],
        qpm=97,
    )
    session.instruments[6].roll = 1
    session.instruments[5].silenced = True
    page.goto(session.to_html(tmp_path / "seven.html").as_uri())
    expect(page.locator(".lp-member")).to_have_count(7)
    came = saved_state(page)
    file = session.save_state(tmp_path / "python.json")
    assert came == json.loads(file.read_text())["traits"], "the page has what Python has, under the same names"
    for index in range(7):
        page.locator(".lp-member").nth(index).locator(".lp-mix button").first.click()
    page.locator(".lp-member-volume").nth(2).focus()
    page.keyboard.press("ArrowDown")
    left = saved_state(page)
    assert [left[f"{index}.silenced"] for index in range(7)] == [True, True, True, True, True, False, True]
    assert left["2.volume"] == 0.99
    page.reload()
    expect(page.locator(".lp-member")).to_have_count(7)
    assert saved_state(page) == left
    page.get_by_label("State file").first.set_input_files(file)
    expect(page.locator(".lp-member").nth(5).locator(".lp-mix button").first).to_have_attribute("aria-pressed", "true")
    assert saved_state(page) == came
    assert page.errors == []


def history_line(page: Page):
    return page.get_by_role("region", name="Last states", exact=True)


def test_the_newest_states_are_a_line_in_the_session_one_click_back(opened: Page):
    line = history_line(opened)
    states = line.get_by_role("button", name=re.compile("^State "))
    expect(states).to_have_count(1)
    mute_kick(opened, 0)
    expect(states).to_have_count(2)
    expect(states.nth(1)).to_have_attribute("aria-label", "State 2: first: kick muted, just now")
    expect(states.nth(1)).to_have_attribute("aria-pressed", "true")
    states.first.click()
    wait_for(opened, [False, False])
    expect(states.first).to_have_attribute("aria-pressed", "true")
    bar(opened).get_by_role("button", name="Undo", exact=True).click()
    wait_for(opened, [True, False])
    expect(states.nth(1)).to_have_attribute("aria-pressed", "true")


def test_the_line_is_one_stop_of_the_keyboard_and_keeps_what_has_a_star(opened: Page):
    mute_kick(opened, 0)
    states = history_line(opened).get_by_role("button", name=re.compile("^State "))
    expect(states).to_have_count(2)
    assert states.evaluate_all("buttons => buttons.map(({ tabIndex }) => tabIndex)") == [-1, 0]
    states.nth(1).focus()
    opened.keyboard.press("ArrowLeft")
    expect(states.first).to_be_focused()
    opened.keyboard.press("s")
    expect(states.first).to_have_attribute("aria-label", "State 1: as it came, just now, starred")
    opened.keyboard.press("Enter")
    wait_for(opened, [False, False])
    opened.reload()
    expect(states.first).to_have_attribute("aria-label", "State 1: as it came, just now, starred")


# 99 states more, each with another tempo, as this browser keeps those of a session.
MORE_STATES = """() => {
  for (const [key, text] of Object.entries(localStorage)) {
    if (!key.startsWith("latentpalette:history:")) continue;
    const saved = JSON.parse(text);
    const { names, parts, entries } = saved.traits;
    if (!names.includes("0.silenced")) continue;
    for (let qpm = 101; qpm < 200; qpm++) {
      const [last] = entries.slice(-1);
      const values = last.values.with(names.indexOf("qpm"), parts.push(qpm) - 1);
      entries.push({ ...last, values, isStarred: false });
    }
    localStorage.setItem(key, JSON.stringify(saved));
  }
}"""


@pytest.mark.parametrize("width", [400, 1280])
def test_a_line_of_a_hundred_states_folds_to_its_room_and_the_sheet_has_them_all(opened: Page, width):
    opened.set_viewport_size({"width": width, "height": 800})
    mute = opened.get_by_role("button", name="Mute first", exact=True)
    tempo = opened.get_by_role("spinbutton", name="Tempo in quarter notes per minute")
    states = history_line(opened).get_by_role("button", name=re.compile("^State "))
    more = history_line(opened).get_by_role("button", name=re.compile("^All "))
    mute.click()
    expect(states).to_have_count(2)
    states.nth(1).press("s")
    expect(states.nth(1)).to_have_attribute("aria-label", "State 2: first: left out, just now, starred")
    opened.evaluate(MORE_STATES)
    opened.reload()
    expect(more).to_have_attribute("aria-label", "All 101 states (H)")
    labels = states.evaluate_all("buttons => buttons.map((button) => button.getAttribute('aria-label'))")
    assert labels[0].startswith("State 2: first: left out"), "it has a star"
    assert labels[-1].startswith("State 101")
    assert 4 <= len(labels) < 30
    assert len({round(box.bounding_box()["y"]) for box in states.all()}) == 1
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    more.click()
    sheet = opened.get_by_role("dialog", name="History").first
    expect(sheet.get_by_text("101 states, 1 with a star")).to_be_visible()
    sheet.get_by_role("button", name=re.compile("^State 50:")).click()
    expect(tempo).to_have_value("148")
    opened.keyboard.press("Escape")
    expect(history_line(opened).get_by_role("button", name=re.compile("^State 50:"))).to_have_attribute(
        "aria-pressed", "true"
    )
