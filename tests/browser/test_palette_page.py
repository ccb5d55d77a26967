"""The palette's page, written by `to_html`, opened from disk in a real Chromium without a network."""

from __future__ import annotations

import io
import wave
import zipfile

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.browser import audio_probe
from tests.browser.layout import unnamed_controls
from tests.widgets.fakes import Clicks, CrossFade

CORNERS = ["Four on the floor", "Boom bap", "Samba", "Trap"]


@pytest.fixture
def palette(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return Palette(CrossFade(), CORNERS, size=5)


@pytest.fixture
def opened(palette, page: Page, tmp_path):
    page.goto(palette.to_html(tmp_path / "beats.html").as_uri())
    expect(page.get_by_role("region", name="Palette", exact=True)).to_be_visible()
    return page


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def drag_over_board(page: Page, *places: tuple[float, float]) -> None:
    """Press at the first place (0 to 1 over the board), move through the others, release."""
    box = page.locator(".lp-board").bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def downloaded(page: Page, item: str) -> tuple[str, bytes]:
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def steps_of(midi: bytes) -> list[tuple[int, int]]:
    score = pretty_midi.PrettyMIDI(io.BytesIO(midi))
    return sorted((round(note.start * 8), note.pitch) for part in score.instruments for note in part.notes)


def small_controls(page: Page) -> list[str]:
    """The controls that are smaller than 32 pixels in either way."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".lp-root button, .lp-root select, .lp-field")]
            .filter((item) => item.offsetParent && !item.closest(".lp-field button, .lp-panel"))
            .map((item) => [item.getAttribute("aria-label") ?? item.textContent, item.getBoundingClientRect().toJSON()])
            .filter(([, { width, height }]) => Math.min(width, height) < 32).map(([name]) => name)"""
    )


