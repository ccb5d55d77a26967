"""The palette with Python behind it, in a page without Jupyter: a busy kernel, errors, samples, MIDI files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.browser.live_page import LivePalette
from tests.browser.test_palette_page import downloaded, steps_of
from tests.widgets.fakes import Clicks, CrossFade


@pytest.fixture
def live(monkeypatch, page: Page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palette = Palette(CrossFade(), ["Four on the floor", "Boom bap", "Samba", "Trap"], size=5)
    return LivePalette(page, palette, tmp_path)


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def formatted_blend(page: Page) -> str:
    """The weights of the corners, as the status line has them."""
    return page.locator(".lp-blend").inner_text()


def click_board(page: Page, x: float, y: float) -> None:
    box = page.locator(".lp-board").bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def wait_until_decoded(live: LivePalette) -> None:
    # An edit is drawn a frame after it is made; until then the line still shows the grid before.
    live.page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(live.page.locator(".lp-decoded[title*='decoded in']")).to_be_attached()


def test_a_preset_is_decoded_and_python_has_it(live, page):
    before = live.palette.cells
    button(page, "Corner A").click()
    page.get_by_label("Preset").select_option("Bossa")
    wait_until_decoded(live)
    assert live.palette.labels[0] == "Bossa"
    assert live.palette.cells != before


def test_between_the_cells_the_page_plays_what_python_says(live, page):
    button(page, "Set up").click()
    switch = page.get_by_role("switch", name="Between the cells")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    cell = formatted_blend(page)
    click_board(page, 0.4, 0.63)
    expect(page.locator(".lp-blend")).not_to_have_text(cell)
    assert live.palette.between_cells
    weights = sorted((f"{weight:.2f}".removeprefix("0") for weight in live.palette.selected.weights), reverse=True)
    expect(page.locator(".lp-blend")).to_contain_text(f" {weights[0]} ·")
    expected = sorted((note.step, note.pitch) for note in live.palette.selected.notes.notes)
    assert steps_of(downloaded(page, "Cell as MIDI")[1]) == expected


def test_the_puck_and_a_path_are_python_s_too(live, page):
    click_board(page, 0.9, 0.5)
    expect(page.get_by_role("status")).to_contain_text("Row 3, column 5")
    assert (live.palette.selected.row, live.palette.selected.col) == (2, 4)
    button(page, "Draw").click()
    box = page.locator(".lp-board").bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.9 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.9 * box["height"], steps=6)
    page.mouse.up()
    expect(page.locator(".lp-status")).to_contain_text("path: 5 cells")
    assert live.palette.path.cells == tuple((4, col) for col in range(5))


def test_while_the_kernel_is_busy_the_music_goes_on_and_the_grid_comes_late(live, page):
    button(page, "Play").click()
    live.busy = True
    button(page, "Corner A").click()
    page.get_by_label("Preset").select_option("Bossa")
    expect(page.locator(".lp-status")).to_contain_text("the kernel is busy, the music goes on")
    click_board(page, 0.5, 0.5)
    expect(page.get_by_role("heading", name="Playing: row 3, column 3")).to_be_visible()
    head = page.locator(".lp-playing .lp-playhead")
    expect(head).not_to_have_attribute("style", head.get_attribute("style"))
    live.respond()
    wait_until_decoded(live)


def test_edits_made_while_the_kernel_is_busy_do_not_queue_and_the_latest_is_decoded(live, page):
    live.busy = True
    button(page, "Corner A").click()
    page.get_by_label("Preset").select_option("Bossa")
    page.wait_for_function("model.requests === 1")
    for preset in ("Trap", "Half-time", "Breakbeat", "Samba"):
        page.get_by_label("Preset").select_option(preset)
    assert [request["message"]["name"] for request in live.waiting] == ["decode"]
    live.busy = False
    live.respond()
    wait_until_decoded(live)
    assert live.palette.labels[0] == "Samba"


def test_an_error_from_python_is_shown_in_words_and_can_be_put_away(live, page):
    live.palette.model.sample = None
    button(page, "Sample").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("TypeError")
    button(page, "Dismiss").click()
    expect(alert).to_be_hidden()


def test_an_error_goes_with_the_next_thing_that_works(live, page, tmp_path):
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"no music")
    page.get_by_label("MIDI file").set_input_files(broken)
    expect(page.get_by_role("alert")).to_contain_text("not a MIDI file")
    song = lp.NoteSequence.from_steps({"kick": range(0, 32, 4)}, steps=32).save(tmp_path / "good.mid")
    page.get_by_label("MIDI file").set_input_files(song)
    expect(button(page, "Corner A")).to_contain_text("good.mid")
    expect(page.get_by_role("alert")).to_be_hidden()


MIDI_ACCESS = """navigator.requestMIDIAccess = async () => ({
  inputs: new Map(), addEventListener() {}, removeEventListener() {}, onstatechange: null,
  outputs: new Map([["one", { id: "one", name: "Drum machine", state: "connected", send() {}, clear() {} }]]),
})"""


def test_midi_out_that_is_on_is_marked_on_the_bar(page, live):
    page.evaluate(MIDI_ACCESS)
    button(page, "Set up").click()
    expect(button(page, "Set up")).not_to_have_class("lp-marked")
    setup = page.get_by_role("dialog", name="Set up")
    setup.get_by_role("button", name="MIDI out").click()
    setup.get_by_role("radio", name="Drum machine").click()
    expect(setup.get_by_role("radio", name="Drum machine")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    expect(setup.get_by_role("button", name="MIDI out Drum machine")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lp-marked")).to_have_accessible_description("MIDI out: Drum machine")


def test_a_sample_uses_its_seed_and_the_next_press_another(live, page):
    button(page, "Corner C").click()
    page.get_by_label("Seed").fill("7")
    button(page, "Sample").click()
    expect(button(page, "Corner C")).to_contain_text("Sampled #7")
    expect(page.get_by_label("Seed")).to_have_value("8")
    wait_until_decoded(live)
    button(page, "Undo").click()
    expect(button(page, "Corner C")).to_contain_text("Samba")


def test_a_midi_file_offers_its_windows_and_says_what_it_left_out(live, page, tmp_path):
    song = lp.NoteSequence.from_steps({"kick": range(0, 64, 4), "snare": range(36, 64, 8)}, steps=64, qpm=93)
    file = song.save(tmp_path / "song <b>.mid")
    button(page, "Corner D").click()
    page.get_by_label("MIDI file").set_input_files(file)
    windows = page.get_by_label("Loops of song <b>.mid")
    expect(windows.locator("option").first).to_have_text("bars 1 and 2")
    windows.select_option("bars 3 and 4")
    expect(button(page, "Corner D")).to_contain_text("song <b>.mid bars 3 and 4")
    wait_until_decoded(live)
    expect(page.get_by_role("list", name="Not in this corner")).to_contain_text("loop 3 of 3")
    assert live.palette.corners[3].left_out == ("bars 3 and 4 are read, loop 3 of 3",)
    assert live.palette.qpm == 120
    button(page, "Play at 93").click()
    page.wait_for_function("() => model.get('qpm') !== 120")
    assert round(live.palette.qpm, 2) == 93
    button(page, "Corner A").click()
    expect(page.get_by_role("list", name="Not in this corner")).to_be_hidden()
    button(page, "Corner D").click()
    melody = lp.NoteSequence([lp.Note(60, 0, 4)], steps=32).save(tmp_path / "melody.mid")
    page.get_by_label("MIDI file").set_input_files(melody)
    expect(page.get_by_role("list", name="Left out")).to_contain_text("drums")


def test_a_midi_file_dropped_on_the_board_goes_to_the_corner_it_fell_on(live, page, tmp_path):
    song = lp.NoteSequence.from_steps({"kick": range(0, 32, 4)}, steps=32)
    data = list(song.save(tmp_path / "drop.mid").read_bytes())
    page.evaluate(
        """([bytes]) => {
          const board = document.querySelector(".lp-board");
          const box = board.getBoundingClientRect();
          const files = new DataTransfer();
          files.items.add(new File([Uint8Array.from(bytes)], "drop.mid"));
          const at = { clientX: box.left + 0.9 * box.width, clientY: box.top + 0.1 * box.height };
          board.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, ...at }));
        }""",
        [data],
    )
    expect(button(page, "Corner B")).to_contain_text("drop.mid")


def test_corners_set_from_python_are_shown_and_can_be_undone(live, page):
    live.palette.corners = ["Trap", "Trap", "Trap", "Trap"]
    live.send_traits("corner_clips", "labels", "size", "cells", "corner_z", "norm_percentiles", "decode_ms", "grid_id")
    expect(button(page, "Corner A")).to_contain_text("Trap")
    button(page, "Undo").click()
    expect(button(page, "Corner A")).to_contain_text("Four on the floor")
    page.wait_for_function("() => model.get('labels')[0] === 'Four on the floor'")
    assert live.palette.labels[0] == "Four on the floor"


def test_another_size_is_decoded_and_undone_without_decoding(live, page):
    grid = live.palette.grid
    button(page, "Set up").click()
    size = page.get_by_label("Cells along a side")
    size.fill("3")
    size.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("of 3")
    wait_until_decoded(live)
    button(page, "Undo").click()
    expect(page.get_by_role("status")).to_contain_text("of 5")
    assert (live.palette.model.encoded, live.palette.model.decoded) == (2, 2)
    assert live.palette.grid.shape[:2] == (5, 5)
    assert np.array_equal(live.palette.grid, grid)
    button(page, "Redo").click()
    expect(page.get_by_role("status")).to_contain_text("of 3")
    assert (live.palette.model.encoded, live.palette.model.decoded) == (2, 2)
    assert np.array_equal(live.palette.grid, grid[::2, ::2])


def test_two_views_show_one_palette_and_the_last_one_closed_stops_the_sound(live, page):
    page.evaluate("view()")
    button(page, "Play").first.click()
    expect(button(page, "Stop")).to_have_count(2)
    page.evaluate("views[0].close()")
    expect(button(page, "Stop")).to_have_count(1)
    assert page.evaluate("[...model.handlers.values()].flatMap((handlers) => [...handlers]).length") > 0
    page.evaluate("views[1].close()")
    assert page.evaluate("[...model.handlers.values()].flatMap((handlers) => [...handlers]).length") == 0
    assert page.evaluate("document.querySelectorAll('.lp-root').length") == 0
    assert page.errors == []


def test_play_set_from_python_waits_for_a_click_that_enables_sound(live, page):
    live.python_sets(playing=True)
    hint = button(page, "Click to enable sound")
    expect(hint).to_be_visible()
    hint.click()
    expect(hint).to_be_hidden()
    expect(page.get_by_role("heading", name="Playing: row 3, column 3")).to_be_visible()


def test_a_context_that_the_browser_suspends_asks_for_a_click(live, page):
    button(page, "Play").click()
    expect(button(page, "Click to enable sound")).to_be_hidden()
    page.evaluate("globalThis[Symbol.for('latentpalette.audio')].suspend()")
    hint = button(page, "Click to enable sound")
    expect(hint).to_be_visible()
    hint.click()
    expect(hint).to_be_hidden()


def test_the_theme_of_jupyterlab_is_followed_while_it_changes(live, page):
    root = page.locator(".lp-root")
    for light, paper in (("false", "rgb(21, 23, 28)"), ("true", "rgb(255, 255, 255)")):
        page.evaluate("(light) => (document.body.dataset.jpThemeLight = light)", light)
        expect(root).to_have_css("background-color", paper)


def test_the_board_is_drawn_sharp_and_in_the_corners_colors(live, page):
    pixels = page.evaluate(
        """() => {
          const canvas = document.querySelector(".lp-board canvas");
          const at = (x, y) => [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)];
          const last = canvas.width - 1;
          const corners = [at(0, 0), at(last, 0), at(0, last), at(last, last)];
          return { ratio: canvas.width / canvas.clientWidth, corners };
        }"""
    )
    assert pixels["ratio"] == page.evaluate("devicePixelRatio")
    blue, pink, green, yellow = pixels["corners"]
    assert (blue[2], pink[0], green[1], yellow[2]) == (max(blue), max(pink), max(green), min(yellow))
    assert len({json.dumps(corner) for corner in pixels["corners"]}) == 4
