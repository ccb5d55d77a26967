"""The bar of every instrument stands in one row and ends within the instrument, however wide that is."""

from __future__ import annotations

import pytest

from latentpalette.widgets import instrument as module
from latentpalette.widgets.groove_panel import GroovePanel
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.latent_loops import LatentLoops
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from tests.browser.layout import bars_too_wide
from tests.widgets.fakes import Clicks, CrossFade, MelodyFade

INSTRUMENTS = {
    "palette": lambda: Palette(CrossFade(), size=3),
    "sampler": lambda: Sampler(CrossFade(), 4),
    "mixer": lambda: MelodyMixer("Lullaby", "Reel", MelodyFade(), n=3),
    "slider": lambda: InterpolationSlider("Lullaby", "Reel", MelodyFade()),
    "loops": lambda: LatentLoops(MelodyFade(), size=4),
    "groove": lambda: GroovePanel("Boom bap"),
}


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_bar_is_never_wider_than_its_instrument(monkeypatch, page, tmp_path, name):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    page.goto(INSTRUMENTS[name]().to_html(tmp_path / "page.html").as_uri())
    page.locator(".lp-bar").wait_for()
    assert bars_too_wide(page) == []