def test_every_control_has_a_name_and_a_size_for_fingers(new_page, palette, tmp_path):
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 900})
    page.goto(palette.to_html(tmp_path / "beats.html").as_uri())
    for name in ("Play", "Volume", "Drag", "Draw", "Undo", "Set up", "Keep", "Playing", "Corner"):
        expect(button(page, name)).to_be_visible()
    for letter in "ABCD":
        expect(button(page, f"Corner {letter}")).to_be_visible()
    for card in ("Playing", "Corner"):
        button(page, card).tap()
        assert small_controls(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert unnamed_controls(page) == []


def test_play_sounds_moves_the_playhead_and_becomes_stop(opened):
    page = opened
    button(page, "Play").click()
    expect(button(page, "Stop")).to_be_visible()
    assert page.evaluate("globalThis[Symbol.for('latentpalette.audio')].state") == "running"
    head = page.locator(".lp-playing .lp-playhead")
    expect(head).to_be_visible()
    first = head.get_attribute("style")
    expect(head).not_to_have_attribute("style", first)
    button(page, "Stop").click()
    expect(button(page, "Play")).to_be_visible()
    expect(head).to_be_hidden()


def test_undo_takes_back_a_mute_and_a_lock_one_by_one(opened):
    page = opened
    mute, lock = button(page, "Mute snare"), button(page, "Lock kick")
    for control in (mute, lock):
        control.click()
        expect(control).to_have_attribute("aria-pressed", "true")
    button(page, "Undo").click()
    expect(lock).to_have_attribute("aria-pressed", "false")
    expect(mute).to_have_attribute("aria-pressed", "true")
    button(page, "Undo").click()
    expect(mute).to_have_attribute("aria-pressed", "false")
    expect(button(page, "Undo")).to_be_disabled()


def test_what_plays_reaches_the_loudspeakers(opened):
    audio_probe.attach(opened)
    button(opened, "Play").click()
    audio_probe.wait_for_sound(opened)


def test_a_click_on_a_cell_selects_and_announces_it(opened):
    page = opened
    drag_over_board(page, (0.9, 0.1))
    expect(page.get_by_role("status")).to_contain_text("Row 1, column 5 of 5. B 1.00")
    expect(page.get_by_role("heading", name="Selected: row 1, column 5")).to_be_visible()
    assert downloaded(page, "Cell as MIDI")[0] == "r01_c05.mid"


def test_dragging_changes_what_plays_and_what_is_exported(opened, palette):
    page = opened
    button(page, "Play").click()
    drag_over_board(page, (0.1, 0.1), (0.5, 0.5), (0.7, 0.3))
    expect(page.get_by_role("heading", name="Playing: row 2, column 4")).to_be_visible()
    _, midi = downloaded(page, "Cell as MIDI")
    assert steps_of(midi) == [(note.step, note.pitch) for note in palette.notes(1, 3).notes]


def test_a_drawn_path_plays_itself_and_is_exported_as_it_plays(opened, palette):
    page = opened
    button(page, "Draw").click()
    drag_over_board(page, (0.1, 0.1), (0.9, 0.1), (0.9, 0.5))
    expect(page.locator(".lp-status")).to_contain_text("path: 7 cells, 14 bars, 0:28")
    page.get_by_label("Bars a cell of the path lasts").select_option("1")
    page.get_by_label("Tempo in quarter notes per minute").fill("240")
    page.get_by_label("Tempo in quarter notes per minute").press("Enter")
    button(page, "Mute snare").click()
    expect(button(page, "Stop")).to_be_visible()
    expect(page.get_by_role("heading", name="Playing: row 1, column 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Playing: row 1, column 3")).to_be_visible()
    name, midi = downloaded(page, "Path as MIDI")
    palette.path = [(0, 0), (0, 4), (2, 4)]
    palette.bars_per_cell, palette.qpm, palette.mutes = 1, 240, [False, True, *[False] * 7]
    assert name == "path.mid"
    score = pretty_midi.PrettyMIDI(io.BytesIO(midi))
    hits = sorted((round(note.start * 16), note.pitch) for part in score.instruments for note in part.notes)
    assert hits == [(note.step, note.pitch) for note in palette.path.notes.notes]
    _, sound = downloaded(page, "Path as WAV")
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() / file.getframerate() >= palette.path.seconds


def test_a_change_that_waits_for_the_loop_s_end_shows_what_sounds_and_says_what_comes(opened):
    page = opened
    page.get_by_label("Tempo in quarter notes per minute").fill("400")
    button(page, "Set up").click()
    page.get_by_label("Change at").select_option("loop")
    page.keyboard.press("Escape")
    drag_over_board(page, (0.1, 0.1))
    button(page, "Play").click()
    expect(page.get_by_role("heading", name="Playing: row 1, column 1")).to_be_visible()
    drag_over_board(page, (0.9, 0.9))
    expect(page.locator(".lp-next")).to_have_text("next: row 5, column 5")
    expect(page.get_by_role("heading", name="Playing: row 5, column 5")).to_be_visible()
    expect(page.locator(".lp-next")).to_be_hidden()


def test_a_tempo_out_of_range_comes_back_into_it_and_says_so(opened):
    page = opened
    tempo = page.get_by_label("Tempo in quarter notes per minute")
    tempo.fill("500")
    tempo.press("Enter")
    expect(tempo).to_have_value("400")
    expect(page.locator(".lp-news")).to_have_text("qpm is 20 to 400: 400 instead of 500")
    page.locator(".lp-board").press("ArrowLeft")
    expect(page.locator(".lp-news")).to_have_text("")


def test_the_whole_grid_is_exported(opened):
    name, data = downloaded(opened, "Board as MIDI")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert name == "palette_5x5.zip"
    assert (len(names), names[0], names[-1]) == (25, "r01_c01.mid", "r05_c05.mid")


def test_arrow_keys_move_by_a_cell_space_plays_and_only_while_focused(opened):
    page = opened
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    page.locator(".lp-board").focus()
    for key in ("ArrowRight", "ArrowUp", "End"):
        page.keyboard.press(key)
    expect(page.get_by_role("status")).to_contain_text("Row 2, column 5")
    page.keyboard.press("Space")
    expect(button(page, "Stop")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()


def test_keys_do_not_reach_the_notebook_around(opened):
    page = opened
    page.evaluate("() => { globalThis.leaked = []; document.addEventListener('keydown', (e) => leaked.push(e.key)); }")
    page.locator(".lp-board").focus()
    for key in ("b", "ArrowLeft", "Space", "Control+z", "Control+s"):
        page.keyboard.press(key)
    assert page.evaluate("leaked") == ["Control", "Control", "s"]


def test_painting_a_corner_sounds_is_undone_and_needs_python_only_for_blends(opened):
    page = opened
    button(page, "Corner D").click()
    cell = page.get_by_role("gridcell", name="crash, step 5, off")
    cell.click()
    expect(page.get_by_role("gridcell", name="crash, step 5, on")).to_be_visible()
    expect(page.get_by_text("This page has no Python behind it")).to_be_visible()
    drag_over_board(page, (0.95, 0.95))
    _, midi = downloaded(page, "Cell as MIDI")
    assert (4, 49) in steps_of(midi)
    button(page, "Undo").click()
    _, midi = downloaded(page, "Cell as MIDI")
    assert (4, 49) not in steps_of(midi)


def test_on_a_phone_one_bar_is_edited_at_a_time_with_steps_as_wide_as_a_finger_hits(new_page, palette, tmp_path):
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 820})
    page.goto(palette.to_html(tmp_path / "beats.html").as_uri())
    button(page, "Corner A").tap()
    cells = page.get_by_role("gridcell", name="ride, step")
    expect(cells).to_have_count(16)
    assert cells.first.bounding_box()["width"] >= 16
    button(page, "bar 1 of 2: turn to the next").tap()
    page.get_by_role("gridcell", name="ride, step 17, off").tap()
    expect(page.get_by_role("gridcell", name="ride, step 17, on")).to_be_visible()
    expect(page.get_by_role("heading", name="Corner A")).to_be_attached()


