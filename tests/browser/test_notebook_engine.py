"""A page of a real JupyterLab that decodes by itself: beside a kernel that works, and without one that was killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import latentpalette as lp
from tests.browser import audio_probe
from tests.browser.jupyterlab import Lab
from tests.browser.test_lost_kernel import PlayingPalette, playing_palette
from tests.browser.test_palette_page import button, downloaded, steps_of

pytestmark = pytest.mark.timeout(600)

CELLS = ("import latentpalette as lp\nmodel = lp.load('drums-2bar')", "palette = lp.Palette(model, size=5)\npalette")
# Resolves once the engine has its model, and instruments use it.
HAS_ENGINE = """async () => {
  for (;;) {
    const engines = [...(globalThis[Symbol.for("latentpalette.engines")]?.values() ?? [])];
    if (engines.length) return void (await Promise.all(engines.map(({ engine }) => engine)));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""
NOTES = "sorted([note.step, note.pitch] for note in palette.notes({row}, {col}).notes)"


@pytest.fixture
def playing(browser: Browser, lab_server: Lab, tmp_path) -> Iterator[PlayingPalette]:
    with playing_palette(browser, lab_server, CELLS, tmp_path / "engine.ipynb") as opened:
        opened.page.evaluate(HAS_ENGINE)
        yield opened


def wait_for_grid(page: Page) -> None:
    expect(page.locator(".lp-decoded")).to_have_text("5 × 5")


def notes_of_middle(page: Page) -> list[list[int]]:
    wait_for_grid(page)
    page.locator(".lp-board").click()
    return [list(hit) for hit in steps_of(downloaded(page, "Cell as MIDI")[1])]


def test_what_the_page_decodes_is_what_python_has(playing):
    page, notebook = playing.page, playing.notebook
    number = notebook.start_cell("import time\nfor _ in range(1200): time.sleep(0.05)")
    before = notes_of_middle(page)
    playing.edit(3)
    playing.edit(7)
    playing.edit(11)
    button(page, "Corner D").click()
    page.get_by_label("Preset").select_option("Samba")
    busy = notes_of_middle(page)
    assert notebook.is_running(number)
    assert busy != before
    notebook.interrupt(number)
    notebook.wait_for_value(NOTES.format(row=2, col=2), busy)
    assert page.errors == []


def test_a_palette_whose_kernel_was_killed_samples_and_edits(playing):
    page = playing.page
    before = notes_of_middle(page)
    playing.notebook.kill_kernel()
    expect(playing.alert).to_contain_text("This page goes on without it")

    button(page, "Corner C").click()
    page.get_by_label("Seed").fill("7")
    button(page, "Sample").click()
    expect(button(page, "Corner C")).to_contain_text("Sampled #7")
    sampled = notes_of_middle(page)
    assert sampled != before
    model = lp.load("drums-2bar")
    expected = lp.Palette(model, size=5)
    loop = model.sample(1, temperature=0.8, seed=7, best_of=8)[0]
    expected.corners = [*expected.corners[:2], loop, expected.corners[3]]
    assert sampled == sorted([note.step, note.pitch] for note in expected.notes(2, 2).notes)

    board = page.locator(".lp-board").bounding_box()
    page.locator(".lp-board").click(position={"x": board["width"] * 0.37, "y": board["height"] * 0.37})
    cell = page.locator(".lp-blend").inner_text()
    button(page, "Set up").click()
    page.get_by_role("switch", name="Between the cells").click()
    page.keyboard.press("Escape")
    expect(page.locator(".lp-blend")).not_to_have_text(cell)
    audio_probe.wait_for_sound(page)

    page.locator(".lp-board").click()
    button(page, "Undo").click()
    assert notes_of_middle(page) == before
    assert page.errors == []
