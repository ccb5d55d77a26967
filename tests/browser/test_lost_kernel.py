"""A kernel that is killed or restarted while a palette plays, and cells that are run again, in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import audio_probe, chromium
from tests.browser.jupyterlab import Lab, Notebook, notebook_of

pytestmark = pytest.mark.timeout(600)

CELLS = (
    "import latentpalette as lp\nmodel = lp.load('drums-2bar')\nloop = lp.presets()['Bossa']",
    "palette = lp.Palette(model, size=5, decode_in_page=False)\npalette",
    "loop",
)
CRASHES = "sorted(step for step, pitch, *_ in palette.corner_clips[0]['notes'] if pitch == 49)"
HAS_CRASH = "any(note[:2] == [2, 49] for note in palette.corner_clips[0]['notes'])"
RESTART = "() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }"


@dataclass
class PlayingPalette:
    """A palette in a notebook, whose sound has begun."""

    page: Page
    notebook: Notebook

    @property
    def alert(self) -> Locator:
        return self.page.locator(".lp-root .lp-error")

    def edit(self, step: int) -> None:
        self.page.get_by_role("button", name="Corner A", exact=True).click()
        self.page.get_by_role("gridcell", name=f"crash, step {step},").last.click()


@contextmanager
def playing_palette(browser: Browser, lab_server: Lab, cells: Sequence[str], path: Path) -> Iterator[PlayingPalette]:
    with chromium.guarded_page(browser, viewport={"width": 1300, "height": 1800}) as page:
        audio_probe.attach(page)
        notebook = lab_server.open(notebook_of(path, *cells), page)
        notebook.run_all()
        page.locator(".lp-play").click()
        audio_probe.wait_for_sound(page)
        yield PlayingPalette(page, notebook)
        notebook.shut_down()


@pytest.fixture
def playing(browser: Browser, lab_server: Lab, tmp_path) -> Iterator[PlayingPalette]:
    with playing_palette(browser, lab_server, CELLS, tmp_path / "playing.ipynb") as opened:
        yield opened


def test_a_killed_kernel_leaves_the_music_and_the_edits(playing):
    page, notebook = playing.page, playing.notebook
    playing.edit(3)
    notebook.wait_for_value(HAS_CRASH, 1)
    crashes = notebook.value(CRASHES)

    notebook.kill_kernel()
    expect(playing.alert).to_contain_text("run the cell again")
    audio_probe.wait_for_sound(page)

    playing.edit(7)
    expect(page.locator(".lp-decoded")).to_contain_text("blends as before")
    expect(page.locator(".lp-decoded")).not_to_contain_text("decoding")
    audio_probe.wait_for_sound(page)

    notebook.wait_until_idle()
    notebook.run_all()
    page.get_by_role("button", name="Restore", exact=True).click()
    notebook.wait_for_value(CRASHES, sorted([*crashes, 6]))
    expect(page.locator(".lp-decoded[title*='decoded in']")).to_be_attached()


def test_a_restarted_kernel_leaves_the_music_and_the_roll(playing):
    page, notebook = playing.page, playing.notebook
    page.evaluate(RESTART)
    expect(playing.alert).to_contain_text("run the cell again")
    audio_probe.wait_for_sound(page)
    expect(page.get_by_role("button", name="Sample", exact=True)).to_be_disabled()
    page.locator(".lp-rolls-play").click()
    expect(page.locator(".lp-is-playing")).to_have_count(1)
    expect(page.locator(".lp-rolls-problem")).to_be_hidden()
    notebook.wait_until_idle()
    assert page.errors == []


def test_keys_of_the_notebook_work_after_a_click_in_the_palette_or_in_a_roll(playing):
    page, notebook = playing.page, playing.notebook
    board = page.locator(".lp-board")
    board.click()
    page.keyboard.press("b")
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)
    notebook.add_cell("changed = 1")
    assert notebook.is_unsaved()
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")

    page.locator(".lp-rolls-play").click()
    page.keyboard.press("b")
    page.keyboard.press("Shift+Enter")  # runs the cell of the roll and selects the next
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 3")
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS) + 1


def test_a_cell_that_is_run_again_from_the_palette_offers_what_was_edited(playing):
    page, notebook = playing.page, playing.notebook
    playing.edit(3)
    notebook.wait_for_value(HAS_CRASH, 1)
    edited = notebook.value("palette.corner_clips")
    page.keyboard.press("Control+Enter")
    offer = page.get_by_text("What you had edited before is still here.")
    expect(offer).to_be_visible()
    expect(page.locator(".lp-board")).to_have_count(1)
    notebook.wait_until_idle()
    assert notebook.value("palette.corner_clips") != edited
    page.get_by_role("button", name="Restore", exact=True).click()
    notebook.wait_for_value("palette.corner_clips", edited)
    page.get_by_role("button", name="Undo", exact=True).click()
    notebook.wait_for_value(HAS_CRASH, 0)
