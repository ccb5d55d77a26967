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
def test_an_instrument_fits_and_plays_in_jupyterlab(lab, tmp_path, name):
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
