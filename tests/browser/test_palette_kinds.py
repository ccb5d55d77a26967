"""Palettes of melodies, trios and grooves, and the place that they take: with Python behind them, without Jupyter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.browser.live_page import LivePalette
from tests.widgets.fakes import Clicks, ManyDrums

KINDS = ("drums-2bar", "groove-4bar", "melody-2bar", "melody-16bar", "trio-16bar")


@pytest.fixture
def shown(page: Page, tmp_path):
    """Show a palette of a model with three cells a side."""

    def show(name: str) -> LivePalette:
        return LivePalette(page, Palette(lp.load(name), size=3), tmp_path)

    return show


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def notes_of(live: LivePalette, corner: int = 0) -> list[list[int]]:
    """Step, pitch and length of the notes of a corner, as Python has them."""
    return [list(note[:3]) for note in live.palette.corner_clips[corner]["notes"]]


def wait_for_notes(live: LivePalette, count: int) -> None:
    live.page.wait_for_function("count => model.get('corner_clips')[0].notes.length === count", arg=count)


# --- melodies ---------------------------------------------------------------------------------------------------------


def test_a_note_is_drawn_moved_lengthened_and_deleted_with_the_pointer(shown, page):
    live = shown("melody-2bar")
    page.get_by_label("Preset").select_option("Empty")
    wait_for_notes(live, 0)
    box = page.locator(".lp-notes").bounding_box()
    width, y = box["width"] / 32, box["y"] + box["height"] / 2

    page.mouse.move(box["x"] + 4.5 * width, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 7.5 * width, y, steps=4)
    page.mouse.up()
    wait_for_notes(live, 1)
    ((step, pitch, length),) = notes_of(live)
    assert (step, length) == (4, 4)

    page.mouse.move(box["x"] + 5.5 * width, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 9.5 * width, y, steps=4)
    page.mouse.up()
    page.wait_for_function("() => model.get('corner_clips')[0].notes[0][0] === 8")
    assert notes_of(live) == [[8, pitch, 4]]

    grip = page.locator(".lp-grip").bounding_box()
    page.mouse.move(grip["x"] + 4, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 15.5 * width, y, steps=4)
    page.mouse.up()
    page.wait_for_function("() => model.get('corner_clips')[0].notes[0][2] === 8")

    for _ in range(3):
        button(page, "Undo").click()
    wait_for_notes(live, 0)
    button(page, "Redo").click()
    wait_for_notes(live, 1)
    page.locator(".lp-note-mark").dblclick()
    wait_for_notes(live, 0)
    assert page.errors == []


def test_a_melody_is_edited_from_the_keyboard_and_spoken(shown, page):
    live = shown("melody-2bar")
    page.get_by_label("Preset").select_option("Empty")
    wait_for_notes(live, 0)
    page.get_by_role("listbox", name="Notes of the melody").press("Enter")
    wait_for_notes(live, 1)
    ((_, pitch, _),) = notes_of(live)
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    wait_for_notes(live, 2)
    first, second = notes_of(live)
    assert (first[0], first[2], second[0]) == (2, 3, 5)
    assert first[1] == second[1] > pitch
    expect(page.locator(".lp-roll .lp-spoken")).to_contain_text("bar 1, step 6, 3 steps long")
    page.keyboard.press("Backspace")
    wait_for_notes(live, 1)
    expect(page.locator(".lp-note-mark")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".lp-note-mark")).not_to_be_focused()


def test_a_new_note_cuts_the_one_that_it_overlaps(shown, page):
    live = shown("melody-2bar")
    page.get_by_label("Preset").select_option("Empty")
    box = page.locator(".lp-notes").bounding_box()
    width, y = box["width"] / 32, box["y"] + box["height"] / 2
    for first, last, up in ((0, 11, 0), (4, 7, 40)):
        page.mouse.move(box["x"] + (first + 0.5) * width, y - up)
        page.mouse.down()
        page.mouse.move(box["x"] + (last + 0.5) * width, y - up, steps=4)
        page.mouse.up()
    wait_for_notes(live, 2)
    assert [[step, length] for step, _, length in notes_of(live)] == [[0, 4], [4, 4]]


def test_rows_of_the_scale_or_all_are_shown_and_a_chosen_key_holds(shown, page):
    shown("melody-2bar")
    rows = page.locator(".lp-note-mark").first
    folded = rows.bounding_box()["height"]
    button(page, "All rows").click()
    assert rows.bounding_box()["height"] < folded
    page.get_by_label("Tonic").select_option("D")
    page.get_by_label("Scale", exact=True).select_option("dorian")
    button(page, "Rows of the scale only").click()
    expect(page.get_by_label("Tonic")).to_have_value("2")


# --- streams, long music, velocities ---------------------------------------------------------------------------------


def test_a_trio_s_corner_is_listened_to_and_its_streams_play_alone(shown, page):
    live = shown("trio-16bar")
    button(page, "Corner B").click()
    button(page, "Listen").click()
    expect(page.get_by_role("heading", name="Playing: corner B")).to_be_visible()
    button(page, "Back to the board").click()
    expect(page.get_by_role("heading", name="Playing: row 2, column 2")).to_be_visible()
    button(page, "Solo bass").click()
    page.wait_for_function("() => model.get('mutes').filter(Boolean).length === 2")
    assert [lane["name"] for lane, muted in zip(live.palette.lanes, live.palette.mutes, strict=True) if not muted] == [
        "bass"
    ]
    button(page, "Lock melody").click()
    button(page, "Solo bass").click()
    page.wait_for_function("() => !model.get('mutes').some(Boolean)")
    assert [lock is not None for lock in live.palette.locks] == [
        lane["name"] == "melody" for lane in live.palette.lanes
    ]


def test_long_music_shows_some_bars_and_others_on_demand(shown, page):
    shown("melody-16bar")
    card = page.get_by_role("region", name="Playing")
    expect(card.get_by_text("bars 1 to 4")).to_be_visible()
    strip = card.get_by_role("slider", name="Bars that are shown")
    strip.focus()
    page.keyboard.press("ArrowRight")
    expect(strip).to_have_attribute("aria-valuetext", "bars 5 to 8")
    card.get_by_role("button", name="2 bars", exact=True).click()
    expect(strip).to_have_attribute("aria-valuetext", "bars 5 to 6")
    button(page, "Play").click()
    expect(strip).to_have_attribute("aria-valuetext", "bars 1 to 2")  # it follows the playhead


def test_a_groove_s_step_is_made_softer_by_pulling_it_down_and_cleared_by_a_click(shown, page):
    live = shown("groove-4bar")
    step, pitch = notes_of(live)[0][:2]
    lane = next(lane["name"] for lane in live.palette.lanes if pitch in lane["pitches"])
    cell = page.get_by_role("gridcell", name=f"{lane}, step {step + 1}, on")
    before = live.palette.corner_clips[0]["notes"][0][3]
    box = cell.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 3, box["y"] + 25, steps=5)
    page.mouse.up()
    page.wait_for_function("before => model.get('corner_clips')[0].notes[0][3] < before", arg=before)
    count = len(notes_of(live))
    cell.click()
    wait_for_notes(live, count - 1)
    button(page, "Undo").click()
    button(page, "Undo").click()
    wait_for_notes(live, count)
    assert live.palette.corner_clips[0]["notes"][0][3] == before


# --- room -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize(("width", "height"), [(820, 575), (400, 820)])
def test_the_whole_instrument_fits(new_page, tmp_path, model, width, height):
    is_phone = width == 400
    page = new_page(viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone)
    LivePalette(page, Palette(lp.load(model), size=3), tmp_path)
    page.add_style_tag(content="body { margin: 0; }")
    for card in ("Playing", "Corner"):
        if is_phone:
            button(page, card).tap()
        size = page.locator(".lp-root").bounding_box()
        assert size["height"] <= height, card
    if is_phone:
        expect(page.locator(".lp-corner .lp-clip")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.errors == []


@pytest.mark.parametrize("width", [1000, 820, 779, 620, 460, 400, 340])
def test_the_bar_is_one_row_and_loses_nothing(new_page, tmp_path, width):
    page = new_page(viewport={"width": width, "height": 900})
    LivePalette(page, Palette(lp.load("drums-2bar"), size=3), tmp_path)
    page.add_style_tag(content="body { margin: 0; }")
    bar = page.get_by_role("toolbar", name="Controls")
    assert bar.bounding_box()["height"] <= 36
    right = [item.bounding_box() for item in bar.locator("button:visible, input:visible").all()]
    assert max(box["x"] + box["width"] for box in right) <= width
    for name in ("Play", "Drag", "Draw", "Undo", "Set up", "Keep"):
        expect(button(page, name)).to_be_visible()
    button(page, "Set up").click()
    setup = page.get_by_role("dialog", name="Set up")
    assert page.locator(".lp-bar .lp-redo").is_visible() != button(setup, "Redo").is_visible()
    assert button(page, "Tap tempo").is_visible() != button(setup, "Tap the tempo").is_visible()
    box = setup.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


# --- many drums -------------------------------------------------------------------------------------------------------


def test_of_sixty_one_drums_those_that_play_are_shown_and_the_others_on_request(monkeypatch, page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    live = LivePalette(page, Palette(ManyDrums(), ["Four on the floor", "Samba", "Samba", "Trap"], size=3), tmp_path)
    editor = page.get_by_role("grid", name="Steps of the corner")
    names = editor.locator(".lp-lane:visible .lp-lane-name")
    expect(names).to_have_text(["open hat", "closed hat", "snare", "kick"])
    assert page.evaluate("document.querySelector('.lp-root').getBoundingClientRect().height") <= 600
    editor.get_by_role("button", name="all 61 drums").click()
    expect(names).to_have_count(61)
    editor.get_by_label("cowbell, step 3, off").click()
    editor.get_by_role("button", name="all 61 drums").click()
    expect(names).to_have_text(["open hat", "closed hat", "cowbell", "snare", "kick"])
    page.wait_for_function(
        "() => model.get('corner_clips')[0].notes.some(([step, pitch]) => step === 2 && pitch === 56)"
    )
    assert [2, 56, 1] in notes_of(live)
    editor.get_by_label(re.compile("^snare, step 1,")).focus()
    page.keyboard.press("ArrowUp")
    expect(editor.get_by_label("cowbell, step 1,", exact=False)).to_be_focused()
