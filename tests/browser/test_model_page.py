"""A palette's page that carries its model, from disk and without a network: all that it does without Python."""

from __future__ import annotations

import io
import time
import wave

import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.music.presets import presets
from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.browser import audio_probe
from tests.browser.test_palette_page import button, downloaded, drag_over_board, steps_of
from tests.widgets.fakes import Clicks


@pytest.fixture(scope="module")
def palette():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "kit_of_streams", lambda streams: Clicks())
        return Palette(lp.load("drums-2bar"), size=5)


@pytest.fixture(scope="module")
def address(palette, tmp_path_factory):
    page = palette.to_html(tmp_path_factory.mktemp("pages") / "palette.html", model="full")
    assert page.stat().st_size < 10_000_000
    return page.as_uri()


def wait_for_grid(page: Page, size: int = 5) -> None:
    """Wait until all cells are those of the present corners."""
    expect(page.locator(".lp-status")).to_contain_text(f"{size} × {size}")
    expect(page.locator(".lp-status")).not_to_contain_text("decod")


def middle_of(page: Page) -> list[tuple[int, int]]:
    """The notes of the cell in the middle."""
    page.locator(".lp-board").click()
    return steps_of(downloaded(page, "Cell as MIDI")[1])


def test_a_page_samples_edits_reads_files_and_keeps_all_of_it_without_python(address, palette, page: Page, tmp_path):
    page.goto(address)
    button(page, "Corner C").click()
    page.get_by_label("Seed").fill("7")
    button(page, "Sample").click()
    expect(button(page, "Corner C")).to_contain_text("Sampled #7")
    wait_for_grid(page)

    button(page, "Corner D").click()
    song = lp.concatenate([presets()["Bossa"], presets()["Trap"]]).save(tmp_path / "song.mid")
    page.get_by_label("MIDI file").set_input_files(song)
    page.get_by_label("Loops of song.mid").select_option("bars 3 and 4")
    expect(button(page, "Corner D")).to_contain_text("song.mid bars 3 and 4")
    wait_for_grid(page)

    button(page, "Set up").click()
    size = page.get_by_label("Cells along a side")
    size.fill("7")
    size.press("Enter")
    page.keyboard.press("Escape")
    wait_for_grid(page, 7)

    palette.corners = [*palette.corners[:2], palette.model.sample(1, temperature=0.8, seed=7, best_of=8)[0], "Trap"]
    palette.size = 7
    assert middle_of(page) == sorted((note.step, note.pitch) for note in palette.notes(3, 3).notes)

    button(page, "Draw").click()
    drag_over_board(page, (0.1, 0.1), (0.9, 0.1))
    expect(page.locator(".lp-status")).to_contain_text("path: 7 cells")
    _, sound = downloaded(page, "Path as WAV")
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() / file.getframerate() >= 27

    page.reload()
    for corner, text in (("C", "Sampled #7"), ("D", "song.mid bars 3 and 4")):
        expect(button(page, f"Corner {corner}")).to_contain_text(text)
    wait_for_grid(page, 7)
    assert page.outside == page.errors == []


def test_a_link_opens_the_page_as_it_was_when_it_was_copied(address, page: Page, new_page):
    page.goto(address)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    button(page, "Corner A").click()
    page.get_by_label("Preset").select_option("Samba")
    button(page, "Mute snare").click()
    button(page, "Keep").click()
    page.get_by_role("menuitem", name="Copy a link", exact=True).click()
    expect(page.locator(".lp-news")).to_contain_text("Copied: a link")
    link = page.evaluate("window.copied")
    other = new_page()
    other.goto(link)
    expect(button(other, "Corner A")).to_contain_text("Samba")
    expect(button(other, "Mute snare")).to_have_attribute("aria-pressed", "true")
    wait_for_grid(other)
    assert "#" not in other.url
    damaged = new_page()
    damaged.goto(link[:-40])
    expect(damaged.get_by_role("alert")).to_contain_text("The link is damaged")


def drag_finger(page: Page, *places: tuple[float, float]) -> None:
    """Put a finger on the board at the first place (0 to 1), move it through the others, rest and lift it.

    Chromium takes the next tap for the end of a fling after a finger that is lifted while it moves.
    """
    box = page.locator(".lp-board").bounding_box()
    finger = page.context.new_cdp_session(page)
    points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in places]
    began = time.time()
    for count, point in enumerate([*points, points[-1]]):
        kind = "touchMove" if count else "touchStart"
        at = began + count / 20
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point], "timestamp": at})
    rested = began + len(points) / 20 + 1
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": [], "timestamp": rested})


def test_on_a_phone_a_finger_plays_drags_draws_samples_and_edits(address, new_page):
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 820})
    audio_probe.attach(page)
    page.goto(address)
    button(page, "Play").tap()
    audio_probe.wait_for_sound(page)
    drag_finger(page, (0.5, 0.5), (0.4, 0.3), (0.3, 0.1))
    expect(page.locator(".lp-playing")).to_contain_text("row 1, column 2")
    button(page, "Draw").tap()
    drag_finger(page, (0.1, 0.9), (0.3, 0.9), (0.5, 0.9), (0.7, 0.9), (0.9, 0.9))
    expect(page.locator(".lp-status")).to_contain_text("path: 5 cells")
    button(page, "Corner A").tap()
    page.get_by_label("Seed").fill("7")
    button(page, "Sample").tap()
    expect(button(page, "Corner A")).to_contain_text("Sampled #7")
    cell = page.get_by_role("gridcell", name="ride, step 2,")
    pressed = cell.get_attribute("aria-selected")
    cell.tap()
    expect(cell).to_have_attribute("aria-selected", "false" if pressed == "true" else "true")
    wait_for_grid(page)
    assert page.outside == page.errors == []
