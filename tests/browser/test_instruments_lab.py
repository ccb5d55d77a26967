"""Every instrument in a real JupyterLab: it fits beside the file browser, plays, and Python has what it plays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import audio_probe
from tests.browser.jupyterlab import notebook_of

INSTRUMENTS = {
    "Sampler": "lp.Sampler(lp.load('drums-2bar'), 6)",
    "Melody mixer": "lp.MelodyMixer('Lullaby', 'Reel', lp.load('melody-2bar'))",
    "Interpolation slider": "lp.InterpolationSlider('Lullaby', 'Reel', lp.load('melody-2bar'))",
    "Latent Loops": "lp.LatentLoops(lp.load('melody-2bar'), size=4)",
    "Groove panel": "lp.GroovePanel('Boom bap')",
}


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_fits_plays_and_keeps_what_was_changed_in_jupyterlab(lab, tmp_path, name):
    cell = f"import latentpalette as lp\ninstrument = {INSTRUMENTS[name]}\ninstrument"
    notebook = lab(notebook_of(tmp_path / "instrument.ipynb", cell))
    notebook.run_all()
    page = notebook.page
    region = page.get_by_role("region", name=name, exact=True)
    play = region.get_by_role("toolbar", name="Controls").get_by_role("button", name="Play", exact=True)
    expect(play).to_be_visible()
    box = region.bounding_box()
    assert box is not None
    assert box["height"] <= 600
    assert region.evaluate("element => element.scrollWidth <= element.clientWidth")
    audio_probe.attach(page)
    play.click()
    audio_probe.wait_for_sound(page)
    notebook.wait_for_value("instrument.playing", True)
    assert notebook.value("len(instrument.notes) > 0") is True
    tempo = region.get_by_label("Tempo in quarter notes per minute")
    tempo.fill("97")
    tempo.press("Enter")
    notebook.wait_for_value("instrument.qpm", 97)
    notebook.run_all()
    expect(region.get_by_text("What you had edited before is still here. Changed: 97 qpm.")).to_be_visible()
    region.get_by_role("button", name="Restore", exact=True).click()
    notebook.wait_for_value("instrument.qpm", 97)


def test_a_clip_goes_from_one_cell_to_another_and_the_notebook_keeps_its_own_keys(lab, tmp_path):
    cells = [
        "import latentpalette as lp\nsampler = lp.Sampler(lp.load('drums-2bar'), 4)\nsampler",
        "palette = lp.Palette(lp.load('drums-2bar'), size=3)\npalette",
    ]
    notebook = lab(notebook_of(tmp_path / "two.ipynb", *cells))
    notebook.run_all()
    page = notebook.page
    page.locator(".lp-tile-main").nth(2).click()
    page.keyboard.press("Control+c")
    page.get_by_role("button", name="Corner D", exact=True).click()
    page.keyboard.press("Control+v")
    notebook.wait_for_value("palette.corners[3].label == sampler.tiles[2].label", True)
    steps = "[(note.step, note.pitch) for note in {}.notes]"
    assert notebook.value(steps.format("palette.corners[3]")) == notebook.value(steps.format("sampler.tiles[2].notes"))
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(cells)
    editor = page.locator(".jp-Notebook .jp-CodeCell .cm-content").nth(1)
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("End")
    page.keyboard.press("Control+v")
    expect(editor).to_contain_text("palettepalette = lp.Palette")
