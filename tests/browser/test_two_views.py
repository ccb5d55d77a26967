"""One palette, and one roll, shown two and three times in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import audio_probe, chromium
from tests.browser.jupyterlab import Lab, Notebook, notebook_of

pytestmark = pytest.mark.timeout(600)

CELLS = (
    "import latentpalette as lp\nloop = lp.presets()['Bossa']",
    "palette = lp.Palette(lp.load('drums-2bar'), size=5)\npalette",
    "palette",
    "rolls = lp.show(lp.concatenate([loop] * 8))\nrolls",
    "rolls",
)
IN_CELL = """([command, cell]) => {
  window.jupyterapp.shell.currentWidget.content.activeCellIndex = cell;
  return window.jupyterapp.commands.execute(`notebook:${command}`);
}"""


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab_server: Lab, tmp_path_factory) -> Iterator[Notebook]:
    with chromium.guarded_page(browser, viewport={"width": 1300, "height": 3400}) as page:
        audio_probe.attach(page)
        path = notebook_of(tmp_path_factory.mktemp("views") / "views.ipynb", *CELLS)
        opened = lab_server.open(path, page)
        audio_probe.count_from_here(page)
        opened.run_all()
        yield opened
        opened.shut_down()


def test_views_of_a_palette_play_as_one_and_the_last_one_closed_stops_it(notebook):
    page = notebook.page
    boards, play, stop = (page.locator(f".lp-root {name}") for name in (".lp-board", ".lp-play", "[aria-label=Stop]"))
    expect(boards).to_have_count(2)
    play.first.click()
    audio_probe.wait_for_sound(page)
    audio_probe.wait_until_sounding(page, 1)
    expect(stop).to_have_count(2)
    notebook.wait_for_value("palette.playing", True)

    boards.nth(1).focus()
    page.keyboard.press("Space")
    audio_probe.wait_for_silence(page)
    audio_probe.wait_until_sounding(page, 0)
    expect(stop).to_have_count(0)
    notebook.wait_for_value("palette.playing", False)

    page.keyboard.press("Space")
    audio_probe.wait_until_sounding(page, 1)
    page.evaluate(IN_CELL, ["clear-cell-output", 1])  # the view that was the first
    expect(boards).to_have_count(1)
    audio_probe.wait_for_sound(page)
    audio_probe.wait_until_sounding(page, 1)

    cells = notebook.value("palette.cells.hex()")
    page.get_by_role("button", name="Corner A", exact=True).click()
    page.get_by_role("gridcell", name="crash, step 3,").first.click()
    notebook.wait_for_value(f"palette.cells.hex() == {cells!r}", False)
    expect(page.locator(".lp-decoded[title*='decoded in']")).to_be_attached()

    page.evaluate(IN_CELL, ["create-output-view", 2])
    expect(boards).to_have_count(2)
    expect(page.locator(".lp-tag", has_text="edited")).to_have_count(2)
    audio_probe.wait_until_sounding(page, 1)
    boards.nth(1).focus()
    page.keyboard.press("Space")
    audio_probe.wait_until_sounding(page, 0)
    page.keyboard.press("Space")
    audio_probe.wait_until_sounding(page, 1)
    page.get_by_role("tab", name="Output View").locator(".lm-TabBar-tabCloseIcon").click()
    expect(boards).to_have_count(1)
    audio_probe.wait_for_sound(page)
    audio_probe.wait_until_sounding(page, 1)

    page.evaluate(IN_CELL, ["clear-cell-output", 2])
    expect(boards).to_have_count(0)
    audio_probe.wait_for_silence(page)
    audio_probe.wait_until_sounding(page, 0)
    notebook.wait_for_value("palette.playing", False)
    assert page.errors == []


def test_views_of_a_roll_play_as_one_and_the_last_one_closed_stops_it(notebook):
    page = notebook.page
    buttons, playing = page.locator(".lp-rolls-play"), page.locator(".lp-is-playing")
    expect(buttons).to_have_count(2)
    buttons.first.click()
    expect(playing).to_have_count(2)
    audio_probe.wait_until_sounding(page, 1)
    buttons.nth(1).click()
    expect(playing).to_have_count(0)
    audio_probe.wait_until_sounding(page, 0)

    buttons.nth(1).click()
    expect(playing).to_have_count(2)
    audio_probe.wait_until_sounding(page, 1)
    page.evaluate(IN_CELL, ["clear-cell-output", 3])
    expect(playing).to_have_count(1)
    audio_probe.wait_until_sounding(page, 1)
    page.evaluate(IN_CELL, ["clear-cell-output", 4])
    expect(playing).to_have_count(0)
    audio_probe.wait_until_sounding(page, 0)
    assert page.errors == []
