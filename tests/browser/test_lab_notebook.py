"""The first notebook in a real JupyterLab: run, play, drag, draw, edit, undo, export; the network refused."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pretty_midi
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import audio_probe, chromium
from tests.browser.jupyterlab import Lab, Notebook
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.timeout(600)  # the first test waits for JupyterLab and for the whole notebook

NOTEBOOK = REPOSITORY / "notebooks" / "01_first_palette.ipynb"
HITS = "[[note.step, note.pitch, note.velocity] for note in {}.notes]"


@dataclass
class PaletteView:
    """The palette in the notebook, as a person at the screen has it."""

    page: Page
    notebook: Notebook

    def button(self, name: str) -> Locator:
        return self.page.locator(".lp-root").get_by_role("button", name=name, exact=True)

    def heading(self, text: str) -> Locator:
        return self.page.locator(".lp-root").get_by_role("heading", name=text)

    @property
    def spoken(self) -> Locator:
        """The region that a screen reader reads."""
        return self.page.locator(".lp-root").get_by_role("status")

    @property
    def line(self) -> Locator:
        """The status line under the board."""
        return self.page.locator(".lp-status")

    def drag(self, *places: tuple[float, float]) -> None:
        """Press at the first place (0 to 1 across the board), move through the others, release."""
        board = self.page.locator(".lp-board")
        board.scroll_into_view_if_needed()
        box = board.bounding_box()
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point, steps=12)
        self.page.mouse.up()

    def export(self, item: str) -> bytes:
        self.button("Keep").click()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("menuitem", name=item, exact=True).click()
        return waiting.value.path().read_bytes()

    def hits_in_python(self, what: str) -> list[list[int]]:
        return self.notebook.value(HITS.format(what))


def hits_of(midi: bytes, qpm: float) -> list[list[int]]:
    """The hits of a MIDI file: step, pitch, velocity."""
    score = pretty_midi.PrettyMIDI(io.BytesIO(midi))
    steps_per_second = qpm / 60 * 4
    notes = [note for part in score.instruments for note in part.notes]
    return sorted([round(note.start * steps_per_second), note.pitch, note.velocity] for note in notes)


@pytest.fixture(scope="module")
def run_once(browser: Browser, lab_server: Lab) -> Iterator[PaletteView]:
    """The notebook, run from top to bottom, once for all tests here."""
    with chromium.guarded_page(browser, viewport={"width": 1400, "height": 1000}) as page:
        audio_probe.attach(page)
        notebook = lab_server.open(NOTEBOOK, page)
        notebook.run_all()
        notebook.scroll_to("lp.Palette(")
        expect(page.locator(".lp-board")).to_be_visible()
        yield PaletteView(page, notebook)
        notebook.shut_down()


@pytest.fixture
def palette_view(run_once: PaletteView) -> PaletteView:
    """The palette in view, stopped, its path gone, the puck in the middle, the tool for dragging at hand."""
    run_once.notebook.value("palette.set_trait('points', [])")
    if run_once.button("Stop").is_visible():
        run_once.button("Stop").click()
    run_once.button("Drag").click()
    run_once.drag((0.5, 0.5))
    expect(run_once.spoken).to_contain_text("Row 6, column 6")
    return run_once


def test_play_sounds_and_stop_is_silent(palette_view):
    palette_view.button("Play").click()
    audio_probe.wait_for_sound(palette_view.page)
    palette_view.button("Stop").click()
    audio_probe.wait_for_silence(palette_view.page)


def test_the_puck_that_is_dragged_is_where_python_has_it(palette_view):
    palette_view.drag((0.5, 0.5), (0.3, 0.6), (0.14, 0.86))
    expect(palette_view.spoken).to_contain_text("Row 10, column 2")
    palette_view.notebook.wait_for_value("[palette.selected.row, palette.selected.col]", [9, 1])


def test_the_cell_that_is_exported_is_the_one_that_python_has(palette_view):
    palette_view.drag((0.5, 0.5), (0.77, 0.32))
    palette_view.notebook.wait_for_value("[palette.selected.row, palette.selected.col]", [3, 8])
    midi = palette_view.export("Cell as MIDI")
    assert hits_of(midi, palette_view.notebook.value("palette.qpm")) == palette_view.hits_in_python(
        "palette.selected.notes"
    )


def test_a_path_that_is_drawn_plays_itself_and_is_exported_as_it_plays(palette_view):
    palette_view.button("Draw").click()
    palette_view.drag((0.05, 0.95), (0.05, 0.5), (0.5, 0.5))
    expect(palette_view.heading("Playing: row 11, column 1")).to_be_visible()
    audio_probe.wait_for_sound(palette_view.page)
    expect(palette_view.heading("Playing: row 10, column 1")).to_be_visible()
    expect(palette_view.line).to_contain_text("path: 11 cells")
    cells = [*([row, 0] for row in range(10, 4, -1)), *([5, col] for col in range(1, 6))]
    palette_view.notebook.wait_for_value("palette.path.cells", cells)

    midi = palette_view.export("Path as MIDI")
    hits = palette_view.hits_in_python("palette.path.notes")
    qpm = palette_view.notebook.value("palette.qpm")
    assert hits
    assert hits_of(midi, qpm) == hits

    with wave.open(io.BytesIO(palette_view.export("Path as WAV"))) as file:
        seconds = file.getnframes() / file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float) / 32768
    assert seconds >= palette_view.notebook.value("palette.path.seconds")
    assert np.sqrt(np.mean(samples**2)) > 0.01


def test_an_edited_corner_is_decoded_anew_and_undo_brings_back_what_was(palette_view):
    grid = "[palette.corner_clips, palette.cells.hex()]"
    crashes = "[note[0] for note in palette.corner_clips[0]['notes'] if note[1] == 49]"
    before = palette_view.notebook.value(grid)
    steps = palette_view.notebook.value(crashes)
    palette_view.button("Corner A").click()
    for step in (3, 7, 11, 15):
        palette_view.page.get_by_role("gridcell", name=f"crash, step {step},").click()
    palette_view.notebook.wait_for_value(crashes, sorted({*steps} ^ {2, 6, 10, 14}))
    palette_view.notebook.wait_for_value(f"palette.cells.hex() == {before[1]!r}", False)

    for _ in range(4):
        palette_view.button("Undo").click()
    palette_view.notebook.wait_for_value(grid, before)


def test_while_the_kernel_is_busy_the_music_plays_and_the_puck_moves(palette_view):
    palette_view.button("Play").click()
    busy = palette_view.notebook.start_cell("import threading; threading.Event().wait()")
    try:
        expect(palette_view.page.locator(".jp-Notebook .jp-InputPrompt", has_text="[*]")).to_have_count(1)
        palette_view.notebook.scroll_to("lp.Palette(")
        palette_view.drag((0.5, 0.5), (0.95, 0.05))
        expect(palette_view.heading("Playing: row 1, column 11")).to_be_visible()
        head = palette_view.page.locator(".lp-playing .lp-playhead")
        expect(head).not_to_have_attribute("style", head.get_attribute("style"))
        audio_probe.wait_for_sound(palette_view.page)
        assert palette_view.notebook.is_running(busy)
    finally:
        palette_view.notebook.interrupt(busy)
    palette_view.notebook.wait_for_value("[palette.selected.row, palette.selected.col]", [0, 10])


def test_keys_pressed_in_the_palette_do_not_reach_the_notebook(palette_view):
    cells = palette_view.page.locator(".jp-Notebook .jp-Cell").count()
    palette_view.page.locator(".lp-board").focus()
    for key in ("b", "a", "ArrowRight", "x"):
        palette_view.page.keyboard.press(key)
    expect(palette_view.spoken).to_contain_text("Row 6, column 7")
    assert palette_view.page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_nothing_outside_this_machine_was_asked_for_and_no_script_broke(run_once):
    assert run_once.page.outside == []
    assert run_once.page.errors == []


def test_saved_and_opened_again_every_widget_is_there(run_once):
    run_once.notebook.save()
    again = run_once.notebook.close_and_open()
    again.scroll_to("lp.Palette(")
    expect(run_once.page.locator(".lp-board")).to_be_visible()
    expect(run_once.page.get_by_text("model not found")).to_have_count(0)
    assert run_once.page.locator(".lp-rolls").count() >= 3
