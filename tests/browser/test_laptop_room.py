"""The place of an instrument in JupyterLab at 1,280 by 720, with its file browser open and two lines of code."""

from __future__ import annotations

import pytest

import latentpalette as lp
from tests.browser.live_page import LivePalette

WIDTH, HEIGHT = 820, 505  # [pixels]

INSTRUMENTS = {
    "palette of drums": lambda: lp.Palette(lp.load("drums-2bar"), size=3),
    "palette of long melodies": lambda: lp.Palette(lp.load("melody-16bar"), size=3),
    "palette of trios": lambda: lp.Palette(lp.load("trio-16bar"), size=3),
    "sampler of trios": lambda: lp.Sampler(lp.load("trio-16bar"), 6),
    "mixer of drums": lambda: lp.MelodyMixer(model=lp.load("drums-2bar")),
    "mixer of trios": lambda: lp.MelodyMixer(model=lp.load("trio-16bar"), n=3),
    "slider of drums": lambda: lp.InterpolationSlider(model=lp.load("drums-2bar")),
    "slider of trios": lambda: lp.InterpolationSlider(model=lp.load("trio-16bar")),
    "loops of long melodies": lambda: lp.LatentLoops(lp.load("melody-16bar"), size=4),
}


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_fits_below_a_cell_of_two_lines(new_page, tmp_path, name):
    page = new_page(viewport={"width": 1280, "height": 720})
    LivePalette(page, INSTRUMENTS[name](), tmp_path)
    page.add_style_tag(content=f"body {{ margin: 0; width: {WIDTH}px; }}")
    root = page.locator(".lp-root")
    assert root.bounding_box()["height"] <= HEIGHT
    assert root.evaluate("element => element.scrollWidth <= element.clientWidth")