def test_dragging_the_brush_paints_a_row_and_undo_takes_it_back_at_once(opened):
    page = opened
    button(page, "Corner A").click()
    first = page.get_by_role("gridcell", name="ride, step 1,").bounding_box()
    last = page.get_by_role("gridcell", name="ride, step 9,").bounding_box()
    page.mouse.move(first["x"] + 3, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + 3, last["y"] + 5)
    page.mouse.up()
    on = page.locator("[aria-label^='ride, step'][aria-selected=true]")
    expect(on).to_have_count(9)
    button(page, "Undo").click()
    expect(on).to_have_count(0)


def test_the_step_grid_is_played_from_the_keyboard(opened):
    page = opened
    button(page, "Corner A").click()
    page.get_by_role("gridcell", name="ride, step 1,").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("gridcell", name="crash, step 2, on")).to_be_focused()


def test_a_locked_lane_stays_while_the_puck_moves(opened):
    page = opened
    drag_over_board(page, (0.05, 0.05))
    button(page, "Lock kick").click()
    drag_over_board(page, (0.95, 0.95))
    _, midi = downloaded(page, "Cell as MIDI")
    assert [step for step, pitch in steps_of(midi) if pitch == 36] == list(range(0, 32, 4))


def test_a_preset_changes_the_corner_that_is_edited(opened):
    page = opened
    button(page, "Corner B").click()
    page.get_by_label("Preset").select_option("Bossa")
    expect(button(page, "Corner B")).to_have_text("BBossa")


def test_the_page_never_throws(opened):
    page = opened
    for name in ("Set up", "Keep"):
        button(page, name).click()
        page.keyboard.press("Escape")
        expect(button(page, name)).to_be_focused()
    for name in ("MIDI out", "Keys and help"):
        button(page, "Set up").click()
        setup = page.get_by_role("dialog", name="Set up")
        setup.get_by_role("button", name=name).click()
        expect(button(page, f"{name}: back to Set up")).to_be_focused()
        page.keyboard.press("Escape")
        expect(setup.get_by_role("button", name=name)).to_be_focused()
        page.keyboard.press("Escape")
    assert page.errors == []


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(21, 23, 28)")])
def test_it_follows_the_theme_of_the_system(new_page, palette, tmp_path, scheme, paper):
    page = new_page(color_scheme=scheme)
    page.goto(palette.to_html(tmp_path / "beats.html").as_uri())
    assert page.locator(".lp-root").evaluate("(root) => getComputedStyle(root).backgroundColor") == paper
